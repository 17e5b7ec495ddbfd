from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import mlroles
from mlroles.dataset.dimensions import PERCENTILES
from mlroles.errors import UsageError
from mlroles.queries.offer import percentile_of
from tests.conftest import TINY, rows, run

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset


def test_offer_for_a_senior_role() -> None:
    row = rows(*"offer 150000 --experience senior --year 2025".split())  # noqa: SIM905
    assert 19 <= row["percentile"] <= 20
    assert (row["records"], row["median"], row["difference"]) == (2018, 200000, -50000)
    assert (row["year"], row["country"], row["experience"]) == (2025, "US", "senior")


def test_hourly_offer_ranks_like_its_yearly_amount() -> None:
    hour = rows("offer", "72.50", "--per", "hour")
    year = rows("offer", "150,800")
    assert hour["percentile"] == year["percentile"]
    assert (hour["offer"], hour["median"], hour["period"]) == (72.5, 93.75, "hour")
    assert hour["difference"] == -21.25


@pytest.mark.parametrize(
    ("amount", "side"), [("20k", "below the 5th"), ("2m", "above the 95th")]
)
def test_percentiles_are_not_extrapolated(amount: str, side: str) -> None:
    result = run("offer", amount, "--json")
    assert '"percentile": null' in result.stdout
    assert result.stderr == (
        f"note: the offer is {side} percentile; percentiles beyond that are not known\n"
    )
    assert f"{side} percentile" in run("offer", amount).stdout


def test_too_few_records_are_reported() -> None:
    row = rows("offer", "100k", "dle", "--country", "US")
    unknown = ("percentile", "records", "median", "difference", "source")
    assert {row[key] for key in unknown} == {None}
    assert (row["year"], row["country"]) == (2025, "US")
    text = run("offer", "100k", "dle", "--country", "US").stdout
    assert text == ("$100,000 a year: too few records of Deep Learning Engineer\n")


def test_experience_level_is_normalized() -> None:
    assert rows("offer", "150k", "--experience", "SENIOR")["experience"] == "senior"


@pytest.mark.parametrize("amount", [0, -1, float("nan"), float("inf"), 1e12])
def test_api_rejects_impossible_amounts(amount: float, bundled: Dataset) -> None:
    with pytest.raises(UsageError, match="an offer must be between 0 and"):
        mlroles.offer(bundled, amount)


PAY = st.lists(st.integers(1, 400), min_size=13, max_size=13).map(sorted)


@given(PAY, st.integers(1, 400), st.integers(0, 100))
@example([5] * 13, 5, 0)
def test_percentiles_increase_with_the_amount(
    pay: list[int], amount: int, more: int
) -> None:
    known = list(zip(PERCENTILES, pay, strict=True))
    low, high = percentile_of(amount, known), percentile_of(amount + more, known)
    if low is not None and high is not None:
        assert 5 <= low <= high <= 95
    assert (low is None) == (amount < pay[0] or amount > pay[-1])


@given(PAY)
def test_known_amounts_have_their_percentile(
    pay: list[int],
) -> None:
    known = list(zip(PERCENTILES, pay, strict=True))
    for _, paid in known:
        same = [p for p, other in known if other == paid]
        rank = percentile_of(paid, known)
        assert rank is not None
        assert same[0] <= rank <= same[-1]


@pytest.mark.parametrize("amount", ["165", "72.50"])
def test_small_amounts_get_a_hint(amount: str) -> None:
    note = run("offer", amount).stderr
    assert note.endswith(". Is the amount in thousands, or per hour (--per hour)?\n")
    assert "thousands" not in run("offer", "20k").stderr


def test_dollars_are_rejected_in_another_currency() -> None:
    result = run("offer", "$41k", "--data", str(TINY))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: '$41k' is not an amount in EUR.\n"


def test_offer_equal_to_the_median() -> None:
    text = run("offer", "195000").stdout
    assert text.endswith("\nequal to the median of $195,000\n")
