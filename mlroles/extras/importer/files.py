"""The files of pay records: which they are, and as tables that DuckDB reads.

A file is what its first bytes say. DuckDB reads regular files itself; all others are
written as such in a temporary folder: spreadsheets, other encodings and shapes of JSON,
and CSV files with irregular lines, which are skipped and counted.
"""

from __future__ import annotations

import codecs
import csv
import errno
import glob
import gzip
import io
import json
import os
import re
import shutil
import sys
import zipfile
import zlib
from collections import deque
from contextlib import suppress
from datetime import date
from functools import partial
from itertools import chain, count, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from mlroles.dataset.load import SIZE_LIMIT, STDIN, display_name
from mlroles.errors import DataError, MlrolesError, UsageError, quoted, reason
from mlroles.extras.importer.columns import matches
from mlroles.extras.importer.json_shapes import find_records, is_plain
from mlroles.extras.importer.values import find_currencies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# On a full disk, at a limit of the size of files, and beyond a quota, which Windows
# does not have.
_NO_SPACE = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
# The delimiters of CSV files that are detected.
DELIMITERS = ",;\t|"
CSV, JSON, PARQUET = "CSV", "JSON", "Parquet"
# Files that have these extensions and other content are reported as invalid.
_EXTENSIONS = {
    ".json": JSON, ".jsonl": JSON, ".ndjson": JSON, ".parquet": PARQUET, ".pq": PARQUET,
}  # fmt: skip
_GZIP, _ZIP, _XLS, _PARQUET = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"
_ZSTD = b"\x28\xb5\x2f\xfd"
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_HEAD = 2**18
# The lines of which one may be the header, and the most that a record may have.
_FIRST_LINES, _MOST_LINES = 30, 1_000
# JSON that is not a list or lines of records is read whole.
_MAX_JSON = 2**28
_SHORT_WORD = re.compile(r"\b[a-z]{3}\b")
_NO_TEXT = (
    "not text in UTF-8 or Windows-1252. Name its encoding, such as utf-16, cp932, "
    "gb18030 or cp1251."
)


class Table(NamedTuple):
    """A file as DuckDB reads it.

    Attributes:
        kind: CSV, JSON or PARQUET.
        path: The file to read, which may be a temporary one.
        headers: The headers, also of values inside the columns of JSON.
        names: The columns as DuckDB names them; none if they are to be described.
        values: The SQL of what is under each header.
        types: The types of these values.
        delimiter: That of a CSV file.
        currency: The currency that a line above the header names.
        is_packed: Whether it is compressed by gzip.
        skipped: The number of lines that are not records.
        notes: How it was read, if that is not obvious.
    """

    kind: str
    path: str
    headers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    delimiter: str = ","
    currency: str | None = None
    is_packed: bool = False
    skipped: int = 0
    notes: tuple[str, ...] = ()

    @property
    def form(self) -> Table:
        """What it has in common with files that the same query can read."""
        return self._replace(path="", skipped=0)


