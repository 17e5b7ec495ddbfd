"""Files that cannot be read: clear messages, without those of DuckDB."""

from __future__ import annotations

import gzip
import json
import os
import re
from typing import TYPE_CHECKING

import pytest

from mlroles.errors import printable
from mlroles.extras.importer.records import COLUMNS
from tests.importer.records_file import (
    DEFAULTS,
    repeat,
    run_import,
    run_pipeline,
    write_csv,
)

if TYPE_CHECKING:
    from pathlib import Path

HEADER = f"{','.join(COLUMNS)}\n".encode()
LINE = b"2024,SE,FT,Gardener,50000,DE,0\n"
VALID = HEADER + LINE * 20
NON_ASCII = "2024,SE,FT,Gärtner,50000,DE,0\n"
SHORT, LONG = b"2024,SE\n", b"x,x,x,x,x,x,x,x,x\n"
OPEN_QUOTE = b'2024,SE,FT,"Gardener,50000,DE,0\n'
MANY = 30_000
CORRUPT_CHECKSUM = bytearray(gzip.compress(b"a,b\n1,2\n"))
CORRUPT_CHECKSUM[-8] ^= 0xFF

INVALID_FILES = {
    "empty": ("pay.csv", b"", "empty file"),
    "only a byte order mark": ("pay.csv", b"\xef\xbb\xbf", "empty file"),
    "only blank lines": ("pay.csv", b"\n \n", "empty file"),
    "empty gzip": ("pay.csv.gz", gzip.compress(b""), "empty file"),
    "binary": ("pay.csv", bytes(range(256)) * 9, "not a valid CSV file"),
    "zip": ("pay.csv", b"PK\x03\x04" + bytes(range(256)) * 9, "not a valid CSV file"),
    "null bytes": ("pay.csv", b"\0" * 5000, "not UTF-8 text"),
    "null byte in the header": ("pay.csv", b"\0" + VALID, "not UTF-8 text"),
    "late null bytes": (
        "pay.csv",
        HEADER + LINE * MANY + b"\0\0\0\n" + LINE,
        "the number of columns at line 30002 differs from the header",
    ),
    "UTF-16": ("pay.csv", VALID.decode().encode("utf-16"), "not UTF-8 at line 1"),
    "UTF-16 without a mark": (
        "pay.csv",
        VALID.decode().encode("utf-16-le"),
        "not UTF-8 text",
    ),
    "Latin-1": (
        "pay.csv",
        HEADER + NON_ASCII.encode("latin-1") * 20,
        "not UTF-8 at line 2",
    ),
    "late Latin-1": (
        "pay.csv",
        HEADER + LINE * MANY + NON_ASCII.encode("latin-1") + LINE,
        "not UTF-8 at line 30002",
    ),
    "truncated gzip": (
        "pay.csv.gz",
        gzip.compress(VALID)[:-12],
        "not a valid gzip file",
    ),
    "gzip truncated late": (
        "pay.csv.gz",
        gzip.compress(HEADER + b"".join(b"%d\n" % n for n in range(10**6)))[:-100],
        "not a valid gzip file",
    ),
    "gzip of Latin-1": (
        "pay.csv.gz",
        gzip.compress(HEADER + NON_ASCII.encode("latin-1") * 20),
        "not UTF-8 at line 2",
    ),
    "not gzip": ("pay.csv.gz", VALID, "not a valid gzip file"),
    "not Parquet": ("pay.parquet", b"not parquet", "not a valid Parquet file"),
    "empty Parquet": ("pay.parquet", b"", "not a valid Parquet file"),
    "CSV called Parquet": ("pay.pq", VALID, "not a valid Parquet file"),
    "junk between the marks of Parquet": (
        "pay.parquet",
        b"PAR1" + bytes(100) + b"\x10\0\0\0PAR1",
        "not a valid Parquet file",
    ),
    "not JSON": ("pay.jsonl", VALID, "not a valid JSON Lines file"),
    "late invalid JSON": (
        "pay.jsonl",
        json.dumps(DEFAULTS).encode() + (b"\n{}" * MANY) + b"\n{",
        "not a valid JSON Lines file",
    ),
    "empty JSON": ("pay.jsonl", b"", "empty file"),
    "not gzipped JSON": ("pay.jsonl.gz", b"{}", "not a valid gzip file"),
    "not zstd": ("pay.csv.zst", VALID, "not a valid zstd file"),
    "empty zstd": ("pay.csv.zst", b"", "not a valid zstd file"),
    "file name with control characters": (
        "\x1b[2J.parquet",
        b"not parquet",
        "not a valid Parquet file",
    ),
    "unterminated quote": (
        "pay.csv",
        HEADER + LINE * 9 + OPEN_QUOTE + LINE * 9,
        "unterminated quote at line 11",
    ),
    "late unterminated quote": (
        "pay.csv",
        HEADER + LINE * MANY + OPEN_QUOTE + LINE * 9,
        "unterminated quote at line 30002",
    ),
    "unterminated quote in the header": (
        "pay.csv",
        b'"' + VALID,
        "not a valid CSV file",
    ),
    "very long line": (
        "pay.csv",
        HEADER + LINE * 9 + b"x" * 3_000_000 + b"\n",
        "a line is too long",
    ),
    "more columns than the header": (
        "pay.csv",
        HEADER + LINE.replace(b"\n", b",,,\n") * 20,
        "some lines have more columns than the header",
    ),
}
INVALID_FILES |= {
    f"{name} line at {number}": (
        "pay.csv",
        HEADER + LINE * (number - 2) + line + LINE * 9,
        f"the number of columns at line {number} differs from the header",
    )
    for name, line in (("short", SHORT), ("long", LONG))
    for number in (2, 11, MANY + 2)
}
INVALID_FILES["short line after a blank one"] = (
    "pay.csv",
    b"\n" + HEADER + LINE * 9 + SHORT + LINE * 9,
    "the number of columns at line 12 differs from the header",
)
INVALID_FILES["short line between semicolons"] = (
    "pay.csv",
    (HEADER + LINE * 9 + SHORT + LINE * 9).replace(b",", b";"),
    "the number of columns at line 11 differs from the header",
)


