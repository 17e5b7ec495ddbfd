"""Streams, exit codes and the environment of real processes."""

from __future__ import annotations

import fcntl
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

import pytest

from mlroles.__main__ import main
from mlroles.cli import app
from mlroles.cli.console import Console
from mlroles.cli.registry import COMMANDS
from tests.conftest import (
    FULL,
    MLROLES,
    RUN_LINES,
    TINY,
    Terminal,
    execute,
    process,
    run,
)
from tests.importer.records_file import repeat, write_csv

if TYPE_CHECKING:
    from collections.abc import Iterable

ANSWERS = ["salary", "compare", "locations ds", "show", "sources", "compare --json"]
# Of these, where each answer needs a process.
LONG_AND_JSON = ["show", "compare --json"]


def shell(line: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run a shell command in which `mlroles` is the one under test."""
    command = f'mlroles() {{ {sys.executable!r} -m mlroles "$@"; }}; {line}'
    return execute("bash", "-c", command, env=env)


def answer_to(stdout: TextIO | None, answer: str) -> tuple[int, str]:
    """Write an answer to a stream; return the exit code and the messages."""
    messages = io.StringIO()
    code = app.run(answer.split(), Console(stdout, messages))
    return code, messages.getvalue()


@pytest.mark.compat
@pytest.mark.parametrize("answer", ANSWERS)
def test_answers_to_a_closed_pipe_are_not_an_error(answer: str) -> None:
    read, write = os.pipe()
    os.close(read)
    with open(write, "w", encoding="utf-8") as closed:  # noqa: PTH123 - a descriptor
        assert answer_to(closed, answer) == (0, "")


@pytest.mark.parametrize("answer", ANSWERS)
def test_answers_to_a_closed_stream_or_a_full_disk_are_reported(answer: str) -> None:
    failed = "cannot write the output: "
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        for stream, reason in (
            (None, "standard output is closed"),
            (full, "no space left on device"),
        ):
            code, message = answer_to(stream, answer)
            assert code == 1
            if "--json" in answer:
                assert json.loads(message)["error"] == f"{failed}{reason}"
            else:
                assert message == f"error: {failed}{reason}\n"


def test_pipe_closed_from_the_start_is_not_an_error() -> None:
    read, write = os.pipe()
    os.close(read)
    result = process("show", stdout=write)
    os.close(write)
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.parametrize("line", ["salary", "compare --help", "--version"])
def test_closed_standard_output_is_reported(line: str) -> None:
    result = shell(f"mlroles {line} >&-")
    assert result.returncode == 1
    assert result.stderr == (
        b"error: cannot write the output: standard output is closed\n"
    )


@pytest.mark.parametrize("to", ["&-", "/dev/full"])
def test_closed_or_full_standard_error_is_ignored(to: str) -> None:
    assert shell(f"mlroles salary nobody 2>{to}").returncode == 2
    result = shell(f"mlroles salary dle 2>{to}")
    assert (result.returncode, result.stdout[:8]) == (0, b"Deep Lea")


def test_full_standard_error_has_nothing_left_to_write() -> None:
    # Closing the stream would fail if it still had the message.
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        assert app.run(["salary", "nobody"], Console(None, full)) == 2


def test_errors_of_streams_that_typer_writes_to_are_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_names: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(app, "build", fail)
    message = "error: cannot write the output: no space left on device\n"
    assert run("salary") == (1, "", message)
    assert answer_to(None, "salary") == (1, message)


def test_completion_script_reports_a_full_disk() -> None:
    result = shell("_MLROLES_COMPLETE=source_bash mlroles >/dev/full", SHELL="bash")
    assert result.returncode == 1
    assert result.stderr == b"error: cannot write the output: no space left on device\n"


# What writes to standard output: answers, commands, Typer, and an import.
WRITES = [
    "schema",
    "show",
    "compare --json",
    "--help",
    "help json",
    "--show-completion",
    f"import pay.csv -o - --data {TINY}",
    "completion",
]


@pytest.mark.parametrize(
    ("line", "unbuffered"),
    [*((line, "") for line in WRITES), *((line, "1") for line in ("show", "--help"))],
)
def test_output_is_written_whole_or_reported(
    line: str, unbuffered: str, tmp_path: Path
) -> None:
    write_csv(tmp_path / "pay.csv", repeat(20))
    env = {"PYTHONUNBUFFERED": unbuffered, "SHELL": "bash"}
    words = line.split()
    if line == "completion":
        typed = "mlroles employers --match "
        env |= {"_MLROLES_COMPLETE": "complete_bash", "COMP_WORDS": typed}
        env["COMP_CWORD"] = "3"
        words = []

    def written(
        sink: int | BinaryIO, *, blocks: int | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        limit = "" if blocks is None else f"ulimit -f {blocks}; "
        command = ("bash", "-c", f'{limit}exec "$@"', "", *MLROLES, *words)
        return execute(*command, stdout=sink, cwd=tmp_path, env=env)

    whole = written(subprocess.PIPE)
    assert whole.returncode == 0
    assert len(whole.stdout) > 100
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        assert_reported(written(full))
    if "import" not in words:  # It has files of its own, which the limit is for, too.
        with (tmp_path / "limited").open("wb") as limited:
            done = written(limited, blocks=1)
        check_whole(done, (tmp_path / "limited").read_bytes(), whole.stdout)
    read, write = os.pipe()
    fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
    os.set_blocking(write, False)
    done = written(write)
    os.close(write)
    with open(read, "rb") as pipe:  # noqa: PTH123 - a descriptor
        check_whole(done, pipe.read(), whole.stdout)


def test_raw_standard_output_is_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with (tmp_path / "out").open("wb", buffering=0) as raw:
        text: Any = io.TextIOWrapper(raw, encoding="latin-1", write_through=True)
        monkeypatch.setattr(sys, "stdout", text)
        Console.of_process().write("\u00e9")
        assert isinstance(sys.stdout.buffer, io.BufferedWriter)
    assert (tmp_path / "out").read_bytes() == b"\xe9"


def check_whole(
    done: subprocess.CompletedProcess[bytes], found: bytes, whole: bytes
) -> None:
    """Check that a command has written its whole output, or reported an error."""
    if done.returncode == 0:
        assert found == whole
    else:
        assert_reported(done)


def assert_reported(done: subprocess.CompletedProcess[bytes]) -> None:
    """Check that a command has reported in one line that it could not write."""
    assert done.returncode == 1
    assert b"cannot write the output: " in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_file_names_cannot_control_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "evil\x1b[31mred.json"
    path.write_bytes(TINY.read_bytes())
    assert b"\x1b" not in process("validate", str(path)).stdout


def test_closed_standard_input_matters_only_if_it_is_read() -> None:
    assert shell("mlroles salary <&-").returncode == 0
    result = shell("mlroles salary --data - <&-")
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr == b"error: cannot read standard input: it is closed\n"


# What Python reads when it starts, and folders that do not exist.
PROCESS_SETTINGS = [
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "cp1252"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"HOME": "/nonexistent"},
    {"HOME": ""},
]
TERMINAL_SETTINGS = [
    {"TERM": "dumb"},
    {"TERM": ""},
    {"NO_COLOR": "1"},
    *({"COLUMNS": text} for text in ("0", "1", "20", "10000", "nonsense", "-5", "")),
]


def as_text(env: dict[str, str]) -> str:
    return " ".join(f"{key}={value}" for key, value in env.items())


@pytest.mark.compat
@pytest.mark.parametrize("env", PROCESS_SETTINGS, ids=as_text)
def test_any_environment_of_a_process_is_supported(env: dict[str, str]) -> None:
    for answer in LONG_AND_JSON:
        result = process(*answer.split(), env=env)
        assert (result.returncode, result.stderr) == (0, b"")
        assert b"\x1b" not in result.stdout


@pytest.mark.parametrize("env", TERMINAL_SETTINGS, ids=as_text)
def test_any_setting_of_a_terminal_is_supported(env: dict[str, str]) -> None:
    for answer in ANSWERS:
        result = run(*answer.split(), env=env)
        assert (result.exit_code, result.stderr) == (0, "")
        assert len(result.stdout) > 100
        assert "\x1b" not in result.stdout


def test_unsupported_characters_are_replaced_but_json_is_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    text = TINY.read_text(encoding="utf-8").replace('"Gardener"', '"Gärtner"')
    path.write_text(text, encoding="utf-8")
    ascii_only = {"PYTHONIOENCODING": "ascii", "MLROLES_DATA": str(path)}
    table = process("compare", env=ascii_only).stdout.decode("ascii")
    assert "G?rtner *" in table
    assert "Median v" in table
    answer = process("compare", "--json", env=ascii_only).stdout.decode("utf-8")
    assert '"Gärtner"' in answer


@pytest.mark.compat
@pytest.mark.usefixtures("interruptible")
def test_interrupt_exits_with_130(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    child = subprocess.Popen(
        [*MLROLES, "salary", "--data", str(fifo)], stderr=subprocess.PIPE
    )
    # The pipe opens when the command reads it, and nothing is written.
    with fifo.open("wb"):
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=20)
    assert (child.returncode, errors) == (130, b"")


def test_interrupt_during_imports_exits_with_130(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gc.disable", interrupted)
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 130


# Interrupts at the n-th function call from the start.
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
    return execute(sys.executable, "-c", INTERRUPTED_AT, str(at), *line)


@pytest.mark.parametrize("line", ["salary", "compare --json", "salry"])
def test_interrupt_at_any_call_exits_with_130(line: str) -> None:
    # The first process may have to compile modules, which takes more calls.
    _, counted = [interrupted(0, *line.split()) for _ in range(2)]
    calls = int(counted.stderr.split()[-1])
    assert calls > 1_000
    # The first call is that of `main`.
    for at in range(2, calls, calls // (100 if FULL else 8)):
        done = interrupted(at, *line.split())
        # Python reports an interrupt during its own cleanup, and continues.
        if b"Exception ignored" not in done.stderr:
            assert (done.returncode, done.stderr) == (130, b""), at


# Remount the file system read-only.
READ_ONLY = [
    "unshare", "--mount", "sh", "-c", 'mount -o remount,ro,bind / && exec "$@"', "",
]  # fmt: skip


@pytest.fixture(scope="module")
def read_only() -> list[str]:
    """Return a command that runs another one on a read-only file system."""
    try:
        touch = (*READ_ONLY, "touch", str(TINY.with_name("x")))
        refused = execute(*touch, env={"LC_ALL": "C"})
    except FileNotFoundError:
        pytest.skip("needs unshare")
    if b"Read-only file system" not in refused.stderr:
        pytest.skip("needs permission to mount a file system read-only")
    return READ_ONLY


def test_package_works_on_a_read_only_file_system(
    read_only: list[str], tmp_path: Path
) -> None:
    # Without compiled files.
    package = tmp_path / "mlroles"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(TINY.parents[1] / "mlroles", package, ignore=ignored)
    env = {"PYTHONPATH": str(tmp_path)}
    done = execute(*read_only, *MLROLES, "show", cwd=tmp_path, env=env)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == process("show").stdout
    assert not (package / "__pycache__").exists()


def test_writing_to_a_read_only_file_system_is_reported(
    read_only: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "chart.svg"
    done = execute(*read_only, *MLROLES, "compare", "--output", str(file))
    message = f"error: cannot write {file}: read-only file system\n"
    assert (done.returncode, done.stderr.decode()) == (1, message)
    records = tmp_path / "pay.csv"
    records.write_text("work_year\n2025\n")
    line = ["import", str(records), "-o", str(tmp_path / "new")]
    done = execute(*read_only, *MLROLES, *line)
    assert done.returncode == 1
    assert done.stderr.startswith(b"error: ")
    assert done.stderr.count(b"\n") == 1


REFUSE_WRITING = """
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
"""


def test_lookups_write_no_files() -> None:
    done = execute(sys.executable, "-c", REFUSE_WRITING + RUN_LINES, *ANSWERS)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"Machine Learning Engineer") > len(ANSWERS)
    done = execute(sys.executable, "-c", f"{REFUSE_WRITING}open('/dev/null', 'a')")
    assert b"RuntimeError: ('open', '/dev/null', 'a'" in done.stderr


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("salary", b"$199,000 a year"),
        ("--help", b"Usage: mlroles [OPTIONS] COMMAND"),
        ("salary --help", b"Usage: mlroles salary"),
        ("salry", b"did you mean: mlroles salary"),
    ],
)
def test_process_builds_what_the_command_line_needs(line: str, says: bytes) -> None:
    result = process(*line.split())
    assert says.lower() in (result.stdout + result.stderr).lower()


def test_only_the_named_command_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[list[str]] = []
    build = app.build

    def record(names: Iterable[str]) -> Any:
        built.append(list(names))
        return build(names)

    monkeypatch.setattr(app, "build", record)
    for line in ("duties", "help duties", "--help", "dutis"):
        run(*line.split())
    assert built == [["duties"], *[list(COMMANDS)] * 3]


def test_main_can_run_more_than_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gc.disable", lambda: None)
    monkeypatch.setattr("gc.freeze", lambda: None)
    for command in ("duties", "describe", "duties"):
        out = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, "utf-8"))
        monkeypatch.setattr(sys, "argv", ["mlroles", command])
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == 0
        sys.stdout.flush()
        assert out.getvalue().decode() == run(command).stdout


COLORS: dict[str, tuple[dict[str, str], str, bool, bool]] = {
    # The environment, --color, and whether a terminal and a pipe get colors.
    "terminal": ({"TERM": "xterm"}, "auto", True, False),
    "dumb": ({"TERM": "dumb"}, "auto", False, False),
    "no TERM": ({}, "auto", False, False),
    "NO_COLOR": ({"TERM": "xterm", "NO_COLOR": "1"}, "auto", False, False),
    "empty NO_COLOR": ({"TERM": "xterm", "NO_COLOR": ""}, "auto", True, False),
    "FORCE_COLOR": ({"TERM": "dumb", "FORCE_COLOR": "1"}, "auto", True, True),
    "empty FORCE_COLOR": ({"TERM": "xterm", "FORCE_COLOR": ""}, "auto", True, False),
    "CLICOLOR_FORCE": ({"CLICOLOR_FORCE": "1"}, "auto", True, True),
    "NO_COLOR first": ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, "auto", False, False),
    "NO_COLOR before CLICOLOR_FORCE": (
        {"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, "auto", False, False,
    ),
    "always": ({"NO_COLOR": "1", "TERM": "dumb"}, "always", True, True),
    "never": ({"FORCE_COLOR": "1", "TERM": "xterm"}, "never", False, False),
}  # fmt: skip


@pytest.mark.parametrize(
    ("variables", "choice", "terminal", "pipe"), COLORS.values(), ids=list(COLORS)
)
def test_precedence_of_color_settings(
    variables: dict[str, str],
    choice: str,
    terminal: bool,  # noqa: FBT001 - a parameter
    pipe: bool,  # noqa: FBT001 - a parameter
) -> None:
    on_screen = Console(Terminal(io.BytesIO()), None, variables)
    assert on_screen.shows_color(choice) == terminal
    piped = Console(io.TextIOWrapper(io.BytesIO()), None, variables)
    assert piped.shows_color(choice) == pipe
    assert Console(None, None, variables).shows_color(choice) == pipe


def test_windows_console_needs_no_term(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr("mlroles.cli.console._WINDOWS", True)
    monkeypatch.setattr("os.system", started.append)
    console = Console(Terminal(io.BytesIO()), None, {})
    assert console.shows_color()
    assert not Console(io.TextIOWrapper(io.BytesIO()), None, {}).shows_color()
    assert not Console(Terminal(io.BytesIO()), None, {"TERM": "dumb"}).shows_color()
    console.write("plain")
    assert not started
    console.write("\x1b[36mcyan\x1b[0m")
    assert started == [""]


@pytest.mark.compat
def test_python_m_and_the_script_are_the_same() -> None:
    script = Path(sys.executable).with_name("mlroles")
    assert execute(str(script), "compare").stdout == process("compare").stdout != b""
