"""Rows as tables, by tabulate."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import tabulate

from mlroles.columns import LIST, NUMERIC, Column
from mlroles.names import name_key, no_such

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mlroles.rows import Row
    from mlroles.text import Reader

# Tabulate would make every heading two characters wider than it is.
tabulate.MIN_PADDING = 0
_ALIASES = {"markdown": "pipe"}
_OWN = ("table", "json", "jsonl", "csv", "tsv", *_ALIASES)
# In these a bar would end the cell.
_BARRED = {"pipe", "github", "orgtbl", "jira", "presto", "psql", "pretty"}
_GAP = 2
_NARROWEST_CELL = 16


def known_style(name: str) -> str:
    """The name of a format as tabulate has it.

    Raises:
        UsageError: There is no such format.
    """
    style = _ALIASES.get(name, name)
    if style not in tabulate.tabulate_formats:
        names = [*_OWN, *(n for n in tabulate.tabulate_formats if n not in _OWN)]
        known = {name_key(known): known for known in names}
        raise no_such("format", name, known, f"there are {', '.join(names)}")
    return style


def table(
    rows: Iterable[Row],
    columns: Sequence[Column],
    reader: Reader,
    style: str = "simple",
) -> str:
    """Rows as a table of the columns that have a heading."""
    shown = [column for column in columns if column.heading]
    cells = [[reader.cell(row[c.key], c.kind) for c in shown] for row in rows]
    headings = [column.heading for column in shown]
    if style == "simple" and shown[-1].kind == LIST:
        _wrap_last(cells, headings, reader.width)
    return _draw(cells, headings, [c.kind in NUMERIC for c in shown], style)


def facts(row: Row, columns: Sequence[Column], reader: Reader, style: str) -> str:
    """One row upright: a line a column, and a line for each item of a list."""
    lines: list[list[str]] = []
    for column in columns:
        value = row.get(column.key)
        if not column.heading:
            continue
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
        colalign=["right" if numeric else "left" for numeric in right],
    )


def _wrap_last(cells: list[list[str]], headings: list[str], width: int) -> None:
    """Wrap the last column into what the others leave of the screen."""
    others = sum(
        max(len(row[at]) for row in [headings, *cells]) + _GAP
        for at in range(len(headings) - 1)
    )
    room = max(_NARROWEST_CELL, width - others)
    for row in cells:
        row[-1] = textwrap.fill(row[-1], room, break_on_hyphens=False)
