from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mlroles.cli.registry import COMMANDS
from mlroles.dataset.kinds import KINDS
from tests.conftest import run

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs").glob("*.md"))
README = ROOT / "README.md"
DOCUMENTS = [
    README, *PAGES,
    *(ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
]  # fmt: skip
MAX_README_LINES = 150
NON_STANDARD = re.compile(
    r"\b(faults?|tell|tells|told|mend|stands|whom|left out|turns? round|at once|beside)"
    r"\b",
    re.IGNORECASE,
)
# Only official wages come from a survey.
MISLABELLED = re.compile(
    r"(?<!estimates from a )\bsurvey|\bself-selected|\brange ends|\bends of the ranges"
    r"|\bexact(ly)? (job )?titles?",
    re.IGNORECASE,
)


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
def test_documents_use_standard_english_and_right_names(document: Path) -> None:
    text = text_of(document)
    assert [*NON_STANDARD.findall(text), *MISLABELLED.findall(text)] == []


@pytest.mark.parametrize("folder", ["mlroles", "tools"])
def test_code_and_data_do_not_mislabel_figures(folder: str) -> None:
    files = [
        file
        for pattern in ("*.py", "*.sql", "*.json")
        for file in (ROOT / folder).rglob(pattern)
    ]
    assert len(files) > 5
    assert [name_of(f) for f in files if MISLABELLED.search(text_of(f))] == []


def test_readme_leads_with_the_answer_of_salary() -> None:
    text = text_of(README)
    answer = "Machine Learning Engineer, United States: $199,000 a year\n"
    start = text.index(f"$ mlroles salary | head -n 3\n{answer}")
    assert start < text.index("## Set-up")


def test_picture_of_the_readme_is_that_of_the_command(tmp_path: Path) -> None:
    drawn = tmp_path / "compare.svg"
    run("compare", "--output", str(drawn))
    texts = re.compile(r"(?<=>)[^<>\s][^<>]*(?=</text>)")
    kept = ROOT / "docs" / "compare.svg"
    assert texts.findall(text_of(kept)) == texts.findall(text_of(drawn)) != []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented_with_an_example(command: str) -> None:
    text = section(ROOT / "docs" / "commands.md", f"mlroles {command}")
    assert f"$ mlroles {command}" in text, (
        f"docs/commands.md: no section 'mlroles {command}' with an example"
    )


def test_every_kind_of_source_is_documented() -> None:
    text = section(ROOT / "docs" / "data.md", "Kinds of sources")
    kinds = re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE)
    assert sorted(kinds) == sorted(KINDS)


def test_documents_have_the_number_of_roles_of_the_data_set(bundled: Dataset) -> None:
    tens, ones = divmod(len(bundled.roles), 10)
    names = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    number = "-".join(filter(None, [{2: "twenty", 3: "thirty"}[tens], names[ones]]))
    pattern = r"\b((?:\w+teen|eleven|twelve|\w+ty)(?:-\w+)?|\d\d) roles\b"
    for document in DOCUMENTS:
        assert set(re.findall(pattern, text_of(document))) <= {number}, document
    assert f"It covers {number} roles." in text_of(README)