class Opener:
    """Opens files as tables.

    Args:
        folder: A temporary folder, for what DuckDB does not read itself.
        encoding: The encoding of CSV and JSON files; None detects it.
        mapped: The headers that the user names, by column.
        sheet: The sheet of spreadsheets to read; None chooses it.
        are_several: Whether DuckDB may read several files by one query.
    """

    def __init__(
        self,
        folder: str,
        encoding: str | None,
        mapped: Mapping[str, str],
        sheet: str | None,
        *,
        are_several: bool,
    ) -> None:
        self._matches, self._sheet = partial(matches, mapped=mapped), sheet
        self._are_several = are_several
        self._names = (Path(folder) / f"converted-{number}" for number in count())
        self._encoding = encoding
        # By the first line of files that begin with their header.
        self._layouts: dict[str, Table] = {}
        try:
            # Others than those of text, such as base64, are found, too.
            "".encode(encoding or "utf-8")
        except (LookupError, ValueError):
            text = f"unknown encoding {quoted(encoding)}. Use a name such as "
            raise UsageError(text, "cp1252.", argument="encoding") from None

    def open(self, name: str, path: str, *, carefully: bool = False) -> Table:
        """Open a file.

        Args:
            name: Its name, for errors.
            path: Where it is.
            carefully: Read a CSV file line by line, and skip those that are invalid.

        Raises:
            DataError: It cannot be read.
        """
        try:
            return self._open(name, path, carefully=carefully)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise read_error(name, "not a valid gzip file") from None
        except UnicodeError:
            raise read_error(name, _NO_TEXT) from None
        except OSError as error:
            if lacks_space(error):
                # Of the temporary folder.
                raise
            raise read_error(name, reason(error)) from None

    def _open(self, name: str, path: str, *, carefully: bool) -> Table:
        with Path(path).open("rb") as file:
            start = file.read(4)
        if start == _ZIP:
            return self._open_zip(name, path, carefully=carefully)
        if start == _XLS:
            return self._open_workbook(name, path)
        if start == _PARQUET:
            return Table(PARQUET, path)
        if start == _ZSTD:
            raise read_error(name, "compressed by zstd. Decompress it first.")
        return self._open_text(name, path, carefully=carefully)

    def _open_text(self, name: str, path: str, *, carefully: bool) -> Table:
        with _open_bytes(path) as stream:
            head = stream.read(_HEAD)
        encoding = self._encoding or _bom(head)
        first = head.decode(encoding, errors="replace").lstrip()[:1]
        if first in {"[", "{"}:
            read = partial(self._open_json, name, path, head)
        else:
            suffixes = [each.lower() for each in reversed(Path(path).suffixes[-2:])]
            kind = next((_EXTENSIONS[s] for s in suffixes if s in _EXTENSIONS), CSV)
            if kind == PARQUET or (first and kind != CSV):
                raise read_error(name, f"not a valid {kind} file")
            # Of many files, DuckDB leaves out what follows an open quote, without an
            # error.
            carefully |= self._are_several and _has_open_quote(path)
            if not carefully and encoding.startswith("utf-8"):
                with suppress(UnicodeDecodeError):
                    text = codecs.getincrementaldecoder(encoding)().decode(head)
                    layout, is_first = self._layout(name, text)
                    if is_first:
                        return layout._replace(path=path, is_packed=_is_packed(path))
            read = partial(self._convert, name, path)
        try:
            return read(encoding)
        except UnicodeDecodeError:
            if self._encoding or encoding != "utf-8":
                raise
            # Without a byte order mark, it is usually of old Windows.
            table = read("cp1252")
            return table._replace(notes=("read as Windows-1252", *table.notes))

    def _open_zip(self, name: str, path: str, *, carefully: bool) -> Table:
        try:
            with zipfile.ZipFile(path) as archive:
                members = [
                    each
                    for each in archive.namelist()
                    if not each.endswith("/") and "__MACOSX" not in each
                ]
                if any(n.startswith("xl/") or n == "content.xml" for n in members):
                    return self._open_workbook(name, path)
                if len(members) != 1:
                    raise read_error(
                        name, f"it contains {len(members)} files. Unpack it first."
                    )
                target = next(self._names).with_suffix(Path(members[0]).suffix)
                with archive.open(members[0]) as source, target.open("wb") as file:
                    shutil.copyfileobj(source, file)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
            raise read_error(name, "not a valid zip file") from None
        return self._open(name, str(target), carefully=carefully)

    def _open_workbook(self, name: str, path: str) -> Table:
        try:
            from python_calamine import CalamineError, CalamineWorkbook
        except ImportError:
            raise MlrolesError(
                "spreadsheets require python-calamine. Install it with: "
                "pip install python-calamine"
            ) from None
        try:
            workbook = CalamineWorkbook.from_path(path)
            sheets = {
                each: workbook.get_sheet_by_name(each).to_python()
                for each in workbook.sheet_names
            }
        except CalamineError:
            raise read_error(name, "not a valid spreadsheet") from None
        filled = {
            sheet: [[_cell(cell) for cell in row] for row in rows]
            for sheet, rows in sheets.items()
            if rows
        }

        def score(sheet: str) -> int:
            rows = filled[sheet][:_FIRST_LINES]
            return max(self._matches(row) for row in rows)

        best = self._sheet or max(filled, key=score, default="")
        if self._sheet and best not in sheets:
            known = f"{display_name(name)}: {', '.join(map(quoted, sheets))}."
            raise UsageError(f"no sheet {quoted(best)} in {known}", argument="sheet")
        others = ", ".join(quoted(each) for each in filled if each != best)
        note = (
            f"read sheet {quoted(best)}, not {others}: the option sheet names another"
        )
        notes = [note] if others and not self._sheet else []
        target = str(next(self._names))
        with Path(target).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(filter(any, filled.get(best, [])))
        return self._convert(name, target, "utf-8", *notes)

    def _open_json(self, name: str, path: str, head: bytes, encoding: str) -> Table:
        if encoding == "utf-8" and is_plain(head, self._matches):
            return Table(JSON, path, is_packed=_is_packed(path))
        with _open_bytes(path) as stream:
            content = stream.read(_MAX_JSON + 1)
        if len(content) > _MAX_JSON:
            size = f"{_MAX_JSON // 2**20} MiB. Save it as JSON lines."
            raise read_error(name, f"one JSON value of more than {size}")
        text = content.decode(encoding)
        try:
            records, notes = find_records(text, self._matches)
        except (ValueError, RecursionError):
            raise read_error(name, f"not a valid {JSON} file") from None
        if not records:
            raise read_error(name, "no list of records in it")
        target = next(self._names)
        with target.open("w", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(each)}\n" for each in records)
        return Table(JSON, str(target), notes=tuple(notes))

    def _convert(self, name: str, path: str, encoding: str, *notes: str) -> Table:
        """Write the valid rows of a CSV file as a regular one."""
        with _open_text(path, encoding) as stream:
            layout, _ = self._layout(name, stream.read(_HEAD))
        target, width = next(self._names), len(layout.headers)
        valid = invalid = 0
        with (
            _open_text(path, encoding) as stream,
            target.open("w", encoding="utf-8", newline="") as file,
        ):
            writer = csv.writer(file, delimiter=layout.delimiter, lineterminator="\n")
            writer.writerow(layout.headers)
            for row in _rows(stream, layout):
                if row is None:
                    invalid += 1
                else:
                    valid += 1
                    writer.writerow(row[:width])
        if invalid > valid:
            problem = "lines do not have the columns of the header"
            raise read_error(name, f"not a valid {CSV} file: {invalid:,} {problem}")
        return layout._replace(path=str(target), skipped=invalid, notes=notes)

    def _layout(self, name: str, head: str) -> tuple[Table, bool]:
        """Find the delimiter and the header in the beginning of a file.

        Returns:
            The table, without a path, and whether its header is the first line.
        """
        first = head.partition("\n")[0]
        if first in self._layouts:
            return self._layouts[first], True
        best: tuple[tuple[int, int], tuple[str, ...], str, bool] | None = None
        above: list[list[str]] = []
        for delimiter in DELIMITERS:
            reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
            rows: list[tuple[int, list[str]]] = []
            with suppress(csv.Error):
                rows += ((reader.line_num, row) for row in islice(reader, _FIRST_LINES))
            filled = [(line, row) for line, row in rows if any(map(str.strip, row))]
            for at, (line, row) in enumerate(filled):
                headers = _stripped(row)
                score = (self._matches(headers), len(row) * (at == 0))
                if best is None or score > best[0]:
                    best = score, headers, delimiter, line == 1
                    above = [row for _, row in filled[:at]]
        if best is None:
            raise read_error(name, "empty file")
        _, headers, delimiter, is_first = best
        if any("\0" in each for each in headers):
            raise read_error(name, _NO_TEXT)
        # Words are no codes: "all of the pay".
        text = _SHORT_WORD.sub("", " ".join(chain.from_iterable(above)))
        codes = find_currencies(text)
        currency = codes.pop() if len(codes) == 1 else None
        names = tuple(f"c{at}" for at in range(len(headers)))
        types = ("VARCHAR",) * len(headers)
        table = Table(CSV, "", headers, names, names, types, delimiter, currency)
        if is_first:
            self._layouts[first] = table
        return table, is_first


