"""Read pay records with DuckDB: stage them as typed columns, then group them.

The queries are in records.sql.
"""

from __future__ import annotations

import csv
import glob
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from importlib import import_module
from itertools import groupby, product
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from mlroles.dataset.dimensions import (
    EXPERIENCE_NAMES,
    MIN_RECORDS,
    PERCENTILES,
    WORK_MODES,
)
from mlroles.dataset.load import STDIN, display_name
from mlroles.errors import Argument, MlrolesError, UsageError, reason
from mlroles.extras.importer.files import (
    CSV,
    DELIMITERS,
    JSON,
    explain,
    file_format,
    read_error,
    save_stdin,
)
from mlroles.matching import name_key, role_names, shorten
from mlroles.money import SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import duckdb

    from mlroles.dataset.schema import DatasetJson

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
# Why records are skipped; the first reason that applies counts. In the order of the
# numbers that the query `stage` gives.
SKIP_REASONS = (
    "other employment type",
    "other job title",
    "missing pay",
    "ambiguous pay",
    "pay in another currency",
    "impossible pay",
    "missing or impossible year",
)
# The values of remote_ratio, in the order of WORK_MODES.
REMOTE_RATIOS = ("0", "50", "100")
# Amounts outside this range are typing errors, or of another period or currency.
MIN_PAY, MAX_PAY = 1_000, 100_000_000
_PROGRESS_INTERVAL = 0.2  # seconds
# DuckDB keeps to this limit by writing to temporary files, except for the amounts that
# percentiles are computed from: 10 million ranges of one role and year use most of it.
_MEMORY_LIMIT = "1500MB"
_MAX_BATCH = 2_000_000
# The dimensions that a group may have a value of, besides role and year.
GROUPINGS = ("country", "experience", "mode")
# The csv module refuses longer fields.
_MAX_HEADER = 100_000
_SQL = dict(
    part.split("\n", 1)
    for part in Path(__file__)
    .with_suffix(".sql")
    .read_text(encoding="utf-8")
    .split("-- name: ")[1:]
)


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
    range_low: float | None
    range_high: float | None
    median_ci_low: float | None
    median_ci_high: float | None

    def array(self) -> list[Any]:
        """Return the group as a data set stores it (see dimensions.PAY_COLUMNS)."""
        dimensions = [self.year, self.country, self.experience, self.work_mode]
        typical = [self.range_low, self.range_high]
        interval = [self.median_ci_low, self.median_ci_high]
        amounts = [self.mean, *self.percentiles, *typical, *interval]
        whole = [None if amount is None else int(amount) for amount in amounts]
        return [*dimensions, self.records, *whole]


class Grouped(NamedTuple):
    """The groups of records, the number of records used, country names and notes.

    `skipped` has a note for each reason to skip records.
    """

    groups: list[Group]
    used: int
    countries: dict[str, str]
    summary: str
    skipped: list[str]
    unknown: list[str]


def group_records(
    data: DatasetJson,
    files: list[str],
    rename: Mapping[str, str],
    employment: Iterable[str],
    progress: Progress | None,
    min_records: int = MIN_RECORDS,
) -> Grouped:
    """Group the records of some files by role, year, country, experience and work mode.

    The other arguments and the errors are those of `pay.import_records`.
    """
    countries = country_names()
    with _temporary_folder() as folder, _queries(folder, progress) as run:
        is_range = _stage(run, data, files, folder, rename, employment, countries)
        staged = glob.escape(folder).replace("'", "''")
        run(_SQL["records"].format(files=f"{staged}/*.parquet"))
        used, summary, skipped, unknown = _report(run)
        groups = _group(run, min_records, is_range=is_range)
        return Grouped(groups, used, countries, summary, skipped, unknown)


def country_names() -> dict[str, str]:
    """Return the names of all countries by their ISO 3166-1 alpha-2 codes."""
    known = _import_extra("pycountry").countries
    return {c.alpha_2: getattr(c, "common_name", c.name) for c in known}


