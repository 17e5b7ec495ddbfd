"""Where an offer ranks."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import group_percentiles, round_percentile
from mlroles.errors import UsageError
from mlroles.matching import find_role
from mlroles.money import Converter, difference, whole
from mlroles.queries.answer import NO_FILTERS, Answer, Filters, Labels, Row
from mlroles.queries.pay import pay_row, select

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.dataset.schema import Dataset

_MAX_AMOUNT = 10**12
# Percentiles of fewer records are whole numbers.
_EXACT_RECORDS = 100


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
        year country experience work_mode currency period source percentile_low
        percentile_high`. `percentile` is interpolated between the published ones, and
        None below the 5th and above the 95th; it is a whole number if there are fewer
        than 100 records. If several percentiles share the amount, they are those from
        `percentile_low` to `percentile_high`, and `percentile` is in the middle.
        `difference` is the offer minus the median.

    Raises:
        UsageError: As for `salary`, or an amount that is not positive or too large.
    """
    found, convert = find_role(data, role), Converter(per)
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
        "period": convert.period,
        "source": None,
        "percentile_low": None,
        "percentile_high": None,
    }
    notes, parts = selection.notes, {}
    if groups := selection.groups[found["id"]]:
        pay = pay_row(data, found, groups[0], convert)
        parts = {"distribution": Answer("salary-by", pay, Labels(data))}
        # As they are shown, so that none of them contradicts the offer's percentile.
        known = [
            (percentile, convert(yearly, str(pay["year"])) or 0)
            for percentile, yearly in group_percentiles(groups[0])
        ]
        row |= {key: pay[key] for key in ("records", "median", "source")}
        low, high = percentiles_of(amount, known)
        if low is None or high is None:
            notes = [*notes, _out_of_range(amount, known)]
        else:
            digits = 0 if pay["records"] < _EXACT_RECORDS else 1
            middle = whole(round_percentile((low + high) / 2, digits))
            row |= {
                "percentile": middle,
                "percentile_low": low if low != high else middle,
                "percentile_high": high if low != high else middle,
            }
        row["difference"] = difference(row["offer"], pay["median"])
    answer = Answer("offer", row, Labels(data), notes, parts=parts)
    return answer._replace(filters=selection.requested)


def percentiles_of(
    amount: float, known: Sequence[tuple[int, float]]
) -> tuple[float | None, float | None]:
    """Return the lowest and the highest percentile with an amount.

    They are interpolated linearly between `known` percentiles, which have their amounts
    in ascending order; they differ only if several of these share the amount.
    Outside the known range, they are None.
    """
    equal = [percentile for percentile, paid in known if paid == amount]
    if equal:
        return equal[0], equal[-1]
    for (low, less), (high, more) in pairwise(known):
        if less < amount < more:
            percentile = low + (high - low) * (amount - less) / (more - less)
            return percentile, percentile
    return None, None


def _out_of_range(amount: float, known: Sequence[tuple[int, float]]) -> str:
    (lowest, least), (highest, most) = known[0], known[-1]
    side = f"below the {lowest}th" if amount < least else f"above the {highest}th"
    note = f"the offer is {side} percentile; percentiles beyond that are not known"
    if amount < least:
        note += (
            ". If you typed a $, the shell may have removed it and the digits after "
            "it: quote the amount, as in '$150,000'"
        )
    if amount * 1_000 <= most:
        note += ". Is the amount in thousands, or per hour (--per hour)?"
    return note
