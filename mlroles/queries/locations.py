"""Where a role pays more: US metro areas, US states and countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import HOME_COUNTRY, PLACE_COLUMNS
from mlroles.errors import Argument, Command, Message, UsageError, quoted
from mlroles.matching import (
    COUNTRY,
    LEVELS,
    choose,
    matched_texts,
    name_key,
    short_place,
    shorten,
)
from mlroles.money import adjust, difference
from mlroles.queries.answer import (
    NO_FILTERS,
    Answer,
    Base,
    Filters,
    known_columns,
    ranking,
    sort_column,
)
from mlroles.queries.figures import figure, period_of
from mlroles.queries.pay import converter, default_country, pay_row, select
from mlroles.questions import LOCATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import PlaceTable, Role
    from mlroles.errors import Part
    from mlroles.money import Converter
    from mlroles.places import Place
    from mlroles.questions import Row

# So many places are named in a note.
_FEW_PLACES = 10


def locations(
    data: Dataset,
    role: str | None = None,
    *,
    level: str | None = None,
    match: str | Iterable[str] | None = None,
    min_records: int | None = None,
    sort: str = "median",
    reverse: bool = False,
    limit: int | None = None,
    filters: Filters = NO_FILTERS,
    per: str = "year",
    currency: str | None = None,
) -> Answer[list[Row]]:
    """Return the pay of a role by place, sorted by a column.

    `level` is metro, state or country; None is the finest level with figures, or
    country if `filters` are set, since only countries have such figures;
    `filters.country` is what other countries are compared with. `match` keeps places
    whose name, code or state contains a text, or one of several, `min_records` those
    with at least so many records. `sort` is one of LOCATIONS.sorts, by its short name
    or key; the rest is as for `salary` and `sort_rows`.

    Returns:
        Rows with the keys of `questions.LOCATIONS`. `difference`
        is relative to the national median, or for countries to the median of the
        country in `filters`. If `occupation` is set, the figures are those of that
        official occupation, not of the role itself. `cost_of_living` is the price
        level of the place, where the United States is 100, and `adjusted_median` what
        the median is worth at average US prices, before tax.

    Raises:
        UsageError: As for `compare`, or filters that the level does not support.
    """
    column = sort_column(LOCATIONS, sort, {"prices": "cost_of_living"})
    if min_records is not None and min_records < 0:
        text = f" must be at least 0, not {min_records}."
        raise UsageError(Argument("min_records"), text, argument="min_records")
    found, convert = data.role(role), converter(data, per, currency=currency)
    texts = matched_texts(match)
    tables = data.place_tables(found["id"])
    if level is None and texts and all(_is_country(data, text) for text in texts):
        level = COUNTRY
    chosen, notes = _choose_level(tables, level, texts, filters)
    base: Base | None = None
    if chosen == COUNTRY:
        places, base, more = _countries(data, found, filters, convert)
    elif chosen in tables:
        places, base = _areas(data, tables[chosen], convert)
        more = _of_others(data, f"by {LEVELS[chosen]}", tables[chosen]["source"])
    else:
        more = [f"no source gives pay by {LEVELS[chosen]} for {found['title']}"]
        places = []
    rows = _rows(data, found, chosen, places, base)
    areas = data.countries if chosen == COUNTRY else data.states
    rows, restricted = _restrict(areas, rows, texts, min_records)
    notes = [*notes, *more, *restricted]
    answer = Answer(LOCATIONS, rows, data, notes, base=base, matched=bool(texts))
    answer = answer._replace(exchange=convert.exchange)
    return ranking(answer, column, reverse=reverse, limit=limit)


def highest(data: Dataset, role: Role, count: int) -> Answer[list[Row]]:
    """Return the first rows of `locations`, without the work for all others."""
    tables = data.place_tables(role["id"])
    level = next((each for each in LEVELS if each in tables), None)
    if level is None:
        return locations(data, role["id"], limit=count)
    table = tables[level]
    median = PLACE_COLUMNS.index("median")
    arrays = sorted(table["rows"], key=lambda array: array[0].casefold())
    arrays.sort(key=lambda array: array[median] or 0, reverse=True)
    first: PlaceTable = {**table, "rows": arrays[:count]}
    places, base = _areas(data, first, converter(data, "year", currency=None))
    rows = _rows(data, role, level, places, base)
    answer = Answer(LOCATIONS, rows, data, base=base, columns=known_columns(rows))
    return answer._replace(sort="median", more=len(arrays) - len(rows))


def _areas(
    data: Dataset, table: PlaceTable, convert: Converter
) -> tuple[list[Row], Base | None]:
    """Return the metro areas or states of a table, and what they are compared with."""
    places, whole = table_rows(data, table, convert)
    name = "the national median"
    return places, Base(name, None, whole["median"], whole) if whole else None


def _rows(
    data: Dataset, role: Role, level: str, places: list[Row], base: Base | None
) -> list[Row]:
    """Return the rows of places of a level."""
    return LOCATIONS.rows(
        {
            "role": role["id"],
            "title": role["title"],
            "level": level,
            **place,
            "difference": difference(place["median"], base and base.amount),
            **cost_keys(data, (level, place["code"]), place["median"]),
        }
        for place in places
    )


def table_rows(
    data: Dataset, table: PlaceTable, convert: Converter
) -> tuple[list[Row], Row | None]:
    """Return the metro areas or states of a table, and the United States.

    They are figures with the keys `place code state` as well.
    """
    covered = period_of(data, table["source"])
    largest = table.get("top_employers", {})
    # Regions are US-TX and 12420.
    prefix = f"{HOME_COUNTRY}-" if table["level"] == "state" else ""

    def place(array: Sequence[Any], *, is_whole: bool = False) -> Row:
        values = dict(zip(PLACE_COLUMNS, array, strict=True))
        code = values["code"]
        region = HOME_COUNTRY if is_whole else f"{prefix}{code}"
        values["occupation"] = table["occupation"]
        values["top_employer"] = largest.get(code)
        return {
            **{key: values[key] for key in ("place", "code", "state")},
            **figure(data, convert, table["source"], covered, region, values),
        }

    whole = table["whole"]
    return list(map(place, table["rows"])), whole and place(whole, is_whole=True)


def area_rows(
    data: Dataset, role: Role, area: Place, convert: Converter
) -> tuple[list[Row], list[str]]:
    """Return the figures of a metro area or state, and notes.

    The rows are as `table_rows` returns them: the figure that leads, those of other
    sources, and last that of the United States from the source of the first, unless it
    is that of a pay group. If there are none, a note names places that have figures.
    """
    rows: list[Row] = []
    national = None
    for table in data.every_place_table(role["id"], area.level):
        of_area = [row for row in table["rows"] if row[1] == area.code]
        found, whole = table_rows(data, {**table, "rows": of_area}, convert)
        national = national if rows else whole
        rows += found
    if not rows:
        return [], [_no_area(data, role, area)]
    if national and not (data.pay and rows[0]["source"] == data.pay["source"]):
        rows.append(national)
    return rows, _of_others(data, f"in {area.short_name}", rows[0]["source"])


def _of_others(data: Dataset, where: str, source: str) -> list[str]:
    """Return a note if figures of places are not of one's own pay records."""
    if not data.is_own or (data.pay and source == data.pay["source"]):
        return []
    return [f"no pay records of your own {where}; using other sources"]


