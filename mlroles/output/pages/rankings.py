"""Rankings of places, industries and employers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.matching import COUNTRY, LEVELS_IN_PLURAL, short_place, with_article
from mlroles.output.blocks import Figure, Notes, note, paragraph
from mlroles.output.pages.phrases import (
    base_name,
    details,
    marked,
    marks,
    marks_note,
    mostly,
    ranking_title,
)
from mlroles.queries.answer import known_columns
from mlroles.questions import EMPLOYERS, INDUSTRIES, LOCATIONS

if TYPE_CHECKING:
    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.queries.market import Occupations
    from mlroles.questions import Row

_DETAILS = {
    "sector": "sectors", "subsector": "subsectors",
    "group": "industry groups", "industry": "detailed industries",
}  # fmt: skip

# The columns that people see, in their order.
_LOCATIONS = (
    "place records employment p10 p25 median p75 p90 difference cost_of_living "
    "adjusted_median"
)
_INDUSTRIES = "industry employment p25 median p75 difference"
_INDUSTRIES_IN_DETAIL = "industry naics mean p10 p25 median p75 p90 difference"
_EMPLOYERS = "employer records p25 median p75"


def locations(page: Page, rows: list[Row]) -> list[Block]:
    """A ranking of places."""
    if not rows:
        return [paragraph("No places.")]
    first, base = rows[0], page.answer.base
    place = with_article(short_place(first["level"], first["place"]))
    # Countries are broken down further.
    of = [_of(first), first["experience"], first["work_mode"]]
    title = ranking_title(
        page,
        ", ".join(filter(None, of)),
        f"in {place}",
        LEVELS_IN_PLURAL[first["level"]],
    )
    data = page.answer.data
    if data.table("places") and not data.place_tables(first["role"]):
        text = f"No source has pay by US metro area or state for {first['title']}."
        title = paragraph(*title.lines, text)
    named = [
        marked({**row, "place": short_place(row["level"], row["place"])}, "place")
        for row in rows
    ]
    notes = [note(f"{page.unit(first)}."), note(marks_note(rows))]
    if base:
        median = page.money(base.amount or 0)
        figure = base.figure or {}
        # Its share is not in a row of the answer.
        mark = f" (mostly {figure['top_employer']})" if mostly(figure) else ""
        text = f"Difference: from {base_name(page)}, {median}{mark}."
        notes.append(note(text, about="difference"))
    costs = [each["cost_source"] for each in rows if each["cost_source"]]
    average = ", country average" * (first["level"] == COUNTRY)
    about = "cost_of_living adjusted_median"
    if costs:
        text = f"Prices: United States = 100{average}."
        notes.append(note(text, about=about if average else "cost_of_living"))
        text = "Adjusted: the median at average US prices, before tax."
        notes.append(note(text, about="adjusted_median"))
    notes.append(note(f"Source: {page.cited(first['source'])}."))
    if costs:
        notes.append(note(f"Of prices: {page.dated(costs[0])}.", about=about))
    columns = LOCATIONS.chosen(_LOCATIONS)
    if base and all(row["code"] == base.id for row in rows):
        # The only place is not compared with itself.
        columns = [each for each in columns if each.key != "difference"]
        page.answer = page.answer._replace(base=None)
    ranked = Figure(page, named, columns)
    return [title, ranked, Notes(notes), *details(page, first)]


def industries(page: Page, rows: list[Row]) -> list[Block]:
    """A ranking of industries."""
    if not rows:
        return [paragraph("No industries.")]
    first, base = rows[0], page.answer.base
    among = _DETAILS[first["detail"]]
    title = ranking_title(page, _of(first), f"in {first['industry']}", among)
    named = [marked(row, "industry") for row in rows]
    notes = [note(f"{page.unit(first)}."), note(marks_note(rows))]
    if base and base.amount:
        text = f"Difference: from {base.name}, {page.money(base.amount)}"
        if None not in (first["private_median"], first["national_median"]):
            whole = page.money(first["national_median"])
            text += f" (public sector included: {whole})"
        notes.append(note(f"{text}.", about="difference"))
    notes += [note(f"Source: {page.cited(first['source'])}."), note(_related(page))]
    # A chart shows all percentiles.
    is_wide = page.details or page.chart
    columns = _INDUSTRIES_IN_DETAIL if is_wide else _INDUSTRIES
    figure = Figure(page, named, INDUSTRIES.chosen(columns))
    return [title, figure, Notes(notes), *details(page, first)]


def _of(row: Row) -> str:
    """Return what figures are of: an official occupation, or else the role."""
    return str(row["occupation"] or row["title"])


def _related(page: Page) -> str:
    """Return a note on the other occupations that can be chosen, among the details."""
    context: Occupations = page.answer.context
    if not (page.details and context.others):
        return ""
    see = page.hint(" (see --occupation)")
    return f"Other occupations{see}: {', '.join(context.others)}."


def employers(page: Page, rows: list[Row]) -> list[Block]:
    """A ranking of employers."""
    if not rows:
        return [paragraph("No employers.")]
    first = rows[0]
    known = known_columns(rows)
    columns = [each for each in EMPLOYERS.chosen(_EMPLOYERS) if each.key in known]
    named = [
        {
            **row,
            "employer": row["employer"]
            + marks(row, "one wage" * bool(row["one_wage"])),
        }
        for row in rows
    ]
    place = first["location"] and short_place("metro", first["location"])
    of = f"{_of(first)}, {place}" if place else _of(first)
    context: Occupations = page.answer.context
    highest = f"at {first['employer']}"
    title = ranking_title(page, of, highest, "employers", context.apart)
    notes = [f"{page.unit(first)}, base pay as employers state it in filings."]
    if first["counted"] == "title":
        notes.append("Filings whose job title contains the role's name.")
    if context.floor > 1:
        notes.append(f"Employers with fewer than {context.floor} filings are omitted.")
    else:
        total = f"{context.total:,} employer{'s' * (context.total > 1)}"
        notes.append(f"The source has {total}, however few their filings.")
    if context.apart:
        notes.append(
            "One wage: the median equals the 25th or 75th percentile; ranked last "
            f"({context.apart})."
        )
    source = f"Source: {page.cited(first['source'])}."
    text = " ".join(filter(None, [*notes, marks_note(rows), source, _related(page)]))
    figure = Figure(page, named, columns)
    return [title, figure, paragraph(text), *details(page, first)]
