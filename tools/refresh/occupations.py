"""Official occupations: wages of the US Bureau of Labor Statistics.

O*NET lists the titles of roles under official occupations, which are another
classification: they have other jobs and lack many of the role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refresh.files import number, read_csv
from refresh.places import OCCUPATIONS, occupation, place_tables

if TYPE_CHECKING:
    from pathlib import Path

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import NationalPay, PlaceTable

SOURCE = "oews-may-2025"
PERIOD = "2025-05"


def tables(
    data: Dataset, metros: Path, states: Path, more_states: Path
) -> list[PlaceTable]:
    """Return the wages by metro area and by state."""
    more = [row for row in read_csv(more_states) if row["role"]]
    by_state = [*read_csv(states), *more]
    return [
        *place_tables(data, read_csv(metros), "metro", SOURCE, by_state),
        *place_tables(data, by_state, "state", SOURCE),
    ]


def national(
    data: Dataset, states: Path, more_states: Path, titles: list[dict[str, str]]
) -> list[NationalPay]:
    """Return the national wages of the occupations that list the title of a role.

    `titles` are those of `refresh.titles.listed`.
    """
    wages = {
        row["soc"]: row
        for row in [*read_csv(states), *read_csv(more_states)]
        if row["state"] == "US"
    }
    listed = {
        (data.role(row["role"])["id"], row["onet_soc"].partition(".")[0]): None
        for row in titles
    }
    order = [role["id"] for role in data.roles]
    pairs = sorted(listed, key=lambda pair: (order.index(pair[0]), pair[1]))
    return [
        {
            "role": role,
            "source": SOURCE,
            "period": PERIOD,
            "occupation": occupation(code),
            "records": None,
            "employment": number(wages[code], "employment"),
            "mean": number(wages[code], "mean"),
            "p10": number(wages[code], "p10"),
            "p25": number(wages[code], "p25"),
            "median": int(wages[code]["median"]),
            "p75": number(wages[code], "p75"),
            "p90": number(wages[code], "p90"),
        }
        for role, code in pairs
        if code in wages and code in OCCUPATIONS
    ]