def _no_area(data: Dataset, role: Role, place: Place) -> str:
    """Return a note on a place without figures, with places near it that have some."""
    note = f"no source gives pay of {role['title']} in {place.short_name}"
    tables = data.place_tables(role["id"])
    if place.level in tables:
        ranking = Command("locations", role["id"])
        return Message(note, ". Run ", ranking, " for places with figures")
    if place.level == "state" and "metro" in tables:
        near = [
            short_place("metro", name)
            for name, *_ in tables["metro"]["rows"]
            if place.code in name.rpartition(", ")[2].split("-")
        ]
        if near:
            note += f"; metro areas with figures: {shorten(near, '; ')}"
    return note


def cost_keys(data: Dataset, key: tuple[str, str] | None, median: float | None) -> Row:
    """Return `cost_of_living adjusted_median cost_source` of a place by its key."""
    # Most questions are not about a place, and read no price levels.
    known = data.price_levels.get(key) if key else None
    index, source = known or (None, None)
    return {
        "cost_of_living": index,
        "adjusted_median": adjust(median, index),
        "cost_source": source,
    }


def find_location(data: Dataset, name: str | None) -> Place | None:
    """Return the place with a name, None without one (see `Places.find`)."""
    return None if name is None else data.places.find(name)


def filters_at(place: Place | None, filters: Filters) -> Filters:
    """Return the filters of a question about a place; a country is a filter itself.

    Raises:
        UsageError: The filters contradict the place, or its figures are not broken
            down by them.
    """
    if place is None:
        return filters
    if filters.country is not None:
        raise UsageError(
            Argument("location"),
            " and ",
            Argument("country"),
            " cannot be combined.",
            argument="location",
        )
    if place.level == COUNTRY:
        return filters._replace(country=place.code)
    if filters.names():
        raise _no_breakdown(place.level, filters, ".")
    return filters


