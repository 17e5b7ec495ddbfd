from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlroles.dataset.load import load
from mlroles.dataset.schema import faults
from mlroles.dataset.write import dumps, save
from mlroles.errors import DataError
from tests.conftest import TINY, spoiled

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset

GARDEN = load(TINY)
BUNDLED = Path(__file__).parents[2] / "mlroles" / "data.json"
SHAPES: dict[str, Any] = {
    "small": GARDEN,
    "without survey": spoiled(GARDEN, "survey", value=None),
    "without places": spoiled(GARDEN, "places", value=None),
    "without a whole": spoiled(GARDEN, "places", "tables", 0, "whole", value=None),
    "without cells": spoiled(GARDEN, "survey", "cells", value={}),
    "without tables": spoiled(GARDEN, "places", "tables", value=[]),
}


def lines_of(data: Dataset) -> list[list[Any]]:
    """The lists that must each stand on one line."""
    survey, places = data["survey"], data["places"]
    found: list[Any] = []
    if survey:
        found.append(survey["columns"])
        found += [cell for cells in survey["cells"].values() for cell in cells]
    if places:
        found.append(places["columns"])
        for table in places["tables"]:
            found += [table["whole"]] * bool(table["whole"])
            found += table["rows"]
    return found


@pytest.mark.parametrize("data", SHAPES.values(), ids=list(SHAPES))
def test_what_is_written_reads_the_same_with_a_cell_or_place_a_line(
    data: Dataset,
) -> None:
    text = dumps(data)
    assert faults(data) == []
    assert json.loads(text) == data
    assert text.endswith("}\n")
    lines = [line.strip().rstrip(",") for line in text.splitlines()]
    for each in lines_of(data):
        compact = json.dumps(each, separators=(",", ":"))
        assert any(line.endswith(compact) for line in lines)
    # Each other list and object is spread out, one member a line.
    packed = [line for line in lines if line.count(",") > 1 and "[" in line]
    assert len(packed) == len(lines_of(data))


characters = st.characters(exclude_categories=["Cc", "Cs"])
texts = st.text(characters, min_size=1)


@given(texts | st.sampled_from([r"\u00010", r'"\u00010"', '"', "\\", "</", "🌿"]))
def test_any_text_is_written_and_read_again(text: str) -> None:
    data: Any = spoiled(GARDEN, "roles", 0, "duties", 0, value=text)
    data["places"]["tables"][0]["rows"][0][1] = text
    data["sources"][0]["caveats"] = [text]
    assert json.loads(dumps(data)) == data


def test_the_bundled_data_set_is_as_it_would_be_written(bundled: Dataset) -> None:
    content = BUNDLED.read_bytes()
    assert dumps(bundled).encode() == content
    assert len(content) < 500_000


def test_what_is_saved_is_the_text_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    for data in (GARDEN, SHAPES["without survey"]):
        save(data, str(path))
        assert path.read_bytes() == dumps(data).encode()
        assert list(tmp_path.iterdir()) == [path]


def test_a_name_without_a_folder_is_saved_in_the_current_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save(GARDEN, "data.json")
    assert (tmp_path / "data.json").read_bytes() == dumps(GARDEN).encode()


def test_an_unsound_data_set_is_refused_with_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    unsound = spoiled(GARDEN, "default_role", value="nobody")
    unsound["survey"]["source"] = "nowhere"
    with pytest.raises(DataError) as refused:
        save(unsound, str(path), force=True)
    assert refused.value.messages == (
        f"{path} would not be sound: default_role: there is no role 'nobody'",
        f"{path} would not be sound: survey.source: there is no source 'nowhere'",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"{}", b"", b"notes"], ids=["{}", "empty", "text"])
