from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from mlroles.dataset import load as load_module
from mlroles.dataset.dimensions import TABLES
from mlroles.errors import DataError
from tests.conftest import TINY, error_of, process, refused, run

if TYPE_CHECKING:
    from collections.abc import Callable

INVALID = {
    "empty": (b"", "empty file"),
    "only white space": (b" \n\t ", "empty file"),
    "only a byte-order mark": (b"\xef\xbb\xbf", "empty file"),
    "not UTF-8": (b'{"a": "\xff"}', "not UTF-8 at byte 8"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "not UTF-8 at byte 1"),
    "not JSON": (
        b'{"a": 1,\n "b" 2}',
        "invalid JSON at line 2, column 6: Expecting ':' delimiter",
    ),
    "truncated": (
        TINY.read_bytes()[:50],
        "invalid JSON at line 3, column 19: Unterminated string starting at",
    ),
    "NaN": (b"NaN", "the data set: must be an object"),
    "infinity": (b"-Infinity", "the data set: must be an object"),
    "100,000 levels": (b"[" * 100_000, "nested too deeply"),
    "a list": (b"[]", "the data set: must be an object"),
    "a number": (b"1", "the data set: must be an object"),
    "no version": (
        b"{}",
        "schema_version: this version of mlroles reads version 1, the file has none",
    ),
    "a later version": (
        b'{"schema_version": 2}',
        "schema_version: this version of mlroles reads version 1, the file has 2",
    ),
}


@pytest.mark.parametrize(("content", "message"), INVALID.values(), ids=list(INVALID))
@pytest.mark.parametrize("by", ["file", "standard input"])
def test_invalid_file_is_reported_in_one_line(
    content: bytes, message: str, by: str, tmp_path: Path
) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(content)
    name = str(path) if by == "file" else "standard input"
    source = str(path) if by == "file" else "-"
    for command in (["salary", "--data", source], ["validate", source]):
        error = refused(*command, input=content, exit_code=1)
        assert error == f"error: {name}: {message}\n"


def test_every_duplicate_key_is_reported_with_its_location(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    text = TINY.read_text(encoding="utf-8")
    text = text.replace('"id": "florist"', '"id": "florist", "id": "florist"')
    text = text.replace('"period"', '"currency": "EUR", "period"')
    path.write_text(text.replace('"DE": "Germany"', '"DE": "x", "DE": "Germany"'))
    with pytest.raises(DataError) as error:
        mlroles.load(path)
    assert sorted(error.value.messages) == [
        f"{path}: countries.DE: duplicate key",
        f"{path}: currency: duplicate key",
        f"{path}: roles[1].id: duplicate key",
    ]


def test_duplicate_key_in_a_discarded_object_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text('{"a": {"b": 1, "b": 2}, "a": 3, "schema_version": 2}')
    with pytest.raises(DataError) as error:
        mlroles.load(path)
    assert error.value.messages == (
        f"{path}: a: duplicate key",
        f"{path}: schema_version: this version of mlroles reads version 1, "
        "the file has 2",
    )


def _with_average(number: str) -> str:
    text = TINY.read_text(encoding="utf-8")
    return text.replace('"average": 41000', f'"average": {number}')


@pytest.mark.parametrize("depth", [500, 3_000, 100_000])
def test_duplicate_key_in_a_deep_object_is_reported(depth: int, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text('{"a": ' * depth + '{"b": 1, "b": 2}' + "}" * depth)
    with pytest.raises(DataError, match=r"duplicate key|nested too deeply"):
        mlroles.load(path)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "1e3"])
def test_amount_that_is_not_an_integer_is_reported_with_its_location(
    number: str, tmp_path: Path
) -> None:
    path = tmp_path / "data.json"
    path.write_text(_with_average(number))
    with pytest.raises(DataError) as error:
        mlroles.load(path)
    assert error.value.messages == (
        f"{path}: roles[0].salary.average: must be an integer",
    )


def test_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(b"\xef\xbb\xbf" + TINY.read_bytes())
    assert mlroles.load(path).default_role == "gardener"


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("no/such/file", "no/such/file: no such file or directory\n"),
        # Control characters are escaped.
        ("\x1b[31mred", "\\x1b[31mred: no such file or directory\n"),
        (str(TINY.parent), f"{TINY.parent}: is a directory\n"),
        ("", ": "),
    ],
)
def test_files_that_cannot_be_read_are_reported(path: str, error: str) -> None:
    found = refused("salary", "--data", path, exit_code=1)
    assert found.startswith(f"error: cannot read {error}")
    assert found.count("\n") == 1


