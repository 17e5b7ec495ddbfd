from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from tests.conftest import TINY, rows, run

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset


def test_the_survey_under_filters() -> None:
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


def test_by_year_goes_on_in_time() -> None:
    years = [row["year"] for row in rows("salary", "--by", "year")]
    assert years == sorted(years)
    assert years[-1] == 2025


def test_by_country_the_best_median_comes_first() -> None:
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


def test_a_filter_on_what_it_is_split_by_keeps_one_row() -> None:
    answer = rows("salary", "--by", "country", "--country", "canada")
    assert [row["country"] for row in answer] == ["CA"]


def test_defaults_widen_first_the_year_then_the_country() -> None:
    result = run("salary", "deep learning engineer", "--json")
    assert '"year": 2023,\n    "country": null' in result.stdout
    assert '"records": 10' in result.stdout
    assert result.stderr == (
        "mlroles: fewer than 10 records of Deep Learning Engineer for 2025, United "
        "States; showing 2023, all countries\n"
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
def test_what_was_asked_for_never_widens(filters: list[str], asked: str) -> None:
    result = run("salary", "deep learning engineer", "--json", *filters)
    assert result.exit_code == 0
    assert '"survey": null' in result.stdout
    assert result.stderr == (
        f"mlroles: fewer than 10 records of Deep Learning Engineer for {asked}; "
        "nearest with enough: 2023, all countries (10 records)\n"
    )


def test_too_little_to_split_is_an_empty_list() -> None:
    result = run("salary", "dle", "--by", "experience", "--json")
    assert (result.exit_code, result.stdout) == (0, "[]\n")
    assert "for 2025, United States; nearest with enough: 2023" in result.stderr
    text = run("salary", "dle", "--by", "experience").stdout
    assert text == "No pay on record.\n"


def test_a_data_set_without_a_survey_says_so(tiny: Any, saved: Any) -> None:
    path = saved({**tiny, "survey": None})
    result = run("salary", "--by", "year", "--data", path, "--json")
    assert (result.exit_code, result.stdout) == (0, "[]\n")
    assert result.stderr == "mlroles: this data set has no survey of pay\n"
    assert rows("salary", "--data", path)["survey"] is None


@pytest.mark.parametrize("country", ["GB", "gb", "uk", "United Kingdom"])
def test_a_country_by_any_of_its_names(country: str) -> None:
    assert rows("salary", "--country", country)["survey"]["country"] == "GB"


def test_a_role_without_a_headline_has_unknowns() -> None:
    row = rows("salary", "ai engineer")
    unknown = ("average_salary", "region", "reports", "updated", "source")
    assert {row[key] for key in unknown} == {None}
    assert row["survey"]["records"] == 1215
    assert "no source gives an average salary" in run("salary", "aie").stdout


def test_pay_by_the_hour() -> None:
    row = rows("salary", "--per", "hour")
    assert row["average_salary"] == 53.21
    assert (row["period"], row["survey"]["period"]) == ("hour", "hour")
    assert row["survey"]["median"] == 93.75


def test_the_csv_header_stays_the_same_without_a_survey() -> None:
    def header(*arguments: str) -> list[str]:
        return next(csv.reader(io.StringIO(run("salary", *arguments).stdout)))

    with_survey = header("-f", "csv")
    assert with_survey == header("dle", "--country", "US", "-f", "csv")
    assert "survey_median" in with_survey


def test_the_home_country_is_the_world_where_the_data_has_none() -> None:
    answer = rows("salary", "--data", str(TINY))["survey"]
    assert (answer["year"], answer["country"], answer["records"]) == (2024, None, 30)


def test_the_python_api_takes_what_the_command_takes(bundled: Dataset) -> None:
    where = mlroles.Where(year=2024, experience="mid")
    by = mlroles.salary_by(bundled, "work-mode", "ds", where=where, per="week")
    line = "salary ds --by work-mode --year 2024 --experience mid --per week"
    assert by == rows(*line.split())


@pytest.mark.parametrize(
    ("said", "level"),
    [("junior", "entry"), ("Entry-Level", "entry"), ("expert", "senior")],
)
def test_an_experience_has_other_names(said: str, level: str) -> None:
    assert rows("salary", "--experience", said) == rows("salary", "--experience", level)


def test_what_was_asked_of_the_survey_comes_first() -> None:
    asked = run("salary", "--experience", "senior").stdout
    assert asked.startswith(
        "Machine Learning Engineer: survey, 2025, United States, senior: 2,018 records"
    )
    assert "\n$110,673 a year\n" in asked
    assert run("salary").stdout.startswith("$110,673 a year\n")


def test_what_pay_is_split_by_is_a_column_even_of_one_row() -> None:
    line = "salary --by experience --country DE --year 2024"
    text = run(*line.split()).stdout
    assert text.startswith("Machine Learning Engineer: 2024, Germany\n\nExperience ")
    assert "\nsenior " in text


def test_what_all_rows_have_in_common_stands_above_them() -> None:
    for style in ("table", "markdown"):
        text = run("salary", "--by", "country", "--experience", "senior", "-f", style)
        assert text.stdout.startswith("Machine Learning Engineer: 2025, senior\n")


def test_an_answer_is_the_caller_s_own(bundled: Dataset) -> None:
    for give in (mlroles.describe, mlroles.duties):
        for value in give(bundled).values():
            if isinstance(value, list):
                value.clear()
    mlroles.sources(bundled)[0]["caveats"].clear()
    assert mlroles.describe(bundled)["skills"]
    assert mlroles.duties(bundled)["duties"]
    assert mlroles.sources(bundled)[0]["caveats"]
