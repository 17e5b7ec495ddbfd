"""Roles side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import is_thin
from mlroles.output.blocks import Figure, Note, Notes, note
from mlroles.output.pages.phrases import base_name, marked_thin, plural, thin_note
from mlroles.questions import COMPARE

if TYPE_CHECKING:
    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.questions import Column, Row

# The columns that people see, in their order.
_COMPARE = ("title", "median", "difference", "records", "openings", "average_salary")


def compare(page: Page, rows: list[Row]) -> list[Block]:
    """A table of roles, with notes on each kind of figure."""
    rows = [marked_thin(row) for row in rows]
    by_key = {column.key: column for column in COMPARE.columns}
    columns = [by_key[key] for key in _COMPARE]
    if not page.chart:
        columns = [_dated(column, rows) for column in columns]
    return [
        Figure(page, rows, columns),
        Notes(_pay_notes(page, rows)),
        Notes(_average_notes(page, rows)),
        Notes(_openings_notes(page, rows)),
    ]


def _dated(column: Column, rows: list[Row]) -> Column:
    """Return a column whose heading has the year of its figures: `Openings 2022`."""
    key = {"average_salary": "average_updated", "openings": "openings_updated"}.get(
        column.key
    )
    years = {row[key][:4] for row in rows if key and row[key]}
    if len(years) != 1:
        return column
    return column._replace(heading=f"{column.heading} {years.pop()}")


def _pay_notes(page: Page, rows: list[Row]) -> list[Note]:
    """Notes on the pay records whose figures are shown."""
    row = next((row for row in rows if row["median_source"]), None)
    if row is None:
        return []
    kind, source = page.kind(row["median_source"]), page.source(row["median_source"])
    unit = f"{kind}, {page.group(row)}, {page.unit(row)}, base pay."
    counted, median = plural(page, row["median_source"]), "median difference"
    records = f"Records: {counted}, {kind}, {page.group(row)}."
    relative = f"Difference: relative to {base_name(page)}."
    is_any_thin = any(is_thin(each["records"]) for each in rows)
    thin = thin_note(page, row["median_source"]) if is_any_thin else ""
    return [
        note(f"Median: {unit}", about=median),
        note(records, about="records", unless=median),
        note(relative, about="difference"),
        note(thin, about=f"records {median}"),
        note(f"Source: {source}.", about=f"records {median}"),
    ]


def _average_notes(page: Page, rows: list[Row]) -> list[Note]:
    averages = _origins(page, rows, "average_salary", "average_")
    text = f"Average: average base salary, {page.unit(rows[0])}. Source: {averages}."
    return [note(text, about="average_salary")] if averages else []


def _openings_notes(page: Page, rows: list[Row]) -> list[Note]:
    """Notes on when openings were counted, and how postings have moved since."""
    openings = _origins(page, rows, "openings", "openings_")
    if not openings:
        return []
    texts = [f"Openings: number of open jobs. Source: {openings}."]
    if postings := page.answer.data.postings:
        points = ", ".join(
            f"{value:g} on {page.value(date, 'date')}"
            for date, value in sorted(postings["points"].items())
        )
        texts.append(
            f"Job postings in {postings['sector']} since then, as an index: {points}. "
            f"Source: {page.source(postings['source'])}."
        )
    return [note(text, about="openings") for text in texts]


def _origins(page: Page, rows: list[Row], key: str, prefix: str = "") -> str:
    """Return the sources, dates and regions of the known figures in a column."""
    origins = {
        f"{page.origin(row, prefix)}, {page.country(row[f'{prefix}region'])}"
        for row in rows
        if row[key] is not None
    }
    return "; ".join(sorted(origins))
