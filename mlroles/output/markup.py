"""Pages for a terminal, and in Markdown, HTML, LaTeX and other markup languages.

What a page says is in `mlroles.output.pages`; these classes format its values and write
its headings, paragraphs, lists, tables and charts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.output.values import (
    change,
    display_width,
    long_date,
    money,
    per,
    wrap,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlroles.output.columns import Column, Kind
    from mlroles.output.formats import Layout
    from mlroles.queries.answer import Answer, Row


# What the figures of each kind of source are, and what is counted.
KIND_NAMES = {
    "advertised": "advertised pay", "filings": "H-1B filings",
    "official": "official wages", "job-site": "job-site average",
    "records": "pay records", "index": "index", "exchange-rates": "exchange rates",
    "occupations": "official occupations", "projections": "employment projections",
}  # fmt: skip
COUNT_NAMES = {
    "advertised": "distinct posting", "filings": "filing", "job-site": "report",
    "records": "record", "official": "record", "index": "point",
    "exchange-rates": "rate", "occupations": "title", "projections": "projection",
}  # fmt: skip


class Page:
    """A page for a terminal, or in a format that is read as plain text."""

    is_picture = False

    def __init__(self, answer: Answer[Any], layout: Layout) -> None:
        self.answer = answer
        self.layout = layout
        rows = answer.rows if isinstance(answer.rows, list) else [answer.rows]
        self.currency = next((row["currency"] for row in rows if "currency" in row), "")

    def value(self, value: Any, kind: Kind) -> str:
        """Format a value by the kind of its column."""
        if value is None:
            unknown = "\N{EN DASH}" if self.layout.unicode else "-"
            return "all" if kind in {"country", "group"} else unknown
        return _FORMATS.get(kind, _plain)(self, value)

    def money(self, amount: float) -> str:
        """Format an amount in the currency of the answer."""
        return money(amount, self.currency, unicode=self.layout.unicode)

    def country(self, code: str) -> str:
        """Return the name of a country."""
        return self.answer.labels.countries.get(code, code)

    def source(self, source_id: str) -> str:
        """Return the title of a source."""
        return self.answer.labels.sources.get(source_id, source_id)

    def dated(self, source_id: str) -> str:
        """Return the title of a source with its date."""
        updated = self.answer.labels.updated[source_id]
        return f"{self.source(source_id)}, {long_date(updated)}"

    def origin(self, row: Row, prefix: str = "") -> str:
        """Return the source of a row's figures, with their date if the row has one."""
        source, updated = row[f"{prefix}source"], row.get(f"{prefix}updated")
        dates = [long_date(updated)] if updated else []
        return ", ".join([self.source(source), *dates])

    def group(self, row: Row, prefix: str = "", *, all_countries: bool = True) -> str:
        """Describe the records of a row: `2025, United States, senior`."""
        keys = ("year", "country", "experience", "work_mode")
        year, code, experience, mode = (row[prefix + key] for key in keys)
        country = "all countries" if all_countries else ""
        parts = [year, self.country(code) if code else country, experience, mode]
        return ", ".join(str(part) for part in parts if part)

    def kind(self, source_id: str) -> str:
        """Return what a source is: `advertised pay`."""
        return KIND_NAMES[self.answer.labels.kinds[source_id]]

    def unit(self, row: Row) -> str:
        """Return the currency and pay period of a row: `USD a year`."""
        unit = f"{row['currency']} {per(row['period'])}"
        return (
            f"{unit}, in prices of {long_date(row['prices'])}"
            if "prices" in row
            else unit
        )

    def heading(self, text: str, level: int = 1) -> str:
        """Return the title of the page (level 1) or of a section (level 2)."""
        if level == 1:
            return wrap(text, self.layout.width)
        return f"{text}\n{'-' * display_width(text)}"

    def paragraph(self, *lines: str) -> str:
        """Return lines of text, each wrapped by itself."""
        return "\n".join(wrap(line, self.layout.width) for line in lines)

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

    def figure(
        self, rows: Sequence[Row], columns: Sequence[Column]
    ) -> tuple[str, set[str]]:
        """Return a table, or a chart if one is wanted, and the keys that it shows."""
        if self.layout.chart:
            from mlroles.output.charts import chart

            return chart(self, rows, columns)

        from mlroles.output.tables import table

        return table(self, rows, columns)

    def timeline(self, rows: Sequence[Row], column: Column) -> str:
        """Return a chart of figures over time."""
        from mlroles.output.charts import timeline

        return timeline(self, rows, column)


