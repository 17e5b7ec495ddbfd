"""The command `import`: what its options mean, and what it says as it runs."""

from __future__ import annotations

import sys

from mlroles.dataset import STDIN, chosen_path, load
from mlroles.errors import UsageError
from mlroles.importer import import_records
from mlroles.records import FULL_TIME
from mlroles.terminal import tell
from mlroles.writing import check_target, save


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
    if output == STDIN:
        raise UsageError("--output takes the name of a file")
    if not force:
        check_target(output)
    pairs = [pair.partition("=") for pair in rename]
    for theirs, equals, ours in pairs:
        if not (theirs and equals and ours):
            raise UsageError(f"{theirs + equals + ours!r} is not THEIRS=OURS")
    on_terminal = sys.stderr is not None and sys.stderr.isatty()
    data = import_records(
        load(chosen_path(data_file)),
        records,
        rename={theirs: ours for theirs, _, ours in pairs},
        employment=employment or [FULL_TIME],
        notify=tell,
        progress=_show if on_terminal else None,
    )
    save(data, output, force=force)


def _show(share: float) -> None:
    sys.stderr.write(f"\rreading records: {share:4.0%}\r")
    sys.stderr.flush()
