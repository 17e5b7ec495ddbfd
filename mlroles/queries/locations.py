"""Where a role pays more: US metro areas, US states and countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import PLACE_AMOUNTS, PLACE_COLUMNS
from mlroles.dataset.load import load_table
from mlroles.errors import UsageError
from mlroles.matching import choose, find_country, find_role, name_key
from mlroles.money import Converter, difference
from mlroles.queries.answer import NO_FILTERS, Answer, Base, Filters, Labels, ranking
from mlroles.queries.pay import home_country, pay_row, select

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlroles.dataset.schema import Dataset, PlaceTable, Role
    from mlroles.queries.answer import Row

COUNTRY = "country"
# The levels, the finest first, and what their places are called.
LEVELS = {"metro": "US metro area", "state": "US state", COUNTRY: "country"}
SORTS = (
    "median", "place", "difference", "records", "employment",
    "p10", "p25", "p75", "p90",
)  # fmt: skip
# The keys of a row that say where its figures come from.
_ORIGIN = ("updated", "source", "experience", "work_mode", "occupation")


def locations(
    data: Dataset,
    role: str | None = None,
    *,
    level: str | None = None,
    match: str | None = None,
    min_records: int | None = None,
    sort: str = "median",
    reverse: bool = False,
    limit: int | None = None,
    filters: Filters = NO_FILTERS,
    per: str = "year",
) -> Answer[list[Row]]:
    """Return the pay of a role by place, sorted by a column.

    `level` is metro, state or country; None is the finest level with figures, or
    country if `filters` are set, since only countries have such figures;
    `filters.country` is what other countries are compared with. `match` keeps places
    whose name, code or state contains a text, `min_records` those with at least so many
    records. `sort` is one of SORTS; the rest is as for `salary` and `sort_rows`.

    Returns:
        Rows with the keys `role title level place code state records employment p10
        p25 median p75 p90 difference currency period updated source experience
        work_mode occupation`. `difference` is relative to the national median, or
        for countries to the median of the country in `filters`. If `occupation` is
        set, the figures are those of that official occupation, which is wider than
        the role.

    Raises:
        UsageError: As for `compare`, or filters that the level does not support.
    """
    column = choose(sort, SORTS, "sort column")
    if min_records is not None and min_records < 0:
        raise UsageError(f"--min-records must be at least 0, not {min_records}.")
    found, convert = find_role(data, role), Converter(per)
    known = load_table(data, "places") or {"tables": [], "states": {}}
    tables = {t["level"]: t for t in known["tables"] if t["role"] == found["id"]}
    chosen, notes = _choose_level(tables, level, match, filters)
    if chosen == COUNTRY:
        places, base, more = _countries(data, found, filters, convert)
    elif chosen in tables:
        places, base, more = _areas(data, tables[chosen], convert)
    else:
        more = [f"no source gives pay by {LEVELS[chosen]} for {found['title']}"]
        places, base = [], None
    rows = [
        {
            "role": found["id"],
            "title": found["title"],
            "level": chosen,
            **{key: place.get(key) for key in PLACE_COLUMNS},
            "difference": difference(place["median"], base.amount if base else None),
            "currency": data["currency"],
            "period": convert.period,
            **{key: place.get(key) for key in _ORIGIN},
        }
        for place in places
    ]
    names = data["countries"] if chosen == COUNTRY else known["states"]
    rows, restricted = _restrict(names, rows, match, min_records)
    notes = [*notes, *more, *restricted]
    answer = Answer("locations", rows, Labels(data), notes, base=base, filters=filters)
    return ranking(answer, column, reverse=reverse, limit=limit)


def _choose_level(
    tables: dict[str, PlaceTable],
    level: str | None,
    match: str | None,
    filters: Filters,
) -> tuple[str, list[str]]:
    """Return the level to show, and a note if filters decided it."""
    if level is not None:
        chosen = choose(level, LEVELS.keys(), "level")
    else:
        chosen = next((each for each in LEVELS if each in tables), COUNTRY)
    names = filters.names()
    if chosen == COUNTRY or not names:
        return chosen, []
    breakdown = f"pay by {LEVELS[chosen]} is not broken down by {' or '.join(names)}"
    if level is not None or (match is not None and names != ["country"]):
        options = " and ".join(f"--{name.replace(' ', '-')}" for name in names)
        raise UsageError(f"{breakdown}. Omit {options}, or use --level {COUNTRY}.")
    if names == ["country"]:
        breakdown = "--country sets the country that the others are compared with"
    return COUNTRY, [f"showing countries: {breakdown}"]


def _areas(
    data: Dataset, table: PlaceTable, convert: Converter
) -> tuple[list[Row], Base | None, list[str]]:
    """Return the metro areas or states of a table and the national median."""
    updated = {source["id"]: source["updated"] for source in data["sources"]}
    origin = {
        "updated": updated[table["source"]],
        "source": table["source"],
        "occupation": table["occupation"],
    }
    whole = table["whole"]
    arrays = [*table["rows"], *([whole] if whole else [])]
    places: list[Row] = [
        dict(zip(PLACE_COLUMNS, array, strict=True)) | origin for array in arrays
    ]
    for place in places:
        place |= {key: convert(place[key], "") for key in PLACE_AMOUNTS}
    median = places.pop()["median"] if whole else None
    return places, Base("the national median", None, median) if whole else None, []


def _countries(
    data: Dataset, role: Role, filters: Filters, convert: Converter
) -> tuple[list[Row], Base | None, list[str]]:
    """Return countries, the country that they are compared with, and notes."""
    code = home_country(data)
    if filters.country is not None:
        code = find_country(data, filters.country)
    selection = select(data, [role], filters._replace(country=None), "country")
    notes = selection.notes
    places = [
        pay_row(data, role, each, convert) for each in selection.groups[role["id"]]
    ]
    for place in places:
        place["code"] = place["country"]
        place["place"] = data["countries"][place["country"]]
        place["updated"] = str(place["year"])
    base = next((each for each in places if each["code"] == code), None)
    if filters.country is not None and code and places and base is None:
        name = data["countries"][code]
        notes = [*notes, f"{name} has too few records to compare with"]
    return places, Base(base["place"], code, base["median"]) if base else None, notes


def _restrict(
    names: Mapping[str, str],
    rows: list[Row],
    match: str | None,
    min_records: int | None,
) -> tuple[list[Row], list[str]]:
    """Return the rows that match a text and have enough records, and notes."""
    kept, conditions = rows, []
    if match is not None:
        conditions.append(f"matches {match!r}")
        kept = [row for row in kept if _matches(names, row, match)]
    if min_records is not None:
        conditions.append(f"has at least {min_records} records")
        if kept and all(row["records"] is None for row in kept):
            return [], ["the source does not give numbers of records for these places"]
        kept = [row for row in kept if (row["records"] or 0) >= min_records]
    if kept or not rows:
        return kept, []
    places = f"{len(rows)} places of {rows[0]['title']}"
    return [], [f"none of the {places} {' and '.join(conditions)}"]


def _matches(names: Mapping[str, str], row: Row, text: str) -> bool:
    """Return whether the name of a place, its code or its state contains a text."""
    codes = [row["code"]]
    if row["level"] != COUNTRY:
        # A metro area lists all its states: "Kansas City, MO-KS".
        codes += row["place"].rpartition(", ")[2].split("-")
    if text.upper() in names:
        return text.upper() in codes
    searched = [row["place"], *(names[code] for code in codes if code in names)]
    return any(name_key(text) in name_key(name) for name in searched)
