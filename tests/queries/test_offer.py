from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import mlroles
from mlroles.dataset.dimensions import (
    DIMENSIONS,
    PAY_COLUMNS,
    PERCENTILES,
    group_percentiles,
    round_percentile,
)
from mlroles.dataset.load import load
from mlroles.errors import UsageError
from mlroles.money import PERIODS
from mlroles.queries.offer import percentiles_of
from tests.conftest import TINY, rows, run

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset


def test_hourly_offer_ranks_like_its_yearly_amount() -> None:
    hour = rows("offer", "72.50", "--per", "hour")
    year = rows("offer", "150,800")
    assert hour["percentile"] == year["percentile"]
    assert (hour["offer"], hour["median"], hour["period"]) == (72.5, 95.67, "hour")
    assert hour["to_median"] == 23.17


@pytest.mark.parametrize(
    ("amount", "side", "low", "high"),
    [("20k", "below the 5th", None, 5), ("1.9m", "above the 95th", 95, None)],
)
def test_percentiles_are_not_extrapolated(
    amount: str, side: str, low: int | None, high: int | None
) -> None:
    result = run("offer", amount, "mle", "--json")
    row = json.loads(result.stdout)
    keys = ("percentile", "percentile_low", "percentile_high")
    assert [row[key] for key in keys] == [None, low, high]
    assert result.stderr.startswith(
        f"note: the offer is {side} percentile; percentiles beyond that are not known"
    )
    verdict, rank, *_ = run("offer", amount).stdout.splitlines()
    assert verdict.endswith(": very low" if low is None else ": very high")
    assert rank.casefold().startswith(f"{side} percentile of the midpoints of 843 ")


def test_too_few_records_are_reported() -> None:
    row = rows("offer", "100k", "dle", "--country", "US")
    unknown = (
        *("percentile", "records", "median", "to_median", "to_p75", "source"),
        *("percentile_low", "percentile_high"),
    )
    assert {row[key] for key in unknown} == {None}
    assert (row["year"], row["country"]) == (None, "US")


@pytest.mark.parametrize("amount", [0, -1, float("nan"), float("inf"), 1e12])
def test_api_rejects_impossible_amounts(amount: float, bundled: Dataset) -> None:
    with pytest.raises(UsageError, match="an amount must be between 0 and"):
        mlroles.offer(bundled, amount)


PAY = st.lists(st.integers(1, 400), min_size=13, max_size=13).map(sorted)


@given(PAY, st.integers(1, 400), st.integers(0, 100))
@example([5] * 13, 5, 0)
def test_percentiles_increase_with_the_amount(
    pay: list[int], amount: int, more: int
) -> None:
    known = list(zip(PERCENTILES, pay, strict=True))
    low, high = percentiles_of(amount, known), percentiles_of(amount + more, known)
    for less, greater in zip(low, high, strict=True):
        if less is not None and greater is not None:
            assert 5 <= less <= greater <= 95
    outside = amount < pay[0] or amount > pay[-1]
    assert (None in low) == outside
    if amount < pay[0]:
        assert low == (None, PERCENTILES[0])
    if amount > pay[-1]:
        assert low == (PERCENTILES[-1], None)


@given(PAY)
def test_known_amounts_have_all_their_percentiles(pay: list[int]) -> None:
    known = list(zip(PERCENTILES, pay, strict=True))
    for _, paid in known:
        same = [p for p, other in known if other == paid]
        assert percentiles_of(paid, known) == (same[0], same[-1])


@pytest.mark.parametrize(
    ("percentile", "digits", "rounded"),
    [
        (31.26, 1, 31.3),
        (31.26, 0, 31),
        (50, 1, 50),
        (49.97, 1, 49.9),
        (50.04, 1, 50.1),
        (49.6, 0, 49),
        (50.4, 0, 51),
        (24.96, 1, 24.9),
        (90.01, 0, 91),
        # The 15th percentile is not published.
        (14.96, 1, 15),
    ],
)
def test_rounding_keeps_the_side_of_published_percentiles(
    percentile: float, digits: int, rounded: float
) -> None:
    assert round_percentile(percentile, digits) == rounded


