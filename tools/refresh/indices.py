"""Indices: job postings (Indeed) and consumer prices (Bureau of Labor Statistics)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refresh.files import read_csv

if TYPE_CHECKING:
    from pathlib import Path

    from mlroles.dataset.schema import Prices

POSTINGS, PRICES = "indeed-postings-software", "bls-cpi-u"
SECTOR, REGION = "software development", "US"


def points(months: Path) -> dict[str, float]:
    """Return the index of postings by date."""
    return {row["date"]: float(row["index_sa"]) for row in read_csv(months)}


def prices(months: Path) -> Prices:
    """Return the consumer price index of each month."""
    index = {row["month"]: float(row["cpi_u_nsa"]) for row in read_csv(months)}
    return {"source": PRICES, "region": "US", "months": index}
