"""Writing a data set, whole or not at all."""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlroles.dataset import load, shown
from mlroles.errors import DataError
from mlroles.schema import faults

if TYPE_CHECKING:
    from mlroles.schema import Dataset

# No text of a sound data set has a control character, so none looks like this.
_MARK = re.compile(r'"\\u0001(\d+)"')


def dumps(data: Dataset) -> str:
    """A data set as text: two-space indent, but a survey cell or a place a line."""
    lines: list[str] = []

    def one_line(value: Any) -> str:
        lines.append(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
        return f"\x01{len(lines) - 1}"

    whole: dict[str, Any] = dict(data)
    if data["survey"]:
        cells = data["survey"]["cells"].items()
        by_role = {role: [one_line(cell) for cell in rows] for role, rows in cells}
        columns = one_line(data["survey"]["columns"])
        whole["survey"] = {**data["survey"], "columns": columns, "cells": by_role}
    if data["places"]:
        tables = [
            {
                **table,
                "whole": table["whole"] and one_line(table["whole"]),
                "rows": [one_line(row) for row in table["rows"]],
            }
            for table in data["places"]["tables"]
        ]
        columns = one_line(data["places"]["columns"])
        whole["places"] = {**data["places"], "columns": columns, "tables": tables}
    text = json.dumps(whole, ensure_ascii=False, indent=2)
    return _MARK.sub(lambda match: lines[int(match[1])], text) + "\n"


def save(data: Dataset, path: str, *, force: bool = False) -> None:
    """Write a data set to a file, beside it first and then into its place.

    A run that is cut off leaves the file as it was.

    Raises:
        DataError: The data set is not sound, the file cannot be written, or, but
            for `force`, it is a symbolic link or something else than a data set.
    """
    if found := faults(data):
        raise DataError(*(f"{shown(path)} would not be sound: {f}" for f in found))
    if not force:
        check_target(path)
    folder = Path(path).absolute().parent
    try:
        handle, name = tempfile.mkstemp(".tmp", ".mlroles-", folder)
        beside = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(dumps(data))
                file.flush()
                os.fsync(file.fileno())
            beside.chmod(0o666 & ~_umask())
            beside.replace(path)
        except BaseException:
            beside.unlink()
            raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DataError(f"cannot write {shown(path)}: {reason}") from None


def check_target(path: str) -> None:
    """Check that writing a file loses nothing but a data set.

    Raises:
        DataError: The path is a symbolic link or something else than a data set.
    """
    if Path(path).is_symlink():
        raise DataError(
            f"{shown(path)} is a symbolic link; name the file itself, or add --force"
        )
    if Path(path).exists():
        try:
            load(path)
        except DataError:
            raise DataError(
                f"{shown(path)} exists and is not a data set; add --force to replace it"
            ) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
