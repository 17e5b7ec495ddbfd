"""Every answer says the same in every format: each is read back and compared."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
import tabulate

import mlroles
from mlroles.dataset.load import load
from mlroles.output.formats import renderer
from mlroles.output.values import Reader
from tests.conftest import rows, run

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset

DATA = load()
ROLES = [role["id"] for role in DATA["roles"]]
CODES = {name: code for code, name in DATA["countries"].items()}
SOURCES = {source["title"]: source["id"] for source in DATA["sources"]}
UNKNOWN = "\N{EN DASH}"
# What people read above a column, and what programs call it.
HEADINGS = {
    "Role": "title", "Openings": "openings", "Salary": "average_salary",
    "Difference": "difference", "Median": "median", "Records": "records",
    "Place": "place", "Employed": "employment", "10th": "p10", "25th": "p25",
    "75th": "p75", "90th": "p90", "Mean": "mean", "Year": "year",
    "Country": "country", "Experience": "experience", "Work mode": "work_mode",
    "Id": "role", "Aliases": "aliases", "Offer": "offer",
    "Percentile": "percentile", "Average salary": "average_salary",
    "Currency": "currency", "Period": "period", "Region": "region",
    "Reports": "reports", "Updated": "updated", "Source": "source",
    "Description": "description", "Works with": "collaborators",
    "Must know": "skills", "Ends up in": "applications", "Duties": "duties",
    "Question": "question", "Answer": "answer",
}  # fmt: skip
# Commands whose answer is a list, and those whose answer is one object.
MANY = [
    "compare", "compare --per hour", "locations", "locations --level state",
    "locations --level country", "locations --per month", "salary --by year",
    "salary --by country", "salary --by experience", "salary --by work-mode", "faq",
]  # fmt: skip
ONE = ["describe", "duties", "salary", "salary --per week", "offer 150k"]


def asked(command: str, role: str) -> list[str]:
    """A command line about a role."""
    name, *rest = command.split()
    return [name, *([rest.pop(0)] if name == "offer" else []), role, *rest]


def read_as(key: str, text: str) -> Any:
    """What a cell says, as JSON would have it."""
    if text in {UNKNOWN, "all"}:
        return None
    if key in {"country", "region"}:
        return CODES.get(text, text)
    if key == "source":
        return SOURCES[text]
    if re.fullmatch(r"[-+]?\$?[\d,]+(\.\d+)?", text):
        return float(re.sub(r"[$,+]", "", text))
    if re.fullmatch(r"\d+ \w+ \d{4}", text):
        return datetime.strptime(text, "%d %B %Y").date().isoformat()  # noqa: DTZ007
    return text


def as_cell(value: Any) -> Any:
    """A value of JSON as a cell of a table can say it."""
    return ", ".join(value) if isinstance(value, list) else value


def barred(text: str) -> list[list[str]]:
    """The cells of the table in a text that separates them by bars."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def ruled(text: str) -> list[list[str]]:
    """The cells of the table in a page, under the rules of its columns."""
    lines = text.splitlines()
    at = next(n for n, line in enumerate(lines) if re.fullmatch(r"-+(  -+)*", line))
    spans = [match.span() for match in re.finditer("-+", lines[at])]
    body = lines[at - 1 : at] + lines[at + 1 :]
    end = body.index("") if "" in body else len(body)
    return [[line[a:b].strip() for a, b in spans] for line in body[:end]]


def agree(table: list[list[str]], answer: list[dict[str, Any]]) -> None:
    """Hold the cells of a table against the rows of the same answer in JSON."""
    headings, *lines = table
    assert len(lines) == len(answer)
    for line, row in zip(lines, answer, strict=True):
        for heading, text in zip(headings, line, strict=True):
            key = HEADINGS[
                re.sub(" [\N{UPWARDS ARROW}\N{DOWNWARDS ARROW}]$", "", heading)
            ]
            key = key if key in row else f"survey_{key}"
            said = text.removesuffix(" *") if key in {"title", "place"} else text
            assert read_as(key, said) == as_cell(row[key]), (key, row)


@pytest.fixture(autouse=True)
def room_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")


@pytest.mark.parametrize("command", [*MANY, "roles"])
def test_a_list_says_the_same_in_json_csv_and_every_table(command: str) -> None:
    compared = 0
    for role in ROLES if command != "roles" else [""]:
        line = asked(command, role) if role else [command]
        answer = rows(*line)
        compared += len(answer)
        text = run(*line, "-f", "csv").stdout
        for row, read in zip(answer, csv.DictReader(io.StringIO(text)), strict=True):
            assert list(row) == list(read)
            for key, value in row.items():
                said = "; ".join(value) if isinstance(value, list) else value
                assert read[key] == ("" if said is None else str(said))
        if answer:
            # In Markdown what is no figure is no table.
            for style in ("orgtbl",) if command == "faq" else ("markdown", "orgtbl"):
                agree(barred(run(*line, "-f", style).stdout), answer)
            if not command.startswith("faq"):
                agree(ruled(run(*line).stdout), answer)
    assert compared


