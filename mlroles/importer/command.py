"""The command `import`: what its options mean, and what it says as it runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mlroles.cli.console import tell
from mlroles.dataset.load import STDIN, chosen_path, load
from mlroles.dataset.write import check_output, save
from mlroles.errors import UsageError
from mlroles.importer.pay import import_records
from mlroles.importer.records import COLUMNS, FULL_TIME
from mlroles.matching import one_of

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset

# That of the line which tells how far it is.
_WIDTH = 30


def run(
    records: str,
    output: str,
    rename: list[str],
    employment: list[str],
    data_file: str | None,
    *,
    force: bool,
) -> None:
    """Import records into a data set and write it.

    Raises:
        MlrolesError: DuckDB is missing, or a file cannot be read or written.
        UsageError: A column is missing or a renaming is not THEIRS=OURS.
    """
    for name, file in (("RECORDS", records), ("--output", output)):
        if file in {"", STDIN}:
            raise UsageError(f"{name} takes the name of a file")
    check_output(output, force=force)
    if Path(output).resolve() == Path(records).resolve():
        raise UsageError("--output would take the place of the records")
    renamed = dict(map(_renaming, rename))
    before = load(chosen_path(data_file))
    shown = sys.stderr is not None and sys.stderr.isatty()
    try:
        data = import_records(
            before,
            records,
            rename=renamed,
            employment=employment or [FULL_TIME],
            notify=_tell_alone if shown else tell,
            progress=_show if shown else None,
        )
    finally:
        if shown:
            _clear()
    if data["currency"] != "USD":
        tell(f"salary_in_usd counts as {data['currency']}, the data set's currency")
    save(data, output, force=force)
    tell(f"wrote {output}: {_changed(before, data)}")


def _renaming(pair: str) -> tuple[str, str]:
    """What the records call a column, and what it is here, of THEIRS=OURS."""
    theirs, _, ours = pair.partition("=")
    if not (theirs and ours):
        raise UsageError(f"{pair!r} is not THEIRS=OURS")
    return theirs, one_of(ours, COLUMNS, "column of ours")


def _changed(before: Dataset, after: Dataset) -> str:
    """In words, what the survey is now and what it took the place of."""
    cells = after["survey"]["cells"] if after["survey"] else {}
    roles = f"{len(cells)} role{'s' if len(cells) > 1 else ''}"
    if before["survey"] is None:
        return f"now with pay of {roles}"
    titles = {source["id"]: source["title"] for source in before["sources"]}
    return f"pay of {roles}, in place of {titles[before['survey']['source']]}"


def _show(doing: str, share: float) -> None:
    sys.stderr.write(f"\r{doing}: {share:4.0%}".ljust(_WIDTH))
    sys.stderr.flush()


def _clear() -> None:
    sys.stderr.write(f"\r{' ' * _WIDTH}\r")
    sys.stderr.flush()


def _tell_alone(message: str) -> None:
    """Say something on a line that the progress may have begun."""
    _clear()
    tell(message)
