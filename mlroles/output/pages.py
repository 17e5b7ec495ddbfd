"""Answers as pages for people: blocks of text, tables and charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.output.columns import COLUMNS, Column
from mlroles.output.markup import (
    Block,
    Drawing,
    Facts,
    Heading,
    Items,
    Paragraph,
    Questions,
    render,
)
from mlroles.output.values import (
    Formatter,
    formatter,
    join_words,
    money,
    per,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlroles.output.formats import Layout
    from mlroles.queries.answer import Answer, Base, Row

_LEVELS = {"metro": "US metro area", "state": "US state", "country": "country"}


def page(answer: Answer[Any], layout: Layout) -> str:
    """Return an answer as a page that ends with a newline."""
    return render(blocks(answer, layout), layout) + "\n"


def blocks(answer: Answer[Any], layout: Layout) -> list[Block]:
    """Return the blocks of an answer's page."""
    return _PAGES[answer.question](answer, formatter(answer, layout), layout)


def _describe(answer: Answer[Row], fmt: Formatter, layout: Layout) -> list[Block]:
    return [Heading(answer.rows["title"]), *_description(answer, fmt, layout)]


def _description(answer: Answer[Row], fmt: Formatter, _layout: Layout) -> list[Block]:
    row = answer.rows
    lists = [column for column in COLUMNS["describe"] if column.kind == "list"]
    facts = [(column.heading, fmt.value(row[column.key], "list")) for column in lists]
    return [Paragraph([row["description"]]), Facts(facts)]


def _duties(answer: Answer[Row], _fmt: Formatter, _layout: Layout) -> list[Block]:
    return [Heading(answer.rows["title"]), Items(answer.rows["duties"])]


def _faq(answer: Answer[list[Row]], _fmt: Formatter, _layout: Layout) -> list[Block]:
    if not answer.rows:
        return [Paragraph(["No questions."])]
    return [Questions([(row["question"], row["answer"]) for row in answer.rows])]


def _roles(answer: Answer[list[Row]], fmt: Formatter, layout: Layout) -> list[Block]:
    drawn, shown = _figure(answer, answer.rows, COLUMNS["roles"], fmt, layout)
    if not answer.base or "title" not in shown:
        return [drawn]
    name = _base_name(answer.base, answer.rows)
    return [drawn, Paragraph([f"Default role: {name}."])]


def _sources(answer: Answer[list[Row]], fmt: Formatter, _layout: Layout) -> list[Block]:
    return [Facts(_source(row, fmt)) for row in answer.rows]


def _source(row: Row, fmt: Formatter) -> list[tuple[str, str]]:
    facts = [
        (column.heading, fmt.value(row[column.key], column.kind))
        for column in COLUMNS["sources"]
        if column.kind != "list"
    ]
    labels = ["Caveats", *[""] * len(row["caveats"])]
    return [*facts, *zip(labels, row["caveats"], strict=False)]


def _show(answer: Answer[Any], _fmt: Formatter, layout: Layout) -> list[Block]:
    parts = answer.parts
    found: list[Block] = [Heading(parts["describe"].rows["title"])]
    found += _description(parts["describe"], formatter(answer, layout), layout)
    found += [Heading("Duties", 2), Items(parts["duties"].rows["duties"])]
    for name, title in (
        ("salary", "Salary"),
        ("compare", "Similar roles"),
        ("faq", "Questions"),
    ):
        found += [Heading(title, 2), *blocks(parts[name], layout)]
    return found


