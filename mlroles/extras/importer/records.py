"""Group pay records with DuckDB, and say what was used of them.

The queries are in records.sql.
"""

from __future__ import annotations

import re
import shutil
import stat
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from itertools import compress, groupby, product
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from mlroles.dataset.bundled import read_table
from mlroles.dataset.dataset import Dataset
from mlroles.dataset.dimensions import PAY_COLUMNS, PERCENTILES, PLACE_PERCENTILES
from mlroles.dataset.load import STDIN
from mlroles.dataset.write import ended_by_signals
from mlroles.errors import (
    Argument,
    Message,
    MlrolesError,
    quoted,
    reason,
    shortened,
)
from mlroles.extras.importer import import_extra
from mlroles.extras.importer.columns import STRAY, to_be_said
from mlroles.extras.importer.files import find_files, lacks_space, save_stdin
from mlroles.extras.importer.places import country_names
from mlroles.extras.importer.reading import (
    SQL,
    Reader,
    currencies,
    literal,
    pattern,
    several,
)
from mlroles.extras.importer.values import DOLLARS
from mlroles.matching import AREA_LEVELS, as_list, name_key, role_names, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor

    import duckdb

    from mlroles.dataset.schema import DatasetJson
    from mlroles.extras.importer.reading import File, Run, Settings

    Group: TypeAlias = dict[str, Any]
    # Takes the name of a step and its share, from 0 to 1.
    Progress: TypeAlias = Callable[[str, float], None]

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
    "application or offer that was denied, withdrawn or declined",
    "pay that contradicts its column",
    "unreadable pay",
    Message(
        "pay in another currency, and no year of its exchange rate (to give it, add ",
        Argument("set", "year=2025"),
        ")",
    ),
    "pay whose currency is not stated, in a country with another one",
)
# What to do about some of them.
_HINTS = {
    1: Message("To use others, add ", Argument("employment", "TYPE")),
    4: Message("If points separate thousands there, add ",
               Argument("set", "decimal=comma")),
    6: f"There are exchange rates of {', '.join(read_table('rates')['years'])}",
    7: Message("If it is not of a year or in thousands, add ",
               Argument("map", "period=HEADER"), ", ", Argument("set", "period=hour"),
               " or ", Argument("set", "unit=thousands")),
    13: Message("If a header names it, add ", Argument("map", "currency=HEADER")),
}  # fmt: skip
# What is done without some columns.
_WITHOUT = {
    "level": "words in the titles are used",
    "employment": "every record counts",
}
# Why medians are higher or lower than those of the data set, and what says so.
_TOO_HIGH = Message(
    "in another currency? If so, add ", Argument("set", "currency=CODE")
)
_TOO_LOW = Message(
    "per month, or in thousands? If so, add ", Argument("set", "period=month"),
    " or ", Argument("set", "unit=thousands"),
)  # fmt: skip
_CURRENCY = re.compile("(?i)^(?!.*(bonus|equity|stock|other)).*(currency|währung)")
# A median that many times off that of the data set has another unit or currency.
_FAR = 3
_PROGRESS_INTERVAL = 0.2  # seconds
# DuckDB keeps to this limit by writing to temporary files, except for the amounts that
# percentiles are computed from: 10 million ranges of one role and year use most of it.
_MEMORY_LIMIT = "1500MB"
_DAY = 86_400  # seconds
_MAX_BATCH = 10_000_000
RESULT_COLUMNS = ("role", *PAY_COLUMNS)
# The dimensions that a group may have a value of, besides role and year.
BREAKDOWNS = RESULT_COLUMNS[2:5]


class Grouped(NamedTuple):
    """The groups of records, and what is known about the records.

    Attributes:
        groups: By RESULT_COLUMNS; None means all values of a dimension.
        used: The number of records used.
        summary: A note on how many were read, used and skipped.
        skipped: A note for each reason to skip records.
        notes: All other notes.
        files: The files that were read.
        counts: The numbers of records used, by role, year and country.
        unmatched: The titles of no role, with their numbers of records.
        areas: Of each US metro area or state of a role, in the newest year: the role,
            the level, its code, the number of records, and PLACE_PERCENTILES.
    """

    groups: list[Group]
    used: int
    summary: str
    skipped: list[str]
    notes: list[str]
    files: Sequence[File] = ()
    counts: Sequence[tuple[str, int, str, int]] = ()
    unmatched: Sequence[tuple[Any, ...]] = ()
    areas: Sequence[tuple[str, str, str, int, list[int]]] = ()


