"""Pay records of one's own against the bundled data set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from mlroles.dataset.load import load
from mlroles.queries.own import against_market
from tests.conftest import TINY, import_records, prose, rows, run

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ["job_title", "salary", "work_year", "company_location", "experience_level"]


@pytest.fixture
def mine(tmp_path: Path) -> str:
    """A data set of 14 data scientists and 40 software engineers."""
    records = [
        *(["Data Scientist", 120_000 + 3_000 * n, 2025, "US", "SE"] for n in range(14)),
        *(["Software Engineer", 190_000, 2025, "US", "SE"] for _ in range(40)),
    ]
    return import_records(tmp_path, [HEADER, *records])


def test_roles_with_records_are_compared_with_the_market(mine: str) -> None:
    engineer, scientist = rows("compare", "--market", "--data", mine)
    market = {row["role"]: row for row in rows("compare", "ds", "swe")}
    for row, records, median in ((engineer, 40, 190_000), (scientist, 14, 139_500)):
        other = market[row["role"]]
        assert (row["records"], row["median"]) == (records, median)
        assert row["market_median"] == other["median"]
        assert row["market_records"] == other["records"]
        assert row["difference"] == median - other["median"]
        share = 100 * (median / other["median"] - 1)
        assert row["difference_percent"] == pytest.approx(share, abs=0.05)
    assert (scientist["thin"], scientist["market_thin"]) == (True, False)
    assert scientist["market_source"] == "aijobs-salary-index"


def test_market_is_of_the_same_level_country_and_unit(mine: str) -> None:
    options = ["--experience", "senior", "--per", "month", "--currency", "EUR"]
    (row,) = rows("compare", "ds", "--market", "--data", mine, *options)
    (other,) = rows("compare", "ds", *options)
    assert row["market_median"] == other["median"]
    assert (row["currency"], row["period"]) == ("EUR", "month")
    assert row["experience"] == "senior"
    # A role that only the market has.
    (row,) = rows("compare", "mle", "--market", "--data", mine)
    assert (row["median"], row["difference"]) == (None, None)
    assert row["market_median"] == 199_000


def test_page_says_what_is_compared(mine: str) -> None:
    page = prose("compare", "--market", "--data", mine)
    assert page.startswith(
        "Yours against the market: 10.0% below for Data Scientist to 3.4% above for "
        "Software Engineer United States. Yours: imported pay records, 2025. Market: "
        "advertised pay, aijobs.net salary index, January to July 2025. "
    )
    assert "Data Scientist (thin)" in page
    assert "To compare roles at one level, use --experience senior." in page
    line = ["compare", "--market", "--data", mine, "--experience", "senior"]
    assert "at one level" not in run(*line).stdout
    one = run("compare", "swe", "--market", "--data", mine).stdout
    assert one.startswith(
        "Yours against the market: 3.4% above for Software Engineer\n"
    )
    none = run("compare", "mle", "--market", "--data", mine).stdout
    assert none.startswith("No role has pay in both data sets\n")


def test_roles_that_the_market_does_not_have_are_alone() -> None:
    (row,) = rows("compare", "--market", "--data", str(TINY), "--country", "de")
    assert (row["role"], row["market_median"]) == ("gardener", None)
    page = run("compare", "--market", "--data", str(TINY), "--country", "de").stdout
    assert page.startswith("No role has pay in both data sets\n")


def test_equal_pay_is_called_equal(mine: str) -> None:
    answer: Any = against_market(load(mine), "swe")
    answer.rows[0] |= {"difference": 0, "difference_percent": 0.0}
    page = mlroles.render(answer, "table")
    assert page.startswith("Yours against the market: equal for Software Engineer\n")