def _rows(lines: Iterator[str], layout: Table) -> Iterator[list[str] | None]:
    """Yield the rows below the header of a CSV file, and None for each invalid line.

    A row is valid if it has the columns of the header.
    """
    again, taken = deque[str](), list[str]()

    def next_lines() -> Iterator[str]:
        """Yield lines for one row."""
        taken.clear()
        while line := again.popleft() if again else next(lines, ""):
            taken.append(line)
            yield line
            if len(taken) == _MOST_LINES:
                raise csv.Error

    is_below, width = False, len(layout.headers)
    while True:
        row: list[str] | None
        try:
            # A reader of its own, since one that failed is in the middle of a row.
            row = next(csv.reader(next_lines(), delimiter=layout.delimiter))
        except StopIteration:
            return
        except csv.Error:
            row = None
        cells = _stripped(row or [])
        if row is not None and len(row) <= 1 and not any(cells):
            continue
        if not is_below:
            is_below = cells == layout.headers
        elif row is None or len(row) < width or any(cells[width:]):
            yield None
            # An open quote takes the following lines, too.
            again.extendleft(reversed(taken[1:]))
        else:
            yield row


def _stripped(row: list[str]) -> tuple[str, ...]:
    return tuple(cell.strip().removeprefix("\ufeff") for cell in row)


