"""Read pay records with DuckDB: stage them as typed columns, then group them."""

from __future__ import annotations

import csv
import glob
import re
import stat
import tempfile
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

FULL_TIME, ANY_EMPLOYMENT = "FT", "all"
COLUMNS = (
    "work_year", "experience_level", "employment_type", "job_title",
    "salary_in_usd", "company_location", "remote_ratio",
)  # fmt: skip
# The values of remote_ratio, in the order of WORK_MODES.
_REMOTE_RATIOS = ("0", "50", "100")
# Amounts outside this range are typing errors, or of another period or currency, such
# as "165.000", which some write for 165,000.
_MIN_PAY, _MAX_PAY = 1_000, 100_000_000
_PROGRESS_INTERVAL = 0.2  # seconds
# Quotes and comments are not detected from the first records, and the names of the
# folders of a file are not values of its columns.
_CSV = (
    "read_csv($path, header=true, all_varchar=true, hive_partitioning=false, "
    """quote='"', escape='"', comment='')"""
)
_PARQUET = "read_parquet($path, hive_partitioning=false)"
# The same without detection, to explain why a file of another form was detected: the
# first line that is not blank, and a count that requires `columns` on every line.
_FIRST_LINE = (
    "select line from read_csv($path, auto_detect=false, header=false, "
    "columns={'line': 'varchar'}, delim='\x1f', quote='', escape='', comment='', "
    "hive_partitioning=false) where trim(line) <> '' limit 1"
)
_COUNT_LINES = (
    "select count(*) from read_csv($path, auto_detect=false, header=true, "
    """columns={columns}, delim=$delimiter, quote='"', escape='"', comment='', """
    "hive_partitioning=false)"
)
# The delimiters that DuckDB detects.
_DELIMITERS = ",;\t|"
# The csv module refuses longer fields.
_MAX_HEADER = 100_000

# The same as matching.name_key, in SQL.
_KEY = "regexp_replace(lower({}), '[\\s\\v\\x1c-\\x1f\\x85\\pZ_-]+', '', 'g')"
# Pay is in cents: sums of integers are exact in any order.
_STAGE = f"""
create temp table records as
with texts as (select {{columns}} from {{reader}}),
typed as (
    select *, try_cast(salary_in_usd as decimal(18, 2)) as amount,
           try_cast(work_year as decimal(12, 4)) as number
    from texts
)
select map($titles, $roles)[{_KEY.format("job_title")}] as role,
       coalesce(list_contains($employment, upper(employment_type)), false)
           or list_contains($employment, upper('{ANY_EMPLOYMENT}')) as employed,
       case when amount between {_MIN_PAY} and {_MAX_PAY}
           then (100 * amount)::bigint end as pay,
       case when number between 1900 and 2200 and number = floor(number)
           then number::integer end as year,
       case when list_contains($countries, upper(company_location))
           then upper(company_location) end as country,
       map($levels, $experiences)[{_KEY.format("experience_level")}] as experience,
       map($ratios, $modes)[
           regexp_replace({_KEY.format("remote_ratio")}, '[.]0+$', '')
       ] as mode,
       case when experience is null then experience_level end as other_experience,
       case when country is null then company_location end as other_country,
       case when mode is null then remote_ratio end as other_mode
from typed
"""

# A record whose experience, country or work mode is unknown counts in the groups of
# all values together, but has no group of its own: hence the tests on grouping().
_GROUP = f"""
select role, year, country, experience, mode, count(*) as records,
       (sum(pay) + 50 * count(*)) // (100 * count(*)) as mean,
       list_transform(
           quantile_cont(pay, [{", ".join(str(p / 100) for p in PERCENTILES)}]),
           -- Doubles may be slightly below a half, which must still be rounded up.
           lambda cents: round(round(cents, 2) / 100)
       ) as percentiles
from used
group by role, year, cube (country, experience, mode)
having count(*) >= {MIN_RECORDS}
   and (grouping(country) = 1 or country is not null)
   and (grouping(experience) = 1 or experience is not null)
   and (grouping(mode) = 1 or mode is not null)
order by all nulls first
"""

_COUNT = """
select count(*) as read,
       count(*) filter (not employed) as other_employment,
       count(*) filter (employed and role is null) as other_title,
       count(*) filter (employed and role is not null and pay is null) as no_pay,
       count(*) filter (
           employed and role is not null and pay is not null and year is null
       ) as no_year
from records
"""

# Unknown values of a dimension, such as misspelt ones.
_UNKNOWN_VALUES = """
select column_name, sum(records)::bigint, list(value order by records desc, value)
from (
    select column_name, value, count(*) as records
    from (unpivot (
        select other_experience as experience_level,
               other_country as company_location, other_mode as remote_ratio
        from used
    ) on experience_level, company_location, remote_ratio into name column_name
      value value)
    where value <> ''
    group by all
)
group by column_name order by column_name
"""


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

    def array(self) -> list[Any]:
        """Return the group as a data set stores it (see dimensions.PAY_COLUMNS)."""
        dimensions = [self.year, self.country, self.experience, self.work_mode]
        return [*dimensions, self.records, int(self.mean), *map(int, self.percentiles)]


