"""Import files of pay records into a data set, as `mlroles import` does."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import MIN_RECORDS
from mlroles.dataset.load import STDIN, load
from mlroles.dataset.write import (
    check_output,
    check_target,
    save,
    valid_text,
    write_file,
)
from mlroles.errors import Argument, DataError, UsageError, quoted
from mlroles.extras.importer import values as read
from mlroles.extras.importer.columns import COLUMNS, CONSTANTS, STANDARD_CURRENCY
from mlroles.extras.importer.files import find_files, read_error, read_small_file
from mlroles.extras.importer.pay import import_result, refusal, with_records
from mlroles.extras.importer.places import country_names
from mlroles.extras.importer.reading import Settings
from mlroles.extras.importer.records import group_records
from mlroles.extras.importer.report import report_text, unmatched_csv
from mlroles.extras.importer.statement import statement
from mlroles.matching import check_length, choose, country_codes, find_country, name_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import DatasetJson
    from mlroles.extras.importer.database import Progress

STDOUT = "-"
TITLES = ("inside", "exact")
# Columns that the statement reads; the others have words or units.
_STATEMENT = ("title", "pay", "low", "high", "year", "level", "country", "work_mode",
              "employment")  # fmt: skip


def settings_of(
    mapped: list[str],
    constants: list[str],
    data_file: str | None = None,
    titles: str = TITLES[0],
    **others: Any,
) -> Settings:
    """Return what the options of `mlroles import` say about files.

    Args:
        mapped: COLUMN=HEADER, each column once.
        constants: COLUMN=VALUE, each column once.
        data_file: The data set whose roles a file of titles names.
        titles: Whether titles contain roles (`inside`), or are exactly those (`exact`),
            or a CSV file with the roles of further titles.
        others: The other attributes of `Settings`.

    Raises:
        DataError: The file of titles cannot be read, or a role is unknown.
        UsageError: An option is invalid.
    """
    headers = _parse_pairs(mapped, "map", "HEADER", COLUMNS)
    given = _parse_pairs(constants, "set", "VALUE", CONSTANTS)
    if both := sorted({*headers} & {*given}):
        text = f"{both[0]} has both a header and a value. Remove "
        raise UsageError(text, Argument("map"), " or ", Argument("set"), ".")
    settings = Settings(
        headers,
        {column: _constant(column, value) for column, value in given.items()},
        titles={} if titles in TITLES else read_titles(load(data_file), titles),
        exact_titles=titles == TITLES[1],
        **others,
    )
    check_length(settings.sheet or "", "sheet")
    if settings.min_records < MIN_RECORDS:
        raise UsageError(f"--min-records must be at least {MIN_RECORDS}.")
    return settings


def _constant(column: str, value: str) -> str:
    """Return the value of a column that is the same for all records.

    Raises:
        UsageError: It is not a value of that column.
    """
    if column == "country":
        names = country_names()
        return find_country(names, country_codes(names), value) or ""
    known: dict[str, tuple[Callable[[str], object], str]] = {
        "year": (read.find_year, ", such as 2025"),
        "level": (read.find_level, ": entry, mid, senior, executive"),
        "work_mode": (read.find_mode, ": on-site, hybrid, remote"),
        "employment": (read.find_employment, ""),
        "status": (read.find_status, ", such as active"),
        "period": (read.find_period, f": {', '.join(read.PERIODS)}"),
        "unit": (read.find_unit, ": thousands, millions, lakhs, crores"),
        "currency": (read.find_currency, ", such as EUR"),
        "decimal": ({"comma": 1, "point": 1}.get, ": comma, point"),
    }
    find, examples = known[column]
    if find(value) is None:
        text = f"{quoted(value)} is not a {column.replace('_', ' ')}"
        raise UsageError(f"{text}{examples}.", argument="set")
    return value


def read_titles(data: Dataset, path: str) -> dict[str, str]:
    """Return the ids of roles by the titles of a CSV file (see `matching.name_key`).

    It has the columns `title` and `role`, as the one that --unmatched writes; titles
    without a role are ignored.

    Raises:
        DataError: It cannot be read, or a role is unknown.
    """
    found = {}
    invalid = "not a CSV file with the columns title, role"
    rows = csv.DictReader(read_small_file(path, invalid))
    try:
        for row in rows:
            if role := (row["role"] or "").strip():
                found[name_key(row["title"])] = data.role(role)["id"]
    except (KeyError, csv.Error):
        raise read_error(path, invalid) from None
    except UsageError as error:
        raise read_error(path, f"line {rows.line_num}: {error}") from None
    return found


def import_files(
    records: list[str],
    output: str | None,
    settings: Settings,
    data_file: str | None,
    *,
    aggregated: bool = False,
    force: bool = False,
    dry_run: bool = False,
    unmatched: str | None = None,
    progress: Progress | None = None,
) -> tuple[str, list[str], DataError | None]:
    """Import records and write the new data set, as `mlroles import` does.

    If `aggregated`, the records are a file with the result of a statement. A dry run
    writes nothing. `unmatched` is a file for the titles of no role.

    Returns:
        What to print on standard output: the data set, if `output` is `-`, or what the
        records are understood as, if it is a dry run; notes on the records and on the
        data set; and the error that the import would end with, if it is a dry run.

    Raises:
        MlrolesError: DuckDB is not installed, or a file cannot be read or written.
        UsageError: A column is missing, or an argument is invalid.
    """
    output = _check_files(records, output, data_file, force=force, dry_run=dry_run)
    floor = Settings(min_records=settings.min_records)
    if aggregated and (settings != floor or dry_run or unmatched or len(records) > 1):
        raise UsageError(
            "--aggregated takes one file, and only --output, --min-records, --data and "
            "--force: the other options apply to records."
        )
    before = load(data_file)
    if aggregated:
        after, notes = import_result(before.content, records[0], floor.min_records)
        return _written(before, after, notes, output, force=force)
    if unmatched is not None:
        check_target(unmatched, "a list of titles", _is_list, force=force)
    _check_written(records, output, unmatched)
    grouped = group_records(before.content, records, settings, progress)
    if unmatched is not None:
        write_file(unmatched, unmatched_csv(grouped))
    if dry_run:
        text = report_text(before.content, grouped)
        return text, grouped.notes, refusal(grouped, settings)
    after = with_records(before.content, grouped, settings)
    notes = [grouped.summary, *grouped.skipped, *grouped.notes]
    currencies = {each.columns.implied.get("currency") for each in grouped.files}
    if after["currency"] != "USD" and STANDARD_CURRENCY in currencies:
        notes.append(f"salary_in_usd was read as {after['currency']}")
    return _written(before, after, notes, output, force=force)


def _check_written(records: list[str], output: str, unmatched: str | None) -> None:
    """Check that what is written replaces no records, and not one the other."""
    kept = set(map(Path.resolve, map(Path, find_files(records))))
    for name, file in (("output", output), ("unmatched", unmatched)):
        if file is None or file == STDOUT:
            continue
        if Path(file).resolve() in kept:
            raise UsageError(Argument(name), " must be no other file of the import.")
        kept.add(Path(file).resolve())


def _is_list(path: str) -> bool:
    """Return whether a file was written by --unmatched."""
    with Path(path).open("rb") as file:
        return file.readline(20) == b"title,role,records\n"


def _written(
    before: Dataset, after: DatasetJson, notes: list[str], output: str, *, force: bool
) -> tuple[str, list[str], None]:
    if output == STDOUT:
        return valid_text(after, output), notes, None
    save(after, output, force=force)
    count = len(after["pay"]["groups"]) if after["pay"] else 0
    note = f"wrote {output}: pay of {count} role{'' if count == 1 else 's'}"
    if before.pay:
        note += f", replacing {before.source(before.pay['source'])['title']}"
    return "", [*notes, note], None


def _check_files(
    records: list[str],
    output: str | None,
    data_file: str | None,
    *,
    force: bool,
    dry_run: bool,
) -> str:
    """Check the files that are named; return the output."""
    if dry_run and output is None:
        output = STDOUT
    if not records:
        raise UsageError("RECORDS is missing. Name one or more files.")
    if output is None:
        raise UsageError("--output is missing. Name a file, or - for standard output.")
    if not output:
        raise UsageError("--output must be the name of a file, or -.")
    if STDIN in records and data_file == STDIN:
        raise UsageError("RECORDS and --data cannot both be standard input.")
    if output != STDOUT:
        check_output(output, force=force)
    return output


def print_statement(table: str, settings: Settings, data_file: str | None) -> str:
    """Return the statement that `mlroles import --print-sql` prints.

    Raises:
        MlrolesError: pycountry is not installed, or the data set cannot be read.
        UsageError: An argument is invalid.
    """
    applied = Settings(
        settings.mapped,
        employment=settings.employment,
        min_records=settings.min_records,
    )
    if {*settings.mapped} - {*_STATEMENT} or settings != applied:
        raise UsageError(
            f"--print-sql takes only --map of {', '.join(_STATEMENT)}. A constant is "
            "an expression there: --map year=2025."
        )
    for name in (table, *settings.mapped.values()):
        if not name.strip() or not name.isprintable():
            raise UsageError(f"{quoted(name)} is not the name of a table or a column.")
    return statement(load(data_file).content, table, settings)


def _parse_pairs(
    pairs: list[str], option: str, what: str, columns: tuple[str, ...]
) -> dict[str, str]:
    """Parse COLUMN=HEADER or COLUMN=VALUE, each column once."""
    parsed: dict[str, str] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        if not (name and value.strip()):
            message = f"{quoted(pair)} is not COLUMN={what}."
            raise UsageError(message, argument=option)
        column = choose(name, columns, "column", argument=option)
        if column in parsed:
            text = f"{column} is given twice, as {quoted(parsed[column])} and "
            raise UsageError(text, f"{quoted(value)}.", argument=option)
        parsed[column] = value
    return parsed
