"""A data set as text and as a file."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from mlroles.dataset.files import check_target, write_whole
from mlroles.dataset.load import load
from mlroles.dataset.schema import faults
from mlroles.errors import DataError

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset

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
    """Write a data set to a file, whole or not at all.

    Raises:
        DataError: The data set is not sound, the file cannot be written, or, but
            for `force`, it is a symbolic link or something else than a data set.
    """
    if found := faults(data):
        raise DataError(*(f"{path} would not be sound: {fault}" for fault in found))
    check_output(path, force=force)
    write_whole(path, dumps(data))


def check_output(path: str, *, force: bool = False) -> None:
    """Check that a data set can be written there, over nothing but a data set.

    Raises:
        DataError: It cannot, as for `save`.
    """
    check_target(path, "a data set", _is_sound, force=force, or_else="add --force")


def _is_sound(path: str) -> bool:
    try:
        load(path)
    except DataError:
        return False
    return True
