"""Amounts in prices of the latest month of the consumer price index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mlroles.dataset.load import load
from mlroles.errors import UsageError
from mlroles.money import Converter
from tests.conftest import refused, rows

if TYPE_CHECKING:
    from collections.abc import Callable

MONTHS = {"2024-10": 100.0, "2024-11": 110.0, "2025-09": 120.0, "2025-12": 150.0}


@pytest.mark.parametrize(
    ("covered", "amount"),
    [
        ("2025-12-31", 1000),
        ("2025-12", 1000),
        ("2025-09", 1250),
        ("2024", 1429),
        ("2025", 1111),
        ("2024-11/2025-09", 1304),
        # October 2024 to September 2025.
        ("FY 2025", 1364),
    ],
)
def test_periods_have_the_mean_index_of_their_months(covered: str, amount: int) -> None:
    assert Converter("year", "USD", index=MONTHS)(1000, covered) == amount


def test_real_amounts_are_converted_to_the_pay_period() -> None:
    convert = Converter("hour", "USD", index=MONTHS)
    assert convert(20_800, "2025-09") == 12.5
    assert convert(None, "2025-09") is None
    assert convert.prices == "2025-12"


def test_nominal_amounts_do_not_change() -> None:
    convert = Converter("year", "USD")
    assert (convert(1000, "1950"), convert.prices) == (1000, None)


def test_periods_without_prices_are_reported() -> None:
    with pytest.raises(UsageError, match=r"^real has no prices for 2019\."):
        Converter("year", "USD", index=MONTHS)(1000, "2019")


def test_average_of_august_2022_in_prices_of_august_2026() -> None:
    row = rows("salary", "--real")
    assert row["average_salary"] == 125175
    assert row["prices"] == "2026-08"
    assert row["median"] == 207905
    nominal = rows("salary")
    factor = 207_905 / nominal["median"]
    for key in ("median_ci_low", "median_ci_high", "range_low", "range_high"):
        assert row[key] == pytest.approx(nominal[key] * factor, abs=1)
    # Each source by the prices of its own period.
    medians = [each["median"] for each in row["other_figures"]]
    assert medians == [194043, None, 146198, 125285]
    assert row["other_figures"][1]["mean"] == 125175
    assert {each["prices"] for each in row["other_figures"]} == {"2026-08"}
    assert "prices" not in nominal


def test_factors_are_those_of_the_price_index() -> None:
    months = load().table("prices")["months"]
    # The pay records of 2025 end in July.
    covered = [months[f"2025-{month:02}"] for month in range(1, 8)]
    factor = months["2026-08"] / (sum(covered) / 7)
    nominal, real = rows("compare", "--all"), rows("compare", "--all", "--real")
    medians = {row["role"]: row["median"] for row in nominal}
    for row in real:
        median = medians[row["role"]]
        assert row["median"] == (None if median is None else round(median * factor))
        assert row["prices"] == "2026-08"
    assert [row["role"] for row in real] == [row["role"] for row in nominal]


def test_changes_by_year_are_real() -> None:
    nominal = rows("salary", "--by", "year")
    real = rows("salary", "--by", "year", "--real")
    assert [row["change"] for row in nominal] == [None, 15.7, -2.3, 3.5]
    assert [row["change"] for row in real] == [None, 11.1, -5.1, 1.3]


def test_filings_by_seniority_use_the_prices_of_the_fiscal_year() -> None:
    nominal = rows("salary", "--by", "seniority")[0]
    real = rows("salary", "--by", "seniority", "--real")[0]
    assert (nominal["median"], real["median"]) == (174145, 182299)
    assert real["prices"] == "2026-08"


def test_real_amounts_need_prices_in_us_dollars(
    saved: Callable[[Any], str], tiny: Any
) -> None:
    tiny["prices"] = {"source": "guild", "region": "DE", "months": {"2024-03": 1.5}}
    error = refused("salary", "--real", "--data", saved(tiny))
    assert error == "error: --real applies to US dollars, not to EUR.\n"
    tiny["currency"] = "USD"
    answer = rows("salary", "--real", "--data", saved(tiny), "--country", "DE")
    assert answer["prices"] == "2024-03"
