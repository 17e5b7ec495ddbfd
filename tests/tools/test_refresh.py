from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlroles.importer.records import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.dataset.schema import Dataset

ROOT = Path(__file__).parents[2]
SURVEY = [
    ["2025", "SE", "FT", "Data Scientist", str(100_000 + 1_000 * n), "US", "0"]
    for n in range(11)
]
OTHERS = [
    ["2025", "SE", "CT", "Data Scientist", "1", "US", "0"],
    ["2025", "SE", "FT", "Gardener", "1", "US", "0"],
]
# As in the files of the sources, where some figures are empty.
FILINGS = [
    ["role", "metro", "cbsa", "state", "filings", "p25", "median", "p75"],
    ["Data Analyst", "Tyler, TX", "46340", "TX", "9", "60000", "70000", "80000"],
    ["Data Analyst", "Akron, OH", "10420", "OH", "12", "61000", "71000", "81000"],
    ["Data Analyst", "", "", "US", "1234", "62000", "72000", "82000"],
    ["MLOps Engineer", "Akron, OH", "10420", "OH", "8", "90000", "95000", "99000"],
]
METROS = [
    ["role", "soc", "metro", "cbsa", "state", "employment", "p10", "p25", "median",
     "p75", "p90"],
    ["Data Scientist", "15-2051", "Akron, OH", "10420", "OH", "", "40000", "50000",
     "60000", "70000", ""],
    ["Data Scientist", "15-2051", "", "", "US", "5000", "41000", "51000", "61000",
     "71000", "81000"],
]  # fmt: skip
STATES = [
    ["role", "soc", "state", "employment", "p10", "p25", "median", "p75", "p90"],
    ["Data Scientist", "15-2051", "TX", "300", "42000", "52000", "62000", "72000",
     "82000"],
    ["Data Scientist", "15-2051", "OH", "", "", "50000", "60000", "70000", ""],
]  # fmt: skip
CODE = "Data Scientists (15-2051)"
WHOLE = ["United States", "US", None, None, 5000, 41000, 51000, 61000, 71000, 81000]
TABLES: list[dict[str, Any]] = [
    {
        "role": "data-scientist",
        "level": "metro",
        "source": "oews-may-2025",
        "occupation": CODE,
        "whole": WHOLE,
        "rows": [
            ["Akron, OH", "10420", "OH", None, None, 40000, 50000, 60000, 70000, None]
        ],
    },
    {
        "role": "data-scientist",
        "level": "state",
        "source": "oews-may-2025",
        "occupation": CODE,
        "whole": WHOLE,
        "rows": [
            ["Ohio", "OH", "OH", None, None, None, 50000, 60000, 70000, None],
            ["Texas", "TX", "TX", None, 300, 42000, 52000, 62000, 72000, 82000],
        ],
    },
    {
        "role": "data-analyst",
        "level": "metro",
        "source": "lca-fy2025",
        "occupation": None,
        "whole": [
            *["United States", "US", None, 1234, None],
            *[None, 62000, 72000, 82000, None],
        ],
        "rows": [
            ["Akron, OH", "10420", "OH", 12, None, None, 61000, 71000, 81000, None],
            ["Tyler, TX", "46340", "TX", 9, None, None, 60000, 70000, 80000, None],
        ],
    },
    {
        "role": "mlops-engineer",
        "level": "metro",
        "source": "lca-fy2025",
        "occupation": None,
        "whole": None,
        "rows": [
            ["Akron, OH", "10420", "OH", 8, None, None, 90000, 95000, 99000, None]
        ],
    },
]
PERCENTILES = [
    *[100500, 101000, 102000, 102500, 103000, 104000, 105000],
    *[106000, 107000, 107500, 108000, 109000, 109500],
]


