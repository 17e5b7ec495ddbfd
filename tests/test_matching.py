from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlroles.dataset.dataset import Dataset
from mlroles.dataset.load import load
from mlroles.errors import UsageError
from mlroles.matching import choose, find_experience, name_key, role_names, shorten
from tests.conftest import TINY, error_of

DATA = load()
NAMES = [(role["id"], name) for role in DATA.roles for name in role_names(role)]


@given(st.sampled_from(NAMES), st.sampled_from(" -_"), st.data())
def test_role_is_found_in_any_case_with_any_separator(
    known: tuple[str, str], separator: str, data: st.DataObject
) -> None:
    role_id, name = known
    typed = "".join(
        letter.upper() if data.draw(st.booleans()) else letter for letter in name
    ).replace(" ", separator)
    assert DATA.role(f" {typed} ")["id"] == role_id


FOUND: dict[str, list[str | None]] = {
    "machine-learning-engineer": ["mle", "ML Engineer", "MLEs", None],
    "data-scientist": ["ds", "data scientists"],
    "data-engineer": ["de", "dataeng"],
    "software-engineer": ["swe"],
    "computer-vision-engineer": ["cv engineer", "comp"],
}


@pytest.mark.parametrize(
    ("typed", "role_id"),
    [(typed, role_id) for role_id, names in FOUND.items() for typed in names],
)
def test_role_is_found_by_name_alias_plural_or_prefix(
    typed: str | None, role_id: str
) -> None:
    assert DATA.role(typed)["id"] == role_id


def test_role_names_are_unique() -> None:
    keys = {(role_id, name_key(name)) for role_id, name in NAMES}
    assert len({key for _, key in keys}) == len(keys)


@given(st.text(max_size=20))
def test_any_text_finds_a_role_or_is_rejected_in_one_line(typed: str) -> None:
    try:
        role = DATA.role(typed)
    except UsageError as error:
        (message,) = error.messages
        assert "\n" not in message
        assert message.isprintable()
    else:
        key = name_key(typed).removesuffix("s")
        assert any(name_key(n).startswith(key) for n in role_names(role))


LIST = "Run mlroles.roles(data) for a list."
MEANT = ". Did you mean 'data-scientist'"
SEVERAL = "names several roles. To compare them, run mlroles.compare(data, "
SCIENTIST_AND_ENGINEER = f"{SEVERAL}['data-scientist', 'data-engineer'])."
MLE_AND_OTHERS = (
    "machine-learning-engineer, machine-learning-scientist, "
    "machine-learning-researcher, mlops-engineer."
)
# What is typed, and the error after it.
REFUSED = {
    "machine learning ": ("ambiguous role", f". It could be: {MLE_AND_OTHERS}"),
    "machine-l": ("ambiguous role", f". It could be: {MLE_AND_OTHERS}"),
    # Prefixes of a title or of an alias.
    "ml": ("ambiguous role", ". It could be: machine-learning-engineer, "
           "research-engineer, machine-learning-scientist, "
           "machine-learning-researcher, mlops-engineer."),
    **dict.fromkeys(("e", "", " ", "-"), ("unknown role", f". {LIST}")),
    "data sientist": ("unknown role", f"{MEANT}? {LIST}"),
    "senior data scientist": ("unknown role", f"{MEANT} with experience='senior'?"),
    "Junior data scientist": ("unknown role", f"{MEANT} with experience='entry'?"),
    "entry-level data scientist": ("unknown role", f"{MEANT} with experience='entry'?"),
    "ds de": ("", f" {SCIENTIST_AND_ENGINEER}"),
    "ds,de": ("", f" {SCIENTIST_AND_ENGINEER}"),
    "data scientists data engineers": ("", f" {SCIENTIST_AND_ENGINEER}"),
    "ml engineer Data Engineers": (
        "", f" {SEVERAL}['machine-learning-engineer', 'data-engineer'])."
    ),
}  # fmt: skip


@pytest.mark.parametrize("typed", REFUSED)
def test_other_names_of_roles_are_refused(typed: str, bundled: Dataset) -> None:
    kind, reason = REFUSED[typed]
    error = error_of(UsageError, bundled.role, typed)
    assert error == f"{kind} {typed!r}{reason}".lstrip()


COUNTRIES = {
    "US": "US", "us": "US", "united states": "US", "usa": "US", "America": "US",
    "United-States-of-America": "US", "uk": "GB", "England": "GB", "Scotland": "GB",
    "great britain": "GB", "Deutschland": "DE", "Holland": "NL",
    "the Netherlands": "NL", "Espa\xf1a": "ES", "brasil": "BR", "\xd6sterreich": "AT",
    "all": None, "ALL": None,
}  # fmt: skip


@pytest.mark.parametrize(("typed", "code"), COUNTRIES.items(), ids=list(COUNTRIES))
def test_country_is_found_by_code_or_name(
    typed: str, code: str | None, bundled: Dataset
) -> None:
    names = {**bundled.countries, "ES": "Spain", "BR": "Brazil"}
    data = Dataset({**bundled.content, "countries": names})
    assert data.country(typed) == code


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Germny", " Did you mean 'Germany'?"),
        # Names that are not similar are not suggested.
        *((typed, "") for typed in ("switzerland", "Schweiz", "Narnia", "A")),
    ],
)
def test_unknown_countries_are_refused(
    typed: str, meant: str, bundled: Dataset
) -> None:
    choices = ", ".join(bundled.countries)
    error = error_of(UsageError, bundled.country, typed)
    assert error == (f"unknown country {typed!r}.{meant} Choose from: {choices}.")


def test_other_names_are_only_those_of_countries_in_the_data_set() -> None:
    small = load(TINY)
    assert small.country("Deutschland") == "DE"
    error = error_of(UsageError, small.country, "usa")
    assert error == "unknown country 'usa'. Choose from: DE, FR."


LEVELS = {
    "Senior": "senior", "sr": "senior", "expert": "senior", "entry level": "entry",
    "junior": "entry", "Entry-Level": "entry", "MI": "mid",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "level"), LEVELS.items(), ids=list(LEVELS))
def test_experience_is_found_by_name_or_code(typed: str, level: str) -> None:
    assert find_experience(typed) == level


def test_unknown_experience_is_rejected() -> None:
    error = error_of(UsageError, find_experience, "wizard")
    assert error == (
        "unknown experience level 'wizard'. Choose from: entry, mid, senior, executive."
    )


def test_choose_accepts_any_spelling() -> None:
    assert choose("Work_Mode", ["year", "work-mode"], "breakdown") == "work-mode"
    assert choose("work mode", {"work-mode": "value"}, "breakdown") == "value"
    assert choose("mode", ["work-mode"], "breakdown", {"mode": "work-mode"}) == (
        "work-mode"
    )


def test_choose_names_the_choices_and_suggests_a_similar_one() -> None:
    error = error_of(UsageError, choose, "x", ["year", "country"], "breakdown")
    assert error == "unknown breakdown 'x'. Choose from: year, country."
    error = error_of(UsageError, choose, "yaer", ["year", "country"], "breakdown")
    assert error == (
        "unknown breakdown 'yaer'. Did you mean 'year'? Choose from: year, country."
    )


def test_shorten_keeps_six_names() -> None:
    assert shorten("abcdef") == "a, b, c, d, e, f"
    assert shorten("abcdefg") == "a, b, c, d, e, f, ..."
