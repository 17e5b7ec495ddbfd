from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING

import duckdb
import pytest

from mlroles.cli.console import Console
from mlroles.errors import DataError
from mlroles.extras.importer.command import import_files
from mlroles.extras.importer.pay import import_records
from mlroles.extras.importer.reading import Settings
from tests.conftest import TINY, Terminal, run
from tests.importer.records_file import (
    COLUMNS,
    DATASET,
    DEFAULTS,
    RANGE_HEADERS,
    REPEATED,
    import_pay,
    range_record,
    record,
    repeat,
    run_import,
    run_pipeline,
    write_csv,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.importer.records_file import Record

XTERM = {"TERM": "xterm"}


# Notes


@pytest.mark.compat
def test_used_and_skipped_records_are_reported(tmp_path: Path) -> None:
    records = [
        *repeat(1200),
        *repeat(2, employment_type="CT"),
        *repeat(3, job_title="Cook"),
        *repeat(2, salary_in_usd=""),
        *repeat(3, salary_in_usd="165.000"),
        *repeat(2, salary_in_usd="95.500"),
        *repeat(1, salary_in_usd="34.567"),
        *repeat(1, salary_in_usd="CHF 90,000"),
        *repeat(2, salary_in_usd="90000 SEK"),
        *repeat(4, salary_in_usd="much"),
        *repeat(5, work_year="25"),
        # Only the first reason is counted.
        record(employment_type="", job_title="", salary_in_usd="", work_year=""),
    ]
    path = write_csv(tmp_path / "pay.csv", records)
    result = run_import(path, output=tmp_path / "new.json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "note: 1,226 records read, 1,200 used, 26 skipped\n"
        "note: skipped 3: other employment type, such as CT and (empty). To "
        "use others, add --employment TYPE\n"
        "note: skipped 3: other job title, such as Cook\n"
        "note: skipped 2: missing pay, such as (empty)\n"
        "note: skipped 6: ambiguous pay, such as 165.000 and 95.500. If points "
        "separate thousands there, add --set decimal=comma\n"
        "note: skipped 3: pay in another currency, such as 90000 SEK and CHF 90,000. "
        "There are exchange rates of AUD, BRL, CAD, EUR, GBP, INR, MXN, NZD, PHP, PLN\n"
        "note: skipped 5: missing or impossible year, such as 25\n"
        "note: skipped 4: unreadable pay, such as much\n"
        f"note: 1,199 of 1,200 records {REPEATED}\n"
        "note: salary_in_usd was read as EUR\n"
        f"note: wrote {tmp_path / 'new.json'}: pay of 1 role, replacing almanac of "
        "pay\n"
    )


def test_notes_are_returned(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "pay.csv", repeat(10))
    output = str(tmp_path / "new.json")
    text, notes, problem = import_files([path], output, Settings(), str(TINY))
    assert (text, problem) == ("", None)
    assert notes == [
        "10 records read, 10 used, 0 skipped",
        f"9 of 10 records {REPEATED}",
        "salary_in_usd was read as EUR",
        f"wrote {output}: pay of 1 role, replacing almanac of pay",
    ]


def test_first_pay_replaces_nothing(tmp_path: Path) -> None:
    bare = tmp_path / "bare.json"
    bare.write_text(json.dumps({**DATASET, "pay": None}), encoding="utf-8")
    records = [*repeat(10), *repeat(10, job_title="Florist")]
    path = write_csv(tmp_path / "pay.csv", records)
    result = run("import", path, "-o", str(tmp_path / "n.json"), "--data", str(bare))
    assert result.stderr.endswith(
        f"note: wrote {tmp_path / 'n.json'}: pay of 2 roles\n"
    )


def test_currency_is_not_noted_for_dollars(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "pay.csv", repeat(10, job_title="Data Scientist"))
    result = run("import", path, "-o", str(tmp_path / "new.json"))
    assert result.exit_code == 0
    assert "salary_in_usd" not in result.stderr


def test_control_characters_of_records_are_escaped(tmp_path: Path) -> None:
    unknown = repeat(10, experience_level="\x1b[31mred\x1b]0;title\x07")
    path = write_csv(tmp_path / "pay.csv", [*repeat(10), *unknown])
    result = run_import(path, output=tmp_path / "new.json")
    assert (
        "note: unknown level in 10 records, not broken down by it: "
        "\\x1b[31mred\\x1b]0;title\\x07\n"
    ) in result.stderr
    assert all(line.isprintable() for line in result.stderr.splitlines())


# Options


@pytest.mark.parametrize(
    ("options", "used"),
    [
        ([], 11),
        (["--employment", "CT"], 12),
        (["--employment", "FT", "--employment", "CT"], 23),
        (["--employment", "all"], 36),
    ],
    ids=["default", "another", "two", "all"],
)
def test_employment_types_can_be_selected(
    options: list[str], used: int, tmp_path: Path
) -> None:
    records = [
        *repeat(11),
        *repeat(12, employment_type="CT"),
        *repeat(13, employment_type=""),
    ]
    path = write_csv(tmp_path / "pay.csv", records)
    pay = import_pay(path, *options, output=tmp_path / "new.json")
    assert pay["groups"]["gardener"][0][4] == used


def test_map_is_repeatable(tmp_path: Path) -> None:
    headers = ["when", *COLUMNS[1:3], 'the "name", ours', *COLUMNS[4:]]
    path = write_csv(tmp_path / "pay.csv", repeat(10), headers)
    options = ["--map=year=when", '--map=title=the "name", ours']
    pay = import_pay(path, *options, output=tmp_path / "new.json")
    assert pay["groups"]["gardener"][0][4] == 10


def test_map_accepts_columns_in_any_spelling(tmp_path: Path) -> None:
    headers = [name.replace("remote_ratio", "where") for name in COLUMNS]
    path = write_csv(tmp_path / "pay.csv", repeat(10), headers)
    import_pay(path, "--map", "Work-Mode=WHERE", output=tmp_path / "new.json")


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--map", "low=least", "--map", "high=most"],
        ["--map", "LOW=least"],
        ["--map", "High=most"],
    ],
    ids=["neither", "both", "low", "high"],
)
def test_columns_of_ranges_can_be_mapped(options: list[str], tmp_path: Path) -> None:
    text = " ".join(options).lower()
    headers = list(RANGE_HEADERS)
    headers[4] = "least" if "low" in text else headers[4]
    headers[7] = "most" if "high" in text else headers[7]
    path = write_csv(tmp_path / "pay.csv", [range_record(40, 60)] * 3, headers)
    with open(path, "a", encoding="utf-8", newline="") as file:  # noqa: PTH123
        csv.writer(file).writerows([range_record(40_000, 60_000)] * 10)
    pay = import_pay(path, *options, output=tmp_path / "new.json")
    group = pay["groups"]["gardener"][0]
    assert group[4:] == [10, *[50_000] * 14, 40_000, 60_000, 50_000, 50_000]


