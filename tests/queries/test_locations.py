from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from tests.conftest import TINY, prose, rows, run

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset


def test_states_use_the_official_occupation() -> None:
    (row,) = rows("locations", "data scientist", "--level", "state", "--limit", "1")
    assert (row["place"], row["code"], row["state"]) == ("Washington", "WA", "WA")
    assert (row["median"], row["difference"]) == (163350, 163350 - 120230)
    assert (row["employment"], row["records"]) == (9600, None)
    assert (row["updated"], row["source"]) == ("2025-05", "oews-may-2025")


@pytest.mark.parametrize(
    "line", ["mle", "ds", "ds --level state", "mle --level country", "swe"]
)
def test_few_records_or_people_employed_are_thin(line: str) -> None:
    answer = rows("locations", *line.split())
    assert answer
    for row in answer:
        records, employed = row["records"], row["employment"]
        few = records is not None and records < 30
        assert row["thin"] is (few or (employed is not None and employed < 100))


def test_countries_use_pay_records() -> None:
    answer = rows("locations", "mle", "--level", "country")
    by_country = {r["country"]: r for r in rows("salary", "--by", "country")}
    assert {row["code"] for row in answer} == set(by_country)
    for row in answer:
        assert row["median"] == by_country[row["code"]]["median"]
        assert row["difference"] == row["median"] - by_country["US"]["median"]
        assert row["state"] is None


def test_country_option_sets_the_base() -> None:
    answer = rows("locations", "ds", "--country", "canada")
    by_code = {row["code"]: row for row in answer}
    assert by_code["CA"]["difference"] == 0
    assert by_code["US"]["difference"] == 155000 - 86906
    world = rows("locations", "--country", "all")
    assert {row["difference"] for row in world} == {None}


@pytest.mark.parametrize(
    ("role", "level"),
    [
        ("mle", "metro"),
        ("ds", "metro"),
        ("computer vision engineer", "country"),
        ("ai engineer", "country"),
    ],
)
def test_default_level_is_the_finest(role: str, level: str) -> None:
    assert {row["level"] for row in rows("locations", role)} == {level}


@pytest.mark.parametrize("text", ["texas", "TX", "tx", "Texas"])
def test_match_finds_metro_areas_by_state(text: str) -> None:
    answer = rows("locations", "ds", "--match", text)
    assert answer
    assert all("TX" in row["place"].rpartition(", ")[2] for row in answer)


def test_match_finds_metro_areas_in_several_states() -> None:
    found = rows("locations", "--match", "texas", "--data", str(TINY))
    assert [row["code"] for row in found] == ["45500"]
    both = rows("locations", "--match", "oklahoma", "--data", str(TINY))
    assert [row["code"] for row in both] == ["45500", "30020"]


def test_filters_select_countries() -> None:
    answer = rows("locations", "--experience", "senior", "--year", "2024")
    assert {row["level"] for row in answer} == {"country"}
    assert [(row["code"], row["records"]) for row in answer] == [
        ("US", 631),
        ("GB", 16),
    ]
    assert {(row["year"], row["period_covered"]) for row in answer} == {(2024, "2024")}


def test_match_finds_parts_of_names_and_codes() -> None:
    assert rows("locations", "--match", "jose")[0]["code"] == "41940"
    (state,) = rows("locations", "ds", "--level", "state", "--match", "new mex")
    assert state["code"] == "NM"
    (country,) = rows("locations", "ds", "--level", "country", "--match", "CA")
    assert country["place"] == "Canada"


def test_min_records_restricts_the_places() -> None:
    answer = rows("locations", "--min-records", "100")
    assert {row["records"] >= 100 for row in answer} == {True}
    assert len(answer) < len(rows("locations"))
    assert rows("locations", "ds", "--min-records", "1") == []


def test_places_sorted_by_name_in_both_orders() -> None:
    names = [row["place"] for row in rows("locations", "--sort", "place")]
    assert names == sorted(names, key=str.casefold)
    reversed_names = [
        row["place"] for row in rows("locations", "--sort", "place", "-r")
    ]
    assert reversed_names == names[::-1]


