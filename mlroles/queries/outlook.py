"""Whether the work is growing: projections, job postings and the share about AI."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mlroles.dataset.dimensions import PROJECTION_COLUMNS
from mlroles.queries.answer import Answer
from mlroles.queries.market import no_occupation, related
from mlroles.questions import OUTLOOK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import AiShare, Projections, Role, SectorPostings
    from mlroles.questions import Row


class Context(NamedTuple):
    """What the page of an outlook needs besides its row."""

    base: str
    """What the index of postings is relative to."""
    points: list[Row]
    """The points of the index that people see, with what they are."""
    shares: list[Row]
    """The latest share of each country."""


def outlook(data: Dataset, role: str | None = None) -> Answer[Row]:
    """Return the outlook of a role's official occupations and of the whole sector.

    Returns:
        One row with the keys of `questions.OUTLOOK`.

    Raises:
        UsageError: Unknown role.
    """
    found = data.role(role)
    known = data.table("outlook") or {}
    occupations = _occupations(data, found, known.get("occupations", []))
    postings = _postings(known.get("postings"))
    shares = known.get("ai_share")
    row: Row = {
        "role": found["id"],
        "title": found["title"],
        "occupations": occupations,
        "postings": postings,
        "ai_share": _ai_share(shares),
    }
    notes = [] if occupations else [no_occupation(data, found)]
    base = known["postings"]["base"] if postings else ""
    names = shares["countries"] if shares else {}
    points, latest = _points(data, postings), _latest(row["ai_share"], names)
    return Answer(OUTLOOK, row, data, notes, context=Context(base, points, latest))


def summary(data: Dataset, role: str | None = None) -> Answer[Row]:
    """Return the outlook with only the dates that people see.

    These are the latest date of the index, a year before, when openings were counted,
    and its peak; and the latest month of each country's share.
    """
    answer = outlook(data, role)
    context: Context = answer.context
    dates = {point["date"] for point in context.points}
    postings = [row for row in answer.rows["postings"] if row["date"] in dates]
    return answer._replace(
        rows={**answer.rows, "postings": postings, "ai_share": context.shares}
    )


def _occupations(data: Dataset, role: Role, known: list[Projections]) -> list[Row]:
    """Return the projections of the occupations that list a role.

    Those of several occupations together follow the preferred one of them.
    """
    rows: list[Row] = [
        dict(zip(PROJECTION_COLUMNS, row, strict=True))
        | {key: projections[key] for key in ("base_year", "target_year", "source")}
        for projections in known
        for row in projections["rows"]
    ]
    # The newest first, and of those the ones that are of several occupations.
    rows.sort(key=lambda row: (-row["base_year"], -len(row["soc"])))
    tables: dict[str, list[Row]] = {}
    for row in rows:
        for code in row["soc"].split("; "):
            tables.setdefault(code, []).append(row)
    found = [row for rows in related(data, role, tables) for row in rows]
    return list({row["soc"]: row for row in found}.values())


def _postings(known: SectorPostings | None) -> list[Row]:
    if not known:
        return []
    origin = {key: known[key] for key in ("region", "sector", "source")}
    points = sorted(known["points"].items())
    return [{"date": date, "index": index, **origin} for date, index in points]


def _ai_share(known: AiShare | None) -> list[Row]:
    if not known:
        return []
    return [
        {"date": date, "country": country, "share": share, "source": known["source"]}
        for country, months in sorted(known["shares"].items())
        for date, share in sorted(months.items())
    ]


def _points(data: Dataset, postings: list[Row]) -> list[Row]:
    """Return the points of an index that people see, with what they are."""
    if not postings:
        return []
    latest = postings[-1]
    year = int(latest["date"][:4]) - 1
    opened = [role["openings"]["updated"] for role in data.roles if role["openings"]]
    dates = {"a year before": f"{year}{latest['date'][4:]}"}
    if opened:
        dates["when openings were counted"] = min(opened)
    points = [{"point": "latest", **latest}]
    for name, date in dates.items():
        before = [row for row in postings if row["date"] <= date]
        points += [{"point": name, **row} for row in before[-1:]]
    peak = max(postings, key=lambda row: row["index"])
    return [*points, {"point": "peak", **peak}]


def _latest(shares: list[Row], names: Mapping[str, str]) -> list[Row]:
    """Return the latest share of each country, in the order of the names."""
    latest = {row["country"]: row for row in shares}
    return [latest[code] for code in sorted(latest, key=names.__getitem__)]
