"""What only a real process shows: its streams, its exit code, its surroundings."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlroles.__main__ import main
from mlroles.cli.app import app
from mlroles.cli.console import write
from mlroles.errors import MlrolesError
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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_standard_error_does_not_matter() -> None:
    widened = shell("mlroles salary dle 2>/dev/full")
    assert (widened.returncode, widened.stdout[:8]) == (0, b"$133,764")
    assert shell("mlroles salary nobody 2>/dev/full").returncode == 2


def test_the_name_of_a_sound_file_cannot_steer_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "evil\x1b[31mred.json"
    path.write_bytes(TINY.read_bytes())
    assert b"\x1b" not in process("validate", str(path)).stdout


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
        {"COLUMNS": "20"},
        {"COLUMNS": "10000"},
        {"COLUMNS": "nonsense"},
        {"HOME": "/nonexistent"},
        {"HOME": ""},
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


# An interrupt at some call that Python makes, counted from the start.
INTERRUPTED_AT = """
import sys
calls, at = 0, int(sys.argv[1])
sys.argv = ["mlroles", *sys.argv[2:]]
from mlroles.__main__ import main

def probe(frame, event, argument):
    global calls
    calls += event == "call"
    if calls == at:
        sys.setprofile(None)
        raise KeyboardInterrupt

def begin():
    sys.setprofile(probe)
    main()

try:
    begin()
finally:
    sys.setprofile(None)
    if not at:
        print(calls, file=sys.stderr)
"""


def interrupted(at: int, *line: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", INTERRUPTED_AT, str(at), *line]
    return subprocess.run(command, capture_output=True, check=False)


@pytest.mark.parametrize("line", ["salary", "compare --json", "salry"])
def test_an_interrupt_at_any_moment_ends_it_quietly_with_130(line: str) -> None:
    calls = int(interrupted(0, *line.split()).stderr.split()[-1])
    assert calls > 1_000
    # The first call is that of `main` itself.
    for at in range(2, calls, calls // 25):
        done = interrupted(at, *line.split())
        # In the middle of some of its own clearing up Python says so and goes on.
        if b"Exception ignored" not in done.stderr:
            assert (done.returncode, done.stderr) == (130, b""), at


# The whole file system, but for what is mounted into it.
READ_ONLY = [
    "unshare",
    "--mount",
    "sh",
    "-c",
    'mount -o remount,ro,bind / && exec "$@"',
    "",
]


@pytest.fixture(scope="module")
def read_only() -> list[str]:
    """What runs a command where nothing can be written."""
    try:
        refused = subprocess.run(
            [*READ_ONLY, "touch", str(TINY.with_name("x"))],
            capture_output=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except FileNotFoundError:
        pytest.skip("needs unshare")
    if b"Read-only file system" not in refused.stderr:
        pytest.skip("needs the right to mount a file system read-only")
    return READ_ONLY


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_package_installed_where_nothing_can_be_written_answers(
    answer: str, read_only: list[str], tmp_path: Path
) -> None:
    # Without what Python compiled of it before.
    package = tmp_path / "mlroles"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(TINY.parents[1] / "mlroles", package, ignore=ignored)
    done = subprocess.run(
        [*read_only, *MLROLES, *answer.split()],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    usual = subprocess.run([*MLROLES, *answer.split()], capture_output=True, check=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == usual.stdout
    assert not (package / "__pycache__").exists()


def test_what_cannot_be_written_to_a_read_only_file_system_is_told(
    read_only: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "chart.svg"
    line = [*read_only, *MLROLES, "compare", "--chart", str(file)]
    done = subprocess.run(line, capture_output=True, check=False)
    told = f"mlroles: cannot write {file}: read-only file system\n"
    assert (done.returncode, done.stderr.decode()) == (1, told)
    records = tmp_path / "pay.csv"
    records.write_text("work_year\n2025\n")
    line = [*read_only, *MLROLES, "import", str(records), "-o", str(tmp_path / "new")]
    done = subprocess.run(line, capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(b"mlroles: ")
    assert done.stderr.count(b"\n") == 1


def test_a_lookup_writes_no_file() -> None:
    code = """
import sys

def refuse(event, arguments):
    writes = event == "open" and (
        isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
        or arguments[2] & 0o103
    )
    if writes or event in {"os.mkdir", "os.rename", "os.remove", "os.chmod"}:
        raise RuntimeError((event, *arguments))

sys.dont_write_bytecode = True
sys.addaudithook(refuse)
from mlroles.__main__ import main
sys.argv = ["mlroles", *sys.argv[1:]]
main()
"""
    for answer in ANSWERS:
        done = subprocess.run(
            [sys.executable, "-c", code, *answer.split()],
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
    guarded = code.replace("main()", "open('/dev/null', 'a')")
    done = subprocess.run(
        [sys.executable, "-c", guarded], capture_output=True, check=False
    )
    assert b"RuntimeError: ('open', '/dev/null', 'a'" in done.stderr


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
