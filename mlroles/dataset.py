"""Reading a data set: the bundled one, or one that the user brings."""

from __future__ import annotations

import json
import os
import sys
from typing import IO, TYPE_CHECKING, Any, NoReturn, cast

from mlroles.errors import DataError

if TYPE_CHECKING:
    from importlib.abc import ResourceLoader

    from mlroles.schema import Dataset

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
    data = _parse(_read(name), shown(name))

    from mlroles.schema import faults  # noqa: PLC0415 - pydantic: only for a file

    if found := faults(data):
        raise DataError(*(f"{shown(name)}: {fault}" for fault in found))
    return cast("Dataset", data)


def chosen_path(given: str | None) -> str | None:
    """The data set that a person means: the one given, or their environment's."""
    # By hand, since Typer 0.26.0 passes over an option's environment variable.
    return given or os.environ.get("MLROLES_DATA") or None


def _bundled() -> bytes:
    # Through the loader, so that a package inside a zip file works as well.
    folder = os.path.dirname(__file__)
    loader = cast("ResourceLoader", globals()["__loader__"])
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
        reason = (error.strerror or str(error)).lower()
        raise DataError(f"cannot read {shown(path)}: {reason}") from None


def _standard_input() -> IO[bytes]:
    if sys.stdin is None:
        raise DataError("cannot read standard input: it is closed")
    return sys.stdin.buffer


def _limited(file: IO[bytes], path: str) -> bytes:
    content = file.read(SIZE_LIMIT + 1)
    if len(content) > SIZE_LIMIT:
        raise DataError(f"{shown(path)}: larger than {SIZE_LIMIT // 2**20} MiB")
    return content


def _parse(content: bytes, shown: str) -> object:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{shown}: not UTF-8 at byte {error.start + 1}") from None
    if not text.strip():
        raise DataError(f"{shown}: empty")
    try:
        return json.loads(
            text, object_pairs_hook=_each_key_once, parse_constant=_no_such_number
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise DataError(f"{shown}: not JSON at {where}: {error.msg}") from None
    except RecursionError:
        raise DataError(f"{shown}: nested too deep to be a data set") from None
    except ValueError as error:
        raise DataError(f"{shown}: {error}") from None


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        keys = [key for key, _ in pairs]
        double = next(key for key in members if keys.count(key) > 1)
        raise ValueError(f"the key {double!r} stands twice in one object")
    return members


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number in JSON")
