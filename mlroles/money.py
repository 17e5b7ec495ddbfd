"""Amounts of pay: periods, differences, and amounts as people write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mlroles.errors import UsageError
from mlroles.matching import choose

if TYPE_CHECKING:
    from collections.abc import Mapping

# The number of each period in a year: 12 months, 52 weeks of 40 hours.
PERIODS = {"year": 1, "month": 12, "week": 52, "hour": 2080}
_AMOUNT = r"([0-9]{1,3}(?:[,_][0-9]{3})+|[0-9]{1,12})(\.[0-9]{1,2})?\s*([KM]?)"
_FACTORS = {"": 1, "K": 1_000, "M": 1_000_000}
CURRENCY_CODES = ("USD", "EUR", "GBP", "INR", "CAD", "AUD", "PLN")
# The signs that people write.
SIGNS = {"$": "USD", "\u20ac": "EUR", "\u00a3": "GBP", "\u20b9": "INR"}


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


class Converter:
    """Converts yearly amounts to a pay period and, if asked, to prices of one month.

    Attributes:
        period: The pay period.
        prices: The month of the prices, None if amounts are nominal.
    """

    def __init__(self, per: str, index: Mapping[str, float] | None = None) -> None:
        self.period = find_period(per)
        self.prices = max(index) if index else None
        self._index = index or {}

    def __call__(self, yearly: float | None, covered: str) -> float | None:
        """Convert an amount.

        `covered` is what it covers: a year, `FY 2025` (October to September), a month
        or a day. A period has the mean of the price index of its months.

        Raises:
            UsageError: The price index does not cover the period.
        """
        if self.prices and yearly is not None:
            yearly *= self._index[self.prices] / self._mean(covered)
            yearly = round(yearly) if self.period == "year" else yearly
        return per_period(yearly, self.period)

    def _mean(self, covered: str) -> float:
        first = last = covered[:7]
        if covered.startswith("FY "):
            year = int(covered.removeprefix("FY "))
            first, last = f"{year - 1}-10", f"{year}-09"
        elif "-" not in covered:
            first, last = f"{covered}-01", f"{covered}-12"
        values = [
            value for month, value in self._index.items() if first <= month <= last
        ]
        if not values:
            raise UsageError(f"--real has no prices for {covered}.")
        return sum(values) / len(values)


def difference(amount: float | None, base: float | None) -> float | None:
    """Subtract two amounts as they are shown; None if either is unknown."""
    if amount is None or base is None:
        return None
    # Adding 0 turns a negative zero into zero.
    return round(amount - base, 2) + 0


def parse_amount(text: str, currency: str = "USD") -> float:
    """Parse an amount: `150000`, `150,000`, `$150k`, `72.50`, `90000 USD`.

    Raises:
        UsageError: It is not an amount, or in another currency. `150.000` is refused
            because it means 150 to some readers and 150,000 to others.
    """
    number = text.strip().upper()
    for sign, code in SIGNS.items():
        if sign in number and code != currency:
            raise UsageError(f"{text!r} is in {code}; the data set is in {currency}.")
        number = number.replace(sign, "")
    if named := re.fullmatch(r"([A-Z]{3})\s.*|.*\s([A-Z]{3})", number):
        other = named[1] or named[2]
        if other != currency:
            raise UsageError(f"{text!r} is in {other}; the data set is in {currency}.")
        number = number.replace(currency, "")
    match = re.fullmatch(_AMOUNT, number.strip())
    if match is None:
        hint = "Write it as 150000, 150,000, 150k or 72.50."
        if number.startswith(","):
            hint = "The shell removes a $ and the digits after it: quote '$150,000'."
        raise UsageError(f"{text!r} is not an amount. {hint}")
    digits, cents, unit = match.groups()
    plain = digits.replace(",", "").replace("_", "") + (cents or "")
    return whole(round(float(plain) * _FACTORS[unit], 2))


def whole(amount: float) -> float:
    """Return an amount without cents as an integer."""
    return int(amount) if amount == int(amount) else amount
