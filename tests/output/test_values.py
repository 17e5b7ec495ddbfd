"""Every answer has the same values in every format: each is read back and compared."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
import tabulate

from mlroles.dataset.load import load
from mlroles.output.formats import MACHINE_FORMATS, Layout, find_format, render
from mlroles.output.markup import new_page
from mlroles.queries import compare, locations, offer, salary
from mlroles.queries import roles as role_queries
from tests.conftest import rows, run

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset
    from mlroles.output.columns import Kind
    from mlroles.queries.answer import Answer

DATA = load()
ROLES = [role["id"] for role in DATA["roles"]]
CODES = {name: code for code, name in DATA["countries"].items()}
SOURCES = {source["title"]: source["id"] for source in DATA["sources"]}
UNKNOWN = "\N{EN DASH}"
# The JSON key of every heading.
HEADINGS = {
    "Role": "title", "Openings": "openings", "Average": "average_salary",
    "Difference": "difference", "Median": "median", "Records": "records",
    "Place": "place", "Employed": "employment", "10th": "p10", "25th": "p25",
    "75th": "p75", "90th": "p90", "Mean": "mean", "Year": "year",
    "Country": "country", "Experience": "experience", "Work mode": "work_mode",
    "Id": "role", "Aliases": "aliases",
}  # fmt: skip
# Commands whose answer is a table, and those whose answer is one object.
TABLES = [
    "compare", "compare --per hour", "locations", "locations --level state",
    "locations --level country", "locations --per month", "salary --by year",
    "salary --by country", "salary --by experience", "salary --by work-mode",
]  # fmt: skip
OBJECTS = ["describe", "duties", "salary", "salary --per week", "offer 150k"]
# One format for every way to write a page, and two for bars.
DOCUMENTS = ["table", "markdown", "html", "latex", "orgtbl", "rst"]


def line_for(command: str, role: str) -> list[str]:
    """Return the command line that asks about a role."""
    name, *rest = command.split()
    return [name, *([rest.pop(0)] if name == "offer" else []), role, *rest]


def parse_value(key: str, text: str) -> Any:
    """Return the value in JSON that a cell shows."""
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


def long_date(iso: str) -> str:
    """Return a date, or the part of it that is known, as people read it."""
    part = iso.count("-")
    date = datetime.strptime(iso, ("%Y", "%Y-%m", "%Y-%m-%d")[part])  # noqa: DTZ007
    return date.strftime(("%Y", "%B %Y", "%d %B %Y")[part]).lstrip("0")


def unescape_latex(text: str) -> str:
    for character, escaped in tabulate.LATEX_ESCAPE_RULES.items():
        text = text.replace(escaped, character)
    return text


def parse_text(style: str, page: str) -> str:
    """Return the text of a page without its markup, on one line."""
    if style == "markdown":
        page = re.sub(r"^(#+|-|\d+\.) ", "", page.replace("**", ""), flags=re.MULTILINE)
    elif style == "html":
        page = unescape(re.sub("<[^>]+>", " ", page))
    elif style == "latex":
        page = re.sub(r"\\(sub)?section\*\{(.*)\}", r"\2", page)
        page = re.sub(r"\\(begin|end)\{\w+\}", "", page)
        page = unescape_latex(re.sub(r"\\item(\[(.*?)\])?", r"\2", page))
    return " ".join(page.split())


def parse_table(style: str, page: str) -> list[list[str]]:
    """Return the cells of the first table in a page, its headings first."""
    if style == "html":
        (table,) = re.findall("<table>.*?</table>", page, flags=re.DOTALL)
        return [
            ["".join(cell.itertext()).strip() for cell in line]
            for line in ET.fromstring(table).iter("tr")  # noqa: S314 - our own
        ]
    if style == "latex":
        found = [line[:-2] for line in page.splitlines() if line.endswith(r"\\")]
        cells = [re.split(r"(?<!\\)&", line) for line in found]
        return [[unescape_latex(cell.strip()) for cell in line] for line in cells]
    if style in {"markdown", "orgtbl"}:
        found = [line for line in page.splitlines() if line.startswith("| ")]
        return [[cell.strip() for cell in line.strip("|").split("|")] for line in found]
    # The columns are those of the rules below the headings, and in rst around them.
    lines = page.splitlines()
    rule = next(line for line in lines if re.fullmatch(r"([-=]+)(  [-=]+)*", line))
    at = lines.index(rule)
    spans = [match.span() for match in re.finditer("[-=]+", rule)]
    body = lines[at + 1 :] if style == "rst" else [lines[at - 1], *lines[at + 1 :]]
    body = body[: body.index("")] if "" in body else body
    body = [line for line in body if line != rule]
    return [[line[a:b].strip() for a, b in spans] for line in body]


def without_arrow(heading: str) -> str:
    """Return a heading without the arrow of the column that rows are sorted by."""
    return re.sub(r" ([\u2191\u2193]|\$\\(up|down)arrow\$)$", "", heading)


def assert_table(table: list[list[str]], answer: list[dict[str, Any]]) -> None:
    """Compare the cells of a table with the rows of the same answer in JSON."""
    headings, *lines = table
    assert len(lines) == len(answer)
    for line, row in zip(lines, answer, strict=True):
        for heading, text in zip(headings, line, strict=True):
            key = HEADINGS[without_arrow(heading)]
            key = key if key in row else f"survey_{key}"
            cell = text.removesuffix(" *") if key in {"title", "place"} else text
            value = row[key]
            if isinstance(value, list):
                value = ", ".join(value)
            assert parse_value(key, cell) == value, (key, row)


def assert_csv(text: str, answer: list[dict[str, Any]]) -> None:
    """Compare comma separated values with the rows of the same answer in JSON."""
    read = list(csv.DictReader(io.StringIO(text)))
    assert len(read) == len(answer)
    for line, row in zip(read, answer, strict=True):
        survey = row.get("survey") or {}
        flat = {**{f"survey_{k}": v for k, v in survey.items()}, **row}
        # Only the keys of an inner row may be absent from JSON, if it has none.
        assert [key for key in line if not key.startswith("survey_")] == [
            key for key in row if key != "survey" and not key.startswith("survey_")
        ]
        for key, cell in line.items():
            value = flat.get(key)
            value = "; ".join(value) if isinstance(value, list) else value
            assert cell == ("" if value is None else str(value)), key


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show every column."""
    monkeypatch.setenv("COLUMNS", "400")


