"""What a role pays, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import HOME_COUNTRY
from mlroles.dataset.kinds import KINDS
from mlroles.matching import AREA_LEVELS, COUNTRY, short_place, with_article
from mlroles.money import percent_change
from mlroles.output.blocks import Figure, paragraph
from mlroles.output.pages.phrases import (
    amount_range,
    basis,
    capitalized,
    details,
    gap,
    in_brackets,
    marked,
    marks_note,
    mostly,
    place_label,
    price_note,
    unit_note,
)
from mlroles.output.values import per
from mlroles.questions import PERCENTILES, Column

if TYPE_CHECKING:
    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.queries.answer import Filters
    from mlroles.questions import Row

# What other sources report.
_OTHERS = (
    Column("name", "name", heading="Other figures"),
    Column("p25", "money", heading="25th", hide=1),
    Column("median", "money", heading="Median"),
    Column("p75", "money", heading="75th", hide=1),
)
# Fewer are shown if other figures are.
_MAX_CLOSEST, _MAX_CLOSEST_AND_OTHERS = 6, 3
# Pay where prices are more times as high, or as low, is no indication.
_MAX_TIMES = 2
# The columns of a chart.
BARS = (Column("name", heading="Figure"), *PERCENTILES)
# The figures that are the closest to missing ones.
_CLOSEST = (
    Column("title", heading="Closest figures"),
    Column("group", heading="Records of"),
    Column("records", "count", heading="Records"),
    Column("median", "money", heading="Median"),
)


def salary(page: Page, row: Row) -> list[Block]:
    """The figure that leads, then what other sources report."""
    row, elsewhere = _without_distant(page, row)
    market = _market(row)
    others = [each for each in row["other_figures"] if each is not market]
    has_figure = row["source"] is not None
    blocks: list[Block] = [paragraph(*_lead(page, row)), *_compared(page, row, market)]
    if drawn := _drawn(page, row):
        return [*blocks, Figure(page, drawn, BARS), _sources(page, row, drawn)]
    if row["closest"]:
        # A table of the closest figures follows.
        blocks += [paragraph(*_reports(page, others))] if others else []
        count = _MAX_CLOSEST_AND_OTHERS if others else _MAX_CLOSEST
        closest = [
            {**marked(each), "group": page.group(each)}
            for each in row["closest"][:count]
        ]
        blocks.append(Figure(page, closest, _CLOSEST, is_drawn=False))
    elif others or row["all_postings_median"]:
        shown = [
            {**each, "name": figure_name(page, each), "median": _amount(each)}
            for each in others
        ]
        reposts = _all_postings(page, row)
        columns = _amounts([*reposts, *others])
        blocks.append(Figure(page, [*reposts, *shown], columns, is_drawn=False))
    elif not has_figure and not elsewhere:
        blocks.append(paragraph("No figures are close to it."))
    if elsewhere:
        blocks.append(paragraph(elsewhere))
    if prices := price_note(page, row):
        blocks.append(paragraph(prices))
    every = [row, *row["other_figures"], *row["closest"]]
    if page.details:
        blocks += map(paragraph, _details(page, row))
        blocks += details(page, row) if row["level"] in AREA_LEVELS else []
    if sourced := [each for each in every if each["source"]]:
        blocks.append(_sources(page, row, sourced))
    return blocks


def _market(row: Row) -> Row | None:
    """Return the figure of the market if pay records of one's own lead."""
    is_own = row["kind"] == "records"
    others = row["other_figures"] if is_own else ()
    return next((each for each in others if each["kind"] == "advertised"), None)


def _compared(page: Page, row: Row, market: Row | None) -> list[Block]:
    """Return what the market pays, if it is known, and how far one's own is from it."""
    if market is None:
        return []
    region, period = market["region"], page.covered(market["period_covered"])
    where = page.country(region) if region else "all countries"
    what = [f"{market['records']:,} job postings", where, period]
    text = f"Market ({', '.join([*what, *['thin'] * market['thin']])})"
    text += f": {page.money(market['median'])}"
    # Pay elsewhere is no measure of pay here.
    if region == row["region"]:
        share = percent_change(row["median"], market["median"])
        text += f"; yours: {gap(share)}" if share is not None else ""
    return [paragraph(f"{text}.")]


