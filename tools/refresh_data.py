"""Build the bundled survey and places from public files, and say what changed.

Texts and headline figures in mlroles/data.json are edited by hand and stay as they
are; so do the descriptions of the sources, but for their numbers of records. Running
it twice on the same files gives the same bytes.
"""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mlroles.dataset.dimensions import PLACE
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
# The titles of the official occupations that stand in for a role.
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
    new = refreshed(old, survey, filings, metros, states)
    for line in changes(old, new):
        print(line)
    if dumps(new) == output.read_text(encoding="utf-8"):
        print("nothing to write")
    else:
        save(new, str(output))
        print(f"wrote {output}")


def refreshed(
    old: Dataset, survey: Path, filings: Path, metros: Path, states: Path
) -> Dataset:
    """A data set with survey and places made anew from the files."""
    new = import_records(old, str(survey), source=_source(old, SURVEY), notify=print)
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
    return {
        **new,
        "sources": [
            {**source, "records": counts.get(source["id"], source["records"])}
            for source in old["sources"]
        ],
        "places": {
            "columns": list(PLACE),
            "states": STATES,
            "tables": list(_tables(old, rows, wholes)),
        },
    }


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

    # A role that two sources have at one level gives two tables, which are refused.
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
    """A place in the order of PLACE; what a file does not give is None."""

    def number(key: str) -> Any:
        return int(row[key]) if row.get(key) else None

    name, code = row.get("metro"), row.get("cbsa")
    state = None if row["state"] == COUNTRY else row["state"]
    if row["level"] == "state":
        name, code = STATES[row["state"]], row["state"]
    amounts = [number(key) for key in PLACE[5:]]
    return [  # type: ignore[return-value] # the JSON array of the tuple
        name or "United States", code or COUNTRY, state,
        number("filings"), number("employment"), *amounts,
    ]  # fmt: skip


def changes(old: Dataset, new: Dataset) -> Iterator[str]:
    """What differs between two data sets: a line for each role that does."""
    for what, before, after in (
        ("survey cells", _cells(old), _cells(new)),
        ("places", _places(old), _places(new)),
    ):
        for role in new["roles"]:
            a, b = before.get(role["id"], {}), after.get(role["id"], {})
            changed = sum(a[key] != b[key] for key in a.keys() & b.keys())
            added, gone = len(b.keys() - a.keys()), len(a.keys() - b.keys())
            if changed or added or gone:
                yield (
                    f"{role['id']}: {what}: {added} added, {gone} gone, "
                    f"{changed} changed, {len(b)} in all"
                )


def _cells(data: Dataset) -> dict[str, dict[Any, Any]]:
    cells = data["survey"]["cells"] if data["survey"] else {}
    return {
        role: {tuple(cell[:4]): list(cell) for cell in of_role}
        for role, of_role in cells.items()
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
