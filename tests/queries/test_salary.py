from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from tests.conftest import TINY, rows, run

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset


def test_filters_select_the_pay_records() -> None:
    row = rows(
        *"salary --year 2025 --country US --experience senior".split()  # noqa: SIM905
    )["survey"]
    assert row["records"] == 2018
    expected = {
        "mean": 214259,
        "p10": 135000,
        "p25": 160000,
        "median": 200000,
        "p75": 253200,
        "p90": 307536,
    }
    assert {key: row[key] for key in expected} == expected


def test_by_experience() -> None:
    answer = rows("salary", "--by", "experience", "--year", "2025")
    assert [(row["experience"], row["records"]) for row in answer] == [
        ("entry", 72),
        ("mid", 683),
        ("senior", 2018),
        ("executive", 28),
    ]
    assert {row["country"] for row in answer} == {"US"}


def test_by_year_is_in_chronological_order() -> None:
    years = [row["year"] for row in rows("salary", "--by", "year")]
    assert years == sorted(years)
    assert years[-1] == 2025


def test_by_country_is_sorted_by_median() -> None:
    answer = rows("salary", "--by", "country")
    medians = [row["median"] for row in answer]
    assert medians == sorted(medians, reverse=True)
    assert None not in {row["country"] for row in answer}
    assert {row["year"] for row in answer} == {2025}


def test_by_work_mode() -> None:
    modes = [row["work_mode"] for row in rows("salary", "--by", "work-mode")]
    assert modes == ["on-site", "remote"]
    world = rows("salary", "--by", "Work_Mode", "--country", "all", "--year", "2021")
    assert [row["work_mode"] for row in world] == ["hybrid"]


def test_filter_on_the_breakdown_keeps_one_row() -> None:
    answer = rows("salary", "--by", "country", "--country", "canada")
    assert [row["country"] for row in answer] == ["CA"]


def test_defaults_widen_the_year_before_the_country() -> None:
    result = run("salary", "deep learning engineer", "--json")
    assert '"year": 2023,\n    "country": null' in result.stdout
    assert '"records": 10' in result.stdout
    assert result.stderr == (
        "note: fewer than 10 records of Deep Learning Engineer for 2025, United "
        "States; using 2023, all countries\n"
    )


@pytest.mark.parametrize(
    ("filters", "asked"),
    [
        (["--country", "US"], "2025, United States"),
        (["--year", "2022"], "2022, United States"),
        (["--experience", "entry"], "2025, United States, entry"),
        (["--country", "all", "--year", "2025"], "2025, all countries"),
    ],
    ids=["country", "year", "experience", "world"],
)
def test_filters_are_never_widened(filters: list[str], asked: str) -> None:
    result = run("salary", "deep learning engineer", "--json", *filters)
    assert result.exit_code == 0
    assert '"survey": null' in result.stdout
    assert result.stderr == (
        f"note: fewer than 10 records of Deep Learning Engineer for {asked}; "
        "closest groups with enough records: 2023, all countries (10 records)\n"
    )


def test_breakdown_without_enough_records_is_empty() -> None:
    result = run("salary", "dle", "--by", "experience", "--json")
    assert (result.exit_code, result.stdout) == (0, "[]\n")
    assert (
        "for 2025, United States; closest groups with enough records: 2023"
        in result.stderr
    )
    text = run("salary", "dle", "--by", "experience").stdout
    assert text == "No pay records.\n"


def test_data_set_without_pay_records_is_reported(tiny: Any, saved: Any) -> None:
    path = saved({**tiny, "survey": None})
    result = run("salary", "--by", "year", "--data", path, "--json")
    assert (result.exit_code, result.stdout) == (0, "[]\n")
    assert result.stderr == "note: this data set contains no pay records\n"
    assert rows("salary", "--data", path)["survey"] is None


@pytest.mark.parametrize("country", ["GB", "gb", "uk", "United Kingdom"])
def test_country_is_found_by_any_of_its_names(country: str) -> None:
    assert rows("salary", "--country", country)["survey"]["country"] == "GB"


def test_role_without_average_has_unknown_values() -> None:
    row = rows("salary", "ai engineer")
    unknown = ("average_salary", "region", "reports", "updated", "source")
    assert {row[key] for key in unknown} == {None}
    assert row["survey"]["records"] == 1215
    assert "no source gives an average salary" in run("salary", "aie").stdout


def test_pay_per_hour() -> None:
    row = rows("salary", "--per", "hour")
    assert row["average_salary"] == 53.21
    assert (row["period"], row["survey"]["period"]) == ("hour", "hour")
    assert row["survey"]["median"] == 93.75


def test_csv_header_does_not_depend_on_the_distribution() -> None:
    def header(*arguments: str) -> list[str]:
        return next(csv.reader(io.StringIO(run("salary", *arguments).stdout)))

    with_distribution = header("-f", "csv")
    assert with_distribution == header("dle", "--country", "US", "-f", "csv")
    assert "survey_median" in with_distribution


def test_default_is_all_countries_if_the_home_country_is_missing() -> None:
    answer = rows("salary", "--data", str(TINY))["survey"]
    assert (answer["year"], answer["country"], answer["records"]) == (2024, None, 30)


def test_python_api_matches_the_command(bundled: Dataset) -> None:
    filters = mlroles.Filters(year=2024, experience="mid")
    by = mlroles.salary_by(bundled, "work-mode", "ds", filters=filters, per="week")
    line = "salary ds --by work-mode --year 2024 --experience mid --per week"
    assert by == rows(*line.split())


@pytest.mark.parametrize(
    ("said", "level"),
    [("junior", "entry"), ("Entry-Level", "entry"), ("expert", "senior")],
)
def test_experience_levels_have_other_names(said: str, level: str) -> None:
    assert rows("salary", "--experience", said) == rows("salary", "--experience", level)


def test_filtered_distribution_comes_first() -> None:
    filtered = run("salary", "--experience", "senior").stdout
    assert filtered.startswith(
        "Machine Learning Engineer: Pay distribution, 2025, United States, senior: "
        "2,018\nrecords, aijobs.net salary index (advertised pay)\n"
    )
    assert "\n$110,673 a year\n" in filtered
    assert run("salary").stdout.startswith("$110,673 a year\n")


def test_breakdown_is_a_column_even_with_one_row() -> None:
    line = "salary --by experience --country DE --year 2024"
    text = run(*line.split()).stdout
    assert text.startswith("Machine Learning Engineer: 2024, Germany\n\nExperience ")
    assert "\nsenior " in text


def test_common_values_are_in_the_title() -> None:
    for style in ("table", "markdown"):
        text = run("salary", "--by", "country", "--experience", "senior", "-f", style)
        assert text.stdout.startswith("Machine Learning Engineer: 2025, senior\n")


def test_changing_an_answer_does_not_change_the_data_set(bundled: Dataset) -> None:
    for give in (mlroles.describe, mlroles.duties):
        for value in give(bundled).values():
            if isinstance(value, list):
                value.clear()
    mlroles.sources(bundled)[0]["caveats"].clear()
    assert mlroles.describe(bundled)["skills"]
    assert mlroles.duties(bundled)["duties"]
    assert mlroles.sources(bundled)[0]["caveats"]
