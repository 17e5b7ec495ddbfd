"""Whether the work grows, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.output.blocks import Figure, Heading, Timeline, paragraph
from mlroles.questions import PROJECTIONS, Column

if TYPE_CHECKING:
    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.queries.outlook import Context
    from mlroles.questions import Row

_POINTS = (
    Column("date", "date", heading="Date"),
    Column("index", "number", heading="Index"),
    Column("point", heading="Point"),
)
_AI_SHARE = (
    Column("country", "region", heading="Country"),
    Column("share", "number", heading="Share"),
    Column("date", "date", heading="Month"),
)


def outlook(page: Page, row: Row) -> list[Block]:
    """Projections of occupations, an index of postings, and the share about AI."""
    blocks: list[Block] = [Heading(f"{row['title']}: outlook")]
    if row["occupations"] and not page.chart:
        blocks += _projections(page, row["occupations"])
    if row["postings"]:
        blocks += _postings(page, row["postings"])
    context: Context = page.answer.context
    shares = context.shares
    if shares and not page.chart:
        title = "Share of all job postings that have AI-related terms:"
        # The table has countries that the data set has no pay of.
        names = page.answer.data.table("outlook")["ai_share"]["countries"]
        rows = [
            {**row, "country": names[row["country"]], "share": f"{row['share']:.1f}%"}
            for row in shares
        ]
        note = f"Source: {page.dated(shares[0]['source'])}."
        blocks += [paragraph(title), Figure(page, rows, _AI_SHARE)]
        blocks.append(paragraph(note))
    return blocks if len(blocks) > 1 else [*blocks, paragraph("No outlook.")]


def _projections(page: Page, rows: list[Row]) -> list[Block]:
    first = rows[0]
    title = "Official occupations that list the role (a different classification)"
    shown = [
        {
            **row,
            "occupation": f"{row['occupation']} ({row['soc']})",
            "change_percent": _percent(row["change_percent"]),
        }
        for row in rows
    ]
    figure = Figure(page, shown, PROJECTIONS)
    years = f"{first['base_year']}, and projected for {first['target_year']}"
    notes = [f"Employed: people, {years}. Openings: a year, on average."]
    others: dict[tuple[int, int], list[str]] = {}
    for row in rows:
        others.setdefault((row["base_year"], row["target_year"]), []).append(
            row["occupation"]
        )
    del others[first["base_year"], first["target_year"]]
    notes += [
        f"{', '.join(occupations)}: {base} and {target}."
        for (base, target), occupations in others.items()
    ]
    shared: dict[str, list[str]] = {}
    for row in rows:
        if row["openings_cover"] not in {None, row["occupation"]}:
            shared.setdefault(row["openings_cover"], []).append(row["occupation"])
    notes += [
        f"Openings and education of {' and of '.join(occupations)} are those of "
        f"several occupations together: {cover}."
        for cover, occupations in shared.items()
    ]
    sources = map(page.dated, dict.fromkeys(row["source"] for row in rows))
    notes.append(f"Source: {'; '.join(sources)}.")
    return [
        paragraph(f"{title}:"),
        figure,
        paragraph(" ".join(notes)),
    ]


def _percent(change: int | None) -> str | None:
    """Return a change in whole per cent with its sign."""
    return None if change is None else f"{change:+d}%" if change else "0%"


def _postings(page: Page, rows: list[Row]) -> list[Block]:
    """An index of the postings of a sector, as points or as a chart over time."""
    first = rows[0]
    context: Context = page.answer.context
    region = page.country(first["region"])
    title = (
        f"Job postings in {first['sector']}, {region}, as an index ({context.base}):"
    )
    if page.chart:
        heading = f"Index ({context.base})"
        figure: Block = Timeline(page, rows, _POINTS[1]._replace(heading=heading))
    else:
        points = context.points
        shown = [{**point, "index": f"{point['index']:.2f}"} for point in points]
        figure = Figure(page, shown, _POINTS)
    note = "The index covers the whole sector, not the role. Source: "
    note += f"{page.dated(first['source'])}."
    return [
        paragraph(title),
        figure,
        paragraph(note),
    ]
