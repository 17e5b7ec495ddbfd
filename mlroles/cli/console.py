"""The streams of the command line, and what they can show."""

from __future__ import annotations

import io
import os
import re
import sys
from contextlib import contextmanager, suppress
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, TextIO

from mlroles.errors import Command, MlrolesError, UsageError, printable, reason, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mlroles.errors import Argument

COLOR_CHOICES = ("auto", "always", "never")
_WINDOWS = os.name == "nt"
# Quit if the text fits, search in any case, pass colors, and leave it on the screen.
_PAGER = "less -FIRX"
# For other pagers and versions of less; variables that the user sets come first.
_PAGER_SETTINGS = {"LESS": "FIRX", "LV": "-c"}
_ESCAPE_SEQUENCE = r"\x1b\[[0-9;]*m"
# A file or a pipe has no width; this is enough for every column.
_UNLIMITED_WIDTH = 1_000
# An en dash, arrows, currency signs, and the characters of charts.
_BEYOND_ASCII = (
    "\u20ac\u20b9\u25c6\u2013\u2191\u2193\u2500\u2502\u2503\u2588\u258f\u2026"
)


def option(part: Argument | Command) -> str:
    """Return a part of a message as the command line writes it: `--limit 5`."""
    if isinstance(part, Command):
        return f"'{' '.join(['mlroles', part.name, *part.roles])}'"
    name = f"--{part.name.replace('_', '-')}"
    return name if part.value is None else f"{name} {part.value}"


