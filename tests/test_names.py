from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlroles.dataset import load
from mlroles.errors import UsageError
from mlroles.layout import name_key
from mlroles.names import find_role, listed, one_of, role_names

if TYPE_CHECKING:
    from mlroles.schema import Dataset

DATA = load()
NAMES = [(role["id"], name) for role in DATA["roles"] for name in role_names(role)]


@given(st.sampled_from(NAMES), st.sampled_from(" -_"), st.data())
def test_a_role_is_found_in_any_case_with_any_separator(
    known: tuple[str, str], separator: str, data: st.DataObject
) -> None:
    role_id, name = known
    typed = "".join(
        letter.upper() if data.draw(st.booleans()) else letter for letter in name
    ).replace(" ", separator)
    assert find_role(DATA, f" {typed} ")["id"] == role_id


@pytest.mark.parametrize(
    ("typed", "role_id"),
    [
        ("mle", "machine-learning-engineer"),
        ("ML Engineer", "machine-learning-engineer"),
        ("ds", "data-scientist"),
        ("de", "data-engineer"),
        ("swe", "software-engineer"),
        ("cv engineer", "computer-vision-engineer"),
        ("comp", "computer-vision-engineer"),
        ("dataeng", "data-engineer"),
        (None, "machine-learning-engineer"),
    ],
)
def test_names_that_people_type(typed: str | None, role_id: str) -> None:
    assert find_role(DATA, typed)["id"] == role_id


def test_no_two_roles_share_a_name() -> None:
    keys = {(role_id, name_key(name)) for role_id, name in NAMES}
    assert len({key for _, key in keys}) == len(keys)


@given(st.text(max_size=20))
def test_any_text_finds_a_role_or_is_refused_in_one_line(typed: str) -> None:
    try:
        role = find_role(DATA, typed)
    except UsageError as error:
        (message,) = error.messages
        assert "\n" not in message
        assert message.isprintable()
    else:
        assert any(name_key(n).startswith(name_key(typed)) for n in role_names(role))


def test_a_beginning_that_two_roles_have_is_refused(bundled: Dataset) -> None:
    with pytest.raises(UsageError, match="'machine learning ' could be machine-"):
        find_role(bundled, "machine learning ")


def test_one_of_takes_any_spelling_and_names_what_there_is() -> None:
    assert one_of("Work_Mode", ["year", "work-mode"], "split") == "work-mode"
    with pytest.raises(UsageError, match="no split called 'x'; there are year"):
        one_of("x", ["year"], "split")


def test_a_long_list_is_cut() -> None:
    assert listed("abcdef") == "a, b, c, d, e, f"
    assert listed("abcdefg") == "a, b, c, d, e, f, ..."
