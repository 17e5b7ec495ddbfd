"""The page of a role as an HTML document of one file, rendered by Jinja2.

The document needs no network and no script. Everything in it that comes from a data
set is escaped by the template.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.errors import MlrolesError
from mlroles.extras.pictures import inline
from mlroles.output import pages
from mlroles.output.blocks import Figure, Notes
from mlroles.output.layout import Layout
from mlroles.output.page import Page
from mlroles.output.tables import cells

if TYPE_CHECKING:
    from mlroles.extras.pictures import Inline
    from mlroles.queries.answer import Answer
    from mlroles.questions import Column

_TEMPLATE = "page.html.jinja"
# What the first lines of a document contain, so that it is recognized.
_GENERATOR = b'<meta name="generator" content="mlroles">'
_START = 1_000
# The characters of a table that fit a phone.
_NARROW = 40
# The sections, in their order.
_SECTIONS = (
    "duties", "salary", "locations", "compare", "employers", "industries", "outlook",
    "skills", "faq",
)  # fmt: skip
_WITHOUT_CHART = {"duties", "skills", "faq"}


class _Cell(NamedTuple):
    text: str
    classes: str


class _Section(NamedTuple):
    """A section of the document."""

    name: str
    heading: str
    blocks: list[tuple[str, Any]]
    """The kind of each block, and what the template shows of it."""


def _shown(
    answer: Answer[Any], chart: Inline | None = None, *, details: bool = False
) -> list[tuple[str, Any]]:
    """Return the blocks of a page as the template shows them.

    A chart is shown above the first table; without a table, it comes last.
    """
    blocks: list[tuple[str, Any]] = []
    shown: set[str] = set()
    for block in pages.blocks(Page(answer, Layout(details=details))):
        kind = type(block).__name__.lower()
        match block:
            case Figure():
                texts = cells(block)
                shown |= {column.key for column in texts}
                blocks.append((kind, (chart, _table(texts))))
                chart = None
            case Notes():
                if text := block.text(shown):
                    blocks.append(("paragraph", [text]))
            case _:
                blocks.append((kind, block[0]))
    if chart:
        blocks.append(("figure", (chart, None)))
    return blocks


def _table(texts: dict[Column, list[str]]) -> list[list[_Cell]]:
    """Return the lines of a table, with the classes of their cells."""
    wide = _wide(texts)
    classes = [
        " ".join(["number"] * column.is_numeric + ["wide"] * (column in wide))
        for column in texts
    ]
    return [
        list(map(_Cell, line, classes)) for line in zip(*texts.values(), strict=True)
    ]


def _wide(texts: dict[Column, list[str]]) -> set[Column]:
    """Return the columns to hide on a phone, as on a narrow terminal."""
    kept = dict(texts)
    for hide in sorted({column.hide for column in texts} - {0}):
        # Texts are wrapped.
        widths = (
            min(max(map(len, cells)), _NARROW // 2) + 1 for cells in kept.values()
        )
        fits = sum(widths) <= _NARROW
        kept = {e: cells for e, cells in kept.items() if fits or e.hide != hide}
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
    parts: dict[str, Answer[Any]] = answer.context
    # A document has no options.
    _, *description = _shown(parts["describe"], details=True)
    sections = [_section(name, parts[name]) for name in _SECTIONS]
    return environment.get_template(_TEMPLATE).render(
        title=parts["describe"].rows["title"],
        description=description,
        sections=[section for section in sections if section],
        sources=parts["sources"].rows,
        date=Page(parts["sources"]).value,
    )


def _section(name: str, part: Answer[Any]) -> _Section | None:
    """Return a section with the page of a part; None if the part is empty."""
    if part.question.is_empty(part.rows):
        return None
    # The heading of a part is that of its section.
    chart = None if name in _WITHOUT_CHART else inline(part, name)
    shown = [block for block in _shown(part, chart) if block[0] != "heading"]
    return _Section(name, part.question.section, shown)


def is_document(path: str) -> bool:
    """Return whether a file is a page that `document` returned."""
    with Path(path).open("rb") as file:
        return _GENERATOR in file.read(_START)
