"""A data set and its indexes."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from mlroles.dataset.dataset import Dataset
from mlroles.dataset.kinds import KINDS, KindName
from mlroles.dataset.load import load
from mlroles.dataset.validate import validation_errors
from mlroles.errors import UsageError
from mlroles.matching import name_key
from mlroles.queries.roles import show
from tests.conftest import changed


def test_every_kind_of_source_is_described() -> None:
    assert set(KINDS) == set(get_args(KindName))


def test_parts_are_attributes(complete: Any) -> None:
    data = Dataset(complete)
    for name in ("roles", "default_role", "countries", "currency", "pay", "national"):
        assert getattr(data, name) == complete[name]
    assert data.groups == complete["pay"]["groups"]
    years = {group[0] for of in data.groups.values() for group in of}
    assert data.years == sorted(filter(None, years), reverse=True)


def test_parts_that_are_missing_are_empty(tiny: Any) -> None:
    data = Dataset(changed(tiny, "pay", value=None))
    assert (data.pay, len(data.groups), data.years) == (None, 0, [])
    assert data.national == []
    assert data.table("industries") is None
    assert data.by_occupation("industries") == {}
    assert data.price_levels == {}
    assert data.local_pay("EUR") == {}
    assert data.price_parts == {}
    (group, *_) = tiny["pay"]["groups"]["gardener"]
    assert Dataset(tiny).ranges("gardener", group) == []


def test_sources_and_tables_are_found(complete: Any) -> None:
    data = Dataset(complete)
    assert list(data.sources.values()) == complete["sources"]
    assert data.source("guild")["title"] == "gardeners' guild"
    assert data.table("rates") == complete["rates"]
    assert data.by_occupation("skills") == {
        "37-3011.00": complete["skills"]["tables"][0]
    }
    assert data.price_levels["country", "DE"] == (80.5, "almanac")
    (group,) = complete["local_pay"]["groups"]["gardener"]
    key = (2024, "DE", "entry", None)
    replaced = {(2023, "DE", None, None): group, key: 9, (2024, "FR", None, None): 0}
    assert data.local_pay("EUR") == {"gardener": replaced}
    assert data.local_pay("GBP") == {"gardener": {}}
    entry: Any = [2024, "DE", "entry", None, *group[4:]]
    complete["pay"]["groups"]["gardener"] = [group, entry]
    assert data.ranges("gardener", entry) == [(30, 50), (40, 60)]
    assert data.ranges("gardener", group) == []
    # A group of the records that state a currency.
    assert data.ranges("gardener", (*entry[:-1], 1)) == []
    assert data.price_parts["state", "BY"] == (101.0, 120.5, 98.0, 99.5)
    assert data.place_tables("gardener") == {
        table["level"]: table
        for table in complete["places"]["tables"]
        if table["role"] == "gardener"
    }
    assert data.place_tables("nobody") == {}


def test_role_is_found_by_its_id_without_an_index_of_names(tiny: Any) -> None:
    data = Dataset(tiny)
    assert data.role() is data.role(data.default_role) is tiny["roles"][0]
    assert "_roles_by_name" not in vars(data)
    assert data.is_role_name("Gardener")
    assert not data.is_role_name("garden")


def test_indexes_are_built_once(complete: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []

    def recorded(name: str) -> str:
        keys.append(name)
        return name_key(name)

    monkeypatch.setattr("mlroles.dataset.dataset.name_key", recorded)
    data = Dataset(complete)
    show(data, "gardener")
    show(data, "GARDENER")
    assert len(keys) == len(set(keys))


def test_places_include_further_metro_areas(complete: Any) -> None:
    data = Dataset(complete)
    with pytest.raises(UsageError):
        data.places.find("kew")
    places = data.places.including({"K1": "Kew-Richmond, XX"})
    assert places.find("kew").code == "K1"
    assert places.including({"K1": "Kew-Richmond, XX"}) is places


def test_pay_groups_can_be_those_of_the_bundled_data_set() -> None:
    whole, role = load(), "data-scientist"
    assert whole.pay
    years = whole.pay["bundled"][role]
    own = changed(whole.content, "pay", "bundled", value={role: years})
    assert validation_errors(own) == []
    data = Dataset(own)
    assert list(data.groups) == [role]
    assert data.groups[role] == whole.groups[role]
    assert data.years == sorted(years, reverse=True)
    assert data.groups.get("data-engineer") is None
