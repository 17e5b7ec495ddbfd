"""What a page says, as data, which every format writes in its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.output.page import Page
    from mlroles.questions import Column, Row


class Heading(NamedTuple):
    """The title of the page (level 1) or of a section (level 2)."""

    text: str
    level: int = 1


class Paragraph(NamedTuple):
    """Lines of text."""

    lines: tuple[str, ...]
    is_lead: bool = False
    """Whether the first one is the figure that a page is about: `title: amount`."""


class Items(NamedTuple):
    """A numbered list."""

    texts: Sequence[str]


class Facts(NamedTuple):
    """Texts with labels; a text without a label continues the one before."""

    pairs: Sequence[tuple[str, str]]


class Questions(NamedTuple):
    """Questions and answers."""

    pairs: Sequence[tuple[str, str]]


class Figure(NamedTuple):
    """Rows as a table, or as a chart if one is wanted and they can be drawn."""

    page: Page
    rows: Sequence[Row]
    columns: Sequence[Column]
    is_drawn: bool = True
    has_ranges: bool = False
    """Whether a document draws percentiles, which all rows then have."""


class Timeline(NamedTuple):
    """Figures over time, as a chart."""

    page: Page
    rows: Sequence[Row]
    column: Column


class Note(NamedTuple):
    """A sentence on columns; omitted if none of them is shown."""

    text: str
    about: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    """Columns that another note is about."""


class Notes(NamedTuple):
    """A paragraph of sentences on the figures above it, up to a heading."""

    sentences: Sequence[Note]

    def text(self, shown: set[str]) -> str:
        """Return the sentences on the columns that are shown."""
        return " ".join(
            each.text
            for each in self.sentences
            if each.text
            and (not each.about or each.about & shown)
            and not each.unless & shown
        )


Block: TypeAlias = (
    "Heading | Paragraph | Items | Facts | Questions | Figure | Timeline | Notes"
)


def paragraph(*lines: str) -> Paragraph:
    """Return a paragraph of some lines."""
    return Paragraph(lines)


def note(text: str, about: str = "", unless: str = "") -> Note:
    """Return a sentence on the columns with some keys, separated by spaces."""
    return Note(text, frozenset(about.split()), frozenset(unless.split()))
