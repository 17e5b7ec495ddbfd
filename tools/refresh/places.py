"""Pay by place, as a table for each role, level and source."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Literal

from mlroles.dataset.dimensions import PLACE_AMOUNTS
from refresh.files import number, top_employer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import Place, PlaceTable

COUNTRY = "US"
# The titles of the official occupations with figures.
OCCUPATIONS = {
    "15-1221": "Computer and Information Research Scientists",
    "15-1243": "Database Architects",
    "15-1252": "Software Developers",
    "15-2051": "Data Scientists",
}
STATES = {
    "AK": "Alaska", "AL": "Alabama", "AR": "Arkansas", "AZ": "Arizona",
    "CA": "California", "CO": "Colorado", "CT": "Connecticut",
    "DC": "District of Columbia", "DE": "Delaware", "FL": "Florida", "GA": "Georgia",
    "GU": "Guam", "HI": "Hawaii", "IA": "Iowa", "ID": "Idaho", "IL": "Illinois",
    "IN": "Indiana", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "MA": "Massachusetts", "MD": "Maryland", "ME": "Maine", "MI": "Michigan",
    "MN": "Minnesota", "MO": "Missouri", "MS": "Mississippi", "MT": "Montana",
    "NC": "North Carolina", "ND": "North Dakota", "NE": "Nebraska",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NV": "Nevada",
    "NY": "New York", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas",
    "UT": "Utah", "VA": "Virginia", "VI": "Virgin Islands", "VT": "Vermont",
    "WA": "Washington", "WI": "Wisconsin", "WV": "West Virginia", "WY": "Wyoming",
}  # fmt: skip


def occupation(code: str) -> str:
    """Return the title and code of an official occupation."""
    return f"{OCCUPATIONS[code]} ({code})"


def place_tables(
    data: Dataset,
    rows: list[dict[str, str]],
    level: Literal["metro", "state"],
    source: str,
    national: list[dict[str, str]] | None = None,
) -> list[PlaceTable]:
    """Return a table for each role of the rows; `national` has other national rows."""
    order = [role["title"] for role in data.roles]
    wholes = {
        row["role"]: row
        for row in [*(national or []), *rows]
        if row["state"] == COUNTRY
    }
    areas = [row for row in rows if row["state"] != COUNTRY]
    areas.sort(key=lambda row: order.index(row["role"]))

    def tables() -> Iterator[PlaceTable]:
        for title, group in groupby(areas, lambda row: row["role"]):
            places = list(group)
            code = places[0].get("soc")
            whole = wholes.get(title)
            table: PlaceTable = {
                "role": data.role(title)["id"],
                "level": level,
                "source": source,
                "occupation": occupation(code) if code else None,
                "whole": _place(whole, "country") if whole else None,
                "rows": sorted(_place(row, level) for row in places),
            }
            known = [*([whole] if whole else []), *places]
            largest = {
                row["cbsa"]: found["top_employer"]
                for row in known
                if (found := top_employer(row))
            }
            if largest:
                table["top_employers"] = largest
            yield table

    return list(tables())


def _place(row: dict[str, str], level: str) -> Place:
    """Return a place as PLACE_COLUMNS; values that a file does not give are None."""
    name, code = row.get("metro"), row.get("cbsa")
    state = None if row["state"] == COUNTRY else row["state"]
    if level == "state":
        name, code = STATES[row["state"]], row["state"]
    return [  # type: ignore[return-value] # a list, as in JSON
        name or "United States", code or COUNTRY, state,
        number(row, "filings"), number(row, "employment"),
        *(number(row, key) for key in PLACE_AMOUNTS),
    ]  # fmt: skip
