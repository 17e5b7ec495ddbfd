"""Benchmark the import of many pay records: time and memory.

    python benchmarks/import_records.py --records 10000000 --runs 3

The records are synthetic, in Parquet, with two distributions of pay: amounts with
cents, and amounts rounded to 500 dollars. Each record has the title of a role and is
used, which is the worst case; a tenth is of one role and year. The benchmark measures
whole processes of `python -m mlroles import`, with one thread on Linux, in turn with
processes in which DuckDB computes the counts, means and percentiles of the same eight
grouping sets, without titles, notes, confidence intervals or a limit of memory.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from tabulate import tabulate

from mlroles.dataset.dimensions import PERCENTILES

# Values are drawn by one thread from one seed, so that each run has the same records.
RECORDS = """
copy (
    select case when n % 11 = 0 then 2025
           else drawn([2020, 2021, 2022, 2023, 2024, 2025]) end as work_year,
           drawn(['EN', 'MI', 'SE', 'SE', 'EX']) as experience_level,
           'FT' as employment_type,
           case when n % 11 = 0 then $titles[1] else drawn($titles) end as job_title,
           {pay} as salary_in_usd,
           drawn(['US', 'US', 'US', 'CA', 'GB', 'DE', 'IN']) as company_location,
           drawn([0, 0, 50, 100]) as remote_ratio
    from range($records) as numbers(n)
) to '{path}' (format parquet)
"""
DISTRIBUTIONS = {
    "with cents": "40000 + (random() * 30000000)::integer / 100",
    "rounded to 500": "40000 + 500 * (random() * 600)::integer",
}
PLAIN = """
import sys
import duckdb
duckdb.execute(
    "select job_title, work_year, company_location, experience_level, remote_ratio, "
    "count(*), avg(salary_in_usd), quantile_cont(salary_in_usd, $percentiles) "
    "from read_parquet($path) group by job_title, work_year, "
    "cube(company_location, experience_level, remote_ratio)",
    {"path": sys.argv[1], "percentiles": [float(each) for each in sys.argv[2:]]},
).fetchall()
"""
MIB = 2**20
# Linux reports the peak in KiB, macOS in bytes.
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


def main(
    records: Annotated[
        list[int] | None, typer.Option(min=10_000, help="Numbers of records.")
    ] = None,
    runs: Annotated[int, typer.Option(min=1, help="The number of runs.")] = 3,
) -> None:
    """Import synthetic pay records and print the time and memory used."""
    if hasattr(os, "sched_setaffinity"):
        # Child processes inherit it, and DuckDB starts a thread for each processor.
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    table = [
        row
        for count in records or [10_000_000]
        for name, pay in DISTRIBUTIONS.items()
        for row in [(count, name, *measured(count, pay, runs))]
    ]
    print(f"median of {runs} runs, Python {sys.version.split()[0]}\n")
    headings = [
        "Records", "Pay", "Parquet, MiB", "Seconds", "Peak, MiB", "Plain, s", "Ratio",
    ]  # fmt: skip
    formats = ("", "", ",.0f", ".1f", ",.0f", ".1f", ".2f")
    print(tabulate(table, headings, floatfmt=formats, intfmt=","))


def measured(count: int, pay: str, runs: int) -> tuple[float, ...]:
    """Return the MiB of a file, the seconds and the peak MiB of its import.

    And the seconds of plain DuckDB, and how many times as long the import takes.
    """
    with tempfile.TemporaryDirectory(prefix="mlroles-benchmark-") as folder:
        path = Path(folder) / "records.parquet"
        # In a process of its own, since child processes inherit the peak of a parent.
        maker = multiprocessing.get_context("spawn").Process(
            target=make, args=(path, count, pay)
        )
        maker.start()
        maker.join()
        if maker.exitcode:
            raise SystemExit("the records could not be created")
        size = path.stat().st_size / MIB
        output = str(Path(folder) / "data.json")
        importing = ["-m", "mlroles", "import", str(path), "--output", output]
        grouping = ["-c", PLAIN, str(path)]
        grouping += [str(percentile / 100) for percentile in PERCENTILES]
        both = [(run(importing), run(grouping)) for _ in range(runs)]
        seconds, plain = (median(each[at][0] for each in both) for at in (0, 1))
        peak = max(of_import[1] for of_import, _ in both)
    return size, seconds, peak / MIB, plain, seconds / plain


def make(path: Path, records: int, pay: str) -> None:
    """Write synthetic pay records as Parquet."""
    import duckdb

    from mlroles import load

    titles = [role["title"] for role in load().roles]
    quoted = str(path).replace("'", "''")
    duckdb.execute("set threads = 1; set memory_limit = '2GB'")
    duckdb.execute("set preserve_insertion_order = false; select setseed(0.5)")
    duckdb.execute(
        "create macro drawn(choices) as "
        "choices[1 + (random() * 1000000007)::bigint % len(choices)]"
    )
    query = RECORDS.format(path=quoted, pay=pay)
    duckdb.execute(query, {"titles": titles, "records": records})


def run(arguments: list[str]) -> tuple[float, int]:
    """Run Python in a process; return its seconds and its peak memory in bytes."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MLROLES_")}
    command = [sys.executable, *arguments]
    begun = time.perf_counter()
    child = os.posix_spawn(sys.executable, command, environment)
    _, status, usage = os.wait4(child, 0)
    taken = time.perf_counter() - begun
    if os.waitstatus_to_exitcode(status):
        raise SystemExit("a process failed")
    return taken, usage.ru_maxrss * PEAK_UNIT


if __name__ == "__main__":
    typer.run(main)
