"""What pay is worth in other places."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mlroles
from mlroles.dataset.load import load
from tests.conftest import rows, run, without_rows

DATA = load()
LEVELS = {
    (levels["level"], code): index
    for levels in DATA.table("price_levels")
    for code, _, index in levels["rows"]
}


def one(*arguments: str) -> Any:
    (row,) = rows("relocate", *arguments)
    return row


def test_equivalent_is_the_amount_times_the_ratio_of_the_price_levels() -> None:
    row = one("172k", "ds", "--from", "austin", "--to", "san francisco")
    assert row["equivalent"] == round(172_000 * 115.613 / 98.066) == 202_776
    assert (row["from_cost_of_living"], row["to_cost_of_living"]) == (98.066, 115.613)
    assert row["cost_change"] == 17.9
    assert (row["from_median"], row["to_median"]) == (127_360, 170_110)
    assert row["median_change"] == round(100 * (170_110 / 127_360 - 1), 1)
    assert (row["source"], row["cost_source"]) == ("oews-may-2025", "bea-rpp-2024")
    assert row["occupation"] == "Data Scientists (15-2051)"


def test_parts_of_prices_are_those_of_areas() -> None:
    row = one("172k", "ds", "--from", "austin", "--to", "san francisco")
    austin = (93.757, 120.361, 82.044, 96.24)
    francisco = (108.465, 194.718, 172.585, 106.207)
    parts = ("goods", "housing", "utilities", "other_services")
    for part, before, after in zip(parts, austin, francisco, strict=True):
        assert row[f"{part}_change"] == round(100 * (after / before - 1), 1)
    assert row["housing_change"] == 61.8
    # Countries have none, nor areas without a price level.
    for places in (("austin", "germany"), ("us", "us-ca"), ("germany", "france")):
        start, end = places
        row = one("100k", "--from", start, "--to", end)
        assert {row[f"{part}_change"] for part in parts} == {None}
    ranking = rows("relocate", "100k", "ds", "--from", "austin")
    assert {row["to_cost_of_living"] is None for row in ranking} == {True, False}
    for row in ranking:
        assert (row["housing_change"] is None) == (row["to_cost_of_living"] is None)


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("172k ds", "austin", "san francisco"),
        ("60k de --currency EUR", "germany", "austria"),
    ],
)
def test_percentiles_are_those_of_offer(line: str, start: str, end: str) -> None:
    amount, *others = line.split()
    row = one(amount, *others, "--from", start, "--to", end)
    for place, offered, key in (
        (start, amount, "from_percentile"),
        (end, str(row["equivalent"]), "to_percentile"),
    ):
        offer = rows("offer", offered, *others, "--location", place)
        assert row[key] == offer["percentile"]


PLACES = st.sampled_from(sorted(LEVELS))


def named(place: tuple[str, str]) -> str:
    level, code = place
    return {"state": f"us-{code}", "country": DATA.countries.get(code, code)}.get(
        level, code
    )


@given(st.integers(30_000, 500_000), PLACES, PLACES)
def test_there_and_back_gives_the_same_amount_within_a_unit(
    amount: int, start: tuple[str, str], end: tuple[str, str]
) -> None:
    (there,) = mlroles.relocate(
        DATA, amount, from_place=named(start), to_places=named(end)
    )
    (back,) = mlroles.relocate(
        DATA, there["equivalent"], from_place=named(end), to_places=named(start)
    )
    assert abs(back["equivalent"] - amount) <= 1
    # The order of equivalents is that of the price levels.
    if LEVELS[start] < LEVELS[end]:
        assert there["equivalent"] >= amount
    if LEVELS[start] > LEVELS[end]:
        assert there["equivalent"] <= amount


@given(st.integers(30_000, 500_000), PLACES)
def test_relocating_to_the_same_place_changes_nothing(
    amount: int, place: tuple[str, str]
) -> None:
    (row,) = mlroles.relocate(
        DATA, amount, from_place=named(place), to_places=named(place)
    )
    assert row["equivalent"] == amount
    assert row["cost_change"] == 0
    assert row["median_change"] in {0, None}
    assert row["from_percentile"] == row["to_percentile"]


@pytest.mark.parametrize("role", ["mle", "ds", "swe", "da", "de"])
@pytest.mark.parametrize("start", ["austin", "us-tx", "germany"])
def test_ranking_is_by_the_median_at_average_prices(role: str, start: str) -> None:
    answer = rows("relocate", "100k", role, "--from", start)
    assert len({(row["to_level"], row["source"]) for row in answer}) == 1
    expected = [
        row["to_median"] / LEVELS[row["to_level"], row["to_code"]]
        for row in answer
        if row["to_cost_of_living"] is not None
    ]
    # Rounded to whole dollars at average prices.
    pairs = pairwise(expected)
    assert all(more * 100 + 1 >= less * 100 for more, less in pairs)
    unknown = [row for row in answer if row["to_cost_of_living"] is None]
    assert answer[len(answer) - len(unknown) :] == unknown


def test_ranking_has_the_places_and_medians_of_locations() -> None:
    answer = rows("relocate", "100k", "ds", "--from", "austin")
    known = rows("locations", "ds", "--sort", "adjusted")
    assert [(row["to_code"], row["to_median"]) for row in answer] == [
        (row["code"], row["median"]) for row in known if row["code"] != "12420"
    ]


def test_ranking_of_a_role_without_figures_of_that_level() -> None:
    answer = rows("relocate", "100k", "mle", "--from", "texas")
    assert {row["to_level"] for row in answer} == {"metro"}
    assert {row["from_median"] for row in answer} == {None}


def test_role_without_places_gives_no_ranking(tiny: Any, saved: Any) -> None:
    data = {**tiny, "pay": None, "places": {**tiny["places"], "tables": []}}
    data["price_levels"] = [
        {"level": "country", "source": "guild", "rows": [["DE", "Germany", 80.0]]}
    ]
    options = ("--from", "germany", "--data", saved(data))
    notes = without_rows("relocate", "50k", *options)
    assert notes.endswith("note: no source gives pay of Gardener by place\n")
    assert run("relocate", "50k", *options).stdout == "No places.\n"


def test_countries_have_amounts_in_their_currencies() -> None:
    row = one("172k", "ds", "--from", "austin", "--to", "germany")
    assert row["equivalent"] == round(172_000 * 81.087 / 98.066)
    assert (row["to_currency"], row["exchange_rate"]) == ("EUR", 0.886705)
    assert row["rate_year"] == 2025
    assert row["local_equivalent"] == round(row["equivalent"] * 0.886705)
    assert row["cost_source"] == "bea-rpp-2024; world-bank-ppp-2025"
    assert row["exchange_source"] == "ecb-exchange-rates"
    # No source covers both.
    assert row["median_change"] is None
    euros = one("100k", "de", "--from", "germany", "--to", "us", "--currency", "EUR")
    assert euros["to_currency"] == "USD"
    assert euros["exchange_rate"] == pytest.approx(1 / 0.886705)
    assert one("100k", "--from", "us", "--to", "france")["to_currency"] == "EUR"


def test_national_figures_are_of_the_same_source() -> None:
    row = one("172k", "mle", "--from", "austin", "--to", "united states")
    assert (row["from_median"], row["to_median"]) == (149_250, 185_364)
    assert (row["source"], row["cost_source"]) == ("lca-fy2025", "bea-rpp-2024")
    state = one("172k", "ds", "--from", "austin", "--to", "texas")
    assert (state["from_median"], state["to_median"]) == (127_360, 122_090)


def test_ranges_have_both_ends() -> None:
    row = one("150k-170k", "ds", "--from", "austin", "--to", "sf")
    low = one("150k", "ds", "--from", "austin", "--to", "sf")
    high = one("170k", "ds", "--from", "austin", "--to", "sf")
    assert (row["amount"], row["amount_high"]) == (150_000, 170_000)
    assert row["equivalent"] == low["equivalent"]
    assert row["equivalent_high"] == high["equivalent"]
    assert row["from_percentile_at_high"] == high["from_percentile"]
    assert row["to_percentile_at_high"] == high["to_percentile"]


def test_places_keep_their_order_unless_sorted() -> None:
    line = ["100k", "ds", "--from", "austin"]
    for place in ("sf", "nyc", "dallas"):
        line += ["--to", place]
    names = [row["to_place"].split("-")[0] for row in rows("relocate", *line)]
    assert names == ["San Francisco", "New York", "Dallas"]
    answer = rows("relocate", *line, "--sort", "cost")
    costs = [row["to_cost_of_living"] for row in answer]
    assert costs == sorted(costs, reverse=True)
    assert len(rows("relocate", *line, "--limit", "1", "--reverse")) == 1


def test_thin_medians_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    table = run("relocate", "60k", "de", "--from", "austria").stdout
    assert "\nPoland (thin) " in table
    assert "\nUnited Kingdom  " in table
    assert "Thin: fewer than 30 distinct postings." in " ".join(table.split())
    assert table.count("Thin:") == 1


def test_a_table_has_figures_of_one_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    line = ["relocate", "150k-272k", "--from", "austin"]
    page = run(*line, "de", "--to", "germany", "--to", "sf").stdout
    advertised = page.index("\nPay of Data Engineer: advertised pay, January to July")
    filings = page.index("\nPay of Data Engineer: H-1B filings, October 2024 to ")
    assert advertised < page.index("Germany (thin)") < filings < page.index("San Fran")
    assert " 41st to above " in page
    page = run(*line, "mlops", "--to", "us", "--to", "boston").stdout
    assert page.index(": advertised pay, ") < page.index("\nNo figures of pay.")
    # A table, although there is one place.
    page = run(*line, "--to", "sf", "--sort", "cost").stdout
    assert "\nPlace " in page


def test_data_set_without_rates_has_no_local_amounts(tiny: Any, saved: Any) -> None:
    tiny["price_levels"] = [
        {
            "level": "country",
            "source": "guild",
            "rows": [["DE", "Germany", 80.0], ["FR", "France", 20.0]],
        }
    ]
    options = ("--from", "germany", "--to", "france", "--data")
    (row,) = rows("relocate", "50k", *options, saved(tiny))
    assert (row["equivalent"], row["to_currency"]) == (12_500, None)
    tiny["rates"] = {
        "source": "guild",
        "currencies": {"FR": "XOF", "DE": "EUR"},
        "years": {"EUR": {"2024": 0.9}},
    }
    (row,) = rows("relocate", "50k", *options, saved(tiny))
    assert row["to_currency"] is None


def test_small_equivalents_have_cents() -> None:
    row = one("100k", "--from", "us", "--to", "india")
    assert row["equivalent"] == round(100_000 * row["to_cost_of_living"] / 100, 2)
    hour = one("72.50", "--per", "hour", "--from", "austin", "--to", "sf")
    assert hour["equivalent"] == round(72.5 * 115.613 / 98.066, 2)


@pytest.mark.parametrize(
    ("style", "start"),
    [("table", "austin"), ("markdown", "us-tx"), ("html", "germany")],
)
def test_all_places_are_shown_in_formats_for_people(style: str, start: str) -> None:
    # Some places have pay, but no price level.
    every = [role["role"] for role in rows("roles")]
    for role in every if style == "table" else ["mle", "ds"]:
        line = ["relocate", "172k", role, "--from", start]
        answer = rows(*line)
        result = run(*line, "-f", style, "--limit", "all")
        assert (result.exit_code, bool(result.stdout)) == (0, True)
        unknown = [row for row in answer if row["equivalent"] is None]
        assert "None" not in result.stdout
        assert not unknown or "\N{EN DASH}" in result.stdout
