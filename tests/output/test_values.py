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
from mlroles.questions import FIGURE
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
NESTED = {"other_figures", "closest"}
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


def marks(row: dict[str, Any]) -> str:
    """Return what follows the name of a figure."""
    texts = ["thin"] if row["thin"] else []
    share = row["top_employer_share"]
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
            cell = text.removesuffix(" *") if key == "place" else text
            cell = without_marks(text, row) if key == "title" else cell
            if key in {"place", "seniority"}:
                mark = marks(row)
                assert cell.endswith(mark)
                assert ("(thin" in cell) == row["thin"]
                cell = cell.removesuffix(mark)
            if key == "place":
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
        # Lists of objects are left out.
        flat = {key: row[key] for key in row if key not in NESTED}
        assert list(line) == list(flat)
        for key, cell in line.items():
            assert cell == csv_value(flat[key]), key


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


PAY_HEADINGS = {
    "Records": "records", "10th": "p10", "25th": "p25", "Median": "median",
    "75th": "p75", "90th": "p90", "Difference": "difference",
}  # fmt: skip
# The columns that are shown only if rows are sorted by them.
OLD_HEADINGS = {"openings": "Openings", "average": "Average"}


@pytest.mark.parametrize("sort", ["median", *OLD_HEADINGS])
@pytest.mark.parametrize("role", ROLES)
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
    line = line_for(command, role)
    answer = rows(*line)
    as_list = answer if isinstance(answer, list) else [answer]
    assert_csv(run(*line, "-f", "csv").stdout, as_list)


KIND_OF = {kind.name: name for name, kind in KINDS.items()}
MONTHS = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
]  # fmt: skip
FIGURE_KEYS = [column.key for column in FIGURE]


