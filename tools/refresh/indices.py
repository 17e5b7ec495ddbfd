"""Indices: job postings (Indeed) and consumer prices (Bureau of Labor Statistics)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refresh.files import read_csv

if TYPE_CHECKING:
    from pathlib import Path

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import Postings, Prices

POSTINGS, PRICES = "indeed-postings-software", "bls-cpi-u"
SECTOR, REGION = "software development", "US"


def points(months: Path) -> dict[str, float]:
    """Return the index of postings by date."""
    return {row["date"]: float(row["index_sa"]) for row in read_csv(months)}


def postings(data: Dataset, months: Path) -> Postings:
    """Return the index when openings were counted, a year ago, and the latest."""
    index = points(months)
    counted = min(r["openings"]["updated"] for r in data.roles if r["openings"])
    latest = max(index)
    year_before = f"{int(latest[:4]) - 1}{latest[4:]}"
    dates = [max(d for d in index if d <= day) for day in (counted, year_before)]
    dates.append(latest)
    return {
        "source": POSTINGS,
        "sector": SECTOR,
        "region": REGION,
        "points": {date: index[date] for date in dates},
    }


def prices(months: Path) -> Prices:
    """Return the consumer price index of each month."""
    index = {row["month"]: float(row["cpi_u_nsa"]) for row in read_csv(months)}
    return {"source": PRICES, "region": "US", "months": index}
