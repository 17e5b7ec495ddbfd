"""Every answer has the same values in every format: each is read back and compared."""

from __future__ import annotations

import csv
import io
import math
import re
import xml.etree.ElementTree as ET
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from mlroles.dataset.dimensions import round_percentile
from mlroles.dataset.load import load
from mlroles.matching import short_place
from mlroles.output.layout import Layout
from mlroles.output.page import Page
from mlroles.queries import salary
from tests.conftest import rows, run

if TYPE_CHECKING:
    from mlroles.questions import Kind

DATA = load()
PAGE = Page(salary.salary(DATA))
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
    "Seniority": "seniority",
    "Id": "role", "Aliases": "aliases", "Prices": "cost_of_living",
    "Adjusted": "adjusted_median", "Equivalent": "equivalent",
    "Percentile": "to_percentile",
}  # fmt: skip
# The keys whose values are figures of their own.
NESTED = ["other_figures", "closest"]
# Commands whose answer is a table, and those whose answer is one object.
TABLES = [
    "compare", "compare --per hour", "locations --limit all",
    "locations --level state --limit all", "locations --level country --limit all",
    "locations --per month --limit all", "salary --by year",
    "salary --by country", "salary --by experience", "salary --by work-mode",
    "salary --by seniority", "salary --by year --per hour", "compare --real",
    "compare --country germany --currency USD", "salary --by year --real",
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


def line_of(command: str, role: str) -> list[str]:
    """Return the command line that asks about a role."""
    name, *rest = command.split()
    amount = [rest.pop(0)] if name in {"offer", "relocate"} else []
    return [name, *amount, role, *rest]


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


def unescaped(markdown: str) -> str:
    """Return a text in Markdown as it is shown."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


def parse_text(style: str, page: str) -> str:
    """Return the text of a page without its markup, on one line."""
    if style == "markdown":
        page = re.sub(r"^(#+|-|\d+\.) ", "", page.replace("**", ""), flags=re.MULTILINE)
        page = unescaped(page)
    elif style == "html":
        page = unescape(re.sub("<[^>]+>", " ", page))
    return " ".join(page.split())


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
        cells = [line.strip("|").split("|") for line in found]
        return [[unescaped(cell.strip()) for cell in line] for line in cells]
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


def marks(row: dict[str, Any]) -> str:
    """Return what follows the name of a figure."""
    texts = ["thin"] if row["thin"] else []
    share = row.get("top_employer_share")
    if share is not None and share > 50:
        texts.append(f"{max(51, round(share))}% {row['top_employer']}")
    return f" ({', '.join(texts)})" if texts else ""


def without_marks(title: str, row: dict[str, Any]) -> str:
    """Return the title in a cell without the marks of its row."""
    title = title.removesuffix(" *")
    if "thin" in row:
        assert title.endswith(" (thin)") == bool(row["thin"])
    return title.removesuffix(" (thin)")


def assert_table(table: list[list[str]], answer: list[dict[str, Any]]) -> None:
    """Compare the cells of a table with the rows of the same answer in JSON."""
    headings, *lines = table
    assert len(lines) == len(answer)
    for line, row in zip(lines, answer, strict=True):
        for heading, text in zip(headings, line, strict=True):
            key = HEADINGS[without_arrow(heading)]
            # By year, it is the difference from the year before.
            key = "change" if key == "difference" and "change" in row else key
            if text == "unclear":
                assert row["change_ci_low"] <= 0 <= row["change_ci_high"]
                continue
            cell = text.removesuffix(" *") if key == "place" else text
            cell = without_marks(text, row) if key == "title" else cell
            groups = {"year", "country", "experience", "work_mode", "seniority"}
            # The group that rows are broken down by comes first.
            if key == "place" or (key in groups and heading == headings[0]):
                mark = marks(row)
                assert cell.endswith(mark)
                assert ("(thin" in cell) == row["thin"]
                cell = cell.removesuffix(mark)
            if key == "place":
                row = row | {"place": short_place(row["level"], row["place"])}  # noqa: PLW2901
            if key == "cost_of_living" and row[key] is not None:
                row = row | {key: round(row[key], 1)}  # noqa: PLW2901
            value = row[key]
            if key == "adjusted_median" and value is not None:
                step = 100 if row["period"] == "month" else 1_000
                value = f"about ${round(value / step) * step:,}"
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
        # Lists of objects are omitted.
        flat = {key: row[key] for key in row if key not in NESTED}
        assert list(line) == list(flat)
        for key, cell in line.items():
            assert cell == csv_value(flat[key]), key


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show every column."""
    monkeypatch.setenv("COLUMNS", "400")


@pytest.mark.parametrize("command", [*TABLES, "roles --details"])
def test_tables_have_the_values_of_json_in_every_format(command: str) -> None:
    compared = 0
    for role in ROLES if command != "roles --details" else [""]:
        line = line_of(command, role) if role else command.split()
        answer = rows(*line)
        compared += len(answer)
        is_few = role in {"", *FEW_ROLES}
        if is_few:
            assert_csv(run(*line, "-f", "csv").stdout, answer)
        if not answer:
            continue
        headings = set()
        if run(*line).stdout.rpartition(": ")[2].lower().startswith("no median pay of"):
            # A table would have nothing but titles.
            assert {row["median"] for row in answer} == {None}
            continue
        for style in DOCUMENTS if is_few else ["table"]:
            table = parse_table(style, run(*line, "-f", style).stdout)
            assert_table(table, answer)
            headings.add(tuple(map(without_arrow, table[0])))
        # All formats show the same columns.
        assert len(headings) == 1
    assert compared


PAY_HEADINGS = {
    "Records": "records", "10th": "p10", "25th": "p25", "Median": "median",
    "75th": "p75", "90th": "p90", "Difference": "difference",
}  # fmt: skip
# The columns that are shown only if rows are sorted by them.
OLD_HEADINGS = {"openings": "Openings", "average": "Average"}


@pytest.mark.parametrize(
    ("role", "sort"),
    [
        *[(role, "median") for role in ROLES],
        *[(role, sort) for role in FEW_ROLES for sort in OLD_HEADINGS],
    ],
)
def test_comparison_shows_every_known_pay_figure(role: str, sort: str) -> None:
    line = ["compare", role, "ds", "--sort", sort]
    answer = rows(*line)
    keys = dict(PAY_HEADINGS)
    if sort in OLD_HEADINGS:
        keys |= {OLD_HEADINGS[sort]: HEADINGS[OLD_HEADINGS[sort]]}
    known = [
        heading
        for heading, key in keys.items()
        if any(row[key] is not None for row in answer)
    ]
    table = parse_table("table", run(*line).stdout)
    assert list(map(without_arrow, table[0])) == ["Role", *known]
    assert_table(table, answer)


@pytest.mark.parametrize("command", [*OBJECTS, "faq"])
@pytest.mark.parametrize("role", FEW_ROLES)
def test_csv_has_the_values_of_json(command: str, role: str) -> None:
    line = line_of(command, role)
    answer = rows(*line)
    flat = answer if isinstance(answer, list) else [answer]
    for key in NESTED if isinstance(answer, dict) else ():
        # A line for each figure, with all keys.
        named = {each: answer[each] for each in ("role", "title")}
        inner = [{**named, **each} for each in answer.get(key, [])]
        flat += [
            {**{each: row.get(each) for each in answer}, "part": key} for row in inner
        ]
    if isinstance(answer, dict) and len(flat) > 1:
        flat[0] = answer | {"part": None}
    assert_csv(run(*line, "-f", "csv").stdout, flat)


# Numbers in sentences: the floors of thin figures, percentiles, the confidence level,
# the hours of a year, and the prices of the United States.
CONSTANTS = {10, 25, 30, 50, 75, 90, 95, 100, 2_080}
MONTHS = (
    "January February March April May June July August September October November "
    "December"
).replace(" ", "|")
# What looks like a figure and is none: names, dates and codes.
NAMES = re.compile(
    rf"H-1B|O\*NET [\d.]+|FY \d+|(?:\d+ )?(?:{MONTHS}|[A-Z][a-z]{{2}}) \d{{4}}"
    r"|\b(?:19|20)\d\d\b|\b\d\d-\d{4}(?:\.\d\d)?\b|\d+(?:st|nd|rd|th) (?=percentile)"
)
ASKED = [
    "salary", "salary --details", "salary --per hour", "salary --real",
    "salary --location austin", "salary --location germany --currency USD",
    "salary --by year",
    "salary --by seniority", "salary --by country", "compare",
    "compare --sort openings", "compare --sort average", "locations",
    "locations --sort adjusted", "locations --level country", "employers", "industries",
    "offer 150k", "offer 30k",
    "offer 172k --location austin", "offer 95k --location germany --currency USD",
    "offer 172k --location austin --bonus 15% --equity 200k/4y --signing 30k",
    "offer 172k --location austin --bonus 15% --vs 180k",
    "relocate 172k --from austin", "relocate 172k --from austin --to seattle",
    "relocate 60k --from germany --currency USD", "outlook", "show",
]  # fmt: skip


def numbers_in(text: str) -> set[float]:
    """Return the numbers in a text."""
    found = re.findall(r"\d[\d,]*(?:\.\d+)?", text)
    return {float(each.replace(",", "")) for each in found}


def texts_in(value: Any) -> set[str]:
    """Return the texts in an answer."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return set().union(*map(texts_in, inner))
    return {value} if isinstance(value, str) else set()


def as_shown(number: float) -> set[float]:
    """Return a number as pages show it: rounded, without its sign, as an estimate."""
    number = abs(number)
    rounded = {round(number, digits) for digits in (0, 1, 2)}
    return {number, math.floor(number), *rounded, round(number / 1_000) * 1_000}


def derived(value: Any) -> set[float]:
    """Return all numbers in an answer, and those that pages compute from them."""
    if isinstance(value, list):
        return set().union({len(value), len(value) - 10}, *map(derived, value))
    if isinstance(value, dict):
        found = set().union(*map(derived, value.values()))
        if value.get("difference") is not None:
            # What the difference is from.
            found |= as_shown(value["median"] - value["difference"])
        if value.get("percentile") is not None:
            # Never that of another published amount.
            found.add(round_percentile(value["percentile"]))
        share, records = value.get("percentile"), value.get("records")
        if share is not None and records is not None:
            # How many records an offer is higher than.
            found.add(round(share / 100 * records))
        return found
    if isinstance(value, str):
        # Codes, such as those of industries.
        return set() if re.search("[A-Za-z]", value) else numbers_in(value)
    return as_shown(value or 0)


@pytest.mark.parametrize("command", ASKED)
def test_every_number_on_a_page_is_in_json_and_csv(command: str) -> None:
    compared = 0
    for role in ROLES:
        line = line_of(command, role)
        result = run(*line)
        assert result.exit_code == 0, result.stderr
        page = " ".join(result.stdout.split())
        answer = rows(*line)
        assert DATA.pay
        notes = DATA.pay["country_notes"].values()
        texts = [each for each in texts_in(answer) if re.search("[A-Za-z]{3}", each)]
        for text in sorted([*notes, *texts], key=len, reverse=True):
            page = page.replace(text, "")
        shown = numbers_in(NAMES.sub("", page)) - CONSTANTS
        # How many roles are not shown, and how many employers come last.
        last = [row for row in answer if isinstance(row, dict) and row.get("one_wage")]
        counts = {len(ROLES) - len(answer), len(last), len(answer) - len(last)}
        known = derived(answer) | counts
        if command == "show":
            # The first sentences of texts, and the numbers of items.
            known |= numbers_in(" ".join(texts)) | set(range(10))
        assert shown <= known, (role, shown - known, result.stdout)
        compared += len(shown)
        if command == "show":
            continue
        cells = csv.DictReader(io.StringIO(run(*line, "-f", "csv").stdout))
        read = [
            {key: float(cell) for key, cell in row.items() if NUMBER.fullmatch(cell)}
            for row in cells
        ]
        known = derived(read) | counts
        assert shown <= known, (role, shown - known, result.stdout)
    assert compared


NUMBER = re.compile(r"-?\d+(\.\d+)?")


@pytest.mark.parametrize("role", ROLES)
def test_salary_has_the_same_figures_in_every_format(role: str) -> None:
    row = rows("salary", role)
    medians = [row["median"], *(each["median"] for each in row["other_figures"])]
    for style in DOCUMENTS:
        text = parse_text(style, run("salary", role, "-f", style).stdout)
        at = 0
        for median in medians:
            at = text.index(f"${median:,}", at) if median is not None else at
    # What is about the role comes first, the newest first; official occupations last.
    others = row["other_figures"]
    assert others == sorted(
        others, key=lambda each: (each["occupation"] is not None, -each["year"])
    )


@pytest.mark.parametrize("offered", ["150k", "30k", "900k"])
@pytest.mark.parametrize("role", ROLES)
def test_verdict_and_rank_follow_from_the_percentile(role: str, offered: str) -> None:
    row = rows("offer", offered, role)
    title, *lines = run("offer", offered, role).stdout.splitlines()
    verdict = title.rpartition(": ")[2]
    if row["source"] is None:
        assert verdict == "no pay figure to rank it in"
        return
    percentile, rank = row["percentile"], " ".join(lines)
    if percentile is None:
        is_low = row["to_median"] > 0
        assert verdict == ("very low" if is_low else "very high")
        assert rank.startswith("Below the 5th" if is_low else "Above the 95th")
        return
    bounds = {10: "very low", 25: "low", 75.1: "mid-range", 90.1: "high", 101: ""}
    expected = next(word for most, word in bounds.items() if percentile < most)
    assert verdict == (expected or "very high")
    found = re.match(
        r"Higher than about ([\d.]+)(%?) of the midpoints of ([\d,]+) ", rank
    )
    assert found
    assert parse_value("records", found[3]) == row["records"]
    assert bool(found[2]) == (row["records"] >= 100)
    share = float(found[1]) if found[2] else 100 * int(found[1]) / row["records"]
    assert share == pytest.approx(percentile, abs=1 if found[2] else 5)


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
        line = (command, role, "--details")
        page = parse_text(style, run(*line, "-f", style).stdout)
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
def test_details_of_sources_contain_all_values(style: str) -> None:
    page = parse_text(style, run("sources", "--details", "-f", style).stdout)
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


@pytest.mark.parametrize(("role", "style"), ROLES_AND_FORMATS)
def test_skills_page_has_the_values_of_json(role: str, style: str) -> None:
    answer = rows("skills", role)
    assert_csv(run("skills", role, "-f", "csv").stdout, answer)
    page = run("skills", role, "--limit", "all", "--details", "-f", style).stdout
    if not answer:
        assert parse_text(style, page) == "No technologies."
        return
    demanded = sum(bool(row["in_demand"]) for row in answer)
    hot = sum(row["hot"] for row in answer)
    text = parse_text(style, page)
    count = f"of {len(answer)} technologies are"
    if any(row["in_demand"] is not None for row in answer):
        assert text.startswith(f"{demanded} {count} in demand for Data Scientists (15-")
        assert f" Hot ({hot}): " in text
    else:
        assert text.startswith(f"{hot} {count} hot ")
    for name in {name for row in answer for name in row["occupations"]}:
        assert name in text
    heading, *lines = parse_table(style, page)
    words = {True: "yes", False: "no", None: UNKNOWN}
    for line, row in zip(lines, answer, strict=True):
        cells = dict(zip(heading, line, strict=True))
        assert cells["Technology"] == row["technology"]
        assert cells["Hot"] == words[row["hot"]]
        assert cells.get("In demand", UNKNOWN) == words[row["in_demand"]]
        assert cells["Category"] == row["category"]
        codes = [name[name.rindex("(") + 1 : -1] for name in row["occupations"]]
        assert cells.get("Listed by", codes[0]) == ", ".join(codes)


@pytest.mark.parametrize("style", DOCUMENTS)
def test_months_of_an_outlook_have_the_values_of_json(style: str) -> None:
    line = ("outlook", "--by", "month")
    answer, page = rows(*line), run(*line, "-f", style).stdout
    latest = rows("outlook")["postings_index"]
    assert f": {latest:.1f} on " in parse_text(style, page)
    heading, *lines = parse_table(style, page)
    assert heading == ["Month", "Index", "AI share"]

    def shown(value: float | None, form: str) -> str:
        return UNKNOWN if value is None else form.format(value)

    assert lines == [
        [
            long_date(row["month"]), shown(row["postings_index"], "{:.2f}"),
            shown(row["ai_share"], "{:.1f}%"),
        ]
        for row in answer
    ]  # fmt: skip
    flat = [
        {key: value for key, value in row.items() if key != "ai_share_by_country"}
        for row in answer
    ]
    assert_csv(run(*line, "-f", "csv").stdout, flat)


@pytest.mark.parametrize("role", ROLES)
def test_show_has_the_lead_of_salary_and_the_values_of_json(role: str) -> None:
    lead = run("salary", role).stdout.partition("\n\n")[0]
    assert lead in run("show", role).stdout
    whole = rows("show", role)
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
    assert Page(salary.salary(DATA), Layout(unicode=False)).value(None, "money") == "-"
