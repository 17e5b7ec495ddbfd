"""Errors, the messages that they have, and the exit codes that they end with."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Self

# The exit codes of an empty answer with --fail-empty, and of an interrupt; the others
# are those of the errors.
EMPTY = 3
INTERRUPTED = 130


class Argument:
    """An argument of a question, as a part of a message: `min_records=10` in Python.

    The command line writes it as an option, with its value if there is one.
    """

    def __init__(self, name: str, value: str | int | None = None) -> None:
        self.name = name
        self.value = value

    def __str__(self) -> str:
        """Return the argument as Python writes it."""
        return self.name if self.value is None else f"{self.name}={self.value!r}"


class Command:
    """A question to ask, as a part of a message: `mlroles.roles(data)` in Python."""

    def __init__(self, name: str, *roles: str) -> None:
        self.name = name
        self.roles = roles

    def __str__(self) -> str:
        """Return the call of the function for the question."""
        arguments = ["data", *map(repr, self.roles)]
        if len(self.roles) > 1:
            arguments[1:] = [repr(list(self.roles))]
        return f"mlroles.{self.name}({', '.join(arguments)})"


Part: TypeAlias = "str | Argument | Command"


class Message(str):
    """A message that names arguments or commands, as Python writes them.

    It consists of `parts`, from which `written` makes the message of an interface.
    """

    __slots__ = ("parts",)

    parts: tuple[Part, ...]

    def __new__(cls, *parts: Part) -> Self:
        """Join the parts, of which texts may be messages themselves."""
        message = super().__new__(cls, "".join(map(str, parts)))
        message.parts = parts
        return message


def written(message: str, write: Callable[[Argument | Command], str]) -> str:
    """Return a message in which `write` writes the arguments and commands."""
    if not isinstance(message, Message):
        return message
    return "".join(
        written(part, write) if isinstance(part, str) else write(part)
        for part in message.parts
    )


class MlrolesError(Exception):
    """An error to report to the user, one line per message."""

    exit_code = 1

    def __init__(self, *messages: str) -> None:
        self.messages = tuple(map(printable, messages))
        super().__init__("\n".join(self.messages))


class DataError(MlrolesError):
    """A file is missing, unreadable, invalid or cannot be written."""


class UsageError(MlrolesError):
    """The request is invalid: an unknown role, column, format or value.

    Attributes:
        argument: The name of the argument that is invalid, None if there is no single
            one or it is not known.
        suggestions: The values that may have been meant.
    """

    exit_code = 2

    def __init__(
        self,
        *parts: Part,
        argument: str | None = None,
        suggestions: Sequence[str] = (),
    ) -> None:
        super().__init__(Message(*parts))
        self.argument = argument
        self.suggestions = tuple(suggestions)


class InternalError(MlrolesError):
    """An exception that nothing expects: an error in mlroles itself."""

    exit_code = 70


def unexpected(error: Exception, details: str) -> MlrolesError:
    """Return an exception that nothing expects as an error to report, with details.

    A lack of memory is not an error in mlroles.
    """
    if isinstance(error, MemoryError):
        return MlrolesError("not enough memory")
    what = f"{type(error).__name__}: {shortened(str(error))}"
    return InternalError(
        f"unexpected {what}. This is an error in mlroles. Please report it, with "
        f"{details}."
    )


def shortened(text: str, width: int = 80) -> str:
    """Return a text without its end if it is longer than some characters."""
    return text if len(text) <= width else f"{text[: width - 3]}..."


def abridged(text: str, width: int = 500) -> str:
    """Return a text without its middle if it is longer than some characters."""
    half = (width - 3) // 2
    return text if len(text) <= width else f"{text[:half]}...{text[-half:]}"


def quoted(value: object) -> str:
    """Return what was typed as messages quote it: at most 80 characters of it."""
    return repr(shortened(value)) if isinstance(value, str) else shortened(repr(value))


def reason(error: OSError) -> str:
    """Return the reason that the operating system gave, in lower case."""
    return (error.strerror or str(error)).lower()


def printable(text: str) -> str:
    """Escape the characters of a text that could control a terminal."""
    if text.isprintable():
        return text
    if isinstance(text, Message):
        parts = text.parts
        return Message(*(printable(p) if isinstance(p, str) else p for p in parts))
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape").decode()
        for character in text
    )
