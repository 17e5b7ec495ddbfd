from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from mlroles import questions
from mlroles.output.formats import FORMATS, find_format
from tests.cli.test_commands import ANSWERS
from tests.conftest import rows, run
from tests.output.test_values import csv_value

LISTS = [
    "compare --sort openings",
    "compare --sort title --reverse",
    "compare --all --sort median",
    "salary --by experience",
    "salary --by country",
    "salary --by year",
    "salary --by seniority",
    "locations",
    "locations ds --level state",
    "roles",
    "sources",
    "faq",
]


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


@pytest.mark.parametrize("name", ["latex", "pipe", "rst", "simple", ""])
def test_unknown_format_names_the_seven(name: str) -> None:
    result = run("compare", "--format", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith(
        "Choose from: table, json, jsonl, csv, tsv, markdown, html.\n"
    )


def test_empty_result_is_a_header_or_an_empty_list() -> None:
    nothing = ["locations", "cv engineer", "--level", "metro", "--format"]
    assert run(*nothing, "json").stdout == "[]\n"
    assert run(*nothing, "jsonl").stdout == ""
    header = run("locations", "-f", "csv").stdout.splitlines()[0]
    assert run(*nothing, "csv").stdout == f"{header}\n"


def test_single_answer_is_one_json_line() -> None:
    text = run("salary", "-f", "jsonl").stdout
    assert text.count("\n") == 1
    assert json.loads(text) == rows("salary")


def test_show_in_flat_formats_is_keys_and_values() -> None:
    page = rows("show")
    text = run("show", "-f", "csv").stdout
    header, *lines = csv.reader(io.StringIO(text))
    assert header == ["key", "value"]
    flat = dict(lines)
    assert flat["salary.average_salary"] == "110673"
    assert flat["duties.duties.4"] == page["duties"]["duties"][4]
    assert flat["salary.median"] == "199000"
    assert flat["salary.range_low"] == "158000"
    assert flat["salary.other_figures.0.kind"] == "filings"
    assert flat["compare.0.openings"] == ""
    assert flat["compare.1.openings"] == str(page["compare"][1]["openings"]) == "212310"


def test_json_is_unescaped_utf_8(tiny: Any, saved: Any) -> None:
    tiny["roles"][0]["title"] = "Gärtner"
    result = run("salary", "--json", "--data", saved(tiny))
    assert '"title": "Gärtner"' in result.stdout


def test_csv_quotes_cells_with_commas(tiny: Any, saved: Any) -> None:
    tiny["roles"][0]["title"] = 'Gard,"ener"'
    text = run("compare", "-f", "csv", "--data", saved(tiny)).stdout
    assert next(csv.DictReader(io.StringIO(text)))["title"] == 'Gard,"ener"'


def test_json_and_another_format_cannot_be_combined() -> None:
    result = run("faq", "--json", "-f", "csv")
    assert (result.exit_code, result.stdout) == (2, "")
    # The error is JSON, as --json asks for.
    message = "--json and --format csv cannot be combined."
    assert json.loads(result.stderr)["error"] == message
    assert run("faq", "--json", "-f", "json").stdout == run("faq", "--json").stdout


def test_json_option_overrides_the_format_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = run("faq", "--json").stdout
    monkeypatch.setenv("MLROLES_FORMAT", "csv")
    assert run("faq", "--json").stdout == usual


@pytest.mark.parametrize(
    "command", ["compare", "locations", "salary", "salary --by year", "offer 150k"]
)
@pytest.mark.parametrize("style", DOCUMENTS)
def test_documents_name_their_sources(command: str, style: str) -> None:
    text = " ".join(run(*command.split(), "-f", style).stdout.split())
    (title,) = (
        source["title"]
        for source in rows("sources")
        if source["id"]
        == ("lca-fy2025" if command == "locations" else "aijobs-salary-index")
    )
    assert title in text
    assert "Source: " in text or command in {"salary", "offer 150k"}


@pytest.mark.parametrize("command", ["compare --per hour", "locations", "salary"])
def test_documents_state_the_unit(command: str) -> None:
    period = "an hour" if "hour" in command else "a year"
    for style in DOCUMENTS:
        text = " ".join(run(*command.split(), "-f", style).stdout.split())
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


FIGURE = " ".join(column.key for column in questions.FIGURE)
SALARY = (
    f"role title place level code country experience work_mode {FIGURE} "
    "cost_of_living adjusted_median cost_source average_salary average_reports "
    "average_updated average_source all_postings_records all_postings_median"
)


@pytest.mark.parametrize(("style", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_salary_in_flat_formats_has_a_line_for_each_figure(
    style: str, delimiter: str
) -> None:
    text = run("salary", "-f", style).stdout
    header, *lines = csv.reader(io.StringIO(text), delimiter=delimiter)
    assert header == [*SALARY.split(), "part"]
    row, *others = [dict(zip(header, each, strict=True)) for each in lines]
    assert row["average_salary"] == "110673"
    assert row["median"] == "199000"
    assert (row["range_low"], row["range_high"]) == ("158000", "237000")
    assert (row["median_ci_low"], row["median_ci_high"]) == ("194100", "202500")
    assert row["source"] == "aijobs-salary-index"
    assert [row[key] for key in ("kind", "year", "records", "thin")] == [
        "advertised", "2025", "843", "false",
    ]  # fmt: skip
    assert row["period_covered"] == "2025-01/2025-07"
    assert [each["kind"] for each in others] == [
        "filings", "job-site", "official", "official",
    ]  # fmt: skip
    assert {each["title"] for each in others} == {row["title"]}
    assert (row["part"], {each["part"] for each in others}) == ("", {"other_figures"})


def test_unknown_figure_is_empty_in_csv() -> None:
    row, *_ = csv.DictReader(io.StringIO(run("salary", "dle", "-f", "csv").stdout))
    assert row["average_salary"] == "133764"
    known = {key: row[key] for key in FIGURE.split() if row[key]}
    # Without a figure, only the unit is known.
    assert known == {"currency": "USD", "period": "year"}


def test_offer_in_csv_has_the_range_of_percentiles() -> None:
    text = run("offer", "180k", "-f", "csv").stdout
    (row,) = csv.DictReader(io.StringIO(text))
    assert {"percentile_low", "percentile_high"} < row.keys()
    assert row["percentile_low"] == row["percentile"] == row["percentile_high"]
