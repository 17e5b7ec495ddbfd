from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import mlroles
from mlroles.dataset.dimensions import PERCENTILES
from mlroles.errors import UsageError
from mlroles.queries.offer import parse_amount, percentile_of
from mlroles.queries.rows import pay
from tests.conftest import TINY, rows, run

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset

AMOUNTS = {
    "150000": 150000,
    "150,000": 150000,
    "150_000": 150000,
    "$150k": 150000,
    "$ 150K": 150000,
    "1.25m": 1250000,
    "72.50": 72.5,
    "72.5": 72.5,
    " 95 ": 95,
    "$1,234,567.89": 1234567.89,
}
NO_AMOUNTS = [
    "", "k", "$", "-5", "1,50", "15,0000", "150.000", "1e5", "0x10", "five", "1 000 0",
    "150k k", "\uff11\uff15\uff10k", "9" * 13, "1.2.3", "nan", "\x1b[31m5",
]  # fmt: skip


@pytest.mark.parametrize(("text", "amount"), AMOUNTS.items(), ids=list(AMOUNTS))
def test_amounts_as_people_write_them(text: str, amount: float) -> None:
    assert parse_amount(text) == amount


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not an amount"):
        parse_amount(text)


@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        amount = parse_amount(text)
    except UsageError as error:
        told = str(error)
    else:
        told = f"{amount:g}"
    assert told.isprintable()


@given(st.integers(0, 10**11), st.sampled_from(["", "$"]))
def test_an_amount_is_read_as_it_is_written(amount: int, sign: str) -> None:
    assert parse_amount(f"{sign}{amount}") == amount
    assert parse_amount(f"{sign}{amount:,}") == amount


def test_a_senior_offer() -> None:
    row = rows(*"offer 150000 --experience senior --year 2025".split())  # noqa: SIM905
    assert 19 <= row["percentile"] <= 20
    assert (row["records"], row["median"], row["difference"]) == (2018, 200000, -50000)
    assert (row["year"], row["country"], row["experience"]) == (2025, "US", "senior")


def test_an_offer_by_the_hour_ranks_like_its_year() -> None:
    hour = rows("offer", "72.50", "--per", "hour")
    year = rows("offer", "150,800")
    assert hour["percentile"] == year["percentile"]
    assert (hour["offer"], hour["median"], hour["period"]) == (72.5, 93.75, "hour")
    assert hour["difference"] == -21.25


@pytest.mark.parametrize(
    ("amount", "side"), [("20k", "below the 5th"), ("2m", "above the 95th")]
)
def test_beyond_what_is_known_no_percentile_is_made_up(amount: str, side: str) -> None:
    result = run("offer", amount, "--json")
    assert '"percentile": null' in result.stdout
    assert result.stderr == (
        f"mlroles: the offer is {side} percentile, beyond which no more is known\n"
    )
    assert f"{side} percentile" in run("offer", amount).stdout


def test_too_few_records_say_so() -> None:
    row = rows("offer", "100k", "dle", "--country", "US")
    unknown = ("percentile", "records", "median", "difference", "source")
    assert {row[key] for key in unknown} == {None}
    assert (row["year"], row["country"]) == (2025, "US")
    text = run("offer", "100k", "dle", "--country", "US").stdout
    assert text == (
        "$100,000 a year: too few records of Deep Learning Engineer to say\n"
    )


def test_an_experience_is_answered_as_the_tool_spells_it() -> None:
    assert rows("offer", "150k", "--experience", "SENIOR")["experience"] == "senior"


@pytest.mark.parametrize("amount", [0, -1, float("nan"), float("inf"), 1e12])
def test_the_api_refuses_what_nobody_is_paid(amount: float, bundled: Dataset) -> None:
    with pytest.raises(UsageError, match="an offer is more than 0"):
        mlroles.offer(bundled, amount)


PAY = st.lists(st.integers(1, 400), min_size=13, max_size=13).map(sorted)


@given(PAY, st.integers(1, 400), st.integers(0, 100))
@example([5] * 13, 5, 0)
def test_a_percentile_rises_with_the_amount(
    pay: list[int], amount: int, more: int
) -> None:
    known = list(zip(PERCENTILES, pay, strict=True))
    low, high = percentile_of(amount, known), percentile_of(amount + more, known)
    if low is not None and high is not None:
        assert 5 <= low <= high <= 95
    assert (low is None) == (amount < pay[0] or amount > pay[-1])


@given(PAY)
def test_a_known_percentile_is_met_between_those_of_the_same_pay(
    pay: list[int],
) -> None:
    known = list(zip(PERCENTILES, pay, strict=True))
    for _, paid in known:
        same = [p for p, other in known if other == paid]
        rank = percentile_of(paid, known)
        assert rank is not None
        assert same[0] <= rank <= same[-1]


@pytest.mark.parametrize("amount", ["165", "72.50"])
def test_an_amount_that_is_likely_meant_otherwise_is_asked_about(amount: str) -> None:
    told = run("offer", amount).stderr
    assert told.endswith("; is it in thousands, or by the hour?\n")
    assert "thousands" not in run("offer", "20k").stderr


def test_dollars_are_none_where_the_currency_is_another() -> None:
    result = run("offer", "$41k", "--data", str(TINY))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "mlroles: '$41k' is not an amount in EUR\n"


def test_an_offer_of_the_median_is_equal_to_it() -> None:
    text = run("offer", "195000").stdout
    assert text.endswith("\nequal to the median of $195,000\n")


def test_no_difference_is_a_negative_zero() -> None:
    assert str(pay(-5, "hour")) == "0.0"
