"""The pages on what a role is, and the page of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.output.blocks import (
    Facts,
    Figure,
    Heading,
    Items,
    Notes,
    Questions,
    note,
    paragraph,
)
from mlroles.output.page import Page
from mlroles.output.pages import blocks
from mlroles.output.pages.phrases import base_name
from mlroles.questions import DESCRIBE, ROLES, SOURCES

if TYPE_CHECKING:
    from mlroles.output.blocks import Block
    from mlroles.queries.market import Technologies
    from mlroles.questions import Row


def describe(page: Page, row: Row) -> list[Block]:
    """What a role is."""
    return [Heading(row["title"]), *_description(page, row)]


def _description(page: Page, row: Row) -> list[Block]:
    columns = [column for column in DESCRIBE.columns if column.kind == "list"]
    if not row["technologies"]:
        columns = [column for column in columns if column.key != "technologies"]
    facts = [(each.heading, page.value(row[each.key], "list")) for each in columns]
    blocks: list[Block] = [paragraph(row["description"]), Facts(facts)]
    if row["technologies"]:
        origin: Technologies = page.answer.context
        blocks.append(
            paragraph(
                f"Technologies: in demand for {', '.join(origin.occupations)}, an "
                "official occupation, not the role itself. "
                f"Source: {page.dated(origin.source)}."
            )
        )
    return blocks


def duties(_page: Page, row: Row) -> list[Block]:
    """What a role does, as a numbered list."""
    return [Heading(row["title"]), Items(row["duties"])]


def faq(_page: Page, rows: list[Row]) -> list[Block]:
    """Questions and answers."""
    if not rows:
        return [paragraph("No questions.")]
    return [Questions([(row["question"], row["answer"]) for row in rows])]


def roles(page: Page, rows: list[Row]) -> list[Block]:
    """The roles, with the default one in a note."""
    default = note(f"Default role: {base_name(page)}.", about="title")
    return [Figure(page, rows, ROLES.shown()), Notes([default])]


def sources(page: Page, rows: list[Row]) -> list[Block]:
    """Facts on each source."""
    single = [column for column in SOURCES.shown() if column.kind != "list"]
    blocks: list[Block] = []
    for row in rows:
        facts = [
            (each.heading, page.value(row[each.key], each.kind)) for each in single
        ]
        labels = ["Caveats", *[""] * len(row["caveats"])]
        blocks.append(Facts([*facts, *zip(labels, row["caveats"], strict=False)]))
    return blocks


# The sections of the page of a role, in their order.
_SECTIONS = (
    "describe", "duties", "salary", "compare", "employers", "industries", "skills",
    "outlook", "faq",
)  # fmt: skip


def show(page: Page, _rows: dict[str, Any]) -> list[Block]:
    """Everything about a role, in sections."""
    names = page.answer.fields or _SECTIONS
    return [block for name in names for block in _section(page, name)]


def _section(page: Page, name: str) -> list[Block]:
    """Return a section of the page of a role; none if it would be empty."""
    part = page.answer.context[name]
    of_part = Page(part, unicode=page.unicode, chart=page.chart, details=page.details)
    if part.question.is_empty(part.rows):
        return []
    if not part.question.section:
        return blocks(of_part)
    # The title of the page is the heading of the section.
    own = [each for each in blocks(of_part) if not isinstance(each, Heading)]
    return [Heading(part.question.section, 2), *own]
