"""Sentences that several pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import HOME_COUNTRY, THIN_RECORDS, is_thin
from mlroles.dataset.kinds import KINDS
from mlroles.matching import LEVELS, short_place
from mlroles.money import adjust
from mlroles.queries.answer import Base

if TYPE_CHECKING:
    from mlroles.output.page import Page
    from mlroles.questions import Row


def price_note(page: Page, row: Row, *amounts: float | None) -> str:
    """Return a sentence on the prices of a place, and what amounts buy there.

    Without an amount, it is on the median.
    """
    place, level = short_place(row["level"], row["place"]), row["cost_of_living"]
    if level is None:
        return f"Cost of living in {with_article(place)}: unknown."
    text = f"Cost of living in {with_article(place)}: {level:.1f} (United States = 100)"
    known = [amount for amount in amounts if amount is not None]
    name = amount_range(page, *known) if known else "the median"
    worth = [adjust(amount, level) or 0 for amount in known]
    if not known and row["adjusted_median"] is not None:
        worth = [row["adjusted_median"]]
    if worth:
        has = "have" if len(worth) > 1 else "has"
        power = amount_range(page, *worth)
        text += f"; {name} {has} the buying power of {power} at average US prices, "
        text += "before tax"
    return f"{text}. Source: {page.dated(row['cost_source'])}."


def price_note_abroad(page: Page, row: Row, *amounts: float | None) -> list[str]:
    """Return the sentence on prices, if the place is another country that has any."""
    is_abroad = row["cost_of_living"] is not None and row["code"] != HOME_COUNTRY
    return [price_note(page, row, *amounts)] if is_abroad else []


def place_label(row: Row) -> str:
    """Return the name of a place, and what it is if that may not be clear."""
    name = short_place(row["level"], row["place"])
    is_clear = row["code"] in {"DC", "GU", "PR", "VI"}
    return with_article(name) if is_clear else f"{name} ({LEVELS[row['level']]})"


def not_comparable(page: Page, row: Row, rank: str = "") -> str:
    """Return a sentence on national figures that are not comparable with an area's.

    `row` is evidence; `rank` is where an offer ranks among the figures.
    """
    region = row["region"]
    where = with_article(page.country(region)) if region else "all countries"
    rank = f"; the offer is {rank}" if rank else ""
    kind = KINDS[row["kind"]].name
    count = f"{counted(row)} of {row['period_covered']}"
    return (
        f"{kind[:1].upper()}{kind[1:]} in {where} (not comparable): the median of "
        f"{count} is {page.money(row['median'])}{rank}."
    )


def meaning(row: Row) -> str:
    """Return a sentence on what the figures of a metro area or state are."""
    if row["occupation"]:
        return PROXY.format(row["occupation"])
    reason = KINDS[row["kind"]].reason.format(date="")
    return f"{reason[:1].upper()}{reason[1:]}."


def counted(row: Row) -> str:
    """Return how many records or people are behind a figure: `68 filings`."""
    if row["records"] is not None:
        name = KINDS[row["kind"]].counted
        thin = f" (thin: fewer than {THIN_RECORDS})" * is_thin(row["records"])
        return f"{row['records']:,} {name}{'' if row['records'] == 1 else 's'}{thin}"
    if row["employment"] is not None:
        return f"{row['employment']:,} people employed"
    return ""


# What the figures of an official occupation are.
PROXY = (
    "The figures are those of an official occupation, {}, which is wider than the role "
    "and used as a proxy for it."
)


def with_article(name: str) -> str:
    """Return the name of a place with the article that some have in a sentence."""
    has_article = name.startswith("United ") or name in _WITH_ARTICLE
    return f"the {name}" if has_article else name


_WITH_ARTICLE = {"District of Columbia", "Netherlands", "Philippines", "Virgin Islands"}


def amount_range(page: Page, low: float, high: float | None = None) -> str:
    """Return an amount, or a range: `$150,000 to $170,000`."""
    ends = [low] if high is None else [low, high]
    return " to ".join(map(page.money, ends))


THIN_NOTE = f"Thin: fewer than {THIN_RECORDS} records."


def marked_thin(row: Row) -> Row:
    """Return a row whose title says that its median is thin."""
    name = f"{row['title']} (thin)"
    return {**row, "title": name} if is_thin(row["records"]) else row


def base_name(page: Page) -> str:
    """Return what differences are relative to, with the mark of its row if shown."""
    base = page.answer.base or Base("")
    is_shown = base.id in {row.get("code", row["role"]) for row in page.answer.rows}
    return f"{base.name} (*)" if is_shown else base.name
