"""Whether the work grows, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import HOME_COUNTRY
from mlroles.output.blocks import Figure, Timeline, paragraph
from mlroles.output.pages.phrases import sources_note
from mlroles.questions import OUTLOOK, OUTLOOK_BY_MONTH, PROJECTIONS, Column

if TYPE_CHECKING:
    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.queries.outlook import Context
    from mlroles.questions import Row

(_AI_SHARE,) = (
    column.columns for column in OUTLOOK.columns if column.key == "ai_share_by_country"
)
# The columns of the other occupations on a page without details.
_OTHERS = (
    Column("occupation", "name", heading="Other official occupations"),
    Column("years", heading="Years", hide=1),
    Column("change_percent", "number", heading="Change"),
    Column("openings_per_year", "count", heading="Openings"),
)


def outlook(page: Page, row: Row) -> list[Block]:
    """Projections of occupations, an index of postings, and the share about AI."""
    has_postings = row["postings_index"] is not None
    if page.chart and has_postings:
        return _chart(page, row)
    rows = row["occupations"]
    lines = _postings(page, row) if has_postings else []
    if row["ai_share"] is not None:
        lines.append(_ai_share(page, row))
    if not (rows or lines):
        return [paragraph(f"{row['title']}: no outlook")]
    lead = [f"{row['title']}: no official projection"]
    if rows:
        lead = _projection(page, row["title"], rows)
    blocks: list[Block] = [paragraph(*lead)]
    if lines:
        blocks.append(paragraph(*lines))
    if rows and (page.details or rows[1:]):
        blocks.append(_occupations(page, rows))
    if page.details and row["ai_share_by_country"]:
        blocks.append(_ai_shares(page, row["ai_share_by_country"]))
    return [*blocks, paragraph(" ".join(_notes(page, row)))]


def _ai_share(page: Page, row: Row) -> str:
    """Return the latest share of one country."""
    context: Context = page.answer.context
    country = context.countries[row["ai_share_region"]]
    month = page.value(row["ai_share_month"], "date")
    share = f"{row['ai_share']:.1f}%"
    return f"AI-related terms are in {share} of all job postings, {country}, {month}."


def _ai_shares(page: Page, rows: list[Row]) -> Block:
    """Return a table of the latest share of each country."""
    # It has countries that the data set has no pay of.
    countries = page.answer.context.countries
    shown = [
        {**row, "country": countries[row["country"]], "share": f"{row['share']:.1f}%"}
        for row in rows
    ]
    return Figure(page, shown, _AI_SHARE, is_drawn=False)


def _projection(page: Page, title: str, rows: list[Row]) -> list[str]:
    """Return the projection of the preferred occupation, and what it is based on."""
    first = rows[0]
    article = "an" if rows[1:] else "the"
    years = f"from {_years(first)}"
    change = first["change_percent"]
    if change is None:
        growth = f"no projected change is given {years}"
    elif change:
        verb = "grow" if change > 0 else "shrink"
        growth = f"projected to {verb} by {abs(change)}% {years}"
    else:
        growth = f"no growth is projected {years}"
    openings = first["openings_per_year"]
    opened = (
        "" if openings is None else f"; {page.value(openings, 'count')} openings a year"
    )
    name = f"{first['occupation']} ({first['soc']})"
    lead = (
        f"{name}, {article} official occupation that lists {title}: {growth}{opened}."
    )
    sentences = []
    if None not in (first["employment"], first["projected"]):
        now, then = (
            page.value(first[key], "count") for key in ("employment", "projected")
        )
        region = page.country(HOME_COUNTRY)
        sentences.append(f"From {now} to {then} people employed, {region}.")
    if openings is not None:
        sentences.append("Openings include those that people leave behind.")
    return [lead, " ".join(sentences)] if sentences else [lead]


def _postings(page: Page, row: Row) -> list[str]:
    """Return the latest index of postings, and how it compares with other dates."""
    context: Context = page.answer.context
    change = round(row["postings_change"])
    compared = "equal to"
    if change:
        compared = f"{abs(change)}% {'above' if change > 0 else 'below'}"
    where = f"{row['postings_sector']}, {page.country(row['postings_region'])}"
    latest = f"{row['postings_index']:.1f} on {_day(page, row, '')}"
    lead = f"Job postings in {where}: {latest}, {compared} the base ({context.base})."
    points = []
    if row["postings_year_ago"] is not None:
        index = row["postings_year_ago"]
        points.append(f"{index:.1f} on {_day(page, row, 'year_ago_')}")
    if row["postings_peak_date"] != row["postings_date"]:
        index = row["postings_peak"]
        points.append(f"{index:.1f} on {_day(page, row, 'peak_')}, the peak")
    about = "The whole sector, not the role."
    return [lead, f"{about} {'; '.join(points)}." if points else about]


def _day(page: Page, row: Row, point: str) -> str:
    return page.value(row[f"postings_{point}date"], "date")


def _occupations(page: Page, rows: list[Row]) -> Block:
    """Return a table of the other occupations; with details, of all."""
    columns = PROJECTIONS if page.details else _OTHERS
    # Only if they are not all those of the first line.
    has_years = len(set(map(_years, rows))) > 1
    shown = [
        {
            **row,
            "occupation": f"{row['occupation']} ({row['soc']})",
            "years": _years(row) if has_years else None,
            "change_percent": _percent(row["change_percent"]),
        }
        for row in (rows if page.details else rows[1:])
    ]
    return Figure(page, shown, columns, is_drawn=False)


def _years(row: Row) -> str:
    return f"{row['base_year']} to {row['target_year']}"


def _percent(change: int | None) -> str | None:
    """Return a change in whole per cent with its sign."""
    return None if change is None else f"{change:+d}%" if change else "0%"


def _notes(page: Page, row: Row) -> list[str]:
    """Return what the openings are of, what the occupations are, and the sources."""
    notes = []
    shared: dict[str, list[str]] = {}
    rows = row["occupations"]
    known = [each for each in rows if each["openings_per_year"] is not None]
    for each in known:
        if each["openings_cover"] not in {None, each["occupation"]}:
            shared.setdefault(each["openings_cover"], []).append(each["occupation"])
    openings = [
        f"of {' and of '.join(occupations)} are of {cover} together"
        for cover, occupations in shared.items()
    ]
    if without := [each["occupation"] for each in rows[1:] if each not in known]:
        openings.append(f"of {' and of '.join(without)} are unknown")
    if openings:
        notes.append(f"Openings {'; those '.join(openings)}.")
    if rows:
        notes.append(
            "The occupations include other jobs than the role, and lack many of it."
        )
    sources = dict.fromkeys(row["source"] for row in rows)
    notes.append(
        _sources(page, *sources, row["postings_source"], row["ai_share_source"])
    )
    return notes


def _sources(page: Page, *sources: str | None) -> str:
    return sources_note(page.cited(each) for each in sources if each)


def by_month(page: Page, rows: list[Row]) -> list[Block]:
    """The index of postings and the share about AI in each month."""
    if not rows:
        return [paragraph("No months.")]
    context: Context = page.answer.context
    first, points = rows[0], context.points
    has_postings = first["postings_source"] is not None
    if page.chart and has_postings:
        return _chart(page, points)
    shown = [
        {
            **row,
            "postings_index": _known(row["postings_index"], ".2f"),
            "ai_share": _known(row["ai_share"], ".1f", "%"),
        }
        for row in rows
    ]
    notes = []
    if has_postings:
        latest = page.value(points["postings_date"], "date")
        notes.append(
            f"Index: {context.base}, on the last date of each month that is known; the "
            f"latest is {latest}."
        )
    if first["ai_share_region"]:
        country = context.countries[first["ai_share_region"]]
        notes.append(
            f"AI share: of all job postings, those with AI-related terms, {country}."
        )
    notes.append(_sources(page, first["postings_source"], first["ai_share_source"]))
    lead = _postings(page, points) if has_postings else [f"{first['title']}: outlook"]
    columns = OUTLOOK_BY_MONTH.shown("title")
    return [
        paragraph(*lead),
        Figure(page, shown, columns, is_drawn=False),
        paragraph(" ".join(notes)),
    ]


def _known(number: float | None, form: str, unit: str = "") -> str | None:
    """Return a number with a unit; None if it is unknown."""
    return None if number is None else f"{number:{form}}{unit}"


def _chart(page: Page, row: Row) -> list[Block]:
    """Return the index of postings as a chart over time."""
    context: Context = page.answer.context
    drawn = [
        {**each, "date": each["postings_date"]}
        for each in context.months()
        if each["postings_index"] is not None
    ]
    column = Column("postings_index", "number", heading=f"Index ({context.base})")
    return [
        paragraph(*_postings(page, row)),
        Timeline(page, drawn, column),
        paragraph(_sources(page, row["postings_source"])),
    ]