def _plain(_page: Page, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


_FORMATS: dict[Kind, Callable[[Page, Any], str]] = {
    "money": Page.money,
    "percent": lambda _, value: f"{value:+.1f}%",
    "change": lambda page, value: change(
        value, page.currency, unicode=page.layout.unicode
    ),
    "count": lambda _, value: f"{value:,}",
    "level": lambda _, value: f"{value:.1f}",
    "date": lambda _, value: long_date(value),
    "country": Page.country,
    "region": Page.country,
    "source": Page.source,
    # Texts of a column that is wrapped as lists are.
    "list": lambda _, value: value if isinstance(value, str) else ", ".join(value),
}


class _Markup(Page):
    """A page in a markup language, without wrapped lines.

    Its blocks are paragraphs, the same in most languages: no line starts with spaces,
    which wikis show as code, and lines are separated, since they would be joined.
    """

    def heading(self, text: str, level: int = 1) -> str:  # noqa: ARG002
        return text

    def paragraph(self, *lines: str) -> str:
        return "\n\n".join(lines)

    def items(self, texts: Sequence[str]) -> str:
        return "\n\n".join(f"{n}. {text}" for n, text in enumerate(texts, 1))

    def facts(self, pairs: Sequence[tuple[str, str]]) -> str:
        return "\n\n".join(f"{name}: {text}" if name else text for name, text in pairs)

    def questions(self, pairs: Sequence[tuple[str, str]]) -> str:
        return "\n\n".join(f"{question}\n\n{text}" for question, text in pairs)


class _Markdown(_Markup):
    def heading(self, text: str, level: int = 1) -> str:
        return f"{'#' * level} {text}"

    def items(self, texts: Sequence[str]) -> str:
        return "\n".join(f"{n}. {text}" for n, text in enumerate(texts, 1))

    def facts(self, pairs: Sequence[tuple[str, str]]) -> str:
        facts = (
            f"- **{name}:** {text}" if name else f"  {text}" for name, text in pairs
        )
        return "\n".join(facts)

    def questions(self, pairs: Sequence[tuple[str, str]]) -> str:
        return "\n\n".join(f"**{question}**\n\n{text}" for question, text in pairs)


class _Html(Page):
    def _tag(self, name: str, text: str) -> str:
        from html import escape

        return f"<{name}>{escape(text)}</{name}>"

    def heading(self, text: str, level: int = 1) -> str:
        return self._tag(f"h{level}", text)

    def paragraph(self, *lines: str) -> str:
        return "\n".join(self._tag("p", line) for line in lines)

    def items(self, texts: Sequence[str]) -> str:
        items = "\n".join(self._tag("li", text) for text in texts)
        return f"<ol>\n{items}\n</ol>"

    def facts(self, pairs: Sequence[tuple[str, str]]) -> str:
        tags = [each for name, text in pairs for each in (("dt", name), ("dd", text))]
        items = "\n".join(self._tag(*each) for each in tags if each[1])
        return f"<dl>\n{items}\n</dl>"

    questions = facts


class _Latex(_Markup):
    def _escape(self, text: str) -> str:
        from mlroles.output._tabulate import tabulate

        rules = {} if self.layout.markup == "latex_raw" else tabulate.LATEX_ESCAPE_RULES
        return "".join(rules.get(character, character) for character in text)

    def heading(self, text: str, level: int = 1) -> str:
        return f"\\{'sub' * (level - 1)}section*{{{self._escape(text)}}}"

    def paragraph(self, *lines: str) -> str:
        return self._escape(super().paragraph(*lines))

    def items(self, texts: Sequence[str]) -> str:
        return self._escape(super().items(texts))

    def facts(self, pairs: Sequence[tuple[str, str]]) -> str:
        return self._escape(super().facts(pairs))

    def questions(self, pairs: Sequence[tuple[str, str]]) -> str:
        return self._escape(super().questions(pairs))


_MARKUP = {
    "pipe": _Markdown, "github": _Markdown, "html": _Html, "unsafehtml": _Html,
    **dict.fromkeys(
        ("latex", "latex_raw", "latex_booktabs", "latex_longtable"), _Latex
    ),
    **dict.fromkeys(
        ("asciidoc", "jira", "mediawiki", "moinmoin", "orgtbl", "rst", "textile",
         "youtrack"), _Markup
    ),
}  # fmt: skip


def new_page(answer: Answer[Any], layout: Layout) -> Page:
    """Return an empty page for an answer, in the markup of a layout."""
    return _MARKUP.get(layout.markup, Page)(answer, layout)
