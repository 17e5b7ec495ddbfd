from __future__ import annotations

from typing import Any

import pytest

from mlroles.dataset.schema import validation_errors
from tests.conftest import changed

GROUP = ("survey", "cells", "gardener", 0)
PLACE = ("places", "tables", 0, "rows", 1)
# A location in the data set, an invalid value to put there, and the message.
INVALID: dict[str, tuple[tuple[Any, ...], Any, str]] = {
    "survey columns": (
        ("survey", "columns"),
        [],
        "survey.columns: must be year, country, experience, work_mode, records, mean, "
        "p5, p10, p20, p25, p30, p40, p50, p60, p70, p75, p80, p90, p95",
    ),
    "place columns": (
        ("places", "columns"),
        ["place"],
        "places.columns: must be place, code, state, records, employment, p10, p25, "
        "median, p75, p90",
    ),
    "default role": (
        ("default_role",),
        "cook",
        "default_role: unknown role 'cook'",
    ),
    "similar role": (
        ("roles", 0, "similar", 1),
        "cook",
        "roles[0].similar[1]: unknown role 'cook'",
    ),
    "salary source": (
        ("roles", 0, "salary", "source"),
        "rumour",
        "roles[0].salary.source: unknown source 'rumour'",
    ),
    "salary region": (
        ("roles", 0, "salary", "region"),
        "IT",
        "roles[0].salary.region: unknown country 'IT'",
    ),
    "openings source": (
        ("roles", 1, "openings", "source"),
        "rumour",
        "roles[1].openings.source: unknown source 'rumour'",
    ),
    "openings region": (
        ("roles", 1, "openings", "region"),
        "IT",
        "roles[1].openings.region: unknown country 'IT'",
    ),
    "survey source": (
        ("survey", "source"),
        "rumour",
        "survey.source: unknown source 'rumour'",
    ),
    "survey country": (
        (*GROUP, 1),
        "IT",
        "survey.cells.gardener[0]: unknown country 'IT'",
    ),
    "percentiles of a pay group": (
        (*GROUP, 7),
        1,
        "survey.cells.gardener[0]: percentiles are not in ascending order",
    ),
    "duplicate pay group": (
        (*GROUP, 0),
        2024,
        "survey.cells.gardener[2]: duplicate of survey.cells.gardener[0]",
    ),
    "place source": (
        ("places", "tables", 0, "source"),
        "rumour",
        "places.tables[0].source: unknown source 'rumour'",
    ),
    "place role": (
        ("places", "tables", 0, "role"),
        "cook",
        "places.tables[0].role: unknown role 'cook'",
    ),
    "place state": (
        (*PLACE, 2),
        "ZZ",
        "places.tables[0].rows[1]: unknown state 'ZZ'",
    ),
    "percentiles of a place": (
        (*PLACE, 6),
        99_999,
        "places.tables[0].rows[1]: percentiles are not in ascending order",
    ),
    "percentiles of a whole country": (
        ("places", "tables", 0, "whole", 7),
        90_000,
        "places.tables[0].whole: percentiles are not in ascending order",
    ),
    "duplicate place": (
        (*PLACE, 1),
        "30020",
        "places.tables[0].rows[1]: same code as places.tables[0].rows[0]",
    ),
    "duplicate source": (
        ("sources", 1, "id"),
        "guild",
        "sources[1].id: duplicate name 'guild', also at sources[0].id",
    ),
    "title in another case": (
        ("roles", 1, "title"),
        "HEAD gardener",
        "roles[2].id: duplicate name 'head-gardener', also at roles[1].title",
    ),
    "alias with hyphens": (
        ("roles", 1, "aliases", 0),
        "Green-Thumb",
        "roles[1].aliases[0]: duplicate name 'Green-Thumb', also at "
        "roles[0].aliases[0]",
    ),
}
# Other references become unknown, too.
ALSO = {
    "duplicate source": [
        "survey.source: unknown source 'almanac'",
    ],
}


@pytest.mark.parametrize("name", INVALID)
def test_invalid_reference_is_reported_with_its_location(name: str, tiny: Any) -> None:
    path, value, message = INVALID[name]
    errors = validation_errors(changed(tiny, *path, value=value))
    assert errors == [message, *ALSO.get(name, [])]


def test_duplicate_role_id_is_reported(tiny: Any) -> None:
    errors = validation_errors(changed(tiny, "roles", 1, "id", value="head-gardener"))
    assert "roles[2].id: duplicate name 'head-gardener', also at roles[1].id" in errors


def test_pay_of_an_unknown_role_is_reported(tiny: Any) -> None:
    tiny["survey"]["cells"]["cook"] = tiny["survey"]["cells"].pop("florist")
    assert validation_errors(tiny) == ["survey.cells.cook: unknown role 'cook'"]


def test_duplicate_place_table_is_reported(tiny: Any) -> None:
    tiny["places"]["tables"] *= 2
    assert validation_errors(tiny) == [
        "places.tables[1]: same role and level as places.tables[0]"
    ]


def test_title_may_equal_the_id_of_its_role(tiny: Any) -> None:
    assert validation_errors(changed(tiny, "roles", 0, "title", value="GARDENER")) == []
