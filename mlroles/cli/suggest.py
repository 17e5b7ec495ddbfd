"""The command line that would work, for words that people use for ours."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from mlroles.errors import UsageError, quoted, shortened

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

_COMMANDS = {
    name: command
    for command, names in {
        "salary": "pay wage wages salaries income compensation comp earnings price",
        "compare": "vs versus diff comparison",
        "offer": "rank evaluate check percentile negotiate",
        "locations": "cities city places place metros metro states state where",
        "relocate": "move relocation col cost",
        "employers": "companies company firms employer",
        "industries": "industry sectors sector",
        "roles": "role jobs titles list",
        "describe": "about what description explain info",
        "show": "page everything profile",
        "duties": "tasks responsibilities",
        "skills": "skill technologies tools tech stack",
        "outlook": "forecast growth demand projections openings trends",
        "faq": "questions",
        "sources": "source data provenance",
        "help": "man usage",
    }.items()
    for name in names.split()
}
# The options, with their values where the name says it.
_OPTIONS = {
    name: option
    for option, names in {
        "--location": "city place metro area state where region in",
        "--country": "nation",
        "--experience": "level seniority grade",
        "--experience senior": "senior",
        "--experience entry": "junior entry",
        "--work-mode": "mode workmode",
        "--work-mode remote": "remote",
        "--sort": "sort-by sortby order order-by orderby",
        "--reverse": "desc asc descending ascending",
        "--limit": "top first max rows head count",
        "--match": "filter search grep contains",
        "--by": "group-by groupby breakdown",
        "--format": "output-format as type",
        "--format csv": "csv",
        "--format tsv": "tsv",
        "--format jsonl": "jsonl ndjson",
        "--format markdown": "markdown md",
        "--output": "out save file write",
        "--chart": "plot graph bar",
        "--fields": "columns keys select field column",
        "--per": "period",
        "--per hour": "hourly",
        "--per month": "monthly",
        "--currency": "money unit",
        "--real": "inflation adjusted",
        "--details": "verbose detail explain",
        "--all": "every everything",
        "--data": "dataset data-set input",
        "--signing": "sign-on signon",
        "--equity": "stock rsu rsus",
    }.items()
    for name in names.split()
}


def check_command(arguments: Sequence[str]) -> None:
    """Check what was meant by arguments that do not begin with a command.

    Raises:
        UsageError: It is known: another name of a command, or words that one can read.
    """
    name, *rest = arguments
    command = _COMMANDS.get(name.casefold())
    line = [command, *rest] if command else _question(arguments)
    if line:
        raise _unknown("command", name, line)


def _question(arguments: Sequence[str]) -> list[str] | None:
    """Return the command that can read words, with them; None if there is none."""
    from itertools import takewhile

    from mlroles.dataset.load import load
    from mlroles.words import read

    words = list(takewhile(lambda word: not word.startswith("-"), arguments))
    try:
        typed = read(load(), words, command="compare")
    except UsageError:
        return None
    if typed.amounts:
        command = "relocate" if typed.start and typed.ends else "offer"
    elif typed.roles or typed.places:
        command = "compare" if len(typed.roles) > 1 else "salary"
    else:
        return None
    return [command, *arguments]


def check_options(
    command: str, arguments: Sequence[str], known: Container[str]
) -> None:
    """Check the names of the options of a command.

    Raises:
        UsageError: There is no such option, and another name of it is known.
    """
    for at, argument in enumerate(arguments):
        if argument == "--":
            return
        name, equals, value = argument.partition("=")
        words = _OPTIONS.get(name.removeprefix("--").casefold(), "").split()
        if name in known or not name.startswith("--") or not words:
            continue
        if words[0] in known:
            words += [value] if equals else []
            line = [command, *arguments[:at], *words, *arguments[at + 1 :]]
            raise _unknown("option", name, line)


def check_order(arguments: Sequence[str], known: Container[str]) -> None:
    """Check that no option of a command is before its name.

    Raises:
        UsageError: The first argument is one.
    """
    at = next((at for at, each in enumerate(arguments) if each in known), 0)
    if at:
        line = [*arguments[at:], *arguments[:at]]
        raise _unknown("option", arguments[0], line)


def _unknown(what: str, name: str, line: Sequence[str]) -> UsageError:
    meant = shlex.join(["mlroles", *line])
    return UsageError(
        f"no such {what} {quoted(name)}. Did you mean: {shortened(meant, 200)}",
        suggestions=[meant],
    )
