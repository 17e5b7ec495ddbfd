"""How long importing made-up pay records takes, and how much memory at most.

Every record has the title of a role and counts, which is the hardest case. What is
measured is `python -m mlroles import` as a whole process, from start to end.
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
_DRAWN = """
create macro drawn(n, what, choices) as
choices[1 + (hash(n, what) % len(choices))::integer]
"""
_RECORDS = """
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
_MIB = 2**20
# What ru_maxrss counts in.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


def main(
    records: Annotated[int, typer.Option(help="How many to import.")] = 10_000_000,
    runs: Annotated[int, typer.Option(help="How often; medians are told.")] = 3,
) -> None:
    """Import made-up pay records, and print the time and the memory it took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.csv"
        # In a process of its own: a child's peak starts from that of its parent.
        spawned = multiprocessing.get_context("spawn")
        maker = spawned.Process(target=make, args=(path, records))
        maker.start()
        maker.join()
        if maker.exitcode:
            sys.exit("the records could not be made")
        measured = [imported(path, Path(folder) / "data.json") for _ in range(runs)]
    seconds, peaks = zip(*measured, strict=True)
    table = {
        "records": [f"{records:,}"],
        "runs": [runs],
        "seconds": [f"{median(seconds):.1f}"],
        "peak memory (MiB)": [f"{median(peaks) / _MIB:,.0f}"],
    }
    print(tabulate(table, headers="keys", disable_numparse=True))


def make(path: Path, records: int) -> None:
    """Write made-up pay records as CSV."""
    import duckdb  # noqa: PLC0415 - only where the records are made

    from mlroles import load  # noqa: PLC0415 - the same

    titles = [role["title"] for role in load()["roles"]]
    quoted = str(path).replace("'", "''")
    duckdb.execute(_DRAWN)
    duckdb.execute(_RECORDS.format(path=quoted), {"titles": titles, "records": records})


def imported(records: Path, output: Path) -> tuple[float, int]:
    """Import records in a process; the seconds and the bytes at most that it took."""
    command = [sys.executable, "-m", "mlroles", "import", str(records)]
    command += ["--output", str(output)]
    start = time.perf_counter()
    child = os.posix_spawn(sys.executable, command, os.environ)
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit("the import failed")
    return time.perf_counter() - start, usage.ru_maxrss * _RSS_UNIT


if __name__ == "__main__":
    typer.run(main)