@pytest.mark.parametrize(
    ("name", "content", "reason"), INVALID_FILES.values(), ids=INVALID_FILES
)
def test_invalid_file_is_reported(
    name: str, content: bytes, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = run_import(str(path), output=tmp_path / "new.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"error: cannot read {printable(str(path))}: {reason}\n"
    assert list(tmp_path.iterdir()) == [path]


def test_message_does_not_quote_the_file(tmp_path: Path) -> None:
    path = tmp_path / "pay.csv"
    path.write_bytes(HEADER + b"secret \xff,\n" * 9)
    result = run_import(str(path), output=tmp_path / "new.json")
    assert result.stderr == f"error: cannot read {path}: not UTF-8 at line 2\n"


def test_corrupt_checksum_is_not_a_missing_column(tmp_path: Path) -> None:
    # DuckDB reads the file nevertheless, so its headers are what counts.
    path = tmp_path / "pay.csv.gz"
    path.write_bytes(CORRUPT_CHECKSUM)
    result = run_import(str(path), output=tmp_path / "new.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: {path} has no column {', '.join(COLUMNS)}. Its columns are: a, b. "
        "Use --rename HEADER=COLUMN.\n"
    )


def test_null_byte_in_a_value_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pay.csv"
    path.write_bytes(VALID + LINE.replace(b"SE", b"S\0E"))
    result = run_import(str(path), output=tmp_path / "new.json")
    assert result.exit_code == 0
    assert (
        "note: unknown experience_level in 1 record, not broken down by it: S\\x00E\n"
    ) in result.stderr


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none.csv", "no such file or directory"),
        ("a" * 300, "file name too long"),
        ("*" * 300, "file name too long"),
        (".", "is a directory"),
    ],
    ids=["missing", "too long", "pattern too long", "folder"],
)
def test_path_that_is_not_a_file_is_reported(
    name: str, reason: str, tmp_path: Path
) -> None:
    write_csv(tmp_path / "pay.csv", repeat(10))
    path = os.path.join(tmp_path, name)  # noqa: PTH118 - pathlib drops the dot
    result = run_import(path, output=tmp_path / "new.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"error: cannot read {path}: {reason}\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="requires FIFOs")
def test_fifo_is_rejected_without_waiting_for_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "fifo.csv"
    os.mkfifo(path)
    result = run_import(str(path), output=tmp_path / "new.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"error: cannot read {path}: not a regular file. "
        "Use - to read standard input.\n"
    )


@pytest.mark.parametrize(
    "line",
    [
        "mlroles import <(cat pay.csv) -o new.json",
        "cat pay.csv | mlroles import /dev/stdin -o new.json",
    ],
    ids=["process substitution", "standard input"],
)
def test_pipes_are_rejected(line: str, tmp_path: Path) -> None:
    write_csv(tmp_path / "pay.csv", repeat(10))
    result = run_pipeline(line, tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    assert re.fullmatch(
        r"error: cannot read (/dev/fd/\d+|/dev/stdin): not a regular file\. "
        r"Use - to read standard input\.\n",
        result.stderr,
    )
    assert not (tmp_path / "new.json").exists()
