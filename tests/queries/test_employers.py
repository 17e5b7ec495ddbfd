from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from mlroles.dataset.dimensions import EMPLOYER_COLUMNS
from mlroles.queries.market import occupation_codes
from tests.conftest import TINY, rows, run

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset

ALL = ("--min-records", "10")
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
        assert arrays(answer) == sorted(expected, key=str)
        assert {(row["counted"], row["occupation"]) for row in answer} == {
            ("title", None)
        }


def test_employers_with_the_most_filings() -> None:
    answer = rows("employers", "ds", "--sort", "filings", "--limit", "5")
    assert [(row["employer"], row["records"], row["median"]) for row in answer] == [
        ("Amazon", 2232, 139178),
        ("Microsoft", 983, 172000),
        ("Walmart", 885, 171787),
        ("Meta", 635, 191735),
        ("Google", 585, 174000),
    ]
    assert rows("employers", "ds", "--sort", "records", "-n", "5") == answer
    assert answer[0]["occupation"] == "Data Scientists (15-2051)"
    assert (answer[0]["source"], answer[0]["updated"]) == (
        "lca-employers-fy2025", "2025-09-30",
    )  # fmt: skip


def test_employers_with_few_filings_are_shown_on_request() -> None:
    few, many = rows("employers", "ds", *ALL), rows("employers", "ds")
    assert (len(few), len(many)) == (237, 96)
    assert min(row["records"] for row in few) == 10
    assert min(row["records"] for row in many) == 30
    assert many == [row for row in few if row["records"] >= 30]
    text = " ".join(run("employers", "ds", *ALL, "--limit", "5").stdout.split())
    assert " (thin) " in text
    assert "Employers with fewer than 10 filings are omitted. Thin: " in text
    assert "(thin)" not in run("employers", "ds").stdout


def test_employers_that_state_one_wage_are_omitted(bundled: Dataset) -> None:
    for each in bundled.table("employers")["tables"]:
        for employer, metro, records, p25, _, p75 in each["rows"]:
            assert records >= 10
            assert (p25 is None) == (p75 is None) == (metro is not None)
            assert p25 is None or p25 < p75, employer
    for location in ([], ["--location", "san jose"], ["--location", "31080"]):
        result = run("employers", "swe", "--match", "netflix", *location, *ALL)
        assert result.stdout == "No employers.\n"
    # Netflix states one wage as well under another occupation.
    line = ["employers", "ai engineer", "--match", "netflix", *ALL]
    assert rows(*line) == []


@pytest.mark.parametrize(
    "location",
    ["san francisco", "41860", SAN_FRANCISCO, "San-Francisco-Oakland-Fremont"],
)
def test_location_is_found_by_name_city_or_code(location: str) -> None:
    answer = rows("employers", "ds", "--location", location, "--match", "meta")
    assert [(row["employer"], row["records"], row["median"]) for row in answer] == [
        ("Meta", 354, 193000),
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
    result = run(*line[:2], "--match", "gogle", "--match", "amazn")
    assert result.stderr == (
        "note: none of the 480 employers matches 'gogle' or 'amazn'. Did you mean "
        "'Google'?\n"
    )


def test_location_without_enough_filings_is_reported() -> None:
    result = run("employers", "ds", "--location", "Rochester, MN", "--json")
    assert (result.exit_code, result.stdout) == (0, "[]\n")
    assert result.stderr == "note: no employers in Rochester, MN have 10 filings\n"


@pytest.mark.parametrize(
    ("line", "note"),
    [
        (
            "--match amazn",
            "none of the 237 employers matches 'amazn'. Did you mean 'Amazon'?",
        ),
        (
            "--match airbnb --min-records 1000",
            "no employers matching 'airbnb' have 1,000 filings; --min-records 10 shows "
            "more",
        ),
        (
            "--location 41860 --match amazn",
            "none of the 26 employers in San Francisco, CA matches 'amazn'. Did you "
            "mean 'Amazon'?",
        ),
    ],
)
def test_employers_without_result_are_reported(line: str, note: str) -> None:
    result = run("employers", "ds", *line.split(), "--json")
    assert (result.exit_code, result.stdout) == (0, "[]\n")
    assert result.stderr == f"note: {note}\n"


def test_filings_by_title() -> None:
    answer = rows("employers", "--by", "title", "--sort", "filings")
    assert [(row["employer"], row["records"]) for row in answer] == [
        ("Adobe Inc.", 145), ("Pinterest, Inc.", 121), ("TikTok Inc.", 112),
        ("Apple Inc.", 107), ("ByteDance Inc.", 94),
    ]  # fmt: skip
    text = run("employers", "analytics engineer", "--by", "title").stdout
    text = " ".join(text.split())
    assert text.startswith("Analytics Engineer: highest median at Netflix, Inc., ")
    assert " Filings whose job title contains the role's name. " in text
    assert "Netflix, Inc. (thin)" in text
    assert "Thin: fewer than 30 H-1B filings." in text
    assert len(rows("employers", "analytics engineer", "--by", "title", *ALL)) == 1


def test_roles_without_filings_by_title_are_reported() -> None:
    result = run("employers", "ds", "--by", "title", "--json")
    assert (result.exit_code, result.stdout) == (0, "[]\n")
    assert result.stderr == (
        "note: no source counts filings by title for Data Scientist, but for Machine "
        "Learning Engineer, Data Engineer, Data Analyst, Analytics Engineer\n"
    )
    assert run("employers", "--by", "title", "--data", str(TINY)).stderr == (
        "note: no source counts filings by title for Gardener\n"
    )


def test_roles_without_an_occupation_are_reported() -> None:
    listed = "lists {} under no official occupation with figures"
    note = run("employers", "mlops engineer", "--json").stderr
    assert note == f"note: O*NET 30.0 {listed.format('MLOps Engineer')}\n"
    note = run("employers", "analytics engineer", "--json").stderr
    assert note == (
        f"note: O*NET 30.0 {listed.format('Analytics Engineer')}; use --by title\n"
    )


def test_pay_per_month_and_order() -> None:
    (row,) = rows("employers", "ds", "--match", "meta", "--per", "month", "-n", "1")
    assert (row["median"], row["p25"], row["period"]) == (15977.92, 14916.67, "month")
    names = [row["employer"].casefold() for row in rows("employers", "--sort", "p25")]
    assert len(names) == 96
    names = [row["employer"] for row in rows("employers", "--sort", "employer")]
    assert names == sorted(names, key=str.casefold)


def test_local_rows_cannot_be_sorted_by_quartiles() -> None:
    result = run("employers", "ds", "--location", "41860", "--sort", "p75", "--json")
    assert result.stderr == "note: not sorted: p75 is unknown in all rows\n"


def test_employers_of_a_data_set_are_its_own(complete: Any, saved: Any) -> None:
    path = saved(complete)
    (row,) = rows("employers", "--data", path)
    assert (row["employer"], row["median"]) == ("Royal Parks", 40_000)
    (row,) = rows("employers", "--data", path, "--location", "kew")
    assert (row["location"], row["records"]) == ("Kew-Richmond, XX", 30)
    few = run("employers", "--data", path, "--by", "title", *ALL, "--json")
    assert few.stderr == "note: no employers have 10 filings\n"


@pytest.mark.parametrize("by", ["occupation", "title"])
def test_python_api_matches_the_command(by: str, bundled: Dataset) -> None:
    line = ["employers", "data engineer", "--by", by, "--sort", "filings", "-n", "3"]
    answer = mlroles.employers(bundled, "data engineer", by=by, sort="filings", limit=3)
    assert answer == rows(*line)
    assert len(answer) == 3
