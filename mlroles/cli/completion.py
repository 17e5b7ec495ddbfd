"""Shell completion of roles, columns, countries and places.

Each function returns the words that complete the command line, with a description
where a word needs one. Typer keeps those that start with what was typed, so words
that start with it in another case are returned as they were begun.

Shells evaluate what they are given: zsh twice, and bash and fish when the command runs.
So everything passes `safe` or `described`, which know only what may pass.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

import typer  # noqa: TC002 - Typer reads the annotations of these functions

from mlroles.dataset.load import STDIN, load
from mlroles.errors import MlrolesError, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import Role

# Letters of any language, digits, and signs without a meaning in a shell, for Typer or
# for rich, which Typer passes descriptions to. A colon ends words in PowerShell.
_WORD = r"\w[\w.,-]*"
_NOT_DESCRIBED = r"[^\w .,:/&+-]|:(?! )"
# Typer wraps descriptions to the width of the terminal, and fish reads lines as words.
_MAX_COLUMNS = 70
_MAX_WORD = 100
Words: TypeAlias = "Iterable[tuple[str, str]]"


def safe(
    complete: Callable[[typer.Context, str], Words],
) -> Callable[[typer.Context, str], list[tuple[str, str]]]:
    """Return a completion that returns nothing that a shell could evaluate."""

    def call(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
        charset = ctx.find_root().obj.encoding
        return [
            (word, described(description, charset))
            for word, description in complete(ctx, incomplete)
            if re.fullmatch(_WORD, word) and word == _encodable(word, charset)
        ]

    return call


def described(description: str, charset: str) -> str:
    """Return a description on one line of at most 70 columns, safe for a shell."""
    from mlroles.output.values import display_width

    text = re.sub(_NOT_DESCRIBED, "", _encodable(description, charset))
    # A character takes at most two columns.
    is_wide = display_width(text) > len(text)
    return shortened(text, _MAX_COLUMNS // 2 if is_wide else _MAX_COLUMNS)


def _encodable(text: str, charset: str) -> str:
    return text.encode(charset, "ignore").decode(charset)


def asked(ctx: typer.Context, incomplete: str) -> Words:
    """Return roles, and if the command has use for them, levels, modes and places."""
    from mlroles.dataset.dimensions import EXPERIENCES, WORK_MODES

    found = list(roles(ctx, incomplete))
    options = {each.name for each in ctx.command.params}
    if "experience" in options:
        others = [(name, "level") for name in (*EXPERIENCES, "staff", "lead")]
        others += [(mode, "work mode") for mode in WORK_MODES]
        found += _starting_with(others, incomplete)
    # There are too many to list them all.
    if incomplete and options & {"location", "from_place", "level"}:
        found += locations(ctx, incomplete)
    return found


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
    typed = before.split(",")
    return [(f"{before}{comma}{name}", "") for name in names if name not in typed]


def topics(ctx: typer.Context, incomplete: str) -> Words:
    """Return the topics of `mlroles help`."""
    from mlroles.cli.help_topics import TOPICS

    commands = getattr(ctx.find_root().command, "commands", ())
    return words(*TOPICS, *commands)(ctx, incomplete)


def words(*choices: str) -> Callable[[typer.Context, str], Words]:
    """Return a completion with fixed choices."""
    return lambda _ctx, _incomplete: [(choice, "") for choice in choices]


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


def _starting_with(words: Words, incomplete: str) -> Words:
    """Return the words that start with a text, in any case; codes keep theirs.

    Words that are too long to choose from a list are omitted.
    """
    prefix, length = incomplete.casefold(), len(incomplete)
    return [
        (word if word.isupper() else incomplete + word[length:], description)
        for word, description in words
        if word.casefold().startswith(prefix) and len(word) <= _MAX_WORD
    ]


def _word(name: str) -> str:
    """Return a name up to the first comma or parenthesis as one word."""
    return _hyphenate(re.split(r"[,(]", name, maxsplit=1)[0])


def _hyphenate(name: str) -> str:
    return "-".join(name.casefold().replace("/", " ").split())
