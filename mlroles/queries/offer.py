"""Where an offer stands among what is paid."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import CELL
from mlroles.errors import UsageError
from mlroles.matching import find_role
from mlroles.queries.cells import percentiles_of, survey_row
from mlroles.queries.pay import ANYWHERE, Where, select
from mlroles.queries.rows import PERIODS, Row, pay, pay_period, silent

if TYPE_CHECKING:
    from mlroles.dataset.schema import Cell, Dataset, Role
    from mlroles.queries.rows import Notify

_AMOUNT = r"\$?\s*([0-9]{1,3}(?:[,_][0-9]{3})+|[0-9]{1,12})(\.[0-9]{1,2})?\s*([km]?)"
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000}


def offer(
    data: Dataset,
    amount: float,
    role: str | None = None,
    *,
    where: Where = ANYWHERE,
    per: str = "year",
    notify: Notify = silent,
) -> Row:
    """Where an offer stands among the survey's records.

    `amount` is paid for the period of `per`; the rest is as for `salary`.

    Returns:
        One row of `role title offer percentile records median difference year
        country experience work_mode currency period source`. `percentile` is
        interpolated between those that the data set keeps, and None below the 5th
        and above the 95th; `difference` is the offer less the median.

    Raises:
        UsageError: As for `salary`, or an amount that nobody is paid.
    """
    found, period = find_role(data, role), pay_period(per)
    if not 0 < amount < 10**12:
        raise UsageError(f"an offer is more than 0 and less than 10^12, not {amount:g}")
    slice_, cells = select(data, [found], where, notify)
    row: Row = {
        "role": found["id"],
        "title": found["title"],
        "offer": amount,
        **dict.fromkeys(("percentile", "records", "median", "difference")),
        **dict(zip(CELL, slice_, strict=False)),
        "currency": data["currency"],
        "period": period,
        "source": None,
    }
    for cell in cells[found["id"]]:
        row |= _rank(data, found, cell, amount * PERIODS[period], notify)
        row |= {key: pay(row[key], period) for key in ("median", "difference")}
    return row


def _rank(data: Dataset, role: Role, cell: Cell, yearly: float, notify: Notify) -> Row:
    """What a cell's records say of a yearly amount."""
    paid, known = survey_row(data, role, cell, "year"), percentiles_of(cell)
    rank = percentile_of(yearly, known)
    if rank is None:
        side = "below the 5th" if yearly < known[0][1] else "above the 95th"
        told = f"the offer is {side} percentile, beyond which no more is known"
        if yearly * _TIMES["k"] <= known[-1][1]:
            told += "; is it in thousands, or by the hour?"
        notify(told)
    return {
        "percentile": rank,
        "difference": _whole(yearly - paid["median"]),
        **{key: paid[key] for key in ("records", "median", "source")},
    }


def parse_amount(text: str, currency: str = "USD") -> float:
    """An amount as people write it: `150000`, `150,000`, `$150k`, `72.50`.

    Raises:
        UsageError: It is none; also `150.000`, which means 150 to some readers and
            150,000 to others, and dollars where the currency is another.
    """
    if "$" in text and currency != "USD":
        raise UsageError(f"{text!r} is not an amount in {currency}")
    match = re.fullmatch(_AMOUNT, text.strip(), re.IGNORECASE)
    if match is None:
        raise UsageError(
            f"{text!r} is not an amount; write it as 150000, 150,000, 150k or 72.50"
        )
    whole, cents, unit = match.groups()
    plain = whole.replace(",", "").replace("_", "") + (cents or "")
    return _whole(round(float(plain) * _TIMES[unit.lower()], 2))


def percentile_of(amount: float, known: list[tuple[int, int]]) -> float | None:
    """The percentile of an amount, to one decimal, by linear interpolation.

    `known` holds percentiles and their amounts in ascending order. Where several
    percentiles have the same amount, theirs is the middle of them. None outside of
    what is known.
    """
    equal = [percentile for percentile, paid in known if paid == amount]
    if equal:
        return (equal[0] + equal[-1]) / 2
    for (low, less), (high, more) in pairwise(known):
        if less < amount < more:
            return round(low + (high - low) * (amount - less) / (more - less), 1)
    return None


def _whole(amount: float) -> float:
    return int(amount) if amount == int(amount) else amount
