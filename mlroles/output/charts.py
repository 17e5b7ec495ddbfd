"""Rows as bars and ranges along an axis, for a terminal.

A range shows the 10th to the 90th percentile as a line, the middle half as a box and
the median as a mark; a bar shows one figure, from zero.
"""

from __future__ import annotations

import io
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.bar import END_BLOCK_ELEMENTS, FULL_BLOCK
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.output.columns import Column
    from mlroles.output.formats import Layout
    from mlroles.output.values import Formatter
    from mlroles.queries.answer import Answer, Row

_GAP = "  "
_MIN_WIDTH, _MAX_WIDTH = 16, 60
_MIN_LABEL_WIDTH = 8
_TICKS = 4
_PERCENTILES = ("p10", "p25", "median", "p75", "p90")


class _Signs(NamedTuple):
    """The characters of a chart."""

    line: str
    box: str
    median: str
    tick: str
    ellipsis: str


_UNICODE = _Signs("\u2500", "\u2588", "\u2503", "\u2502", "\u2026")
_ASCII = _Signs("-", "=", "|", "|", "...")


class _Axis(NamedTuple):
    """An axis of some columns, from a low to a high amount."""

    low: float
    high: float
    step: float
    width: int

    def position(self, amount: float) -> float:
        """Return the position of an amount, in columns from the left."""
        return (amount - self.low) / (self.high - self.low) * (self.width - 1)

    def ticks(self) -> list[float]:
        """Return the round amounts on the axis, including both ends."""
        count = round((self.high - self.low) / self.step)
        return [self.low + self.step * number for number in range(count + 1)]


def chart(
    answer: Answer[Any],
    rows: Sequence[Row],
    columns: Sequence[Column],
    formatter: Formatter,
    layout: Layout,
) -> tuple[str, set[str]]:
    """Draw rows as a chart that fits the width of the terminal.

    Rows with percentiles are drawn as ranges, others as bars of the column that they
    are sorted by. The first column with a heading labels the rows.

    Returns:
        The chart, with escape sequences if the layout has colors, and the keys of the
        columns that it shows.
    """
    label = next(column for column in columns if column.heading)
    is_range = any(column.key == "p25" for column in columns)
    figure = _figure_column(columns, None if is_range else answer.sort)
    axis = _axis(rows, _PERCENTILES if is_range else (figure.key,))
    tick_labels = [_tick_label(amount, figure, formatter) for amount in axis.ticks()]
    # The label of the last tick starts below it.
    width = layout.width - len(tick_labels[-1]) + 1
    signs = _UNICODE if layout.unicode else _ASCII
    left = _left_columns(rows, label, figure, formatter, signs, width - _MIN_WIDTH)
    room = min(max(_MIN_WIDTH, width - cell_len(left[0])), _MAX_WIDTH)
    # All ticks are the same number of columns apart.
    axis = axis._replace(width=room - (room - 1) % (len(tick_labels) - 1))
    drawn = [
        _range(row, axis, signs) if is_range else _bar(row[figure.key], axis, layout)
        for row in rows
    ]
    lines = [
        Text.assemble(text, *parts)
        for text, parts in zip(left, [[], *drawn], strict=True)
    ]
    margin = " " * cell_len(left[0])
    # A style keeps viewers from dropping the leading spaces of a picture.
    lines += [
        Text.assemble(margin, (text, "dim"))
        for text in _scale(axis, tick_labels, signs.tick)
    ]
    if is_range:
        lines += [Text(), Text(_legend(rows, signs))]
    return _print(lines, color=layout.color), {figure.key}


def _figure_column(columns: Sequence[Column], sort: str | None) -> Column:
    """Return the column whose figures are shown next to the chart."""
    by_key = {
        column.key: column
        for column in columns
        if column.is_numeric and column.kind != "change"
    }
    return next(by_key[k] for k in (sort, "median", "average_salary") if k in by_key)


def _left_columns(
    rows: Sequence[Row],
    label: Column,
    figure: Column,
    formatter: Formatter,
    signs: _Signs,
    width: int,
) -> list[str]:
    """Return the text to the left of the drawing, headings first, in some width."""
    labels = [label.heading]
    labels += [formatter.value(row[label.key], label.kind) for row in rows]
    figures = [figure.heading]
    figures += [formatter.value(row[figure.key], figure.kind) for row in rows]
    right = max(map(cell_len, figures))
    left = max(width - right - 2 * len(_GAP), _MIN_LABEL_WIDTH)
    left = min(max(map(cell_len, labels)), left)
    return [
        f"{_fit(text, left, signs.ellipsis)}{_GAP}{amount:>{right}}{_GAP}"
        for text, amount in zip(labels, figures, strict=True)
    ]


