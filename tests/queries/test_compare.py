from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from mlroles.questions import COMPARE, FIGURE
from tests.conftest import TINY, prose, rows, run

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset


def column(answer: list[Any], key: str) -> list[tuple[str, Any]]:
    return [(row["title"], row[key]) for row in answer]


def test_default_sort_is_by_average_in_a_data_set_without_distributions(
    tiny: Any, saved: Any
) -> None:
    tiny["roles"][1]["salary"]["average"] = 50000
    with_pay = rows("compare", "--data", saved(tiny))
    assert [row["role"] for row in with_pay] == ["gardener", "florist", "head-gardener"]
    path = saved({**tiny, "pay": None})
    answer = rows("compare", "--data", path)
    assert column(answer, "average_salary") == [
        ("Florist", 50000),
        ("Gardener", 41000),
        ("Head Gardener", None),
    ]
    assert column(answer, "average_difference") == [
        ("Florist", 9000),
        ("Gardener", 0),
        ("Head Gardener", None),
    ]
    assert {row["median"] for row in answer} == {None}
    assert "Average 2024 v" in run("compare", "--data", path, charset="ascii").stdout


def test_differences_are_relative_to_the_first_role() -> None:
    answer = rows("compare", "da", "mle", "da")
    assert column(answer, "difference") == [
        ("Machine Learning Engineer", 95025),
        ("Data Analyst", 0),
    ]
    assert column(answer, "average_difference") == [
        ("Machine Learning Engineer", 45021),
        ("Data Analyst", 0),
    ]


def test_difference_in_averages_does_not_need_medians() -> None:
    (row, base) = rows("compare", "dle", "de")
    assert (row["role"], row["median"], row["difference"]) == (
        "data-engineer",
        150000,
        None,
    )
    assert row["average_difference"] == 115205 - 133764
    assert (base["role"], base["average_difference"]) == ("deep-learning-engineer", 0)


def test_all_compares_all_roles() -> None:
    assert len(rows("compare", "--all")) == len(mlroles.load().roles)
    assert len(rows("compare")) == 7
    by_de = {row["role"]: row for row in rows("compare", "de", "--all")}
    assert by_de["data-engineer"]["difference"] == 0
    assert by_de["ai-architect"]["difference"] == 207600 - 150000
    assert by_de["ai-architect"]["average_difference"] is None
    assert by_de["nlp-engineer"]["difference"] is None


@pytest.mark.parametrize("sort", [name for name in COMPARE.sorts if name != "title"])
def test_numbers_are_sorted_in_descending_order_before_the_limit(sort: str) -> None:
    whole = rows("compare", "--all", "--sort", sort)
    found = [row[COMPARE.sorts[sort]] for row in whole]
    known = [value for value in found if value is not None]
    assert found == sorted(known, reverse=True) + [None] * (len(found) - len(known))
    assert len(set(known)) > 5
    assert rows("compare", "--all", "--sort", sort, "-n", "3") == whole[:3]


def test_pay_per_month() -> None:
    row = rows("compare", "--per", "month")[-2]
    assert (row["role"], row["period"]) == ("data-analyst", "month")
    assert (row["average_salary"], row["average_difference"]) == (5471.0, -3751.75)
    assert (row["median"], row["difference"]) == (8664.58, -7918.75)


def test_figures_are_those_of_the_salary_command() -> None:
    for row in rows("compare", "--all"):
        pay = rows("salary", row["role"])
        figures = [pay, *pay["other_figures"]]
        unit = {"currency": "USD", "period": "year"}
        shown = next((each for each in figures if each["kind"] == "advertised"), unit)
        for column in FIGURE:
            key = column.key
            assert row[key] == shown.get(key)


def test_openings_without_average_keep_their_source() -> None:
    answer = rows("compare", "chief", "--data", str(TINY))
    assert (answer[0]["average_salary"], answer[0]["openings"]) == (None, 7)
    assert (answer[0]["openings_source"], answer[0]["openings_updated"]) == (
        "guild",
        "2024-03-31",
    )
    assert (answer[0]["average_source"], answer[0]["average_updated"]) == (None, None)


def test_role_names_of_several_words_need_no_quotes() -> None:
    bare = rows("compare", "data", "scientist", "mle", "data", "engineers")
    assert bare == rows("compare", "data scientist", "mle", "data engineers")
    assert len(bare) == 3


def test_filters_are_part_of_the_answer() -> None:
    line = ["compare", "--experience", "senior", "--work-mode", "remote"]
    known = [row for row in rows(*line) if row["median"] is not None]
    assert len(known) > 3
    assert {(row["experience"], row["work_mode"]) for row in known} == {
        ("senior", "remote")
    }


FILTERS = ["--country=germany", "--year=2024", "--experience=mid", "--work-mode=remote"]


@pytest.mark.parametrize("option", FILTERS)
def test_filters_exclude_figures_that_they_cannot_apply_to(option: str) -> None:
    for row in rows("compare", option):
        assert (row["average_salary"], row["average_source"]) == (None, None)
        assert (row["average_difference"], row["average_region"]) == (None, None)
        assert (row["openings"], row["openings_updated"]) == (None, None)


