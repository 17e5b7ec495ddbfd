"""Names and values of files of pay records run nothing in DuckDB."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.conftest import TINY, run
from tests.importer.records_file import COLUMNS, record, repeat, write_csv

if TYPE_CHECKING:
    from pathlib import Path

# What would write a file if it were a part of a statement.
_WRITES = "copy (select 1) to 'pwned'"
TEXTS = [
    f"'; {_WRITES}; --", f'"; {_WRITES}; --', f"'); {_WRITES}; --",
    f"$$; {_WRITES}; --",
    f"\\'; {_WRITES}; --", f"*/ ; {_WRITES}; /*", f"{{{_WRITES}}}", "%s ? $1 {0} {x}",
    "[a-z]*", "x\u2019'\"", "(select content from read_text('pwned'))",
]  # fmt: skip


def imported(tmp_path: Path, *arguments: str) -> int:
    """Run an import, which must run nothing else; return its exit code."""
    output = tmp_path / "new.json"
    output.unlink(missing_ok=True)
    result = run(
        "import", *arguments, "-o", str(output), "--data", str(TINY), "--force"
    )
    assert result.exit_code in {0, 1, 2}, result.stderr
    assert output.exists() == (result.exit_code == 0)
    assert list(tmp_path.rglob("pwned")) == []
    return result.exit_code


@pytest.mark.parametrize("text", TEXTS)
def test_names_run_nothing(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = text.replace("/", "")
    (tmp_path / name).mkdir()
    path = write_csv(tmp_path / name / f"{name}.csv", repeat(10))
    assert imported(tmp_path, path) == 0
    headers = [f"{header} {text}" for header in COLUMNS]
    rows = [{text: dict(zip(headers, each, strict=True))} for each in repeat(10)]
    other = tmp_path / name / f"{name}.json"
    other.write_text(json.dumps(rows), encoding="utf-8")
    mapped = ("year", "level", "employment", "title", "pay")
    columns = zip(mapped, headers, strict=False)
    maps = [f"--map={column}={text}.{header}" for column, header in columns]
    assert imported(tmp_path, str(other), *maps) == 0
    for option in ("country", "level", "year", "currency", "employment"):
        imported(tmp_path, path, "--set", f"{option}={text}")
    for option in ("--encoding", "--sheet", "--employment", "--titles", "--table"):
        imported(tmp_path, path, option, text)


def test_values_run_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    hostile = [record(**{column: text}) for column in COLUMNS for text in TEXTS]
    path = write_csv(tmp_path / "pay.csv", [*repeat(10), *hostile])
    assert imported(tmp_path, path) == 0
    assert imported(tmp_path, path, "--unmatched", str(tmp_path / "titles.csv")) == 0
