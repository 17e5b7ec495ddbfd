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
from tests.conftest import TINY, refused, rows, run

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


def test_yearly_amounts_per_hour_are_reported() -> None:
    assert refused("offer", "60k", "--per", "hour") == (
        "error: understood 60,000 USD an hour, but the median is 95.67. Check the "
        "currency, or --per year for another period.\n"
    )


def test_too_few_records_are_reported() -> None:
    row = rows("offer", "100k", "dle", "--country", "US")
    unknown = (
        *("percentile", "records", "median", "to_median", "to_p75", "source"),
        *("percentile_low", "percentile_high"),
    )
    assert {row[key] for key in unknown} == {None}
    assert (row["year"], row["country"]) == (None, "US")
    text = run("offer", "100k", "dle", "--country", "US").stdout
    assert text == (
        "$100,000 a year, Deep Learning Engineer, United States: no pay figure to rank "
        "it\nin\n"
    )


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
    line = "offer 110000 ds --year 2022 --experience mid".split()  # noqa: SIM905
    row = rows(*line)
    assert (row["records"], row["median"]) == (15, 130000)
    assert (row["percentile_low"], row["percentile"], row["percentile_high"]) == (
        10,
        15,
        20,
    )
    text = run(*line).stdout
    assert "\nThe 10th to 20th percentile of the midpoints of 15 distinct " in text


def test_typical_range_is_a_detail() -> None:
    typical = "\nTypical range    $158,000 to $237,000 (median low end to "
    assert typical in run("offer", "172k", "--details").stdout
    assert "Typical range" not in run("offer", "172k").stdout
    own = run("offer", "41k", "--details", "--data", str(TINY)).stdout
    assert "Typical range" not in own


@pytest.mark.parametrize(
    ("amount", "verdict", "rank"),
    [
        ("135973", "very low", "Higher than about 9.9%"),
        ("135974", "low", "Higher than about 10%"),
        ("162674", "low", "Higher than about 24.9%"),
        ("162675", "mid-range", "Higher than about 25%"),
        ("172k", "mid-range", "Higher than about 31%"),
        ("234629", "mid-range", "Higher than about 75%"),
        ("234630", "high", "Higher than about 75.1%"),
        ("275k", "high", "Higher than about 90%"),
        ("275001", "very high", "Higher than about 90.1%"),
    ],
)
def test_rank_is_in_words(amount: str, verdict: str, rank: str) -> None:
    first, second, *_ = run("offer", amount).stdout.splitlines()
    assert first.endswith(
        f" a year, Machine Learning Engineer, United States: {verdict}"
    )
    assert second.startswith(f"{rank} of the midpoints of 843 distinct postings, ")


@pytest.mark.parametrize(
    ("amount", "hint"),
    [
        ("165", "Write 165k for thousands, or --per hour"),
        ("72.50", "Write 72.5k for thousands, or --per hour"),
        ("140-150", "Write 140k-150k for thousands, or --per hour"),
        # What the shell leaves of $15,000.
        ("5,000", "Check the currency, or --per hour"),
        ("2m", "Check the currency, or --per hour"),
    ],
)
def test_implausible_amounts_get_a_hint(amount: str, hint: str) -> None:
    error = refused("offer", amount)
    assert "USD a year, but the median is 199,000. " in error
    assert f" {hint} or month for another period." in error
    assert ("in single quotes" in error) == (amount in {"165", "72.50", "5,000"})
    assert "thousands" not in run("offer", "20k").stderr


def test_small_amounts_are_plausible_per_hour() -> None:
    for amount in ("165", "72.50"):
        row = rows("offer", amount, "--per", "hour")
        assert (row["offer"], row["median"]) == (float(amount), 95.67)


def test_dollars_are_rejected_in_another_currency() -> None:
    assert (
        refused("offer", "$41k", "--data", str(TINY))
        == "error: '$41k' is in USD, not in EUR. For amounts in USD, add --currency "
        "USD.\n"
    )


