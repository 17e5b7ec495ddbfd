"""Charts on a terminal."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from mlroles.dataset.load import load
from mlroles.output.blocks import Figure, Timeline
from mlroles.output.charts import chart, timeline
from mlroles.output.formats import render
from mlroles.output.layout import Layout
from mlroles.output.page import Page
from mlroles.queries.compare import compare
from mlroles.queries.outlook import outlook
from mlroles.queries.salary import salary_by
from mlroles.questions import SALARY_BY, Column
from tests.conftest import TINY, Terminal, run
from tests.output.parsing import assert_lines_fit

if TYPE_CHECKING:
    from collections.abc import Callable

CHARTS = [
    "compare", "compare --sort openings", "compare --sort records --reverse",
    "compare --per hour", "compare --sort average", "compare --sort difference",
    "locations --limit 8", "locations ds --match texas",
    "locations --level country", "salary --by experience", "salary --by year",
    "salary", "salary --by seniority", "salary dle", "industries ds --limit 8",
    "outlook ds", "employers ds --limit 8", "employers --by title",
    "employers ds --location 41860 --sort filings", "offer 185k mle austin",
    "offer 150k-170k ds austin seattle remote", "relocate 172k ds from austin -n 4",
]  # fmt: skip


@pytest.mark.compat
@pytest.mark.parametrize("command", CHARTS)
def test_chart_matches_golden_file(
    command: str, golden: Callable[[str, str], None]
) -> None:
    result = run(*command.split(), "--chart")
    assert result.exit_code == 0
    golden(f"chart_{command.replace(' ', '_')}.txt", result.stdout)


# Of rows, of figures over time, and of the figures of one role.
@pytest.mark.parametrize("command", ["compare", "outlook ds", "salary"])
def test_narrow_chart_matches_golden_file(
    command: str, golden: Callable[[str, str], None]
) -> None:
    result = run(*command.split(), "--chart", env={"COLUMNS": "60"})
    golden(f"chart_{command.replace(' ', '_')}.60.txt", result.stdout)


@pytest.mark.parametrize("width", [60, 140])
@pytest.mark.parametrize("command", CHARTS)
def test_lines_of_charts_fit_the_terminal(command: str, width: int) -> None:
    result = run(*command.split(), "--chart", env={"COLUMNS": str(width)})
    assert result.exit_code == 0
    assert_lines_fit(result.stdout, width)


@pytest.mark.compat
def test_charts_are_ascii_on_an_ascii_terminal(
    golden: Callable[[str, str], None],
) -> None:
    text = run("salary", "--by", "year", "--chart", charset="ascii").stdout
    bars = run("compare", "--chart", "-n", "3", charset="ascii").stdout
    columns = run("outlook", "ds", "--chart", charset="ascii").stdout
    assert (text + bars + columns).isascii()
    golden("chart_ascii.txt", text + bars + columns)


@pytest.mark.parametrize("width", [1, 20, 60, 120])
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=150))
def test_figures_over_time_fit_the_width(width: int, figures: list[float]) -> None:
    rows = [
        {"date": f"{2000 + n // 12}-{n % 12 + 1:02}", "index": figure}
        for n, figure in enumerate(figures)
    ]
    answer: Any = outlook(load())
    page = Page(answer, Layout(chart=True))
    figure = Timeline(page, rows, Column("index", "number", heading="Index"))
    lines = timeline(figure, Layout(width, chart=True)).splitlines()
    assert max(map(len, lines)) <= max(width, 30)
    assert lines[-1].split()[0] == "2000"
    # The highest column reaches above half of the axis, if all figures have a column.
    if len(figures) <= 10 and max(figures) >= 1:
        assert any("\u2588" in line for line in lines[: len(lines) // 2])


@pytest.mark.compat
def test_only_layouts_with_color_have_escape_sequences() -> None:
    answer = compare(load())
    plain = Layout(chart=True)
    text = render(answer, "table", plain._replace(color=True))
    assert "\x1b[" in text
    # Not every release of rich keeps the last newline.
    shown = Text.from_ansi(text).plain.rstrip("\n")
    assert f"{shown}\n" == render(answer, "table", plain)


def test_colors_can_be_forced_and_switched_off() -> None:
    chart = ("compare", "--chart")
    usual = run(*chart).stdout
    forced = run(*chart, env={"FORCE_COLOR": "1"}).stdout
    assert "\x1b[" in forced
    assert run(*chart, "--color", "Always", env={"NO_COLOR": "1"}).stdout == forced
    colors = {"TERM": "xterm", "FORCE_COLOR": "1"}
    never = run(*chart, "--color", "never", env=colors, stream=Terminal)
    assert (never.exit_code, never.stdout) == (0, usual)
    # Text without a chart, and machine formats, have none.
    for style in ("table", "json", "csv", "markdown"):
        assert "\x1b" not in run("compare", "-f", style, "--color", "always").stdout


def test_unknown_figures_have_no_bar(tiny: Any, saved: Any) -> None:
    path = saved({**tiny, "pay": None})
    chart = run("compare", "--chart", "--data", path).stdout
    assert re.search(r"^Head Gardener +\N{EN DASH}$", chart, re.MULTILINE)
    for sort in ("median", "openings"):
        line = ["compare", "chief", "--sort", sort, "--chart", "--data", path]
        assert run(*line).exit_code == 0


def test_zero_has_an_empty_bar_in_ascii(tiny: Any, saved: Any) -> None:
    tiny["roles"][0]["openings"] = {**tiny["roles"][1]["openings"], "count": 0}
    line = ["compare", "--sort", "openings", "--chart", "--data", saved(tiny)]
    drawn = run(*line, charset="ascii").stdout.splitlines()
    (bar,) = [text for text in drawn if text.startswith("Gardener ")]
    assert "#" not in bar


@pytest.mark.parametrize(
    ("sort", "heading", "first"),
    [
        ("median", "Median", "Machine Learning Engineer  $199,000"),
        ("title", "Median", "Computer Vision Engineer   $178,938"),
        ("difference", "Median", "Machine Learning Engineer  $199,000"),
        ("records", "Records", "Software Engineer            2,106"),
        ("openings", "Openings", "Software Engineer           212,310"),
        ("average", "Average", "Deep Learning Engineer     $133,764"),
        ("average_salary", "Average", "Deep Learning Engineer     $133,764"),
    ],
)
def test_chart_draws_the_sorted_column(sort: str, heading: str, first: str) -> None:
    _title, text = run("compare", "--sort", sort, "--chart").stdout.split("\n\n", 1)
    lines = text.splitlines()
    assert re.split(r" {2,}", lines[0]) == ["Role", heading]
    assert lines[1].startswith(f"{first}  \N{FULL BLOCK}")
    # The notes explain no other figure.
    notes = "\n".join(lines[lines.index("") :])
    found = re.findall(r"^(Median|Records|Average|Openings): ", notes, re.MULTILINE)
    assert found == [heading]


PAY = st.lists(st.integers(1, 10**9), min_size=5, max_size=5).map(sorted)


@given(st.lists(PAY, min_size=1, max_size=4), st.integers(1, 200), st.booleans())
def test_medians_are_drawn_in_order(
    pay: list[list[int]],
    width: int,
    unicode: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    quantiles = ("p10", "p25", "median", "p75", "p90")
    rows: list[dict[str, Any]] = [
        {"role": "x", "experience": "e", **dict(zip(quantiles, five, strict=True))}
        for five in pay
    ]
    columns = [c for c in SALARY_BY.columns if c.key in {*quantiles, "experience"}]
    answer = salary_by(load(str(TINY)), "experience")._replace(rows=rows)
    layout = Layout(width, unicode, chart=True)
    page = Page(answer, Layout(unicode=unicode, chart=True))
    text, keys = chart(Figure(page, rows, columns), layout)
    assert keys == {"median"}
    mark = "\u2503" if unicode else "|"
    drawn = [line.index(mark) for line in text.splitlines()[1 : len(pay) + 1]]
    medians = [five[2] for five in pay]
    for (a, first), (b, second) in pairwise(zip(drawn, medians, strict=True)):
        assert (a < b) <= (first < second)
        assert (a > b) <= (first > second)


@pytest.mark.parametrize("command", ["compare", "compare --sort openings"])
@pytest.mark.parametrize("width", [20, 40, 50, 60, 100])
def test_both_ends_of_the_axis_are_labelled(
    command: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = run(*command.split(), "--chart").stdout.splitlines()
    at = next(n for n, line in enumerate(lines) if "\u2502" in line)
    ticks = [n for n, sign in enumerate(lines[at]) if sign == "\u2502"]
    tick_labels = lines[at + 1]
    assert [m.start() for m in re.finditer(r"\S+", tick_labels)] == ticks
    longest = max(map(len, lines[lines.index("") + 1 : at]))
    assert ticks[0] < longest <= ticks[-1] + 1


@pytest.mark.parametrize("width", [44, 80])
@pytest.mark.parametrize("sort", ["average", "openings"])
def test_charts_with_wide_characters_are_aligned(
    width: int, sort: str, tiny: Any, saved: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    tiny["roles"][0]["title"] = "機械学習エンジニア"
    tiny["roles"][0]["openings"] = tiny["roles"][1]["openings"]
    line = ["compare", "--sort", sort, "--chart", "--data", saved(tiny)]
    _title, chart = run(*line).stdout.split("\n\n", 1)
    lines = chart.splitlines()
    axis = next(line for line in lines if "\u2502" in line)
    bars = [line for line in lines if "\u2588" in line]
    assert any(line.startswith("機械") for line in bars)
    # Every bar starts above the first tick.
    starts = {cell_len(line[: line.index("\u2588")]) for line in bars}
    assert starts == {axis.index("\u2502")}
    assert max(map(cell_len, lines)) <= width


def test_ranges_with_wide_characters_are_aligned(tiny: Any, saved: Any) -> None:
    row = ["東京", "40000", None, 20, None, 28000, 32000, 39500, 44000, 50000]
    tiny["places"]["tables"][0]["rows"].append(row)
    tiny["places"]["tables"][0]["rows"][1][0] = "Tokyo"
    data = saved(tiny)
    lines = run("locations", "--chart", "--data", data).stdout.splitlines()
    medians = {
        line.split()[0]: cell_len(line[: line.index("\u2503")])
        for line in lines
        if line.startswith(("東京", "Tokyo"))
    }
    # They have the same median.
    assert medians["東京"] == medians["Tokyo"]
