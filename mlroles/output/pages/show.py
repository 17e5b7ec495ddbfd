"""Everything about a role on one page, in short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.matching import AREA_LEVELS, choose, short_place
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
from mlroles.output.pages.phrases import capitalized, marked, marks, marks_note
from mlroles.queries.answer import Base
from mlroles.questions import COMPARE, SOURCES

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from mlroles.output.blocks import Block
    from mlroles.queries.answer import Answer
    from mlroles.questions import Row

_PRINTED = "title median p25 p75 records"
_SIMILAR = "title records p25 median p75 difference"
# The sentences of a description, and the characters after which an answer ends.
_SENTENCES = 3
_ANSWER = 60
_QUESTIONS = 3
_ROLES = 5
_PLACES = 3
# The sections that can follow the page that is printed, by the names of the commands.
SECTIONS = (
    "salary", "locations", "compare", "employers", "industries", "skills", "outlook",
    "faq", "sources",
)  # fmt: skip
_ALL = "all"
_PAYS, _OUTLOOK = "Pays most in", "Outlook"
_DUTIES = 5
_RANGES = (
    "Line: 10th to 90th percentile. Box: 25th to 75th, the middle half. Mark: median."
)
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
    if not page.layout.commands:
        return found
    role = page.answer.data.role(described["role"])
    name = next(iter(role["aliases"]), role["id"])
    sources = f"Sources and dates: mlroles salary {name} --details."
    return [*found, paragraph(f"{sources} More: mlroles {_MORE}.")]


def handout(page: Page, sections: str | None = None) -> list[Block]:
    """What fits one printed page about a role, and sections that follow it.

    Args:
        page: The page of an answer of `mlroles.queries.roles.page`.
        sections: The names of sections, joined by commas, or `all`.

    Raises:
        UsageError: There is no such section.
    """
    names = SECTIONS if sections == _ALL else (sections or "").split(",")
    chosen = [
        choose(name.strip(), SECTIONS, "section", argument="sections")
        for name in names
        if name.strip()
    ]
    parts: dict[str, Answer[Any]] = page.answer.context
    described = parts["describe"].rows
    pay = blocks(_page(page, parts["salary"]))
    lead = next(each for each in pay if isinstance(each, Paragraph))
    found: list[Block] = [
        Heading(described["title"]),
        paragraph(_start(described["description"], count=_SENTENCES)),
        lead._replace(is_lead=True),
    ]
    found += [Heading("Duties", 2), Items(parts["duties"].rows["duties"][:_DUTIES])]
    found += _ranges(page, parts["compare"])
    if facts := [each for each in _facts(page, parts) if each[0] in {_PAYS, _OUTLOOK}]:
        found.append(Facts(facts))
    if cited := "; ".join(map(page.dated, _used(parts, dict(facts)))):
        found.append(paragraph(f"Sources: {cited}."))
    return [*found, *(each for name in chosen for each in _whole(page, name))]


def _used(parts: dict[str, Answer[Any]], facts: Container[str]) -> Iterable[str]:
    """Return the ids of the sources of what is printed."""
    rows = [parts["salary"].rows, *parts["compare"].rows]
    rows += parts["locations"].rows[:_PLACES] if _PAYS in facts else []
    # The sentence is on the first occupation.
    rows += parts["outlook"].rows["occupations"][:1] if _OUTLOOK in facts else []
    return dict.fromkeys(row["source"] for row in rows if row["source"])


def _ranges(page: Page, compared: Answer[Any]) -> list[Block]:
    """The role among similar ones, with the ranges of their pay."""
    rows = [marked(row) for row in compared.rows if row["median"] is not None]
    if not rows:
        return []
    of, first, base = _page(page, compared), rows[0], compared.base or Base("")
    unit = f"{of.unit(first)}, {of.kind(first['source'])}, {of.group(first)}."
    texts = [_RANGES, capitalized(unit), marks_note(rows)]
    if any(row["role"] == base.id for row in rows):
        texts.insert(0, f"*: {base.name}.")
    return [
        Heading(compared.question.section, 2),
        Figure(of, rows, COMPARE.chosen(_PRINTED), has_ranges=True),
        paragraph(" ".join(filter(None, texts))),
    ]


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
    # On paper, sources need their addresses and licences.
    details = page.details or part.question is SOURCES
    return Page(part, page.layout._replace(chart=False, details=details))


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
    rows = places.rows[:_PLACES]
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
            of.covered(first["period_covered"]),
        ]
        text = f"{'; '.join(names)} ({', '.join(filter(None, basis))})"
        facts.append((_PAYS, text))
    if rows := parts["skills"].rows:
        names = [row["technology"] for row in rows]
        more = f"first ones from A to Z{page.hint('; all: mlroles skills')}"
        facts.append(("Technologies", f"{', '.join(names)} ({more})"))
    outlook = blocks(_page(page, parts["outlook"]))
    lines = [each.lines[0] for each in outlook if isinstance(each, Paragraph)]
    if not parts["outlook"].question.is_empty(parts["outlook"].rows):
        facts.append((_OUTLOOK, lines[0]))
    return facts


def _start(text: str, count: int = 1, length: int = 0) -> str:
    """Return the first sentences of a text: at least so many, and so long."""
    sentences = text.split(". ")
    while count < len(sentences) and len(". ".join(sentences[:count])) < length:
        count += 1
    start = ". ".join(sentences[:count])
    return start if start == text else f"{start}."
