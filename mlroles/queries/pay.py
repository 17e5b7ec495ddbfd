"""Select pay groups: which records answer a question about pay.

A data set stores pay as groups: one for each role, year, country, experience and work
mode with enough records, where None means all values of a dimension together.
"""

from __future__ import annotations

from itertools import product
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from mlroles.dataset.dimensions import (
    DIMENSIONS,
    HOME_COUNTRY,
    MIN_RECORDS,
    PAY_COLUMNS,
    WORK_MODES,
    group_key,
)
from mlroles.errors import Argument, Message, UsageError
from mlroles.matching import (
    ALL_COUNTRIES,
    COUNTRY,
    choose,
    find_experience,
    with_article,
)
from mlroles.money import Converter, ExchangeRates, year_of
from mlroles.queries.answer import NO_FILTERS, Filters
from mlroles.queries.figures import figure
from mlroles.questions import SALARY_BY

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import PayGroup, Role
    from mlroles.questions import Row

# The dimensions by the names that people type.
BREAKDOWNS = {name.replace("_", "-"): name for name in DIMENSIONS}
# The breakdown of filings.
SENIORITY = "seniority"
# In a pattern: one group for each value of the dimension.
_EACH: Any = object()
_RECORDS = PAY_COLUMNS.index("records")
_MAX_CLOSEST = 3


class Selection(NamedTuple):
    """The pay groups that answer a question."""

    every: Mapping[str, Sequence[PayGroup]]
    """All pay groups that there are to select from, by role."""
    requested: Filters
    """The filters that were set, resolved."""
    slice: Filters
    """What the groups have in common; None means all values, or each."""
    groups: dict[str, list[PayGroup]]
    """The groups of each role, by its id."""
    notes: list[str]
    """What to report to the user."""


def select(
    data: Dataset,
    roles: Sequence[Role],
    filters: Filters,
    by: str | None = None,
    *,
    currency: str | None = None,
    countries: Container[str] | None = None,
    suggest: bool = True,
) -> Selection:
    """Select the pay groups of some roles, all from the same slice.

    The slice is the first in which any of the roles has a group. Only defaults are
    widened: first the year, from the latest backwards, then the country, from the
    default country to all countries. If there is no group, a note names the closest
    ones, unless `suggest` is False.

    Groups of a country whose own currency is `currency`, that of the answer, are of the
    records that state it. Where these are too few, there is no group, and a note has
    their number, for some `countries` or for all.

    Raises:
        UsageError: Unknown country, experience level or work mode.
    """
    requested = _resolve(data, filters)
    country, is_of_several = default_country(data, roles)
    patterns = _patterns(data, requested, by, country)
    groups, few = _in_currency(data, currency)
    notes = _few_notes(data, roles, few, patterns[0], currency, countries)
    reasons = [_too_few(data, roles, patterns[0], by)]
    if notes and roles[1:]:
        reasons[0] += f" state {currency}"
    elif notes:
        # The only role has enough records, but not of those that state the currency.
        reasons = []
    for pattern in patterns:
        if not notes:
            notes = _few_notes(data, roles, few, pattern, currency, countries)
        matches = {
            role["id"]: _matching(groups.get(role["id"], ()), pattern) for role in roles
        }
        if any(matches.values()):
            if pattern is not patterns[0]:
                first, *others = [*reasons, *notes]
                used = f"; using {_describe(data, pattern)}"
                notes = [Message(first, used), *others]
            if is_of_several and requested.country is None and pattern[1] == country:
                notes = [*notes, _not_all(data, country)]
            return Selection(groups, requested, _slice(pattern), matches, notes)
    every = [(role, group) for role in roles for group in groups.get(role["id"], ())]
    first, *others = [*reasons, *notes]
    wanted = _slice(patterns[0])
    if suggest and every:
        # A name is needed only if there are several.
        descriptions = [
            f"{role['title']}, " * (len(roles) > 1)
            + f"{_describe(data, group_key(group))} ({group[_RECORDS]:,} records)"
            for role, group in closest_groups(every, wanted)
        ]
        closest = f"; closest groups with enough records: {'; '.join(descriptions)}"
        first = Message(first, closest)
    empty: dict[str, list[PayGroup]] = {role["id"]: [] for role in roles}
    return Selection(groups, requested, wanted, empty, [first, *others])


# Of roles, the pay groups of which too few records state the currency.
_Few: TypeAlias = "dict[str, dict[tuple[Any, ...], int]]"


def _in_currency(
    data: Dataset, currency: str | None
) -> tuple[Mapping[str, Sequence[PayGroup]], _Few]:
    """Return the pay groups for a currency of the answer, and those with too few."""
    local = data.local_pay(currency) if currency else {}
    if not local:
        return data.groups, {}
    few: _Few = {
        role: {key: each for key, each in replaced.items() if isinstance(each, int)}
        for role, replaced in local.items()
    }
    groups = {
        role: [
            local.get(role, {}).get(group_key(group), group)
            for group in groups
            if group_key(group) not in few.get(role, {})
        ]
        for role, groups in data.groups.items()
    }
    return groups, few


