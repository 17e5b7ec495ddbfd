from __future__ import annotations

import json
import re
import shlex
import sys
from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from mlroles.cli.registry import COMMANDS
from mlroles.dataset.dimensions import TABLES
from mlroles.queries.answer import source_ids
from mlroles.questions import QUESTIONS, SHOW, key_meanings
from tests.conftest import (
    TINY,
    assert_refused,
    cases,
    changed,
    process,
    prose,
    refused,
    rows,
    run,
)
from tests.test_docs import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from mlroles.questions import Column

pytestmark = pytest.mark.compat

# A command line that asks each question, which is its name if nothing else is needed,
# and more of those whose answers have several forms.
LINES = {name: [name] for name in QUESTIONS} | {
    "salary": [
        "salary",
        "salary --country germany --currency USD",
        "salary ds --location texas",
        "salary --currency EUR",
    ],
    "salary --location": ["salary ds texas california"],
    "salary --by": ["salary --by experience"],
    "compare": ["compare", "compare --currency EUR"],
    "compare --market": [f"compare --market --data {TINY}"],
    "locations": [
        "locations",
        "locations --level country",
        "locations ds --level state",
        "locations --currency EUR",
    ],
    "employers": ["employers", "employers --by title", "employers --location 41860"],
    "offer": [
        "offer 150k", "offer 150k ds --location austin", "offer 150k --currency EUR",
    ],
    "offer --location": ["offer 150k ds texas california"],
    "relocate": ["relocate 150k --from austin"],
}  # fmt: skip
ANSWERS = {line: QUESTIONS[name] for name, lines in LINES.items() for line in lines}


def assert_keys(row: dict[str, Any], columns: Sequence[Column], *more: str) -> None:
    """Compare the keys of an object, and of the objects in it, with its columns."""
    keys = [column.key for column in columns]
    assert list(row) in (keys, [*keys, *more])
    for column in columns:
        value = row[column.key]
        assert value is not None or column.null, column.key
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                assert_keys(each, column.columns, *more)


@pytest.mark.parametrize("command", ANSWERS)
def test_json_has_exactly_the_declared_keys(command: str) -> None:
    answer, question = rows(*command.split()), ANSWERS[command]
    assert isinstance(answer, dict) == question.is_object
    converts = "--currency" in command and "USD" not in command
    more = ("exchange_rate", "rate_year") if converts else ()
    for row in answer if isinstance(answer, list) else [answer]:
        assert_keys(row, question.columns, *more)
        assert set(more) <= row.keys()


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_column_is_described(name: str) -> None:
    for column in QUESTIONS[name].columns:
        assert column.description
        # Types only: meanings are a resource for agents.
        assert column.schema().keys() == {"type"}
        assert ("null" in column.schema()["type"]) == column.null
        assert not column.null or "null" in column.description.casefold()


@pytest.mark.parametrize("name", QUESTIONS)
def test_rows_can_be_sorted_by_columns_only(name: str) -> None:
    question = QUESTIONS[name]
    assert set(question.sorts.values()) <= set(question.keys)


def test_show_contains_the_answers_of_the_other_commands() -> None:
    page = rows("show", "mle")
    for command in ("describe", "duties", "salary", "faq", "outlook"):
        assert page[command] == rows(command, "mle")
    assert page["compare"] == rows("compare")
    assert page["locations"] == rows("locations", "mle", "--limit", "3")
    assert page["skills"] == rows("skills", "mle", "--limit", "10")
    assert not {"employers", "industries"} & page.keys()


@pytest.mark.parametrize("command", [name for name in ANSWERS if name != "sources"])
def test_every_source_of_an_answer_is_one_of_the_sources(command: str) -> None:
    answer = rows(*command.split())
    ids = source_ids(answer)
    # Of two data sets, one answer has the sources of both.
    known = [*rows("sources"), *(rows("sources", "--data", str(TINY)))]
    assert set(ids) <= {row["id"] for row in known}
    assert bool(ids) == (command not in {"describe", "duties", "faq", "roles"})


ERRORS = cases("cli/errors.tsv")


