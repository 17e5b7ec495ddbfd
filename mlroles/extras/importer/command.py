"""Import files of pay records into a data set, as `mlroles import` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import MIN_RECORDS
from mlroles.dataset.load import STDIN, load
from mlroles.dataset.write import check_output, save, valid_text
from mlroles.errors import UsageError, quoted
from mlroles.extras.importer.pay import import_records, import_result
from mlroles.extras.importer.records import COLUMNS, FULL_TIME, HIGH, LOW
from mlroles.extras.importer.statement import statement
from mlroles.matching import choose

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import DatasetJson
    from mlroles.extras.importer.records import Progress

STDOUT = "-"


def import_files(
    records: list[str],
    output: str | None,
    rename: list[str],
    employment: list[str],
    data_file: str | None,
    *,
    aggregated: bool = False,
    min_records: int = MIN_RECORDS,
    strict: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> tuple[str, list[str]]:
    """Import records and write the new data set, as `mlroles import` does.

    If `aggregated`, the records are a file with the result of a statement.

    Returns:
        What to print on standard output: the data set, if `output` is `-`. And notes on
        the records and on the data set.

    Raises:
        MlrolesError: DuckDB is not installed, or a file cannot be read or written.
        UsageError: A column is missing, or an argument is invalid.
    """
    _check_floor(min_records)
    output = _check_files(records, output, data_file, force=force)
    if aggregated and (rename or employment or strict or len(records) > 1):
        raise UsageError(
            "--aggregated takes one file, without --rename, --employment and --strict, "
            "which apply to records."
        )
    before = load(data_file)
    if aggregated:
        after, notes = import_result(before.content, records[0], min_records)
    else:
        after, notes = import_records(
            before.content,
            records,
            rename=dict(map(_parse_rename, rename)),
            employment=employment or [FULL_TIME],
            strict=strict,
            min_records=min_records,
            progress=progress,
            output=None if output == STDOUT else output,
        )
    if after["currency"] != "USD" and not aggregated:
        notes = [*notes, f"salary_in_usd was read as {after['currency']}"]
    if output == STDOUT:
        return valid_text(after, output), notes
    save(after, output, force=force)
    return "", [*notes, f"wrote {output}: {_summary(before, after)}"]


def _check_files(
    records: list[str], output: str | None, data_file: str | None, *, force: bool
) -> str:
    """Check the files that are named; return the output."""
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


def _check_floor(min_records: int) -> None:
    if min_records < MIN_RECORDS:
        raise UsageError(f"--min-records must be at least {MIN_RECORDS}.")


def print_statement(
    table: str,
    rename: list[str],
    employment: list[str],
    data_file: str | None,
    min_records: int = MIN_RECORDS,
) -> str:
    """Return the statement that `mlroles import --print-sql` prints.

    Raises:
        MlrolesError: pycountry is not installed, or the data set cannot be read.
        UsageError: An argument is invalid.
    """
    _check_floor(min_records)
    pairs = dict(map(_parse_rename, rename))
    for name in (table, *pairs):
        if not name.strip() or not name.isprintable():
            raise UsageError(f"{quoted(name)} is not the name of a table or a column.")
    types = employment or [FULL_TIME]
    return statement(
        load(data_file).content,
        table,
        rename=pairs,
        employment=types,
        min_records=min_records,
    )


def _parse_rename(pair: str) -> tuple[str, str]:
    """Parse HEADER=COLUMN."""
    header, _, column = pair.partition("=")
    if not (header and column):
        raise UsageError(f"{quoted(pair)} is not HEADER=COLUMN.")
    return header, choose(column, [*COLUMNS, LOW, HIGH], "column", argument="rename")


def _summary(before: Dataset, after: DatasetJson) -> str:
    """Describe the new pay section and the one that it replaced."""
    count = len(after["pay"]["groups"]) if after["pay"] else 0
    pay = f"pay of {count} role{'' if count == 1 else 's'}"
    if before.pay is None:
        return pay
    return f"{pay}, replacing {before.source(before.pay['source'])['title']}"
