"""Group pay records with DuckDB, and say what was used of them.

The queries are in records.sql.
"""

from __future__ import annotations

import re
import tempfile
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import groupby, product
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from mlroles.dataset.bundled import read_table
from mlroles.dataset.dimensions import MIN_RECORDS, PAY_COLUMNS, PERCENTILES
from mlroles.dataset.load import STDIN
from mlroles.dataset.write import ended_by_signals
from mlroles.errors import (
    Argument,
    Message,
    MlrolesError,
    UsageError,
    quoted,
    reason,
    shortened,
)
from mlroles.extras.importer.files import save_stdin
from mlroles.extras.importer.reading import (
    SQL,
    Reader,
    country_names,
    import_extra,
    lacks_space,
    pattern,
    quoted_path,
)
from mlroles.matching import name_key, role_names, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import duckdb

    from mlroles.dataset.schema import DatasetJson
    from mlroles.extras.importer.reading import File, Run, Settings

    # Takes the name of a step and its share, from 0 to 1.
    Progress: TypeAlias = Callable[[str, float], None]

FULL_TIME = "FT"
# Why records are skipped; the first reason that applies counts. In the order of the
# numbers that the query `stage` gives.
SKIP_REASONS = (
    "identical to another record",
    "other employment type",
    "other job title",
    "missing pay",
    "ambiguous pay",
    "unknown pay period",
    "pay in another currency",
    "impossible pay",
    "missing or impossible year",
)
# A share of records above which a missing currency is an error.
_STRAY = 0.05
# A median that many times off that of the data set has another unit or currency.
_FAR = 3
_PROGRESS_INTERVAL = 0.2  # seconds
# DuckDB keeps to this limit by writing to temporary files, except for the amounts that
# percentiles are computed from: 10 million ranges of one role and year use most of it.
_MEMORY_LIMIT = "1500MB"
_MAX_BATCH = 2_000_000
# The dimensions that a group may have a value of, besides role and year.
GROUPINGS = ("country", "experience", "mode")


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

    `skipped` has a note for each reason to skip records, `notes` all others.
    """

    groups: list[Group]
    used: int
    countries: dict[str, str]
    summary: str
    skipped: list[str]
    notes: list[str]
    files: Sequence[File] = ()
    """The files that were read."""
    counts: Sequence[tuple[str, int, str, int]] = ()
    """The numbers of records used, by role, year and country."""
    unmatched: Sequence[tuple[str, int]] = ()
    """The titles of no role, with their number of records."""


def group_records(
    data: DatasetJson,
    files: list[str],
    settings: Settings,
    employment: Iterable[str],
    progress: Progress | None,
    min_records: int = MIN_RECORDS,
) -> Grouped:
    """Group the records of some files by role, year, country, experience and work mode.

    The other arguments and the errors are those of `pay.import_records`.
    """
    countries = country_names()
    with _temporary_folder() as folder, _queries(folder, progress) as run:
        roles, currency = title_keys(data), data["currency"]
        reader = Reader(run, folder, settings, roles, currency, employment)
        read = _read(reader, files, folder, settings)
        staged = quoted_path(pattern(folder) / "records-*.parquet")
        if settings.distinct:
            target = quoted_path(Path(folder) / "distinct.parquet")
            run(SQL["distinct"].format(files=staged, target=target))
            staged = quoted_path(pattern(folder) / "distinct.parquet")
        run(SQL["records"].format(files=staged))
        used, summary, skipped, unknown = _report(run, read)
        notes = [*_notes(read, settings), *_repeated(run, used), *unknown]
        names = reader.names
        by_country = {names[at or 0]: n for at, n in run(SQL["by_country"])}
        notes += _unstated(by_country, data["currency"], countries)
        is_range = any(each.is_range for each in read)
        groups = _group(run, names, min_records, is_range=is_range)
        counts = [
            (names[role], year, names[country or 0], count)
            for role, year, country, count in run(SQL["dry_run"])
        ]
        unmatched: Any = run(SQL["unmatched"])
        notes += _implausible(data, groups)
        named = (groups, used, countries, summary, skipped, notes)
        return Grouped(*named, read, counts, unmatched)


def _read(
    reader: Reader, files: list[str], folder: str, settings: Settings
) -> list[File]:
    """Read the files into temporary ones.

    Raises:
        UsageError: One has no year, or only some have ranges.
    """
    saved = {name: save_stdin(folder) if name == STDIN else name for name in files}
    sizes = {name: Path(path).stat().st_size for name, path in saved.items()}
    before, total = 0, max(1, sum(sizes.values()))
    found = []
    for number, (name, path) in enumerate(saved.items()):
        span = (before / total, (before + sizes[name]) / total)
        before += sizes[name]
        found.append(reader.read(number, name, path, span))
    for each in found:
        if "year" not in {*each.columns.found, *settings.constants}:
            raise UsageError(
                f"{each.name}: no header names a year or a date. Add ",
                Argument("set", "year=2025"),
                ", with the year of the pay.",
                argument="set",
            )
    kinds = {"high" in each.columns.found: each.name for each in found}
    if len(kinds) > 1:
        raise UsageError(
            f"{kinds[True]} has ranges and {kinds[False]} has single amounts. Import "
            "one kind, or name its column with ",
            Argument("map"),
            ".",
        )
    return found


def title_keys(data: DatasetJson) -> dict[str, str]:
    """Return the ids of roles by the keys of their names (see `matching.name_key`)."""
    return {
        key: role["id"]
        for role in data["roles"]
        for name in role_names(role)
        # SQL does not fold case, which turns a sharp s into ss.
        for key in (name_key(name), re.sub(r"[\s_-]+", "", name.lower()))
    }


@contextmanager
def _temporary_folder() -> Iterator[str]:
    """Yield a folder that is removed at the end, or at a signal to end."""
    with ended_by_signals():
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
    duckdb = import_extra("duckdb")
    try:
        with duckdb.connect() as db:
            # By default, DuckDB would spill into the current folder.
            db.execute("set temp_directory = $spill", {"spill": folder})
            db.execute(f"set memory_limit = '{_MEMORY_LIMIT}'")
            db.execute("set preserve_insertion_order = false")
            yield _runner(db, progress)
    except duckdb.Error as error:
        if not lacks_space(error):
            raise
        raise MlrolesError(
            "not enough memory or temporary disk space for the import"
        ) from None


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


def _group(
    run: Run, names: list[str], min_records: int, *, is_range: bool
) -> list[Group]:
    """Return the groups, one batch and one grouping at a time."""
    sizes = run(SQL["sizes"])
    total = sum(count for _, _, count in sizes)
    median = SQL["median"] if is_range else "null"
    points = ", ".join(f"percentile(amounts, {each})" for each in PERCENTILES)
    groups, done = [], 0
    parts = max(1, total) * 2 ** len(GROUPINGS)
    for count in _batches(run, sizes):
        for kept in product((True, False), repeat=len(GROUPINGS)):
            pairs = zip(GROUPINGS, kept, strict=True)
            columns = [name if is_kept else "null" for name, is_kept in pairs]
            known = [f"{each} is not null" for each in columns if each != "null"]
            query = SQL["group"].format(
                *columns,
                known=" and ".join(known) or "true",
                percentiles=points,
                range_low=median.format(end="low"),
                range_high=median.format(end="high"),
                min_records=min_records,
            )
            span = (done / parts, (done + count) / parts)
            rows = run(query, None, "grouping records", span)
            groups += [
                Group(names[role], year, *(at and names[at] for at in of), *figures)
                for role, year, *of, figures in ((*r[:5], r[5:]) for r in rows)
            ]
            done += count
    # None comes first.
    return sorted(groups, key=lambda group: [value or "" for value in group[:5]])


def _batches(run: Run, sizes: list[tuple[str, int, int]]) -> Iterator[int]:
    """Make each batch of records in turn, and yield its size.

    A batch has the records of a role and year, or all if they are few.
    """
    query = SQL["batch"].format
    total = sum(count for _, _, count in sizes)
    if total <= _MAX_BATCH:
        run(query(kind="view", name="batch", source="used", condition="true"))
        yield total
        return
    # The temporary files are read once for each role.
    for role, group in groupby(sizes, key=itemgetter(0)):
        of_role = f"role = {role}"
        run(query(kind="table", name="of_role", source="used", condition=of_role))
        for _, year, count in group:
            of_year = f"year = {year}"
            run(query(kind="table", name="batch", source="of_role", condition=of_year))
            yield count


def _report(run: Run, files: list[File]) -> tuple[int, str, list[str], list[str]]:
    """Return the number of records used, and notes on those that were not.

    They are a summary, a note for each reason to skip records, and notes on values
    that are not broken down.
    """
    reasons = {at: (count, texts) for at, count, texts in run(SQL["reasons"])}
    used, _ = reasons.pop(None, (0, []))
    skipped = []
    for at in sorted(reasons):
        count, texts = reasons[at]
        shown = " and ".join(shortened(each) or "(empty)" for each in texts)
        examples = f", such as {shown}" if at else ""
        skipped.append(f"skipped {count:,}: {SKIP_REASONS[at]}{examples}")
    if lines := sum(each.skipped for each in files):
        plural = "s" * (lines > 1)
        skipped.append(
            f"skipped {lines:,}: line{plural} without the columns of the header"
        )
    read = used + lines + sum(count for count, _ in reasons.values())
    headers = _headers(files)
    unknown = [
        f"unknown {headers[column]} in {count:,} record{'s' * (count > 1)}, not broken "
        f"down by it: {shorten(map(shortened, values))}"
        for column, count, values in run(SQL["unknown_values"])
    ]
    summary = f"{read:,} records read, {used:,} used, {read - used:,} skipped"
    return used, summary, skipped, unknown


def _headers(files: list[File]) -> dict[str, str]:
    """Return the headers of the first file, by the columns of unknown values."""
    names = {}
    for column in ("level", "place", "work_mode"):
        found = [
            each.headers[each.columns.found[name]]
            for each in files
            for name in [(each.place or "") if column == "place" else column]
            if name in each.columns.found
        ]
        names[column] = found[0] if found else column
    return names


def _notes(files: list[File], settings: Settings) -> list[str]:
    """Return notes on the columns that were used, unless they are the standard ones."""
    notes = []
    for file in files:
        named = ", ".join(
            f"{column} from {quoted(shortened(file.headers[at], 40))}"
            for column, at in file.columns.found.items()
            if column not in file.columns.standard
        )
        notes += [f"{file.name}: {each}" for each in (named, *file.notes) if each]
    absent = [
        column
        for column in ("level", "country", "work_mode", "employment")
        if not any(
            column in {*each.columns.found, *settings.constants}
            or (column == "country" and each.place)
            for each in files
        )
    ]
    return notes + _absent(absent, has_titles=not settings.exact_titles)


def _absent(columns: list[str], *, has_titles: bool) -> list[str]:
    """Return notes on columns without values; `has_titles` if titles have levels."""
    notes = []
    if "level" in columns and has_titles:
        columns.remove("level")
        notes.append("no values for level: they are from words in the titles")
    if "employment" in columns:
        columns.remove("employment")
        notes.append("no values for employment: every record counts")
    if columns:
        names = ", ".join(columns).replace("_", " ")
        notes.append(f"no values for {names}: pay is not broken down by it")
    return notes


def _repeated(run: Run, used: int) -> list[str]:
    ((count,),) = run(SQL["repeated"])
    if not count:
        return []
    return [
        Message(
            f"{count:,} of {used:,} records are identical to another one. To count "
            "each once, add ",
            Argument("distinct"),
        )
    ]


def _unstated(
    by_country: Mapping[str, int], currency: str, countries: Mapping[str, str]
) -> list[str]:
    """Return a note on pay without a currency, by the number of records of countries.

    Raises:
        UsageError: It is of countries that have other currencies.
    """
    if not by_country:
        return []
    own = {c for c, of in read_table("rates")["currencies"].items() if of == currency}
    abroad = {c: n for c, n in by_country.items() if c and c not in own}
    if sum(abroad.values()) > _STRAY * sum(by_country.values()):
        most = max(abroad, key=lambda country: abroad[country])
        raise UsageError(
            f"no currency is stated, and there are records of {countries[most]}. "
            "Say which it is: ",
            Argument("set", f"currency={currency}"),
            ".",
            argument="set",
        )
    return [f"no currency is stated: pay was read as {currency}"]


def _implausible(data: DatasetJson, groups: list[Group]) -> list[str]:
    """Return notes on medians that are far from those of the data set."""
    known = whole_medians(data)
    notes = []
    for group in groups:
        if group[2:5] != (None, None, None) or group.role not in known:
            continue
        median, usual = group.percentiles[PERCENTILES.index(50)], known[group.role]
        ratio = median / usual
        if 1 / _FAR <= ratio <= _FAR:
            continue
        cause = "a month, or in thousands" if ratio < 1 else "in another currency"
        notes.append(
            f"{group.role} {group.year}: the median is {median:,.0f}, and "
            f"{usual:,} in the data set. Is pay {cause}?"
        )
    return notes


def whole_medians(data: DatasetJson) -> dict[str, int]:
    """Return the newest median of each role, in all countries and levels together."""
    medians: dict[str, tuple[Any, Any]] = {}
    at = PAY_COLUMNS.index("p50")
    for role, groups in (data["pay"] or {"groups": {}})["groups"].items():
        for group in groups:
            if tuple(group[1:4]) == (None, None, None):
                medians[role] = max(medians.get(role, (0, 0)), (group[0], group[at]))
    return {role: median for role, (_, median) in medians.items()}
