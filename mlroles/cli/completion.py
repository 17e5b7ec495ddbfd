"""What a shell may complete: roles, columns, formats, countries and places.

Each function takes the context of the command line so far and gives the words that
would do, with a description where the word alone says too little. Typer keeps those
that begin as the person began, so that words which do so in another case come as they
were begun. Every shell takes each word as it is: none has a space, a quote or another
sign in it that means something there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import typer  # noqa: TC002 - Typer reads the annotations of these functions

from mlroles.errors import MlrolesError
from mlroles.matching import find_role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlroles.dataset.schema import Dataset

_BARE = r"[\w.-]+"
Words: TypeAlias = list[str] | list[tuple[str, str]]


def roles(ctx: typer.Context, incomplete: str) -> Words:
    """The ids of the roles and their one-word aliases, each with the title."""
    words: list[tuple[str, str]] = []
    for role in _data(ctx)["roles"]:
        short = (alias for alias in role["aliases"] if " " not in alias)
        words += [(name, role["title"]) for name in (role["id"], *short)]
    return _as_begun(words, incomplete)


def countries(ctx: typer.Context, incomplete: str) -> Words:
    """The codes and the names of the countries that the survey covers."""
    words = [("all", "the whole world")]
    for code, name in _data(ctx)["countries"].items():
        words += [(code, name), (_hyphened(name), name)]
    return _as_begun(words, incomplete)


def places(ctx: typer.Context, incomplete: str) -> Words:
    """The states and the metro areas that the role has figures for."""
    data = _data(ctx)
    known = data["places"]
    if known is None:
        return []
    # Before an option whose value is to come, Typer leaves the words unread.
    name = " ".join(ctx.params.get("role") or ctx.args)
    try:
        role = find_role(data, name or None)["id"]
    except MlrolesError:
        role = data["default_role"]
    rows = [row for t in known["tables"] if t["role"] == role for row in t["rows"]]
    found = {row[2] for row in rows}
    words = {_hyphened(n): n for code, n in known["states"].items() if code in found}
    words |= {_hyphened(row[0].split(",")[0]): row[0] for row in rows}
    return _as_begun(sorted(words.items()), incomplete)


def formats() -> Words:
    """Every format."""
    from mlroles.output.tables import format_names

    return list(format_names())


def topics(ctx: typer.Context) -> Words:
    """What there is help on."""
    from mlroles.cli.help_topics import TOPICS

    return [*TOPICS, *getattr(ctx.find_root().command, "commands", ())]


def words(*known: str) -> Callable[[], Words]:
    """A completion with some fixed words."""
    return lambda: list(known)


def _data(ctx: typer.Context) -> Dataset:
    from mlroles.dataset.load import STDIN, chosen_path, load

    path = chosen_path(ctx.params.get("data_file"))
    try:
        # At a prompt standard input is the keyboard's.
        return load(None if path == STDIN else path)
    except MlrolesError:
        # A completion has nowhere to tell a fault; the command itself will.
        return load()


def _as_begun(words: Sequence[tuple[str, str]], incomplete: str) -> Words:
    """The words that begin so in any case, but for codes, which are in capitals."""
    begun, length = incomplete.casefold(), len(incomplete)
    return [
        (word if word.isupper() else incomplete + word[length:], description)
        for word, description in words
        if word.casefold().startswith(begun) and re.fullmatch(_BARE, word)
    ]


def _hyphened(name: str) -> str:
    return "-".join(name.casefold().replace("/", " ").split())
