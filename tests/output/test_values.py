"""Every answer has the same values in every format: each is read back and compared."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from mlroles.dataset.dimensions import THIN_RECORDS
from mlroles.dataset.kinds import KINDS
from mlroles.dataset.load import load
from mlroles.matching import short_place
from mlroles.output.page import Page
from mlroles.queries import salary
from tests.conftest import rows, run

if TYPE_CHECKING:
    from mlroles.questions import Kind

DATA = load()
ROLES = [role["id"] for role in DATA.roles]
CODES = {name: code for code, name in DATA.countries.items()}
SOURCES = {source["title"]: source["id"] for source in DATA.sources.values()}
UNKNOWN = "\N{EN DASH}"
# The JSON key of every heading.
HEADINGS = {
    "Role": "title", "Openings": "openings", "Average": "average_salary",
    "Difference": "difference", "Median": "median", "Records": "records",
    "Place": "place", "Employed": "employment", "10th": "p10", "25th": "p25",
    "75th": "p75", "90th": "p90", "Mean": "mean", "Year": "year",
    "Country": "country", "Experience": "experience", "Work mode": "work_mode",
    "Seniority": "seniority", "Filings": "records", "Change": "change",
    "Id": "role", "Aliases": "aliases", "Prices": "cost_of_living",
    "Adjusted": "adjusted_median", "Equivalent": "equivalent",
    "Percentile": "to_percentile",
}  # fmt: skip
# Commands whose answer is a table, and those whose answer is one object.
TABLES = [
    "compare", "compare --per hour", "locations", "locations --level state",
    "locations --level country", "locations --per month", "salary --by year",
    "salary --by country", "salary --by experience", "salary --by work-mode",
    "salary --by seniority", "salary --by year --per hour", "compare --real",
    "compare --country germany", "salary --by year --real",
]  # fmt: skip
OBJECTS = [
    "describe", "duties", "salary", "salary --per week", "salary --real", "offer 150k",
]  # fmt: skip
DOCUMENTS = ["table", "markdown", "html"]
# Roles differ in their data, which one format shows, and formats in how they write,
# which two roles show: one with all figures, and one without current pay.
FEW_ROLES = ["machine-learning-engineer", "deep-learning-engineer"]
ROLES_AND_FORMATS = [
    *[(role, "table") for role in ROLES],
    *[(role, style) for role in FEW_ROLES for style in DOCUMENTS[1:]],
]


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
    if key == "work_mode" and text == "not marked remote":
        return "on-site"
    if re.fullmatch(r"[-+]?\$?[\d,]+(\.\d+)?%?", text):
        return float(re.sub(r"[$,+%]", "", text))
    if re.fullmatch(r"\d+ \w+ \d{4}", text):
        return datetime.strptime(text, "%d %B %Y").date().isoformat()  # noqa: DTZ007
    return text


def long_date(iso: str) -> str:
    """Return a date, or the part of it that is known, as people read it."""
    part = iso.count("-")
    date = datetime.strptime(iso, ("%Y", "%Y-%m", "%Y-%m-%d")[part])  # noqa: DTZ007
    return date.strftime(("%Y", "%B %Y", "%d %B %Y")[part]).lstrip("0")


def covered(period: str) -> str:
    """Return what a year of pay records covers, as people read it."""
    start, *end = map(long_date, period.split("/"))
    return f"{start.split()[0]} to {end[0]}" if end else start


def parse_text(style: str, page: str) -> str:
    """Return the text of a page without its markup, on one line."""
    if style == "markdown":
        page = re.sub(r"^(#+|-|\d+\.) ", "", page.replace("**", ""), flags=re.MULTILINE)
    elif style == "html":
        page = unescape(re.sub("<[^>]+>", " ", page))
    return " ".join(page.split())


def parse_tables(style: str, page: str) -> list[list[list[str]]]:
    """Return the cells of each table in a page."""
    starts = {"html": "<table>", "markdown": r"^\|(?= )"}
    blocks = re.split(r"\n\n", page)
    pattern = starts.get(style, r"^[-=]+(  [-=]+)+$")
    found = [block for block in blocks if re.search(pattern, block, re.MULTILINE)]
    return [parse_table(style, block) for block in found]


def parse_table(style: str, page: str) -> list[list[str]]:
    """Return the cells of the first table in a page, its headings first."""
    if style == "html":
        (table,) = re.findall("<table>.*?</table>", page, flags=re.DOTALL)
        return [
            ["".join(cell.itertext()).strip() for cell in line]
            for line in ET.fromstring(table).iter("tr")  # noqa: S314 - our own
        ]
    if style == "markdown":
        found = [line for line in page.splitlines() if line.startswith("| ")]
        return [[cell.strip() for cell in line.strip("|").split("|")] for line in found]
    # The columns are those of the rule below the headings.
    lines = page.splitlines()
    rule = next(line for line in lines if re.fullmatch(r"([-=]+)(  [-=]+)*", line))
    at = lines.index(rule)
    spans = [match.span() for match in re.finditer("[-=]+", rule)]
    body = [lines[at - 1], *lines[at + 1 :]]
    body = body[: body.index("")] if "" in body else body
    body = [line for line in body if line != rule]
    return [[line[a:b].strip() for a, b in spans] for line in body]


def without_arrow(heading: str) -> str:
    """Return a heading without its year and the arrow of the sorted column."""
    heading = re.sub(r" [\u2191\u2193]$", "", heading)
    return re.sub(r" \d{4}$", "", heading)


def without_marks(title: str, row: dict[str, Any]) -> str:
    """Return the title in a cell without the marks of its row."""
    title = title.removesuffix(" *")
    if "median_source" in row:
        is_thin = row["records"] is not None and row["records"] < 30
        assert title.endswith(" (thin)") == is_thin
    return title.removesuffix(" (thin)")


def assert_table(table: list[list[str]], answer: list[dict[str, Any]]) -> None:
    """Compare the cells of a table with the rows of the same answer in JSON."""
    headings, *lines = table
    assert len(lines) == len(answer)
    for line, row in zip(lines, answer, strict=True):
        for heading, text in zip(headings, line, strict=True):
            key = HEADINGS[without_arrow(heading)]
            cell = text.removesuffix(" *") if key == "place" else text
            cell = without_marks(text, row) if key == "title" else cell
            if key == "place":
                is_thin = row["records"] is not None and row["records"] < THIN_RECORDS
                assert cell.endswith(" (thin)") == is_thin
                cell = cell.removesuffix(" (thin)")
                row = row | {"place": short_place(row["level"], row["place"])}  # noqa: PLW2901
            if key == "cost_of_living" and row[key] is not None:
                row = row | {key: round(row[key], 1)}  # noqa: PLW2901
            value = row[key]
            if isinstance(value, list):
                value = ", ".join(value)
            assert parse_value(key, cell) == value, (key, row)


def csv_value(value: Any) -> str:
    """Return a value as it appears in comma separated values."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return "; ".join(value) if isinstance(value, list) else str(value)


