"""The files of pay records: which they are, and as tables that DuckDB reads.

A file is what its first bytes say. DuckDB reads regular files itself; all others are
written as CSV in a temporary folder: spreadsheets, other encodings and shapes of JSON,
and CSV files with irregular lines, which are skipped and counted.
"""

from __future__ import annotations

import codecs
import csv
import glob
import gzip
import io
import json
import shutil
import sys
import zipfile
import zlib
from collections import deque
from contextlib import suppress
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from mlroles.dataset.load import STDIN, display_name
from mlroles.errors import DataError, MlrolesError, UsageError, quoted, reason
from mlroles.extras.importer.columns import matches

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

# The delimiters of CSV files that are detected.
DELIMITERS = ",;\t|"
CSV, JSON, PARQUET = "csv", "json", "parquet"
_EXTENSIONS = {
    ".json": JSON, ".jsonl": JSON, ".ndjson": JSON,
    ".parquet": PARQUET, ".pq": PARQUET,
}  # fmt: skip
_GZIP, _ZSTD, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
_XLS = b"\xd0\xcf\x11\xe0"
_NAMES = {CSV: "CSV file", PARQUET: "Parquet file", JSON: "JSON Lines file"}
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Files that are not UTF-8 and have no byte order mark are usually of old Windows.
_OLD = "cp1252"
_HEAD = 2**18
_CHUNK = 2**20
# The lines of which one may be the header, and the most that a record may have.
_FIRST_LINES = 30
_MOST_LINES = 1_000
# JSON that is not a list or lines of records is read at once.
_MAX_JSON = 2**28
_DEPTH = 3
_NO_TEXT = "not text in UTF-8 or Windows-1252. Name its encoding, such as utf-16."


class Table(NamedTuple):
    """A file as DuckDB reads it.

    Attributes:
        kind: CSV, JSON or PARQUET.
        path: The file to read, which may be a temporary one.
        headers: Its headers; None if DuckDB has to find them.
        delimiter: That of a CSV file.
        compression: That of a CSV or JSON file, as DuckDB names it.
        skipped: The number of lines that are not records.
        notes: How it was read, if that is not obvious.
    """

    kind: str
    path: str
    headers: list[str] | None = None
    delimiter: str = ","
    compression: str = "none"
    skipped: int = 0
    notes: tuple[str, ...] = ()