def test_unreadable_file_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(path: str, _mode: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    # Not with a real file, since the superuser may read all of them.
    monkeypatch.setattr("builtins.open", forbidden)
    with pytest.raises(DataError, match="x: permission denied"):
        mlroles.load(tmp_path / "x")


def test_file_above_the_size_limit_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(b" " * (2**20 + 1))
    monkeypatch.setattr(load_module, "SIZE_LIMIT", 2**20)
    error = error_of(DataError, mlroles.load, path)
    assert error == f"{path}: larger than 1 MiB"


def test_endless_input_is_rejected() -> None:
    with open("/dev/zero", "rb") as zero:  # noqa: PTH123 - a stream, not a file
        result = process("salary", "--data", "-", stdin=zero)
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr == b"error: standard input: larger than 64 MiB\n"


HOSTILE = {
    "/dev/zero": lambda: None,
    "65 MiB of a list": lambda: b"[" + b"1," * (65 * 2**19),
    "100,000 levels": lambda: b"[" * 100_000,
    "100,000 levels of objects": lambda: b'{"a":' * 100_000,
    "a text of 40 MiB": lambda: b'"' + b"a" * (40 * 2**20) + b'"',
    "100,000 errors": lambda: (
        b'{"schema_version": 1'
        + b"".join(b', "k%d": 1' % number for number in range(100_000))
        + b"}"
    ),
}


# A process inherits the peak memory of the one that starts it, so start it from a
# small one.
MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)
"""


@pytest.mark.parametrize("make", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_input_is_rejected_in_little_memory(
    make: Callable[[], bytes | None], tmp_path: Path
) -> None:
    content, path = make(), "/dev/zero"
    if content is not None:
        path = str(tmp_path / "data.json")
        Path(path).write_bytes(content)
    command = [sys.executable, "-c", MEASURED, sys.executable, "-m", "mlroles"]
    done = subprocess.run(
        [*command, "validate", path], capture_output=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith(b"error: ")
    assert b"Traceback" not in done.stderr
    # In bytes on macOS, in KiB elsewhere.
    peak = int(done.stdout) // (1024 if sys.platform == "darwin" else 1)
    assert 10 * 1024 < peak < 200 * 1024


def test_closed_standard_input_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(DataError, match="cannot read standard input: it is closed"):
        mlroles.load("-")


def test_very_long_number_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text('{"a": ' + "1" * 5_000 + "}")
    with pytest.raises(DataError, match=r"data\.json: .*digits"):
        mlroles.load(path)


def test_files_of_the_package_are_read_from_a_zip_file(tmp_path: Path) -> None:
    package = os.path.dirname(mlroles.__file__)  # noqa: PTH120
    shutil.copytree(package, tmp_path / "tree" / "mlroles")
    archive = shutil.make_archive(str(tmp_path / "app"), "zip", tmp_path / "tree")
    # A table, a style sheet and a statement are files of their own.
    page = tmp_path / "ds.html"
    lines = ["locations ds --json", f"show ds -o {page}", "import --print-sql"]
    code = f"import sys; sys.path.insert(0, {archive!r}); import mlroles.__main__ as m"
    code += """
print(m.__file__)
for line in sys.argv[1:]:
    sys.argv[1:] = line.split()
    try:
        m.main()
    except SystemExit as end:
        assert not end.code, line
"""
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, *lines],
        capture_output=True,
        text=True,
        check=True,
    )
    location, _, answer = done.stdout.partition("\n")
    assert location.startswith(archive)
    (row, *_), end = json.JSONDecoder().raw_decode(answer)
    assert (row["code"], row["median"]) == ("41940", 185080)
    assert "SELECT" in answer[end:]
    assert "<style>" in page.read_text(encoding="utf-8")


def test_tables_of_the_bundled_data_set_are_read_when_asked_for() -> None:
    data = mlroles.load()
    assert data.content["tables"] == list(TABLES)
    assert set(TABLES).isdisjoint(data.content)
    places, prices = data.table("places"), data.table("prices")
    assert list(places) == ["columns", "states", "tables"]
    assert prices["months"]["2026-08"] == 334.98


def test_data_set_may_use_the_tables_of_the_bundled_one(saved: Any) -> None:
    bundled = mlroles.load()
    data = mlroles.load(saved({**bundled.content, "tables": ["prices"]}))
    assert data.table("prices") == bundled.table("prices")
    assert data.table("places") is None


def test_duplicate_key_among_many_is_reported() -> None:
    members = ", ".join(f'"k{number}": 1' for number in range(60_000))
    content = f'{{"k0": 0, {members}}}'.encode()
    result = run("validate", "-", input=content)
    assert result.stderr.startswith("error: standard input: k0: duplicate key\n")
