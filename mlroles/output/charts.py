"""Rows as bars and ranges beside one axis, for those who would rather look.

A range shows the 10th to the 90th percentile as a line, the quartiles as a box and
the median as a mark; a bar shows one figure from zero. Rich draws the bars and does
the colours, which only a terminal and a picture get.
"""

from __future__ import annotations

import io
import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rich.bar import Bar
from rich.console import Console
from rich.text import Text

from mlroles.output.columns import CHANGE, MONEY, NUMERIC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.output.columns import Column
    from mlroles.output.values import Reader
    from mlroles.queries.rows import Row

_GAP = "  "
_NARROWEST, _WIDEST = 16, 60
_TICKS = 4
_QUANTILES = ("p10", "p25", "median", "p75", "p90")


class _Signs(NamedTuple):
    """What a chart is drawn with; without a `bar`, rich draws one in eighths."""

    line: str
    box: str
    median: str
    tick: str
    dots: str
    bar: str


_UNICODE = _Signs("\u2500", "\u2588", "\u2503", "\u2502", "\u2026", "")
_ASCII = _Signs("-", "=", "|", "|", "...", "#")


class _Axis(NamedTuple):
    """What the columns of the drawing stand for: amounts from `low` to `high`."""

    low: float
    high: float
    step: float
    width: int

    def at(self, amount: float) -> float:
        """Where an amount stands, in columns from the left."""
        return (amount - self.low) / (self.high - self.low) * (self.width - 1)

    def ticks(self) -> list[float]:
        """The round amounts on it, both ends among them."""
        count = round((self.high - self.low) / self.step)
        return [self.low + self.step * number for number in range(count + 1)]


def chart(rows: Sequence[Row], columns: Sequence[Column], reader: Reader) -> str:
    """Rows as a chart that fits the screen, with colours where the screen has them.

    The first column that tells the rows apart labels them; what is drawn is the range
    of the percentiles where the rows have them, or else the column they are sorted by.
    """
    label = next(column for column in columns if column.heading)
    is_range = any(column.key == "p25" for column in columns)
    figure = _figure(columns, reader, is_range=is_range)
    axis = _axis(rows, _QUANTILES if is_range else (figure.key,))
    names = [_short(amount, figure, reader) for amount in axis.ticks()]
    # The name of the last tick begins under it and needs its room.
    width = reader.width - len(names[-1]) + 1
    beside = _beside(rows, label, figure, reader, width - _NARROWEST)
    room = min(max(_NARROWEST, width - len(beside[0])), _WIDEST)
    # From tick to tick it is as many columns everywhere.
    axis = axis._replace(width=room - (room - 1) % (len(names) - 1))
    signs = _UNICODE if reader.unicode else _ASCII
    drawn = [
        _range(row, axis, signs) if is_range else _bar(row[figure.key], axis, signs)
        for row in rows
    ]
    lines = [
        Text.assemble(left, *right)
        for left, right in zip(beside, [[], *drawn], strict=True)
    ]
    # A style of its own keeps the axis in its place where a viewer drops leading space.
    margin = " " * len(beside[0])
    scale = _scale(axis, names, signs.tick)
    lines += [Text.assemble(margin, (text, "dim")) for text in scale]
    if is_range:
        lines += [Text(), Text(_legend(rows, signs))]
    return _printed(lines, colour=reader.colour)


def _figure(columns: Sequence[Column], reader: Reader, *, is_range: bool) -> Column:
    """The column whose figures stand beside the drawing, and are drawn as bars."""
    wanted = [] if is_range else [reader.sort]
    bars = [column for column in columns if column.kind in NUMERIC - {CHANGE}]
    by_key = {column.key: column for column in bars}
    keys = (*wanted, "median", "average_salary")
    return next(by_key[key] for key in keys if key in by_key)


