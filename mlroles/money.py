"""Amounts of pay: periods, prices, currencies, and amounts as people write them."""

from __future__ import annotations

import re
from math import ceil, log10
from typing import TYPE_CHECKING, Any

from mlroles.errors import Argument, UsageError, quoted, shortened
from mlroles.matching import check_length, choose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlroles.dataset.schema import Rates

# The number of each period in a year: 12 months, 52 weeks of 40 hours.
PERIODS = {"year": 1, "month": 12, "week": 52, "hour": 2080}
_AMOUNT = (
    r"(0|[1-9][0-9]{0,2}(?:[,_ ][0-9]{3}){1,3}|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"
    r"|[1-9][0-9]{0,11})(\.[0-9]{1,2})?"
    r"\s*([KM]?)"
)
_FACTORS = {"": 1, "K": 1_000, "M": 1_000_000}
# The signs that people write, those with a letter first.
SIGNS = {
    "US$": "USD", "C$": "CAD", "$": "USD", "\u20ac": "EUR", "\u00a3": "GBP",
    "\u20b9": "INR",
}  # fmt: skip
CURRENCY_CODES = (
    "USD", "EUR", "GBP", "CAD", "AUD", "INR", "PLN", "BRL", "MXN", "NZD", "PHP",
)  # fmt: skip
# What people call them.
CURRENCY_NAMES = {
    "DOLLAR": "USD", "DOLLARS": "USD", "EURO": "EUR", "EUROS": "EUR", "POUND": "GBP",
    "POUNDS": "GBP", "RUPEE": "INR", "RUPEES": "INR",
}  # fmt: skip
# For amounts that may lack their first digits.
SHELL_HINT = (
    "If you typed a $, the shell may have removed it and the digits after it: write "
    "the amount without it, or in single quotes: '$150,000'"
)
# Between the ends of a range, as in `150k-170k` or `150k to 170k`.
_TO = r"-|\u2013|\u2014|\b[Tt][Oo]\b"


def find_period(per: str) -> str:
    """Find a pay period by its name.

    Raises:
        UsageError: It is not year, month, week or hour.
    """
    return choose(per, PERIODS.keys(), "pay period", argument="per")


def per_period(yearly: float | None, period: str) -> float | None:
    """Convert a yearly amount to a pay period, rounded to cents.

    Yearly amounts are returned as they are; None stays None.
    """
    if yearly is None or period == "year":
        return yearly
    return round(yearly / PERIODS[period], 2)


def year_of(covered: str) -> int:
    """Return the year of `2025`, `2025-05`, `2022-08-10` or `FY 2025`.

    An interval of months, `2024-10/2025-09`, is of the year in which it ends.
    """
    return int(covered.rpartition("/")[2].removeprefix("FY ")[:4])


def currency_code(typed: str) -> str:
    """Return the ISO 4217 code of a currency from its code, sign or English name.

    Whether there is such a currency is not checked.

    Raises:
        UsageError: It has more than 200 characters.
    """
    check_length(typed, "currency")
    code = SIGNS.get(typed, typed).upper()
    return CURRENCY_NAMES.get(code, code)


def latest_rates(years: Mapping[str, Mapping[str, float]]) -> int:
    """Return the latest year of exchange rates, by currency and year.

    Without any, it is so large that no year is later.
    """
    return max((int(year) for of in years.values() for year in of), default=9_999)


