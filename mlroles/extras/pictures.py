"""Charts as pictures (PNG, SVG, PDF), drawn by matplotlib.

A picture contains everything that its page says about the chart: the title, the unit,
the sources and their dates. `mlroles.output.pages` writes these texts.
"""

from __future__ import annotations

import io
import math
import os
import re
import sys
import warnings
from contextlib import chdir, contextmanager
from datetime import date
from html import escape
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeGuard
from xml.etree import ElementTree as ET

from mlroles.errors import MlrolesError
from mlroles.output import pages
from mlroles.output.blocks import Block, Figure, Notes, Paragraph, Timeline
from mlroles.output.charts import MARKS, choose, tick_label
from mlroles.output.layout import Layout
from mlroles.output.page import Page
from mlroles.output.pages.phrases import capitalized
from mlroles.queries.answer import known_columns
from mlroles.questions import Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

    from mlroles.queries.answer import Answer
    from mlroles.questions import Row


# The width of a picture and of its margin, in points, as all lengths; the share of the
# width that labels get at most, and the number of ticks.
_WIDTH, _MARGIN, _LABEL_SHARE, _TICKS = 720.0, 14.0, 0.36, 5
_INCH = 72
_GAP = 10.0
_LINE = 1.3
_TITLE_SIZE, _TEXT_SIZE, _NOTE_SIZE = 13.0, 10.0, 8.5
# How many times higher than wide a picture is at most.
_MAX_HEIGHT = 4
# Viewers have other fonts, and renderers round widths.
_TOLERANCE = 1.05
_LABEL_LINE, _ROW_GAP, _BAR = 1.25, 11.0, 14.0
_LINE_HEIGHT = 200.0
_MAX_LABELLED = 8
_DOTS_PER_INCH = 200

INK, MUTED, GRID = "#1b1f24", "#57606a", "#d8dee4"
BOX, EDGE, MEDIAN, MARK = "#a8cbea", "#2f6ea5", "#0b3358", "#b8500f"
PAPER = "#ffffff"
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_STYLE = {
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": _TEXT_SIZE,
    # Amounts in dollars are not formulas.
    "text.parse_math": False,
    "axes.edgecolor": GRID,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": GRID,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "xtick.color": GRID,
    "ytick.color": GRID,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": INK,
    "figure.facecolor": PAPER,
    "axes.facecolor": "none",
    # Text stays text, in the fonts of the viewer, and ids are the same in each run.
    "svg.fonttype": "none",
    "svg.hashsalt": "mlroles",
    # A subset of the font as outlines that every viewer can show.
    "pdf.fonttype": 42,
}
_DAYS = 366


class Picture(NamedTuple):
    """A picture in a format, and notes on it."""

    content: bytes
    notes: list[str]


class _Drawing(NamedTuple):
    """A chart: its rows and columns, and the lines above and below it."""

    page: Page
    rows: Sequence[Row]
    label: Column
    figure: Column
    others: list[Column]
    """What is written next to each figure: what is marked, and how many records or
    people are behind it."""
    kind: Literal["boxes", "bars", "years", "dates"]
    title: Sequence[str] = ()
    notes: Sequence[str] = ()

    @property
    def is_timeline(self) -> bool:
        """Whether the figures are over time."""
        return self.kind in {"years", "dates"}


def _drawing(block: Figure | Timeline) -> _Drawing:
    """Return the chart of a figure."""
    page, rows, *_ = block
    if isinstance(block, Timeline):
        label = Column("date", "date", heading="Date")
        return _Drawing(page, rows, label, block.column, [], "dates")
    label, figure, is_range = choose(block)
    known = page.answer.columns or known_columns(rows)
    keys = known & {"records", "employment"} if figure.key == "median" else ()
    counts = [each for each in block.columns if each.key in keys and each.heading][:1]
    marked = known_columns(rows) & MARKS.keys()
    marks = [each for each in block.columns if each.key in marked and each.heading]
    kind: Literal["boxes", "bars", "years"] = "boxes" if is_range else "bars"
    if label.key == "year" and len(rows) > 1:
        kind = "years"
    return _Drawing(page, rows, label, figure, [*marks, *counts], kind)


