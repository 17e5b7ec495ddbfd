"""What every query returns: rows, and all that is needed to present them."""

# Without `from __future__ import annotations`: NamedTuple compiles each annotation that
# is a string, which takes longer than the rest of the module.
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from mlroles.errors import Argument, UsageError
from mlroles.matching import choose
from mlroles.money import ExchangeRates
from mlroles.questions import Question, Row

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset

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
        """Return the names of the filters that are set."""
        return [name for name, each in self._asdict().items() if each is not None]

    def described(self) -> str:
        """Return the names of the filters that are set: `year or work mode`."""
        return " or ".join(self.names()).replace("_", " ")


NO_FILTERS = Filters()


class Base(NamedTuple):
    """What the differences in an answer are relative to."""

    name: str
    """A role, a country, or a description such as "the national median"."""
    id: str | None = None
    """The id or code of its row, if it is a row."""
    amount: float | None = None
    figure: Row | None = None
    """Its figure, if it is not one of the rows."""


class Answer(NamedTuple, Generic[T]):
    """The answer to a question, independent of how it is presented."""

    question: Question
    rows: T
    data: "Dataset"
    """The data set, which names the countries and sources in the rows."""
    notes: list[str] = []  # noqa: RUF012 - never changed
    """What to report to the user, such as a default that was widened."""
    columns: frozenset[str] = frozenset()
    """The keys of the columns to show, if the rows are only some of the result."""
    base: Base | None = None
    sort: str | None = None
    """The key of the column that the rows are sorted by."""
    reverse: bool = False
    exchange: ExchangeRates | None = None
    """The exchange rates that amounts were converted at."""
    context: Any = None
    """What only the page needs; the module of the query has its type."""
    cited: tuple[str, ...] = ()
    """The ids of sources that the page cites and the rows do not."""
    fields: tuple[str, ...] = ()
    """The keys to show, in this order; empty for all."""
    more: int = 0
    """The number of further rows, which people see if they ask for all."""
    matched: bool = False
    """Whether the rows are only those that match a text."""

    def _repr_html_(self) -> str:
        """Return the page as HTML, as notebooks show it."""
        return renderer[0](self, "html")

    def _repr_markdown_(self) -> str:
        """Return the page as Markdown, for tools that show no HTML."""
        return renderer[0](self, "markdown")


def rows_of(answer: Answer[Any]) -> list[Row]:
    """Return the rows of an answer as a list, also if it is one row."""
    return answer.rows if isinstance(answer.rows, list) else [answer.rows]


# Renders an answer in a style; set by the package, so that queries import no output.
renderer: list[Callable[[Answer[Any], str], str]] = []


def check_limit(limit: int | None) -> None:
    """Check a number of rows to show.

    Raises:
        UsageError: It is less than 1.
    """
    if limit is not None and limit < 1:
        text = f" must be at least 1, not {limit}."
        raise UsageError(Argument("limit"), text, argument="limit")


def sort_column(question: Question, name: str, aliases: Mapping[str, str] = {}) -> str:
    """Return the key of a column to sort by, from its short name, key or an alias.

    Raises:
        UsageError: The answer cannot be sorted by it.
    """
    keys = {key: key for key in question.sorts.values()}
    return choose(
        name, question.sorts, "sort column", {**keys, **aliases}, argument="sort"
    )


def sort_rows(
    rows: list[Row],
    column: str | None,
    *,
    reverse: bool = False,
    limit: int | None = None,
) -> list[Row]:
    """Sort rows by a column: numbers in descending order, text from A to Z.

    `rows` have a `title`, which breaks ties, then a `place` if they have one. Unknown
    values (None) come last, also with `reverse`. Without a column, rows keep their
    order.

    Raises:
        UsageError: The limit is less than 1.
    """
    check_limit(limit)
    if column is None:
        return rows[:: -1 if reverse else 1][:limit]
    rows = sorted(rows, key=lambda row: (row.get("place") or "").casefold())
    rows.sort(key=lambda row: row["title"].casefold())
    known = [row for row in rows if row[column] is not None]
    unknown = [row for row in rows if row[column] is None]
    if known and isinstance(known[0][column], str):
        known.sort(key=lambda row: row[column].casefold(), reverse=reverse)
    else:
        known.sort(key=lambda row: row[column], reverse=not reverse)
    return [*known, *unknown][:limit]


def source_ids(rows: Any) -> list[str]:
    """Return the ids of the sources that rows name, also in inner rows."""
    found: list[str] = []
    if isinstance(rows, list):
        found = [source for row in rows for source in source_ids(row)]
    for key, value in rows.items() if isinstance(rows, dict) else ():
        if isinstance(value, str) and (key == "source" or key.endswith("_source")):
            found += value.split("; ")
        else:
            found += source_ids(value)
    return list(dict.fromkeys(found))


def known_columns(rows: Iterable[Row]) -> frozenset[str]:
    """Return the keys that have a value in at least one row."""
    return frozenset(k for row in rows for k, v in row.items() if v is not None)


def ranking(
    answer: Answer[list[Row]], column: str | None, *, reverse: bool, limit: int | None
) -> Answer[list[Row]]:
    """Return an answer with its rows sorted by a column (see `sort_rows`)."""
    rows, known, notes = answer.rows, known_columns(answer.rows), answer.notes
    if rows and column and column not in known:
        name = column.replace("_", " ")
        notes = [*notes, f"not sorted: {name} is unknown in all rows"]
    shown = sort_rows(rows, column, reverse=reverse, limit=limit)
    return answer._replace(
        rows=shown,
        more=len(rows) - len(shown),
        notes=notes,
        columns=known,
        sort=column,
        reverse=reverse,
    )