@pytest.mark.parametrize("command", ONE)
@pytest.mark.parametrize("role", ROLES)
def test_one_object_says_the_same_in_json_csv_and_a_table(
    command: str, role: str
) -> None:
    line = asked(command, role)
    row = rows(*line)
    read = next(csv.DictReader(io.StringIO(run(*line, "-f", "csv").stdout)))
    flat = {**row, **{f"survey_{k}": v for k, v in (row.get("survey") or {}).items()}}
    for key, text in read.items():
        said = flat.get(key)
        said = "; ".join(said) if isinstance(said, list) else said
        assert text == ("" if said is None else str(said))
    heads: list[str] = []
    for heading, text in barred(run(*line, "-f", "orgtbl").stdout):
        # A list goes on in the lines below its heading.
        heads.append(heading or heads[-1])
        survey, _, name = heads[-1].rpartition("Survey: ")
        key = HEADINGS.get(name, name)
        value = flat.get(f"survey_{key}" if "Survey" in survey + heads[-1] else key)
        if isinstance(value, list):
            assert text == value[heads.count(heads[-1]) - 1]
        elif not set(text) <= set("-:"):
            assert read_as(key, text) == value, key


@pytest.mark.parametrize("role", ROLES)
def test_the_page_of_a_salary_says_what_its_json_says(role: str) -> None:
    row, page = rows("salary", role), run("salary", role).stdout
    if row["average_salary"] is None:
        assert page.startswith(f"{row['title']}: no source gives an average salary\n")
    else:
        assert page.startswith(f"${row['average_salary']:,} a year\n{row['title']}: ")
        assert ("salaries reported" in page) == (row["reports"] is not None)
    survey = row["survey"]
    assert survey is not None
    found = re.search(r"Survey, (\d+), (.+): ([\d,]+) records, (.+)\n", page)
    assert found
    year, country, records, _ = found.groups()
    assert (int(year), read_as("records", records)) == (
        survey["year"],
        survey["records"],
    )
    assert CODES.get(country) == survey["country"]
    agree(ruled(page), [survey])


@pytest.mark.parametrize("role", ROLES)
def test_the_page_of_an_offer_says_what_its_json_says(role: str) -> None:
    row, page = rows("offer", "150k", role), run("offer", "150k", role).stdout
    found = re.fullmatch(
        r"\$150,000 a year: percentile ([\d.]+)\n"
        r"(.+), (\d{4}), (.+): ([\d,]+) records, aijobs.net salary\s+index\n"
        r"(?:(.+) (less|more) than|equal to) the median of (.+)\n",
        page,
    )
    assert found
    rank, title, year, country, records, gap, side, median = found.groups()
    assert (float(rank), title, int(year)) == (
        row["percentile"],
        row["title"],
        row["year"],
    )
    assert CODES.get(country) == row["country"]
    assert read_as("records", records) == row["records"]
    assert read_as("median", median) == row["median"]
    signed = read_as("difference", gap or "0") * (-1 if side == "less" else 1)
    assert signed == row["difference"]


@pytest.mark.parametrize("role", ROLES)
def test_texts_are_whole_on_their_pages(role: str) -> None:
    for command, keys in {
        "describe": ("title", "description", "collaborators", "skills", "applications"),
        "duties": ("title", "duties"),
    }.items():
        page = " ".join(run(command, role).stdout.split())
        for key in keys:
            value = rows(command, role)[key]
            for text in value if isinstance(value, list) else [value]:
                assert text in page
    asked_page = " ".join(run("faq", role).stdout.split())
    for row in rows("faq", role):
        assert f"{row['question']} {row['answer']}" in asked_page


@pytest.mark.parametrize("role", ROLES)
def test_the_whole_page_is_made_of_the_single_ones(role: str) -> None:
    page = run("show", role).stdout
    whole = rows("show", role)
    title = f"{whole['describe']['title']}\n\n"
    for command in ("describe", "duties", "salary", "faq"):
        assert run(command, role).stdout.removeprefix(title).strip() in page
    similar = page.partition("Similar roles\n-------------\n")[2]
    agree(ruled(similar), whole["compare"])
    read = dict(csv.reader(io.StringIO(run("show", role, "-f", "csv").stdout)))
    for place, text in read.items():
        value: Any = {"key": "value"} if place == "key" else whole
        for step in place.split("."):
            value = value[int(step) if isinstance(value, list) else step]
        assert text == ("" if value is None else str(value))


STYLES = [
    "table",
    "json",
    "jsonl",
    "csv",
    "tsv",
    "markdown",
    *tabulate.tabulate_formats,
]


def answers(data: Dataset, role: str) -> dict[str, Any]:
    """An answer of every kind about a role."""
    return {
        "describe": mlroles.describe(data, role),
        "duties": mlroles.duties(data, role),
        "salary": mlroles.salary(data, role),
        "salary-by": mlroles.salary_by(data, "experience", role),
        "compare": mlroles.compare(data, [role], every=True),
        "locations": mlroles.locations(data, role, limit=3),
        "offer": mlroles.offer(data, 150_000, role),
        "faq": mlroles.faq(data, role),
        "roles": mlroles.roles(data),
        "sources": mlroles.sources(data),
        "show": mlroles.show(data, role),
    }


@pytest.mark.parametrize("style", STYLES)
def test_every_role_is_answered_by_every_command_in_this_format(style: str) -> None:
    write = renderer(style)
    for role in ROLES:
        reader = Reader(DATA, base=role)
        for name, answer in answers(DATA, role).items():
            text = write(answer, name, lambda reader=reader: reader)  # type: ignore[misc]
            assert text.endswith("\n") or (style == "jsonl" and answer == [])
            if style == "json":
                assert json.loads(text) == answer
