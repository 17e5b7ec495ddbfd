"""Validate what the schema cannot express: unique names and references.

These checks accept data of any shape. Where a part does not have the expected shape,
its checks stop, because the schema reports that error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from mlroles.dataset.bundled import bundled_years, read_table
from mlroles.dataset.dimensions import (
    EMPLOYER_COLUMNS,
    INDUSTRY_COLUMNS,
    PAY_COLUMNS,
    PLACE_AMOUNTS,
    PLACE_COLUMNS,
    PRICE_PART_COLUMNS,
    PROJECTION_COLUMNS,
    RANGE_COLUMNS,
    SKILL_COLUMNS,
    TABLES,
    group_key,
    group_percentiles,
)
from mlroles.matching import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    # The names that the parts of a data set may refer to, by what they name.
    _Names: TypeAlias = dict[str, set[str]]

_T = TypeVar("_T")


def reference_errors(data: Any) -> Iterator[str]:
    """Yield an error with its location for each duplicate name or unknown reference."""
    roles, sources = _part(data, "roles", list), _part(data, "sources", list)
    pay, places = _part(data, "pay", dict), _part(data, "places", dict)
    names: _Names = {
        "role": {_part(role, "id", str) for role in roles},
        "source": {_part(source, "id", str) for source in sources},
        "country": set(_part(data, "countries", dict)),
        "state": set(_part(places, "states", dict)),
    }
    default = _part(data, "default_role", str)
    source_ids = [
        (f"sources[{index}].id", _part(source, "id", str))
        for index, source in enumerate(sources)
    ]
    for errors in (
        _unknown("default_role", default, "role", names),
        _duplicate_names(source_ids),
        _date_errors(sources),
        _duplicate_names(_role_names(roles)),
        *(_role_errors(role, f"roles[{n}]", names) for n, role in enumerate(roles)),
        _pay_errors(pay, names),
        _local_pay_errors(_part(data, "local_pay", dict), names),
        _range_errors(_part(data, "range_ends", dict), names),
        _place_errors(places, names),
        _figure_errors(data, names),
        _occupation_errors(_part(data, "occupations", dict), names),
        _industry_errors(_part(data, "industries", dict), names),
        _outlook_errors(_part(data, "outlook", dict), names),
        _skill_errors(_part(data, "skills", dict), names),
        _employer_errors(_part(data, "employers", dict), names),
        _bundled_errors(data, names),
    ):
        yield from _lenient(errors)


def cited_sources(part: Any) -> Iterator[str]:
    """Yield the source of each figure in a part of a data set."""
    if isinstance(part, dict):
        for key, member in part.items():
            if key == "source":
                yield member
            else:
                yield from cited_sources(member)
    elif isinstance(part, list):
        for item in part:
            yield from cited_sources(item)


def _date_errors(sources: list[Any]) -> Iterator[str]:
    """Yield an error for each source without a date that needs one."""
    for index, source in enumerate(sources):
        if source["updated"] is None and source["kind"] != "records":
            yield f"sources[{index}].updated: may be null for pay records only"


def _role_errors(role: Any, location: str, names: _Names) -> Iterator[str]:
    for part in ("salary", "openings"):
        for key, what in (("source", "source"), ("region", "country")):
            value = _part(_part(role, part, dict), key, str)
            yield from _unknown(f"{location}.{part}.{key}", value, what, names)
    for index, similar in enumerate(_part(role, "similar", list)):
        yield from _unknown(f"{location}.similar[{index}]", similar, "role", names)


def _role_names(roles: list[Any]) -> Iterator[tuple[str, str]]:
    """Yield the names that find a role; a title equal to its id counts once."""
    for index, role in enumerate(roles):
        role_id, title = _part(role, "id", str), _part(role, "title", str)
        yield f"roles[{index}].id", role_id
        if name_key(title) != name_key(role_id):
            yield f"roles[{index}].title", title
        for number, alias in enumerate(_part(role, "aliases", list)):
            if isinstance(alias, str):
                yield f"roles[{index}].aliases[{number}]", alias


def _pay_errors(pay: dict[str, Any], names: _Names) -> Iterator[str]:
    yield from _column_errors(pay, "pay", PAY_COLUMNS)
    source = _part(pay, "source", str)
    yield from _unknown("pay.source", source, "source", names)
    for role_id, groups in _part(pay, "groups", dict).items():
        location = f"pay.groups.{role_id}"
        yield from _unknown(location, role_id, "role", names)
        yield from _lenient(_group_errors(groups, location, names))
    of_bundled = _part(pay, "bundled", dict)
    known = bundled_years() if of_bundled else {}
    for role_id, years in of_bundled.items():
        if role_id not in names["role"] or years != known.get(role_id):
            yield f"pay.bundled.{role_id}: not a role of both data sets, with its years"
    for role_id in _part(pay, "role_periods", dict):
        yield from _unknown("pay.role_periods", role_id, "role", names)
    for code in _part(pay, "country_notes", dict):
        yield from _unknown("pay.country_notes", code, "country", names)
    yield from _row_group_errors(pay, "all_postings", "pay", names)


def _local_pay_errors(local: dict[str, Any], names: _Names) -> Iterator[str]:
    yield from _column_errors(local, "local_pay", PAY_COLUMNS)
    for role_id, groups in _part(local, "groups", dict).items():
        location = f"local_pay.groups.{role_id}"
        yield from _unknown(location, role_id, "role", names)
        yield from _lenient(_group_errors(groups, location, names))
    yield from _row_group_errors(local, "few", "local_pay", names)


def _range_errors(ranges: dict[str, Any], names: _Names) -> Iterator[str]:
    yield from _column_errors(ranges, "range_ends", RANGE_COLUMNS)
    yield from _row_group_errors(ranges, "groups", "range_ends", names)
    for role_id, groups in _part(ranges, "groups", dict).items():
        for index, (*_, low, high) in enumerate(groups):
            if len(low) != len(high):
                at = f"range_ends.groups.{role_id}[{index}]"
                yield f"{at}: {len(low)} low ends and {len(high)} high ends"


def _row_group_errors(
    part: dict[str, Any], key: str, location: str, names: _Names
) -> Iterator[str]:
    """Yield the errors of rows, by role, that begin as pay groups do."""
    for role_id, rows in _part(part, key, dict).items():
        at = f"{location}.{key}.{role_id}"
        yield from _unknown(at, role_id, "role", names)
        yield from _lenient(_group_key_errors(rows, at, names))


def _group_errors(
    groups: list[list[Any]], location: str, names: _Names
) -> Iterator[str]:
    seen: dict[tuple[Any, ...], str] = {}
    for index, group in enumerate(groups):
        key, at = group_key(group), f"{location}[{index}]"
        first = seen.setdefault(key, at)
        if first != at:
            yield f"{at}: duplicate of {first}"
        _, country, *_ = key
        yield from _unknown(at, country, "country", names)
        yield from _order_errors([amount for _, amount in group_percentiles(group)], at)
        values = dict(zip(PAY_COLUMNS, group, strict=True))
        low, high = values["range_low"], values["range_high"]
        if (low is None) != (high is None) or (low is not None and low > high):
            yield (
                f"{at}: range_low and range_high must be the ends of a range, or both "
                "null"
            )
        low, high = values["median_ci_low"], values["median_ci_high"]
        if (low is None) != (high is None) or (
            low is not None and not low <= values["p50"] <= high
        ):
            yield (
                f"{at}: median_ci_low and median_ci_high must be the ends of an "
                "interval that contains p50, or both null"
            )


def _group_key_errors(
    rows: list[list[Any]], location: str, names: _Names
) -> Iterator[str]:
    seen: dict[Any, str] = {}
    for index, row in enumerate(rows):
        at = f"{location}[{index}]"
        yield from _repeated(seen, group_key(row), at, "group")
        yield from _unknown(at, row[1], "country", names)


def _place_errors(places: dict[str, Any], names: _Names) -> Iterator[str]:
    yield from _column_errors(places, "places", PLACE_COLUMNS)
    seen: dict[tuple[str, str, str], str] = {}
    for index, table in enumerate(_part(places, "tables", list)):
        at = f"places.tables[{index}]"
        role, source = _part(table, "role", str), _part(table, "source", str)
        yield from _unknown(f"{at}.role", role, "role", names)
        yield from _unknown(f"{at}.source", source, "source", names)
        first = seen.setdefault((role, _part(table, "level", str), source), at)
        if first != at:
            yield f"{at}: same role, level and source as {first}"
        yield from _lenient(_row_errors(_part(table, "rows", list), at, names))
        whole = _part(table, "whole", list)
        yield from _lenient(_order_errors(_place_amounts(whole), f"{at}.whole"))


def _figure_errors(data: Any, names: _Names) -> Iterator[str]:
    for part in ("national", "seniority"):
        for index, row in enumerate(_part(data, part, list)):
            at = f"{part}[{index}]"
            yield from _unknown(f"{at}.role", _part(row, "role", str), "role", names)
            source = _part(row, "source", str)
            yield from _unknown(f"{at}.source", source, "source", names)
            amounts = [_part(row, key, int) or None for key in PLACE_AMOUNTS]
            yield from _order_errors(amounts, at)
    for index, levels in enumerate(_part(data, "price_levels", list)):
        source = _part(levels, "source", str)
        yield from _unknown(f"price_levels[{index}].source", source, "source", names)
    for index, parts in enumerate(_part(data, "price_parts", list)):
        yield from _lenient(_price_part_errors(parts, f"price_parts[{index}]"))
    source = _part(_part(data, "rates", dict), "source", str)
    yield from _unknown("rates.source", source, "source", names)
    prices = _part(data, "prices", dict)
    source, region = (_part(prices, key, str) for key in ("source", "region"))
    yield from _unknown("prices.source", source, "source", names)
    yield from _unknown("prices.region", region, "country", names)


def _price_part_errors(parts: dict[str, Any], location: str) -> Iterator[str]:
    yield from _column_errors(parts, location, PRICE_PART_COLUMNS)
    seen: dict[Any, str] = {}
    for index, (code, *_) in enumerate(_part(parts, "rows", list)):
        yield from _repeated(seen, code, f"{location}.rows[{index}]", "code")


def _occupation_errors(occupations: dict[str, Any], names: _Names) -> Iterator[str]:
    yield from _unknown(
        "occupations.source", _part(occupations, "source", str), "source", names
    )
    titles = {"occupation": set(_part(occupations, "titles", dict))}
    for role, codes in _part(occupations, "roles", dict).items():
        at = f"occupations.roles.{role}"
        yield from _unknown(at, role, "role", names)
        for index, code in enumerate(codes):
            yield from _unknown(f"{at}[{index}]", code, "occupation", titles)
    for code in _part(occupations, "in_demand", dict):
        yield from _unknown("occupations.in_demand", code, "occupation", titles)


def _industry_errors(industries: dict[str, Any], names: _Names) -> Iterator[str]:
    yield from _column_errors(industries, "industries", INDUSTRY_COLUMNS)
    seen: dict[Any, str] = {}
    for number, table in enumerate(_part(industries, "tables", list)):
        at = f"industries.tables[{number}]"
        source, code = _part(table, "source", str), _part(table, "code", str)
        yield from _unknown(f"{at}.source", source, "source", names)
        yield from _repeated(seen, code, at, "code")
        for index, row in enumerate(_part(table, "rows", list)):
            place = f"{at}.rows[{index}]"
            yield from _repeated(seen, (code, row[0]), place, "code")
            yield from _order_errors(row[-len(PLACE_AMOUNTS) :], place)


def _outlook_errors(outlook: dict[str, Any], names: _Names) -> Iterator[str]:
    periods = {
        f"outlook.occupations[{number}]": projections
        for number, projections in enumerate(_part(outlook, "occupations", list))
        if isinstance(projections, dict)
    }
    parts = {f"outlook.{name}": _part(outlook, name, dict) for name in outlook}
    for at, part in {**parts, **periods}.items():
        yield from _unknown(f"{at}.source", _part(part, "source", str), "source", names)
    seen: dict[Any, str] = {}
    for at, projections in periods.items():
        yield from _column_errors(projections, at, PROJECTION_COLUMNS)
        for index, row in enumerate(_part(projections, "rows", list)):
            yield from _repeated(seen, row[0], f"{at}.rows[{index}]", "code")
    region = _part(_part(outlook, "postings", dict), "region", str)
    yield from _unknown("outlook.postings.region", region, "country", names)
    ai_share = _part(outlook, "ai_share", dict)
    countries = {"country": set(_part(ai_share, "countries", dict))}
    for code in _part(ai_share, "shares", dict):
        yield from _unknown("outlook.ai_share.shares", code, "country", countries)


def _skill_errors(skills: dict[str, Any], names: _Names) -> Iterator[str]:
    yield from _column_errors(skills, "skills", SKILL_COLUMNS)
    source = _part(skills, "source", str)
    yield from _unknown("skills.source", source, "source", names)
    seen: dict[Any, str] = {}
    for number, table in enumerate(_part(skills, "tables", list)):
        at, code = f"skills.tables[{number}]", _part(table, "code", str)
        yield from _repeated(seen, code, at, "code")
        for index, row in enumerate(_part(table, "rows", list)):
            key = (code, *row[:2])
            yield from _repeated(seen, key, f"{at}.rows[{index}]", "technology")


def _employer_errors(employers: dict[str, Any], names: _Names) -> Iterator[str]:
    yield from _column_errors(employers, "employers", EMPLOYER_COLUMNS)
    source = _part(employers, "source", str)
    yield from _unknown("employers.source", source, "source", names)
    metros = {"metro area": set(_part(employers, "metros", dict))}
    seen: dict[Any, str] = {}
    lists: list[tuple[str, list[Any]]] = []
    for number, table in enumerate(_part(employers, "tables", list)):
        at = f"employers.tables[{number}]"
        yield from _repeated(seen, _part(table, "code", str), at, "code")
        lists.append((f"{at}.rows", _part(table, "rows", list)))
    for role, table in _part(employers, "titles", dict).items():
        at = f"employers.titles.{role}"
        yield from _unknown(at, role, "role", names)
        source = _part(table, "source", str)
        yield from _unknown(f"{at}.source", source, "source", names)
        lists.append((f"{at}.rows", _part(table, "rows", list)))
    for location, rows in lists:
        for index, row in enumerate(rows):
            employer, code, _, *quartiles = row
            at = f"{location}[{index}]"
            key = (location, employer, code)
            yield from _repeated(seen, key, at, "employer and metro area")
            yield from _unknown(at, code, "metro area", metros)
            yield from _order_errors(quartiles, at)


def _repeated(seen: dict[Any, str], key: Any, at: str, what: str) -> Iterator[str]:
    """Yield an error if a key was seen before."""
    first = seen.setdefault(key, at)
    if first != at:
        yield f"{at}: same {what} as {first}"


def _bundled_errors(data: Any, names: _Names) -> Iterator[str]:
    """Yield an error for each source that a table of the bundled data set cites."""
    for index, name in enumerate(_part(data, "tables", list)):
        if name in TABLES:
            for source in sorted(set(cited_sources(read_table(name)))):
                yield from _unknown(f"tables[{index}]", source, "source", names)


def _row_errors(rows: list[list[Any]], location: str, names: _Names) -> Iterator[str]:
    seen: dict[str, str] = {}
    for index, row in enumerate(rows):
        at = f"{location}.rows[{index}]"
        _, code, state, *_ = row
        first = seen.setdefault(code, at)
        if first != at:
            yield f"{at}: same code as {first}"
        yield from _unknown(at, state, "state", names)
        yield from _order_errors(_place_amounts(row), at)


def _place_amounts(row: list[Any]) -> list[Any]:
    place = dict(zip(PLACE_COLUMNS, row, strict=False))
    return [place.get(column) for column in PLACE_AMOUNTS]


def _order_errors(amounts: list[Any], location: str) -> Iterator[str]:
    known = [amount for amount in amounts if amount is not None]
    if known != sorted(known):
        yield f"{location}: percentiles are not in ascending order"


def _column_errors(
    part: dict[str, Any], location: str, columns: tuple[str, ...]
) -> Iterator[str]:
    if part and _part(part, "columns", list) != list(columns):
        yield f"{location}.columns: must be {', '.join(columns)}"


def _duplicate_names(names: Iterable[tuple[str, str]]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for location, name in names:
        first = seen.setdefault(name_key(name), location)
        if first != location and name:
            yield f"{location}: duplicate name {name!r}, also at {first}"


def _unknown(location: str, name: Any, what: str, names: _Names) -> Iterator[str]:
    if name and name not in names[what]:
        yield f"{location}: unknown {what} {name!r}"


def _part(whole: Any, key: str, kind: type[_T]) -> _T:
    """Return a member of an expected type, or an empty value of that type."""
    part = whole.get(key) if isinstance(whole, dict) else None
    return part if isinstance(part, kind) else kind()


def _lenient(errors: Iterator[str]) -> Iterator[str]:
    """Yield errors until a part does not have the shape that its checks need."""
    try:
        yield from errors
    except (LookupError, TypeError, ValueError):
        return
