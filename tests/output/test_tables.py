"""Tables: their width, their alignment and their cells in every format."""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from mlroles.output import _tabulate
from mlroles.output._tabulate import tabulate
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.compat

JAPANESE = "機械学習エンジニア"


@pytest.fixture
def japanese(tiny: Any, saved: Callable[[Any], str]) -> str:
    """Return the path of a data set whose default role has a Japanese title."""
    tiny["roles"][0]["title"] = JAPANESE
    return saved(tiny)


def test_tables_with_wide_characters_are_aligned(japanese: str) -> None:
    line = ["compare", "--data", japanese]
    text = run(*line, env={"COLUMNS": "100"}).stdout.split("\n\n", 1)[1]
    heading, rule, *lines = text.splitlines()
    rows = lines[: lines.index("")]
    assert any(line.startswith(f"{JAPANESE} *") for line in rows)
    assert heading.rstrip().endswith("Difference")
    # The last column is right-aligned, so that all lines have the same width.
    assert {cell_len(line) for line in [heading, rule, *rows]} == {len(rule)}


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize(
    "line",
    [
        "compare mlops mle ds",
        "compare --sort openings",
        "compare ds mle --limit 1",
        "compare mlops mle --fields title,median",
        "compare mlops mle --fields title,median,difference",
        "locations ds --level country",
    ],
)
def test_a_row_is_marked_only_if_the_mark_is_explained(line: str, width: int) -> None:
    text = run(*line.split(), env={"COLUMNS": str(width)}).stdout
    table, *notes = (
        text.split("\n\n")[-2:]
        if "--fields" in line
        else (text.split("\n\n", 1)[1].split("\n\n", 1))
    )
    assert (" *" in table) == ("(*)" in " ".join(notes))


def test_headings_of_several_words_are_wrapped_before_columns_are_hidden() -> None:
    def lines(width: int) -> list[str]:
        text = run("salary", env={"COLUMNS": str(width)}).stdout
        _, table, _ = text.split("\n\n")
        return [" ".join(each.split()) for each in table.splitlines()]

    assert lines(80)[0] == "Other figures 25th Median or mean 75th"
    assert lines(60)[:2] == ["Other figures 25th Median 75th", "or mean"]


def test_markdown_with_wide_characters_is_aligned(japanese: str) -> None:
    lines = run("compare", "-f", "markdown", "--data", japanese).stdout.splitlines()
    table = lines[: lines.index("")]
    assert any(JAPANESE in line for line in table)
    assert len({cell_len(line) for line in table}) == 1


def test_wide_characters_need_no_wcwidth(japanese: str) -> None:
    code = (
        "import sys; sys.modules['wcwidth'] = None; "
        "from mlroles.__main__ import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "compare", "--data", japanese],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8", "COLUMNS": "80"},
        timeout=60,
    )
    assert done.stdout == run("compare", "--data", japanese).stdout


def test_subheadings_with_wide_characters_are_underlined(japanese: str) -> None:
    lines = run("roles", "--data", japanese).stdout.splitlines()
    heading, rule, first, *_ = lines
    start = heading.index("Aliases")
    assert rule[start] == "-"
    assert cell_len(first[: first.index("green")]) == start


def test_tabulate_is_imported_without_importlib_metadata(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # pytest has loaded it; the command line has not.
    monkeypatch.delitem(sys.modules, "importlib.metadata")
    importlib.reload(_tabulate)
    assert "importlib.metadata" not in sys.modules


def test_drawing_a_table_leaves_tabulate_as_it_was() -> None:
    # A program or a notebook that uses mlroles may use tabulate as well.
    def table() -> str:
        return tabulate.tabulate([[1, JAPANESE]], ["N", "Title"], "pipe")

    before, settings = table(), dict(vars(tabulate))
    for style in ("table", "markdown", "html"):
        run("compare", "-f", style)
    assert table() == before
    assert dict(vars(tabulate)) == settings


def test_settings_that_are_replaced_exist() -> None:
    # Private names of tabulate: a release without them must not pass unnoticed.
    assert {"MIN_PADDING", "WIDE_CHARS_MODE", "wcwidth"} <= vars(tabulate).keys()


def test_bars_on_a_terminal_are_not_escaped(tiny: Any, saved: Any) -> None:
    tiny["roles"][0]["title"] = "Gard|ener"
    assert "\nGard|ener *  " in run("compare", "--data", saved(tiny)).stdout


def test_sorted_column_is_marked() -> None:
    def heading(*arguments: str, charset: str = "utf-8") -> str:
        text = run("compare", *arguments, charset=charset).stdout
        return next(line for line in text.splitlines() if line.startswith("Role "))

    assert "Median \N{DOWNWARDS ARROW}" in heading()
    assert "Median \N{UPWARDS ARROW}" in heading("--reverse")
    assert "Average 2022 \N{DOWNWARDS ARROW}" in heading("--sort", "average")
    # Text is sorted from A to Z.
    assert "Role \N{UPWARDS ARROW}" in heading("--sort", "title")
    assert "Role \N{DOWNWARDS ARROW}" in heading("--sort", "title", "--reverse")
    assert "Median v" in heading(charset="ascii")
    assert "Median ^" in heading("--reverse", charset="ascii")


def test_wrapped_cells_stay_in_their_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = run("roles", "--details").stdout.splitlines()
    heading, rule, *rows = lines[: lines.index("Hidden columns (terminal too narrow):")]
    start = heading.index("Aliases")
    assert rule[start - 2 : start] == "  "
    assert all(not line[start - 2 : start].strip() for line in rows)
    # Titles and aliases are wrapped between their words.
    at = next(n for n, line in enumerate(rows) if line.startswith("Computer Vision "))
    assert [line[:start].strip() for line in rows[at : at + 3]] == [
        "Computer Vision", "Engineer", "",
    ]  # fmt: skip
    assert rows[at + 1][start:] == "vision engineer, cv"
