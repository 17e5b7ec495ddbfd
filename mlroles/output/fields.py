"""The fields that people choose for an answer, and answers as flat rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.errors import Argument, UsageError, quoted
from mlroles.matching import choose
from mlroles.queries.answer import rows_of
from mlroles.questions import CONVERSION, Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mlroles.queries.answer import Answer
    from mlroles.questions import Row

# What a heading needs that is not in the key.
_ABBREVIATIONS = {"id": "Id", "url": "URL", "sha256": "SHA-256", "naics": "NAICS"}


def choose_fields(answer: Answer[Any], text: str, style: str) -> Answer[Any]:
    """Return an answer with the fields to show, from their names joined by commas.

    In JSON, they are keys of its rows; in other formats, those of its flat rows. Those
    of a nested answer are always its keys.

    Raises:
        UsageError: A field is unknown, or was given more than once.
    """
    question = answer.question
    if question.is_nested:
        known = question.keys
    elif style.startswith("json"):
        known = [*question.keys, *_converted(answer, question.columns)]
    else:
        known = flat(answer)[0]
    names = [
        choose(name.strip(), known, "field", argument="fields")
        for name in text.split(",")
    ]
    for name in names:
        if names.count(name) > 1:
            text = f" has {quoted(name)} more than once."
            raise UsageError(Argument("fields"), text, argument="fields")
    return answer._replace(fields=tuple(names))


def select(answer: Answer[Any]) -> Any:
    """Return the rows of an answer with its fields only."""
    if not answer.fields:
        return answer.rows
    if isinstance(answer.rows, dict):
        return {key: answer.rows.get(key) for key in answer.fields}
    return [{key: row.get(key) for key in answer.fields} for row in answer.rows]


def flat(answer: Answer[Any]) -> tuple[list[str], list[Row]]:
    """Return the keys and rows of an answer in a flat format such as CSV.

    A nested answer has a row for each value. An answer that is one object has a row for
    each of its inner ones, such as other figures, after its own, with their name in
    `part`; with fields, only its own.
    """
    if answer.question.is_nested:
        leaves = _leaves(select(answer))
        return ["key", "value"], [{"key": key, "value": value} for key, value in leaves]
    rows = rows_of(answer)
    if inner := answer.question.flat:
        rows = [{**rows[0], **each} for each in rows[0][inner] or [{}]]
    keys = [column.key for column in _flat_columns(answer)]
    if not answer.fields and (further := list(_inner(answer))):
        # Only the first line is the answer.
        return [*keys, "part"], [*rows, *further]
    return list(answer.fields or keys), rows


def _inner(answer: Answer[Any]) -> Iterator[Row]:
    """Yield the objects in the lists of an object, with the name of their list."""
    question = answer.question
    if not question.is_object or question.flat:
        return
    row = answer.rows
    named = {key: row[key] for key in ("role", "title")}
    for column in question.columns:
        for each in row[column.key] if column.kind == "rows" else ():
            yield {**named, **each, "part": column.key}


def _flat_columns(answer: Answer[Any]) -> list[Column]:
    """Return the columns of the flat rows of an answer.

    Lists of rows are omitted, but for those that have a line for each.
    """
    question = answer.question
    columns = question.columns
    found = [
        column
        for outer in columns
        for column in (outer.columns if outer.key == question.flat else [outer])
        if column.kind != "rows"
    ]
    return [*found, *_converted(answer, columns).values()]


def _converted(answer: Answer[Any], columns: tuple[Column, ...]) -> dict[str, Column]:
    """Return the further columns of an answer with converted amounts, by their keys."""
    known = {column.key for column in columns}
    rows = rows_of(answer)
    return {
        column.key: column
        for column in CONVERSION
        if column.key not in known and any(column.key in row for row in rows)
    }


def _leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value in nested objects and lists with its path."""
    if not isinstance(node, dict | list):
        yield path, node
        return
    for key, child in node.items() if isinstance(node, dict) else enumerate(node):
        yield from _leaves(child, f"{path}.{key}" if path else str(key))


def chosen_columns(answer: Answer[Any], own: Mapping[str, Column]) -> list[Column]:
    """Return the columns of the fields of an answer, which are never hidden.

    `own` are the columns of a page by their keys, whose headings are kept.
    """
    by_key = {column.key: column for column in _flat_columns(answer)} | dict(own)
    return [
        by_key[key]._replace(heading=by_key[key].heading or _heading(key), hide=0)
        for key in answer.fields
    ]


def _heading(key: str) -> str:
    """Return a heading for a column that people do not see by default."""
    heading = " ".join(_ABBREVIATIONS.get(word, word) for word in key.split("_"))
    return heading[:1].upper() + heading[1:]