def _few_notes(
    data: Dataset,
    roles: Sequence[Role],
    few: _Few,
    pattern: tuple[Any, ...],
    currency: str | None,
    countries: Container[str] | None,
) -> list[str]:
    """Return a note on the groups of a pattern that too few records are left of."""
    left = []
    for role in roles:
        of_role = few.get(role["id"], {})
        for group in data.groups.get(role["id"], ()) if of_role else ():
            key = group_key(group)
            is_meant = countries is None or key[1] in countries
            if key in of_role and is_meant and _matches(key, pattern):
                of = f"{of_role[key]} of {group[_RECORDS]}"
                left.append(f"{role['title']}, {_describe(data, key)} ({of})")
    text = (
        f"too few records state {currency}: {'; '.join(left)}; to use all, ask in "
        f"{data.currency}: "
    )
    return [Message(text, Argument("currency", data.currency))] if left else []


def closest_groups(
    groups: Iterable[tuple[Role, PayGroup]], wanted: Filters
) -> list[tuple[Role, PayGroup]]:
    """Return the groups that are the closest to wanted ones, at most three."""

    def distance(found: tuple[Role, PayGroup]) -> tuple[int, int, int]:
        row: Row = dict(zip(PAY_COLUMNS, found[1], strict=True))
        differing = sum(row[name] != getattr(wanted, name) for name in DIMENSIONS)
        years = 0 if wanted.year is None else abs((row["year"] or 0) - wanted.year)
        return differing, years, -row["records"]

    return sorted(groups, key=distance)[:_MAX_CLOSEST]


def nearby_groups(
    data: Dataset, groups: Iterable[PayGroup], wanted: Filters
) -> list[PayGroup]:
    """Return the groups of the countries with the closest price levels, at most three.

    They are those of the wanted year, experience level and work mode.
    """
    levels = data.price_levels
    own = levels.get((COUNTRY, wanted.country or ""))
    if own is None:
        return []

    def distance(group: PayGroup) -> float:
        # Prices twice as high are as far as prices half as high.
        return abs(log(levels[COUNTRY, str(group[1])][0] / own[0]))

    known = [
        group
        for group in groups
        if (COUNTRY, group[1]) in levels
        and group_key(group) == (wanted.year, group[1], *wanted[2:])
    ]
    return sorted(known, key=distance)[:_MAX_CLOSEST]


def converter(
    data: Dataset,
    per: str,
    filters: Filters = NO_FILTERS,
    *,
    real: bool = False,
    by: str | None = None,
    currency: str | None = None,
) -> Converter:
    """Return the converter of a query's amounts.

    Raises:
        UsageError: Unknown period or currency, or real amounts of anything but US
            dollars in the United States.
    """
    own = data.currency
    exchange = None if currency is None else exchange_rates(data, currency)
    if exchange and exchange.currency == own:
        exchange = None
    if not real:
        return Converter(per, own, exchange=exchange)
    prices = data.table("prices")
    if prices is None:
        raise _not_real(" needs a price index, and this data set has none.")
    country = filters.country and data.country(filters.country)
    if by == "country" or (filters.country and country != prices["region"]):
        name = data.countries.get(prices["region"], prices["region"])
        raise _not_real(f" applies to {name} only.")
    if exchange or own != "USD":
        other = exchange.currency if exchange else own
        raise _not_real(f" applies to US dollars, not to {other}.")
    return Converter(per, own, index=prices["months"])


def _not_real(text: str) -> UsageError:
    return UsageError(Argument("real"), text, argument="real")


def exchange_rates(data: Dataset, currency: str) -> ExchangeRates:
    """Return the rates from the currency of a data set to another.

    Raises:
        UsageError: There are none.
    """
    rates = data.table("rates")
    if rates is None:
        text = " needs exchange rates, and this data set has none."
        raise UsageError(Argument("currency"), text, argument="currency")
    return ExchangeRates(rates, data.currency, currency)


def local_currency(data: Dataset, country: str | None) -> str | None:
    """Return the currency of a country abroad, None if there is no rate for it.

    Pay there is offered in it.
    """
    rates = data.table("rates")
    # Pay without a year has no exchange rate.
    if rates is None or country in {None, HOME_COUNTRY} or None in data.years:
        return None
    currency: str | None = rates["currencies"].get(country)
    try:
        return currency and exchange_rates(data, currency).currency
    except UsageError:
        # Not every currency has a rate.
        return None


def in_home(data: Dataset, filters: Filters, *, real: bool) -> Filters:
    """Return filters that do not widen to other countries, for real amounts."""
    if real and filters.country is None:
        return filters._replace(country=home_country(data))
    return filters


