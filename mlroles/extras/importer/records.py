"""Group pay records with DuckDB.

The queries are in records.sql.
"""

from __future__ import annotations

import re
from itertools import compress, groupby, product
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.dataset.bundled import read_table
from mlroles.dataset.dimensions import PERCENTILES, PLACE_PERCENTILES
from mlroles.dataset.load import STDIN
from mlroles.errors import Argument, Message
from mlroles.extras.importer.columns import STRAY
from mlroles.extras.importer.database import SQL, open_database, temporary_folder
from mlroles.extras.importer.files import find_files, save_stdin
from mlroles.extras.importer.groups import (
    BREAKDOWNS,
    RESULT_COLUMNS,
    newest_year,
    order,
)
from mlroles.extras.importer.notes import (
    column_notes,
    count_records,
    currency_notes,
    few_records_notes,
    median_notes,
    unknown_value_notes,
)
from mlroles.extras.importer.reading import Reader, literal, pattern
from mlroles.matching import AREA_LEVELS, as_list, name_key, role_names
from mlroles.money import latest_rates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mlroles.dataset.schema import DatasetJson
    from mlroles.extras.importer.database import Progress, Run
    from mlroles.extras.importer.groups import Group
    from mlroles.extras.importer.reading import File, Settings

_MAX_BATCH = 10_000_000


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
    with temporary_folder() as folder, open_database(folder, progress) as run:
        reader = Reader(run, folder, settings, title_keys(data), data["currency"])
        read = reader.read({n: save_stdin(folder) if n == STDIN else n for n in files})
        staged = literal(pattern(folder) / "records-*.parquet")
        if settings.distinct:
            target = literal(Path(folder) / "distinct.parquet")
            run(SQL["distinct"].format(files=staged, target=target))
            staged = literal(pattern(folder) / "distinct.parquet")
        run(SQL["records"].format(files=staged))
        used, summary, skipped = count_records(run, read)
        names = reader.names
        by_country = {names[at or 0]: n for at, *n in run(SQL["by_country"])}
        unstated, dollars, vague, low_only, late = (
            {country: n[at] for country, n in by_country.items()} for at in range(5)
        )
        notes = [
            *column_notes(read, settings),
            *unknown_value_notes(run),
            *currency_notes(unstated, dollars, used, data["currency"], read),
        ]
        if count := sum(low_only.values()):
            notes.append(f"only a low end of pay in {count:,} of {used:,} records")
        if any(late.values()):
            latest = latest_rates(read_table("rates")["years"])
            text = f"no exchange rates after {latest}: pay of later years is converted "
            notes.append(f"{text}at those of {latest}")
        hourly = zip(
            ("2,080", "52 weeks of the hours"), *run(SQL["hourly"]), strict=True
        )
        if times := [f"times {hours} in {n:,} records" for hours, n in hourly if n]:
            notes.append(f"pay by the hour: {', '.join(times)}")
        ((repeated,),) = run(SQL["repeated"])
        if repeated:
            text = f"{repeated:,} of {used:,} records are identical to another one. "
            if all(each.columns.has_ids for each in read):
                text += "To count each once, add "
                notes.append(Message(text, Argument("distinct")))
            else:
                text += "They may be of different people: no column identifies these"
                notes.append(text)
        if any(each.columns.person is not None for each in read):
            ((people,),) = run(SQL["people"])
            if people:
                who = "people have" if people > 1 else "person has"
                notes.append(
                    f"{people:,} {who} several records of a year: figures count "
                    "records, not people. Keep one of each, such as the newest, first"
                )
        groups = _group(run, read, names, settings.min_records)
        counts = [
            (names[role], year, names[country or 0], count)
            for role, year, country, count in run(SQL["dry_run"])
        ]
        is_vague = sum(vague.values()) > STRAY * used
        notes += few_records_notes(counts, groups, settings.min_records)
        notes += median_notes(data, groups, vague=is_vague)
        unmatched = run(SQL["unmatched"])
        areas = list(_areas(run, groups, names, settings.min_records))
        return Grouped(
            groups, used, summary, skipped, notes, read, counts, unmatched, areas
        )


def title_keys(data: DatasetJson) -> dict[str, str]:
    """Return the ids of roles by the keys of their names (see `matching.name_key`)."""
    return {
        key: role["id"]
        for role in data["roles"]
        for name in role_names(role)
        # SQL does not fold case, which turns a sharp s into ss.
        for key in (name_key(name), re.sub(r"[\s_-]+", "", name.lower()))
    }


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