def _is_packed(path: str) -> bool:
    with Path(path).open("rb") as file:
        return file.read(2) == _GZIP


def _open_bytes(path: str) -> IO[bytes]:
    """Open a file for reading, which may be compressed by gzip."""
    opened: Any = gzip.open if _is_packed(path) else open
    return opened(path, "rb")  # type: ignore[no-any-return]


def _has_open_quote(path: str) -> bool:
    with _open_bytes(path) as stream:
        chunks = iter(lambda: stream.read(_HEAD), b"")
        return sum(chunk.count(b'"') for chunk in chunks) % 2 == 1


def _open_text(path: str, encoding: str) -> io.TextIOWrapper:
    """Open a file as text, whose line ends are all read as line feeds."""
    return io.TextIOWrapper(_open_bytes(path), encoding)


def _bom(head: bytes) -> str:
    return next((each for bom, each in _BOMS.items() if head.startswith(bom)), "utf-8")


def _cell(value: object) -> str:
    """Return a value of a spreadsheet as text."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


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
        raise read_error(name, reason(error)) from None
    if not is_pattern:
        return [name]
    matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - keeps "./"
    files = [match for match in matches if not Path(match).is_dir()]
    if not files:
        raise DataError(f"no file matches {name}")
    return files


def _check_readable(path: str) -> None:
    file = Path(path)
    try:
        # A pipe cannot be read more than once, and opening it might never return.
        if file.exists() and not (file.is_file() or file.is_dir()):
            problem = "not a regular file. Use - to read standard input."
            raise read_error(path, problem)
        file.open("rb").close()
    except OSError as error:
        raise read_error(path, reason(error)) from None


def save_stdin(folder: str) -> str:
    """Save standard input to a file, which can be read more than once; return its path.

    Raises:
        DataError: It is closed or cannot be read.
    """
    if sys.stdin is None:
        raise read_error(STDIN, "it is closed")
    path = Path(folder) / "standard-input.csv"
    try:
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
    except OSError as error:
        raise read_error(STDIN, reason(error)) from None
    return str(path)


def read_small_file(path: str, invalid: str) -> io.StringIO:
    """Return the text of a file in UTF-8, of which the whole fits in memory.

    Raises:
        DataError: It cannot be read or is too large; or it is no text, which `invalid`
            is the message for.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            text = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise read_error(path, reason(error)) from None
    except UnicodeDecodeError:
        raise read_error(path, invalid) from None
    if len(text) > SIZE_LIMIT:
        raise read_error(path, f"larger than {SIZE_LIMIT // 2**20} MiB")
    return io.StringIO(text, newline="")


def read_error(path: str, problem: str) -> DataError:
    """Return the error for a file that cannot be read."""
    return DataError(f"cannot read {display_name(path)}: {problem}")


def lacks_space(error: Exception) -> bool:
    """Return whether an error is a lack of memory, or of space for temporary files."""
    if isinstance(error, OSError):
        return error.errno in _NO_SPACE
    # An error of DuckDB.
    texts = [os.strerror(number) for number in _NO_SPACE]
    is_memory = type(error).__name__ == "OutOfMemoryException"
    return is_memory or any(text in str(error) for text in texts)
