from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from mlroles.dataset.load import load
from mlroles.output.charts import chart
from mlroles.output.columns import COLUMNS
from mlroles.output.pages import page
from mlroles.output.values import Reader
from tests.conftest import TINY, rows, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHARTS = [
    "compare", "compare --sort openings", "compare --sort records --reverse",
    "compare --per hour", "locations --limit 8", "locations ds --match texas",
    "locations --level country", "salary --by experience", "salary --by year",
]  # fmt: skip


@pytest.mark.parametrize("width", [60, 80, 140])
@pytest.mark.parametrize("command", CHARTS)
def test_a_chart_looks_as_it_should(
    command: str,
    width: int,
    golden: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    result = run(*command.split(), "--chart")
    assert result.exit_code == 0
    golden(f"chart_{command.replace(' ', '_')}.{width}.txt", result.stdout)
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= width
    assert not any(line.endswith(" ") for line in lines)


def test_an_ascii_terminal_gets_a_chart_it_can_show(
    golden: Callable[[str, str], None],
) -> None:
    text = run("salary", "--by", "year", "--chart", charset="ascii").stdout
    bars = run("compare", "--chart", "-n", "3", charset="ascii").stdout
    assert (text + bars).isascii()
    golden("chart_ascii.txt", text + bars)


def test_only_a_terminal_gets_colours() -> None:
    answer = rows("compare")
    plain = Reader(load(), chart=True)
    coloured = plain._replace(colour=True)
    text = page(answer, "compare", coloured)
    assert "\x1b[" in text
    # Not every release of rich keeps the last newline.
    shown = Text.from_ansi(text).plain.rstrip("\n")
    assert f"{shown}\n" == page(answer, "compare", plain)
    assert "\x1b[" not in run("compare", "--chart").stdout


@pytest.mark.parametrize(
    "command", ["compare", "locations -n 5", "salary --by experience", "salary dle"]
)
def test_a_chart_can_be_a_file(command: str, tmp_path: Path) -> None:
    file = tmp_path / "chart.SVG"
    result = run(*command.split(), "--chart", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith(f"mlroles: wrote {file}\n")
    svg = file.read_text(encoding="utf-8")
    words = "".join(ET.fromstring(svg).itertext()).replace("\xa0", " ")  # noqa: S314 - our own
    on_screen = run(*command.split(), "--chart").stdout
    for word in on_screen.split("\n", maxsplit=1)[0].split():
        assert word in words
    # It is shown without a look at anything else.
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert run(*command.split(), "--chart", str(file)).exit_code == 0
    assert file.read_text(encoding="utf-8") == svg


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    file = str(tmp_path / "no" / "chart.svg")
    result = run("compare", "--chart", file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (f"mlroles: cannot write {file}: no such folder\n")


def test_a_chart_is_for_people() -> None:
    result = run("compare", "--chart", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "mlroles: a chart cannot be written as json\n"


def test_a_name_that_ends_in_svg_is_a_role_where_no_chart_is_wanted() -> None:
    assert run("salary", "x.svg").stderr.startswith("mlroles: no role called 'x.svg'")


def test_nothing_to_draw_is_said() -> None:
    nothing = ["locations", "cv engineer", "--level", "metro", "--chart"]
    assert run(*nothing).stdout == "No places to show.\n"
    assert run("salary", "dle", "--by", "experience", "--chart").exit_code == 0


def test_unknown_figures_have_no_bar(tiny: Any, saved: Any) -> None:
    path = saved({**tiny, "survey": None})
    lines = run("compare", "--chart", "--data", path).stdout.splitlines()
    assert lines[3].split() == ["Head", "Gardener", "\N{EN DASH}"]
    for sort in ("median", "openings"):
        line = ["compare", "chief", "--sort", sort, "--chart", "--data", path]
        assert run(*line).exit_code == 0


PAY = st.lists(st.integers(1, 10**9), min_size=5, max_size=5).map(sorted)


@given(st.lists(PAY, min_size=1, max_size=4), st.integers(1, 200), st.booleans())
def test_a_range_stands_where_its_figures_are(
    pay: list[list[int]],
    width: int,
    unicode: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    quantiles = ("p10", "p25", "median", "p75", "p90")
    drawn = [
        {"role": "x", "experience": "e", **dict(zip(quantiles, five, strict=True))}
        for five in pay
    ]
    columns = [c for c in COLUMNS["salary-by"] if c.key in {*quantiles, "experience"}]
    reader = Reader(load(TINY), width, unicode)
    lines = chart(drawn, columns, reader).splitlines()
    mark = "\u2503" if unicode else "|"
    places = [line.index(mark) for line in lines[1 : len(pay) + 1]]
    medians = [five[2] for five in pay]
    for (a, first), (b, second) in zip(
        zip(places, medians, strict=True),
        zip(places[1:], medians[1:], strict=True),
        strict=False,
    ):
        assert (a < b) <= (first < second)
        assert (a > b) <= (first > second)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<html></html>",
        "<?xml version='1.0'?><x/>",
        "a <svg",
        "[1]",
        "<?xml version='1.0'?><html><svg/></html>",
    ],
)
def test_a_file_that_is_no_picture_is_kept(content: str, tmp_path: Path) -> None:
    file = tmp_path / "notes.svg"
    file.write_text(content, encoding="utf-8")
    result = run("compare", "--chart", str(file))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"mlroles: {file} exists and is not an SVG picture\n"
    assert file.read_text(encoding="utf-8") == content


@pytest.mark.parametrize(
    "content",
    [
        "<svg></svg>",
        "\ufeff <svg/>",
        "<?xml version='1.0'?>\n<svg/>",
        "<?xml version='1.0'?><!-- drawn --><!DOCTYPE svg PUBLIC 'x'>\n<svg >",
    ],
)
def test_another_picture_is_replaced(content: str, tmp_path: Path) -> None:
    file = tmp_path / "chart.svg"
    file.write_text(content, encoding="utf-8")
    assert run("compare", "--chart", str(file)).exit_code == 0
    assert "Role" in file.read_text(encoding="utf-8")


def test_a_symbolic_link_is_no_place_for_a_picture(tmp_path: Path) -> None:
    link = tmp_path / "link.svg"
    link.symlink_to(tmp_path / "nothing.svg")
    assert run("compare", "--chart", str(link)).stderr == (
        f"mlroles: {link} is a symbolic link; name the file itself\n"
    )


@pytest.mark.parametrize("title", ["A {b} & <c>", "{0}", "}"])
def test_a_picture_has_the_page_s_first_line_as_its_title(
    title: str, tiny: Any, saved: Any, tmp_path: Path
) -> None:
    tiny["roles"][0]["title"] = title
    file = tmp_path / "chart.svg"
    line = ["salary", "--by", "year", "--data", saved(tiny), "--chart", str(file)]
    assert run(*line).exit_code == 0
    first = ET.fromstring(file.read_text(encoding="utf-8"))[0]  # noqa: S314 - our own
    assert (first.text or "").startswith(f"{title}: ")


@pytest.mark.parametrize("command", ["compare", "compare --sort openings"])
@pytest.mark.parametrize("width", [20, 40, 50, 60, 100])
def test_the_axis_names_both_its_ends(
    command: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = run(*command.split(), "--chart").stdout.splitlines()
    at = next(n for n, line in enumerate(lines) if "\u2502" in line)
    ticks = [n for n, sign in enumerate(lines[at]) if sign == "\u2502"]
    names = lines[at + 1]
    assert [m.start() for m in re.finditer(r"\S+", names)] == ticks
    longest = max(map(len, lines[1:at]))
    assert ticks[0] < longest <= ticks[-1] + 1


def test_a_chart_asked_for_beats_the_format_of_the_surroundings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = run("compare", "--chart").stdout
    monkeypatch.setenv("MLROLES_FORMAT", "json")
    assert run("compare", "--chart").stdout == usual


@pytest.mark.parametrize("files", [["a.svg", "b.svg"], ["x.png"], ["a.svg", "b.PDF"]])
def test_a_chart_is_one_svg_file(files: list[str]) -> None:
    result = run("compare", "ds", "--chart", *files)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "mlroles: --chart writes one file, whose name ends in .svg\n"
    )


def test_a_single_range_is_told_by_its_year() -> None:
    lines = run("salary", "--chart").stdout.splitlines()
    at = next(n for n, line in enumerate(lines) if line.split() == ["Year", "Median"])
    assert lines[at + 1].startswith("2025  $195,000  ")


def test_a_picture_is_as_colourful_whoever_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "chart.svg"
    assert run("compare", "--chart", str(file)).exit_code == 0
    usual = file.read_text(encoding="utf-8")
    monkeypatch.setenv("NO_COLOR", "1")
    assert run("compare", "--chart", str(file)).exit_code == 0
    assert file.read_text(encoding="utf-8") == usual


def test_a_search_without_a_find_leaves_a_picture_alone(tmp_path: Path) -> None:
    file = tmp_path / "chart.svg"
    file.write_text("<svg/>")
    result = run("locations", "--match", "atlantis", "--chart", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.endswith(
        f"mlroles: nothing to draw; {file} is left as it is\n"
    )
    assert file.read_text() == "<svg/>"


def test_nothing_is_drawn_as_nothing_in_ascii(tiny: Any, saved: Any) -> None:
    tiny["roles"][0]["openings"] = {**tiny["roles"][1]["openings"], "count": 0}
    line = ["compare", "--sort", "openings", "--chart", "--data", saved(tiny)]
    drawn = run(*line, charset="ascii").stdout.splitlines()
    (none,) = [text for text in drawn if text.startswith("Gardener ")]
    assert "#" not in none
