"""Resolve what a person typed: roles, countries, and choices of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import EXPERIENCE_NAMES, EXPERIENCES
from mlroles.errors import Argument, Command, Message, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mlroles.dataset.schema import Role

# Suggest a name only if it is this similar to what was typed, from 0 to 1.
_SIMILARITY = 0.75
_MAX_LISTED = 6
MIN_PREFIX = 2
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


def short_place(level: str, name: str) -> str:
    """Return the first city and state of a metro area; other names as they are."""
    if level != "metro":
        return name
    cities, _, states = name.partition(", ")
    city = cities.replace("/", "-").split("-")[0]
    return f"{city}, {states.split('-')[0]}" if states else city


def name_key(name: str) -> str:
    """Return a name as it is compared: without case, spaces, hyphens, underscores."""
    return "".join(name.casefold().replace("-", " ").replace("_", " ").split())


def as_list(names: str | Iterable[str] | None) -> list[str]:
    """Return one name or several as a list; None is no name."""
    return [names] if isinstance(names, str) else list(names or ())


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
        message = f"ambiguous role {name!r}. It could be: {shorten(ids)}."
        raise UsageError(message, argument=argument, suggestions=ids)
    raise _unknown_role(known, name, argument)


def split_role_names(known: Mapping[str, Role], words: Iterable[str]) -> list[str]:
    """Join the words of a command line that form the names of roles.

    The longest name wins: `data scientist mle` are two roles. A word that begins no
    name of several words is a name of its own. `known` has the roles by the keys of
    their names.
    """
    remaining, names = list(words), []
    keys = {*known, *(f"{key}s" for key in known)}
    while remaining:
        lengths = range(len(remaining), 1, -1)
        length = next(
            (n for n in lengths if name_key(" ".join(remaining[:n])) in keys), 1
        )
        names.append(" ".join(remaining[:length]))
        remaining = remaining[length:]
    return names


def _unknown_role(known: Mapping[str, Role], name: str, argument: str) -> UsageError:
    roles = {**{f"{key}s": role for key, role in known.items()}, **known}
    first, _, rest = name.partition(" ")
    level, role = EXPERIENCE_NAMES.get(name_key(first)), roles.get(name_key(rest))
    if level and role:
        return UsageError(
            f"unknown role {name!r}. Did you mean {role['id']!r} with ",
            Argument("experience", level),
            "?",
            argument=argument,
            suggestions=[role["id"]],
        )
    names = split_role_names(known, name.replace(",", " ").split())
    several = [roles.get(name_key(each)) for each in names]
    if len(names) > 1 and all(several):
        compare = Command("compare", *(role["id"] for role in several if role))
        text = f"{name!r} names several roles. To compare them, run "
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
    values: dict[str, str] = (
        dict(choices) if isinstance(choices, Mapping) else {c: c for c in choices}
    )
    accepted = {**(aliases or {}), **values}
    by_key = {name_key(name): value for name, value in accepted.items()}
    # A leading hyphen is not a separator.
    if not typed.startswith("-") and name_key(typed) in by_key:
        return by_key[name_key(typed)]
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
    suggestion = "".join(f" Did you mean {name!r}?" for name in names)
    text = f"unknown {what} {typed!r}.{suggestion} "
    return UsageError(text, hint, argument=argument, suggestions=names)


def shorten(names: Iterable[str], separator: str = ", ") -> str:
    """Join names; after the first six, `...` marks the rest."""
    listed = list(names)
    more = ["..."] if len(listed) > _MAX_LISTED else []
    return separator.join([*listed[:_MAX_LISTED], *more])
