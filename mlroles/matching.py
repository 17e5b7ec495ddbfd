"""Resolve what a person typed: roles, countries, and choices of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import EXPERIENCE_NAMES, EXPERIENCES
from mlroles.errors import Argument, Command, Message, UsageError, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mlroles.dataset.schema import Role

# Suggest a name only if it is this similar to what was typed, from 0 to 1.
_SIMILARITY = 0.75
_MAX_LISTED = 6
MIN_PREFIX = 2
# The most characters of a word, role, place or amount. No known name is longer, and
# some comparisons of names take more than linear time.
_MAX_TYPED = 200
# The most words of a question, each of which may take milliseconds to look up.
_MAX_WORDS = 1_000
_MAX_DIGITS = 15
# The names of places that have an article in a sentence.
_WITH_ARTICLE = {"District of Columbia", "Netherlands", "Philippines", "Virgin Islands"}
ALL_COUNTRIES = "all"
# Common names of countries that differ from those in a data set.
COUNTRY_NAMES = {
    "america": "US", "usa": "US", "unitedstatesofamerica": "US",
    "britain": "GB", "england": "GB", "greatbritain": "GB", "scotland": "GB",
    "uk": "GB", "wales": "GB",
    "brasil": "BR", "deutschland": "DE", "espana": "ES", "españa": "ES",
    "holland": "NL", "thenetherlands": "NL", "italia": "IT", "lettland": "LV",
    "lietuva": "LT", "mexiko": "MX", "méxico": "MX", "österreich": "AT",
    "osterreich": "AT", "polska": "PL", "schweiz": "CH", "suisse": "CH",
}  # fmt: skip
# The levels of places, the finest first, and what places of a level are called.
LEVELS = {"metro": "US metro area", "state": "US state", "country": "country"}
LEVELS_IN_PLURAL = {
    "metro": "US metro areas", "state": "US states", "country": "countries",
}  # fmt: skip
COUNTRY = "country"
# The levels of places within a country.
AREA_LEVELS = ("metro", "state")


def with_article(name: str) -> str:
    """Return the name of a place with the article that some have in a sentence."""
    has_article = name.startswith("United ") or name in _WITH_ARTICLE
    return f"the {name}" if has_article else name


def short_place(level: str, name: str) -> str:
    """Return the first city and state of a metro area; other names as they are."""
    if level != "metro":
        return name
    cities, _, states = name.partition(", ")
    city = cities.replace("/", "-").split("-")[0]
    return f"{city}, {states.split('-')[0]}" if states else city


def check_length(typed: str, argument: str | None) -> None:
    """Check that what was typed for an argument is not too long to be read.

    Raises:
        UsageError: It has more than 200 characters.
    """
    if len(typed) > _MAX_TYPED:
        text = f"{quoted(typed)} has {len(typed):,} characters, more than {_MAX_TYPED}."
        raise UsageError(text, argument=argument)


def check_words(typed: Sequence[str]) -> None:
    """Check that what was typed after a command is not too long to be read.

    Each text, which may consist of several words, is an argument.

    Raises:
        UsageError: A text has more than 200 characters, or all have over 1,000 words.
    """
    for text in typed:
        check_length(text, "role")
    count = sum(len(text.split()) for text in typed)
    if count > _MAX_WORDS:
        message = f"{count:,} words were typed, more than {_MAX_WORDS:,}."
        raise UsageError(message, argument="role")


def check_numbers(values: Mapping[str, object]) -> None:
    """Check that no number among the values of arguments is too large to be quoted.

    Raises:
        UsageError: A whole number has more than 15 digits.
    """
    for name, value in values.items():
        if isinstance(value, int) and abs(value) >= 10**_MAX_DIGITS:
            text = f" must have at most {_MAX_DIGITS} digits."
            raise UsageError(Argument(name), text, argument=name)


def name_key(name: str) -> str:
    """Return a name as it is compared: without case, spaces, hyphens, underscores."""
    return "".join(name.casefold().replace("-", " ").replace("_", " ").split())


def by_name(groups: Mapping[str, str]) -> dict[str, str]:
    """Return the value of each name, from the names of each value in one text."""
    return {name: value for value, names in groups.items() for name in names.split()}


def as_list(names: str | Iterable[str] | None) -> list[str]:
    """Return one name or several as a list; None is no name."""
    return [names] if isinstance(names, str) else list(names or ())


def matched_texts(match: str | Iterable[str] | None) -> list[str]:
    """Return the texts of an argument `match`.

    Raises:
        UsageError: One has more than 200 characters.
    """
    texts = as_list(match)
    for each in texts:
        check_length(each, "match")
    return texts


def role_names(role: Role) -> Iterator[str]:
    """Yield every name of a role: its id, title and aliases."""
    yield role["id"]
    yield role["title"]
    yield from role["aliases"]


def find_role(known: Mapping[str, Role], name: str, argument: str = "role") -> Role:
    """Find the role with a name, or with an unambiguous prefix of one.

    Args:
        known: The roles by the keys of their names.
        name: In any case, with spaces, hyphens or underscores, singular or plural.
        argument: The name of the argument, for the error.

    Raises:
        UsageError: No role matches, or several do.
    """
    check_length(name, argument)
    key = name_key(name)
    if role := known.get(key) or known.get(key.removesuffix("s")):
        return role
    prefixed = [role for each, role in known.items() if each.startswith(key)]
    matches = list({role["id"]: role for role in prefixed}.values())
    if len(key) < MIN_PREFIX:
        matches = []
    if len(matches) == 1:
        return matches[0]
    if matches:
        ids = [role["id"] for role in matches]
        message = f"ambiguous role {quoted(name)}. It could be: {shorten(ids)}."
        raise UsageError(message, argument=argument, suggestions=ids)
    raise _unknown_role(known, name, argument)


def _roles_named(roles: Mapping[str, Role], words: list[str]) -> list[Role]:
    """Return the roles that words name one after another, the longest names first.

    Empty if a word is not part of a name. `roles` are by the keys of their names.
    """
    found: list[Role] = []
    while words:
        ends = range(len(words), 0, -1)
        end = next((n for n in ends if name_key("".join(words[:n])) in roles), 0)
        if not end:
            return []
        found.append(roles[name_key("".join(words[:end]))])
        words = words[end:]
    return found


def _unknown_role(known: Mapping[str, Role], name: str, argument: str) -> UsageError:
    roles = {**{f"{key}s": role for key, role in known.items()}, **known}
    first, _, rest = name.partition(" ")
    level, role = EXPERIENCE_NAMES.get(name_key(first)), roles.get(name_key(rest))
    if level and role:
        return UsageError(
            f"unknown role {quoted(name)}. Did you mean {role['id']!r} with ",
            Argument("experience", level),
            "?",
            argument=argument,
            suggestions=[role["id"]],
        )
    several = _roles_named(roles, name.replace(",", " ").split())
    if len(several) > 1:
        compare = Command("compare", *(role["id"] for role in several))
        text = f"{quoted(name)} names several roles. To compare them, run "
        return UsageError(text, compare, ".", argument=argument)
    ids_by_name = {key: role["id"] for key, role in known.items()}
    hint = Message("Run ", Command("roles"), " for a list.")
    return unknown("role", name, ids_by_name, hint, argument=argument)


def country_codes(countries: Mapping[str, str]) -> dict[str, str]:
    """Return the codes of countries by the keys of their names and codes."""
    codes = {name_key(text): code for code, text in countries.items()}
    codes |= {name_key(code): code for code in countries}
    return codes | {n: code for n, code in COUNTRY_NAMES.items() if code in countries}


def find_country(
    countries: Mapping[str, str], codes: Mapping[str, str], name: str
) -> str | None:
    """Find a country by its code or name; "all" gives None.

    Args:
        countries: The names of the countries by their codes.
        codes: What `country_codes` returns for them.
        name: What was typed.

    Raises:
        UsageError: There is no such country.
    """
    check_length(name, "country")
    # A leading hyphen is not a separator.
    key = "" if name.startswith("-") else name_key(name)
    if key == ALL_COUNTRIES:
        return None
    if key in codes:
        return codes[key]
    names = {known: countries[code] for known, code in codes.items()}
    hint = f"Choose from: {', '.join(countries)}."
    raise unknown("country", name, names, hint, argument="country")


def find_experience(name: str) -> str:
    """Find an experience level by its name or another common one, such as junior.

    Raises:
        UsageError: It is not an experience level.
    """
    return choose(
        name, EXPERIENCES, "experience level", EXPERIENCE_NAMES, argument="experience"
    )


def choose(
    typed: str,
    choices: Mapping[str, str] | Iterable[str],
    what: str,
    aliases: Mapping[str, str] | None = None,
    *,
    argument: str | None = None,
) -> str:
    """Find one of several choices, in any case, with hyphens or underscores.

    Args:
        typed: What was typed.
        choices: The names to choose from, as a mapping with the value of each.
        what: What is chosen, for the message, such as "sort column".
        aliases: Other names that are accepted, with their values.
        argument: The name of the argument, for the error.

    Returns:
        The value of the choice, which is its name unless `choices` is a mapping.

    Raises:
        UsageError: It is not a choice.
    """
    check_length(typed, argument)
    values = dict(choices) if isinstance(choices, Mapping) else {c: c for c in choices}
    accepted = {**(aliases or {}), **values}
    by_key = {name_key(name): value for name, value in accepted.items()}
    # A leading hyphen is not a separator.
    key = "" if typed.startswith("-") else name_key(typed)
    if key in by_key:
        return by_key[key]
    names = {name_key(name): name for name in values}
    hint = f"Choose from: {', '.join(values)}."
    raise unknown(what, typed, names, hint, argument=argument)


def unknown(
    what: str,
    typed: str,
    known: Mapping[str, str],
    hint: str,
    *,
    argument: str | None = None,
) -> UsageError:
    """Return the error for an unknown name, with the most similar known name.

    `known` has the names to suggest by their keys (see `name_key`), `argument` is the
    name of the argument.
    """
    from difflib import get_close_matches

    similar = get_close_matches(name_key(typed), known, n=1, cutoff=_SIMILARITY)
    names = [known[key] for key in similar]
    suggestion = "".join(f" Did you mean {quoted(name)}?" for name in names)
    text = f"unknown {what} {quoted(typed)}.{suggestion} "
    return UsageError(text, hint, argument=argument, suggestions=names)


def shorten(names: Iterable[str], separator: str = ", ") -> str:
    """Join names; after the first six, `...` marks the rest."""
    listed = list(names)
    more = ["..."] if len(listed) > _MAX_LISTED else []
    return separator.join([*listed[:_MAX_LISTED], *more])
