"""What a command may load: a heavy import on a lookup's path fails here by name."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from functools import cache

import pytest

from tests.conftest import TINY

LOADED = """
import json, sys
before = set(sys.modules)
sys.argv = ["mlroles", *sys.argv[1:]]
try:
    {start}
except SystemExit as end:
    assert not end.code, end.code
print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)
"""
OWN = "from mlroles.__main__ import main; main()"
# What an app of two commands loads is Typer's affair, whatever its release.
TYPER_APP = """
    import typer
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command("one")(lambda: None)
    app.command("two")(lambda: None)
    sys.argv[1:] = ["one"]
    app()
"""
LOOKUP = {
    "unicodedata", "__future__", "gc", "mlroles", "mlroles.__main__", "mlroles.cli",
    "mlroles.dataset", "mlroles.output", "mlroles.queries", "mlroles.queries.cells",
    "mlroles.cli.app", "mlroles.cli.commands", "mlroles.cli.commands_roles",
    "mlroles.queries.compare", "mlroles.cli.completion", "mlroles.dataset.load",
    "mlroles.errors", "mlroles.dataset.dimensions", "mlroles.matching",
    "mlroles.queries.offer", "mlroles.cli.options", "mlroles.queries.locations",
    "mlroles.output.formats", "mlroles.queries.roles", "mlroles.queries.rows",
    "mlroles.queries.salary", "mlroles.queries.pay", "mlroles.cli.console",
}  # fmt: skip
PAGE = {
    *LOOKUP, "mlroles.output.columns", "mlroles.output.pages",
    "mlroles.output.pages_pay", "mlroles.output.values",
}  # fmt: skip
TABLE = {
    *PAGE, "mlroles.output.tables", "mlroles.output.tabulating", "tabulate",
    "tabulate.version", "dataclasses", "html", "html.entities", "wcwidth",
}  # fmt: skip


def loaded(start: str, *arguments: str) -> set[str]:
    """The modules that a start loads in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(start=start), *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": ""},
    )
    modules: list[str] = json.loads(done.stderr.splitlines()[-1])
    return {module for module in modules if not module.startswith("typer.")}


@cache
def of_typer() -> set[str]:
    return loaded(TYPER_APP.strip())


@pytest.mark.parametrize(
    "command",
    [
        "salary --json", "compare --sort openings --json", "locations --json",
        "offer 150k --json", "show --json", "faq --json", "roles -f jsonl",
        "describe --json", "duties --json", "sources --json", "--help",
        "salary --help", "--version",
    ],
)  # fmt: skip
def test_an_answer_for_a_machine_loads_just_this(command: str) -> None:
    assert loaded(OWN, *command.split()) - of_typer() - LOOKUP == set()


@pytest.mark.parametrize("command", ["describe", "duties", "faq", "offer 150k"])
def test_a_page_loads_just_this(command: str) -> None:
    assert loaded(OWN, *command.split()) - of_typer() - PAGE == set()


@pytest.mark.parametrize(
    "command",
    ["salary", "salary --by year", "compare", "locations", "show", "roles"],
)
def test_a_table_loads_just_this(command: str) -> None:
    assert loaded(OWN, *command.split()) - of_typer() - TABLE == set()


def test_a_data_set_of_ones_own_needs_pydantic() -> None:
    # What proves that the tests above see what is loaded.
    assert "pydantic" in loaded(OWN, "salary", "--json", "--data", str(TINY))


def test_the_stand_in_is_gone_when_tabulate_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "importlib.metadata", raising=False)
    monkeypatch.delitem(sys.modules, "mlroles.output.tabulating", raising=False)
    known = runpy.run_module("mlroles.output.tabulating")
    assert known["tabulate"].tabulate([["x"]], tablefmt="plain") == "x"
    assert "importlib.metadata" not in sys.modules
