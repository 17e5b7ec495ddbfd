"""A chart as an SVG picture, drawn by rich."""

from __future__ import annotations

import io
import re
from html import escape
from pathlib import Path
from xml.etree import ElementTree as ET

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from rich.text import Text

from mlroles.output.values import display_width

_BRACES = str.maketrans({"{": "{{", "}": "}}"})


def svg(page: str) -> str:
    """Return a page with its colors as an SVG picture.

    The first line of the page is the title of the picture, for screen readers.
    """
    lines = Text.from_ansi(page)
    first, *_ = texts = lines.plain.splitlines()
    width = max(map(display_width, texts))
    console = Console(record=True, file=io.StringIO(), width=width)
    console.print(lines)
    # The frame of rich loads a font from a server; this one uses the viewer's fonts.
    frame = Path(__file__).with_suffix(".svg").read_text(encoding="utf-8")
    # Two spaces separate the headings of a chart without a title.
    title = escape(re.sub(" {2,}", ", ", first))
    return console.export_svg(
        theme=DEFAULT_TERMINAL_THEME,
        code_format=frame.replace("{title}", title.translate(_BRACES)),
        unique_id="mlroles",
    )


def is_svg(path: str) -> bool:
    """Return whether a file is an SVG picture."""
    try:
        with Path(path).open("rb") as file:
            # Only the first tag is read, so that a document cannot do any harm.
            _, root = next(ET.iterparse(file, events=["start"]))  # noqa: S314
    except (ET.ParseError, StopIteration, LookupError, ValueError):
        # The last two: an encoding that the parser does not know.
        return False
    return str(root.tag).rpartition("}")[2] == "svg"
