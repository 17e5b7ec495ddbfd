"""Replace the pay of a data set by the distributions of pay records."""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING, Any

from mlroles.dataset.bundled import read_table
from mlroles.dataset.dataset import Dataset
from mlroles.dataset.dimensions import (
    HOME_COUNTRY,
    PAY_COLUMNS,
    PLACE_PERCENTILES,
    TABLES,
)
from mlroles.dataset.references import cited_sources
from mlroles.errors import DataError
from mlroles.extras.importer.groups import breakdown, newest_year
from mlroles.extras.importer.places import country_names
from mlroles.extras.importer.reading import Settings
from mlroles.extras.importer.records import group_records
from mlroles.extras.importer.statement import read_result

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlroles.dataset.schema import DatasetJson, Source
    from mlroles.extras.importer.database import Progress
    from mlroles.extras.importer.groups import Group
    from mlroles.extras.importer.records import Grouped

SOURCE_ID = "imported-records"
NO_SETTINGS = Settings()


def import_records(
    data: DatasetJson,
    paths: str | Iterable[str],
    settings: Settings = NO_SETTINGS,
    source: Source | None = None,
    progress: Progress | None = None,
) -> tuple[DatasetJson, list[str]]:
    """Return a data set with its pay replaced by the distributions of pay records.

    Args:
        data: Job titles are matched with the titles and aliases of its roles.
        paths: The names of one or more files, or patterns; `-` is standard input. They
            are CSV, JSON, Parquet or spreadsheets, with at least a title and pay, under
            any headers that `columns` recognises.
        settings: What the user says about the records.
        source: The source of the records, without their number; None creates one.
        progress: Takes the name of a step and its share, from 0 to 1.

    Returns:
        The new data set, and notes on the records that were used and skipped.

    Raises:
        MlrolesError: DuckDB is not installed.
        DataError: The records cannot be read, no group has enough of them, or, if
            strict, any is skipped.
        UsageError: A column is missing.
    """
    grouped = group_records(data, paths, settings, progress)
    new = with_records(data, grouped, settings, source)
    return new, [grouped.summary, *grouped.skipped, *grouped.notes]


def with_records(
    data: DatasetJson,
    grouped: Grouped,
    settings: Settings,
    source: Source | None = None,
) -> DatasetJson:
    """Return a data set with its pay replaced by groups.

    The other arguments and the errors are those of `import_records`.
    """
    if problem := refusal(grouped, settings):
        raise problem
    method = f"Employment types: {', '.join(sorted({*settings.employment}))}."
    return _replace_pay(data, grouped, source, method, settings.min_records)


def refusal(grouped: Grouped, settings: Settings) -> DataError | None:
    """Return the error for records that are not imported; None if they are."""
    if settings.is_strict and grouped.skipped:
        problem = "records were skipped, which strict imports refuse"
    elif not grouped.groups:
        problem = f"no role has {settings.min_records} records of one year"
    else:
        return None
    return DataError(f"{problem}: {grouped.summary}", *grouped.skipped)


def import_result(
    data: DatasetJson, path: str, min_records: int
) -> tuple[DatasetJson, list[str]]:
    """Return a data set with its pay replaced by the result of a statement.

    `path` is a CSV file with the result of `statement.statement`. Groups of fewer than
    `min_records` are omitted.

    Raises:
        MlrolesError: pycountry is not installed.
        DataError: The file cannot be read, a value is invalid, or there is no group.
        UsageError: A column is missing.
    """
    grouped = read_result(data, path, min_records)
    if not grouped.groups:
        raise DataError(f"{path} has no pay groups of {min_records} records")
    method = "Grouped where the records are."
    new = _replace_pay(data, grouped, None, method, min_records)
    return new, [grouped.summary]


