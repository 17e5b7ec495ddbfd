"""Whether the work is growing: projections, job postings and the share about AI."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.dataset.dimensions import HOME_COUNTRY, PROJECTION_COLUMNS
from mlroles.matching import choose
from mlroles.queries.answer import Answer
from mlroles.queries.market import related
from mlroles.questions import OUTLOOK, OUTLOOK_BY_MONTH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import AiShare, Projections, Role, SectorPostings
    from mlroles.questions import Row


class Context(NamedTuple):
    """What the page of an outlook needs besides its row."""

    base: str
    """What the index of postings is relative to."""
    countries: Mapping[str, str]
    """The names of the countries with a share about AI."""
    months: Callable[[], list[Row]]
    """Returns the rows of `outlook --by month`."""
    points: Row
    """The index on some dates, and what it is of."""


def outlook(
    data: Dataset, role: str | None = None, *, by: str | None = None
) -> Answer[Any]:
    """Return the outlook of a role's official occupations and of the whole sector.

    Args:
        data: A data set.
        role: The id, title or an alias of a role; None is the default role.
        by: `month` for the index of postings and the share about AI in each month.

    Returns:
        One row with the keys of `questions.OUTLOOK`; by month, rows with those of
        `questions.OUTLOOK_BY_MONTH`, in the order of time.

    Raises:
        UsageError: Unknown role or breakdown.
    """
    found = data.role(role)
    known = data.table("outlook") or {}
    postings, shares = known.get("postings"), known.get("ai_share")
    base = postings["base"] if postings else ""
    countries = shares["countries"] if shares else {}
    every = _ai_shares(shares)
    latest = list({row["country"]: row for row in every}.values())
    home = next((row for row in latest if row["country"] == HOME_COUNTRY), None)
    # Other data sets may have other countries.
    share = home or next(iter(latest), {})
    origin = {"role": found["id"], "title": found["title"]} | _origin(postings, share)
    months = partial(_months, postings, every, origin)
    points = origin | _points(postings)
    context = Context(base, countries, months, points)
    if by is not None:
        choose(by, ("month",), "breakdown", argument="by")
        return Answer(OUTLOOK_BY_MONTH, months(), data, context=context)
    occupations = _occupations(data, found, known.get("occupations") or [])
    row = OUTLOOK.row(
        {
            **points,
            "occupations": occupations,
            "ai_share_by_country": latest,
            "ai_share": share.get("share"),
            "ai_share_month": share.get("date"),
        }
    )
    return Answer(OUTLOOK, row, data, context=context)


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


def _ai_shares(known: AiShare | None) -> list[Row]:
    """Return the share in each country, by its name, and month."""
    if not known:
        return []
    names = known["countries"]
    return [
        {"country": country, "share": share, "date": date, "source": known["source"]}
        for country, months in sorted(
            known["shares"].items(), key=lambda e: names[e[0]]
        )
        for date, share in sorted(months.items())
    ]


def _origin(postings: SectorPostings | None, share: Row) -> Row:
    """Return the keys on what the index and the share are of."""
    row: Row = {"ai_share_region": share.get("country")}
    row["ai_share_source"] = share.get("source")
    if postings:
        row |= {
            f"postings_{key}": postings[key] for key in ("region", "sector", "source")
        }
    return row


def _points(postings: SectorPostings | None) -> Row:
    """Return the index on its latest date, a year before, and at its peak."""
    if not postings:
        return {}
    points = sorted(postings["points"].items())
    date, index = points[-1]
    peak_date, peak = max(points, key=lambda point: point[1])
    year_ago = f"{int(date[:4]) - 1}{date[4:]}"
    before = [point for point in points if point[0] <= year_ago]
    before_date, before_index = before[-1] if before else (None, None)
    return {
        "postings_index": index,
        "postings_date": date,
        # The base is 100.
        "postings_change": round(index - 100, 2),
        "postings_year_ago": before_index,
        "postings_year_ago_date": before_date,
        "postings_peak": peak,
        "postings_peak_date": peak_date,
    }


def _months(
    postings: SectorPostings | None, shares: list[Row], origin: Row
) -> list[Row]:
    """Return the last index in each month, and the shares."""
    points = sorted(postings["points"].items()) if postings else []
    rows: dict[str, Row] = {}
    for date, index in points:
        row = rows.setdefault(date[:7], {"ai_share_by_country": []})
        row |= {"postings_index": index, "postings_date": date}
    for share in shares:
        row = rows.setdefault(share["date"], {"ai_share_by_country": []})
        row["ai_share_by_country"].append(share)
        if share["country"] == origin["ai_share_region"]:
            row["ai_share"] = share["share"]
    return [
        OUTLOOK_BY_MONTH.row({**origin, "month": month, **row})
        for month, row in sorted(rows.items())
    ]
