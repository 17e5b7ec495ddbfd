from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlroles.dataset import schema
from mlroles.dataset.dimensions import EXPERIENCES, WORK_MODES
from mlroles.dataset.load import load
from mlroles.dataset.schema import faults, json_schema
from mlroles.errors import DataError
from tests.conftest import TINY, spoiled

if TYPE_CHECKING:
    from collections.abc import Iterator

SALARY = ("roles", 0, "salary", "average")
CELL = ("survey", "cells", "gardener", 0)
PLACE = ("places", "tables", 0, "rows", 1)
CONTROL = "is empty, begins with = + - or @, or has a control character in it"
NAME = (
    "is empty, begins with = + - @ or a space, ends with a space, or has a control "
    "character in it"
)
# What is put where, and what is then said of which place.
FAULTS: dict[str, tuple[tuple[Any, ...], Any, str]] = {
    "escape sequence": (("roles", 0, "duties", 0), "\x1b[31m", CONTROL),
    "C1 control": (("roles", 0, "description"), "a\x9bb", CONTROL),
    "DEL": (("roles", 0, "skills", 1), "a\x7f", CONTROL),
    "newline": (("sources", 0, "method"), "a\nb", CONTROL),
    "bidirectional override": (("roles", 0, "faq", 0, "answer"), "\u202ea", CONTROL),
    "empty text": (("roles", 0, "description"), "", CONTROL),
    "lone surrogate": (
        ("roles", 0, "description"),
        "\ud800",
        "has half of a surrogate pair in it",
    ),
    "formula text": (("roles", 0, "description"), "=HYPERLINK(1)", CONTROL),
    "formula code": ((*PLACE, 1), "=cmd|'/C calc'!A0", NAME),
    "formula title": (("roles", 0, "title"), "=1+1", NAME),
    "formula alias": (("roles", 0, "aliases", 0), "@SUM", NAME),
    "plus in a country": (("countries", "DE"), "+49", NAME),
    "space before a place": ((*PLACE, 0), " Tex", NAME),
    "formula id": (
        ("roles", 1, "id"),
        "-florist",
        "is not lower-case letters and digits joined by hyphens",
    ),
    "negative money": (SALARY, -1, "is less than 1"),
    "no money": (SALARY, 0, "is less than 1"),
    "fractional money": (SALARY, 1.5, "is not a whole number"),
    "money as text": (SALARY, "41000", "is not a whole number"),
    "money as a boolean": (SALARY, True, "is not a whole number"),
    "money beyond 2^53": (SALARY, 2**53, f"is not less than {2**53}"),
    "infinite money": (SALARY, float("inf"), "is not a whole number"),
    "negative openings": (("roles", 1, "openings", "count"), -3, "is less than 0"),
    "few records": ((*CELL, 4), 9, "is less than 10"),
    "another experience": (
        (*CELL, 2),
        "boss",
        "is not 'entry', 'mid', 'senior' or 'executive'",
    ),
    "a text for a list": (("roles", 0, "duties"), "dig", "is not a list"),
    "a list for a text": (("roles", 0, "description"), ["dig"], "is not text"),
    "a list for an object": (("roles", 0, "salary"), [], "is not an object"),
    "a text for a cell": (CELL, "x", "is not a list"),
    "no roles": (("roles",), [], "has fewer than 1 items"),
    "a day that is not": (
        ("sources", 0, "updated"),
        "2022-02-30",
        "is not a date that exists",
    ),
    "a month that is not": (
        ("sources", 0, "updated"),
        "2022-13",
        "is not a date that exists",
    ),
    "not a date": (
        ("roles", 0, "salary", "updated"),
        "May 2022",
        "is not a date such as 2025-12-31, 2025-12 or 2025",
    ),
    "another period": (("period",), "day", "is not 'year'"),
    "currency": (("currency",), "eur", "is not a code of three capital letters"),
    "region": (
        ("roles", 0, "salary", "region"),
        "Germany",
        "is not a code of two capital letters",
    ),
    "survey columns": (
        ("survey", "columns"),
        [],
        "is not year, country, experience, work_mode, records, mean, p5, p10, p20, "
        "p25, p30, p40, p50, p60, p70, p75, p80, p90, p95",
    ),
    "place columns": (
        ("places", "columns"),
        ["place"],
        "is not place, code, state, records, employment, p10, p25, median, p75, p90",
    ),
    "unknown default role": (("default_role",), "cook", "there is no role 'cook'"),
    "unknown similar role": (
        ("roles", 0, "similar", 1),
        "cook",
        "there is no role 'cook'",
    ),
    "unknown salary source": (
        ("roles", 0, "salary", "source"),
        "rumour",
        "there is no source 'rumour'",
    ),
    "unknown survey source": (
        ("survey", "source"),
        "rumour",
        "there is no source 'rumour'",
    ),
    "unknown role of places": (
        ("places", "tables", 0, "role"),
        "cook",
        "there is no role 'cook'",
    ),
    "id in other words": (
        ("roles", 1, "id"),
        "head-gardener",
        "'head-gardener' is already the name at roles[1].id",
    ),
    "title in another case": (
        ("roles", 1, "title"),
        "HEAD gardener",
        "'head-gardener' is already the name at roles[1].title",
    ),
    "alias with hyphens": (
        ("roles", 1, "aliases", 0),
        "Green-Thumb",
        "'Green-Thumb' is already the name at roles[0].aliases[0]",
    ),
    "source twice": (
        ("sources", 1, "id"),
        "guild",
        "'guild' is already the name at sources[0].id",
    ),
}
# Where the place that is named is not the one that was spoiled.
ELSEWHERE = {
    "id in other words": "roles[2].id",
    "title in another case": "roles[2].id",
}


