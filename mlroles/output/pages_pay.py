"""Answers about pay as people read them in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import CELL
from mlroles.output.columns import COLUMNS, MONEY, Column
from mlroles.output.values import a_period, in_words, long_date, money
from mlroles.queries.locations import NAMES, base_median

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.output.values import Reader
    from mlroles.queries.rows import Row

_DIFFERENCE = "Difference"


def table(rows: list[Row], columns: Sequence[Column], reader: Reader) -> str:
    """A table, and a line on what a narrow screen has no room for; or a chart."""
    return _drawn(rows, columns, reader)[0]


def _drawn(
    rows: list[Row], columns: Sequence[Column], reader: Reader
) -> tuple[str, list[str]]:
    """A table or a chart, and the headings of the columns that it leaves out."""
    if reader.chart:
        from mlroles.output.charts import chart

        return chart(rows, columns, reader), [column.heading for column in columns]

    from mlroles.output import tables

    if reader.style:
        return tables.table(rows, columns, reader, reader.style), []
    text, gone = tables.screen_table(rows, columns, reader)
    if gone:
        text += f"\n{reader.prose('No room for: ' + ', '.join(gone) + '.')}"
    return text, gone


def salary_page(row: Row, reader: Reader) -> str:
    """The headline and what the survey found; first what was asked for."""
    parts = [_headline(row, reader), *_distribution(row, reader)]
    return "\n\n".join(reversed(parts) if reader.asked else parts)


def _headline(row: Row, reader: Reader) -> str:
    if row["average_salary"] is None:
        return reader.prose(f"{row['title']}: no source gives an average salary")
    figure = money(row["average_salary"], row["currency"])
    origin = [f"updated {long_date(row['updated'])}", reader.source(row["source"])]
    if row["reports"] is not None:
        origin.insert(0, f"{row['reports']:,} salaries reported")
    region = reader.country(row["region"])
    return "\n".join(
        [
            f"{figure} {a_period(row['period'])}",
            reader.prose(f"{row['title']}: average base salary, {region}"),
            reader.prose(", ".join(origin)),
        ]
    )


def _distribution(row: Row, reader: Reader) -> list[str]:
    survey = row["survey"]
    if survey is None:
        return []
    lead = f"{row['title']}: survey" if reader.asked else "Survey"
    what = (
        f"{lead}, {reader.slice(survey)}: {survey['records']:,} records, "
        f"{reader.source(survey['source'])}"
    )
    # A chart has its first column beside what it draws.
    keys = ["year"] if reader.chart else []
    columns = [c for c in COLUMNS["salary-by"] if c.kind == MONEY or c.key in keys]
    return [f"{reader.prose(what)}\n\n{table([survey], columns, reader)}"]


def salary_by_page(rows: list[Row], reader: Reader) -> str:
    """The survey opened up: what the rows have in common stands above them."""
    if not rows:
        return "No pay on record."
    split = ("year", "country", "experience", "work_mode")
    same = {key for key in split if len({row[key] for row in rows}) == 1} - {reader.by}
    shared = {key: rows[0][key] if key in same else None for key in split}
    where = reader.slice(shared, everywhere="country" in same)
    columns = [c for c in COLUMNS["salary-by"][2:] if c.key not in same]
    return "\n\n".join(
        [
            reader.prose(f"{rows[0]['title']}: {where}"),
            table(rows, columns, reader),
            reader.prose(_unit(rows[0]) + f" Source: {_origin(rows[0], reader)}."),
        ]
    )


def locations_page(rows: list[Row], reader: Reader) -> str:
    """The places, what they are compared with, and what stands in for the role."""
    if not rows:
        return "No places to show."
    first = rows[0]
    text, left_out = _drawn(rows, COLUMNS["locations"][2:], reader)
    notes = [_unit(first)]
    if first["difference"] is not None and _DIFFERENCE not in left_out:
        whole = reader.cell(base_median(reader.data, first, reader.base), MONEY)
        country = reader.base and f"{reader.country(reader.base)} (*)"
        base = country or "the median of the whole country"
        notes.append(f"Difference to {base}, {whole}.")
    notes.append(f"Source: {_origin(first, reader)}.")
    if first["occupation"]:
        notes.append(
            "The figures are those of a wider official occupation, "
            f"{first['occupation']}, which stands in for the role."
        )
    title = f"{first['title']}: pay by {NAMES[first['level']]}"
    what = (title, first["experience"], first["work_mode"])
    return "\n\n".join(
        [
            reader.prose(", ".join(filter(None, what))),
            text,
            reader.prose(" ".join(notes)),
        ]
    )


def offer_page(row: Row, reader: Reader) -> str:
    """Where an offer stands, among how many records, and its gap to the median."""
    figure = money(row["offer"], row["currency"])
    lead = f"{figure} {a_period(row['period'])}"
    if row["records"] is None:
        return reader.prose(f"{lead}: too few records of {row['title']} to say")
    side = "below the 5th" if row["difference"] < 0 else "above the 95th"
    rank = row["percentile"]
    stands = f"{side} percentile" if rank is None else f"percentile {rank:g}"
    than = "less than" if row["difference"] < 0 else "more than"
    gap = f"{money(abs(row['difference']), row['currency'])} {than}"
    median = money(row["median"], row["currency"])
    return "\n".join(
        [
            f"{lead}: {stands}",
            reader.prose(
                f"{row['title']}, {reader.slice(row)}: {row['records']:,} records, "
                f"{reader.source(row['source'])}"
            ),
            reader.prose(
                f"{gap if row['difference'] else 'equal to'} the median of {median}"
            ),
        ]
    )


def compare_page(rows: list[Row], reader: Reader) -> str:
    """The roles side by side, and where their figures come from."""
    text, left_out = _drawn(rows, COLUMNS["compare"], reader)
    notes = [_headline_note, _survey_note]
    if reader.chart:
        # It draws a figure of one of the two.
        of_survey = (reader.sort or "").startswith("survey")
        notes = [_survey_note if of_survey else _headline_note]
    said = (note(rows, left_out, reader) for note in notes)
    return "\n\n".join([text, *(reader.prose(note) for note in said if note)])


def _headline_note(rows: list[Row], left_out: list[str], reader: Reader) -> str:
    salaries = _origins(rows, reader, "average_salary")
    openings = _origins(rows, reader, "openings", "openings_")
    of_openings = f"Openings: open positions. Source: {openings}."
    if reader.chart and reader.sort == "openings":
        return of_openings if openings else ""
    notes = []
    if salaries:
        notes.append(f"Salary: average base salary, {_unit(rows[0])}")
        compared = any(row["difference"] is not None for row in rows)
        if compared and _DIFFERENCE not in left_out:
            notes.append(f"Difference to {reader.title(reader.base)} (*).")
        notes.append(f"Source: {salaries}.")
    if openings not in {"", salaries} and not reader.chart:
        notes.append(of_openings)
    return " ".join(notes)


def _origins(rows: list[Row], reader: Reader, key: str, prefix: str = "") -> str:
    """The sources, dates and regions of the rows' figures of a key."""
    found = {
        f"{_origin(row, reader, prefix)}, {reader.country(row[f'{prefix}region'])}"
        for row in rows
        if row[key] is not None
    }
    return "; ".join(sorted(found))


def _survey_note(rows: list[Row], left_out: list[str], reader: Reader) -> str:
    row = next((row for row in rows if row["survey_source"]), None)
    if row is None:
        return ""
    slice_ = {key: row[f"survey_{key}"] for key in CELL[:4]}
    shown = [
        column.heading
        for column in COLUMNS["compare"]
        if column.heading and column.key.startswith("survey_")
        if column.heading not in left_out or column.key == reader.sort
    ]
    return (
        f"{in_words(shown).capitalize()}: survey, {reader.slice(slice_)}. "
        f"Source: {reader.source(row['survey_source'])}."
    )


def _unit(row: Row) -> str:
    return f"{row['currency']} {a_period(row['period'])}."


def _origin(row: Row, reader: Reader, prefix: str = "") -> str:
    """The source of a row's figures, and their date where the row has one."""
    updated = row.get(f"{prefix}updated")
    dates = [long_date(updated)] if updated else []
    return ", ".join([reader.source(row[f"{prefix}source"]), *dates])
