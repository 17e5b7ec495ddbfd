"""Where an offer ranks."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from mlroles.dataset.dimensions import (
    FILING_LEVELS,
    HOME_COUNTRY,
    group_percentiles,
    place_percentiles,
    round_percentile,
)
from mlroles.errors import Argument, UsageError
from mlroles.money import PERIODS, SHELL_HINT, adjust, difference, whole
from mlroles.queries.answer import NO_FILTERS, Answer, Filters
from mlroles.queries.figures import FIGURE_KEYS, check_open, seniority_figures
from mlroles.queries.locations import (
    area_rows,
    cost_keys,
    filters_at,
    find_location,
)
from mlroles.queries.pay import converter, pay_row, select
from mlroles.questions import OFFER, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import PayGroup, Role
    from mlroles.money import Converter
    from mlroles.places import Place
    from mlroles.queries.own import MarketPay

_MAX_AMOUNT = 10**12
# Amounts so many times above or below the median are in another unit.
_IMPLAUSIBLE = 10
# Amounts below such a share of the median may lack their first digits.
_SUSPICIOUS = 1 / 2
# Percentiles of fewer records are whole numbers.
_EXACT_RECORDS = 100
_SHARES = ("share_below", "share_within", "share_above")
# Percentiles with their amounts, in ascending order.
Known: TypeAlias = "Sequence[tuple[int, float]]"
# A figure with its percentiles and, if these may have decimals, its records.
_Figure: TypeAlias = "tuple[Row, Known, int | None]"


class Rank(NamedTuple):
    """The percentile of an amount, and the lowest and highest that it can be.

    Outside of the published percentiles, only one of the last two is known.
    """

    percentile: float | None
    low: float | None
    high: float | None


class Context(NamedTuple):
    """What the page of an offer needs besides its row."""

    ranks: list[Rank]
    """Those of the amount, and of the other end of a range."""
    others: list[list[Rank]]
    """The ranks in the other figures."""


def offer(
    data: Dataset,
    amount: float,
    role: str | None = None,
    *,
    high: float | None = None,
    location: str | None = None,
    filters: Filters = NO_FILTERS,
    per: str = "year",
    currency: str | None = None,
    bonus: str | None = None,
    equity: str | None = None,
    signing: str | None = None,
) -> Answer[Row]:
    """Return where an offer ranks among the pay records of a role.

    `amount` is in `currency`, for the period `per`; `high` is the other end if the
    offer is a range; the rest is as for `salary`. In a metro area or a state, the
    figures are those of the area, of filings or of an official occupation.

    The other parts of the offer, which no source has, are not ranked but added up:
    `bonus` is a percentage of base pay, as `15%`, or an amount a year; `equity` has the
    years over which it vests, as `200k/4y`; `signing` is paid once.

    Returns:
        One row with the keys of `questions.OFFER`. `percentile` is interpolated between
        the published ones; it is a whole number in an area and if there are fewer than
        100 records. If several percentiles share the amount, they are those from
        `percentile_low` to `percentile_high`, and `percentile` is in the middle. Below
        the lowest published percentile, `percentile` is None, and only
        `percentile_high` is set, to that; above the highest, only `percentile_low`.
        In an area, `other_figures` has the ranks by other sources there, in the United
        States by the same source, and among advertised pay, which is not comparable;
        next to pay records of one's own, the rank in the market, as for `salary`.

    Raises:
        UsageError: As for `salary`, or an amount that is not positive or too large.
    """
    found = data.role(role)
    place = find_location(data, location)
    filters = filters_at(place, filters)
    convert = converter(data, per, filters, currency=currency)
    check_amounts(amount, high)
    added = _added(convert, amount, high, bonus=bonus, equity=equity, signing=signing)
    in_area = place is not None and place.is_area
    level = filters.experience if filters.experience in FILING_LEVELS else None
    if level:
        # No pay records have such a level.
        filters = filters._replace(experience=None)
        check_open(filters)
    selection = select(data, [found], filters, currency=convert.converted_to)
    notes = selection.notes
    known: list[_Figure] = []
    if level:
        figures = seniority_figures(data, found["id"], convert, level)
        known = [(each, place_percentiles(each), None) for each in figures.values()]
    elif place and in_area:
        areas, notes = area_rows(data, found, place, convert)
        known = [(each, place_percentiles(each), None) for each in areas]
    lead = known[0][0] if known else None
    if not level and (groups := selection.groups[found["id"]]):
        pay = pay_row(data, found, groups[0], convert)
        pay |= _shares(data, found["id"], groups[0], amount, convert)
        known.append((pay, known_percentiles(groups[0], convert), pay["records"]))
        lead = lead if in_area else pay
        if lead is pay and (market := _market(data, found, pay, filters, convert)):
            ends = known_percentiles(market.group, convert)
            known.append((market.row, ends, market.row["records"]))
            data, notes = market.data, [*notes, *market.notes]
    row: Row = {
        "role": found["id"],
        "title": found["title"],
        "place": place and place.name,
        "level": place and place.level,
        "code": place and place.code,
        **selection.slice._asdict(),
        "experience": level or selection.slice.experience,
        "year": None,
        "offer": whole(amount),
        "offer_high": None if high is None else whole(high),
        "currency": convert.currency,
        "period": convert.period,
    }
    context = Context([], [])
    notes = [*notes, *_add_ranks(row, context, known, lead, place, convert)]
    if in_area:
        row["country"] = HOME_COUNTRY
    row |= cost_keys(data, place and place.key, row.get("median"))
    row["adjusted_offer"] = adjust(row["offer"], row["cost_of_living"])
    row |= added
    for key in added.keys() & {"total_first_year", "total_later_years"}:
        row[f"adjusted_{key}"] = adjust(added[key], row["cost_of_living"])
    row |= convert.keys(lead["period_covered"] if lead else None)
    row = OFFER.row(row)
    return Answer(OFFER, row, data, notes, context=context, exchange=convert.exchange)


def _add_ranks(
    row: Row,
    context: Context,
    known: list[_Figure],
    lead: Row | None,
    place: Place | None,
    convert: Converter,
) -> list[str]:
    """Add where an offer ranks in each figure, and return notes on the leading one.

    Raises:
        UsageError: The offer is in the wrong unit.
    """
    amount, high = row["offer"], row["offer_high"]
    notes, others = [], []
    for figure, percentiles, records in known:
        ranks = [rank(e, percentiles, records) for e in (amount, high) if e is not None]
        ranked = _rank_keys(row, figure, ranks)
        ranked |= {key: figure[key] for key in FIGURE_KEYS}
        if figure is lead:
            check_plausible(amount, high, figure["median"], convert)
            row |= ranked
            context.ranks.extend(ranks)
            notes = _out_of_range(amount, figure["median"], percentiles, place)
        else:
            others.append(ranked)
            context.others.append(ranks)
    row["other_figures"] = others
    return notes


def _market(
    data: Dataset, role: Role, pay: Row, filters: Filters, convert: Converter
) -> MarketPay | None:
    """Return the pay of the market next to pay records of one's own."""
    if not data.is_own:
        return None
    from mlroles.queries.own import market_pay

    return market_pay(data, role, pay, filters, convert)