@pytest.mark.parametrize(("path", "value", "words"), FAULTS.values(), ids=list(FAULTS))
def test_a_fault_is_named_with_its_place(
    path: tuple[Any, ...],
    value: Any,
    words: str,
    tiny: Any,
    request: pytest.FixtureRequest,
) -> None:
    place = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path)[1:]
    place = ELSEWHERE.get(request.node.callspec.id, place)
    assert f"{place}: {words}" in faults(spoiled(tiny, *path, value=value))


CELL_FAULTS = {
    "unknown country": (1, "IT", "survey.cells.gardener[0]: there is no country 'IT'"),
    "percentiles out of order": (
        7,
        1,
        "survey.cells.gardener[0]: its percentiles do not ascend",
    ),
    "a slice twice": (
        0,
        2024,
        "survey.cells.gardener[2]: the same slice as survey.cells.gardener[0]",
    ),
}


@pytest.mark.parametrize(
    ("at", "value", "fault"), CELL_FAULTS.values(), ids=list(CELL_FAULTS)
)
def test_a_fault_of_a_survey_cell(at: int, value: Any, fault: str, tiny: Any) -> None:
    assert faults(spoiled(tiny, *CELL, at, value=value)) == [fault]


def test_a_survey_of_a_role_that_is_not_there(tiny: Any) -> None:
    tiny["survey"]["cells"]["cook"] = tiny["survey"]["cells"].pop("florist")
    assert faults(tiny) == ["survey.cells.cook: there is no role 'cook'"]


PLACE_FAULTS = {
    "unknown state": (2, "ZZ", "there is no state 'ZZ'"),
    "percentiles out of order": (6, 99_999, "its percentiles do not ascend"),
    "a place twice": (
        1,
        "30020",
        "the same code as places.tables[0].rows[0]",
    ),
}


@pytest.mark.parametrize(
    ("at", "value", "fault"), PLACE_FAULTS.values(), ids=list(PLACE_FAULTS)
)
def test_a_fault_of_a_place(at: int, value: Any, fault: str, tiny: Any) -> None:
    spoilt = spoiled(tiny, *PLACE, at, value=value)
    assert faults(spoilt) == [f"places.tables[0].rows[1]: {fault}"]


def test_a_level_twice(tiny: Any) -> None:
    tiny["places"]["tables"] *= 2
    assert faults(tiny) == [
        "places.tables[1]: the same role and level as places.tables[0]"
    ]


