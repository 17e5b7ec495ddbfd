"""Places by name: US metro areas, US states and countries.

A module of its own, since most questions are not about a place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mlroles.errors import UsageError, quoted
from mlroles.matching import (
    AREA_LEVELS,
    COUNTRY,
    COUNTRY_NAMES,
    LEVELS,
    MIN_PREFIX,
    check_length,
    short_place,
    shorten,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Common names of metro areas that do not begin with their first city, with its code.
METRO_NAMES = {
    "bayarea": "41860", "boise": "14260", "brooklyn": "35620", "cupertino": "41940",
    "dfw": "19100", "honolulu": "46520", "irvine": "31080", "kirkland": "42660",
    "manhattan": "35620",
    "menlopark": "41860", "mountainview": "41940", "newyorkcity": "35620",
    "nyc": "35620", "paloalto": "41940", "philly": "37980", "plano": "19100",
    "raleighdurham": "39580", "researchtriangle": "39580", "rtp": "39580",
    "redmond": "42660", "santamonica": "31080", "sf": "41860",
    "siliconvalley": "41940", "vegas": "29820",
}  # fmt: skip
_ALIASES = {**METRO_NAMES, **COUNTRY_NAMES}
# What people call both a city and a state, and names that only one of them has.
_AMBIGUOUS = {
    "washington": ("washington-dc", "us-wa"), "la": ("los-angeles", "us-la"),
}  # fmt: skip
# Cities that people look for, whose names some US metro areas contain or resemble.
CITIES_ABROAD = {
    "amsterdam": "NL", "auckland": "NZ", "bangalore": "IN", "barcelona": "ES",
    "bengaluru": "IN", "berlin": "DE", "brisbane": "AU", "calgary": "CA",
    "chennai": "IN", "cologne": "DE", "delhi": "IN", "dublin": "IE",
    "edinburgh": "GB", "frankfurt": "DE", "glasgow": "GB", "gurgaon": "IN",
    "hamburg": "DE", "helsinki": "FI", "hyderabad": "IN", "köln": "DE", "krakow": "PL",
    "leeds": "GB", "london": "GB", "lyon": "FR", "madrid": "ES", "manila": "PH",
    "melbourne": "AU", "mexicocity": "MX", "montreal": "CA", "mumbai": "IN",
    "munich": "DE", "münchen": "DE", "newdelhi": "IN", "noida": "IN", "ottawa": "CA",
    "paris": "FR", "pune": "IN", "riga": "LV", "rotterdam": "NL", "saopaulo": "BR",
    "stuttgart": "DE", "sydney": "AU", "toronto": "CA", "utrecht": "NL",
    "vancouver": "CA", "vienna": "AT", "vilnius": "LT", "warsaw": "PL", "wien": "AT",
}  # fmt: skip
# Cities whose names alone are those of larger US metro areas.
_NAMESAKES = {
    "birmingham": "GB", "bristol": "GB", "cambridge": "GB", "durham": "GB",
    "hamilton": "CA", "kingston": "CA", "lancaster": "GB", "manchester": "GB",
    "newcastle": "AU", "ontario": "CA", "oxford": "GB", "perth": "AU",
    "portsmouth": "GB", "toledo": "ES", "valencia": "ES", "victoria": "CA",
    "waterloo": "CA", "windsor": "CA", "worcester": "GB", "york": "GB",
}  # fmt: skip


class Place(NamedTuple):
    """A metro area, state or country."""

    level: str
    code: str
    name: str

    @property
    def key(self) -> tuple[str, str]:
        """The level and the code, by which figures of places are found."""
        return self.level, self.code

    @property
    def is_area(self) -> bool:
        """Whether it is a metro area or a state."""
        return self.level in AREA_LEVELS

    @property
    def short_name(self) -> str:
        """The name as people read it: `Austin, TX`."""
        return short_place(self.level, self.name)


class Places:
    """Places, which are found by what people type.

    Attributes:
        every: The places.
    """

    def __init__(self, every: Iterable[Place], countries: Mapping[str, str]) -> None:
        self.every = list(every)
        self._countries = countries
        states = (each for each in self.every if each.level == "state")
        self._states = {each.code: each.name for each in states}
        # Words are looked up many times, and most names begin with another letter.
        self._letters = [
            (_place_key(each.name[:1]), _place_key(each.code), each)
            for each in self.every
        ]

    def including(self, metros: Mapping[str, str]) -> Places:
        """Return places with further metro areas, given by their codes and names."""
        codes = {place.code for place in self.every}
        further = [Place("metro", c, n) for c, n in metros.items() if c not in codes]
        return Places([*self.every, *further], self._countries) if further else self

    def find(
        self, name: str, argument: str = "location", *, is_part: bool = True
    ) -> Place:
        """Find a metro area, state or country by its name or code.

        What matches first is returned: the full or short name of a metro area or its
        code, its first city, a state, a country, another city of a metro area, then
        the beginning of a name or of a city that only one place has. A state can be
        given as `us-tx`; its code alone suffices unless a country has the same code.

        Args:
            name: What was typed.
            argument: The name of the argument, for the error.
            is_part: Whether it may be the beginning of a name.

        Raises:
            UsageError: No place matches, or several do.
        """
        check_length(name, argument)
        key = "" if name.startswith("-") else _place_key(name)
        self._check(name, key, argument)
        matches = self._named(key) or (self._of_city(name) if key else [])
        if is_part and not matches:
            matches = self._starting_with(name, key)
        if len(matches) == 1:
            return matches[0]
        if matches:
            names = sorted(place.short_name for place in matches)
            message = (
                f"ambiguous place {quoted(name)}. It could be: {shorten(names, '; ')}."
            )
            raise UsageError(message, argument=argument, suggestions=names)
        known = {
            other: place.short_name
            for place in self.every
            for other in _keys(place, self._states)[1]
        }
        countries = ", ".join(sorted(self._countries.values()))
        hint = f"Places are US metro areas, US states and {countries}."
        raise unknown("place", name, known, hint, argument=argument)

    def named(self, name: str) -> Place | None:
        """Return the place with a whole name or a code; None if there is not one."""
        key = _place_key(name)
        is_unclear = key in _AMBIGUOUS or key in CITIES_ABROAD
        if len(key) <= 1 or self.is_ambiguous_code(name) or is_unclear:
            return None
        matches = self._named(key) or self._of_city(name)
        return matches[0] if len(matches) == 1 else None

    def abroad(self, name: str) -> Place | None:
        """Return the country that is named after one of its cities, as `london uk`."""
        city, _, country = name.rpartition(" ")
        place = self.named(country) if city else None
        key = _place_key(city)
        known = CITIES_ABROAD.get(key) or _NAMESAKES.get(key)
        return place if place and known == place.code else None

    def is_ambiguous_code(self, name: str) -> bool:
        """Return whether a name is the code of both a state and a country."""
        code = _place_key(name).upper()
        return code in self._states and code in self._countries

    def _check(self, name: str, key: str, argument: str) -> None:
        """Refuse the codes of both a state and a country, and cities abroad."""
        code = key.upper()
        if self.is_ambiguous_code(name):
            raise UsageError(
                f"{quoted(name)} is both {self._states[code]} and "
                f"{self._countries[code]}. Use 'us-{key}' for the state, or a name.",
                argument=argument,
                suggestions=[f"us-{key}", self._countries[code]],
            )
        choices = _AMBIGUOUS.get(key)
        if choices and choices[-1].removeprefix("us-").upper() in self._states:
            raise UsageError(
                f"ambiguous place {quoted(name)}. Use {' or '.join(choices)}.",
                argument=argument,
                suggestions=choices,
            )
        city, _, _ = name.partition(",")
        abroad = CITIES_ABROAD.get(key) or CITIES_ABROAD.get(_place_key(city), "")
        country = self._countries.get(abroad)
        # There is a Paris in Texas.
        if country and _place_key(name) in {
            _place_key(city),
            _place_key(city + country),
        }:
            raise UsageError(
                f"{quoted(name)}: there are no figures for cities outside of the "
                f"United States. Use {quoted(country)}.",
                argument=argument,
                suggestions=[country],
            )

    def _named(self, key: str) -> list[Place]:
        """Return the places that a key names, by the names that come first."""
        codes = {key, key.removeprefix("us"), _ALIASES.get(key, "").casefold()}
        found: dict[str, list[Place]] = {}
        first = {"", key[:1]}
        for letter, code, place in self._letters:
            if letter not in first and code not in codes:
                continue
            full, others = _keys(place, self._states)
            if key in full:
                found.setdefault("full", []).append(place)
            elif key in others:
                found.setdefault(place.level, []).append(place)
        return next((found[each] for each in ("full", *LEVELS) if each in found), [])

    def _of_city(self, name: str) -> list[Place]:
        """Return the metro areas with a city of a name, which may have its state."""
        words = _words(name)
        first = words.partition(" ")[0]
        return [
            place
            for place in self.every
            if words
            and place.level == "metro"
            and first in place.name.casefold()
            and words in _searched(place, self._states)
        ]

    def _starting_with(self, name: str, key: str) -> list[Place]:
        """Return the places of which a name or a city begins with a text."""
        if len(key) <= MIN_PREFIX:
            return []
        words = _words(name)
        return [
            place
            for place in self.every
            if any(each.startswith(words) for each in _searched(place, self._states))
        ]


def _place_key(name: str) -> str:
    """Return a name without case, spaces and punctuation."""
    key = name.casefold()
    return key if key.isalnum() else "".join(filter(str.isalnum, key))


def _keys(place: Place, states: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """Return the keys of the full names of a place, and of its other names."""
    code = _place_key(place.code)
    if place.level == "metro":
        cities, _, codes = place.name.partition(", ")
        city, _, state = place.short_name.partition(", ")
        every, first = _place_key(cities), _place_key(city)
        ends = {_place_key(each) for each in (state, states.get(state, state))}
        full = {code, every + _place_key(codes), *(first + end for end in ends)}
        # Several metro areas may begin with the same city.
        return full | ({every} - {first}), {first, *_aliases(place.code)}
    name = _place_key(place.name)
    if place.level == COUNTRY:
        return set(), {code, name, *_aliases(place.code)}
    return {f"us{code}"}, {code, name, f"{name}state"}


def _aliases(code: str) -> list[str]:
    return [name for name, of in _ALIASES.items() if of == code]


def _searched(place: Place, states: Mapping[str, str]) -> list[str]:
    """Return the names of a place in words: each city, also with its state."""
    cities, _, codes = place.name.partition(", ")
    if place.level != "metro" or not codes:
        return [_words(place.name)]
    return [
        _words(f"{city} {state}")
        for city in cities.replace("/", "-").split("-")
        for code in codes.split("-")
        for state in ("", code, states.get(code, ""))
    ]


def _words(name: str) -> str:
    """Return a name as words in lower case, without punctuation."""
    letters = (each if each.isalnum() else " " for each in name.casefold())
    return " ".join("".join(letters).split())