class Refresh:
    """Runs the tool on small files and a copy of the bundled data set."""

    def __init__(self, folder: Path) -> None:
        self.output = folder / "data.json"
        self.output.write_bytes((ROOT / "mlroles" / "data.json").read_bytes())
        self._folder = folder
        self._options = ["--output", str(self.output)]
        for name, table in {
            "survey": [list(COLUMNS), *SURVEY, *OTHERS],
            "filings": FILINGS,
            "metros": METROS,
            "states": STATES,
        }.items():
            self._options += [f"--{name}", self.put(name, table)]

    def put(self, name: str, table: Sequence[Sequence[str]]) -> str:
        """Write an input file and return its path."""
        path = self._folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(table)
        return str(path)

    def __call__(self) -> list[str]:
        """Run the tool and return the lines that it prints."""
        result = subprocess.run(
            [sys.executable, ROOT / "tools" / "refresh_data.py", *self._options],
            check=False,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert (result.returncode, result.stderr) == (0, "")
        return result.stdout.splitlines()

    def data(self) -> Any:
        return json.loads(self.output.read_bytes())


@pytest.fixture
def refresh(tmp_path: Path) -> Refresh:
    return Refresh(tmp_path)


def test_survey_and_places_are_built_from_the_files(
    refresh: Refresh, bundled: Dataset
) -> None:
    refresh()
    data = refresh.data()
    assert bundled["survey"]
    assert bundled["places"]
    assert data["survey"] == {
        **bundled["survey"],
        "cells": {
            "data-scientist": [
                [2025, country, level, mode, 11, 105_000, *PERCENTILES]
                for country in (None, "US")
                for level in (None, "senior")
                for mode in (None, "on-site")
            ]
        },
    }
    assert data["places"] == {**bundled["places"], "tables": TABLES}
    assert data["countries"] == {"US": "United States"}


def test_everything_else_is_kept_except_record_counts(
    refresh: Refresh, bundled: Dataset
) -> None:
    refresh()
    data = refresh.data()
    built = {"survey", "places", "countries", "sources"}
    assert {key: data[key] for key in data.keys() - built} == {
        key: value for key, value in bundled.items() if key not in built
    }
    counts = {"aijobs-salary-index": 11, "lca-fy2025": 1234}
    assert data["sources"] == [
        {**source, "records": counts.get(source["id"], source["records"])}
        for source in bundled["sources"]
    ]


def test_records_changes_and_the_output_file_are_printed(
    refresh: Refresh, bundled: Dataset
) -> None:
    read, *changes, written = refresh()
    assert read == (
        "13 records read, 11 used, 2 skipped: "
        "1 other employment type, 1 other job title"
    )
    assert written == f"wrote {refresh.output}"
    assert bundled["survey"]
    groups = bundled["survey"]["cells"]
    before = len(groups["data-scientist"])
    scientist, *rest = [line for line in changes if line.startswith("data-scientist:")]
    assert scientist.startswith("data-scientist: pay groups: 0 added, ")
    assert scientist.endswith(f" {before - 8} removed, 8 changed, 8 in total")
    assert len(rest) == 1
    analysts = len(groups["data-analyst"])
    assert (
        f"data-analyst: pay groups: 0 added, {analysts} removed, 0 changed, 0 in total"
        in changes
    )
    assert bundled["places"]
    tables = {table["role"]: table for table in bundled["places"]["tables"]}
    codes = {row[1] for row in tables["data-analyst"]["rows"]} | {"US"}
    # Akron and the national row have new figures; Tyler is new.
    assert codes & {"10420", "46340"} == {"10420"}
    assert (
        f"data-analyst: places: 1 added, {len(codes) - 2} removed, 2 changed, "
        "3 in total" in changes
    )
    assert (
        "mlops-engineer: places: 1 added, 0 removed, 0 changed, 1 in total" in changes
    )
    roles = [role["id"] for role in bundled["roles"]]
    order = [(" places: " in line, roles.index(line.split(":")[0])) for line in changes]
    assert order == sorted(order)


def test_second_run_on_the_same_files_changes_nothing(refresh: Refresh) -> None:
    first = refresh()
    content = refresh.output.read_bytes()
    assert refresh() == [first[0], "no changes"]
    assert refresh.output.read_bytes() == content


def test_only_changed_roles_are_listed(refresh: Refresh) -> None:
    refresh()
    higher = [[*row[:-1], "83000"] if row[2] == "TX" else row for row in STATES]
    refresh.put("states", higher)
    read, changed, written = refresh()
    assert (
        changed == "data-scientist: places: 0 added, 0 removed, 1 changed, 5 in total"
    )
    assert (read.split(",")[0], written) == (
        "13 records read",
        f"wrote {refresh.output}",
    )
    tables = refresh.data()["places"]["tables"]
    assert tables[1]["rows"][1] == [*TABLES[1]["rows"][1][:-1], 83000]
