"""Long output on real terminals, and in a pipe."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from functools import cache
from typing import TYPE_CHECKING

import pytest

from mlroles.cli.console import Console
from tests.cli.terminals import control, open_terminal, terminal_of_this_process
from tests.conftest import MLROLES, process, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

LONG = "locations ds --limit all"
# Marks its first line, so that a test sees that it ran.
MARK = """#!/bin/sh
printf 'PAGER(%s)\\n' "$LESS"
exec cat
"""


def on_terminal(
    line: str,
    *,
    size: tuple[int, int] = (24, 80),
    keys: bytes = b"",
    interrupt: bool = False,
    env: Mapping[str, str | None] | None = None,
) -> tuple[int, str]:
    """Run a command line on a terminal; return its exit code and what is shown.

    Args:
        line: The command line.
        size: The height and the width of the terminal.
        keys: What is typed after the first output.
        interrupt: Whether to interrupt the foreground processes then.
        env: Environment variables; None removes one.
    """
    master, slave = open_terminal(*size)
    usual: dict[str, str | None] = {
        "TERM": "xterm",
        "COLUMNS": None,
        "LINES": None,
        "LESS": None,
    }
    environment: dict[str, str | None] = {**os.environ, **usual, **(env or {})}
    child = subprocess.Popen(
        [*MLROLES, *line.split()],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={key: value for key, value in environment.items() if value is not None},
        start_new_session=True,
        preexec_fn=control,  # noqa: PLW1509 - no threads here
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            # The terminal is closed: every process that used it has ended.
            break
        if not part:
            break
        if not shown:
            os.write(master, keys)
            if interrupt:
                os.write(master, b"\x03")
        shown += part
    os.close(master)
    return child.wait(timeout=20), shown.decode().replace("\r\n", "\n")


@cache
def without_pager() -> tuple[int, str]:
    """Return the exit code and the text of the long answer."""
    code, shown = on_terminal(f"{LONG} --no-pager")
    assert code == 0
    assert "error" not in shown
    return code, shown


def read_until(master: int, end: bytes) -> list[str]:
    """Return the words that a terminal shows, up to one."""
    shown = b""
    while end not in shown:
        shown += os.read(master, 65536)
    return shown.decode().split()


@pytest.fixture
def pager(tmp_path: Path) -> Callable[[str], str]:
    """Write a script and return its path, to be used as a pager."""

    def write(script: str) -> str:
        path = tmp_path / "my-pager"
        path.write_text(script, encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    return write


@pytest.mark.parametrize("variable", ["MLROLES_PAGER", "PAGER"])
def test_long_output_on_a_terminal_uses_the_pager(
    variable: str, pager: Callable[[str], str]
) -> None:
    code, shown = on_terminal(LONG, env={variable: pager(MARK)})
    assert code == 0
    # Pagers such as less show colors by default.
    assert shown.startswith("PAGER(FIRX)\n")
    _, plain = without_pager()
    assert shown.removeprefix("PAGER(FIRX)\n") == plain
    assert len(plain.splitlines()) > 24


def test_own_variable_takes_precedence(pager: Callable[[str], str]) -> None:
    mark = pager(MARK)
    assert (
        "PAGER("
        not in on_terminal(LONG, env={"MLROLES_PAGER": "cat", "PAGER": mark})[1]
    )
    assert "PAGER(" in on_terminal(LONG, env={"MLROLES_PAGER": mark, "PAGER": "cat"})[1]


def test_settings_of_the_user_are_kept(pager: Callable[[str], str]) -> None:
    assert on_terminal(LONG, env={"PAGER": pager(MARK), "LESS": "-S"})[1].startswith(
        "PAGER(-S)\n"
    )


def test_arguments_of_the_pager_are_kept(pager: Callable[[str], str]) -> None:
    script = pager('#!/bin/sh\nexec sed -n "$1"')
    _, shown = on_terminal(LONG, env={"PAGER": f"'{script}' '2 p'"})
    assert len(shown.splitlines()) == 1


def test_pager_is_started_without_a_shell(
    pager: Callable[[str], str], tmp_path: Path
) -> None:
    script = pager('#!/bin/sh\nexec printf "%s|" "$@"')
    run_by_shell = f"; touch {tmp_path}/pwned; $(touch {tmp_path}/pwned) | cat"
    _, shown = on_terminal(LONG, env={"PAGER": f"{script} {run_by_shell}"})
    assert shown == "|".join([*run_by_shell.split(), ""])
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    "command", ["cat", "", "  ", "/nowhere/pager -x", "'not closed", "/dev/null"]
)
def test_without_a_pager_output_is_written(command: str) -> None:
    assert on_terminal(LONG, env={"PAGER": command}) == without_pager()


def test_missing_less_is_no_error() -> None:
    assert on_terminal(LONG, env={"PATH": "/nowhere"}) == without_pager()


@pytest.mark.skipif(not shutil.which("less"), reason="needs less")
def test_less_is_the_default() -> None:
    code, shown = on_terminal(LONG, keys=b"q")
    assert code == 0
    assert "\nPlace " in shown
    assert len(shown.splitlines()) <= 26


def test_output_that_fits_is_not_paged(pager: Callable[[str], str]) -> None:
    mark = pager(MARK)
    _, plain = on_terminal("duties", env={"PAGER": mark})
    rows = len(plain.splitlines())
    assert "PAGER(" not in plain
    # The prompt needs a row as well.
    size = (rows + 1, 80)
    assert "PAGER(" not in on_terminal("duties", size=size, env={"PAGER": mark})[1]
    assert "PAGER(" in on_terminal("duties", size=(rows, 80), env={"PAGER": mark})[1]


def test_wrapped_lines_count(pager: Callable[[str], str]) -> None:
    line = "describe -f markdown"
    lines = len(run(*line.split()).stdout.splitlines())
    size = (lines + 2, 40)
    assert "PAGER(" in on_terminal(line, size=size, env={"PAGER": pager(MARK)})[1]
    size = (lines + 2, 4000)
    assert "PAGER(" not in on_terminal(line, size=size, env={"PAGER": pager(MARK)})[1]


@pytest.mark.parametrize("style", ["json", "jsonl", "csv", "tsv"])
def test_machine_formats_are_not_paged(style: str, pager: Callable[[str], str]) -> None:
    _, shown = on_terminal(f"{LONG} -f {style}", env={"PAGER": pager(MARK)})
    assert "PAGER(" not in shown
    assert len(shown.splitlines()) > 24


@pytest.mark.parametrize(
    "settings", [{"TERM": "dumb"}, {"TERM": None}, {"LINES": "1000"}], ids=str
)
def test_terminals_without_need_for_a_pager(
    settings: dict[str, str | None], pager: Callable[[str], str]
) -> None:
    assert "PAGER(" not in on_terminal(LONG, env={"PAGER": pager(MARK), **settings})[1]


def test_unknown_height_is_not_paged(pager: Callable[[str], str]) -> None:
    assert "PAGER(" not in on_terminal(LONG, size=(0, 0), env={"PAGER": pager(MARK)})[1]


def test_pipes_are_not_paged(pager: Callable[[str], str]) -> None:
    result = process(*LONG.split(), env={"PAGER": pager(MARK), "TERM": "xterm"})
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"PAGER(" not in result.stdout


def test_pager_that_is_quit_early_is_no_error(pager: Callable[[str], str]) -> None:
    quits = pager("#!/bin/sh\nread line\necho quit\nexit 3\n")
    assert on_terminal(LONG, env={"PAGER": quits}) == (0, "quit\n")
    # More than a pipe can hold.
    line = "locations swe -f html --limit all"
    assert len(run(*line.split()).stdout) > 65536
    assert on_terminal(line, env={"PAGER": quits}) == (0, "quit\n")


@pytest.mark.usefixtures("interruptible")
def test_interrupts_are_for_the_pager(pager: Callable[[str], str]) -> None:
    # The pager has all of the text before it is interrupted.
    waits = pager(
        "#!/bin/sh\ntrap 'echo interrupted; exit 0' INT\n"
        "cat >/dev/null\necho ready\nsleep 5 & wait\n"
    )
    code, shown = on_terminal(LONG, interrupt=True, env={"PAGER": waits})
    assert (code, shown.replace("^C", "")) == (0, "ready\ninterrupted\n")


def test_cat_is_no_pager(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    monkeypatch.setattr("subprocess.Popen", started.append)
    monkeypatch.setenv("LINES", "2")
    with terminal_of_this_process() as (master, terminal):
        Console(terminal, None, {"TERM": "xterm", "PAGER": "cat"}).page("1\n2\n3\n")
        assert read_until(master, b"3") == ["1", "2", "3"]
    assert not started


def test_interrupts_are_for_mlroles_after_the_pager(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setenv("LINES", "3")
    with terminal_of_this_process() as (master, terminal):
        console = Console(terminal, None, {"TERM": "xterm", "PAGER": "sed p"})
        console.page(
            "first\nsecond\nthird\nf\N{LATIN SMALL LETTER U WITH DIAERESIS}r\n"
        )
        console.page("fits\n")
        shown = read_until(master, b"fits")
    words = ["first", "second", "third", "für"]
    assert shown == [word for word in words for _ in range(2)] + ["fits"]
    assert signal.getsignal(signal.SIGINT) == before


def test_help_is_paged(pager: Callable[[str], str]) -> None:
    mark = pager(MARK)
    for line in ("help json", "help salary", "help"):
        assert "PAGER(" in on_terminal(line, env={"PAGER": mark})[1]
        assert "PAGER(" not in on_terminal(f"{line} --no-pager", env={"PAGER": mark})[1]


def test_windows_starts_the_pager_as_it_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[object] = []

    def popen(command: object, **_options: object) -> None:
        started.append(command)
        raise FileNotFoundError

    monkeypatch.setattr("mlroles.cli.console._WINDOWS", True)
    monkeypatch.setattr("subprocess.Popen", popen)
    monkeypatch.setenv("LINES", "3")
    with terminal_of_this_process() as (master, terminal):
        Console(terminal, None, {"PAGER": r'"C:\a b\less" -R'}).page("1\n2\n3\n4\n")
        shown = read_until(master, b"4")
    assert started == [r'"C:\a b\less" -R']
    assert shown == ["1", "2", "3", "4"]