DATA = load()
GROUPS = [(role, group) for role, of_role in DATA.groups.items() for group in of_role]
ROLES = [role["id"] for role in DATA.roles]
SHOWN = {"p10": 10, "p25": 25, "median": 50, "p75": 75, "p90": 90}


def advertised(row: Any) -> Any:
    """Return advertised pay in an answer of `salary`, None if it has none."""
    figures = [row, *row["other_figures"]]
    return next((each for each in figures if each["kind"] == "advertised"), None)


def check_ranks(row: Any, shown: Any) -> None:
    """Check the percentiles of an offer against those that `salary` shows."""
    low, middle, high = (
        row[key] for key in ("percentile_low", "percentile", "percentile_high")
    )
    if shown is None:
        assert (low, middle, high, row["records"]) == (None, None, None, None)
        return
    assert row["median"] == shown["median"]
    for key, percentile in SHOWN.items():
        if middle is None:
            # Below the 5th percentile or above the 95th.
            assert (row["offer"] < shown[key]) == (row["to_median"] > 0)
            assert row["offer"] != shown[key]
        else:
            # Several percentiles may share the amount of the offer.
            assert (row["offer"] >= shown[key]) == (high >= percentile)
            assert (row["offer"] > shown[key]) == (low > percentile)
            assert (row["offer"] == shown[key]) == (low <= percentile <= high)
    if middle is not None:
        assert 5 <= low <= middle <= high <= 95
        if row["records"] < 100:
            assert middle == int(middle)


# Amounts near the percentiles, and any others.
def amounts(known: list[float], median: float) -> st.SearchStrategy[float]:
    near = st.tuples(
        st.sampled_from(known), st.sampled_from([0, 0.01, -0.01, 1, -1, 40, -40])
    )
    # Those that are a tenth or ten times the median are refused.
    cents = st.integers(int(median * 10) + 1, int(median * 999))
    return st.one_of(
        near.map(lambda pair: round(pair[0] + pair[1], 2)),
        cents.map(lambda each: each / 100),
    ).filter(lambda amount: median / 10 < amount < median * 10)


@pytest.mark.parametrize("role", ROLES)
@given(data=st.data())
def test_percentiles_are_those_of_the_salary_command(
    role: str, data: st.DataObject
) -> None:
    per = data.draw(st.sampled_from(list(PERIODS)))
    shown = advertised(mlroles.salary(DATA, role, per=per))
    known = [shown[key] for key in SHOWN] if shown else [50_000]
    amount = data.draw(amounts(known, shown["median"] if shown else 50_000))
    check_ranks(mlroles.offer(DATA, amount, role, per=per), shown)


@given(st.sampled_from(GROUPS), st.sampled_from(list(PERIODS)), st.data())
def test_percentiles_of_every_group_are_those_of_the_salary_command(
    group: tuple[str, Any], per: str, data: st.DataObject
) -> None:
    role, values = group
    keys = dict(zip(DIMENSIONS, values, strict=False))
    filters = mlroles.Filters(**{**keys, "country": keys["country"] or "all"})
    shown = advertised(mlroles.salary(DATA, role, filters=filters, per=per))
    assert shown["records"] == values[4]
    known = [paid / PERIODS[per] for _, paid in group_percentiles(values)]
    near = [*known, *(shown[key] for key in SHOWN)]
    amount = data.draw(amounts(near, shown["median"]))
    check_ranks(mlroles.offer(DATA, amount, role, filters=filters, per=per), shown)