def _amounts(rows: list[Row]) -> list[Column]:
    """Return the columns of figures, some of which may be means."""
    means = [row["median"] is None for row in rows]
    names = ["median"] * (not all(means)) + ["mean"] * any(means)
    heading = capitalized(" or ".join(names))
    return [
        each._replace(heading=heading) if each.key == "median" else each
        for each in _OTHERS
    ]


def _without_distant(page: Page, row: Row) -> tuple[Row, str]:
    """Return a row without the closest figures of the role, if prices are too far.

    Their amounts would be misleading; a sentence, otherwise empty, names the countries.
    The notes on the page are then on what is left.
    """
    levels, answer = page.answer.data.price_levels, page.answer
    own, source = levels.get((COUNTRY, row["country"] or ""), (None, ""))
    of_role = [
        each
        for each in row["closest"]
        if each["role"] == row["role"] and each["region"] != row["country"]
    ]
    keys = [(COUNTRY, each["region"] or "") for each in of_role]
    times = [levels[key][0] / own for key in keys if own and key in levels]
    if not times or any(1 / _MAX_TIMES <= each <= _MAX_TIMES for each in times):
        return row, ""
    names = dict.fromkeys(with_article(page.country(k[1])) for k in keys if k in levels)
    *first, last = names
    named = " and ".join(filter(None, [", ".join(first), last]))
    ratios = dict.fromkeys(f"{each:.1f}" for each in (min(times), max(times)))
    text = (
        f"No source has enough records there; the closest figures are of {named}, "
        f"where prices are {' to '.join(ratios)} times as high."
    )
    if row["level"] is None:
        # No other sentence is on the prices.
        text += f" Source: {page.dated(source)}."
    row = {**row, "closest": [each for each in row["closest"] if each not in of_role]}
    exchange = answer.exchange if row["closest"] or row["other_figures"] else None
    page.answer = answer._replace(rows=row, exchange=exchange)
    return row, text


def _sources(page: Page, row: Row, rows: list[Row]) -> Block:
    """Return the unit, and the sources of figures."""
    return paragraph(unit_note(page, row, (each["source"] for each in rows)))


def _amount(row: Row) -> float | None:
    """Return the median of a figure, or else its average, which its name says."""
    amount: float | None = row["mean"] if row["median"] is None else row["median"]
    return amount


def _reports(page: Page, rows: list[Row]) -> list[str]:
    """Return what other sources report, in a line each."""
    return [
        f"{figure_name(page, row)}: {page.value(_amount(row), 'money')}."
        for row in rows
    ]


def _lead(page: Page, row: Row) -> list[str]:
    """The answer in one line, and what it is based on in the next."""
    where = _where(page, row)
    if row["source"] is None:
        return [f"{row['title']}{where}: no {_missing(page, row)}"]
    text = f"{page.value(_amount(row), 'money')} {per(row['period'])}"
    if "prices" in row:
        text += f" in prices of {page.value(row['prices'], 'date')}"
    # The figures of an official occupation are its own, not the role's.
    of = row["occupation"] or row["title"]
    first = f"{of}{where}: {text}"
    sentences = [basis(page, row)]
    if None not in (row["p25"], row["p75"]):
        half = amount_range(page, row["p25"], row["p75"])
        sentences.append(f"The middle half is {half}.")
    # Sources leave out the highest amounts.
    ends = [
        f"{side} {page.money(row[key])}"
        for side, key in (("below", "p10"), ("above", "p90"))
        if row[key] is not None
    ]
    if ends:
        sentences.append(f"One in ten is {', one in ten '.join(ends)}.")
    return [first, " ".join(sentences)]


def _missing(page: Page, row: Row) -> str:
    """Return what there is none of: a job site's old average is not what is missing."""
    own = [each for each in row["other_figures"] if not each["occupation"]]
    # Other figures of an area are of other places.
    if not own or row["level"] in AREA_LEVELS:
        return "pay figure"
    wanted: Filters = page.answer.context
    return "current pay figure" if wanted.year is None else "median pay"