class Opener:
    """Opens files as tables.

    Args:
        folder: A temporary folder, for what DuckDB does not read itself.
        encoding: The encoding of CSV and JSON files; None detects it.
        mapped: The headers that are named for columns, by which a header is found.
        read_lines: Reads the first lines of a zstd file.
    """

    def __init__(
        self,
        folder: str,
        encoding: str | None,
        mapped: Collection[str],
        read_lines: Callable[[str], list[str]],
    ) -> None:
        self._folder = Path(folder)
        self._encoding = encoding
        self._mapped = mapped
        self._read_lines = read_lines
        self._count = 0
        if encoding is not None:
            try:
                codecs.lookup(encoding)
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
        except OSError as error:
            raise read_error(name, reason(error)) from None

    def _open(self, name: str, path: str, *, carefully: bool) -> Table:
        suffixes = [each.lower() for each in Path(path).suffixes[-2:]]
        with Path(path).open("rb") as file:
            start = file.read(8)
        if start[:4] == _ZIP:
            return self._open_zip(name, path, carefully=carefully)
        if start[:4] == _XLS:
            return self._open_workbook(name, path)
        for mark, suffix, what in ((_GZIP, ".gz", "gzip"), (_ZSTD, ".zst", "zstd")):
            is_marked = start[: len(mark)] == mark
            if suffix in suffixes[-1:] and not is_marked:
                raise read_error(name, f"not a valid {what} file")
            if is_marked and what == "zstd":
                return self._open_zstd(name, path)
        extension = next((e for e in reversed(suffixes) if e in _EXTENSIONS), "")
        kind = _EXTENSIONS.get(extension)
        if start[:4] == b"PAR1":
            return Table(PARQUET, path)
        if kind == PARQUET:
            raise read_error(name, f"not a valid {_NAMES[PARQUET]}")
        return self._open_text(name, path, kind, carefully=carefully)

    def _open_text(
        self, name: str, path: str, kind: str | None, *, carefully: bool
    ) -> Table:
        with _open_bytes(path) as stream:
            head = stream.read(_HEAD)
        first = _decoded(head).lstrip()[:1]
        if kind == JSON and not first:
            raise read_error(name, "empty file")
        if first in {"[", "{"}:
            return self._open_json(name, path, head)
        if kind == JSON:
            raise read_error(name, f"not a valid {_NAMES[JSON]}")
        return self._open_csv(name, path, head, carefully=carefully)

    def _temporary(self) -> Path:
        self._count += 1
        return self._folder / f"converted-{self._count}"

    def _open_zip(self, name: str, path: str, *, carefully: bool) -> Table:
        try:
            with zipfile.ZipFile(path) as archive:
                members = [
                    each
                    for each in archive.infolist()
                    if not each.is_dir() and "__MACOSX" not in each.filename
                ]
                names = [each.filename for each in members]
                if any(n.startswith("xl/") or n == "content.xml" for n in names):
                    return self._open_workbook(name, path)
                if len(members) != 1:
                    raise read_error(
                        name, f"it contains {len(members)} files. Unpack it first."
                    )
                target = self._temporary().with_suffix(Path(names[0]).suffix)
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
        filled = {each: rows for each, rows in sheets.items() if rows}
        if not filled:
            raise read_error(name, "empty file")

        def score(rows: list[list[Any]]) -> int:
            texts = ([_cell(cell) for cell in row] for row in rows[:_FIRST_LINES])
            return max(matches(row, self._mapped) for row in texts)

        sheet = max(filled, key=lambda each: score(filled[each]))
        notes = [f"read sheet {quoted(sheet)}"] if len(filled) > 1 else []
        rows = ([_cell(cell) for cell in row] for row in filled[sheet])
        return self._write(name, filter(any, rows), notes)

    def _open_zstd(self, name: str, path: str) -> Table:
        if not _is_zstd(Path(path)):
            raise read_error(name, "not a valid zstd file")
        lines = self._read_lines(path)
        first = "".join(lines).lstrip()[:1]
        if first in {"[", "{"}:
            return Table(JSON, path, compression="zstd")
        layout = self._layout(name, "\n".join(lines))
        return Table(CSV, path, layout.headers, layout.delimiter, "zstd")

    def _open_json(self, name: str, path: str, head: bytes) -> Table:
        if (encoding := self._encoding or _encoding(head)) != "utf-8":
            path = self._reencode(name, path, encoding)
        with _open_bytes(path) as stream:
            head = stream.read(_HEAD)
        if _is_plain_json(_decoded(head)):
            return Table(JSON, path, compression=_compression(path))
        with _open_bytes(path) as stream:
            content = stream.read(_MAX_JSON + 1)
        if len(content) > _MAX_JSON:
            size = f"{_MAX_JSON // 2**20} MiB. Save it as JSON Lines."
            raise read_error(name, f"one JSON value of more than {size}")
        try:
            rows = _json_rows(json.loads(content))
        except (ValueError, RecursionError):
            raise read_error(name, f"not a valid {_NAMES[JSON]}") from None
        if not rows:
            raise read_error(name, "no list of records in it")
        return self._write(name, rows, [])

    def _reencode(self, name: str, path: str, encoding: str) -> str:
        target = self._temporary()
        with target.open("w", encoding="utf-8", newline="") as file:
            for text in _texts(name, path, encoding):
                file.write(text)
        return str(target)

    def _open_csv(self, name: str, path: str, head: bytes, *, carefully: bool) -> Table:
        encoding = self._encoding or _encoding(head)
        is_plain = encoding in {"utf-8", "utf-8-sig"}
        if not carefully and is_plain and _is_text(head, encoding):
            layout = self._layout(name, _decoded(head))
            if layout.is_first:
                compression = _compression(path)
                return Table(CSV, path, layout.headers, layout.delimiter, compression)
        if self._encoding is None and is_plain and not _is_valid(path, encoding):
            encoding = _OLD
        is_noted = encoding == _OLD and self._encoding is None
        notes = ["read as Windows-1252"] if is_noted else []
        start = next(_texts(name, path, encoding), "")[:_HEAD]
        layout = self._layout(name, start)
        lines = _Lines(_texts(name, path, encoding))
        rows = lines.rows(layout.delimiter, layout.headers)
        deque(islice(rows, layout.rows_before + 1), maxlen=0)
        table = self._write(name, rows, notes, layout.headers)
        if lines.invalid > lines.valid:
            problem = "lines do not have the columns of the header"
            problem = f"not a valid {_NAMES[CSV]}: {lines.invalid:,} {problem}"
            raise read_error(name, problem)
        return table._replace(skipped=lines.invalid)

    def _write(
        self,
        name: str,
        rows: Iterable[list[str]],
        notes: Iterable[str],
        headers: list[str] | None = None,
    ) -> Table:
        """Write rows as a regular CSV file; find the header if it is unknown."""
        rows = iter(rows)
        if headers is None:
            first = list(islice(rows, _FIRST_LINES))
            text = io.StringIO()
            csv.writer(text).writerows(first)
            layout = self._layout(name, text.getvalue())
            headers = layout.headers
            rows = chain(first[layout.rows_before + 1 :], rows)
        target = self._temporary()
        width = len(headers)
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(headers)
            for row in rows:
                writer.writerow([*row, *[""] * (width - len(row))][:width])
        return Table(CSV, str(target), headers, notes=tuple(notes))

    def _layout(self, name: str, head: str) -> _Layout:
        """Find the delimiter and the header in the beginning of a file."""
        best: tuple[tuple[int, int], _Layout] | None = None
        for delimiter in DELIMITERS:
            reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
            rows: list[tuple[int, list[str]]] = []
            with suppress(csv.Error):
                rows += ((reader.line_num, row) for row in islice(reader, _FIRST_LINES))
            filled = [(line, row) for line, row in rows if any(map(str.strip, row))]
            for at, (line, row) in enumerate(filled):
                headers = [cell.strip().removeprefix("\ufeff") for cell in row]
                score = (matches(headers, self._mapped), len(row) if at == 0 else 0)
                if best is None or score > best[0]:
                    best = score, _Layout(headers, delimiter, at, line == 1)
        if best is None:
            raise read_error(name, "empty file")
        if any("\0" in each for each in best[1].headers):
            raise read_error(name, _NO_TEXT)
        return best[1]


