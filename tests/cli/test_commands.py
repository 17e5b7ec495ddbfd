from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from mlroles.cli.app import COMMANDS
from tests.conftest import TINY, process, rows, run, spoiled

if TYPE_CHECKING:
    from collections.abc import Callable

SALARY = (
    "role title average_salary currency period region reports updated source survey"
)
SURVEY = (
    "role title year country experience work_mode records mean p10 p25 median p75 p90 "
    "currency period source"
)
COMPARE = (
    "role title openings average_salary difference currency period region "
    "survey_median survey_records survey_year updated source survey_country "
    "survey_source survey_experience survey_work_mode openings_region "
    "openings_updated openings_source"
)
LOCATIONS = (
    "role title level place code state records employment p10 p25 median p75 p90 "
    "difference currency period updated source experience work_mode occupation"
)
OFFER = (
    "role title offer percentile records median difference year country experience "
    "work_mode currency period source"
)
SOURCES = "id title publisher url licence updated records method caveats"
KEYS = {
    "describe": "role title description collaborators skills applications",
    "duties": "role title duties",
    "salary": SALARY,
    "salary --by experience": SURVEY,
    "compare": COMPARE,
    "locations": LOCATIONS,
    "locations --level country": LOCATIONS,
    "locations ds --level state": LOCATIONS,
    "offer 150k": OFFER,
    "faq": "question answer",
    "roles": "role title aliases",
    "sources": SOURCES,
    "show": "describe duties salary compare faq",
}


@pytest.mark.parametrize(("command", "keys"), KEYS.items(), ids=list(KEYS))
def test_the_json_of_a_command_has_just_these_keys(command: str, keys: str) -> None:
    answer = rows(*command.split())
    for row in answer if isinstance(answer, list) else [answer]:
        assert list(row) == keys.split()


def test_the_survey_inside_of_salary_has_the_keys_of_a_survey_row() -> None:
    assert list(rows("salary")["survey"]) == SURVEY.split()


@pytest.mark.parametrize(
    ("function", "keys"),
    [
        (mlroles.salary, SALARY), (mlroles.salary_by, SURVEY),
        (mlroles.compare, COMPARE), (mlroles.locations, LOCATIONS),
        (mlroles.offer, OFFER), (mlroles.sources, SOURCES),
    ],
)  # fmt: skip
def test_a_function_says_which_keys_it_gives(
    function: Callable[..., Any], keys: str
) -> None:
    assert f"`{keys}`" in " ".join((function.__doc__ or "").split())


def test_show_holds_what_the_single_commands_give() -> None:
    page = rows("show", "mle")
    for command in ("describe", "duties", "salary", "faq"):
        assert page[command] == rows(command, "mle")
    assert page["compare"] == rows("compare")


def test_the_headline_salary() -> None:
    row = rows("salary")
    assert row["average_salary"] == 110673
    assert (row["currency"], row["period"], row["region"]) == ("USD", "year", "US")
    assert (row["reports"], row["updated"]) == (811, "2022-08-10")


def test_the_duties_are_five() -> None:
    assert len(rows("duties")["duties"]) == 5


def test_the_description_names_whom_and_what_it_must() -> None:
    row = rows("describe")
    assert row["collaborators"] == [
        "data scientists",
        "computer engineers",
        "developers",
    ]
    assert row["skills"] == ["data science", "statistics", "software engineering"]
    assert row["applications"] == [
        "social media",
        "online stores",
        "Internet of Things (IoT) products",
        "self-driving cars",
    ]


def test_the_faq_answers_both_questions() -> None:
    remote, better = rows("faq")
    assert "work from home" in remote["question"]
    assert "policy" in remote["answer"]
    assert "better than data science" in better["question"]


