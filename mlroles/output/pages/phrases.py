"""Sentences that several pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import (
    HOME_COUNTRY,
    THIN_RECORDS,
    is_thin,
    round_percentile,
)
from mlroles.dataset.kinds import KINDS
from mlroles.matching import COUNTRY, LEVELS, short_place
from mlroles.money import adjust
from mlroles.output.blocks import Paragraph
from mlroles.queries.answer import Base
from mlroles.questions import SALARY_BY_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlroles.output.blocks import Block
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

    `row` has the figure; `rank` is where an offer ranks among the figures.
    """
    region = row["region"]
    where = with_article(page.country(region)) if region else "all countries"
    rank = f"; the offer is {rank}" if rank else ""
    kind = KINDS[row["kind"]].name
    count = f"{counted(row)} of {page.value(row['period_covered'], 'date')}"
    return (
        f"{kind[:1].upper()}{kind[1:]} in {where} (not comparable): the median of "
        f"{count} is {page.money(row['median'])}{rank}."
    )


def caveats(page: Page) -> list[Block]:
    """Return what readers of the pay records on a page must know, as a paragraph.

    This is on the countries and the years that figures are of, and on what the
    publisher of advertised pay means by a level.
    """
    data = page.answer.data
    if not data.pay:
        return []
    rows = list(_pay_rows(page.answer.rows, data.pay["source"]))
    codes = set().union(*map(_country_codes, rows))
    texts = [
        f"{page.country(code)}: {text}"
        for code, text in data.pay.get("country_notes", {}).items()
        if code in codes
    ]
    if data.is_advertised and any(row.get("experience") == "executive" for row in rows):
        texts.append(EXECUTIVE)
    if page.answer.question is SALARY_BY_YEAR:
        periods = {row["year"]: page.period(row["role"], row["year"]) for row in rows}
        texts += [
            f"{year}: {period}."
            for year, period in periods.items()
            if period != str(year)
        ]
        texts += [OTHER_POSTINGS] if data.is_advertised else []
    return [Paragraph((" ".join(texts),))] if texts else []


def has_country_note(page: Page, code: str) -> bool:
    """Return whether pay in a country is hard to compare with that in others."""
    pay = page.answer.data.pay
    return pay is not None and code in pay.get("country_notes", {})


def _pay_rows(value: Any, source: str) -> Iterator[Row]:
    """Yield the rows in an answer whose figures are those of pay records."""
    if isinstance(value, list):
        for each in value:
            yield from _pay_rows(each, source)
    elif isinstance(value, dict):
        if source in {value.get("source"), value.get("median_source")}:
            yield value
        yield from _pay_rows([*value.values()], source)


def _country_codes(row: Row) -> set[str | None]:
    """Return the codes of the countries that the figures of a row are of."""
    codes = {row.get("country"), row.get("region")}
    for prefix in ("", "from_", "to_"):
        if row.get(f"{prefix}level") == COUNTRY:
            codes.add(row.get(f"{prefix}code"))
    return codes


# What the publisher of advertised pay means by a level.
EXECUTIVE = "Executive: director or executive, the publisher's level."
OTHER_POSTINGS = "Change: the difference of medians of other postings, not a raise."


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
        thin = f"thin: fewer than {THIN_RECORDS}" * is_thin(row["records"])
        marked = marks(thin, mostly(row))
        return f"{row['records']:,} {name}{'' if row['records'] == 1 else 's'}{marked}"
    if row["employment"] is not None:
        return f"about {row['employment']:,} people employed (estimate)"
    return ""


def mostly(row: Row, prefix: str = "") -> str:
    """Return the employer with more than half of the filings: `85% Amazon`."""
    share = row[f"{prefix}top_employer_share"]
    if share is None or share <= _HALF:
        return ""
    return f"{round_percentile(share, 0, [_HALF]):.0f}% {row[f'{prefix}top_employer']}"


def marks(*texts: str) -> str:
    """Return what follows the name of a figure: ` (thin, 85% Amazon)`."""
    known = ", ".join(filter(None, texts))
    return f" ({known})" if known else ""


def marked(row: Row) -> str:
    """Return the marks of a figure: that it is thin, or mostly of one employer."""
    return marks("thin" * row["thin"], mostly(row))


def mostly_note(rows: list[Row], prefix: str = "") -> list[str]:
    """Return a sentence on the marks of employers, if any of some rows has one."""
    return [MOSTLY] if any(mostly(row, prefix) for row in rows) else []


_HALF = 50
MOSTLY = "A share with a name: more than half of the filings are by that employer."
# What the figures of an official occupation are.
PROXY = (
    "The figures are those of an official occupation, {}, used as a proxy for the "
    "role. It is another classification: it has other jobs and lacks many of this "
    "role. Wages include commissions, production bonuses and tips."
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


THIN_NOTE = f"Thin: fewer than {THIN_RECORDS} records, or 100 people employed."


def thin_note(page: Page, source: str) -> str:
    """Return what thin means in figures of a source: `fewer than 30 filings`."""
    return f"Thin: fewer than {THIN_RECORDS} {plural(page, source)}."


def plural(page: Page, source: str) -> str:
    """Return what a source counts: `filings`."""
    return f"{KINDS[page.answer.data.source(source)['kind']].counted}s"


def marked_thin(row: Row) -> Row:
    """Return a row whose title says that its median is thin."""
    name = f"{row['title']} (thin)"
    return {**row, "title": name} if row["thin"] else row


def base_name(page: Page) -> str:
    """Return what differences are relative to, with the mark of its row if shown."""
    base = page.answer.base or Base("")
    is_shown = base.id in {row.get("code", row["role"]) for row in page.answer.rows}
    return f"{base.name} (*)" if is_shown else base.name
