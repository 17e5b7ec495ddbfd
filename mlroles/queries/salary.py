"""What a role earns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import EXPERIENCES, WORK_MODES
from mlroles.matching import find_role, one_of
from mlroles.queries.cells import survey_row
from mlroles.queries.pay import ANYWHERE, DIMENSIONS, Where, select
from mlroles.queries.rows import Row, pay, pay_period, silent

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset
    from mlroles.queries.rows import Notify


def salary(
    data: Dataset,
    role: str | None = None,
    *,
    where: Where = ANYWHERE,
    per: str = "year",
    notify: Notify = silent,
) -> Row:
    """What a role earns: the headline average, and what a survey of pay found.

    Args:
        data: A data set.
        role: Its id, title or alias; left out, the default role.
        where: Which survey records are meant. By default those of the latest year
            that has enough, in the United States, or else in all countries.
        per: The pay period of every amount: year, month, week or hour.
        notify: Told in words when a default was widened or nothing was found.

    Returns:
        One row of `role title average_salary currency period region reports
        updated source survey`; `survey` is None or a row as `salary_by` has them.

    Raises:
        UsageError: No such role, period, country, experience or work mode.
    """
    found, period = find_role(data, role), pay_period(per)
    headline = found["salary"]
    cells = select(data, [found], where, notify)[1][found["id"]]
    return {
        "role": found["id"],
        "title": found["title"],
        "average_salary": pay(headline and headline["average"], period),
        "currency": data["currency"],
        "period": period,
        "region": headline and headline["region"],
        "reports": headline and headline["reports"],
        "updated": headline and headline["updated"],
        "source": headline and headline["source"],
        "survey": survey_row(data, found, cells[0], period) if cells else None,
    }


def salary_by(
    data: Dataset,
    by: str,
    role: str | None = None,
    *,
    where: Where = ANYWHERE,
    per: str = "year",
    notify: Notify = silent,
) -> list[Row]:
    """What a role earns by year, country, experience or work mode.

    `by` is year, country, experience or work-mode; the rest is as for `salary`.

    Returns:
        Survey rows of `role title year country experience work_mode records mean
        p10 p25 median p75 p90 currency period source`, None standing for all of
        them together. Countries come best median first, the rest in their own
        order. Empty where nothing has enough records.

    Raises:
        UsageError: No such role, split, period, country, experience or work mode.
    """
    by = one_of(by, DIMENSIONS, "way to split pay")
    found, period = find_role(data, role), pay_period(per)
    cells = select(data, [found], where, notify, by)[1][found["id"]]
    rows = [survey_row(data, found, cell, period) for cell in cells]
    if by == "country":
        return sorted(rows, key=lambda row: (-row["median"], row["country"]))
    steps = (None, *EXPERIENCES, *WORK_MODES)
    return sorted(
        rows,
        key=lambda row: (
            row["year"],
            steps.index(row["experience"]),
            steps.index(row["work_mode"]),
        ),
    )
