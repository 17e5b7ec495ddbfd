"""What can go wrong, and the exit code that each fault ends the command with."""

from __future__ import annotations


class MlrolesError(Exception):
    """A fault to be told in words: one message a fault, one line a message."""

    exit_code = 1

    def __init__(self, *messages: str) -> None:
        """Take one message a fault, without the program's name before it."""
        self.messages = tuple(map(printable, messages))
        super().__init__("\n".join(self.messages))


class DataError(MlrolesError):
    """A file is at fault: missing, unreadable, or not a sound data set."""


class UsageError(MlrolesError):
    """The question is at fault: no such role, column, format or value."""

    exit_code = 2


def reason(error: OSError) -> str:
    """Why the system refused something, as a message says it."""
    return (error.strerror or str(error)).lower()


def printable(text: str) -> str:
    """A text in which nothing can steer a terminal: such characters are escaped."""
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape").decode()
        for character in text
    )
