"""Pay, or an offer, in several places: a line for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.dataset.kinds import KINDS
from mlroles.matching import short_place
from mlroles.output.blocks import Figure, paragraph
from mlroles.output.pages.offer import percentiles, verdict
from mlroles.output.pages.phrases import (
    amount_range,
    capitalized,
    details,
    marks,
    marks_note,
    unit_note,
)
from mlroles.output.values import per
from mlroles.questions import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.queries.offer import Context
    from mlroles.questions import Row

_SALARIES = (
    Column("name", "name", heading="Place"),
    Column("counted", heading="Counted"),
    Column("records", "count", heading="Records", hide=2),
    Column("p25", "money", heading="25th", hide=1),
    Column("median", "money", heading="Median"),
    Column("p75", "money", heading="75th", hide=1),
    Column("adjusted_median", "estimate", heading="At US prices", hide=3),
)
_OFFERS = (
    Column("name", "name", heading="Place"),
    Column("counted", heading="Counted"),
    Column("median", "money", heading="Median"),
    Column("rank", heading="Percentile"),
    Column("to_p75", "change", heading="To the 75th", hide=1),
    Column("adjusted_offer", "estimate", heading="At US prices", hide=2),
)
_SOURCES = "Figures of different sources are not comparable: see Counted."


def salaries(page: Page, rows: list[Row]) -> list[Block]:
    """What roles pay in several places."""
    of_roles = len({row["role"] for row in rows}) > 1
    shown = [_shown(page, row, with_role=of_roles) for row in rows]
    known = [each for each in shown if each["median"] is not None]
    unit, medians = f" {per(rows[0]['period'])}", []
    for row in known:
        what = f"for {row['title']}" if of_roles else _in(page, row)
        medians.append(f"{page.money(row['median'])}{unit} {what}")
        # The first one has it.
        unit = ""
    of = f"Median in {_place(page, rows[0])}" if of_roles else rows[0]["title"]
    columns = list(_SALARIES)
    if of_roles:
        columns[0] = columns[0]._replace(heading="Role")
    title = f"{of}: {', '.join(medians) or 'no current pay figure'}"
    return _page(page, rows, shown, columns, title)


def offers(page: Page, rows: list[Row]) -> list[Block]:
    """Where an offer ranks in several places."""
    contexts: list[Context] = page.answer.context
    first = rows[0]
    amount = amount_range(page, first["offer"], first["offer_high"])
    shown, verdicts = [], []
    for row, context in zip(rows, contexts, strict=True):
        rank = percentiles(context.ranks) if context.ranks else None
        rank = rank and rank.removeprefix("the ").removesuffix(" percentile")
        shown.append(_shown(page, row) | {"rank": rank})
        words = dict.fromkeys(map(verdict, context.ranks))
        what = " to ".join(words) or "no figure"
        verdicts.append(f"{what} {_in(page, row)}")
    title = f"{amount} {per(first['period'])}, {first['title']}: {', '.join(verdicts)}"
    return _page(page, rows, shown, _OFFERS, title)


def _page(
    page: Page,
    rows: list[Row],
    shown: list[Row],
    columns: Sequence[Column],
    title: str,
) -> list[Block]:
    sourced = [row for row in rows if row["source"]]
    notes = [unit_note(page, rows[0], (row["source"] for row in sourced))]
    notes += [marks_note(sourced)]
    if len({(row["source"], row["occupation"]) for row in sourced}) > 1:
        notes.append(_SOURCES)
    text = " ".join(filter(None, notes))
    based = dict.fromkeys(
        f"{KINDS[row['kind']].name}, {page.value(row['period_covered'], 'date')}"
        for row in sourced
    )
    lines = [title, capitalized(f"{'; '.join(based)}.")] if based else [title]
    blocks: list[Block] = [paragraph(*lines), Figure(page, shown, columns)]
    every = [each for row in sourced[:1] for each in details(page, row)]
    return [*blocks, paragraph(text), *every] if sourced else blocks


def _place(page: Page, row: Row) -> str:
    """Return the name of a place; without one, the country and the work mode."""
    if row["place"] is not None:
        return short_place(row["level"], row["place"])
    country = page.country(row["country"]) if row["country"] else "all countries"
    return ", ".join(filter(None, [country, row["work_mode"]]))


def _in(page: Page, row: Row) -> str:
    return f"in {_place(page, row).partition(',')[0]}" if row["place"] else "remote"


def _shown(page: Page, row: Row, *, with_role: bool = False) -> dict[str, Any]:
    """Return a row as people see it."""
    name = _place(page, row)
    if with_role:
        name = row["title"]
    counted = None
    if row["kind"]:
        kind = KINDS[row["kind"]].name
        counted = row["occupation"] or kind
    return {
        **row,
        "name": f"{name}{marks(row)}" if row["kind"] else name,
        "counted": counted,
    }
