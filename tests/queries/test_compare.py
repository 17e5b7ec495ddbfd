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


def test_by_openings_the_unknown_comes_last_either_way() -> None:
    assert column(rows("compare", "--sort", "openings"), "openings") == OPENINGS
    turned = rows("compare", "--sort", "openings", "--reverse")
    assert column(turned, "openings") == [*OPENINGS[-2::-1], OPENINGS[-1]]


def test_it_sorts_by_salary_with_the_difference_to_the_default_role() -> None:
    answer = rows("compare")
    assert column(answer, "average_salary")[0] == ("Deep Learning Engineer", 133764)
    assert column(answer, "average_salary")[-1] == ("Data Analyst", 65652)
    assert answer[0]["difference"] == 23091
    assert answer[-1]["difference"] == -45021


def test_the_difference_is_to_the_first_role_named() -> None:
    answer = rows("compare", "da", "mle", "da")
    assert column(answer, "difference") == [
        ("Machine Learning Engineer", 45021),
        ("Data Analyst", 0),
    ]


def test_all_roles_are_compared_on_demand() -> None:
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
def test_numbers_go_largest_first_and_unknown_last(sort: str, key: str) -> None:
    found = [row[key] for row in rows("compare", "--all", "--sort", sort)]
    known = [value for value in found if value is not None]
    assert found == sorted(known, reverse=True) + [None] * (18 - len(known))
    assert len(set(known)) > 5


def test_every_column_to_sort_by_is_proved_to_sort() -> None:
    assert set(SORTS) == {*SORTED, "title"}


@pytest.mark.parametrize("sort", SORTS)
def test_a_limit_comes_after_the_sort(sort: str) -> None:
    whole = rows("compare", "--sort", sort)
    assert rows("compare", "--sort", sort, "-n", "3") == whole[:3]


def test_pay_by_the_month() -> None:
    row = rows("compare", "--per", "month")[-1]
    assert row["average_salary"] == 5471.0
    assert row["difference"] == -3751.75
    assert row["period"] == "month"


def test_all_survey_figures_come_from_one_slice() -> None:
    answer = rows("compare")
    assert {row["survey_year"] for row in answer} == {2025, None}
    assert {row["survey_country"] for row in answer} == {"US", None}
    by_role = dict(column(answer, "survey_median"))
    assert by_role["Deep Learning Engineer"] is None
    assert by_role["Machine Learning Engineer"] == rows("salary")["survey"]["median"]


def test_a_filter_that_leaves_too_little_is_told() -> None:
    result = run("compare", "mle", "--year", "2020", "--json")
    assert result.exit_code == 0
    assert '"survey_median": null' in result.stdout
    assert result.stderr.startswith(
        "mlroles: fewer than 10 records of Machine Learning Engineer for 2020, United "
        "States; nearest with enough: "
    )


def test_the_slice_widens_only_where_no_role_has_enough() -> None:
    assert run("compare").stderr == ""
    result = run("compare", "deep learning engineer", "nlp engineer")
    assert result.stderr == (
        "mlroles: fewer than 10 records of any of these roles for 2025, United "
        "States; showing 2023, all countries\n"
    )


def test_figures_that_are_openings_only_keep_their_source() -> None:
    answer = rows("compare", "chief", "--data", str(TINY))
    assert (answer[0]["average_salary"], answer[0]["openings"]) == (None, 7)
    assert (answer[0]["source"], answer[0]["updated"]) == ("guild", "2024-03-31")


def test_the_python_api_takes_what_the_command_takes(bundled: Dataset) -> None:
    assert mlroles.compare(bundled, sort="openings") == rows(
        "compare", "--sort", "openings"
    )


def test_roles_of_several_words_need_no_quotes() -> None:
    bare = rows("compare", "data", "scientist", "mle", "data", "engineers")
    assert bare == rows("compare", "data scientist", "mle", "data engineers")
    assert len(bare) == 3


def test_a_column_of_which_nothing_is_known_does_not_sort_in_silence() -> None:
    result = run("compare", "ai engineer", "nlp engineer", "--sort", "openings")
    assert result.stderr == (
        "mlroles: nothing to sort by: openings is unknown in all rows\n"
    )
    assert run("compare", "ai engineer", "mle").stderr == ""


def test_what_the_survey_s_records_were_narrowed_to_is_said() -> None:
    line = ["compare", "--experience", "senior", "--work-mode", "remote"]
    for row in rows(*line):
        if row["survey_median"] is not None:
            assert (row["survey_experience"], row["survey_work_mode"]) == (
                "senior",
                "remote",
            )
    for style in ("table", "markdown"):
        text = " ".join(run(*line, "-f", style).stdout.split())
        assert "survey, 2025, United States, senior, remote." in text


def test_openings_have_a_source_of_their_own(tiny: Any, saved: Any) -> None:
    other = {**tiny["sources"][0], "id": "harbour", "title": "harbour office"}
    tiny["sources"].append(other)
    openings = {**tiny["roles"][1]["openings"], "updated": "2020-05"}
    tiny["roles"][0]["openings"] = {**openings, "source": "harbour", "region": "FR"}
    path = saved(tiny)
    row = rows("compare", "gardener", "--data", path)[0]
    assert (row["openings_source"], row["openings_updated"]) == ("harbour", "2020-05")
    assert row["source"] != "harbour"
    text = " ".join(run("compare", "gardener", "--data", path).stdout.split())
    assert "Openings: open positions. Source: harbour office, May 2020, France." in text
    drawn = run("compare", "gardener", "--sort", "openings", "--chart", "--data", path)
    assert "harbour office, May 2020, France." in drawn.stdout
    assert "average base salary" not in drawn.stdout


def test_a_note_speaks_of_no_difference_where_there_is_none() -> None:
    text = run("compare", "analytics engineer", "mle").stdout
    assert "Difference" not in text


def test_one_name_is_one_role(bundled: Dataset) -> None:
    assert mlroles.compare(bundled, "ds") == mlroles.compare(bundled, ["ds"])
