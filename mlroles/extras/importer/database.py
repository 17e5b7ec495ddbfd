"""The database of an import: its temporary folder, its limits, and its progress."""

from __future__ import annotations

import shutil
import stat
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from mlroles.dataset.bundled import read_text
from mlroles.dataset.write import ended_by_signals
from mlroles.errors import MlrolesError, reason
from mlroles.extras.importer import import_extra
from mlroles.extras.importer.files import lacks_space

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor

    import duckdb

    # Takes a query, its parameters, the name of a step, and between which shares of
    # the step it is; returns its rows.
    Run: TypeAlias = Callable[..., list[tuple[Any, ...]]]
    # Takes the name of a step and its share, from 0 to 1.
    Progress: TypeAlias = Callable[[str, float], None]

SQL = dict(
    part.split("\n", 1)
    for part in read_text("extras/importer/records.sql").split("-- name: ")[1:]
)
_PROGRESS_INTERVAL = 0.2  # seconds
# DuckDB keeps to this limit by writing to temporary files, except for the amounts that
# percentiles are computed from: 10 million ranges of one role and year use most of it.
_MEMORY_LIMIT = "1500MB"
_DAY = 86_400  # seconds


@contextmanager
def temporary_folder() -> Iterator[str]:
    """Yield a folder that is removed at the end, or at a signal to end."""
    with ended_by_signals():
        try:
            folder = tempfile.TemporaryDirectory(prefix="mlroles-", suffix=".import")
        except OSError as error:
            message = f"import requires a temporary folder: {reason(error)}"
            raise MlrolesError(message) from None
        with folder as path:
            _remove_abandoned(Path(path))
            yield path


def _remove_abandoned(own: Path) -> None:
    """Remove the folders of imports that were killed more than a day ago."""
    user = own.stat().st_uid
    for folder in own.parent.glob("mlroles-????????.import"):
        # Another import may remove it at the same time.
        with suppress(OSError):
            found = folder.lstat()
            is_old = found.st_mtime < time.time() - _DAY
            if stat.S_ISDIR(found.st_mode) and found.st_uid == user and is_old:
                shutil.rmtree(folder)


@contextmanager
def open_database(folder: str, progress: Progress | None) -> Iterator[Run]:
    """Yield a function that runs queries, with progress."""
    duckdb = import_extra("duckdb")
    try:
        with duckdb.connect() as db, ThreadPoolExecutor(1) as thread:
            # By default, DuckDB would spill into the current folder.
            db.execute("set temp_directory = $spill", {"spill": folder})
            db.execute(f"set memory_limit = '{_MEMORY_LIMIT}'")
            db.execute("set preserve_insertion_order = false")
            yield _runner(db, thread, progress)
    except (duckdb.Error, OSError) as error:
        if not lacks_space(error):
            raise
        raise MlrolesError(
            "not enough memory or temporary disk space for the import"
        ) from None


def _runner(
    db: duckdb.DuckDBPyConnection, thread: Executor, progress: Progress | None
) -> Run:
    """Return a function that runs each query in another thread.

    In the main thread, DuckDB would delay an interrupt until the query ends.
    """
    db.execute("set enable_progress_bar = true; set enable_progress_bar_print = false")

    def run(
        query: str,
        values: object = None,
        description: str = "",
        span: tuple[float, float] = (0.0, 1.0),
    ) -> list[tuple[Any, ...]]:
        start, end = span
        rows = thread.submit(lambda: db.execute(query, values).fetchall())
        try:
            while wait([rows], _PROGRESS_INTERVAL).not_done:
                if progress and description:
                    share = min(max(0.0, db.query_progress() / 100), 1.0)
                    progress(description, start + share * (end - start))
        except BaseException:
            db.interrupt()
            raise
        return rows.result()

    return run
