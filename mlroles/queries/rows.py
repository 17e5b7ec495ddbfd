"""What every answer's rows have in common: their order and their units of pay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from mlroles.errors import UsageError
from mlroles.matching import one_of

Row: TypeAlias = dict[str, Any]
# Takes a message for the person who asked.
Notify: TypeAlias = Callable[[str], None]

# How many of each period a year has: 52 weeks of 40 hours.
PERIODS = {"year": 1, "month": 12, "week": 52, "hour": 2080}


def pay_period(per: str) -> str:
    """The name of a pay period.

    Raises:
        UsageError: It is none of year, month, week and hour.
    """
    return one_of(per, PERIODS, "pay period")


def pay(yearly: float | None, period: str) -> float | None:
    """A yearly amount as the amount of a shorter period, rounded to cents.

    Whole amounts stay whole a year; unknown (None) stays unknown.
    """
    if yearly is None or period == "year":
        return yearly
    # Added to 0, a negative zero is none.
    return round(yearly / PERIODS[period], 2) + 0


def silent(_message: str) -> None:
    """Say nothing to the person who asked; the rows name their year and country."""


def arranged(
    rows: list[Row],
    column: str,
    notify: Notify = silent,
    *,
    reverse: bool = False,
    limit: int | None = None,
) -> list[Row]:
    """Rows in the order of a column: numbers largest first, text A to Z.

    `reverse` turns that round. Unknown values come last either way; ties go by
    title, then by place where rows have one. `limit` keeps the first so many.
    `notify` is told where nothing is known that they could be sorted by.

    Raises:
        UsageError: The limit is not at least 1.
    """
    if limit is not None and limit < 1:
        raise UsageError(f"limit must be 1 or more, not {limit}")
    rows = sorted(rows, key=_tie)
    known = [row for row in rows if row[column] is not None]
    unknown = [row for row in rows if row[column] is None]
    if rows and not known:
        notify(f"nothing to sort by: {column.replace('_', ' ')} is unknown in all rows")
    if known and isinstance(known[0][column], str):
        known.sort(key=lambda row: row[column].casefold(), reverse=reverse)
    else:
        known.sort(key=lambda row: row[column], reverse=not reverse)
    return [*known, *unknown][:limit]


def _tie(row: Row) -> tuple[str, str]:
    return row["title"].casefold(), (row.get("place") or "").casefold()
