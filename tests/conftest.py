"""Shared helpers: running the command, and data sets to run it on."""

from __future__ import annotations

import copy
import csv
import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings

from mlroles.cli import app
from mlroles.cli.console import Console
from mlroles.dataset.load import load
from mlroles.errors import InternalError, MlrolesError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mlroles.dataset.dataset import Dataset

# Whether to test thoroughly, which takes long.
FULL = "CI_FULL" in os.environ

# No test depends on a clock, and failures in CI can be reproduced.
settings.register_profile(
    "mlroles",
    deadline=None,
    derandomize="CI" in os.environ,
    max_examples=200 if FULL else 15,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("mlroles")

MLROLES = [sys.executable, "-m", "mlroles"]
# A program that runs command lines, which must all succeed.
RUN_LINES = """
import sys
from mlroles.__main__ import main
for line in sys.argv[1:]:
    sys.argv = ["mlroles", *line.split()]
    try:
        main()
    except SystemExit as end:
        assert not end.code, (line, end.code)
"""
GOLDEN = Path(__file__).parent / "golden"
TINY = Path(__file__).parent / "tiny.json"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="update the expected outputs"
    )


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Run the whole suite in a process for each processor, and a part in this one."""
    whole = config.args_source is not pytest.Config.ArgsSource.ARGS
    return None if whole else 0


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ignore the settings of the person who runs the tests."""
    for name in (
        "MLROLES_DATA", "MLROLES_FORMAT", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE",
        "MLROLES_PAGER", "PAGER", "PYTHONUNBUFFERED",
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture(autouse=True)
def no_internal_error(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail if an exception becomes an error in mlroles, unless a test is about that."""
    reached: list[str] = []
    with mock.patch.object(InternalError, "__init__", autospec=True) as create:

        def record(error: InternalError, *messages: str) -> None:
            reached.extend(messages)
            MlrolesError.__init__(error, *messages)

        create.side_effect = record
        yield
    assert bool(reached) == bool(request.node.get_closest_marker("internal_error"))


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let child processes be interrupted even if the test runner cannot be.

    In the background, it ignores SIGINT, and SIGHUP with nohup.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    hung_up = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGINT, before)
    signal.signal(signal.SIGHUP, hung_up)


class Result(NamedTuple):
    """What a command line printed, and its exit code."""

    exit_code: int
    stdout: str
    stderr: str


class Terminal(io.TextIOWrapper):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def run(
    *arguments: str,
    charset: str = "utf-8",
    input: bytes = b"",  # noqa: A002 - as subprocess.run names it
    env: Mapping[str, str] | None = None,
    stream: type[io.TextIOWrapper] = io.TextIOWrapper,
) -> Result:
    """Run a command line in this process."""
    out, err = io.BytesIO(), io.BytesIO()
    stdout = stream(out, encoding=charset, write_through=True)
    stderr = stream(err, encoding="utf-8", write_through=True)
    with (
        mock.patch.dict(os.environ, env or {}),
        mock.patch("sys.stdin", io.TextIOWrapper(io.BytesIO(input))),
        # Typer writes completion scripts to standard output itself.
        redirect_stdout(stdout),
    ):
        try:
            code = app.run(arguments, Console(stdout, stderr))
        except SystemExit as error:
            code = int(error.code or 0)
    return Result(code, out.getvalue().decode(charset), err.getvalue().decode())


def rows(*arguments: str, **options: Any) -> Any:
    """Return the JSON answer of a command line, which must succeed."""
    result = run(*arguments, "--json", **options)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def without_rows(*arguments: str) -> str:
    """Return the notes of a command line whose answer in JSON has no rows."""
    result = run(*arguments, "--json")
    assert (result.exit_code, result.stdout) == (0, "[]\n")
    return result.stderr


def refused(*arguments: str, exit_code: int = 2, **options: Any) -> str:
    """Return the error of a command line, which must have no answer."""
    result = run(*arguments, **options)
    assert (result.exit_code, result.stdout) == (exit_code, "")
    return result.stderr


def error_of(
    kind: type[BaseException], call: Callable[..., Any], *arguments: Any, **options: Any
) -> str:
    """Return the message of the error that a call must raise."""
    with pytest.raises(kind) as caught:
        call(*arguments, **options)
    return str(caught.value)


def prose(*arguments: str, **options: Any) -> str:
    """Return what a command line prints, without its line breaks."""
    return " ".join(run(*arguments, **options).stdout.split())


def execute(
    *command: str, env: Mapping[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[bytes]:
    """Run a command with some environment variables, and return what it prints."""
    if "input" not in options:
        options.setdefault("stdin", subprocess.DEVNULL)
    options.setdefault("stdout", subprocess.PIPE)
    return subprocess.run(
        command,
        check=False,
        env={**os.environ, **(env or {})},
        stderr=subprocess.PIPE,
        timeout=60,
        **options,
    )


def process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run a command line in a process of its own."""
    done = execute(*MLROLES, *arguments, **options)
    assert done.returncode != InternalError.exit_code, done.stderr
    return done


def import_records(folder: Path, table: list[list[Any]], *options: str) -> str:
    """Import a table of pay records, its header first; return the data set's path."""
    path, data = folder / "pay.csv", str(folder / "mine.json")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)
    result = run("import", str(path), *options, "-o", data)
    assert result.exit_code == 0, result.stderr
    return data


@pytest.fixture(scope="session")
def bundled() -> Dataset:
    return load()


@pytest.fixture
def tiny() -> Any:
    """A small valid data set, which a test may change."""
    return json.loads(TINY.read_text(encoding="utf-8"))


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Any], str]:
    """Write a data set to a file and return its path."""

    def save(data: Any) -> str:
        path = tmp_path / "data.json"
        path.write_text(json.dumps(data), encoding="utf-8")
        return str(path)

    return save


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare an output with the file of the expected output."""

    def check(name: str, output: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(output, encoding="utf-8")
        assert output == path.read_text(encoding="utf-8")

    return check


def cases(name: str) -> list[list[str]]:
    """Return the lines of a table in a file, by its tabs, without comments."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def words_of(line: str) -> list[str]:
    """Return the words of a command line in a table, where {TINY} is a data set."""
    return [word.replace("{TINY}", str(TINY)) for word in shlex.split(line)]


def assert_text(text: str, expected: str) -> None:
    """Compare a text; "..." in what is expected is any text, and "!" is without."""
    if expected.startswith("!"):
        assert expected[1:] not in text
    else:
        pattern = ".*".join(map(re.escape, expected.split("...")))
        assert re.fullmatch(pattern, text), f"{text}\nis not\n{expected}"


def assert_refused(line: str, message: str) -> None:
    """Check that a command line is an error of one line, as a table has it."""
    error = refused(*words_of(line))
    assert error.count("\n") == 1
    assert_text(error.removesuffix("\n"), f"error: {message}")


def assert_answer(line: str, page: str, notes: str) -> None:
    """Check what a command line prints on a wide terminal, as a table has it."""
    result = run(*words_of(line), env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert_text(" ".join(result.stdout.split()), page)
    shown = [note.removeprefix("note: ") for note in result.stderr.splitlines()]
    assert_text(" | ".join(shown) or "-", notes)


def changed(data: Any, *path: Any, value: Any) -> Any:
    """Return a copy of a data set with another value at a path."""
    data = copy.deepcopy(data)
    part = data
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return data
