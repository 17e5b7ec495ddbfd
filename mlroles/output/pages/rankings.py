"""Rankings of places, industries, employers and technologies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.matching import COUNTRY, LEVELS, short_place
from mlroles.output.blocks import Figure, Notes, note, paragraph
from mlroles.output.pages.phrases import (
    PROXY,
    base_name,
    marked,
    marks,
    mostly,
    mostly_note,
    thin_note,
)
from mlroles.queries.answer import known_columns
from mlroles.questions import EMPLOYERS, INDUSTRIES, LOCATIONS, SKILLS

if TYPE_CHECKING:
    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.queries.market import Occupations
    from mlroles.queries.skills import Totals
    from mlroles.questions import Row

_DETAILS = {
    "sector": "industry sector", "subsector": "industry subsector",
    "group": "industry group", "industry": "detailed industry",
}  # fmt: skip

# The columns that people see, in their order.
_LOCATIONS = (
    "place records employment p10 p25 median p75 p90 difference cost_of_living "
    "adjusted_median"
)
_INDUSTRIES = "industry naics employment mean p10 p25 median p75 p90 difference"
_EMPLOYERS = "employer records p25 median p75"
# The Bureau's terms for what wages are.
_WAGES = (
    "Wages include commissions, production bonuses and tips, not other bonuses or "
    "equity; part-time work is counted at 2,080 hours a year. The occupation has other "
    "jobs than the role and lacks many of it."
)

_COST_NOTE = (
    "Prices: the cost of living, United States = 100. Adjusted: what the median is "
    "worth at average US prices, before tax. Source: {}."
)


def locations(page: Page, rows: list[Row]) -> list[Block]:
    """A ranking of places."""
    if not rows:
        return [paragraph("No places.")]
    first, base = rows[0], page.answer.base
    title = f"{first['title']}: pay by {LEVELS[first['level']]}"
    parts = [title, first["experience"], first["work_mode"]]
    columns = LOCATIONS.chosen(_LOCATIONS)
    named = []
    for row in rows:
        name = short_place(row["level"], row["place"])
        named.append({**row, "place": name + marked(row)})
    notes = [note(f"{page.unit(first)}.")]
    if any(row["thin"] for row in rows):
        notes.append(note(thin_note(page, first["source"])))
    if base:
        median = page.money(base.amount or 0)
        mark = marks(mostly(base.figure)) if base.figure else ""
        text = f"Difference: relative to {base_name(page)}, {median}{mark}."
        notes.append(note(text, about="difference"))
    notes += map(note, mostly_note(rows))
    # Pay records are of one year, whenever their source was updated.
    dated = {"updated": str(first["year"])} if first["level"] == COUNTRY else {}
    notes.append(note(f"Source: {page.origin({**first, **dated})}."))
    costs = [each for each in rows if each["cost_source"]]
    if costs:
        text = _COST_NOTE.format(page.dated(costs[0]["cost_source"]))
        notes.append(note(text, about="cost_of_living adjusted_median"))
    if first["occupation"]:
        notes.append(note(PROXY.format(first["occupation"])))
    title = f"{', '.join(filter(None, parts))} ({page.kind(first['source'])})"
    return [paragraph(title), Figure(page, named, columns), Notes(notes)]


def industries(page: Page, rows: list[Row]) -> list[Block]:
    """A ranking of industries."""
    if not rows:
        return [paragraph("No industries.")]
    first, base = rows[0], page.answer.base
    columns = INDUSTRIES.chosen(_INDUSTRIES)
    notes = [note(f"{page.unit(first)}. {_WAGES}")]
    if base and base.amount:
        text = f"Difference: relative to {base.name}, {page.money(base.amount)}."
        notes.append(note(text, about="difference"))
    notes.append(note(f"Source: {page.origin(first)}."))
    title = f"pay by {_DETAILS[first['detail']]}"
    heading = _occupation_heading(page, first, title)
    return [heading, Figure(page, rows, columns), Notes(notes), *_related(page)]


def _occupation_heading(page: Page, row: Row, title: str) -> Block:
    """Return the title of figures of an occupation, not of the role."""
    return paragraph(
        f"{row['title']}: {title} ({page.kind(row['source'])})",
        f"Official occupation: {row['occupation']}, not the role itself",
    )


def _related(page: Page) -> list[Block]:
    """Return a note on the other occupations that can be chosen."""
    context: Occupations = page.answer.context
    if page.picture or not context.others:
        return []
    others = ", ".join(context.others)
    return [paragraph(f"Other occupations (see --occupation): {others}.")]


def skills(page: Page, rows: list[Row]) -> list[Block]:
    """The technologies, and how many of them are in demand."""
    if not rows:
        return [paragraph("No technologies.")]
    totals: Totals = page.answer.context
    count = totals.technologies
    counts = [f"{count} technolog{'y' if count == 1 else 'ies'}"]
    counts += [
        f"{number} {name}"
        for number, name in ((totals.hot, "hot"), (totals.in_demand, "in demand"))
        if number
    ]
    several = len(totals.occupations) > 1
    columns = SKILLS.shown("title", *(() if several else ("occupations",)))
    shown = [
        {
            **row,
            "hot": _YES[row["hot"]],
            "in_demand": _YES[row["in_demand"]],
            "occupations": list(map(_code, row["occupations"])),
        }
        for row in rows
    ]
    known = ", ".join(totals.demand_of)
    demand = (
        f"In demand: frequent in job postings for {known}. Those in demand come first, "
        "then hot ones, each from A to Z."
    )
    other = (
        "Which are in demand here is not known. Hot ones come first, each from A to Z."
    )
    notes = [
        note("Hot: frequent in job postings."),
        note(demand, about="in_demand"),
        note(other, unless="in_demand"),
        note(f"Source: {page.dated(rows[0]['source'])}."),
    ]
    return [
        paragraph(
            f"{rows[0]['title']}: {', '.join(counts)}",
            f"Official occupation{'s' * several}, not the role itself: "
            f"{', '.join(totals.occupations)}",
        ),
        Figure(page, shown, columns),
        Notes(notes),
    ]


def employers(page: Page, rows: list[Row]) -> list[Block]:
    """A ranking of employers."""
    if not rows:
        return [paragraph("No employers.")]
    first = rows[0]
    known = known_columns(rows)
    columns = [each for each in EMPLOYERS.chosen(_EMPLOYERS) if each.key in known]
    shown = [{**row, "employer": _employer(row)} for row in rows]
    figure = Figure(page, shown, columns)
    place = first["location"] and short_place("metro", first["location"])
    where = f", in {place}" if place else ""
    title = f"base pay by employer{where}"
    notes = [f"{page.unit(first)}, base pay as employers state it in filings."]
    if first["counted"] == "title":
        heading: Block = paragraph(
            f"{first['title']}: {title} ({page.kind(first['source'])})",
            "Employers with the most filings whose job title contains the role's name",
        )
    else:
        heading = _occupation_heading(page, first, title)
    context: Occupations = page.answer.context
    if context.floor > 1:
        notes.append(f"Employers with fewer than {context.floor} filings are omitted.")
    if any(row["thin"] for row in rows):
        notes.append(thin_note(page, first["source"]))
    if any(row["one_wage"] for row in rows):
        notes.append("One wage: the median equals the 25th or 75th percentile.")
    notes.append(f"Source: {page.origin(first)}.")
    return [heading, figure, paragraph(" ".join(notes)), *_related(page)]


def _employer(row: Row) -> str:
    """Return the name of an employer, and whether its median is thin or one wage."""
    one_wage = "one wage" if row["one_wage"] else ""
    return f"{row['employer']}{marks('thin' * row['thin'], one_wage)}"


_YES = {True: "yes", False: "no", None: None}


def _code(occupation: str) -> str:
    """Return the code of an occupation whose title is in the title of the page."""
    return occupation.rpartition("(")[2].removesuffix(")")
