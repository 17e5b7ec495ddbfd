"""The technologies that the official occupations of a role list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.output.blocks import Figure, paragraph
from mlroles.questions import SKILLS

if TYPE_CHECKING:
    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.queries.skills import Totals
    from mlroles.questions import Row


def skills(page: Page, rows: list[Row]) -> list[Block]:
    """How many technologies are in demand or hot, and which."""
    if not rows:
        return [paragraph("No technologies.")]
    totals: Totals = page.answer.context
    keys = ["technology"]
    # Columns with the same value in all rows would not inform.
    keys += [
        key
        for key in ("in_demand", "hot")
        if page.details or len({row[key] for row in rows}) > 1
    ]
    if page.details:
        keys += ["category", *["occupations"] * (len(totals.occupations) > 1)]
    shown = [
        {**row, "occupations": list(map(_code, row["occupations"]))} for row in rows
    ]
    return [
        paragraph(*_lead(rows[0]["title"], totals)),
        Figure(page, shown, SKILLS.chosen(" ".join(keys))),
        paragraph(_notes(page, rows[0]["source"], totals)),
    ]


def _lead(title: str, totals: Totals) -> list[str]:
    """Return how many technologies are in demand or hot, and whose they are."""
    count, demanded = totals.technologies, totals.in_demand
    of = f"of {count} technolog{'y' if count == 1 else 'ies'}"
    if totals.demand_of:
        names = ", ".join(totals.demand_of)
        lead = f"{demanded} {of} {_are(demanded)} in demand for {names}"
    else:
        lead = f"{totals.hot} {of} {_are(totals.hot)} hot"
    kind = "official occupation"
    if totals.occupations == totals.demand_of[:1]:
        return [lead, f"An {kind} that lists {title}, not the role itself."]
    kind = f"{kind}s" if len(totals.occupations) > 1 else f"an {kind}"
    names = ", ".join(totals.occupations)
    return [lead, f"Listed for {kind}, not for {title} itself: {names}."]


def _notes(page: Page, source: str, totals: Totals) -> str:
    """Return what the words mean, and the order and the source of the rows."""
    if totals.demand_of:
        words = (
            "In demand: frequent in job postings for one occupation. Hot "
            f"({totals.hot}): frequent in job postings. Those in demand come first, "
            "then hot ones, each from A to Z."
        )
    else:
        words = (
            "Hot: frequent in job postings. Which are in demand here is not known. Hot "
            "ones come first, each from A to Z."
        )
    return f"{words} Source: {page.dated(source)}."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _code(occupation: str) -> str:
    """Return the code of an occupation whose title is in the title of the page."""
    return occupation.rpartition("(")[2].removesuffix(")")