def group_records(
    data: DatasetJson,
    paths: str | Iterable[str],
    settings: Settings,
    progress: Progress | None = None,
) -> Grouped:
    """Group the records of some files by role, year, country, experience and work mode.

    The arguments and the errors are those of `pay.import_records`.
    """
    files = find_files(as_list(paths))
    with _temporary_folder() as folder, _queries(folder, progress) as run:
        reader = Reader(run, folder, settings, title_keys(data), data["currency"])
        read = reader.read({n: save_stdin(folder) if n == STDIN else n for n in files})
        staged = literal(pattern(folder) / "records-*.parquet")
        if settings.distinct:
            target = literal(Path(folder) / "distinct.parquet")
            run(SQL["distinct"].format(files=staged, target=target))
            staged = literal(pattern(folder) / "distinct.parquet")
        run(SQL["records"].format(files=staged))
        used, summary, skipped, unknown = _report(run, read)
        names = reader.names
        by_country = {names[at or 0]: tuple(n) for at, *n in run(SQL["by_country"])}
        vague, low_only = (sum(n[at] for n in by_country.values()) for at in (2, 3))
        notes = [
            *_notes(read, settings),
            *unknown,
            *_unstated(by_country, used, data["currency"], read),
        ]
        if low_only:
            notes.append(f"only a low end of pay in {low_only:,} of {used:,} records")
        ((repeated,),) = run(SQL["repeated"])
        if repeated:
            text = f"{repeated:,} of {used:,} records are identical to another one. "
            text += "To count each once, add "
            notes.append(Message(text, Argument("distinct")))
        groups = _group(run, read, names, settings.min_records)
        counts = [
            (names[role], year, names[country or 0], count)
            for role, year, country, count in run(SQL["dry_run"])
        ]
        notes += _too_few(counts, groups, settings.min_records)
        notes += _implausible(data, groups, vague=vague > STRAY * used)
        unmatched = run(SQL["unmatched"])
        areas = list(_areas(run, groups, names, settings.min_records))
        return Grouped(
            groups, used, summary, skipped, notes, read, counts, unmatched, areas
        )


def _too_few(
    counts: list[tuple[str, int | None, str, int]], groups: list[Group], least: int
) -> list[str]:
    """Return a note on the roles of which too few records were used for a group."""
    known = {group["role"] for group in groups}
    few = Counter[str]()
    for role, _, _, count in counts:
        few[role] += count * (role not in known)
    roles = [f"{role} ({count})" for role, count in few.most_common() if count]
    if not (roles and groups):
        return []
    return [f"fewer than {least} records of one year, so no pay: {shorten(roles)}"]


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
            folder = tempfile.TemporaryDirectory(prefix="mlroles-", suffix=".import")
        except OSError as error:
            message = f"import requires a temporary folder: {reason(error)}"
            raise MlrolesError(message) from None
        with folder as path:
            _remove_abandoned(Path(path))
            yield path


def _remove_abandoned(own: Path) -> None:
    """Remove the folders of imports that were killed more than a day ago."""
    user = own.stat().st_uid
    for folder in own.parent.glob("mlroles-????????.import"):
        # Another import may remove it at the same time.
        with suppress(OSError):
            found = folder.lstat()
            is_old = found.st_mtime < time.time() - _DAY
            if stat.S_ISDIR(found.st_mode) and found.st_uid == user and is_old:
                shutil.rmtree(folder)


@contextmanager
def _queries(folder: str, progress: Progress | None) -> Iterator[Run]:
    """Yield a function that runs queries, with progress."""
    duckdb = import_extra("duckdb")
    try:
        with duckdb.connect() as db, ThreadPoolExecutor(1) as thread:
            # By default, DuckDB would spill into the current folder.
            db.execute("set temp_directory = $spill", {"spill": folder})
            db.execute(f"set memory_limit = '{_MEMORY_LIMIT}'")
            db.execute("set preserve_insertion_order = false")
            yield _runner(db, thread, progress)
    except (duckdb.Error, OSError) as error:
        if not lacks_space(error):
            raise
        raise MlrolesError(
            "not enough memory or temporary disk space for the import"
        ) from None