def _salary(answer: Answer[Row], fmt: Formatter, layout: Layout) -> list[Block]:
    """The headline and the distribution; with filters, the distribution first."""
    headline, distribution = _headline(answer.rows, fmt), []
    pay = answer.rows["survey"]
    filtered = bool(answer.filters.names())
    if pay is not None:
        subject = [answer.rows["title"]] if filtered else []
        what = ": ".join([*subject, f"Pay distribution, {fmt.group(pay)}"])
        source = f"{pay['records']:,} records, {fmt.source(pay['source'])}"
        # In a chart, the year labels the bar.
        keys = {"year"} if layout.chart else set()
        columns = [
            column
            for column in COLUMNS["salary-by"]
            if column.kind == "money" or column.key in keys
        ]
        drawn, _ = _figure(answer, [pay], columns, fmt, layout)
        distribution = [Paragraph([f"{what}: {source}"]), drawn]
        if answer.rows["average_salary"] is None:
            # Otherwise the headline states the unit.
            distribution.append(Paragraph([f"{_unit(pay)}."]))
    return [*distribution, headline] if filtered else [headline, *distribution]


def _headline(row: Row, fmt: Formatter) -> Block:
    if row["average_salary"] is None:
        return Paragraph([f"{row['title']}: no source gives an average salary"])
    reports = row["reports"]
    origin = [] if reports is None else [f"{reports:,} salaries reported"]
    origin.append(f"updated {fmt.value(row['updated'], 'date')}")
    region = fmt.country(row["region"])
    return Paragraph(
        [
            f"{money(row['average_salary'], row['currency'])} {per(row['period'])}",
            f"{row['title']}: average base salary, {region}",
            ", ".join([*origin, fmt.source(row["source"])]),
        ]
    )


def _salary_by(
    answer: Answer[list[Row]], fmt: Formatter, layout: Layout
) -> list[Block]:
    """The groups; what they have in common is in the title, not in columns."""
    rows = answer.rows
    if not rows:
        return [Paragraph(["No pay records."])]
    dimensions = ("year", "country", "experience", "work_mode")
    common = {
        key
        for key in dimensions
        if key != answer.by and len({row[key] for row in rows}) == 1
    }
    shared = {key: rows[0][key] if key in common else None for key in dimensions}
    title = fmt.group(shared, all_countries="country" in common)
    columns = [
        column
        for column in COLUMNS["salary-by"]
        if column.key not in {*common, "title"}
    ]
    drawn, _ = _figure(answer, rows, columns, fmt, layout)
    return [
        Paragraph([f"{rows[0]['title']}: {title}"]),
        drawn,
        Paragraph([f"{_unit(rows[0])}. Source: {fmt.origin(rows[0])}."]),
    ]


def _locations(
    answer: Answer[list[Row]], fmt: Formatter, layout: Layout
) -> list[Block]:
    if not answer.rows:
        return [Paragraph(["No places."])]
    first = answer.rows[0]
    columns = [column for column in COLUMNS["locations"] if column.key != "title"]
    drawn, shown = _figure(answer, answer.rows, columns, fmt, layout)
    notes = [f"{_unit(first)}."]
    if answer.base and "difference" in shown:
        amount = money(answer.base.amount or 0, first["currency"])
        name = _base_name(answer.base, answer.rows)
        notes.append(f"Difference: relative to {name}, {amount}.")
    notes.append(f"Source: {fmt.origin(first)}.")
    if first["occupation"]:
        notes.append(
            f"The figures are those of an official occupation, {first['occupation']}, "
            "which is wider than the role and used as a proxy for it."
        )
    title = f"{first['title']}: pay by {_LEVELS[first['level']]}"
    parts = [title, first["experience"], first["work_mode"]]
    return [
        Paragraph([", ".join(filter(None, parts))]),
        drawn,
        Paragraph([" ".join(notes)]),
    ]


def _offer(answer: Answer[Row], fmt: Formatter, _layout: Layout) -> list[Block]:
    row = answer.rows
    amount = f"{money(row['offer'], row['currency'])} {per(row['period'])}"
    if row["records"] is None:
        return [Paragraph([f"{amount}: too few records of {row['title']}"])]
    less = row["difference"] < 0
    if row["percentile"] is None:
        rank = f"{'below the 5th' if less else 'above the 95th'} percentile"
    else:
        rank = f"percentile {row['percentile']:g}"
    gap = money(abs(row["difference"]), row["currency"])
    records = f"{row['records']:,} records, {fmt.source(row['source'])}"
    position = (
        f"{gap} {'below' if less else 'above'}" if row["difference"] else "equal to"
    )
    return [
        Paragraph(
            [
                f"{amount}: {rank}",
                f"{row['title']}, {fmt.group(row)}: {records}",
                f"{position} the median of {money(row['median'], row['currency'])}",
            ]
        )
    ]


