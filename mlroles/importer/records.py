"""Read pay records with DuckDB: stage them as typed columns, then group them.

The queries are in records.sql.
"""

from __future__ import annotations

import csv
import glob
import gzip
import re
import tempfile
import zlib
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from mlroles.dataset.dimensions import (
    EXPERIENCE_NAMES,
    MIN_RECORDS,
    PERCENTILES,
    WORK_MODES,
)
from mlroles.dataset.load import display_name
from mlroles.errors import DataError, MlrolesError, UsageError, reason
from mlroles.matching import name_key, role_names, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import duckdb

    from mlroles.dataset.schema import Dataset

    # Takes a query and its parameters; returns its rows.
    Run: TypeAlias = Callable[..., list[tuple[Any, ...]]]
    # Takes the name of a step and its share, from 0 to 1.
    Progress: TypeAlias = Callable[[str, float], None]

FULL_TIME = "FT"
PAY, LOW, HIGH = "salary_in_usd", "salary_min_in_usd", "salary_max_in_usd"
COLUMNS = (
    "work_year", "experience_level", "employment_type", "job_title",
    PAY, "company_location", "remote_ratio",
)  # fmt: skip
# The columns of records that state a range instead of a single amount.
RANGE_COLUMNS = (*(name for name in COLUMNS if name != PAY), LOW, HIGH)
# The values of remote_ratio, in the order of WORK_MODES.
_REMOTE_RATIOS = ("0", "50", "100")
# Amounts outside this range are typing errors, or of another period or currency, such
# as "165.000", which some write for 165,000.
_MIN_PAY, _MAX_PAY = 1_000, 100_000_000
_PROGRESS_INTERVAL = 0.2  # seconds
# The delimiters that DuckDB detects.
_DELIMITERS = ",;\t|"
# The csv module refuses longer fields.
_MAX_HEADER = 100_000
_SQL = dict(
    part.split("\n", 1)
    for part in Path(__file__)
    .with_suffix(".sql")
    .read_text(encoding="utf-8")
    .split("-- name: ")[1:]
)
# What the errors of DuckDB mean; the last one is the default.
_EXPLANATIONS = {
    # DuckDB gives the number of another line.
    r"^Maximum line size of \d+ bytes exceeded": "a line is too long",
    r"^Invalid unicode": "not UTF-8{at}",
    r"^Expected Number of Columns: \d": "the number of columns{at} differs from the "
    "header",
    r"^Value with unterminated quote": "unterminated quote{at}",
    r"": "not a valid CSV file{at}",
}


class Group(NamedTuple):
    """A pay group of enough records; None means all values of a dimension."""

    role: str
    year: int
    country: str | None
    experience: str | None
    work_mode: str | None
    records: int
    mean: int
    percentiles: list[float]
    low: float | None
    high: float | None

    def array(self) -> list[Any]:
        """Return the group as a data set stores it (see dimensions.PAY_COLUMNS)."""
        dimensions = [self.year, self.country, self.experience, self.work_mode]
        amounts = [self.mean, *self.percentiles, self.low, self.high]
        whole = [None if amount is None else int(amount) for amount in amounts]
        return [*dimensions, self.records, *whole]


class Grouped(NamedTuple):
    """The groups of a file, the number of records used, country names and notes."""

    groups: list[Group]
    used: int
    countries: dict[str, str]
    notes: list[str]


def group_records(
    data: Dataset,
    path: str,
    rename: Mapping[str, str],
    employment: Iterable[str],
    progress: Progress | None,
) -> Grouped:
    """Group records by role, year, country, experience and work mode.

    The arguments and errors are those of `pay.import_records`.
    """
    known = _import_extra("pycountry").countries
    countries = {c.alpha_2: getattr(c, "common_name", c.name) for c in known}
    with _queries(path, progress) as run:
        is_range = _stage(run, data, path, rename, employment, countries)
        used, notes = _report(run)
        percentiles = [percentile / 100 for percentile in PERCENTILES]
        query = _SQL["group"].format(percentiles=percentiles, min_records=MIN_RECORDS)
        groups = [Group(*row) for row in run(query, None, "grouping records")]
        if not is_range:
            groups = [group._replace(low=None, high=None) for group in groups]
        return Grouped(groups, used, countries, notes)


