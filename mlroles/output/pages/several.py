"""Pay, or an offer, in several places: a line for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.dataset.kinds import KINDS
from mlroles.matching import short_place, with_article
from mlroles.output.blocks import Figure, Notes, note, paragraph
from mlroles.output.pages.offer import percentiles, verdict
from mlroles.output.pages.phrases import (
    amount_range,
    capitalized,
    details,
    levels,
    marks,
    marks_note,
    unit_note,
)
from mlroles.output.values import per
from mlroles.questions import OFFER, PERCENTILES, Column

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
_MEDIAN = Column("median", "money", heading="Median")
_OFFERS = (
    Column("name", "name", heading="Place"),
    Column("counted", heading="Counted"),
    _MEDIAN,
    Column("p75", "money", heading="75th", hide=1),
    Column("rank", heading="Percentile"),
    Column("adjusted_offer", "estimate", heading="At US prices", hide=2),
)
_DRAWN = (
    Column("name", "name", heading="Place"),
    Column("records", "count", heading="Records"),
    *PERCENTILES,
)
_ROLE = Column("title", heading="Role")
_OFFER = Column("offer", "money", heading="Offer")
# What offers add up to.
_PACKAGES = (
    Column("name", "name", heading="Place"),
    *OFFER.chosen(
        "bonus equity signing total_first_year total_later_years "
        "adjusted_total_later_years"
    ),
)
_UNKNOWN = "A part that is not given is unknown, and not in the sums."
_SOURCES = "Figures of different sources are not comparable"


def salaries(page: Page, rows: list[Row]) -> list[Block]:
    """What roles pay in several places."""
    of_roles = _is_of_roles(rows)
    of_places = len({_place(page, row) for row in rows}) > 1 or not of_roles
    shown = [_shown(page, row, of_role=not of_places) for row in rows]
    known = [each for each in shown if each["median"] is not None]
    unit, medians = f" {per(rows[0]['period'])}", []
    is_of_kinds = len({row["kind"] for row in known}) > 1
    for row in known:
        words = [f"for {row['title']}" * of_roles, _in(page, row) * of_places]
        what = " ".join(filter(None, words))
        if is_of_kinds:
            what += f" ({KINDS[row['kind']].name})"
        medians.append(f"{page.money(row['median'])}{unit} {what}")
        # The first one has it.
        unit = ""
    of = f"Median{'' if of_places else f' in {_place(page, rows[0])}'}"
    # The figures of an official occupation are its own, not the role's.
    occupations = {row["occupation"] for row in known}
    occupation = occupations.pop() if len(occupations) == 1 else None
    of = of if of_roles else occupation or rows[0]["title"]
    columns = list(_SALARIES)
    if not of_places or any(row["adjusted_median"] is None for row in known):
        # Prices compare places; here, the quartiles say more, and are hidden last.
        columns = [each._replace(hide=each.hide and 4 - each.hide) for each in columns]
    if not of_places:
        columns[0] = columns[0]._replace(heading="Role")
    elif of_roles:
        columns.insert(0, _ROLE)
    title = f"{of}: {', '.join(medians) or 'no pay figure'}"
    return _page(page, rows, shown, columns, title)


def offers(page: Page, rows: list[Row]) -> list[Block]:
    """Where an offer ranks in several places, or several offers in theirs."""
    contexts: list[Context] = page.answer.context
    amounts = [amount_range(page, row["offer"], row["offer_high"]) for row in rows]
    is_one, of_roles = len(set(amounts)) == 1, _is_of_roles(rows)
    unit = per(rows[0]["period"])
    shown, verdicts = [], []
    for row, context, amount in zip(rows, contexts, amounts, strict=True):
        rank = percentiles(context.ranks) if context.ranks else None
        rank = rank and rank.removeprefix("the ").removesuffix(" percentile")
        shown.append(_shown(page, row) | {"rank": rank})
        what = " to ".join(dict.fromkeys(map(verdict, context.ranks))) or "no figure"
        role = f" for {row['title']}" * of_roles
        if is_one:
            verdicts.append(f"{what} {_in(page, row)}{role}")
        else:
            verdicts.append(f"{amount} {_in(page, row)} is {what}{role}")
    words = ", ".join(verdicts)
    of = [] if of_roles else [rows[0]["title"]]
    lines = [f"{', '.join([f'{amounts[0]} {unit}', *of])}: {words}"]
    # Of a range, it is the lower end only.
    kept = [
        each
        for each in _OFFERS
        if each.key != "adjusted_offer"
        or all(row["offer_high"] is None for row in rows)
    ]
    columns = [*([_ROLE] if of_roles else []), *kept]
    if not is_one:
        columns.insert(columns.index(_MEDIAN), _OFFER)
        title = capitalized(", ".join([*of, unit]))
        lines = [f"{title}: {words}", *_worth_most(page, rows)]
    if page.chart:
        # The figures of places may differ in kind.
        drawn = [
            {**each, "name": ", ".join(filter(None, [each["name"], each["counted"]]))}
            | {"adjusted_median": None}
            for each in shown
        ]
        return _page(page, rows, drawn, _DRAWN, *lines)
    blocks = _page(page, rows, shown, columns, *lines)
    if any(row["total_later_years"] is not None for row in rows):
        notes = Notes([note(_UNKNOWN)])
        parts = [*([_ROLE] if of_roles else []), *_PACKAGES]
        blocks[2:2] = [Figure(page, shown, parts), notes]
    return blocks


def _is_of_roles(rows: list[Row]) -> bool:
    return len({row["role"] for row in rows}) > 1


def _worth_most(page: Page, rows: list[Row]) -> list[str]:
    """Return which offer is worth most at the prices of one place, if it is known.

    Sums of different parts are not compared, so base pay is.
    """
    # A signing bonus is no part of later years.
    known = {tuple(row[part] is None for part in ("bonus", "equity")) for row in rows}
    parts = {"adjusted_offer": ("base pay", "")}
    if len(known) == 1:
        parts = {
            "adjusted_total_later_years": ("offer", " in a later year"),
            **parts,
        }
    for key, (what, when) in parts.items():
        values = [row[key] for row in rows]
        if None not in values and len(set(values)) == len(values):
            most = rows[values.index(max(values))]
            worth = f"{page.estimate(most[key])}{when} before tax"
            offered = amount_range(page, most["offer"], most["offer_high"])
            where = f"the {what} of {offered} {_in(page, most)}"
            return [f"At average US prices, {where} is worth most: {worth}."]
    return []


def _page(
    page: Page,
    rows: list[Row],
    shown: list[Row],
    columns: Sequence[Column],
    *lines: str,
) -> list[Block]:
    sourced = [row for row in rows if row["source"]]
    # An offer with parts says more of the unit.
    row = max(rows, key=lambda each: each.get("total_later_years") is not None)
    notes = [unit_note(page, row, (each["source"] for each in sourced))]
    notes += [marks_note(sourced)]
    counted = {(row["kind"], row["occupation"]) for row in sourced}
    if len(counted) > 1:
        notes.append(f"{_SOURCES}{'' if page.chart else ': see Counted'}.")
    elif not any(occupation for _, occupation in counted):
        # The second line says it.
        columns = [each for each in columns if each.key != "counted"]
    text = " ".join(filter(None, notes))
    based = dict.fromkeys(
        f"{KINDS[row['kind']].name}, {page.covered(row['period_covered'])}"
        for row in sourced
    )
    basis = [capitalized(f"{'; '.join(based)}.")] if based else []
    blocks: list[Block] = [paragraph(*lines, *basis), Figure(page, shown, columns)]
    every = [each for row in sourced[:1] for each in details(page, row)]
    return [*blocks, paragraph(text), *every] if sourced else blocks


def _place(page: Page, row: Row) -> str:
    """Return the name of a place; without one, the country and the work mode."""
    if row["place"] is not None:
        return short_place(row["level"], row["place"])
    names = levels(page, row)
    if row["source"] is None and names:
        return ", ".join(names)
    country = page.country(row["country"]) if row["country"] else "all countries"
    return ", ".join([country, *names])


def _in(page: Page, row: Row) -> str:
    if row["place"] is None and (row["experience"] or row["work_mode"]):
        level = f"for {row['experience']}" if row["experience"] else None
        mode = page.value(row["work_mode"], "group") if row["work_mode"] else None
        country = page.country(row["country"]) if row["country"] else ""
        where = f"in {with_article(country)}" * bool(country)
        return " ".join(filter(None, [level, mode, where]))
    return f"in {with_article(_place(page, row).partition(',')[0])}"


def _shown(page: Page, row: Row, *, of_role: bool = False) -> dict[str, Any]:
    """Return a row as people see it, named by its place or by its role."""
    name = row["title"] if of_role else _place(page, row)
    if row["kind"] is None:
        return {**row, "name": name, "counted": None}
    counted = row["occupation"] or KINDS[row["kind"]].name
    return {**row, "name": f"{name}{marks(row)}", "counted": counted}
