"""The statement for any SQL engine, and the import of its result."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from mlroles.extras.importer.groups import RESULT_COLUMNS
from mlroles.extras.importer.pay import import_records
from tests.conftest import FULL, TINY, run
from tests.importer.engines import ENGINES, column_types, run_duckdb
from tests.importer.records_file import (
    COLUMNS,
    DATASET,
    HIGH,
    LOW,
    RANGE_HEADERS,
    pay_groups,
    record,
    repeat,
    varied_records,
    write_csv,
)
from tests.importer.reference import median_rank

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RANGES = ("--map", f"low={LOW}", "--map", f"high={HIGH}")


def print_sql(*options: str) -> str:
    result = run("import", "--print-sql", "--data", str(TINY), *options)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def import_result(path: Path, *options: str) -> Any:
    arguments = ("--aggregated", "-o", "-", "--data", str(TINY), *options)
    return run("import", str(path), *arguments)


def rows_of(text: str) -> list[dict[str, int | str | None]]:
    """Return the rows of a result, in an order of their own."""
    rows = [
        {
            name: int(cell) if cell.isdigit() else cell or None
            for name, cell in row.items()
        }
        for row in csv.DictReader(io.StringIO(text))
    ]
    return sorted(rows, key=lambda row: [str(row[name]) for name in RESULT_COLUMNS[:5]])


def local_rows(path: str, **options: Any) -> list[dict[str, int | str | None]]:
    pay: Any = import_records(DATASET, path, **options)[0]["pay"]
    rows = [
        dict(zip(RESULT_COLUMNS, (role, *group), strict=True))
        for role, groups in pay["groups"].items()
        for group in groups
    ]
    return sorted(rows, key=lambda row: [str(row[name]) for name in RESULT_COLUMNS[:5]])


@pytest.mark.parametrize("headers", [COLUMNS, RANGE_HEADERS], ids=["single", "ranges"])
@pytest.mark.parametrize("engine", ENGINES)
def test_engines_give_the_pay_of_the_import(
    engine: str, headers: Sequence[str], tmp_path: Path
) -> None:
    path = tmp_path / "pay.csv"
    write_csv(path, varied_records(headers), headers)
    options = RANGES if headers is RANGE_HEADERS else ()
    text = ENGINES[engine](print_sql(*options), path, column_types(headers))
    found = rows_of(text)
    assert len(found) > 150
    assert found == local_rows(str(path))


def test_median_has_the_interval_of_the_binomial_distribution(tmp_path: Path) -> None:
    # Each number of records is that of one year; amounts are in the order of ranks.
    sizes = [*range(10, 260, 1 if FULL else 6), 1_000, 10_000]
    records = [
        record(work_year=str(1900 + year), salary_in_usd=str(10_000 + rank))
        for year, size in enumerate(sizes)
        for rank in range(1, size + 1)
    ]
    path = write_csv(tmp_path / "pay.csv", records)
    text = run_duckdb(print_sql(), tmp_path / "pay.csv", column_types(COLUMNS))
    assert rows_of(text) == local_rows(path)
    ends = {
        group["records"]: (group["median_ci_low"], group["median_ci_high"])
        for group in pay_groups(import_records(DATASET, path)[0])
    }
    ranks = {size: median_rank(size) for size in sizes}
    assert (ranks[10], ranks[100], ranks[1_000]) == (2, 40, 469)
    assert ends == {
        size: (10_000 + rank, 10_000 + size + 1 - rank) for size, rank in ranks.items()
    }


@pytest.mark.compat
def test_result_is_imported(tmp_path: Path) -> None:
    path, result = tmp_path / "pay.csv", tmp_path / "result.csv"
    write_csv(path, varied_records(RANGE_HEADERS), RANGE_HEADERS)
    text = run_duckdb(print_sql(*RANGES[2:]), path, column_types(RANGE_HEADERS))
    result.write_text(text, encoding="utf-8")
    imported = import_result(result)
    assert imported.exit_code == 0, imported.stderr
    expected = import_records(DATASET, str(path))[0]
    data = json.loads(imported.stdout)
    assert data["pay"] == expected["pay"]
    assert data["countries"] == expected["countries"]
    source = data["sources"][-1]
    groups = [each for of_role in data["pay"]["groups"].values() for each in of_role]
    whole = sum(group[4] for group in groups if group[1:4] == [None] * 3)
    assert source["records"] == whole
    assert source["method"].endswith("Grouped where the records are.")
    assert imported.stderr == f"note: {len(groups)} pay groups of {whole:,} records\n"


def test_options_apply_to_the_statement(tmp_path: Path) -> None:
    names = ["Title" if name == "job_title" else name for name in COLUMNS]
    path = tmp_path / "pay.csv"
    kinds = (("FT", 10), ("full time", 11), ("CT", 12))
    rows = [row for kind, n in kinds for row in repeat(n, employment_type=kind)]
    write_csv(path, rows, names)
    options = ("--table", "main.records", "--map", "title=Title")

    def counted(*employment: str) -> int:
        types = [part for each in employment for part in ("--employment", each)]
        statement = print_sql(*options, *types)
        assert "FROM main.records" in statement
        return int(
            rows_of(run_duckdb(statement, path, column_types(names)))[0]["records"] or 0
        )

    assert counted() == 10
    assert counted("ft", "Full Time") == 21
    assert counted("all") == 33


def test_floor_applies_to_the_statement_and_its_result(tmp_path: Path) -> None:
    path, result = tmp_path / "pay.csv", tmp_path / "result.csv"
    write_csv(path, [*repeat(12), *repeat(13, job_title="Florist")])
    types = column_types(COLUMNS)
    whole, part = (
        run_duckdb(print_sql("--min-records", floor), path, types)
        for floor in ("10", "13")
    )
    assert {row["role"] for row in rows_of(whole)} == {"gardener", "florist"}
    assert {row["role"] for row in rows_of(part)} == {"florist"}
    result.write_text(whole, encoding="utf-8")
    imported = json.loads(import_result(result, "--min-records", "13").stdout)
    assert set(imported["pay"]["groups"]) == {"florist"}


@pytest.mark.parametrize("name", ["gardener's mate", "x\\", "\\' OR 1=1 --"])
def test_names_that_engines_read_differently_are_refused(
    name: str, tiny: Any, saved: Any
) -> None:
    tiny["roles"][0]["aliases"].append(name)
    path = saved(tiny)
    assert run("validate", path).exit_code == 0
    result = run("import", "--print-sql", "--data", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "has a quote or a backslash, which " in result.stderr


def test_texts_in_the_statement_have_no_escapes() -> None:
    text = print_sql("--employment", "CT")
    assert "\\" not in text
    # Comments come first.
    assert not re.search("''[^,)]", text.partition("WITH")[2].replace("'', ''", ""))
    refused = run("import", "--print-sql", "--employment", "x' OR 1=1 --")
    assert (refused.exit_code, refused.stdout) == (2, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pay.csv", "--print-sql"], "--print-sql takes no RECORDS"),
        (["--print-sql", "-o", "x.json"], "--print-sql takes no RECORDS"),
        (["--print-sql", "--aggregated"], "--print-sql takes no RECORDS"),
        (["--print-sql", "--table", ""], "'' is not the name of a table or a column."),
        (
            ["--print-sql", "--map", "title=a\nb"],
            "'a\\nb' is not the name of a table or a column.",
        ),
        (["-o", "x.json"], "RECORDS is missing."),
        (["pay.csv"], "--output is missing."),
        (["a.csv", "b.csv", "--aggregated", "-o", "-"], "--aggregated takes one file"),
        (["a.csv", "--aggregated", "--strict", "-o", "-"], "--aggregated takes one"),
    ],
)
def test_invalid_arguments_are_reported(arguments: list[str], message: str) -> None:
    result = run("import", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: {message}")
    assert result.stderr.count("\n") == 1


# Results as files

VALID = dict.fromkeys(RESULT_COLUMNS, "50000") | {
    "role": "gardener", "year": "2024", "country": "DE", "experience": "senior",
    "work_mode": "", "records": "10", "range_low": "", "range_high": "NULL",
}  # fmt: skip


def result_of(*rows: dict[str, str], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([RESULT_COLUMNS, *(row.values() for row in rows)])
    return text.getvalue()


def write_result(path: Path, *rows: dict[str, str]) -> Path:
    path.write_text(result_of(*rows), encoding="utf-8", newline="")
    return path


def test_results_are_read_as_engines_write_them(tmp_path: Path) -> None:
    plain = import_result(write_result(tmp_path / "a.csv", VALID))
    assert plain.exit_code == 0, plain.stderr
    assert json.loads(plain.stdout)["pay"]["groups"]["gardener"][0] == [
        2024, "DE", "senior", None, 10, *[50_000] * 14, None, None,
        50_000, 50_000,
    ]  # fmt: skip
    texts = VALID | {"records": "10.0", "work_mode": "\\N", "mean": "50000.00"}
    header, *lines = result_of(texts, delimiter="\t").splitlines()
    other = tmp_path / "b.csv"
    other.write_text("\n".join([header.upper(), *lines, ""]), encoding="utf-8-sig")
    assert import_result(other) == plain


def test_results_may_omit_the_interval_of_the_median(tmp_path: Path) -> None:
    row = VALID | {"median_ci_low": "", "median_ci_high": "NULL"}
    found = import_result(write_result(tmp_path / "a.csv", row))
    group = json.loads(found.stdout)["pay"]["groups"]["gardener"][0]
    assert group[-2:] == [None, None]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"role": "cook"}, "unknown role 'cook'"),
        ({"role": ""}, "role is missing"),
        ({"country": "XX"}, "unknown country 'XX'"),
        ({"experience": "SE"}, "unknown experience 'SE'"),
        ({"work_mode": "0"}, "unknown work_mode '0'"),
        ({"p50": "1.5"}, "p50 is not a whole number: '1.5'"),
        ({"year": ""}, "year is missing"),
        ({"mean": "-1"}, "mean is not a whole number: '-1'"),
    ],
)
def test_invalid_results_are_reported(
    values: dict[str, str], problem: str, tmp_path: Path
) -> None:
    path = write_result(tmp_path / "a.csv", VALID, VALID | values)
    result = import_result(path)
    assert result == (1, "", f"error: cannot read {path}: record 2: {problem}\n")


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"", 2, "{path} is not the result of the statement: it has no column role"),
        (b"role,year\n", 2, "{path} is not the result of the statement: it has no col"),
        (b"\xff\n", 1, "cannot read {path}: not a valid CSV file"),
        (b"x" * 2**18, 1, "cannot read {path}: not a valid CSV file\n"),
        (b"x" * (2**20 + 1), 1, "cannot read {path}: larger than 1 MiB\n"),
        (None, 1, "cannot read {path}: no such file or directory\n"),
        (result_of({"a": "a"}).encode(), 1, "cannot read {path}: record 1: fewer va"),
        (result_of(VALID | {"records": "9"}).encode(), 1,
         "{path} has no pay groups of 10 records\n"),
        (result_of(VALID, VALID).encode(), 1, "-: not written: "),
    ],
)  # fmt: skip
def test_files_that_are_no_results_are_reported(
    content: bytes | None,
    code: int,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mlroles.extras.importer.files.SIZE_LIMIT", 2**20)
    path = tmp_path / "a.csv"
    if content is not None:
        path.write_bytes(content)
    result = import_result(path)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith(f"error: {message.format(path=path)}")


def test_unknown_values_are_not_broken_down(tmp_path: Path) -> None:
    path = tmp_path / "pay.csv"
    write_csv(path, [record(company_location="??", remote_ratio="1")] * 10)
    found = rows_of(run_duckdb(print_sql(), path, column_types(COLUMNS)))
    assert found == local_rows(str(path))
    assert {row["country"] for row in found} == {None}
