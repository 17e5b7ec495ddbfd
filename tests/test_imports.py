"""What a command may load: a heavy import on a lookup's path fails here by name."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

CODE = """
import json, sys
before = set(sys.modules)
sys.argv = ["mlroles", *sys.argv[1:]]
try:
    from mlroles.__main__ import main
    main()
except SystemExit as end:
    assert not end.code, end.code
print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)
"""
HEAVY = {
    "duckdb", "hypothesis", "numpy", "pycountry", "pydantic", "pydantic_core",
    "pygments", "rich", "tabulate", "typing_extensions", "markdown_it",
    "importlib.metadata", "email", "logging", "asyncio", "unittest", "http", "ssl",
    "csv", "decimal", "tempfile",
}  # fmt: skip


def loaded(*arguments: str) -> set[str]:
    """The modules that a command loads in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": ""},
    )
    modules: list[str] = json.loads(done.stderr.splitlines()[-1])
    return set(modules)


@pytest.mark.parametrize(
    "command",
    ["salary", "compare", "locations", "show", "offer 100k", "roles", "sources"],
)
def test_a_table_needs_tabulate_and_nothing_else_heavy(command: str) -> None:
    modules = loaded(*command.split())
    assert not modules & (HEAVY - {"tabulate"})


@pytest.mark.parametrize(
    "command",
    [
        "salary --json", "compare --json", "locations --json", "offer 1k --json",
        "show --json", "faq", "duties", "describe", "--help", "salary --help",
    ],
)  # fmt: skip
def test_a_lookup_loads_nothing_heavy(command: str) -> None:
    assert not loaded(*command.split()) & HEAVY


def test_a_data_set_of_ones_own_needs_pydantic() -> None:
    # What proves that the tests above see what is loaded.
    from tests.conftest import TINY  # noqa: PLC0415

    assert "pydantic" in loaded("salary", "--json", "--data", str(TINY))
