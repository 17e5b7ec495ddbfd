"""Import files of pay records into a data set, as `mlroles import` does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mlroles.dataset.load import STDIN, load
from mlroles.dataset.write import check_output, save, valid_text
from mlroles.errors import UsageError
from mlroles.importer.files import find_files
from mlroles.importer.pay import import_records
from mlroles.importer.records import COLUMNS, FULL_TIME, HIGH, LOW
from mlroles.matching import choose

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset
    from mlroles.importer.records import Progress

STDOUT = "-"


def import_files(
    records: list[str],
    output: str,
    rename: list[str],
    employment: list[str],
    data_file: str | None,
    *,
    strict: bool,
    force: bool,
    progress: Progress | None,
) -> tuple[str, list[str]]:
    """Import records and write the new data set, as `mlroles import` does.

    Returns:
        What to print on standard output: the data set, if `output` is `-`. And notes on
        the records and on the data set.

    Raises:
        MlrolesError: DuckDB is not installed, or a file cannot be read or written.
        UsageError: A column is missing, or an argument is invalid.
    """
    if not output:
        raise UsageError("--output must be the name of a file, or -.")
    if STDIN in records and data_file == STDIN:
        raise UsageError("RECORDS and --data cannot both be standard input.")
    if output != STDOUT:
        check_output(output, force=force)
        if Path(output).resolve() in map(Path.resolve, map(Path, find_files(records))):
            raise UsageError("--output must not be a file of records.")
    before = load(data_file)
    after, notes = import_records(
        before,
        records,
        rename=dict(map(_parse_rename, rename)),
        employment=employment or [FULL_TIME],
        strict=strict,
        progress=progress,
    )
    if after["currency"] != "USD":
        notes = [*notes, f"salary_in_usd was read as {after['currency']}"]
    if output == STDOUT:
        return valid_text(after, output), notes
    save(after, output, force=force)
    return "", [*notes, f"wrote {output}: {_summary(before, after)}"]


def _parse_rename(pair: str) -> tuple[str, str]:
    """Parse HEADER=COLUMN."""
    header, _, column = pair.partition("=")
    if not (header and column):
        raise UsageError(f"{pair!r} is not HEADER=COLUMN.")
    return header, choose(column, [*COLUMNS, LOW, HIGH], "column")


def _summary(before: Dataset, after: Dataset) -> str:
    """Describe the new pay section and the one that it replaced."""
    count = len(after["pay"]["groups"]) if after["pay"] else 0
    pay = f"pay of {count} role{'' if count == 1 else 's'}"
    if before["pay"] is None:
        return pay
    titles = {source["id"]: source["title"] for source in before["sources"]}
    return f"{pay}, replacing {titles[before['pay']['source']]}"
