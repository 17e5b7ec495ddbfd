"""Pay records in, a data set with their survey figures out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.errors import DataError
from mlroles.layout import CELL, MIN_RECORDS
from mlroles.records import FULL_TIME, grouped
from mlroles.rows import silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mlroles.engine import Progress
    from mlroles.rows import Notify
    from mlroles.schema import Dataset, Source

SOURCE_ID = "imported-records"


def import_records(
    data: Dataset,
    path: str,
    *,
    rename: Mapping[str, str] | None = None,
    employment: Iterable[str] = (FULL_TIME,),
    source: Source | None = None,
    notify: Notify = silent,
    progress: Progress | None = None,
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
        progress: Told now and then what is done, and what share of it, 0 to 1.

    Raises:
        MlrolesError: DuckDB is not installed.
        DataError: The records cannot be read.
        UsageError: A column is missing.
    """
    found = grouped(data, path, rename or {}, employment, notify, progress)
    source = source or _source(found.used, found.latest)
    return _with_survey(data, found.rows, source, found.countries)


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
