from __future__ import annotations

import json
import re
from math import exp, log, sqrt
from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from mlroles.dataset.dimensions import PAY_COLUMNS
from tests.conftest import TINY, prose, rows, run, without_rows

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset


def test_filters_select_the_pay_records() -> None:
    row = rows(
        *"salary --year 2025 --country US --experience senior".split()  # noqa: SIM905
    )
    assert row["records"] == 576
    expected = {
        "mean": 212877,
        "p10": 148625,
        "p25": 175000,
        "median": 206250,
        "p75": 240000,
        "p90": 283384,
        "range_low": 167450,
        "range_high": 246450,
    }
    assert {key: row[key] for key in expected} == expected


def test_changes_are_the_same_for_any_period() -> None:
    hourly = rows("salary", "--by", "year", "--per", "hour")
    assert [row["change"] for row in hourly] == [None, 15.7, -2.3, 3.5]


def test_a_change_whose_interval_includes_zero_is_called_none() -> None:
    answer = rows("salary", "--by", "year")
    keys = ("change", "change_ci_low", "change_ci_high")
    assert [tuple(row[key] for key in keys) for row in answer] == [
        (None, None, None), (15.7, 4.2, 22.5), (-2.3, -5.8, 4.0), (3.5, 0.6, 6.7),
    ]  # fmt: skip
    # On a logarithmic scale, the squares of the distances to the ends add up.
    before, after = answer[-2:]
    low = log(after["median"] / before["median"]) - sqrt(
        log(after["median_ci_low"] / after["median"]) ** 2
        + log(before["median_ci_high"] / before["median"]) ** 2
    )
    assert after["change_ci_low"] == round(100 * exp(low) - 100, 1)
    text = run("salary", "--by", "year").stdout
    assert [line.split()[-1] for line in text.splitlines()[6:9]] == [
        "+15.7%", "unclear", "+3.5%",
    ]  # fmt: skip


def test_no_interval_of_a_change_without_those_of_both_medians(
    tiny: Any, saved: Any
) -> None:
    groups = [
        [year, None, None, None, 30, *[amount] * 14, None, None, *interval]
        for year, amount, interval in (
            (2022, 40000, [None, None]),
            (2023, 40000, [39000, 41000]),
            (2024, 40000, [40000, 40000]),
            (2025, 50000, [None, None]),
        )
    ]
    tiny["pay"]["groups"] = {"gardener": groups}
    path = saved(tiny)
    answer = rows("salary", "--by", "year", "--data", path)
    keys = ("change", "change_ci_low", "change_ci_high")
    assert [tuple(row[key] for key in keys) for row in answer] == [
        (None, None, None), (0.0, None, None), (0.0, -2.4, 2.6), (25.0, None, None),
    ]  # fmt: skip
    lines = run("salary", "--by", "year", "--data", path, "--details").stdout
    assert " unclear (-2.4% to +2.6%)\n" in lines
    assert " +25.0%\n" in lines


def test_no_change_of_a_thin_year() -> None:
    answer = rows("salary", "computer vision engineer", "--by", "year")
    assert [(row["year"], row["records"], row["change"]) for row in answer] == [
        (2024, 22, None),
        (2025, 30, None),
    ]


@pytest.mark.parametrize(
    ("year", "records", "thin", "change"),
    [
        (2023, 30, 30, 10.0),
        # Either year is thin.
        (2023, 29, 30, None),
        (2023, 30, 29, None),
        # Not the year before.
        (2022, 30, 30, None),
    ],
)
def test_change_needs_the_year_before_and_thirty_records(
    year: int, records: int, thin: int, change: float | None, tiny: Any, saved: Any
) -> None:
    first, last = (
        [*row[:5], *[amount] * 14, *[None] * 4]
        for row, amount in (
            ([year, None, None, None, records], 40000),
            ([2024, None, None, None, thin], 44000),
        )
    )
    tiny["pay"]["groups"] = {"gardener": [first, last]}
    answer = rows("salary", "--by", "year", "--data", saved(tiny))
    assert [row["change"] for row in answer] == [None, change]


def test_by_seniority_per_hour() -> None:
    row = rows("salary", "--by", "seniority", "--per", "hour")[0]
    assert (row["p25"], row["median"], row["p75"]) == (65.99, 83.72, 105.77)


def test_by_work_mode() -> None:
    modes = [row["work_mode"] for row in rows("salary", "--by", "work-mode")]
    assert modes == ["on-site", "remote"]
    world = rows("salary", "--by", "Work_Mode", "--country", "all", "--year", "2022")
    assert [row["work_mode"] for row in world] == ["on-site", "remote"]


def test_filter_on_the_breakdown_keeps_one_row() -> None:
    answer = rows("salary", "ds", "--by", "country", "--country", "canada")
    assert [(row["country"], row["records"]) for row in answer] == [("CA", 15)]


