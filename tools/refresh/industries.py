"""Official wages by industry: of the US Bureau of Labor Statistics, as in occupations.

The file has each industry at several levels, and some of them by ownership.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import (
    INDUSTRY_AMOUNTS,
    INDUSTRY_COLUMNS,
    INDUSTRY_DETAILS,
)
from refresh.files import number, read_csv
from refresh.occupations import SOURCE

if TYPE_CHECKING:
    from pathlib import Path

    from mlroles.dataset.schema import (
        Industries,
        Industry,
        NationalPay,
        PrivateSector,
    )

# Level 1 is the whole private economy.
_PRIVATE = "1"
_DETAILS = dict(zip("2345", INDUSTRY_DETAILS, strict=True))
_GROUP = "4"


def industries(industry_wages: Path, national: list[NationalPay]) -> Industries:
    """Return the wages by industry of each occupation.

    `national` has the national figures of each occupation, as title and code. They
    include the public sector.
    """
    wholes = {row["occupation"]: row for row in national}
    every = read_csv(industry_wages)
    private = {row["soc"]: row for row in every if row["level"] == _PRIVATE}
    rows = sorted(
        (row for row in every if row["level"] in _DETAILS),
        key=lambda row: (row["soc"], row["level"], row["naics"]),
    )
    return {
        "columns": list(INDUSTRY_COLUMNS),
        "tables": [
            {
                "code": code,
                "title": title,
                "source": SOURCE,
                "median": whole["median"] if whole else None,
                "employment": whole["employment"] if whole else None,
                "private": _sector(private.get(code)),
                "rows": [_industry(row) for row in group if not _is_by_ownership(row)],
            }
            for (code, title), group in groupby(
                rows, lambda row: (row["soc"], row["occupation"])
            )
            for whole in [wholes.get(f"{title} ({code})")]
        ],
    }


def _sector(row: dict[str, str] | None) -> PrivateSector | None:
    if row is None:
        return None
    return {"employment": number(row, "employment"), "median": int(row["median"])}


def _is_by_ownership(row: dict[str, str]) -> bool:
    """Return whether an industry group is a subsector divided by ownership.

    611002 is state-owned educational services, which 611100 to 611700 include: in one
    ranking, they would count the same people twice.
    """
    code = row["naics"]
    return row["level"] == _GROUP and code[3:5] == "00" and code[5] != "0"


def _industry(row: dict[str, str]) -> Industry:
    return [  # type: ignore[return-value] # a list, as in JSON
        row["naics"], row["industry"], _DETAILS[row["level"]],
        number(row, "employment"), *(number(row, key) for key in INDUSTRY_AMOUNTS),
    ]  # fmt: skip
