from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from mlroles.queries.compare import SORTS
from tests.conftest import TINY, rows, run

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset


def column(answer: list[Any], key: str) -> list[tuple[str, Any]]:
    return [(row["title"], row[key]) for row in answer]


OPENINGS = [
    ("Software Engineer", 212310),
    ("Computer Vision Engineer", 64939),
    ("Data Analyst", 38748),
    ("Data Scientist", 23757),
    ("Deep Learning Engineer", 19992),
    ("Data Engineer", 16290),
    ("Machine Learning Engineer", None),
]


def test_unknown_openings_come_last_in_both_orders() -> None:
    assert column(rows("compare", "--sort", "openings"), "openings") == OPENINGS
    reversed_rows = rows("compare", "--sort", "openings", "--reverse")
    assert column(reversed_rows, "openings") == [*OPENINGS[-2::-1], OPENINGS[-1]]


def test_default_sort_is_salary_relative_to_the_default_role() -> None:
    answer = rows("compare")
    assert column(answer, "average_salary")[0] == ("Deep Learning Engineer", 133764)
    assert column(answer, "average_salary")[-1] == ("Data Analyst", 65652)
    assert answer[0]["difference"] == 23091
    assert answer[-1]["difference"] == -45021


def test_difference_is_relative_to_the_first_role() -> None:
    answer = rows("compare", "da", "mle", "da")
    assert column(answer, "difference") == [
        ("Machine Learning Engineer", 45021),
        ("Data Analyst", 0),
    ]


def test_all_compares_all_roles() -> None:
    assert len(rows("compare", "--all")) == 18
    assert len(rows("compare")) == 7
    by_de = {row["role"]: row for row in rows("compare", "de", "--all")}
    assert by_de["data-engineer"]["difference"] == 0
    assert by_de["ai-architect"]["difference"] is None


SORTED = {
    "salary": "average_salary",
    "openings": "openings",
    "difference": "difference",
    "median": "survey_median",
    "records": "survey_records",
}


@pytest.mark.parametrize(("sort", "key"), SORTED.items(), ids=list(SORTED))
def test_numbers_are_sorted_in_descending_order(sort: str, key: str) -> None:
    found = [row[key] for row in rows("compare", "--all", "--sort", sort)]
    known = [value for value in found if value is not None]
    assert found == sorted(known, reverse=True) + [None] * (18 - len(known))
    assert len(set(known)) > 5


def test_every_sort_column_is_tested() -> None:
    assert set(SORTS) == {*SORTED, "title"}


@pytest.mark.parametrize("sort", SORTS)
def test_limit_applies_after_sorting(sort: str) -> None:
    whole = rows("compare", "--sort", sort)
    assert rows("compare", "--sort", sort, "-n", "3") == whole[:3]


def test_pay_per_month() -> None:
    row = rows("compare", "--per", "month")[-1]
    assert row["average_salary"] == 5471.0
    assert row["difference"] == -3751.75
    assert row["period"] == "month"


def test_pay_records_of_all_roles_share_year_and_country() -> None:
    answer = rows("compare")
    assert {row["survey_year"] for row in answer} == {2025, None}
    assert {row["survey_country"] for row in answer} == {"US", None}
    by_role = dict(column(answer, "survey_median"))
    assert by_role["Deep Learning Engineer"] is None
    assert by_role["Machine Learning Engineer"] == rows("salary")["survey"]["median"]


def test_filter_without_enough_records_is_reported() -> None:
    result = run("compare", "mle", "--year", "2020", "--json")
    assert result.exit_code == 0
    assert '"survey_median": null' in result.stdout
    assert result.stderr.startswith(
        "note: fewer than 10 records of Machine Learning Engineer for 2020, United "
        "States; closest groups with enough "
    )


def test_defaults_widen_only_if_no_role_has_enough_records() -> None:
    assert run("compare").stderr == ""
    result = run("compare", "deep learning engineer", "nlp engineer")
    assert result.stderr == (
        "note: fewer than 10 records of any of these roles for 2025, United "
        "States; using 2023, all countries\n"
    )


def test_openings_without_average_keep_their_source() -> None:
    answer = rows("compare", "chief", "--data", str(TINY))
    assert (answer[0]["average_salary"], answer[0]["openings"]) == (None, 7)
    assert (answer[0]["source"], answer[0]["updated"]) == ("guild", "2024-03-31")


def test_python_api_matches_the_command(bundled: Dataset) -> None:
    assert mlroles.compare(bundled, sort="openings") == rows(
        "compare", "--sort", "openings"
    )


def test_role_names_of_several_words_need_no_quotes() -> None:
    bare = rows("compare", "data", "scientist", "mle", "data", "engineers")
    assert bare == rows("compare", "data scientist", "mle", "data engineers")
    assert len(bare) == 3


def test_sorting_by_an_unknown_column_is_reported() -> None:
    result = run("compare", "ai engineer", "nlp engineer", "--sort", "openings")
    assert result.stderr == ("note: not sorted: openings is unknown in all rows\n")
    assert run("compare", "ai engineer", "mle").stderr == ""


def test_filters_are_part_of_the_answer() -> None:
    line = ["compare", "--experience", "senior", "--work-mode", "remote"]
    for row in rows(*line):
        if row["survey_median"] is not None:
            assert (row["survey_experience"], row["survey_work_mode"]) == (
                "senior",
                "remote",
            )
    for style in ("table", "markdown"):
        text = " ".join(run(*line, "-f", style).stdout.split())
        assert "Median and records: 2025, United States, senior, remote." in text


def test_openings_have_their_own_source(tiny: Any, saved: Any) -> None:
    other = {**tiny["sources"][0], "id": "harbour", "title": "harbour office"}
    tiny["sources"].append(other)
    openings = {**tiny["roles"][1]["openings"], "updated": "2020-05"}
    tiny["roles"][0]["openings"] = {**openings, "source": "harbour", "region": "FR"}
    path = saved(tiny)
    row = rows("compare", "gardener", "--data", path)[0]
    assert (row["openings_source"], row["openings_updated"]) == ("harbour", "2020-05")
    assert row["source"] != "harbour"
    text = " ".join(run("compare", "gardener", "--data", path).stdout.split())
    assert (
        "Openings: number of open jobs. Source: harbour office, May 2020, France."
    ) in text
    drawn = run("compare", "gardener", "--sort", "openings", "--chart", "--data", path)
    assert "harbour office, May 2020, France." in drawn.stdout
    assert "average base salary" not in drawn.stdout


def test_unknown_differences_are_not_shown() -> None:
    text = run("compare", "analytics engineer", "mle").stdout
    assert "Difference" not in text


def test_a_single_name_is_accepted(bundled: Dataset) -> None:
    assert mlroles.compare(bundled, "ds") == mlroles.compare(bundled, ["ds"])