@pytest.mark.parametrize(("line", "message"), ERRORS, ids=[row[0] for row in ERRORS])
def test_invalid_requests_are_reported_in_one_line(
    line: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(line, message)
    # No file is written.
    assert list(tmp_path.iterdir()) == []


def test_flags_may_be_repeated() -> None:
    assert rows("compare", "--all", "--all") == rows("compare", "--all")


def test_unknown_format_in_the_environment_names_the_variable() -> None:
    result = run("salary", env={"MLROLES_FORMAT": "jsn"})
    assert result.exit_code == 2
    assert result.stderr.startswith("error: MLROLES_FORMAT: unknown format 'jsn'. ")


def test_introduction_shows_three_examples_that_work() -> None:
    result = run()
    assert (result.exit_code, result.stderr) == (0, "")
    examples = [
        line[:37].split()
        for line in result.stdout.splitlines()
        if line.startswith("  ")
    ]
    assert len(examples) == 3
    for program, *arguments in examples:
        assert program == "mlroles"
        assert run(*arguments).exit_code == 0


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_has_help(option: str) -> None:
    listed = run(option)
    assert listed.exit_code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in listed.stdout
        assert run(command, option).exit_code == 0


def test_help_groups_the_commands_under_headings() -> None:
    lines = run("--help").stdout.splitlines()
    headings = [line for line in lines if re.fullmatch(r"\w+:", line)]
    assert headings == ["Options:", "Roles:", "Pay:", "Data:", "Agents:", "Help:"]
    pay = lines.index("Pay:")
    assert [line.split()[0] for line in lines[pay + 1 : pay + 7]] == [
        "salary",
        "compare",
        "locations",
        "employers",
        "industries",
        "offer",
    ]


def test_help_shows_defaults_and_environment_variables() -> None:
    text = prose("compare", "--help")
    assert "[default: year]" in text
    assert "[env var: MLROLES_FORMAT; default: table]" in text
    assert "[env var: MLROLES_DATA; " in text


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_the_terminal(command: str) -> None:
    text = run(*command.split(), "--help").stdout
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("topic", ["json", "exit-codes", "words"])
@pytest.mark.parametrize("width", [60, 80])
def test_help_topics_fit_the_terminal(
    topic: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = run("help", topic).stdout
    monkeypatch.setenv("COLUMNS", str(width))
    text = run("help", topic).stdout
    assert max(map(len, text.splitlines())) <= width
    assert text.split() == wide.split()


@pytest.mark.parametrize("width", [40, 80, 200])
def test_help_on_data_is_the_page_of_the_documentation(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    text = run("help", "data").stdout
    assert max(map(len, text.splitlines())) <= min(width, 100)
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    for heading in re.findall("^##+ (.*)$", page, re.MULTILINE):
        assert heading in " ".join(text.split())
    # Neither targets of links nor commands of cog.
    assert "](" not in text
    assert "[[[" not in text


def test_missing_pages_of_the_documentation_are_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mlroles.dataset.bundled.__file__", "/nowhere/a/b.py")
    result = run("help", "data")
    text = "error: cannot read docs/data.md: no such file or directory\n"
    assert (result.exit_code, result.stderr) == (1, text)


def test_help_on_json_has_every_key_with_its_meaning() -> None:
    text = prose("help", "json")
    for question in QUESTIONS.values():
        for column in question.columns:
            meaning = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", column.description)
            assert f"{column.key}: {' '.join(meaning.split())}" in text


def test_help_names_no_folder_of_the_source_code() -> None:
    for command in ("--help", "help", *(f"help {name}" for name in COMMANDS)):
        assert "docs/" not in run(*command.split()).stdout
    for topic in ("json", "words", "exit-codes"):
        assert "docs/" not in run("help", topic).stdout


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version(option: str) -> None:
    assert run(option) == (0, f"mlroles {mlroles.__version__}\n", "")


@pytest.mark.parametrize("by_option", [True, False], ids=["--data", "MLROLES_DATA"])
def test_another_data_set_changes_every_answer(
    by_option: bool,  # noqa: FBT001 - a parameter of the test
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = ["--data", str(TINY)] if by_option else []
    if not by_option:
        monkeypatch.setenv("MLROLES_DATA", str(TINY))
    # The other data set has no metro areas and no exchange rates.
    needs = ("--location", "--currency", "--from", "california", "--data")
    for command in ANSWERS:
        if any(option in command for option in needs):
            continue
        name, *arguments = command.replace(" ds", "").split()
        answer = str(rows(name, *arguments, *options)).lower()
        assert "machine" not in answer
    assert rows("compare", *options)[0]["average_salary"] == 41000


def test_data_set_is_read_from_standard_input() -> None:
    row = rows("salary", "--data", "-", input=TINY.read_bytes())
    assert row["average_salary"] == 41000


def test_options_override_environment_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MLROLES_DATA", "/nowhere")
    monkeypatch.setenv("MLROLES_FORMAT", "csv")
    assert rows("salary", "--data", str(TINY))["role"] == "gardener"
    assert run("faq", "--data", str(TINY)).stdout.startswith("question,answer\n")


@pytest.mark.parametrize("line", ["compare --chart", "faq --json", "faq -f md"])
def test_options_override_the_format_variable(line: str) -> None:
    assert run(*line.split(), env={"MLROLES_FORMAT": "csv"}) == run(*line.split())


def test_empty_environment_variables_are_ignored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = run("salary").stdout
    monkeypatch.setenv("MLROLES_DATA", "")
    monkeypatch.setenv("MLROLES_FORMAT", "")
    assert run("salary").stdout == usual


def test_validate_lists_every_error_with_its_location(
    tiny: Any, saved: Callable[[Any], str]
) -> None:
    tiny = changed(tiny, "roles", 0, "salary", "average", value=-5)
    tiny = changed(tiny, "roles", 1, "aliases", value=["Gardener"])
    tiny = changed(tiny, "roles", 2, "similar", value=["butcher"])
    path = saved(tiny)
    error = refused("validate", path, exit_code=1)
    assert error.splitlines() == [
        f"error: {path}: roles[0].salary.average: must be at least 1",
        f"error: {path}: roles[1].aliases[0]: duplicate name 'Gardener', also at "
        "roles[0].id",
        f"error: {path}: roles[2].similar[0]: unknown role 'butcher'",
    ]
    assert run("salary", "--data", path).stderr == error


def test_schema_is_a_json_schema_that_the_bundled_data_set_matches() -> None:
    schema = json.loads(run("schema").stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    optional = {"national", "tables", *TABLES}
    assert set(schema["properties"]) - set(schema["required"]) == optional
    assert set(mlroles.load().content) == {*schema["properties"]} - {*TABLES}
    assert set(schema["required"]) < set(mlroles.load().content)


EXAMPLES = [
    example
    for name, command in COMMANDS.items()
    for example in command.examples
    if name not in {"import", "validate", "mcp"}
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_in_the_help_work(
    example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Some write files.
    monkeypatch.chdir(tmp_path)
    assert run(*shlex.split(example.partition(" >")[0])).exit_code == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_help_ends_with_examples(command: str) -> None:
    lines = run("help", command).stdout.splitlines()
    assert lines == run(command, "--help").stdout.splitlines()
    examples = COMMANDS[command].examples
    assert [line.strip() for line in lines[-1 - len(examples) :]] == [
        "Examples:",
        *(f"mlroles {example}" for example in examples),
    ]


def test_mcp_without_the_sdk_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    assert run("mcp") == (
        1,
        "",
        "error: mcp requires the SDK of the Model Context Protocol. Install it with: "
        "pip install 'mcp>=2.1,<3'\n",
    )


def test_help_command_without_topic_is_the_main_help() -> None:
    assert run("help").stdout == run("--help").stdout


def test_help_json_lists_the_keys_of_every_command() -> None:
    text = prose("help", "json")
    assert (
        "--real adds the key prices; --currency adds exchange_rate and rate_year"
        in text
    )
    for question in QUESTIONS.values():
        kind = "object" if question.is_object else "list of objects"
        about = key_meanings()["answers"][question.name]["about"]
        words = [f"{question.name} ({kind})", *about.split(), *question.keys]
        assert " ".join(words) in text
        for column in question.columns if question is not SHOW else ():
            if column.columns:
                inner = " ".join(each.key for each in column.columns)
                assert f"{column.key} (list of objects): {inner}" in text


def test_help_exit_codes() -> None:
    text = run("help", "exit-codes").stdout
    assert "130  The command was interrupted." in text


def test_unknown_help_topics_are_reported() -> None:
    assert "unknown topic 'salry'. Did you mean 'salary'?" in refused("help", "salry")


def test_summaries_are_not_cut_off() -> None:
    lines = process("--help", env={"COLUMNS": "80"}).stdout.decode().splitlines()
    assert not any(line.startswith("  ") and line.endswith("...") for line in lines)


def test_summaries_are_imperatives() -> None:
    for command in COMMANDS.values():
        verb = (command.function.__doc__ or "").split()[0]
        assert verb in {
            "Answer", "Compare", "Describe", "Import", "List", "Print", "Rank", "Show",
            "Validate",
        }  # fmt: skip
