from __future__ import annotations

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
from tests.conftest import TINY, changed, run

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.compat

SALARY = ("roles", 0, "salary", "average")
GROUP = ("pay", "groups", "gardener", 0)
PLACE = ("places", "tables", 0, "rows", 1)
TEXT = (
    "is empty, begins or ends with a space, has = + - or @ at its beginning or after a "
    "semicolon, or has a control character or an invisible one"
)
# A location in the data set, an invalid value to put there, and the message.
INVALID: dict[str, tuple[tuple[Any, ...], Any, str]] = {
    "escape sequence": (("roles", 0, "duties", 0), "\x1b[31m", TEXT),
    "C1 control": (("roles", 0, "description"), "a\x9bb", TEXT),
    "DEL": (("roles", 0, "skills", 1), "a\x7f", TEXT),
    "newline": (("sources", 0, "method"), "a\nb", TEXT),
    "bidirectional override": (("roles", 0, "faq", 0, "answer"), "\u202ea", TEXT),
    "empty text": (("roles", 0, "description"), "", TEXT),
    "text after a space": (("sources", 0, "method"), " a", TEXT),
    "formula in full width": (("roles", 0, "description"), "\uff1d1+1", TEXT),
    "formula after a joiner": (("roles", 0, "title"), "\u200d=1+1", TEXT),
    "formula after a semicolon": (("roles", 0, "title"), 'x; "=1+1"', TEXT),
    "formula after two semicolons": (("roles", 0, "title"), "x; y;@SUM", TEXT),
    "no character": (("roles", 0, "description"), "a\uffff", TEXT),
    "no character beyond U+FFFF": (("roles", 0, "description"), "a\U0002fffe", TEXT),
    "byte order mark": (("roles", 0, "description"), "a\ufeff", TEXT),
    "no width": (("roles", 0, "aliases", 0), "a\u200bb", TEXT),
    "tag for language models": (("roles", 0, "title"), "a\U000e0041", TEXT),
    "long text": (
        ("roles", 0, "description"),
        "x" * 10_001,
        "must have at most 10,000 characters",
    ),
    "long name": (
        ("roles", 0, "title"),
        "x" * 201,
        "must have at most 200 characters",
    ),
    "long id": (("roles", 0, "id"), "x" * 201, "must have at most 200 characters"),
    "unpaired surrogate": (
        ("roles", 0, "description"),
        "\ud800",
        "contains an unpaired surrogate",
    ),
    "formula text": (("roles", 0, "description"), "=HYPERLINK(1)", TEXT),
    "formula code": ((*PLACE, 1), "=cmd|'/C calc'!A0", TEXT),
    "formula title": (("roles", 0, "title"), "=1+1", TEXT),
    "formula alias": (("roles", 0, "aliases", 0), "@SUM", TEXT),
    "country with a plus sign": (("countries", "DE"), "+49", TEXT),
    "place with a leading space": ((*PLACE, 0), " Tex", TEXT),
    "place with a trailing space": ((*PLACE, 0), "Tex ", TEXT),
    "formula id": (
        ("roles", 1, "id"),
        "-florist",
        "must be lower-case letters and digits joined by hyphens",
    ),
    "negative amount": (SALARY, -1, "must be at least 1"),
    "amount of zero": (SALARY, 0, "must be at least 1"),
    "fractional amount": (SALARY, 1.5, "must be an integer"),
    "amount as text": (SALARY, "41000", "must be an integer"),
    "amount as a boolean": (SALARY, True, "must be an integer"),
    "amount beyond 2^53": (SALARY, 2**53, f"must be less than {2**53}"),
    "infinite amount": (SALARY, float("inf"), "must be an integer"),
    "negative openings": (("roles", 1, "openings", "count"), -3, "must be at least 0"),
    "few records": ((*GROUP, 4), 9, "must be at least 10"),
    "year too late": ((*GROUP, 0), 2201, "must be at most 2200"),
    "unknown experience": (
        (*GROUP, 2),
        "boss",
        "must be 'entry', 'mid', 'senior' or 'executive'",
    ),
    "text instead of a list": (("roles", 0, "duties"), "dig", "must be a list"),
    "list instead of text": (("roles", 0, "description"), ["dig"], "must be a string"),
    "list instead of an object": (("roles", 0, "salary"), [], "must be an object"),
    "text instead of a pay group": (GROUP, "x", "must be a list"),
    "no roles": (("roles",), [], "must have 1 or more items"),
    "impossible day": (
        ("sources", 0, "updated"),
        "2022-02-30",
        "is not a valid date",
    ),
    "impossible month": (
        ("sources", 0, "updated"),
        "2022-13",
        "is not a valid date",
    ),
    "another date format": (
        ("roles", 0, "salary", "updated"),
        "May 2022",
        "must be a date such as 2025-12-31, 2025-12 or 2025",
    ),
    "another period": (("period",), "day", "must be 'year'"),
    "currency in lower case": (("currency",), "eur", "must be three capital letters"),
    "region by name": (
        ("roles", 0, "salary", "region"),
        "Germany",
        "must be two capital letters",
    ),
}


