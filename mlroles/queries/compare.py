"""Roles side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.dataset.dimensions import PAY_COLUMNS, SENIOR, group_key
from mlroles.matching import as_list
from mlroles.money import difference
from mlroles.queries.answer import (
    NO_FILTERS,
    Answer,
    Base,
    Filters,
    ranking,
    sort_column,
)
from mlroles.queries.pay import applies, converter, in_home, pay_row, select
from mlroles.questions import COMPARE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import PayGroup, Role
    from mlroles.money import Converter
    from mlroles.queries.pay import Selection
    from mlroles.questions import Row


class Context(NamedTuple):
    """What the page of a comparison needs besides its rows."""

    others: int
    """How many other roles there are, unless people chose."""
    wanted: Filters
    """The filters that were set, resolved."""


_RECORDS = PAY_COLUMNS.index("records")
_LOW, _HIGH = PAY_COLUMNS.index("median_ci_low"), PAY_COLUMNS.index("median_ci_high")


def compare(
    data: Dataset,
    roles: str | Iterable[str] = (),
    *,
    every: bool = False,
    sort: str | None = None,
    reverse: bool = False,
    limit: int | None = None,
    filters: Filters = NO_FILTERS,
    per: str = "year",
    real: bool = False,
    currency: str | None = None,
) -> Answer[list[Row]]:
    """Compare roles: one row each, sorted by a column.

    `roles` are names of roles; none of them: the default role and similar roles. With
    `every`, all roles are compared, and differences are relative to the first of
    `roles`. `sort` is one of COMPARE.sorts, by its short name or key; None is the
    median, or the average if the data set has no distributions. The pay records of all
    roles share the same year and country, the first for which any role has enough. The
    rest is as for `salary` and `answer.sort_rows`.

    Returns:
        Rows with the keys of `questions.COMPARE`. `difference` is
        relative to the median of the first role, `average_difference` to its average;
        ranks are among all roles compared, whatever the limit.

    Raises:
        UsageError: As for `salary`, or an unknown column, or a limit below 1.
    """
    sort = sort or ("median" if data.pay else "average")
    column = sort_column(COMPARE, sort)
    convert = converter(data, per, filters, real=real, currency=currency)
    named = [data.role(name, "roles") for name in as_list(roles)]
    chosen = named or with_similar(data, data.role())
    first = chosen[0]
    pool = [first, *data.roles] if every else chosen
    unique = list({role["id"]: role for role in pool}.values())
    home = in_home(data, filters, real=real)
    selection = select(data, unique, home, currency=convert.converted_to)
    rows = [_row(data, role, selection, convert) for role in unique]
    _add_ranks(rows, [selection.groups[role["id"]] for role in unique])
    base_row = rows[0]
    for row in rows:
        row["difference"] = difference(row["median"], base_row["median"])
        average = difference(row["average_salary"], base_row["average_salary"])
        row["average_difference"] = average
    base = Base(first["title"], first["id"], base_row["median"])
    others = 0 if named or every else len(data.roles) - len(unique)
    answer = Answer(
        COMPARE,
        rows,
        data,
        selection.notes,
        base=base,
        exchange=convert.exchange,
        context=Context(others, selection.requested),
    )
    return ranking(answer, column, reverse=reverse, limit=limit)


def with_similar(data: Dataset, role: Role) -> list[Role]:
    """Return a role and the roles that the data set lists as similar to it."""
    return [role, *map(data.role, role["similar"])]


def _add_ranks(rows: list[Row], groups: list[list[PayGroup]]) -> None:
    """Add the ranks that roles may have by median, from their intervals.

    `groups` has those of each row, with the intervals before any conversion.
    """
    ends: list[Any] = [
        (group[0][_LOW], group[0][_HIGH]) if group else (None, None) for group in groups
    ]
    known = [each for each in ends if None not in each]
    for row, each in zip(rows, ends, strict=True):
        if each in known:
            row["rank_low"] = 1 + sum(low > each[1] for low, _ in known)
            row["rank_high"] = sum(high >= each[0] for _, high in known)


def _senior_share(group: Sequence[Any], every: Iterable[Sequence[Any]]) -> float | None:
    """Return the per cent of the records of a group that are at senior level."""
    year, country, experience, mode = group_key(group)
    if experience is not None:
        return None
    key = (year, country, SENIOR, mode)
    senior = next((each for each in every if group_key(each) == key), None)
    return round(100 * senior[_RECORDS] / group[_RECORDS], 1) if senior else None


def _row(data: Dataset, role: Role, selection: Selection, convert: Converter) -> Row:
    groups, filters = selection.groups[role["id"]], selection.requested
    every = selection.every.get(role["id"], ())
    openings, average = role["openings"], role["salary"]
    pay = pay_row(data, role, groups[0], convert) if groups else convert.keys(None)
    row = {
        "role": role["id"],
        "title": role["title"],
        "currency": convert.currency,
        "period": convert.period,
        **pay,
        "senior_share": _senior_share(groups[0], every) if groups else None,
    }
    if openings and applies(filters, openings["region"], openings["updated"]):
        row |= {
            "openings": openings["count"],
            "openings_region": openings["region"],
            "openings_updated": openings["updated"],
            "openings_source": openings["source"],
        }
    if average and applies(filters, average["region"], average["updated"]):
        row |= {
            "average_salary": convert(average["average"], average["updated"]),
            "average_region": average["region"],
            "average_updated": average["updated"],
            "average_source": average["source"],
        }
    return COMPARE.row(row)
