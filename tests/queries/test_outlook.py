from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from mlroles.dataset.dimensions import PROJECTION_COLUMNS
from mlroles.queries.market import occupation_codes
from tests.conftest import TINY, rows, run

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset

KEYS = [*PROJECTION_COLUMNS, "base_year", "target_year", "source"]


def test_every_row_of_the_table_is_an_answer(bundled: Dataset) -> None:
    table = bundled.table("outlook")
    answers = [rows("outlook", role["id"]) for role in bundled.roles]
    projected = {row["soc"]: row for each in answers for row in each["occupations"]}
    related = {
        code for role in bundled.roles for code in occupation_codes(bundled, role)
    }
    expected = {
        row[0]: row
        for projections in table["occupations"]
        for row in projections["rows"]
        if related.intersection(row[0].split("; "))
    }
    assert set(expected) == {
        "15-1221", "15-1242; 15-1243", "15-1243", "15-1252", "15-1252; 15-1253",
        "15-2021", "15-2031", "15-2041", "15-2051",
    }  # fmt: skip
    assert {
        code: [row[key] for key in PROJECTION_COLUMNS]
        for code, row in projected.items()
    } == expected
    for answer in answers:
        assert {row["date"]: row["index"] for row in answer["postings"]} == (
            table["postings"]["points"]
        )
        shares: dict[str, dict[str, float]] = {}
        for row in answer["ai_share"]:
            shares.setdefault(row["country"], {})[row["date"]] = row["share"]
        assert shares == table["ai_share"]["shares"]
    assert len(answers[0]["postings"]) == 81
    assert len(answers[0]["ai_share"]) == 9 * 90 - 2 * 9


def test_outlook_of_data_scientists() -> None:
    answer = rows("outlook", "ds")
    assert list(answer) == ["role", "title", "occupations", "postings", "ai_share"]
    assert answer["occupations"] == [
        {
            "soc": "15-2051",
            "occupation": "Data scientists",
            "employment": 275600,
            "projected": 371000,
            "change": 95400,
            "change_percent": 35,
            "openings_per_year": 24800,
            "openings_cover": "Data scientists",
            "education": "Bachelor's degree",
            "base_year": 2025,
            "target_year": 2035,
            "source": "bls-projections-2025-35",
        }
    ]
    postings = answer["postings"]
    assert postings[-1] == {
        "date": "2026-09-25",
        "index": 78.09,
        "region": "US",
        "sector": "software development",
        "source": "indeed-postings-software",
    }
    assert {row["date"]: row["index"] for row in postings}["2022-08-01"] == 194.29
    dates = [row["date"] for row in postings]
    assert dates == sorted(dates)


def test_openings_of_a_page_with_several_occupations_are_said_to_be_so() -> None:
    row = rows("outlook", "research scientist")["occupations"][-1]
    cover = "Mathematicians and statisticians"
    assert (row["openings_per_year"], row["openings_cover"]) == (2200, cover)
    text = " ".join(run("outlook", "research scientist").stdout.split())
    assert f"are those of several occupations together: {cover}. " in text
    assert "several occupations" not in run("outlook", "ds").stdout


def test_newer_projections_of_several_occupations_come_first() -> None:
    answer = rows("outlook", "swe")["occupations"]
    keys = ("soc", "employment", "change", "change_percent", "openings_per_year")
    assert [tuple(row[key] for key in keys) for row in answer] == [
        ("15-1252; 15-1253", 1905400, 185400, 10, 106100),
        ("15-1252", None, None, 10, None),
    ]
    assert {row["openings_cover"] for row in answer} == {answer[0]["occupation"]}
    assert {row["target_year"] for row in answer} == {2035}


