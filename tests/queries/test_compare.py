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


def test_filter_without_enough_records_is_reported() -> None:
    result = run("compare", "mle", "--year", "2020", "--json")
    assert result.exit_code == 0
    assert '"median": null' in result.stdout
    assert result.stderr.startswith(
        "note: fewer than 10 records of Machine Learning Engineer for 2020, United "
        "States; closest groups with enough "
    )


def test_defaults_widen_only_if_no_role_has_enough_records() -> None:
    assert run("compare").stderr == ""
    result = run("compare", "deep learning engineer", "nlp engineer")
    assert result.stderr == (
        "note: fewer than 10 records of any of these roles for 2025, United States\n"
        "note: not sorted: median is unknown in all rows\n"
    )
    result = run("compare", "florist", "chief", "--data", str(TINY))
    assert result.stderr == (
        "note: fewer than 10 records of any of these roles for 2024, all countries; "
        "using 2023, all countries\n"
    )


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


def test_sorting_by_an_unknown_column_is_reported() -> None:
    result = run("compare", "ai engineer", "nlp engineer", "--sort", "openings")
    assert result.stderr == ("note: not sorted: openings is unknown in all rows\n")
    assert run("compare", "ai engineer", "mle").stderr == ""


def test_filters_are_part_of_the_answer() -> None:
    line = ["compare", "--experience", "senior", "--work-mode", "remote"]
    known = [row for row in rows(*line) if row["median"] is not None]
    assert len(known) > 3
    assert {(row["experience"], row["work_mode"]) for row in known} == {
        ("senior", "remote")
    }
    for style in ("table", "markdown"):
        text = prose(*line, "-f", style)
        assert (
            "United States, senior, remote: highest median for Machine Learning "
            "Engineer, $205,000 a year, of 5 roles Median of 171 distinct postings, "
        ) in text


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


@pytest.mark.parametrize(
    ("options", "title", "basis"),
    [
        (
            "--sort openings",
            "United States: most openings for Software Engineer, 212,310, of 6 roles",
            "Source: job-site career page, 10 August 2022.",
        ),
        # The first row is not the answer.
        (
            "--sort average --reverse",
            "United States: 7 roles",
            "Median of advertised pay, January to July 2025.",
        ),
    ],
)
def test_title_is_of_the_column_that_rows_are_sorted_by(
    options: str, title: str, basis: str
) -> None:
    page = run("compare", *options.split(), env={"COLUMNS": "100"}).stdout
    assert page.startswith(f"{title}\n{basis}\n\n")


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("--country germany --currency EUR", "Germany: no"),
        ("in germany --currency EUR --sort openings --limit 3", "Germany: no"),
        ("--country germany --currency EUR --chart", "Germany: no"),
        ("--year 2020 --country all", "2020, all countries: no"),
        ("--year 2019", "2019: no"),
    ],
)
def test_roles_without_any_figure_are_named(line: str, where: str) -> None:
    page = run("compare", "mle", "ds", "de", *line.split())
    assert page.exit_code == 0
    assert " ".join(page.stdout.split()) == (
        f"{where} median pay of Data Engineer, Data Scientist, Machine Learning "
        "Engineer"
    )


def test_roles_without_any_figure_are_as_many_as_asked_for() -> None:
    line = ("compare", "dle", "nlp engineer", "--limit", "1")
    assert run(*line).stdout == "No median pay of Deep Learning Engineer\n"
    assert run(*line, "--sort", "average").stdout.startswith("United States: highest")


def test_closest_groups_have_their_roles() -> None:
    line = ("compare", "mle", "ds", "de", "--country", "germany")
    note, few, _ = run(*line, "--currency", "EUR").stderr.splitlines()
    assert note == (
        "note: fewer than 10 records of any of these roles for 2025, Germany state "
        "EUR; closest groups with enough records: Data Engineer, 2025, all countries "
        "(2,164 records); Data Scientist, 2025, all countries (2,113 records); Data "
        "Scientist, 2025, United States (1,907 records)"
    )
    assert few == (
        "note: too few records state EUR: Data Engineer, 2025, Germany (8 of 14); to "
        "use all, ask in USD: --currency USD"
    )
    # In dollars, all postings count.
    assert run(*line, "--currency", "USD").stdout.startswith(
        "Germany: median for Data "
    )


def test_figures_of_2022_are_shown_only_if_asked_for() -> None:
    wide = run("compare", env={"COLUMNS": "120"}).stdout
    assert "2022" not in wide
    assert "Hidden columns" not in wide
    fields = run("compare", "--fields", "title,average_salary").stdout
    assert fields.startswith("Role  ")
    assert "  Average 2022\n" in fields


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


def test_unknown_differences_are_not_shown() -> None:
    text = run("compare", "dle", "mle").stdout
    assert "Difference" not in text
    assert "Difference" in run("compare", "analytics engineer", "mle").stdout


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
    assert "Rank" not in run("compare").stdout
    apart = run("compare", "mle", "da", "--details").stdout
    assert "Rank: " in apart
    assert "overlap" not in apart
    senior = run("compare", "--details", "--experience", "senior").stdout
    assert "Senior:" not in senior
    assert "Rank" not in run("compare", "--details", "--chart").stdout
    assert "Rank" not in run("compare", "--details", "--year", "2020").stdout


def test_roles_without_intervals_have_no_ranks(tiny: Any, saved: Any) -> None:
    for groups in tiny["pay"]["groups"].values():
        for group in groups:
            group[-2:] = [None, None]
    answer = rows("compare", "--data", saved(tiny))
    assert {row["rank_low"] for row in answer} == {None}


def test_medians_without_intervals_have_no_ranks() -> None:
    line = ["compare", "--details", "--data", str(TINY)]
    assert "Rank" not in run(*line).stdout
    assert "ranks by median" not in run(*line).stdout


def test_chosen_fields_state_the_period_and_the_country() -> None:
    text = run("compare", "--fields", "title,median").stdout
    assert "advertised pay, January to July 2025, United States" in text


@pytest.mark.parametrize(
    ("by", "text"),
    [
        ("year", "NLP Engineer for any year, United States"),
        ("country", "NLP Engineer for 2025, any country"),
        ("experience", "NLP Engineer at any experience level for 2025"),
        ("work-mode", "NLP Engineer in any work mode for 2025"),
    ],
)
def test_notes_say_which_groups_are_too_small(by: str, text: str) -> None:
    assert text in run("salary", "nlp engineer", "--by", by).stderr
