from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlroles.dataset.dimensions import TABLES
from mlroles.dataset.load import load
from mlroles.dataset.validate import validation_errors
from mlroles.dataset.write import dumps, save, write_file
from mlroles.errors import DataError
from tests.conftest import TINY, changed, error_of

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import DatasetJson

GARDEN = load(TINY).content
BUNDLED = Path(__file__).parents[2] / "mlroles" / "data.json"
SHAPES: dict[str, Any] = {
    "small": GARDEN,
    "without pay": changed(GARDEN, "pay", value=None),
    "without places": {k: v for k, v in GARDEN.items() if k != "places"},
    "without a national row": changed(
        GARDEN, "places", "tables", 0, "whole", value=None
    ),
    "without pay groups": changed(GARDEN, "pay", "groups", value={}),
    "without tables": changed(GARDEN, "places", "tables", value=[]),
}


def compact_lists(data: DatasetJson) -> list[list[Any]]:
    """Return the lists that must each be on one line."""
    pay, places = data["pay"], data.get("places")
    lists: list[Any] = []
    if pay:
        lists.append(pay["columns"])
        lists += [group for groups in pay["groups"].values() for group in groups]
    if places:
        lists.append(places["columns"])
        for table in places["tables"]:
            lists += [table["whole"]] * bool(table["whole"])
            lists += table["rows"]
    return lists


@pytest.mark.parametrize("data", SHAPES.values(), ids=list(SHAPES))
def test_dumps_writes_each_pay_group_and_place_on_one_line(data: DatasetJson) -> None:
    text = dumps(data)
    assert validation_errors(data) == []
    assert json.loads(text) == data
    assert text.endswith("}\n")
    lines = [line.strip().rstrip(",") for line in text.splitlines()]
    for each in compact_lists(data):
        compact = json.dumps(each, separators=(",", ":"))
        assert any(line.endswith(compact) for line in lines)
    # Every other list and object has one member per line.
    compact_lines = [line for line in lines if line.count(",") > 1 and "[" in line]
    assert len(compact_lines) == len(compact_lists(data))


characters = st.characters(exclude_categories=["Cc", "Cs"])
texts = st.text(characters, min_size=1)


@given(texts | st.sampled_from([r"\u00010", r'"\u00010"', '"', "\\", "</", "🌿"]))
def test_any_text_survives_a_round_trip(text: str) -> None:
    data: Any = changed(GARDEN, "roles", 0, "duties", 0, value=text)
    data["places"]["tables"][0]["rows"][0][1] = text
    data["sources"][0]["caveats"] = [text]
    assert json.loads(dumps(data)) == data


def test_bundled_data_set_is_formatted_as_dumps_writes_it(bundled: Dataset) -> None:
    content = BUNDLED.read_bytes()
    assert dumps(bundled.content).encode() == content
    assert len(content) < 320_000


@pytest.mark.parametrize("name", TABLES)
def test_bundled_tables_are_formatted_as_dumps_writes_them(name: Any) -> None:
    content = (BUNDLED.parent / "tables" / f"{name}.json").read_bytes()
    table = load().table(name)
    assert dumps(table).encode() == content
    assert len(content) < 200_000


def test_short_rows_are_on_one_line() -> None:
    table: Any = {"columns": ["a", "b"], "rows": [["x", 1], []], "names": ["y"]}
    assert dumps(table).splitlines() == [
        *["{", '  "columns": [', '    "a",', '    "b"', "  ],"],
        *['  "rows": [', '    ["x",1],', "    []", "  ],"],
        *['  "names": [', '    "y"', "  ]", "}"],
    ]  # fmt: skip


def test_every_section_survives_a_round_trip(complete: Any, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    save(complete, str(path))
    assert load(path).content == complete
    # Prices have a month on each line.
    assert '      "2024-02": 101.5\n' in path.read_text(encoding="utf-8")


def test_save_writes_one_file(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    for data in (GARDEN, SHAPES["without pay"]):
        save(data, str(path))
        assert path.read_bytes() == dumps(data).encode()
        assert list(tmp_path.iterdir()) == [path]


def test_file_name_without_a_directory_is_saved_in_the_current_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save(GARDEN, "data.json")
    assert (tmp_path / "data.json").read_bytes() == dumps(GARDEN).encode()


def test_invalid_data_set_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    invalid = changed(GARDEN, "default_role", value="nobody")
    invalid["pay"]["source"] = "nowhere"
    with pytest.raises(DataError) as error:
        save(invalid, str(path), force=True)
    assert error.value.messages == (
        f"{path}: not written: default_role: unknown role 'nobody'",
        f"{path}: not written: pay.source: unknown source 'nowhere'",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"{}", b"", b"notes"], ids=["{}", "empty", "text"])
def test_file_that_is_not_a_data_set_is_only_replaced_with_force(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(content)
    error = error_of(DataError, save, GARDEN, str(path))
    assert error == (
        f"{path} exists and is not a data set. Name another file, or use force."
    )
    assert path.read_bytes() == content
    save(GARDEN, str(path), force=True)
    assert load(path).content == GARDEN


@pytest.mark.parametrize("target", ["missing.json", "data.json"])
def test_symbolic_link_is_only_replaced_with_force(target: str, tmp_path: Path) -> None:
    save(GARDEN, str(tmp_path / "data.json"))
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / target)
    error = error_of(DataError, save, GARDEN, str(link))
    assert error == (f"{link} is a symbolic link. Name its target, or use force.")
    assert link.is_symlink()
    save(SHAPES["without pay"], str(link), force=True)
    # The link itself is replaced, not its target.
    assert not link.is_symlink()
    assert load(link).content == SHAPES["without pay"]
    assert load(tmp_path / "data.json").content == GARDEN


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.parametrize("force", [False, True], ids=["", "forced"])
def test_read_only_file_is_not_replaced(force: bool, tmp_path: Path) -> None:  # noqa: FBT001
    # Also by the superuser, for whom os.access() reports any file as writable.
    path = tmp_path / "data.json"
    save(GARDEN, str(path))
    before = path.read_bytes()
    path.chmod(0o444)
    error = error_of(DataError, save, SHAPES["without pay"], str(path), force=force)
    assert error == f"cannot write {path}: the file is read-only"
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_file_that_the_user_may_not_write_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data.json"
    save(GARDEN, str(path))
    # Another user's file: writable, but not by this user.
    monkeypatch.setattr("os.access", lambda *_arguments: False)
    error = error_of(DataError, save, GARDEN, str(path))
    assert error == f"cannot write {path}: the file is read-only"


@pytest.mark.parametrize("force", [False, True], ids=["", "forced"])
def test_file_name_that_is_too_long_is_rejected(force: bool, tmp_path: Path) -> None:  # noqa: FBT001
    path = f"{tmp_path}/{'a' * 300}"
    error = error_of(DataError, save, GARDEN, path, force=force)
    assert error == f"cannot write {path}: file name too long"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077, 0o000], ids=oct)