def assert_csv(text: str, answer: list[dict[str, Any]]) -> None:
    """Compare comma separated values with the rows of the same answer in JSON."""
    read = list(csv.DictReader(io.StringIO(text)))
    assert len(read) == len(answer)
    for line, row in zip(read, answer, strict=True):
        flat = dict(row)
        for inner in ("distribution", "lead"):
            values = row.get(inner) or {}
            flat |= {f"{inner}_{key}": value for key, value in values.items()}
        # Only the keys of an inner row may be absent from JSON, if it has none.
        prefixes = ("distribution_", "lead_")
        assert [key for key in line if not key.startswith(prefixes)] == [
            key
            for key in row
            if key not in {"distribution", "evidence", "lead", "closest"}
        ]
        for key, cell in line.items():
            value = flat.get(key)
            assert cell == csv_value(value), key


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
        is_few = role in {"", *FEW_ROLES}
        if is_few:
            assert_csv(run(*line, "-f", "csv").stdout, answer)
        if not answer:
            continue
        headings = set()
        for style in DOCUMENTS if is_few else ["table"]:
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
        "Median": "median", "Difference": "difference", "Records": "records",
        "Openings": "openings", "Average": "average_salary",
    }  # fmt: skip
    known = [
        heading
        for heading, key in keys.items()
        if any(row[key] is not None for row in answer)
    ]
    headings = parse_table("table", run("compare", role, "ds").stdout)[0]
    assert list(map(without_arrow, headings)) == ["Role", *known]


