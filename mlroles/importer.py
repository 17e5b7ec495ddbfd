"""Pay records in, survey figures out: by DuckDB, in one grouped query."""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlroles.dataset import shown
from mlroles.errors import DataError, MlrolesError, UsageError
from mlroles.names import name_key, role_names
from mlroles.survey import CELL, EXPERIENCES, MIN_RECORDS, PERCENTILES, WORK_MODES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import duckdb

    from mlroles.schema import Dataset, Source

SOURCE_ID = "imported-records"
FULL_TIME, EVERY = "FT", "all"
COLUMNS = (
    "work_year", "experience_level", "employment_type", "job_title",
    "salary_in_usd", "company_location", "remote_ratio",
)  # fmt: skip
# How records write what survey.EXPERIENCES and survey.WORK_MODES name, in that order.
_EXPERIENCE_CODES = ("EN", "MI", "SE", "EX")
_REMOTE_RATIOS = ("0", "50", "100")
# Above this a yearly amount is a slip of the pen, or another currency.
_MOST_PAID = 100_000_000

# The regular expression does to a title what names.name_key does to a name.
_STAGED = f"""
create temp table records as
with texts as (select {{columns}} from {{reader}}),
typed as (
    select *, try_cast(salary_in_usd as double) as amount,
           try_cast(work_year as integer) as number
    from texts
)
select map($titles, $roles)[
           regexp_replace(lower(job_title), '[\\s_-]+', '', 'g')
       ] as role,
       coalesce(list_contains($employment, employment_type), false)
           or list_contains($employment, '{EVERY}') as employed,
       case when amount between 1 and {_MOST_PAID} then round(amount, 2) end as pay,
       case when number between 1900 and 2200 then number end as year,
       case when list_contains($countries, company_location)
           then company_location end as country,
       map($levels, $experiences)[experience_level] as experience,
       map($ratios, $modes)[remote_ratio] as mode
from typed
"""

# A record whose experience, country or work mode is unknown counts in the cells of
# all of them together, and has no cell of its own: hence the test on grouping().
_CELLS = f"""
select role, year, country, experience, mode, count(*) as records,
       round(sum(pay) / count(*)) as mean,
       list_transform(
           quantile_cont(pay, [{", ".join(str(p / 100) for p in PERCENTILES)}]),
           -- Doubles come a hair beside a half, which must still be rounded up.
           lambda amount: round(round(amount, 4))
       ) as percentiles
from used
group by role, year, cube (country, experience, mode)
having count(*) >= {MIN_RECORDS}
   and (grouping(country) = 1 or country is not null)
   and (grouping(experience) = 1 or experience is not null)
   and (grouping(mode) = 1 or mode is not null)
order by all nulls first
"""

_REASONS = """
select count(*) as read,
       count(*) filter (not employed) as other_employment,
       count(*) filter (employed and role is null) as other_title,
       count(*) filter (employed and role is not null and pay is null) as no_pay,
       count(*) filter (
           employed and role is not null and pay is not null and year is null
       ) as no_year
from records
"""


def import_records(
    data: Dataset,
    path: str,
    *,
    rename: Mapping[str, str] | None = None,
    employment: Iterable[str] = (FULL_TIME,),
    source: Source | None = None,
    notify: Callable[[str], None] = lambda _message: None,
    progress: Callable[[float], None] | None = None,
) -> Dataset:
    """A data set with its survey replaced by the figures of pay records.

    Args:
        data: The data set whose roles the records' job titles are matched with, by
            title or alias.
        path: The records: CSV, CSV.gz or Parquet with the columns `work_year`,
            `experience_level` (EN, MI, SE, EX), `employment_type`, `job_title`,
            `salary_in_usd` (a year, in the data set's currency),
            `company_location` (ISO 3166-1 alpha-2) and `remote_ratio` (0, 50, 100).
        rename: Headers of the file, to those above.
        employment: The employment types that count; "all" takes each.
        source: Where the records come from; left out, a source is made of what is
            known: that they were imported, how many they are, their latest year.
        notify: Told how many records were read, used and skipped, and why.
        progress: Told now and then what share of the work is done, 0 to 1.

    Raises:
        MlrolesError: DuckDB is not installed.
        DataError: The records cannot be read.
        UsageError: A column is missing.
    """
    duckdb_module, countries = _engine()
    with duckdb_module.connect() as db, _watched(db, progress):
        try:
            _stage(db, data, path, rename or {}, set(employment), set(countries))
            latest, used = _reported(db, notify)
            rows = db.execute(_CELLS).fetchall()
        except duckdb_module.Error as error:
            reason = str(error).strip().splitlines()[0]
            raise DataError(f"cannot read {shown(path)}: {reason}") from None
    source = source or _source(used, latest)
    return _with_survey(data, rows, source, countries)