def title_keys(data: DatasetJson) -> dict[str, str]:
    """Return the ids of roles by the keys of their names (see `matching.name_key`)."""
    return {
        key: role["id"]
        for role in data["roles"]
        for name in role_names(role)
        # SQL does not fold case, which turns a sharp s into ss.
        for key in (name_key(name), re.sub(r"[\s_-]+", "", name.lower()))
    }


def _import_extra(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        raise MlrolesError(
            "import requires DuckDB and pycountry. Install them with: "
            "pip install 'duckdb>=1.3,<3' pycountry"
        ) from None


@contextmanager
def _temporary_folder() -> Iterator[str]:
    """Yield a folder that is removed at the end, or at an interrupt."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="mlroles-")
    except OSError as error:
        message = f"import requires a temporary folder: {reason(error)}"
        raise MlrolesError(message) from None
    with folder as path:
        yield path


@contextmanager
def _queries(folder: str, progress: Progress | None) -> Iterator[Run]:
    """Yield a function that runs queries, with progress."""
    duckdb = _import_extra("duckdb")
    try:
        with duckdb.connect() as db:
            # By default, DuckDB would spill into the current folder.
            db.execute("set temp_directory = $spill", {"spill": folder})
            db.execute(f"set memory_limit = '{_MEMORY_LIMIT}'")
            db.execute("set preserve_insertion_order = false")
            yield _runner(db, progress)
    except duckdb.Error as error:
        if not _lacks_space(error):
            raise
        raise MlrolesError(
            "not enough memory or temporary disk space for the import"
        ) from None


def _lacks_space(error: Exception) -> bool:
    kind = type(error).__name__
    return kind == "OutOfMemoryException" or "No space left" in str(error)


def _runner(db: duckdb.DuckDBPyConnection, progress: Progress | None) -> Run:
    """Return a function that runs each query in a thread of its own.

    In the main thread, DuckDB would delay an interrupt until the query ends.
    """
    db.execute("set enable_progress_bar = true; set enable_progress_bar_print = false")

    def run(
        query: str,
        values: object = None,
        description: str = "",
        span: tuple[float, float] = (0.0, 1.0),
    ) -> list[tuple[Any, ...]]:
        start, end = span
        with ThreadPoolExecutor(1) as thread:
            rows = thread.submit(lambda: db.execute(query, values).fetchall())
            try:
                while wait([rows], _PROGRESS_INTERVAL).not_done:
                    if progress and description:
                        share = min(max(0.0, db.query_progress() / 100), 1.0)
                        progress(description, start + share * (end - start))
            except BaseException:
                db.interrupt()
                raise
        return rows.result()

    return run


def _stage(
    run: Run,
    data: DatasetJson,
    files: list[str],
    folder: str,
    rename: Mapping[str, str],
    employment: Iterable[str],
    countries: Iterable[str],
) -> bool:
    """Read the records into temporary files of typed columns.

    Returns:
        Whether the records state ranges.
    """
    import duckdb

    titles = title_keys(data)
    values = {
        "titles": list(titles),
        "roles": list(titles.values()),
        "employment": sorted(map(str.upper, employment)),
        "countries": sorted(countries),
        "levels": list(EXPERIENCE_NAMES),
        "experiences": list(EXPERIENCE_NAMES.values()),
        "ratios": [*REMOTE_RATIOS, *map(name_key, WORK_MODES)],
        "modes": [*WORK_MODES, *WORK_MODES],
        "min_pay": MIN_PAY,
        "max_pay": MAX_PAY,
    }
    run(_SQL["name_key"])
    for query in _amount_macros(data["currency"]):
        run(query)
    saved = {name: save_stdin(folder) if name == STDIN else name for name in files}
    sizes = {name: Path(path).stat().st_size for name, path in saved.items()}
    kinds: dict[bool, str] = {}
    before, total = 0, max(1, sum(sizes.values()))
    for number, (name, path) in enumerate(saved.items()):
        target = str(Path(folder) / f"{number}.parquet").replace("'", "''")
        span = (before / total, (before + sizes[name]) / total)
        before += sizes[name]
        try:
            reader, columns, is_range = _columns(run, name, path, rename)
            kinds[is_range] = name
            query = _SQL["stage"].format(columns=columns, reader=reader, file=target)
            run(query, {**values, "path": _pattern(path)}, "reading records", span)
        except duckdb.Error as error:
            if _lacks_space(error):
                raise
            raise read_error(name, explain(path, error)) from None
    if len(kinds) > 1:
        ranges, amounts = display_name(kinds[True]), display_name(kinds[False])
        raise UsageError(
            f"{ranges} has ranges and {amounts} has single amounts. Import one kind, "
            "or name its column with ",
            Argument("rename"),
            ".",
        )
    return True in kinds


def _pattern(path: str) -> str:
    """Return a path as DuckDB reads it: not a pattern, and without a leading ~."""
    return glob.escape(str(Path(path).absolute()))


def _amount_macros(currency: str) -> Iterator[str]:
    """Yield the queries that make DuckDB read amounts as `money.parse_amount` does."""
    signs = [sign for sign, code in SIGNS.items() if code == currency]
    others = [sign for sign in SIGNS if sign not in signs]
    text = "upper(text)"
    for sign in signs:
        text = f"replace({text}, '{sign}', '')"
    foreign = " or ".join(f"contains({text}, '{sign}')" for sign in others)
    for name in ("without_sign", "currency", "amount"):
        yield _SQL[name].format(text=text, foreign=foreign, currency=currency)


def _columns(
    run: Run, name: str, path: str, rename: Mapping[str, str]
) -> tuple[str, str, bool]:
    """Return the reader of a file, its columns in SQL, and whether it has ranges.

    Raises:
        DataError: The file is empty, or irregular.
        UsageError: A column is missing.
    """
    kind = file_format(path)
    reader = _SQL[f"read_{kind}"]
    described = run(f"describe select * from {reader}", {"path": _pattern(path)})
    found = [header for header, *_ in described]
    by_key = {name_key(header): header for header in reversed(found)}

    def find(header: str) -> str | None:
        return header if header in found else by_key.get(name_key(header))

    renamed = {column: header for header, column in rename.items()}
    ends = {LOW, HIGH}
    is_range = bool(
        ends & set(renamed) or (PAY not in renamed and any(map(find, ends)))
    )
    columns = RANGE_COLUMNS if is_range else COLUMNS
    wanted = {column: renamed.get(column, column) for column in columns}
    headers = {column: find(header) for column, header in wanted.items()}
    missing = [wanted[column] for column, header in headers.items() if header is None]
    if missing and kind == CSV:
        _check_lines(run, name, path, missing)
    if missing and kind == JSON and not Path(path).stat().st_size:
        raise read_error(name, "empty file")
    if missing:
        raise UsageError(
            f"{display_name(name)} has no column {', '.join(missing)}. Its columns "
            f"are: {', '.join(found)}. Use ",
            Argument("rename"),
            " HEADER=COLUMN.",
        )
    quoted = {
        column: (header or "").replace('"', '""') for column, header in headers.items()
    }
    if kind == JSON:
        # Types that DuckDB detects from the first records may not fit later ones.
        texts = ", ".join(f"\"{header}\": 'varchar'" for header in quoted.values())
        reader = reader.replace("$path", f"$path, columns={{{texts}}}")
    names = {PAY: "low_text", LOW: "low_text", HIGH: "high_text"}
    selected = [
        f'trim("{header}"::varchar) as {names.get(column, column)}'
        for column, header in quoted.items()
    ]
    if not is_range:
        selected.append("low_text as high_text")
    return reader, ", ".join(selected), is_range


def _check_lines(run: Run, name: str, path: str, missing: list[str]) -> None:
    """Explain why DuckDB did not find all headers of a CSV file, if it is irregular.

    A line that is too short or too long can make DuckDB take another line for the
    header, or choose another delimiter. Reading the file by its first line finds it.
    """
    pattern = _pattern(path)
    lines = run(_SQL["first_line"].format(), {"path": pattern})
    if not lines:
        raise read_error(name, "empty file")
    line = lines[0][0][:_MAX_HEADER]
    if "\0" in line:
        raise read_error(name, "not UTF-8 text")
    for delimiter in DELIMITERS:
        headers = next(csv.reader([line], delimiter=delimiter))
        if set(map(name_key, missing)) <= set(map(name_key, headers)):
            columns = ", ".join(f"c{n}: 'varchar'" for n in range(len(headers)))
            query = _SQL["count_lines"].format(columns=f"{{{columns}}}")
            run(query, {"path": pattern, "delimiter": delimiter})
            # All lines have a value for each header, and some have further columns.
            raise read_error(name, "some lines have more columns than the header")


def _group(run: Run, min_records: int, *, is_range: bool) -> list[Group]:
    """Return the groups, one batch and one grouping at a time."""
    sizes = run(_SQL["sizes"])
    total = sum(count for _, _, count in sizes)
    median = _SQL["median"] if is_range else "null"
    groups, done = [], 0
    parts = max(1, total) * 2 ** len(GROUPINGS)
    for count in _batches(run, sizes):
        for kept in product((True, False), repeat=len(GROUPINGS)):
            pairs = zip(GROUPINGS, kept, strict=True)
            names = [name if is_kept else "null" for name, is_kept in pairs]
            known = [f"{name} is not null" for name in names if name != "null"]
            query = _SQL["group"].format(
                *names,
                known=" and ".join(known) or "true",
                percentiles=[percentile / 100 for percentile in PERCENTILES],
                range_low=median.format(end="low"),
                range_high=median.format(end="high"),
                min_records=min_records,
            )
            span = (done / parts, (done + count) / parts)
            rows = run(query, None, "grouping records", span)
            groups += [Group(*row) for row in rows]
            done += count
    # None comes first.
    return sorted(groups, key=lambda group: [value or "" for value in group[:5]])


def _batches(run: Run, sizes: list[tuple[str, int, int]]) -> Iterator[int]:
    """Make each batch of records in turn, and yield its size.

    A batch has the records of a role and year, or all if they are few.
    """
    query = _SQL["batch"].format
    total = sum(count for _, _, count in sizes)
    if total <= _MAX_BATCH:
        run(query(kind="view", name="batch", source="used", condition="true"))
        yield total
        return
    # The temporary files are read once for each role.
    for role, group in groupby(sizes, key=itemgetter(0)):
        condition = f"role = '{role}'"
        run(query(kind="table", name="of_role", source="used", condition=condition))
        for _, year, count in group:
            condition = f"year = {year}"
            run(
                query(kind="table", name="batch", source="of_role", condition=condition)
            )
            yield count


def _report(run: Run) -> tuple[int, str, list[str], list[str]]:
    """Return the number of records used, and notes on those that were not.

    They are a summary, a note for each reason to skip records, and notes on values
    that are not broken down.
    """
    counts: dict[int | None, int] = dict(run(_SQL["count"]))
    read, used = sum(counts.values()), counts.get(None, 0)
    examples: dict[int, list[str]] = dict(run(_SQL["examples"]))
    skipped = [
        f"skipped {counts[at]:,}: {reason}, such as "
        f"{' and '.join(each or '(empty)' for each in examples[at])}"
        for at, reason in enumerate(SKIP_REASONS)
        if at in counts
    ]
    unknown = [
        f"unknown {column} in {count:,} record{'s' * (count > 1)}, not broken down by "
        f"it: {shorten(values)}"
        for column, count, values in run(_SQL["unknown_values"])
    ]
    return used, _summary(read, used), skipped, unknown


def _summary(read: int, used: int) -> str:
    return f"{read:,} records read, {used:,} used, {read - used:,} skipped"
