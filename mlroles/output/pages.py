"""What people read: the page of every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.output.columns import COLUMNS
from mlroles.output.markup import Page, new_page
from mlroles.output.values import per
from mlroles.queries.answer import Base

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlroles.output.formats import Layout
    from mlroles.queries.answer import Answer, Row

_LEVELS = {"metro": "US metro area", "state": "US state", "country": "country"}


def render(answer: Answer[Any], layout: Layout) -> str:
    """Return the page of an answer, which ends with a newline."""
    return "\n\n".join(_blocks(answer, layout)) + "\n"


def _blocks(answer: Answer[Any], layout: Layout) -> list[str]:
    return _PAGES[answer.question](new_page(answer, layout), answer.rows)


def _describe(page: Page, row: Row) -> list[str]:
    return [page.heading(row["title"]), *_description(page, row)]


def _description(page: Page, row: Row) -> list[str]:
    lists = [column for column in COLUMNS["describe"] if column.kind == "list"]
    facts = [(column.heading, page.value(row[column.key], "list")) for column in lists]
    return [page.paragraph(row["description"]), page.facts(facts)]


def _duties(page: Page, row: Row) -> list[str]:
    return [page.heading(row["title"]), page.items(row["duties"])]


def _faq(page: Page, rows: list[Row]) -> list[str]:
    if not rows:
        return [page.paragraph("No questions.")]
    return [page.questions([(row["question"], row["answer"]) for row in rows])]


def _roles(page: Page, rows: list[Row]) -> list[str]:
    table, shown = page.figure(rows, COLUMNS["roles"])
    if "title" not in shown:
        return [table]
    return [table, page.paragraph(f"Default role: {_base_name(page)}.")]


def _sources(page: Page, rows: list[Row]) -> list[str]:
    single = [column for column in COLUMNS["sources"] if column.kind != "list"]
    blocks = []
    for row in rows:
        facts = [
            (each.heading, page.value(row[each.key], each.kind)) for each in single
        ]
        labels = ["Caveats", *[""] * len(row["caveats"])]
        blocks.append(page.facts([*facts, *zip(labels, row["caveats"], strict=False)]))
    return blocks


def _show(page: Page, rows: dict[str, Any]) -> list[str]:
    parts = page.answer.parts
    return [
        page.heading(rows["describe"]["title"]),
        *_description(page, rows["describe"]),
        page.heading("Duties", 2),
        page.items(rows["duties"]["duties"]),
        page.heading("Salary", 2),
        *_blocks(parts["salary"], page.layout),
        page.heading("Similar roles", 2),
        *_blocks(parts["compare"], page.layout),
        page.heading("Questions", 2),
        *_blocks(parts["faq"], page.layout),
    ]


def _salary(page: Page, row: Row) -> list[str]:
    """The headline and the distribution; with filters, the distribution first."""
    headline, pay = _headline(page, row), row["survey"]
    if pay is None:
        return [headline]
    source = f"{pay['records']:,} records, {page.source(pay['source'])}"
    distribution = f"Pay distribution, {page.group(pay)}: {source}"
    # In a chart, the year labels the bar.
    label = "year" if page.layout.chart else ""
    columns = COLUMNS["salary-by"]
    columns = tuple(c for c in columns if c.kind == "money" or c.key == label)
    figure, _ = page.figure([pay], columns)
    # The headline states the unit, if there is one.
    unit = [page.paragraph(f"{page.unit(pay)}.")] if not row["average_salary"] else []
    if page.answer.filters.names():
        title = page.paragraph(f"{row['title']}: {distribution}")
        return [title, figure, *unit, headline]
    return [headline, page.paragraph(distribution), figure, *unit]


def _headline(page: Page, row: Row) -> str:
    if row["average_salary"] is None:
        return page.paragraph(f"{row['title']}: no source gives an average salary")
    reports = row["reports"]
    origin = [] if reports is None else [f"{reports:,} salaries reported"]
    origin.append(f"updated {page.value(row['updated'], 'date')}")
    return page.paragraph(
        f"{page.money(row['average_salary'])} {per(row['period'])}",
        f"{row['title']}: average base salary, {page.country(row['region'])}",
        ", ".join([*origin, page.source(row["source"])]),
    )


def _salary_by(page: Page, rows: list[Row]) -> list[str]:
    """The groups; what they have in common is in the title, not in columns."""
    if not rows:
        return [page.paragraph("No pay records.")]
    dimensions = ("year", "country", "experience", "work_mode")
    values = {key: {row[key] for row in rows} for key in dimensions}
    common = {key for key in dimensions if len(values[key]) == 1}
    common.discard(page.answer.by or "")
    shared = {key: rows[0][key] if key in common else None for key in dimensions}
    group = page.group(shared, all_countries="country" in common)
    hidden = {*common, "title"}
    figure, _ = page.figure(
        rows, [column for column in COLUMNS["salary-by"] if column.key not in hidden]
    )
    note = f"{page.unit(rows[0])}. Source: {page.origin(rows[0])}."
    title = page.paragraph(f"{rows[0]['title']}: {group}")
    return [title, figure, page.paragraph(note)]


def _locations(page: Page, rows: list[Row]) -> list[str]:
    if not rows:
        return [page.paragraph("No places.")]
    first, base = rows[0], page.answer.base
    title = f"{first['title']}: pay by {_LEVELS[first['level']]}"
    parts = [title, first["experience"], first["work_mode"]]
    columns = [column for column in COLUMNS["locations"] if column.key != "title"]
    figure, shown = page.figure(rows, columns)
    notes = [f"{page.unit(first)}."]
    if base and "difference" in shown:
        median = page.money(base.amount or 0)
        notes.append(f"Difference: relative to {_base_name(page)}, {median}.")
    notes.append(f"Source: {page.origin(first)}.")
    if first["occupation"]:
        notes.append(
            f"The figures are those of an official occupation, {first['occupation']}, "
            "which is wider than the role and used as a proxy for it."
        )
    title = ", ".join(filter(None, parts))
    return [page.paragraph(title), figure, page.paragraph(" ".join(notes))]


def _offer(page: Page, row: Row) -> list[str]:
    amount = f"{page.money(row['offer'])} {per(row['period'])}"
    if row["records"] is None:
        return [page.paragraph(f"{amount}: too few records of {row['title']}")]
    less = row["difference"] < 0
    rank = f"{'below the 5th' if less else 'above the 95th'} percentile"
    if row["percentile"] is not None:
        rank = f"percentile {row['percentile']:g}"
    gap = page.money(abs(row["difference"]))
    side = f"{gap} {'below' if less else 'above'}" if row["difference"] else "equal to"
    records = f"{row['records']:,} records, {page.source(row['source'])}"
    return [
        page.paragraph(
            f"{amount}: {rank}",
            f"{row['title']}, {page.group(row)}: {records}",
            f"{side} the median of {page.money(row['median'])}",
        )
    ]


def _compare(page: Page, rows: list[Row]) -> list[str]:
    figure, shown = page.figure(rows, COLUMNS["compare"])
    notes = [_average_note(page, rows, shown), _pay_note(page, rows, shown)]
    return [figure, *(page.paragraph(note) for note in notes if note)]


def _average_note(page: Page, rows: list[Row], shown: set[str]) -> str:
    """A note on the averages and the openings that are shown."""
    notes = []
    averages = _origins(page, rows, "average_salary")
    openings = _origins(page, rows, "openings", "openings_")
    if averages and shown & {"average_salary", "difference"}:
        notes.append(f"Average: average base salary, {page.unit(rows[0])}.")
        if "difference" in shown:
            notes.append(f"Difference: relative to {_base_name(page)}.")
        notes.append(f"Source: {averages}.")
    if openings and "openings" in shown and not (notes and openings == averages):
        notes.append(f"Openings: number of open jobs. Source: {openings}.")
    return " ".join(notes)


def _pay_note(page: Page, rows: list[Row], shown: set[str]) -> str:
    """A note on the pay records whose figures are shown."""
    row = next((row for row in rows if row["survey_source"]), None)
    figures = {"survey_median", "survey_records"} & shown
    if row is None or not figures:
        return ""
    headings = [each.heading for each in COLUMNS["compare"] if each.key in figures]
    # If averages are shown, too, their note states the unit.
    is_only_pay = not shown & {"average_salary", "difference"}
    unit = f"{page.unit(row)}. " if "survey_median" in shown and is_only_pay else ""
    group = page.group(row, "survey_")
    source = page.source(row["survey_source"])
    return f"{unit}{' and '.join(headings).capitalize()}: {group}. Source: {source}."


def _origins(page: Page, rows: list[Row], key: str, prefix: str = "") -> str:
    """Return the sources, dates and regions of the known figures in a column."""
    origins = {
        f"{page.origin(row, prefix)}, {page.country(row[f'{prefix}region'])}"
        for row in rows
        if row[key] is not None
    }
    return "; ".join(sorted(origins))


def _base_name(page: Page) -> str:
    """Return what differences are relative to, with the mark of its row if shown."""
    base = page.answer.base or Base("")
    is_shown = base.id in {row.get("code", row["role"]) for row in page.answer.rows}
    return f"{base.name} (*)" if is_shown else base.name


_PAGES: dict[str, Callable[[Page, Any], list[str]]] = {
    "describe": _describe,
    "duties": _duties,
    "faq": _faq,
    "roles": _roles,
    "sources": _sources,
    "show": _show,
    "salary": _salary,
    "salary-by": _salary_by,
    "locations": _locations,
    "offer": _offer,
    "compare": _compare,
}
