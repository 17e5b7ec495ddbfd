"""Rows as bars and ranges along an axis, for a terminal.

A range shows the 10th to the 90th percentile as a line, the middle half as a box and
the median as a mark; a bar shows one figure, from zero. Figures over time are columns.
"""

from __future__ import annotations

import io
import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from mlroles.queries.answer import known_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.output.blocks import Figure, Timeline
    from mlroles.output.layout import Layout
    from mlroles.output.page import Page
    from mlroles.questions import Column, Row

_GAP = "  "
_MIN_WIDTH, _MAX_WIDTH = 16, 60
_MIN_LABEL_WIDTH = 8
_TICKS = 4
PERCENTILES = ("p10", "p25", "median", "p75", "p90")
# Amounts that are marked next to what is drawn, and their names in a legend.
MARKS = {
    "adjusted_median": "adjusted median",
    "offer": "the offer",
    "offer_high": "the offer",
    "place_median": "the median there",
}
# The characters for a line, a box, a median, an adjusted median, a tick and shortened
# text.
_UNICODE = ("\u2500", "\u2588", "\u2503", "\u25c6", "\u2502", "\u2026")
_ASCII = ("-", "=", "|", "o", "|", "...")
# A cell of a column by the eighths of it that are filled, and lines between ticks.
# The end of a bar by the eighths of its last cell that are filled.
_BAR_ENDS = ("", "\u258f", "\u258e", "\u258d", "\u258c", "\u258b", "\u258a", "\u2589")
_BLOCKS = " \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"
_ASCII_BLOCKS = "    #####"
_LINES_PER_TICK = 4


class Axis(NamedTuple):
    """An axis of some columns, from a low to a high amount."""

    low: float
    high: float
    step: float
    width: int

    def share(self, amount: float) -> float:
        """Return the position of an amount, from 0 at the left to 1 at the right."""
        return (amount - self.low) / (self.high - self.low)

    def position(self, amount: float) -> float:
        """Return the position of an amount, in columns from the left."""
        return self.share(amount) * (self.width - 1)

    def ticks(self) -> list[float]:
        """Return the round amounts on the axis, including both ends."""
        count = round((self.high - self.low) / self.step)
        return [self.low + self.step * number for number in range(count + 1)]


def chart(chosen: Figure, layout: Layout) -> tuple[str, set[str]]:
    """Draw rows as a chart that fits the width of the terminal.

    Rows with percentiles are drawn as ranges, others as bars of the column that they
    are sorted by. The first column with a heading labels the rows.

    Returns:
        The chart, with escape sequences if the layout has colors, and the keys of the
        columns that it shows.
    """
    page, rows, *_ = chosen
    *signs, tick, ellipsis = _UNICODE if layout.unicode else _ASCII
    label, figure, is_range = choose(chosen)
    known = page.answer.columns or known_columns(rows)
    axis = axis_of(rows, (*PERCENTILES, *MARKS) if is_range else (figure.key,))
    tick_labels = [tick_label(amount, figure, page) for amount in axis.ticks()]
    # The label of the last tick starts below it.
    width = layout.width - len(tick_labels[-1]) + 1
    labels, figures = (
        [each.heading, *(page.value(row[each.key], each.kind) for row in rows)]
        for each in (label, figure)
    )
    right = max(map(cell_len, figures))
    left = max(width - _MIN_WIDTH - right - 2 * len(_GAP), _MIN_LABEL_WIDTH)
    left = min(max(map(cell_len, labels)), left)
    margin = left + right + 2 * len(_GAP)
    room = min(max(_MIN_WIDTH, width - margin), _MAX_WIDTH)
    # All ticks are the same number of columns apart.
    axis = axis._replace(width=room - (room - 1) % (len(tick_labels) - 1))
    drawn = [
        _range(row, axis, signs) if is_range else _bar(row[figure.key], axis, layout)
        for row in rows
    ]
    lines = [
        Text.assemble(
            f"{_fit(text, left, ellipsis)}{_GAP}{amount:>{right}}", _GAP, *bar
        )
        for text, amount, bar in zip(labels, figures, [[], *drawn], strict=True)
    ]
    # A style keeps viewers from dropping the leading spaces of a picture.
    lines += [
        Text.assemble(" " * margin, (text, "dim"))
        for text in _scale(axis, tick_labels, tick)
    ]
    if is_range:
        lines += [Text(), *map(Text, _legend(rows, signs, layout.width))]
    shown = {figure.key, *MARKS} if is_range else {figure.key}
    return _print(lines, color=layout.color), shown & known


def choose(figure: Figure) -> tuple[Column, Column, bool]:
    """Return the columns that label rows and that are drawn, and whether as ranges."""
    page, rows, columns, *_ = figure
    label = next(column for column in columns if column.heading)
    is_range = any(column.key == "p25" for column in columns)
    # Titles and differences have no bars.
    by_key = {
        each.key: each
        for each in columns
        if each.is_numeric and each.kind != "change" and each.key not in MARKS
    }
    known = page.answer.columns or known_columns(rows)
    keys: list[str] = [key for key in ("median", "average_salary") if key in known]
    if not is_range:
        keys.insert(0, page.answer.sort or "")
    first = by_key.get("median") or next(iter(by_key.values()))
    drawn = next((by_key[key] for key in keys if key in by_key), first)
    return label, drawn, is_range