def pay_row(data: Dataset, role: Role, group: PayGroup, convert: Converter) -> Row:
    """Return the row of a pay group, its amounts converted.

    Its keys are those of `questions.SALARY_BY`, then those of a conversion. The
    interval of the median covers sampling error only; it is None if the data set does
    not state it.
    """
    known: dict[str, Any] = dict(zip(PAY_COLUMNS, group, strict=True))
    known["median"] = known["p50"]
    year, country, experience, work_mode = group_key(group)
    source = data.pay["source"] if data.pay else ""
    covered = data.period(role["id"], year)
    row = {
        "role": role["id"],
        "title": role["title"],
        "country": country,
        "experience": experience,
        "work_mode": work_mode,
        **figure(data, convert, source, covered, country, known),
    }
    return SALARY_BY.row(row)


def applies(filters: Filters, region: str, date: str) -> bool:
    """Return whether filters admit a figure of all levels and work modes."""
    return (
        filters.experience is None
        and filters.work_mode is None
        and filters.country in {None, region}
        and filters.year in {None, year_of(date)}
    )


def home_country(data: Dataset) -> str | None:
    """Return the code of the home country, None if the data set does not have it."""
    return HOME_COUNTRY if HOME_COUNTRY in data.countries else None


def default_country(data: Dataset, roles: Iterable[Role]) -> tuple[str | None, bool]:
    """Return the code of the country that is meant if none is named, None for all.

    It is the home country; for pay records of one's own, the one with most records of
    the roles. And whether there are records of others, or of an unknown country.
    """
    if not data.is_own:
        return home_country(data), False
    records: dict[Any, Any] = {}
    for role in roles:
        for group in data.groups.get(role["id"], ()):
            _, country, *levels = group_key(group)
            if not any(levels):
                records[country] = records.get(country, 0) + group[_RECORDS]
    every = records.pop(None, 0)
    # Of those with equally many, the first by its code.
    country = max(sorted(filter(None, records)), key=records.__getitem__, default=None)
    return country, country is not None and records[country] < every


def _not_all(data: Dataset, country: str | None) -> str:
    name = with_article(data.countries[country or ""])
    text = f"not all records are of {name}, which has most; for all, add "
    return Message(text, Argument("country", ALL_COUNTRIES))


def _resolve(data: Dataset, filters: Filters) -> Filters:
    """Return the filters with the data set's own names for their values."""
    year, country, experience, mode = filters
    return Filters(
        year,
        None if country is None else data.country(country) or ALL_COUNTRIES,
        None if experience is None else find_experience(experience),
        None
        if mode is None
        else choose(mode, WORK_MODES, "work mode", argument="work_mode"),
    )


def _patterns(
    data: Dataset, requested: Filters, by: str | None, country: str | None
) -> list[tuple[Any, ...]]:
    """Return the keys of the groups to look for, the preferred one first.

    `country` is the default one.
    """
    years: Sequence[Any] = data.years or [None]
    countries: Sequence[Any] = list(dict.fromkeys([country, None]))
    if requested.year is not None:
        years = [requested.year]
    if requested.country is not None:
        countries = [None if requested.country == ALL_COUNTRIES else requested.country]
    choices = [years, countries, [requested.experience], [requested.work_mode]]
    if by is not None and getattr(requested, by) is None:
        choices[DIMENSIONS.index(by)] = [_EACH]
    # The sort is stable: all years of a country come before the next country.
    return sorted(product(*choices), key=lambda key: choices[1].index(key[1]))


def _matching(groups: Iterable[PayGroup], pattern: tuple[Any, ...]) -> list[PayGroup]:
    if _EACH not in pattern:
        # Comparing whole keys is ten times as fast.
        return [group for group in groups if group_key(group) == pattern]
    return [group for group in groups if _matches(group_key(group), pattern)]


def _matches(key: tuple[Any, ...], pattern: tuple[Any, ...]) -> bool:
    return all(
        value is not None if wanted is _EACH else value == wanted
        for value, wanted in zip(key, pattern, strict=True)
    )


def _slice(pattern: tuple[Any, ...]) -> Filters:
    return Filters(*(None if value is _EACH else value for value in pattern))


def _too_few(
    data: Dataset, roles: Sequence[Role], pattern: tuple[Any, ...], by: str | None
) -> str:
    if data.pay is None:
        return "this data set contains no pay records"
    who = roles[0]["title"] if len(roles) == 1 else "any of these roles"
    # The slice says so of years and countries.
    who += {
        "experience": " at any experience level",
        "work_mode": " in any work mode",
    }.get(by or "", "")
    return f"fewer than {MIN_RECORDS} records of {who} for {_describe(data, pattern)}"


def _describe(data: Dataset, pattern: Sequence[Any]) -> str:
    """Describe a slice: `2025, United States, senior`."""
    year, country, *others = pattern
    place = data.countries.get(country, country) if country else "all countries"
    parts = [
        "an unknown date" if year is None else "any year" if year is _EACH else year,
        "any country" if country is _EACH else place,
        *(None if value is _EACH else value for value in others),
    ]
    return ", ".join(str(part) for part in parts if part is not None)
