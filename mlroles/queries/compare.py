"""Roles side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.matching import find_role, one_of
from mlroles.queries.cells import survey_row
from mlroles.queries.pay import ANYWHERE, Where, select
from mlroles.queries.rows import Row, arranged, pay, pay_period, silent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlroles.dataset.schema import Cell, Dataset, Role
    from mlroles.queries.rows import Notify

# What may be typed after --sort, and the key of the rows that it means.
SORTS = {
    "salary": "average_salary",
    "title": "title",
    "openings": "openings",
    "difference": "difference",
    "median": "survey_median",
    "records": "survey_records",
}


def compare(
    data: Dataset,
    roles: Iterable[str] = (),
    *,
    every: bool = False,
    sort: str = "salary",
    reverse: bool = False,
    limit: int | None = None,
    where: Where = ANYWHERE,
    per: str = "year",
    notify: Notify = silent,
) -> list[Row]:
    """Roles side by side: a row each, in the order of a column.

    `roles` are names of roles; none of them: the default role and its similar ones.
    `every` compares all roles with the first of them. `sort` is one of SORTS;
    `reverse` and `limit` are as for `arranged`, `where`, `per` and `notify` as for
    `salary`. All survey figures are of one slice, the first that any role has.

    Returns:
        Rows of `role title openings average_salary difference currency period
        region survey_median survey_records survey_year updated source
        survey_country survey_source survey_experience survey_work_mode
        openings_region openings_updated openings_source`. `difference` is to the
        first role; `region`, `updated` and `source` are the salary's, if it has one.

    Raises:
        UsageError: As for `salary`, or no such column, or a limit below 1.
    """
    column = SORTS[one_of(sort, SORTS, "column to sort by")]
    period = pay_period(per)
    names = [roles] if isinstance(roles, str) else roles
    named = [find_role(data, name) for name in names]
    chosen = named or with_similar(data, find_role(data))
    base = _average(chosen[0])
    pool = data["roles"] if every else chosen
    unique = list({role["id"]: role for role in pool}.values())
    _, cells = select(data, unique, where, notify)
    rows = [_row(data, role, base, cells[role["id"]], period) for role in unique]
    return arranged(rows, column, notify, reverse=reverse, limit=limit)


def with_similar(data: Dataset, role: Role) -> list[Role]:
    """A role and those that the data set calls similar to it."""
    by_id = {role["id"]: role for role in data["roles"]}
    return [role, *(by_id[similar] for similar in role["similar"])]


def _average(role: Role) -> int | None:
    return role["salary"]["average"] if role["salary"] else None


def _less(amount: int | None, other: int | None) -> int | None:
    return None if amount is None or other is None else amount - other


def _row(
    data: Dataset, role: Role, base: int | None, cells: list[Cell], period: str
) -> Row:
    salary, openings, average = role["salary"], role["openings"], _average(role)
    figure = salary or openings
    survey = survey_row(data, role, cells[0], period) if cells else None
    return {
        "role": role["id"],
        "title": role["title"],
        "openings": openings and openings["count"],
        "average_salary": pay(average, period),
        "difference": pay(_less(average, base), period),
        "currency": data["currency"],
        "period": period,
        "region": figure and figure["region"],
        "survey_median": survey and survey["median"],
        "survey_records": survey and survey["records"],
        "survey_year": survey and survey["year"],
        "updated": figure and figure["updated"],
        "source": figure and figure["source"],
        "survey_country": survey and survey["country"],
        "survey_source": survey and survey["source"],
        "survey_experience": survey and survey["experience"],
        "survey_work_mode": survey and survey["work_mode"],
        "openings_region": openings and openings["region"],
        "openings_updated": openings and openings["updated"],
        "openings_source": openings and openings["source"],
    }