def test_a_file_that_is_no_data_set_is_kept_unless_forced(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(content)
    fault = f"{path} exists and is not a data set; add --force to replace it"
    with pytest.raises(DataError) as refused:
        save(GARDEN, str(path))
    assert str(refused.value) == fault
    assert path.read_bytes() == content
    save(GARDEN, str(path), force=True)
    assert load(path) == GARDEN


def test_a_symbolic_link_is_kept_even_one_to_nothing(tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "nothing.json")
    fault = f"{link} is a symbolic link; name the file itself, or add --force"
    with pytest.raises(DataError) as refused:
        save(GARDEN, str(link))
    assert str(refused.value) == fault
    assert list(tmp_path.iterdir()) == [link]


@pytest.mark.parametrize(
    ("path", "reason"),
    [("none/data.json", "no such folder"), ("folder", "it is not a file")],
    ids=["missing folder", "a folder"],
)
def test_what_cannot_be_written_is_told(
    path: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(DataError) as refused:
        save(GARDEN, path, force=True)
    assert str(refused.value) == f"cannot write {path}: {reason}"
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("force", [False, True], ids=["", "forced"])
def test_a_name_that_is_too_long_is_told(force: bool, tmp_path: Path) -> None:  # noqa: FBT001
    path = f"{tmp_path}/{'a' * 300}"
    with pytest.raises(DataError) as refused:
        save(GARDEN, path, force=force)
    assert str(refused.value) == f"cannot write {path}: file name too long"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077, 0o000], ids=oct)
def test_the_permissions_are_those_of_any_new_file(umask: int, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    before = os.umask(umask)
    try:
        save(GARDEN, str(path))
        still = os.umask(before)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask
    assert still == umask


# Saves that come to an end before they are through.


@pytest.mark.parametrize(
    ("fault", "told", "message"),
    [
        (OSError(28, "No space left on device"), DataError, "no space left on device"),
        (OSError("odd"), DataError, "odd"),
        (KeyboardInterrupt(), KeyboardInterrupt, ""),
    ],
    ids=["full", "without a number", "interrupt"],
)
@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_a_save_that_fails_half_way_leaves_the_old_file_alone(
    step: str,
    fault: BaseException,
    told: type[BaseException],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_arguments: object) -> None:
        raise fault

    path = tmp_path / "data.json"
    save(GARDEN, str(path))
    before = path.read_bytes()
    monkeypatch.setattr(step, fail)
    with pytest.raises(told) as failed:
        save(SHAPES["without survey"], str(path))
    assert str(failed.value) == (message and f"cannot write {path}: {message}")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


# The checks and the text take nearly all of a save's time; here they are done once,
# so that most moments fall into the writing.
SAVER = """\
import json, sys
from pathlib import Path
from mlroles.dataset import write as writing
path, *others = sys.argv[1:]
data = [json.loads(Path(other).read_bytes()) for other in others]
texts = {id(each): writing.dumps(each) for each in data}
writing.faults = lambda each: []
writing.dumps = lambda each: texts[id(each)]
print("ready", flush=True)
while True:
    for each in data:
        writing.save(each, path, force=True)
"""


def test_a_save_that_is_killed_leaves_one_of_the_two_files_whole(
    bundled: Dataset, tmp_path: Path
) -> None:
    wholes = {
        dumps(spoiled(bundled, "sources", 0, "records", value=count)).encode()
        for count in (1, 2)
    }
    path, *others = (tmp_path / name for name in ("data.json", "1.json", "2.json"))
    for other, content in zip(others, wholes, strict=True):
        other.write_bytes(content)
    path.write_bytes(min(wholes))
    command = [sys.executable, "-c", SAVER, *map(str, (path, *others))]
    for moment in range(8):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout
            assert process.stdout.readline() == b"ready\n"
            time.sleep(0.0037 * moment)
            process.kill()
        assert process.returncode < 0
        assert path.read_bytes() in wholes


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    save(GARDEN, str(path))
    path.chmod(0o600)
    save(SHAPES["without survey"], str(path))
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes")
@pytest.mark.parametrize("force", [False, True], ids=["", "forced"])
def test_a_pipe_is_no_place_for_a_file(force: bool, tmp_path: Path) -> None:  # noqa: FBT001
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(DataError) as refused:
        save(GARDEN, str(path), force=force)
    assert str(refused.value) == f"cannot write {path}: it is not a file"
    assert path.is_fifo()