def is_picture(path: str, style: str) -> bool:
    """Return whether a file is a picture of a format: `png`, `svg` or `pdf`."""
    if style == "svg":
        return _is_svg(path)
    with Path(path).open("rb") as file:
        return file.read(8).startswith(_SIGNATURES[style])


def _is_svg(path: str) -> bool:
    try:
        with Path(path).open("rb") as file:
            # Only the first tag is read, so that a document cannot do any harm.
            _, root = next(ET.iterparse(file, events=["start"]))  # noqa: S314
    except (ET.ParseError, StopIteration, LookupError, ValueError):
        # The last two: an encoding that the parser does not know.
        return False
    return str(root.tag).rpartition("}")[2] == "svg"


_SIGNATURES = {"png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}


def draw(answer: Answer[Any], style: str) -> Picture | None:
    """Draw the chart of an answer as a picture in a format: `png`, `svg` or `pdf`.

    Returns:
        The picture; None if the answer has nothing to draw.

    Raises:
        MlrolesError: matplotlib is not installed.
    """
    drawing = _chart(answer)
    if drawing is None or not _has_figures(drawing):
        return None
    title = drawing.title[0]
    with _matplotlib():
        figure = _figure(drawing)
        # No dates and no names of programs, so that the same data gives the same bytes.
        metadata = {
            "png": {"Title": title, "Software": None},
            "svg": _NO_METADATA,
            "pdf": {
                "Title": title, "Creator": None, "Producer": None,
                "CreationDate": None,
            },
        }  # fmt: skip
        out = io.BytesIO()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            figure.savefig(
                out, format=style, dpi=_DOTS_PER_INCH, metadata=metadata[style]
            )
    if style == "svg":
        return Picture(_described(out.getvalue(), drawing).encode(), [])
    missing = any("missing from font" in str(each.message) for each in caught)
    note = "matplotlib has no glyphs for some characters; SVG uses the viewer's fonts"
    return Picture(out.getvalue(), [note] if missing else [])


def _has_figures(drawing: _Drawing) -> bool:
    """Return whether a chart has anything to draw."""
    keys = {drawing.figure.key} | ({"mean"} if drawing.kind == "boxes" else set())
    return bool(known_columns(drawing.rows) & keys)


def _chart(answer: Answer[Any]) -> _Drawing | None:
    """Return the chart of the page of an answer, None if it has none."""
    page = Page(answer, Layout(chart=True, commands=False), picture=True)
    blocks = pages.blocks(page) if answer.rows else []
    charts = [each for each in blocks if _is_drawn(each)]
    if not charts:
        return None
    drawing = _drawing(charts[-1])
    shown = {drawing.figure.key, *(each.key for each in drawing.others)}
    if not drawing.is_timeline:
        shown |= known_columns(drawing.rows) & MARKS.keys()
    at = blocks.index(charts[-1])
    title, notes = (
        [line for block in part for line in _lines(block, shown)]
        for part in (blocks[:at], blocks[at + 1 :])
    )
    if not title:
        pay = " pay" * drawing.figure.is_money
        label = drawing.label.heading.lower()
        title = [f"{drawing.figure.heading}{pay} by {label}"]
    return drawing._replace(title=title, notes=notes)


def _is_drawn(block: Block) -> TypeGuard[Figure | Timeline]:
    return isinstance(block, Timeline) or (isinstance(block, Figure) and block.is_drawn)


def _lines(block: Block, shown: set[str]) -> list[str]:
    """Return the texts of a block as lines."""
    match block:
        case Paragraph(lines):
            return [line.removesuffix(":") for line in lines]
        case _:
            text = block.text(shown) if isinstance(block, Notes) else ""
            return [text] if text else []


def import_style() -> Any:
    """Import `matplotlib.style`, whatever the user's settings of matplotlib are.

    Raises:
        MlrolesError: matplotlib is not installed.
    """
    try:
        try:
            import_module("matplotlib")
        except (OSError, ValueError):
            # An unknown backend, as notebooks set it for their own environment, or a
            # matplotlibrc that cannot be read. What was imported until then is partial.
            for loaded in list(sys.modules):
                if loaded.partition(".")[0] == "matplotlib":
                    del sys.modules[loaded]
            with _without_settings():
                import_module("matplotlib")
        return import_module("matplotlib.style")
    except ImportError:
        raise MlrolesError(
            "pictures require matplotlib. Install it with: "
            "pip install 'matplotlib>=3.10.8,<4'"
        ) from None


@contextmanager
def _without_settings() -> Iterator[None]:
    """Hide the user's settings of matplotlib: its environment variables and files."""
    before = dict(os.environ)
    with TemporaryDirectory() as folder, chdir(folder):
        # An empty file, which takes precedence over those of the user.
        settings = Path(folder, "matplotlibrc")
        settings.touch()
        os.environ.pop("MPLBACKEND", None)
        os.environ["MATPLOTLIBRC"] = str(settings)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


@contextmanager
def _matplotlib() -> Iterator[None]:
    """Use matplotlib in its default style and ours, whatever the user's settings.

    Raises:
        MlrolesError: It is not installed.
    """
    import logging

    # It reports its font cache, and fonts that it does not find.
    logging.getLogger("matplotlib").setLevel(logging.CRITICAL)
    style = import_style()
    # A date, which pictures do not have, but which is read for a PDF.
    date = os.environ.pop("SOURCE_DATE_EPOCH", None)
    try:
        with style.context(["default", _STYLE]), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing from font")
            yield
    finally:
        if date is not None:
            os.environ["SOURCE_DATE_EPOCH"] = date


def _figure(drawing: _Drawing) -> Canvas:
    """Return a figure as high as its title, rows and notes require."""
    from matplotlib.figure import Figure as Canvas

    width, margin = _WIDTH, _MARGIN
    room = width - 2 * margin
    first, *others = drawing.title
    notes = [*filter(None, [_legend(drawing)]), *drawing.notes]
    title = _wrap(first, room, _TITLE_SIZE, bold=True)
    subtitle = [each for line in others for each in _wrap(line, room, _TEXT_SIZE)]
    footer = [each for line in notes for each in _wrap(line, room, _NOTE_SIZE)]
    top = _LINE * (len(title) * _TITLE_SIZE + len(subtitle) * _TEXT_SIZE)
    bottom = _LINE * len(footer) * _NOTE_SIZE
    # Between the parts of a picture.
    gap = _GAP if title else 0
    figure = Canvas()
    plot = _timeline if drawing.is_timeline else _rows
    axes = figure.add_axes((0, 0, 1, 1))
    left, right, above, below, height = plot(axes, drawing)
    total = margin + top + gap + above + height + below + gap + bottom + margin
    # Long texts make a picture high; then it gets wider.
    width = max(width, total / _MAX_HEIGHT)
    figure.set_size_inches(width / _INCH, total / _INCH)
    axes.set_position(
        (
            left / width,
            (margin + bottom + gap + below) / total,
            (width - left - right) / width,
            height / total,
        )
    )
    y = total - margin
    for lines, points, weight, color in (
        (title, _TITLE_SIZE, "bold", INK), (subtitle, _TEXT_SIZE, "normal", INK),
    ):  # fmt: skip
        for line in lines:
            y -= _LINE * points
            figure.text(
                margin / width, y / total, line,
                size=points, weight=weight, color=color, va="bottom",
            )  # fmt: skip
    y = margin + bottom
    for line in footer:
        y -= _LINE * _NOTE_SIZE
        figure.text(
            margin / width, y / total, line, size=_NOTE_SIZE, color=MUTED, va="bottom"
        )
    return figure


def _rows(axes: Axes, drawing: _Drawing) -> tuple[float, float, float, float, float]:
    """Draw rows as boxes or bars, from top to bottom, with their figures at the right.

    Returns:
        The room that is needed at the left, at the right, above and below, and the
        height of the axes.
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    page, rows, label, figure, others, kind, *_ = drawing
    room = _WIDTH * _LABEL_SHARE
    labels = [
        _wrap(page.value(row[label.key], label.kind), room, _TEXT_SIZE) for row in rows
    ]
    # The vertical axis is in points, since labels of several lines need more.
    ends = [0.0]
    for lines in labels:
        ends.append(ends[-1] + len(lines) * _TEXT_SIZE * _LABEL_LINE + _ROW_GAP)
    at = [(start + end) / 2 for start, end in pairwise(ends)]
    (_boxes if kind == "boxes" else _bars)(axes, rows, at, figure.key)
    marks = [
        (row[key], y)
        for y, row in zip(at, rows, strict=True)
        for key in MARKS
        if row.get(key) is not None
    ]
    if marks:
        # With an edge, so that they are seen in grey on a box.
        axes.plot(
            *zip(*marks, strict=True), "D", color=MARK, markersize=7,
            markeredgecolor=PAPER, zorder=5,
        )  # fmt: skip
    axes.set_ylim(ends[-1], 0)
    axes.set_yticks([])
    for y, lines in zip(at, labels, strict=True):
        # Each line by itself, so that it is aligned in any font.
        for number, line in enumerate(lines):
            offset = ((len(lines) - 1) / 2 - number) * _TEXT_SIZE * _LABEL_LINE
            axes.annotate(
                line, (0, y), (-_GAP / 2, offset), ("axes fraction", "data"),
                "offset points", ha="right", va="center_baseline",
                annotation_clip=False,
            )  # fmt: skip
    axes.tick_params(length=0)
    axes.grid(visible=False, axis="y")
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(kind == "bars")
    axes.xaxis.set_major_locator(MaxNLocator(_TICKS))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda amount, _: tick_label(amount, figure, page))
    )
    what = "Base pay" if kind == "boxes" else figure.heading
    axes.set_xlabel(_with_unit(page, what, figure), size=_NOTE_SIZE + 0.5)
    # The figures that are drawn, and how many records they are of, as columns.
    right = 0.0
    for column in (figure, *others):
        cells = [_amount(page, row, column) for row in rows]
        cell_width = max(_measure(text, _TEXT_SIZE) for text in cells)
        cell_width = max(cell_width, _measure(column.heading, _NOTE_SIZE, bold=True))
        right += cell_width + 1.5 * _GAP
        for y, cell in zip(at, cells, strict=True):
            axes.annotate(
                cell, (1, y), (right, 0), ("axes fraction", "data"), "offset points",
                ha="right", va="center_baseline", annotation_clip=False,
            )  # fmt: skip
        axes.annotate(
            column.heading, (1, 1), (right, 4), "axes fraction", "offset points",
            ha="right", va="bottom", size=_NOTE_SIZE, weight="bold", color=MUTED,
        )  # fmt: skip
    left = max(_measure(line, _TEXT_SIZE) for each in labels for line in each)
    return left + _MARGIN + _GAP, right + _MARGIN, 16, 36, ends[-1]


def _boxes(axes: Axes, rows: Sequence[Row], at: Sequence[float], key: str) -> None:
    """Draw distributions as boxes, and single figures as dots."""
    known = [
        (y, row)
        for y, row in zip(at, rows, strict=True)
        if None not in _values(row, _QUARTILES)
    ]
    stats = [
        {
            "med": row["median"],
            "q1": row["p25"],
            "q3": row["p75"],
            # Some sources publish quartiles only.
            "whislo": row["p25"] if row.get("p10") is None else row["p10"],
            "whishi": row["p75"] if row.get("p90") is None else row["p90"],
        }
        for _, row in known
    ]
    if stats:
        axes.bxp(
            stats,
            positions=[y for y, _ in known],
            widths=_BAR,
            orientation="horizontal",
            showfliers=False,
            showcaps=False,
            patch_artist=True,
            manage_ticks=False,
            boxprops={"facecolor": BOX, "edgecolor": EDGE},
            whiskerprops={"color": EDGE, "linewidth": 1.4, "solid_capstyle": "butt"},
            medianprops={"color": MEDIAN, "linewidth": 2.6},
        )
    single = [
        (y, row[key] if row.get(key) is not None else row.get("mean"))
        for y, row in zip(at, rows, strict=True)
        if None in _values(row, _QUARTILES)
    ]
    if points := [(y, x) for y, x in single if x is not None]:
        ys, xs = zip(*points, strict=True)
        axes.plot(xs, ys, "o", color=MEDIAN, markersize=6, zorder=5)


_QUARTILES = ("p25", "median", "p75")


def _values(row: Row, keys: Sequence[str]) -> list[Any]:
    return [row.get(key) for key in keys]


def _bars(axes: Axes, rows: Sequence[Row], at: Sequence[float], key: str) -> None:
    """Draw single figures as bars from zero."""
    amounts = [row[key] for row in rows]
    known = [each for each in zip(at, amounts, strict=True) if each[1] is not None]
    positions, lengths = zip(*known, strict=True)
    axes.barh(positions, lengths, height=_BAR, color=BOX, edgecolor=EDGE)
    marks = [row.get(mark) or 0 for row in rows for mark in MARKS]
    axes.set_xlim(0, max(*lengths, *marks) * 1.02 or 1)


def _timeline(
    axes: Axes, drawing: _Drawing
) -> tuple[float, float, float, float, float]:
    """Draw figures over time as a line, with percentiles as bands around it.

    Returns:
        The same as `_rows`.
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    page, rows, _, column, *_ = drawing
    by_year = drawing.kind == "years"
    if by_year:
        at = [row["year"] for row in rows]
        is_short = len(rows) <= _MAX_LABELLED
        names = {row["year"]: _year(page, row) for row in rows if is_short}
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True, min_n_ticks=1))
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda year, _: names.get(round(year), f"{year:.0f}"))
        )
        axes.set_xlim(min(at) - 0.4, max(at) + 0.4)
    else:
        days = [date.fromisoformat(row["date"]) for row in rows]
        at = [day.year + (day.timetuple().tm_yday - 1) / _DAYS for day in days]
        ticks = MaxNLocator(_TICKS + 3, integer=True, min_n_ticks=1)
        axes.xaxis.set_major_locator(ticks)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
        axes.set_xlim(math.floor(min(at)) - 0.15, max(at) + 0.2)
        axes.set_ylim(0, max(row[column.key] for row in rows) * 1.08 or 1)
    for low, high, alpha in (("p10", "p90", 0.35), ("p25", "p75", 0.8)):
        ends = [_values(row, (low, high)) for row in rows]
        if all(None not in each for each in ends):
            lows, highs = zip(*ends, strict=True)
            axes.fill_between(at, lows, highs, color=BOX, alpha=alpha, linewidth=0)
    known = [
        (x, row["median_ci_low"], row["median_ci_high"])
        for x, row in zip(at, rows, strict=True)
        if row.get("median_ci_low") is not None
    ]
    if known:
        axes.vlines(*zip(*known, strict=True), color=MEDIAN, linewidth=3)
    axes.plot(
        at, [row[column.key] for row in rows], color=EDGE, linewidth=2,
        marker="o" if by_year or len(rows) == 1 else "",
    )  # fmt: skip
    if by_year:
        for x, row in zip(at, rows, strict=True) if is_short else ():
            text = page.value(row[column.key], column.kind)
            axes.annotate(
                text, (x, row.get("median_ci_high") or row[column.key]), (0, 7),
                textcoords="offset points",
                ha="center", weight="bold", color=INK,
            )  # fmt: skip
    axes.tick_params(length=0, labelcolor=MUTED)
    axes.grid(visible=False, axis="x")
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda amount, _: tick_label(amount, column, page))
    )
    axes.set_ylabel(_with_unit(page, column.heading, column), size=_NOTE_SIZE + 0.5)
    left = max(
        _measure(tick_label(amount, column, page), _TEXT_SIZE)
        for amount in axes.get_yticks()
    )
    below = 32 if by_year else 20
    return left + _MARGIN + 2.5 * _GAP, 2 * _GAP, 6, below, _LINE_HEIGHT


