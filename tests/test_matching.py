from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlroles.dataset.dimensions import name_key
from mlroles.dataset.load import load
from mlroles.errors import UsageError
from mlroles.matching import find_role, find_roles, listed, one_of, role_names

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset

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
        ("data scientists", "data-scientist"),
        ("MLEs", "machine-learning-engineer"),
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
        key = name_key(typed).removesuffix("s")
        assert any(name_key(n).startswith(key) for n in role_names(role))


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


@pytest.mark.parametrize("typed", ["e", "", " ", "-"])
def test_a_letter_is_too_short_a_beginning(typed: str, bundled: Dataset) -> None:
    with pytest.raises(UsageError, match="no role called"):
        find_role(bundled, typed)


def test_what_begins_several_roles_by_title_or_alias_is_refused(
    bundled: Dataset,
) -> None:
    with pytest.raises(UsageError, match="'ml' could be machine-learning-engineer, "):
        find_role(bundled, "ml")


@pytest.mark.parametrize("level", ["senior", "Junior", "entry-level"])
def test_an_experience_before_a_role_is_told_apart(
    level: str, bundled: Dataset
) -> None:
    known = {"senior": "senior", "Junior": "entry", "entry-level": "entry"}[level]
    with pytest.raises(UsageError) as refused:
        find_role(bundled, f"{level} data scientist")
    assert str(refused.value) == (
        f"no role called '{level} data scientist'; did you mean 'data-scientist' "
        f"with --experience {known}?"
    )


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("mle ds", ["mle", "ds"]),
        ("data scientist mle", ["data scientist", "mle"]),
        ("ml engineer Data Engineers", ["ml engineer", "Data Engineers"]),
        ("data comp", ["data", "comp"]),
        ("machine learning engineer", ["machine learning engineer"]),
        ("", []),
    ],
)
def test_words_that_together_name_a_role_are_one_name(
    words: str, names: list[str], bundled: Dataset
) -> None:
    assert find_roles(bundled, words.split()) == names


@given(st.lists(st.sampled_from(NAMES), max_size=5))
def test_names_without_quotes_are_the_same_roles(known: list[tuple[str, str]]) -> None:
    words = " ".join(name for _, name in known).split()
    found = [find_role(DATA, name)["id"] for name in find_roles(DATA, words)]
    assert found == [role_id for role_id, _ in known]


@pytest.mark.parametrize("typed", ["ds de", "ds,de", "data scientists data engineers"])
def test_several_roles_where_one_is_meant_are_told(
    typed: str, bundled: Dataset
) -> None:
    with pytest.raises(UsageError) as refused:
        find_role(bundled, typed)
    assert str(refused.value) == (
        f"{typed!r} are several roles; try 'mlroles compare data-scientist "
        "data-engineer'"
    )
