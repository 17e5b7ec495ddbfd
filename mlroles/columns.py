"""The columns of every answer: their keys, in the order of the contract.

A column with a heading is shown to people; one without is for machines only.
"""

from __future__ import annotations

from typing import NamedTuple

TEXT, LIST, DATE, NUMBER, COUNT, MONEY, CHANGE = (
    "text", "list", "date", "number", "count", "money", "change",
)  # fmt: skip
NUMERIC = {NUMBER, COUNT, MONEY, CHANGE}


class Column(NamedTuple):
    """One column: its key in the rows, its heading, and how a value is written."""

    key: str
    heading: str = ""
    kind: str = TEXT


ROLE = (Column("role"), Column("title", "Role"))

COLUMNS: dict[str, tuple[Column, ...]] = {
    "describe": (
        *ROLE,
        Column("description", "Description"),
        Column("collaborators", "Works with", LIST),
        Column("skills", "Must know", LIST),
        Column("applications", "Ends up in", LIST),
    ),
    "duties": (*ROLE, Column("duties", "Duties", LIST)),
    "salary": (
        *ROLE,
        Column("average_salary", "Average salary", MONEY),
        Column("currency", "Currency"),
        Column("period", "Period"),
        Column("region", "Region"),
        Column("reports", "Reports", COUNT),
        Column("updated", "Updated", DATE),
        Column("source", "Source"),
        Column("survey"),
    ),
    "compare": (
        *ROLE,
        Column("openings", "Openings", COUNT),
        Column("average_salary", "Average salary", MONEY),
        Column("difference", "Difference", CHANGE),
        Column("currency"),
        Column("period"),
        Column("region"),
        Column("survey_median"),
        Column("survey_records"),
        Column("survey_year"),
        Column("updated"),
        Column("source"),
    ),
    "faq": (Column("question", "Question"), Column("answer", "Answer")),
    "roles": (
        Column("role", "Id"),
        Column("title", "Role"),
        Column("aliases", "Aliases", LIST),
    ),
    "sources": (
        Column("id", "Id"),
        Column("title", "Title"),
        Column("publisher", "Publisher"),
        Column("url", "URL"),
        Column("licence", "Licence"),
        Column("updated", "Updated", DATE),
        Column("records", "Records", COUNT),
        Column("method", "Method"),
        Column("caveats", "Caveats", LIST),
    ),
    "show": (Column("key", "Key"), Column("value", "Value")),
}
