"""Where a role earns more: US metro areas, US states and countries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import PLACE, name_key
from mlroles.errors import UsageError
from mlroles.matching import find_role, one_of
from mlroles.queries.cells import survey_row
from mlroles.queries.pay import (
    ANYWHERE,
    HOME_COUNTRY,
    Where,
    find_country,
    select,
)
from mlroles.queries.rows import Row, arranged, pay, pay_period, silent

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset, PlaceTable, Role
    from mlroles.queries.rows import Notify

COUNTRY = "country"
# The levels, the finest first, and what their places are called.
NAMES = {"metro": "US metro area", "state": "US state", COUNTRY: "country"}
LEVELS = tuple(NAMES)
_SPLIT = "year, country, experience or work mode"
SORTS = (
    "difference",
    "employment",
    "p10",
    "p25",
    "median",
    "p75",
    "p90",
    "place",
    "records",
)


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
    where: Where = ANYWHERE,
    per: str = "year",
    notify: Notify = silent,
) -> list[Row]:
    """Where a role earns more, best median first.

    `level` is metro, state or country; left out, the finest that the role has.
    `match` keeps the places whose name, code or state has a text in it, `min_records`
    those with at least so many records. `sort` is one of SORTS. The rest is as for
    `salary` and `compare`, but only countries have survey records.

    Returns:
        Rows of `role title level place code state records employment p10 p25
        median p75 p90 difference currency period updated source experience
        work_mode occupation`. `difference` is the median less that of the whole
        country, or at country level less that of the country of `where`; figures of
        an `occupation` are those of a wider official one, which stands in.

    Raises:
        UsageError: As for `compare`, or survey filters at another level.
    """
    column = one_of(sort, SORTS, "column to sort by")
    found, period = find_role(data, role), pay_period(per)
    chosen = _level(data, found, level, where, notify)
    if chosen == COUNTRY:
        rows = _countries(data, found, where, period, notify)
    else:
        rows = _areas(data, found, chosen, period, notify)
    rows = _narrowed(data, rows, match, min_records, notify)
    return arranged(rows, column, notify, reverse=reverse, limit=limit)


def base_of(data: Dataset, rows: list[Row], where: Where) -> str | None:
    """The code of the country that rows of countries are compared with."""
    countries = rows and rows[0]["level"] == COUNTRY
    return _base_country(data, where) if countries else None


def base_median(data: Dataset, row: Row, base: str | None) -> float | None:
    """The median that a row's difference is to, in the row's period.

    `base` is the code of the country that rows of countries are compared with.
    """
    role = find_role(data, row["role"])
    if row["level"] != COUNTRY:
        whole = _tables(data, role)[row["level"]]["whole"] or ()
        known: Row = dict(zip(PLACE, whole, strict=False))
        return pay(known.get("median"), row["period"])
    cells = data["survey"]["cells"][role["id"]] if data["survey"] else []
    slice_ = (int(row["updated"]), base, row["experience"], row["work_mode"])
    found = (
        survey_row(data, role, c, row["period"]) for c in cells if (*c[:4],) == slice_
    )
    return next((each["median"] for each in found), None)


def _tables(data: Dataset, role: Role) -> dict[str, PlaceTable]:
    tables = data["places"]["tables"] if data["places"] else []
    return {table["level"]: table for table in tables if table["role"] == role["id"]}


def _level(
    data: Dataset, role: Role, asked: str | None, where: Where, notify: Notify
) -> str:
    known = _tables(data, role)
    finest = next((level for level in LEVELS if level in known), COUNTRY)
    if asked is not None:
        finest = one_of(asked, LEVELS, "level")
    if finest == COUNTRY or not where.narrows():
        return finest
    reason = f"pay by {NAMES[finest]} is not split by {_SPLIT}"
    if asked is not None:
        raise UsageError(f"{reason}; leave these out, or ask for --level {COUNTRY}")
    if where.asked() == (None, where.country, None, None):
        reason = "--country names the one that the others are compared with"
    notify(f"showing countries: {reason}")
    return COUNTRY


def _narrowed(
    data: Dataset,
    rows: list[Row],
    match: str | None,
    min_records: int | None,
    notify: Notify,
) -> list[Row]:
    """The rows that a search finds and enough records stand behind."""
    fitting, wanted = rows, []
    if match is not None:
        wanted.append(f"{match!r} in its name or state")
        fitting = [row for row in fitting if _matches(data, row, match)]
    if min_records is not None:
        wanted.append(f"{min_records} records or more")
        if fitting and all(row["records"] is None for row in fitting):
            notify("the source of these places does not say how many records there are")
            return []
        fitting = [row for row in fitting if (row["records"] or 0) >= min_records]
    if rows and not fitting:
        places = f"{len(rows)} places of {rows[0]['title']}"
        notify(f"none of {places} has {' and '.join(wanted)}")
    return fitting


def _areas(
    data: Dataset, role: Role, level: str, period: str, notify: Notify
) -> list[Row]:
    table = _tables(data, role).get(level)
    if table is None:
        notify(f"no source gives pay by {NAMES[level]} for {role['title']}")
        return []
    whole = dict(zip(PLACE, table["whole"] or (), strict=False))
    areas = [
        dict(zip(PLACE, row, strict=True)) | {"occupation": table["occupation"]}
        for row in table["rows"]
    ]
    return _rows(data, role, level, areas, whole, table["source"], period)


def _base_country(data: Dataset, where: Where) -> str | None:
    if where.country is not None:
        return find_country(data, where.country)
    return HOME_COUNTRY if HOME_COUNTRY in data["countries"] else None


def _countries(
    data: Dataset, role: Role, where: Where, period: str, notify: Notify
) -> list[Row]:
    base = _base_country(data, where)
    anywhere = Where(where.year, None, where.experience, where.work_mode)
    (year, *_), cells = select(data, [role], anywhere, notify, by="country")
    countries = [
        survey_row(data, role, cell, "year")
        | {"code": cell[1], "place": data["countries"][cell[1] or ""]}
        for cell in cells[role["id"]]
    ]
    whole = next((c for c in countries if c["code"] == base), {})
    if where.country is not None and base is not None and countries and not whole:
        notify(f"{data['countries'][base]} has too few records to compare with")
    source = data["survey"]["source"] if data["survey"] else ""
    rows = _rows(data, role, COUNTRY, countries, whole, source, period)
    return [{**row, "updated": str(year)} for row in rows]


def _rows(
    data: Dataset,
    role: Role,
    level: str,
    places: list[dict[str, Any]],
    whole: dict[str, Any],
    source_id: str,
    period: str,
) -> list[Row]:
    """Rows of places whose amounts are a year's; `whole` is what they compare with."""
    updated = {source["id"]: source["updated"] for source in data["sources"]}
    base = whole.get("median")
    return [
        {
            "role": role["id"],
            "title": role["title"],
            "level": level,
            **{key: place.get(key) for key in PLACE[:5]},
            **{key: pay(place[key], period) for key in PLACE[5:]},
            "difference": None if base is None else pay(place["median"] - base, period),
            "currency": data["currency"],
            "period": period,
            "updated": updated[source_id],
            "source": source_id,
            "experience": place.get("experience"),
            "work_mode": place.get("work_mode"),
            "occupation": place.get("occupation"),
        }
        for place in places
    ]


def _matches(data: Dataset, row: Row, text: str) -> bool:
    """Whether a place's name, its codes or the names of its states have a text."""
    known, codes = data["countries"], [row["code"]]
    if row["level"] != COUNTRY:
        known = data["places"]["states"] if data["places"] else {}
        # A metro area over several states names them all: "Kansas City, MO-KS".
        codes += row["place"].rpartition(", ")[2].split("-")
    if text.upper() in known:
        return text.upper() in codes
    names = [row["place"], *(known[code] for code in codes if code in known)]
    return any(name_key(text) in name_key(name) for name in names)