@pytest.mark.parametrize("option", ["--map", "--set"])
@pytest.mark.parametrize("pair", ["title", "=title", "title=", "=", "", "year= "])
def test_pairs_require_a_column_and_a_value(
    pair: str, option: str, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "pay.csv", repeat(10))
    result = run_import(path, option, pair, output=tmp_path / "new.json")
    what = {"--map": "HEADER", "--set": "VALUE"}[option]
    assert result == (2, "", f"error: {pair!r} is not COLUMN={what}.\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--map", "bar=x"], "unknown column 'bar'. Choose from: title, pay, low, "),
        (["--map", "titel=x"], "unknown column 'titel'. Did you mean 'title'?"),
        (["--set", "pay=1"], "unknown column 'pay'. Choose from: year, level, country"),
        (["--map", "pay=base", "--map", "Pay=total"],
         "pay is given twice, as 'base' and 'total'."),
        (["--map", "year=x", "--set", "year=2025"],
         "year has both a header and a value. Remove --map or --set."),
        (["--set", "year=soon"], "'soon' is not a year, such as 2025."),
        (["--set", "period=once"], "'once' is not a period: year, month, two weeks"),
        (["--set", "currency=XYZ"], "'XYZ' is not a currency, such as EUR."),
        (["--set", "unit=dozens"], "'dozens' is not a unit: thousands, millions"),
        (["--set", "decimal=dash"], "'dash' is not a decimal: comma, point."),
        (["--set", "level=boss"], "'boss' is not a level: entry, mid, senior, exec"),
        (["--set", "work-mode=maybe"], "'maybe' is not a work mode: on-site, hybrid"),
        (["--set", "country=Atlantis"], "unknown country 'Atlantis'."),
        (["--encoding", "base64"], "unknown encoding 'base64'. Use a name such as"),
        (["--encoding", "klingon"], "unknown encoding 'klingon'. Use a name such as"),
    ],
)  # fmt: skip
def test_invalid_columns_and_values_are_reported(
    options: list[str], message: str, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "pay.csv", repeat(10))
    result = run_import(path, *options, output=tmp_path / "new.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: {message}")
    assert not (tmp_path / "new.json").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["", "-o", "x.json"], "RECORDS must be the names of files."),
        (["x.csv", "-o", ""], "--output must be the name of a file, or -."),
        (["-", "-o", "-", "--data", "-"],
         "RECORDS and --data cannot both be standard input."),
        (["x.csv", "-o", "x.json", "--min-records", "9"],
         "--min-records must be at least 10."),
        (["--print-sql", "--min-records", "9"], "--min-records must be at least 10."),
    ],
)  # fmt: skip
def test_invalid_arguments_are_reported(arguments: list[str], message: str) -> None:
    assert run("import", *arguments) == (2, "", f"error: {message}\n")