def _where(page: Page, row: Row) -> str:
    """Return the place of the figure: `, Austin, TX (US metro area)`."""
    if row["level"] in AREA_LEVELS:
        return f", {place_label(row)}"
    if row["country"] is None:
        return ", all countries" if row["source"] else ""
    return f", {page.country(row['country'])}"


def _drawn(page: Page, row: Row) -> list[Row]:
    """Return the rows of a chart, if one is wanted: all figures in a picture."""
    every = [each for each in (row, *row["other_figures"]) if each["source"]]
    if page.picture:
        return [{**each, "name": figure_name(page, each)} for each in every]
    if not page.chart or row["source"] is None:
        return []
    # Those of one source can be compared, and only the place has a price level.
    return [
        {**each, "name": _bar(page, each), "adjusted_median": None}
        for each in every
        if each["source"] == row["source"]
    ]


def _bar(page: Page, row: Row) -> str:
    """Return the label of a bar: the place, or the year without one."""
    answer = page.answer.rows
    name = str(row["year"] or page.covered(None))
    if row["region"] != answer["region"]:
        name = page.country(row["region"])
    elif answer["level"] in AREA_LEVELS:
        name = short_place(answer["level"], answer["place"])
    return name + in_brackets(mostly(row))


def figure_name(page: Page, row: Row) -> str:
    """Return what a figure is, when it is of, and how many it is based on."""
    name = capitalized(KINDS[row["kind"]].name)
    period = page.covered(row["period_covered"])
    if row["period_covered"]:
        words = period.split()
        period = " ".join(each[:3] if each.isalpha() else each for each in words)
    if row["occupation"]:
        name = f"{row['occupation']}, {KINDS[row['kind']].name}"
    parts = [name, period]
    if row["region"] != page.answer.rows["region"]:
        region = row["region"]
        parts.insert(1, page.country(region) if region else "all countries")
    number = row["records"] if row["employment"] is None else row["employment"]
    count = f"{number:,}" if number is not None else ""
    return ", ".join(parts) + in_brackets(count, "thin" * row["thin"], mostly(row))


def _all_postings(page: Page, row: Row) -> list[Row]:
    """Return the median of all postings as a row, where reposts make it another."""
    if row["all_postings_median"] is None:
        return []
    # Postings are not known by metro area or state.
    where = f", {page.country(HOME_COUNTRY)}" * (row["level"] in AREA_LEVELS)
    count = f"{row['all_postings_records']:,}"
    name = f"All postings, reposts included{where} ({count})"
    return [{"name": name, "median": row["all_postings_median"]}]


def _details(page: Page, row: Row) -> list[str]:
    """Return why figures differ, the typical range and the interval of the median."""
    periods = {
        each["kind"]: page.covered(each["period_covered"])
        for each in [row, *row["other_figures"]]
        if each["kind"]
    }
    reasons = [
        KINDS[kind].reason.format(date=period)
        for kind, period in periods.items()
        if KINDS[kind].reason
    ]
    facts = []
    if row["range_low"] is not None:
        ends = amount_range(page, row["range_low"], row["range_high"])
        facts.append(
            f"Typical advertised range (median low end to median high end): {ends}."
        )
    if row["median_ci_low"] is not None:
        ends = amount_range(page, row["median_ci_low"], row["median_ci_high"])
        counted = KINDS[row["kind"]].counted.removeprefix("distinct ")
        facts.append(
            f"If these were a random sample of all such {counted}s, the 95% confidence "
            f"interval of the median would be {ends}."
        )
    if len(reasons) > 1:
        facts.append(
            "The figures differ because they measure different things: "
            f"{'; '.join(reasons)}."
        )
    return facts


_DIFFERENCE = Column("difference", "number", heading="Difference")
_UNCLEAR = "Unclear: the 95% confidence interval of the difference includes 0."


def is_unclear(row: Row) -> bool:
    """Return whether the difference from the year before may be none."""
    low, high = row["change_ci_low"], row["change_ci_high"]
    return low is not None and low <= 0 <= high


