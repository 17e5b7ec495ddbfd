"""Amounts in other currencies."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlroles.dataset.dimensions import PAY_COLUMNS, group_key
from mlroles.dataset.load import load
from mlroles.errors import UsageError
from mlroles.money import Converter, ExchangeRates, parse_range
from mlroles.queries.answer import Filters
from mlroles.queries.salary import salary
from tests.conftest import prose, refused, rows, run

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
    text = run(*line, "EUR").stdout
    assert "Pay in Germany is of distinct postings in EUR only." in text
    for other in ("GBP", "USD"):
        assert "only." not in run(*line, other).stdout


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


def test_too_few_postings_in_a_currency_are_no_figure() -> None:
    line = ("salary", "de", "--location", "germany", "--currency", "EUR")
    result = run(*line)
    assert "Data Engineer, Germany: no pay figure\n\nClosest" in result.stdout
    note = (
        "note: too few records state EUR: Data Engineer, 2025, Germany (8 of 14); to "
        "use all, ask in USD: --currency USD\n"
    )
    assert result.stderr == note
    row = rows(*line)
    assert (row["median"], row["source"]) == (None, None)
    assert row["closest"]
    # Without a currency, dollars are better than no figure.
    unasked = run(*line[:-2])
    assert unasked.stderr == "note: too few records state EUR; amounts are in USD\n"
    assert "Germany: $97,930 a year\nMedian of 14" in unasked.stdout
    # In other currencies, all postings count.
    assert rows(*line[:-1], "GBP")["records"] == 14
    # A ranking names the countries that it omits.
    assert (
        "Germany (8 of 14)"
        in run("locations", "de", "--level", "country", "--currency", "EUR").stderr
    )
    # A comparison of two places does not name others.
    two = ("relocate", "60k", "de", "--from", "gb", "--currency", "EUR", "--to")
    assert "too few" not in run(*two, "france").stderr
    assert "Germany (8 of 14)" in run(*two, "germany").stderr


def test_defaults_are_widened_where_too_few_postings_are_in_a_currency() -> None:
    line = ("salary", "--country", "gb", "--experience", "senior", "--currency", "GBP")
    result = run(*line)
    assert result.stderr == (
        "note: too few records state GBP: Machine Learning Engineer, 2025, United "
        "Kingdom, senior (8 of 10); to use all, ask in USD: --currency USD; using "
        "2024, United Kingdom, senior\n"
    )
    row = rows(*line)
    assert (row["year"], row["records"]) == (2024, 14)


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
    text = prose("salary", "--currency", "EUR")
    assert text.endswith(
        "Converted at the mean rate of each figure's year: 1 USD = 0.886705 EUR "
        "(2025), 0.951774 EUR (2022). Source: European Central Bank reference rates."
    )


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
    result = run("offer", "$95k", *line)
    assert result.stderr == (
        "error: '$95k' is in USD, not in EUR. For amounts in USD, add --currency USD.\n"
    )


@pytest.mark.parametrize("typed", ["euro", "€", "eur"])
def test_the_currency_of_an_amount_may_be_named_twice(typed: str) -> None:
    line = ["de", "--country", "de"]
    named = rows("offer", "€95k", *line, "--currency", typed)
    assert named == rows("offer", "95k", *line)


def test_rankings_across_countries_are_in_dollars() -> None:
    ranking = rows("locations", "ds", "--country", "de")
    assert {row["currency"] for row in ranking} == {"USD"}


def test_dollars_need_no_conversion() -> None:
    assert rows("salary", "--currency", "USD") == rows("salary")
    assert rows("salary", "--currency", "usd", "--real") == rows("salary", "--real")


@pytest.mark.parametrize(
    ("currency", "shown"),
    [
        ("EUR", "€176,454 a year"), ("GBP", "£151,078 a year"),
        ("CAD", "C$278,220 a year"), ("INR", "₹17,346,100 a year"),
        ("PLN", "747,970 PLN a year"),
    ],
)  # fmt: skip
def test_amounts_have_a_symbol_or_a_code(currency: str, shown: str) -> None:
    assert run("salary", "--currency", currency).stdout.startswith(
        f"Machine Learning Engineer, United States: {shown}\n"
    )


@pytest.mark.parametrize("typed", ["euro", "Euros", "€", "eur"])
def test_currencies_have_names(typed: str) -> None:
    assert rows("salary", "--currency", typed) == rows("salary", "--currency", "EUR")


def test_symbols_are_codes_on_an_ascii_terminal() -> None:
    text = run("salary", "--currency", "EUR", charset="ascii").stdout
    assert text.startswith("Machine Learning Engineer, United States: 176,454 EUR a ye")


COMMANDS = ["salary", "salary --by year", "compare", "locations", "offer 1k"]


@pytest.mark.parametrize("command", COMMANDS)
def test_currencies_without_a_rate_are_refused(command: str) -> None:
    for typed in ("ARS", "EGP", "eur o", ""):
        assert refused(*command.split(), "--currency", typed) == (
            f"error: no exchange rate for {typed.upper()!r}. Choose from: USD, AUD, "
            "BRL, CAD, EUR, GBP, INR, MXN, NZD, PHP, PLN.\n"
        )


def test_real_amounts_are_in_dollars() -> None:
    for command in ("salary", "compare", "salary --by year"):
        error = refused(*command.split(), "--real", "--currency", "EUR")
        assert error == "error: --real applies to US dollars, not to EUR.\n"


def test_data_sets_have_rates_of_their_own(tiny: Any, saved: Any) -> None:
    assert refused("salary", "--currency", "USD", "--data", saved(tiny)) == (
        "error: --currency needs exchange rates, and this data set has none.\n"
    )
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
    for year, base, currency in ((2025, "EUR", "USD"), (2024, "USD", "GBP")):
        message = f"^no exchange rate for {currency} in {year}"
        with pytest.raises(UsageError, match=message):
            ExchangeRates(rates, base, currency).rate(year)


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


@pytest.mark.parametrize("amount", ["65.000", "65.000,00", "1.250.000"])
def test_points_and_spaces_are_explained(amount: str) -> None:
    assert refused("offer", amount) == (
        f"error: {amount!r} is not an amount. A point may separate "
        "thousands or cents: write 65000 or 65,000.\n"
    )


@pytest.mark.parametrize("line", ["austin de 1.250.000", "65.000 EUR de", "de 9k-8k"])
def test_words_that_look_like_an_amount_are_refused_as_one(line: str) -> None:
    error = run("offer", *line.split()).stderr
    number = " ".join(each for each in line.split() if each[0].isdecimal())
    assert error.startswith(f"error: {number!r} is not a")


@pytest.mark.parametrize("rest", [",000", "08k", "00"])
def test_rest_of_an_unquoted_amount_is_explained(rest: str) -> None:
    assert refused("offer", rest) == (
        f"error: {rest!r} is not an amount. The shell removes a $ and the digits after "
        "it: quote '$150,000'.\n"
    )


def test_rates_of_columns_that_are_not_shown_are_not_stated() -> None:
    line = ["compare", "--currency", "EUR", "--limit", "3"]
    fields = ["--fields", "title,median"]
    wide = run(*line, "--sort", "average", env={"COLUMNS": "140"}).stdout
    assert "(2025), 0.9" in wide.replace("\n", " ")
    # By default and with these fields, the averages of 2022 are not shown.
    for options in ([], fields):
        hidden = run(*line, *options).stdout
        assert "EUR (2025)" in hidden.replace("\n", " ")
        assert "2022" not in hidden
    average = run(*line, "--fields", "title,average_salary").stdout
    assert "EUR (2022)" in average.replace("\n", " ")


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
