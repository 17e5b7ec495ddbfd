"""What a role pays, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.kinds import KINDS
from mlroles.matching import AREA_LEVELS, short_place
from mlroles.output.blocks import Figure, paragraph
from mlroles.output.pages.phrases import (
    amount_range,
    counted,
    marked,
    marked_thin,
    marks,
    meaning,
    mostly,
    mostly_note,
    place_label,
    price_note,
    price_note_abroad,
    thin_note,
)
from mlroles.output.values import per
from mlroles.questions import (
    PERCENTILES,
    SALARY_BY_SENIORITY,
    Column,
)

if TYPE_CHECKING:
    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.questions import Row

# What other sources report.
_OTHERS = (
    Column("name", "name", heading="Other figures"),
    Column("p25", "money", heading="25th", hide=1),
    Column("median", "money", heading="Median"),
    Column("p75", "money", heading="75th", hide=1),
)
# The same in a picture.
_REPORTED = (
    Column("name", heading="Source"),
    Column("records", "count", heading="Count"),
    *PERCENTILES,
)
# The columns of a chart on a terminal.
_BARS = (Column("name", heading="Figure"), *PERCENTILES)
# The figures that are the closest to missing ones.
_CLOSEST = (
    Column("title", heading="Closest figures"),
    Column("group", heading="Records of"),
    Column("records", "count", heading="Records"),
    Column("median", "money", heading="Median"),
)


def salary(page: Page, row: Row) -> list[Block]:
    """The figure that leads, then what other sources report."""
    others = row["other_figures"]
    has_figure = row["source"] is not None
    blocks: list[Block] = [paragraph(*_lead(page, row))]
    if page.picture and (has_figure or others):
        drawn = [_reported(page, each) for each in [row, *others] if each["source"]]
        figure = Figure(page, drawn, _REPORTED)
        return [*blocks, figure, paragraph(_unit(page, row, drawn))]
    if page.chart and has_figure:
        drawn = [{**each, "name": _bar(page, each)} for each in _comparable(row)]
        figure = Figure(page, drawn, _BARS)
        return [*blocks, figure, paragraph(_unit(page, row, drawn))]
    if others:
        shown = [
            {
                **each,
                "name": _name(page, each),
                # The name of an average says so.
                "median": each["mean"] if each["median"] is None else each["median"],
            }
            for each in others
        ]
        blocks.append(Figure(page, shown, _OTHERS, is_drawn=False))
    if row["closest"]:
        closest = [
            {**marked_thin(each), "group": page.group(each)} for each in row["closest"]
        ]
        blocks.append(Figure(page, closest, _CLOSEST, is_drawn=False))
    elif not (has_figure or others):
        blocks.append(paragraph("No figures are close to it."))
    if row["level"] in AREA_LEVELS:
        blocks.append(paragraph(price_note(page, row)))
    else:
        blocks += [paragraph(each) for each in price_note_abroad(page, row)]
    every = [row, *others, *row["closest"]]
    if page.details:
        blocks += [paragraph(each) for each in _details(page, row) if each]
    sourced = [each for each in every if each["source"]]
    if sourced:
        blocks.append(paragraph(_unit(page, row, sourced)))
    return blocks


def _lead(page: Page, row: Row) -> list[str]:
    """The answer in one line, and what it is based on in the next."""
    where = _where(page, row)
    if row["source"] is None:
        return [f"{row['title']}{where}: no current pay figure"]
    has_median = row["median"] is not None
    amount = row["median"] if has_median else row["mean"]
    text = f"{page.money(amount)} {per(row['period'])}"
    if "prices" in row:
        text += f" in prices of {page.value(row['prices'], 'date')}"
    # The figures of an official occupation are its own, not the role's.
    of = row["occupation"] or row["title"]
    first = f"{of}{where}: {text}"
    kind = KINDS[row["kind"]]
    count = counted(row)
    if has_median:
        what = f"Median of {count or kind.name}"
    else:
        what = f"Average of {count}" if count else "Average on a job site"
    period = page.value(row["period_covered"], "date")
    levels = [each for each in (row["experience"], row["work_mode"]) if each]
    sentences = [f"{what}, {', '.join([*levels, period])}."]
    if row["occupation"]:
        sentences.append(f"An official occupation, a proxy for {row['title']}.")
    if row["p25"] is not None:
        half = amount_range(page, row["p25"], row["p75"])
        sentences.append(f"The middle half is {half}.")
    if row["p10"] is not None:
        low, high = page.money(row["p10"]), page.money(row["p90"])
        sentences.append(f"One in ten is below {low}, one in ten above {high}.")
    return [first, " ".join(sentences)]


def _where(page: Page, row: Row) -> str:
    """Return the place of the figure: `, Austin, TX (US metro area)`."""
    if row["level"] in AREA_LEVELS:
        return f", {place_label(row)}"
    if row["country"] is None:
        return ", all countries" if row["source"] else ""
    return f", {page.country(row['country'])}"


def _reported(page: Page, row: Row) -> Row:
    """Return a figure as a picture shows it."""
    name = row["occupation"] or KINDS[row["kind"]].name
    period = page.value(row["period_covered"], "date")
    count = row["records"] if row["employment"] is None else row["employment"]
    name = f"{name}, {period}{marks(mostly(row))}"
    return {**row, "name": name, "records": count}


def _comparable(row: Row) -> list[Row]:
    """Return the leading figure and those of its source, as a chart compares them."""
    # Only the place has a price level.
    figures = [row, *(e for e in row["other_figures"] if e["source"] == row["source"])]
    return [{**each, "adjusted_median": None} for each in figures]


def _bar(page: Page, row: Row) -> str:
    """Return the label of a bar: the place, or the year without one."""
    answer = page.answer.rows
    name = str(row["year"])
    if row["region"] != answer["region"]:
        name = page.country(row["region"])
    elif answer["level"] in AREA_LEVELS:
        name = short_place(answer["level"], answer["place"])
    return name + marks(mostly(row))


def _name(page: Page, row: Row) -> str:
    """Return what a figure is, when it is of, and how many it is based on."""
    name = KINDS[row["kind"]].name
    period = page.value(row["period_covered"], "date")
    period = " ".join(each[:3] if each.isalpha() else each for each in period.split())
    if row["occupation"]:
        name = f"{row['occupation']}, {name}"
    parts = [name, period]
    if row["region"] != page.answer.rows["region"]:
        region = row["region"]
        parts.insert(1, page.country(region) if region else "all countries")
    number = row["records"] if row["employment"] is None else row["employment"]
    count = f"{number:,}" if number is not None else ""
    return ", ".join(parts) + marks(count, "thin" * row["thin"], mostly(row))


def _details(page: Page, row: Row) -> list[str]:
    """Return why figures differ, the typical range and the interval of the median."""
    periods = {
        each["kind"]: page.value(each["period_covered"], "date")
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
        facts.append(
            "If these were a random sample of all such postings, the 95% confidence "
            f"interval of the median would be {ends}."
        )
    if len(reasons) > 1:
        facts.append(
            "The figures differ because they measure different things: "
            f"{'; '.join(reasons)}."
        )
    if row["level"] in AREA_LEVELS and row["kind"]:
        facts.append(meaning(row))
    return facts


def _unit(page: Page, row: Row, rows: list[Row]) -> str:
    """Return a note on the unit and the sources of figures."""
    ids = dict.fromkeys(each["source"] for each in rows)
    if page.details:
        sources = list(map(page.dated, ids))
    else:
        sources = [page.source(each) for each in ids]
    return (
        f"{page.unit(row)}, base pay before tax, without bonus and equity. "
        f"Source{'s' * (len(sources) > 1)}: {'; '.join(sources)}."
    )


# What the levels of seniority of H-1B filings are.
_SENIORITY = (
    "Seniority is by words in the job title: base includes II, senior includes III and "
    "IV, staff includes principal, lead includes head of, and director includes VP."
)


def salary_by(page: Page, rows: list[Row]) -> list[Block]:
    """The groups; what they have in common is in the title, not in columns."""
    if not rows:
        return [paragraph("No pay records.")]
    first = rows[0]
    dimensions = ("year", "country", "experience", "work_mode")
    values = {key: {row[key] for row in rows} for key in dimensions if key in first}
    common = {key for key in values if len(values[key]) == 1}
    common.discard(page.answer.context)
    shared = {key: first[key] if key in common else None for key in dimensions}
    group = page.group(shared, all_countries="country" in common)
    note = f"{page.unit(first)}, base pay. Source: {page.origin(first)}."
    if page.answer.question is SALARY_BY_SENIORITY:
        group = f"fiscal year {group}"
        thin = (
            [thin_note(page, first["source"])] if any(r["thin"] for r in rows) else []
        )
        note = " ".join([_SENIORITY, *thin, *mostly_note(rows), note])
        rows = [{**row, "seniority": row["seniority"] + marked(row)} for row in rows]
    figure = Figure(page, rows, page.answer.question.shown("title", *common))
    title = paragraph(f"{first['title']}: {page.kind(first['source'])}, {group}")
    return [title, figure, paragraph(note)]
