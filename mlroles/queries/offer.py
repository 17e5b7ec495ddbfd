"""Where an offer ranks."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import group_percentiles
from mlroles.errors import UsageError
from mlroles.matching import find_role
from mlroles.money import PERIODS, difference, find_period, whole
from mlroles.queries.answer import NO_FILTERS, Answer, Filters, Labels, Row
from mlroles.queries.pay import pay_row, select

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset

_MAX_AMOUNT = 10**12


def offer(
    data: Dataset,
    amount: float,
    role: str | None = None,
    *,
    filters: Filters = NO_FILTERS,
    per: str = "year",
) -> Answer[Row]:
    """Return where an offer ranks among the pay records of a role.

    `amount` is in the data set's currency, for the period `per`; the rest is as for
    `salary`.

    Returns:
        One row with the keys `role title offer percentile records median difference
        year country experience work_mode currency period source`. `percentile` is
        interpolated between the published percentiles, and None below the 5th and
        above the 95th; `difference` is the offer minus the median.

    Raises:
        UsageError: As for `salary`, or an amount that is not positive or too large.
    """
    found, period = find_role(data, role), find_period(per)
    if not 0 < amount < _MAX_AMOUNT:
        raise UsageError(f"an offer must be between 0 and 10^12, not {amount:g}.")
    selection = select(data, [found], filters)
    row: Row = {
        "role": found["id"],
        "title": found["title"],
        "offer": whole(amount),
        **dict.fromkeys(("percentile", "records", "median", "difference")),
        **selection.slice._asdict(),
        "currency": data["currency"],
        "period": period,
        "source": None,
    }
    notes = selection.notes
    if groups := selection.groups[found["id"]]:
        pay = pay_row(data, found, groups[0], period)
        known = group_percentiles(groups[0])
        yearly = amount * PERIODS[period]
        row |= {key: pay[key] for key in ("records", "median", "source")}
        row["percentile"] = percentile_of(yearly, known)
        row["difference"] = difference(row["offer"], pay["median"])
        if row["percentile"] is None:
            notes = [*notes, _out_of_range(yearly, known)]
    return Answer("offer", row, Labels(data), notes=notes, filters=selection.requested)


def percentile_of(amount: float, known: list[tuple[int, int]]) -> float | None:
    """Return the percentile of an amount, by linear interpolation, to one decimal.

    `known` has percentiles with their yearly amounts, in ascending order. Where several
    have the same amount, the middle of them is its percentile. Outside the known range,
    the percentile is None.
    """
    equal = [percentile for percentile, paid in known if paid == amount]
    if equal:
        return (equal[0] + equal[-1]) / 2
    for (low, less), (high, more) in pairwise(known):
        if less < amount < more:
            return round(low + (high - low) * (amount - less) / (more - less), 1)
    return None


def _out_of_range(yearly: float, known: list[tuple[int, int]]) -> str:
    (lowest, least), (highest, most) = known[0], known[-1]
    side = f"below the {lowest}th" if yearly < least else f"above the {highest}th"
    note = f"the offer is {side} percentile; percentiles beyond that are not known"
    if yearly * 1_000 <= most:
        note += ". Is the amount in thousands, or per hour (--per hour)?"
    return note