def test_each_projection_has_its_own_years() -> None:
    answer = rows("outlook", "de")["occupations"]
    assert [(row["soc"], row["base_year"], row["source"][-7:]) for row in answer] == [
        ("15-1242; 15-1243", 2025, "2025-35"),
        ("15-1243", 2024, "2024-34"),
        ("15-2051", 2025, "2025-35"),
        ("15-2041", 2024, "2024-34"),
    ]
    text = " ".join(run("outlook", "de").stdout.split())
    assert "Employed: people, 2025, and projected for 2035." in text
    assert "Database architects, Statisticians: 2024 and 2034." in text
    assert (
        "Source: Employment Projections 2025 to 2035, 27 August 2026; Employment "
        "Projections 2024 to 2034, 28 August 2025."
    ) in text


def test_source_says_which_projections_were_read_twice() -> None:
    sources = {source["id"]: source for source in rows("sources")}
    caveat = sources["bls-projections-2025-35"]["caveats"][0]
    assert (
        "Read twice, in independent notes: Data scientists (employment, change in per "
        "cent, openings); Computer and information research scientists (change in per "
        "cent); "
    ) in caveat
    assert caveat.endswith("All others were read once.")


def test_unexplained_shares_are_omitted() -> None:
    latest = {row["country"]: row["date"] for row in rows("outlook")["ai_share"]}
    assert latest.pop("CA") == latest.pop("IE") == "2025-09"
    assert set(latest.values()) == {"2026-06"}
    assert "Ireland          9.5%  September 2025\n" in run("outlook").stdout


def test_page_shows_four_points_of_the_index() -> None:
    lines = run("outlook", "ds").stdout.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("Date "))
    assert [line.split("  ")[0] for line in lines[start + 2 : start + 7]] == [
        "25 September 2026", "1 September 2025", "1 August 2022", "1 March 2022", "",
    ]  # fmt: skip
    assert [line.split()[3] for line in lines[start + 2 : start + 6]] == [
        "78.09", "65.04", "194.29", "233.62",
    ]  # fmt: skip


def test_role_without_an_occupation_has_the_postings_of_the_sector() -> None:
    result = run("outlook", "mlops engineer")
    assert result.stderr == (
        "note: O*NET 30.0 lists MLOps Engineer under no official occupation with "
        "figures\n"
    )
    assert result.stdout.startswith(
        "MLOps Engineer: outlook\n\nJob postings in software development, "
    )
    assert "The index covers the whole sector, not the role." in result.stdout
    answer = rows("outlook", "mlops engineer")
    assert answer["occupations"] == []
    assert answer["postings"]


@pytest.mark.parametrize("style", ["csv", "tsv"])
def test_flat_formats_have_the_occupations(style: str) -> None:
    text = run("outlook", "research scientist", "--format", style).stdout
    separator = "," if style == "csv" else "\t"
    found = list(csv.DictReader(io.StringIO(text), delimiter=separator))
    assert list(found[0]) == KEYS
    assert [row["soc"] for row in found] == [
        "15-1221", "15-2051", "15-2021", "15-2031", "15-2041",
    ]  # fmt: skip
    empty = run("outlook", "mlops engineer", "--format", style).stdout
    assert empty == separator.join(KEYS) + "\n"


def test_data_set_without_an_outlook() -> None:
    result = run("outlook", "--data", str(TINY))
    assert (result.exit_code, result.stdout) == (
        0, "Gardener: outlook\n\nNo outlook.\n",
    )  # fmt: skip
    assert run("outlook", "--data", str(TINY), "--chart").stdout == result.stdout


def test_outlook_of_a_data_set_is_its_own(complete: Any, saved: Any) -> None:
    path = saved(complete)
    text = " ".join(run("outlook", "--data", path).stdout.split())
    assert "Tree doctors (37-1012)" in text
    assert "0%" in text
    assert "31 March 2024 98.50 latest" in text
    assert "a year before" not in text
    assert "Japan 12.0% February 2024" in text
    for role in complete["roles"]:
        role["openings"] = None
    assert "counted" not in run("outlook", "--data", saved(complete)).stdout


def test_python_api_matches_the_command(bundled: Dataset) -> None:
    assert mlroles.outlook(bundled, "mle") == rows("outlook")
