from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from mlroles.output.columns import COLUMNS
from mlroles.queries.compare import SORTS

ROOT = Path(__file__).parent.parent


def test_the_examples_of_the_readme_are_what_the_command_prints() -> None:
    cog = [sys.executable, "-m", "cogapp", "--check", "--diff", "-P", "-I", "tools"]
    done = subprocess.run(
        [*cog, "README.md"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COLUMNS)
def test_the_table_of_keys_is_that_of_the_answers(name: str) -> None:
    command = name.replace("salary-by", "salary --by …")
    (line,) = (row for row in README.splitlines() if row.startswith(f"| `{command}` |"))
    keys = " ".join(column.key for column in COLUMNS[name])
    if name == "show":
        keys = "describe duties salary compare faq"
    assert f"| `{keys}`" in line


@pytest.mark.parametrize("name", SORTS)
def test_every_column_to_sort_by_is_named(name: str) -> None:
    (sentence,) = re.findall(r"`--sort` takes [^;]+;", README)
    assert f"`{name}`" in sentence