@pytest.mark.parametrize("options", [["--country", "us"], ["--year", "2022"]])
def test_filters_keep_figures_that_they_apply_to(options: list[str]) -> None:
    row = {row["role"]: row for row in rows("compare", *options)}["data-engineer"]
    assert (row["average_salary"], row["openings"]) == (115205, 16290)


def test_medians_of_another_country() -> None:
    answer = rows(*"compare de da --country germany --currency USD".split())  # noqa: SIM905
    assert column(answer, "median") == [
        ("Data Engineer", 97930),
        ("Data Analyst", 73305),
    ]
    assert column(answer, "difference") == [
        ("Data Engineer", 0),
        ("Data Analyst", 73305 - 97930),
    ]
    assert {row["country"] for row in answer} == {"DE"}


def test_openings_have_their_own_source(tiny: Any, saved: Any) -> None:
    other = {**tiny["sources"][0], "id": "harbour", "title": "harbour office"}
    tiny["sources"].append(other)
    openings = {**tiny["roles"][1]["openings"], "updated": "2020-05"}
    tiny["roles"][0]["openings"] = {**openings, "source": "harbour", "region": "FR"}
    path = saved(tiny)
    row = rows("compare", "gardener", "--data", path)[0]
    assert (row["openings_source"], row["openings_updated"]) == ("harbour", "2020-05")
    assert row["average_source"] == "guild"
    line = ["compare", "gardener", "--sort", "openings", "--data", path]
    text = prose(*line)
    assert text.startswith("France: openings for Gardener, 120 Source: harbour ")
    assert "Source: harbour office, May 2020, France." in text
    drawn = run(*line, "--chart")
    assert "harbour office, May 2020, France." in " ".join(drawn.stdout.split())
    assert "average base salary" not in drawn.stdout


def test_a_single_name_is_accepted(bundled: Dataset) -> None:
    assert mlroles.compare(bundled, "ds") == mlroles.compare(bundled, ["ds"])


# Ranks, and the share at senior level


def test_ranks_are_those_that_the_intervals_leave_possible() -> None:
    answer = rows("compare", "--all")
    known = [row for row in answer if row["median_ci_low"] is not None]
    assert len(known) == 21
    for row in known:
        others = [each for each in known if each is not row]
        above = [o for o in others if o["median_ci_low"] > row["median_ci_high"]]
        not_below = [o for o in others if o["median_ci_high"] >= row["median_ci_low"]]
        assert row["rank_low"] == 1 + len(above)
        assert row["rank_high"] == 1 + len(not_below)
    ranks = {row["role"]: (row["rank_low"], row["rank_high"]) for row in answer}
    assert ranks["ai-architect"] == (1, 9)
    assert ranks["software-engineer"] == (5, 11)
    assert ranks["data-analyst"] == (19, 21)
    assert ranks["nlp-engineer"] == (None, None)


def test_ranks_are_among_all_roles_and_independent_of_the_unit() -> None:
    keys = ("role", "rank_low", "rank_high")

    def ranks(*options: str) -> list[tuple[Any, ...]]:
        answer = rows("compare", "--all", *options)
        return [tuple(row[key] for key in keys) for row in answer]

    assert ranks("--limit", "4") == ranks()[:4]
    assert ranks("--per", "hour") == ranks("--currency", "EUR") == ranks()
    (alone,) = rows("compare", "mle")
    assert (alone["rank_low"], alone["rank_high"]) == (1, 1)


def test_share_at_senior_level_is_that_of_the_records_shown() -> None:
    answer = {row["role"]: row["senior_share"] for row in rows("compare", "--all")}
    for role, percent in {
        "ai-architect": 100, "machine-learning-engineer": 68, "data-analyst": 40,
    }.items():  # fmt: skip
        assert round(answer[role]) == percent
    # Fewer than ten are senior, or there are no figures.
    assert answer["machine-learning-researcher"] is answer["nlp-engineer"] is None
    remote = ("compare", "mle", "--work-mode", "remote")
    (share,) = [row["senior_share"] for row in rows(*remote)]
    (every,) = [row["records"] for row in rows(*remote)]
    (senior,) = [row["records"] for row in rows(*remote, "--experience", "senior")]
    assert share == round(100 * senior / every, 1)
    # Those of one level have no share.
    assert rows("compare", "mle", "--experience", "senior")[0]["senior_share"] is None


def test_details_show_ranks_and_what_to_compare() -> None:
    lines = run("compare", "--details").stdout.splitlines()
    assert lines[4].endswith("Median ↓  Rank    Senior")
    assert lines[6].endswith("$199,000  1 to 2  68%")
    assert lines[11].endswith("$103,975  6       40%")
    text = " ".join(" ".join(lines).split())
    assert (
        "Intervals overlap with that of Machine Learning Engineer: Computer Vision "
        "Engineer. Senior: share of distinct postings at senior level. To compare "
        "roles at one level, use --experience senior."
    ) in text


def test_roles_without_intervals_have_no_ranks(tiny: Any, saved: Any) -> None:
    for groups in tiny["pay"]["groups"].values():
        for group in groups:
            group[-2:] = [None, None]
    answer = rows("compare", "--data", saved(tiny))
    assert {row["rank_low"] for row in answer} == {None}