@pytest.mark.parametrize("command", [*OBJECTS, "faq"])
@pytest.mark.parametrize("role", FEW_ROLES)
def test_csv_has_the_values_of_json(command: str, role: str) -> None:
    line = line_for(command, role)
    answer = rows(*line)
    as_list = answer if isinstance(answer, list) else [answer]
    assert_csv(run(*line, "-f", "csv").stdout, as_list)


KIND_OF = {kind.name: name for name, kind in KINDS.items()}
MONTHS = "January February March April May June July August September October November "
MONTHS += "December"
EVIDENCE_HEADINGS = ["Source", "Period", "Count", "25th", "Median", "75th"]


def parse_period(text: str) -> str:
    """Return the period in JSON: `2022-08` of `August 2022`."""
    month, _, year = text.rpartition(" ")
    if month not in MONTHS.split():
        return text
    return f"{year}-{MONTHS.split().index(month) + 1:02}"


def assert_evidence(table: list[list[str]], evidence: list[dict[str, Any]]) -> None:
    """Compare a table of what sources report with the same rows in JSON."""
    headings, *lines = table
    assert [each for each in EVIDENCE_HEADINGS if each in headings] == headings
    assert len(lines) == len(evidence)
    shown = []
    for line, row in zip(lines, evidence, strict=True):
        cells = dict(zip(headings, line, strict=True))
        name = cells.pop("Source")
        assert (row["occupation"] or KIND_OF[name]) == (
            name if row["occupation"] else row["kind"]
        )
        assert parse_period(cells.pop("Period")) == row["period_covered"]
        center = cells.pop("Median")
        assert center.endswith(" (average)") == (row["median"] is None)
        amount = parse_value("median", center.removesuffix(" (average)"))
        assert amount == (row["mean"] if row["median"] is None else row["median"])
        # Columns without any value are omitted.
        count = row["records"] if row["employment"] is None else row["employment"]
        known = {"Count": count, "25th": row["p25"], "75th": row["p75"]}
        for heading, text in cells.items():
            assert parse_value("records", text) == known[heading]
        shown.append({key for key, value in known.items() if value is not None})
    assert set().union(*shown) == set(headings) - {"Source", "Period", "Median"}


def assert_lead(text: str, row: dict[str, Any]) -> str:
    """Compare the lines that state the leading figure with JSON; return the rest."""
    lead = row["lead"]
    if lead is None:
        first = f"No current pay figure for {row['title']}"
        assert text.startswith(first)
        return text.removeprefix(first).strip()
    found = re.match(
        r"(\S+) an? (\w+)(?: in prices of (\w+ \d+))?: (median|average) of (.+?) "
        + re.escape(row["title"])
        + r", (\d{4}), (.+?): ([\d,]+) (.+?)s( \(thin: fewer than 30\))? "
        r"Middle half: (\S+) to (\S+)\. "
        r"(?:Typical advertised range \(median low end to median high end\): "
        r"(\S+) to (\S+)\. )?"
        r"(?:95% confidence interval of the median: (\S+) to (\S+) "
        r"\(sampling error only, not bias\)\. )?",
        text,
    )
    assert found
    (amount, period, prices, statistic, kind, year, scope, records, counted, thin,
     p25, p75, low, high, median_low, median_high) = found.groups()  # fmt: skip
    assert {
        "amount": parse_value("median", amount),
        "statistic": statistic,
        "kind": KIND_OF[kind],
        "year": int(year),
        "records": parse_value("records", records),
        "thin": thin is not None,
    } == lead
    assert period == row["period"]
    assert (prices and parse_period(prices)) == row.get("prices")
    assert counted == KINDS[lead["kind"]].counted
    (origin,) = (
        each
        for each in row["evidence"]
        if each["kind"] == lead["kind"] and not each["occupation"]
    )
    assert parse_value("p25", p25) == origin["p25"]
    assert parse_value("p75", p75) == origin["p75"]
    country, *groups = scope.split(", ")
    assert CODES.get(country) == origin["region"]
    assert (country == "all countries") == (origin["region"] is None)
    pay = row["distribution"]
    assert groups == [
        each for each in (pay["experience"], pay["work_mode"]) if each is not None
    ]
    assert (low is None) == (pay["low"] is None or lead["kind"] == "filings")
    if low is not None:
        assert parse_value("low", low) == pay["low"]
        assert parse_value("high", high) == pay["high"]
    assert (median_low is None) == (low is None)
    if median_low is not None:
        assert parse_value("median", median_low) == pay["median_low"]
        assert parse_value("median", median_high) == pay["median_high"]
    return text[found.end() :]


