"""What people read: errors, the sentences of answers, and notes."""

from __future__ import annotations

import pytest

from tests.conftest import assert_answer, assert_refused, cases

ERRORS, ANSWERS = cases("queries/errors.tsv"), cases("queries/answers.tsv")


@pytest.mark.parametrize(("line", "message"), ERRORS, ids=[row[0] for row in ERRORS])
def test_command_lines_are_refused_with_a_message(line: str, message: str) -> None:
    assert_refused(line, message)


@pytest.mark.parametrize(
    ("line", "page", "notes"), ANSWERS, ids=[row[0] for row in ANSWERS]
)
def test_command_lines_are_answered_with_a_page_and_notes(
    line: str, page: str, notes: str
) -> None:
    assert_answer(line, page, notes)
