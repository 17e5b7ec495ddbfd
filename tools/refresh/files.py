"""Read public files and record what was read."""

from __future__ import annotations

import csv
import gzip
import hashlib
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

# A row of a file, by its columns.
Row: TypeAlias = "dict[str, str]"


def read_csv(path: Path) -> list[Row]:
    """Read the rows of a CSV file, which may be compressed with gzip."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines()))


def sha256(*paths: Path) -> list[str]:
    """Return the SHA-256 digests of files, in their order."""
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


def top_employer(row: Row) -> Any:
    """Return a key with the employer of the most filings and their number, if known."""
    name = row.get("top_employer")
    return {"top_employer": [name, int(row["top_filings"])]} if name else {}


def number(row: Row, key: str) -> int | None:
    """Return a whole number of a row, None if it is missing or empty."""
    return int(row[key]) if row.get(key) else None