class Grouped(NamedTuple):
    """The groups of a file of records."""

    groups: list[Group]
    used: int
    """The number of records that were used."""
    countries: dict[str, str]
    """The names of all countries, by code."""
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
    countries = _country_names()
    with _queries(path, progress) as run:
        _stage(run, data, path, rename, employment, countries)
        used, notes = _report(run)
        groups = [Group(*row) for row in run(_GROUP, None, "grouping records")]
        return Grouped(groups, used, countries, notes)


def _country_names() -> dict[str, str]:
    countries = _import_extra("pycountry").countries
    return {c.alpha_2: getattr(c, "common_name", c.name) for c in countries}


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
    """Yield a function that runs queries on a file, with progress.

    Raises:
        DataError: The file cannot be read.
        MlrolesError: DuckDB is not installed.
    """
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
        mode = file.stat().st_mode
        # Opening a FIFO would wait for a writer; opening a folder gives the reason.
        if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            with file.open("rb"):
                return
    except OSError as error:
        raise DataError(f"cannot read {path}: {reason(error)}") from None
    # The records are read more than once.
    raise DataError(
        f"cannot read {path}: not a regular file. Save the records to a file first."
    )


def _explain(path: str, error: Exception) -> str:
    """Explain an error of DuckDB without quoting the file."""
    text = str(error)
    line = re.search(r"CSV Error on Line: (\d+)", text)
    at = f" at line {line[1]}" if line else ""
    if re.search(r"^Maximum line size of \d+ bytes exceeded", text, re.MULTILINE):
        # DuckDB gives the number of another line.
        return "a line is too long"
    if re.search(r"^Invalid unicode", text, re.MULTILINE):
        return f"not UTF-8{at}"
    if re.search(r"^Expected Number of Columns: \d", text, re.MULTILINE):
        return f"the number of columns{at} differs from the header"
    if re.search(r"^Value with unterminated quote", text, re.MULTILINE):
        return f"unterminated quote{at}"
    if _is_parquet(path):
        return "not a valid Parquet file"
    if "GZIP stream" in text:
        return "not a valid gzip file"
    return f"not a valid CSV file{at}"


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
) -> None:
    """Read the records into a table of typed columns, and a view of those used."""
    reader = _PARQUET if _is_parquet(path) else _CSV
    # An absolute path, since DuckDB expands a leading ~.
    pattern = glob.escape(str(Path(path).absolute()))
    described = run(f"describe select * from {reader}", {"path": pattern})
    found = [header for header, *_ in described]
    headers = _header_names(rename)
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
    columns = (f"trim({_quote(headers[name])}::varchar) as {name}" for name in COLUMNS)
    run(
        _STAGE.format(columns=", ".join(columns), reader=reader),
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
        },
        "reading records",
    )
    run(
        "create temp view used as select * from records where employed "
        "and role is not null and pay is not null and year is not null"
    )


def _header_names(rename: Mapping[str, str]) -> dict[str, str]:
    """Return the header of each of COLUMNS, whether the file has it or not."""
    renamed = {column: header for header, column in rename.items()}
    return {column: renamed.get(column, column) for column in COLUMNS}


def _check_lines(run: Run, path: str, pattern: str, missing: list[str]) -> None:
    """Check a CSV file in which DuckDB did not find all headers.

    An irregular line can make DuckDB take another line for the header, or choose
    another delimiter. Reading the file with the form of its first line finds it.

    Raises:
        DataError: The file is empty or binary, or a line has too many columns.
        duckdb.Error: Another line is invalid.
    """
    lines = run(_FIRST_LINE, {"path": pattern})
    if not lines:
        raise DataError(f"cannot read {path}: empty file")
    line = lines[0][0][:_MAX_HEADER]
    if "\0" in line:
        raise DataError(f"cannot read {path}: not UTF-8 text")
    for delimiter in _DELIMITERS:
        headers = next(csv.reader([line], delimiter=delimiter))
        if set(missing) <= set(headers):
            columns = ", ".join(f"c{n}: 'varchar'" for n in range(len(headers)))
            query = _COUNT_LINES.replace("{columns}", f"{{{columns}}}")
            run(query, {"path": pattern, "delimiter": delimiter})
            # All lines have a value for each header, and some have further columns.
            raise DataError(
                f"cannot read {path}: some lines have more columns than the header"
            )


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _report(run: Run) -> tuple[int, list[str]]:
    """Return the number of records used, and notes on those that were not."""
    read, *skipped = run(_COUNT)[0]
    used: int = run("select count(*) from used")[0][0]
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
        for column, count, values in run(_UNKNOWN_VALUES)
    ]
    return used, notes
