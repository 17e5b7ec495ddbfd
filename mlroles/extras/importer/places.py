"""Which country a place is in, as people write places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import HOME_COUNTRY
from mlroles.extras.importer.values import key_of
from mlroles.matching import COUNTRY_NAMES, short_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_AREAS = {"bayarea", "siliconvalley"}
_METRO = re.compile(r"(greater)?(.*?)(city)?(metropolitan|metro|bay)?(area)?")
# A US postcode at the end of an address, or a remark.
_REST = re.compile(r"\s*(\s\d{5}(-\d{4})?|\([^()]*\))$")


class Countries:
    """Countries and US places by the names and codes that people write.

    Args:
        known: Of each country: its code of two letters, its code of three, its names.
        states: The names of US states by their codes.
        metros: The names of US metro areas.
    """

    def __init__(
        self,
        known: Iterable[tuple[str, ...]],
        states: Mapping[str, str],
        metros: Iterable[str],
    ) -> None:
        known = list(known)
        self._codes = frozenset(code for code, *_ in known)
        self._names = {**COUNTRY_NAMES, "us": HOME_COUNTRY}
        self._names |= {key_of(name): code for code, *names in known for name in names}
        self._state_codes = frozenset(states)
        self._states = frozenset(map(key_of, states.values()))
        shorts = [short_place("metro", metro) for metro in metros]
        self._metros = {key_of(name) for name in (*metros, *shorts)} | _AREAS
        self._cities = {key_of(short.partition(",")[0]) for short in shorts}

    def codes(self, texts: Iterable[str]) -> tuple[bool, bool, bool]:
        """Return what the codes of two letters among some values can be.

        That is: whether one is a US state and no country, a country and no state, and
        whether one may be both.
        """
        ends, has_city = set[str](), False
        for text in texts:
            # A city with its state, of which there is a metro area, is in that state.
            is_city = key_of(text) in self._metros
            has_city |= is_city
            parts = [] if is_city else _parts(text)
            # With a country after it, a state is not the last part.
            ends |= {each.upper() for each in parts[-1:] if len(parts) < 3}  # noqa: PLR2004
        states, codes = ends & self._state_codes, ends & self._codes
        only_states = has_city or bool(states - codes)
        return only_states, bool(codes - states), bool(states & codes)

    def find(self, text: str, *, prefers_states: bool | None) -> str | None:
        """Return the code of the country of a place.

        Args:
            text: The name or code of a country, or a place with its state or country.
            prefers_states: Whether codes and names that are those of a state and of a
                country are states; None if this is not known.
        """
        parts = _parts(text)
        if not parts:
            return None
        end, both = parts[-1].upper(), key_of(parts[-1])
        # Germany, but not Georgia; and Pune, IN, India.
        is_state = end in self._state_codes or both in self._states
        country = end if end in self._codes else self._names.get(both)
        if self._is_area(key_of(text)):
            return HOME_COUNTRY
        if not is_state:
            return self._names.get(key_of(text), country)
        if country is None:
            return HOME_COUNTRY
        if len(parts) > 2:  # noqa: PLR2004 - city, state, country
            return country
        return {True: HOME_COUNTRY, False: country, None: None}[prefers_states]

    def _is_area(self, key: str) -> bool:
        if key in self._metros:
            return True
        match = _METRO.fullmatch(key)
        return bool(match and match[2] != key and match[2] in self._cities)


def _parts(text: str) -> list[str]:
    """Return the parts of a place, without the postcode of a US address."""
    parts = [part.strip() for part in re.split(r"[,;|]", _REST.sub("", text.strip()))]
    return [part for part in parts if part]
