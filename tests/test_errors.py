"""Messages, as Python, the command line and agents write them."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from mlroles.cli.console import option
from mlroles.errors import Argument, Command, Message, UsageError, printable, written
from mlroles.queries.employers import employers
from mlroles.queries.locations import locations

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGE = Path(mlroles.__file__).parent
DATA = mlroles.load()
SENIOR_REMOTE = mlroles.Filters(experience="senior", work_mode="remote")
PARTS = [
    (Argument("min_records"), "min_records", "--min-records"),
    (Argument("min_records", 10), "min_records=10", "--min-records 10"),
    (Argument("level", "country"), "level='country'", "--level country"),
    (Command("roles"), "mlroles.roles(data)", "'mlroles roles'"),
    (Command("locations", "a"), "mlroles.locations(data, 'a')",
     "'mlroles locations a'"),
    (Command("compare", "a", "b"), "mlroles.compare(data, ['a', 'b'])",
     "'mlroles compare a b'"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "text", "typed"), PARTS)
def test_parts_are_written_by_each_interface(
    part: Argument | Command, text: str, typed: str
) -> None:
    message = Message(Message("before ", part), " after")
    assert message == f"before {text} after"
    assert written(message, option) == f"before {typed} after"


def test_messages_without_parts_are_the_same_everywhere() -> None:
    assert written("--limit is typed", option) == "--limit is typed"


def test_control_characters_are_escaped_in_every_part() -> None:
    message = printable(Message("\x1b[31m ", Argument("limit")))
    assert message == "\\x1b[31m limit"
    assert written(message, option) == "\\x1b[31m --limit"


# A call, its message, and the argument and the suggestions that the error has.
ERRORS: list[tuple[Callable[[], Any], str, str, tuple[str, ...]]] = [
    (lambda: mlroles.compare(DATA, limit=0),
     "limit must be at least 1, not 0.", "limit", ()),
    (lambda: mlroles.employers(DATA, min_records=3),
     "min_records must be at least 10, not 3.", "min_records", ()),
    (lambda: mlroles.employers(DATA, by="title", location="austin"),
     "location and by='title' cannot be combined.", "location", ()),
    (lambda: mlroles.locations(DATA, level="metro", filters=SENIOR_REMOTE),
     "pay by US metro area is not broken down by experience or work mode. Omit "
     "experience and work_mode, or use level='country'.", "experience", ()),
    (lambda: mlroles.compare(DATA, sort="openigns"),
     "unknown sort column 'openigns'. Did you mean 'openings'? Choose from: median, "
     "title, difference, records, openings, average.", "sort", ("openings",)),
    (lambda: mlroles.salary(DATA, "data sientist"),
     "unknown role 'data sientist'. Did you mean 'data-scientist'? Run "
     "mlroles.roles(data) for a list.", "role", ("data-scientist",)),
    (lambda: mlroles.compare(DATA, ["ds", "senior data scientist"]),
     "unknown role 'senior data scientist'. Did you mean 'data-scientist' with "
     "experience='senior'?", "roles", ("data-scientist",)),
    (lambda: mlroles.salary(DATA, location="portland"),
     "ambiguous place 'portland'. It could be: Portland, ME; Portland, OR.",
     "location", ("Portland, ME", "Portland, OR")),
    (lambda: mlroles.relocate(DATA, 1, from_place="austin", to_places="berlin"),
     "'berlin': there are no figures for cities outside of the United States. Use "
     "'Germany'.", "to_places", ("Germany",)),
    (lambda: mlroles.offer(DATA, -5),
     "an amount must be between 0 and 10^12, not -5.", "amount", ()),
    (lambda: mlroles.salary(DATA, real=True, currency="EUR"),
     "real applies to US dollars, not to EUR.", "real", ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ask", "message", "argument", "suggestions"), ERRORS, ids=[e[1] for e in ERRORS]
)
def test_errors_name_arguments(
    ask: Callable[[], Any], message: str, argument: str, suggestions: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError) as error:
        ask()
    assert str(error.value) == message
    assert (error.value.argument, error.value.suggestions) == (argument, suggestions)


def test_notes_name_arguments() -> None:
    (note,) = employers(DATA, "ds", match="airbnb", min_records=1000).notes
    assert note.endswith("have 1,000 filings; min_records=10 shows more")
    (note,) = locations(DATA, filters=mlroles.Filters(country="GB")).notes
    assert note == (
        "showing countries: country sets the country that the others are compared with"
    )


def texts(path: Path) -> list[str]:
    """The texts of a module, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in prose
    ]


MODULES = [
    path
    for path in PACKAGE.rglob("*.py")
    if {"dataset", "queries", "importer"} & {*path.parts} and path.name != "command.py"
]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_questions_do_not_name_options_or_commands(path: Path) -> None:
    pattern = r"(?<![\w-])--[a-z]|'mlroles [a-z]"
    assert [text for text in texts(path) if re.search(pattern, text)] == []
