"""Reading pay records: staged as typed columns, then grouped in one query."""

from __future__ import annotations

import glob
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.dataset.dimensions import (
    EXPERIENCE_NAMES,
    MIN_RECORDS,
    PERCENTILES,
    WORK_MODES,
    name_key,
)
from mlroles.dataset.load import shown
from mlroles.errors import DataError, UsageError
from mlroles.importer import engine
from mlroles.matching import listed, role_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mlroles.dataset.schema import Dataset
    from mlroles.importer.engine import Progress, Run
    from mlroles.queries.rows import Notify

FULL_TIME, EVERY = "FT", "all"
COLUMNS = (
    "work_year", "experience_level", "employment_type", "job_title",
    "salary_in_usd", "company_location", "remote_ratio",
)  # fmt: skip
# How records write what layout.WORK_MODES names, in that order.
_REMOTE_RATIOS = ("0", "50", "100")
# Beyond these a yearly amount is a slip of the pen, or of another period or currency:
# "165.000", say, which some write for 165,000.
_LEAST_PAID, _MOST_PAID = 1_000, 100_000_000
# How quotes and comments are written is not left to a guess from the first records,
# and the names of the folders that a file lies in are no values of its columns.
_CSV = (
    "read_csv($path, header=true, all_varchar=true, hive_partitioning=false, "
    """quote='"', escape='"', comment='')"""
)
_PARQUET = "read_parquet($path, hive_partitioning=false)"

# Does to a text what layout.name_key does to a name.
_KEY = "regexp_replace(lower({}), '[\\s\\v\\x1c-\\x1f\\x85\\pZ_-]+', '', 'g')"
# Pay is in whole cents, whose sum is exact in whatever order they are added.
_STAGED = f"""
create temp table records as
with texts as (select {{columns}} from {{reader}}),
typed as (
    select *, try_cast(salary_in_usd as decimal(18, 2)) as amount,
           try_cast(work_year as decimal(12, 4)) as number
    from texts
)
select map($titles, $roles)[{_KEY.format("job_title")}] as role,
       coalesce(list_contains($employment, upper(employment_type)), false)
           or list_contains($employment, upper('{EVERY}')) as employed,
       case when amount between {_LEAST_PAID} and {_MOST_PAID}
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

# A record whose experience, country or work mode is unknown counts in the cells of
# all of them together, and has no cell of its own: hence the test on grouping().
_CELLS = f"""
select role, year, country, experience, mode, count(*) as records,
       (sum(pay) + 50 * count(*)) // (100 * count(*)) as mean,
       list_transform(
           quantile_cont(pay, [{", ".join(str(p / 100) for p in PERCENTILES)}]),
           -- Doubles come a hair beside a half, which must still be rounded up.
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


# Values that no cell of their own can be made of, such as another spelling.
_OTHERS = """
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


class Grouped(NamedTuple):
    """What records came to: a row for each group that is large enough.

    A row holds role, year, country, experience, work mode, how many records, their
    mean, and a list of their percentiles. `used` says how many records count,
    `countries` the names of all countries by code.
    """

    rows: list[tuple[Any, ...]]
    used: int
    countries: dict[str, str]


def grouped(
    data: Dataset,
    path: str,
    rename: Mapping[str, str],
    employment: Iterable[str],
    notify: Notify,
    progress: Progress | None,
) -> Grouped:
    """Records grouped by role, year, country, experience and work mode.

    The parameters are those of `importer.import_records`, and so are the errors.
    """
    countries = engine.countries()
    with engine.queries(path, progress) as run:
        _stage(run, data, path, rename, employment, countries)
        used = _reported(run, notify)
        return Grouped(run(_CELLS, None, "grouping them"), used, countries)


def _stage(
    run: Run,
    data: Dataset,
    path: str,
    rename: Mapping[str, str],
    employment: Iterable[str],
    countries: Iterable[str],
) -> None:
    """Read the records into a table of typed columns, and a view of those used."""
    reader = _PARQUET if re.search(r"(?i)\.(parquet|pq)$", path) else _CSV
    pattern = glob.escape(path)
    described = run(f"describe select * from {reader}", {"path": pattern})
    found = _columns([header for header, *_ in described], rename, path)
    titles = {
        key: role["id"]
        for role in data["roles"]
        for name in role_names(role)
        # DuckDB has no case folding, which makes ss of a sharp s.
        for key in (name_key(name), re.sub(r"[\s_-]+", "", name.lower()))
    }
    columns = (f"trim({_quoted(found[name])}::varchar) as {name}" for name in COLUMNS)
    run(
        _STAGED.format(columns=", ".join(columns), reader=reader),
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


def _columns(
    headers: list[str], rename: Mapping[str, str], path: str
) -> dict[str, str]:
    """What the file calls each of COLUMNS."""
    found = {header: header for header in headers}
    found |= {ours: theirs for theirs, ours in rename.items()}
    missing = [found.get(c, c) for c in COLUMNS if found.get(c) not in headers]
    if missing and len(headers) == 1 and missing[0] in headers[0]:
        fault = "its lines do not all have as many columns as its header"
        raise DataError(f"cannot read {shown(path)}: {fault}")
    if missing:
        raise UsageError(
            f"{shown(path)} has no column {', '.join(missing)}; it has "
            f"{', '.join(headers)}; --rename THEIRS=OURS names them"
        )
    return found


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _reported(run: Run, notify: Notify) -> int:
    """How many records are used; told with those that are not, and why."""
    read, *skipped = run(_REASONS)[0]
    used: int = run("select count(*) from used")[0][0]
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
    for column, count, values in run(_OTHERS):
        notify(
            f"{column} not known in {count:,} of them, which count without it: "
            f"{listed(values)}"
        )
    return used
