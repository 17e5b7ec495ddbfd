"""Which country a place is in, as people write places."""

from __future__ import annotations

import re
from gettext import translation
from typing import TYPE_CHECKING

from mlroles.dataset.bundled import read_table
from mlroles.dataset.dimensions import HOME_COUNTRY
from mlroles.extras.importer import import_extra
from mlroles.extras.importer.values import WORDS, is_missing, key_of
from mlroles.matching import COUNTRY_NAMES, short_place
from mlroles.places import CITIES_ABROAD, METRO_NAMES, Place, Places

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_METRO = re.compile(r"(greater)?(.*?)(city)?(metropolitan|metro|bay)?(area)?")
# What separates the parts of a place, also in `US-CA-San Jose` and `Remote (UK)`; a US
# postcode at the end of an address, and words for work modes.
_SEPARATOR = re.compile(
    r"[,;|/()]|\s[-\u2013\u2014]\s|(?<![^\W\d_]{4})-(?=[A-Z]{2}\b|[A-Z][a-z])"
)
_POSTCODE = re.compile(r"\s+\d{5}(-\d{4})?$")
_MODES = re.compile(
    r"\b(fully\s+|100%\s+)?(remote|hybrid|on-?site)\b(\s+in\b)?", re.IGNORECASE
)


def country_names() -> dict[str, str]:
    """Return the names of all countries by their ISO 3166-1 alpha-2 codes."""
    known = import_extra("pycountry").countries
    return {c.alpha_2: getattr(c, "common_name", c.name) for c in known}