UNHAPPY = {
    "unknown role": (
        "salary|data sientist",
        "no role called 'data sientist'; did you mean 'data-scientist'? "
        "'mlroles roles' lists all",
    ),
    "unknown role, nothing near": (
        "salary|zzz",
        "no role called 'zzz'; 'mlroles roles' lists all",
    ),
    "empty role": ("salary|", "no role called ''; 'mlroles roles' lists all"),
    "ambiguous role": (
        "duties|data",
        "'data' could be data-scientist, data-engineer, data-analyst, "
        "data-architect; write more of it, or the id",
    ),
    "unknown role among several": (
        "compare|de|nobody",
        "no role called 'nobody'; 'mlroles roles' lists all",
    ),
    "unknown sort column": (
        "compare|--sort|opening",
        "no column to sort by called 'opening'; did you mean 'openings'? "
        "there are salary, title, openings, difference, median, records",
    ),
    "unknown place column": (
        "locations|--sort|x",
        "no column to sort by called 'x'; there are difference, employment, p10, "
        "p25, median, p75, p90, place, records",
    ),
    "zero limit": ("compare|--limit|0", "limit must be 1 or more, not 0"),
    "negative limit": ("compare|-n|-3", "limit must be 1 or more, not -3"),
    "unknown period": (
        "salary|--per|decade",
        "no pay period called 'decade'; there are year, month, week, hour",
    ),
    "unknown split": (
        "salary|--by|age",
        "no way to split pay called 'age'; there are year, country, experience, "
        "work-mode",
    ),
    "unknown experience": (
        "salary|--experience|senor",
        "no experience level called 'senor'; did you mean 'senior'? there are "
        "entry, mid, senior, executive",
    ),
    "unknown work mode": (
        "compare|--work-mode|moon",
        "no work mode called 'moon'; there are on-site, hybrid, remote",
    ),
    "unknown country": (
        "salary|--country|Germny|--data|" + str(TINY),
        "no country called 'Germny'; did you mean 'Germany'? there are DE, FR",
    ),
    "unknown level": (
        "locations|--level|galaxy",
        "no level called 'galaxy'; there are metro, state, country",
    ),
    "metro areas by year": (
        "locations|--level|metro|--year|2024",
        "pay by US metro area is not split by year, country, experience or work mode; "
        "leave these out, or ask for --level country",
    ),
    "no amount": (
        "offer|lots",
        "'lots' is not an amount; write it as 150000, 150,000, 150k or 72.50",
    ),
    "an offer of nothing": (
        "offer|0",
        "an offer is more than 0 and less than 10^12, not 0",
    ),
}


@pytest.mark.parametrize(("line", "message"), UNHAPPY.values(), ids=list(UNHAPPY))
@pytest.mark.parametrize("style", ["table", "json"])
def test_a_faulty_question_is_told_in_one_line(
    line: str, message: str, style: str
) -> None:
    result = run(*line.split("|"), "--format", style)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == f"mlroles: {message}\n"


def test_an_unknown_format_is_told_with_all_that_there_are() -> None:
    result = run("salary", "--format", "jsn")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(
        "mlroles: no format called 'jsn'; did you mean 'json'? there are table, json, "
        "jsonl, csv, tsv, markdown, "
    )
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("compare --limit many", "mlroles compare"),
        ("compare --bogus", "mlroles compare"),
        ("bogus", "mlroles"),
        ("--bogus", "mlroles"),
        ("validate", "mlroles validate"),
        ("salary --year soon", "mlroles salary"),
    ],
)
def test_a_fault_in_typers_words_is_one_line_and_names_the_help(
    line: str, command: str
) -> None:
    result = run(*line.split(), prog_name="mlroles")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("mlroles: ")
    assert result.stderr.endswith(f"; try '{command} --help'\n")
    assert result.stderr.count("\n") == 1


def test_alone_it_shows_three_examples_that_work() -> None:
    result = run()
    assert (result.exit_code, result.stderr) == (0, "")
    examples = [
        line[:37].split() for line in result.stdout.splitlines() if "  " in line
    ]
    assert len(examples) == 3
    for program, *arguments in examples:
        assert program == "mlroles"
        assert run(*arguments).exit_code == 0


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_has_help(option: str) -> None:
    listed = run(option)
    assert listed.exit_code == 0
    for command in KEYS:
        name = command.split()[0]
        assert f"\n  {name} " in listed.stdout
        assert run(name, option).exit_code == 0


def test_version() -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"mlroles {mlroles.__version__}\n")


