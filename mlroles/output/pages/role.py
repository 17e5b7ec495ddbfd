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
from mlroles.output.columns import COLUMNS
from mlroles.output.page import Page
from mlroles.output.pages import blocks
from mlroles.output.pages.phrases import _base_name

if TYPE_CHECKING:
    from mlroles.output.blocks import Block
    from mlroles.queries.answer import Row


def _describe(page: Page, row: Row) -> list[Block]:
    return [Heading(row["title"]), *_description(page, row)]


def _description(page: Page, row: Row) -> list[Block]:
    columns = [column for column in COLUMNS["describe"] if column.kind == "list"]
    if not row["technologies"]:
        columns = [column for column in columns if column.key != "technologies"]
    facts = [(each.heading, page.value(row[each.key], "list")) for each in columns]
    blocks: list[Block] = [paragraph(row["description"]), Facts(facts)]
    if row["technologies"]:
        origin = page.answer.parts["technologies"].rows
        blocks.append(
            paragraph(
                f"Technologies: in demand for {', '.join(origin['occupations'])}, a "
                f"wider official occupation. Source: {page.dated(origin['source'])}."
            )
        )
    return blocks


def _duties(_page: Page, row: Row) -> list[Block]:
    return [Heading(row["title"]), Items(row["duties"])]


def _faq(_page: Page, rows: list[Row]) -> list[Block]:
    if not rows:
        return [paragraph("No questions.")]
    return [Questions([(row["question"], row["answer"]) for row in rows])]


def _roles(page: Page, rows: list[Row]) -> list[Block]:
    default = note(f"Default role: {_base_name(page)}.", about="title")
    return [Figure(page, rows, COLUMNS["roles"]), Notes([default])]


def _sources(page: Page, rows: list[Row]) -> list[Block]:
    columns = [column for column in COLUMNS["sources"] if column.heading]
    single = [column for column in columns if column.kind != "list"]
    blocks: list[Block] = []
    for row in rows:
        facts = [
            (each.heading, page.value(row[each.key], each.kind)) for each in single
        ]
        labels = ["Caveats", *[""] * len(row["caveats"])]
        blocks.append(Facts([*facts, *zip(labels, row["caveats"], strict=False)]))
    return blocks


# The sections of the page of a role, in their order, and their headings.
_SECTIONS = {
    "describe": "", "duties": "Duties", "salary": "Salary", "compare": "Similar roles",
    "employers": "Employers", "industries": "Industries", "skills": "Technologies",
    "outlook": "Outlook", "faq": "Questions",
}  # fmt: skip


def _show(page: Page, _rows: dict[str, Any]) -> list[Block]:
    names = page.answer.fields or _SECTIONS
    return [block for name in names for block in _section(page, name)]


def _section(page: Page, name: str) -> list[Block]:
    """Return a section of the page of a role; none on a market without figures."""
    part = page.answer.parts[name]
    of_part = Page(part, unicode=page.unicode, chart=page.chart)
    if name == "describe":
        return blocks(of_part)
    if name in {"employers", "industries", "skills"} and not part.rows:
        return []
    if name == "outlook" and not any(
        part.rows[key] for key in ("occupations", "postings", "ai_share")
    ):
        return []
    # The title of the page is the heading of the section.
    own = [each for each in blocks(of_part) if not isinstance(each, Heading)]
    return [Heading(_SECTIONS[name], 2), *own]