@pytest.mark.parametrize("skipped", [0, 1])
def test_strict_import_refuses_skipped_records(skipped: int, tmp_path: Path) -> None:
    records = [*repeat(10), *repeat(skipped, salary_in_usd="165.000")]
    output = tmp_path / "new.json"
    path = write_csv(tmp_path / "pay.csv", records)
    result = run_import(path, "--strict", output=output)
    assert (result.exit_code, output.exists()) == (skipped, not skipped)
    if skipped:
        assert result.stderr == (
            "error: records were skipped, which strict imports refuse: 11 records "
            "read, 10 used, 1 skipped\n"
            "error: skipped 1: ambiguous pay, such as 165.000. If points separate "
            "thousands there, add --set decimal=comma\n"
        )


@pytest.mark.parametrize("floor", [10, 12, 13])
def test_floor_of_groups_can_be_raised(floor: int, tmp_path: Path) -> None:
    records = [*repeat(12), *repeat(13, job_title="Florist")]
    path, output = write_csv(tmp_path / "pay.csv", records), tmp_path / "new.json"
    pay = import_pay(path, "--min-records", str(floor), output=output)
    assert set(pay["groups"]) == (
        {"gardener", "florist"} if floor < 13 else {"florist"}
    )
    source = json.loads(output.read_text(encoding="utf-8"))["sources"][-1]
    assert source["caveats"] == [f"Groups of fewer than {floor} records are omitted."]


def test_floor_that_no_group_reaches_is_reported(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "pay.csv", repeat(12))
    result = run_import(path, "--min-records", "13", output=tmp_path / "new.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "error: no role has 13 records of one year: 12 records read, 12 used, "
        "0 skipped\n"
    )


# Standard streams


def test_data_set_is_written_to_standard_output(tmp_path: Path) -> None:
    path, output = write_csv(tmp_path / "pay.csv", repeat(10)), tmp_path / "new.json"
    import_pay(path, output=output)
    result = run("import", path, "--output", "-", "--data", str(TINY))
    assert result.exit_code == 0
    assert result.stdout == output.read_text(encoding="utf-8")
    assert result.stderr == (
        "note: 10 records read, 10 used, 0 skipped\n"
        f"note: 9 of 10 records {REPEATED}\n"
        "note: salary_in_usd was read as EUR\n"
    )


def test_records_are_read_from_standard_input(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "pay.csv", repeat(10))
    arguments = ("--output", "-", "--data", str(TINY))
    with open(path, "rb") as file:  # noqa: PTH123
        result = run("import", "-", *arguments, input=file.read())
    assert result == run("import", path, *arguments)


def test_records_are_read_from_a_pipe(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "pay.csv", repeat(10, job_title="Data Scientist"))
    result = run_pipeline("cat pay.csv | mlroles import - -o -", tmp_path)
    assert result.stderr.startswith("note: 10 records read, 10 used, 0 skipped\n")
    assert result.stdout == run("import", path, "-o", "-").stdout
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("mlroles import - -o - <&-", 1, "cannot read standard input: it is closed"),
        ("mlroles import - -o -", 1, "cannot read standard input: empty file"),
        (
            "echo a,b | mlroles import - -o -",
            2,
            "standard input: no header names the title and the pay. Its headers are: "
            "a, b. Name them: --map title=HEADER --map pay=HEADER.",
        ),
    ],
    ids=["closed", "empty", "columns"],
)
def test_invalid_standard_input_is_reported(
    line: str, code: int, message: str, tmp_path: Path
) -> None:
    result = run_pipeline(line, tmp_path)
    assert (result.returncode, result.stdout) == (code, "")
    assert result.stderr == f"error: {message}\n"


def test_unreadable_standard_input_is_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Broken(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _buffer: object) -> int:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Broken())))
    with pytest.raises(DataError, match="standard input: input/output error"):
        import_records(DATASET, "-")


def test_closed_standard_input_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(DataError, match="standard input: it is closed"):
        import_records(DATASET, "-")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="requires /dev/full")  # noqa: PTH110