class Console:
    """Standard output and standard error: the only place that writes to them."""

    def __init__(
        self,
        stdout: TextIO | None,
        stderr: TextIO | None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._stdout = stdout
        self._stderr = stderr
        self._environ = environ

    @classmethod
    def of_process(cls) -> Console:
        """Return the console of this process.

        Its standard output, which Typer writes to as well, writes everything or raises
        an error. With PYTHONUNBUFFERED, that of Python may write only a part.
        """
        stdout: TextIO | None = sys.stdout
        if stdout and isinstance(getattr(stdout, "buffer", None), io.RawIOBase):
            sys.stdout = io.TextIOWrapper(
                io.BufferedWriter(stdout.buffer), stdout.encoding, stdout.errors
            )
        return cls(sys.stdout, sys.stderr)

    @property
    def width(self) -> int:
        """The columns of the terminal; unlimited in a file or a pipe."""
        return get_terminal_size((_UNLIMITED_WIDTH, 0)).columns

    @property
    def file_width(self) -> int:
        """The columns of a text file: those of the terminal, 80 without one."""
        return get_terminal_size((80, 0)).columns

    @property
    def encoding(self) -> str:
        """The encoding of standard output."""
        return getattr(self._stdout, "encoding", None) or "utf-8"

    @property
    def unicode(self) -> bool:
        """Whether standard output can show currency signs, arrows and box drawing."""
        try:
            _BEYOND_ASCII.encode(self.encoding)
        except (UnicodeEncodeError, LookupError):
            return False
        return True

    @property
    def is_terminal(self) -> bool:
        """Whether standard output is a terminal."""
        return self._stdout is not None and self._stdout.isatty()

    @property
    def _is_dumb(self) -> bool:
        """Whether the terminal only shows text. A Windows console sets no TERM."""
        return self._environ.get("TERM", "" if _WINDOWS else "dumb") == "dumb"

    def shows_color(self, choice: str = "auto") -> bool:
        """Return whether to write colors to standard output.

        The choice takes precedence over the environment, and there NO_COLOR over
        FORCE_COLOR and CLICOLOR_FORCE, as in uv. Otherwise, colors need a terminal
        that shows them.
        """
        if choice != "auto":
            return choice == "always"
        if self._environ.get("NO_COLOR"):
            return False
        if self._environ.get("FORCE_COLOR") or self._environ.get("CLICOLOR_FORCE"):
            return True
        return self.is_terminal and not self._is_dumb

    def write(self, text: str, encoding: str | None = None) -> None:
        """Write to standard output, in its encoding unless another is given.

        Nothing is reported if the reader has closed the pipe.

        Raises:
            MlrolesError: Standard output is closed or cannot be written to.
        """
        stdout = self._stdout
        if stdout is None:
            raise MlrolesError("cannot write the output: standard output is closed")
        if _WINDOWS and "\x1b" in text:
            # Starting a shell makes older consoles interpret escape sequences.
            os.system("")  # noqa: S605, S607 - an empty command
        try:
            # What others have printed comes first.
            stdout.flush()
            stdout.buffer.write(text.encode(encoding or self.encoding, "replace"))
            stdout.flush()
        except OSError as error:
            self.drop_output()
            if not isinstance(error, BrokenPipeError):
                raise MlrolesError(
                    f"cannot write the output: {reason(error)}"
                ) from None

    def drop_output(self) -> None:
        """Drop what could not be written to standard output."""
        _drop(self._stdout)

    def page(self, text: str) -> None:
        """Write to standard output; through a pager if it is a terminal too short.

        The pager is $MLROLES_PAGER, $PAGER or less. There is none if that is empty or
        cannot be started, or on a dumb terminal. Quitting it early is no error.

        Raises:
            MlrolesError: As `write`.
        """
        fits = not self.is_terminal or self._is_dumb or self._fits(text)
        if fits or not self._run_pager(text):
            self.write(text)

    def _fits(self, text: str) -> bool:
        """Return whether a text and a prompt fit the terminal, or its height unknown.

        Lines longer than the terminal is wide are wrapped.
        """
        from mlroles.output.values import display_width

        width, height = get_terminal_size((_UNLIMITED_WIDTH, 0))
        lines = re.sub(_ESCAPE_SEQUENCE, "", text).splitlines()
        rows = sum(max(1, -(-display_width(line) // width)) for line in lines)
        return not height or rows < height

    def _run_pager(self, text: str) -> bool:
        """Show a text in a pager, and return whether there is one."""
        import shlex
        import signal
        import subprocess

        environ = self._environ
        pager = environ.get("MLROLES_PAGER", environ.get("PAGER", _PAGER))
        try:
            command: str | list[str] = pager if _WINDOWS else shlex.split(pager)
            if command in ("", [], "cat", ["cat"]):
                return False
            process = subprocess.Popen(  # noqa: S603 - the user's own command
                command,
                stdin=subprocess.PIPE,
                stdout=self._stdout,
                env={**_PAGER_SETTINGS, **environ},
            )
        except (OSError, ValueError):
            # It cannot be started, or its quotes are not closed.
            return False
        # Interrupts are for the pager.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            process.communicate(text.encode(self.encoding, "replace"))
        finally:
            signal.signal(signal.SIGINT, before)
        return True

    def print_messages(self, kind: str, *messages: str) -> None:
        """Print messages of a kind, such as "note", on standard error."""
        self._print(*(f"{kind}: {written(each, option)}" for each in messages))

    def print_error(
        self, error: MlrolesError, *, as_json: bool = False, details: str = ""
    ) -> None:
        """Print an error on standard error, one line per message or one JSON object.

        `details` are lines that come before it.
        """
        self._print(*details.splitlines())
        if not as_json:
            self.print_messages("error", *error.messages)
            return
        import json

        found: dict[str, Any] = {
            "error": "\n".join(written(each, option) for each in error.messages),
            "argument": None,
            "suggestions": [],
        }
        if isinstance(error, UsageError):
            found |= {"argument": error.argument, "suggestions": error.suggestions}
        self._print(json.dumps(found))

    def _print(self, *lines: str) -> None:
        """Print lines on standard error."""
        # The answer counts even if standard error is closed or cannot be written to.
        try:
            for line in lines if self._stderr else ():
                print(printable(line), file=self._stderr, flush=True)
        except OSError:
            _drop(self._stderr)

    @contextmanager
    def progress(self) -> Iterator[Callable[[str, float], None] | None]:
        """Show progress on standard error.

        Yields:
            A function that takes the name of a step and its share, from 0 to 1; None
            if standard error is not a terminal.
        """
        if self._stderr is None or not self._stderr.isatty():
            yield None
            return
        from rich.console import Console as RichConsole
        from rich.progress import Progress

        console = RichConsole(file=self._stderr)
        with Progress(console=console, transient=True) as bar:
            task = bar.add_task("", total=1.0)

            def update(description: str, share: float) -> None:
                # Each step has a pace of its own, which the remaining time depends on.
                if bar.tasks[0].description != description:
                    bar.reset(task, description=description)
                bar.update(task, completed=share)

            yield update


def _drop(stream: TextIO | None) -> None:
    """Drop what a stream still has, which Python would try to write again at exit."""
    with suppress(OSError):
        if stream is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
