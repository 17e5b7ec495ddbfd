"""Roles side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.kinds import KINDS
from mlroles.matching import ALL_COUNTRIES, shorten
from mlroles.output.blocks import Figure, Note, Notes, note, paragraph
from mlroles.output.pages.phrases import (
    OF_ITS_OWN,
    base_name,
    capitalized,
    gap,
    marked,
    marks_note,
    plural,
    ranking_title,
)
from mlroles.queries.answer import known_columns
from mlroles.questions import COMPARE, COMPARE_MARKET, Column

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset
    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.queries.compare import Context
    from mlroles.questions import Row

# The columns that people see, in their order, and those of a chart.
_COLUMNS = "title records p10 p25 median p75 p90 difference"
_DRAWN = "title median difference records openings average_salary"
# What people see with details.
_DETAILS = (
    Column("rank", heading="Rank", hide=5),
    Column("senior", heading="Senior", hide=5),
)
_RANK = (
    "Rank: the ranks by median, among all roles compared, that the 95% confidence "
    "intervals of the medians leave possible."
)
_SENIOR = "Senior: share of {} at senior level."
_ONE_LEVEL = " To compare roles at one level, use --experience senior."
_SINCE = "; see 'mlroles outlook' for how postings have changed since"


def compare(page: Page, rows: list[Row]) -> list[Block]:
    """A table of roles, with notes on each kind of figure."""
    answer, first = page.answer, rows[0]
    rows = [marked(row) for row in rows]
    columns = COMPARE.chosen(_DRAWN if page.chart else _COLUMNS)
    blocks: list[Block] = []
    if not page.chart:
        wanted = {answer.sort, *answer.fields}
        # Figures of 2022, which people see if they ask for them.
        columns += COMPARE.chosen(" ".join(key for key in OF_ITS_OWN if key in wanted))
        columns = [_dated(column, rows) for column in columns]
    if not answer.fields and (of := _of(page)):
        blocks.append(ranking_title(page, of, f"for {first['title']}", "roles"))
    has_details = page.details and not page.chart
    if has_details:
        columns += _DETAILS
        rows = [{**row, **_details(row)} for row in rows]
    known = answer.columns | known_columns(rows)
    shown = {"median", answer.sort} if page.chart else {each.key for each in columns}
    if not answer.fields and not known & (shown - {"role", "title"}):
        return [paragraph(_no_median(page))]
    blocks.append(Figure(page, rows, columns))
    if not page.chart and (hidden := answer.context.others):
        blocks.append(
            paragraph(f"{page.ellipsis} {hidden} more roles{page.hint(' (--all)')}")
        )
    notes = [*_pay_notes(page, rows), *_old_notes(page, rows)]
    return [
        *blocks,
        Notes(notes),
        Notes(_detail_notes(page, rows) if has_details else []),
    ]


def market(page: Page, rows: list[Row]) -> list[Block]:
    """Pay from your own records, compared with the bundled data set."""
    bundled: Dataset = page.answer.context
    known = [row for row in rows if None not in (row["median"], row["market_median"])]
    shown = [{**marked(row), "gap": _gap(page, row)} for row in rows]
    columns = COMPARE_MARKET.chosen(
        "title records median market_records market_median difference"
    )
    columns.append(Column("gap", heading="Per cent"))
    if not known:
        title = "No role has pay in both data sets"
        return [paragraph(title), Figure(page, shown, columns, is_drawn=False)]
    first = known[0]
    compared = [row for row in known if row["difference_percent"] is not None]
    if compared:
        compared.sort(key=lambda row: row["difference_percent"])
        ends = [
            f"{_gap(page, row)} for {row['title']}"
            for row in (compared[0], compared[-1])
        ]
        title = f"Yours against the market: {' to '.join(dict.fromkeys(ends))}"
    else:
        title = "Yours next to the market, which is of all countries"
    where = capitalized(page.group({**first, "year": None}))
    own, other = (
        page.covered(first[key]) for key in ("period_covered", "market_period_covered")
    )
    yours = f"{page.source(first['source'])}, {own}"
    title_of = bundled.source(first["market_source"])["title"]
    theirs = f"{KINDS[first['market_kind']].name}, {title_of}, {other}"
    if first["market_country"] != first["country"]:
        theirs += ", all countries"
    notes = [
        f"Medians, {page.unit(first)}, base pay before tax.",
        marks_note(known),
        page.hint(_ONE_LEVEL.strip()) if first["experience"] is None else "",
    ]
    return [
        paragraph(title, f"{where}. Yours: {yours}. Market: {theirs}."),
        Figure(page, shown, columns, is_drawn=False),
        paragraph(" ".join(filter(None, notes))),
    ]


def _gap(page: Page, row: Row) -> str:
    """Return the difference from the market in words."""
    per_cent = row["difference_percent"]
    return page.value(None, "text") if per_cent is None else gap(per_cent)


def _no_median(page: Page) -> str:
    """Return that there is no figure of the roles for what was asked."""
    context: Context = page.answer.context
    is_all = context.wanted.country == ALL_COUNTRIES
    wanted = context.wanted._replace(country=None) if is_all else context.wanted
    where = capitalized(page.group(wanted._asdict(), all_countries=is_all))
    names = shorten(row["title"] for row in page.answer.rows)
    text = f"no median pay of {names}"
    return f"{where}: {text}" if where else capitalized(text)


def _of(page: Page) -> str:
    """Return the country and levels of the first row; empty if they are unknown."""
    answer, first = page.answer, page.answer.rows[0]
    prefix = OF_ITS_OWN.get(answer.sort or "")
    if prefix and not answer.reverse and (region := first[f"{prefix}region"]):
        return page.country(region)
    return capitalized(page.group({**first, "year": None})) if first["source"] else ""


def _details(row: Row) -> Row:
    """Return the values of the columns that people see with details."""
    low, high, share = row["rank_low"], row["rank_high"], row["senior_share"]
    ranks = None if low is None else f"{low} to {high}" if low < high else str(low)
    return {"rank": ranks, "senior": None if share is None else f"{share:.0f}%"}


def _detail_notes(page: Page, rows: list[Row]) -> list[Note]:
    """Notes on how certain the order is, and on how much of it is seniority."""
    known = [row for row in rows if row["rank_low"] is not None]
    if not known:
        return []
    first = max(known, key=lambda row: row["median"])
    overlapping = [
        row["title"]
        for row in known
        if row is not first and row["median_ci_high"] >= first["median_ci_low"]
    ]
    names = ", ".join(overlapping)
    overlap = f"Intervals overlap with that of {first['title']}: {names}."
    return [
        note(_RANK, about="rank"),
        note(overlap * bool(names)),
        note(
            _SENIOR.format(plural(page, first["source"])) + page.hint(_ONE_LEVEL),
            about="senior",
        ),
    ]


def _dated(column: Column, rows: list[Row]) -> Column:
    """Return a column whose heading has the year of its figures: `Openings 2022`."""
    key = f"{OF_ITS_OWN.get(column.key, '')}updated"
    years = {row[key][:4] for row in rows if column.key in OF_ITS_OWN and row[key]}
    if len(years) != 1:
        return column
    return column._replace(heading=f"{column.heading} {years.pop()}")


def _pay_notes(page: Page, rows: list[Row]) -> list[Note]:
    """Notes on the pay records whose figures are shown."""
    row = next((row for row in rows if row["source"]), None)
    if row is None:
        return []
    kind, median = page.kind(row["source"]), "median difference"
    # The title has the period and the country; chosen fields have no title.
    is_titled = page.answer.sort == "median" and not page.answer.fields
    group = "" if is_titled else f", {page.group(row)}"
    unit = f"{kind}{group}, {page.unit(row)}, base pay."
    records = f"Records: {plural(page, row['source'])}, {kind}, {page.group(row)}."
    relative = f"Difference: from {base_name(page)}."
    return [
        note(f"Median: {unit}", about=median),
        note(records, about="records", unless=median),
        note(relative, about="difference"),
        note(marks_note(rows), about=f"records {median}"),
        note(f"Source: {page.source(row['source'])}.", about=f"records {median}"),
    ]


def _old_notes(page: Page, rows: list[Row]) -> list[Note]:
    """Notes on the figures of 2022: what they are, and when they are of."""
    texts = {
        "average_salary": f"Average: average base salary, {page.unit(rows[0])}.",
        "openings": f"Openings: number of open jobs at that time{page.hint(_SINCE)}.",
    }
    return [
        note(f"{text} Source: {origins}.", about=key)
        for key, text in texts.items()
        if (origins := _origins(page, rows, key, OF_ITS_OWN[key]))
    ]


def _origins(page: Page, rows: list[Row], key: str, prefix: str) -> str:
    """Return the sources, dates and regions of the known figures in a column."""
    origins = {
        f"{page.origin(row, prefix)}, {page.country(row[f'{prefix}region'])}"
        for row in rows
        if row[key] is not None
    }
    return "; ".join(sorted(origins))