def test_defaults_widen_the_year_before_the_country(tiny: Any, saved: Any) -> None:
    def slice_of(*arguments: str) -> tuple[int, str | None, str]:
        result = run("salary", *arguments, "--json")
        row = json.loads(result.stdout)
        return row["year"], row["country"], result.stderr

    assert slice_of("mlops engineer", "--experience", "mid") == (
        2024,
        "US",
        "note: fewer than 10 records of MLOps Engineer for 2025, United States, mid; "
        "using 2024, United States, mid\n",
    )
    tiny["countries"]["US"] = "United States"
    world, *_ = groups = tiny["pay"]["groups"]["florist"]
    groups += [[2024, None, *world[2:]], [2023, "US", *world[2:]]]
    assert slice_of("florist", "--data", saved(tiny)) == (
        2023,
        "US",
        "note: fewer than 10 records of Florist for 2024, United States; using 2023, "
        "United States\n",
    )
    del groups[2]
    assert slice_of("florist", "--data", saved(tiny)) == (
        2024,
        None,
        "note: fewer than 10 records of Florist for 2024, United States; using 2024, "
        "all countries\n",
    )


def test_data_set_without_pay_records_is_reported(tiny: Any, saved: Any) -> None:
    path = saved({**tiny, "pay": None})
    notes = without_rows("salary", "--by", "year", "--data", path)
    assert notes == "note: this data set contains no pay records\n"
    assert rows("salary", "--data", path)["median"] is None


def test_country_is_found_by_another_name() -> None:
    row = rows("salary", "--country", "uk")
    assert (row["country"], row["records"], row["median"]) == ("GB", 13, 93500)
    assert row["currency"] == "GBP"


def test_role_without_average_has_unknown_values() -> None:
    row = rows("salary", "ai engineer")
    unknown = [key for key in row if key.startswith("average_")]
    assert len(unknown) == 4
    assert {row[key] for key in unknown} == {None}
    assert (row["kind"], row["records"]) == ("advertised", 429)
    assert [each["kind"] for each in row["other_figures"]] == ["official"]


def test_pay_per_hour() -> None:
    row = rows("salary", "--per", "hour")
    assert row["average_salary"] == 53.21
    every = [row, *row["other_figures"]]
    assert {each["period"] for each in every} == {"hour"}
    assert (row["range_low"], row["range_high"]) == (75.96, 113.94)
    # $194,100 and $202,500 a year.
    assert (row["median_ci_low"], row["median_ci_high"]) == (93.32, 97.36)
    medians = [each["median"] for each in every]
    assert medians == [95.67, 89.12, None, 67.45, 57.8]
    assert every[2]["mean"] == 53.21


def test_default_is_all_countries_if_the_home_country_is_missing() -> None:
    answer = rows("salary", "--data", str(TINY))
    assert (answer["year"], answer["country"], answer["records"]) == (2024, None, 30)


def test_changing_an_answer_does_not_change_the_data_set(bundled: Dataset) -> None:
    for give in (mlroles.describe, mlroles.duties):
        for value in give(bundled).values():
            if isinstance(value, list):
                value.clear()
    mlroles.sources(bundled)[0]["caveats"].clear()
    assert mlroles.describe(bundled)["skills"]
    assert mlroles.duties(bundled)["duties"]
    assert mlroles.sources(bundled)[0]["caveats"]


# All postings, reposts included


@pytest.mark.parametrize(
    ("role", "records", "median", "distinct"),
    [
        ("applied scientist", 377, 183_700, 199_400),
        ("machine learning researcher", 128, 135_000, 203_075),
    ],
)
def test_median_of_all_postings_is_given_if_it_is_far(
    role: str, records: int, median: int, distinct: int
) -> None:
    answer = rows("salary", role)
    figures = [answer, *answer["other_figures"]]
    (advertised,) = [each for each in figures if each["kind"] == "advertised"]
    assert advertised["median"] == distinct
    assert (answer["all_postings_records"], answer["all_postings_median"]) == (
        records, median,
    )  # fmt: skip
    page = prose("salary", role)
    name = rf"All postings, reposts included \({records}\)"
    assert re.search(rf"{name}\W+{median // 1_000},{median % 1_000:03} ", page)


def test_rule_of_all_postings_holds_for_every_role(bundled: Dataset) -> None:
    assert bundled.pay
    every = bundled.pay["all_postings"]
    known: dict[tuple[Any, ...], Any] = {
        (role, *row[:4]): row[4:] for role, found in every.items() for row in found
    }
    for role, groups in bundled.groups.items():
        for group in groups:
            values: dict[str, Any] = dict(zip(PAY_COLUMNS, group, strict=True))
            if row := known.pop((role, *group[:4]), None):
                assert abs(row[1] / values["p50"] - 1) > 0.05
                assert row[0] > values["records"]
    assert known == {}
    for role in ("mle", "ds", "nlp engineer"):
        answer = rows("salary", role)
        assert answer["all_postings_records"] is answer["all_postings_median"] is None
        assert "reposts included" not in run("salary", role).stdout


def test_median_of_all_postings_is_that_of_the_filters_and_converted() -> None:
    year = rows("salary", "swe", "--year", "2024")
    assert (year["all_postings_records"], year["all_postings_median"]) == (3643, 190500)
    hour = rows("salary", "applied scientist", "--per", "hour")
    assert hour["all_postings_median"] == round(183_700 / 2080, 2)


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("--by country --country all", "--by country"),
        ("--by level", "--by experience"),
    ],
)
def test_other_ways_to_ask_for_a_breakdown(line: str, same: str) -> None:
    assert rows("salary", "ds", *line.split()) == rows("salary", "ds", *same.split())