def assert_closest(table: list[list[str]], closest: list[dict[str, Any]]) -> None:
    """Compare the table of the closest figures with the same rows in JSON."""
    headings, *lines = table
    assert headings == ["Role", "Records of", "Records", "Median"]
    for line, row in zip(lines, closest, strict=True):
        title, group, records, median = line
        assert title.removesuffix(" (thin)") == row["title"]
        assert title.endswith(" (thin)") == (row["records"] < THIN_RECORDS)
        country = row["country"] and DATA.countries[row["country"]]
        period = DATA.period(row["role"], row["year"])
        parts = [covered(period), country or "all countries", row["experience"]]
        parts = [str(part) for part in (*parts, row["work_mode"]) if part is not None]
        assert group == ", ".join(parts)
        assert parse_value("records", records) == row["records"]
        assert parse_value("median", median) == row["median"]


SALARY_OPTIONS = [
    "", "--per week", "--real", "--country all", "--experience senior",
    "--work-mode remote --year 2024",
]  # fmt: skip


@pytest.mark.parametrize("options", SALARY_OPTIONS)
@pytest.mark.parametrize(("role", "style"), ROLES_AND_FORMATS)
def test_salary_page_has_the_values_of_json(
    role: str, options: str, style: str
) -> None:
    line = ["salary", role, *options.split()]
    row, page = rows(*line), run(*line, "-f", style).stdout
    rest = assert_lead(parse_text(style, page), row)
    own = [each for each in row["evidence"] if each["occupation"] is None]
    related = [each for each in row["evidence"] if each["occupation"] is not None]
    tables = parse_tables(style, page)
    if row["closest"]:
        assert row["distribution"] is None
        assert "The closest figures:" in rest
        assert_closest(tables.pop(), row["closest"])
    else:
        assert ("No figures are close" in rest) == (not row["evidence"])
    if not row["evidence"]:
        assert tables == []
        return
    titles = {
        f"What each source reports about {row['title']}:": own,
        "Related official occupations, which include other jobs:": related,
    }
    position = 0
    for title, evidence in titles.items():
        assert (title in rest) == bool(evidence)
        if evidence:
            assert rest.index(title) >= position
            position = rest.index(title)
            assert_evidence(tables.pop(0), evidence)
    assert tables == []
    # The figures of the role come first, the newest first; those of official
    # occupations are apart.
    assert row["evidence"] == own + related
    kinds = {each["kind"] for each in row["evidence"]}
    assert ("The figures differ because " in rest) == (len(kinds) > 1)
    for kind, reason in {
        "advertised": "advertised pay is the middle of the ranges in postings",
        "filings": "H-1B filings come only from employers that sponsor visas",
        "job-site": "the job-site average dates from August 2022",
        "official": "official occupations have other jobs and lack many of",
    }.items():
        assert (reason in rest) == (kind in kinds and len(kinds) > 1)
    found = re.search(
        r" USD an? (\w+)(?:, in prices of (\w+ \d+))?, base pay before tax, without "
        r"bonus and equity\. Sources?: (.+)\.$",
        rest,
    )
    assert found
    assert found[1] == row["period"]
    assert (found[2] and parse_period(found[2])) == row.get("prices")
    named = [SOURCES[title] for title in found[3].split("; ")]
    assert named == list(dict.fromkeys(each["source"] for each in row["evidence"]))


OFFERS = ["150k", "--per hour 80", "10k", "900k"]