@pytest.mark.parametrize("command", [*TABLES, "roles"])
def test_tables_have_the_values_of_json_in_every_format(command: str) -> None:
    compared = 0
    for role in ROLES if command != "roles" else [""]:
        line = line_for(command, role) if role else [command]
        answer = rows(*line)
        compared += len(answer)
        assert_csv(run(*line, "-f", "csv").stdout, answer)
        if not answer:
            continue
        headings = set()
        for style in DOCUMENTS:
            table = parse_table(style, run(*line, "-f", style).stdout)
            assert_table(table, answer)
            headings.add(tuple(map(without_arrow, table[0])))
        # All formats show the same columns.
        assert len(headings) == 1
    assert compared


@pytest.mark.parametrize("role", ROLES)
def test_comparison_shows_every_known_figure(role: str) -> None:
    answer = rows("compare", role, "ds")
    keys = {
        "Openings": "openings", "Average": "average_salary",
        "Difference": "difference", "Median": "survey_median",
        "Records": "survey_records",
    }  # fmt: skip
    known = [
        heading
        for heading, key in keys.items()
        if any(row[key] is not None for row in answer)
    ]
    for style in DOCUMENTS:
        headings = parse_table(style, run("compare", role, "ds", "-f", style).stdout)[0]
        assert list(map(without_arrow, headings)) == ["Role", *known]