class ExchangeRates:
    """Yearly mean exchange rates from one currency to another.

    Attributes:
        source: The id of their source.
        base: The currency that is converted.
        currency: The currency that it is converted to.
        used: The rates that were used, in units of `currency` per unit of `base`, by
            year.
        latest_year: The latest year with rates, which later and undated amounts have.
    """

    def __init__(self, rates: Rates, base: str, currency: str) -> None:
        known = {"USD": None, **rates["years"]}
        typed = currency_code(currency)
        for code in (typed, base):
            if code not in known:
                choices = ", ".join(known)
                message = (
                    f"no exchange rate for {quoted(code)}. Choose from: {choices}."
                )
                raise UsageError(message, argument="currency")
        self.source = rates["source"]
        self.base = base
        self.currency = typed
        self.used: dict[int, float] = {}
        self._years = rates["years"]
        self.latest_year = latest_rates(rates["years"])

    def year(self, year: int) -> int:
        """Return the year whose rate is that of a year: the latest one after it."""
        return min(year, self.latest_year)

    def rate(self, year: int) -> float:
        """Return the rate of a year, of the latest one if it is after that.

        Raises:
            UsageError: There is none.
        """
        year = self.year(year)
        per_dollar = [
            1.0 if code == "USD" else self._years[code].get(str(year))
            for code in (self.base, self.currency)
        ]
        base, wanted = per_dollar
        if base is None or wanted is None:
            message = f"no exchange rate for {self.currency} in {year}."
            raise UsageError(message, argument="currency")
        return self.used.setdefault(year, wanted / base)


class Converter:
    """Converts yearly amounts: to a pay period, to another currency, to real prices.

    Attributes:
        period: The pay period.
        currency: The currency of the results.
        prices: The month of the prices, None if amounts are nominal.
        exchange: The exchange rates, None if amounts stay in their currency.
    """

    def __init__(
        self,
        per: str,
        currency: str,
        *,
        index: Mapping[str, float] | None = None,
        exchange: ExchangeRates | None = None,
    ) -> None:
        self.period = find_period(per)
        self.currency = exchange.currency if exchange else currency
        self.prices = max(index) if index else None
        self.exchange = exchange
        self._index = index or {}

    @property
    def converted_to(self) -> str | None:
        """The currency that amounts are converted to, None if they are not."""
        return self.exchange.currency if self.exchange else None

    def __call__(self, yearly: float | None, covered: str | int | None) -> float | None:
        """Convert an amount.

        `covered` is what it covers: a year, `FY 2025` (October to September), months
        (`2025-01/2025-07`), a month or a day; None is an unknown date. A period has the
        mean of the price index of its months, and the mean exchange rate of its year.
        Yearly amounts are rounded to whole units, or in currencies with smaller units
        to about one unit of the original currency, since the amounts are whole units
        of that.

        Raises:
            UsageError: The price index or the exchange rates do not cover the period,
                or it is unknown.
        """
        if yearly is None:
            return None
        if covered is None:
            self._check_no_date()
            return per_period(yearly, self.period)
        covered = str(covered)
        if self.prices:
            yearly *= self._index[self.prices] / self._mean(covered)
            yearly = round(yearly) if self.period == "year" else yearly
        if self.exchange:
            rate = self.exchange.rate(year_of(covered))
            step = 10 ** max(0, ceil(log10(rate)))
            yearly = round(yearly * rate / step) * step
        return per_period(yearly, self.period)

    def keys(self, covered: str | int | None) -> dict[str, Any]:
        """Return the keys that the conversion adds to a row.

        `prices` for real amounts; `exchange_rate` and `rate_year` in another currency,
        None if nothing was converted.
        """
        keys: dict[str, Any] = {"prices": self.prices} if self.prices else {}
        if self.exchange:
            year = self.exchange.year(year_of(str(covered))) if covered else None
            rate = self.exchange.rate(year) if year else None
            keys |= {"exchange_rate": rate, "rate_year": year}
        return keys

    def _check_no_date(self) -> None:
        name = "real" if self.prices else "currency" if self.exchange else ""
        if name:
            text = (
                " needs the year of each figure, and pay records of this data set have "
                "none. Import them with "
            )
            year = Argument("set", "year=2025")
            raise UsageError(Argument(name), text, year, ".", argument=name)

    def _mean(self, covered: str) -> float:
        start, _, end = covered.partition("/")
        first, last = start[:7], (end or start)[:7]
        if covered.startswith("FY "):
            year = int(covered.removeprefix("FY "))
            first, last = f"{year - 1}-10", f"{year}-09"
        elif "-" not in covered:
            first, last = f"{covered}-01", f"{covered}-12"
        values = [
            value for month, value in self._index.items() if first <= month <= last
        ]
        if not values:
            text = f" has no prices for {covered}."
            raise UsageError(Argument("real"), text, argument="real")
        return sum(values) / len(values)


