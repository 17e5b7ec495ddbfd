from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import mlroles
from mlroles.dataset import load as dataset
from mlroles.errors import DataError
from tests.conftest import TINY, process, run

if TYPE_CHECKING:
    from collections.abc import Callable

FAULTY = {
    "empty": (b"", "empty"),
    "only spaces": (b" \n\t ", "empty"),
    "only a byte-order mark": (b"\xef\xbb\xbf", "empty"),
    "not UTF-8": (b'{"a": "\xff"}', "not UTF-8 at byte 8"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "not UTF-8 at byte 1"),
    "not JSON": (
        b'{"a": 1,\n "b" 2}',
        "not JSON at line 2, column 6: Expecting ':' delimiter",
    ),
    "cut off": (
        TINY.read_bytes()[:50],
        "not JSON at line 3, column 19: Unterminated string starting at",
    ),
    "NaN": (b"NaN", "the data set: is not an object"),
    "infinity": (b"-Infinity", "the data set: is not an object"),
    "100,000 levels": (b"[" * 100_000, "nested too deep to be a data set"),
    "a list": (b"[]", "the data set: is not an object"),
    "a number": (b"1", "the data set: is not an object"),
    "no version": (
        b"{}",
        "schema_version: this mlroles reads version 1, the file has none",
    ),
    "a later version": (
        b'{"schema_version": 2}',
        "schema_version: this mlroles reads version 1, the file has 2",
    ),
}


@pytest.mark.parametrize(("content", "fault"), FAULTY.values(), ids=list(FAULTY))
@pytest.mark.parametrize("by", ["file", "standard input"])
def test_a_faulty_file_is_told_in_one_line(
    content: bytes, fault: str, by: str, tmp_path: Path
) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(content)
    name = str(path) if by == "file" else "standard input"
    source = str(path) if by == "file" else "-"
    for command in (["salary", "--data", source], ["validate", source]):
        result = run(*command, input=content)
        assert (result.exit_code, result.stdout) == (1, "")
        lines = result.stderr.splitlines()
        assert lines[0] == f"mlroles: {name}: {fault}"
        assert len(lines) == 1


def test_every_key_that_stands_twice_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    text = TINY.read_text(encoding="utf-8")
    text = text.replace('"id": "florist"', '"id": "florist", "id": "florist"')
    text = text.replace('"period"', '"currency": "EUR", "period"')
    path.write_text(text.replace('"DE": "Germany"', '"DE": "x", "DE": "Germany"'))
    with pytest.raises(DataError) as refused:
        mlroles.load(path)
    assert sorted(refused.value.messages) == [
        f"{path}: countries.DE: stands twice",
        f"{path}: currency: stands twice",
        f"{path}: roles[1].id: stands twice",
    ]


def test_a_key_that_stands_twice_in_what_is_itself_replaced(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text('{"a": {"b": 1, "b": 2}, "a": 3, "schema_version": 2}')
    with pytest.raises(DataError, match="a: stands twice"):
        mlroles.load(path)


def _with_average(number: str) -> str:
    text = TINY.read_text(encoding="utf-8")
    return text.replace('"average": 41000', f'"average": {number}')


@pytest.mark.parametrize("depth", [500, 3_000, 100_000])
def test_a_key_that_stands_twice_deep_down(depth: int, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text('{"a": ' * depth + '{"b": 1, "b": 2}' + "}" * depth)
    with pytest.raises(DataError, match=r"stands twice|nested too deep"):
        mlroles.load(path)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "1e3"])
def test_what_is_no_whole_number_is_told_with_its_place(
    number: str, tmp_path: Path
) -> None:
    path = tmp_path / "data.json"
    path.write_text(_with_average(number))
    with pytest.raises(DataError) as refused:
        mlroles.load(path)
    assert refused.value.messages == (
        f"{path}: roles[0].salary.average: is not a whole number",
    )


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(b"\xef\xbb\xbf" + TINY.read_bytes())
    assert mlroles.load(path)["default_role"] == "gardener"