def test_full_disk_is_reported(tmp_path: Path) -> None:
    write_csv(tmp_path / "pay.csv", repeat(10, job_title="Data Scientist"))
    result = run_pipeline("mlroles import pay.csv -o - > /dev/full", tmp_path)
    assert result.returncode == 1
    assert result.stderr == (
        "error: cannot write the output: no space left on device\n"
    )


# The output file


def test_data_set_is_replaced(tmp_path: Path) -> None:
    output = tmp_path / "data.json"
    output.write_bytes(TINY.read_bytes())
    import_pay(write_csv(tmp_path / "pay.csv", repeat(10)), output=output)
    assert sorted(tmp_path.iterdir()) == [output, tmp_path / "pay.csv"]


def test_other_file_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "pay.csv"
    write_csv(path, repeat(10))
    before = path.read_bytes()
    result = run_import(str(path), output=path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"error: {path} exists and is not a data set. "
        "Name another file, or use --force.\n"
    )
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "name"),
    [
        (["-o", "./pay.csv"], "output"),
        (["-o", "new.json", "--unmatched", "pay.csv"], "unmatched"),
        (["-o", "new.json", "--unmatched", "./new.json"], "unmatched"),
    ],
)
def test_files_of_an_import_are_not_replaced_with_force(
    options: list[str], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "pay.csv"
    write_csv(path, repeat(10))
    before = path.read_bytes()
    result = run("import", "pay*.csv", *options, "--force")
    assert (result.exit_code, result.stdout) == (2, "")
    message = f"error: --{name} must be no other file of the import.\n"
    assert result.stderr == message
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_list_of_titles_has_a_greatest_size(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "pay.csv", repeat(10))
    options = ("-o", str(tmp_path / "new.json"), "--titles", "/dev/zero")
    result = run("import", path, *options)
    assert result == (1, "", "error: cannot read /dev/zero: larger than 64 MiB\n")


def test_other_file_is_replaced_with_force(tmp_path: Path) -> None:
    path, output = write_csv(tmp_path / "pay.csv", repeat(10)), tmp_path / "new.json"
    output.write_text("{}", encoding="utf-8")
    import_pay(path, "--force", output=output)
    assert run("validate", str(output)).exit_code == 0


def test_symbolic_link_is_replaced_only_with_force(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "pay.csv", repeat(10))
    target, link = tmp_path / "data.json", tmp_path / "link.json"
    target.write_bytes(TINY.read_bytes())
    link.symlink_to(target)
    result = run_import(path, output=link)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"error: {link} is a symbolic link. Name its target, or use --force.\n"
    )
    assert link.is_symlink()
    import_pay(path, "--force", output=link)
    assert not link.is_symlink()
    assert target.read_bytes() == TINY.read_bytes()


@pytest.mark.parametrize("force", [[], ["--force"]], ids=["", "force"])
def test_invalid_output_is_reported_before_records_are_read(
    force: list[str], tmp_path: Path
) -> None:
    records = str(tmp_path / "none.csv")
    output = tmp_path / "none" / "new.json"
    result = run_import(records, *force, output=output)
    assert result == (1, "", f"error: cannot write {output}: no such folder\n")
    output = tmp_path / "data.json"
    output.write_bytes(TINY.read_bytes())
    output.chmod(0o444)
    result = run_import(records, *force, output=output)
    assert result == (1, "", f"error: cannot write {output}: the file is read-only\n")
    assert output.read_bytes() == TINY.read_bytes()


@pytest.mark.parametrize(
    ("records", "summary"),
    [
        ([], "0 records read, 0 used, 0 skipped"),
        (repeat(9), "9 records read, 9 used, 0 skipped"),
        (
            repeat(20, job_title=""),
            "20 records read, 0 used, 20 skipped\n"
            "error: skipped 20: other job title, such as (empty)",
        ),
    ],
    ids=["none", "too few", "no title"],
)
def test_failed_import_keeps_the_old_data_set(
    records: list[Record], summary: str, tmp_path: Path
) -> None:
    path, output = write_csv(tmp_path / "pay.csv", records), tmp_path / "data.json"
    output.write_bytes(TINY.read_bytes())
    result = run_import(path, output=output)
    assert result == (1, "", f"error: no role has 10 records of one year: {summary}\n")
    assert output.read_bytes() == TINY.read_bytes()
    assert sorted(tmp_path.iterdir()) == [output, tmp_path / "pay.csv"]


# Progress and interruption