def timeline(figure: Timeline, layout: Layout) -> str:
    """Draw figures over time as columns from zero that fit the width of the terminal.

    The rows have a `date`, in ascending order. If there are more than columns, evenly
    spaced ones are drawn, including both ends.
    """
    page, rows, column = figure
    axis = axis_of(rows, (column.key,))
    *_, tick, _ = _UNICODE if layout.unicode else _ASCII
    blocks = _BLOCKS if layout.unicode else _ASCII_BLOCKS
    labels = [tick_label(amount, column, page) for amount in axis.ticks()]
    margin = max(map(len, labels)) + 1
    width = min(len(rows), max(_MIN_WIDTH, layout.width - margin - 1))
    last = max(width - 1, 1)
    shown = [rows[round(n * (len(rows) - 1) / last)] for n in range(width)]
    height = (len(labels) - 1) * _LINES_PER_TICK
    eighths = [round(row[column.key] / axis.high * height * 8) for row in shown]
    lines = []
    for level in reversed(range(height)):
        # The upper edge of a line with a label is its amount.
        index, below = divmod(level + 1, _LINES_PER_TICK)
        label = "" if below else labels[index]
        cells = "".join(blocks[min(max(e - level * 8, 0), 8)] for e in eighths)
        lines.append(
            Text.assemble(f"{label:>{margin - 1}}", (tick, "dim"), (cells, "cyan"))
        )
    years = ""
    for position, row in enumerate(shown):
        year = row["date"][:4]
        begins = position == 0 or year != shown[position - 1]["date"][:4]
        if begins and (len(years) < position or not years):
            years = f"{years.ljust(position)}{year}"
    lines.append(Text.assemble(" " * margin, (years, "dim")))
    return _print(lines, color=layout.color)


def _fit(text: str, width: int, ellipsis: str) -> str:
    """Pad or shorten a text to a number of terminal cells."""
    if cell_len(text) > width:
        text = set_cell_size(text, width - len(ellipsis)).rstrip() + ellipsis
    return set_cell_size(text, width)


def axis_of(rows: Sequence[Row], keys: Sequence[str]) -> Axis:
    """Return an axis with round ends for all figures with the given keys."""
    known = [row[k] for row in rows for k in keys if row.get(k) is not None] or [1]
    low, high = (min(known) if len(keys) > 1 else 0), max(known)
    rough = max((high - low) / _TICKS, high / 1000, 0.01)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= rough)
    low = math.floor(low / step) * step
    high = max(math.ceil(high / step) * step, low + step)
    return Axis(low, high, step, _MIN_WIDTH)


def _bar(amount: float | None, axis: Axis, layout: Layout) -> list[tuple[str, str]]:
    if amount is None:
        return []
    length = axis.position(amount)
    if not layout.unicode:
        return [("#" * math.ceil(length), "cyan")]
    full, eighths = divmod(int(length * 8), 8)
    return [(_UNICODE[1] * full + _BAR_ENDS[eighths], "cyan")]


def _range(row: Row, axis: Axis, signs: Sequence[str]) -> list[tuple[str, str]]:
    """Return a range as characters with their styles."""
    at = {
        key: round(axis.position(row[key]))
        for key in (*PERCENTILES, *MARKS)
        if row.get(key) is not None
    }
    drawn = [(" ", "")] * axis.width
    line, box, median, mark = signs
    ends = [
        ("p10", "p90", line), ("p25", "p75", box), ("median", "median", median),
        *((key, key, mark) for key in MARKS),
    ]  # fmt: skip
    for first, last, sign in ends:
        if first in at and last in at:
            length = at[last] + 1 - at[first]
            style = "bold" if first == last else "cyan"
            drawn[at[first] : at[last] + 1] = [(sign, style)] * length
    return drawn


def _scale(axis: Axis, labels: list[str], tick: str) -> tuple[str, str]:
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


def _legend(rows: Sequence[Row], signs: Sequence[str], width: int) -> list[str]:
    """Return the lines that explain the signs."""
    line, box, median, mark = signs
    known = known_columns(rows)
    parts = {
        "p10": f"{line} 10th to 90th", "p25": f"{box} 25th to 75th percentile",
        "median": f"{median} median",
        **{key: f"{mark} {text}" for key, text in MARKS.items()},
    }  # fmt: skip
    lines = [""]
    # An offer may have two ends.
    for entry in dict.fromkeys(text for key, text in parts.items() if key in known):
        longer = f"{lines[-1]}{_GAP}{entry}" if lines[-1] else entry
        lines = [*lines[:-1], longer] if len(longer) <= width else [*lines, entry]
    return lines


def tick_label(amount: float, figure: Column, page: Page) -> str:
    """Return the label of an amount on the axis: `$150k`."""
    for size, unit in ((1_000_000, "m"), (1_000, "k"), (1, "")):
        if abs(amount) >= size:
            number = f"{amount / size:,.10g}{unit}"
            break
    else:
        number = f"{amount:g}"
    if not figure.is_money:
        return number
    return page.value(0, "money").replace("0", number)


def _print(lines: Sequence[Text], *, color: bool) -> str:
    for line in lines:
        line.rstrip()
    if not color:
        return "\n".join(line.plain for line in lines)
    console = Console(
        file=io.StringIO(), width=1_000, force_terminal=True, no_color=False,
        color_system="standard", legacy_windows=False, highlight=False, soft_wrap=True,
    )  # fmt: skip
    with console.capture() as captured:
        console.print(*lines, sep="\n")
    return captured.get().rstrip("\n")
