"""Benchmark large data sets: time and memory by the number of roles.

    python benchmarks/scale.py --rounds 5 --sizes 10 --sizes 1000

The command gets synthetic data sets with `--data`, so each run reads, validates and
answers. Python's own `json.load` of the same file is the lower bound of any reader.
The column "Validation" is the share of a run that validation takes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Annotated, Any, NamedTuple

import typer
from tabulate import tabulate

from mlroles.dataset.dimensions import PAY_COLUMNS, PERCENTILES, PLACE_COLUMNS

SIZES = [10, 1_000, 100_000]
YEARS = (2023, 2024)
SIMILAR = 3
PLACES_EVERY, PLACES = 100, 20
MIB = 2**20
# Linux reports the peak in KiB, macOS in bytes.
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024

OWN = {
    "compare": ("compare", "--limit", "10", "--json"),
    "salary": ("salary", "--json"),
    "locations": ("locations", "--limit", "10", "--json"),
}
JSON_LOAD = "import json, sys; json.load(open(sys.argv[1], encoding='utf-8'))"
# A process inherits the peak memory of the one that starts it, so a small process
# starts the one that is measured.
LAUNCHER = """\
import os, sys, time
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
begun = time.perf_counter()
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(process, 0)
print(time.perf_counter() - begun, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
# The command, which also prints the seconds that validation takes.
TIMED = """\
import sys, time
from mlroles.dataset import schema
from mlroles.__main__ import main
validation_errors = schema.validation_errors
def timed(data):
    begun = time.perf_counter()
    found = validation_errors(data)
    print(time.perf_counter() - begun, file=sys.stderr)
    return found
schema.validation_errors = timed
main()
"""


class Run(NamedTuple):
    """The seconds that a process took, and its peak memory in bytes."""

    seconds: float
    peak: int


def main(
    sizes: Annotated[
        list[int], typer.Option(min=SIMILAR + 1, help="A number of roles. Repeatable.")
    ] = SIZES,
    rounds: Annotated[int, typer.Option(min=1, help="The number of rounds.")] = 5,
) -> None:
    """Time the command on data sets of several sizes."""
    rows: list[list[Any]] = []
    with tempfile.TemporaryDirectory(prefix="mlroles-scale-") as folder:
        for size in sizes:
            path = Path(folder) / f"{size}.json"
            text = json.dumps(data_set(size), separators=(",", ":"))
            path.write_text(text, encoding="utf-8")
            rows += measured(path, size, rounds)
    print(f"{rounds} rounds, Python {sys.version.split()[0]}\n")
    headings = [
        "Roles", "MiB", "What", "Median, s", "x json.load", "Validation", "Peak, MiB",
    ]  # fmt: skip
    formats = (",.0f", ".2f", "", ".3f", ".2f", ".0%", ".0f")
    print(tabulate(rows, headings, floatfmt=formats, intfmt=","))


def measured(path: Path, size: int, rounds: int) -> list[list[Any]]:
    """Return the rows of a size; the commands run in turn."""
    python = sys.executable
    given = {name: [*words, "--data", str(path)] for name, words in OWN.items()}
    lines = {"json.load": [python, "-c", JSON_LOAD, str(path)]}
    lines |= {name: [python, "-m", "mlroles", *words] for name, words in given.items()}
    runs: dict[str, list[Run]] = {name: [] for name in lines}
    shares = []
    for _ in range(rounds):
        for name, line in lines.items():
            runs[name].append(run(line))
        shares.append(validation_share([python, "-c", TIMED, *given["compare"]]))
    least = median(one.seconds for one in runs["json.load"])
    rows: list[list[Any]] = []
    for name, those in runs.items():
        taken = median(one.seconds for one in those)
        peak = max(one.peak for one in those) / MIB
        share = median(shares) if name == "compare" else None
        file_size = path.stat().st_size / MIB
        rows.append([size, file_size, name, taken, taken / least, share, peak])
    return rows


def run(line: list[str]) -> Run:
    """Run a command line to its end."""
    launched = [sys.executable, "-S", "-c", LAUNCHER, *line]
    taken, peak = output(launched, subprocess.PIPE, None).split()
    return Run(float(taken), int(peak) * PEAK_UNIT)


def validation_share(line: list[str]) -> float:
    """Return the share of a run that validation takes."""
    begun = time.perf_counter()
    validation = output(line, subprocess.DEVNULL, subprocess.PIPE).split()[-1]
    return float(validation) / (time.perf_counter() - begun)


def output(line: list[str], stdout: int, stderr: int | None) -> str:
    """Run a command line and return its output."""
    done = subprocess.run(
        line,
        check=True,
        env={k: v for k, v in os.environ.items() if not k.startswith("MLROLES_")},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        text=True,
    )
    return done.stdout or done.stderr


def data_set(size: int) -> dict[str, Any]:
    """Return a valid data set. Its default role is the last: the worst case."""
    ids = [f"role-{number}" for number in range(size)]
    return {
        "schema_version": 1,
        "default_role": ids[-1],
        "currency": "USD",
        "period": "year",
        "sources": [source()],
        "countries": {"CA": "Canada", "US": "United States"},
        "roles": [role(ids, number) for number in range(size)],
        "pay": {
            "source": "synthetic",
            "columns": list(PAY_COLUMNS),
            "groups": {name: pay_groups(number) for number, name in enumerate(ids)},
        },
        "places": {
            "columns": list(PLACE_COLUMNS),
            "states": {"TX": "Texas"},
            "tables": [places(name) for name in ids[::-PLACES_EVERY]],
        },
    }


def source() -> dict[str, Any]:
    """Return the only source of the figures."""
    return {
        "id": "synthetic",
        "kind": "records",
        "title": "synthetic figures",
        "publisher": None,
        "url": None,
        "licence": None,
        "updated": "2024-12-31",
        "records": None,
        "method": "Generated.",
        "caveats": ["Not real."],
        "sha256": [],
    }


def role(ids: list[str], number: int) -> dict[str, Any]:
    """Return a role whose similar roles are spread over the data set."""
    origin = {"region": "US", "updated": "2024-12", "source": "synthetic"}
    step = len(ids) // (SIMILAR + 1)
    return {
        "id": ids[number],
        "title": f"Worker {number}",
        "aliases": [f"w{number}"],
        "description": f"Work of kind {number}.",
        "duties": ["Work."],
        "collaborators": [],
        "skills": ["patience"],
        "applications": [],
        "salary": {"average": 40_000 + number % 50_000, "reports": 20, **origin},
        "openings": {"count": number % 977, **origin},
        "faq": [],
        "similar": [
            ids[(number + turn * step) % len(ids)] for turn in range(1, SIMILAR + 1)
        ],
    }


def pay_groups(number: int) -> list[list[Any]]:
    """Return the pay groups of a role, one per year."""
    amounts = [20_000 + number % 50_000 + 100 * place for place in PERCENTILES]
    ends = [amounts[0], amounts[-1]]
    return [
        [year, "US", None, None, 10 + number % 90, amounts[6], *amounts, *ends]
        for year in YEARS
    ]


def places(role_id: str) -> dict[str, Any]:
    """Return the pay of a role by metro area."""
    whole = pay_of_place("United States", "US", 0)
    towns = [pay_of_place(f"Town {town}, TX", "TX", town) for town in range(PLACES)]
    return {
        "role": role_id,
        "level": "metro",
        "source": "synthetic",
        "occupation": None,
        "whole": whole,
        "rows": towns,
    }


def pay_of_place(name: str, state: str, number: int) -> list[Any]:
    """Return a place without the percentiles that only some sources give."""
    amounts = [None, *(less + number for less in (30_000, 40_000, 50_000)), None]
    return [name, f"{10_000 + number}", state, 20 + number, None, *amounts]


if __name__ == "__main__":
    typer.run(main)
