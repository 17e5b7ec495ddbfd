"""Pay records in, a data set with their survey figures out."""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import CELL, MIN_RECORDS
from mlroles.errors import DataError
from mlroles.importer.records import FULL_TIME, grouped
from mlroles.queries.rows import silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mlroles.dataset.schema import Dataset, Openings, Salary, Source
    from mlroles.importer.engine import Progress
    from mlroles.queries.rows import Notify

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
        source: Where the records come from, but for how many there are; left out, a
            source is made of what is known of them.
        notify: Told how many records were read, used and skipped, and why.
        progress: Told now and then what is done, and what share of it, 0 to 1.

    Raises:
        MlrolesError: DuckDB is not installed.
        DataError: The records cannot be read.
        UsageError: A column is missing.
    """
    wanted = sorted(set(employment))
    found = grouped(data, path, rename or {}, wanted, notify, progress)
    if not found.rows:
        raise DataError(f"no role has {MIN_RECORDS} records of one year")
    kept = _kept_sources(data, source)
    made = source or _source(found.rows, wanted, {each["id"] for each in kept})
    made = {**made, "records": found.used}
    return _with_survey(data, found.rows, [*kept, made], found.countries)


def _kept_sources(data: Dataset, source: Source | None) -> list[Source]:
    """The sources that stay: all but that of the survey, unless others cite it."""
    tables = data["places"]["tables"] if data["places"] else []
    cited = {part["source"] for part in [*_figures(data), *tables]}
    old = data["survey"]["source"] if data["survey"] else None
    gone = {old} - cited | ({source["id"]} if source else set())
    return [each for each in data["sources"] if each["id"] not in gone]


def _figures(data: Dataset) -> list[Salary | Openings]:
    """The salaries and the openings of all roles."""
    return [f for r in data["roles"] for f in (r["salary"], r["openings"]) if f]


def _source(
    rows: list[tuple[Any, ...]], employment: list[str], taken: set[str]
) -> Source:
    numbered = (f"{SOURCE_ID}-{number}" for number in count(2))
    return {
        "id": next(each for each in chain([SOURCE_ID], numbered) if each not in taken),
        "title": "imported pay records",
        "publisher": None,
        "url": None,
        "licence": None,
        "updated": str(max(year for _, year, *_ in rows)),
        "records": None,
        "method": "Grouped by role, year, country, experience and work mode; the "
        "percentiles by linear interpolation between closest ranks. Employment types "
        f"that count: {', '.join(employment)}.",
        "caveats": [f"Groups of fewer than {MIN_RECORDS} records are left out."],
    }


def _with_survey(
    data: Dataset,
    rows: list[tuple[Any, ...]],
    sources: list[Source],
    countries: Mapping[str, str],
) -> Dataset:
    cells: dict[str, list[Any]] = {role["id"]: [] for role in data["roles"]}
    for role, *dimensions, records, mean, percentiles in rows:
        amounts = [int(mean), *map(int, percentiles)]
        cells[role].append([*dimensions, records, *amounts])
    regions = {figure["region"] for figure in _figures(data)}
    used = {row[2] for row in rows if row[2]} - regions
    named = {code: data["countries"][code] for code in regions}
    return {
        **data,
        "sources": sources,
        "countries": dict(sorted((named | {c: countries[c] for c in used}).items())),
        "survey": {
            "source": sources[-1]["id"],
            "columns": list(CELL),
            "cells": {role: of_role for role, of_role in cells.items() if of_role},
        },
    }