@pytest.mark.parametrize("command", [*OBJECTS, "faq"])
@pytest.mark.parametrize("role", ROLES)
def test_csv_has_the_values_of_json(command: str, role: str) -> None:
    line = line_for(command, role)
    answer = rows(*line)
    as_list = answer if isinstance(answer, list) else [answer]
    assert_csv(run(*line, "-f", "csv").stdout, as_list)


@pytest.mark.parametrize("style", DOCUMENTS)
@pytest.mark.parametrize("period", ["year", "week"])
@pytest.mark.parametrize("role", ROLES)
def test_salary_page_has_the_values_of_json(role: str, period: str, style: str) -> None:
    line = ["salary", role, "--per", period]
    row, page = rows(*line), run(*line, "-f", style).stdout
    text = parse_text(style, page)
    if row["average_salary"] is None:
        assert text.startswith(f"{row['title']}: no source gives an average salary ")
        # The unit, which the headline states otherwise.
        assert text.endswith(f" USD a {period}.")
    else:
        found = re.match(
            r"(\S+) a (\w+) (.+): average base salary, (.+?) "
            r"(?:([\d,]+) salaries reported, )?updated (\d+ \w+ \d+), (.+?) "
            r"Pay distribution",
            text,
        )
        assert found
        assert [
            None if text is None else parse_value(key, text)
            for key, text in zip(
                ("average_salary", "period", "title", "region", "reports",
                 "updated", "source"),
                found.groups(),
                strict=True,
            )
        ] == [
            row[key]
            for key in ("average_salary", "period", "title", "region", "reports",
                        "updated", "source")
        ]  # fmt: skip
    survey = row["survey"]
    assert survey is not None
    found = re.search(
        r"Pay distribution, (\d+), (.+): ([\d,]+) records, (aijobs.+?\))", text
    )
    assert found
    year, country, records, source = found.groups()
    assert int(year) == survey["year"]
    assert CODES.get(country) == survey["country"]
    assert (country == "all countries") == (survey["country"] is None)
    assert parse_value("records", records) == survey["records"]
    assert parse_value("source", source) == survey["source"]
    table = parse_table(style, page)
    assert table[0] == ["Mean", "10th", "25th", "Median", "75th", "90th"]
    assert_table(table, [survey])


@pytest.mark.parametrize("style", DOCUMENTS)
@pytest.mark.parametrize("role", ROLES)
def test_offer_page_has_the_values_of_json(role: str, style: str) -> None:
    row = rows("offer", "150k", role)
    found = re.fullmatch(
        r"(\S+) a (\w+): percentile ([\d.]+) "
        r"(.+), (\d{4}), (.+): ([\d,]+) records, (.+\)) "
        r"(?:(\S+) (below|above)|equal to) the median of (\S+)",
        parse_text(style, run("offer", "150k", role, "-f", style).stdout),
    )
    assert found
    (amount, period, rank, title, year, country, records, source, gap, side,
     median) = found.groups()  # fmt: skip
    assert parse_value("offer", amount) == row["offer"]
    assert (period, title) == (row["period"], row["title"])
    assert (float(rank), int(year)) == (row["percentile"], row["year"])
    assert CODES.get(country) == row["country"]
    assert parse_value("records", records) == row["records"]
    assert parse_value("source", source) == row["source"]
    assert parse_value("median", median) == row["median"]
    sign = -1 if side == "below" else 1
    assert parse_value("difference", gap or "0") * sign == row["difference"]


@pytest.mark.parametrize("style", DOCUMENTS)
@pytest.mark.parametrize("role", ROLES)
def test_pages_contain_whole_texts(role: str, style: str) -> None:
    for command, keys in {
        "describe": ("title", "description", "collaborators", "skills", "applications"),
        "duties": ("title", "duties"),
    }.items():
        page = parse_text(style, run(command, role, "-f", style).stdout)
        row = rows(command, role)
        position = 0
        for key in keys:
            value = row[key]
            for text in value if isinstance(value, list) else [value]:
                position = page.index(text, position) + len(text)
        # Nothing follows the last text.
        assert position == len(page)
    page = parse_text(style, run("faq", role, "-f", style).stdout)
    assert page == " ".join(
        f"{row['question']} {row['answer']}" for row in rows("faq", role)
    )


