"""Answers in one of tabulate's formats: for a document, a web page, another taste."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from mlroles.output.columns import COLUMNS, LIST, flat, flattened
from mlroles.output.pages import HEADINGS, NO_QUESTIONS, page
from mlroles.output.tables import facts, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlroles.output.values import Reader
    from mlroles.queries.rows import Row

_PAGES = {"compare", "locations", "salary-by"}
_MARKDOWN = {"pipe", "github"}
# In these a plain sentence is markup, or not allowed.
_BARE = {
    "jira", "latex", "latex_booktabs", "latex_longtable", "latex_raw", "mediawiki",
    "moinmoin", "textile", "youtrack",
}  # fmt: skip


def document(answer: Any, name: str, style: str, reader: Reader) -> str:
    """An answer with its tables in a style of tabulate's; ends in a newline.

    Figures keep the notes on their units and sources, where the style allows text.
    In Markdown what is no figure is text, not a table.
    """
    if name == "show":
        return _show(answer, style, reader)
    if name in _PAGES and style not in _BARE:
        return page(answer, name, reader._replace(style=style))
    if name in _TEXTS and style in _MARKDOWN:
        title = [] if name == "faq" else [_heading(answer["title"], style, 1)]
        return "\n\n".join([*title, _TEXTS[name](answer)]) + "\n"
    columns = flat(name)
    if name in _PAGES:
        # Without a note the table has to say it all.
        columns = [c._replace(heading=c.heading or _spelled(c.key)) for c in columns]
    if isinstance(answer, dict):
        return facts(flattened(answer), columns, reader, style) + "\n"
    return table(answer, columns, reader, style) + "\n"


def _spelled(key: str) -> str:
    """A key as a heading."""
    return key.replace("_", " ").capitalize()


def _show(parts: dict[str, Any], style: str, reader: Reader) -> str:
    title = parts["describe"]["title"]
    texts = {
        key: document(part, key, style, reader).rstrip("\n")
        for key, part in parts.items()
    }
    if style in _BARE:
        return "\n\n".join(texts.values()) + "\n"
    sections = [_heading(title, style, 1)]
    for key, text in texts.items():
        # The title stands once, at the top of the page.
        body = text.removeprefix(f"# {title}\n\n")
        sections += [_heading(HEADINGS[key], style), body]
    return "\n\n".join(sections) + "\n"


def _describe(row: Row) -> str:
    lists = [column for column in COLUMNS["describe"] if column.kind == LIST]
    items = [f"- **{c.heading}:** {', '.join(row[c.key])}" for c in lists]
    return "\n\n".join([row["description"], "\n".join(items)])


def _duties(row: Row) -> str:
    return "\n".join(
        f"{number}. {duty}" for number, duty in enumerate(row["duties"], 1)
    )


def _faq(rows: list[Row]) -> str:
    pairs = [f"**{row['question']}**\n\n{row['answer']}" for row in rows]
    return "\n\n".join(pairs) or NO_QUESTIONS


_TEXTS: dict[str, Callable[[Any], str]] = {
    "describe": _describe,
    "duties": _duties,
    "faq": _faq,
}


def _heading(text: str, style: str, level: int = 2) -> str:
    if style in _MARKDOWN:
        return f"{'#' * level} {text}"
    return f"<h{level}>{escape(text)}</h{level}>" if style.endswith("html") else text
