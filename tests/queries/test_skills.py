from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.conftest import rows, run

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset

SCIENTISTS = "Data Scientists (15-2051.00)"


def test_every_row_of_the_table_is_an_answer(bundled: Dataset) -> None:
    table = bundled.table("skills")
    expected = {
        (f"{each['title']} ({each['code']})", *row)
        for each in table["tables"]
        for row in each["rows"]
    }
    categories: dict[tuple[str, str], set[str]] = {}
    for occupation, technology, category, _ in expected:
        categories.setdefault((occupation, technology), set()).add(category)
    hot = {technology for _, technology, _, is_hot in expected if is_hot}
    answered = set()
    for role in bundled.roles:
        answer = rows("skills", role["id"])
        assert len({row["technology"] for row in answer}) == len(answer)
        for row in answer:
            assert row["hot"] == (row["technology"] in hot)
            # One technology has the categories of all its occupations.
            keys = [(each, row["technology"]) for each in row["occupations"]]
            assert set(row["category"].split("; ")) == {
                category for key in keys for category in categories[key]
            }
            answered |= set(keys)
    assert answered == categories.keys()
    assert Counter(occupation for occupation, *_ in expected) == {
        "Software Developers (15-1252.00)": 426,
        "Database Architects (15-1243.00)": 322,
        "Computer Systems Engineers/Architects (15-1299.08)": 264,
        "Business Intelligence Analysts (15-2051.01)": 200,
        "Computer and Information Research Scientists (15-1221.00)": 150,
        "Operations Research Analysts (15-2031.00)": 114,
        SCIENTISTS: 86,
        "Statisticians (15-2041.00)": 69,
    }


def test_technologies_in_demand_come_first_then_hot_ones() -> None:
    order = [
        (not row["in_demand"], not row["hot"], row["technology"].casefold())
        for row in rows("skills")
    ]
    assert order == sorted(order)
    first = [row["technology"] for row in rows("skills", "ds", "--limit", "23")]
    assert first[20:] == ["NumPy", "pandas", "Scikit-learn"]


def test_demand_is_known_where_an_occupation_has_it() -> None:
    assert {row["in_demand"] for row in rows("skills", "swe")} == {None}
    for row in rows("skills"):
        assert (row["in_demand"] is None) == (SCIENTISTS not in row["occupations"])
    ours = {row["technology"] for row in rows("skills") if row["in_demand"]}
    assert ours == {r["technology"] for r in rows("skills", "ds") if r["in_demand"]}


def test_rows_have_the_occupations_that_list_them() -> None:
    (row,) = rows("skills", "--match", "python")
    assert row["occupations"] == [
        SCIENTISTS,
        "Computer and Information Research Scientists (15-1221.00)",
        "Computer Systems Engineers/Architects (15-1299.08)",
    ]


def test_columns_inform() -> None:
    def headings(*line: str) -> list[str]:
        text = run("skills", *line, env={"COLUMNS": "200"}).stdout
        heading = next(e for e in text.splitlines() if e.startswith("Technology"))
        return re.split(r"  +", heading)

    assert headings("ds", "-n", "5") == ["Technology"]
    assert headings("ds", "-n", "30") == ["Technology", "In demand", "Hot"]
    every = ["Technology", "In demand", "Hot", "Category"]
    assert headings("ds", "-n", "5", "--details") == every
    assert headings("-n", "5", "--details") == [*every, "Listed by"]


def test_match_finds_categories() -> None:
    answer = rows("skills", "ds", "--match", "spreadsheet")
    assert [row["technology"] for row in answer] == ["Microsoft Excel"]


def test_data_set_without_skills(complete: Any, saved: Any) -> None:
    for missing in ("skills", "occupations"):
        data = {key: part for key, part in complete.items() if key != missing}
        assert rows("skills", "--data", saved(data)) == []


def test_skills_of_a_data_set_are_its_own(complete: Any, saved: Any) -> None:
    answer = rows("skills", "--data", saved(complete))
    assert [(row["technology"], row["in_demand"], row["hot"]) for row in answer] == [
        ("Spade", True, False), ("Rake", False, True),
    ]  # fmt: skip
