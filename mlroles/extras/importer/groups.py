"""Pay groups: records that share a role, a year and other values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from mlroles.dataset.dataset import Dataset
from mlroles.dataset.dimensions import PAY_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlroles.dataset.schema import DatasetJson

# By RESULT_COLUMNS; None means all values of a dimension.
Group: TypeAlias = "dict[str, Any]"
RESULT_COLUMNS = ("role", *PAY_COLUMNS)
# The dimensions that a group may have a value of, besides role and year.
BREAKDOWNS = RESULT_COLUMNS[2:5]


def newest_year(groups: Iterable[Group]) -> int | None:
    """Return the newest year of groups, None if it is unknown."""
    return max((group["year"] or 0 for group in groups), default=0) or None


def order(group: Group) -> list[Any]:
    """Return what groups are sorted by; None comes first."""
    breakdown = (group[column] or "" for column in BREAKDOWNS)
    return [group["role"], group["year"] or 0, *breakdown]


def breakdown(group: Group) -> set[str]:
    """Return the dimensions of which a group has a single value, rather than all."""
    return {column for column in BREAKDOWNS if group[column]}


def is_whole(group: Group) -> bool:
    """Return whether a group is of all countries, levels and work modes."""
    return not breakdown(group)


def whole_medians(data: DatasetJson) -> dict[tuple[str, str | None], int]:
    """Return the newest median of each role, in all countries and in each of them."""
    medians: dict[tuple[str, str | None], tuple[int, int]] = {}
    for role, groups in Dataset(data).groups.items():
        for cells in groups:
            group: Group = dict(zip(RESULT_COLUMNS, (role, *cells), strict=True))
            if breakdown(group) <= {"country"}:
                key = (role, group["country"])
                newest = (group["year"] or 0, group["p50"])
                medians[key] = max(medians.get(key, newest), newest)
    return {key: median for key, (_, median) in medians.items()}
