"""Roles side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.names import find_role, one_of
from mlroles.rows import Row, arranged, pay, pay_period

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlroles.schema import Dataset, Role

# What may be typed after --sort, and the key of the rows that it means.
SORTS = {
    "salary": "average_salary",
    "title": "title",
    "openings": "openings",
    "median": "survey_median",
    "records": "survey_records",
}


def compare(
    data: Dataset,
    roles: Iterable[str] = (),
    *,
    sort: str = "salary",
    reverse: bool = False,
    limit: int | None = None,
    per: str = "year",
) -> list[Row]:
    """Roles side by side: a row each, in the order of a column.

    Args:
        data: A data set.
        roles: Names of roles; none of them: the default role and its similar ones.
        sort: salary, title, openings, median or records. Numbers go largest
            first, text A to Z, unknown values last.
        reverse: The other way round; unknown values stay last.
        limit: Keep the first so many rows.
        per: The pay period of every amount: year, month, week or hour.

    Returns:
        Rows of `role title openings average_salary difference currency period
        region survey_median survey_records survey_year updated source`.
        `difference` is the average salary less that of the first role named, or
        of the default role. What is unknown is None.

    Raises:
        UsageError: No such role, column or period, or a limit below 1.
    """
    column = SORTS[one_of(sort, SORTS, "column to sort by")]
    period = pay_period(per)
    named = [find_role(data, name) for name in roles]
    chosen = named or with_similar(data, find_role(data))
    unique = {role["id"]: role for role in chosen}
    base = _average(chosen[0])
    rows = [_row(data, role, base, period) for role in unique.values()]
    return arranged(rows, column, reverse=reverse, limit=limit)


def with_similar(data: Dataset, role: Role) -> list[Role]:
    """A role and those that the data set calls similar to it."""
    return [role, *(find_role(data, similar) for similar in role["similar"])]


def _average(role: Role) -> int | None:
    return role["salary"] and role["salary"]["average"]


def _row(data: Dataset, role: Role, base: int | None, period: str) -> Row:
    salary, openings, average = role["salary"], role["openings"], _average(role)
    known = average is not None and base is not None
    return {
        "role": role["id"],
        "title": role["title"],
        "openings": openings and openings["count"],
        "average_salary": pay(average, period),
        "difference": pay(average - base, period) if known else None,
        "currency": data["currency"],
        "period": period,
        "region": salary and salary["region"],
        "survey_median": None,
        "survey_records": None,
        "survey_year": None,
        "updated": salary and salary["updated"],
        "source": salary and salary["source"],
    }
