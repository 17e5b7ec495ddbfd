"""What the parts of a data set must be to one another.

These checks run beside those of the shape, on a data set of any shape: where a part
is not what it should be its checks end, since the shape's name the fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from mlroles.dataset.dimensions import CELL, PLACE, name_key

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

_T = TypeVar("_T")


class _Known(NamedTuple):
    """What the other parts may refer to."""

    roles: set[str]
    sources: set[str]
    countries: set[str]
    states: set[str]


def relation_faults(data: Any) -> Iterator[str]:
    """Every double name and every reference to nothing, each with its place."""
    roles, sources = _part(data, "roles", list), _part(data, "sources", list)
    survey, places = _part(data, "survey", dict), _part(data, "places", dict)
    known = _Known(
        {_part(role, "id", str) for role in roles},
        {_part(source, "id", str) for source in sources},
        set(_part(data, "countries", dict)),
        set(_part(places, "states", dict)),
    )
    default = _part(data, "default_role", str)
    yield from _tolerant(_strangers([("default_role", default)], known.roles, "role"))
    names = (
        (f"sources[{index}].id", _part(source, "id", str))
        for index, source in enumerate(sources)
    )
    yield from _tolerant(_twice(names))
    yield from _tolerant(_twice(_role_names(roles)))
    for index, role in enumerate(roles):
        yield from _tolerant(_role_faults(role, f"roles[{index}]", known))
    yield from _tolerant(_survey_faults(survey, known))
    yield from _tolerant(_place_faults(places, known))


def _role_faults(role: Any, at: str, known: _Known) -> Iterator[str]:
    for key in ("salary", "openings"):
        figure = _part(role, key, dict)
        for name, ids, what in (
            ("source", known.sources, "source"),
            ("region", known.countries, "country"),
        ):
            text = _part(figure, name, str)
            if text and text not in ids:
                yield f"{at}.{key}.{name}: there is no {what} {text!r}"
    for index, similar in enumerate(_part(role, "similar", list)):
        if similar not in known.roles:
            yield f"{at}.similar[{index}]: there is no role {similar!r}"


def _role_names(roles: list[Any]) -> Iterator[tuple[str, str]]:
    """The names that find a role; an id that spells its title is one name, not two."""
    for index, role in enumerate(roles):
        role_id, title = _part(role, "id", str), _part(role, "title", str)
        yield f"roles[{index}].id", role_id
        if name_key(title) != name_key(role_id):
            yield f"roles[{index}].title", title
        for number, alias in enumerate(_part(role, "aliases", list)):
            if isinstance(alias, str):
                yield f"roles[{index}].aliases[{number}]", alias


def _survey_faults(survey: dict[str, Any], known: _Known) -> Iterator[str]:
    yield from _columns(survey, "survey", CELL)
    source = _part(survey, "source", str)
    yield from _strangers([("survey.source", source)], known.sources, "source")
    for role_id, cells in _part(survey, "cells", dict).items():
        at = f"survey.cells.{role_id}"
        yield from _strangers([(at, role_id)], known.roles, "role")
        yield from _tolerant(_cell_faults(cells, at, known))


def _cell_faults(cells: list[list[Any]], at: str, known: _Known) -> Iterator[str]:
    seen: dict[tuple[Any, ...], str] = {}
    for index, cell in enumerate(cells):
        place, slice_ = f"{at}[{index}]", tuple(cell[:4])
        first = seen.setdefault(slice_, place)
        if first != place:
            yield f"{place}: the same slice as {first}"
        if cell[1] is not None and cell[1] not in known.countries:
            yield f"{place}: there is no country {cell[1]!r}"
        if cell[6:] != sorted(cell[6:]):
            yield f"{place}: its percentiles do not ascend"


def _place_faults(places: dict[str, Any], known: _Known) -> Iterator[str]:
    yield from _columns(places, "places", PLACE)
    levels: dict[tuple[str, str], str] = {}
    for index, table in enumerate(_part(places, "tables", list)):
        at = f"places.tables[{index}]"
        role, source = _part(table, "role", str), _part(table, "source", str)
        yield from _strangers([(f"{at}.role", role)], known.roles, "role")
        yield from _strangers([(f"{at}.source", source)], known.sources, "source")
        first = levels.setdefault((role, _part(table, "level", str)), at)
        if first != at:
            yield f"{at}: the same role and level as {first}"
        yield from _tolerant(_row_faults(_part(table, "rows", list), at, known))
        yield from _tolerant(_ascending(_part(table, "whole", list), f"{at}.whole"))


def _row_faults(rows: list[list[Any]], at: str, known: _Known) -> Iterator[str]:
    seen: dict[str, str] = {}
    for index, row in enumerate(rows):
        place = f"{at}.rows[{index}]"
        first = seen.setdefault(row[1], place)
        if first != place:
            yield f"{place}: the same code as {first}"
        if row[2] is not None and row[2] not in known.states:
            yield f"{place}: there is no state {row[2]!r}"
        yield from _ascending(row, place)


def _ascending(row: list[Any], place: str) -> Iterator[str]:
    amounts = [amount for amount in row[5:] if amount is not None]
    if amounts != sorted(amounts):
        yield f"{place}: its percentiles do not ascend"


def _columns(part: dict[str, Any], at: str, columns: tuple[str, ...]) -> Iterator[str]:
    if part and part.get("columns") != list(columns):
        yield f"{at}.columns: is not {', '.join(columns)}"


def _twice(names: Iterable[tuple[str, str]]) -> Iterator[str]:
    first: dict[str, str] = {}
    for place, name in names:
        taken = first.setdefault(name_key(name), place)
        if taken != place and name:
            yield f"{place}: {name!r} is already the name at {taken}"


def _strangers(
    texts: Iterable[tuple[str, str]], known: Container[str], what: str
) -> Iterator[str]:
    for place, text in texts:
        if text and text not in known:
            yield f"{place}: there is no {what} {text!r}"


def _part(whole: Any, key: str, kind: type[_T]) -> _T:
    """A part of a kind, or an empty one where it is missing or of another kind."""
    part = whole.get(key) if isinstance(whole, dict) else None
    return part if isinstance(part, kind) else kind()


def _tolerant(faults: Iterator[str]) -> Iterator[str]:
    """The faults up to where a part is not of the shape that its checks need."""
    try:
        yield from faults
    except (LookupError, TypeError):
        return
