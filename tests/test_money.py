from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlroles.dataset.load import load
from mlroles.errors import UsageError
from mlroles.money import (
    CURRENCY_CODES,
    PERIODS,
    difference,
    find_period,
    parse_amount,
    per_period,
    percent_change,
    whole,
)
from tests.conftest import error_of

AMOUNTS = {
    "150000": 150000, "150,000": 150000, "150_000": 150000, "$150k": 150000,
    "$ 150K": 150000, "1.25m": 1250000, "72.50": 72.5, "72.5": 72.5, " 95 ": 95,
    "$1,234,567.89": 1234567.89,
}  # fmt: skip
INVALID_AMOUNTS = [
    "", "k", "$", "-5", "1,50", "15,0000", "150.0000", "1e5", "0x10", "five", "1 000 0",
    "150k k", "\uff11\uff15\uff10k", "9" * 13, "1.2.3", "nan", "\x1b[31m5",
]  # fmt: skip


def test_currencies_are_those_with_exchange_rates() -> None:
    rates = load(None).table("rates")
    assert set(CURRENCY_CODES) == {"USD", *rates["years"]}


@pytest.mark.parametrize(("text", "amount"), AMOUNTS.items(), ids=list(AMOUNTS))
def test_amounts_are_parsed(text: str, amount: float) -> None:
    assert parse_amount(text) == amount


@pytest.mark.parametrize("text", INVALID_AMOUNTS)
def test_invalid_amounts_are_rejected(text: str) -> None:
    # Control characters are escaped in messages, here already by repr().
    error = error_of(UsageError, parse_amount, text)
    assert error == (
        f"{text!r} is not an amount. Write it as 150000, 150,000, 150k or 72.50."
    )


@given(st.text(max_size=12))
def test_any_text_is_parsed_or_rejected_with_a_printable_message(text: str) -> None:
    try:
        shown = f"{parse_amount(text):g}"
    except UsageError as error:
        shown = str(error)
    assert shown.isprintable()


@given(st.integers(0, 10**11), st.sampled_from(["", "$"]))
def test_formatted_amounts_are_parsed(amount: int, sign: str) -> None:
    assert parse_amount(f"{sign}{amount}") == amount
    assert parse_amount(f"{sign}{amount:,}") == amount


def test_amounts_without_cents_are_integers() -> None:
    assert isinstance(parse_amount("72.00"), int)
    assert isinstance(whole(72.0), int)
    assert isinstance(whole(72.5), float)


@pytest.mark.parametrize(
    ("period", "amount"),
    [("year", 110673), ("month", 9222.75), ("week", 2128.33), ("hour", 53.21)],
)
def test_yearly_amounts_are_converted_to_a_period(period: str, amount: float) -> None:
    assert per_period(110673, find_period(period)) == amount
    assert per_period(None, period) is None


@given(st.integers(1, 10**7), st.sampled_from(sorted(PERIODS)))
def test_conversion_to_a_period_rounds_to_cents(yearly: int, period: str) -> None:
    amount = per_period(yearly, period)
    assert amount is not None
    assert abs(amount - yearly / PERIODS[period]) <= 0.0050001


def test_unknown_periods_are_rejected() -> None:
    error = error_of(UsageError, find_period, "day")
    assert error == ("unknown pay period 'day'. Choose from: year, month, week, hour.")


def test_difference_is_never_a_negative_zero() -> None:
    assert str(difference(-0.001, 0.0)) == "0.0"
    assert str(difference(53.205, 53.209)) == "0.0"


@pytest.mark.parametrize(("amount", "base"), [(None, 1), (1, None), (None, None)])
def test_difference_to_an_unknown_amount_is_unknown(
    amount: float | None, base: float | None
) -> None:
    assert difference(amount, base) is None


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("90000 USD", "USD", 90000),
        ("usd 90k", "USD", 90000),
        ("\u20ac90k", "EUR", 90000),
        ("90,000 EUR", "EUR", 90000),
        ("90k PLN", "PLN", 90000),
    ],
)
def test_amounts_may_name_the_currency(text: str, currency: str, amount: int) -> None:
    assert parse_amount(text, currency) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("\u20ac90k", "EUR"),
        ("90000 EUR", "EUR"),
        ("GBP 90k", "GBP"),
        ("\u00a390k", "GBP"),
    ],
)
def test_other_currencies_are_refused_with_the_reason(text: str, code: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_amount(text)
    assert (
        str(error.value)
        == f"{text!r} is in {code}, not in USD. For amounts in {code}, add "
        f"currency={code!r}."
    )


def test_change_from_an_amount_that_was_rounded_to_0_is_unknown() -> None:
    assert percent_change(110, 100) == 10.0
    assert percent_change(99.96, 100) == 0.0
    assert percent_change(None, 100) is percent_change(1, None) is None
    assert percent_change(0.01, 0.0) is None
