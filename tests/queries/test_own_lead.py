"""Pay records of one's own lead, next to the market."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mlroles.dataset.load import load
from tests.conftest import changed, import_records, prose, rows, run

if TYPE_CHECKING:
    from collections.abc import Callable


HEADER = ["title", "salary", "year", "country"]
RECORDS = [
    *(["Data Engineer", 70_000 + 700 * n, 2025, "Germany"] for n in range(22)),
    *(["Data Engineer", 52_000 + 900 * n, 2025, "Poland"] for n in range(14)),
    *(["Data Analyst", 48_000 + 500 * n, 2025, "Austria"] for n in range(12)),
    *(
        ["Data Scientist", 120_000 + 3_000 * n, 2025, "United States"]
        for n in range(14)
    ),
    *(["AI Engineer", 30_000 + 500 * n, 2025, "Brazil"] for n in range(30)),
    *(["Research Scientist", 90_000 + 500 * n, 2025, ""] for n in range(11)),
    *(["Software Engineer", 150_000, 2010, "United States"] for _ in range(10)),
]


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A data set of roles in one country, in two, and in an unknown one."""
    folder = tmp_path_factory.mktemp("own")
    return import_records(folder, [HEADER, *RECORDS], "--set", "currency=USD")


def test_thin_records_lead_before_the_market(mine: str) -> None:
    row = rows("salary", "ds", "--data", mine)
    (market,) = (e for e in row["other_figures"] if e["kind"] == "advertised")
    other = rows("salary", "ds")
    assert (row["kind"], row["records"], row["thin"]) == ("records", 14, True)
    assert (row["median"], row["country"]) == (139_500, "US")
    assert row["other_figures"][0] == market == {key: other[key] for key in market}
    kinds = [each["kind"] for each in row["other_figures"]]
    assert kinds == ["advertised", "filings", "job-site", "official"]
    page = prose("salary", "ds", "--data", mine)
    assert page.startswith(
        "Data Scientist, United States: $139,500 a year Median of 14 records (thin: "
        "fewer than 30), 2025."
    )
    # 139,500 is 10 % below 155,000; the market is not in the table as well.
    assert (
        "Market (1,907 job postings, United States, January to July 2025): $155,000; "
        "yours: 10.0% below."
    ) in page
    assert page.count("$155,000") == 1
    assert "Sources: imported pay records; aijobs.net salary index;" in page
    details = prose("salary", "ds", "--details", "--data", mine)
    assert "imported pay records, 2025; aijobs.net salary index, 3 August" in details
    assert "a random sample of all such records, the" in details


def test_country_is_that_of_the_records(mine: str) -> None:
    austrian = run("salary", "data", "analyst", "--data", mine)
    # In its currency: 50,750 US dollars at the mean rate of 2025.
    assert "Data Analyst, Austria: \u20ac45,000 a year" in austrian.stdout
    # Figures of the United States are not of the same labor market.
    assert "H-1B" not in austrian.stdout
    assert austrian.stderr.startswith("note: market: Austria: 76% of the postings")
    assert austrian.stderr.endswith("note: market: Austria: of postings in EUR only\n")
    row = rows("salary", "data", "analyst", "--data", mine)
    assert (row["country"], row["currency"], row["median"]) == ("AT", "EUR", 45_000)
    row = rows("salary", "data", "analyst", "--currency", "USD", "--data", mine)
    assert (row["currency"], row["median"]) == ("USD", 50_750)
    assert [each["region"] for each in row["other_figures"]] == ["AT"]


def test_country_with_most_records_of_the_role_is_the_default(mine: str) -> None:
    result = run("salary", "de", "--data", mine)
    assert result.stdout.startswith("Data Engineer, Germany: \u20ac68,587 a year")
    assert result.stderr == (
        "note: not all records are of Germany, which has most; for all, add --country "
        "all\n"
    )
    every = run("salary", "de", "--country", "all", "--data", mine)
    assert every.stdout.startswith("Data Engineer, all countries: $")
    assert not every.stderr
    row = rows("salary", "de", "--country", "all", "--data", mine)
    assert row["records"] == 36
    countries = rows("salary", "de", "--by", "country", "--data", mine)
    assert [each["country"] for each in countries] == ["DE", "PL"]
    # Countries are compared in one currency.
    assert {each["currency"] for each in countries} == {"USD"}
    compared = rows("locations", "de", "--level", "country", "--data", mine)
    assert [each["difference"] == 0 for each in compared] == [True, False]


