"""What a survey of pay found: by year, country, experience and work mode.

Which of its cells answer a question, and how a default is widened where none does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from mlroles.dataset.dimensions import (
    EXPERIENCE_NAMES,
    EXPERIENCES,
    MIN_RECORDS,
    WORK_MODES,
    name_key,
)
from mlroles.matching import no_such, one_of
from mlroles.queries.cells import records_of
from mlroles.queries.rows import silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mlroles.dataset.schema import Cell, Dataset, Role
    from mlroles.queries.rows import Notify

    Slice: TypeAlias = tuple[int | None, str | None, str | None, str | None]

HOME_COUNTRY = "US"
ALL = "all"
# What a cell's first four values are called on the command line.
DIMENSIONS = ("year", "country", "experience", "work-mode")

_SHORT_NAMES = {"uk": "GB", "britain": "GB", "greatbritain": "GB", "usa": "US"}
_SHORT_NAMES |= {"america": "US", "unitedstatesofamerica": "US"}
_EACH: Any = object()
_NEAREST = 3


class Where:
    """Which records are meant; None leaves the choice to the defaults.

    `country` is a code, a name, or "all" for the world; `experience` is entry, mid,
    senior or executive, `work_mode` on-site, hybrid or remote.
    """

    # Not a NamedTuple: making that class costs every start a fifth of a millisecond.
    __slots__ = ("country", "experience", "work_mode", "year")

    def __init__(
        self,
        year: int | None = None,
        country: str | None = None,
        experience: str | None = None,
        work_mode: str | None = None,
    ) -> None:
        """Take what is asked for of each dimension."""
        self.year = year
        self.country = country
        self.experience = experience
        self.work_mode = work_mode

    def narrows(self) -> bool:
        """Whether anything is asked for."""
        return any(part is not None for part in self.asked())

    def asked(self) -> tuple[int | None, str | None, str | None, str | None]:
        """What is asked for, in the order of DIMENSIONS."""
        return self.year, self.country, self.experience, self.work_mode


ANYWHERE = Where()


def select(
    data: Dataset,
    roles: Sequence[Role],
    where: Where,
    notify: Notify = silent,
    by: str | None = None,
) -> tuple[Slice, dict[str, list[Cell]]]:
    """The survey's cells of some roles, all from one slice.

    Only defaults widen: first the year, from the latest back, then the country,
    from home to the whole world. `notify` is told when they did, or when nothing
    has enough records.

    The slice is the first in which any of the roles has a cell; `by` is one of
    DIMENSIONS, to have a cell for each of its values.

    Returns:
        The slice, None where it takes all of them together or each; and the cells
        of each role, by its id.

    Raises:
        UsageError: No such country, experience or work mode.
    """
    patterns = _patterns(data, where, by)
    cells = data["survey"]["cells"] if data["survey"] else {}
    for pattern in patterns:
        hits = {
            role["id"]: [c for c in cells.get(role["id"], ()) if _fits(c, pattern)]
            for role in roles
        }
        if any(hits.values()):
            if pattern is not patterns[0]:
                shown = _words(data, pattern)
                notify(f"{_too_few(data, roles, patterns[0])}; showing {shown}")
            return _slice(pattern), hits
    every = [cell for role in roles for cell in cells.get(role["id"], ())]
    notify(_too_few(data, roles, patterns[0]) + _nearest(data, every, patterns[0]))
    return _slice(patterns[0]), {role["id"]: [] for role in roles}


def find_country(data: Dataset, name: str) -> str | None:
    """A country's code by its code or name; None for "all".

    Raises:
        UsageError: The data set has no such country.
    """
    wanted = name_key(name)
    if wanted == ALL:
        return None
    countries = data["countries"]
    known = {name_key(text): code for code, text in countries.items()}
    known |= {name_key(code): code for code in countries}
    known |= {name: code for name, code in _SHORT_NAMES.items() if code in countries}
    if wanted in known:
        return known[wanted]
    spelled = {key: countries[code] for key, code in known.items()}
    raise no_such("country", name, spelled, f"there are {', '.join(countries)}")


def _patterns(data: Dataset, where: Where, by: str | None) -> list[tuple[Any, ...]]:
    """What a cell's dimensions must be, the best slice first."""
    home: list[str | None] = [HOME_COUNTRY] if HOME_COUNTRY in data["countries"] else []
    countries: Sequence[Any] = [*home, None]
    if where.country is not None:
        countries = [find_country(data, where.country)]
    years: Sequence[Any] = sorted(_years(data), reverse=True) or [None]
    if where.year is not None:
        years = [where.year]
    experience, mode = where.experience, where.work_mode
    if experience is not None:
        level = EXPERIENCE_NAMES.get(name_key(experience))
        experience = level or one_of(experience, EXPERIENCES, "experience level")
    if mode is not None:
        mode = one_of(mode, WORK_MODES, "work mode")
    choices: dict[str, Sequence[Any]] = dict(
        zip(DIMENSIONS, (years, countries, [experience], [mode]), strict=True)
    )
    if by is not None and where.asked()[DIMENSIONS.index(by)] is None:
        choices[by] = [_EACH]
    years, countries, experiences, modes = choices.values()
    return [
        (year, country, experiences[0], modes[0])
        for country in countries
        for year in years
    ]


def _years(data: Dataset) -> set[int]:
    cells = data["survey"]["cells"].values() if data["survey"] else ()
    return {cell[0] for of_role in cells for cell in of_role}


def _fits(cell: Cell, pattern: tuple[Any, ...]) -> bool:
    if _EACH not in pattern:
        # Most questions; a comparison of the whole is ten times as fast.
        return (*cell[:4],) == pattern
    return all(
        value is not None if wanted is _EACH else value == wanted
        for value, wanted in zip(cell, pattern, strict=False)
    )


def _slice(pattern: tuple[Any, ...]) -> Slice:
    year, country, experience, mode = (None if v is _EACH else v for v in pattern)
    return year, country, experience, mode


def _too_few(data: Dataset, roles: Sequence[Role], pattern: tuple[Any, ...]) -> str:
    if data["survey"] is None:
        return "this data set has no survey of pay"
    who = roles[0]["title"] if len(roles) == 1 else "any of these roles"
    return f"fewer than {MIN_RECORDS} records of {who} for {_words(data, pattern)}"


def _nearest(data: Dataset, cells: Iterable[Cell], pattern: tuple[Any, ...]) -> str:
    """A clause that names the slices nearest to a pattern that have enough."""
    asked = [None if value is _EACH else value for value in pattern]

    def distance(cell: Cell) -> tuple[int, int, int]:
        differing = sum(a != b for a, b in zip(cell, asked, strict=False))
        return differing, abs(cell[0] - (asked[0] or cell[0])), -records_of(cell)

    near = [
        f"{_words(data, cell[:4])} ({records_of(cell):,} records)"
        for cell in sorted(cells, key=distance)[:_NEAREST]
    ]
    return f"; nearest with enough: {'; '.join(near)}" if near else ""


def _words(data: Dataset, pattern: Sequence[Any]) -> str:
    """A slice in words: `2025, United States, senior`."""
    year, country, *rest = pattern
    place = data["countries"].get(country, country) if country else "all countries"
    named = ["any year" if year is _EACH else year and str(year)]
    named.append("any country" if country is _EACH else place)
    named += [None if value is _EACH else value for value in rest]
    return ", ".join(name for name in named if name)
