"""Answers in one of tabulate's formats: for a document, a web page, another taste."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.columns import flat, flattened
from mlroles.pages import HEADINGS, page
from mlroles.tables import facts, table

if TYPE_CHECKING:
    from mlroles.text import Reader

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
    """
    if name == "show":
        parts = (
            f"{_heading(HEADINGS[key], style)}\n\n{document(part, key, style, reader)}"
            for key, part in answer.items()
        )
        return "\n".join(parts)
    if name in _PAGES and style not in _BARE:
        return page(answer, name, reader._replace(style=style))
    columns = flat(name)
    if isinstance(answer, dict):
        return facts(flattened(answer), columns, reader, style) + "\n"
    return table(answer, columns, reader, style) + "\n"


def _heading(text: str, style: str) -> str:
    if style in _MARKDOWN:
        return f"## {text}"
    return f"<h2>{text}</h2>" if style.endswith("html") else text