def test_an_unknown_key_and_a_missing_one_are_both_named(tiny: Any) -> None:
    tiny["roles"][0]["wages"] = tiny["roles"][0].pop("salary")
    assert faults(tiny) == [
        "roles[0].salary: is missing",
        "roles[0].wages: is not a key of the schema",
    ]


def test_faults_of_shape_and_of_relation_are_told_together(tiny: Any) -> None:
    tiny = spoiled(tiny, "roles", 1, "salary", "average", value=None)
    tiny = spoiled(tiny, "roles", 1, "salary", "source", value="rumour")
    assert faults(tiny) == [
        "roles[1].salary.average: is not a whole number",
        "roles[1].salary.source: there is no source 'rumour'",
    ]


def test_an_alias_that_is_no_text_is_told_once(tiny: Any) -> None:
    spoilt = spoiled(tiny, "roles", 0, "aliases", 0, value=5)
    assert faults(spoilt) == ["roles[0].aliases[0]: is not text"]


def test_a_key_cannot_steer_the_terminal(tiny: Any, saved: Any) -> None:
    tiny["roles"][0]["\x1b[31m\u202e"] = 1
    tiny["survey"]["cells"]["\x07"] = []
    with pytest.raises(DataError) as refused:
        load(saved(tiny))
    assert all(message.isprintable() for message in refused.value.messages)
    assert "roles[0].\\x1b[31m\\u202e: is not a key" in str(refused.value)


@pytest.mark.parametrize("data_set", [TINY, None], ids=["tiny", "bundled"])
def test_a_sound_data_set_has_no_faults(data_set: Any) -> None:
    assert faults(load(data_set)) == []


def test_survey_and_places_may_be_unknown(tiny: Any) -> None:
    assert faults({**tiny, "survey": None, "places": None}) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
TOP = ["sources", "countries", "roles", "survey", "places", "default_role"]


@given(JSON)
def test_a_data_set_of_any_shape_is_judged_without_a_crash(data: Any) -> None:
    assert all(isinstance(fault, str) for fault in faults(data))


@given(st.sampled_from(TOP), JSON)
def test_a_part_of_any_shape_is_judged_without_a_crash(key: str, part: Any) -> None:
    sound = load(TINY)
    assert faults({**sound, key: part}) or part == sound.get(key) or part is None


@given(st.integers(0, 2), st.data())
def test_a_roles_part_of_any_shape_is_judged_without_a_crash(
    index: int, data: st.DataObject
) -> None:
    sound: Any = load(TINY)
    key = data.draw(st.sampled_from(sorted(sound["roles"][0])))
    spoilt = spoiled(sound, "roles", index, key, value=data.draw(JSON))
    assert all(isinstance(fault, str) for fault in faults(spoilt))


def test_the_schema_describes_every_key_of_a_role() -> None:
    role = json_schema()["$defs"]["Role"]
    assert role["additionalProperties"] is False
    assert set(role["required"]) == set(load()["roles"][0])


def places_of(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a data set."""
    parts = node.items() if isinstance(node, dict) else enumerate(node)
    for step, part in parts:
        yield (*at, step)
        if isinstance(part, dict | list):
            yield from places_of(part, (*at, step))


@pytest.mark.parametrize("value", [{}, [], [{}], {"x": {}}], ids=repr)
def test_anything_anywhere_is_judged_without_a_crash(value: Any, tiny: Any) -> None:
    for place in places_of(tiny):
        found = faults(spoiled(tiny, *place, value=value))
        assert all(isinstance(fault, str) for fault in found)


def test_the_whole_country_s_percentiles_ascend(tiny: Any) -> None:
    whole = tiny["places"]["tables"][0]["whole"]
    whole[7], whole[8] = 90_000, 80_000
    assert faults(tiny) == ["places.tables[0].whole: its percentiles do not ascend"]


def test_a_long_version_is_cut_short() -> None:
    (fault,) = faults({"schema_version": "9" * 100_000})
    assert len(fault) < 120


def test_the_words_of_the_schema_are_those_of_the_layout() -> None:
    assert get_args(schema.Experience) == EXPERIENCES
    assert get_args(schema.WorkMode) == WORK_MODES
