"""Amounts of pay: periods, differences, and amounts as people write them."""

from __future__ import annotations

import re

from mlroles.errors import UsageError
from mlroles.matching import choose

# The number of each period in a year: 12 months, 52 weeks of 40 hours.
PERIODS = {"year": 1, "month": 12, "week": 52, "hour": 2080}
_AMOUNT = r"\$?\s*([0-9]{1,3}(?:[,_][0-9]{3})+|[0-9]{1,12})(\.[0-9]{1,2})?\s*([km]?)"
_FACTORS = {"": 1, "k": 1_000, "m": 1_000_000}


def find_period(per: str) -> str:
    """Find a pay period by its name.

    Raises:
        UsageError: It is not year, month, week or hour.
    """
    return choose(per, PERIODS.keys(), "pay period")


def per_period(yearly: float | None, period: str) -> float | None:
    """Convert a yearly amount to a pay period, rounded to cents.

    Yearly amounts are returned as they are; None stays None.
    """
    if yearly is None or period == "year":
        return yearly
    return round(yearly / PERIODS[period], 2)


def difference(amount: float | None, base: float | None) -> float | None:
    """Subtract two amounts as they are shown; None if either is unknown."""
    if amount is None or base is None:
        return None
    # Adding 0 turns a negative zero into zero.
    return round(amount - base, 2) + 0


def parse_amount(text: str, currency: str = "USD") -> float:
    """Parse an amount: `150000`, `150,000`, `$150k`, `72.50`.

    Raises:
        UsageError: It is not an amount. `150.000` is refused because it means 150 to
            some readers and 150,000 to others; dollars are refused unless `currency`
            is USD.
    """
    if "$" in text and currency != "USD":
        raise UsageError(f"{text!r} is not an amount in {currency}.")
    match = re.fullmatch(_AMOUNT, text.strip(), re.IGNORECASE)
    if match is None:
        raise UsageError(
            f"{text!r} is not an amount. Write it as 150000, 150,000, 150k or 72.50."
        )
    digits, cents, unit = match.groups()
    plain = digits.replace(",", "").replace("_", "") + (cents or "")
    return whole(round(float(plain) * _FACTORS[unit.lower()], 2))


def whole(amount: float) -> float:
    """Return an amount without cents as an integer."""
    return int(amount) if amount == int(amount) else amount
