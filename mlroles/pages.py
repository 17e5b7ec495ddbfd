"""Answers as people read them in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.columns import COLUMNS, Column
from mlroles.text import Reader, a_period, long_date, money

if TYPE_CHECKING:
    from mlroles.rows import Row


def page(answer: Any, name: str, reader: Reader) -> str:
    """An answer for people: `name` says which command's, the text ends in a newline."""
    return _PAGES[name](answer, reader) + "\n"


def _table(rows: list[Row], columns: tuple[Column, ...], reader: Reader) -> str:
    from mlroles.tables import table  # noqa: PLC0415 - imports tabulate

    return table(rows, columns, reader)


def _describe(row: Row, reader: Reader) -> str:
    lists = [column for column in COLUMNS["describe"] if column.kind == "list"]
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


def _salary(row: Row, reader: Reader) -> str:
    if row["average_salary"] is None:
        return f"{row['title']}: no average salary is known"
    figure = money(row["average_salary"], row["currency"])
    origin = [f"updated {long_date(row['updated'])}", reader.source(row["source"])]
    if row["reports"] is not None:
        origin.insert(0, f"{row['reports']:,} salaries reported")
    return "\n".join(
        [
            f"{figure} {a_period(row['period'])}",
            reader.prose(
                f"{row['title']}: average base salary, {reader.country(row['region'])}"
            ),
            reader.prose(", ".join(origin)),
        ]
    )


def _compare(rows: list[Row], reader: Reader) -> str:
    return "\n\n".join(
        [
            _table(rows, COLUMNS["compare"], reader),
            *(reader.prose(note) for note in _compare_notes(rows, reader)),
        ]
    )


def _compare_notes(rows: list[Row], reader: Reader) -> list[str]:
    known = [row for row in rows if row["source"]]
    if not known:
        return []
    origins = {
        f"{reader.source(row['source'])}, {reader.country(row['region'])}, "
        f"{long_date(row['updated'])}"
        for row in known
    }
    return [
        f"Average base salary in {known[0]['currency']} {a_period(known[0]['period'])}; "
        f"difference to {reader.title(reader.base)}. "
        f"Source: {'; '.join(sorted(origins))}."
    ]


def _faq(rows: list[Row], reader: Reader) -> str:
    if not rows:
        return "No questions on record."
    return "\n\n".join(
        f"{reader.prose(row['question'])}\n{reader.prose(row['answer'], '  ')}"
        for row in rows
    )


def _roles(rows: list[Row], reader: Reader) -> str:
    return _table(rows, COLUMNS["roles"], reader)


def _sources(rows: list[Row], reader: Reader) -> str:
    return "\n\n".join(_source(row, reader) for row in rows)


def _source(row: Row, reader: Reader) -> str:
    single = [c for c in COLUMNS["sources"] if c.kind != "list"]
    pairs = [(c.heading, reader.cell(row[c.key], c.kind)) for c in single]
    labels = ["Caveats", *[""] * len(row["caveats"])]
    return reader.labelled([*pairs, *zip(labels, row["caveats"], strict=False)])


def _show(parts: dict[str, Any], reader: Reader) -> str:
    of_one = {key: row["title"] for key, row in parts.items() if isinstance(row, dict)}
    sections = []
    for key, part in parts.items():
        text = _PAGES[key](part, reader)
        # The title stands once, at the top of the page.
        text = text.removeprefix(f"{of_one.get(key)}\n\n") if sections else text
        heading = _HEADINGS[key]
        sections.append(f"{heading}\n{'-' * len(heading)}\n{text}" if sections else text)
    return "\n\n".join(sections)


_HEADINGS = {
    "describe": "Description",
    "duties": "Duties",
    "salary": "Salary",
    "compare": "Similar roles",
    "faq": "Questions",
}
_PAGES = {
    "describe": _describe,
    "duties": _duties,
    "salary": _salary,
    "compare": _compare,
    "faq": _faq,
    "roles": _roles,
    "sources": _sources,
    "show": _show,
}