def _engine() -> tuple[Any, dict[str, str]]:
    """DuckDB, and the names of all countries by their codes."""
    try:
        import duckdb  # noqa: PLC0415 - an extra
        import pycountry  # noqa: PLC0415 - an extra
    except ImportError:
        raise MlrolesError(
            "importing needs DuckDB; install it with: pip install 'mlroles[import]'"
        ) from None
    names = {c.alpha_2: getattr(c, "common_name", c.name) for c in pycountry.countries}
    return duckdb, names


def _stage(
    db: duckdb.DuckDBPyConnection,
    data: Dataset,
    path: str,
    rename: Mapping[str, str],
    employment: set[str],
    countries: set[str],
) -> None:
    """Read the records into a table of typed columns, and a view of those used."""
    parquet = re.search(r"\.(parquet|pq)$", path, re.IGNORECASE)
    csv = "read_csv(?, header=true, all_varchar=true)"
    reader = "read_parquet(?)" if parquet else csv
    if not Path(path).is_file():
        raise DataError(f"cannot read {shown(path)}: no such file")
    headers = db.execute(f"describe select * from {reader}", [path]).fetchall()
    found = {rename.get(row[0], row[0]): row[0] for row in headers}
    missing = [column for column in COLUMNS if column not in found]
    if missing:
        raise UsageError(
            f"{shown(path)} has no column {', '.join(missing)}; it has "
            f"{', '.join(row[0] for row in headers)}; --rename THEIRS=OURS names them"
        )
    titles = {name_key(n): r["id"] for r in data["roles"] for n in role_names(r)}
    columns = (f"trim({_quoted(found[name])}::varchar) as {name}" for name in COLUMNS)
    db.execute(
        _STAGED.format(columns=", ".join(columns), reader=reader.replace("?", "$path")),
        {
            "path": path,
            "titles": list(titles),
            "roles": list(titles.values()),
            "employment": sorted(employment),
            "countries": sorted(countries),
            "levels": [*_EXPERIENCE_CODES, *EXPERIENCES],
            "experiences": [*EXPERIENCES, *EXPERIENCES],
            "ratios": [*_REMOTE_RATIOS, *WORK_MODES],
            "modes": [*WORK_MODES, *WORK_MODES],
        },
    )
    db.execute(
        "create temp view used as select * from records where employed "
        "and role is not null and pay is not null and year is not null"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _reported(
    db: duckdb.DuckDBPyConnection, notify: Callable[[str], None]
) -> tuple[int | None, int]:
    """The latest year of the records used, and how many they are; all told."""
    counts = db.execute(_REASONS).fetchall()[0]
    read, skipped = counts[0], counts[1:]
    latest, used = db.execute("select max(year), count(*) from used").fetchall()[0]
    reasons = (
        "other employment",
        "other title",
        "missing or impossible pay",
        "no year",
    )
    told = [f"{n:,} {reason}" for n, reason in zip(skipped, reasons, strict=True) if n]
    notify(
        f"{read:,} records read, {used:,} used, {sum(skipped):,} skipped"
        + (f": {', '.join(told)}" if told else "")
    )
    return latest, used


def _source(used: int, latest: int | None) -> Source:
    return {
        "id": SOURCE_ID,
        "title": "imported pay records",
        "publisher": None,
        "url": None,
        "licence": None,
        "updated": str(latest),
        "records": used,
        "method": "Grouped by role, year, country, experience and work mode; the "
        "percentiles by linear interpolation between closest ranks.",
        "caveats": [f"Groups of fewer than {MIN_RECORDS} records are left out."],
    }


def _with_survey(
    data: Dataset,
    rows: list[tuple[Any, ...]],
    source: Source,
    countries: Mapping[str, str],
) -> Dataset:
    cells: dict[str, list[Any]] = {role["id"]: [] for role in data["roles"]}
    for role, *dimensions, records, mean, percentiles in rows:
        amounts = [int(mean), *map(int, percentiles)]
        cells[role].append([*dimensions, records, *amounts])
    if not any(cells.values()):
        raise DataError(f"no role has {MIN_RECORDS} records of one year")
    figures = [f for r in data["roles"] for f in (r["salary"], r["openings"]) if f]
    tables = data["places"]["tables"] if data["places"] else []
    cited = {figure["source"] for figure in [*figures, *tables]}
    kept = [s for s in data["sources"] if s["id"] in cited - {source["id"]}]
    regions = {figure["region"] for figure in figures}
    used = {row[2] for row in rows if row[2]} - regions
    named = {code: data["countries"][code] for code in regions}
    return {
        **data,
        "sources": [*kept, source],
        "countries": dict(sorted((named | {c: countries[c] for c in used}).items())),
        "survey": {
            "source": source["id"],
            "columns": list(CELL),
            "cells": {role: of_role for role, of_role in cells.items() if of_role},
        },
    }


@contextmanager
def _watched(
    db: duckdb.DuckDBPyConnection, progress: Callable[[float], None] | None
) -> Iterator[None]:
    """Tell a progress function now and then how far the running query is."""
    if progress is None:
        yield
        return
    db.execute("set enable_progress_bar = true; set enable_progress_bar_print = false")
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            progress(max(0.0, db.query_progress() / 100))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
