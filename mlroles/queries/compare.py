"""Roles side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.matching import choose, find_role
from mlroles.money import difference, find_period, per_period
from mlroles.queries.answer import NO_FILTERS, Answer, Base, Filters, Labels, ranking
from mlroles.queries.pay import pay_row, select

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlroles.dataset.schema import Dataset, PayGroup, Role
    from mlroles.queries.answer import Row

# The short names of the columns to sort by, with their keys.
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
    filters: Filters = NO_FILTERS,
    per: str = "year",
) -> Answer[list[Row]]:
    """Compare roles: one row each, sorted by a column.

    `roles` are names of roles; none of them: the default role and similar roles. With
    `every`, all roles are compared, and differences are relative to the first of
    `roles`. `sort` is one of SORTS, by its short name or key. The pay records of all
    roles share the same year and country, the first for which any role has enough. The
    rest is as for `salary` and `answer.sort_rows`.

    Returns:
        Rows with the keys `role title openings average_salary difference currency
        period region survey_median survey_records survey_year updated source
        survey_country survey_source survey_experience survey_work_mode
        openings_region openings_updated openings_source`. `difference` is relative to
        the average of the first role; `region`, `updated` and `source` are those of
        the average, or of the openings if there is no average.

    Raises:
        UsageError: As for `salary`, or an unknown column, or a limit below 1.
    """
    column = choose(sort, SORTS, "sort column", {key: key for key in SORTS.values()})
    period = find_period(per)
    names = [roles] if isinstance(roles, str) else roles
    named = [find_role(data, name) for name in names]
    chosen = named or with_similar(data, find_role(data))
    first = chosen[0]
    pool = data["roles"] if every else chosen
    unique = list({role["id"]: role for role in pool}.values())
    selection = select(data, unique, filters)
    base = Base(first["title"], first["id"], _average(first, period))
    rows = [
        _row(data, role, selection.groups[role["id"]], base, period) for role in unique
    ]
    answer = Answer(
        "compare",
        rows,
        Labels(data),
        selection.notes,
        base=base,
        filters=selection.requested,
    )
    return ranking(answer, column, reverse=reverse, limit=limit)


def with_similar(data: Dataset, role: Role) -> list[Role]:
    """Return a role and the roles that the data set lists as similar to it."""
    by_id = {each["id"]: each for each in data["roles"]}
    return [role, *(by_id[similar] for similar in role["similar"])]


def _average(role: Role, period: str) -> float | None:
    return per_period(role["salary"] and role["salary"]["average"], period)


def _row(
    data: Dataset, role: Role, groups: list[PayGroup], base: Base, period: str
) -> Row:
    openings, average = role["openings"], _average(role, period)
    figure = role["salary"] or openings
    pay = pay_row(data, role, groups[0], period) if groups else None
    return {
        "role": role["id"],
        "title": role["title"],
        "openings": openings and openings["count"],
        "average_salary": average,
        "difference": difference(average, base.amount),
        "currency": data["currency"],
        "period": period,
        "region": figure and figure["region"],
        "survey_median": pay and pay["median"],
        "survey_records": pay and pay["records"],
        "survey_year": pay and pay["year"],
        "updated": figure and figure["updated"],
        "source": figure and figure["source"],
        "survey_country": pay and pay["country"],
        "survey_source": pay and pay["source"],
        "survey_experience": pay and pay["experience"],
        "survey_work_mode": pay and pay["work_mode"],
        "openings_region": openings and openings["region"],
        "openings_updated": openings and openings["updated"],
        "openings_source": openings and openings["source"],
    }
