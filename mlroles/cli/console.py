"""The command's own surroundings: its streams, its screen and its exit codes."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

# Typer exports no base of its usage errors; pyproject.toml bounds its version.
from typer._click.exceptions import ClickException
from typer.core import TyperGroup

from mlroles.dataset.load import chosen_path, load
from mlroles.errors import MlrolesError, UsageError, printable, reason
from mlroles.output.formats import MACHINE_FORMATS, TABLE, renderer

if TYPE_CHECKING:
    from mlroles.output.values import Reader

# A file or a pipe has room for every column.
_NOT_A_SCREEN = 1_000
_PICTURE_WIDTH = 88
# A dash, arrows, and what charts are drawn with.
_BEYOND_ASCII = "\u2013\u2191\u2193\u2500\u2502\u2503\u2588\u258f\u2026"


class Group(TyperGroup):
    """The commands; the one place where a fault becomes a message and an exit code."""

    def main(self, *args: Any, **kwargs: Any) -> None:
        """Run a command line, then end the process with its exit code."""
        try:
            code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except MlrolesError as error:
            tell(*error.messages)
            code = error.exit_code
        except ClickException as error:
            tell(_in_one_line(error))
            code = error.exit_code
        sys.exit(code)


class Desk:
    """Where a command finds its data set and leaves its answer."""

    def __init__(
        self,
        style: str | None,
        data_file: str | None,
        *,
        as_json: bool = False,
        chart: bool = False,
        picture: str | None = None,
    ) -> None:
        """Take a format's name and a data set's path; None leaves the choice to us.

        `chart` asks for a chart where a table would stand, `picture` for a file
        that it is drawn into.

        Raises:
            UsageError: There is no such format, or it cannot have a chart.
            DataError: The data set cannot be read or is not sound.
        """
        if as_json and style not in {None, "json"}:
            raise UsageError(f"--json and --format {style} contradict each other")
        asked = "json" if as_json else style
        self._style = asked or (not chart and os.environ.get("MLROLES_FORMAT")) or TABLE
        if chart and self._style != TABLE:
            raise UsageError(f"a chart cannot be written as {self._style}")
        self._chart, self._picture = chart, picture
        self._render = renderer(self._style)
        self.data = load(chosen_path(data_file))

    def answer(self, answer: Any, name: str, **context: Any) -> None:
        """Write an answer to standard output, or as a picture to a file.

        `name` says which command's it is; `context` is what a Reader has to know
        of it: `base`, `sort`, `reverse`, `asked`, `by`.

        Raises:
            MlrolesError: It cannot be written.
        """
        if self._picture is not None and not answer:
            tell(f"nothing to draw; {self._picture} is left as it is")
            return
        text = self._render(answer, name, lambda: self._reader(**context))
        if self._picture is not None:
            _draw(text, self._picture)
        else:
            write(text, "utf-8" if self._style in MACHINE_FORMATS else _encoding())

    def _reader(self, **context: Any) -> Reader:
        """Whom the answer is for: the person at the terminal, or a picture's."""
        from mlroles.output.values import Reader

        reader = Reader(self.data, chart=self._chart, **context)
        if self._picture is not None:
            return reader._replace(width=_PICTURE_WIDTH, colour=True)
        return reader._replace(
            width=get_terminal_size((_NOT_A_SCREEN, 0)).columns,
            unicode=_can_show(_BEYOND_ASCII, _encoding()),
            colour=_shows_colour(),
        )


def _draw(page: str, file: str) -> None:
    from mlroles.dataset.files import check_target, write_whole
    from mlroles.output.plots import is_picture, picture

    check_target(file, "an SVG picture", is_picture)
    write_whole(file, picture(page))
    tell(f"wrote {file}")


def _encoding() -> str:
    return getattr(sys.stdout, "encoding", None) or "utf-8"


def write(text: str, encoding: str = "utf-8") -> None:
    """Write to standard output, quietly where the reader has left.

    Raises:
        MlrolesError: Standard output is closed or cannot take it.
    """
    if sys.stdout is None:
        raise MlrolesError("cannot write the answer: standard output is closed")
    try:
        sys.stdout.buffer.write(text.encode(encoding, "replace"))
        sys.stdout.flush()
    except OSError as error:
        # What is left in the buffer must not be tried again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise MlrolesError(f"cannot write the answer: {reason(error)}") from None


def tell(*messages: str) -> None:
    """Say something on standard error, a line a message."""
    # Where standard error is closed, print would take standard output instead; where
    # it takes nothing, the answer still counts.
    with suppress(OSError):
        for message in messages if sys.stderr else ():
            print(f"mlroles: {printable(message)}", file=sys.stderr, flush=True)


def _in_one_line(error: ClickException) -> str:
    """A fault of the command line in Typer's words, and whom to ask."""
    words = printable(" ".join(error.format_message().split())).rstrip(".")
    words = words[:1].lower() + words[1:]
    context = getattr(error, "ctx", None)
    stop = "" if words.endswith("?") else ";"
    return f"{words}{stop} try '{context.command_path} --help'" if context else words


def _shows_colour() -> bool:
    """Whether standard output is a terminal whose owner has nothing against colour."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb"
    return not plain and sys.stdout is not None and sys.stdout.isatty()


def _can_show(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
