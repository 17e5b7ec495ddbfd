"""Amounts in other currencies."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlroles.dataset.dimensions import PAY_COLUMNS, group_key
from mlroles.dataset.load import load
from mlroles.errors import UsageError
from mlroles.money import Converter, ExchangeRates, latest_rates, parse_range
from mlroles.queries.answer import Filters
from mlroles.queries.salary import salary
from tests.conftest import rows, run

RATES, LOCAL = load().table("rates"), load().table("local_pay")


@pytest.mark.parametrize("year", ["2022", "2023", "2024", "2025"])
@pytest.mark.parametrize("currency", sorted(RATES["years"]))
@given(posted=st.integers(20, 400))
def test_postings_come_out_as_they_were_stated(
    year: str, currency: str, posted: int
) -> None:
    rate = RATES["years"][currency][year]
    # A round amount, as postings state them.
    amount = posted * 1_000 * max(1, round(rate / 5))
    in_dollars = round(round(amount / rate, 2))
    convert = Converter("year", "USD", exchange=ExchangeRates(RATES, "USD", currency))
    assert convert(in_dollars, year) == amount


def test_austrian_pay_is_at_the_rate_of_its_year() -> None:
    # All of these postings are in euros.
    row = rows("salary", "de", "--country", "at", "--currency", "EUR")
    dollars = rows("salary", "de", "--country", "at", "--currency", "USD")
    # That is the currency of answers about one country.
    assert rows("salary", "de", "--country", "at") == row
    assert (row["kind"], row["currency"]) == ("advertised", "EUR")
    assert (row["exchange_rate"], row["rate_year"]) == (0.886705, 2025)
    keys = ["p10", "p25", "median", "p75", "p90", "mean"]
    keys += ["range_low", "range_high", "median_ci_low", "median_ci_high"]
    for key in keys:
        assert row[key] == round(dollars[key] * 0.886705)


def test_pay_in_the_currency_of_a_country_is_of_postings_in_it() -> None:
    line = ("salary", "da", "--location", "germany", "--currency")
    row, pounds = rows(*line, "EUR"), rows(*line, "GBP")
    assert (row["records"], pounds["records"]) == (11, 13)
    local = LOCAL["groups"]["data-analyst"]
    (group,) = [each for each in local if each[:4] == [2025, "DE", None, None]]
    median = group[PAY_COLUMNS.index("p50")]
    assert row["median"] == round(median * 0.886705)
    # The median of all postings is of all currencies.
    assert row["all_postings_median"] is None
    # Too few postings of another role state euros, which does not matter in pounds.
    few = rows("salary", "de", "--location", "germany", "--currency", "EUR")
    assert (few["median"], few["source"], bool(few["closest"])) == (None, None, True)
    every = rows("salary", "de", "--location", "germany", "--currency", "GBP")
    assert every["records"] == 14


@pytest.mark.parametrize("key", ["groups", "few"])
def test_every_answer_counts_postings_in_the_currency_of_the_country(key: str) -> None:
    """The same country has the same number of records in every answer."""
    for role, groups in LOCAL[key].items():
        for year, country, *others in groups:
            if (year, others[:2]) != (2025, [None, None]):
                continue
            to = ("--currency", RATES["currencies"][country])
            name = load().countries[country]
            left = others[2] if key == "groups" else None
            salary = rows("salary", role, "--country", country, "--year", "2025", *to)
            assert salary["records"] == left
            offer = rows("offer", "90k", role, "--location", name, *to)
            assert offer["records"] == left
            places = rows("locations", role, "--level", "country", *to)
            found = [each["records"] for each in places if each["code"] == country]
            assert found == ([left] if left else [])
            there = ("--from", "us", "--to", name)
            (move,) = rows("relocate", "90k", role, *there, *to)
            assert move["to_records"] == left
            (compared,) = rows("compare", role, "--country", country, *to)
            assert compared["records"] == left
            by = rows("salary", role, "--by", "country", "--year", "2025", *to)
            found = [each["records"] for each in by if each["country"] == country]
            assert found == ([left] if left else [])


def test_share_of_seniors_is_of_postings_in_the_currency() -> None:
    line = ("compare", "da", "--country", "gb", "--currency", "GBP")
    (row,) = rows(*line)
    assert row["senior_share"] == round(100 * 26 / 107, 1)


def test_each_figure_has_the_rate_of_its_own_year() -> None:
    row = rows("salary", "--currency", "EUR")
    figures = [row, *row["other_figures"]]
    assert [each["rate_year"] for each in figures] == [2025, 2025, 2022, 2025, 2025]
    assert [each["year"] for each in figures] == [2025, 2025, 2022, 2025, 2025]
    assert row["average_salary"] == figures[2]["mean"] == round(110_673 * 0.951774)
    in_area = rows("salary", "--location", "austin", "--currency", "EUR")
    for each in (in_area, *in_area["other_figures"]):
        assert (each["exchange_rate"], each["rate_year"]) == (0.886705, 2025)
    years = rows("salary", "--by", "year", "--currency", "gbp")
    assert [each["rate_year"] for each in years] == [2022, 2023, 2024, 2025]


@pytest.mark.parametrize(
    "command",
    ["compare", "locations", "locations ds --level state", "salary --by seniority"],
)
def test_rows_are_converted(command: str) -> None:
    dollars = rows(*command.split())
    pounds = rows(*command.split(), "--currency", "£")
    for before, after in zip(dollars, pounds, strict=True):
        assert after["currency"] == "GBP"
        if before["median"] is None:
            assert (after["median"], after["rate_year"]) == (None, None)
            continue
        assert after["median"] == round(before["median"] * 0.759185)
        assert after["rate_year"] == 2025


def test_offer_is_in_the_currency() -> None:
    line = ["de", "--country", "at", "--currency", "eur"]
    row = rows("offer", "95k", *line)
    assert (row["offer"], row["currency"]) == (95_000, "EUR")
    assert row["exchange_rate"] == 0.886705
    assert rows("offer", "€95k", *line) == row
    assert rows("offer", "95000", "EUR", *line) == row


def test_rankings_across_countries_are_in_dollars() -> None:
    ranking = rows("locations", "ds", "--country", "de")
    assert {row["currency"] for row in ranking} == {"USD"}


def test_dollars_need_no_conversion() -> None:
    assert rows("salary", "--currency", "USD") == rows("salary")
    assert rows("salary", "--currency", "usd", "--real") == rows("salary", "--real")


@pytest.mark.parametrize("typed", ["euro", "Euros", "€", "eur"])
def test_currencies_have_names(typed: str) -> None:
    assert rows("salary", "--currency", typed) == rows("salary", "--currency", "EUR")
    # It may be that of the amount as well.
    twice = rows("offer", "€95k", "de", "--country", "de", "--currency", typed)
    assert twice == rows("offer", "95k", "de", "--country", "de")


def test_symbols_are_codes_on_an_ascii_terminal() -> None:
    text = run("salary", "--currency", "EUR", charset="ascii").stdout
    assert text.startswith("Machine Learning Engineer, United States: 176,454 EUR a ye")


def test_data_sets_have_rates_of_their_own(tiny: Any, saved: Any) -> None:
    tiny["rates"] = {
        "source": "guild",
        "currencies": {"DE": "EUR"},
        "years": {"EUR": {"2024": 0.8}, "GBP": {"2024": 0.6, "2025": 0.7}},
    }
    path = saved(tiny)
    euros = rows("salary", "--data", path)["median"]
    dollars = rows("salary", "--currency", "USD", "--data", path)
    assert dollars["median"] == round(euros / 0.8 / 10) * 10
    assert dollars["exchange_rate"] == 1 / 0.8
    pounds = rows("salary", "--currency", "GBP", "--data", path)
    assert pounds["median"] == round(euros * 0.6 / 0.8)
    tiny["currency"] = "CHF"
    result = run("salary", "--currency", "EUR", "--data", saved(tiny))
    assert result.stderr == (
        "error: no exchange rate for 'CHF'. Choose from: USD, EUR, GBP.\n"
    )


def test_year_without_a_rate_is_reported() -> None:
    rates: Any = {"years": {"EUR": {"2024": 0.8}, "GBP": {}}, "source": "guild"}
    for year, base, currency in ((2023, "EUR", "USD"), (2024, "USD", "GBP")):
        message = f"^no exchange rate for {currency} in {year}"
        with pytest.raises(UsageError, match=message):
            ExchangeRates(rates, base, currency).rate(year)


def test_years_after_the_latest_rates_have_those() -> None:
    rates: Any = {"years": {"EUR": {"2023": 0.9, "2024": 0.8}}, "source": "guild"}
    exchange = ExchangeRates(rates, "USD", "EUR")
    assert [exchange.rate(year) for year in (2023, 2024, 2031)] == [0.9, 0.8, 0.8]
    assert exchange.used == {2023: 0.9, 2024: 0.8}
    converter = Converter("year", "EUR", exchange=exchange)
    assert converter(100_000, 2031) == 80_000
    assert converter.keys(2031) == {"exchange_rate": 0.8, "rate_year": 2024}
    assert latest_rates({"EUR": {}}) > 2200
    assert converter.keys(2023) == {"exchange_rate": 0.9, "rate_year": 2023}


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("150k-170k", 150_000, 170_000), ("150-170k", 150_000, 170_000),
        ("150k - 170k", 150_000, 170_000), ("150k\u2013170k", 150_000, 170_000),
        ("$150,000 to $170,000", 150_000, 170_000), ("150 TO 170", 150, 170),
        ("60000-70k", 60_000, 70_000), ("60,000-70k", 60_000, 70_000),
        ("72.50-80", 72.5, 80), ("150k-150k", 150_000, None), ("150k", 150_000, None),
        ("1.2m-1.5m", 1_200_000, 1_500_000),
    ],
)  # fmt: skip
def test_ranges_are_parsed(text: str, low: float, high: float | None) -> None:
    assert parse_range(text) == (low, high)


@pytest.mark.parametrize(
    "text", ["170k-150k", "150k-", "-150k", "150k-170k-190k", "a-b", "150k-€170k", "-"]
)
def test_other_ranges_are_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_range(text)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_every_range_can_be_parsed(first: int, second: int) -> None:
    low, high = sorted((first, second))
    expected = (low, high if high > low else None)
    for text in (f"{low}-{high}", f"${low:,} to ${high:,}"):
        assert parse_range(text) == expected


def test_pay_in_the_currency_of_a_country_is_that_in_dollars() -> None:
    """Where all records state it, each answer converts back, for every role."""
    data, compared = load(), 0
    for role, groups in data.groups.items():
        for group in groups:
            key = group_key(group)
            year, country, experience, work_mode = key
            known = RATES["currencies"].get(country)
            if (
                country == "US"
                or known is None
                or (experience, work_mode) != (None,) * 2
            ):
                continue
            if known not in RATES["years"] or key in data.local_pay(known).get(
                role, {}
            ):
                continue
            filters = Filters(year=year, country=country)
            own = salary(data, role, currency=known, filters=filters).rows
            dollars = salary(data, role, filters=filters).rows
            rate = own["exchange_rate"]
            for name in ("p25", "median", "p75"):
                step = 10 * max(1, rate)
                assert own[name] == pytest.approx(dollars[name] * rate, abs=step)
            compared += 1
    assert compared > 10
