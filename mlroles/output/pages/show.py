"""Everything about a role on one page, in short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.matching import AREA_LEVELS, short_place
from mlroles.output.blocks import (
    Facts,
    Figure,
    Heading,
    Items,
    Paragraph,
    Questions,
    paragraph,
)
from mlroles.output.page import Page
from mlroles.output.pages import blocks
from mlroles.output.pages.phrases import marked, marks
from mlroles.questions import COMPARE

if TYPE_CHECKING:
    from mlroles.output.blocks import Block
    from mlroles.queries.answer import Answer
    from mlroles.questions import Row

_SIMILAR = "title records p25 median p75 difference"
# The sentences of a description, and the characters after which an answer ends.
_SENTENCES = 3
_ANSWER = 60
_QUESTIONS = 3
_ROLES = 5
_MORE = "locations, employers, industries, skills, outlook, faq, and offer AMOUNT"


def show(page: Page, _rows: Row) -> list[Block]:
    """What a role is, what it pays, where, and how it compares."""
    parts: dict[str, Answer[Any]] = page.answer.context
    if page.answer.fields:
        return [each for name in page.answer.fields for each in _whole(page, name)]
    described = parts["describe"].rows
    found: list[Block] = [
        Heading(described["title"]),
        paragraph(_start(described["description"], count=_SENTENCES)),
        Heading("Duties", 2),
        Items(parts["duties"].rows["duties"]),
        *_pay(page, parts),
    ]
    if facts := _facts(page, parts):
        found.append(Facts(facts))
    if questions := parts["faq"].rows[:_QUESTIONS]:
        pairs = [
            (each["question"], _start(each["answer"], length=_ANSWER))
            for each in questions
        ]
        found += [Heading("Questions", 2), Questions(pairs)]
    role = page.answer.data.role(described["role"])
    name = next(iter(role["aliases"]), role["id"])
    sources = f"Sources and dates: mlroles salary {name} --details."
    return [*found, paragraph(f"{sources} More: mlroles {_MORE}.")]


def _whole(page: Page, name: str) -> list[Block]:
    """Return the page of a part, below its heading; none if it would be empty."""
    part = page.answer.context[name]
    if part.question.is_empty(part.rows):
        return []
    own = blocks(_page(page, part))
    if not part.question.section:
        return own
    # The title of the page is the heading of the section.
    own = [each for each in own if not isinstance(each, Heading)]
    return [Heading(part.question.section, 2), *own]


def _page(page: Page, part: Answer[Any]) -> Page:
    return Page(part, page.layout._replace(chart=False))


def _pay(page: Page, parts: dict[str, Answer[Any]]) -> list[Block]:
    """The figure that leads, and the medians of similar roles."""
    part = parts["salary"]
    found = blocks(_page(page, part))[:1]
    compared = parts["compare"]
    similar = [
        marked(row)
        for row in compared.rows
        if row["role"] != part.rows["role"] and row["source"]
    ]
    if similar:
        of = _page(page, compared)
        columns = COMPARE.chosen(_SIMILAR)
        columns[0] = columns[0]._replace(heading="Similar roles")
        found.append(Figure(of, similar[:_ROLES], columns))
    return found


def _facts(page: Page, parts: dict[str, Answer[Any]]) -> list[tuple[str, str]]:
    """Return the places that pay most, the technologies, and the outlook."""
    facts = []
    places = parts["locations"]
    rows = places.rows
    # A few filings do not show which places pay most.
    is_known = not all(row["thin"] for row in rows)
    if is_known and rows[0]["level"] in AREA_LEVELS:
        of = _page(page, places)
        names = [
            f"{short_place(row['level'], row['place'])} {of.money(row['median'])}"
            f"{marks(row)}"
            for row in rows
        ]
        first = rows[0]
        basis = [
            first["occupation"],
            of.kind(first["source"]),
            of.value(first["period_covered"], "date"),
        ]
        text = f"{'; '.join(names)} ({', '.join(filter(None, basis))})"
        facts.append(("Pays most in", text))
    if rows := parts["skills"].rows:
        names = [row["technology"] for row in rows]
        more = "first ones from A to Z; all: mlroles skills"
        facts.append(("Technologies", f"{', '.join(names)} ({more})"))
    outlook = blocks(_page(page, parts["outlook"]))
    lines = [each.lines[0] for each in outlook if isinstance(each, Paragraph)]
    if not parts["outlook"].question.is_empty(parts["outlook"].rows):
        facts.append(("Outlook", lines[0]))
    return facts


def _start(text: str, count: int = 1, length: int = 0) -> str:
    """Return the first sentences of a text: at least so many, and so long."""
    sentences = text.split(". ")
    while count < len(sentences) and len(". ".join(sentences[:count])) < length:
        count += 1
    start = ". ".join(sentences[:count])
    return start if start == text else f"{start}."
