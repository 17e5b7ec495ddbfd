"""Files that cannot be read: clear messages, without those of DuckDB."""

from __future__ import annotations

import gzip
import json
import os
import re
from typing import TYPE_CHECKING

import pytest

from mlroles.errors import printable
from tests.importer.records_file import (
    COLUMNS,
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

NO_TEXT = (
    "not text in UTF-8 or Windows-1252. Name its encoding, such as utf-16, cp932, "
    "gb18030 or cp1251."
)
NO_HEADER = "the first line is not a header. Add one."
NO_JSON, NO_RECORDS = "not a valid JSON file", "no list of records in it"
NO_GZIP, NO_PARQUET = "not a valid gzip file", "not a valid Parquet file"
INVALID_FILES = {
    "empty": ("pay.csv", b"", "empty file"),
    "only a byte order mark": ("pay.csv", b"\xef\xbb\xbf", "empty file"),
    "only blank lines": ("pay.csv", b"\n \n", "empty file"),
    "empty gzip": ("pay.csv.gz", gzip.compress(b""), "empty file"),
    "binary": ("pay.csv", bytes(range(256)) * 9, NO_TEXT),
    "zip": ("pay.csv", b"PK\x03\x04" + bytes(range(256)) * 9, "not a valid zip file"),
    "no character of Windows-1252": ("pay.csv", VALID + b"\x81\n", NO_TEXT),
    "null bytes": ("pay.csv", b"\0" * 5000, NO_TEXT),
    "null byte in the header": ("pay.csv", b"\0" + VALID, NO_TEXT),
    "UTF-16 without a mark": ("pay.csv", VALID.decode().encode("utf-16-le"), NO_TEXT),
    "half of a UTF-16 character":
        ("pay.csv", VALID.decode().encode("utf-16")[:-1], NO_TEXT),
    "truncated gzip": ("pay.csv.gz", gzip.compress(VALID)[:-12], NO_GZIP),
    "gzip truncated late":
        ("pay.csv.gz",
         gzip.compress(HEADER + b"".join(b"%d\n" % n for n in range(10**5)))[:-100],
         NO_GZIP),
    "corrupt checksum": ("pay.csv.gz", bytes(CORRUPT_CHECKSUM), NO_GZIP),
    "not Parquet": ("pay.parquet", b"not parquet", NO_PARQUET),
    "empty Parquet": ("pay.parquet", b"", NO_PARQUET),
    "CSV called Parquet": ("pay.pq", VALID, NO_PARQUET),
    "junk between the marks of Parquet":
        ("pay.parquet", b"PAR1" + bytes(100) + b"\x10\0\0\0PAR1", NO_PARQUET),
    "not JSON": ("pay.jsonl", VALID, NO_JSON),
    "late invalid JSON":
        ("pay.jsonl", json.dumps(DEFAULTS).encode() + b"\n{}" * MANY + b"\n{", NO_JSON),
    "truncated object": ("pay.json", b'{"jobs": [{', NO_JSON),
    "no records": ("pay.json", b"[]", NO_RECORDS),
    "no list of records": ("pay.json", b'{"a": 1, "b": [1]}', NO_RECORDS),
    "numbers": ("pay.json", b"[1, 2]", NO_RECORDS),
    "empty JSON": ("pay.jsonl", b"", "empty file"),
    "CSV called JSON": ("pay.json.gz", gzip.compress(VALID), NO_JSON),
    "zstd": ("pay.csv.zst", b"\x28\xb5\x2f\xfd" + VALID,
             "compressed by zstd. Decompress it first."),
    "old spreadsheet": ("pay.xls", b"\xd0\xcf\x11\xe0" * 9, "not a valid spreadsheet"),
    "file name with control characters":
        ("\x1b[2J.parquet", b"not parquet", NO_PARQUET),
    "records without a header":
        ("pay.csv", b"1,A. Nobody,nobody@example.com,50000\n" * 20, NO_HEADER),
    "numbers without a header": ("pay.csv", b"Gardener,50000\n" * 20, NO_HEADER),
    "unterminated quote in the header": ("pay.csv", b'"' + VALID * 9, NO_HEADER),
    "lines unlike the header":
        ("pay.csv", HEADER + LINE.replace(b"\n", b",1\n") * 20,
         "not a valid CSV file: 20 lines do not have the columns of the header"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "reason"), INVALID_FILES.values(), ids=INVALID_FILES
)
def test_invalid_file_is_reported(
    name: str, content: bytes, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = run_import(str(path), output=tmp_path / "new.json")
    assert result == (1, "", f"error: cannot read {printable(str(path))}: {reason}\n")
    assert list(tmp_path.iterdir()) == [path]


BAD_LINES = {
    "short": SHORT,
    "long": LONG,
    "open quote": OPEN_QUOTE,
    "null bytes": b"\0\0\0\n",
    "very long": b"x" * 3_000_000 + b"\n",
}


@pytest.mark.parametrize("line", BAD_LINES.values(), ids=BAD_LINES)
def test_bad_lines_are_skipped_and_counted(line: bytes, tmp_path: Path) -> None:
    # DuckDB reads many files differently.
    lengths = [MANY, 0, 9, *[3] * 40]
    for number, before in enumerate(lengths):
        content = HEADER + LINE * before + line + LINE * 12
        (tmp_path / f"pay{number}.csv").write_bytes(content)
    for files, count in (("pay0.csv", 1), ("pay[0-2].csv", 3), ("pay*.csv", 43)):
        used = sum(lengths[:count]) + 12 * count
        result = run_import(str(tmp_path / files), output=tmp_path / "new.json")
        assert result.exit_code == 0
        assert result.stderr.startswith(
            f"note: {used + count:,} records read, {used:,} used, {count} skipped\n"
            f"note: skipped {count}: line{'s' * (count > 1)} without the columns of"
        )


def test_open_quotes_of_many_lines_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "pay.csv"
    path.write_bytes(HEADER + LINE * 3000 + OPEN_QUOTE + LINE * 3000)
    result = run_import(str(path), output=tmp_path / "new.json")
    assert "6,001 records read, 6,000 used, 1 skipped\n" in result.stderr


def test_open_quotes_in_packed_files_are_counted(tmp_path: Path) -> None:
    for number in range(60):
        line = OPEN_QUOTE if number % 20 == 5 else b""
        content = HEADER + LINE * 4 + line + LINE * 2
        if number % 2:
            content = gzip.compress(content)
        (tmp_path / f"{number}.csv").write_bytes(content)
    result = run_import(str(tmp_path / "*.csv"), output=tmp_path / "new.json")
    assert result.stderr.startswith(
        "note: 363 records read, 360 used, 3 skipped\n"
        "note: skipped 3: lines without the columns of the header\n"
    )


VALID_FILES = {
    "UTF-16": VALID.decode().encode("utf-16"),
    "UTF-16, big endian": b"\xfe\xff" + VALID.decode().encode("utf-16-be"),
    "Windows-1252": HEADER + NON_ASCII.encode("latin-1") + LINE * 20,
    "late Windows-1252": HEADER + LINE * 20 + NON_ASCII.encode("latin-1"),
    "gzip of Windows-1252": gzip.compress(
        HEADER + LINE * 20 + NON_ASCII.encode("latin-1")
    ),
    "not gzip, whatever its name": VALID,
    "gzip without its extension": gzip.compress(VALID),
    "empty columns at the end": HEADER + LINE.replace(b"\n", b",,,\n") * 20,
    "a blank first line": b"\n" + VALID,
    "blank first lines": b"\n   \n\n" + VALID,
    "blank lines": b"\n" + HEADER + b"\n" + LINE * 10 + b" \n" + LINE * 10 + b"\n\n",
    "carriage returns": VALID.replace(b"\n", b"\r"),
    "mixed line ends": HEADER + LINE.replace(b"\n", b"\r\n") * 10 + LINE * 10,
    "title above the header": b"Pay of 2024,,,,,,\n" + VALID,
    "sentence above the header": b'"We asked\nall, of us"\n\n' + VALID,
    "no line feed at the end": VALID[:-1],
}


def test_unusual_files_are_read(tmp_path: Path) -> None:
    for name, content in VALID_FILES.items():
        (tmp_path / f"{name}.csv").write_bytes(content)
    result = run_import(str(tmp_path / "*.csv"), output=tmp_path / "new.json")
    assert result.exit_code == 0, result.stderr
    others = {name for name in VALID_FILES if "1252" in name}
    count = 20 * len(VALID_FILES)
    assert result.stderr.startswith(
        f"note: {count + len(others)} records read, {count} used, {len(others)} skipped"
    )
    # Files of one form are read together.
    assert re.findall(r"(?m)^note: .*/(.*): read as Windows-1252", result.stderr) == [
        f"{min(others)}.csv and 2 other files"
    ]


def test_messages_do_not_quote_the_file(tmp_path: Path) -> None:
    path = tmp_path / "pay.csv"
    path.write_bytes(
        b"a secret of more than sixty characters is in this header of a file\n"
    )
    result = run_import(str(path), output=tmp_path / "new.json")
    assert "a secret of" in result.stderr
    assert "a file" not in result.stderr
    path.write_bytes(b",".join(b"header%d" % n for n in range(300)) + b"\n")
    result = run_import(str(path), output=tmp_path / "new.json")
    assert "header19 and 280 more." in result.stderr
    assert "header20" not in result.stderr


def test_null_byte_in_a_value_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pay.csv"
    path.write_bytes(VALID + LINE.replace(b"SE", b"S\0E"))
    result = run_import(str(path), output=tmp_path / "new.json")
    assert result.exit_code == 0
    assert (
        "note: unknown level in 1 record, not broken down by it: S\\x00E\n"
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
    assert result == (1, "", f"error: cannot read {path}: {reason}\n")


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
