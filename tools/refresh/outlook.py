"""The outlook: employment projections and the share of postings about AI.

The newer projections are of some occupations only. They are of an occupation, or of a
page of the handbook, which may be about several occupations together.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import PROJECTION_COLUMNS
from refresh import indices
from refresh.files import number, read_csv

if TYPE_CHECKING:
    from pathlib import Path

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import Outlook, Projections, Source

PROJECTIONS, NEWER = "bls-projections-2024-34", "bls-projections-2025-35"
AI_SHARE = "indeed-ai-share"
_YEARS = {PROJECTIONS: (2024, 2034), NEWER: (2025, 2035)}
RELEASED = "2026-08-27"
# The values that may be in two notes.
_VALUES = {
    "employment": "employment", "change": "change",
    "change_percent": "change in per cent", "openings_per_year": "openings",
}  # fmt: skip
COUNTRIES = {
    "AU": "Australia", "CA": "Canada", "DE": "Germany", "FR": "France",
    "GB": "United Kingdom", "IE": "Ireland", "IT": "Italy", "NL": "Netherlands",
    "US": "United States",
}  # fmt: skip
# The last month of countries whose shares jump after it, without an explanation.
LAST_MONTHS = {"CA": "2025-09", "IE": "2025-09"}

_READ = (
    "The values were read from notes that quote the Bureau's pages, not from its "
    "tables. Read twice, in independent notes: {}. All others were read once."
)
_TOGETHER = (
    "Figures of several occupations together are those of a page of the Occupational "
    "Outlook Handbook."
)


def outlook(
    projections: Path, newer_projections: Path, months: Path, ai_shares: Path
) -> Outlook:
    """Return the projections of occupations, the index of postings and AI shares."""
    older, newer = read_csv(projections), read_csv(newer_projections)
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    for row in read_csv(ai_shares):
        country, month = row["country"], row["month"]
        if month <= LAST_MONTHS.get(country, month):
            shares[country][month] = float(row["ai_share_pct_mean"])
    return {
        "occupations": [
            _projections(NEWER, _newer(newer, older)),
            _projections(PROJECTIONS, _older(older, {row["soc"] for row in newer})),
        ],
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


def source(data: Dataset, newer_projections: Path) -> Source:
    """Return the source of the newer projections: as that of the others, but quoted."""
    older = data.source(PROJECTIONS)
    rows = read_csv(newer_projections)
    base, target = _YEARS[NEWER]
    twice = [
        f"{row['occupation']} ({', '.join(map(_VALUES.__getitem__, values))})"
        for row in rows
        if (values := row["read_twice"].split())
    ]
    return {
        **older,
        "id": NEWER,
        "title": f"Employment Projections {base} to {target}",
        "updated": RELEASED,
        "published": RELEASED,
        "method": f"Employment in the United States in {base}, its change to {target}, "
        "the average number of openings a year, and the typical education at entry, as "
        "notes quote the Bureau's pages. The projected number is the sum of employment "
        "and change. What the notes do not quote is unknown.",
        "caveats": [
            _READ.format("; ".join(twice)),
            _TOGETHER,
            *older["caveats"],
        ],
    }


def _projections(source_id: str, rows: list[Any]) -> Projections:
    base, target = _YEARS[source_id]
    return {
        "source": source_id,
        "base_year": base,
        "target_year": target,
        "columns": list(PROJECTION_COLUMNS),
        "rows": sorted(rows),
    }


def _newer(rows: list[dict[str, str]], older: list[dict[str, str]]) -> list[Any]:
    """Return the newer figures of occupations and pages as PROJECTION_COLUMNS.

    A page of several occupations has no code. It has the codes of its occupations in
    the older file, joined by `; `.
    """
    pages = {row["ooh_page"]: row["occupation"] for row in older if not row["soc"]}
    codes: dict[str, list[str]] = defaultdict(list)
    for row in older:
        if row["soc"] and row["ooh_page"] in pages:
            codes[pages[row["ooh_page"]]].append(row["soc"])
    found: list[Any] = []
    for row in rows:
        employed, change = number(row, "employment_2025"), number(row, "change_2025_35")
        is_known = employed is not None and change is not None
        figures = [
            row["soc"] or "; ".join(codes[row["page"]]), row["occupation"], employed,
            (employed or 0) + (change or 0) if is_known else None, change,
            round(float(row["change_percent"])), number(row, "openings_per_year"),
            row["page"], row["education"],
        ]  # fmt: skip
        # The total of all occupations is on no page.
        if row["page"]:
            found.append(figures)
    return found


def _older(rows: list[dict[str, str]], replaced: set[str]) -> list[Any]:
    """Return the occupations, but for those replaced, as PROJECTION_COLUMNS.

    A page of the handbook may be about several occupations. Its openings are in the
    row of their total, which has no code.
    """
    totals = {row["ooh_page"]: row for row in rows if not row["soc"]}
    found: list[Any] = []
    for row in rows:
        page = totals.get(row["ooh_page"], row)
        if row["soc"] and row["soc"] not in replaced:
            figures = [
                row["soc"], row["occupation"],
                number(row, "employment_2024"), number(row, "projected_2034"),
                number(row, "change_number"), number(row, "change_pct"),
                number(page, "openings_per_year_whole_page"), page["occupation"],
                page["entry_education_whole_page"],
            ]  # fmt: skip
            found.append(figures)
    return found
