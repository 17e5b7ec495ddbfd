"""Places by name: metro areas, states and countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mlroles
from mlroles.errors import UsageError
from tests.conftest import error_of

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset

PLACES = {
    "austin": "12420", "AUSTIN": "12420", "austin, tx": "12420", "Austin TX": "12420",
    "austin-tx": "12420", "austin texas": "12420", "12420": "12420",
    "Austin-Round Rock-San Marcos, TX": "12420", "new york": "35620", "nyc": "35620",
    "san francisco": "41860", "sf": "41860", "silicon valley": "41940",
    "st louis": "41180", "St. Louis, MO-IL": "41180", "louisville": "31140",
    "fort worth": "19100", "San Francisco-Oakland-Fremont": "41860",
    "fort worth, tx": "19100", "portland, or": "38900",
    "portland maine": "38860", "washington-dc": "47900", "washington, dc": "47900",
    "texas": "TX", "tx": "TX", "us-tx": "TX", "us-ca": "CA", "us-in": "IN",
    "new york state": "NY", "us-ny": "NY", "washington state": "WA", "dc": "DC",
    "puerto rico": "PR", "germany": "DE", "Deutschland": "DE", "gb": "GB", "uk": "GB",
    "us": "US", "united states": "US", "usa": "US", "canada": "CA", "india": "IN",
    "indiana": "IN",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "code"), PLACES.items(), ids=list(PLACES))
def test_places_are_found_by_name_or_code(
    typed: str, code: str, bundled: Dataset
) -> None:
    assert bundled.places.find(typed).code == code


@pytest.mark.parametrize(
    ("typed", "level"),
    [("ca", None), ("us-ca", "state"), ("canada", "country"), ("georgia", "state")],
)
def test_codes_of_a_state_and_a_country_need_a_prefix(
    typed: str, level: str | None, bundled: Dataset
) -> None:
    if level:
        assert bundled.places.find(typed).level == level
        return
    error = error_of(UsageError, bundled.places.find, typed)
    assert error == (
        "'ca' is both California and Canada. Use 'us-ca' for the state, or a name."
    )


@pytest.mark.parametrize("code", ["ca", "DE", "in", "AR"])
def test_every_shared_code_is_refused(code: str, bundled: Dataset) -> None:
    with pytest.raises(UsageError, match=f"is both .+ 'us-{code.lower()}'"):
        bundled.places.find(code)


def test_every_place_is_found_by_its_names(bundled: Dataset) -> None:
    places = bundled.places.every
    assert len(places) == 389 + 54 + 22
    for place in places:
        name = place.name
        if place.level == "state":
            # New York and Washington are metro areas, too.
            name = f"us-{place.code}"
        assert bundled.places.find(name) == place
        if place.level == "metro":
            assert bundled.places.find(place.short_name) == place
            assert bundled.places.find(place.code) == place


@given(st.text(max_size=20))
def test_any_text_is_a_place_or_a_usage_error(text: str) -> None:
    data = mlroles.load()
    try:
        place = data.places.find(text)
    except UsageError:
        return
    assert place in data.places.every
