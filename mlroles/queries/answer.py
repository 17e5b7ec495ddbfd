"""What every query returns: rows, and all that is needed to present them."""

# Without `from __future__ import annotations`: NamedTuple compiles each annotation that
# is a string, which takes longer than the rest of the module.
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeAlias, TypeVar

from mlroles.errors import UsageError

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset

Row: TypeAlias = dict[str, Any]
# The rows of an answer: one row, a list of rows, or the parts of a page.
T = TypeVar("T")


class Filters(NamedTuple):
    """Which pay records to use; None leaves the choice to the defaults.

    `country` is a code, a name, or "all" for all countries; `experience` is entry,
    mid, senior or executive; `work_mode` is on-site, hybrid or remote.
    """

    year: int | None = None
    country: str | None = None
    experience: str | None = None
    work_mode: str | None = None

    def names(self) -> list[str]:
        """Return the names of the filters that are set, as people read them."""
        return [
            name.replace("_", " ")
            for name, value in self._asdict().items()
            if value is not None
        ]


NO_FILTERS = Filters()


class Base:
    """What the differences in an answer are relative to.

    Attributes:
        name: A role, a country, or a description such as "the national median".
        id: The id or code of its row, None if it is not a row.
        amount: Its pay, in the period and currency of the rows.
    """

    def __init__(
        self, name: str, id_: str | None = None, amount: float | None = None
    ) -> None:
        """Store the attributes."""
        self.name = name
        self.id = id_
        self.amount = amount


class Labels:
    """The names of the countries and sources that rows contain, by code and id."""

    def __init__(self, data: "Dataset") -> None:
        """Take the names from a data set."""
        self.countries: Mapping[str, str] = data["countries"]
        self.sources = {source["id"]: source["title"] for source in data["sources"]}


class Answer(NamedTuple, Generic[T]):
    """The answer to a question, independent of how it is presented."""

    question: str
    """Names the columns and the page: "salary", "salary-by", "compare" and so on."""
    rows: T
    labels: Labels
    notes: list[str] = []  # noqa: RUF012 - never changed
    """What to report to the user, such as a default that was widened."""
    columns: frozenset[str] = frozenset()
    """The keys of the columns to show, if the rows are only some of the result."""
    base: Base | None = None
    sort: str | None = None
    """The key of the column that the rows are sorted by."""
    reverse: bool = False
    filters: Filters = NO_FILTERS
    """The filters that were set, with their resolved values."""
    by: str | None = None
    """The key of the dimension that pay is broken down by."""
    parts: Mapping[str, "Answer[Any]"] = {}
    """The answers that a page consists of."""


def sort_rows(
    rows: list[Row], column: str, *, reverse: bool = False, limit: int | None = None
) -> list[Row]:
    """Sort rows by a column: numbers in descending order, text from A to Z.

    Args:
        rows: Rows with a `title`, which breaks ties, then a `place` if they have one.
        column: The key to sort by. Unknown values (None) come last.
        reverse: Reverse the order of the known values.
        limit: Return only the first rows.

    Raises:
        UsageError: The limit is less than 1.
    """
    if limit is not None and limit < 1:
        raise UsageError(f"--limit must be at least 1, not {limit}.")
    rows = sorted(rows, key=_tie_breaker)
    known = [row for row in rows if row[column] is not None]
    unknown = [row for row in rows if row[column] is None]
    if known and isinstance(known[0][column], str):
        known.sort(key=lambda row: row[column].casefold(), reverse=reverse)
    else:
        known.sort(key=lambda row: row[column], reverse=not reverse)
    return [*known, *unknown][:limit]


def known_columns(rows: Iterable[Row]) -> frozenset[str]:
    """Return the keys that have a value in at least one row."""
    return frozenset(
        key for row in rows for key, value in row.items() if value is not None
    )


def sort_notes(rows: list[Row], column: str) -> list[str]:
    """Return a note if no row has a value to sort by."""
    if not rows or any(row[column] is not None for row in rows):
        return []
    return [f"not sorted: {column.replace('_', ' ')} is unknown in all rows"]


def _tie_breaker(row: Row) -> tuple[str, str]:
    return row["title"].casefold(), (row.get("place") or "").casefold()