def test_page_of_a_role_has_the_country_and_currency_of_its_records(mine: str) -> None:
    page = rows("show", "de", "--data", mine)
    assert page["salary"]["median"] == rows("salary", "de", "--data", mine)["median"]
    compared = {(row["country"], row["currency"]) for row in page["compare"]}
    assert compared <= {("DE", "EUR"), (None, "EUR")}
    text = run("show", "de", "--data", mine).stdout
    assert "Data Engineer, Germany: \N{EURO SIGN}" in text
    assert "Converted at yearly mean rates" in text


def test_records_without_a_country_are_of_all(mine: str) -> None:
    row = rows("salary", "research scientist", "--data", mine)
    assert (row["country"], row["median"]) == (None, 92_500)
    assert row["other_figures"][0]["region"] is None


def test_market_of_all_countries_is_no_measure_of_one(mine: str) -> None:
    page = prose("salary", "ai engineer", "--data", mine)
    assert "AI Engineer, Brazil: 208,210 BRL a year" in page
    assert "Market (490 job postings, all countries, January to July 2025): " in page
    assert "yours" not in page
    line = ["compare", "ai engineer", "--market", "--data", mine]
    result = run(*line)
    assert result.stderr == (
        "note: market: no figures of AI Engineer in Brazil; compared with all "
        "countries\n"
    )
    assert ", January to July 2025, all countries." in " ".join(result.stdout.split())
    (row,) = rows(*line)
    assert (row["country"], row["market_country"]) == ("BR", None)
    (austrian,) = rows("compare", "data analyst", "--market", "--data", mine)
    assert austrian["market_country"] == "AT"


def test_offers_rank_among_the_records_first(mine: str) -> None:
    line = ["offer", "150k", "ds", "--data", mine]
    row, other = rows(*line), rows("offer", "150k", "ds")
    assert (row["kind"], row["records"], row["country"]) == ("records", 14, "US")
    (market,) = row["other_figures"]
    assert (market["kind"], market["median"]) == ("advertised", 155_000)
    assert market["percentile"] == other["percentile"]
    assert " Advertised pay 46th percentile of midpoints, median $155,000 (1,907 " in (
        prose(*line)
    )


def test_market_without_a_figure_of_the_year_is_left_out(mine: str) -> None:
    line = ["swe", "--year", "2010", "--data", mine]
    row = rows("salary", *line)
    assert (row["median"], row["other_figures"]) == (150_000, [])
    assert rows("offer", "160k", *line)["other_figures"] == []
    (compared,) = rows("compare", "--market", *line)
    assert (compared["median"], compared["market_median"]) == (150_000, None)


def test_agents_get_the_source_of_the_market(mine: str) -> None:
    agents = pytest.importorskip("mlroles.cli.tools")
    calls: list[tuple[str, dict[str, Any]]] = [
        ("salary", {"role": "ds"}),
        ("offer", {"role": "ds", "amount": "150k"}),
        ("compare", {"roles": "ds", "market": True}),
    ]
    for name, arguments in calls:
        tool = next(each for each in agents.tools() if each.question.name == name)
        _, found = agents.call(tool, load(mine), arguments)
        ids = [each["id"] for each in found["sources"]]
        assert ids[:2] == ["imported-records", "aijobs-salary-index"]


def test_roles_that_the_market_lacks_have_no_other_figure(
    tiny: Any, saved: Callable[[Any], str]
) -> None:
    kept = changed(tiny, "sources", 1, "kind", value="records")
    row = rows("salary", "gardener", "--data", saved(kept))
    assert (row["kind"], row["country"]) == ("records", "DE")
    assert [each["kind"] for each in row["other_figures"]] == ["job-site"]
    assert (
        rows("offer", "40k", "gardener", "--data", saved(kept))["other_figures"] == []
    )


def test_amount_without_a_currency_is_in_that_of_the_records(mine: str) -> None:
    row = rows("offer", "45k", "data analyst", "--data", mine)
    assert (row["currency"], row["offer"]) == ("EUR", 45_000)
    assert row["percentile"] == 50
    compared = rows("compare", "data analyst", "de", "--data", mine)
    assert {each["currency"] for each in compared} <= {"EUR"}
    every = rows("compare", "--data", mine)
    assert len({each["currency"] for each in every}) == 1


def test_places_of_other_sources_are_named_as_such(mine: str) -> None:
    line = ["locations", "ds", "--limit", "1", "--data", mine]
    text = "note: no pay records of your own by US metro area; using other sources\n"
    assert text in run(*line).stderr
    line = ["salary", "ds", "seattle", "--data", mine]
    text = "note: no pay records of your own in Seattle, WA; using other sources\n"
    assert text in run(*line).stderr
