"""Rows as tables, drawn by tabulate."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from mlroles.output._tabulate import settings, tabulate
from mlroles.output.values import display_width, escape_markdown, wrap
from mlroles.queries.answer import known_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mlroles.output.blocks import Figure
    from mlroles.output.layout import Layout
    from mlroles.output.page import Page
    from mlroles.queries.answer import Base
    from mlroles.questions import Column, Row

# The formats of tabulate, by the markup of a layout.
_STYLES = {"": "simple", "markdown": "pipe", "html": "html"}
_GAP = 2
# The columns with the names of rows, and the mark of the one that is compared with.
_NAMES = {"title", "place"}
_MARK = " *"
_MIN_CELL_WIDTH = 8
_MIN_LIST_WIDTH = 20
# What columns of lists and of names need before others are hidden for them.
_ROOM = {"list": _MIN_LIST_WIDTH, "name": 28}


def table(figure: Figure, layout: Layout) -> tuple[str, set[str]]:
    """Draw rows as a table; on a terminal, one that fits its width.

    Columns without a heading or without any known value are omitted. The column that
    the rows are sorted by is marked with an arrow, the row that the others are
    compared with by an asterisk, unless their differences are not shown. On a narrow
    terminal, columns are hidden in the order of their `hide`, then text columns are
    wrapped. If the answer has fields, they are the columns, and none is omitted or
    hidden.

    Returns:
        The table and the keys of its columns that have values in these rows.
    """
    texts = cells(figure)
    shown = list(texts)
    if not layout.markup:
        _fit(texts, layout.width, figure)
    text = _draw(texts, layout.markup)
    if hidden := [column.heading for column in shown if column not in texts]:
        note = f"Hidden columns (terminal too narrow): {', '.join(hidden)}."
        text = f"{text}\n{wrap(note, layout.width)}"
    return text, {column.key for column in texts} & known_columns(figure.rows)


def cells(figure: Figure) -> dict[Column, list[str]]:
    """Return the heading and the cells of each column of a table, as texts."""
    page, rows, columns, *_ = figure
    # The page may have added columns to those of the answer.
    known = page.answer.columns | known_columns(rows)
    shown = [column for column in columns if column.heading and column.key in known]
    if page.answer.fields:
        from mlroles.output.fields import chosen_columns

        shown = chosen_columns(page.answer, {column.key: column for column in columns})
    base = page.answer.base if _is_compared(figure, shown) else None
    return {
        column: [
            _heading(column, page),
            *(
                page.value(row.get(column.key), column.kind) + _mark(row, column, base)
                for row in rows
            ),
        ]
        for column in shown
    }


def _draw(texts: dict[Column, list[str]], markup: str) -> str:
    """Draw the headings and cells of columns in a markup."""
    # tabulate escapes HTML itself.
    escape = escape_markdown if markup == "markdown" else str
    lines = zip(*texts.values(), strict=True)
    headings, *cells = ([escape(cell) for cell in line] for line in lines)
    alignment = ["right" if column.is_numeric else "left" for column in texts]
    with settings():
        return tabulate.tabulate(
            cells,
            headings,
            tablefmt=_STYLES[markup],
            # The cells are formatted; parsing "1.20" would turn it into 1.2.
            disable_numparse=True,
            colalign=alignment,
        )


def _fit(texts: dict[Column, list[str]], width: int, figure: Figure) -> None:
    """Remove columns and wrap texts until a table fits a width."""
    # A list is wrapped in any case, so that it needs only some of its width.
    lists = [column for column in texts if column.is_wrapped]
    needed = (min(_ROOM[each.kind], _cell_width(texts[each])) for each in lists)
    room = width - sum(needed) - _GAP * len(lists)
    _narrow(texts, lists, room, figure.page.answer.sort)
    if not _is_compared(figure, texts):
        for name in [column for column in texts if column.key in _NAMES]:
            texts[name] = [text.removesuffix(_MARK) for text in texts[name]]
    # Wrap lists first, then other texts, the widest first.
    flexible = [column for column in texts if not column.is_numeric]
    flexible.sort(key=lambda column: _cell_width(texts[column]), reverse=True)
    flexible.sort(key=lambda column: column not in lists)
    for column in flexible:
        excess = _width(texts.values()) - width
        if excess <= 0:
            break
        floor = _MIN_LIST_WIDTH if column in lists else _MIN_CELL_WIDTH
        available = max(floor, _cell_width(texts[column]) - excess)
        texts[column] = [
            textwrap.fill(text, available, break_on_hyphens=column not in lists)
            for text in texts[column]
        ]


def _narrow(
    texts: dict[Column, list[str]], lists: list[Column], room: int, sort: str | None
) -> None:
    """Wrap headings of numbers or remove columns, until all but lists fit a room."""

    def is_wide(texts: dict[Column, list[str]]) -> bool:
        fixed = [cells for each, cells in texts.items() if each not in lists]
        return _width(fixed) > room

    # The heading of the column that rows are sorted by ends with an arrow.
    wrapped = {
        column: [_wrapped(heading, cells), *cells]
        if column.is_numeric and column.key != sort
        else [heading, *cells]
        for column, (heading, *cells) in texts.items()
    }
    if is_wide(texts) and not is_wide(wrapped):
        texts |= wrapped
    for hide in sorted({column.hide for column in texts} - {0}):
        if not is_wide(texts):
            break
        for column in [column for column in texts if column.hide == hide]:
            if column.key != sort:
                del texts[column]


def _wrapped(heading: str, cells: list[str]) -> str:
    """Return a heading with its words in lines that are as wide as its column."""
    return textwrap.fill(heading, _cell_width(["-", *cells]), break_long_words=False)


def _cell_width(cells: Sequence[str]) -> int:
    return max(display_width(line) for cell in cells for line in cell.split("\n"))


def _width(columns: Any) -> int:
    return sum(_cell_width(cells) + _GAP for cells in columns) - _GAP


def _heading(column: Column, page: Page) -> str:
    if column.key != page.answer.sort:
        return column.heading
    # Numbers are sorted in descending order and text from A to Z, unless reversed.
    descending = column.is_numeric != page.answer.reverse
    arrows = "\u2193\u2191" if page.unicode else "v^"
    return f"{column.heading} {arrows[0] if descending else arrows[1]}"


def _mark(row: Row, column: Column, base: Base | None) -> str:
    """Return the mark of the row that the others are compared with."""
    ids = {row.get("role"), row.get("code")} if column.key in _NAMES else ()
    return _MARK if base and base.id and base.id in ids else ""


def _is_compared(figure: Figure, shown: Iterable[Column]) -> bool:
    """Return whether the columns that are shown have the differences of a figure."""
    keys = {each.key for each in figure.columns if each.key.endswith("difference")}
    # A figure without any may explain the mark in another way.
    return not keys or any(each.key in keys for each in shown)
