"""Read pay records with DuckDB: stage them as typed columns, then group them.

The queries are in records.sql.
"""

from __future__ import annotations

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
from mlroles.extras.importer.columns import STANDARD_CURRENCY, rank
from mlroles.extras.importer.files import explain, is_csv, read_error, save_stdin
from mlroles.extras.importer.texts import (
    Meanings,
    Reader,
    look_up_pay,
    look_up_places,
    look_up_titles,
    quoted_path,
    rate_rows,
    unless_missing,
)
from mlroles.extras.importer.values import (
    PERIODS,
    Countries,
    Titles,
    find_currency,
    find_employment,
    find_level,
    find_mode,
    find_period,
    find_unit,
    find_year,
)
from mlroles.matching import (
    country_codes,
    find_country,
    name_key,
    role_names,
    shorten,
)

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )

    import duckdb

    from mlroles.dataset.schema import DatasetJson
    from mlroles.extras.importer.texts import File, Settings

    # Takes a query and its parameters; returns its rows.
    Run: TypeAlias = Callable[..., list[tuple[Any, ...]]]
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
# Amounts outside this range are typing errors, or of another period or currency.
MIN_PAY, MAX_PAY = 1_000, 100_000_000
# Currencies for which people write a dollar sign, or its like.
_DOLLARS = ("AUD", "CAD", "HKD", "MXN", "NZD", "SGD")
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
    samples: Sequence[Mapping[str, list[str]]] = ()
    """The most frequent values of the columns of each file."""
    counts: Sequence[tuple[str, int, str | None, int]] = ()
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
        read = _read(run, data, files, folder, settings)
        _stage(run, data, read, folder, settings, employment)
        staged = quoted_path(Path(glob.escape(folder)) / "records.parquet")
        run(_SQL["records"].format(files=staged))
        used, summary, skipped, unknown = _report(run, read)
        notes = [*_notes(read, settings), *_repeated(run, used), *unknown]
        notes += _unstated(run, data, countries)
        is_range = any("high" in each.columns.headers for each in read)
        is_range = is_range or run(_SQL["ranges"])[0][0]
        groups = _group(run, min_records, is_range=is_range)
        samples = [_samples(run, number) for number in range(len(read))]
        counts: Any = run(_SQL["dry_run"])
        unmatched: Any = run(_SQL["unmatched"])
        notes += _implausible(data, groups)
        named = (groups, used, countries, summary, skipped, notes)
        return Grouped(*named, read, samples, counts, unmatched)


def country_names() -> dict[str, str]:
    """Return the names of all countries by their ISO 3166-1 alpha-2 codes."""
    known = _import_extra("pycountry").countries
    return {c.alpha_2: getattr(c, "common_name", c.name) for c in known}


def constant(column: str, value: str) -> str:
    """Return the value of a column that is the same for all records.

    Raises:
        UsageError: It is not a value of that column.
    """
    known: Mapping[str, Callable[[str], object]] = {
        "year": find_year,
        "level": find_level,
        "work_mode": find_mode,
        "employment": find_employment,
        "period": find_period,
        "unit": find_unit,
        "currency": lambda text: find_currency(text, _currency_codes()),
    }
    if column == "country":
        names = country_names()
        return find_country(names, country_codes(names), value) or ""
    if known[column](value) is None:
        examples = {"period": f": {', '.join(PERIODS)}", "year": ", such as 2025"}
        text = f"{quoted(value)} is not a {column.replace('_', ' ')}"
        raise UsageError(f"{text}{examples.get(column, '')}.", argument="set")
    return value


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


def _read(
    run: Run, data: DatasetJson, files: list[str], folder: str, settings: Settings
) -> list[File]:
    """Read the texts of the files into temporary ones."""
    import duckdb

    titles = Titles(title_keys(data), is_exact=settings.exact_titles)
    reader = Reader(run, _SQL, folder, settings, titles, _currency_codes())
    saved = {name: save_stdin(folder) if name == STDIN else name for name in files}
    sizes = {name: Path(path).stat().st_size for name, path in saved.items()}
    before, total = 0, max(1, sum(sizes.values()))
    found = []
    for number, (name, path) in enumerate(saved.items()):
        span = (before / total, (before + sizes[name]) / total)
        before += sizes[name]
        for carefully in (False, True):
            try:
                found.append(reader.read(number, name, path, span, carefully=carefully))
                break
            except duckdb.Error as error:
                if _lacks_space(error):
                    raise
                if carefully or not is_csv(path):
                    raise read_error(name, explain(path)) from None
    for each in found:
        if "year" not in {*each.columns.headers, *settings.constants}:
            raise UsageError(
                f"{each.name}: no header names a year or a date. Add ",
                Argument("set", "year=2025"),
                ", with the year of the pay.",
                argument="set",
            )
    kinds = {"high" in each.columns.headers: each.name for each in found}
    if len(kinds) > 1:
        raise UsageError(
            f"{kinds[True]} has ranges and {kinds[False]} has single amounts. Import "
            "one kind, or name its column with ",
            Argument("map"),
            ".",
        )
    return found