class _Layout(NamedTuple):
    """Where the header of a CSV file is."""

    headers: list[str]
    delimiter: str
    rows_before: int
    is_first: bool


class _Lines:
    """The rows of a CSV file, without those that are invalid.

    Attributes:
        valid: The number of rows below the header that have its columns.
        invalid: The number of lines that do not, and are skipped.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._lines = _split(texts)
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self.valid = self.invalid = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._taken) == _MOST_LINES:
            raise csv.Error
        line = self._again.popleft() if self._again else next(self._lines)
        self._taken.append(line)
        return line

    def rows(self, delimiter: str, headers: list[str]) -> Iterator[list[str]]:
        """Yield the rows up to the header, then those with a cell for each header."""
        is_below, width = False, len(headers)
        while True:
            self._taken = []
            row: list[str] | None
            try:
                # A reader of its own, since one that failed is in the middle of a row.
                row = next(csv.reader(self, delimiter=delimiter))
            except StopIteration:
                return
            except csv.Error:
                row = None
            stripped = [cell.strip() for cell in row or ()]
            if row is not None and len(row) <= 1 and not any(stripped):
                continue
            if row is None or (is_below and not _fits(stripped, width)):
                self.invalid += 1
                # An open quote takes the following lines, too.
                self._again.extendleft(reversed(self._taken[1:]))
                continue
            self.valid += is_below
            is_below = is_below or stripped == headers
            yield row


def _fits(row: list[str], width: int) -> bool:
    return len(row) >= width and not any(row[width:])


def _split(texts: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a text in parts, with their ends as one line feed."""
    rest = ""
    for text in texts:
        # A carriage return at the end may belong to a line feed.
        whole = rest + text
        end = "\r" if whole.endswith("\r") else ""
        *lines, last = _with_line_feeds(whole.removesuffix("\r")).split("\n")
        rest = last + end
        yield from (f"{line}\n" for line in lines)
    yield from (f"{line}\n" for line in _with_line_feeds(rest).split("\n") if line)


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _open_bytes(path: str) -> IO[bytes]:
    """Open a file for reading, which may be compressed by gzip."""
    with Path(path).open("rb") as file:
        is_gzip = file.read(2) == _GZIP
    return gzip.open(path) if is_gzip else Path(path).open("rb")  # type: ignore[return-value]


def _compression(path: str) -> str:
    with Path(path).open("rb") as file:
        return "gzip" if file.read(2) == _GZIP else "none"


def _encoding(head: bytes) -> str:
    return next((each for bom, each in _BOMS.items() if head.startswith(bom)), "utf-8")