def test_a_missing_file_is_told() -> None:
    result = run("salary", "--data", "no/such/file")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "mlroles: cannot read no/such/file: no such file or directory\n"
    )


def test_a_folder_is_told(tmp_path: Path) -> None:
    result = run("salary", "--data", str(tmp_path))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"mlroles: cannot read {tmp_path}: is a directory\n"


def test_a_file_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(path: str, _mode: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    # The superuser may read everything, so that a real file would not do.
    monkeypatch.setattr("builtins.open", forbidden)
    with pytest.raises(DataError, match="x: permission denied"):
        mlroles.load(tmp_path / "x")


def test_a_name_cannot_steer_the_terminal() -> None:
    result = run("salary", "--data", "\x1b[31mred")
    assert result.stderr == (
        "mlroles: cannot read \\x1b[31mred: no such file or directory\n"
    )


def test_a_file_too_large_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(b" " * (2**20 + 1))
    monkeypatch.setattr(dataset, "SIZE_LIMIT", 2**20)
    with pytest.raises(DataError, match="larger than 1 MiB"):
        mlroles.load(path)


def test_endless_input_is_told() -> None:
    with open("/dev/zero", "rb") as zero:  # noqa: PTH123 - a stream, not a file
        result = process("salary", "--data", "-", stdin=zero)
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr == b"mlroles: standard input: larger than 64 MiB\n"


HOSTILE = {
    "/dev/zero": lambda: None,
    "65 MiB of a list": lambda: b"[" + b"1," * (65 * 2**19),
    "100,000 levels": lambda: b"[" * 100_000,
    "100,000 levels of objects": lambda: b'{"a":' * 100_000,
    "a text of 40 MiB": lambda: b'"' + b"a" * (40 * 2**20) + b'"',
    "100,000 faults": lambda: (
        b'{"schema_version": 1'
        + b"".join(b', "k%d": 1' % number for number in range(100_000))
        + b"}"
    ),
}


# A small parent, since what a process had before it became another counts as well.
MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)
"""


@pytest.mark.parametrize("make", HOSTILE.values(), ids=list(HOSTILE))
def test_what_is_hostile_is_refused_in_little_memory(
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
    assert done.stderr.startswith(b"mlroles: ")
    assert b"Traceback" not in done.stderr
    # In KiB, but for macOS.
    peak = int(done.stdout) // (1024 if sys.platform == "darwin" else 1)
    assert 10 * 1024 < peak < 200 * 1024


def test_a_closed_standard_input_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(DataError, match="cannot read standard input: it is closed"):
        mlroles.load("-")


def test_the_api_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(TINY.read_bytes()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert mlroles.load("-") == json.loads(TINY.read_text(encoding="utf-8"))


def test_a_very_long_number_is_told(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text('{"a": ' + "1" * 5_000 + "}")
    with pytest.raises(DataError, match=r"data\.json: .*digits"):
        mlroles.load(path)


def test_the_bundled_data_set_comes_out_of_a_zip_file(tmp_path: Path) -> None:
    package = os.path.dirname(mlroles.__file__)  # noqa: PTH120
    (tmp_path / "tree").mkdir()
    shutil.copytree(package, tmp_path / "tree" / "mlroles")
    archive = shutil.make_archive(str(tmp_path / "app"), "zip", tmp_path / "tree")
    code = f"import sys; sys.path.insert(0, {archive!r}); import mlroles.__main__ as m"
    code += "; print(m.__file__); sys.argv[1:] = ['salary', '--json']; m.main()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True
    )
    where, _, answer = done.stdout.partition("\n")
    assert where.startswith(archive)
    assert json.loads(answer)["average_salary"] == 110673


def test_one_of_many_keys_that_stands_twice_is_told() -> None:
    members = ", ".join(f'"k{number}": 1' for number in range(60_000))
    content = f'{{"k0": 0, {members}}}'.encode()
    result = run("validate", "-", input=content)
    assert result.stderr.startswith("mlroles: standard input: k0: stands twice\n")


def test_an_empty_name_is_no_data_set() -> None:
    result = run("salary", "--data", "")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("mlroles: cannot read : ")
