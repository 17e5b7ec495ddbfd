from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from mlroles.output.formats import FORMATS, find_format
from tests.cli.test_commands import ANSWERS
from tests.conftest import prose, refused, rows, run
from tests.output.test_values import csv_value

# The values of tables are compared in `test_values.py`, in CSV.
LISTS = [
    "compare --sort openings", "salary --by seniority", "roles", "sources", "faq",
]  # fmt: skip
DOCUMENTS = ["markdown", "html"]


@pytest.mark.parametrize("command", LISTS)
def test_machine_formats_have_the_same_rows_and_values(command: str) -> None:
    answer = rows(*command.split())
    lines = run(*command.split(), "-f", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == answer
    for style, delimiter in (("csv", ","), ("tsv", "\t")):
        text = run(*command.split(), "-f", style).stdout
        read = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
        assert read == [{k: csv_value(v) for k, v in row.items()} for row in answer]


@pytest.mark.compat
@pytest.mark.parametrize("style", FORMATS)
def test_every_command_has_every_format(style: str) -> None:
    for command in ANSWERS:
        result = run(*command.split(), "--format", style)
        assert result.exit_code == 0
        assert result.stdout.endswith("\n")
        assert not result.stdout.endswith("\n\n")


def test_format_names_ignore_case() -> None:
    assert FORMATS == ("table", "json", "jsonl", "csv", "tsv", "markdown", "html")
    for name in FORMATS:
        assert find_format(name) == find_format(name.upper()) == name
    assert find_format("md") == "markdown"


def test_empty_result_is_a_header_or_an_empty_list() -> None:
    nothing = ["locations", "cv engineer", "--level", "metro", "--format"]
    assert run(*nothing, "json").stdout == "[]\n"
    assert run(*nothing, "jsonl").stdout == ""
    header = run("locations", "-f", "csv").stdout.splitlines()[0]
    assert run(*nothing, "csv").stdout == f"{header}\n"


def test_csv_quotes_cells_with_commas(tiny: Any, saved: Any) -> None:
    tiny["roles"][0]["title"] = 'Gard,"ener"'
    text = run("compare", "-f", "csv", "--data", saved(tiny)).stdout
    assert next(csv.DictReader(io.StringIO(text)))["title"] == 'Gard,"ener"'


def test_json_and_another_format_cannot_be_combined() -> None:
    # The error is JSON, as --json asks for.
    message = "--json and --format csv cannot be combined."
    assert json.loads(refused("faq", "--json", "-f", "csv"))["error"] == message
    assert run("faq", "--json", "-f", "json").stdout == run("faq", "--json").stdout


@pytest.mark.parametrize(
    "command", ["compare", "locations", "salary", "salary --by year", "offer 150k"]
)
@pytest.mark.parametrize("style", DOCUMENTS)
def test_documents_name_their_sources(command: str, style: str) -> None:
    text = prose(*command.split(), "-f", style)
    (title,) = (
        source["title"]
        for source in rows("sources")
        if source["id"]
        == ("lca-fy2025" if command == "locations" else "aijobs-salary-index")
    )
    assert title in text
    assert "Source: " in text or command in {"salary", "offer 150k"}


@pytest.mark.parametrize(
    "command", ["compare --per hour", "locations", "salary --per hour"]
)
def test_documents_state_the_unit(command: str) -> None:
    period = "an hour" if "hour" in command else "a year"
    for style in DOCUMENTS:
        text = prose(*command.split(), "-f", style)
        assert period in text


def test_documents_do_not_depend_on_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for command in ("compare", "show", "sources"):
        wide = [run(command, "-f", style).stdout for style in DOCUMENTS]
        monkeypatch.setenv("COLUMNS", "20")
        assert [run(command, "-f", style).stdout for style in DOCUMENTS] == wide
        monkeypatch.setenv("COLUMNS", "80")


def test_unknown_values_are_not_shown_as_all() -> None:
    text = run("salary", "analytics engineer", "--country", "sk", "-f", "md").stdout
    assert "all" not in text.replace("all countries", "").split()
    row = rows("salary", "analytics engineer", "--country", "sk")
    assert (row["country"], row["source"], row["median"]) == ("SK", None, None)
