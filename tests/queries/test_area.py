"""Pay in a metro area, a state or a country, by --location."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mlroles.dataset.load import load
from mlroles.questions import FIGURE
from tests.conftest import TINY, prose, rows, run

DATA = load()
ROLES = [role["id"] for role in DATA.roles]


def figures(row: Any) -> list[Any]:
    """Return all figures of an answer of `salary`, the leading one first."""
    lead = [row] if row["source"] else []
    return [*lead, *row["other_figures"]]


@pytest.mark.parametrize("role", ["mle", "de", "ds", "swe"])
def test_salary_in_every_metro_area_is_that_of_locations(role: str) -> None:
    known = rows("locations", role)
    for area in known[::9]:
        row = rows("salary", role, "--location", area["code"])
        *filings, second, third = row["other_figures"]
        # Of Data Scientist, filings in the area are another figure.
        assert role == "ds" or not filings
        for other in filings:
            assert (other["kind"], other["region"]) == ("filings", area["code"])
            assert other["counted"] == "title"
        for column in FIGURE:
            assert row[column.key] == area[column.key]
        assert row["region"] == area["code"]
        assert (second["source"], second["region"]) == (area["source"], "US")
        assert second["median"] == area["median"] - area["difference"]
        assert (third["kind"], third["region"]) == ("advertised", "US")
        assert (row["place"], row["level"]) == (area["place"], "metro")
        for key in ("cost_of_living", "adjusted_median", "cost_source"):
            assert row[key] == area[key]
        assert row["average_salary"] is None


def test_salary_in_a_state() -> None:
    row = rows("salary", "ds", "--location", "us-ca")
    assert (row["place"], row["level"], row["code"]) == ("California", "state", "CA")
    assert (row["region"], row["median"]) == ("US-CA", 141_590)


@pytest.mark.parametrize("command", ["salary", "offer 95k"])
def test_a_country_is_the_filter_of_a_country(command: str) -> None:
    by_location = rows(*command.split(), "de", "--location", "germany")
    by_filter = rows(*command.split(), "de", "--country", "DE")
    different = [
        *("place", "level", "code", "cost_of_living", "adjusted_median"),
        "adjusted_offer",
    ]
    assert (by_location["place"], by_location["code"]) == ("Germany", "DE")
    assert by_location["cost_of_living"] == 81.087
    for key in by_filter.keys() - {*different, "cost_source"}:
        assert by_location[key] == by_filter[key]
    breakdown = rows("salary", "mle", "--by", "year", "--location", "us")
    assert breakdown == rows("salary", "mle", "--by", "year", "--country", "US")


def test_offer_in_a_metro_area() -> None:
    row = rows("offer", "172k", "ds", "--location", "austin")
    assert (row["median"], row["to_median"]) == (127_360, -44_640)
    assert (row["p75"], row["to_p75"]) == (161_560, -10_440)
    assert 75 < row["percentile"] < 90
    assert row["occupation"] == "Data Scientists (15-2051)"
    assert (row["source"], row["year"]) == ("oews-may-2025", 2025)
    filings, whole, advertised = row["other_figures"]
    assert (filings["source"], filings["region"]) == ("lca-records-fy2025", "12420")
    assert (filings["median"], filings["to_median"]) == (146_357, -25_643)
    assert (filings["percentile"], filings["percentile_low"]) == (None, 75)
    assert (whole["source"], whole["region"]) == ("oews-may-2025", "US")
    # The middle of 158,880 (75th) and 199,130 (90th), in the United States.
    expected = 75 + 15 * (172_000 - 158_880) / (199_130 - 158_880)
    assert whole["percentile"] == round(expected) == 80
    assert (whole["median"], whole["to_median"]) == (120_230, -51_770)
    assert (advertised["kind"], advertised["region"]) == ("advertised", "US")
    assert (advertised["records"], advertised["median"]) == (1_907, 155_000)
    usual = rows("offer", "172k", "ds")
    assert {key: usual[key] for key in advertised} == advertised
    assert usual["other_figures"] == []
    # Another source of the area is among the details.
    page = prose("offer", "172k", "ds", "--location", "austin", "--details")
    assert (
        " H-1B filings Above the 75th percentile, median $146,357 (182 H-1B filings, "
        "October 2024 to September 2025) United States 80th "
    ) in page
    assert "; H-1B labor condition applications under six occupations, decided " in page


@pytest.mark.parametrize(
    ("amount", "low", "high"),
    [("100k", None, 25), ("160k", 58, 58), ("149250", 50, 50), ("250k", 75, None)],
)
def test_offer_is_ranked_between_published_percentiles_only(
    amount: str, low: int | None, high: int | None
) -> None:
    row = rows("offer", amount, "mle", "--location", "austin")
    assert (row["percentile_low"], row["percentile_high"]) == (low, high)
    assert (row["percentile"] is None) == (None in {low, high})


def test_range_of_an_offer_has_both_ends() -> None:
    for options in ([], ["--location", "austin"]):
        both = rows("offer", "150k-170k", *options)
        low, high = (rows("offer", each, *options) for each in ("150k", "170k"))
        assert (both["offer"], both["offer_high"]) == (150_000, 170_000)
        assert both["percentile"] == low["percentile"]
        assert both["percentile_at_high"] == high["percentile"]
        assert (both["to_median"], both["to_p75"]) == (low["to_median"], low["to_p75"])


def test_role_without_figures_in_a_place() -> None:
    row = rows("salary", "mle", "--location", "texas")
    known = {column.key for column in FIGURE if row[column.key] is not None}
    assert known == {"currency", "period"}
    assert [each["region"] for each in row["other_figures"]] == ["US"]
    offer = rows("offer", "150k", "mle", "--location", "texas")
    assert (offer["median"], offer["year"], offer["level"]) == (None, None, "state")
    assert [each["kind"] for each in offer["other_figures"]] == ["advertised"]


def test_place_without_a_price_level() -> None:
    row = rows("salary", "swe", "--location", "san juan")
    assert (row["cost_of_living"], row["adjusted_median"]) == (None, None)
    assert row["median"] is not None
    # There may be prices without pay.
    offer = rows("offer", "50k", "de", "--location", "spain", "--currency", "EUR")
    assert offer["adjusted_offer"] == 72_937


def test_state_without_quartiles_and_national_figures(tiny: Any, saved: Any) -> None:
    place = ["Texas", "TX", "TX", 40, None, None, None, 40_000, None, None]
    table = {
        "role": "gardener", "level": "state", "source": "almanac", "occupation": None,
        "whole": None, "rows": [place],
    }  # fmt: skip
    tiny["places"] |= {"states": {"TX": "Texas"}, "tables": [table]}
    page = prose("salary", "--location", "texas", "--data", saved(tiny))
    assert page.startswith(
        "Gardener, Texas (US state): €40,000 a year Median of 40 distinct postings, "
        "2024. Other figures "
    )
    assert " Advertised pay, all countries, 2024 (30) €28,700 €41,000 €49,200 " in page
    assert "Prices in Texas: unknown." in page
    page = prose("offer", "45k", "--location", "texas", "--data", saved(tiny))
    assert " All countries 59th percentile, median €41,000 (same source) " in page


def test_amounts_per_hour_and_in_real_terms() -> None:
    year = rows("salary", "mle", "--location", "austin")["median"]
    hour = rows("salary", "mle", "--location", "austin", "--per", "hour")
    assert hour["median"] == round(year / 2080, 2)
    real = rows("salary", "mle", "--location", "austin", "--real")
    assert real["median"] > year
    assert {each["prices"] for each in figures(real)} == {"2026-08"}


def test_level_that_a_place_does_not_have_is_that_of_the_country() -> None:
    austin = rows("salary", "--location", "austin")
    line = ["salary", "--location", "austin", "--experience", "senior"]
    answer = rows(*line, "--work-mode", "remote")
    country = rows("salary", "--experience", "senior", "--work-mode", "remote")
    assert answer == [austin, country]
    # A country has levels of its own, and offers are as pay.
    both = rows("salary", "de", "austin", "uk", "senior")
    assert [(row["code"], row["experience"]) for row in both] == [
        ("12420", None), ("GB", "senior"), (None, "senior"),
    ]  # fmt: skip
    assert len(rows("salary", "de", "uk", "france", "senior")) == 2
    offers = rows("offer", "150k", "ds", "senior", "boston")
    assert [row["experience"] for row in offers] == [None, "senior"]
    # Offers are compared with each other.
    assert len(rows("offer", "150k", "senior", "boston", "vs", "160k", "austin")) == 2
    both = rows("compare", "mle", "ds", "senior", "boston")
    assert [(row["code"], row["experience"]) for row in both] == 2 * [
        ("14460", None), (None, "senior"),
    ]  # fmt: skip


def test_figures_of_several_are_of_one_kind_if_there_is_one() -> None:
    mle, scientist = rows("compare", "mle", "ds", "seattle")
    # Official wages lead for data scientists, who have H-1B filings as well.
    alone = rows("salary", "ds", "seattle")
    assert (mle["kind"], alone["kind"]) == ("filings", "official")
    (filings,) = [e for e in alone["other_figures"] if e["kind"] == "filings"][:1]
    for key, value in filings.items():
        assert scientist[key] == value
    swapped = [e for e in scientist["other_figures"] if e["region"] == alone["region"]]
    assert swapped[0]["median"] == alone["median"]
    level = scientist["cost_of_living"]
    assert scientist["adjusted_median"] == round(100 * scientist["median"] / level)
    # Ranks follow their figures.
    _, ranked = rows(
        "offer", *["185k", "mle", "seattle", "vs", "210k", "ds", "seattle"]
    )
    single = rows("offer", "210k", "ds", "seattle")
    (own,) = [e for e in single["other_figures"] if e["kind"] == "filings"][:1]
    for key, value in own.items():
        assert ranked[key] == value
    # There is none for software engineers.
    kinds = [row["kind"] for row in rows("compare", "mle", "swe", "seattle")]
    assert kinds == ["filings", "official"]


def test_offers_without_a_place_are_in_that_of_the_others() -> None:
    answer = rows("offer", *["210k", "vs", "190k", "mle", "seattle"])
    assert [row["code"] for row in answer] == ["42660", "42660"]
    remote = rows("offer", *["210k", "remote", "vs", "190k", "mle", "seattle"])
    assert [row["code"] for row in remote] == [None, "42660"]
    several = rows("offer", *["200k", "vs", "210k", "austin", "vs", "190k", "seattle"])
    assert [row["code"] for row in several] == [None, "12420", "42660"]
    roles = rows("offer", *["185k", "austin", "mle", "vs", "210k", "seattle", "ds"])
    assert [row["role"] for row in roles] == [
        "machine-learning-engineer", "data-scientist",
    ]  # fmt: skip


CLOSEST = {
    # The role in the countries with the closest price levels, and no similar role.
    "de --country de --currency EUR": [
        ("data-engineer", "FR", None), ("data-engineer", "AT", None),
        ("data-engineer", "NL", None),
    ],
    # Similar roles at the same level, then at all levels.
    "mlops --country gb --experience senior": [
        ("mlops-engineer", "US", "senior"),
        ("machine-learning-engineer", "GB", "senior"),
        ("data-engineer", "GB", "senior"), ("software-engineer", "GB", "senior"),
        ("machine-learning-engineer", "GB", None), ("data-engineer", "GB", None),
        ("software-engineer", "GB", None), ("ai-engineer", "GB", None),
    ],
    # The role itself at all levels.
    "ds --work-mode remote --country canada --currency USD": [
        ("data-scientist", "GB", None), ("data-scientist", "US", None),
        ("data-scientist", "CA", None), ("data-analyst", "CA", None),
        ("data-engineer", "CA", None),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), CLOSEST.items(), ids=list(CLOSEST))
def test_closest_figures_replace_missing_ones(
    line: str, expected: list[tuple[Any, ...]]
) -> None:
    row = rows("salary", *line.split())
    assert figures(row) == []
    keys = ("role", "country", "experience")
    assert [tuple(each[key] for key in keys) for each in row["closest"]] == expected


def test_places_compared_by_another_source_than_their_own_say_so() -> None:
    result = run("compare", "ds", "de", "in", "denver")
    assert result.stderr == (
        "note: compared by H-1B filings, which all of these have; asked alone, some "
        "lead with official wages\n"
    )
    assert run("salary", "ds", "in", "denver", "seattle").stderr == ""


def test_level_in_a_place_shows_quartiles_before_prices() -> None:
    heading = run("salary", "senior", "de", "denver").stdout.split("\n\n")[1]
    assert "75th" in heading
    assert "At US prices" not in heading.partition("Hidden columns")[0]
    heading = run("salary", "de", "denver", "seattle", env={"COLUMNS": "60"}).stdout
    assert "At US prices" in heading.partition("Hidden columns")[0]


def test_closest_figures_of_another_year() -> None:
    row = rows("salary", "mle", "--year", "2010")
    assert {each["role"] for each in row["closest"]} == {"machine-learning-engineer"}
    assert row["closest"]
    real = rows("salary", "mle", "--year", "2010", "--real")
    assert {each["country"] for each in real["closest"]} <= {"US"}


def test_no_closest_figures(tiny: Any, saved: Any) -> None:
    path = saved({**tiny, "pay": None})
    row = rows("salary", "florist", "--data", path)
    assert (row["kind"], row["median"], row["closest"]) == ("job-site", None, [])
    assert rows("salary", "--data", str(TINY))["closest"] == []


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (None, 50_000, "One in ten is above $50,000."),
        (20_000, None, "One in ten is below $20,000."),
        (20_000, 50_000, "One in ten is below $20,000, one in ten above $50,000."),
    ],
)
def test_each_known_end_of_pay_is_shown(
    low: int | None, high: int | None, text: str, tiny: Any, saved: Any
) -> None:
    tiny["currency"] = "USD"
    tiny["places"]["tables"][0]["rows"][0][5::4] = [low, high]
    page = run("salary", "--location", "lawton", "--data", saved(tiny)).stdout
    assert text in " ".join(page.split())


def test_half_of_the_middle_is_not_shown(tiny: Any, saved: Any) -> None:
    tiny["places"]["tables"][0]["rows"][0][8] = None
    page = run("salary", "--location", "lawton", "--data", saved(tiny)).stdout
    assert "middle half" not in page


def test_figures_of_several_roles_and_places_name_both() -> None:
    answer = rows("compare", "ds", "de", "seattle", "austin")
    page = run("compare", "ds", "de", "seattle", "austin").stdout
    for row in answer:
        place = row["place"].partition("-")[0]
        assert f"${row['median']:,}" in page
        assert re.search(rf"\n{row['title']}  +{place}.*\${row['median']:,}", page)
    assert " for Data Engineer in Austin " in " ".join(page.split())
    # Of countries, too, and of a work mode that places do not have.
    countries = rows("compare", "ds", "de", "uk", "us")
    assert [row["country"] for row in countries] == ["GB", "US"] * 2
    modes = rows("compare", "da", "de", "dallas", "remote")
    assert [(row["code"], row["work_mode"]) for row in modes] == 2 * [
        ("19100", None), (None, "remote"),
    ]  # fmt: skip


def test_a_role_without_figures_does_not_change_those_of_others() -> None:
    two = rows("compare", "ds", "de", "denver")
    first, none, second = rows("compare", "ds", "mle", "de", "denver")
    assert none["median"] is None
    assert [first, second] == two
