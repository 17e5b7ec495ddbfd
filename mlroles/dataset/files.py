"""Writing a file whole or not at all, and over nothing but its own kind."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mlroles.errors import DataError, reason

if TYPE_CHECKING:
    from collections.abc import Callable


def check_target(
    path: str,
    kind: str,
    is_one: Callable[[str], bool],
    *,
    force: bool = False,
    or_else: str = "",
) -> None:
    """Check, before there is anything to write, that a file can take it.

    `kind` says what may be replaced and `is_one` whether a file is that; `force`
    replaces anything. `or_else` tells how a person gets their way.

    Raises:
        DataError: There is no such folder, or the file is a symbolic link or
            something else than its kind.
    """
    file = Path(path)
    try:
        if not file.parent.is_dir():
            raise DataError(f"cannot write {path}: no such folder")
        if file.exists() and not file.is_file():
            raise DataError(f"cannot write {path}: it is not a file")
        if force:
            return
        if file.is_symlink():
            fault = "is a symbolic link; name the file itself"
            raise DataError(f"{path} {fault}{or_else and f', or {or_else}'}")
        if file.exists() and not is_one(path):
            fault = f"exists and is not {kind}"
            raise DataError(f"{path} {fault}{or_else and f'; {or_else} to replace it'}")
    except OSError as error:
        raise _unwritable(path, error) from None


def write_whole(path: str, text: str) -> None:
    """Write a file beside its place first and then into it.

    A run that is cut off leaves the file as it was.

    Raises:
        DataError: It cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(".tmp", ".mlroles-", Path(path).parent)
        beside = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            beside.chmod(_mode(Path(path)))
            beside.replace(path)
        except BaseException:
            beside.unlink()
            raise
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: str, error: OSError) -> DataError:
    return DataError(f"cannot write {path}: {reason(error)}")


def _mode(file: Path) -> int:
    """The permissions of the file that is replaced, or those of any new file."""
    if file.is_file():
        return file.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
