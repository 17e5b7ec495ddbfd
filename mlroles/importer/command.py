"""Import a file of pay records into a data set, as `mlroles import` does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mlroles.dataset.load import STDIN, load
from mlroles.dataset.write import check_output, save
from mlroles.errors import UsageError
from mlroles.importer.pay import import_records
from mlroles.importer.records import COLUMNS, FULL_TIME, HIGH, LOW
from mlroles.matching import choose

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset
    from mlroles.importer.records import Progress


def import_file(
    records: str,
    output: str,
    rename: list[str],
    employment: list[str],
    data_file: str | None,
    *,
    force: bool,
    progress: Progress | None,
) -> list[str]:
    """Import records and write the new data set, as `mlroles import` does.

    Returns:
        Notes on the records and on the data set that was written.

    Raises:
        MlrolesError: DuckDB is not installed, or a file cannot be read or written.
        UsageError: A column is missing, or an argument is invalid.
    """
    for name, file in (("RECORDS", records), ("--output", output)):
        if file in {"", STDIN}:
            raise UsageError(f"{name} must be the name of a file.")
    check_output(output, force=force)
    if Path(output).resolve() == Path(records).resolve():
        raise UsageError("--output must not be the file of records.")
    before = load(data_file)
    after, notes = import_records(
        before,
        records,
        rename=dict(map(_parse_rename, rename)),
        employment=employment or [FULL_TIME],
        progress=progress,
    )
    if after["currency"] != "USD":
        notes = [*notes, f"salary_in_usd was read as {after['currency']}"]
    save(after, output, force=force)
    return [*notes, f"wrote {output}: {_summary(before, after)}"]


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