def _decoded(head: bytes) -> str:
    """Return the beginning of a file as text, to see what it is."""
    return head.decode(_encoding(head), errors="replace")


def _is_text(part: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(part)
    except UnicodeDecodeError:
        return False
    return True


def _is_valid(path: str, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with _open_bytes(path) as stream:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _texts(name: str, path: str, encoding: str) -> Iterator[str]:
    """Yield the text of a file in parts."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with _open_bytes(path) as stream:
            while chunk := stream.read(_CHUNK):
                yield decoder.decode(chunk)
            yield decoder.decode(b"", final=True)
    except UnicodeError:
        raise read_error(name, _NO_TEXT) from None


def _is_plain_json(head: str) -> bool:
    """Return whether JSON is lines or a list of objects, which DuckDB reads."""
    text = head.lstrip()
    if text.startswith("["):
        return text[1:].lstrip().startswith("{")
    line, _, rest = text.partition("\n")
    if rest.lstrip().startswith("{"):
        return True
    try:
        value = json.loads(line)
    except ValueError:
        return False
    # One record, or an object with records.
    return not rest.strip() and not any(
        isinstance(each, dict | list) for each in value.values()
    )


def _json_rows(value: Any, depth: int = _DEPTH) -> list[list[str]] | None:
    """Return the rows of a table in JSON, the header first; None if there is none.

    It may be a list of lists, a list of records in an object, or one of the shapes of
    pandas: columns, index, split, or lists by column.
    """
    if isinstance(value, list):
        if value and all(isinstance(each, dict) for each in value):
            headers = list(dict.fromkeys(key for each in value for key in each))
            return [headers, *([_cell(each.get(k)) for k in headers] for each in value)]
        if value and all(isinstance(each, list) for each in value):
            return [[_cell(cell) for cell in row] for row in value]
        return None
    if not isinstance(value, dict) or not depth:
        return None
    if isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
        return _json_rows([value["columns"], *value["data"]])
    found = (
        [rows for each in value.values() if (rows := _json_rows(each, depth - 1))]
        if not _is_table(value)
        else []
    )
    if found:
        return max(found, key=len)
    members = list(value.values())
    if members and all(isinstance(each, dict) for each in members):
        if all(key.isdigit() for key in value):
            return _json_rows(members)
        keys = dict.fromkeys(key for each in members for key in each)
        return _json_rows([{k: v.get(key) for k, v in value.items()} for key in keys])
    if members and all(isinstance(each, list) for each in members):
        columns = ([_cell(cell) for cell in each] for each in members)
        return [list(value), *map(list, zip(*columns, strict=False))]
    return None


def _is_table(value: dict[str, Any]) -> bool:
    """Return whether an object has members by row or by column, which are scalars."""
    return all(
        isinstance(each, dict)
        and not any(isinstance(cell, dict | list) for cell in each.values())
        for each in value.values()
    )


def _cell(value: object) -> str:
    """Return a value of a spreadsheet or of JSON as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date | datetime):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


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
    try:
        # A pipe cannot be read more than once, and opening it might never return.
        if file.exists() and not (file.is_file() or file.is_dir()):
            raise DataError(
                f"cannot read {path}: not a regular file. Use - to read standard input."
            )
        file.open("rb").close()
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


def read_error(path: str, problem: str) -> DataError:
    """Return the error for a file that cannot be read."""
    return DataError(f"cannot read {display_name(path)}: {problem}")


def is_csv(path: str) -> bool:
    """Return whether a file that DuckDB cannot read may be an irregular CSV file."""
    with _open_bytes(path) as stream:
        start = stream.read(_HEAD)
    is_json = _decoded(start).lstrip()[:1] in {"[", "{"}
    return not is_json and start[:4] not in {_ZSTD, b"PAR1"}


def explain(path: str) -> str:
    """Explain why DuckDB cannot read a file, without quoting it."""
    with _open_bytes(path) as stream:
        start = stream.read(_HEAD)
    kind = PARQUET if start[:4] == b"PAR1" else JSON
    if start[:4] == _ZSTD:
        kind = CSV
    return f"not a valid {_NAMES[kind]}"


def _is_zstd(file: Path) -> bool:
    """Return whether a file consists of complete zstd frames (RFC 8878).

    Only the headers of frames and blocks are read.
    """
    size = file.stat().st_size
    with file.open("rb") as stream:
        while (magic := stream.read(4)) == _ZSTD or _is_skippable(magic):
            if magic != _ZSTD:
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
