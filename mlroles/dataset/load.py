"""Load a data set: the bundled one, or one that the user provides."""

from __future__ import annotations

import json
import os
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, cast

from mlroles.dataset import bundled
from mlroles.dataset.dataset import Dataset
from mlroles.errors import DataError, reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlroles.dataset.schema import DatasetJson

SIZE_LIMIT = 64 * 2**20
STDIN = "-"


def load(path: str | os.PathLike[str] | None = None) -> Dataset:
    """Load a data set.

    Args:
        path: A file, or `-` for standard input. None is the bundled data set, which
            is not validated here because the tests validate it.

    Raises:
        DataError: The file cannot be read or is not a valid data set. There is one
            message for each validation error, with its location in the file.
    """
    if path is None:
        return Dataset(json.loads(bundled.read("data.json")))
    name = os.fspath(path)
    data, duplicates = _parse(_read(name), display_name(name))

    from mlroles.dataset.validate import validation_errors

    if errors := validation_errors(data, duplicates):
        raise DataError(*(f"{display_name(name)}: {error}" for error in errors))
    return Dataset(cast("DatasetJson", data))


def display_name(path: str) -> str:
    """Return a path as messages show it."""
    return "standard input" if path == STDIN else path


def _read(path: str) -> bytes:
    name = display_name(path)
    if path == STDIN and sys.stdin is None:
        raise DataError("cannot read standard input: it is closed")
    try:
        with (
            nullcontext(sys.stdin.buffer) if path == STDIN else open(path, "rb") as file
        ):
            content = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise DataError(f"cannot read {name}: {reason(error)}") from None
    if len(content) > SIZE_LIMIT:
        raise DataError(f"{name}: larger than {SIZE_LIMIT // 2**20} MiB")
    return content


def _parse(content: bytes, name: str) -> tuple[object, list[str]]:
    """Parse JSON; return it with an error for each duplicate key in an object."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{name}: not UTF-8 at byte {error.start + 1}") from None
    if not text.strip():
        raise DataError(f"{name}: empty file")
    duplicates: list[tuple[dict[str, Any], str]] = []

    def unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            from collections import Counter

            counts = Counter(key for key, _ in pairs)
            duplicates.extend((members, key) for key in members if counts[key] > 1)
        return members

    try:
        data = json.loads(text, object_pairs_hook=unique_members)
    except json.JSONDecodeError as error:
        location = f"line {error.lineno}, column {error.colno}"
        raise DataError(f"{name}: invalid JSON at {location}: {error.msg}") from None
    except RecursionError:
        raise DataError(f"{name}: nested too deeply") from None
    except ValueError as error:
        raise DataError(f"{name}: {error}") from None
    objects = _objects(data) if duplicates else ()
    locations = {id(node): location for node, location in objects}
    return data, [
        f"{locations[id(node)]}{key}: duplicate key"
        for node, key in duplicates
        if id(node) in locations
    ]


def _objects(data: object) -> Iterator[tuple[object, str]]:
    """Yield every object in a data set with the prefix of its members' locations."""
    # Not recursive: a file may be nested deeper than Python's stack.
    pending = [(data, "")]
    while pending:
        node, location = pending.pop()
        if isinstance(node, dict):
            prefix = f"{location}." if location else ""
            yield node, prefix
            pending += [(child, f"{prefix}{key}") for key, child in node.items()]
        elif isinstance(node, list):
            pending += [(child, f"{location}[{n}]") for n, child in enumerate(node)]
