"""Terminals of tests, as a terminal emulator makes them."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import termios
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator


def open_terminal(height: int, width: int) -> tuple[int, int]:
    """Open a terminal, and return what a person and what a process has of it."""
    person, process = pty.openpty()
    size = struct.pack("HHHH", height, width, 0, 0)
    fcntl.ioctl(process, termios.TIOCSWINSZ, size)
    return person, process


def control() -> None:
    """Make the standard input of a new session its controlling terminal.

    Keys such as Control-C reach it then.
    """
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@contextmanager
def terminal_of_this_process() -> Iterator[tuple[int, TextIO]]:
    """Yield what a person sees of a terminal, and a stream to write to it."""
    person, process = pty.openpty()
    with os.fdopen(process, "w", encoding="utf-8") as stream:
        yield person, stream
    os.close(person)