def _stage(
    run: Run,
    data: DatasetJson,
    files: list[File],
    folder: str,
    settings: Settings,
    employment: Iterable[str],
) -> None:
    """Look up what the texts mean, and write the records as typed columns."""
    texts = quoted_path(Path(glob.escape(folder)) / "texts-*.parquet")
    run(f"create temp view texts as from read_parquet('{texts}')")
    run(_SQL["number"])
    currencies, currency = _currency_codes(), data["currency"]
    names = country_names()
    places = read_table("places")
    metros = {
        row[0]
        for table in places["tables"]
        if table["level"] == "metro"
        for row in table["rows"]
    }
    known = _import_extra("pycountry").countries
    described = (
        (
            c.alpha_2,
            c.alpha_3,
            c.name,
            names[c.alpha_2],
            getattr(c, "official_name", c.name),
        )
        for c in known
    )
    meanings = Meanings(run, _SQL)
    look_up_titles(meanings, Titles(title_keys(data), is_exact=settings.exact_titles))
    look_up_pay(meanings, currencies)
    look_up_places(meanings, files, Countries(described, places["states"], metros))
    meanings.look_up("level", unless_missing(find_level))
    meanings.look_up("work_mode", unless_missing(find_mode))
    meanings.look_up("employment", find_employment)
    meanings.look_up("year", find_year, "integer")
    meanings.look_up(
        "period", lambda text: PERIODS.get(find_period(text) or ""), "integer"
    )
    meanings.look_up("unit", find_unit, "integer")
    standard = {STANDARD_CURRENCY: currency}
    meanings.look_up(
        "currency", lambda text: standard.get(text) or find_currency(text, currencies)
    )
    columns = {"code": "varchar", "year": "integer", "rate": "double"}
    meanings.make("rates", columns)
    meanings.add("rates", columns, rate_rows(currency, currencies))
    is_repeated = "row_number() over (partition by row) > 1"
    query = _SQL["stage"].format(
        dollars=_DOLLARS,
        standard=STANDARD_CURRENCY,
        repeated=is_repeated if settings.distinct else "false",
        target=quoted_path(Path(folder) / "records.parquet"),
    )
    run(
        query,
        {
            "employment": sorted(map(find_employment, employment)),
            "currency": currency,
            "min_cents": 100 * MIN_PAY,
            "max_cents": 100 * MAX_PAY,
        },
        "reading records",
        (1.0, 1.0),
    )


def _currency_codes() -> frozenset[str]:
    known = _import_extra("pycountry").currencies
    return frozenset(each.alpha_3 for each in known)


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


def _report(run: Run, files: list[File]) -> tuple[int, str, list[str], list[str]]:
    """Return the number of records used, and notes on those that were not.

    They are a summary, a note for each reason to skip records, and notes on values
    that are not broken down.
    """
    counts: dict[int | None, int] = dict(run(_SQL["count"]))
    read, used = sum(counts.values()), counts.get(None, 0)
    lines = sum(each.skipped for each in files)
    examples: dict[int, list[str]] = dict(run(_SQL["examples"]))
    skipped = [
        f"skipped {counts[at]:,}: {reason}, such as "
        f"{' and '.join(shortened(each) or '(empty)' for each in examples[at])}"
        for at, reason in enumerate(SKIP_REASONS)
        if at in counts
    ]
    if lines:
        skipped.append(
            f"skipped {lines:,}: line{'s' * (lines > 1)} without the columns of the "
            "header"
        )
    headers = _headers(files)
    unknown = [
        f"unknown {headers[column]} in {count:,} record{'s' * (count > 1)}, not broken "
        f"down by it: {shorten(map(shortened, values))}"
        for column, count, values in run(_SQL["unknown_values"])
    ]
    return used, _summary(read + lines, used), skipped, unknown


def _headers(files: list[File]) -> dict[str, str]:
    """Return the headers of the first file, by the columns of unknown values."""
    names = {}
    for column in ("level", "place", "work_mode"):
        found = [
            each.headers[each.columns.headers[name]]
            for each in files
            for name in [(each.place or "") if column == "place" else column]
            if name in each.columns.headers
        ]
        names[column] = found[0] if found else column
    return names


def _summary(read: int, used: int) -> str:
    return f"{read:,} records read, {used:,} used, {read - used:,} skipped"


def _notes(files: list[File], settings: Settings) -> list[str]:
    """Return notes on the columns that were used, unless they are the standard ones."""
    notes = []
    for file in files:
        used = {
            column: file.headers[at]
            for column, at in file.columns.headers.items()
            if rank(column, file.headers[at]) != 0
        }
        named = [
            f"{column} from {quoted(shortened(header, 40))}"
            for column, header in used.items()
        ]
        notes += [f"{file.name}: {', '.join(named)}"] if named else []
        notes += [f"{file.name}: {each}" for each in file.notes]
    absent = [
        column
        for column in ("level", "country", "work_mode", "employment")
        if not any(
            column in {*each.columns.headers, *settings.constants}
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
    ((count,),) = run(_SQL["repeated"])
    if not count:
        return []
    return [
        Message(
            f"{count:,} of {used:,} records are identical to another one. To count "
            "each once, add ",
            Argument("distinct"),
        )
    ]


def _unstated(run: Run, data: DatasetJson, countries: Mapping[str, str]) -> list[str]:
    """Return a note on pay without a currency.

    Raises:
        UsageError: It is of countries that have other currencies.
    """
    by_country: dict[str | None, int] = dict(run(_SQL["by_country"]))
    if not by_country:
        return []
    currency = data["currency"]
    own = {c for c, of in read_table("rates")["currencies"].items() if of == currency}
    abroad = {c: n for c, n in by_country.items() if c is not None and c not in own}
    if sum(abroad.values()) > _STRAY * sum(by_country.values()):
        most = max(abroad, key=lambda country: abroad[country] if country else 0)
        raise UsageError(
            f"no currency is stated, and there are records of {countries[most or '']}. "
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


def _samples(run: Run, number: int) -> dict[str, list[str]]:
    """Return the three most frequent values of each column of a file."""
    (found,) = run(_SQL["samples"], {"file": number})
    names = ("title", "pay", "high", "year", "level", "place", "work_mode",
             "employment", "period", "currency", "unit")  # fmt: skip
    return {name: each or [] for name, each in zip(names, found, strict=True)}
