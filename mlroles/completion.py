"""What a shell may complete: roles, columns, formats, countries and places.

Each function takes the context of the command line so far and gives the words that
would do, with a description where the word alone says too little. Typer keeps those
that begin as the person began. No word has a space in it, so that every shell takes
it as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import typer  # noqa: TC002 - Typer reads the annotations of these functions

from mlroles.errors import MlrolesError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlroles.schema import Dataset

Words: TypeAlias = list[str | tuple[str, str]]


def roles(ctx: typer.Context) -> Words:
    """The ids of the roles and their one-word aliases, each with the title."""
    words: Words = []
    for role in _data(ctx)["roles"]:
        short = (alias for alias in role["aliases"] if " " not in alias)
        words += [(name, role["title"]) for name in (role["id"], *short)]
    return words


def countries(ctx: typer.Context) -> Words:
    """The codes and the names of the countries that the survey covers."""
    words: Words = [("all", "the whole world")]
    for code, name in _data(ctx)["countries"].items():
        words += [(code, name), (_hyphened(name), name)]
    return words


def places(ctx: typer.Context) -> Words:
    """The states and the metro areas that any role has figures for."""
    known = _data(ctx)["places"]
    if known is None:
        return []
    names = [(_hyphened(name), name) for name in known["states"].values()]
    for table in known["tables"]:
        names += [(_hyphened(row[0].split(",")[0]), row[0]) for row in table["rows"]]
    return sorted(set(names))


def formats() -> Words:
    """Every format."""
    from mlroles.tables import format_names  # noqa: PLC0415 - imports tabulate

    return list(format_names())


def topics(ctx: typer.Context) -> Words:
    """What there is help on."""
    from mlroles.topics import TOPICS  # noqa: PLC0415 - only when asked for

    return [*TOPICS, *getattr(ctx.find_root().command, "commands", ())]


def words(*known: str) -> Callable[[], Words]:
    """A completion with some fixed words."""
    return lambda: list(known)


def _data(ctx: typer.Context) -> Dataset:
    from mlroles.dataset import chosen_path, load  # noqa: PLC0415 - when asked for

    try:
        return load(chosen_path(ctx.params.get("data_file")))
    except MlrolesError:
        # A completion has nowhere to tell a fault; the command itself will.
        return load()


def _hyphened(name: str) -> str:
    return "-".join(name.casefold().replace("/", " ").split())
