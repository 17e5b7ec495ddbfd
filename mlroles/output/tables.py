"""Rows as tables, drawn by tabulate."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.output._tabulate import tabulate
from mlroles.output.values import display_width
from mlroles.queries.answer import known_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.output.columns import Column
    from mlroles.output.formats import Layout
    from mlroles.output.values import Formatter
    from mlroles.queries.answer import Answer, Row

# How to write a bar inside a cell, in formats that separate cells by bars.
_BARS = dict.fromkeys(
    ("pipe", "github", "grid", "colon_grid", "outline", "orgtbl", "jira", "presto",
     "psql", "pretty", "asciidoc", "youtrack"), r"\|",
) | dict.fromkeys(("mediawiki", "moinmoin", "textile"), "&#124;")  # fmt: skip
# LaTeX has no such characters in its default fonts.
_LATEX_ARROWS = {"\u2193": r"$\downarrow$", "\u2191": r"$\uparrow$"}
_GAP = 2
_MIN_CELL_WIDTH = 10
_MIN_LIST_WIDTH = 20


class Table(NamedTuple):
    """Formatted cells, and the headings of the columns that were hidden."""

    headings: list[str]
    cells: list[list[str]]
    right_aligned: list[bool]
    hidden: list[str]

    def draw(self, markup: str) -> str:
        """Draw the table in a tabulate format."""
        cells = self.cells
        if bar := _BARS.get(markup):
            cells = [[cell.replace("|", bar) for cell in row] for row in cells]
        text = tabulate.tabulate(
            cells,
            self.headings,
            tablefmt=markup,
            # The cells are formatted; parsing "1.20" would turn it into 1.2.
            disable_numparse=True,
            # tabulate 0.9 cannot align columns without rows.
            colalign=["right" if right else "left" for right in self.right_aligned]
            if cells
            else None,
        )
        if markup.startswith("latex"):
            # After tabulate, which would escape the dollar signs.
            for arrow, command in _LATEX_ARROWS.items():
                text = text.replace(arrow, command)
        return text


def table(
    answer: Answer[Any],
    rows: Sequence[Row],
    columns: Sequence[Column],
    formatter: Formatter,
    layout: Layout,
) -> Table:
    """Lay out rows as a table; on a terminal, one that fits its width.

    Columns without a heading or without any known value are omitted. The column that
    the rows are sorted by is marked with an arrow, the row that the others are
    compared with by an asterisk. On a narrow terminal, columns are hidden in the order
    of their `hide`, then text columns are wrapped.
    """
    known = answer.columns or known_columns(rows)
    shown = [column for column in columns if column.heading and column.key in known]
    texts = {
        column: [
            _heading(column, answer, layout),
            *(_cell(row, column, answer, formatter) for row in rows),
        ]
        for column in shown
    }
    if not layout.markup:
        _fit(texts, layout.width, answer.sort)
    headings, *cells = map(list, zip(*texts.values(), strict=True))
    hidden = [column.heading for column in shown if column not in texts]
    return Table(headings, cells, [column.is_numeric for column in texts], hidden)


def _fit(texts: dict[Column, list[str]], width: int, sort: str | None) -> None:
    """Remove columns and wrap texts until a table fits a width."""
    # A list is wrapped in any case, so that it needs only some of its width.
    lists = [column for column in texts if column.kind == "list"]
    room = width - len(lists) * (_MIN_LIST_WIDTH + _GAP)
    for column in sorted(texts, key=lambda column: column.hide):
        fixed = [cells for each, cells in texts.items() if each not in lists]
        if _width(fixed) <= room:
            break
        if column.hide and column.key != sort:
            del texts[column]
    # Wrap lists first, then other texts, the widest first.
    flexible = [column for column in texts if not column.is_numeric]
    flexible.sort(key=lambda column: _cell_width(texts[column]), reverse=True)
    flexible.sort(key=lambda column: column not in lists)
    for column in flexible:
        excess = _width(texts.values()) - width
        if excess <= 0:
            break
        is_list = column in lists
        least = _MIN_LIST_WIDTH if is_list else _MIN_CELL_WIDTH
        available = max(least, _cell_width(texts[column]) - excess)
        texts[column] = [
            textwrap.fill(text, available, break_on_hyphens=not is_list)
            for text in texts[column]
        ]


def _cell_width(cells: Sequence[str]) -> int:
    return max(display_width(line) for cell in cells for line in cell.split("\n"))


def _width(columns: Any) -> int:
    return sum(_cell_width(cells) + _GAP for cells in columns) - _GAP


def _heading(column: Column, answer: Answer[Any], layout: Layout) -> str:
    if column.key != answer.sort:
        return column.heading
    # Numbers are sorted in descending order and text from A to Z, unless reversed.
    descending = column.is_numeric != answer.reverse
    arrows = "\u2193\u2191" if layout.unicode else "v^"
    return f"{column.heading} {arrows[0] if descending else arrows[1]}"


def _cell(row: Row, column: Column, answer: Answer[Any], formatter: Formatter) -> str:
    text = formatter.value(row[column.key], column.kind)
    is_base = (
        column.key in {"title", "place"}
        and answer.base is not None
        and answer.base.id is not None
        and answer.base.id in {row.get("role"), row.get("code")}
    )
    return f"{text} *" if is_base else text
