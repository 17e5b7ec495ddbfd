from __future__ import annotations

from typing import Any

import pytest

from mlroles.dataset.validate import validation_errors
from tests.conftest import changed


@pytest.mark.parametrize(
    ("start", "values", "message"),
    [
        (19, [50_000, 40_000],
         "range_low and range_high must be the ends of a range, or both null"),
        (21, [39_001, 50_000],
         "median_ci_low and median_ci_high must be the ends of an interval that "
         "contains p50, or both null"),
        (21, [30_000, 38_999],
         "median_ci_low and median_ci_high must be the ends of an interval that "
         "contains p50, or both null"),
    ],
)  # fmt: skip
def test_ends_are_in_ascending_order(
    start: int, values: list[int], message: str, tiny: Any
) -> None:
    tiny["pay"]["groups"]["gardener"][0][start : start + 2] = values
    assert validation_errors(tiny) == [f"pay.groups.gardener[0]: {message}"]


def test_duplicate_source_leaves_others_unknown(tiny: Any) -> None:
    assert validation_errors(changed(tiny, "sources", 1, "id", value="guild")) == [
        "sources[1].id: duplicate name 'guild', also at sources[0].id",
        "pay.source: unknown source 'almanac'",
    ]


def test_bundled_tables_need_their_sources(tiny: Any) -> None:
    tiny["tables"] = ["prices", "places"]
    assert validation_errors(tiny) == [
        "tables[0]: unknown source 'bls-cpi-u'",
        "tables[1]: unknown source 'lca-fy2025'",
        "tables[1]: unknown source 'lca-records-fy2025'",
        "tables[1]: unknown source 'oews-may-2025'",
    ]


def test_duplicate_role_id_is_reported(tiny: Any) -> None:
    errors = validation_errors(changed(tiny, "roles", 1, "id", value="head-gardener"))
    assert "roles[2].id: duplicate name 'head-gardener', also at roles[1].id" in errors


def test_pay_of_an_unknown_role_is_reported(tiny: Any) -> None:
    tiny["pay"]["groups"]["cook"] = tiny["pay"]["groups"].pop("florist")
    assert validation_errors(tiny) == ["pay.groups.cook: unknown role 'cook'"]


def test_duplicate_place_table_is_reported(tiny: Any) -> None:
    tiny["places"]["tables"] *= 2
    assert validation_errors(tiny) == [
        "places.tables[1]: same role, level and source as places.tables[0]"
    ]
    # Of several sources, the first one leads.
    first, second = tiny["places"]["tables"]
    tiny["places"]["tables"] = [first, {**second, "source": "almanac"}]
    assert validation_errors(tiny) == []


@pytest.mark.parametrize("name", ["industries", "skills", "employers"])
def test_duplicate_table_of_an_occupation_is_reported(name: str, complete: Any) -> None:
    tables = complete[name]["tables"]
    tables.append({**tables[0], "rows": []})
    assert validation_errors(complete) == [
        f"{name}.tables[1]: same code as {name}.tables[0]"
    ]


def test_title_may_equal_the_id_of_its_role(tiny: Any) -> None:
    assert validation_errors(changed(tiny, "roles", 0, "title", value="GARDENER")) == []