def _compare(answer: Answer[list[Row]], fmt: Formatter, layout: Layout) -> list[Block]:
    drawn, shown = _figure(answer, answer.rows, COLUMNS["compare"], fmt, layout)
    notes = [_average_note(answer, fmt, shown), _pay_note(answer, fmt, shown)]
    return [drawn, *(Paragraph([note]) for note in notes if note)]


def _average_note(answer: Answer[list[Row]], fmt: Formatter, shown: set[str]) -> str:
    """A note on the averages and the openings that are shown."""
    notes = []
    averages = _origins(answer.rows, fmt, "average_salary")
    openings = _origins(answer.rows, fmt, "openings", "openings_")
    if averages and shown & {"average_salary", "difference"}:
        notes.append(f"Average: average base salary, {_unit(answer.rows[0])}.")
        if answer.base and "difference" in shown:
            name = _base_name(answer.base, answer.rows)
            notes.append(f"Difference: relative to {name}.")
        notes.append(f"Source: {averages}.")
    else:
        averages = ""
    if openings not in {"", averages} and "openings" in shown:
        notes.append(f"Openings: number of open jobs. Source: {openings}.")
    return " ".join(notes)


def _pay_note(answer: Answer[list[Row]], fmt: Formatter, shown: set[str]) -> str:
    """A note on the pay records whose figures are shown."""
    row = next((row for row in answer.rows if row["survey_source"]), None)
    headings = [
        column.heading
        for column in COLUMNS["compare"]
        if column.key in shown and column.key in {"survey_median", "survey_records"}
    ]
    if row is None or not headings:
        return ""
    # If averages are shown, too, their note states the unit.
    is_only_pay = not shown & {"average_salary", "difference"}
    unit = f"{_unit(row)}. " if "survey_median" in shown and is_only_pay else ""
    return (
        f"{unit}{join_words(headings).capitalize()}: {fmt.group(row, 'survey_')}. "
        f"Source: {fmt.source(row['survey_source'])}."
    )


def _origins(rows: list[Row], fmt: Formatter, key: str, prefix: str = "") -> str:
    """Return the sources, dates and regions of the known figures in a column."""
    origins = {
        f"{fmt.origin(row, prefix)}, {fmt.country(row[f'{prefix}region'])}"
        for row in rows
        if row[key] is not None
    }
    return "; ".join(sorted(origins))


def _base_name(base: Base, rows: list[Row]) -> str:
    """Return what differences are relative to, with the mark of its row if shown."""
    is_shown = base.id in {row.get("code", row["role"]) for row in rows}
    return f"{base.name} (*)" if is_shown else base.name


def _figure(
    answer: Answer[Any],
    rows: list[Row],
    columns: Sequence[Column],
    fmt: Formatter,
    layout: Layout,
) -> tuple[Block, set[str]]:
    """Return a table, or a chart if one is wanted, and the keys that it shows."""
    if layout.chart:
        from mlroles.output.charts import chart

        text, drawn = chart(answer, rows, columns, fmt, layout)
        return Drawing(text), drawn

    from mlroles.output.tables import table

    drawn_table = table(answer, rows, columns, fmt, layout)
    shown = {
        column.key
        for column in columns
        if column.heading
        and column.heading not in drawn_table.hidden
        and any(row[column.key] is not None for row in rows)
    }
    return drawn_table, shown


def _unit(row: Row) -> str:
    return f"{row['currency']} {per(row['period'])}"


_PAGES: dict[str, Callable[[Answer[Any], Formatter, Layout], list[Block]]] = {
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
