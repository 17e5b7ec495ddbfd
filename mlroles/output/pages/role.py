"""The pages on what a role is, and the page of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from mlroles.output.pages.phrases import base_name
from mlroles.questions import DESCRIBE, ROLES, SOURCES, Column

if TYPE_CHECKING:
    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.queries.market import Technologies
    from mlroles.questions import Row

# The technologies in demand, and the characters of aliases on a line, without details.
_TECHNOLOGIES = 10
_ALIASES = 20
_SOURCES = (
    Column("title", "name", heading="Source"),
    Column("of", heading="Date"),
    Column("kind", heading="Kind", hide=2),
    Column("records", "count", heading="Records", hide=1),
    Column("licence", heading="Licence", hide=1),
    Column("id", heading="Id"),
)


def describe(page: Page, row: Row) -> list[Block]:
    """What a role is."""
    shown = {**row, "technologies": _technologies(page, row["technologies"])}
    facts = [
        (each.heading, page.value(shown[each.key], "list"))
        for each in DESCRIBE.columns
        if each.kind == "list" and (row[each.key] or each.key != "technologies")
    ]
    blocks: list[Block]
    blocks = [Heading(row["title"]), paragraph(row["description"]), Facts(facts)]
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


def _technologies(page: Page, names: list[str]) -> list[str]:
    """Return the first technologies, and how many more there are."""
    more = len(names) - _TECHNOLOGIES
    if page.details or more <= 0:
        return names
    return [*names[:_TECHNOLOGIES], f"{more} more{page.hint(' (--details)')}"]


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
    shown = [{**row, "aliases": _aliases(page, row["aliases"])} for row in rows]
    is_cut = any(
        each["aliases"] != row["aliases"] for each, row in zip(shown, rows, strict=True)
    )
    notes = [note(f"Default role: {base_name(page)}.", about="title")]
    if is_cut and page.layout.commands:
        notes.append(note("All aliases: --details.", about="aliases"))
    return [Figure(page, shown, ROLES.shown()), Notes(notes)]


def _aliases(page: Page, aliases: list[str]) -> list[str]:
    """Return as many aliases as fit on one line, at least one."""
    if page.details:
        return aliases
    mark = "\u2026" if page.unicode else "..."

    def cut(count: int) -> list[str]:
        return [*aliases[:count], *[mark] * (count < len(aliases))]

    counts = range(len(aliases), 1, -1)
    return cut(next((n for n in counts if len(", ".join(cut(n))) <= _ALIASES), 1))


def sources(page: Page, rows: list[Row]) -> list[Block]:
    """The sources as a table, or all facts on each."""
    if not page.details:
        shown = [{**row, "of": row["period_covered"] or row["updated"]} for row in rows]
        more = "Publishers, methods, caveats and addresses: mlroles sources --details"
        found: list[Block] = [Figure(page, shown, _SOURCES)]
        return [*found, paragraph(more)] if page.layout.commands else found
    single = [column for column in SOURCES.shown() if column.kind != "list"]
    blocks: list[Block] = []
    for row in rows:
        facts = [
            (each.heading, page.value(row[each.key], each.kind)) for each in single
        ]
        labels = ["Caveats", *[""] * len(row["caveats"])]
        blocks.append(Facts([*facts, *zip(labels, row["caveats"], strict=False)]))
    return blocks