@pytest.mark.parametrize("offered", OFFERS)
@pytest.mark.parametrize(("role", "style"), ROLES_AND_FORMATS)
def test_offer_page_has_the_values_of_json(role: str, offered: str, style: str) -> None:
    line = ["offer", *offered.split(), role]
    row = rows(*line)
    text = parse_text(style, run(*line, "-f", style).stdout)
    if row["records"] is None:
        amount, _, rest = text.partition(" a" if row["period"] == "year" else " an")
        assert parse_value("offer", amount) == row["offer"]
        country = DATA.countries[row["country"]]
        assert rest == (
            f" {row['period']}: too few distinct postings of "
            f"{row['title']} in the {country}"
        )
        return
    found = re.fullmatch(
        r"(\S+) an? (\w+): (.+) ([\d,]+) distinct postings "
        r"(\(thin: fewer than 30\) )?(.+), ([^,]+), (.+): advertised pay, (aijobs.+) "
        r"(?:(\S+) (below|above)|equal to) the median of (\S+) "
        r"(within|below|above) the typical advertised range, (\S+) to (\S+)",
        text,
    )
    assert found
    (amount, period, rank, records, thin, title, year, country, source, gap, side,
     median, place, low, high) = found.groups()  # fmt: skip
    assert parse_value("offer", amount) == row["offer"]
    assert (period, title) == (row["period"], row["title"])
    assert year == covered(DATA.period(role, row["year"]))
    assert CODES.get(country) == row["country"]
    assert parse_value("records", records) == row["records"]
    assert parse_value("source", source) == row["source"]
    assert parse_value("median", median) == row["median"]
    sign = -1 if side == "below" else 1
    assert parse_value("difference", gap or "0") * sign == row["difference"]
    assert (thin is not None) == (row["records"] < THIN_RECORDS)
    assert_rank(rank, row)
    pay = rows("salary", role, "--per", row["period"])["distribution"]
    assert parse_value("low", low) == pay["low"]
    assert parse_value("high", high) == pay["high"]
    inside = pay["low"] <= row["offer"] <= pay["high"]
    assert place == (
        "within" if inside else "below" if row["offer"] < pay["low"] else "above"
    )


def assert_rank(rank: str, row: dict[str, Any]) -> None:
    """Compare the words for the percentile of an offer with JSON."""
    percentile = row["percentile"]
    if percentile is None:
        side = "below the 5th" if row["difference"] < 0 else "above the 95th"
        assert rank == f"{side} percentile of the midpoints of"
        return
    found = re.fullmatch(
        r"(\d+)(?:st|nd|rd|th) percentile: higher than about (\d+)% of "
        r"the midpoints of",
        rank,
    )
    assert found
    assert found[1] == found[2]
    assert row["percentile_low"] == row["percentile_high"] == percentile
    assert abs(int(found[1]) - percentile) <= 1
    assert (int(found[1]) == 50) == (row["difference"] == 0)


TECHNOLOGIES = (
    " Technologies: in demand for Data Scientists (15-2051.00), an official "
    "occupation, not the role itself. Source: O*NET 30.0, August 2025."
)


@pytest.mark.parametrize(("role", "style"), ROLES_AND_FORMATS)
def test_pages_contain_whole_texts(role: str, style: str) -> None:
    described = ("collaborators", "skills", "applications", "technologies")
    for command, keys in {
        "describe": ("title", "description", *described),
        "duties": ("title", "duties"),
    }.items():
        page = parse_text(style, run(command, role, "-f", style).stdout)
        row = rows(command, role)
        position = 0
        for key in keys:
            value = row[key]
            for text in value if isinstance(value, list) else [value]:
                position = page.index(text, position) + len(text)
        # Nothing follows the last text but where the technologies are from.
        note = TECHNOLOGIES if row.get("technologies") else ""
        assert page[position:] == note
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
        assert text == csv_value(value)


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
    assert Page(salary.salary(DATA)).value(value, kind) == text


def test_unknown_values_are_hyphens_on_an_ascii_terminal() -> None:
    assert Page(salary.salary(DATA), unicode=False).value(None, "money") == "-"
