from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

from mlroles.dataset.dimensions import PROJECTION_COLUMNS
from mlroles.queries.market import occupation_codes
from tests.conftest import prose, rows, run

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


def test_every_month_of_the_table_is_a_row(bundled: Dataset) -> None:
    table = bundled.table("outlook")
    answer = rows("outlook", "mlops", "--by", "month")
    assert [row["month"] for row in answer] == sorted({row["month"] for row in answer})
    points = table["postings"]["points"]
    # Of two dates in one month, the last one.
    expected = {date[:7]: (date, points[date]) for date in sorted(points)}
    assert len(expected) == len(points) - 1 == 80
    assert {
        row["month"]: (row["postings_date"], row["postings_index"])
        for row in answer
        if row["postings_index"] is not None
    } == expected
    shares: dict[str, dict[str, float]] = {}
    for row in answer:
        for each in row["ai_share_by_country"]:
            assert each["date"] == row["month"]
            shares.setdefault(each["country"], {})[each["date"]] = each["share"]
    assert shares == table["ai_share"]["shares"]
    assert sum(map(len, shares.values())) == 9 * 90 - 2 * 9
    assert {
        row["month"]: row["ai_share"] for row in answer if row["ai_share"] is not None
    } == shares["US"]
    assert len(answer) == 93
    keys = "role postings_region postings_sector ai_share_region ai_share_source"
    assert {tuple(row[key] for key in keys.split()) for row in answer} == {
        ("mlops-engineer", "US", "software development", "US", "indeed-ai-share")
    }


def test_latest_values_are_those_of_the_series() -> None:
    answer = rows("outlook")
    months = [row for row in rows("outlook", "--by", "month") if row["postings_index"]]
    latest = months[-1]
    assert answer["postings_index"] == latest["postings_index"] == 78.09
    assert answer["postings_date"] == latest["postings_date"] == "2026-09-25"
    assert answer["postings_change"] == -21.91
    peak = max(months, key=lambda row: row["postings_index"])
    assert (answer["postings_peak"], answer["postings_peak_date"]) == (
        peak["postings_index"], peak["postings_date"],
    )  # fmt: skip
    assert (answer["postings_year_ago"], answer["postings_year_ago_date"]) == (
        65.04, "2025-09-01",
    )  # fmt: skip
    shares = [row for row in months if row["ai_share"] is not None]
    assert (answer["ai_share"], answer["ai_share_month"]) == (5.781, "2026-06")
    assert shares[-1]["ai_share"] == 5.781


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
    # The source of 2025 to 2035 does not give all openings.
    assert answer[0]["openings_per_year"] is None


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
    shares = rows("outlook")["ai_share_by_country"]
    latest = {row["country"]: row["date"] for row in shares}
    assert latest.pop("CA") == latest.pop("IE") == "2025-09"
    assert set(latest.values()) == {"2026-06"}


def test_role_without_an_occupation_has_the_postings_of_the_sector() -> None:
    answer = rows("outlook", "mlops engineer")
    assert answer["occupations"] == []
    assert answer["postings_index"] == 78.09


@pytest.mark.parametrize("style", ["csv", "tsv"])
def test_flat_formats_have_the_occupations(style: str) -> None:
    text = run("outlook", "research scientist", "--format", style).stdout
    separator = "," if style == "csv" else "\t"
    found = list(csv.DictReader(io.StringIO(text), delimiter=separator))
    assert list(found[0])[:2] == ["role", "title"]
    assert list(found[0])[2 : 2 + len(KEYS)] == KEYS
    assert [row["soc"] for row in found] == [
        "15-1221", "15-2051", "15-2021", "15-2031", "15-2041",
    ]  # fmt: skip
    assert {row["postings_index"] for row in found} == {"78.09"}
    # The latest values are there without any occupation.
    text = run("outlook", "mlops engineer", "--format", style).stdout
    (row,) = csv.DictReader(io.StringIO(text), delimiter=separator)
    assert (row["soc"], row["postings_index"]) == ("", "78.09")