class Countries:
    """Countries and US places by the names and codes that people write."""

    def __init__(self) -> None:
        pycountry, places = import_extra("pycountry"), read_table("places")
        locales = pycountry.LOCALES_DIR
        german = translation("iso3166-1", locales, languages=["de"]).gettext
        self._codes = frozenset(each.alpha_2 for each in pycountry.countries)
        self._names = {**COUNTRY_NAMES, "us": HOME_COUNTRY}
        for each in pycountry.countries:
            fields = ("name", "common_name", "official_name")
            names = [getattr(each, field) for field in fields if hasattr(each, field)]
            for name in (each.alpha_3, *names, *map(german, names)):
                self._names[key_of(name)] = each.alpha_2
        states = places["states"]
        self._state_codes = frozenset(states)
        self._home = {key_of(each): p[0] for p in states.items() for each in p}
        # The countries that have a state of that name or code.
        self._states = {key: {HOME_COUNTRY} for key in self._home}
        for country in ("AU", "CA"):
            for each in pycountry.subdivisions.get(country_code=country):
                for name in (each.code.partition("-")[2], each.name):
                    self._states.setdefault(key_of(name), set()).add(country)
        metros = {
            code: name
            for table in places["tables"]
            if table["level"] == "metro"
            for name, code, *_ in table["rows"]
        }
        areas = [Place("metro", code, name) for code, name in metros.items()]
        areas += [Place("state", code, name) for code, name in states.items()]
        self._areas = Places(areas, {})
        shorts = [short_place("metro", name) for name in metros.values()]
        self._metros = {*map(key_of, (*metros.values(), *shorts)), *METRO_NAMES}
        unclear = {*map(key_of, WORDS["words"]["ambiguous"])}
        # The first city of each metro area.
        self._cities = {key_of(each.partition(",")[0]) for each in shorts} - unclear
        self._abroad = CITIES_ABROAD | {
            key_of(name): code
            for code, names in WORDS["cities"].items()
            for name in names
        }
        not_abroad = {*self._home, *map(str.lower, self._codes), *unclear}
        self._abroad |= {
            key: min(countries)
            for key, countries in self._states.items()
            if len(countries) == 1 and key not in not_abroad
        }

    def codes(self, texts: Iterable[str]) -> tuple[bool, ...]:
        """Return what the codes of two letters among some values can be.

        That is: whether one is a US state and no country, a country and no state,
        whether one may be both, and whether one is neither, nor a known region.
        """
        ends, has_city = set[str](), False
        for text in texts:
            parts = _parts(text)
            # A city with its state, of which there is a metro area, is in that state.
            city = self._city(parts)
            has_city |= city == HOME_COUNTRY
            # With a country after it, a state is not the last part.
            if city is None and len(parts) < 3:  # noqa: PLR2004
                ends |= {each.upper() for each in parts[-1:]}
        states, codes = ends & self._state_codes, ends & self._codes
        only_states = has_city or bool(states - codes)
        unknown = {key_of(each) for each in ends - states - codes if len(each) == 2}  # noqa: PLR2004
        has_unknown = bool(unknown - {*self._abroad, *self._names})
        return only_states, bool(codes - states), bool(states & codes), has_unknown

    def states(self, texts: Iterable[str]) -> dict[str, str | None]:
        """Return the countries of the states at the ends of places in one column.

        The code of several states is that of the country of which the column has
        others: WA is in Australia next to NSW. It is of no country next to NSW and TX.
        """
        ends = (_parts(text)[-1:] for text in texts if not is_missing(text))
        keys = {key_of(part) for parts in ends for part in parts}
        known = {key: self._states[key] for key in keys & {*self._states}}
        if any(len(each) == 2 for each in keys - {*known}):  # noqa: PLR2004
            # They are of another country, whose other codes are unknown as well.
            known = {
                key: countries & {HOME_COUNTRY} for key, countries in known.items()
            }
        shown = set().union(*(each for each in known.values() if len(each) == 1))
        shown = shown or {HOME_COUNTRY}
        found = {key: countries & shown for key, countries in known.items()}
        return {k: min(of) if len(of) == 1 else None for k, of in found.items()}

    def find(
        self,
        text: str,
        *,
        prefers_states: bool | None,
        has_regions: bool = False,
        states: Mapping[str, str | None] | None = None,
    ) -> str | None:
        """Return the code of the country of a place.

        Args:
            text: The name or code of a country, or a place with its state or country.
            prefers_states: Whether codes and names that are those of a state and of a
                country are states; None if this is not known.
            has_regions: Whether codes after a city may be of a region: PE of Brazil,
                like SP, rather than Peru.
            states: The countries of the states of its column, as `states` returns them.
        """
        parts = _parts(text)
        if city := self._city(parts):
            return city
        if not parts:
            return None
        end = parts[-1]
        if states and key_of(end) in states:
            return states[key_of(end)]
        is_region = has_regions and len(parts) == len(end) == 2  # noqa: PLR2004
        country = self._abroad.get(key_of(end)) or (
            None if is_region else self._country(end)
        )
        # Germany, but not Georgia; and Pune, IN, India.
        if key_of(end) not in self._home:
            # Also US - TX - Austin, and Seattle.
            return self._names.get(key_of(text), country) or self._beginning(parts)
        if country is None:
            return HOME_COUNTRY
        if len(parts) > 2:  # noqa: PLR2004 - city, state, country
            return country
        return {True: HOME_COUNTRY, False: country, None: None}[prefers_states]

    def area(self, location: str, state: str) -> tuple[str | None, str | None]:
        """Return the codes of the metro area and of the state of a place in the US.

        Args:
            location: Such as `Seattle, WA`, `Bellevue` or `New York City`.
            state: The state, if it is known; else it may be at the end of the location.
        """
        parts = [p for p in _parts(location) if self._country(p) != HOME_COUNTRY]
        if parts[1:] and not self._state(parts[-1]) and self._state(parts[0]):
            # TX - Austin
            parts = [*parts[1:], parts[0]]
        code = self._state(state)
        if parts[1:] and (last := self._state(parts[-1])):
            code, parts = code or last, parts[:-1]
        city = parts[-1] if parts else ""
        # San Francisco, of the San Francisco Bay Area.
        inner = _METRO.fullmatch(key_of(city))
        for name in (f"{city}, {code}", city, inner[2] if inner else ""):
            place = self._areas.named(name)
            if place and place.level == "metro":
                states = place.name.rpartition(", ")[2].split("-")
                own = code or (states[0] if len(states) == 1 else None)
                if code is None or code in states:
                    return place.code, own
        place = None if code else self._areas.named(city)
        return None, place.code if place else code

    def _state(self, part: str) -> str | None:
        return self._home.get(key_of(part))

    def _country(self, part: str) -> str | None:
        code = part.upper()
        return code if code in self._codes else self._names.get(key_of(part))

    def _city(self, parts: list[str]) -> str | None:
        """Return the country of a US metro area, or of a city abroad.

        That is one without a state or country, or with its own: Toronto, CA; Perth, WA.
        """
        key = key_of("".join(parts))
        match = _METRO.fullmatch(key)
        if key in self._metros or (
            match and match[2] != key and match[2] in self._cities
        ):
            return HOME_COUNTRY
        abroad = self._abroad.get(key_of(parts[0])) if parts else None
        is_own = abroad in self._states.get(key_of("".join(parts[1:])), ())
        return abroad if is_own or parts[1:] in ([], [abroad]) else None

    def _beginning(self, parts: list[str]) -> str | None:
        """Return the country at the beginning of a place, or that of its city."""
        first, country = parts[0], None
        if len(parts) > 1 and first.upper() not in self._state_codes:
            country = self._country(first) or self._abroad.get(key_of(first))
        is_home = {key_of(first), key_of(parts[-1])} & self._cities
        return country or (HOME_COUNTRY if is_home else None)


def _parts(text: str) -> list[str]:
    """Return the parts of a place, without a US postcode and words for work modes."""
    place = _POSTCODE.sub("", _MODES.sub(",", text.strip()))
    parts = [part.strip(" .-\u2013\u2014") for part in _SEPARATOR.split(place)]
    return [part for part in parts if part]
