"""What the parts of a data set must be to one another.

These checks run beside those of the shape and must stand a data set of any shape:
what has not the right type is passed over here, since the shape's checks name it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.layout import CELL, PLACE, name_key

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator


class _Known(NamedTuple):
    """What the other parts may refer to."""

    roles: set[str]
    sources: set[str]
    countries: dict[str, Any]

    def check(self, part: object, at: str) -> Iterator[str]:
        """References to nothing, under the keys that refer to something."""
        for key, known, what in (
            ("default_role", self.roles, "role"),
            ("role", self.roles, "role"),
            ("similar", self.roles, "role"),
            ("source", self.sources, "source"),
            ("region", self.countries, "country"),
        ):
            yield from _strangers(_texts(part, key, at), known, what)


def relation_faults(data: object) -> Iterator[str]:
    """Every double name and every reference to nothing, each with its place."""
    roles = list(_members(data, "roles"))
    sources = list(_members(data, "sources"))
    known = _Known(
        {text for _, role in roles for _, text in _texts(role, "id")},
        {text for _, source in sources for _, text in _texts(source, "id")},
        _dict(_child(data, "countries")),
    )
    yield from known.check(data, "")
    yield from _twice(_source_names(sources))
    yield from _twice(_role_names(roles))
    for index, role in roles:
        at = f"roles[{index}]"
        yield from known.check(role, at)
        for key in ("salary", "openings"):
            yield from known.check(_child(role, key), f"{at}.{key}")
    yield from _survey_faults(_child(data, "survey"), known)
    yield from _place_faults(_child(data, "places"), known)


def _survey_faults(survey: object, known: _Known) -> Iterator[str]:
    yield from known.check(survey, "survey")
    yield from _columns(survey, "survey", CELL)
    cells = _dict(_child(survey, "cells"))
    for role_id in cells:
        at = f"survey.cells.{role_id}"
        yield from _strangers([(at, role_id)], known.roles, "role")
        slices: list[tuple[str, str]] = []
        for index, cell in _members(cells, role_id):
            if not isinstance(cell, list) or len(cell) != len(CELL):
                continue
            place = f"{at}[{index}]"
            slices.append((place, " ".join(map(str, cell[:4]))))
            if isinstance(cell[1], str):
                yield from _strangers([(place, cell[1])], known.countries, "country")
            yield from _descents(cell[6:], place)
        yield from _twice(slices)


def _place_faults(places: object, known: _Known) -> Iterator[str]:
    yield from _columns(places, "places", PLACE)
    states = _dict(_child(places, "states"))
    levels: list[tuple[str, str]] = []
    for index, table in _members(places, "tables"):
        at = f"places.tables[{index}]"
        yield from known.check(table, at)
        levels.append((at, f"{_child(table, 'role')} {_child(table, 'level')}"))
        codes: list[tuple[str, str]] = []
        for number, row in _members(table, "rows"):
            if not isinstance(row, list) or len(row) != len(PLACE):
                continue
            place = f"{at}.rows[{number}]"
            codes.append((place, str(row[1])))
            if isinstance(row[2], str):
                yield from _strangers([(place, row[2])], states, "state")
            yield from _descents(row[5:], place)
        yield from _twice(codes)
    yield from _twice(levels)


def _columns(part: object, at: str, columns: tuple[str, ...]) -> Iterator[str]:
    if isinstance(part, dict) and part.get("columns") != list(columns):
        yield f"{at}.columns: is not {', '.join(columns)}"


def _descents(amounts: list[Any], place: str) -> Iterator[str]:
    known = [amount for amount in amounts if isinstance(amount, int)]
    if known != sorted(known):
        yield f"{place}: its percentiles do not ascend"


def _source_names(sources: Iterable[tuple[int, Any]]) -> Iterator[tuple[str, str]]:
    for index, source in sources:
        yield from _texts(source, "id", f"sources[{index}]")


def _role_names(roles: Iterable[tuple[int, Any]]) -> Iterator[tuple[str, str]]:
    """The names that find a role; an id that spells its title is one name, not two."""
    for index, role in roles:
        at = f"roles[{index}]"
        seen = ""
        for place, name in _texts(role, "id", at):
            seen = name_key(name)
            yield place, name
        for place, name in _texts(role, "title", at):
            if name_key(name) != seen:
                yield place, name
        yield from _texts(role, "aliases", at)


def _twice(names: Iterable[tuple[str, str]]) -> Iterator[str]:
    first: dict[str, str] = {}
    for place, name in names:
        taken = first.setdefault(name_key(name), place)
        if taken != place:
            yield f"{place}: {name!r} is already the name at {taken}"


def _strangers(
    texts: Iterable[tuple[str, str]], known: Container[str], what: str
) -> Iterator[str]:
    for place, text in texts:
        if text not in known:
            yield f"{place}: there is no {what} {text!r}"


def _child(parent: object, key: str) -> Any:
    return parent.get(key) if isinstance(parent, dict) else None


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _members(parent: object, key: str) -> Iterator[tuple[int, Any]]:
    child = _child(parent, key)
    yield from enumerate(child if isinstance(child, list) else [])


def _texts(parent: object, key: str, at: str = "") -> Iterator[tuple[str, str]]:
    """The text or the texts under a key, each with its place."""
    child = _child(parent, key)
    place = f"{at}.{key}".removeprefix(".")
    if isinstance(child, str):
        yield place, child
    for index, text in _members(parent, key):
        if isinstance(text, str):
            yield f"{place}[{index}]", text
