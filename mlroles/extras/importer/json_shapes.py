"""The records in a JSON file, in any of the shapes in which programs write tables."""

from __future__ import annotations

import codecs
import json
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from mlroles.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    # Takes the keys of a record; returns whether they are those of pay records.
    IsTable: TypeAlias = Callable[[Iterable[str]], int]

# How deep the lists may be inside objects.
_DEPTH = 3


def is_plain(head: bytes, is_table: IsTable) -> bool:
    """Return whether JSON is lines or a list of records, which DuckDB reads."""
    start = head.lstrip()
    is_list = start.startswith(b"[")
    start = start[1:].lstrip() if is_list else start
    second = start if is_list else start.partition(b"\n")[2].lstrip()
    if not second.startswith(b"{"):
        return False
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(start)
        record, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        # It is invalid, or so long that it may be a page.
        return False
    return _is_flat(record) or bool(is_table(_keys(record)))


def find_records(
    text: str, is_table: IsTable
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the records in JSON or JSON Lines, and notes on how they were found.

    Raises:
        RecursionError: It is nested too deeply.
        ValueError: It is not valid.
    """
    try:
        value = _loaded(text)
    except json.JSONDecodeError:
        value = list(map(_loaded, text.splitlines()))
    # In their order, each once.
    notes: dict[str, None] = {}
    return _records_in(value, is_table, notes) or [], list(notes)


def _records_in(
    value: Any, is_table: IsTable, notes: dict[str, None], depth: int = _DEPTH
) -> list[dict[str, Any]] | None:
    """Return the records of a table in a value; None if there is none."""
    if not (isinstance(value, dict | list) and value and depth):
        return None
    if isinstance(value, list):
        return _records_of_list(value, is_table, notes)
    members = list(value.values())
    are_lists = all(isinstance(each, list) for each in members)
    # The shapes of pandas: index, columns, split, and lists by column.
    if all(isinstance(each, dict) and _is_flat(each) for each in members):
        if all(key.isdigit() for key in value):
            return members
        keys = dict.fromkeys(key for each in members for key in each)
        return [{name: of.get(key) for name, of in value.items()} for key in keys]
    if isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
        return _records_of_list([value["columns"], *value["data"]], is_table, notes)
    if are_lists and all(map(_is_flat, members)):
        rows = map(list, zip(*members, strict=False))
        return _records_of_list([list(value), *rows], is_table, notes)
    found = {
        key: each
        for key, of in value.items()
        if (each := _records_in(of, is_table, notes, depth - 1))
    }
    best = max(found, key=lambda key: len(found[key]), default=None)
    if len(found) > 1:
        others = ", ".join(quoted(key) for key in found if key != best)
        notes[f"read the list {quoted(best)}, not {others}"] = None
    return found.get(best)


def _records_of_list(
    rows: list[Any], is_table: IsTable, notes: dict[str, None]
) -> list[dict[str, Any]]:
    """Return the records of a list: itself, pages of them, or lists below a header."""
    if all(isinstance(each, dict) for each in rows):
        if is_table(_keys(rows[0])):
            return rows
        pages = [_records_in(each, is_table, notes) or [{}] for each in rows]
        pages = [each for each in pages if is_table(_keys(each[0]))]
        return [*chain.from_iterable(pages)] or rows
    if not all(isinstance(each, list) for each in rows):
        return []
    header, *others = rows
    return [dict(zip(map(str, header), row, strict=False)) for row in others]


def _loaded(text: str) -> Any:
    """Parse JSON, as pandas writes it: NaN is no value."""
    return json.loads(text, parse_constant=lambda _: None)


def _keys(record: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the dotted names of the values in a record."""
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _keys(value, f"{prefix}{key}.")
        else:
            yield prefix + key


def _is_flat(value: dict[str, Any] | list[Any]) -> bool:
    cells = value.values() if isinstance(value, dict) else value
    return not any(isinstance(cell, dict | list) for cell in cells)
