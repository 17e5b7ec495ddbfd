"""An answer in the format that was asked for: the only place that knows formats."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mlroles.output.columns import Column
    from mlroles.output.values import Reader
    from mlroles.queries.rows import Row

TABLE = "table"
_SEPARATORS = {"csv": ",", "tsv": "\t"}
MACHINE_FORMATS = {"json", "jsonl", *_SEPARATORS}


def renderer(style: str) -> Callable[[Any, str, Callable[[], Reader]], str]:
    """What writes an answer in a format: `write(answer, name, reader)`.

    An answer is one row or a list of rows, `name` the name of its columns; `reader`
    gives whom it is for, and is called for people's formats only. Asked for before
    the answer is worked out, so that a wrong format is told at once.

    Raises:
        UsageError: There is no such format; the message says which there are.
    """
    if style == "json":
        return lambda answer, _name, _reader: _json(answer, indent=2)
    if style == "jsonl":
        return lambda answer, _name, _reader: "".join(map(_json, _rows(answer)))
    if style in _SEPARATORS:
        return lambda answer, name, _reader: _separated(answer, name, style)
    if style == TABLE:
        from mlroles.output.pages import page

        return lambda answer, name, reader: page(answer, name, reader())
    from mlroles.output.markup import document
    from mlroles.output.tables import known_style

    known = known_style(style)
    return lambda answer, name, reader: document(answer, name, known, reader())


def _json(answer: Any, indent: int | None = None) -> str:
    return json.dumps(answer, ensure_ascii=False, indent=indent) + "\n"


def _rows(answer: Any) -> list[Row]:
    return answer if isinstance(answer, list) else [answer]


def _separated(answer: Any, name: str, style: str) -> str:
    """Comma or tab separated values: plain numbers, empty where unknown."""
    import csv
    import io

    rows, columns = _flat(answer, name)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=_SEPARATORS[style], lineterminator="\n")
    writer.writerow([column.key for column in columns])
    writer.writerows([_plain(row.get(c.key)) for c in columns] for row in rows)
    return out.getvalue()


def _plain(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value


def _flat(answer: Any, name: str) -> tuple[list[Row], list[Column]]:
    """Rows that fit a flat format: a page of many parts becomes keys and values."""
    from mlroles.output.columns import flat, flattened

    if name == "show":
        answer = [{"key": key, "value": value} for key, value in _leaves(answer)]
    return [flattened(row) for row in _rows(answer)], flat(name)


def _leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    parts: Iterator[tuple[Any, Any]]
    if isinstance(node, dict):
        parts = iter(node.items())
    elif isinstance(node, list):
        parts = iter(enumerate(node))
    else:
        yield path, node
        return
    for step, part in parts:
        yield from _leaves(part, f"{path}.{step}" if path else str(step))