@pytest.mark.parametrize("style", DOCUMENTS)
def test_sources_page_contains_all_values(style: str) -> None:
    page = parse_text(style, run("sources", "-f", style).stdout)
    position = 0
    for row in rows("sources"):
        values = [
            row["id"], row["title"], row["publisher"], row["url"], row["licence"],
            long_date(row["updated"]), row["records"], row["method"], *row["caveats"],
        ]  # fmt: skip
        for value in values:
            text = f"{value:,}" if isinstance(value, int) else value or UNKNOWN
            position = page.index(text, position) + len(text)
    assert position == len(page)


@pytest.mark.parametrize("role", ROLES)
def test_show_consists_of_the_other_pages(role: str) -> None:
    page = run("show", role).stdout
    whole = rows("show", role)
    title = f"{whole['describe']['title']}\n\n"
    for command in ("describe", "duties", "salary", "faq"):
        assert run(command, role).stdout.removeprefix(title).strip() in page
    similar = page.partition("Similar roles\n-------------\n")[2]
    assert_table(parse_table("table", similar), whole["compare"])
    read = dict(csv.reader(io.StringIO(run("show", role, "-f", "csv").stdout)))
    for path, text in read.items():
        value: Any = {"key": "value"} if path == "key" else whole
        for step in path.split("."):
            value = value[int(step) if isinstance(value, list) else step]
        assert text == ("" if value is None else str(value))


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("x", "text", "x"),
        (["a", "b"], "list", "a, b"),
        ("2022-08-10", "date", "10 August 2022"),
        ("2025-05", "date", "May 2025"),
        ("2025", "date", "2025"),
        ("US", "country", "United States"),
        (None, "country", "all"),
        ("US", "region", "United States"),
        (None, "region", UNKNOWN),
        ("senior", "group", "senior"),
        (None, "group", "all"),
        ("oews-may-2025", "source", "Occupational Employment and Wage Statistics"),
        (None, "source", UNKNOWN),
        (2025, "number", "2025"),
        (12345, "count", "12,345"),
        (12345, "money", "$12,345"),
        (12.5, "money", "$12.50"),
        (12345, "change", "+$12,345"),
        (-12.5, "change", "-$12.50"),
        (0, "change", "$0"),
    ],
)
def test_values_are_formatted_by_kind(value: Any, kind: Kind, text: str) -> None:
    assert new_page(salary.salary(DATA), Layout()).value(value, kind) == text


def test_unknown_values_are_hyphens_on_an_ascii_terminal() -> None:
    layout = Layout(unicode=False)
    assert new_page(salary.salary(DATA), layout).value(None, "money") == "-"


STYLES = ["table", *MACHINE_FORMATS, "markdown", "md", *tabulate.tabulate_formats]


def answers(data: Dataset, role: str) -> list[Answer[Any]]:
    """Return an answer of every kind about a role."""
    return [
        role_queries.describe(data, role),
        role_queries.duties(data, role),
        salary.salary(data, role),
        salary.salary_by(data, "experience", role),
        compare.compare(data, [role], every=True),
        locations.locations(data, role, limit=3),
        offer.offer(data, 150_000, role),
        role_queries.faq(data, role),
        role_queries.roles(data),
        role_queries.sources(data),
        role_queries.show(data, role),
    ]


@pytest.mark.parametrize("style", STYLES)
def test_every_answer_has_every_format(style: str) -> None:
    for role in ROLES:
        for answer in answers(DATA, role):
            text = render(answer, find_format(style), Layout())
            assert text.endswith("\n") or (style == "jsonl" and answer.rows == [])
            if style == "json":
                assert json.loads(text) == answer.rows