def _fit(text: str, width: int, ellipsis: str) -> str:
    """Pad or shorten a text to a number of terminal cells."""
    if cell_len(text) > width:
        text = set_cell_size(text, width - len(ellipsis)).rstrip() + ellipsis
    return set_cell_size(text, width)


def _axis(rows: Sequence[Row], keys: Sequence[str]) -> _Axis:
    """Return an axis with round ends for all figures with the given keys."""
    known = [row[k] for row in rows for k in keys if row.get(k) is not None] or [1]
    low, high = (min(known) if len(keys) > 1 else 0), max(known)
    rough = max((high - low) / _TICKS, high / 1000, 0.01)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= rough)
    low = math.floor(low / step) * step
    high = max(math.ceil(high / step) * step, low + step)
    return _Axis(low, high, step, _MIN_WIDTH)


def _bar(amount: float | None, axis: _Axis, layout: Layout) -> list[tuple[str, str]]:
    if amount is None:
        return []
    length = axis.position(amount)
    if not layout.unicode:
        return [("#" * math.ceil(length), "cyan")]
    full, eighths = divmod(int(length * 8), 8)
    return [(FULL_BLOCK * full + END_BLOCK_ELEMENTS[eighths].strip(), "cyan")]


def _range(row: Row, axis: _Axis, signs: _Signs) -> list[tuple[str, str]]:
    """Return a range as characters with their styles."""
    at = {
        key: round(axis.position(row[key]))
        for key in _PERCENTILES
        if row[key] is not None
    }
    drawn = [(" ", "")] * axis.width
    for first, last, sign, style in (
        ("p10", "p90", signs.line, "cyan"),
        ("p25", "p75", signs.box, "cyan"),
        ("median", "median", signs.median, "bold"),
    ):
        if first in at and last in at:
            length = at[last] + 1 - at[first]
            drawn[at[first] : at[last] + 1] = [(sign, style)] * length
    return drawn


def _scale(axis: _Axis, labels: list[str], tick: str) -> tuple[str, str]:
    """Return the ticks, and below them as many of their labels as fit."""
    positions = [round(axis.position(amount)) for amount in axis.ticks()]
    labelled = list(zip(positions, labels, strict=True))
    last = len(labelled) - 1
    # Evenly spaced, including both ends.
    even = [labelled[::every] for every in range(1, last + 1) if last % every == 0]
    fitting = (
        shown
        for shown in even
        if all(a + len(text) < b for (a, text), (b, _) in pairwise(shown))
    )
    ticks = scale = ""
    for position, text in next(fitting, even[-1]):
        ticks, scale = ticks.ljust(position) + tick, scale.ljust(position) + text
    return ticks, scale


def _legend(rows: Sequence[Row], signs: _Signs) -> str:
    parts = (
        ("p10", f"{signs.line} 10th to 90th"),
        ("p25", f"{signs.box} 25th to 75th percentile"),
        ("median", f"{signs.median} median"),
    )
    return _GAP.join(
        text for key, text in parts if any(row[key] is not None for row in rows)
    )


def _tick_label(amount: float, figure: Column, formatter: Formatter) -> str:
    """Return the label of an amount on the axis: `$150k`."""
    for size, unit in ((1_000_000, "m"), (1_000, "k"), (1, "")):
        if abs(amount) >= size:
            number = f"{amount / size:,.10g}{unit}"
            break
    else:
        number = f"{amount:g}"
    if figure.kind != "money":
        return number
    return formatter.value(0, "money").replace("0", number)


def _print(lines: Sequence[Text], *, color: bool) -> str:
    for line in lines:
        line.rstrip()
    if not color:
        return "\n".join(line.plain for line in lines)
    console = Console(
        file=io.StringIO(),
        width=1_000,
        force_terminal=True,
        color_system="standard",
        no_color=False,
        legacy_windows=False,
        highlight=False,
        soft_wrap=True,
    )
    with console.capture() as captured:
        console.print(*lines, sep="\n")
    return captured.get().rstrip("\n")
