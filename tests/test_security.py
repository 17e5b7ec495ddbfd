from __future__ import annotations

import os
import re
import shutil
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.test_commands import ANSWERS
from tests.conftest import RUN_LINES, TINY, execute, run

REFUSE_NETWORK = """
import socket, sys

def refuse(event, arguments):
    # The event loop of `mcp` wakes itself by a pair of sockets.
    is_pair = event == "socket.__new__" and arguments[1] == socket.AF_UNIX
    if event.startswith(("socket.", "urllib.", "http.")) and not is_pair:
        raise RuntimeError(event)

sys.addaudithook(refuse)
"""


def test_no_command_uses_the_network(tmp_path: Path) -> None:
    records = tmp_path / "pay.csv"
    records.write_text("title,pay,year\n" + "Data Engineer,100000,2025\n" * 10)
    writing = [
        f"import {records} -o {tmp_path / 'data.json'}",
        f"show -o {tmp_path / 'page.html'}",
        f"compare -o {tmp_path / 'chart.svg'}",
    ]
    read = [f"validate {TINY}", "schema", "--help", "mcp", "import --print-sql"]
    lines = [*ANSWERS, *read, *writing]
    done = execute(sys.executable, "-c", REFUSE_NETWORK + RUN_LINES, *lines)
    assert done.returncode == 0, done.stderr


def test_the_audit_hook_detects_the_network() -> None:
    done = execute(sys.executable, "-c", f"{REFUSE_NETWORK}socket.socket()")
    assert b"RuntimeError: socket" in done.stderr


# What native code does: DuckDB's, matplotlib's and that of the event loop.
TRACED = [
    "import https://localhost/pay.csv -o x.json", "import pay.csv -o data.json",
    "compare -o chart.png", "compare -o chart.pdf", "mcp", "salary", "salary --json",
]  # fmt: skip


def traced(tmp_path: Path, *command: str) -> list[str]:
    """Return the system calls that make or use sockets but for pairs of them."""
    found = tmp_path / "calls"
    # Failed calls count as well.
    trace = ["strace", "-f", "-qq", "-e", "trace=network", "-e", "signal=none"]
    execute(*trace, "-o", str(found), sys.executable, *command, cwd=tmp_path)
    calls = [each.partition(" ")[2].strip() for each in found.read_text().splitlines()]
    return [each for each in calls if re.match("(socket|connect|bind)\\(", each)]


@pytest.mark.skipif(
    not (shutil.which("strace") and "CI" in os.environ), reason="needs CI and strace"
)
def test_no_command_makes_a_socket(tmp_path: Path) -> None:
    if not traced(tmp_path, "-c", "import socket; socket.socket()"):
        pytest.skip("processes cannot be traced here")
    records = "title,pay,year\n" + "Data Engineer,100000,2025\n" * 10
    (tmp_path / "pay.csv").write_text(records, encoding="utf-8")
    for line in TRACED:
        assert traced(tmp_path, "-m", "mlroles", *line.split()) == []
    assert (tmp_path / "data.json").exists()
    assert (tmp_path / "chart.pdf").exists()


def test_dependencies_have_upper_bounds() -> None:
    path = Path(__file__).parents[1] / "pyproject.toml"
    project = tomllib.loads(path.read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = [*project["dependencies"], *extras["import"], *extras["mcp"]]
    needed += extras["plot"]
    assert len(needed) > 8
    assert [each for each in needed if ",<" not in each] == []


OPTIONS = """
    --sort --reverse --limit --year --country --experience --work-mode --per --format
    --json --all --chart
    --match --level --min-records --by -r -n -f - -- --help --version
    openings US all senior remote hour csv grid 3 0 -1 2025 metro mle data-engineer data
"""
WORDS = st.sampled_from([*" ".join(ANSWERS).split(), *OPTIONS.split()])
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@given(st.lists(WORDS | st.text(max_size=6), max_size=7))
def test_any_command_line_is_answered_or_rejected_with_a_message(
    words: list[str],
) -> None:
    # Those would write files.
    writing = re.compile("import|--output.*|-r*o.*|--install-completion", re.DOTALL)
    words = [word for word in words if not writing.fullmatch(word)]
    result = run(*words)
    assert result.exit_code in {0, 1, 2}
    if result.exit_code:
        assert result.stdout == ""
        assert re.search('^(error: |{"error": )', result.stderr, re.MULTILINE)
    assert not CONTROL.search(result.stderr)


TEXT = TINY.read_text(encoding="utf-8")


@given(st.data())
def test_any_changed_data_set_is_answered_or_rejected_with_a_message(
    data: st.DataObject,
) -> None:
    start = data.draw(st.integers(0, len(TEXT)))
    added = data.draw(st.text(max_size=4) | st.sampled_from(["null", "-1", "{}", '""']))
    end = start + data.draw(st.integers(0, 6))
    content = (TEXT[:start] + added + TEXT[end:]).encode("utf-8", "replace")
    for command in (["show"], ["compare", "--all"], ["locations"], ["sources"]):
        result = run(*command, "--data", "-", input=content)
        assert result.exit_code in {0, 1}
        if result.exit_code:
            assert result.stdout == ""
            assert result.stderr.startswith("error: ")
        assert not CONTROL.search(result.stdout + result.stderr)