def _runner(
    db: duckdb.DuckDBPyConnection, thread: Executor, progress: Progress | None
) -> Run:
    """Return a function that runs each query in another thread.

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
    run: Run, files: list[File], names: list[str], min_records: int
) -> list[Group]:
    """Return the groups, one batch and one grouping at a time."""
    sizes = run(SQL["sizes"])
    total = sum(count for _, _, count in sizes)
    median = SQL["median"] if any(each.is_range for each in files) else "null"
    groups, done = [], 0
    groupings = list(product((True, False), repeat=len(BREAKDOWNS)))
    parts = max(1, total) * len(groupings)
    for count in _batches(run, sizes):
        for kept in groupings:
            kept_columns = list(compress(BREAKDOWNS, kept))
            query = SQL["group"].format(
                **dict.fromkeys(BREAKDOWNS, "null") | {c: c for c in kept_columns},
                known=" and ".join(f"{c} is not null" for c in kept_columns) or "true",
                percents=list(PERCENTILES),
                range_low=median.format(end="low"),
                range_high=median.format(end="high"),
                min_records=min_records,
            )
            span = (done / parts, (done + count) / parts)
            rows = run(query, None, "grouping records", span)
            for role, year, country, level, mode, records, mean, points, *rest in rows:
                of = [at and names[at] for at in (country, level, mode)]
                row = (names[role], year, *of, records, mean, *points, *rest)
                groups.append(dict(zip(RESULT_COLUMNS, row, strict=True)))
            done += count
    return sorted(groups, key=order)


def _areas(
    run: Run, groups: list[Group], names: list[str], min_records: int
) -> Iterator[tuple[str, str, str, int, list[int]]]:
    """Yield the pay by metro area and state in the newest year, a role at a time."""
    year = newest_year(groups)
    for role in sorted({each["role"] for each in groups if each["year"] == year}):
        for level in AREA_LEVELS:
            query = SQL["areas"].format(
                level=level,
                role=names.index(role),
                year=year or "null",
                percents=list(PLACE_PERCENTILES),
                min_records=min_records,
            )
            for code, *figures in sorted(run(query), key=lambda row: names[row[0]]):
                yield role, level, names[code], *figures


def newest_year(groups: Iterable[Group]) -> int | None:
    """Return the newest year of groups, None if it is unknown."""
    return max((group["year"] or 0 for group in groups), default=0) or None


def order(group: Group) -> list[Any]:
    """Return what groups are sorted by; None comes first."""
    breakdown = (group[column] or "" for column in BREAKDOWNS)
    return [group["role"], group["year"] or 0, *breakdown]


def breakdown(group: Group) -> set[str]:
    """Return the dimensions of which a group has a single value, rather than all."""
    return {column for column in BREAKDOWNS if group[column]}


def is_whole(group: Group) -> bool:
    """Return whether a group is of all countries, levels and work modes."""
    return not breakdown(group)


def _batches(run: Run, sizes: list[tuple[str, int, int]]) -> Iterator[int]:
    """Make each batch of records in turn, and yield its size.

    A batch has all records, or if they are too many those of a role, or of one year.
    """
    query = SQL["batch"].format
    total = sum(count for _, _, count in sizes)
    if total <= _MAX_BATCH:
        run(query(kind="view", name="batch", source="used", condition="true"))
        yield total
        return
    # The temporary files are read once for each role.
    for role, group in groupby(sizes, key=itemgetter(0)):
        batches = {
            "year is null" if year is None else f"year = {year}": count
            for _, year, count in group
        }
        total = sum(batches.values())
        if total <= _MAX_BATCH:
            batches = {"true": total}
        of_role = f"role = {role}"
        run(query(kind="table", name="of_role", source="used", condition=of_role))
        for condition, count in batches.items():
            run(query(kind="view", name="batch", source="of_role", condition=condition))
            yield count


def _report(run: Run, files: list[File]) -> tuple[int, str, list[str], list[str]]:
    """Return the number of records used, and notes on those that were not.

    They are a summary, a note for each reason to skip records, and notes on values
    that are not broken down.
    """
    reasons = {at: (count, texts) for at, count, texts in run(SQL["reasons"])}
    used, _ = reasons.pop(None, (0, []))
    skipped: list[str] = []
    for at in sorted(reasons):
        count, texts = reasons[at]
        shown = " and ".join(shortened(each) or "(empty)" for each in texts)
        examples = f", such as {shown}" if at else ""
        hint = Message(". ", _HINTS[at]) if at in _HINTS else ""
        reason = Message(SKIP_REASONS[at], examples, hint)
        skipped.append(Message(f"skipped {count:,}: ", reason))
    if lines := sum(each.skipped for each in files):
        plural = "s" * (lines > 1)
        skipped.append(
            f"skipped {lines:,}: line{plural} without the columns of the header"
        )
    read = used + lines + sum(count for count, _ in reasons.values())
    unknown = [
        f"unknown {column.replace('_', ' ')} in {count:,} record{'s' * (count > 1)}, "
        f"not broken down by it: {shorten(map(shortened, values))}"
        for column, count, values in run(SQL["unknown_values"])
    ]
    summary = f"{read:,} records read, {used:,} used, {read - used:,} skipped"
    return used, summary, skipped, unknown


def _notes(files: list[File], settings: Settings) -> list[str]:
    """Return notes on the columns that were used, unless they are the standard ones."""
    by_note: dict[str, list[File]] = {}
    for file in files:
        named = ", ".join(
            f"{column} from {quoted(shortened(file.columns.headers[at], 40))}"
            for column, at in file.columns.found.items()
            if column not in file.columns.standard
        )
        for note in filter(None, (named, *file.columns.notes)):
            by_note.setdefault(note, []).append(file)
    notes = [f"{_several(of)}: {note}" for note, of in by_note.items()]
    known = {
        c
        for each in files
        for c in (*each.columns.found, each.columns.place and "country")
    }
    by_reason: dict[str, list[str]] = {}
    for column in ("level", "employment", "country", "work_mode"):
        if column not in {*known, *settings.constants}:
            why = _WITHOUT.get(column, "pay is not broken down by it")
            by_reason.setdefault(why, []).append(column.replace("_", " "))
    notes += [f"no {', '.join(each)}: {why}" for why, each in by_reason.items()]
    given = settings.constants
    if undated := [f for f in files if "year" not in {*f.columns.found, *given}]:
        of_files = f"{_several(undated)}: " * (len(files) > 1)
        text = f"{of_files}no year: the date of the pay is unknown. To give it, add "
        notes.append(Message(text, Argument("set", "year=2025")))
    return notes


def _several(files: list[File]) -> str:
    return several(files[0].name, sum(each.files for each in files))


def _unstated(
    by_country: Mapping[str, tuple[int, ...]],
    used: int,
    currency: str,
    files: list[File],
) -> list[str]:
    """Return notes on pay without a currency.

    Args:
        by_country: The numbers of records whose pay names no currency, and of those
            that have only a dollar sign.
        used: The number of records used.
        currency: The currency of the data set.
        files: The files, one of which may have a header of currencies.

    Raises:
        UsageError: Many are of countries that have other currencies.
    """
    own = currencies()
    headers = [header for file in files for header in file.columns.headers]
    named = [header for header in headers if _CURRENCY.search(header)] or ["HEADER"]
    problems = ("no currency is stated", "a dollar sign names several currencies")
    notes = []
    for at, (problem, default) in enumerate(
        zip(problems, (currency, "USD"), strict=True)
    ):
        every = {country: of[at] for country, of in by_country.items()}
        known = {c: own.get(c) for c in every if c and (at == 0 or c in DOLLARS)}
        other = {c: every[c] for c, of in known.items() if of != default}
        count, share = (sum(of.values()) for of in (every, other))
        if share > STRAY * count:
            most = max(other, key=lambda country: other[country])
            says = f"there are records of {country_names()[most]}"
            if sum(map(bool, every.values())) > 1:
                says += " and others. Import one currency at a time, or say which it is"
                ways = ("set", default), ("map", named[0])
            else:
                says += ". Say which it is"
                ways = ("set", known[most] or "CODE"), ("set", default)
            raise to_be_said(
                problem, says, *((how, "currency", it) for how, it in ways)
            )
        if at == 0 and (count := count - share):
            of_all = "" if count == used else f" in {count:,} of {used:,} records"
            notes.append(f"{problem}{of_all}: pay was read as {default}")
    return notes


def _implausible(data: DatasetJson, groups: list[Group], *, vague: bool) -> list[str]:
    """Return notes on medians that are far from those of the data set.

    They are compared in the country of most records; without one, only vague amounts
    are: those that do not state both a currency and a period.
    """
    known, notes = whole_medians(data), list[str]()
    largest: dict[tuple[str, int], Group] = {}
    for group in groups:
        if breakdown(group) == {"country"}:
            key = (group["role"], group["year"])
            rest = largest.get(key, group)
            largest[key] = max(rest, group, key=itemgetter("records"))
    for group in filter(is_whole, groups):
        most = largest.get((group["role"], group["year"]), group)
        if 2 * most["records"] < group["records"]:
            most = group
        median, year = most["p50"], f" {group['year']}" if group["year"] else ""
        # Pay may be lower in a country that the data set does not know, but not higher.
        overall = known.get((group["role"], None), median)
        usual = known.get((group["role"], most["country"]), min(median, overall))
        is_far = not median / _FAR <= usual <= median * _FAR
        if is_far and (vague or most["country"]):
            text = (
                f"{group['role']}{year}: the median is {median:,}, and "
                f"{usual:,} in the data set. Is it "
            )
            notes.append(Message(text, _TOO_LOW if median < usual else _TOO_HIGH))
    return notes


def whole_medians(data: DatasetJson) -> dict[tuple[str, str | None], int]:
    """Return the newest median of each role, in all countries and in each of them."""
    medians: dict[tuple[str, str | None], tuple[int, int]] = {}
    for role, groups in Dataset(data).groups.items():
        for cells in groups:
            group: Group = dict(zip(RESULT_COLUMNS, (role, *cells), strict=True))
            if breakdown(group) <= {"country"}:
                key = (role, group["country"])
                newest = (group["year"] or 0, group["p50"])
                medians[key] = max(medians.get(key, newest), newest)
    return {key: median for key, (_, median) in medians.items()}
