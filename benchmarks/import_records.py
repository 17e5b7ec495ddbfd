"""What importing pay records costs: time and memory for many of them.

    python benchmarks/import_records.py --records 10000000 --runs 3

The records are made up; each has the title of a role and counts, which is the
hardest case. What is measured is `python -m mlroles import` as a whole process.
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

# A hash draws, so that each run has the same records.
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
# Linux counts the peak in KiB, macOS in bytes.
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


def main(
    records: Annotated[
        int, typer.Option(min=10_000, help="How many to import.")
    ] = 10_000_000,
    runs: Annotated[int, typer.Option(min=1, help="How often.")] = 3,
) -> None:
    """Import made-up pay records, and print the time and the memory it took."""
    with tempfile.TemporaryDirectory(prefix="mlroles-import-") as folder:
        path = Path(folder) / "records.csv"
        # In a process of its own: a child's peak is no lower than its parent's was.
        maker = multiprocessing.get_context("spawn").Process(
            target=make, args=(path, records)
        )
        maker.start()
        maker.join()
        if maker.exitcode:
            raise SystemExit("the records could not be made")
        size = path.stat().st_size / MIB
        measured = [imported(path, Path(folder) / "data.json") for _ in range(runs)]
    seconds, peaks = zip(*measured, strict=True)
    print(f"{runs} runs, Python {sys.version.split()[0]}\n")
    headings = ["Records", "CSV, MiB", "Median, s", "Peak, MiB"]
    row = [records, size, median(seconds), max(peaks) / MIB]
    print(tabulate([row], headings, floatfmt=("", ",.0f", ".1f", ",.0f"), intfmt=","))


def make(path: Path, records: int) -> None:
    """Write made-up pay records as CSV."""
    import duckdb

    from mlroles import load

    titles = [role["title"] for role in load()["roles"]]
    quoted = str(path).replace("'", "''")
    duckdb.execute(DRAWN)
    duckdb.execute(RECORDS.format(path=quoted), {"titles": titles, "records": records})


def imported(records: Path, output: Path) -> tuple[float, int]:
    """Import records in a process; the seconds and the bytes at most that it took."""
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
