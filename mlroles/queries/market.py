"""What the questions about the market for a role share: occupations, and search.

Official figures are by occupation. A role has those under which O*NET lists its title;
they are another classification, which has other jobs and lacks many of the role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from mlroles.errors import UsageError, quoted
from mlroles.matching import check_length, matched_texts, name_key, shorten, unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import Role
    from mlroles.questions import Row

    _T = TypeVar("_T")
    _Table = TypeVar("_Table", bound=Mapping[str, Any])


class Occupations(NamedTuple):
    """The context of a ranking of figures that are of an official occupation."""

    others: list[str]
    """The other occupations that could be chosen."""
    floor: int = 0
    """The number of records below which rows are omitted."""
    apart: int = 0
    """The number of rows that come last whatever their values."""
    total: int = 0
    """The number of rows before any are omitted."""


class Technologies(NamedTuple):
    """The context of technologies in demand: where they come from."""

    source: str
    occupations: list[str]
    """The occupations where it is known which are in demand."""


def occupation_codes(data: Dataset, role: Role) -> list[str]:
    """Return the codes of the occupations that list a role, the preferred one first.

    These are the codes of statistics, such as 15-2051 for 15-2051.00.
    """
    codes = (code.partition(".")[0] for code in listed_codes(data, role))
    return list(dict.fromkeys(codes))


def listed_codes(data: Dataset, role: Role) -> list[str]:
    """Return the full codes of the occupations that list a role, such as 15-2051.00."""
    known = data.table("occupations") or {"roles": {}}
    return list(known["roles"].get(role["id"], []))


def technologies_in_demand(
    data: Dataset, role: Role
) -> tuple[list[str], Technologies | None]:
    """Return the technologies in demand in the occupations of a role, from A to Z.

    They come with their origin, None if there are none.
    """
    demanded = in_demand(data, role)
    found = {each for technologies in demanded.values() for each in technologies}
    if not found:
        return [], None
    known = data.table("occupations")
    origin = Technologies(known["source"], occupation_names(data, demanded))
    return sorted(found, key=str.casefold), origin


def in_demand(data: Dataset, role: Role) -> dict[str, list[str]]:
    """Return the technologies in demand by the full code of each listed occupation.

    Occupations where it is not known which are in demand are omitted.
    """
    known = (data.table("occupations") or {}).get("in_demand", {})
    return {code: known[code] for code in listed_codes(data, role) if code in known}


def occupation_names(data: Dataset, codes: Iterable[str]) -> list[str]:
    """Return the names of occupations by their full codes."""
    known = data.table("occupations") or {}
    return [name({"title": known["titles"][code], "code": code}) for code in codes]


def related(data: Dataset, role: Role, tables: Mapping[str, _T]) -> list[_T]:
    """Return the tables of the occupations that list a role, in their order.

    The tables are by the codes of their occupations.
    """
    return [tables[each] for each in occupation_codes(data, role) if each in tables]


def choose_occupation(
    data: Dataset, role: Role, tables: Mapping[str, _Table], wanted: str | None
) -> tuple[_Table | None, list[str], list[str]]:
    """Choose the occupation whose figures to use for a role.

    Args:
        data: A data set.
        role: A role.
        tables: The figures of each occupation, with its `code` and `title`, by the
            code.
        wanted: The code, title or an unambiguous part of the title of one of the
            occupations that list the role; None is the preferred one.

    Returns:
        The figures of the occupation, None if the role has none with figures; the
        other occupations that could be chosen, such as Statisticians (15-2041); notes.

    Raises:
        UsageError: The role has occupations, but not that one.
    """
    found = related(data, role, tables)
    if not found:
        return None, [], [no_occupation(data, role)]
    chosen = found[0] if wanted is None else _find(found, wanted)
    return chosen, [name(each) for each in found if each is not chosen], []


def no_occupation(data: Dataset, role: Role, what: str = "figures") -> str:
    """Return the note that a role has no occupation with figures or something else."""
    known = data.table("occupations")
    if known is None:
        return "this data set does not contain official occupations"
    return f"no official occupation with {what} is known for {role['title']}"


def name(table: Mapping[str, Any]) -> str:
    """Return the title and code of an occupation."""
    return f"{table['title']} ({table['code']})"


def _find(tables: Sequence[_Table], typed: str) -> _Table:
    check_length(typed, "occupation")
    key = name_key(typed)
    names = {name_key(each["title"]): each for each in tables}
    names |= {name_key(each["code"]): each for each in tables}
    if key in names:
        return names[key]
    matches = {id(each): each for known, each in names.items() if key and key in known}
    if len(matches) == 1:
        return next(iter(matches.values()))
    choices = ", ".join(map(name, tables))
    if matches:
        message = f"ambiguous occupation {quoted(typed)}. Choose from: {choices}."
        titles = [each["title"] for each in matches.values()]
        raise UsageError(message, argument="occupation", suggestions=titles)
    known = {name_key(each["title"]): each["title"] for each in tables}
    hint = f"Choose from: {choices}."
    raise unknown("occupation", typed, known, hint, argument="occupation")


def search(
    rows: list[Row],
    match: str | Iterable[str] | None,
    keys: Sequence[str],
    what: str,
    code: str | None = None,
) -> tuple[list[Row], list[str]]:
    """Return the rows that match one of some texts, and a note if there are none.

    Args:
        rows: The rows.
        match: A text or several, in any case, with spaces or hyphens; None is any text.
        keys: The keys of the values that may contain the text. The first one is the
            name of a row, which the note suggests if it is similar.
        what: What the rows are, for the note, such as "industries".
        code: The key of a code that may begin with the text.

    Raises:
        UsageError: A text has more than 200 characters.
    """
    texts = matched_texts(match)
    if not texts or not rows:
        return rows, []
    wanted = tuple(map(name_key, texts))
    found = [
        row
        for row in rows
        if any(
            each in name for name in (name_key(row[k]) for k in keys) for each in wanted
        )
        or (code is not None and name_key(row[code]).startswith(wanted))
    ]
    if found:
        return found, []
    names = list(dict.fromkeys(row[keys[0]] for row in rows))
    typed = shorten(map(quoted, texts), " or ")
    suggestion = _suggestion(names, texts[0])
    return [], [f"none of the {len(names)} {what} matches {typed}{suggestion}"]


def _suggestion(names: Iterable[str], typed: str) -> str:
    """Return a question that suggests the name with the most similar first words."""
    from difflib import get_close_matches

    known: dict[str, str] = {}
    for each in names:
        words = each.split()
        for length in range(1, len(words) + 1):
            known.setdefault(name_key(" ".join(words[:length])).strip(",."), each)
    similar = get_close_matches(name_key(typed), known, n=1, cutoff=0.75)
    return f". Did you mean {quoted(known[similar[0]])}?" if similar else ""
