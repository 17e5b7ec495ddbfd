from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import mlroles
from mlroles.cli.commands import COMMANDS
from mlroles.output.columns import COLUMNS

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs").glob("*.md"))
README = ROOT / "README.md"
DOCUMENTS = [
    README, *PAGES,
    *(ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
]  # fmt: skip
MAX_README_LINES = 150
NON_STANDARD = re.compile(
    r"\b(faults?|tell|tells|told|mend|stands|whom)\b", re.IGNORECASE
)
REGENERATE = "Run: cog -r -P -I tools README.md docs/*.md"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def links(path: Path) -> list[tuple[str, str]]:
    """The targets of a document's relative links: file and anchor."""
    targets = re.findall(r"\]\(([^)\s]*)\)", text_of(path))
    relative = (target for target in targets if "://" not in target)
    return [(file, anchor) for file, _, anchor in (t.partition("#") for t in relative)]


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub creates for the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", text_of(path), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings}


def section(path: Path, heading: str) -> str:
    """The text of a section, up to the next heading; empty if there is none."""
    pattern = rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)"
    found = re.search(pattern, text_of(path), re.DOTALL | re.MULTILINE)
    return found[1] if found else ""


@pytest.mark.parametrize("document", [README, *PAGES], ids=name_of)
def test_examples_are_up_to_date(document: Path) -> None:
    cog = [sys.executable, "-m", "cogapp", "--check", "--diff", "-P", "-I", "tools"]
    done = subprocess.run(
        [*cog, name_of(document)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{REGENERATE}\n{done.stdout}{done.stderr}"


def test_readme_is_short() -> None:
    assert len(text_of(README).splitlines()) <= MAX_README_LINES


def test_readme_links_to_every_page() -> None:
    assert {name_of(page) for page in PAGES} - {file for file, _ in links(README)} == (
        set()
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_relative_links_resolve(document: Path) -> None:
    for file, anchor in links(document):
        target = document.parent / file if file else document
        assert target.is_file(), f"{name_of(document)}: no file {file}"
        assert not anchor or anchor in anchors(target), (
            f"{name_of(document)}: no heading #{anchor} in {file or 'the page itself'}"
        )


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_documents_use_standard_english(document: Path) -> None:
    assert NON_STANDARD.findall(text_of(document)) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented_with_an_example(command: str) -> None:
    text = section(ROOT / "docs" / "commands.md", f"mlroles {command}")
    assert f"$ mlroles {command}" in text, (
        f"docs/commands.md: no section 'mlroles {command}' with an example"
    )


@pytest.mark.parametrize("question", COLUMNS)
def test_every_key_is_documented(question: str) -> None:
    command = question.replace("salary-by", "salary --by")
    text = section(ROOT / "docs" / "json.md", command)
    documented = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    keys = [column.key for column in COLUMNS[question]]
    if question == "show":
        # In JSON, its keys are those of its parts.
        keys = list(mlroles.show(mlroles.load()))
    missing = [key for key in keys if key not in documented]
    surplus = [key for key in documented if key not in keys]
    assert not missing, f"docs/json.md: missing from '{command}': {', '.join(missing)}"
    assert not surplus, f"docs/json.md: no keys of '{command}': {', '.join(surplus)}"
    assert documented == keys, f"docs/json.md: '{command}' is not in the order of keys"
