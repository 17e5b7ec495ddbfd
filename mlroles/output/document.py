"""Answers as HTML documents of one file, to send or to print.

The document needs no network, no script and no font. All texts in it are escaped.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlroles.dataset.bundled import read_text
from mlroles.output.blocks import Heading, Paragraph
from mlroles.output.charts import PERCENTILES, axis_of, tick_label
from mlroles.output.layout import Layout
from mlroles.output.markup import Html
from mlroles.output.page import Page
from mlroles.output.pages import page_of
from mlroles.output.pages.show import handout
from mlroles.output.tables import cells
from mlroles.queries.answer import Base

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mlroles.output.blocks import Figure
    from mlroles.output.charts import Axis
    from mlroles.queries.answer import Answer
    from mlroles.questions import Column, Row

# How a document begins, so that it is recognized.
_START = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="mlroles">
"""
_HEAD = """\
{start}<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
"""
_END = "\n</main>\n</body>\n</html>\n"


def document(
    answer: Answer[Any], sections: str | None = None, *, details: bool = False
) -> str:
    """Return an answer as an HTML document.

    Args:
        answer: The answer; the page of a role as `mlroles.queries.roles.page` gives it.
        sections: The names of sections to add to the page of a role, joined by commas,
            or `all`.
        details: Whether to say how figures were made, and why they differ.

    Raises:
        UsageError: There is no such section.
    """
    layout = Layout(markup="html", details=details, commands=False)
    if answer.question.is_nested:
        title = answer.rows["describe"]["title"]
        blocks = handout(Page(answer, layout), sections)
    else:
        blocks = page_of(answer, layout)
        title = answer.question.name.capitalize()
        match blocks[0]:
            case Heading(text):
                title = text
            case Paragraph((title, *rest)):
                blocks[:1] = [Heading(title), Paragraph(tuple(rest))]
    head = _HEAD.format(
        start=_START,
        title=escape(title),
        style=read_text("output/document.css"),
    )
    return head + "\n".join(_Document(layout).write(blocks)) + _END


def is_document(path: str) -> bool:
    """Return whether a file is a page that `document` returned."""
    start = _START.encode()
    with Path(path).open("rb") as file:
        return file.read(len(start)) == start


class _Document(Html):
    """Writes blocks with the classes of the style sheet."""

    def tag(self, name: str, text: str) -> str:
        """Return a text in a tag; addresses of sources are links."""
        tagged = super().tag(name, text)
        if name != "dd" or not text.startswith(("https://", "http://")):
            return tagged
        address = escape(text)
        return f'<dd><a href="{address}" rel="noreferrer">{address}</a></dd>'

    def lead(self, *lines: str) -> str:
        """Return the first line of a page with its amount in large type."""
        label, _, amount = lines[0].rpartition(": ")
        large = f"{self.tag('span', label)} {self.tag('strong', amount)}"
        return f'<p class="lead">{large}</p>\n{self.paragraph(*lines[1:])}'

    def questions(self, pairs: Sequence[tuple[str, str]]) -> str:
        """Return questions and answers, which need no columns."""
        return f'<div class="questions">{super().questions(pairs)}</div>'

    def figure(self, figure: Figure) -> tuple[str, set[str]]:
        """Return a table, with the ranges of its rows if they are wanted."""
        texts = cells(figure)
        columns, base = list(texts), figure.page.answer.base or Base("")
        drawn = [""] * (len(figure.rows) + 1)
        if figure.has_ranges:
            axis = axis_of(figure.rows, PERCENTILES)
            drawn = [_scale(figure, axis), *(_drawn(row, axis) for row in figure.rows)]
        roles = [None, *(row.get("role") for row in figure.rows)]
        head, *lines = (
            _line(line, columns, picture, is_own=figure.has_ranges and role == base.id)
            for line, picture, role in zip(
                zip(*texts.values(), strict=True), drawn, roles, strict=True
            )
        )
        name = "ranges" if figure.has_ranges else "scroll"
        table = "\n".join([f"<thead>{head}</thead>", "<tbody>", *lines, "</tbody>"])
        html = f'<div class="{name}"><table>\n{table}\n</table></div>'
        return html, {column.key for column in columns}


def _line(
    texts: Iterable[str], columns: Sequence[Column], drawn: str, *, is_own: bool
) -> str:
    """Return a line of a table, with what is drawn after its first cell."""
    cells = [
        f'<td class="{column.key}{" number" * column.is_numeric}" '
        f'data-label="{escape(column.heading)}">{escape(text)}</td>'
        for text, column in zip(texts, columns, strict=True)
    ]
    if drawn:
        cells.insert(1, f'<td class="range">{drawn}</td>')
    name = ' class="own"' if is_own else ""
    return f"<tr{name}>{''.join(cells)}</tr>"


def _drawn(row: Row, axis: Axis) -> str:
    """Return the percentiles of a row as a line, a box and a mark of the median.

    Their places are shares of the width, so that labels keep their size.
    """
    at = {key: 100 * axis.share(row[key]) for key in PERCENTILES}
    grid = "".join(_tick(100 * axis.share(each), "grid") for each in axis.ticks())
    line = f'<line x1="{at["p10"]:.2f}%" x2="{at["p90"]:.2f}%" y1="50%" y2="50%"/>'
    width = at["p75"] - at["p25"]
    box = f'<rect x="{at["p25"]:.2f}%" width="{width:.2f}%" y="20%" height="60%"/>'
    mark = _tick(at["median"], "mark")
    return f'<svg aria-hidden="true">{grid}{line}{box}{mark}</svg>'


def _tick(place: float, name: str) -> str:
    at = f"{place:.2f}%"
    return f'<line class="{name}" x1="{at}" x2="{at}" y1="0" y2="100%"/>'


def _scale(figure: Figure, axis: Axis) -> str:
    """Return the labels of the ticks; those at the ends stay within the width."""
    columns = {column.key: column for column in figure.columns}
    labels = []
    for amount in axis.ticks():
        share = axis.share(amount)
        anchor = "start" if share <= 0 else "end" if share >= 1 else "middle"
        text = escape(tick_label(amount, columns["median"], figure.page))
        labels.append(
            f'<text x="{100 * share:.2f}%" y="75%" text-anchor="{anchor}">{text}</text>'
        )
    return f'<svg aria-hidden="true">{"".join(labels)}</svg>'
