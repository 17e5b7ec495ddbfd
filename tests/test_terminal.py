"""What only a real process shows: its streams, its exit code, its surroundings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlroles.__main__ import main
from mlroles.cli import app
from mlroles.errors import MlrolesError
from mlroles.terminal import write
from tests.conftest import TINY, process

MLROLES = [sys.executable, "-m", "mlroles"]
ANSWERS = ["salary", "compare", "locations ds", "show", "sources", "compare --json"]


def shell(line: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of a shell in which `mlroles` is this checkout's."""
    command = f'mlroles() {{ {sys.executable!r} -m mlroles "$@"; }}; {line}'
    return subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        check=False,
        env={**os.environ, **env},
        timeout=60,
    )


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_reader_that_leaves_early_makes_no_noise(answer: str) -> None:
    result = shell(f"mlroles {answer} | head -n 1; echo ${{PIPESTATUS[0]}}")
    assert result.stderr == b""
    assert result.stdout.endswith(b"\n0\n")


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_reader_that_never_reads_makes_no_noise(answer: str) -> None:
    read, write = os.pipe()
    os.close(read)
    result = process(*answer.split(), stdout=write)
    os.close(write)
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_closed_standard_output_is_told(answer: str) -> None:
    result = shell(f"mlroles {answer} >&-")
    assert result.returncode == 1
    assert result.stderr == (
        b"mlroles: cannot write the answer: standard output is closed\n"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("answer", ANSWERS)
def test_a_full_disk_is_told(answer: str) -> None:
    result = shell(f"mlroles {answer} >/dev/full")
    assert result.returncode == 1
    assert result.stderr == (
        b"mlroles: cannot write the answer: no space left on device\n"
    )


def test_a_closed_standard_error_does_not_matter() -> None:
    assert shell("mlroles salary 2>&-").stdout.startswith(b"$110,673 a year")
    assert shell("mlroles salary nobody 2>&-").returncode == 2
    widened = shell("mlroles salary dle 2>&-")
    assert (widened.returncode, widened.stdout[:8]) == (0, b"$133,764")


def test_a_closed_standard_input_does_not_matter_unless_it_is_read() -> None:
    assert shell("mlroles salary <&-").returncode == 0
    result = shell("mlroles salary --data - <&-")
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr == b"mlroles: cannot read standard input: it is closed\n"


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp1252"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"TERM": "dumb"},
        {"NO_COLOR": "1"},
        {"FORCE_COLOR": "1"},
        {"COLUMNS": "1"},
        {"COLUMNS": "nonsense"},
        {"HOME": "/nonexistent"},
    ],
    ids=lambda env: " ".join(f"{key}={value}" for key, value in env.items()),
)
def test_any_surroundings_are_stood(env: dict[str, str]) -> None:
    for answer in ANSWERS:
        result = process(*answer.split(), env=env)
        assert (result.returncode, result.stderr) == (0, b"")
        assert b"\x1b" not in result.stdout


def test_what_the_terminal_cannot_show_is_replaced_and_json_is_utf_8(
    tmp_path: Path,
) -> None:
    path = tmp_path / "data.json"
    text = TINY.read_text(encoding="utf-8").replace('"Gardener"', '"Gärtner"')
    path.write_text(text, encoding="utf-8")
    ascii_only = {"PYTHONIOENCODING": "ascii", "MLROLES_DATA": str(path)}
    table = process("compare", env=ascii_only).stdout.decode("ascii")
    assert "G?rtner *" in table
    assert "Salary v" in table
    answer = process("compare", "--json", env=ascii_only).stdout.decode("utf-8")
    assert '"Gärtner"' in answer


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_ends_it_quietly_with_130(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    child = subprocess.Popen(
        [*MLROLES, "salary", "--data", str(fifo)], stderr=subprocess.PIPE
    )
    # It waits for a writer, who opens the other end without writing.
    with fifo.open("wb"):
        time.sleep(0.1)
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=20)
    assert (child.returncode, errors) == (130, b"")


def test_an_interrupt_while_the_commands_load_ends_it_with_130(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gc.disable", interrupted)
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 130


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("salary", b"$110,673 a year"),
        ("help salary", b"Usage: mlroles salary"),
        ("--help", b"  compare  "),
        ("salary --help", b"Usage: mlroles salary"),
        ("salry", b"did you mean 'salary'"),
    ],
)
def test_a_start_knows_all_that_its_line_needs(line: str, says: bytes) -> None:
    result = process(*line.split())
    assert says.lower() in (result.stdout + result.stderr).lower()


def test_a_start_builds_only_the_command_that_is_named(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("gc.disable", lambda: None)
    monkeypatch.setattr("gc.freeze", lambda: None)
    monkeypatch.setattr(app, "registered_commands", list(app.registered_commands))
    monkeypatch.setattr(sys, "argv", ["mlroles", "duties"])
    with pytest.raises(SystemExit):
        main()
    assert [command.name for command in app.registered_commands] == ["duties"]
    assert capfd.readouterr().out.startswith("Machine Learning Engineer")


def test_a_closed_standard_output_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(MlrolesError, match="standard output is closed"):
        write("x")


def test_a_stream_that_takes_nothing_is_a_fault_but_for_a_reader_that_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read, end = os.pipe()
    os.close(read)
    with open(end, "w", encoding="utf-8") as left:  # noqa: PTH123 - a descriptor
        monkeypatch.setattr(sys, "stdout", left)
        write("x")
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(MlrolesError, match="no space left on device"):
            write("x")


def test_python_m_and_the_script_are_the_same() -> None:
    script = Path(sys.executable).with_name("mlroles")
    by_script = subprocess.run([script, "compare"], capture_output=True, check=True)
    assert by_script.stdout == process("compare").stdout


def test_help_calls_it_by_its_name() -> None:
    assert process("--help").stdout.startswith(b"Usage: mlroles [OPTIONS] COMMAND")
