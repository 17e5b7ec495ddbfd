from __future__ import annotations

import json
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mlroles
from mlroles.dataset.load import load
from mlroles.errors import UsageError
from mlroles.queries.answer import Answer, Filters, known_columns, ranking, sort_rows
from mlroles.questions import COMPARE
from tests.conftest import TINY, error_of, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlroles.dataset.dataset import Dataset

TITLES = st.text("abcXYZ ", max_size=4)
NUMBERS = st.integers(-5, 5) | st.none()
ROWS = st.lists(
    st.fixed_dictionaries({"title": TITLES, "number": NUMBERS, "text": TITLES})
)


@given(ROWS, st.booleans())
def test_numbers_sort_in_descending_order_with_unknown_values_last(
    rows: list[Any],
    reverse: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    result = sort_rows(rows, "number", reverse=reverse)
    values = [row["number"] for row in result]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=not reverse)
    assert values[len(known) :] == [None] * (len(values) - len(known))
    assert sorted(map(str, result)) == sorted(map(str, rows))


@given(ROWS, st.booleans())
def test_text_sorts_alphabetically_ignoring_case(
    rows: list[Any],
    reverse: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    texts = [r["text"].casefold() for r in sort_rows(rows, "text", reverse=reverse)]
    assert texts == sorted(texts, reverse=reverse)


@given(ROWS, st.booleans())
def test_sort_breaks_ties_by_title_in_either_order(
    rows: list[Any],
    reverse: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    result = sort_rows(rows, "number", reverse=reverse)
    for before, after in pairwise(result):
        if before["number"] == after["number"]:
            assert before["title"].casefold() <= after["title"].casefold()


def test_sort_breaks_ties_of_one_title_by_place() -> None:
    rows = [{"title": "x", "place": place, "n": 1} for place in ("b", "A", "c")]
    assert [row["place"] for row in sort_rows(rows, "n")] == ["A", "b", "c"]


@given(ROWS, st.integers(1, 10))
def test_limit_returns_the_first_sorted_rows(rows: list[Any], limit: int) -> None:
    assert sort_rows(rows, "number", limit=limit) == sort_rows(rows, "number")[:limit]


@pytest.mark.parametrize("limit", [0, -1])
def test_limit_below_one_is_rejected(limit: int) -> None:
    error = error_of(UsageError, sort_rows, [], "number", limit=limit)
    assert error == f"limit must be at least 1, not {limit}."


@given(ROWS)
def test_sorting_does_not_change_its_argument(rows: list[Any]) -> None:
    before = list(rows)
    sort_rows(rows, "number")
    assert rows == before


def answer(rows: list[Any]) -> Answer[list[Any]]:
    """Return an answer with a note."""
    return Answer(COMPARE, rows, load(TINY), ["first"])


@given(ROWS)
def test_ranking_reports_a_column_without_values(rows: list[Any]) -> None:
    unknown = bool(rows) and all(row["number"] is None for row in rows)
    expected = ["not sorted: number is unknown in all rows"] if unknown else []
    ranked = ranking(answer(rows), "number", reverse=False, limit=None)
    assert ranked.notes == ["first", *expected]
    assert ranked.rows == sort_rows(rows, "number")


def test_notes_write_column_names_with_spaces() -> None:
    rows = [{"title": "x", "average_salary": None}]
    ranked = ranking(answer(rows), "average_salary", reverse=True, limit=1)
    assert ranked.notes[1] == "not sorted: average salary is unknown in all rows"


def test_ranking_knows_the_columns_of_all_rows() -> None:
    rows = [{"title": "x", "n": 1, "m": None}, {"title": "y", "n": 0, "m": 2}]
    ranked = ranking(answer(rows), "n", reverse=False, limit=1)
    assert ranked.rows == rows[:1]
    assert ranked.columns == {"title", "n", "m"}
    assert (ranked.sort, ranked.reverse) == ("n", False)


def test_known_columns_have_a_value_in_some_row() -> None:
    rows = [{"a": None, "b": None, "c": 0}, {"a": 1, "b": None, "c": None}]
    assert known_columns(rows) == {"a", "c"}
    assert known_columns([]) == frozenset()


def test_filter_names_are_those_of_the_filters_that_are_set() -> None:
    assert Filters().names() == []
    filters = Filters(year=0, work_mode="remote")
    assert filters.names() == ["year", "work_mode"]
    assert filters.described() == "year or work mode"


@pytest.mark.parametrize(
    "question",
    ["offer 185k mle austin", "salary ds germany", "compare mle ds", "offer 65k de uk"],
)
def test_questions_in_words_are_those_of_the_command_line(question: str) -> None:
    assert mlroles.ask(question).rows == rows(*question.split())


def test_unknown_names_of_the_package_are_errors() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        mlroles.nonsense  # noqa: B018


MID_2024 = mlroles.Filters(year=2024, experience="mid")
# Functions, and the command lines that ask the same.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "compare --sort openings": partial(mlroles.compare, sort="openings"),
    "skills swe --match data -n 1": partial(
        mlroles.skills, role="swe", match="data", limit=1
    ),
    "employers de --by title --sort filings -n 3": partial(
        mlroles.employers, role="de", by="title", sort="filings", limit=3
    ),
    "outlook --by month": partial(mlroles.outlook, by="month"),
    "outlook ds": partial(mlroles.outlook, role="ds"),
    "locations de --match CA -n 2": partial(
        mlroles.locations, role="de", match="CA", limit=2
    ),
    "salary ds --by work-mode --year 2024 --experience mid --per week": partial(
        mlroles.salary_by, by="work-mode", role="ds", filters=MID_2024, per="week"
    ),
    "industries swe --detail group --match soft -n 2": partial(
        mlroles.industries, role="swe", detail="group", match="soft", limit=2
    ),
    "relocate 172k-180k ds --from austin --to sf --to nyc": partial(
        mlroles.relocate, amount=172_000, role="ds", from_place="austin",
        to_places=["sf", "nyc"], high=180_000,
    ),
}  # fmt: skip


@pytest.mark.parametrize("line", FUNCTIONS)
def test_functions_return_the_rows_of_commands(line: str, bundled: Dataset) -> None:
    answer = FUNCTIONS[line](bundled)
    assert answer == rows(*line.split())
    assert answer
    assert json.loads(json.dumps(answer)) == answer
