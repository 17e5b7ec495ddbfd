"""What a role pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import EXPERIENCES, WORK_MODES
from mlroles.matching import choose, find_role
from mlroles.money import find_period, per_period
from mlroles.queries.answer import NO_FILTERS, Answer, Filters, Labels, Row
from mlroles.queries.pay import BREAKDOWNS, pay_row, select

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset


def salary(
    data: Dataset,
    role: str | None = None,
    *,
    filters: Filters = NO_FILTERS,
    per: str = "year",
) -> Answer[Row]:
    """Return what a role pays: the headline average and the distribution of pay.

    Args:
        data: A data set.
        role: The id, title or an alias of a role; None is the default role.
        filters: Which pay records to use. By default those of the latest year with
            enough records, in the United States, or else in all countries.
        per: The pay period of all amounts: year, month, week or hour.

    Returns:
        One row with the keys `role title average_salary currency period region
        reports updated source survey`; `survey` is None or a row as `salary_by`
        returns. The average is the source's; the distribution that of advertised
        pay, or of the pay records that the data set contains.

    Raises:
        UsageError: Unknown role, period, country, experience level or work mode.
    """
    found, period = find_role(data, role), find_period(per)
    headline = found["salary"]
    selection = select(data, [found], filters)
    groups = selection.groups[found["id"]]
    row = {
        "role": found["id"],
        "title": found["title"],
        "average_salary": per_period(headline and headline["average"], period),
        "currency": data["currency"],
        "period": period,
        "region": headline and headline["region"],
        "reports": headline and headline["reports"],
        "updated": headline and headline["updated"],
        "source": headline and headline["source"],
        "survey": pay_row(data, found, groups[0], period) if groups else None,
    }
    filters = selection.requested
    return Answer("salary", row, Labels(data), selection.notes, filters=filters)


def salary_by(
    data: Dataset,
    by: str,
    role: str | None = None,
    *,
    filters: Filters = NO_FILTERS,
    per: str = "year",
) -> Answer[list[Row]]:
    """Return what a role pays by year, country, experience or work mode.

    `by` is year, country, experience or work-mode; the rest is as for `salary`.

    Returns:
        Rows with the keys `role title year country experience work_mode records mean
        p10 p25 median p75 p90 currency period source`, where None means all
        values of a dimension. Countries are sorted by median, in descending order,
        the other dimensions in their own order. Empty if no group has enough records.

    Raises:
        UsageError: As for `salary`, or an unknown breakdown.
    """
    dimension = choose(by, BREAKDOWNS, "breakdown")
    found, period = find_role(data, role), find_period(per)
    selection = select(data, [found], filters, dimension)
    rows = [
        pay_row(data, found, group, period) for group in selection.groups[found["id"]]
    ]
    if dimension == "country":
        rows.sort(key=lambda row: (-row["median"], row["country"]))
    else:
        order = (None, *EXPERIENCES, *WORK_MODES)
        for key in ("work_mode", "experience"):
            rows.sort(key=lambda row: order.index(row[key]))
        rows.sort(key=lambda row: row["year"])
    filters, notes = selection.requested, selection.notes
    answer = Answer("salary-by", rows, Labels(data), notes, filters=filters)
    return answer._replace(by=dimension)
