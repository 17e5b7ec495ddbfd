from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mlroles.dataset.dimensions import EMPLOYER_COLUMNS
from mlroles.queries.market import occupation_codes
from tests.conftest import prose, rows, run

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset

ALL = ("--min-records", "10")
DS = ("employers", "ds", "--by", "occupation")
SAN_FRANCISCO = "San Francisco-Oakland-Fremont, CA"


def arrays(answer: list[dict[str, Any]]) -> list[list[Any]]:
    """Return rows as in the table, in any order."""
    found = [[row[key] for key in EMPLOYER_COLUMNS] for row in answer]
    return sorted(found, key=str)


def test_every_row_of_the_table_is_an_answer(bundled: Dataset) -> None:
    table = bundled.table("employers")
    counts = {}
    for each in table["tables"]:
        role = next(
            role["id"]
            for role in bundled.roles
            if each["code"] in occupation_codes(bundled, role)
        )
        line = ["employers", role, "--occupation", each["code"], *ALL]
        answer = rows(*line)
        counts[each["code"]] = len(answer)
        metros = {row[1] for row in each["rows"]} - {None}
        for code in metros:
            local = rows(*line, "--location", code)
            assert {row["location"] for row in local} == {table["metros"][code]}
            answer += local
        assert arrays(answer) == sorted(each["rows"], key=str)
        assert {row["counted"] for row in answer} == {"occupation"}
    assert counts == {"15-1221": 23, "15-1243": 53, "15-1252": 480, "15-2051": 237}
    for role, expected in table["titles"].items():
        answer = rows("employers", role, "--by", "title")
        assert arrays(answer) == sorted(expected["rows"], key=str)
        found = {(row["counted"], row["occupation"], row["source"]) for row in answer}
        assert found == {("title", None, expected["source"])}
        # The default, where titles are known.
        assert rows("employers", role) == answer


def test_filings_are_sorted_by_either_name_of_their_column() -> None:
    answer = rows(*DS, "--sort", "filings", "--limit", "5")
    assert rows(*DS, "--sort", "records", "-n", "5") == answer
    counts = [row["records"] for row in answer]
    assert counts == sorted(counts, reverse=True)


def test_employers_with_few_filings_are_shown_on_request() -> None:
    few, many = rows(*DS, *ALL), rows(*DS)
    assert (len(few), len(many)) == (237, 96)
    assert min(row["records"] for row in few) == 10
    assert min(row["records"] for row in many) == 30
    assert many == [row for row in few if row["records"] >= 30]
    assert len(rows("employers", "analytics engineer", "--by", "title", *ALL)) == 1


def test_employers_that_state_one_wage_are_omitted(bundled: Dataset) -> None:
    for each in bundled.table("employers")["tables"]:
        for employer, metro, records, p25, _, p75 in each["rows"]:
            assert records >= 10
            assert (p25 is None) == (p75 is None) == (metro is not None)
            assert p25 is None or p25 < p75, employer


@pytest.mark.parametrize(
    "location",
    ["san francisco", "41860", SAN_FRANCISCO, "San-Francisco-Oakland-Fremont"],
)
def test_location_is_found_by_name_city_or_code(location: str) -> None:
    answer = rows("employers", "ds", "--location", location, "--match", "meta")
    assert [(row["employer"], row["records"], row["median"]) for row in answer] == [
        ("Meta", 354, 193000)
    ]
    assert (answer[0]["location"], answer[0]["code"]) == (SAN_FRANCISCO, "41860")
    assert answer[0]["p25"] is answer[0]["p75"] is None
    assert run("employers", "ds", "--location", location).stdout.startswith(
        "Data Scientists (15-2051), San Francisco, CA: highest median at DoorDash, Inc."
    )


def test_several_employers_and_the_whole_country() -> None:
    line = ("employers", "swe", "--match", "google", "--match", "amazon")
    answer = rows(*line, "--location", "seattle")
    assert [row["employer"] for row in answer] == ["Google", "Amazon"]
    assert rows(*line, "--location", "us") == rows(*line)