def _no_breakdown(level: str, filters: Filters, *advice: Part) -> UsageError:
    """Return the error for filters that figures of a level do not support.

    `advice` is how its last sentence goes on, which begins with omitting them.
    """
    text = f"{_undivided(level, filters)}. "
    names = filters.names()
    omitted: list[Part] = []
    for name in names:
        omitted += [" and " if omitted else "Omit ", Argument(name)]
    return UsageError(text, *omitted, *advice, argument=names[0])


def _undivided(level: str, filters: Filters) -> str:
    """Return that figures of a level do not support filters; a country is no group."""
    groups = filters._replace(country=None).described()
    unsupported = f"broken down by {groups}" if groups else "compared with a country"
    return f"pay by {LEVELS[level]} is not {unsupported}"


def _is_country(data: Dataset, text: str) -> bool:
    """Return whether a text is the name of a country, such as India, not Indiana."""
    place = data.places.named(text)
    return place is not None and place.level == COUNTRY


def _choose_level(
    tables: dict[str, PlaceTable],
    level: str | None,
    texts: list[str],
    filters: Filters,
) -> tuple[str, list[str]]:
    """Return the level to show, and a note if filters decided it."""
    if level is not None:
        chosen = choose(level, LEVELS.keys(), "level", argument="level")
    else:
        chosen = next((each for each in LEVELS if each in tables), COUNTRY)
    names = filters.names()
    if chosen == COUNTRY or not names:
        return chosen, []
    if level is not None or (texts and names != ["country"]):
        by_country = Argument("level", COUNTRY)
        raise _no_breakdown(chosen, filters, ", or use ", by_country, ".")
    reason: list[Part] = [_undivided(chosen, filters)]
    if names == ["country"]:
        purpose = " sets the country that the others are compared with"
        reason = [Argument("country"), purpose]
    return COUNTRY, [Message("showing countries: ", *reason)]


def _countries(
    data: Dataset, role: Role, filters: Filters, convert: Converter
) -> tuple[list[Row], Base | None, list[str]]:
    """Return countries, the country that they are compared with, and notes."""
    code, _ = default_country(data, [role])
    if filters.country is not None:
        code = data.country(filters.country)
    anywhere = filters._replace(country=None)
    currency = convert.converted_to
    selection = select(data, [role], anywhere, "country", currency=currency)
    notes = selection.notes
    places = [
        pay_row(data, role, each, convert) for each in selection.groups[role["id"]]
    ]
    for place in places:
        place["code"] = place.pop("country")
        place["place"] = data.countries[place["code"]]
    base = next((each for each in places if each["code"] == code), None)
    if filters.country is not None and code and places and base is None:
        name = data.countries[code]
        notes = [*notes, f"{name} has too few records to compare with"]
    return places, Base(base["place"], code, base["median"]) if base else None, notes


def _restrict(
    names: Mapping[str, str],
    rows: list[Row],
    texts: list[str],
    min_records: int | None,
) -> tuple[list[Row], list[str]]:
    """Return the rows that match a text and have enough records, and notes."""
    kept, conditions = rows, []
    if texts:
        conditions.append(f"matches {shorten(map(quoted, texts), ' or ')}")
        kept = [row for row in kept if any(_matches(names, row, t) for t in texts)]
    if min_records is not None:
        conditions.append(f"has at least {min_records} records")
        if kept and all(row["records"] is None for row in kept):
            return [], ["the source does not give numbers of records for these places"]
        kept = [row for row in kept if (row["records"] or 0) >= min_records]
    if kept or not rows:
        return kept, []
    title, condition = rows[0]["title"], " and ".join(conditions)
    if len(rows) <= _FEW_PLACES:
        known = ", ".join(row["place"] for row in rows)
        return [], [f"{title} has figures for {known}; none of these {condition}"]
    return [], [f"none of the {len(rows)} places of {title} {condition}"]


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