def location(path: tuple[Any, ...]) -> str:
    """Return a path in a data set as messages show it."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps)[1:]


@pytest.mark.parametrize(
    ("path", "value", "message"), INVALID.values(), ids=list(INVALID)
)
def test_invalid_value_is_reported_with_its_location(
    path: tuple[Any, ...], value: Any, message: str, tiny: Any
) -> None:
    errors = validation_errors(changed(tiny, *path, value=value))
    assert f"{location(path)}: {message}" in errors


@pytest.mark.parametrize(
    "text",
    [
        "x", "a; b", "a;b;", "5 - 3 = 2", "e-mail @ work", "\u00bd", "\u4e2d\u6587",
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


@pytest.mark.parametrize("data_set", [TINY, None], ids=["tiny", "bundled"])
def test_valid_data_set_has_no_errors(data_set: Any) -> None:
    assert validation_errors(load(data_set).content) == []


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


# The same in the sections that a data set may also have.
INVALID_SECTIONS: dict[str, tuple[tuple[Any, ...], Any, str]] = {
    "period in words": (
        ("national", 0, "period"),
        "soon",
        "must be a year, a month or a fiscal year, such as FY 2025",
    ),
    "period with a day": (
        ("national", 0, "period"),
        "2025-05-31",
        "must be a year, a month or a fiscal year, such as FY 2025",
    ),
    "period without such a month": (
        ("national", 0, "period"),
        "2025-13",
        "is not a valid date",
    ),
    "no median": (("national", 0, "median"), None, "must be an integer"),
    "fractional percentile": (("national", 0, "p25"), 1.5, "must be an integer"),
    "occupation that is a formula": (("national", 0, "occupation"), "=1", TEXT),
    "negative employment": (("national", 1, "employment"), -1, "must be at least 0"),
    "other seniority": (
        ("seniority", 0, "seniority"),
        "junior",
        "must be 'base', 'senior', 'staff', 'lead' or 'director'",
    ),
    "no records": (("seniority", 0, "records"), None, "must be an integer"),
    "other table": (
        ("tables",),
        ["pay"],
        "must be 'places', 'prices', 'price_levels', 'price_parts', 'rates', "
        "'local_pay', 'range_ends', 'occupations', 'industries', 'outlook', 'skills', "
        "'employers' or 'seniority'",
    ),
    "other detail": (
        ("industries", "tables", 0, "rows", 0, 2),
        "branch",
        "must be 'sector', 'subsector', 'group' or 'industry'",
    ),
    "industry that is a formula": (
        ("industries", "tables", 0, "rows", 0, 1),
        "=1",
        TEXT,
    ),
    "share above 100": (
        ("outlook", "ai_share", "shares", "JP", "2024-01"),
        100.5,
        "must be at most 100",
    ),
    "employer without filings": (
        ("employers", "tables", 0, "rows", 0, 2),
        0,
        "must be at least 1",
    ),
    "hot as a number": (
        ("skills", "tables", 0, "rows", 0, 2),
        2,
        "must be true or false",
    ),
    "fractional change": (
        ("outlook", "occupations", 0, "rows", 0, 5),
        9.5,
        "must be an integer",
    ),
    "title of an occupation that is empty": (
        ("occupations", "titles", "37-3011.00"),
        "",
        TEXT,
    ),
    "no dates": (("outlook", "postings", "points"), {}, "must have 1 or more items"),
    "no months": (("prices", "months"), {}, "must have 1 or more items"),
    "index of zero": (("prices", "months", "2024-01"), 0.0, "must be at least 0.0001"),
    "index as text": (("prices", "months", "2024-01"), "100", "must be a number"),
    "infinite index": (
        ("outlook", "postings", "points", "2024-03-31"),
        float("inf"),
        "must be a finite number",
    ),
    "enormous index": (
        ("outlook", "postings", "points", "2024-03-31"),
        1e300,
        "must be at most 1000000000",
    ),
    "sector with a control character": (
        ("outlook", "postings", "sector"),
        "a\x1b",
        TEXT,
    ),
    "other kind": (
        ("sources", 0, "kind"),
        "poll",
        "must be 'advertised', 'filings', 'official', 'job-site', 'records', 'index', "
        "'exchange-rates', 'occupations' or 'projections'",
    ),
    "price level of a city": (
        ("price_levels", 0, "level"),
        "city",
        "must be 'metro', 'state' or 'country'",
    ),
    "price level of zero": (
        ("price_levels", 0, "rows", 0, 2),
        0.0,
        "must be at least 0.0001",
    ),
    "parts of the price level of a country": (
        ("price_parts", 0, "level"),
        "country",
        "must be 'metro' or 'state'",
    ),
    "part of a price level of zero": (
        ("price_parts", 0, "rows", 0, 4),
        0.0,
        "must be at least 0.0001",
    ),
    "enough records, among those with too few": (
        ("local_pay", "few", "gardener", 0, 4),
        10,
        "must be less than 10",
    ),
    "level of ranges that is open": (
        ("range_ends", "groups", "gardener", 0, 2),
        None,
        "must be 'entry', 'mid', 'senior' or 'executive'",
    ),
    "currency in words": (
        ("rates", "currencies", "DE"),
        "euro",
        "must be three capital letters",
    ),
    "rate of zero": (("rates", "years", "EUR", "2024"), 0.0, "must be at least 0.0001"),
    "date of publication in words": (
        ("sources", 0, "published"),
        "last year",
        "must be a date such as 2025-12-31, 2025-12 or 2025",
    ),
    "day that does not exist": (
        ("sources", 0, "retrieved"),
        "2025-02-30",
        "is not a valid date",
    ),
    "short digest": (
        ("sources", 0, "sha256"),
        ["abc"],
        "must be a SHA-256 digest in hexadecimal",
    ),
}


@pytest.mark.parametrize(
    ("path", "value", "message"), INVALID_SECTIONS.values(), ids=list(INVALID_SECTIONS)
)
def test_invalid_value_of_a_further_section_is_reported(
    path: tuple[Any, ...], value: Any, message: str, complete: Any
) -> None:
    (error,) = validation_errors(changed(complete, *path, value=value))
    index = "[0]" * isinstance(value, list)
    assert error == f"{location(path)}{index}: {message}"


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
