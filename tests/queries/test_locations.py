from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from tests.conftest import TINY, rows, run

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset


def test_the_best_metro_areas_with_their_difference_to_the_country() -> None:
    answer = rows("locations", "--limit", "3")
    assert [
        (row["place"].split("-")[0], row["median"], row["records"]) for row in answer
    ] == [
        ("San Jose", 211286, 824),
        ("San Francisco", 211060, 320),
        ("Seattle", 204240, 272),
    ]
    assert all(row["difference"] == row["median"] - 185364 for row in answer)
    assert {row["source"] for row in answer} == {"lca-fy2025"}


def test_the_best_state_by_official_occupation() -> None:
    (row,) = rows("locations", "data scientist", "--level", "state", "--limit", "1")
    assert (row["place"], row["code"], row["state"]) == ("Washington", "WA", "WA")
    assert (row["median"], row["difference"]) == (163350, 163350 - 120230)
    assert (row["employment"], row["records"]) == (9600, None)
    assert (row["updated"], row["source"]) == ("2025-05", "oews-may-2025")


def test_countries_come_from_the_survey() -> None:
    answer = rows("locations", "mle", "--level", "country")
    by_country = {r["country"]: r for r in rows("salary", "--by", "country")}
    assert {row["code"] for row in answer} == set(by_country)
    for row in answer:
        assert row["median"] == by_country[row["code"]]["median"]
        assert row["difference"] == row["median"] - by_country["US"]["median"]
        assert row["state"] is None


def test_countries_are_compared_with_the_one_that_is_named() -> None:
    by_code = {row["code"]: row for row in rows("locations", "--country", "canada")}
    assert by_code["CA"]["difference"] == 0
    assert by_code["US"]["difference"] > 0
    assert "Difference to Canada (*), " in run("locations", "--country", "CA").stdout
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
def test_left_out_the_level_is_the_finest_there_is(role: str, level: str) -> None:
    assert {row["level"] for row in rows("locations", role)} == {level}


def test_survey_filters_ask_for_countries_and_say_so() -> None:
    asked = ["--experience", "senior", "--json"]
    split = "is not split by year, country, experience or work mode"
    told = f"mlroles: showing countries: pay by US metro area {split}\n"
    assert run("locations", *asked).stderr == told
    assert run("locations", "--country", "CA", "--json").stderr == (
        "mlroles: showing countries: --country names the one that the others are "
        "compared with\n"
    )
    assert run("locations", "ai engineer", *asked).stderr == ""
    assert run("locations", "--level", "country", *asked).stderr == ""
    answer = rows("locations", "--experience", "senior", "--year", "2024")
    assert {row["level"] for row in answer} == {"country"}
    assert answer[0]["records"] < 4221
    assert {row["updated"] for row in answer} == {"2024"}
    text = run("locations", "--experience", "senior", "--year", "2024").stdout
    assert text.startswith("Machine Learning Engineer: pay by country, senior\n")
    assert "index, 2024." in text


def test_a_level_without_figures_says_so() -> None:
    result = run("locations", "computer vision engineer", "--level", "metro", "--json")
    assert (result.exit_code, result.stdout) == (0, "[]\n")
    assert result.stderr == (
        "mlroles: no source gives pay by US metro area for Computer Vision Engineer\n"
    )


@pytest.mark.parametrize("text", ["texas", "TX", "tx", "Texas"])
def test_a_search_finds_the_areas_of_a_state(text: str) -> None:
    answer = rows("locations", "ds", "--match", text)
    assert answer
    assert all("TX" in row["place"].rpartition(", ")[2] for row in answer)


def test_a_search_finds_areas_that_reach_into_a_state() -> None:
    found = rows("locations", "--match", "texas", "--data", str(TINY))
    assert [row["code"] for row in found] == ["45500"]
    both = rows("locations", "--match", "oklahoma", "--data", str(TINY))
    assert [row["code"] for row in both] == ["45500", "30020"]


def test_a_search_finds_a_part_of_a_name_or_a_code() -> None:
    assert rows("locations", "--match", "jose")[0]["code"] == "41940"
    (state,) = rows("locations", "ds", "--level", "state", "--match", "new mex")
    assert state["code"] == "NM"
    (country,) = rows("locations", "--level", "country", "--match", "CA")
    assert country["place"] == "Canada"


def test_a_search_that_finds_nothing_says_so() -> None:
    result = run("locations", "--match", "atlantis", "--json")
    assert (result.exit_code, result.stdout) == (0, "[]\n")
    assert result.stderr == (
        "mlroles: none of 22 places of Machine Learning Engineer has 'atlantis' in its "
        "name or state\n"
    )
    assert run("locations", "--match", "atlantis").stdout == ("No places to show.\n")


