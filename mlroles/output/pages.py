"""Answers as people read them in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.output.columns import COLUMNS, LIST
from mlroles.output.pages_pay import (
    compare_page,
    locations_page,
    offer_page,
    salary_by_page,
    salary_page,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlroles.output.values import Reader
    from mlroles.queries.rows import Row


def page(answer: Any, name: str, reader: Reader) -> str:
    """An answer for people: `name` says which command's, the text ends in a newline."""
    return _PAGES[name](answer, reader) + "\n"


def _describe(row: Row, reader: Reader) -> str:
    lists = [column for column in COLUMNS["describe"] if column.kind == LIST]
    pairs = [(c.heading, reader.cell(row[c.key], c.kind)) for c in lists]
    return "\n\n".join(
        [row["title"], reader.prose(row["description"]), reader.labelled(pairs)]
    )


def _duties(row: Row, reader: Reader) -> str:
    items = [
        reader.prose(duty, "   ", f"{number}. ")
        for number, duty in enumerate(row["duties"], 1)
    ]
    return "\n".join([row["title"], "", *items])


def _faq(rows: list[Row], reader: Reader) -> str:
    if not rows:
        return NO_QUESTIONS
    return "\n\n".join(
        f"{reader.prose(row['question'])}\n{reader.prose(row['answer'], '  ')}"
        for row in rows
    )


def _roles(rows: list[Row], reader: Reader) -> str:
    return f"{table(rows, COLUMNS['roles'], reader)}\n\n* the default role"


def _sources(rows: list[Row], reader: Reader) -> str:
    return "\n\n".join(_source(row, reader) for row in rows)


def _source(row: Row, reader: Reader) -> str:
    single = [c for c in COLUMNS["sources"] if c.kind != LIST]
    pairs = [(c.heading, reader.cell(row[c.key], c.kind)) for c in single]
    labels = ["Caveats", *[""] * len(row["caveats"])]
    return reader.labelled([*pairs, *zip(labels, row["caveats"], strict=False)])


def _show(parts: dict[str, Any], reader: Reader) -> str:
    of_one = {key: row["title"] for key, row in parts.items() if isinstance(row, dict)}
    sections: list[str] = []
    for key, part in parts.items():
        text = _PAGES[key](part, reader)
        if sections:
            # The title stands once, at the top of the page.
            text = text.removeprefix(f"{of_one.get(key)}\n\n")
            text = f"{HEADINGS[key]}\n{'-' * len(HEADINGS[key])}\n{text}"
        sections.append(text)
    return "\n\n".join(sections)


NO_QUESTIONS = "No questions on record."
# What the parts of a role's whole page are called.
HEADINGS = {
    "describe": "Description",
    "duties": "Duties",
    "salary": "Salary",
    "compare": "Similar roles",
    "faq": "Questions",
}
_PAGES: dict[str, Callable[[Any, Reader], str]] = {
    "describe": _describe,
    "duties": _duties,
    "salary": salary_page,
    "salary-by": salary_by_page,
    "compare": compare_page,
    "locations": locations_page,
    "offer": offer_page,
    "faq": _faq,
    "roles": _roles,
    "sources": _sources,
    "show": _show,
}