def figures(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the figures of an answer, the leading one first."""
    lead = [row] if row["source"] is not None else []
    return [{key: each[key] for key in FIGURE_KEYS} for each in lead] + [
        {key: each[key] for key in FIGURE_KEYS} for each in row["other_figures"]
    ]


def parse_period(text: str) -> str:
    """Return the period in JSON: `2025-01/2025-07` of `January to July 2025`."""
    start, _, end = text.rpartition(" to ")
    if start:
        year = end.split()[-1]
        start = start if start[-1].isdigit() else f"{start} {year}"
        return f"{parse_period(start)}/{parse_period(end)}"
    *month, year = text.split()
    return "-".join([year, *(f"{MONTHS.index(each[:3]) + 1:02}" for each in month)])


def assert_others(table: list[list[str]], row: dict[str, Any]) -> None:
    """Compare the table of what other sources report with the same rows in JSON."""
    headings, *lines = table
    others = row["other_figures"]
    # Columns without any value are omitted.
    known = {
        heading
        for heading, key in {"25th": "p25", "75th": "p75"}.items()
        if any(each[key] is not None for each in others)
    }
    columns = ["Other figures", "25th", "Median", "75th"]
    optional = {"25th", "75th"} - known
    assert headings == [each for each in columns if each not in optional]
    assert len(lines) == len(others)
    for line, each in zip(lines, others, strict=True):
        cells = dict(zip(headings, line, strict=True))
        found = re.fullmatch(
            r"(?:(?P<occupation>.+ \([\d-]+\)), )?"
            rf"(?P<kind>{'|'.join(KIND_OF)})"
            r"(?:, (?P<region>[^,]+))?, (?P<period>[^,(]+?)"
            r"(?: \((?P<count>[\d,]+)(?P<thin>, thin)?"
            r"(?:, (?P<mostly>\d+% [^)]+))?\))?",
            cells.pop("Other figures"),
        )
        assert found
        assert found["occupation"] == each["occupation"]
        assert KIND_OF[found["kind"]] == each["kind"]
        assert parse_period(found["period"]) == each["period_covered"]
        # The region is named if it is not that of the leading figure.
        is_named = each["region"] != row["region"]
        region = each["region"] and DATA.countries[each["region"]]
        assert found["region"] == ((region or "all countries") if is_named else None)
        count = each["records"] if each["employment"] is None else each["employment"]
        assert (found["count"] and parse_value("records", found["count"])) == count
        assert (found["thin"] is not None) == each["thin"]
        assert (found["mostly"] or "") in marks(each)
        assert bool(found["mostly"]) == ("% " in marks(each))
        is_average = each["median"] is None
        assert is_average == found["kind"].endswith("average")
        amounts = {"25th": "p25", "Median": "mean" if is_average else "median"}
        amounts["75th"] = "p75"
        for heading, text in cells.items():
            assert parse_value("median", text) == each[amounts[heading]]


def scope_of(country: str | None) -> str:
    """Return a country as people read it; null is all countries."""
    return "all countries" if country is None else DATA.countries[country]


def assert_lead(text: str, row: dict[str, Any]) -> str:
    """Compare the lines that state the leading figure with JSON; return the rest."""
    # Without a figure, a country is named only if it was asked for.
    is_placed = row["source"] is not None or row["country"] is not None
    place = f", {scope_of(row['country'])}" if is_placed else ""
    first = f"{row['title']}{place}: "
    assert text.startswith(first)
    text = text.removeprefix(first)
    if row["source"] is None:
        assert all(
            row[key] is None for key in FIGURE_KEYS if key not in {"currency", "period"}
        )
        assert text.startswith("no current pay figure")
        return text.removeprefix("no current pay figure").strip()
    found = re.match(
        r"(\S+) an? (\w+)(?: in prices of (\w+ \d+))? "
        r"(Median|Average) of ([\d,]+) (.+?)s( \(thin: fewer than 30\))?, (.+?)\. "
        r"The middle half is (\S+) to (\S+)\.(?: One in ten is below (\S+), "
        r"one in ten above (\S+)\.)?(?: |$)",
        text,
    )
    assert found
    (amount, period, prices, statistic, records, counted, thin, scope, p25, p75,
     p10, p90) = found.groups()  # fmt: skip
    assert (statistic == "Average") == (row["median"] is None)
    key = {"Median": "median", "Average": "mean"}[statistic]
    assert parse_value("median", amount) == row[key]
    assert period == row["period"]
    assert (prices and parse_period(prices)) == row.get("prices")
    assert parse_value("records", records) == row["records"]
    assert counted == KINDS[row["kind"]].counted
    assert (thin is not None) == row["thin"] == (row["records"] < THIN_RECORDS)
    *levels, covered = scope.split(", ")
    assert parse_period(covered) == row["period_covered"]
    assert covered.endswith(str(row["year"]))
    assert levels == [
        each for each in (row["experience"], row["work_mode"]) if each is not None
    ]
    assert parse_value("p25", p25) == row["p25"]
    assert parse_value("p75", p75) == row["p75"]
    assert (p10 and parse_value("p10", p10)) == row["p10"]
    assert (p90 and parse_value("p90", p90)) == row["p90"]
    assert (row["region"], row["occupation"]) == (row["country"], None)
    return text[found.end() :]


def assert_details(text: str, row: dict[str, Any]) -> str:
    """Compare the sentences of --details with JSON; return the text without them."""
    found = re.search(
        r"(?:Typical advertised range \(median low end to median high end\): "
        r"(?P<low>\S+) to (?P<high>\S+)\. )?"
        r"(?:If these were a random sample of all such postings, the 95% confidence "
        r"interval of the median would be (?P<ci_low>\S+) to (?P<ci_high>\S+)\. )?"
        r"(?:The figures differ because they measure different things: "
        r"(?P<reasons>[^.]+)\. )?(?=[A-Z]{3} an? \w+, )",
        text,
    )
    assert found
    for key, name in {
        "range_low": "low", "range_high": "high",
        "median_ci_low": "ci_low", "median_ci_high": "ci_high",
    }.items():  # fmt: skip
        assert (found[name] and parse_value(key, found[name])) == row[key]
    kinds = list(dict.fromkeys(each["kind"] for each in figures(row)))
    reasons = {
        kind: each.reason.format(date="August 2022")
        for kind, each in KINDS.items()
        if each.reason
    }
    expected = [reasons[kind] for kind in kinds if kind in reasons]
    assert found["reasons"] == ("; ".join(expected) if len(kinds) > 1 else None)
    return text[: found.start()] + text[found.end() :]


def assert_closest(table: list[list[str]], closest: list[dict[str, Any]]) -> None:
    """Compare the table of the closest figures with the same rows in JSON."""
    headings, *lines = table
    assert headings == ["Closest figures", "Records of", "Records", "Median"]
    for line, row in zip(lines, closest, strict=True):
        title, group, records, median = line
        assert title.removesuffix(" (thin)") == row["title"]
        assert title.endswith(" (thin)") == row["thin"]
        assert row["thin"] == (row["records"] < THIN_RECORDS)
        period = PAGE.value(row["period_covered"], "date")
        parts = [period, scope_of(row["country"])]
        parts.append(row["experience"])
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
    text = parse_text(style, page)
    rest = assert_lead(text, row)
    tables = parse_tables(style, page)
    if row["other_figures"]:
        assert_others(tables.pop(0), row)
    if row["closest"]:
        assert row["source"] is None or row["kind"] == "filings"
        assert_closest(tables.pop(0), row["closest"])
    assert tables == []
    # What is about the role comes first, the newest first; official occupations last.
    others = row["other_figures"]
    assert others == sorted(
        others, key=lambda each: (each["occupation"] is not None, -each["year"])
    )
    every = [*figures(row), *row["closest"]]
    details = parse_text(style, run(*line, "--details", "-f", style).stdout)
    if not every:
        assert rest == "No figures are close to it."
        assert details == text
        return
    assert "No figures are close" not in rest
    ids = list(dict.fromkeys(each["source"] for each in every))
    unit = f"{row['currency']} {'an' if row['period'] == 'hour' else 'a'} "
    unit += row["period"]
    if "prices" in row:
        unit += f", in prices of {long_date(row['prices'])}"
    sources = [DATA.sources[each] for each in ids]
    note = f"{unit}, base pay before tax, without bonus and equity. "
    note += f"Source{'s' * (len(ids) > 1)}: "
    titles = "; ".join(each["title"] for each in sources)
    dated = "; ".join(PAGE.dated(each["id"]) for each in sources)
    assert rest.endswith(f"{note}{titles}.")
    # Details are sentences before the note, and the dates of its sources.
    assert details.endswith(f" {note}{dated}.")
    undated = details.removesuffix(f"{dated}.") + f"{titles}."
    assert assert_details(undated, row) == text


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
    sign = 1 if side == "below" else -1
    assert parse_value("to_median", gap or "0") * sign == row["to_median"]
    assert row["to_median"] == pytest.approx(row["median"] - row["offer"], abs=0.01)
    assert row["to_p75"] == pytest.approx(row["p75"] - row["offer"], abs=0.01)
    assert (thin is not None) == row["thin"] == (row["records"] < THIN_RECORDS)
    assert_rank(rank, row)
    assert parse_value("range_low", low) == row["range_low"]
    assert parse_value("range_high", high) == row["range_high"]
    inside = row["range_low"] <= row["offer"] <= row["range_high"]
    assert place == (
        "within" if inside else "below" if row["offer"] < row["range_low"] else "above"
    )


def assert_rank(rank: str, row: dict[str, Any]) -> None:
    """Compare the words for the percentile of an offer with JSON."""
    percentile = row["percentile"]
    if percentile is None:
        side = "below the 5th" if row["to_median"] > 0 else "above the 95th"
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
    assert (int(found[1]) == 50) == (row["to_median"] == 0)


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
