"""The statement that groups pay records in any SQL engine, and its result.

The template is statement.sql, in SQL that DuckDB, SQLite, PostgreSQL and Spark share.
"""

from __future__ import annotations

import csv
import re
from itertools import product
from typing import TYPE_CHECKING

from mlroles.dataset.bundled import read_text
from mlroles.dataset.dimensions import (
    EXPERIENCE_NAMES,
    EXPERIENCES,
    PERCENTILES,
    WORK_MODES,
)
from mlroles.errors import UsageError, quoted
from mlroles.extras.importer.columns import STANDARD
from mlroles.extras.importer.files import DELIMITERS, read_error, read_small_file
from mlroles.extras.importer.groups import (
    BREAKDOWNS,
    RESULT_COLUMNS,
    is_whole,
    order,
)
from mlroles.extras.importer.places import country_names
from mlroles.extras.importer.reading import MAX_PAY, MIN_PAY
from mlroles.extras.importer.records import Grouped, title_keys
from mlroles.matching import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mlroles.dataset.schema import DatasetJson
    from mlroles.extras.importer.groups import Group
    from mlroles.extras.importer.reading import Settings

_OPTIONAL = {
    "country", "experience", "work_mode",
    "range_low", "range_high", "median_ci_low", "median_ci_high",
}  # fmt: skip
# How engines write an unknown value as CSV.
_UNKNOWN = {"", "null", "none", "\\n"}
# The values of remote_ratio, in the order of WORK_MODES.
_REMOTE_RATIOS = ("0", "50", "100")
_DECIMALS = ("", ".0", ".00")
_WIDTH = 88


def statement(data: DatasetJson, table: str, settings: Settings) -> str:
    """Return a SQL statement that groups the records of a table.

    Its result has the columns RESULT_COLUMNS. The statement runs unchanged on DuckDB,
    SQLite, PostgreSQL and Spark.

    Args:
        data: Job titles are matched with the titles and aliases of its roles.
        table: The table, as the engine writes it.
        settings: The columns of the table, as the engine writes them, the employment
            types, and the fewest records of a group; no others apply. If an end of a
            range is among the columns, the records are ranges.

    Raises:
        UsageError: A name has a quote or a backslash.
    """
    names = {**STANDARD, **settings.mapped}
    is_range = bool({"low", "high"} & {*settings.mapped})
    types = sorted(map(str.upper, settings.employment))
    kind = f"UPPER(TRIM(CAST({names['employment']} AS VARCHAR(100))))"
    employed = "" if "ALL" in types else f"\n    WHERE {_in(kind, types)}"
    modes = zip(WORK_MODES, _REMOTE_RATIOS, strict=True)
    ratios = {
        mode: [name_key(mode), *(ratio + end for end in _DECIMALS)]
        for mode, ratio in modes
    }
    countries = sorted(country_names())
    text = read_text("extras/importer/statement.sql")
    return text.format(
        table=table,
        min_records=settings.min_records,
        work_year=names["year"],
        company_location=names["country"],
        low=names["low" if is_range else "pay"],
        high=names["high" if is_range else "pay"],
        title_key=_key(names["title"]),
        level_key=_key(names["level"]),
        mode_key=_key(names["work_mode"]),
        employed=employed,
        role=_case("title_key", _by_value(title_keys(data))),
        country=f"CASE WHEN {_in('country_code', countries)} THEN country_code END",
        experience=_case("level_key", _by_value(EXPERIENCE_NAMES)),
        work_mode=_case("mode_key", ratios),
        parts=" UNION ALL SELECT 2 UNION ALL SELECT 3" if is_range else "",
        min_cents=100 * MIN_PAY,
        max_cents=100 * MAX_PAY,
        groupings=_groupings(),
        bounds=",\n           ".join(map(_bounds, PERCENTILES)),
        points=",\n           ".join(map(_point, PERCENTILES)),
        figures=",\n       ".join(
            _figure(*figure)
            for figure in (
                *((1, f"p{each}", f"p{each}") for each in PERCENTILES),
                (2, "p50", "range_low"),
                (3, "p50", "range_high"),
                (1, "median_ci_low", "median_ci_low"),
                (1, "median_ci_high", "median_ci_high"),
            )
        ),
    )


def _key(column: str) -> str:
    """Return the SQL for `matching.name_key`."""
    key = f"LOWER(CAST({column} AS VARCHAR(200)))"
    for separator in " -_":
        key = f"REPLACE({key}, '{separator}', '')"
    return key


