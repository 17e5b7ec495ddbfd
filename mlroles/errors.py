"""Errors and the exit codes that they end the command with."""

from __future__ import annotations

INTERRUPTED = 130


class MlrolesError(Exception):
    """An error to report to the user, one line per message."""

    exit_code = 1

    def __init__(self, *messages: str) -> None:
        self.messages = tuple(map(printable, messages))
        super().__init__("\n".join(self.messages))


class DataError(MlrolesError):
    """A file is missing, unreadable, invalid or cannot be written."""


class UsageError(MlrolesError):
    """The request is invalid: an unknown role, column, format or value."""

    exit_code = 2


def reason(error: OSError) -> str:
    """Return the reason that the operating system gave, in lower case."""
    return (error.strerror or str(error)).lower()


def printable(text: str) -> str:
    """Escape the characters of a text that could control a terminal."""
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape").decode()
        for character in text
    )
