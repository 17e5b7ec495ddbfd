from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlroles.dataset import schema
from mlroles.dataset.dimensions import EXPERIENCES, SENIORITIES, WORK_MODES
from mlroles.dataset.load import load
from mlroles.dataset.schema import json_schema
from mlroles.dataset.validate import validation_errors
from mlroles.errors import DataError
from tests.conftest import TINY, cases, changed, run

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.compat

GROUP = ("pay", "groups", "gardener", 0)


@pytest.mark.parametrize(("path", "value", "error"), cases("dataset/invalid.tsv"))
def test_invalid_value_is_reported_with_its_location(
    path: str, value: str, error: str, complete: Any
) -> None:
    invalid = changed(complete, *json.loads(path), value=json.loads(value))
    (found,) = validation_errors(invalid)
    # A list of names may grow.
    start = error.removesuffix("...")
    assert found.startswith(start) if start != error else found == error


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("roles", 0, "description"), "x" * 10_001, "must have at most 10,000 charact"),
        (("roles", 0, "title"), "x" * 201, "must have at most 200 characters"),
        (("roles", 0, "id"), "x" * 201, "must have at most 200 characters"),
        (("roles", 1, "id"), "-florist", "must be lower-case letters and digits join"),
        (("roles",), [], "must have 1 or more items"),
        (("roles", 0, "salary", "region"), "Germany", "must be two capital letters"),
    ],
)
def test_invalid_value_is_reported_before_what_refers_to_it(
    path: tuple[Any, ...], value: Any, message: str, tiny: Any
) -> None:
    first, *_ = validation_errors(changed(tiny, *path, value=value))
    where = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path)[1:]
    assert first.startswith(f"{where}: {message}")


@pytest.mark.parametrize(
    "text",
    [
        "x", "a; b", "a;b;", "a,\u3000b", 'a "b,"',
        "5 - 3 = 2", "e-mail @ work", "\u00bd", "\u4e2d\u6587",
        "\u0645\u06cc\u200c\u062e\u0648\u0627", "\U0001f600\ufe0f", "x" * 10_000, '"x"',
    ],
)  # fmt: skip
def test_texts_of_every_language_are_valid(text: str, tiny: Any) -> None:
    assert validation_errors(changed(tiny, "roles", 0, "description", value=text)) == []


@pytest.mark.parametrize("date", ["2024", "2024-02"])
def test_index_of_postings_has_days(date: str, complete: Any) -> None:
    complete["outlook"]["postings"]["points"] = {date: 100.0}
    (error,) = validation_errors(complete)
    assert error.startswith(f"outlook.postings.points.{date}")
    assert error.endswith(": must be a date such as 2025-12-31")


@pytest.mark.parametrize(
    ("version", "found"),
    [
        (True, "true"),
        (1.0, "1.0"),
        ("1", '"1"'),
        (2, "2"),
        ([], "none"),
        (None, "none"),
    ],
)
def test_version_is_the_integer_1(version: Any, found: str, tiny: Any) -> None:
    (error,) = validation_errors({**tiny, "schema_version": version})
    expected = "schema_version: this version of mlroles reads version 1"
    assert error == f"{expected}, the file has {found}"


def test_errors_have_a_greatest_length_and_number(tiny: Any) -> None:
    (error,) = validation_errors({**tiny, "k" * 10_000: 1})
    assert len(error) == 499
    assert error.startswith("kkk")
    assert error.endswith("kkk: unknown key")
    changed = {**tiny, "default_role": "r" * 10_000}
    assert all(len(each) < 500 for each in validation_errors(changed))
    errors = validation_errors({**tiny, **dict.fromkeys(map(str, range(2_000)))})
    assert len(errors) == 1_001
    assert errors[-2:] == [
        "999: unknown key", "more than 1,000 errors; these are the first"
    ]  # fmt: skip


def test_unknown_key_and_missing_key_are_both_reported(tiny: Any) -> None:
    tiny["roles"][0]["wages"] = tiny["roles"][0].pop("salary")
    assert validation_errors(tiny) == [
        "roles[0].salary: is missing",
        "roles[0].wages: unknown key",
    ]


def test_pay_group_of_another_length_is_reported(tiny: Any) -> None:
    group = tiny["pay"]["groups"]["gardener"][0]
    assert validation_errors(changed(tiny, *GROUP, value=[*group, 99_999])) == [
        "pay.groups.gardener[0]: must have at most 23 items"
    ]


def test_schema_errors_and_reference_errors_are_reported_together(tiny: Any) -> None:
    tiny = changed(tiny, "roles", 1, "salary", "average", value=None)
    tiny = changed(tiny, "roles", 1, "salary", "source", value="rumour")
    assert validation_errors(tiny) == [
        "roles[1].salary.average: must be an integer",
        "roles[1].salary.source: unknown source 'rumour'",
    ]


def test_alias_that_is_not_a_string_is_reported_once(tiny: Any) -> None:
    invalid = changed(tiny, "roles", 0, "aliases", 0, value=5)
    assert validation_errors(invalid) == ["roles[0].aliases[0]: must be a string"]


