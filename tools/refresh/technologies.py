"""O*NET: the technologies that occupations list."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import SKILL_COLUMNS
from refresh.files import read_csv
from refresh.titles import SOURCE

if TYPE_CHECKING:
    from pathlib import Path

    from mlroles.dataset.schema import Occupations, Skills


def skills(occupations: Occupations, technologies: Path) -> Skills:
    """Return the technologies of each occupation that lists the title of a role."""
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in read_csv(technologies):
        hot = row["hot_technology"] == "1"
        rows[row["onet_soc"]].append([row["technology"], row["category"], hot])
    return {
        "source": SOURCE,
        "columns": list(SKILL_COLUMNS),
        "tables": [
            {"code": code, "title": title, "rows": sorted(rows[code])}
            for code, title in occupations["titles"].items()
            if code in rows
        ],
    }


def in_demand(demanded: Path) -> dict[str, list[str]]:
    """Return the technologies in demand in each occupation that has such data."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in read_csv(demanded):
        found[row["onet_soc"]].append(row["technology"])
    return {code: sorted(found[code], key=str.casefold) for code in sorted(found)}
