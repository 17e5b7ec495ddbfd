"""The outlook: employment projections and the share of postings about AI."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import PROJECTION_COLUMNS
from refresh import indices
from refresh.files import number, read_csv

if TYPE_CHECKING:
    from pathlib import Path

    from mlroles.dataset.schema import Outlook, Projection

PROJECTIONS, AI_SHARE = "bls-projections-2024-34", "indeed-ai-share"
COUNTRIES = {
    "AU": "Australia", "CA": "Canada", "DE": "Germany", "FR": "France",
    "GB": "United Kingdom", "IE": "Ireland", "IT": "Italy", "NL": "Netherlands",
    "US": "United States",
}  # fmt: skip
# The last month of countries whose shares jump after it, without an explanation.
LAST_MONTHS = {"CA": "2025-09", "IE": "2025-09"}


def outlook(projections: Path, months: Path, ai_shares: Path) -> Outlook:
    """Return the projections of occupations, the index of postings and AI shares."""
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    for row in read_csv(ai_shares):
        country, month = row["country"], row["month"]
        if month <= LAST_MONTHS.get(country, month):
            shares[country][month] = float(row["ai_share_pct_mean"])
    return {
        "occupations": {
            "source": PROJECTIONS,
            "base_year": 2024,
            "target_year": 2034,
            "columns": list(PROJECTION_COLUMNS),
            "rows": _projections(read_csv(projections)),
        },
        "postings": {
            "source": indices.POSTINGS,
            "sector": indices.SECTOR,
            "region": indices.REGION,
            "base": "1 February 2020 = 100",
            "points": indices.points(months),
        },
        "ai_share": {
            "source": AI_SHARE,
            "countries": {code: COUNTRIES[code] for code in sorted(shares)},
            "shares": {code: shares[code] for code in sorted(shares)},
        },
    }


def _projections(rows: list[dict[str, str]]) -> list[Projection]:
    """Return the occupations as PROJECTION_COLUMNS.

    A page of the handbook may be about several occupations. Its openings are in the
    row of their total, which has no code.
    """
    totals = {row["ooh_page"]: row for row in rows if not row["soc"]}
    found: list[Any] = []
    for row in rows:
        page = totals.get(row["ooh_page"], row)
        if row["soc"]:
            figures = [
                row["soc"], row["occupation"],
                number(row, "employment_2024"), number(row, "projected_2034"),
                number(row, "change_number"), number(row, "change_pct"),
                number(page, "openings_per_year_whole_page"), page["occupation"],
                page["entry_education_whole_page"],
            ]  # fmt: skip
            found.append(figures)
    return sorted(found)