def adjust(amount: float | None, level: float | None) -> float | None:
    """Return what an amount is worth at average US prices; None if either is unknown.

    `level` is the price level of the place, where the United States is 100.
    """
    if amount is None or level is None:
        return None
    adjusted = 100 * amount / level
    return round(adjusted) if isinstance(amount, int) else round(adjusted, 2)


def difference(amount: float | None, base: float | None) -> float | None:
    """Subtract two amounts as they are shown; None if either is unknown."""
    if amount is None or base is None:
        return None
    # Adding 0 turns a negative zero into zero.
    return round(amount - base, 2) + 0


def percent_change(after: float | None, before: float | None) -> float | None:
    """Return a change in per cent, rounded to one digit.

    None if an amount is unknown, or the one before was rounded to 0, as the smallest
    amounts are by the hour or in another currency.
    """
    if after is None or not before:
        return None
    # Adding 0 turns a negative zero into zero.
    return round(100 * (after / before - 1), 1) + 0


def parse_range(text: str, currency: str = "USD") -> tuple[float, float | None]:
    """Parse an amount, or a range: `150k-170k`, `150-170k`, `$150,000 to $170,000`.

    Returns:
        The amount and None, or the two ends of the range.

    Raises:
        UsageError: As for `parse_amount`, or the ends are not in ascending order.
    """
    check_length(text, "amount")
    # Spaces are not part of the pattern, which would take quadratic time.
    first, *rest = map(str.strip, re.split(_TO, text, maxsplit=1))
    if not (first and rest):
        return parse_amount(text, currency), None
    last = rest[0]
    unit = last[-1:].upper()
    if unit in _FACTORS and first[-1:].isdigit():
        # The unit is that of both ends in 150-170k, but not in 60000-70k.
        plain = [parse_amount(end, currency) for end in (first, last[:-1])]
        first += unit if plain[0] < plain[1] else ""
    low, high = parse_amount(first, currency), parse_amount(last, currency)
    if low > high:
        message = f"{quoted(text)} is not a range. Write the lower amount first."
        raise UsageError(message, argument="amount")
    return low, high if high > low else None


def parse_amount(text: str, currency: str = "USD") -> float:
    """Parse an amount: `150000`, `150,000`, `$150k`, `72.50`, `90000 USD`.

    Raises:
        UsageError: It is not an amount, or in another currency. `150.000` is refused
            because it means 150 to some readers and 150,000 to others.
    """
    number, codes = text.strip().upper(), []
    for sign, code in SIGNS.items():
        if sign in number:
            codes.append(code)
            number = number.replace(sign, "")
    if named := re.fullmatch(r"([A-Z]{3})\s.*|.*\s([A-Z]{3})", number):
        codes.append(named[1] or named[2])
        number = number.replace(codes[-1], "")
    if other := next((code for code in codes if code != currency), None):
        raise other_currency(text, other, currency)
    match = re.fullmatch(_AMOUNT, number.strip())
    # What remains of $150,000 and $208k, unquoted, is ,000 and 08k.
    is_rest = re.match(r",|0[0-9]", number)
    if match is None or is_rest:
        hint = "Write it as 150000, 150,000, 150k or 72.50."
        if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+(,[0-9]{1,2})?", number.strip()):
            hint = "A point may separate thousands or cents: write 65000 or 65,000."
        if is_rest:
            hint = "The shell removes a $ and the digits after it: quote '$150,000'."
        raise UsageError(f"{quoted(text)} is not an amount. {hint}", argument="amount")
    digits, cents, unit = match.groups()
    plain = re.sub("[,_ ]", "", digits) + (cents or "")
    return whole(round(float(plain) * _FACTORS[unit], 2))


def other_currency(text: str, named: str, currency: str) -> UsageError:
    """Return the error for an amount whose text names another currency."""
    return UsageError(
        f"{quoted(text)} is in {named}, not in {shortened(currency)}. "
        f"For amounts in {named}, add ",
        Argument("currency", named),
        ".",
        argument="currency",
    )


def whole(amount: float) -> float:
    """Return an amount without cents as an integer."""
    return int(amount) if amount == int(amount) else amount
