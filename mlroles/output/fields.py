"""The fields that people choose for an answer, and answers as flat rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.errors import Argument, UsageError
from mlroles.matching import choose
from mlroles.output.columns import (
    COLUMNS,
    PARTS,
    PROJECTIONS,
    Column,
    flat_keys,
    flatten,
)
from mlroles.queries.answer import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mlroles.output.columns import Kind
    from mlroles.queries.answer import Answer, Row

# What a conversion adds to rows.
_CONVERTED = ("prices", "exchange_rate", "rate_year")
_KINDS: dict[str, Kind] = {
    column.key: column.kind for columns in COLUMNS.values() for column in columns
} | dict.fromkeys(
    ("amount", "offer", "low", "high", "amount_high", "equivalent_high", "from_median",
     "national_median"), "money",
) | {
    "average_difference": "change", "published": "date", "retrieved": "date",
}  # fmt: skip
# What a heading needs that is not in the key.
_ABBREVIATIONS = {"id": "Id", "url": "URL", "sha256": "SHA-256", "naics": "NAICS"}


def choose_fields(answer: Answer[Any], text: str, style: str) -> Answer[Any]:
    """Return an answer with the fields to show, from their names joined by commas.

    In JSON, they are keys of its rows; in other formats, those of its flat rows. Those
    of `show` are its parts.

    Raises:
        UsageError: A field is unknown, or was given more than once.
    """
    known = _known(answer, is_json=style.startswith("json"))
    names = [
        choose(name.strip(), known, "field", argument="fields")
        for name in text.split(",")
    ]
    for name in names:
        if names.count(name) > 1:
            text = f" has {name!r} more than once."
            raise UsageError(Argument("fields"), text, argument="fields")
    return answer._replace(fields=tuple(names))


def _known(answer: Answer[Any], *, is_json: bool) -> list[str]:
    if answer.question == "show":
        return list(PARTS)
    if not is_json:
        return flat(answer)[0]
    rows = rows_of(answer)
    keys = [column.key for column in COLUMNS[answer.question]]
    return [*keys, *_converted(keys, rows)]


def select(answer: Answer[Any]) -> Any:
    """Return the rows of an answer with its fields only."""
    if not answer.fields:
        return answer.rows
    if isinstance(answer.rows, dict):
        return {key: answer.rows.get(key) for key in answer.fields}
    return [{key: row.get(key) for key in answer.fields} for row in answer.rows]


def flat(answer: Answer[Any]) -> tuple[list[str], list[Row]]:
    """Return an answer as flat rows, as in CSV, and their keys.

    Values of inner rows have their keys as prefixes. `show` has a row for each value.
    """
    if answer.question == "show":
        leaves = _leaves(select(answer))
        return ["key", "value"], [{"key": key, "value": value} for key, value in leaves]
    rows = [flatten(row) for row in rows_of(answer)]
    keys = flat_keys(answer.question)
    if answer.question == "outlook":
        rows = answer.rows["occupations"]
        keys = [column.key for column in PROJECTIONS]
    keys = [*keys, *_converted(keys, rows)]
    return list(answer.fields or keys), rows


def _converted(keys: list[str], rows: list[Row]) -> list[str]:
    """Return the further keys of rows with converted amounts."""
    return [
        key for key in _CONVERTED if key not in keys and any(key in row for row in rows)
    ]


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
    columns = PROJECTIONS if answer.question == "outlook" else COLUMNS[answer.question]
    by_key = {**{column.key: column for column in columns}, **own}
    found = []
    for key in answer.fields:
        column = by_key.get(key) or Column(key, kind=_kind(key))
        if not column.heading:
            words = [_ABBREVIATIONS.get(word, word) for word in key.split("_")]
            heading = " ".join(words)
            kind = _kind(key) if column.kind == "text" else column.kind
            column = Column(key, heading[:1].upper() + heading[1:], kind)
        found.append(column._replace(hide=0))
    return found


def _kind(key: str) -> Kind:
    """Return the kind of a value by its key, without the prefix of an inner row."""
    name = key.removeprefix("distribution_").removeprefix("lead_")
    if name == "source" or name.endswith("_source"):
        return "source"
    return "date" if name.endswith("_updated") else _KINDS.get(name, "text")