@pytest.mark.compat
@pytest.mark.parametrize("stream", [Terminal, io.TextIOWrapper], ids=["tty", "file"])
def test_progress_is_shown_only_on_a_terminal(
    stream: type[io.TextIOWrapper], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlroles.extras.importer.database._PROGRESS_INTERVAL", 0.0)
    path, output = str(tmp_path / "pay.csv"), str(tmp_path / "new.json")
    write_csv(tmp_path / "pay.csv", repeat(20_000))
    arguments = ("import", path, "-o", output, "--data", str(TINY))
    result = run(*arguments, stream=stream, env=XTERM)
    assert (result.exit_code, result.stdout) == (0, "")
    notes = (
        "note: 20,000 records read, 20,000 used, 0 skipped\n"
        f"note: 19,999 of 20,000 records {REPEATED}\n"
        "note: salary_in_usd was read as EUR\n"
        f"note: wrote {output}: pay of 1 role, replacing almanac of pay\n"
    )
    progress, _, rest = result.stderr.rpartition("\x1b[2K")
    shown = re.search("(reading|grouping) records .* [ 0-9]+%", progress)
    assert bool(shown) == (stream is Terminal)
    assert rest == notes


def test_progress_is_erased() -> None:
    content = io.BytesIO()
    console = Console(
        None, Terminal(content, encoding="utf-8", write_through=True), XTERM
    )
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TERM", "xterm")
        with console.progress() as progress:
            assert progress
            progress("reading records", 0.5)
            progress("grouping records", 0.25)
    output = content.getvalue().decode()
    # The remaining time is unknown at the start of a step.
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    assert re.search("grouping records .* 25% -:--:--", plain)
    # The last sequence moves to the line of the bar and erases it.
    assert output.endswith("\x1b[1A\x1b[2K")


def test_progress_requires_standard_error() -> None:
    with Console(None, None).progress() as progress:
        assert progress is None


@pytest.fixture(scope="module")
def many_records(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a file that takes seconds to import."""
    records = tmp_path_factory.mktemp("many") / "pay.parquet"
    values = ", ".join(f"'{value}' as {name}" for name, value in DEFAULTS.items())
    select = f"select {values} from range(3000000)"  # noqa: S608 - no foreign input
    duckdb.execute(f"copy ({select}) to '{records}' (format parquet)")
    return str(records)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
)
def test_signals_end_the_command_without_a_traceback(
    number: int, code: int, many_records: str, tmp_path: Path
) -> None:
    pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")
    output = tmp_path / "new.json"
    terminal, child = pty.openpty()
    command = [sys.executable, "-m", "mlroles", "import", many_records]
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {**os.environ, **XTERM, "TMPDIR": str(temporary)}
    with subprocess.Popen(
        [*command, "-o", str(output)], stderr=child, env=environment
    ) as process:
        os.close(child)
        content = b""
        while b"reading records" not in content:
            content += os.read(terminal, 1024)
        process.send_signal(number)
        try:
            while more := os.read(terminal, 1024):
                content += more
        except OSError:
            # Linux reports the end of a terminal as an error.
            pass
        assert process.wait(60) == code
    os.close(terminal)
    assert b"Traceback" not in content
    assert not output.exists()
    assert list(temporary.iterdir()) == []


def test_folders_of_killed_imports_are_removed_after_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    day, now = 86_400, time.time()
    ages = {
        "mlroles-a0000000.import": day + 60,
        "mlroles-b0000000.import": day - 60,
        "mlroles-notes": day + 60,
        "mlroles-projects-import": day + 60,
    }
    for name in ages:
        (temporary / name).mkdir(parents=True)
        (temporary / name / "0.parquet").write_text("pay", encoding="utf-8")
    ages["mlroles-c0000000.import"] = day + 60
    (temporary / "mlroles-c0000000.import").symlink_to("mlroles-notes")
    for name, age in ages.items():
        at = (now - age, now - age)
        os.utime(temporary / name, at, follow_symlinks=False)
    records = write_csv(tmp_path / "pay.csv", repeat(10))
    import_pay(records, output=tmp_path / "new.json")
    kept = {each.parent.name for each in temporary.glob("*/0.parquet")}
    assert kept == {*ages} - {"mlroles-a0000000.import"}


def test_a_killed_import_leaves_a_folder_that_the_next_one_knows(
    many_records: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = [sys.executable, "-m", "mlroles", "import", many_records, "-o", "x.json"]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(command, env=environment, cwd=tmp_path) as process:
        while not (left := list(temporary.glob("*/*"))):
            assert process.poll() is None
        process.kill()
    os.utime(left[0].parent, (0, 0))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    records = write_csv(tmp_path / "pay.csv", repeat(10))
    import_pay(records, output=tmp_path / "new.json")
    assert list(temporary.iterdir()) == []
    assert not (tmp_path / "x.json").exists()