def _by_value(names: Mapping[str, str]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in names.items():
        grouped.setdefault(value, []).append(name)
    return grouped


def _case(column: str, names: Mapping[str, list[str]]) -> str:
    """Return the SQL for the value that a column names, NULL if it names none."""
    lines = [
        f"WHEN {_in(column, keys)} THEN {_literal(value)}"
        for value, keys in names.items()
    ]
    return "\n                ".join(["CASE", *lines, "END"])


def _in(column: str, texts: Iterable[str]) -> str:
    lines = [" " * 19]
    for text in texts:
        literal = f" {_literal(text)},"
        if len(lines[-1] + literal) > _WIDTH:
            lines.append(" " * 19)
        lines[-1] += literal
    return f"{column} IN (\n" + "\n".join(lines).rstrip(",") + ")"


def _literal(text: str) -> str:
    """Return a text as every engine reads it; all texts in the statement are from here.

    Raises:
        UsageError: It has a quote or a backslash. Some engines read the latter as an
            escape, so that what follows would no longer be text.
    """
    if "'" in text or "\\" in text or not text.isprintable():
        raise UsageError(
            f"{quoted(text)} has a quote or a backslash, which SQL engines read "
            "differently. Remove it from the data set."
        )
    return f"'{text}'"


def _groupings() -> str:
    rows = [
        f"SELECT {country} AS by_country, {experience} AS by_experience, "
        f"{mode} AS by_work_mode"
        for country, experience, mode in product((0, 1), repeat=len(BREAKDOWNS))
    ]
    return "\n    UNION ALL ".join(rows)


def _bounds(percentile: int) -> str:
    rank = f"{percentile} * (total - 1)"
    return (
        f"MIN(CASE WHEN 100 * upto > {rank} THEN amount END) AS lo{percentile},\n"
        f"           MIN(CASE WHEN 100 * (upto - 1) >= {rank} THEN amount END) "
        f"AS hi{percentile}"
    )


def _point(percentile: int) -> str:
    above = f"MOD({percentile} * (records - 1), 100)"
    return (
        f"lo{percentile} * (100 - {above})\n"
        f"               + hi{percentile} * {above} + 10000 AS p{percentile}"
    )


def _figure(part: int, point: str, name: str) -> str:
    rounded = f"({point} - MOD({point}, 20000)) / 20000"
    return (
        f"CAST(MAX(CASE WHEN part = {part} THEN {rounded} END)\n"
        f"            AS BIGINT) AS {name}"
    )


def read_result(data: DatasetJson, path: str, min_records: int) -> Grouped:
    """Return the groups in a CSV file with the result of a statement.

    Groups of fewer than `min_records` are omitted.

    Raises:
        DataError: The file cannot be read, or a value is invalid.
        UsageError: A column is missing.
    """
    header, *rows = _read_csv(path) or [[]]
    keys = list(map(name_key, header))
    missing = [name for name in RESULT_COLUMNS if name_key(name) not in keys]
    if missing:
        raise UsageError(
            f"{path} is not the result of the statement: it has no column "
            f"{', '.join(missing)}. Save the result as CSV with a header."
        )
    choices = {
        "role": {role["id"] for role in data["roles"]},
        "country": {*country_names()},
        "experience": {*EXPERIENCES},
        "work_mode": {*WORK_MODES},
    }
    groups = []
    for number, row in enumerate(rows, 1):
        try:
            groups.append(_parse_group(keys, row, choices))
        except ValueError as error:
            raise read_error(path, f"record {number}: {error}") from None
    kept = (group for group in groups if group["records"] >= min_records)
    groups = sorted(kept, key=order)
    used = sum(group["records"] for group in filter(is_whole, groups))
    summary = f"{len(groups):,} pay groups of {used:,} records"
    return Grouped(groups, used, summary, [], [])


def _read_csv(path: str) -> list[list[str]]:
    invalid = "not a valid CSV file"
    lines = read_small_file(path, invalid)
    delimiter = max(DELIMITERS, key=lines.readline().count)
    lines.seek(0)
    try:
        return [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        raise read_error(path, invalid) from None


def _parse_group(
    keys: list[str], row: list[str], choices: Mapping[str, set[str]]
) -> Group:
    """Parse the values of a group; ValueError if one is invalid."""
    if len(row) < len(keys):
        raise ValueError("fewer values than the header")
    values = dict(zip(keys, map(str.strip, row), strict=False))
    parsed: Group = {}
    for name in RESULT_COLUMNS:
        text = values[name_key(name)]
        if text.lower() in _UNKNOWN:
            if name not in _OPTIONAL:
                raise ValueError(f"{name} is missing")
            parsed[name] = None
        elif name in choices:
            if text not in choices[name]:
                raise ValueError(f"unknown {name} {text!r}")
            parsed[name] = text
        elif re.fullmatch(r"[0-9]{1,15}([.]0*)?", text):
            parsed[name] = int(text.partition(".")[0])
        else:
            raise ValueError(f"{name} is not a whole number: {text!r}")
    return parsed
