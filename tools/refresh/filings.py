"""H-1B filings whose titles contain the name of a role, at every level of seniority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import SENIORITIES
from refresh.files import number, read_csv
from refresh.places import place_tables

if TYPE_CHECKING:
    from pathlib import Path

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import NationalPay, PlaceTable, SeniorityPay

SOURCE = "lca-fy2025"
PERIOD = "FY 2025"
_NAMES = ("base", "senior", "staffPlus", "lead", "directorPlus")
_TIERS = dict(zip(_NAMES, SENIORITIES, strict=True))


def metro_tables(data: Dataset, metros: Path) -> list[PlaceTable]:
    """Return the pay by metro area."""
    return place_tables(data, read_csv(metros), "metro", SOURCE)


def national(data: Dataset, metros: Path) -> list[NationalPay]:
    """Return the national quartiles of each role."""
    return [
        {
            "role": data.role(row["role"])["id"],
            "source": SOURCE,
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
        }
        for row in read_csv(metros)
        if row["state"] == "US"
    ]


def seniority(data: Dataset, tiers: Path) -> list[SeniorityPay]:
    """Return the quartiles of each role by words of seniority in the title."""
    return [
        {
            "role": data.role(row["role"])["id"],
            "source": SOURCE,
            "seniority": _TIERS[row["tier"]],  # type: ignore[typeddict-item]
            "records": int(row["filings"]),
            "p25": int(row["p25"]),
            "median": int(row["median"]),
            "p75": int(row["p75"]),
        }
        for row in read_csv(tiers)
        if row["tier"] in _TIERS
    ]
