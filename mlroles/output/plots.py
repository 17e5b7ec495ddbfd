"""A page with a chart as the text of an SVG file, by rich."""

from __future__ import annotations

import io
import re
from html import escape
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from rich.text import Text

# An SVG file's first element, after what XML allows before it.
_BEGINNING = r"\s*(<\?xml[^>]*>\s*)?((<!--.*?-->|<!DOCTYPE svg[^>]*>)\s*)*<svg[\s>/]"
_BRACES = str.maketrans({"{": "{{", "}": "}}"})


def picture(page: str) -> str:
    """A page with its colours as an SVG picture, on a ground of its own.

    Its first line is the picture's title, which a screen reader says.
    """
    lines = Text.from_ansi(page)
    first, *_ = words = lines.plain.splitlines()
    console = Console(record=True, file=io.StringIO(), width=max(map(len, words)))
    console.print(lines)
    # Two spaces part the headings of a chart without a title.
    title = escape(re.sub(" {2,}", ", ", first))
    return console.export_svg(
        theme=DEFAULT_TERMINAL_THEME,
        code_format=_SVG.replace("{title}", title.translate(_BRACES)),
        unique_id="mlroles",
    )


def is_picture(path: str) -> bool:
    """Whether a file is an SVG picture."""
    with Path(path).open(encoding="utf-8-sig", errors="replace") as file:
        return re.match(_BEGINNING, file.read(10_000), re.DOTALL) is not None


# Rich's own frame asks a server for a font; this one takes what the viewer has.
_SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" role="img"
     xmlns="http://www.w3.org/2000/svg">
<title>{title}</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace;
  font-size: {char_height}px; line-height: {line_height}px; white-space: pre; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
<rect width="{width}" height="{height}" rx="8" fill="#ffffff"/>
<g transform="translate({terminal_x}, 24)"
   clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