@pytest.mark.parametrize("by_option", [True, False], ids=["--data", "MLROLES_DATA"])
def test_another_data_set_changes_every_answer(
    by_option: bool,  # noqa: FBT001 - a parameter of the test
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = ["--data", str(TINY)] if by_option else []
    if not by_option:
        monkeypatch.setenv("MLROLES_DATA", str(TINY))
    for command in KEYS:
        name, *arguments = command.replace(" ds", "").split()
        answer = str(rows(name, *arguments, *options)).lower()
        assert "machine" not in answer
    assert rows("compare", *options)[0]["average_salary"] == 41000


def test_a_data_set_comes_by_standard_input() -> None:
    row = rows("salary", "--data", "-", input=TINY.read_bytes())
    assert row["average_salary"] == 41000


def test_the_option_beats_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLROLES_DATA", "/nowhere")
    monkeypatch.setenv("MLROLES_FORMAT", "csv")
    assert rows("salary", "--data", str(TINY))["role"] == "gardener"
    assert run("faq", "--data", str(TINY)).stdout.startswith("question,answer\n")


def test_a_name_may_come_as_several_words() -> None:
    assert rows("salary", "data", "engineer") == rows("salary", "de")
    assert rows("offer", "150k", "data", "engineer") == rows("offer", "150k", "de")


def test_validate_says_that_a_data_set_is_sound() -> None:
    result = run("validate", str(TINY))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{TINY}: sound, 3 roles\n"


def test_validate_names_every_fault_with_its_place(
    tiny: Any, saved: Callable[[Any], str]
) -> None:
    tiny = spoiled(tiny, "roles", 0, "salary", "average", value=-5)
    tiny = spoiled(tiny, "roles", 1, "aliases", value=["Gardener"])
    tiny = spoiled(tiny, "roles", 2, "similar", value=["butcher"])
    path = saved(tiny)
    result = run("validate", path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        f"mlroles: {path}: roles[0].salary.average: is less than 1",
        f"mlroles: {path}: roles[1].aliases[0]: 'Gardener' is already the name at "
        "roles[0].id",
        f"mlroles: {path}: roles[2].similar[0]: there is no role 'butcher'",
    ]
    assert run("salary", "--data", path).stderr == result.stderr


def test_schema_is_json_schema_and_is_met_by_the_bundled_data_set() -> None:
    import json

    result = run("schema")
    schema = json.loads(result.stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(schema["required"]) == set(mlroles.load())


def test_every_command_is_in_the_readme() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    commands = [line.split()[0] for line in _listed()]
    assert len(commands) == 14
    for command in commands:
        assert f"`mlroles {command}" in readme or f"$ mlroles {command}" in readme


EXAMPLES = [
    example
    for command, (_, *examples) in COMMANDS.items()
    for example in examples
    if command not in {"import", "validate"}
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_help_work(example: str) -> None:
    assert run(*example.partition(" >")[0].split()).exit_code == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_ends_with_its_examples(command: str) -> None:
    lines = run("help", command, prog_name="mlroles").stdout.splitlines()
    assert lines == run(command, "--help", prog_name="mlroles").stdout.splitlines()
    assert lines[-3].strip() == "Examples:"
    _, *examples = COMMANDS[command]
    assert [line.strip() for line in lines[-2:]] == [f"mlroles {e}" for e in examples]


def test_help_alone_is_that_of_the_whole() -> None:
    assert run("help").stdout == run("--help").stdout


def test_help_on_the_keys_names_those_of_every_command() -> None:
    text = " ".join(run("help", "json").stdout.split())
    for keys in KEYS.values():
        assert keys in text


def test_help_on_the_exit_codes() -> None:
    assert "130  interrupted" in run("help", "exit-codes").stdout


def test_help_on_nothing_known() -> None:
    result = run("help", "salry")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "did you mean 'salary'?" in result.stderr


def test_no_line_of_the_list_of_commands_is_cut_off() -> None:
    assert not any(line.endswith("...") for line in _listed())


def _listed() -> list[str]:
    # As wide as a terminal's, which is less than a test runner's.
    return process("--help").stdout.decode().partition("Commands:\n")[2].splitlines()
