"""DuckDB as records are read with it: one file, a few queries, and a way out."""

from __future__ import annotations

import re
import tempfile
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from mlroles.dataset.load import shown
from mlroles.errors import DataError, MlrolesError, reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import duckdb

    # A query and its parameters in, its rows out.
    Run: TypeAlias = Callable[..., list[tuple[Any, ...]]]
    # Takes what is done and what share of it is through, 0 to 1.
    Progress: TypeAlias = Callable[[str, float], None]

_TOLD_EVERY = 0.2  # seconds


def countries() -> dict[str, str]:
    """The names of all countries by their codes, ISO 3166-1 alpha-2.

    Raises:
        MlrolesError: What it takes is not installed.
    """
    known = _extra("pycountry").countries
    return {c.alpha_2: getattr(c, "common_name", c.name) for c in known}


@contextmanager
def queries(path: str, progress: Progress | None) -> Iterator[Run]:
    """What runs queries about a file: `run(query, parameters, doing)`.

    `progress` is told now and then how far a query is, if it says what it is doing.

    Raises:
        DataError: The file cannot be read.
        MlrolesError: DuckDB is not installed.
    """
    duckdb = _extra("duckdb")
    _check_readable(path)
    try:
        # Or what has no room in memory would be spilled into the current folder.
        folder = tempfile.TemporaryDirectory()
    except OSError as error:
        told = f"importing needs a temporary folder: {reason(error)}"
        raise MlrolesError(told) from None
    try:
        with folder as spilled, duckdb.connect() as db:
            db.execute("set temp_directory = $spilled", {"spilled": spilled})
            yield _runner(db, progress)
    except duckdb.Error as error:
        raise DataError(f"cannot read {shown(path)}: {_first(error)}") from None


def _extra(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        raise MlrolesError(
            "importing needs DuckDB and pycountry; install them with: "
            "pip install 'duckdb>=1.3,<3' pycountry"
        ) from None


def _check_readable(path: str) -> None:
    """Check that a path is a file's: DuckDB reads patterns and addresses, too."""
    try:
        with Path(path).open("rb"):
            pass
    except OSError as error:
        raise DataError(f"cannot read {shown(path)}: {reason(error)}") from None


def _first(error: Exception) -> str:
    """What DuckDB says is wrong, without the line itself and without its advice."""
    first, *rest = re.split(r"\n\n|\nPossible", str(error).strip())[0].splitlines()
    return "; ".join([first, *rest[-1:]])


def _runner(db: duckdb.DuckDBPyConnection, progress: Progress | None) -> Run:
    """What runs queries, each in a thread of its own.

    Without one DuckDB would keep an interrupt waiting until the query is through.
    """
    db.execute("set enable_progress_bar = true; set enable_progress_bar_print = false")

    def run(
        query: str, values: object = None, doing: str = ""
    ) -> list[tuple[Any, ...]]:
        with ThreadPoolExecutor(1) as thread:
            rows = thread.submit(lambda: db.execute(query, values).fetchall())
            try:
                while wait([rows], _TOLD_EVERY).not_done:
                    if progress and doing:
                        progress(doing, max(0.0, db.query_progress() / 100))
            except BaseException:
                db.interrupt()
                raise
        return rows.result()

    return run
