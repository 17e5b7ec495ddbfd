"""The data set that questions are asked about."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from mlroles.dataset.bundled import PayGroups, read_table
from mlroles.dataset.dimensions import group_key
from mlroles.matching import (
    COUNTRY,
    country_codes,
    find_country,
    find_role,
    name_key,
    role_names,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from mlroles.dataset.dimensions import TableName
    from mlroles.dataset.schema import DatasetJson, PayGroup, PlaceTable, Role, Source
    from mlroles.places import Places


class Dataset:
    """A data set, with indexes that are built when they are first used.

    Callers must not change what they get.

    Attributes:
        content: The JSON object.
        roles: The roles, in their order.
        default_role: The id of the role of questions that name none.
        countries: The names of the countries by their codes.
        currency: The currency of all amounts.
        pay: The source and the groups of pay records, None without any.
        national: What other sources report about roles in the whole country.
    """

    def __init__(self, content: DatasetJson) -> None:
        self.content = content
        self.roles = content["roles"]
        self.default_role = content["default_role"]
        self.countries = content["countries"]
        self.currency = content["currency"]
        self.pay = content["pay"]
        self.national = content.get("national", [])
        self._by_occupation: dict[str, dict[str, Any]] = {}

    @cached_property
    def groups(self) -> PayGroups:
        """The groups of pay records by the id of their role."""
        return PayGroups(self.pay)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The sources of all figures by their ids."""
        return {source["id"]: source for source in self.content["sources"]}

    def source(self, source_id: str) -> Source:
        """Return the source with an id."""
        return self.sources[source_id]

    def table(self, name: TableName) -> Any:
        """Return a table that only some questions read; None if there is none.

        Those of the bundled data set are in files of their own, each read once.
        """
        if name in self.content.get("tables", []):
            return read_table(name)
        return self.content.get(name)

    def _tables(self, name: TableName) -> list[Any]:
        """Return the tables of a part that consists of several; none without it."""
        tables: list[Any] = (self.table(name) or {"tables": []})["tables"]
        return tables

    def role(self, name: str | None = None, argument: str = "role") -> Role:
        """Find the role with an id, title or alias, or with an unambiguous prefix.

        Args:
            name: In any case, with spaces, hyphens or underscores, singular or plural.
                None is the default role.
            argument: The name of the argument, for the error.

        Raises:
            UsageError: No role matches, or several do.
        """
        role_id = self.default_role if name is None else name
        by_id = self._roles_by_id
        return by_id.get(role_id) or find_role(self._roles_by_name, role_id, argument)

    def is_role_name(self, name: str) -> bool:
        """Return whether a text is the whole name of a role: id, title or alias."""
        return name_key(name) in self._roles_by_name

    @cached_property
    def _roles_by_id(self) -> dict[str, Role]:
        return {role["id"]: role for role in self.roles}

    @cached_property
    def _roles_by_name(self) -> dict[str, Role]:
        return {name_key(n): role for role in self.roles for n in role_names(role)}

    def country(self, name: str) -> str | None:
        """Find the code of a country by its code or name; "all" gives None.

        Raises:
            UsageError: The data set has no such country.
        """
        return find_country(self.countries, self._country_codes, name)

    @cached_property
    def _country_codes(self) -> dict[str, str]:
        return country_codes(self.countries)

    @cached_property
    def states(self) -> Mapping[str, str]:
        """The names of the states of places by their codes."""
        table = self.table("places")
        return table["states"] if table else {}

    @cached_property
    def places(self) -> Places:
        """The places that there is pay or prices of: areas, then countries."""
        # Most questions are not about a place.
        from mlroles.places import Place, Places

        named: dict[tuple[str, str], str] = {}
        for table in self._tables("places"):
            named |= {(table["level"], row[1]): row[0] for row in table["rows"]}
        for levels in self.table("price_levels") or ():
            named |= {(levels["level"], code): name for code, name, _ in levels["rows"]}
        named |= {("state", code): name for code, name in self.states.items()}
        named |= {(COUNTRY, code): name for code, name in self.countries.items()}
        every = [Place(level, code, name) for (level, code), name in named.items()]
        return Places(every, self.countries)

    def all_postings(self, role_id: str, group: PayGroup) -> tuple[int, int] | None:
        """Return the number of all postings of a group and their median.

        These include reposts. None if their median is not far from that of the group,
        or the group is only of records that state a currency.
        """
        if group not in self.groups[role_id]:
            return None
        pay: Mapping[str, Any] = self.pay or {}
        for *key, records, median in pay.get("all_postings", {}).get(role_id, ()):
            if key == list(group[: len(key)]):
                return records, median
        return None

    def local_pay(self, currency: str) -> dict[str, dict[tuple[Any, ...], Any]]:
        """Return what replaces pay groups where amounts are converted to a currency.

        By role and the key of a group in a country with that currency: the group of
        the records that state it, or if these are too few, their number.
        """
        local, rates = self.table("local_pay"), self.table("rates")
        found: dict[str, dict[tuple[Any, ...], Any]] = {}
        for role_id in {**local["groups"], **local["few"]} if local and rates else ():
            rows = [
                *((tuple(row[:-1]), row[-1]) for row in local["few"].get(role_id, ())),
                *((group_key(row), row) for row in local["groups"].get(role_id, ())),
            ]
            found[role_id] = {
                key: value
                for key, value in rows
                if rates["currencies"].get(key[1]) == currency
            }
        return found

    def ranges(self, role_id: str, group: PayGroup) -> list[tuple[float, float]]:
        """Return the ends of the advertised ranges that a group is of, if known.

        Empty if the group is only of records that state a currency.
        """
        table = self.table("range_ends")
        if not table or group not in self.groups[role_id]:
            return []
        wanted = group_key(group)
        return [
            ends
            for *key, low, high in table["groups"].get(role_id, ())
            if all(own in {None, value} for own, value in zip(wanted, key, strict=True))
            for ends in zip(low, high, strict=True)
        ]

    def place_tables(self, role_id: str) -> dict[str, PlaceTable]:
        """Return the pay of a role by metro area and by state, by level.

        Of several sources, this is the one that leads.
        """
        tables = self._place_tables.get(role_id, {})
        return {level: of_level[0] for level, of_level in tables.items()}

    def every_place_table(self, role_id: str, level: str) -> list[PlaceTable]:
        """Return the pay of a role by place, from the source that leads and others."""
        return self._place_tables.get(role_id, {}).get(level, [])

    @cached_property
    def _place_tables(self) -> dict[str, dict[str, list[PlaceTable]]]:
        tables: dict[str, dict[str, list[PlaceTable]]] = {}
        for table in self._tables("places"):
            of_role = tables.setdefault(table["role"], {})
            of_role.setdefault(table["level"], []).append(table)
        return tables

    @cached_property
    def price_levels(self) -> dict[tuple[str, str], tuple[float, str]]:
        """The price levels of places and their sources, by level and code."""
        return {
            (levels["level"], code): (index, levels["source"])
            for levels in self.table("price_levels") or ()
            for code, _, index in levels["rows"]
        }

    @cached_property
    def price_parts(self) -> dict[tuple[str, str], tuple[float, ...]]:
        """The PRICE_PARTS of the price levels of areas, by level and code."""
        return {
            (parts["level"], code): tuple(indices)
            for parts in self.table("price_parts") or ()
            for code, *indices in parts["rows"]
        }

    def by_occupation(
        self, name: Literal["employers", "industries", "skills"]
    ) -> dict[str, Any]:
        """Return the figures of each official occupation in a table, by its code."""
        if name not in self._by_occupation:
            tables = self._tables(name)
            self._by_occupation[name] = {each["code"]: each for each in tables}
        return self._by_occupation[name]

    @property
    def is_advertised(self) -> bool:
        """Whether the pay records are advertised pay."""
        pay = self.pay
        return pay is not None and self.source(pay["source"])["kind"] == "advertised"

    @property
    def is_own(self) -> bool:
        """Whether the pay records are one's own: imported, or of a similar source."""
        pay = self.pay
        return pay is not None and self.source(pay["source"])["kind"] == "records"

    def with_source(self, source: Source) -> Dataset:
        """Return the same data set with one more source."""
        return Dataset({**self.content, "sources": [*self.content["sources"], source]})

    def period(self, role_id: str, year: int | str | None) -> str | None:
        """Return what a year of pay records covers: `2024` or `2025-01/2025-07`.

        None is an unknown date.
        """
        if year is None:
            return None
        pay: Mapping[str, Any] = self.pay or {}
        of_role = pay.get("role_periods", {}).get(role_id, {})
        period: str = (pay.get("periods", {}) | of_role).get(str(year), str(year))
        return period

    @cached_property
    def years(self) -> list[int | None]:
        """The years of the pay records, the latest first; None is an unknown one."""
        years = self.groups.years
        return sorted(years, key=lambda year: year or 0, reverse=True)
