"""Run a statement in several SQL engines, and return its result as CSV."""

from __future__ import annotations

import csv
import io
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from tests.conftest import FULL

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBERS = ("work_year", "remote_ratio")


def column_types(headers: Sequence[str]) -> dict[str, str]:
    """Return the types of columns, as PostgreSQL names them."""
    return {
        name: "integer"
        if name in _NUMBERS
        else "decimal(18, 2)"
        if name.startswith("salary")
        else "varchar(100)"
        for name in headers
    }


def run_duckdb(statement: str, path: Path, types: dict[str, str]) -> str:
    """Run a statement on a table `records` with the records of a CSV file."""
    with duckdb.connect() as db:
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
        source = f"read_csv('{path}', header=true, columns={{{columns}}})"
        db.execute(f"create table records as from {source}")
        cursor = db.execute(statement)
        names = [column[0] for column in cursor.description or ()]
        return _to_csv(names, cursor.fetchall())


def run_sqlite(statement: str, path: Path, types: dict[str, str]) -> str:
    """As `run_duckdb`."""
    db = sqlite3.connect(":memory:")
    columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
    db.execute(f"create table records ({columns})")
    with path.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    values = ", ".join("?" * len(types))
    # An empty value of a number is unknown.
    cells = [[cell or None for cell in row] for row in rows]
    db.executemany(f"insert into records values ({values})", cells)  # noqa: S608
    cursor = db.execute(statement)
    text = _to_csv([column[0] for column in cursor.description], cursor.fetchall())
    db.close()
    return text


def _to_csv(names: list[str], rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([names, *rows])
    return text.getvalue()


def run_postgresql(statement: str, path: Path, types: dict[str, str]) -> str:
    """As `run_duckdb`, in a server of its own."""
    _require_full_test()
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    programs = os.pathsep.join([*map(str, reversed(homes)), os.environ["PATH"]])
    if not shutil.which("pg_ctl", path=programs):
        pytest.skip("requires PostgreSQL")
    environment = {**os.environ, "PATH": programs, "LC_ALL": "C"}

    def execute(*command: str, text: str = "") -> str:
        # The server refuses to run as the superuser.
        done = subprocess.run(
            command,
            input=text,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=folder,
            user="nobody" if os.getuid() == 0 else None,
        )
        return done.stdout

    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:
        # A socket has a short name, in a folder that the user of the server may write.
        Path(folder).chmod(0o777)
        data = f"{folder}/data"
        execute("initdb", "-D", data, "-A", "trust", "-U", "tester", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        log = f"{folder}/log"
        execute("pg_ctl", "-D", data, "-o", options, "-l", log, "-w", "start")
        try:
            psql = ["psql", "-h", folder, "-U", "tester", "-q", "-d", "postgres"]
            psql += ["-v", "ON_ERROR_STOP=1"]
            columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
            execute(*psql, "-c", f"create table records ({columns})")
            copy = "copy records from stdin (format csv, header)"
            execute(*psql, "-c", copy, text=path.read_text(encoding="utf-8"))
            query = f"copy ({statement}) to stdout (format csv, header)"
            return execute(*psql, text=f"{query};\n")
        finally:
            execute("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _require_full_test() -> None:
    if not FULL:
        pytest.skip("requires CI_FULL=1")


_SPARK = """
import csv, sys
from pyspark.sql import SparkSession
path, columns = sys.argv[1:]
settings = SparkSession.builder.master("local[1]").config("spark.ui.enabled", False)
session = settings.config("spark.sql.shuffle.partitions", 1).getOrCreate()
frame = session.read.csv(path, schema=columns, header=True)
frame.createOrReplaceTempView("records")
result = session.sql(sys.stdin.read())
csv.writer(sys.stdout).writerows([result.columns, *result.collect()])
"""


def run_spark(statement: str, path: Path, types: dict[str, str]) -> str:
    """As `run_duckdb`, in a process of its own."""
    _require_full_test()
    pytest.importorskip("pyspark", reason="requires PySpark")
    if not shutil.which("java"):
        pytest.skip("requires Java")
    columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
    # Spark has this type in expressions only.
    columns = columns.replace("varchar(100)", "string")
    return subprocess.run(
        [sys.executable, "-c", _SPARK, str(path), columns],
        input=statement,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=300,
    ).stdout


ENGINES = {
    "duckdb": run_duckdb,
    "sqlite": run_sqlite,
    "postgresql": run_postgresql,
    "spark": run_spark,
}
