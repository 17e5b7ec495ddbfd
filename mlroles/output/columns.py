"""The columns of every answer: the keys of its rows, and how people see them.

The keys and their order are the machine-readable contract. People see the columns
that have a heading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from mlroles.queries.answer import Row

Kind: TypeAlias = Literal[
    "text", "list", "date", "country", "region", "group", "source", "row",
    "number", "count", "money", "change",
]  # fmt: skip
NUMERIC: frozenset[Kind] = frozenset({"number", "count", "money", "change"})


class Column(NamedTuple):
    """A column: its key, its heading for people, and the kind of its values."""

    key: str
    heading: str = ""
    kind: Kind = "text"
    hide: int = 0
    """On a narrow terminal, columns are hidden in this order; 0 is never hidden."""

    @property
    def is_numeric(self) -> bool:
        """Return whether the values are numbers."""
        return self.kind in NUMERIC


ROLE = (Column("role"), Column("title", "Role"))
PERCENTILES = (
    Column("p10", "10th", "money", hide=2),
    Column("p25", "25th", "money", hide=4),
    Column("median", "Median", "money"),
    Column("p75", "75th", "money", hide=5),
    Column("p90", "90th", "money", hide=3),
)

COLUMNS: dict[str, tuple[Column, ...]] = {
    "describe": (
        *ROLE,
        Column("description", "Description"),
        Column("collaborators", "Works with", "list"),
        Column("skills", "Skills", "list"),
        Column("applications", "Applications", "list"),
    ),
    "duties": (*ROLE, Column("duties", "Duties", "list")),
    "salary": (
        *ROLE,
        Column("average_salary", "Average salary", "money"),
        Column("currency", "Currency"),
        Column("period", "Period"),
        Column("region", "Region", "region"),
        Column("reports", "Reports", "count"),
        Column("updated", "Updated", "date"),
        Column("source", "Source", "source"),
        Column("survey", kind="row"),
    ),
    "salary-by": (
        *ROLE,
        Column("year", "Year", "number"),
        Column("country", "Country", "country"),
        Column("experience", "Experience", "group"),
        Column("work_mode", "Work mode", "group"),
        Column("records", "Records", "count"),
        Column("mean", "Mean", "money", hide=1),
        *PERCENTILES,
        Column("currency"),
        Column("period"),
        Column("source", kind="source"),
    ),
    "locations": (
        *ROLE,
        Column("level"),
        Column("place", "Place"),
        Column("code"),
        Column("state"),
        Column("records", "Records", "count", hide=7),
        Column("employment", "Employed", "count", hide=1),
        *PERCENTILES,
        Column("difference", "Difference", "change", hide=6),
        Column("currency"),
        Column("period"),
        Column("updated"),
        Column("source", kind="source"),
        Column("experience"),
        Column("work_mode"),
        Column("occupation"),
    ),
    "offer": (
        *ROLE,
        Column("offer", "Offer", "money"),
        Column("percentile", "Percentile"),
        Column("records", "Records", "count"),
        Column("median", "Median", "money"),
        Column("difference", "Difference", "change"),
        Column("year", "Year", "number"),
        Column("country", "Country", "country"),
        Column("experience", "Experience", "group"),
        Column("work_mode", "Work mode", "group"),
        Column("currency", "Currency"),
        Column("period", "Period"),
        Column("source", "Source", "source"),
    ),
    "compare": (
        *ROLE,
        Column("openings", "Openings", "count", hide=3),
        Column("average_salary", "Average", "money"),
        Column("difference", "Difference", "change", hide=2),
        Column("currency"),
        Column("period"),
        Column("region"),
        Column("survey_median", "Median", "money"),
        Column("survey_records", "Records", "count", hide=1),
        Column("survey_year"),
        Column("updated"),
        Column("source", kind="source"),
        Column("survey_country"),
        Column("survey_source", kind="source"),
        Column("survey_experience"),
        Column("survey_work_mode"),
        Column("openings_region"),
        Column("openings_updated"),
        Column("openings_source", kind="source"),
    ),
    "faq": (Column("question", "Question"), Column("answer", "Answer")),
    "roles": (
        Column("role", "Id"),
        Column("title", "Role", hide=1),
        Column("aliases", "Aliases", "list"),
    ),
    "sources": (
        Column("id", "Id"),
        Column("title", "Title"),
        Column("publisher", "Publisher"),
        Column("url", "URL"),
        Column("licence", "Licence"),
        Column("updated", "Updated", "date"),
        Column("records", "Records", "count"),
        Column("method", "Method"),
        Column("caveats", "Caveats", "list"),
    ),
    "show": (Column("key"), Column("value")),
}


def flat_keys(question: str) -> list[str]:
    """Return the keys of an answer in a flat format.

    The keys of a row inside a row get its key as a prefix: `survey_median`.
    """
    keys: list[str] = []
    outer = {column.key for column in COLUMNS[question]} - {"source"}
    for column in COLUMNS[question]:
        if column.kind == "row":
            inner = (each.key for each in COLUMNS["salary-by"])
            keys += [f"{column.key}_{key}" for key in inner if key not in outer]
        else:
            keys.append(column.key)
    return keys


def flatten(row: Row) -> Row:
    """Return a row with the values of inner rows under the keys of `flat_keys`."""
    return row | {
        f"{key}_{inner}": value
        for key, part in row.items()
        if isinstance(part, dict)
        for inner, value in part.items()
    }
