"""Shell completion of roles, columns, countries and places.

Each function returns the words that complete the command line, with a description
where a word needs one. Typer keeps those that start with what was typed, so words
that start with it in another case are returned as they were begun. No word contains a
space, a quote or another character with a meaning in a shell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

import typer  # noqa: TC002 - Typer reads the annotations of these functions

from mlroles.dataset.load import STDIN, load
from mlroles.errors import MlrolesError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import Role

_BARE_WORD = r"[\w.-]+"
Words: TypeAlias = list[str] | list[tuple[str, str]]


def roles(ctx: typer.Context, incomplete: str) -> Words:
    """Return the ids and one-word aliases of the roles, with their titles."""
    words: list[tuple[str, str]] = []
    for role in _data(ctx).roles:
        aliases = (alias for alias in role["aliases"] if " " not in alias)
        words += [(name, role["title"]) for name in (role["id"], *aliases)]
    return _starting_with(words, incomplete)


def countries(ctx: typer.Context, incomplete: str) -> Words:
    """Return the codes and names of the countries in the data set."""
    words = [("all", "all countries")]
    for code, name in _data(ctx).countries.items():
        words += [(code, name), (_hyphenate(name), name)]
    return _starting_with(words, incomplete)


def places(ctx: typer.Context, incomplete: str) -> Words:
    """Return the states and metro areas that the role has figures for."""
    data = _data(ctx)
    tables = data.place_tables(_role(ctx, data)["id"]).values()
    rows = [row for table in tables for row in table["rows"]]
    states = {state for _, _, state, *_ in rows}
    words = {_hyphenate(n): n for code, n in data.states.items() if code in states}
    words |= {_hyphenate(place.split(",")[0]): place for place, *_ in rows}
    return _starting_with(sorted(words.items()), incomplete)


def locations(ctx: typer.Context, incomplete: str) -> Words:
    """Return all places: metro areas by city and state, states and countries."""
    words = {
        _hyphenate(place.short_name.replace(",", "").replace(".", "")): place.name
        for place in _data(ctx).places.every
    }
    return _starting_with(sorted(words.items()), incomplete)


def occupations(ctx: typer.Context, incomplete: str) -> Words:
    """Return the codes and titles of the occupations that list the role."""
    words = []
    for each in _related(ctx, ctx.info_name):
        words += [(each["code"], each["title"]), (_word(each["title"]), each["title"])]
    return _starting_with(words, incomplete)


def industries(ctx: typer.Context, incomplete: str) -> Words:
    """Return the industries of the occupations that list the role."""
    names = {row[1] for table in _related(ctx, "industries") for row in table["rows"]}
    return _starting_with(sorted((_word(each), each) for each in names), incomplete)


def technologies(ctx: typer.Context, incomplete: str) -> Words:
    """Return the technologies of the role."""
    from mlroles.queries.skills import skills

    data = _data(ctx)
    rows = skills(data, _role(ctx, data)["id"]).rows
    names = {row["technology"]: row["category"] for row in rows}
    return _starting_with([(_word(each), names[each]) for each in names], incomplete)


def employers(ctx: typer.Context, incomplete: str) -> Words:
    """Return the employers by the role's title, and under its occupations."""
    data = _data(ctx)
    table = data.table("employers") or {"titles": {}}
    titled = table["titles"].get(_role(ctx, data)["id"])
    tables = [*_related(ctx, "employers"), *([titled] if titled else [])]
    names = {row[0] for each in tables for row in each["rows"]}
    return _starting_with(sorted((_word(each), each) for each in names), incomplete)


def fields(ctx: typer.Context, incomplete: str) -> Words:
    """Return the keys of the answer, after those before the last comma."""
    from mlroles.questions import QUESTIONS

    before, comma, _ = incomplete.rpartition(",")
    names = QUESTIONS[str(ctx.info_name)].keys
    return [f"{before}{comma}{name}" for name in names if name not in before.split(",")]


def topics(ctx: typer.Context) -> Words:
    """Return the topics of `mlroles help`."""
    from mlroles.cli.help_topics import TOPICS

    return [*TOPICS, *getattr(ctx.find_root().command, "commands", ())]


def words(*choices: str) -> Callable[[], Words]:
    """Return a completion with fixed choices."""
    return lambda: list(choices)


def _related(ctx: typer.Context, name: Any) -> list[Any]:
    """Return the tables of the occupations that list the role on the command line."""
    from mlroles.queries.market import related

    data = _data(ctx)
    return related(data, _role(ctx, data), data.by_occupation(name))


def _role(ctx: typer.Context, data: Dataset) -> Role:
    """Return the role on the command line; the default role if it is unknown."""
    # Before an option without a value, Typer leaves the arguments unparsed.
    name = " ".join(ctx.params.get("role") or ctx.args)
    try:
        return data.role(name or None)
    except MlrolesError:
        return data.role()


def _data(ctx: typer.Context) -> Dataset:
    path = ctx.params.get("data_file")
    try:
        # At a prompt, standard input is the keyboard.
        return load(None if path == STDIN else path)
    except MlrolesError:
        # The command itself will report the error.
        return load()


def _starting_with(words: Sequence[tuple[str, str]], incomplete: str) -> Words:
    """Return the words that start with a text, in any case; codes keep theirs."""
    prefix, length = incomplete.casefold(), len(incomplete)
    return [
        (word if word.isupper() else incomplete + word[length:], description)
        for word, description in words
        if word.casefold().startswith(prefix) and re.fullmatch(_BARE_WORD, word)
    ]


def _word(name: str) -> str:
    """Return a name up to the first comma or parenthesis as one word."""
    return _hyphenate(re.split(r"[,(]", name, maxsplit=1)[0])


def _hyphenate(name: str) -> str:
    return "-".join(name.casefold().replace("/", " ").split())
