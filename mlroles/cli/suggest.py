"""The command line that would work, for words that people use for ours."""

from __future__ import annotations

import shlex
from itertools import takewhile
from typing import TYPE_CHECKING

from mlroles.cli.registry import COMMANDS
from mlroles.errors import UsageError, quoted, shortened
from mlroles.matching import by_name

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from mlroles.words import Typed

# Question words, which name a command only if no other word does.
_VAGUE = frozenset({"what", "what's", "who", "where", "about"})
# Words of questions about pay.
_EARNING = frozenset({"earn", "earns", "make", "makes", "paid", "pay"})
# The least similarity of a misspelled name to that of its command.
_LIKENESS = 0.7
_COMMANDS = by_name({
    "salary": "pay wage wages salaries income compensation comp earnings range",
    "compare": "vs versus diff comparison",
    "offer": "rank evaluate check percentile negotiate",
    "locations": "cities city places place metros metro states state where",
    "relocate": "move relocation col cost",
    "employers": "companies company firms employer who",
    "industries": "industry sectors sector",
    "roles": "role jobs titles list",
    "describe": "about what description explain info requirements qualifications",
    "show": "become page everything profile report sheet handout",
    "duties": "tasks responsibilities",
    "skills": "skill technologies tools tech stack languages programming",
    "outlook": "forecast growth growing dying replace demand projections openings "
    "trend trends future",
    "faq": "questions career path degree education",
    "sources": "source provenance numbers old",
    "help": "man usage",
})  # fmt: skip
# Words of questions that say nothing more; some are fillers of all words.
_QUESTION_WORDS = (
    "a an are best better can come do does earn for get good has have "
    "highest hiring how i is it live make makes many me much my on paid paying pays "
    "people salary should some tell that the there they this top what what's whats "
    "which will with work would you your"
)
# The options, with their values where the name says it.
_OPTIONS = by_name({
    "--location": "city place metro area state where region in",
    "--country": "nation",
    "--by experience": "levels seniorities grades",
    "--experience": "level seniority grade",
    "--experience senior": "senior",
    "--experience entry": "junior entry",
    "--work-mode": "mode workmode",
    "--work-mode remote": "remote",
    "--sort": "sort-by sortby order order-by orderby",
    "--reverse": "desc asc descending ascending",
    "--level country": "countries",
    "--level state": "states",
    "--level metro": "metros cities",
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
})  # fmt: skip


def check_command(arguments: Sequence[str]) -> None:
    """Check what was meant by arguments that do not begin with a command.

    Raises:
        UsageError: It is known: another name of a command, or words that one can read.
    """
    words = list(takewhile(lambda word: not word.startswith("-"), arguments))
    if line := _meant([word.strip(".,?!'") for word in words]):
        raise _unknown("command", arguments[0], [*line, *arguments[len(words) :]])


def _meant(words: list[str]) -> list[str] | None:
    """Return the command line that words mean; None if none can be read.

    Raises:
        UsageError: They contradict each other, or name a place without figures.
    """
    from difflib import get_close_matches

    from mlroles.dataset.load import load
    from mlroles.words import VERSUS, understood

    said = [word.casefold() for word in words]
    names = _COMMANDS | {name: name for name in COMMANDS}
    if not _EARNING.isdisjoint(said):
        # What someone earns is no description.
        names.pop("what")
    named = [
        names[name] for name in sorted(said, key=_VAGUE.__contains__) if name in names
    ]
    # Between offers, it is no command.
    omitted = {*names, *_QUESTION_WORDS.split()} - VERSUS
    if said and said[0] not in omitted:
        named += get_close_matches(said[0], COMMANDS, 1, _LIKENESS)
    if "from" not in said:
        omitted.add("to")
    rest = [word for word, name in zip(words, said, strict=True) if name not in omitted]
    parts, rest = _parts(rest)
    typed, known = understood(load(), rest)
    implied = _command_for(typed)
    if parts and implied == "offer":
        known += parts
    commands = [*named[:1], *filter(None, [implied])]
    return next(([each, *known] for each in commands if _can_read(each, known)), None)


def _parts(words: list[str]) -> tuple[list[str], list[str]]:
    """Return the words for bonus, equity and signing bonus, and the others."""
    from mlroles.package import find_parts

    try:
        parts, others = find_parts(words)
    except UsageError:
        return [], words
    return [word for part in parts.items() for word in " ".join(part).split()], others


def _command_for(typed: Typed) -> str | None:
    """Return the command for words by what they are; None if they are nothing."""
    if not all(each.is_year for each in typed.amounts):
        return "relocate" if typed.start and typed.ends else "offer"
    if not typed.roles and not typed.places:
        return None
    return "compare" if len(typed.roles) > 1 else "salary"


def _can_read(name: str, words: list[str]) -> bool:
    """Return whether a command answers words."""
    from mlroles.cli.ask import ask
    from mlroles.dataset.load import load

    options = {each.name for each in COMMANDS[name].options}
    if not words:
        return "amount" not in options
    if not options & {"role", "roles"}:
        return False
    try:
        ask(load(), " ".join([name, *words]))
    except UsageError:
        return False
    return True


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