def _year(page: Page, row: Row) -> str:
    """Return a year and the number of its records."""
    return f"{row['year']}\n{page.value(row['records'], 'count')} records"


def _amount(page: Page, row: Row, column: Column) -> str:
    """Return a figure, or the average if a row has no other."""
    if column.key == "median" and row["median"] is None and row.get("mean"):
        return f"{page.money(row['mean'])} (average)"
    return page.value(row.get(column.key), column.kind)


def _with_unit(page: Page, text: str, column: Column) -> str:
    """Return the label of an axis: `Median, USD a year`."""
    if not column.is_money:
        return text
    rows = page.answer.rows
    return f"{text}, {page.unit(rows[0] if isinstance(rows, list) else rows)}"


def _legend(drawing: _Drawing) -> str:
    """Return a sentence on what is drawn; empty if it needs none."""
    known = known_columns(drawing.rows)
    parts = []
    if drawing.kind == "years":
        parts = [
            f"{band} band: {ends} percentile"
            for band, low, ends in (
                ("dark", "p25", "25th to 75th"), ("light", "p10", "10th to 90th"),
            )
            if low in known
        ]  # fmt: skip
        if "median_ci_low" in known:
            parts.append("upright lines: 95% confidence interval of the median")
    elif drawing.kind == "boxes":
        if "p25" in known:
            parts = ["boxes: 25th to 75th percentile, with the median"]
        if known & {"p10", "p90"}:
            parts.append("lines: 10th to 90th percentile")
        if any(None in _values(row, _QUARTILES) for row in drawing.rows):
            parts.append("dots: single figures")
    if not drawing.is_timeline:
        parts += dict.fromkeys(f"diamonds: {MARKS[k]}" for k in MARKS if k in known)
    return f"{capitalized('; '.join(parts))}." if parts else ""


