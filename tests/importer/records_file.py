"""Build files of pay records, and import them."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import duckdb

from mlroles.dataset.dimensions import PAY_COLUMNS
from mlroles.dataset.load import load
from mlroles.extras.importer.columns import STANDARD
from tests.conftest import TINY, run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mlroles.dataset.schema import DatasetJson
    from tests.conftest import Result

Record: TypeAlias = tuple[str, ...]

DATASET = load(TINY).content
PAY, LOW, HIGH = (STANDARD[column] for column in ("pay", "low", "high"))
COLUMNS = (
    "work_year", "experience_level", "employment_type", "job_title",
    PAY, "company_location", "remote_ratio",
)  # fmt: skip
# The end of a note on identical records, which many tests are made of.
REPEATED = (
    "are identical to another one. They may be of different people: no column "
    "identifies these"
)
# The headers of records that state a range, whose high end is the last value.
RANGE_HEADERS = (*(LOW if name == PAY else name for name in COLUMNS), HIGH)
DEFAULTS = dict(
    zip(COLUMNS, ("2024", "SE", "FT", "Gardener", "50000", "DE", "0"), strict=True)
)


def record(**values: str) -> Record:
    """Return a record with some values other than the defaults."""
    return tuple({**DEFAULTS, **values}.values())


def range_record(low: object, high: object, **values: str) -> Record:
    """Return a record that states a range, with some values other than the defaults."""
    return (*record(salary_in_usd=str(low), **values), str(high))


def repeat(count: int, **values: str) -> list[Record]:
    """Return a number of equal records."""
    return [record(**values)] * count


def varied_records(headers: Sequence[str]) -> list[Record]:
    """Return records of several roles and years, with unknown values."""
    return [
        (*row, f"{60_000 + 100 * n}.01") if headers is RANGE_HEADERS else row
        for n in range(2000)
        for row in [
            record(
                work_year=str(2020 + n % 3),
                job_title=("Gardener", "florist", "Cook")[n % 7 % 3],
                salary_in_usd=f"{40_000 + 7919 * n % 19_000}.{n % 100:02}",
                company_location=("DE", "US", "FR", "?")[n % 5 % 4],
                experience_level=("SE", "EN", "")[n % 11 % 3],
                remote_ratio=("0", "100", "50", "")[n % 13 % 4],
            )
        ]
    ]


def write_csv(
    path: Path, records: Iterable[Sequence[object]], headers: Sequence[str] = COLUMNS
) -> str:
    """Write records to a CSV file and return its path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, *records])
    return str(path)


def convert_to_parquet(path: str, types: dict[str, str]) -> str:
    """Convert a CSV file to Parquet, with columns of some types."""
    parquet = str(Path(path).with_suffix(".parquet"))
    columns = ", ".join(f"{name}::{kind} as {name}" for name, kind in types.items())
    source = f"read_csv('{path}', all_varchar=true, hive_partitioning=false)"
    select = f"select {columns} from {source}"  # noqa: S608 - no foreign input
    duckdb.execute(f"copy ({select}) to '{parquet}' (format parquet)")
    return parquet


def pay_groups(data: DatasetJson, role: str = "gardener") -> list[dict[str, Any]]:
    """Return the pay groups of a role, by column."""
    assert data["pay"]
    groups = data["pay"]["groups"].get(role, [])
    return [dict(zip(PAY_COLUMNS, group, strict=True)) for group in groups]


def run_import(records: str, *options: str, output: Path) -> Result:
    """Run the import command on the tiny data set."""
    return run("import", records, "-o", str(output), "--data", str(TINY), *options)


def import_pay(records: str, *options: str, output: Path) -> Any:
    """Run the import command, which must succeed, and return the new pay section."""
    result = run_import(records, *options, output=output)
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    return json.loads(output.read_text(encoding="utf-8"))["pay"]


def run_pipeline(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of bash, in which `mlroles` is the command."""
    environment = {
        **os.environ,
        "PYTHON": sys.executable,
        "PYTHONPATH": str(TINY.parents[1]),
        "TMPDIR": str(folder / "temporary"),
    }
    (folder / "temporary").mkdir(exist_ok=True)
    script = f'mlroles() {{ "$PYTHON" -m mlroles "$@"; }}; {line}'
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
