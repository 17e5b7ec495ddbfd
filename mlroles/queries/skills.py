"""Which technologies the work asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mlroles.queries.answer import Answer, check_limit
from mlroles.queries.market import (
    in_demand,
    listed_codes,
    name,
    no_occupation,
    occupation_names,
    search,
)
from mlroles.questions import SKILLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import Role
    from mlroles.questions import Row


class Totals(NamedTuple):
    """What the page of technologies needs besides its rows, of which some are shown."""

    technologies: int
    hot: int
    in_demand: int
    occupations: list[str]
    demand_of: list[str]
    """The occupations for which it is known what is in demand."""


def skills(
    data: Dataset,
    role: str | None = None,
    *,
    match: str | Iterable[str] | None = None,
    limit: int | None = None,
) -> Answer[list[Row]]:
    """Return the technologies that the official occupations of a role list.

    Those in demand come first, then the hot ones, each from A to Z: the source does
    not rank them. `match` keeps technologies whose name or category contains a text or
    one of several, `limit` only the first ones.

    Returns:
        Rows with the keys of `questions.SKILLS`, one for each technology. If
        occupations give it different categories, `category` has them all, joined by `;
        `. A hot technology is frequent in job postings, one in demand is so in those
        for an occupation; None is unknown. `occupations` lists those of the role that
        list the technology.

    Raises:
        UsageError: Unknown role, or a limit of less than 1.
    """
    check_limit(limit)
    found = data.role(role)
    demanded = in_demand(data, found)
    rows = _technologies(data, found, demanded)
    notes = [] if rows else [no_occupation(data, found, "technologies")]
    rows, unmatched = search(rows, match, ("technology", "category"), "technologies")
    totals = Totals(
        len(rows),
        sum(row["hot"] for row in rows),
        sum(bool(row["in_demand"]) for row in rows),
        list(dict.fromkeys(n for r in rows for n in r["occupations"])),
        occupation_names(data, demanded),
    )
    notes = [*notes, *unmatched]
    return Answer(SKILLS, rows[:limit], data, notes, context=totals)


def _technologies(
    data: Dataset, role: Role, demanded: Mapping[str, list[str]]
) -> list[Row]:
    """Return the technologies of a role, those in demand (see `in_demand`) first."""
    known = data.table("skills")
    if known is None:
        return []
    tables = data.by_occupation("skills")
    rows: dict[str, Row] = {}
    for code in listed_codes(data, role):
        for technology, category, hot in tables.get(code, {"rows": []})["rows"]:
            new = {
                "role": role["id"],
                "title": role["title"],
                "technology": technology,
                "category": category,
                "hot": hot,
                "occupations": [],
                "source": known["source"],
            }
            row = rows.setdefault(technology, SKILLS.row(new))
            row["occupations"].append(name(tables[code]))
            row["hot"] = row["hot"] or hot
            if category not in row["category"].split("; "):
                row["category"] += f"; {category}"
            if code in demanded:
                row["in_demand"] = row["in_demand"] or technology in demanded[code]
    return sorted(
        rows.values(),
        key=lambda row: (
            not row["in_demand"],
            not row["hot"],
            row["technology"].casefold(),
        ),
    )