def _added(
    convert: Converter, amount: float, high: float | None, **parts: str | None
) -> Row:
    """Return the parts of an offer besides base pay, and what all add up to."""
    if not any(parts.values()):
        return {}
    from mlroles.package import package

    if high is not None:
        text = "an offer with other parts must be one amount, not a range."
        raise UsageError(text, argument="amount")
    base = whole(amount * PERIODS[convert.period])
    return package(base, convert.currency, **parts)


def _rank_keys(row: Row, figure: Row, ranks: list[Rank]) -> Row:
    """Return where an offer ranks in a figure, and what it lacks to its percentiles."""
    percentile, low, high = ranks[0]
    return {
        "percentile": percentile,
        "percentile_low": low,
        "percentile_high": high,
        "percentile_at_high": ranks[-1].percentile if len(ranks) > 1 else None,
        **{key: figure.get(key) for key in _SHARES},
        "to_median": difference(figure["median"], row["offer"]),
        "to_p75": difference(figure["p75"], row["offer"]),
    }


def check_amounts(*amounts: float | None) -> None:
    """Check that amounts are positive and not too large.

    Raises:
        UsageError: One of them is not.
    """
    for each in amounts:
        if each is not None and not 0 < each < _MAX_AMOUNT:
            message = f"an amount must be between 0 and 10^12, not {each:g}."
            raise UsageError(message, argument="amount")


