"""What a role pays, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import HOME_COUNTRY
from mlroles.dataset.kinds import KINDS
from mlroles.matching import AREA_LEVELS, short_place
from mlroles.output.blocks import Figure, paragraph
from mlroles.output.pages.phrases import (
    THIN_NOTE,
    amount_range,
    counted,
    marked_thin,
    meaning,
    not_comparable,
    place_label,
    price_note,
    price_note_abroad,
)
from mlroles.output.values import per
from mlroles.questions import (
    LOCATIONS,
    PERCENTILES,
    SALARY_BY,
    SALARY_BY_SENIORITY,
    Column,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.queries.answer import Filters
    from mlroles.questions import Row

_SEVERAL = 2
# What each source reports.
_EVIDENCE = (
    Column("name", "name", heading="Source"),
    Column("covered", "date", heading="Period"),
    Column("count", "count", heading="Count", hide=2),
    Column("p25", "money", heading="25th", hide=1),
    Column("center", heading="Median"),
    Column("p75", "money", heading="75th", hide=1),
)
# The same in a picture.
_REPORTED = (
    Column("name", heading="Source"),
    Column("records", "count", heading="Count"),
    *PERCENTILES,
)
# The figures that are the closest to missing ones.
_CLOSEST = (
    Column("title", heading="Role"),
    Column("group", heading="Records of"),
    Column("records", "count", heading="Records"),
    Column("median", "money", heading="Median"),
)


def salary(page: Page, row: Row) -> list[Block]:
    """The figure that leads, what each source reports, and why they differ."""
    if row["level"] in AREA_LEVELS:
        return _salary_in_area(page, row)
    blocks: list[Block] = [paragraph(*_lead(page, row), *price_note_abroad(page, row))]
    pay = row["distribution"]
    if page.picture and row["evidence"]:
        blocks.append(Figure(page, [*map(_drawn(page), row["evidence"])], _REPORTED))
        notes = [_reasons(page, row), _base_pay(page, row["evidence"])]
        return [*blocks, *(paragraph(note) for note in notes if note)]
    if page.chart and pay:
        # In a chart, the year labels the bar.
        keys = {"year", "p10", "p25", "median", "p75", "p90"}
        columns = [each for each in SALARY_BY.columns if each.key in keys]
        note = _base_pay(page, [pay])
        return [*blocks, Figure(page, [pay], columns), paragraph(note)]
    blocks += _evidence_tables(page, row)
    if row["closest"]:
        closest = [
            {**marked_thin(each), "group": page.group(each)} for each in row["closest"]
        ]
        figure = Figure(page, closest, _CLOSEST, is_drawn=False)
        blocks += [paragraph("The closest figures:"), figure]
        if any(each["title"].endswith("(thin)") for each in closest):
            blocks.append(paragraph(THIN_NOTE))
    elif not row["evidence"]:
        blocks.append(paragraph("No figures are close to it."))
    if reasons := _reasons(page, row):
        blocks.append(paragraph(reasons))
    if sourced := row["evidence"] or row["closest"]:
        blocks.append(paragraph(_base_pay(page, sourced)))
    return blocks


def _evidence_tables(page: Page, row: Row) -> list[Block]:
    """What each source reports: about the role, and about official occupations."""
    own = [each for each in row["evidence"] if not each["occupation"]]
    related = [each for each in row["evidence"] if each["occupation"]]
    blocks: list[Block] = []
    for title, evidence in (
        (f"What each source reports about {row['title']}:", own),
        ("Related official occupations, which include other jobs:", related),
    ):
        if evidence:
            rows = [_evidence_row(page, each) for each in evidence]
            blocks += [paragraph(title), Figure(page, rows, _EVIDENCE, is_drawn=False)]
    return blocks


def _drawn(page: Page) -> Callable[[Row], Row]:
    """Return a function that gives the row of a source as a picture shows it."""

    def drawn(row: Row) -> Row:
        what = row["occupation"] or KINDS[row["kind"]].name
        name = f"{what}, {page.value(row['period_covered'], 'date')}"
        count = row["records"] if row["employment"] is None else row["employment"]
        return {**row, "name": name, "records": count}

    return drawn


def _salary_in_area(page: Page, row: Row) -> list[Block]:
    """The figures of a metro area or state, the national ones, and advertised pay."""
    name, place = short_place(row["level"], row["place"]), place_label(row)
    evidence = list(row["evidence"])
    if not row["lead"]:
        lines = [f"No pay figure for {row['title']} in {place}"]
        blocks: list[Block] = [paragraph(*lines, price_note(page, row))]
    else:
        area = evidence.pop(0)
        amount = f"{page.money(area['median'])} {per(row['period'])}"
        what = area["occupation"] or row["title"]
        date = page.value(area["period_covered"], "date")
        lines = [
            f"{amount}: median of {KINDS[area['kind']].name} in {place}",
            _joined(f"{what}, {date}", counted(area)),
        ]
        facts = []
        half = [area["p25"], area["p75"]]
        if None not in half:
            facts.append(f"Middle half: {amount_range(page, *half)}.")
        national = [
            each
            for each in evidence
            if (each["source"], each["region"]) == (area["source"], HOME_COUNTRY)
        ]
        facts += [
            f"Median in the United States, same source: {page.money(each['median'])}."
            for each in national
        ]
        evidence = [each for each in evidence if each not in national]
        lines += [" ".join(facts)] if facts else []
        blocks = [paragraph(*lines, price_note(page, row))]
        if page.chart:
            drawn = [{"place": name, **area}]
            drawn += [{"place": "United States", **each} for each in national]
            keys = {"place", "p10", "p25", "median", "p75", "p90"}
            columns = [each for each in LOCATIONS.columns if each.key in keys]
            blocks.append(Figure(page, drawn, columns))
    blocks += [paragraph(not_comparable(page, each)) for each in evidence]
    if row["lead"]:
        blocks.append(paragraph(meaning(row["evidence"][0])))
    if row["evidence"]:
        blocks.append(paragraph(_base_pay(page, row["evidence"])))
    return blocks


def _joined(text: str, count: str) -> str:
    """Return a text with the number of records, if it is known."""
    return f"{text}: {count}" if count else text


def _lead(page: Page, row: Row) -> list[str]:
    """Return the lines that state the leading figure and how good it is."""
    lead, pay = row["lead"], row["distribution"]
    if lead is None:
        filters: Filters = page.answer.context
        country = filters.country
        where = f" in {page.country(country)}" if country not in {None, "all"} else ""
        return [f"No current pay figure for {row['title']}{where}"]
    # Several sources can be of one kind.
    key = "median" if lead["statistic"] == "median" else "mean"
    wanted = (lead["kind"], lead["amount"])
    origin = next(
        each for each in row["evidence"] if (each["kind"], each[key]) == wanted
    )
    where = page.country(origin["region"]) if origin["region"] else "all countries"
    groups = [pay["experience"], pay["work_mode"]] if pay else []
    scope = ", ".join(str(each) for each in [lead["year"], where, *groups] if each)
    amount = f"{page.money(lead['amount'])} {per(row['period'])}"
    if "prices" in row:
        amount += f" in prices of {page.value(row['prices'], 'date')}"
    figure = KINDS[lead["kind"]].name
    if not figure.endswith(lead["statistic"]):
        figure = f"{lead['statistic']} of {figure}"
    lines = [
        f"{amount}: {figure}",
        _joined(f"{row['title']}, {scope}", counted({"employment": None, **lead})),
    ]
    facts = []
    if origin["p25"] is not None:
        half = amount_range(page, origin["p25"], origin["p75"])
        facts.append(f"Middle half: {half}.")
    if pay and pay["source"] == origin["source"]:
        if pay["low"] is not None:
            ends = amount_range(page, pay["low"], pay["high"])
            facts.append(
                f"Typical advertised range (median low end to median high end): {ends}."
            )
        if pay["median_low"] is not None:
            ends = amount_range(page, pay["median_low"], pay["median_high"])
            facts.append(
                f"95% confidence interval of the median: {ends} (sampling error only, "
                "not bias)."
            )
    return [*lines, " ".join(facts)] if facts else lines


def _evidence_row(page: Page, row: Row) -> Row:
    """Return the row of a source as people see it."""
    center = row["median"] if row["median"] is not None else row["mean"]
    average = "" if row["median"] is not None else " (average)"
    return {
        "name": row["occupation"] or KINDS[row["kind"]].name,
        "covered": row["period_covered"],
        "count": row["records"] if row["employment"] is None else row["employment"],
        "p25": row["p25"],
        "center": f"{page.money(center)}{average}",
        "p75": row["p75"],
    }


def _reasons(page: Page, row: Row) -> str:
    """Return a sentence on why the figures differ, from facts about the sources."""
    dates = {
        each["kind"]: each["period_covered"]
        for each in row["evidence"]
        if KINDS[each["kind"]].reason
    }
    if len(dates) < _SEVERAL:
        return ""
    reasons = [
        KINDS[kind].reason.format(date=page.value(date, "date"))
        for kind, date in dates.items()
    ]
    start = "The figures differ because they measure different things"
    return f"{start}: {'; '.join(reasons)}."


def _base_pay(page: Page, rows: list[Row]) -> str:
    """Return a note on the unit and the sources of figures."""
    unit = page.unit(page.answer.rows)
    sources = list(dict.fromkeys(page.source(row["source"]) for row in rows))
    return (
        f"{unit}, base pay before tax, without bonus and equity. "
        f"Source{'s' if len(sources) > 1 else ''}: {'; '.join(sources)}."
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
        group = f"FY {group}"
        note = f"{_SENIORITY} {note}"
    figure = Figure(page, rows, page.answer.question.shown("title", *common))
    title = paragraph(f"{first['title']}: {page.kind(first['source'])}, {group}")
    return [title, figure, paragraph(note)]