def test_places_with_few_records_can_be_left_out() -> None:
    answer = rows("locations", "--min-records", "100")
    assert {row["records"] >= 100 for row in answer} == {True}
    assert len(answer) < len(rows("locations"))
    assert rows("locations", "ds", "--min-records", "1") == []


def test_places_by_name_and_turned_round() -> None:
    names = [row["place"] for row in rows("locations", "--sort", "place")]
    assert names == sorted(names, key=str.casefold)
    turned = [row["place"] for row in rows("locations", "--sort", "place", "-r")]
    assert turned == names[::-1]


def test_unknown_employment_comes_last() -> None:
    answer = rows("locations", "--sort", "employment", "--data", str(TINY))
    assert [row["employment"] for row in answer] == [20, None]


def test_an_official_occupation_that_stands_in_is_named() -> None:
    text = " ".join(run("locations", "ds").stdout.split())
    assert (
        "The figures are those of a wider official occupation, Data Scientists "
        "(15-2051), which stands in for the role."
    ) in text
    assert "official occupation" not in run("locations", "mle").stdout


def test_without_a_national_figure_there_is_no_difference() -> None:
    answer = rows("locations", "data architect")
    assert {row["difference"] for row in answer} == {None}
    assert "Difference" not in run("locations", "data architect").stdout


def test_pay_by_the_week() -> None:
    week, year = rows("locations", "--per", "week")[0], rows("locations")[0]
    assert week["median"] == round(year["median"] / 52, 2)
    assert week["difference"] == round(year["difference"] / 52, 2)
    assert week["p10"] is None


@pytest.mark.parametrize("level", ["metro", "country"])
def test_a_data_set_without_places_or_survey(level: str, tiny: Any, saved: Any) -> None:
    path = saved({**tiny, "places": None, "survey": None})
    assert rows("locations", "--level", level, "--data", path) == []
    assert rows("locations", "--data", path, "--match", "x") == []


def test_countries_of_a_data_set_without_the_home_country() -> None:
    answer = rows("locations", "--level", "country", "--data", str(TINY))
    assert [row["code"] for row in answer] == ["DE", "FR"]
    assert {row["difference"] for row in answer} == {None}


def test_the_python_api_takes_what_the_command_takes(bundled: Dataset) -> None:
    assert mlroles.locations(bundled, "de", match="CA", limit=2) == rows(
        "locations", "de", "--match", "CA", "--limit", "2"
    )


def test_where_no_number_of_records_is_known_a_least_one_says_so() -> None:
    result = run("locations", "ds", "--min-records", "5", "--json")
    assert (result.exit_code, result.stdout) == (0, "[]\n")
    assert result.stderr == (
        "mlroles: the source of these places does not say how many records there are\n"
    )


def test_a_country_is_no_state_of_the_same_code() -> None:
    def found(text: str) -> list[str]:
        answer = rows("locations", "ds", "--level", "country", "--match", text)
        return [row["code"] for row in answer]

    assert found("california") == []
    assert found("CA") == found("canada") == ["CA"]


@pytest.mark.parametrize("level", ["metro", "state", "country"])
@pytest.mark.parametrize("limit", ["1", "7"])
def test_what_places_are_compared_with_is_told_to_the_cent(
    level: str, limit: str, bundled: Dataset
) -> None:
    line = ["locations", "ds", "--level", level, "--per", "hour", "-r", "-n", limit]
    told = " ".join(run(*line).stdout.split())
    if level == "country":
        by_country = mlroles.salary_by(bundled, "country", "ds", per="hour")
        paid = {row["country"]: row["median"] for row in by_country}["US"]
        assert f"Difference to United States (*), ${paid:.2f}." in told
    else:
        assert f"the median of the whole country, ${120_230 / 2080:.2f}." in told


def test_figures_of_an_official_occupation_say_so_to_machines() -> None:
    assert {row["occupation"] for row in rows("locations", "ds")} == {
        "Data Scientists (15-2051)"
    }
    assert {row["occupation"] for row in rows("locations")} == {None}
    assert {row["occupation"] for row in rows("locations", "--level", "country")} == {
        None
    }


def test_a_column_to_sort_by_is_marked_however_it_is_spelled() -> None:
    assert "25th \N{DOWNWARDS ARROW}" in run("locations", "--sort", "P25").stdout


def test_a_country_that_is_not_there_to_compare_with_is_told() -> None:
    result = run("locations", "--level", "country", "--country", "egypt")
    assert result.stderr == "mlroles: Egypt has too few records to compare with\n"
    assert "Difference" not in result.stdout


@pytest.mark.parametrize("option", ["--country", "--work-mode", "--experience"])
def test_an_empty_filter_is_refused(option: str) -> None:
    for command in ("locations", "salary"):
        result = run(command, option, "", "--json")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "called ''; there are " in result.stderr