@pytest.mark.parametrize("amount", ["\u20ac90k", "90000 EUR", "€90,000"])
def test_a_currency_beside_the_amount_is_that_of_the_answer(amount: str) -> None:
    assert rows("offer", amount) == rows("offer", "90k", "--currency", "EUR")
    assert refused("offer", amount, "--currency", "usd") == (
        f"error: {amount!r} is in EUR, not in USD. For amounts in EUR, add --currency "
        "EUR.\n"
    )


def test_dollars_abroad_stay_dollars() -> None:
    line = ["de", "--location", "germany"]
    dollars = rows("offer", "$95k", *line)
    assert dollars == rows("offer", "95k", *line, "--currency", "USD")
    assert dollars["currency"] == "USD"
    assert rows("offer", "95k", *line)["currency"] == "EUR"


def test_amounts_in_the_currency_of_the_data_set_are_understood() -> None:
    row = rows("offer", "€41,000", "--data", str(TINY))
    assert (row["offer"], row["to_median"], row["percentile"]) == (41000, 0, 50)


def test_amounts_whose_dollars_the_shell_removed_get_a_hint() -> None:
    hint = (
        ". If you typed a $, the shell may have removed it and the digits after it: "
        "write the amount without it, or in single quotes: '$150,000'\n"
    )
    assert run("offer", "72,000").stderr.endswith(hint)
    assert run("offer", "50,000-60,000").stderr.endswith(hint)
    # Half of the median, $199,000, and more is not the rest of a larger amount.
    assert "shell" in run("offer", "99,499").stderr
    assert "below the 5th percentile" in run("offer", "99,501").stderr
    assert "shell" not in run("offer", "99,501").stderr
    assert "quote" not in run("offer", "1.9m").stderr


def test_offer_equal_to_the_median() -> None:
    text = run("offer", "199000").stdout
    assert "\nHigher than about 50% of the midpoints of 843 distinct" in text
    assert "\nMedian           $199,000; the offer is equal to it\n" in text


def test_ranges_are_below_around_and_above_an_offer() -> None:
    row = rows("offer", "150k")
    shares = [row[f"share_{where}"] for where in ("below", "within", "above")]
    # Counted in the file of the index, of 843.
    assert shares == [6.6, 38.6, 54.8]
    page = run("offer", "150k").stdout
    text = "7% are below the offer, 39% contain it, 55% are above it"
    assert f"Posted ranges    {text}\n" in page
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


def test_notes_name_the_role_and_the_place_that_were_not_given() -> None:
    role = "note: no role was given; using Machine Learning Engineer\n"
    assert run("offer", "200k").stderr == role
    assert run("offer", "200k", "vs", "210k").stderr == role
    assert run("offer", "200k", "mle", "vs", "210k").stderr == ""
    assert role in run("relocate", "150k", "nyc", "austin").stderr
    place = "note: no place was given; using United Kingdom\n"
    assert run("offer", "£70k", "ds").stderr == place
    assert rows("offer", "£70k", "ds") == rows("offer", "£70k", "ds", "uk")
    boston = run("offer", "£70k", "de", "cambridge").stderr
    assert boston.startswith(
        "note: Cambridge is in the metro area of Boston, MA\n"
        "note: pay in Boston, MA is converted to GBP; for a city abroad, add its "
        "country\n"
    )
    assert "converted" not in run("offer", "£70k", "de", "cambridge", "uk").stderr
    # Several countries have euros, and an option names no country.
    for line in (
        ["70k EUR", "ds"],
        ["70k", "ds", "--currency", "GBP"],
        ["$150k", "ds"],
    ):
        assert "no place" not in run("offer", *line).stderr
    assert "no place" not in run("offer", "£70k", "ds", "--country", "us").stderr
    assert "no place" not in run("offer", "70k CHF", "ds").stderr
