"""--fields: which keys an answer has, and their order, in every format."""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest

import mlroles
from mlroles.output.fields import chosen_columns
from mlroles.queries.roles import sources
from mlroles.questions import QUESTIONS
from tests.cli.test_commands import ANSWERS
from tests.conftest import rows, run

FIELDS = "difference,title,median"


def test_json_has_the_fields_in_their_order() -> None:
    every = rows("compare")
    chosen = rows("compare", "--fields", FIELDS)
    assert [list(row) for row in chosen] == [FIELDS.split(",")] * len(every)
    assert chosen == [{key: row[key] for key in FIELDS.split(",")} for row in every]
    chosen = rows("salary", "--fields", "other_figures,title")
    assert list(chosen) == ["other_figures", "title"]
    assert chosen == {
        "other_figures": rows("salary")["other_figures"],
        "title": "Machine Learning Engineer",
    }


def test_json_lines_has_the_fields() -> None:
    lines = run("compare", "-f", "jsonl", "--fields", FIELDS).stdout.splitlines()
    assert list(map(json.loads, lines)) == rows("compare", "--fields", FIELDS)
    line = run("salary", "-f", "jsonl", "--fields", "title").stdout
    assert line == '{"title": "Machine Learning Engineer"}\n'


@pytest.mark.parametrize(("style", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_separated_values_have_the_fields(style: str, delimiter: str) -> None:
    text = run("compare", "-f", style, "--fields", FIELDS).stdout
    table = list(csv.reader(text.splitlines(), delimiter=delimiter))
    assert table[0] == FIELDS.split(",")
    expected = rows("compare", "--fields", FIELDS)
    assert table[1:] == [
        ["" if value is None else str(value) for value in row.values()]
        for row in expected
    ]


def test_tables_have_the_fields_and_keep_their_notes() -> None:
    lines = run("compare", "--limit", "2", "--fields", FIELDS).stdout.splitlines()
    assert [line.split("  ")[0] for line in lines[:1]] == ["Difference"]
    assert lines[0].split() == ["Difference", "Role", "Median", "\N{DOWNWARDS ARROW}"]
    assert lines[2].split() == [
        "$0",
        "Machine",
        "Learning",
        "Engineer",
        "*",
        "$199,000",
    ]
    text = " ".join(lines)
    assert "Difference: from Machine Learning Engineer (*)." in text
    assert "Source: aijobs.net salary index." in text
    assert "Openings" not in text


def test_chosen_columns_are_never_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    line = ("locations", "ds", "--limit", "1", "--fields", "p10,p90,place,cost_source")
    text = run(*line).stdout
    assert "Hidden" not in text
    for heading in ("10th", "90th", "Place", "Cost"):
        assert heading in text


def test_columns_that_people_do_not_see_by_default_have_headings() -> None:
    line = ("locations", "ds", "-n", "1", "--fields", "code,updated")
    assert "\n\nCode   Updated\n" in run(*line).stdout
    fields = ("id", "url", "sha256", "kind")
    answer = sources(mlroles.load())._replace(fields=fields)
    headings = [column.heading for column in chosen_columns(answer, {})]
    assert headings == ["Id", "URL", "SHA-256", "Kind"]


FACTS = {
    "salary --fields title,median,thin": [
        "Role    Machine Learning Engineer",
        "Median  $199,000",
        "Thin    no",
        "",
        "USD a year, base pay. Source: aijobs.net salary index, 3 August 2025.",
    ],
    "offer 172k ds --location austin --fields median,cost_source": [
        "Median       $127,360",
        "Cost source  Regional Price Parities",
        "",
        "USD a year. Data Scientists (15-2051) is a proxy for the role: it includes "
        "other",
    ],
    "offer 150k mle --fields percentile,source": [
        "Percentile  17.6",
        "Source      aijobs.net salary index",
    ],
    "salary ds --location austin --fields median,period_covered": [
        "Median          $127,360",
        "Period covered  May 2025",
        "",
        "USD a year. Data Scientists (15-2051) is a proxy for the role: it includes "
        "other",
    ],
    "salary ds --location austin --fields median,adjusted_median": [
        "Median           $127,360",
        "Adjusted median  about $130,000",
        "",
        "USD a year. Data Scientists (15-2051) is a proxy for the role: it includes "
        "other",
        "jobs and lacks many of this role. Sources: Occupational Employment and Wage",
        "Statistics, May 2025; Regional Price Parities, 2024.",
    ],
    "salary de --fields median,average_salary": [
        "Median          $150,000",
        "Average salary  $115,205",
        "",
        "USD a year, base pay. Sources: aijobs.net salary index, 3 August 2025; "
        "job-site",
    ],
    "duties --fields title": ["Role  Machine Learning Engineer"],
    "outlook ds --fields occupation,source": [
        "Occupation       Source",
        "---------------  -----------------------------------",
        "Data scientists  Employment Projections 2025 to 2035",
        "",
        "Sources: Employment Projections 2025 to 2035, 27 August 2026; Indeed AI "
        "share of",
    ],
    "faq --fields question": [
        "Question",
        "-------------------------------------------------------------",
    ],
    "relocate 100k mle --from austin --to sf --fields to_place,equivalent": [
        "$100,000 in Austin, TX is about $118,000 in San Francisco, CA",
        "Pay of Machine Learning Engineer: H-1B filings, October 2024 to September "
        "2025.",
        "",
        "Place                  Equivalent",
        "-----------------  --------------",
        "San Francisco, CA  about $118,000",
    ],
    "show --fields duties,faq": ["Duties", "------", ""],
}


@pytest.mark.parametrize(("line", "expected"), FACTS.items(), ids=list(FACTS))
def test_pages_without_tables_show_the_fields(line: str, expected: list[str]) -> None:
    result = run(*line.split())
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[: len(expected)] == expected


def test_fields_of_a_page_of_a_role_are_its_parts() -> None:
    assert rows("show", "--fields", "faq,salary") == {
        "faq": rows("faq"),
        "salary": rows("salary"),
    }
    lines = run("show", "-f", "csv", "--fields", "duties").stdout.splitlines()
    assert lines[:2] == ["key,value", "duties.role,machine-learning-engineer"]
    assert all(line.startswith("duties.") for line in lines[1:])
    text = run("show", "-f", "markdown", "--fields", "faq,duties").stdout
    assert text.index("## Questions") < text.index("## Duties")
    assert "## Salary" not in text


def test_keys_of_conversions_are_fields() -> None:
    line = ("compare", "--limit", "1", "--currency", "EUR", "--fields")
    assert list(rows(*line, "exchange_rate,title")[0]) == ["exchange_rate", "title"]
    assert run(*line, "rate_year", "-f", "csv").stdout == "rate_year\n2025\n"
    (row,) = rows("compare", "--limit", "1", "--real", "--fields", "prices")
    assert row == {"prices": "2026-08"}
    assert run("compare", "--fields", "prices").exit_code == 2


@pytest.mark.parametrize("command", ANSWERS)
def test_every_key_can_be_chosen(command: str) -> None:
    answer = rows(*command.split())
    row = answer[0] if isinstance(answer, list) else answer
    keys = list(reversed(row))
    chosen: Any = rows(*command.split(), "--fields", ",".join(keys))
    assert (chosen[0] if isinstance(chosen, list) else chosen) == row
    text = run(*command.split(), "-f", "csv").stdout
    # Which figure a line has is no key, and fields are those of the answer alone.
    header = text.splitlines()[0].removesuffix(",part").split(",")
    every = run(*command.split(), "-f", "csv", "--fields", ",".join(header))
    if command != "show":
        has_parts = text.splitlines()[0].endswith(",part")
        assert has_parts or every.stdout == text
        page = run(*command.split(), "--fields", ",".join(header))
        assert (page.exit_code, page.stderr) == (0, every.stderr)


def test_empty_answers_have_the_fields() -> None:
    line = ("locations", "--match", "atlantis", "--fields", "place,median")
    assert rows(*line) == []
    assert run(*line, "-f", "csv").stdout == "place,median\n"
    assert run(*line).stdout == "No places.\n"
    assert run(*line[:-1], "x", "--json").exit_code == 2


@pytest.mark.parametrize("style", ["json", "csv", "table"])
def test_unknown_fields_list_those_of_the_format(style: str) -> None:
    result = run("salary", "--fields", "x", "-f", style)
    # Only JSON has lists of objects.
    for key in ("other_figures", "closest"):
        assert (f" {key}," in result.stderr) == (style == "json")
    assert " period_covered, " in result.stderr


def test_every_question_has_columns_for_its_fields() -> None:
    for question in QUESTIONS.values():
        if not question.is_nested and not question.flat:
            answer = sources(mlroles.load())._replace(question=question, rows=[])
            keys = tuple(each.key for each in question.columns if not each.columns)
            found = chosen_columns(answer._replace(fields=keys), {})
            assert all(column.heading and not column.hide for column in found)
