from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlroles.dataset.dataset import Dataset
from mlroles.dataset.load import load
from mlroles.errors import UsageError
from mlroles.matching import (
    choose,
    find_experience,
    name_key,
    role_names,
    shorten,
)
from tests.conftest import TINY, refused

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


@pytest.mark.parametrize("typed", ["machine learning ", "machine-l"])
def test_ambiguous_prefix_of_an_id_is_rejected(typed: str, bundled: Dataset) -> None:
    with pytest.raises(UsageError) as error:
        bundled.role(typed)
    assert str(error.value) == (
        f"ambiguous role {typed!r}. It could be: machine-learning-engineer, "
        "machine-learning-scientist, machine-learning-researcher, mlops-engineer."
    )


def test_ambiguous_prefix_of_a_title_or_alias_is_rejected(bundled: Dataset) -> None:
    with pytest.raises(UsageError) as error:
        bundled.role("ml")
    assert str(error.value) == (
        "ambiguous role 'ml'. It could be: machine-learning-engineer, "
        "research-engineer, machine-learning-scientist, machine-learning-researcher, "
        "mlops-engineer."
    )


@pytest.mark.parametrize("typed", ["e", "", " ", "-"])
def test_prefix_of_one_letter_is_rejected(typed: str, bundled: Dataset) -> None:
    with pytest.raises(UsageError) as error:
        bundled.role(typed)
    assert str(error.value) == (
        f"unknown role {typed!r}. Run mlroles.roles(data) for a list."
    )


def test_unknown_role_suggests_a_similar_one(bundled: Dataset) -> None:
    with pytest.raises(UsageError) as error:
        bundled.role("data sientist")
    assert str(error.value) == (
        "unknown role 'data sientist'. Did you mean 'data-scientist'? "
        "Run mlroles.roles(data) for a list."
    )


LEVELS = {"senior": "senior", "Junior": "entry", "entry-level": "entry"}


@pytest.mark.parametrize(("typed", "level"), LEVELS.items(), ids=list(LEVELS))
def test_role_with_an_experience_level_suggests_the_option(
    typed: str, level: str, bundled: Dataset
) -> None:
    with pytest.raises(UsageError) as error:
        bundled.role(f"{typed} data scientist")
    assert str(error.value) == (
        f"unknown role '{typed} data scientist'. Did you mean 'data-scientist' "
        f"with experience={level!r}?"
    )


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        *((typed, ["data-scientist", "data-engineer"])
          for typed in ("ds de", "ds,de", "data scientists data engineers")),
        ("data scientist mle", ["data-scientist", "machine-learning-engineer"]),
        ("ml engineer Data Engineers", ["machine-learning-engineer", "data-engineer"]),
    ],
)  # fmt: skip
def test_several_roles_instead_of_one_suggest_compare(
    typed: str, ids: list[str], bundled: Dataset
) -> None:
    with pytest.raises(UsageError) as error:
        bundled.role(typed)
    assert str(error.value) == (
        f"{typed!r} names several roles. To compare them, run mlroles.compare("
        f"data, {ids})."
    )


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


def test_unknown_country_suggests_a_similar_name(bundled: Dataset) -> None:
    with pytest.raises(UsageError) as error:
        bundled.country("Germny")
    assert str(error.value) == (
        "unknown country 'Germny'. Did you mean 'Germany'? Choose from: "
        f"{', '.join(bundled.countries)}."
    )


@pytest.mark.parametrize("typed", ["switzerland", "Schweiz", "Narnia", "A"])
def test_unknown_country_suggests_no_unrelated_name(
    typed: str, bundled: Dataset
) -> None:
    with pytest.raises(UsageError) as error:
        bundled.country(typed)
    assert str(error.value) == (
        f"unknown country {typed!r}. Choose from: {', '.join(bundled.countries)}."
    )


def test_other_names_are_only_those_of_countries_in_the_data_set() -> None:
    small = load(TINY)
    assert small.country("Deutschland") == "DE"
    with pytest.raises(UsageError) as error:
        small.country("usa")
    assert str(error.value) == "unknown country 'usa'. Choose from: DE, FR."


@pytest.mark.parametrize(
    ("typed", "level"),
    [
        ("Senior", "senior"),
        ("sr", "senior"),
        ("entry level", "entry"),
        ("MI", "mid"),
        ("junior", "entry"),
        ("Entry-Level", "entry"),
        ("expert", "senior"),
    ],
)
def test_experience_is_found_by_name_or_code(typed: str, level: str) -> None:
    assert find_experience(typed) == level


def test_unknown_experience_is_rejected() -> None:
    with pytest.raises(UsageError) as error:
        find_experience("wizard")
    assert str(error.value) == (
        "unknown experience level 'wizard'. Choose from: entry, mid, senior, executive."
    )


def test_choose_accepts_any_spelling() -> None:
    assert choose("Work_Mode", ["year", "work-mode"], "breakdown") == "work-mode"
    assert choose("work mode", {"work-mode": "value"}, "breakdown") == "value"
    assert choose("mode", ["work-mode"], "breakdown", {"mode": "work-mode"}) == (
        "work-mode"
    )


def test_choose_names_the_choices_and_suggests_a_similar_one() -> None:
    with pytest.raises(UsageError) as error:
        choose("x", ["year", "country"], "breakdown")
    assert str(error.value) == "unknown breakdown 'x'. Choose from: year, country."
    with pytest.raises(UsageError) as error:
        choose("yaer", ["year", "country"], "breakdown")
    assert str(error.value) == (
        "unknown breakdown 'yaer'. Did you mean 'year'? Choose from: year, country."
    )


HYPHENS = {
    "compare --sort -median": "unknown sort column '-median'. Did you mean 'median'? "
    "Choose from: median, title, difference, records, openings, average.",
    "locations --sort -place": "unknown sort column '-place'. Did you mean 'place'? "
    "Choose from: median, place, difference, records, employment, cost, adjusted, p10, "
    "p25, p75, p90.",
    "salary --by -year": "unknown breakdown '-year'. Did you mean 'year'? "
    "Choose from: year, country, experience, work-mode, seniority.",
    "salary --per --hour": "unknown pay period '--hour'. Did you mean 'hour'? "
    "Choose from: year, month, week, hour.",
    "locations --level -state": "unknown level '-state'. Did you mean 'state'? "
    "Choose from: metro, state, country.",
    "salary --work-mode -remote": "unknown work mode '-remote'. Did you mean "
    "'remote'? Choose from: on-site, hybrid, remote.",
    "salary --experience -senior": "unknown experience level '-senior'. Did you mean "
    "'senior'? Choose from: entry, mid, senior, executive.",
    "salary --country -canada": "unknown country '-canada'. Did you mean 'Canada'? "
    f"Choose from: {', '.join(DATA.countries)}.",
    "salary --country -all": "unknown country '-all'. "
    f"Choose from: {', '.join(DATA.countries)}.",
}


@pytest.mark.parametrize(("command", "message"), HYPHENS.items(), ids=list(HYPHENS))
def test_choice_with_a_leading_hyphen_is_rejected(command: str, message: str) -> None:
    assert refused(*command.split()) == f"error: {message}\n"


def test_shorten_keeps_six_names() -> None:
    assert shorten("abcdef") == "a, b, c, d, e, f"
    assert shorten("abcdefg") == "a, b, c, d, e, f, ..."
