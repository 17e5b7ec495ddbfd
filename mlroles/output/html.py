"""The page of a role as an HTML document of one file, rendered by Jinja2.

The document needs no network and no script. Everything in it that comes from a data
set is escaped by the template.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.errors import MlrolesError
from mlroles.output.columns import POINTS
from mlroles.output.formats import Layout
from mlroles.output.markup import Page
from mlroles.output.pages import blocks
from mlroles.output.plots import inline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.output.columns import Column
    from mlroles.output.plots import Inline
    from mlroles.queries.answer import Answer, Row

_TEMPLATE = "page.html.jinja"
# What the first lines of a document contain, so that it is recognized.
_GENERATOR = b'<meta name="generator" content="mlroles">'
_START = 1_000
# The characters of a table that fit a phone.
_NARROW = 40
# The sections, by the part that they show.
_HEADINGS = {
    "duties": "Duties", "salary": "Pay", "locations": "Places",
    "compare": "Similar roles", "employers": "Employers", "industries": "Industries",
    "outlook": "Outlook", "skills": "Technologies", "faq": "Questions",
}  # fmt: skip
_WITHOUT_CHART = {"duties", "skills", "faq"}


class _Block(NamedTuple):
    """A heading, paragraph, list or table, with its texts."""

    kind: str
    content: Any


class _Cell(NamedTuple):
    text: str
    classes: str


class _Section(NamedTuple):
    """A section of the document."""

    name: str
    heading: str
    blocks: list[_Block]


class _Document(Page):
    """A page that keeps its blocks for the template; each method returns its number.

    A chart is shown above the first table with its figures.
    """

    def __init__(self, answer: Answer[Any], chart: Inline | None = None) -> None:
        super().__init__(answer, Layout())
        self._chart = chart
        self._kept: list[_Block] = []

    def blocks(self) -> list[_Block]:
        """Return the blocks of the page in their order."""
        return [self._kept[int(number)] for number in blocks(self)]

    def _keep(self, kind: str, content: Any) -> str:
        self._kept.append(_Block(kind, content))
        return str(len(self._kept) - 1)

    def heading(self, text: str, level: int = 1) -> str:  # noqa: ARG002
        return self._keep("heading", text)

    def paragraph(self, *lines: str) -> str:
        return self._keep("paragraph", lines)

    def items(self, texts: Sequence[str]) -> str:
        return self._keep("items", texts)

    def facts(self, pairs: Sequence[tuple[str, str]]) -> str:
        return self._keep("facts", pairs)

    def questions(self, pairs: Sequence[tuple[str, str]]) -> str:
        return self._keep("questions", pairs)

    def figure(
        self, rows: Sequence[Row], columns: Sequence[Column]
    ) -> tuple[str, set[str]]:
        from mlroles.output.tables import cells

        texts = cells(self, rows, columns)
        wide = _wide(texts)
        table = [
            [
                _Cell(text, " ".join(
                    ["number"] * column.is_numeric + ["wide"] * (column in wide)
                ))
                for column, text in zip(texts, line, strict=True)
            ]
            for line in zip(*texts.values(), strict=True)
        ]  # fmt: skip
        # An outlook begins with another table.
        is_drawn = columns is POINTS or self.answer.question != "outlook"
        chart = None
        if is_drawn:
            chart, self._chart = self._chart, None
        return self._keep("table", (chart, table)), {column.key for column in texts}


def _wide(texts: dict[Column, list[str]]) -> set[Column]:
    """Return the columns to hide on a phone, as on a narrow terminal."""
    kept = dict(texts)
    for hide in sorted({column.hide for column in texts} - {0}):
        # Texts are wrapped.
        widths = (
            min(max(map(len, cells)), _NARROW // 2) + 1 for cells in kept.values()
        )
        if sum(widths) <= _NARROW:
            break
        kept = {column: cells for column, cells in kept.items() if column.hide != hide}
    return set(texts) - set(kept)


def document(answer: Answer[Any]) -> str:
    """Return the page of a role, as `mlroles.queries.roles.page` gives it, as HTML.

    Raises:
        MlrolesError: Jinja2 or matplotlib is not installed.
    """
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        raise MlrolesError(
            "pages require Jinja2 and matplotlib. Install them with: "
            "pip install 'jinja2>=3.1,<4' 'matplotlib>=3.10.8,<4'"
        ) from None
    environment = Environment(
        autoescape=True,
        loader=FileSystemLoader(Path(__file__).parent),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    parts = answer.parts
    _, *description = _Document(parts["describe"]).blocks()
    sections = [_section(name, parts[name]) for name in _HEADINGS]
    return environment.get_template(_TEMPLATE).render(
        title=parts["describe"].rows["title"],
        description=description,
        sections=[section for section in sections if section],
        sources=parts["sources"].rows,
        date=_Document(parts["sources"]).value,
    )


def _section(name: str, part: Answer[Any]) -> _Section | None:
    """Return a section with the page of a part; None if the part is empty."""
    rows = part.rows
    lists = ("occupations", "postings", "ai_share")
    if not (any(rows[key] for key in lists) if name == "outlook" else rows):
        return None
    # The heading of a part is that of its section.
    page = _Document(part, None if name in _WITHOUT_CHART else inline(part, name))
    shown = [block for block in page.blocks() if block.kind != "heading"]
    return _Section(name, _HEADINGS[name], shown)


def is_document(path: str) -> bool:
    """Return whether a file is a page that `document` returned."""
    with Path(path).open("rb") as file:
        return _GENERATOR in file.read(_START)
