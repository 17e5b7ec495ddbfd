from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlroles.errors import UsageError
from mlroles.queries.rows import PERIODS, arranged, pay, pay_period

TITLES = st.text("abcXYZ ", max_size=4)
NUMBERS = st.integers(-5, 5) | st.none()
ROWS = st.lists(
    st.fixed_dictionaries({"title": TITLES, "number": NUMBERS, "text": TITLES})
)


@given(ROWS, st.booleans())
def test_numbers_go_largest_first_and_unknown_last(
    rows: list[Any],
    reverse: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    result = arranged(rows, "number", reverse=reverse)
    values = [row["number"] for row in result]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=not reverse)
    assert values[len(known) :] == [None] * (len(values) - len(known))
    assert sorted(map(str, result)) == sorted(map(str, rows))


@given(ROWS, st.booleans())
def test_text_goes_from_a_to_z_in_any_case(
    rows: list[Any],
    reverse: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    texts = [r["text"].casefold() for r in arranged(rows, "text", reverse=reverse)]
    assert texts == sorted(texts, reverse=reverse)


@given(ROWS, st.booleans())
def test_ties_go_by_title_either_way(
    rows: list[Any],
    reverse: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    result = arranged(rows, "number", reverse=reverse)
    for before, after in pairwise(result):
        if before["number"] == after["number"]:
            assert before["title"].casefold() <= after["title"].casefold()


@given(ROWS, st.integers(1, 10))
def test_a_limit_keeps_the_first_of_the_whole(rows: list[Any], limit: int) -> None:
    assert arranged(rows, "number", limit=limit) == arranged(rows, "number")[:limit]


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(limit: int) -> None:
    with pytest.raises(UsageError, match=f"limit must be 1 or more, not {limit}"):
        arranged([], "number", limit=limit)


@pytest.mark.parametrize(
    ("period", "amount"),
    [("year", 110673), ("month", 9222.75), ("week", 2128.33), ("hour", 53.21)],
)
def test_a_yearly_amount_by_period(period: str, amount: float) -> None:
    assert pay(110673, pay_period(period)) == amount
    assert pay(None, period) is None


@given(st.integers(1, 10**7), st.sampled_from(sorted(PERIODS)))
def test_an_amount_by_period_is_within_half_a_cent(yearly: int, period: str) -> None:
    amount = pay(yearly, period)
    assert amount is not None
    assert abs(amount - yearly / PERIODS[period]) <= 0.0050001
