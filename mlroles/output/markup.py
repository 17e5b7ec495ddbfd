"""Pages as text: for a terminal, or as Markdown, HTML, LaTeX and other documents.

A page is a list of blocks. What a block looks like depends on the markup; what it says
does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from mlroles.output.values import display_width, wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlroles.output.formats import Layout
    from mlroles.output.tables import Table

_MARKDOWN = frozenset({"pipe", "github"})
_OTHER_MARKUP = frozenset(
    {"asciidoc", "jira", "mediawiki", "moinmoin", "orgtbl", "rst", "textile",
     "youtrack"}
)  # fmt: skip


class Heading(NamedTuple):
    """The title of a page (level 1) or a section (level 2)."""

    text: str
    level: int = 1


class Paragraph(NamedTuple):
    """Lines of text, each wrapped by itself."""

    lines: list[str]


class Items(NamedTuple):
    """A numbered list."""

    texts: list[str]


class Facts(NamedTuple):
    """Labels with a text each; a text without a label continues the one before."""

    pairs: list[tuple[str, str]]


class Questions(NamedTuple):
    """Questions and answers."""

    pairs: list[tuple[str, str]]


class Drawing(NamedTuple):
    """A chart, drawn for a terminal."""

    text: str


Block: TypeAlias = "Heading | Paragraph | Items | Facts | Questions | Drawing | Table"


def render(blocks: list[Block], layout: Layout) -> str:
    """Render the blocks of a page, separated by empty lines."""
    if layout.markup in _MARKDOWN:
        write: Callable[[Block, Layout], str] = _markdown
    elif layout.markup.endswith("html"):
        write = _html
    elif layout.markup.startswith("latex"):
        write = _latex
    elif layout.markup in _OTHER_MARKUP:
        write = _other_markup
    else:
        write = _plain
    return "\n\n".join(write(block, layout) for block in blocks)


def _plain(block: Block, layout: Layout) -> str:
    width = layout.width
    match block:
        case Heading(text, 1):
            return wrap(text, width)
        case Heading(text):
            return f"{text}\n{'-' * display_width(text)}"
        case Paragraph(lines):
            return "\n".join(wrap(line, width) for line in lines)
        case Items(texts):
            return "\n".join(
                wrap(text, width, "   ", f"{number}. ")
                for number, text in enumerate(texts, 1)
            )
        case Facts(pairs):
            indent = max(len(label) for label, _ in pairs) + 2
            return "\n".join(
                wrap(text, width, " " * indent, label.ljust(indent))
                for label, text in pairs
            )
        case Questions(pairs):
            return "\n\n".join(
                f"{wrap(question, width)}\n{wrap(answer, width, '  ')}"
                for question, answer in pairs
            )
        case Drawing(text):
            return text
        case table:
            text = table.draw(layout.markup or "simple")
            if not table.hidden:
                return text
            hidden = ", ".join(table.hidden)
            note = f"Hidden columns (terminal too narrow): {hidden}."
            return f"{text}\n{wrap(note, width)}"


def _markdown(block: Block, layout: Layout) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * level} {text}"
        case Paragraph(lines):
            return "\n\n".join(lines)
        case Items(texts):
            return "\n".join(f"{n}. {text}" for n, text in enumerate(texts, 1))
        case Facts(pairs):
            return "\n".join(
                f"- **{label}:** {text}" if label else f"  {text}"
                for label, text in pairs
            )
        case Questions(pairs):
            return "\n\n".join(f"**{question}**\n\n{text}" for question, text in pairs)
        case _:
            return _plain(block, layout)


def _other_markup(block: Block, layout: Layout) -> str:
    """Render a block as paragraphs, the same in all markup languages.

    No line starts with spaces, which wikis show as code. An empty line follows every
    line, because lines without one between them are joined.
    """
    match block:
        case Heading(text):
            return text
        case Paragraph(lines):
            return "\n\n".join(lines)
        case Items(texts):
            return "\n\n".join(f"{n}. {text}" for n, text in enumerate(texts, 1))
        case Facts(pairs):
            return "\n\n".join(
                f"{label}: {text}" if label else text for label, text in pairs
            )
        case Questions(pairs):
            return "\n\n".join(f"{question}\n\n{text}" for question, text in pairs)
        case _:
            return _plain(block, layout)


def _html(block: Block, layout: Layout) -> str:
    from html import escape

    match block:
        case Heading(text, level):
            return f"<h{level}>{escape(text)}</h{level}>"
        case Paragraph(lines):
            return "\n".join(f"<p>{escape(line)}</p>" for line in lines)
        case Items(texts):
            items = "\n".join(f"<li>{escape(text)}</li>" for text in texts)
            return f"<ol>\n{items}\n</ol>"
        case Facts(pairs) | Questions(pairs):
            items = "\n".join(
                f"<dt>{escape(label)}</dt>\n<dd>{escape(text)}</dd>"
                if label
                else f"<dd>{escape(text)}</dd>"
                for label, text in pairs
            )
            return f"<dl>\n{items}\n</dl>"
        case _:
            return _plain(block, layout)


def _latex(block: Block, layout: Layout) -> str:
    from mlroles.output._tabulate import tabulate

    def escape(text: str) -> str:
        if layout.markup == "latex_raw":
            return text
        rules = tabulate.LATEX_ESCAPE_RULES
        return "".join(rules.get(character, character) for character in text)

    match block:
        case Heading(text, level):
            return f"\\{'sub' * (level - 1)}section*{{{escape(text)}}}"
        case Paragraph(lines):
            return "\n\n".join(map(escape, lines))
        case Items(texts):
            items = "\n".join(f"\\item {escape(text)}" for text in texts)
            return f"\\begin{{enumerate}}\n{items}\n\\end{{enumerate}}"
        case Facts(pairs) | Questions(pairs):
            items = "\n".join(
                f"\\item[{escape(label)}] {escape(text)}" if label else escape(text)
                for label, text in pairs
            )
            return f"\\begin{{description}}\n{items}\n\\end{{description}}"
        case _:
            return _plain(block, layout)