def test_percentiles_in_print_are_those_of_the_salary_command() -> None:
    # One has 843 records, and one few, which are counted.
    for role in ("machine-learning-engineer", "applied-scientist"):
        shown = advertised(rows("salary", role))
        for key, percentile in SHOWN.items():
            for more in (-1, 0, 1):
                text = run("offer", str(shown[key] + more), role).stdout
                found = re.search(r"\nHigher than about ([\d.]+)(%?) of the mid", text)
                assert found, text
                rank = float(found[1])
                if not found[2]:
                    # A number of few records, which is rounded.
                    few = shown["records"]
                    assert abs(rank - few * percentile / 100) <= 0.5 + few / 100
                    continue
                assert (rank > percentile) - (rank < percentile) == more, text


def test_percentiles_of_few_records_are_whole_numbers() -> None:
    few = rows("offer", "190123", "applied scientist")
    assert (few["records"], type(few["percentile"])) == (94, int)
    assert few["percentile_low"] == few["percentile_high"] == few["percentile"]
    many = rows("offer", "172k")
    assert (many["records"], many["percentile"]) == (843, 31.2)
    assert (many["percentile_low"], many["percentile_high"]) == (31.2, 31.2)


def test_percentiles_that_share_an_amount_are_a_range() -> None:
    line = "offer 110000 ds --year 2022 --experience mid"
    row = rows(*line.split())
    assert (row["records"], row["median"]) == (15, 130000)
    ranks = [row[f"percentile{end}"] for end in ("_low", "", "_high")]
    assert ranks == [10, 15, 20]


@pytest.mark.parametrize("amount", ["\u20ac90k", "90000 EUR", "€90,000"])
def test_the_currency_of_the_amount_is_that_of_the_answer(amount: str) -> None:
    assert rows("offer", amount) == rows("offer", "90k", "--currency", "EUR")


def test_dollars_abroad_stay_dollars() -> None:
    line = ["de", "--location", "germany"]
    dollars = rows("offer", "$95k", *line)
    assert dollars == rows("offer", "95k", *line, "--currency", "USD")
    assert dollars["currency"] == "USD"
    assert rows("offer", "95k", *line)["currency"] == "EUR"


def test_amounts_in_the_currency_of_the_data_set_are_understood() -> None:
    row = rows("offer", "€41,000", "--data", str(TINY))
    assert (row["offer"], row["to_median"], row["percentile"]) == (41000, 0, 50)


def test_ranges_are_below_around_and_above_an_offer() -> None:
    row = rows("offer", "150k")
    shares = [row[f"share_{where}"] for where in ("below", "within", "above")]
    # Counted in the file of the index, of 843.
    assert shares == [6.6, 38.6, 54.8]
    monthly = rows("offer", "12500", "--per", "month")
    assert [monthly[f"share_{where}"] for where in ("below", "within")] == shares[:2]
    # Of all levels together, as of each.
    assert rows("offer", "150k", "--experience", "senior")["share_below"] > 0
    area = rows("offer", "150k", "--location", "austin")
    assert area["share_below"] is None
    advertised = area["other_figures"][-1]
    assert [advertised[f"share_{where}"] for where in ("below", "within")] == shares[:2]
    old = rows("offer", "150k", "--year", "2024")
    assert (old["share_below"], old["share_within"], old["share_above"]) == (None,) * 3


def test_ranges_are_those_behind_the_groups() -> None:
    data = load()
    for role, groups in data.groups.items():
        for group in groups:
            ranges = data.ranges(role, group)
            if group[0] == data.years[0]:
                assert len(ranges) == group[PAY_COLUMNS.index("records")]
                low, high = (sorted(ends) for ends in zip(*ranges, strict=True))
                half = len(low) // 2
                assert low[half - (len(low) % 2 == 0)] <= group[-4] <= low[half]
                assert high[half - (len(high) % 2 == 0)] <= group[-3] <= high[half]
            else:
                assert ranges == []


def test_the_currency_of_one_place_names_it() -> None:
    assert rows("offer", "£70k", "ds") == rows("offer", "£70k", "ds", "uk")
