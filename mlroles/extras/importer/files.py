"""The files of pay records: which they are, in what format, and why one is invalid."""

from __future__ import annotations

import glob
import gzip
import re
import shutil
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from mlroles.dataset.load import STDIN, display_name
from mlroles.errors import DataError, UsageError, reason

if TYPE_CHECKING:
    from collections.abc import Iterable

# The delimiters of CSV files that are detected.
DELIMITERS = ",;\t|"
CSV, JSON, PARQUET = "csv", "json", "parquet"
# The formats by the extensions of files; any other is CSV, whatever its delimiter.
_FORMATS = {
    ".json": JSON, ".jsonl": JSON, ".ndjson": JSON,
    ".parquet": PARQUET, ".pq": PARQUET,
}  # fmt: skip
_COMPRESSIONS = {".gz", ".zst"}
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_WORKBOOKS = {".xls", ".xlsb", ".xlsm", ".xlsx", ".ods"}
_NAMES = {PARQUET: "Parquet file", JSON: "JSON Lines file"}
# What the errors of DuckDB on CSV files mean; the last one is the default.
_EXPLANATIONS = {
    # DuckDB gives the number of another line.
    r"^Maximum line size of \d+ bytes exceeded": "a line is too long",
    r"^Invalid unicode": "not UTF-8{at}",
    r"^Expected Number of Columns: \d": "the number of columns{at} differs from the "
    "header",
    r"^Value with unterminated quote": "unterminated quote{at}",
    r"": "not a valid CSV file{at}",
}


def find_files(names: Iterable[str]) -> list[str]:
    """Return the files that are named, each once.

    A name that is not that of a file can be a pattern, such as `pay-*.csv`; its files
    are sorted. `-` is standard input.

    Raises:
        DataError: A file does not exist or is not readable, or none matches a pattern.
        UsageError: There is no name, or an empty one.
    """
    found: dict[Path | str, str] = {}
    for name in names:
        if name == STDIN:
            found[STDIN] = STDIN
            continue
        for path in _matches(name):
            _check_readable(path)
            found.setdefault(Path(path).resolve(), path)
    if not found:
        raise UsageError("RECORDS must be the names of files.")
    return list(found.values())


def _matches(name: str) -> list[str]:
    if not name:
        raise UsageError("RECORDS must be the names of files.")
    try:
        is_pattern = glob.has_magic(name) and not Path(name).exists()
    except OSError as error:
        raise DataError(f"cannot read {name}: {reason(error)}") from None
    if not is_pattern:
        return [name]
    matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - keeps "./"
    files = [match for match in matches if not Path(match).is_dir()]
    if not files:
        raise DataError(f"no file matches {name}")
    return files


def _check_readable(path: str) -> None:
    file = Path(path)
    if file.suffix.lower() in _WORKBOOKS:
        problem = "spreadsheets are not supported. Save the sheet as CSV."
        raise read_error(path, problem)
    try:
        # A pipe cannot be read more than once, and opening it might never return.
        if file.exists() and not (file.is_file() or file.is_dir()):
            raise DataError(
                f"cannot read {path}: not a regular file. Use - to read standard input."
            )
        file.open("rb").close()
        # DuckDB reads the first part of a truncated one without an error.
        if file.suffix.lower() == ".zst" and not _is_zstd(file):
            raise read_error(path, "not a valid zstd file")
    except OSError as error:
        raise DataError(f"cannot read {path}: {reason(error)}") from None


def save_stdin(folder: str) -> str:
    """Save standard input to a file, which can be read more than once; return its path.

    Raises:
        DataError: It is closed or cannot be read.
    """
    if sys.stdin is None:
        raise DataError("cannot read standard input: it is closed")
    path = Path(folder) / "standard-input.csv"
    try:
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
    except OSError as error:
        raise DataError(f"cannot read standard input: {reason(error)}") from None
    return str(path)


def file_format(path: str) -> str:
    """Return the format of a file: CSV, JSON or PARQUET."""
    file = Path(path.lower())
    suffix = Path(file.stem).suffix if file.suffix in _COMPRESSIONS else file.suffix
    return _FORMATS.get(suffix, CSV)


def read_error(path: str, problem: str) -> DataError:
    """Return the error for a file that cannot be read."""
    return DataError(f"cannot read {display_name(path)}: {problem}")


def explain(path: str, error: Exception) -> str:
    """Explain an error of DuckDB without quoting the file."""
    text = str(error)
    if path.lower().endswith(".gz") and not _is_gzip(path):
        return "not a valid gzip file"
    kind = file_format(path)
    if kind != CSV:
        return f"not a valid {_NAMES[kind]}"
    line = re.search(r"CSV Error on Line: (\d+)", text)
    explanations = (
        explanation
        for pattern, explanation in _EXPLANATIONS.items()
        if re.search(pattern, text, re.MULTILINE)
    )
    return next(explanations).format(at=f" at line {line[1]}" if line else "")


def _is_gzip(path: str) -> bool:
    """Return whether a file is a complete gzip file.

    Versions of DuckDB report a truncated one as different errors, some of a line.
    """
    try:
        with gzip.open(path) as stream:
            while stream.read(1 << 20):
                pass
    except (OSError, EOFError, zlib.error):
        return False
    return True


def _is_zstd(file: Path) -> bool:
    """Return whether a file consists of complete zstd frames (RFC 8878).

    Only the headers of frames and blocks are read.
    """
    size = file.stat().st_size
    with file.open("rb") as stream:
        while (magic := stream.read(4)) == _ZSTD_MAGIC or _is_skippable(magic):
            if magic != _ZSTD_MAGIC:
                stream.seek(int.from_bytes(stream.read(4), "little"), 1)
                continue
            (descriptor,) = stream.read(1) or b"\0"
            is_single = descriptor >> 5 & 1
            content_size = (is_single, 2, 4, 8)[descriptor >> 6]
            dictionary_size = (0, 1, 2, 4)[descriptor & 3]
            stream.seek(1 - is_single + dictionary_size + content_size, 1)
            is_last = 0
            while not is_last and len(header := stream.read(3)) == 3:  # noqa: PLR2004
                block = int.from_bytes(header, "little")
                is_last = block & 1
                # A block of type 1 is one byte, repeated.
                stream.seek(1 if block >> 1 & 3 == 1 else block >> 3, 1)
            stream.seek(4 * (descriptor >> 2 & 1), 1)
            if not is_last:
                break
        return not magic and 0 < stream.seek(0, 1) == size


def _is_skippable(magic: bytes) -> bool:
    return magic[1:] == b"\x2a\x4d\x18" and magic[0] >> 4 == 5  # noqa: PLR2004
