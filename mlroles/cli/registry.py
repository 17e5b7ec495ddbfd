"""The registry of the commands, in the order of the help."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from mlroles.cli.options import Option

_Function = TypeVar("_Function", bound=Callable[..., Any])


class Command(NamedTuple):
    """A command: its function, its place in the help, and its options."""

    function: Callable[..., Any]
    """Takes the values of `options` as keyword arguments.

    A question takes the data set first, and returns an Answer. Other commands take
    the context of Typer first, and return None.
    """
    heading: str
    examples: tuple[str, ...]
    options: Sequence[Option]
    output: Sequence[Option]
    """The options of a question that are not part of it: those of its presentation."""

    @property
    def is_question(self) -> bool:
        """Whether the command answers a question about the data set."""
        return bool(self.output)


COMMANDS: dict[str, Command] = {}


def command(
    heading: str,
    *examples: str,
    options: Sequence[Option] = (),
    output: Sequence[Option] = (),
) -> Callable[[_Function], _Function]:
    """Register a function as the command of its name, with its docstring as help."""

    def register(function: _Function) -> _Function:
        name = function.__name__.removesuffix("_")
        COMMANDS[name] = Command(function, heading, examples, options, output)
        return function

    return register
