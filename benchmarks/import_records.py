"""Benchmark the import of many pay records: time and memory.

    python benchmarks/import_records.py --records 10000000 --runs 3

The records are synthetic. Each has the title of a role and is used, which is the worst
case. The benchmark measures whole processes of `python -m mlroles import`.
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

# Values are chosen by a hash, so that each run has the same records.
DRAWN = """
create macro drawn(n, what, choices) as
choices[1 + (hash(n, what) % len(choices))::integer]
"""
RECORDS = """
copy (
    select drawn(n, 'year', [2020, 2021, 2022, 2023, 2024, 2025]) as work_year,
           drawn(n, 'experience', ['EN', 'MI', 'SE', 'SE', 'EX']) as experience_level,
           'FT' as employment_type,
           drawn(n, 'title', $titles) as job_title,
           40000 + (hash(n, 'pay') % 30000000)::integer / 100 as salary_in_usd,
           drawn(n, 'country', ['US', 'US', 'US', 'CA', 'GB', 'DE', 'IN'])
               as company_location,
           drawn(n, 'remote', [0, 0, 50, 100]) as remote_ratio
    from range($records) as numbers(n)
) to '{path}' (format csv, header)
"""
MIB = 2**20
# Linux reports the peak in KiB, macOS in bytes.
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


def main(
    records: Annotated[
        int, typer.Option(min=10_000, help="The number of records.")
    ] = 10_000_000,
    runs: Annotated[int, typer.Option(min=1, help="The number of runs.")] = 3,
) -> None:
    """Import synthetic pay records and print the time and memory used."""
    with tempfile.TemporaryDirectory(prefix="mlroles-import-") as folder:
        path = Path(folder) / "records.csv"
        # In a process of its own, since child processes inherit the peak of a parent.
        maker = multiprocessing.get_context("spawn").Process(
            target=make, args=(path, records)
        )
        maker.start()
        maker.join()
        if maker.exitcode:
            raise SystemExit("the records could not be created")
        size = path.stat().st_size / MIB
        measured = [imported(path, Path(folder) / "data.json") for _ in range(runs)]
    seconds, peaks = zip(*measured, strict=True)
    print(f"{runs} runs, Python {sys.version.split()[0]}\n")
    headings = ["Records", "CSV, MiB", "Median, s", "Peak, MiB"]
    row = [records, size, median(seconds), max(peaks) / MIB]
    print(tabulate([row], headings, floatfmt=("", ",.0f", ".1f", ",.0f"), intfmt=","))


def make(path: Path, records: int) -> None:
    """Write synthetic pay records as CSV."""
    import duckdb

    from mlroles import load

    titles = [role["title"] for role in load()["roles"]]
    quoted = str(path).replace("'", "''")
    duckdb.execute(DRAWN)
    duckdb.execute(RECORDS.format(path=quoted), {"titles": titles, "records": records})


def imported(records: Path, output: Path) -> tuple[float, int]:
    """Import records in a process; return its seconds and its peak memory in bytes."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MLROLES_")}
    command = [sys.executable, "-m", "mlroles", "import", str(records)]
    command += ["--output", str(output)]
    begun = time.perf_counter()
    child = os.posix_spawn(sys.executable, command, environment)
    _, status, usage = os.wait4(child, 0)
    taken = time.perf_counter() - begun
    if os.waitstatus_to_exitcode(status):
        raise SystemExit("the import failed")
    return taken, usage.ru_maxrss * PEAK_UNIT


if __name__ == "__main__":
    typer.run(main)