def test_pay_per_month_and_order() -> None:
    (row,) = rows(*DS, "--match", "meta", "--per", "month", "-n", "1")
    assert (row["median"], row["p25"], row["period"]) == (15977.92, 14916.67, "month")
    line = ["employers", "swe", "--sort"]
    for column, key in (("employer", "employer"), ("p25", "p25"), ("median", "median")):
        for reverse in ([], ["--reverse"]):
            answer = rows(*line, column, *reverse)
            # Rows that state one wage come last, however the others are sorted.
            one_wage = [row["one_wage"] for row in answer]
            assert one_wage == sorted(one_wage)
            assert any(one_wage)
            values = [row[key] for row in answer if not row["one_wage"]]
            order = str.casefold if key == "employer" else None
            is_down = (key == "employer") == bool(reverse)
            assert values == sorted(values, key=order, reverse=is_down)


def test_employers_of_a_data_set_are_its_own(complete: Any, saved: Any) -> None:
    path = saved(complete)
    (row,) = rows("employers", "--data", path)
    assert (row["employer"], row["median"]) == ("The Queen", 45_000)
    (row,) = rows("employers", "--data", path, "--by", "occupation")
    assert (row["employer"], row["median"]) == ("Royal Parks", 40_000)
    (row,) = rows("employers", "--data", path, "--location", "kew")
    assert (row["location"], row["records"]) == ("Kew-Richmond, XX", 30)
    few = run("employers", "--data", path, "--by", "title", *ALL, "--json")
    assert few.stderr == "note: no employers have 10 filings\n"


def test_titles_are_the_default_where_they_are_known() -> None:
    first = ("employers", "ds", "--sort", "filings", "-n", "4")
    answer = rows(*first)
    assert {row["counted"] for row in answer} == {"title"}
    assert {row["source"] for row in answer} == {"lca-records-fy2025"}
    assert rows(*first, "--location", "us") == answer
    # Of metro areas and other occupations, only filings under occupations are known.
    for option in (["--location", "seattle"], ["--occupation", "15-2051"]):
        assert {row["counted"] for row in rows(*first, *option)} == {"occupation"}
    assert {row["counted"] for row in rows("employers", "swe")} == {"occupation"}
    assert min(row["records"] for row in rows("employers", "ds")) == 10
    many = rows("employers", "ds", "--min-records", "40")
    assert min(row["records"] for row in many) == 43


@pytest.mark.parametrize(
    ("line", "one_wage"),
    [
        ("employers ds", 4),
        ("employers research scientist", 2),
        ("employers swe --min-records 10", 8),
        ("employers --location seattle", None),
        ("employers data engineer", None),
    ],
)
def test_rows_that_state_one_wage_are_marked_and_last(
    line: str, one_wage: int | None
) -> None:
    answer = rows(*line.split())
    flags = [row["one_wage"] for row in answer]
    if one_wage is None:
        assert set(flags) == {None}
    else:
        assert flags == [False] * (len(flags) - one_wage) + [True] * one_wage
        for row in answer:
            equal = row["median"] in {row["p25"], row["p75"]}
            assert row["one_wage"] == equal, row
        limit = str(len(flags) - one_wage + 1)
        assert rows(*line.split(), "--limit", limit) == answer[: int(limit)]
    page = run(*line.split(), "--limit", "all", env={"COLUMNS": "200"}).stdout
    assert page.count("one wage)") == (one_wage or 0)
    page = prose(*line.split(), "--limit", "3")
    assert "one wage)" not in page
    assert "One wage: the median equals" in page or not one_wage
    if one_wage:
        # The title is about the others.
        assert f"a year, of {len(flags) - one_wage} employers Median of " in page
        assert f"; ranked last ({one_wage}). " in page
        assert f" {len(flags) - 3} more (--limit all) " in page
        # Of two, the second has a higher median, but is not ranked.
        names = ["--match", answer[0]["employer"], "--match", answer[-1]["employer"]]
        page = prose(*line.split(), *names)
        assert ": median at " in page
    assert run(*line.split(), "--limit", "0").exit_code == 2