def _wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines that are not wider than a width in points."""
    lines = [""]
    for word in re.findall(r"\S+", text):
        joined = f"{lines[-1]} {word}".strip()
        if _measure(joined, size, bold=bold) <= width:
            lines[-1] = joined
            continue
        lines += [""] if lines[-1] else []
        # A word that is wider than a line is broken.
        for character in word:
            if _measure(lines[-1] + character, size, bold=bold) > width:
                lines.append("")
            lines[-1] += character
    return lines


def _measure(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text in points."""
    from matplotlib.font_manager import FontProperties

    # The only measure of text without a renderer; a test compares it with a figure's.
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size, weight="bold" if bold else "normal")
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width) * _TOLERANCE


def _described(svg: bytes, drawing: _Drawing) -> str:
    """Return an SVG picture with its title and a description that has its figures."""
    page, rows, label, figure, others, kind, (title, *more), notes = drawing
    if kind == "dates":
        rows = (rows[0], rows[-1])
    figures = []
    for row in rows:
        values = [_amount(page, row, figure)]
        values += [
            f"{each.heading.lower()} {page.value(row.get(each.key), each.kind)}"
            for each in others
        ]
        name = page.value(row[label.key], label.kind)
        figures.append(f"{name}: {', '.join(values)}")
    description = " ".join([*more, f"{'; '.join(figures)}.", *notes])
    # What is before the first tag is omitted.
    _, _, rest = svg.decode().partition("<svg ")
    attributes, _, content = rest.partition(">")
    return (
        f'<svg role="img" aria-labelledby="title desc" {attributes}>\n'
        f'<title id="title">{escape(title)}</title>\n'
        f'<desc id="desc">{escape(description)}</desc>{content}'
    )
