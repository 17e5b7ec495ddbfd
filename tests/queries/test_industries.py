from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mlroles.dataset.dimensions import INDUSTRY_COLUMNS, INDUSTRY_DETAILS
from mlroles.queries.market import occupation_codes
from tests.conftest import rows, run

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset

SCIENTISTS = "Data Scientists (15-2051)"
RESEARCHERS = "Computer and Information Research Scientists (15-1221)"
# The preferred occupation of each role that has one with figures.
OCCUPATIONS = {
    "machine-learning-engineer": SCIENTISTS,
    "data-scientist": SCIENTISTS,
    "data-engineer": "Database Architects (15-1243)",
    "software-engineer": "Software Developers (15-1252)",
    "data-analyst": SCIENTISTS,
    "ai-engineer": RESEARCHERS,
    "applied-scientist": SCIENTISTS,
    "research-scientist": RESEARCHERS,
    "research-engineer": RESEARCHERS,
    "machine-learning-scientist": SCIENTISTS,
    "nlp-engineer": RESEARCHERS,
    "data-architect": "Database Architects (15-1243)",
    "business-intelligence-analyst": SCIENTISTS,
}


def test_every_row_of_the_table_is_an_answer(bundled: Dataset) -> None:
    tables = bundled.table("industries")["tables"]
    counts = {}
    for table in tables:
        role = next(
            role["id"]
            for role in bundled.roles
            if table["code"] in occupation_codes(bundled, role)
        )
        answer = [
            row
            for detail in INDUSTRY_DETAILS
            for row in rows(
                *["industries", role, "--detail", detail],
                *["--occupation", table["code"], "--sort", "industry"],
            )
        ]
        counts[table["code"]] = len(answer)
        assert sorted([row[key] for key in INDUSTRY_COLUMNS] for row in answer) == (
            sorted(table["rows"])
        )
        private = table["private"]["median"]
        assert all(r["difference"] == r["median"] - private for r in answer)
    assert counts == {
        "15-1221": 57, "15-1243": 171, "15-1252": 350, "15-2051": 309,
    }  # fmt: skip


@pytest.mark.parametrize("detail", INDUSTRY_DETAILS)
def test_no_ranking_contains_an_industry_and_its_part(
    detail: str, bundled: Dataset
) -> None:
    for table in bundled.table("industries")["tables"]:
        found = [row[0] for row in table["rows"] if row[2] == detail]
        assert found
        for code in found:
            # A subsector such as 622000 ends with zeros, and so does no part of it.
            parts = [each for each in found if each.startswith(code.rstrip("0"))]
            assert parts == [code]
    # Groups are not divided by ownership as well, which would count people twice.
    groups = rows("industries", "ds", "--detail", "group", "--match", "owned")
    assert groups == []


def test_employment_of_the_groups_is_at_most_that_of_their_subsector() -> None:
    answer = rows("industries", "ds", "--detail", "group", "--match", "622")
    employed = sum(row["employment"] for row in answer)
    (hospitals,) = rows("industries", "ds", "--detail", "subsector", "--match", "622")
    # Rounded to tens.
    assert 0 <= hospitals["employment"] - employed <= 10


def test_role_has_the_occupation_that_lists_it(bundled: Dataset) -> None:
    for role in bundled.roles:
        found = {row["occupation"] for row in rows("industries", role["id"])}
        assert found == {OCCUPATIONS.get(role["id"])} - {None}


@pytest.mark.parametrize(
    "occupation",
    ["15-1221", "computer and information research scientists", "Research", "15_1221"],
)
def test_occupation_is_chosen_by_code_title_or_part(occupation: str) -> None:
    answer = rows("industries", "--occupation", occupation)
    assert {row["occupation"] for row in answer} == {RESEARCHERS}


def test_match_finds_names_and_codes() -> None:
    (row,) = rows("industries", "ds", "--match", "FINANCE")
    assert row["naics"] == "52"
    (row,) = rows("industries", "ds", "--match", "31-33")
    assert row["industry"] == "Manufacturing"


def test_pay_per_hour_and_order() -> None:
    hour = rows("industries", "ds", "--per", "hour", "--sort", "employment", "-n", "1")
    (row,) = hour
    assert row["naics"] == "54"
    assert (row["median"], row["mean"]) == (60.93, 62.93)
    assert row["difference"] == round(60.93 - 58.93, 2)
    assert (row["private_median"], row["national_median"]) == (58.93, 57.80)
    assert (row["period"], row["employment"]) == ("hour", 69730)


def test_differences_are_relative_to_the_private_sector_and_both_are_shown() -> None:
    (row,) = rows("industries", "--occupation", "15-1221", "--match", "51")
    keys = (
        "private_median", "private_employment", "national_median",
        "national_employment",
    )  # fmt: skip
    assert [row[key] for key in keys] == [164500, 23860, 140300, 37200]
    # Of these, 13,340 are in the public sector.
    assert row["national_employment"] - row["private_employment"] == 13340
    assert row["difference"] == row["median"] - 164500


def test_private_sector_of_a_data_set(complete: Any, saved: Any) -> None:
    (table,) = complete["industries"]["tables"]
    relative = "Difference: from the {} median, "

    def text(**values: Any) -> str:
        table.update(values)
        page = run("industries", "--data", saved(complete)).stdout
        return " ".join(page.split())

    private = {"employment": None, "median": 39_000}
    found = text(private=private)
    private_sector = relative.format("private-sector")
    assert f"{private_sector}€39,000 (public sector included: €40,000). " in found
    assert "public sector" not in text(median=None)
    assert f"{relative.format('national')}€40,000. Source" in text(
        private=None, median=40_000, employment=70
    )


def test_industries_of_a_data_set_are_its_own(complete: Any, saved: Any) -> None:
    complete["industries"]["tables"][0]["median"] = None
    path = saved(complete)
    (row,) = rows("industries", "--data", path)
    assert (row["industry"], row["occupation"]) == (
        "Parks",
        "Grounds Keepers (37-3011)",
    )
    assert (row["median"], row["difference"], row["p10"]) == (40_000, None, None)
    text = run("industries", "--data", path).stdout
    assert "€40,000" in text
    assert "Difference" not in text
