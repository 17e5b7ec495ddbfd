"""What the parts of a data set must be to one another.

These checks run beside those of the shape and must stand a data set of any shape:
what has not the right type is passed over here, since the shape's checks name it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.names import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def relation_faults(data: object) -> Iterator[str]:
    """Every double name and every reference to nothing, each with its place."""
    roles = list(_members(data, "roles"))
    sources = list(_members(data, "sources"))
    role_ids = {text for _, role in roles for _, text in _texts(role, "id")}
    source_ids = {text for _, source in sources for _, text in _texts(source, "id")}
    countries = _child(data, "countries")
    yield from _twice(
        (f"sources[{index}].id", text)
        for index, source in sources
        for _, text in _texts(source, "id")
    )
    yield from _twice(_role_names(roles))
    yield from _strangers(_texts(data, "default_role"), role_ids, "role")
    for index, role in roles:
        at = f"roles[{index}]"
        yield from _strangers(_texts(role, "similar", at), role_ids, "role")
        for key in ("salary", "openings"):
            figure, place = _child(role, key), f"{at}.{key}"
            yield from _strangers(_texts(figure, "source", place), source_ids, "source")
            yield from _strangers(_texts(figure, "region", place), countries, "country")


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
    texts: Iterable[tuple[str, str]], known: Any, what: str
) -> Iterator[str]:
    for place, text in texts:
        if isinstance(known, (set, dict)) and text not in known:
            yield f"{place}: there is no {what} {text!r}"


def _child(parent: object, key: str) -> Any:
    return parent.get(key) if isinstance(parent, dict) else None


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
