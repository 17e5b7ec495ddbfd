"""The columns of every answer: their keys, in the order of the contract.

A column with a heading is shown to people; one without is for machines only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mlroles.queries.rows import Row

TEXT, LIST, DATE, COUNTRY, REGION, GROUP, SOURCE, NESTED = (
    "text", "list", "date", "country", "region", "group", "source", "nested",
)  # fmt: skip
NUMBER, COUNT, MONEY, CHANGE = "number", "count", "money", "change"
NUMERIC = {NUMBER, COUNT, MONEY, CHANGE}


class Column(NamedTuple):
    """One column: its key in the rows, its heading, and how a value is written.

    On a screen that is too narrow the columns with a `drop` go, the lowest first.
    """

    key: str
    heading: str = ""
    kind: str = TEXT
    drop: int = 0


ROLE = (Column("role"), Column("title", "Role"))
PERCENTILES = (
    Column("p10", "10th", MONEY, drop=2),
    Column("p25", "25th", MONEY, drop=4),
    Column("median", "Median", MONEY),
    Column("p75", "75th", MONEY, drop=5),
    Column("p90", "90th", MONEY, drop=3),
)

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
        Column("region", "Region", REGION),
        Column("reports", "Reports", COUNT),
        Column("updated", "Updated", DATE),
        Column("source", "Source", SOURCE),
        Column("survey", kind=NESTED),
    ),
    "salary-by": (
        *ROLE,
        Column("year", "Year", NUMBER),
        Column("country", "Country", COUNTRY),
        Column("experience", "Experience", GROUP),
        Column("work_mode", "Work mode", GROUP),
        Column("records", "Records", COUNT),
        Column("mean", "Mean", MONEY, drop=1),
        *PERCENTILES,
        Column("currency"),
        Column("period"),
        Column("source", kind=SOURCE),
    ),
    "locations": (
        *ROLE,
        Column("level"),
        Column("place", "Place"),
        Column("code"),
        Column("state"),
        Column("records", "Records", COUNT, drop=7),
        Column("employment", "Employed", COUNT, drop=1),
        *PERCENTILES,
        Column("difference", "Difference", CHANGE, drop=6),
        Column("currency"),
        Column("period"),
        Column("updated"),
        Column("source", kind=SOURCE),
        Column("experience"),
        Column("work_mode"),
        Column("occupation"),
    ),
    "offer": (
        *ROLE,
        Column("offer", "Offer", MONEY),
        Column("percentile", "Percentile"),
        Column("records", "Records", COUNT),
        Column("median", "Median", MONEY),
        Column("difference", "Difference", CHANGE),
        Column("year", "Year", NUMBER),
        Column("country", "Country", COUNTRY),
        Column("experience", "Experience", GROUP),
        Column("work_mode", "Work mode", GROUP),
        Column("currency", "Currency"),
        Column("period", "Period"),
        Column("source", "Source", SOURCE),
    ),
    "compare": (
        *ROLE,
        Column("openings", "Openings", COUNT, drop=3),
        Column("average_salary", "Salary", MONEY),
        Column("difference", "Difference", CHANGE, drop=2),
        Column("currency"),
        Column("period"),
        Column("region"),
        Column("survey_median", "Median", MONEY),
        Column("survey_records", "Records", COUNT, drop=1),
        Column("survey_year"),
        Column("updated"),
        Column("source", kind=SOURCE),
        Column("survey_country"),
        Column("survey_source", kind=SOURCE),
        Column("survey_experience"),
        Column("survey_work_mode"),
        Column("openings_region"),
        Column("openings_updated"),
        Column("openings_source", kind=SOURCE),
    ),
    "faq": (Column("question", "Question"), Column("answer", "Answer")),
    "roles": (
        Column("role", "Id"),
        Column("title", "Role", drop=1),
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


def flat(name: str) -> list[Column]:
    """An answer's columns for a flat format: a row inside a row is laid out."""
    columns: list[Column] = []
    for column in COLUMNS[name]:
        if column.kind != NESTED:
            columns.append(column)
            continue
        outer = {column.key for column in COLUMNS[name]} - {"source"}
        for inner in COLUMNS["salary-by"]:
            heading = inner.heading or ("Source" if inner.kind == SOURCE else "")
            heading = heading and f"Survey: {heading}"
            if inner.key not in outer:
                key = f"{column.key}_{inner.key}"
                columns.append(Column(key, heading, inner.kind))
    return columns


def flattened(row: Row) -> Row:
    """A row with the values of the rows inside it under the keys of `flat`."""
    return row | {
        f"{key}_{inner}": value
        for key, part in row.items()
        if isinstance(part, dict)
        for inner, value in part.items()
    }