def test_outlook_of_a_data_set_is_its_own(complete: Any, saved: Any) -> None:
    path = saved(complete)
    text = prose("outlook", "--data", path)
    assert text.startswith(
        "Tree doctors (37-1012), an official occupation that lists Gardener: no growth "
        "is projected from 2024 to 2034. From 70 to 70 people employed"
    )
    assert ": 98.5 on 31 March 2024, 2% below the base (2020 = 100)." in text
    # The peak is another date, and a year before there is none.
    assert (
        "The whole sector, not the role. 101.5 on 29 February 2024, the peak." in text
    )
    assert "AI-related terms are in 12.0% of all job postings, Japan, February" in text
    months = rows("outlook", "--by", "month", "--data", path)
    assert [(row["month"], row["ai_share_region"]) for row in months] == [
        ("2024-01", "JP"), ("2024-02", "JP"), ("2024-03", "JP"),
    ]  # fmt: skip


PROJECTED: dict[str, tuple[list[Any], str]] = {
    "decline": (
        [90, 81, -9, -10, 5, "Trees", None],
        "projected to shrink by 10% from 2024 to 2034; 5 openings a year. From 90 to "
        "81 people employed",
    ),
    "nothing": (
        [None, None, None, None, None, None, None],
        "no projected change is given from 2024 to 2034. Job",
    ),
}


@pytest.mark.parametrize("name", PROJECTED)
def test_projections_are_said_in_words(name: str, complete: Any, saved: Any) -> None:
    figures, text = PROJECTED[name]
    projections = {**complete["outlook"]["occupations"][0]}
    projections["rows"] = [["37-1012", "Tree doctors", *figures]]
    complete["outlook"]["occupations"] = [projections]
    page = prose("outlook", "--data", saved(complete))
    lead = "Tree doctors (37-1012), the official occupation that lists Gardener: "
    assert page.startswith(f"{lead}{text}")


@pytest.mark.parametrize(
    ("points", "text"),
    [
        ({"2024-01-31": 140.6}, "140.6 on 31 January 2024, 41% above the base"),
        ({"2024-01-31": 100.4}, "100.4 on 31 January 2024, equal to the base"),
    ],
)
def test_index_at_its_peak(
    points: dict[str, float], text: str, complete: Any, saved: Any
) -> None:
    complete["outlook"]["postings"]["points"] = points
    page = prose("outlook", "--data", saved(complete))
    assert f"{text} (2020 = 100). The whole sector, not the role. AI" in page


@pytest.mark.parametrize("part", ["occupations", "postings", "ai_share"])
def test_each_part_of_an_outlook_can_be_missing(
    part: str, complete: Any, saved: Any
) -> None:
    del complete["outlook"][part]
    path = saved(complete)
    text = prose("outlook", "--details", "--data", path)
    assert ("Tree doctors" in text) == (part != "occupations")
    assert ("Gardener: no official projection" in text) == (part == "occupations")
    assert ("the peak" in text) == (part != "postings")
    assert ("AI-related" in text) == (part != "ai_share")
    months = run("outlook", "--by", "month", "--data", path).stdout
    assert ("Index:" in months) == (part != "postings")
    assert months.startswith("Gardener: outlook\n") == (part == "postings")
    assert ("AI share:" in months) == (part != "ai_share")
    drawn = run("outlook", "--by", "month", "--chart", "--data", path).stdout
    assert (drawn == months) == (part == "postings")
    answer = rows("outlook", "--data", path)
    assert (answer["postings_index"] is None) == (part == "postings")
    assert (answer["ai_share"] is None) == (part == "ai_share")


def test_outlook_of_occupations_only(complete: Any, saved: Any) -> None:
    complete["outlook"] = {"occupations": complete["outlook"]["occupations"]}
    text = run("outlook", "--data", saved(complete)).stdout
    assert "people employed" in text
    assert "Job postings" not in text
