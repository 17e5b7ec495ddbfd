"""Rows as tables, by tabulate."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import name_key
from mlroles.matching import no_such
from mlroles.output.columns import LIST, NUMERIC, Column
from mlroles.output.tabulating import tabulate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.output.values import Reader
    from mlroles.queries.rows import Row

_ALIASES = {"markdown": "pipe", "md": "pipe"}
_OWN = ("table", "json", "jsonl", "csv", "tsv", *_ALIASES)
# In these a bar would end the cell.
_BARRED = {"pipe", "github", "orgtbl", "jira", "presto", "psql", "pretty"}
_GAP = 2
_NARROWEST_CELL = 20


def format_names() -> list[str]:
    """The names of all formats, our own first."""
    return [*_OWN, *(name for name in tabulate.tabulate_formats if name not in _OWN)]


def known_style(name: str) -> str:
    """The name of a format as tabulate has it.

    Raises:
        UsageError: There is no such format.
    """
    style = _ALIASES.get(name, name)
    if style not in tabulate.tabulate_formats:
        names = format_names()
        known = {name_key(known): known for known in names}
        raise no_such("format", name, known, f"there are {', '.join(names)}")
    return style


def table(
    rows: Sequence[Row], columns: Sequence[Column], reader: Reader, style: str
) -> str:
    """Rows as a table of the columns that have a heading, in one of the styles."""
    shown = _shown(rows, columns) if rows else [c for c in columns if c.heading]
    cells = [[_cell(row, c, reader) for c in shown] for row in rows]
    headings = [column.heading for column in shown]
    return _draw(cells, headings, [c.kind in NUMERIC for c in shown], style)


def screen_table(
    rows: Sequence[Row], columns: Sequence[Column], reader: Reader
) -> tuple[str, list[str]]:
    """Rows as a table that fits the screen, and the headings that had to go for it.

    Columns in which nothing is known are left out; the one that the rows are sorted
    by is marked, and so is the row that the others are compared with.
    """
    shown = _shown(rows, columns)
    lines = {
        c.key: [_heading(c, reader), *(_cell(row, c, reader) for row in rows)]
        for c in shown
    }
    # A list at the end takes what room the others leave, and wraps.
    last = lines.pop(shown[-1].key) if shown[-1].kind == LIST else []
    room = reader.width - (_NARROWEST_CELL + _GAP if last else 0)
    gone: list[str] = []
    for column in sorted(shown, key=lambda column: column.drop):
        if _width(lines) <= room:
            break
        if column.drop and column.key != reader.sort:
            del lines[column.key]
            gone.append(column.heading)
    if last:
        room = max(_NARROWEST_CELL, reader.width - _width(lines) - _GAP)
        lines[shown[-1].key] = [
            textwrap.fill(text, room, break_on_hyphens=False) for text in last
        ]
    kept = [column for column in shown if column.key in lines]
    headings, *cells = map(list, zip(*lines.values(), strict=True))
    right = [column.kind in NUMERIC for column in kept]
    left_out = [column.heading for column in shown if column.heading in gone]
    return _draw(cells, headings, right, "simple"), left_out


def _shown(rows: Sequence[Row], columns: Sequence[Column]) -> list[Column]:
    """The columns that have a heading, and in which something is known."""
    return [
        column
        for column in columns
        if column.heading and any(row[column.key] is not None for row in rows)
    ]


def _heading(column: Column, reader: Reader) -> str:
    if column.key != reader.sort:
        return column.heading
    # Numbers go largest first and text A to Z, unless turned round.
    down = (column.kind in NUMERIC) != reader.reverse
    arrow = ("v" if down else "^") if not reader.unicode else ("↓" if down else "↑")
    return f"{column.heading} {arrow}"


def _cell(row: Row, column: Column, reader: Reader) -> str:
    """A cell of a row, marked where it names what the others are compared with."""
    text = reader.cell(row[column.key], column.kind)
    names_row = reader.base and column.key in {"title", "place"}
    is_base = names_row and reader.base in {row.get("role"), row.get("code")}
    return f"{text} *" if is_base else text


def _width(lines: dict[str, list[str]]) -> int:
    """How wide a table of these columns is."""
    return sum(max(map(len, column)) + _GAP for column in lines.values()) - _GAP


def facts(row: Row, columns: Sequence[Column], reader: Reader, style: str) -> str:
    """One row upright: a line a column, and a line for each item of a list."""
    lines: list[list[str]] = []
    for column in columns:
        if not column.heading or column.key not in row:
            continue
        value = row[column.key]
        items = value if isinstance(value, list) else [value]
        kind = column.kind if items is not value else ""
        labels = [column.heading, *[""] * len(items)]
        lines += [
            [label, reader.cell(item, kind)]
            for label, item in zip(labels, items, strict=False)
        ]
    return _draw(lines[1:], lines[0], [False, False], style)


def _draw(
    cells: list[list[str]], headings: list[str], right: list[bool], style: str
) -> str:
    if style in _BARRED:
        cells = [[cell.replace("|", "\\|") for cell in row] for row in cells]
    # Tabulate's own parsing of numbers turns "1.20" into 1.2: cells come formatted.
    return tabulate.tabulate(
        cells,
        headings,
        tablefmt=style,
        disable_numparse=True,
        # Tabulate 0.9 cannot align columns that have no rows.
        colalign=["right" if n else "left" for n in right] if cells else None,
    )
