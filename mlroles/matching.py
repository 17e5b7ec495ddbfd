"""Finding what a person means by the name that they typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import EXPERIENCE_NAMES, name_key
from mlroles.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mlroles.dataset.schema import Dataset, Role

_LISTED = 6
_SHORTEST_BEGINNING = 2


def role_names(role: Role) -> Iterator[str]:
    """Every name that finds a role: its id, its title and its aliases."""
    yield role["id"]
    yield role["title"]
    yield from role["aliases"]


def find_role(data: Dataset, name: str | None = None) -> Role:
    """The role of that id, title or alias, or of a beginning that only it has.

    Args:
        data: A data set.
        name: In any case, with spaces, hyphens or underscores, also in the plural;
            left out, it is the data set's default role.

    Raises:
        UsageError: No role has the name, or several begin with it.
    """
    if name is None:
        default = data["default_role"]
        return next(role for role in data["roles"] if role["id"] == default)
    wanted = name_key(name)
    if role := _named(data, wanted):
        return role
    long_enough = len(wanted) >= _SHORTEST_BEGINNING
    begun = [
        role
        for role in data["roles"]
        if long_enough
        and any(name_key(known).startswith(wanted) for known in role_names(role))
    ]
    if len(begun) == 1:
        return begun[0]
    if begun:
        ids = listed(role["id"] for role in begun)
        raise UsageError(f"{name!r} could be {ids}; write more of it, or the id")
    raise _no_role(data, name)


def find_roles(data: Dataset, words: Iterable[str]) -> list[str]:
    """The names of roles among words that a shell has split, each name whole.

    Words that together are a role's name are one, the longest such name first:
    `data scientist mle` are two roles. Any other word is a name by itself.
    """
    left, names = list(words), []
    of_roles = (name for role in data["roles"] for name in role_names(role))
    # A word alone is a name, whatever roles there are.
    known = set(map(name_key, of_roles)) if len(left) > 1 else set()
    known |= {f"{key}s" for key in known}
    while left:
        ends = range(len(left), 1, -1)
        end = next((e for e in ends if name_key(" ".join(left[:e])) in known), 1)
        names.append(" ".join(left[:end]))
        left = left[end:]
    return names


def _named(data: Dataset, key: str) -> Role | None:
    """The role of a name, or else of that name's singular."""
    every = {name_key(n): role for role in data["roles"] for n in role_names(role)}
    return every.get(key) or every.get(key.removesuffix("s"))


def _no_role(data: Dataset, name: str) -> UsageError:
    first, _, rest = name.partition(" ")
    level, role = EXPERIENCE_NAMES.get(name_key(first)), _named(data, name_key(rest))
    if level and role:
        hint = f"did you mean {role['id']!r} with --experience {level}?"
        return UsageError(f"no role called {name!r}; {hint}")
    names = find_roles(data, name.replace(",", " ").split())
    if len(names) > 1 and all(_named(data, name_key(each)) for each in names):
        several = " ".join(find_role(data, each)["id"] for each in names)
        return UsageError(
            f"{name!r} are several roles; try 'mlroles compare {several}'"
        )
    known = {name_key(name): r["id"] for r in data["roles"] for name in role_names(r)}
    return no_such("role", name, known, "'mlroles roles' lists all")


def no_such(what: str, name: str, known: dict[str, str], rest: str) -> UsageError:
    """The fault that a name is not known, with the nearest that is.

    `known` maps what a person may have meant to how it is best written; `rest`
    tells how to go on.
    """
    from difflib import get_close_matches

    near = get_close_matches(name_key(name), known, n=1)
    hint = f" did you mean {known[near[0]]!r}?" if near else ""
    return UsageError(f"no {what} called {name!r};{hint} {rest}")


def one_of(wanted: str, known: Iterable[str], what: str) -> str:
    """A name as the tool spells it, out of those that it knows.

    Raises:
        UsageError: It is none of them; the message says which there are.
    """
    spelled = {name_key(name): name for name in known}
    found = spelled.get(name_key(wanted))
    if found is None:
        raise no_such(what, wanted, spelled, f"there are {', '.join(spelled.values())}")
    return found


def listed(names: Iterable[str]) -> str:
    """Names in a sentence: the first few, and that there are more."""
    few = list(names)
    more = ["..."] if len(few) > _LISTED else []
    return ", ".join([*few[:_LISTED], *more])
