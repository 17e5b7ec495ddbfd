"""What a role earns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.names import find_role
from mlroles.rows import Row, pay, pay_period

if TYPE_CHECKING:
    from mlroles.schema import Dataset


def salary(data: Dataset, role: str | None = None, *, per: str = "year") -> Row:
    """What a role earns: the headline average, and what a survey of pay found.

    Args:
        data: A data set.
        role: Its id, title or alias; left out, the default role.
        per: The pay period of every amount: year, month, week or hour.

    Returns:
        One row of `role title average_salary currency period region reports
        updated source survey`; `survey` is None or one survey row. What is unknown
        is None.

    Raises:
        UsageError: No such role or period.
    """
    found, period = find_role(data, role), pay_period(per)
    headline = found["salary"]
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
        "survey": None,
    }
