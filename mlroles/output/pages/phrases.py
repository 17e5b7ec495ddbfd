"""Sentences that several pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import (
    HOME_COUNTRY,
    THIN_EMPLOYED,
    THIN_RECORDS,
)
from mlroles.dataset.kinds import KINDS
from mlroles.matching import AREA_LEVELS, COUNTRY, LEVELS, short_place, with_article
from mlroles.output.blocks import Paragraph
from mlroles.output.values import per, short_percentile
from mlroles.queries.answer import Base

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.questions import Row


def price_note(page: Page, row: Row) -> str:
    """Return a sentence on the prices of a place, and what its median is worth.

    Empty without a place that is not the United States.
    """
    level = row["cost_of_living"]
    if row["level"] is None or row["code"] == HOME_COUNTRY:
        return ""
    place = with_article(short_place(row["level"], row["place"]))
    if level is None:
        # Countries without a price level are those that have no figures.
        known = row["level"] in AREA_LEVELS
        return f"Prices in {place}: unknown." if known else ""
    average = " (country average)" if row["level"] == COUNTRY else ""
    text = f"Prices in {place}{average}: {level:.1f} (United States = 100)"
    # Amounts of another currency at US prices would look like pay in that country.
    if (
        row["adjusted_median"] is not None
        and row["currency"] == page.answer.data.currency
    ):
        worth = page.estimate(row["adjusted_median"])
        text += f", so the median is worth {worth} at average US prices, before tax"
    return f"{text}. Source: {page.dated(row['cost_source'])}."


def place_label(row: Row) -> str:
    """Return the name of a place, and what it is if that may not be clear."""
    name = short_place(row["level"], row["place"])
    is_clear = row["code"] in {"DC", "GU", "PR", "VI"}
    return with_article(name) if is_clear else f"{name} ({LEVELS[row['level']]})"


def basis(page: Page, row: Row, *, is_of_many: bool = False) -> str:
    """Return what a figure is based on: `Median of 68 H-1B filings, ...`.

    If it is of many rows, it does not say how many are behind this one.
    """
    count, has_median = "" if is_of_many else counted(row), row["median"] is not None
    if has_median:
        what = f"Median of {count or KINDS[row['kind']].name}"
    else:
        what = f"Average of {count}" if count else "Average on a job site"
    proxy = f"The occupation {PROXY}" if row["occupation"] else ""
    return f"{what}, {covered(page, row)}. {proxy}".strip()


def levels(page: Page, row: Row) -> list[str]:
    """Return the experience level and the work mode of a row, without unknown ones."""
    groups = (row.get("experience"), row.get("work_mode"))
    return [page.value(each, "group") for each in groups if each]


def covered(page: Page, row: Row) -> str:
    """Return the levels and the period of a figure: `senior, May 2025`."""
    return ", ".join([*levels(page, row), page.covered(row["period_covered"])])


# The columns whose first value the title of a ranking states.
_TOP = {
    "median": "highest median",
    "adjusted_median": "highest median at average US prices",
    "openings": "most openings",
    "average_salary": "highest average",
}
# Those that are not of the figure in a row, and how their keys start.
OF_ITS_OWN = {"openings": "openings_", "average_salary": "average_"}


def ranking_title(
    page: Page, of: str, first: str, among: str, apart: int = 0
) -> Paragraph:
    """Return the title of a ranking: what it is of, its first row, and its basis.

    Args:
        page: The page, whose answer has at least one row.
        of: What the figures are of.
        first: The name of the first row with a preposition: `in Austin, TX`.
        among: What is ranked, in the plural.
        apart: How many rows come last whatever their values.
    """
    answer, row = page.answer, page.answer.rows[0]
    key = answer.sort or ""
    is_top = key in _TOP and not answer.reverse and row[key] is not None
    # Unknown values come last.
    count = sum(not is_top or each[key] is not None for each in answer.rows)
    count += answer.more
    if not is_top:
        title = f"{of}: {count:,} {among}{' that match' * answer.matched}"
        return Paragraph((title, basis(page, row, is_of_many=True)))
    count = count - apart or count
    based = basis(page, row)
    if prefix := OF_ITS_OWN.get(key):
        based = f"Source: {page.origin(row, prefix)}."
    (column,) = answer.question.chosen(key)
    value = page.value(row[key], column.kind)
    unit = f" {per(row['period'])}" if column.is_money else ""
    if count == 1:
        # One is not the highest of anything.
        what = _TOP[key].removeprefix("highest ").removeprefix("most ")
        return Paragraph((f"{of}: {what} {first}, {value}{unit}", based))
    total = f"{count:,} {among}{' that match' * answer.matched}"
    title = f"{of}: {_TOP[key]} {first}, {value}{unit}, of {total}"
    return Paragraph((title, based))


def caveats(page: Page) -> list[str]:
    """Return what readers of the pay records in an answer must know.

    This is on the countries and the years that figures are of, and on what the
    publisher of advertised pay means by a level.
    """
    data = page.answer.data
    if not data.pay:
        return []
    rows = list(_pay_rows(page.answer.rows, data.pay["source"]))
    codes = set().union(*map(_country_codes, rows))
    texts = _in_own_currency(page, codes)
    texts += [
        f"{page.country(code)}: {text}"
        for code, text in data.pay.get("country_notes", {}).items()
        if code in codes
    ]
    if data.is_advertised and any(row.get("experience") == "executive" for row in rows):
        texts.append(EXECUTIVE)
    changes = [row for row in rows if "change" in row]
    periods = {row["year"]: page.period(row["role"], row["year"]) for row in changes}
    texts += [
        f"{year}: {period}." for year, period in periods.items() if period != str(year)
    ]
    # A chart has no differences.
    if changes and data.is_advertised and not page.chart:
        texts.append(OTHER_POSTINGS)
    return texts


def _in_own_currency(page: Page, codes: set[str | None]) -> list[str]:
    """Return that figures of countries are of what is stated in their own currency."""
    answer, data = page.answer, page.answer.data
    if answer.exchange is None or data.table("local_pay") is None or not data.pay:
        return []
    currency, currencies = answer.exchange.currency, data.table("rates")["currencies"]
    own = [
        page.country(code)
        for code in codes
        if code and currencies.get(code) == currency
    ]
    where = with_article(own[0]) if len(own) == 1 else f"countries that use {currency}"
    counted = f"{plural(page, data.pay['source'])} in {currency} only"
    return [f"Pay in {where} is of {counted}."] if own else []


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
OTHER_POSTINGS = "Difference: of medians of other postings, not a raise."


def details(page: Page, row: Row) -> list[Block]:
    """Return what official wages or filings are, if details are wanted."""
    text = ""
    if row["occupation"]:
        text = f"{row['occupation']} {PROXY} {WAGES}"
    elif row["kind"] == "filings":
        text = f"{capitalized(KINDS[row['kind']].reason)}."
    return [Paragraph((text,))] if text and page.details else []


def unit_note(page: Page, row: Row, ids: Iterable[str], *others: str) -> str:
    """Return the unit of a page about one figure, and the sources of all figures.

    Args:
        page: The page.
        row: A row with the unit.
        ids: The ids of the sources of figures.
        others: The titles of other sources.
    """
    sources = [*map(page.cited, dict.fromkeys(ids)), *others]
    what = "base pay before tax, without bonus and equity"
    if row.get("occupation"):
        # Official wages include some of what is added to base pay.
        what = (
            "pay before tax, without equity; official wages include commissions and "
            "production bonuses"
        )
    if row.get("total_later_years") is not None:
        what = "before tax. Medians and percentiles are of base pay alone"
    return f"{page.unit(row)}, {what}. {sources_note(sources)}"


def sources_note(titles: Iterable[str]) -> str:
    """Return the sources of what is above, by their titles."""
    known = list(dict.fromkeys(titles))
    return f"Source{'s' * (len(known) > 1)}: {'; '.join(known)}."


def gap(per_cent: float) -> str:
    """Return a difference in words: `12.0% below`."""
    side = "below" if per_cent < 0 else "above"
    return f"{abs(per_cent):.1f}% {side}" if per_cent else "equal"


def capitalized(text: str) -> str:
    """Return a text as the start of a sentence."""
    return f"{text[:1].upper()}{text[1:]}"


def counted(row: Row) -> str:
    """Return how many records or people are behind a figure: `68 H-1B filings`."""
    number, ending = row["records"], ""
    if number is not None:
        floor, name = THIN_RECORDS, KINDS[row["kind"]].counted
        text = f"{number:,} {name}{'' if number == 1 else 's'}"
    elif (number := row["employment"]) is not None:
        floor, ending = THIN_EMPLOYED, " (estimate)"
        text = f"about {number:,} people employed"
    else:
        return ""
    thin = f"thin: fewer than {floor}" * row["thin"]
    return text + (in_brackets(thin, mostly(row)) or ending)


def mostly(row: Row) -> str:
    """Return the employer of more than half of the filings, if any: `85% Amazon`."""
    share = row.get("top_employer_share")
    if share is None or share <= _HALF:
        return ""
    return f"{short_percentile(share, [_HALF]):g}% {row['top_employer']}"


def in_brackets(*texts: str) -> str:
    """Return what follows the name of a figure: ` (thin, 85% Amazon)`."""
    known = ", ".join(filter(None, texts))
    return f" ({known})" if known else ""


def marks(row: Row, *others: str) -> str:
    """Return the marks of a figure: that it is thin, or mostly of one employer."""
    return in_brackets("thin" * bool(row["thin"]), mostly(row), *others)


_HALF = 50
# What the figures of an official occupation are.
PROXY = "is a proxy for the role: it includes other jobs and lacks many of this role."
# The Bureau's terms for what wages are.
WAGES = (
    "Official wages include commissions, production bonuses and tips, not other "
    "bonuses or equity; part-time work is counted at 2,080 hours a year."
)


def amount_range(page: Page, low: float, high: float | None = None) -> str:
    """Return an amount, or a range: `$150,000 to $170,000`."""
    ends = [low] if high is None else [low, high]
    return " to ".join(map(page.money, ends))


def marks_note(rows: Iterable[Row]) -> str:
    """Return what the marks of rows of one source mean: `Thin: fewer than 30 ...`."""
    known = list(rows)
    thin = next((f"Thin: {few(each)}." for each in known if each["thin"]), "")
    is_mostly = any(map(mostly, known))
    share = "Share and name: the employer of more than half of the filings." * is_mostly
    return " ".join(filter(None, [thin, share]))


def few(row: Row) -> str:
    """Return what thin means in a row: `fewer than 30 H-1B filings`."""
    if row["records"] is None:
        return f"fewer than {THIN_EMPLOYED} people employed"
    return f"fewer than {THIN_RECORDS} {KINDS[row['kind']].counted}s"


def plural(page: Page, source: str) -> str:
    """Return what a source counts: `filings`."""
    return f"{KINDS[page.answer.data.source(source)['kind']].counted}s"


def marked(row: Row, key: str = "title") -> Row:
    """Return a row whose name has the marks of its figure."""
    return {**row, key: row[key] + marks(row)}


def base_name(page: Page) -> str:
    """Return what differences are relative to, with the mark of its row if shown."""
    base = page.answer.base or Base("")
    is_shown = base.id in {row.get("code", row["role"]) for row in page.answer.rows}
    return f"{base.name} (*)" if is_shown else base.name
