"""The registry of the commands, in the order of the help."""

from collections.abc import Callable
from typing import NamedTuple

from mlroles.cli import options as opt


class Command(NamedTuple):
    """A command: its function, the heading it is listed under, and its examples."""

    function: opt.Command
    heading: str
    examples: tuple[str, ...]


COMMANDS: dict[str, Command] = {}


def command(heading: str, *examples: str) -> Callable[[opt.Command], opt.Command]:
    """Register a function as the command of its name."""

    def register(function: opt.Command) -> opt.Command:
        name = function.__name__.removesuffix("_")
        COMMANDS[name] = Command(function, heading, examples)
        return function

    return register
