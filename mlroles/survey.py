"""What a survey of pay found: by year, country, experience and work mode.

A data set keeps the survey as cells: one for each role, year, country, experience
and work mode that has enough records, where None stands for all of them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from mlroles.layout import (
    CELL,
    EXPERIENCES,
    MIN_RECORDS,
    PERCENTILES,
    WORK_MODES,
    name_key,
)
from mlroles.names import no_such, one_of
from mlroles.rows import Row, pay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mlroles.schema import Cell, Dataset, Role

    Notify: TypeAlias = Callable[[str], None]
    Slice: TypeAlias = tuple[int | None, str | None, str | None, str | None]

HOME_COUNTRY = "US"
ALL = "all"
# What a cell's first four values are called on the command line.
DIMENSIONS = ("year", "country", "experience", "work-mode")

_RECORDS: Final = 4
_MEAN, _FIRST_PERCENTILE = 5, 6
_SHORT_NAMES = {"uk": "GB", "usa": "US"}
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

    def asked(self) -> tuple[int | None, str | None, str | None, str | None]:
        """What is asked for, in the order of DIMENSIONS."""
        return self.year, self.country, self.experience, self.work_mode


ANYWHERE = Where()


def silent(_message: str) -> None:
    """Say nothing of what was widened; the rows name their year and country."""


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

    Args:
        data: A data set.
        roles: The roles; the slice is the first in which any of them has a cell.
        where: Which records are meant.
        notify: Takes a message for the person who asked.
        by: One of DIMENSIONS, to have a cell for each of its values.

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


def survey_row(data: Dataset, role: Role, cell: Cell, period: str) -> Row:
    """A survey row of a cell.

    Its keys are `role title year country experience work_mode records mean p10 p25
    median p75 p90 currency period source`.
    """
    value = dict(zip(CELL, cell, strict=True))
    amounts = {"mean": value["mean"], **quartiles(value)}
    return {
        "role": role["id"],
        "title": role["title"],
        **{key: value[key] for key in CELL[:_MEAN]},
        **{key: pay(amount, period) for key, amount in amounts.items()},
        "currency": data["currency"],
        "period": period,
        "source": data["survey"] and data["survey"]["source"],
    }


def quartiles(value: dict[str, Any]) -> dict[str, Any]:
    """The percentiles that rows show, of a cell's values by name."""
    shown = {"p10": "p10", "p25": "p25", "median": "p50", "p75": "p75", "p90": "p90"}
    return {key: value[known] for key, known in shown.items()}


def records_of(cell: Cell) -> int:
    """How many records stand behind a cell."""
    return cell[_RECORDS]


def percentiles_of(cell: Cell) -> list[tuple[int, int]]:
    """A cell's percentiles in ascending order, each with its yearly amount."""
    amounts: Sequence[Any] = cell[_FIRST_PERCENTILE:]
    return list(zip(PERCENTILES, amounts, strict=True))


def find_country(data: Dataset, name: str) -> str | None:
    """A country's code by its code or name; None for "all".

    Raises:
        UsageError: The data set has no such country.
    """
    wanted = name_key(name)
    if wanted == ALL:
        return None
    known = {name_key(text): code for code, text in data["countries"].items()}
    known |= {name_key(code): code for code in data["countries"]} | _SHORT_NAMES
    code = known.get(wanted)
    if code in data["countries"]:
        return code
    raise no_such("country", name, known, f"there are {', '.join(data['countries'])}")


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
    experience = experience and one_of(experience, EXPERIENCES, "experience level")
    mode = mode and one_of(mode, WORK_MODES, "work mode")
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
    named = ["each year" if year is _EACH else year and str(year)]
    named.append("each country" if country is _EACH else place)
    named += [None if value is _EACH else value for value in rest]
    return ", ".join(name for name in named if name)
