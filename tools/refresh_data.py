"""Build the bundled survey and places from public files, and list the changes.

Texts, headline figures and descriptions of sources in mlroles/data.json are edited by
hand and are not changed, except for the number of records of a source. The result is
reproducible: the same files give the same bytes.
"""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mlroles.dataset.dimensions import PLACE_AMOUNTS, PLACE_COLUMNS, group_key
from mlroles.dataset.load import load
from mlroles.dataset.write import dumps, save
from mlroles.importer.pay import import_records
from mlroles.matching import find_role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mlroles.dataset.schema import Dataset, Place, PlaceTable, Source

DATA = Path(__file__).parent.parent / "mlroles" / "data.json"
SURVEY, FILINGS, OCCUPATIONS = "aijobs-salary-index", "lca-fy2025", "oews-may-2025"
COUNTRY = "US"
# The titles of the official occupations used as a proxy for a role.
OCCUPATION_TITLES = {
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


def main(
    survey: Annotated[Path, typer.Option(help="Pay records: CSV, CSV.gz or Parquet.")],
    filings: Annotated[Path, typer.Option(help="Quartiles by metro area and title.")],
    metros: Annotated[Path, typer.Option(help="Official wages by metro area.")],
    states: Annotated[Path, typer.Option(help="Official wages by state.")],
    output: Annotated[Path, typer.Option(help="The data set to refresh.")] = DATA,
) -> None:
    """Refresh the survey and the places of a data set."""
    old = load(output)
    new, notes = refresh(old, survey, filings, metros, states)
    for line in [*notes, *changes(old, new)]:
        print(line)
    if dumps(new) == output.read_text(encoding="utf-8"):
        print("no changes")
    else:
        save(new, str(output))
        print(f"wrote {output}")


def refresh(
    old: Dataset, survey: Path, filings: Path, metros: Path, states: Path
) -> tuple[Dataset, list[str]]:
    """Return a data set with survey and places built from the files, and notes."""
    new, notes = import_records(old, str(survey), source=_source(old, SURVEY))
    rows = [
        *_rows(filings, "metro", FILINGS),
        *_rows(metros, "metro", OCCUPATIONS),
        *_rows(states, "state", OCCUPATIONS),
    ]
    wholes = {
        (row["role"], row["source"]): row for row in rows if row["state"] == COUNTRY
    }
    counts = {
        SURVEY: _source(new, SURVEY)["records"],
        FILINGS: sum(
            int(row["filings"])
            for (_, source), row in wholes.items()
            if source == FILINGS
        ),
    }
    refreshed: Dataset = {
        **new,
        "sources": [
            {**source, "records": counts.get(source["id"], source["records"])}
            for source in old["sources"]
        ],
        "places": {
            "columns": list(PLACE_COLUMNS),
            "states": STATES,
            "tables": list(_tables(old, rows, wholes)),
        },
    }
    return refreshed, notes


def _source(data: Dataset, source_id: str) -> Source:
    return next(source for source in data["sources"] if source["id"] == source_id)


def _rows(path: Path, level: str, source: str) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {**row, "level": level, "source": source}


def _tables(
    data: Dataset,
    rows: Iterable[dict[str, str]],
    wholes: dict[tuple[str, str], dict[str, str]],
) -> Iterator[PlaceTable]:
    areas = [row for row in rows if row["state"] != COUNTRY]
    order = [role["title"] for role in data["roles"]]

    # Two sources for one role and level give two tables, which `save` rejects.
    def key(row: dict[str, str]) -> tuple[int, str, str]:
        return order.index(row["role"]), row["level"], row["source"]

    for (_, level, _), group in groupby(sorted(areas, key=key), key):
        table = list(group)
        title, source = table[0]["role"], table[0]["source"]
        whole = wholes.get((title, source))
        code = table[0].get("soc")
        yield {
            "role": find_role(data, title)["id"],
            "level": "metro" if level == "metro" else "state",
            "source": source,
            "occupation": f"{OCCUPATION_TITLES[code]} ({code})" if code else None,
            "whole": _place({**whole, "level": "country"}) if whole else None,
            "rows": sorted(map(_place, table)),
        }


def _place(row: dict[str, str]) -> Place:
    """Return a place as PLACE_COLUMNS; values that a file does not give are None."""

    def number(key: str) -> Any:
        return int(row[key]) if row.get(key) else None

    name, code = row.get("metro"), row.get("cbsa")
    state = None if row["state"] == COUNTRY else row["state"]
    if row["level"] == "state":
        name, code = STATES[row["state"]], row["state"]
    amounts = [number(key) for key in PLACE_AMOUNTS]
    return [  # type: ignore[return-value] # a list, as in JSON
        name or "United States", code or COUNTRY, state,
        number("filings"), number("employment"), *amounts,
    ]  # fmt: skip


def changes(old: Dataset, new: Dataset) -> Iterator[str]:
    """Describe the changes between two data sets, in one line per role."""
    for what, before, after in (
        ("pay groups", _groups(old), _groups(new)),
        ("places", _places(old), _places(new)),
    ):
        for role in new["roles"]:
            a, b = before.get(role["id"], {}), after.get(role["id"], {})
            changed = sum(a[key] != b[key] for key in a.keys() & b.keys())
            added, removed = len(b.keys() - a.keys()), len(a.keys() - b.keys())
            if changed or added or removed:
                yield (
                    f"{role['id']}: {what}: {added} added, {removed} removed, "
                    f"{changed} changed, {len(b)} in total"
                )


def _groups(data: Dataset) -> dict[str, dict[Any, Any]]:
    groups = data["survey"]["cells"] if data["survey"] else {}
    return {
        role: {group_key(group): list(group) for group in of_role}
        for role, of_role in groups.items()
    }


def _places(data: Dataset) -> dict[str, dict[Any, Any]]:
    found: dict[str, dict[Any, Any]] = {}
    for table in data["places"]["tables"] if data["places"] else []:
        of_role = found.setdefault(table["role"], {})
        of_role |= {(table["level"], row[1]): list(row) for row in table["rows"]}
        if table["whole"]:
            of_role[table["level"], COUNTRY] = list(table["whole"])
    return found


if __name__ == "__main__":
    typer.run(main)