def test_control_characters_in_keys_are_escaped(tiny: Any, saved: Any) -> None:
    tiny["roles"][0]["\x1b[31m\u202e"] = 1
    tiny["pay"]["groups"]["\x07"] = []
    with pytest.raises(DataError) as error:
        load(saved(tiny))
    assert all(message.isprintable() for message in error.value.messages)
    assert "roles[0].\\x1b[31m\\u202e: unknown key" in str(error.value)


@pytest.mark.parametrize(("count", "text"), [(1, "1 role"), (3, "3 roles")])
def test_validate_counts_roles(count: int, text: str, tiny: Any, saved: Any) -> None:
    roles = tiny["roles"][:count]
    if count == 1:
        roles[0]["similar"] = []
        tiny["pay"]["groups"].pop("florist")
    path = saved({**tiny, "roles": roles})
    result = run("validate", path)
    assert result == (0, f"{path}: valid, {text}\n", "")


def test_pay_may_be_null(tiny: Any) -> None:
    assert validation_errors({**tiny, "pay": None}) == []
    del tiny["pay"]
    assert validation_errors(tiny) == ["pay: is missing"]


SECTIONS = (
    "national", "seniority", "tables", "places", "prices", "price_levels",
    "price_parts", "rates", "local_pay", "range_ends", "occupations", "industries",
    "outlook", "skills", "employers",
)  # fmt: skip


def test_further_sections_are_optional_and_not_null(complete: Any) -> None:
    complete["tables"] = []
    assert validation_errors(complete) == []
    for section in SECTIONS:
        without = {key: part for key, part in complete.items() if key != section}
        assert validation_errors(without) == []
        kind = "object" if isinstance(complete[section], dict) else "list"
        errors = validation_errors({**complete, section: None})
        assert errors == [f"{section}: must be a{'n' * (kind[0] == 'o')} {kind}"]


@pytest.mark.parametrize(
    ("month", "message"),
    [
        ("2024", "must be a month such as 2025-12"),
        ("2024-13", "is not a valid date"),
        ("May 2024", "must be a month such as 2025-12"),
    ],
)
def test_invalid_month_of_prices_is_reported(
    month: str, message: str, complete: Any
) -> None:
    complete["prices"]["months"][month] = 1.0
    (error,) = validation_errors(complete)
    assert error.startswith(f"prices.months.{month}")
    assert error.endswith(f": {message}")


@pytest.mark.parametrize("part", ["national", "seniority"])
def test_missing_and_unknown_keys_of_a_row_are_reported(
    part: str, complete: Any
) -> None:
    row = complete[part][0]
    row["average"] = row.pop("median")
    assert validation_errors(complete) == [
        f"{part}[0].median: is missing",
        f"{part}[0].average: unknown key",
    ]


def test_long_schema_version_is_truncated_in_its_message() -> None:
    (error,) = validation_errors({"schema_version": "9" * 100_000})
    assert error == (
        "schema_version: this version of mlroles reads version 1, the file has "
        f'"{"9" * 36}...'
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
TOP = [*SECTIONS, "sources", "countries", "roles", "pay", "default_role"]


@given(JSON)
def test_validation_accepts_any_json(data: Any) -> None:
    assert all(isinstance(error, str) for error in validation_errors(data))


@given(st.sampled_from(TOP), JSON)
def test_validation_accepts_any_json_at_the_top_level(key: str, part: Any) -> None:
    valid = load(TINY).content
    errors = validation_errors({**valid, key: part})
    # An optional section may be empty.
    assert errors or part == valid.get(key) or not part


@given(st.integers(0, 2), st.data())
def test_validation_accepts_any_json_in_a_role(index: int, data: st.DataObject) -> None:
    valid: Any = load(TINY).content
    key = data.draw(st.sampled_from(sorted(valid["roles"][0])))
    invalid = changed(valid, "roles", index, key, value=data.draw(JSON))
    assert all(isinstance(error, str) for error in validation_errors(invalid))


def paths(node: Any, prefix: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value in a data set."""
    parts = node.items() if isinstance(node, dict) else enumerate(node)
    for step, part in parts:
        yield (*prefix, step)
        if isinstance(part, dict | list):
            yield from paths(part, (*prefix, step))


@pytest.mark.parametrize("value", [{}, [], [{}], {"x": {}}], ids=repr)
def test_validation_accepts_containers_anywhere(value: Any, complete: Any) -> None:
    for path in paths(complete):
        errors = validation_errors(changed(complete, *path, value=value))
        assert all(isinstance(error, str) for error in errors)


def test_json_schema_describes_every_key_of_a_role() -> None:
    role = json_schema()["$defs"]["Role"]
    assert role["additionalProperties"] is False
    assert set(role["required"]) == set(load().roles[0])


def test_schema_has_the_values_of_the_dimensions() -> None:
    assert get_args(schema.Experience) == EXPERIENCES
    assert get_args(schema.WorkMode) == WORK_MODES
    assert get_args(schema.Seniority) == SENIORITIES


def test_dates_of_publication_and_retrieval_are_optional(tiny: Any) -> None:
    assert "published" not in tiny["sources"][0]
    assert validation_errors(tiny) == []
    for value in ("2025-12-31", "2025-12", None):
        dated = changed(tiny, "sources", 0, "published", value=value)
        dated = changed(dated, "sources", 0, "retrieved", value=value)
        assert validation_errors(dated) == []