def _difference(page: Page, row: Row) -> str | None:
    """Return a difference, with its interval among the details."""
    if row["change"] is None:
        return None
    change = "unclear" if is_unclear(row) else page.value(row["change"], "percent")
    if not page.details or row["change_ci_low"] is None:
        return change
    ends = (page.value(row[f"change_ci_{end}"], "percent") for end in ("low", "high"))
    return f"{change} ({' to '.join(ends)})"


# The words of each level of seniority of H-1B filings.
_SENIORITY = {
    "base": "base includes II",
    "senior": "senior includes III and IV",
    "staff": "staff includes principal",
    "lead": "lead includes head of",
    "director": "director includes vice president, but not assistant vice president",
}
_DIMENSIONS = ("year", "country", "experience", "work_mode")


def salary_by(page: Page, rows: list[Row]) -> list[Block]:
    """The pay of groups."""
    return _groups(page, rows)


def salary_by_year(page: Page, rows: list[Row]) -> list[Block]:
    """The pay of years, with its difference from that of the year before."""
    if page.chart:
        return _groups(page, rows)
    note = _UNCLEAR if any(map(is_unclear, rows)) else ""
    rows = [{**row, "difference": _difference(page, row)} for row in rows]
    return _groups(page, rows, note)


def salary_by_seniority(page: Page, rows: list[Row]) -> list[Block]:
    """The pay of levels of H-1B filings, with the words that say which."""
    words = ", ".join(_SENIORITY[row["seniority"]] for row in rows)
    note = f"Seniority is by words in the job title: {words}."
    return _groups(page, rows, note, year="fiscal year ")


def _groups(page: Page, rows: list[Row], note: str = "", year: str = "") -> list[Block]:
    """The groups; what they have in common is in the title, not in columns."""
    if not rows:
        return [paragraph("No pay records.")]
    first = rows[0]
    values = {key: {row[key] for row in rows} for key in _DIMENSIONS if key in first}
    common = {key for key in values if len(values[key]) == 1}
    common.discard(page.answer.context)
    shared = {key: first[key] if key in common else None for key in _DIMENSIONS}
    group = page.group(shared, all_countries="country" in common)
    if first.get("year") is None:
        group = ", ".join(filter(None, [page.covered(None), group]))
    unit = f"{page.unit(first)}, base pay. Source: {page.cited(first['source'])}."
    kind = capitalized(page.kind(first["source"]))
    title = paragraph(_span(page, rows), f"{kind}, {year}{group}.")
    columns = page.answer.question.shown("title", *common)
    if "difference" in first:
        columns = [_DIFFERENCE if each.key == "change" else each for each in columns]
    # A chart of years has an axis of numbers.
    if not (page.chart and page.answer.context == "year"):
        rows, columns = _marked(page, rows, columns)
    figure = Figure(page, rows, columns)
    notes = filter(None, [note, unit, marks_note(rows)])
    return [title, figure, paragraph(" ".join(notes))]


def _marked(
    page: Page, rows: list[Row], columns: list[Column]
) -> tuple[list[Row], list[Column]]:
    """Return rows with the names of their groups, with the marks of their figures."""
    (by,) = page.answer.question.chosen(page.answer.context)
    named = [{**row, by.key: page.value(row[by.key], by.kind)} for row in rows]
    texts = [
        each._replace(kind="text") if each.key == by.key else each for each in columns
    ]
    return [marked(row, by.key) for row in named], texts


# The prepositions of the dimensions that pay is broken down by.
_IN = {"year": "in", "country": "in"}


def _span(page: Page, rows: list[Row]) -> str:
    """Return the medians of the first and the last group, as a title."""
    (by,) = page.answer.question.chosen(page.answer.context)
    groups = [row for row in rows if row[by.key] is not None]
    ends = groups[:1] + groups[-1:] if len(groups) > 1 else groups
    unit = f" {per(rows[0]['period'])}"
    medians = []
    for row in ends:
        name = with_article(page.value(row[by.key], by.kind))
        preposition = _IN.get(by.key, "for")
        medians.append(f"{page.money(row['median'])}{unit} {preposition} {name}")
        # The first one has it.
        unit = ""
    return f"{rows[0]['title']}: median {', '.join(medians)}"
