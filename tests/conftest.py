"""What the tests share: how to run the command, and data sets to run it on."""

from __future__ import annotations

import copy
import json
import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from typer import testing
from typer.main import get_command
from typer.testing import CliRunner, Result

from mlroles.cli.app import app
from mlroles.dataset.load import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mlroles.dataset.schema import Dataset

# No test depends on a clock, and a failure in CI is one that can be had again.
settings.register_profile(
    "mlroles",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("mlroles")

# Typer's runner builds all commands anew each time, which is most of such a run.
vars(testing)["_get_command"] = cache(get_command)

GOLDEN = Path(__file__).parent / "golden"
TINY = Path(__file__).parent / "tiny.json"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the expected outputs anew"
    )


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own settings, whatever those of the person who runs them."""
    for name in ("MLROLES_DATA", "MLROLES_FORMAT", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Lets children be interrupted, even if whoever runs the tests cannot be."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def run(*arguments: str, charset: str = "utf-8", **options: Any) -> Result:
    """Run a command line in this process."""
    return CliRunner(charset).invoke(app, list(arguments), **options)


def rows(*arguments: str, **options: Any) -> Any:
    """The JSON answer of a command line that must succeed."""
    result = run(*arguments, "--json", **options)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def process(
    *arguments: str, env: dict[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[bytes]:
    """Run a command line as a process of its own, and wait for it."""
    command = [sys.executable, "-m", "mlroles", *arguments]
    surroundings = {**os.environ, **(env or {})}
    options.setdefault("stdin", subprocess.DEVNULL)
    options.setdefault("stdout", subprocess.PIPE)
    return subprocess.run(
        command,
        check=False,
        env=surroundings,
        stderr=subprocess.PIPE,
        timeout=60,
        **options,
    )


@pytest.fixture(scope="session")
def bundled() -> Dataset:
    return load()


@pytest.fixture
def tiny() -> Any:
    """A small sound data set that a test may spoil."""
    return json.loads(TINY.read_text(encoding="utf-8"))


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Any], str]:
    """Writes a data set to a file and gives its path."""

    def save(data: Any) -> str:
        path = tmp_path / "data.json"
        path.write_text(json.dumps(data), encoding="utf-8")
        return str(path)

    return save


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Holds an output against the file that says what it should be."""

    def check(name: str, output: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(output, encoding="utf-8")
        assert output == path.read_text(encoding="utf-8")

    return check


def spoiled(data: Any, *path: Any, value: Any) -> Any:
    """A copy of a data set with another value at a place."""
    data = copy.deepcopy(data)
    part = data
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return data