def _beside(
    rows: Sequence[Row], label: Column, figure: Column, reader: Reader, width: int
) -> list[str]:
    """What stands left of the drawing, the headings first, in some width."""
    names = [label.heading, *(reader.cell(row[label.key], label.kind) for row in rows)]
    figures = [reader.cell(row[figure.key], figure.kind) for row in rows]
    figures.insert(0, figure.heading)
    right = max(map(len, figures))
    left = min(max(map(len, names)), max(width - right - 2 * len(_GAP), 8))
    dots = (_UNICODE if reader.unicode else _ASCII).dots
    cut = [
        n if len(n) <= left else n[: left - len(dots)].rstrip() + dots for n in names
    ]
    return [
        f"{name:<{left}}{_GAP}{text:>{right}}{_GAP}"
        for name, text in zip(cut, figures, strict=True)
    ]


def _axis(rows: Sequence[Row], keys: Sequence[str]) -> _Axis:
    """An axis with round ends that has room for all figures of those keys."""
    known = [row[k] for row in rows for k in keys if row.get(k) is not None] or [1]
    low, high = (min(known) if len(keys) > 1 else 0), max(known)
    rough = max((high - low) / _TICKS, high / 1000, 0.01)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= rough)
    low = math.floor(low / step) * step
    high = max(math.ceil(high / step) * step, low + step)
    return _Axis(low, high, step, _NARROWEST)


def _bar(amount: float | None, axis: _Axis, signs: _Signs) -> list[tuple[str, str]]:
    if amount is None:
        return []
    if signs.bar:
        return [(signs.bar * math.ceil(axis.at(amount)), "cyan")]
    bar = Bar(axis.width - 1, 0, axis.at(amount), width=axis.width - 1)
    return [(_printed([bar], colour=False).rstrip(), "cyan")]


def _range(row: Row, axis: _Axis, signs: _Signs) -> list[tuple[str, str]]:
    """A range as pieces of text with their styles, from the left."""
    at = {q: round(axis.at(row[q])) for q in _QUANTILES if row[q] is not None}
    drawn = [(" ", "")] * axis.width
    for first, last, sign, style in (
        ("p10", "p90", signs.line, "cyan"),
        ("p25", "p75", signs.box, "cyan"),
        ("median", "median", signs.median, "bold"),
    ):
        if first in at and last in at:
            drawn[at[first] : at[last] + 1] = [(sign, style)] * (
                at[last] + 1 - at[first]
            )
    return drawn


def _scale(axis: _Axis, names: list[str], tick: str) -> tuple[str, str]:
    """The axis: its ticks, and under each its name, as many as have room."""
    places = [round(axis.at(amount)) for amount in axis.ticks()]
    named = list(zip(places, names, strict=True))
    last = len(named) - 1
    # Evenly, from the first to the last.
    even = [named[::every] for every in range(1, last + 1) if last % every == 0]
    have_room = (
        shown
        for shown in even
        if all(a + len(name) < b for (a, name), (b, _) in pairwise(shown))
    )
    ticks = scale = ""
    for place, name in next(have_room, even[-1]):
        ticks, scale = ticks.ljust(place) + tick, scale.ljust(place) + name
    return ticks, scale


def _legend(rows: Sequence[Row], signs: _Signs) -> str:
    """What the signs mean that are drawn."""
    parts = (
        ("p10", f"{signs.line} 10th to 90th"),
        ("p25", f"{signs.box} 25th to 75th percentile"),
        ("median", f"{signs.median} median"),
    )
    return _GAP.join(
        text for key, text in parts if any(row[key] is not None for row in rows)
    )


def _short(amount: float, figure: Column, reader: Reader) -> str:
    """An amount on the axis: `$150k`."""
    for size, unit in ((1_000_000, "m"), (1_000, "k"), (1, "")):
        if abs(amount) >= size:
            number = f"{amount / size:,.10g}{unit}"
            break
    else:
        number = f"{amount:g}"
    if figure.kind != MONEY:
        return number
    return reader.cell(0, MONEY).replace("0", number)


def _printed(lines: Sequence[Text | Bar], *, colour: bool) -> str:
    console = Console(
        file=io.StringIO(),
        width=1_000,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        legacy_windows=False,
        highlight=False,
        soft_wrap=True,
    )
    with console.capture() as captured:
        for line in lines:
            if isinstance(line, Text):
                line.rstrip()
            console.print(line)
    return captured.get().rstrip("\n")
