"""Finding what a person means by the name that they typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.errors import UsageError
from mlroles.layout import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mlroles.schema import Dataset, Role

_LISTED = 6


def role_names(role: Role) -> Iterator[str]:
    """Every name that finds a role: its id, its title and its aliases."""
    yield role["id"]
    yield role["title"]
    yield from role["aliases"]


def find_role(data: Dataset, name: str | None = None) -> Role:
    """The role of that id, title or alias, or of a beginning that only it has.

    Args:
        data: A data set.
        name: In any case, with spaces, hyphens or underscores; left out, it is the
            data set's default role.

    Raises:
        UsageError: No role has the name, or several begin with it.
    """
    if name is None:
        default = data["default_role"]
        return next(role for role in data["roles"] if role["id"] == default)
    wanted = name_key(name)
    begun: dict[str, Role] = {}
    for role in data["roles"]:
        for known in role_names(role):
            key = name_key(known)
            if key == wanted:
                return role
            if wanted and key.startswith(wanted):
                begun[role["id"]] = role
    if len(begun) == 1:
        return begun.popitem()[1]
    if begun:
        raise UsageError(
            f"{name!r} could be {listed(begun)}; write more of it, or the id"
        )
    ids = {name_key(known): r["id"] for r in data["roles"] for known in role_names(r)}
    raise no_such("role", name, ids, "'mlroles roles' lists all")


def no_such(what: str, name: str, known: dict[str, str], rest: str) -> UsageError:
    """The fault that a name is not known, with the nearest that is.

    `known` maps what a person may have meant to how it is best written; `rest`
    tells how to go on.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only a fault needs it

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