def test_new_file_has_the_permissions_of_the_umask(umask: int, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    before = os.umask(umask)
    try:
        save(GARDEN, str(path))
        after = os.umask(before)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask
    assert after == umask


@pytest.mark.parametrize(
    ("failure", "raised", "message"),
    [
        (OSError(28, "No space left on device"), DataError, "no space left on device"),
        (OSError("odd"), DataError, "odd"),
        (KeyboardInterrupt(), KeyboardInterrupt, ""),
    ],
    ids=["disk full", "error without a code", "interrupt"],
)
@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_failed_save_keeps_the_old_file(
    step: str,
    failure: BaseException,
    raised: type[BaseException],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_arguments: object) -> None:
        raise failure

    path = tmp_path / "data.json"
    save(GARDEN, str(path))
    before = path.read_bytes()
    monkeypatch.setattr(step, fail)
    error = error_of(raised, save, SHAPES["without pay"], str(path))
    assert error == (message and f"cannot write {path}: {message}")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


# Validation and formatting take nearly all of the time of a save. They are done once,
# so that the process is most likely killed while it writes.
SAVER = """\
import json, sys
from pathlib import Path
from mlroles.dataset import validate, write
path, *others = sys.argv[1:]
data = [json.loads(Path(other).read_bytes()) for other in others]
texts = {id(each): write.dumps(each) for each in data}
validate.validation_errors = lambda each: []
write.dumps = lambda each: texts[id(each)]
print("ready", flush=True)
while True:
    for each in data:
        write.save(each, path, force=True)
"""


def test_killed_save_leaves_a_complete_file(bundled: Dataset, tmp_path: Path) -> None:
    versions = {
        dumps(changed(bundled.content, "sources", 0, "records", value=count)).encode()
        for count in (1, 2)
    }
    path, *others = (tmp_path / name for name in ("data.json", "1.json", "2.json"))
    for other, content in zip(others, versions, strict=True):
        other.write_bytes(content)
    path.write_bytes(min(versions))
    command = [sys.executable, "-c", SAVER, *map(str, (path, *others))]
    for moment in range(8):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout
            assert process.stdout.readline() == b"ready\n"
            time.sleep(0.0037 * moment)
            process.kill()
        assert process.returncode < 0
        assert path.read_bytes() in versions


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    save(GARDEN, str(path))
    path.chmod(0o600)
    save(SHAPES["without pay"], str(path))
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes")
@pytest.mark.parametrize("force", [False, True], ids=["", "forced"])
def test_named_pipe_is_not_replaced(force: bool, tmp_path: Path) -> None:  # noqa: FBT001
    path = tmp_path / "pipe"
    os.mkfifo(path)
    error = error_of(DataError, save, GARDEN, str(path), force=force)
    assert error == f"cannot write {path}: not a regular file"
    assert path.is_fifo()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_signals_to_end_leave_no_temporary_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = getattr(signal, name)
    before = signal.signal(number, signal.SIG_DFL)
    monkeypatch.setattr("os.fsync", lambda _file: signal.raise_signal(number))
    try:
        with pytest.raises(SystemExit) as end:
            write_file(str(tmp_path / "new"), "text")
        assert end.value.code == 128 + number
        assert signal.getsignal(number) is signal.SIG_DFL
        # As with nohup.
        signal.signal(number, signal.SIG_IGN)
        write_file(str(tmp_path / "ignored"), "text")
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before)
    assert [each.name for each in tmp_path.iterdir()] == ["ignored"]


def test_folder_is_synced_after_the_file_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[bool, bool]] = []
    file = tmp_path / "file.txt"
    sync = os.fsync

    def record(handle: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        synced.append((is_folder, file.exists()))
        sync(handle)

    monkeypatch.setattr("os.fsync", record)
    write_file(str(file), "text")
    assert synced == [(False, False), (True, True)]


def test_files_are_written_in_any_thread(tmp_path: Path) -> None:
    thread = threading.Thread(target=write_file, args=(str(tmp_path / "new"), "text"))
    thread.start()
    thread.join()
    assert (tmp_path / "new").read_text() == "text"
