"""Write data sets, and any file, atomically and without replacing other files."""

from __future__ import annotations

import json
import os
import re
import signal
import tempfile
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import PLACE_COLUMNS
from mlroles.dataset.load import load
from mlroles.errors import Argument, DataError, Message, reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mlroles.dataset.schema import DatasetJson

# A valid data set contains no control characters, so no text of it looks like this.
_PLACEHOLDER = re.compile(r'"\\u0001(\d+)"')


def save(data: DatasetJson, path: str, *, force: bool = False) -> None:
    """Write a data set to a file, atomically.

    Raises:
        DataError: The data set is invalid, the file cannot be written, or, without
            `force`, it is a symbolic link or exists and is not a data set.
    """
    text = valid_text(data, path)
    check_output(path, force=force)
    write_file(path, text)


def valid_text(data: DatasetJson, path: str) -> str:
    """Return a data set as the text of a file.

    Raises:
        DataError: The data set is invalid.
    """
    from mlroles.dataset.validate import validation_errors

    if errors := validation_errors(data):
        raise DataError(*(f"{path}: not written: {error}" for error in errors))
    return dumps(data)


def check_output(path: str, *, force: bool = False) -> None:
    """Check that a data set can be written to a file.

    Raises:
        DataError: It cannot, as for `save`.
    """
    check_target(path, "a data set", _is_dataset, force=force)


def _is_dataset(path: str) -> bool:
    try:
        load(path)
    except DataError:
        return False
    return True


def dumps(data: DatasetJson) -> str:
    """Return a data set as JSON, indented, with each row of values on a line.

    A row is a list of values in a list, such as a pay group, or a long one.
    """
    lines: list[str] = []

    def mark(value: Any, *, is_item: bool = False) -> Any:
        if isinstance(value, dict):
            return {key: mark(member) for key, member in value.items()}
        if not isinstance(value, list | tuple):
            return value
        is_row = is_item or len(value) >= len(PLACE_COLUMNS)
        if not value or not is_row or isinstance(value[0], list | tuple | dict):
            return [mark(item, is_item=True) for item in value]
        lines.append(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
        return f"\x01{len(lines) - 1}"

    text = json.dumps(mark(data), ensure_ascii=False, indent=2)
    return _PLACEHOLDER.sub(lambda match: lines[int(match[1])], text) + "\n"


def check_target(
    path: str,
    kind: str = "",
    is_kind: Callable[[str], bool] | None = None,
    *,
    force: bool = False,
) -> None:
    """Check that a file can be written, before there is anything to write.

    An existing file must be of a `kind`, such as "a data set", to be replaced; without
    one, none is. `force` replaces any regular file, and a symbolic link itself.

    Raises:
        DataError: The folder does not exist; or the file is not writable, not a
            regular file or, without `force`, a symbolic link or of another kind.
    """
    file = Path(path)
    try:
        if not file.parent.is_dir():
            raise DataError(f"cannot write {path}: no such folder")
        if file.exists() and not file.is_file():
            raise DataError(f"cannot write {path}: not a regular file")
        if file.exists() and _is_read_only(file):
            raise DataError(f"cannot write {path}: the file is read-only")
        with tempfile.TemporaryFile(dir=file.parent):
            # The folder can be written to.
            pass
        if force:
            return
        hint = Message(", or use ", Argument("force"), ".")
        if file.is_symlink():
            raise DataError(
                Message(f"{path} is a symbolic link. Name its target", hint)
            )
        if file.exists() and not (is_kind and is_kind(path)):
            exists = f"{path} exists and is not {kind}" if kind else f"{path} exists"
            raise DataError(Message(f"{exists}. Name another file", hint))
    except OSError as error:
        raise _write_error(path, error) from None


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """End with an exception at SIGTERM and SIGHUP too, so that files are removed.

    The exit code is 128 and the number of the signal, as in shells. A signal that is
    handled already, or ignored as by nohup, is left alone.
    """
    numbers = [getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")]
    changed = [
        each
        for each in numbers
        if each
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(each) is signal.SIG_DFL
    ]

    def end(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    for each in changed:
        signal.signal(each, end)
    try:
        yield
    finally:
        for each in changed:
            signal.signal(each, signal.SIG_DFL)


def write_file(path: str, content: str | bytes) -> None:
    """Write a file atomically: an interrupted run leaves the old file in place.

    Text is written in UTF-8.

    Raises:
        DataError: It cannot be written.
    """
    try:
        with ended_by_signals():
            _write(path, content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise _write_error(path, error) from None


def _write(path: str, content: bytes) -> None:
    handle, name = tempfile.mkstemp(".tmp", ".mlroles-", Path(path).parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(Path(path)))
        temporary.replace(path)
    except BaseException:
        temporary.unlink()
        raise
    _sync_folder(Path(path).parent)


def _sync_folder(folder: Path) -> None:
    """Write a new name of a file to the disk, where folders can be written so."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _is_read_only(file: Path) -> bool:
    # The superuser may write any file; the permissions still state the intent.
    return not (os.access(file, os.W_OK) and file.stat().st_mode & 0o222)


def _write_error(path: str, error: OSError) -> DataError:
    return DataError(f"cannot write {path}: {reason(error)}")


def _mode(file: Path) -> int:
    """Return the permissions of the replaced file, or those of a new file."""
    if file.is_file():
        return file.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
