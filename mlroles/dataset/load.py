"""Reading a data set: the bundled one, or one that the user brings."""

from __future__ import annotations

import json
import os
import sys
from typing import IO, TYPE_CHECKING, Any, cast

from mlroles.errors import DataError, reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.abc import ResourceLoader

    from mlroles.dataset.schema import Dataset

SIZE_LIMIT = 64 * 2**20
STDIN = "-"


def load(path: str | os.PathLike[str] | None = None) -> Dataset:
    """Read a data set.

    Args:
        path: A file; `-` is standard input; left out, the bundled data set, which
            needs no check here because the tests hold it against the schema.

    Raises:
        DataError: The file cannot be read or is not a sound data set. It carries
            one message for each fault, each with its place in the file.
    """
    if path is None:
        return cast("Dataset", json.loads(_bundled()))
    name = os.fspath(path)
    data, doubles = _parse(_read(name), shown(name))

    from mlroles.dataset.schema import faults

    if found := [*doubles, *faults(data)]:
        raise DataError(*(f"{shown(name)}: {fault}" for fault in found))
    return cast("Dataset", data)


def chosen_path(given: str | None) -> str | None:
    """The data set that a person means: the one given, or their environment's."""
    # By hand, since Typer 0.26.0 passes over an option's environment variable.
    return given if given is not None else os.environ.get("MLROLES_DATA") or None


def _bundled() -> bytes:
    # Through the loader, so that a package inside a zip file works as well.
    folder = os.path.dirname(os.path.dirname(__file__))
    loader = cast("ResourceLoader", __spec__.loader)
    return loader.get_data(os.path.join(folder, "data.json"))


def shown(path: str) -> str:
    """A path as a message names it."""
    return "standard input" if path == STDIN else path


def _read(path: str) -> bytes:
    try:
        if path == STDIN:
            return _limited(_standard_input(), path)
        with open(path, "rb") as file:
            return _limited(file, path)
    except OSError as error:
        raise DataError(f"cannot read {shown(path)}: {reason(error)}") from None


def _standard_input() -> IO[bytes]:
    if sys.stdin is None:
        raise DataError("cannot read standard input: it is closed")
    return sys.stdin.buffer


def _limited(file: IO[bytes], path: str) -> bytes:
    content = file.read(SIZE_LIMIT + 1)
    if len(content) > SIZE_LIMIT:
        raise DataError(f"{shown(path)}: larger than {SIZE_LIMIT // 2**20} MiB")
    return content


def _parse(content: bytes, name: str) -> tuple[object, list[str]]:
    """What a file says, and the faults of keys that stand twice in an object."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{name}: not UTF-8 at byte {error.start + 1}") from None
    if not text.strip():
        raise DataError(f"{name}: empty")
    doubled: list[tuple[dict[str, Any], str]] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        whole = dict(pairs)
        if len(whole) < len(pairs):
            from collections import Counter

            times = Counter(key for key, _ in pairs)
            doubled.extend((whole, key) for key in whole if times[key] > 1)
        return whole

    try:
        data = json.loads(text, object_pairs_hook=members)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise DataError(f"{name}: not JSON at {where}: {error.msg}") from None
    except RecursionError:
        raise DataError(f"{name}: nested too deep to be a data set") from None
    except ValueError as error:
        raise DataError(f"{name}: {error}") from None
    places = {id(part): place for part, place in _objects(data)} if doubled else {}
    return data, [
        f"{places[id(part)]}{key}: stands twice"
        for part, key in doubled
        if id(part) in places
    ]


def _objects(data: object) -> Iterator[tuple[object, str]]:
    """Every object of a data set, with what a place in it begins with."""
    # Without recursion: a stranger's file may be nested deeper than Python's stack.
    waiting = [(data, "")]
    while waiting:
        node, place = waiting.pop()
        if isinstance(node, dict):
            before = f"{place}." if place else ""
            yield node, before
            waiting += [(part, f"{before}{key}") for key, part in node.items()]
        elif isinstance(node, list):
            waiting += [(part, f"{place}[{at}]") for at, part in enumerate(node)]