def _import_extra(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        raise MlrolesError(
            "import requires DuckDB and pycountry. Install them with: "
            "pip install 'duckdb>=1.3,<3' pycountry"
        ) from None


@contextmanager
def _queries(path: str, progress: Progress | None) -> Iterator[Run]:
    """Yield a function that runs queries on a file, with progress."""
    duckdb = _import_extra("duckdb")
    _check_readable(path)
    try:
        # By default, DuckDB would spill into the current folder.
        folder = tempfile.TemporaryDirectory()
    except OSError as error:
        message = f"import requires a temporary folder: {reason(error)}"
        raise MlrolesError(message) from None
    try:
        with folder as spill, duckdb.connect() as db:
            db.execute("set temp_directory = $spill", {"spill": spill})
            yield _runner(db, progress)
    except duckdb.OutOfMemoryException:
        raise MlrolesError(
            f"cannot import {path}: not enough memory or temporary disk space"
        ) from None
    except duckdb.Error as error:
        raise DataError(f"cannot read {path}: {_explain(path, error)}") from None


def _check_readable(path: str) -> None:
    file = Path(path)
    try:
        # A pipe cannot be read more than once, and opening it might never return.
        if file.exists() and not (file.is_file() or file.is_dir()):
            raise DataError(
                f"cannot read {path}: not a regular file. Save the records to a file "
                "first."
            )
        file.open("rb").close()
    except OSError as error:
        raise DataError(f"cannot read {path}: {reason(error)}") from None


def _explain(path: str, error: Exception) -> str:
    """Explain an error of DuckDB without quoting the file."""
    if _is_parquet(path):
        return "not a valid Parquet file"
    if path.endswith(".gz") and not _is_gzip(path):
        return "not a valid gzip file"
    text = str(error)
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


def _runner(db: duckdb.DuckDBPyConnection, progress: Progress | None) -> Run:
    """Return a function that runs each query in a thread of its own.

    In the main thread, DuckDB would delay an interrupt until the query ends.
    """
    db.execute("set enable_progress_bar = true; set enable_progress_bar_print = false")

    def run(
        query: str, values: object = None, description: str = ""
    ) -> list[tuple[Any, ...]]:
        with ThreadPoolExecutor(1) as thread:
            rows = thread.submit(lambda: db.execute(query, values).fetchall())
            try:
                while wait([rows], _PROGRESS_INTERVAL).not_done:
                    if progress and description:
                        progress(description, max(0.0, db.query_progress() / 100))
            except BaseException:
                db.interrupt()
                raise
        return rows.result()

    return run


def _is_parquet(path: str) -> bool:
    return path.lower().endswith((".parquet", ".pq"))


def _stage(
    run: Run,
    data: Dataset,
    path: str,
    rename: Mapping[str, str],
    employment: Iterable[str],
    countries: Iterable[str],
) -> bool:
    """Read the records into a table of typed columns, and a view of those used.

    Returns:
        Whether the records state ranges.
    """
    reader = _SQL["read_parquet" if _is_parquet(path) else "read_csv"]
    # An absolute path, since DuckDB expands a leading ~.
    pattern = glob.escape(str(Path(path).absolute()))
    described = run(f"describe select * from {reader}", {"path": pattern})
    found = [header for header, *_ in described]
    renamed = {column: header for header, column in rename.items()}
    ends = {LOW, HIGH}
    is_range = bool(ends & set(renamed) or (PAY not in renamed and ends & set(found)))
    columns = RANGE_COLUMNS if is_range else COLUMNS
    headers = {column: renamed.get(column, column) for column in columns}
    missing = [header for header in headers.values() if header not in found]
    if missing and not _is_parquet(path):
        _check_lines(run, path, pattern, missing)
    if missing:
        raise UsageError(
            f"{display_name(path)} has no column {', '.join(missing)}. Its columns "
            f"are: {', '.join(found)}. Use --rename HEADER=COLUMN."
        )
    titles = {
        key: role["id"]
        for role in data["roles"]
        for name in role_names(role)
        # DuckDB does not fold case, which turns a sharp s into ss.
        for key in (name_key(name), re.sub(r"[\s_-]+", "", name.lower()))
    }
    names = {PAY: "low_text", LOW: "low_text", HIGH: "high_text"}
    selected = [
        f'trim("{quoted}"::varchar) as {names.get(column, column)}'
        for column, header in headers.items()
        for quoted in [header.replace('"', '""')]
    ]
    if not is_range:
        selected.append("low_text as high_text")
    run(_SQL["name_key"])
    run(
        _SQL["stage"].format(columns=", ".join(selected), reader=reader),
        {
            "path": pattern,
            "titles": list(titles),
            "roles": list(titles.values()),
            "employment": sorted(map(str.upper, employment)),
            "countries": sorted(countries),
            "levels": list(EXPERIENCE_NAMES),
            "experiences": list(EXPERIENCE_NAMES.values()),
            "ratios": [*_REMOTE_RATIOS, *map(name_key, WORK_MODES)],
            "modes": [*WORK_MODES, *WORK_MODES],
            "min_pay": _MIN_PAY,
            "max_pay": _MAX_PAY,
        },
        "reading records",
    )
    run(_SQL["use"])
    return is_range


def _check_lines(run: Run, path: str, pattern: str, missing: list[str]) -> None:
    """Explain why DuckDB did not find all headers of a CSV file, if it is irregular.

    A line that is too short or too long can make DuckDB take another line for the
    header, or choose another delimiter. Reading the file by its first line finds it.
    """
    lines = run(_SQL["first_line"].format(), {"path": pattern})
    if not lines:
        raise DataError(f"cannot read {path}: empty file")
    line = lines[0][0][:_MAX_HEADER]
    if "\0" in line:
        raise DataError(f"cannot read {path}: not UTF-8 text")
    for delimiter in _DELIMITERS:
        headers = next(csv.reader([line], delimiter=delimiter))
        if set(missing) <= set(headers):
            columns = ", ".join(f"c{n}: 'varchar'" for n in range(len(headers)))
            query = _SQL["count_lines"].format(columns=f"{{{columns}}}")
            run(query, {"path": pattern, "delimiter": delimiter})
            # All lines have a value for each header, and some have further columns.
            raise DataError(
                f"cannot read {path}: some lines have more columns than the header"
            )


def _report(run: Run) -> tuple[int, list[str]]:
    """Return the number of records used, and notes on those that were not."""
    read, *skipped, used = run(_SQL["count"])[0]
    reasons = (
        "other employment type",
        "other job title",
        "missing or impossible pay",
        "missing year",
    )
    details = [f"{n:,} {text}" for n, text in zip(skipped, reasons, strict=True) if n]
    note = f"{read:,} records read, {used:,} used, {sum(skipped):,} skipped"
    notes = [f"{note}: {', '.join(details)}" if details else note]
    notes += [
        f"unknown {column} in {count:,} records, which are not broken down by it: "
        f"{shorten(values)}"
        for column, count, values in run(_SQL["unknown_values"])
    ]
    return used, notes
