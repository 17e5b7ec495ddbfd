"""Places by name: US metro areas, US states and countries.

A module of its own, since most questions are not about a place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mlroles.dataset.bundled import load_table
from mlroles.errors import UsageError
from mlroles.matching import (
    AREA_LEVELS,
    COUNTRY,
    COUNTRY_NAMES,
    MIN_PREFIX,
    short_place,
    shorten,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlroles.dataset.schema import Dataset

# Common names of metro areas that do not begin with their first city, with its code.
_METRO_NAMES = {
    "bayarea": "41860", "brooklyn": "35620", "dfw": "19100", "mountainview": "41940",
    "newyorkcity": "35620", "nyc": "35620", "paloalto": "41940", "redmond": "42660",
    "sf": "41860", "siliconvalley": "41940",
}  # fmt: skip
# Cities that people look for, whose names some US metro areas contain or resemble.
_CITIES_ABROAD = {
    "amsterdam": "NL", "auckland": "NZ", "bangalore": "IN", "barcelona": "ES",
    "bengaluru": "IN", "berlin": "DE", "cologne": "DE", "delhi": "IN", "dublin": "IE",
    "edinburgh": "GB", "frankfurt": "DE", "hamburg": "DE", "helsinki": "FI",
    "hyderabad": "IN", "köln": "DE", "krakow": "PL", "london": "GB", "lyon": "FR",
    "madrid": "ES", "manila": "PH", "melbourne": "AU", "mexicocity": "MX",
    "montreal": "CA", "mumbai": "IN", "munich": "DE", "münchen": "DE", "paris": "FR",
    "pune": "IN", "riga": "LV", "rotterdam": "NL", "saopaulo": "BR", "stuttgart": "DE",
    "sydney": "AU", "toronto": "CA", "utrecht": "NL", "vancouver": "CA",
    "vienna": "AT", "vilnius": "LT", "warsaw": "PL", "wien": "AT",
}  # fmt: skip


class Place(NamedTuple):
    """A metro area, state or country."""

    level: str
    code: str
    name: str

    @property
    def is_area(self) -> bool:
        """Whether it is a metro area or a state."""
        return self.level in AREA_LEVELS

    @property
    def short_name(self) -> str:
        """The name as people read it: `Austin, TX`."""
        return short_place(self.level, self.name)


def all_places(data: Dataset) -> list[Place]:
    """Return the places that a data set has pay or prices of: areas, then countries."""
    pay = load_table(data, "places") or {"states": {}, "tables": []}
    states = pay["states"]
    named: dict[tuple[str, str], str] = {}
    for table in pay["tables"]:
        named |= {(table["level"], row[1]): row[0] for row in table["rows"]}
    for levels in load_table(data, "price_levels") or ():
        named |= {(levels["level"], code): name for code, name, _ in levels["rows"]}
    named |= {("state", code): name for code, name in states.items()}
    named |= {(COUNTRY, code): name for code, name in data["countries"].items()}
    return [Place(level, code, name) for (level, code), name in named.items()]


def find_place(
    data: Dataset, name: str, metros: Mapping[str, str] | None = None
) -> Place:
    """Find a metro area, state or country by its name or code.

    What matches first is returned: the full or short name of a metro area or its code,
    its first city, a state, a country, then the beginning of a name or of another city
    that only one place has. A state can be given as `us-tx`; its code alone suffices
    unless a country has the same code.

    Args:
        data: A data set.
        name: What was typed.
        metros: The names of further metro areas, by their codes.

    Raises:
        UsageError: No place matches, or several do.
    """
    places = all_places(data)
    codes = {place.code for place in places}
    further = {code: city for code, city in (metros or {}).items() if code not in codes}
    places += [Place("metro", code, city) for code, city in further.items()]
    key = "" if name.startswith("-") else _place_key(name)
    states = {each.code: each.name for each in places if each.level == "state"}
    code = key.upper()
    if code in states and code in data["countries"]:
        raise UsageError(
            f"{name!r} is both {states[code]} and {data['countries'][code]}. Use "
            f"'us-{key}' for the state, or a name."
        )
    city, _, _ = name.partition(",")
    abroad = _CITIES_ABROAD.get(key) or _CITIES_ABROAD.get(_place_key(city), "")
    country = data["countries"].get(abroad)
    # There is a Paris in Texas.
    if country and _place_key(name) in {_place_key(city), _place_key(city + country)}:
        raise UsageError(
            f"{name!r}: there are no figures for cities outside of the United States. "
            f"Use {country!r}."
        )
    for names in (_exact_names, _first_city, _state_names, _country_names):
        matches = [place for place in places if key in names(place, states)]
        if matches:
            break
    else:
        matches = [
            place
            for place in places
            if len(key) > MIN_PREFIX
            and any(each.startswith(_words(name)) for each in _searched(place, states))
        ]
    if len(matches) == 1:
        return matches[0]
    if matches:
        listed = shorten(sorted(place.short_name for place in matches), "; ")
        raise UsageError(f"ambiguous place {name!r}. It could be: {listed}.")
    known = {
        each: place.short_name
        for place in places
        for names in (_first_city, _state_names, _country_names)
        for each in names(place, states)
    }
    countries = ", ".join(sorted(data["countries"].values()))
    hint = f"Places are US metro areas, US states and {countries}."
    raise unknown("place", name, known, hint)


def _place_key(name: str) -> str:
    """Return a name without case, spaces and punctuation."""
    return "".join(filter(str.isalnum, name.casefold()))


def _exact_names(place: Place, states: Mapping[str, str]) -> set[str]:
    if place.level != "metro":
        return {_place_key(f"us{place.code}")} if place.level == "state" else set()
    city, _, state = place.short_name.partition(", ")
    cities, _, _ = place.name.partition(", ")
    texts = (place.code, place.name, place.short_name, city + states.get(state, state))
    return set(map(_place_key, (*texts, cities)))


def _first_city(place: Place, _states: Mapping[str, str]) -> set[str]:
    if place.level != "metro":
        return set()
    city, _, _ = place.short_name.partition(", ")
    aliases = {name for name, code in _METRO_NAMES.items() if code == place.code}
    return {_place_key(city), *aliases}


def _state_names(place: Place, _states: Mapping[str, str]) -> set[str]:
    if place.level != "state":
        return set()
    return {
        _place_key(place.code),
        *map(_place_key, (place.name, f"{place.name}state")),
    }


def _country_names(place: Place, _states: Mapping[str, str]) -> set[str]:
    if place.level != COUNTRY:
        return set()
    aliases = {name for name, code in COUNTRY_NAMES.items() if code == place.code}
    return {_place_key(place.code), _place_key(place.name), *aliases}


def _searched(place: Place, states: Mapping[str, str]) -> list[str]:
    """Return the names that a part may begin, in words: each city, with its state."""
    cities, _, codes = place.name.partition(", ")
    if place.level != "metro" or not codes:
        return [_words(place.name)]
    return [
        _words(f"{city} {state}")
        for city in cities.replace("/", "-").split("-")
        for code in codes.split("-")
        for state in (code, states.get(code, ""))
    ]


def _words(name: str) -> str:
    """Return a name as words in lower case, without punctuation."""
    letters = (each if each.isalnum() else " " for each in name.casefold())
    return " ".join("".join(letters).split())
