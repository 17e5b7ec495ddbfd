from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import TINY, run

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES = [
    "show", "describe", "duties", "salary", "salary --by experience",
    "salary --by country", "salary dle", "compare", "compare --sort openings --reverse",
    "compare --per hour", "locations --limit 5", "locations ds --match texas",
    "locations --level country", "offer $150k --experience senior", "faq", "roles",
    "sources",
]  # fmt: skip


@pytest.mark.parametrize("width", [60, 80, 140])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_looks_as_it_should(
    page: str,
    width: int,
    golden: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    result = run(*page.split())
    assert result.exit_code == 0
    name = page.replace(" ", "_").replace("$", "")
    golden(f"{name}.{width}.txt", result.stdout)


@pytest.mark.parametrize("width", [60, 80, 140])
@pytest.mark.parametrize("page", PAGES)
def test_no_line_is_wider_than_the_screen(
    page: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = run(*page.split()).stdout.splitlines()
    assert max(map(len, lines)) <= width
    assert not any(line.endswith(" ") for line in lines)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_can_be_read_on_an_ascii_terminal(page: str) -> None:
    result = run(*page.split(), charset="ascii")
    assert result.exit_code == 0
    assert result.stdout.isascii()
    assert "?" not in result.stdout.replace("?\n", "\n").replace("? ", " ")


def test_prose_is_no_wider_than_88(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    widest = max(map(len, run("describe").stdout.splitlines()))
    assert 80 < widest <= 88


@pytest.mark.parametrize("columns", ["0", "1", "20", "10000", "nonsense", "-5", ""])
def test_any_width_is_stood(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    for page in ("show", "compare", "locations", "roles", "sources"):
        assert run(page).exit_code == 0


def test_what_a_narrow_screen_leaves_out_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert "No room for: Difference, Records." in run("compare").stdout
    assert "Records" in run("compare", "--sort", "records").stdout.splitlines()[0]


@pytest.mark.parametrize("command", ["compare", "locations"])
def test_a_note_speaks_of_no_column_that_is_not_there(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for width in ("60", "200"):
        monkeypatch.setenv("COLUMNS", width)
        lines = run(command).stdout.splitlines()
        heading = next(line for line in lines if "Median" in line)
        told = " Difference to " in " ".join(lines)
        assert told == ("Difference" in heading) == (width == "200")


def test_amounts_in_another_currency() -> None:
    text = run("compare", "--data", str(TINY)).stdout
    assert "EUR 41,000" in text
    assert "$" not in text


def test_a_role_about_which_little_is_known(tiny: Any, saved: Any) -> None:
    path = saved({**tiny, "survey": None, "places": None})
    assert run("faq", "florist", "--data", path).stdout == "No questions on record.\n"
    text = run("show", "chief", "--data", path).stdout
    assert "Head Gardener: no source gives an average salary" in text
    assert "No questions on record." in text
    bare = run("compare", "florist", "--data", path).stdout
    assert "survey" not in bare


def test_a_comparison_without_any_headline(tiny: Any, saved: Any) -> None:
    tiny["roles"][2]["openings"] = None
    text = run("compare", "chief", "--data", saved(tiny)).stdout
    assert text.splitlines()[0] == "Role"
    assert "Salary" not in text