def _replace_pay(
    data: DatasetJson,
    grouped: Grouped,
    source: Source | None,
    method: str,
    min_records: int,
) -> DatasetJson:
    data = _without_groups(data)
    kept = _kept_sources(data, source)
    ids = {each["id"] for each in kept}
    made = source or _source(grouped.groups, method, ids, min_records)
    if grouped.areas:
        data = _with_places(data, grouped, made["id"])
    arrays: dict[str, list[Any]] = {role["id"]: [] for role in data["roles"]}
    for group in grouped.groups:
        arrays[group["role"]].append([group[column] for column in PAY_COLUMNS])
    figures = [role[key] for role in data["roles"] for key in ("salary", "openings")]
    indices = [data.get("prices"), data.get("outlook", {}).get("postings")]
    regions = {each["region"] for each in (*figures, *indices) if each}
    used = {group["country"] for group in grouped.groups} - regions - {None}
    names = {**country_names(), **{code: data["countries"][code] for code in regions}}
    return {
        **data,
        "sources": [*kept, {**made, "records": grouped.used}],
        "countries": {code: names[code] for code in sorted(regions | used)},
        "pay": {
            "source": made["id"],
            "columns": list(PAY_COLUMNS),
            "groups": {role: cells for role, cells in arrays.items() if cells},
        },
    }


# What is known of the records behind the pay groups.
_OF_GROUPS = {"local_pay", "range_ends"}


def _without_groups(data: DatasetJson) -> DatasetJson:
    """Return a data set without what it has about the groups of its pay."""
    kept: Any = {key: part for key, part in data.items() if key not in _OF_GROUPS}
    if "tables" in kept:
        kept["tables"] = [name for name in kept["tables"] if name not in _OF_GROUPS]
    if data["pay"] and "places" in kept:
        own = data["pay"]["source"]
        tables = [each for each in kept["places"]["tables"] if each["source"] != own]
        kept["places"] = {**kept["places"], "tables": tables}
    return kept  # type: ignore[no-any-return]


def _with_places(data: DatasetJson, grouped: Grouped, source: str) -> DatasetJson:
    """Return a data set in which pay by place of the records leads that of others."""
    bundled, old = read_table("places"), Dataset(data).table("places")
    places = old or {**bundled, "tables": []}
    names = bundled["states"] | {
        row[1]: row[0] for table in bundled["tables"] for row in table["rows"]
    }
    year = newest_year(grouped.groups)
    national = {
        group["role"]: ["United States", HOME_COUNTRY, None, group["records"], None]
        + [group[f"p{percent}"] for percent in PLACE_PERCENTILES]
        for group in grouped.groups
        if group["year"] == year and group["country"] == HOME_COUNTRY
        if breakdown(group) == {"country"}
    }
    tables: dict[tuple[str, str], Any] = {}
    for role, level, code, records, amounts in grouped.areas:
        table = tables.setdefault(
            (role, level),
            {"role": role, "level": level, "source": source, "occupation": None,
             "whole": national[role], "rows": []},
        )  # fmt: skip
        state = names[code].rpartition(", ")[2].split("-")[0]
        state = code if level == "state" else state
        table["rows"].append([names[code], code, state, records, None, *amounts])
    kept: Any = {
        **data,
        "tables": [name for name in data.get("tables", []) if name != "places"],
        "places": {**places, "tables": [*tables.values(), *places["tables"]]},
    }
    return kept  # type: ignore[no-any-return]


def _kept_sources(data: DatasetJson, source: Source | None) -> list[Source]:
    """Return the sources to keep: all but that of the pay, unless others cite it."""
    tables = map(Dataset(data).table, TABLES)
    cited = set(cited_sources([{**data, "pay": None}, *tables]))
    old = data["pay"]["source"] if data["pay"] else None
    removed = {old} - cited | ({source["id"]} if source else set())
    return [each for each in data["sources"] if each["id"] not in removed]


def _source(
    groups: list[Group], method: str, taken: set[str], min_records: int
) -> Source:
    numbered = (f"{SOURCE_ID}-{number}" for number in count(2))
    newest = newest_year(groups)
    return {
        "kind": "records",
        "id": next(each for each in chain([SOURCE_ID], numbered) if each not in taken),
        "title": "imported pay records",
        "publisher": None,
        "url": None,
        "licence": None,
        "updated": str(newest) if newest else None,
        "records": None,
        "method": "Grouped by role, year, country, experience and work mode; "
        f"percentiles by linear interpolation between closest ranks. {method}",
        "sha256": [],
        "caveats": [f"Groups of fewer than {min_records} records are omitted."],
    }
