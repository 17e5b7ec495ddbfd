"""Pages for a terminal, and in Markdown and HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.output.blocks import (
    Facts,
    Figure,
    Heading,
    Items,
    Paragraph,
    Questions,
    Timeline,
)
from mlroles.output.values import display_width, escape_markdown, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mlroles.output.blocks import Block
    from mlroles.output.layout import Layout


def write(blocks: Iterable[Block], layout: Layout) -> str:
    """Return blocks as a text that ends with a newline, in the markup of a layout."""
    writer = _WRITERS[layout.markup](layout)
    return "\n\n".join(writer.write(blocks)) + "\n"


class _Text:
    """Writes for a terminal."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def write(self, blocks: Iterable[Block]) -> Iterator[str]:
        """Yield each block as text."""
        shown: set[str] = set()
        for block in blocks:
            match block:
                case Heading(text, level):
                    shown = set()
                    yield self.heading(text, level)
                case Paragraph(lines, is_lead):
                    yield self.lead(*lines) if is_lead else self.paragraph(*lines)
                case Items(texts):
                    yield self.items(texts)
                case Facts(pairs):
                    yield self.facts(pairs)
                case Questions(pairs):
                    yield self.questions(pairs)
                case Figure():
                    text, keys = self.figure(block)
                    shown |= keys
                    yield text
                case Timeline():
                    from mlroles.output.charts import timeline

                    yield timeline(block, self.layout)
                case _:
                    if text := block.text(shown):
                        yield self.paragraph(text)

    def figure(self, figure: Figure) -> tuple[str, set[str]]:
        """Return a table or a chart, and the keys that it shows."""
        if self.layout.chart and figure.is_drawn:
            from mlroles.output.charts import chart

            return chart(figure, self.layout)

        from mlroles.output.tables import table

        return table(figure, self.layout)

    def heading(self, text: str, level: int = 1) -> str:
        """Return the title of the page (level 1) or of a section (level 2)."""
        if level == 1:
            return wrap(text, self.layout.width)
        return f"{text}\n{'-' * display_width(text)}"

    def paragraph(self, *lines: str) -> str:
        """Return lines of text, each wrapped by itself."""
        return "\n".join(wrap(line, self.layout.width) for line in lines)

    def lead(self, *lines: str) -> str:
        """Return the figure that a page is about, and what it is based on."""
        return self.paragraph(*lines)

    def items(self, texts: Sequence[str]) -> str:
        """Return a numbered list."""
        return "\n".join(
            wrap(text, self.layout.width, "   ", f"{number}. ")
            for number, text in enumerate(texts, 1)
        )

    def facts(self, pairs: Sequence[tuple[str, str]]) -> str:
        """Return texts with labels; a text without a label continues the one before."""
        indent = max(len(label) for label, _ in pairs) + 2
        return "\n".join(
            wrap(text, self.layout.width, " " * indent, label.ljust(indent))
            for label, text in pairs
        )

    def questions(self, pairs: Sequence[tuple[str, str]]) -> str:
        """Return questions and answers."""
        width = self.layout.width
        return "\n\n".join(
            f"{wrap(question, width)}\n{wrap(text, width, '  ')}"
            for question, text in pairs
        )


class _Markdown(_Text):
    """Writes Markdown, whose lines are not wrapped; texts in it are escaped."""

    def heading(self, text: str, level: int = 1) -> str:
        return f"{'#' * level} {escape_markdown(text)}"

    def paragraph(self, *lines: str) -> str:
        # Lines of one paragraph would be joined.
        return "\n\n".join(map(escape_markdown, lines))

    def items(self, texts: Sequence[str]) -> str:
        return "\n".join(
            f"{n}. {escape_markdown(text)}" for n, text in enumerate(texts, 1)
        )

    def facts(self, pairs: Sequence[tuple[str, str]]) -> str:
        escaped = ((escape_markdown(name), escape_markdown(t)) for name, t in pairs)
        return "\n".join(
            f"- **{name}:** {text}" if name else f"  {text}" for name, text in escaped
        )

    def questions(self, pairs: Sequence[tuple[str, str]]) -> str:
        return "\n\n".join(
            f"**{escape_markdown(question)}**\n\n{escape_markdown(text)}"
            for question, text in pairs
        )


class Html(_Text):
    """Writes HTML, whose lines are not wrapped."""

    def tag(self, name: str, text: str) -> str:
        """Return a text in a tag."""
        from html import escape

        return f"<{name}>{escape(text)}</{name}>"

    def heading(self, text: str, level: int = 1) -> str:
        """Return the title of the page (level 1) or of a section (level 2)."""
        return self.tag(f"h{level}", text)

    def paragraph(self, *lines: str) -> str:
        """Return each line as a paragraph."""
        return "\n".join(self.tag("p", line) for line in lines)

    def items(self, texts: Sequence[str]) -> str:
        """Return a numbered list."""
        items = "\n".join(self.tag("li", text) for text in texts)
        return f"<ol>\n{items}\n</ol>"

    def facts(self, pairs: Sequence[tuple[str, str]]) -> str:
        """Return texts with labels."""
        tags = [each for name, text in pairs for each in (("dt", name), ("dd", text))]
        items = "\n".join(self.tag(*each) for each in tags if each[1])
        return f"<dl>\n{items}\n</dl>"

    questions = facts


_WRITERS = {"": _Text, "markdown": _Markdown, "html": Html}
