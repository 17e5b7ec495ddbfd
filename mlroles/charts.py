"""Rows as bars and ranges beside one axis, for those who would rather look.

A range shows the 10th to the 90th percentile as a line, the quartiles as a box and
the median as a mark; a bar shows one figure from zero. Rich does the colours, which
only a terminal gets, and the picture as a file.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, NamedTuple

from rich.bar import Bar
from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from rich.text import Text

from mlroles.columns import MONEY, NUMERIC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.columns import Column
    from mlroles.rows import Row
    from mlroles.text import Reader

_GAP = "  "
_NARROWEST, _WIDEST = 16, 60
_TICKS = 4
_QUANTILES = ("p10", "p25", "median", "p75", "p90")
# Line, box, median, bar and tick, for a terminal that can show them or cannot.
_UNICODE = ("\u2500", "\u2588", "\u2503", "\u2588", "\u2502")
_ASCII = ("-", "=", "|", "#", "|")


class _Axis(NamedTuple):
    """What the columns of the drawing stand for: amounts from `low` to `high`."""

    low: float
    high: float
    step: float
    width: int

    def at(self, amount: float) -> float:
        """Where an amount stands, in columns from the left."""
        return (amount - self.low) / (self.high - self.low) * (self.width - 1)


def chart(rows: Sequence[Row], columns: Sequence[Column], reader: Reader) -> str:
    """Rows as a chart that fits the screen, with colours where the screen has them.

    The first column that tells the rows apart labels them; what is drawn is the range
    of the percentiles where the rows have them, or else the column they are sorted by.
    """
    return _printed(_lines(rows, columns, reader), reader, colour=reader.colour)


def picture(text: str) -> str:
    """A page with its colours as the text of an SVG file, on a ground of its own."""
    lines = Text.from_ansi(text)
    width = max((len(line) for line in lines.plain.splitlines()), default=1)
    console = Console(record=True, file=io.StringIO(), width=width)
    console.print(lines)
    return console.export_svg(
        title="", theme=DEFAULT_TERMINAL_THEME, code_format=_SVG, unique_id="mlroles"
    )


def _lines(
    rows: Sequence[Row], columns: Sequence[Column], reader: Reader
) -> list[Text]:
    label = next(c for c in columns if c.heading)
    is_range = any(column.key == "p25" for column in columns)
    figure = _figure(columns, reader, is_range=is_range)
    labels = [
        reader.cell(row[label.key], label.kind)
        + (
            " *"
            if reader.base and reader.base in {row["role"], row.get("code")}
            else ""
        )
        for row in rows
    ]
    figures = [reader.cell(row[figure.key], figure.kind) for row in rows]
    wide = max(map(len, [figure.heading, *figures]))
    room = reader.width - wide - 2 * len(_GAP) - _NARROWEST
    label_width = min(max(map(len, [label.heading, *labels])), max(room, 8))
    width = max(_NARROWEST, reader.width - label_width - wide - 2 * len(_GAP))
    axis = _axis(rows, figure.key, min(width, _WIDEST), is_range=is_range)
    lines = [Text(f"{label.heading:<{label_width}}{_GAP}{figure.heading:>{wide}}")]
    for row, name, amount in zip(rows, labels, figures, strict=True):
        line = Text(f"{_cut(name, label_width, reader):<{label_width}}{_GAP}")
        line.append(f"{amount:>{wide}}{_GAP}")
        line.append_text(
            _range(row, axis, reader)
            if is_range
            else _bar(row[figure.key], axis, reader)
        )
        line.rstrip()
        lines.append(line)
    margin = " " * (label_width + wide + 2 * len(_GAP))
    # A style of its own keeps the axis in its place where a viewer drops leading space.
    scale = (
        Text(margin).append(text, style="dim") for text in _scale(axis, figure, reader)
    )
    return [*lines, *scale, *(_legend(reader) if is_range else ())]


def _legend(reader: Reader) -> list[Text]:
    line, box, mark, *_ = _UNICODE if reader.unicode else _ASCII
    parts = f"{line} 10th to 90th percentile  {box} 25th to 75th  {mark} median"
    return [Text(), Text(parts)]


def _figure(columns: Sequence[Column], reader: Reader, *, is_range: bool) -> Column:
    """The column whose figures stand beside the drawing."""
    wanted = [] if is_range else [reader.sort]
    by_key = {column.key: column for column in columns if column.kind in NUMERIC}
    keys = (*wanted, "median", "average_salary")
    return next(by_key[key] for key in keys if key in by_key)


def _axis(rows: Sequence[Row], key: str, width: int, *, is_range: bool) -> _Axis:
    keys = _QUANTILES if is_range else (key,)
    known = [row[k] for row in rows for k in keys if row.get(k) is not None] or [1]
    low, high = (min(known) if is_range else 0), max(known)
    rough = max((high - low) / _TICKS, high / 1000, 0.01)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= rough)
    low = math.floor(low / step) * step
    return _Axis(low, max(math.ceil(high / step) * step, low + step), step, width)


def _bar(amount: float | None, axis: _Axis, reader: Reader) -> Text:
    if amount is None:
        return Text()
    if not reader.unicode:
        return Text(_ASCII[3] * max(1, round(axis.at(amount))), style="cyan")
    bar = Bar(axis.width - 1, 0, axis.at(amount), width=axis.width - 1)
    return Text(_printed([bar], reader, colour=False).rstrip(), style="cyan")


def _range(row: Row, axis: _Axis, reader: Reader) -> Text:
    line, box, mark, *_ = _UNICODE if reader.unicode else _ASCII
    places = {q: round(axis.at(row[q])) for q in _QUANTILES if row[q] is not None}
    text = Text(" " * axis.width)
    drawn = list(text.plain)
    styles = []
    for first, last, sign, style in (
        ("p10", "p90", line, "cyan"),
        ("p25", "p75", box, "cyan"),
        ("median", "median", mark, "bold"),
    ):
        if first in places and last in places:
            start, end = places[first], places[last] + 1
            drawn[start:end] = sign * (end - start)
            styles.append((style, start, end))
    text = Text("".join(drawn))
    for style, start, end in styles:
        text.stylize(style, start, end)
    text.rstrip()
    return text


def _scale(axis: _Axis, figure: Column, reader: Reader) -> tuple[str, str]:
    """The axis: its ticks, and what they stand for."""
    tick = (_UNICODE if reader.unicode else _ASCII)[4]
    ticks, names = [" "] * axis.width, ""
    amount = axis.low
    while amount <= axis.high + axis.step / 2:
        at = round(axis.at(amount))
        name = _short(amount, figure, reader)
        # A name stands under its tick, the last one ends there; none meets another.
        start = min(at, axis.width - len(name))
        if start > len(names) or not names:
            ticks[at] = tick
            names = names.ljust(start) + name
        amount += axis.step
    return "".join(ticks).rstrip(), names


def _short(amount: float, figure: Column, reader: Reader) -> str:
    """An amount on the axis: `$150k`."""
    for size, unit in ((1_000_000, "m"), (1_000, "k"), (1, "")):
        if abs(amount) >= size:
            number = f"{amount / size:g}{unit}"
            break
    else:
        number = f"{amount:g}"
    if figure.kind != MONEY:
        return number
    return reader.cell(0, MONEY).replace("0", number)


def _cut(name: str, width: int, reader: Reader) -> str:
    if len(name) <= width:
        return name
    dots = "\N{HORIZONTAL ELLIPSIS}" if reader.unicode else "..."
    return name[: width - len(dots)] + dots


def _printed(lines: Sequence[Text | Bar], reader: Reader, *, colour: bool) -> str:
    console = Console(
        file=io.StringIO(),
        width=max(reader.width, 2 * _WIDEST),
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
        highlight=False,
        soft_wrap=True,
    )
    with console.capture() as captured:
        for line in lines:
            console.print(line)
    return captured.get().rstrip("\n")


# Rich's own frame asks a server for a font; this one takes what the viewer has.
_SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}"
     xmlns="http://www.w3.org/2000/svg">
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
