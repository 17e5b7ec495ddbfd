"""H-1B filings whose titles contain the name of a role, at every level of seniority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import SENIORITIES
from refresh.files import number, top_employer
from refresh.places import place_tables

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import NationalPay, PlaceTable, SeniorityPay
    from refresh.files import Row

SOURCE = "lca-fy2025"
PERIOD = "FY 2025"
_NAMES = ("base", "senior", "staffPlus", "lead", "directorPlus")
_TIERS = dict(zip(_NAMES, SENIORITIES, strict=True))


def metro_tables(data: Dataset, metros: list[Row], source: str) -> list[PlaceTable]:
    """Return the pay by metro area."""
    return place_tables(data, metros, "metro", source)


def national(data: Dataset, metros: list[Row], source: str) -> list[NationalPay]:
    """Return the national quartiles of each role."""
    return [
        {
            "role": data.role(row["role"])["id"],
            "source": source,
            "period": PERIOD,
            "occupation": None,
            "records": number(row, "filings"),
            "employment": None,
            "mean": None,
            "p10": None,
            "p25": number(row, "p25"),
            "median": int(row["median"]),
            "p75": number(row, "p75"),
            "p90": None,
            **top_employer(row),  # type: ignore[typeddict-item]
        }
        for row in metros
        if row["state"] == "US"
    ]


def seniority(data: Dataset, tiers: list[Row], source: str) -> list[SeniorityPay]:
    """Return the quartiles of each role by words of seniority in the title."""
    return [
        {
            "role": data.role(row["role"])["id"],
            "source": source,
            "seniority": _TIERS[row["tier"]],  # type: ignore[typeddict-item]
            "records": int(row["filings"]),
            "p25": int(row["p25"]),
            "median": int(row["median"]),
            "p75": int(row["p75"]),
            **top_employer(row),  # type: ignore[typeddict-item]
        }
        for row in tiers
        if row["tier"] in _TIERS
    ]