def test_unknown_employment_comes_last() -> None:
    answer = rows("locations", "--sort", "employment", "--data", str(TINY))
    assert [row["employment"] for row in answer] == [20, None]


def test_no_difference_without_a_national_figure(tiny: Any, saved: Any) -> None:
    for table in tiny["places"]["tables"]:
        table["whole"] = None
    path = saved(tiny)
    answer = rows("locations", "--data", path)
    assert {row["difference"] for row in answer} == {None}
    assert "Difference" not in run("locations", "--data", path).stdout


def test_pay_per_week() -> None:
    week, year = rows("locations", "--per", "week")[0], rows("locations")[0]
    assert week["median"] == round(year["median"] / 52, 2)
    assert week["difference"] == round(year["difference"] / 52, 2)
    assert week["p10"] is None


@pytest.mark.parametrize("level", ["metro", "country"])
def test_data_set_without_places_and_pay(level: str, tiny: Any, saved: Any) -> None:
    del tiny["places"]
    path = saved({**tiny, "pay": None})
    assert rows("locations", "--level", level, "--data", path) == []
    assert rows("locations", "--data", path, "--match", "x") == []


def test_countries_without_the_home_country_have_no_difference() -> None:
    answer = rows("locations", "--level", "country", "--data", str(TINY))
    assert [row["code"] for row in answer] == ["DE", "FR"]
    assert {row["difference"] for row in answer} == {None}


def test_match_does_not_confuse_countries_with_states() -> None:
    def found(text: str) -> list[str]:
        answer = rows("locations", "ds", "--level", "country", "--match", text)
        return [row["code"] for row in answer]

    assert found("california") == []
    assert found("CA") == found("canada") == ["CA"]


@pytest.mark.parametrize("level", ["metro", "state", "country"])
@pytest.mark.parametrize("limit", ["1", "5"])
def test_note_gives_the_base_to_the_cent(
    level: str, limit: str, bundled: Dataset
) -> None:
    line = ["locations", "ds", "--level", level, "--per", "hour", "-r", "-n", limit]
    text = prose(*line)
    if level == "country":
        by_country = mlroles.salary_by(bundled, "country", "ds", per="hour")
        paid = {row["country"]: row["median"] for row in by_country}["US"]
        assert re.search(rf"from United States( \(\*\))?, \${paid:.2f}\.", text)
    else:
        assert f"from the national median, ${120_230 / 2080:.2f}." in text


def test_occupation_is_part_of_the_rows() -> None:
    assert {row["occupation"] for row in rows("locations", "ds")} == {
        "Data Scientists (15-2051)"
    }
    assert {row["occupation"] for row in rows("locations")} == {None}
    assert {row["occupation"] for row in rows("locations", "--level", "country")} == {
        None
    }


def test_name_of_a_country_is_not_a_part_of_that_of_a_state() -> None:
    states = rows("locations", "ds", "--match", "indiana")
    assert {row["level"] for row in states} == {"metro"}
    # A country and a state: the level is not clear.
    both = rows("locations", "ds", "--match", "austria", "--match", "indiana")
    assert both == states
    one = rows("locations", "ds", "--match", "austria")
    assert [row["code"] for row in one] == ["AT"]
    assert one == rows("locations", "ds", "austria")


def test_roles_without_pay_by_place_say_so(bundled: Dataset) -> None:
    for role in bundled.roles:
        page = run("locations", role["id"]).stdout
        text = f"No source has pay by US metro area or state for {role['title']}."
        has_places = bool(bundled.place_tables(role["id"]))
        answer = rows("locations", role["id"])
        lines = page.split("\n\n")[0].splitlines()
        assert (text in lines) == (not has_places and bool(answer))
        # The only row is not compared with itself.
        is_only = len(answer) == 1 and not has_places
        assert ("Difference" in page) == (bool(answer) and not is_only)
        assert ("*" in page) == (not has_places and len(answer) > 1)