def check_plausible(
    amount: float, high: float | None, median: float, convert: Converter
) -> None:
    """Check that an amount is not a tenth or ten times of what is usual.

    Raises:
        UsageError: It is; it would be ranked in the wrong unit.
    """
    ends = [end for end in (amount, high) if end is not None]

    def fits(times: int) -> bool:
        least, most = median / _IMPLAUSIBLE, median * _IMPLAUSIBLE
        return all(least < end * times < most for end in ends)

    if fits(1):
        return
    understood = " to ".join(f"{whole(end):,}" for end in ends)
    article = "an" if convert.period == "hour" else "a"
    text = (
        f"understood {understood} {convert.currency} {article} {convert.period}, but "
        f"the median is {whole(median):,}. "
    )
    if fits(1_000):
        thousands = "-".join(f"{whole(end):g}k" for end in ends)
        text += f"Write {thousands} for thousands, or "
    else:
        text += "Check the currency, or "
    is_yearly = convert.period == "year"
    per = Argument("per", "hour" if is_yearly else "year")
    end = f"{' or month' if is_yearly else ''} for another period."
    if amount < median and high is None:
        end += f" {SHELL_HINT}."
    raise UsageError(text, per, end, argument="amount")


def known_percentiles(group: PayGroup, convert: Converter) -> Known:
    """Return the percentiles of a pay group, their amounts as they are shown.

    So none of them contradicts the percentile of an amount.
    """
    year, *_ = group
    return [
        (percentile, convert(yearly, year) or 0)
        for percentile, yearly in group_percentiles(group)
    ]


def rank(amount: float, known: Known, records: int | None) -> Rank:
    """Return the rank of an amount.

    The percentile is rounded, to whole numbers if there are few records.
    """
    low, high = percentiles_of(amount, known)
    if low is None or high is None:
        return Rank(None, low, high)
    digits = 1 if records and records >= _EXACT_RECORDS else 0
    published = [percentile for percentile, _ in known]
    middle = whole(round_percentile((low + high) / 2, digits, published))
    return Rank(middle, low, high) if low != high else Rank(middle, middle, middle)


def percentiles_of(amount: float, known: Known) -> tuple[float | None, float | None]:
    """Return the lowest and the highest percentile with an amount.

    They are interpolated linearly between `known` percentiles, which have their amounts
    in ascending order; they differ only if several of these share the amount. Below the
    known range, the lowest is None; above, the highest.
    """
    equal = [percentile for percentile, paid in known if paid == amount]
    if equal:
        return equal[0], equal[-1]
    for (low, less), (high, more) in pairwise(known):
        if less < amount < more:
            percentile = low + (high - low) * (amount - less) / (more - less)
            return percentile, percentile
    (lowest, least), (highest, _) = known[0], known[-1]
    return (None, lowest) if amount < least else (highest, None)


def _shares(
    data: Dataset, role_id: str, group: PayGroup, amount: float, convert: Converter
) -> Row:
    """Return the _SHARES of a group, in per cent: where ranges are from an amount."""
    year = group[0]
    ranges = [
        (convert(low, year) or 0, convert(high, year) or 0)
        for low, high in data.ranges(role_id, group)
    ]
    if not ranges:
        return {}
    below = sum(high < amount for _, high in ranges)
    above = sum(low > amount for low, _ in ranges)
    counts = (below, len(ranges) - below - above, above)
    shares = [round(100 * count / len(ranges), 1) for count in counts]
    return dict(zip(_SHARES, shares, strict=True))


def _out_of_range(
    amount: float,
    median: float,
    known: Known,
    place: Place | None,
) -> list[str]:
    """Return a note on an amount that is outside of the published percentiles."""
    (lowest, least), (highest, most) = known[0], known[-1]
    if least <= amount <= most:
        return []
    side = f"below the {lowest}th" if amount < least else f"above the {highest}th"
    where = f"{place.short_name}: " if place else ""
    note = (
        f"{where}the offer is {side} percentile; percentiles beyond that are not known"
    )
    if amount < min(least, median * _SUSPICIOUS):
        note += f". {SHELL_HINT}"
    return [note]
