"""Answers as people read them in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.columns import COLUMNS, MONEY, Column
from mlroles.places import occupation_of
from mlroles.text import a_period, long_date, money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mlroles.rows import Row
    from mlroles.text import Reader


def page(answer: Any, name: str, reader: Reader) -> str:
    """An answer for people: `name` says which command's, the text ends in a newline."""
    return _PAGES[name](answer, reader) + "\n"


def _table(rows: list[Row], columns: Sequence[Column], reader: Reader) -> str:
    """A table, and a line on what a narrow screen has no room for; or a chart."""
    if reader.chart:
        from mlroles.charts import chart  # noqa: PLC0415 - imports rich

        return chart(rows, columns, reader)

    from mlroles.tables import screen_table  # noqa: PLC0415 - imports tabulate

    text, gone = screen_table(rows, columns, reader)
    if not gone:
        return text
    return f"{text}\n{reader.prose('No room for: ' + ', '.join(gone) + '.')}"


def _describe(row: Row, reader: Reader) -> str:
    lists = [column for column in COLUMNS["describe"] if column.kind == "list"]
    pairs = [(c.heading, reader.cell(row[c.key], c.kind)) for c in lists]
    return "\n\n".join(
        [row["title"], reader.prose(row["description"]), reader.labelled(pairs)]
    )


def _duties(row: Row, reader: Reader) -> str:
    items = [
        reader.prose(duty, "   ", f"{number}. ")
        for number, duty in enumerate(row["duties"], 1)
    ]
    return "\n".join([row["title"], "", *items])


def _salary(row: Row, reader: Reader) -> str:
    return "\n\n".join([_headline(row, reader), *_distribution(row, reader)])


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
    what = (
        f"Survey, {reader.slice(survey)}: {survey['records']:,} records, "
        f"{reader.source(survey['source'])}"
    )
    columns = [c for c in COLUMNS["salary-by"] if c.kind == MONEY]
    return [f"{reader.prose(what)}\n\n{_table([survey], columns, reader)}"]


def _salary_by(rows: list[Row], reader: Reader) -> str:
    if not rows:
        return "No pay on record."
    split = ("year", "country", "experience", "work_mode")
    same = {key for key in split if len({row[key] for row in rows}) == 1}
    shared = {key: rows[0][key] if key in same else None for key in split}
    where = reader.slice(shared) if "country" in same else str(shared["year"])
    columns = [c for c in COLUMNS["salary-by"][2:] if c.key not in same]
    return "\n\n".join(
        [
            reader.prose(f"{rows[0]['title']}: {where}"),
            _table(rows, columns, reader),
            reader.prose(_unit(rows[0]) + f" Source: {_origin(rows[0], reader)}."),
        ]
    )


def _locations(rows: list[Row], reader: Reader) -> str:
    if not rows:
        return "No pay by place on record."
    first = rows[0]
    notes = [_unit(first)]
    if first["difference"] is not None:
        whole = reader.cell(first["median"] - first["difference"], MONEY)
        base = reader.country(reader.base) if reader.base else "the whole country"
        notes.append(f"Difference to the median of {base}, {whole}.")
    notes.append(f"Source: {_origin(first, reader)}.")
    stands_in = occupation_of(reader.data, first["role"], first["source"])
    if stands_in:
        notes.append(
            f"The figures are those of a wider official occupation, {stands_in}, "
            "which stands in for the role."
        )
    columns = COLUMNS["locations"][2:]
    return "\n\n".join(
        [
            reader.prose(f"{first['title']}: pay by {_LEVELS[first['level']]}"),
            _table(rows, columns, reader),
            reader.prose(" ".join(notes)),
        ]
    )


def _offer(row: Row, reader: Reader) -> str:
    figure = money(row["offer"], row["currency"])
    lead = f"{figure} {a_period(row['period'])}"
    if row["records"] is None:
        return reader.prose(f"{lead}: too few records of {row['title']} to say")
    side = "below the 5th" if row["difference"] < 0 else "above the 95th"
    rank = row["percentile"]
    stands = f"{side} percentile" if rank is None else f"percentile {rank:g}"
    gap = money(abs(row["difference"]), row["currency"])
    than = "less than" if row["difference"] < 0 else "more than"
    median = money(row["median"], row["currency"])
    return "\n".join(
        [
            f"{lead}: {stands}",
            reader.prose(
                f"{row['title']}, {reader.slice(row)}: {row['records']:,} records, "
                f"{reader.source(row['source'])}"
            ),
            reader.prose(f"{gap} {than} the median of {median}"),
        ]
    )


def _compare(rows: list[Row], reader: Reader) -> str:
    return "\n\n".join(
        [
            _table(rows, COLUMNS["compare"], reader),
            *(reader.prose(note) for note in _compare_notes(rows, reader)),
        ]
    )


def _compare_notes(rows: list[Row], reader: Reader) -> Iterator[str]:
    # A chart draws one of the two.
    survey_drawn = (reader.sort or "").startswith("survey")
    headlines = [row for row in rows if row["source"]]
    surveyed = [row for row in rows if row["survey_source"]]
    if reader.chart:
        headlines, surveyed = ([], surveyed) if survey_drawn else (headlines, [])
    if headlines:
        origins = {
            f"{_origin(row, reader)}, {reader.country(row['region'])}"
            for row in headlines
        }
        yield (
            f"Salary: average base salary, {_unit(headlines[0])} Difference to "
            f"{reader.title(reader.base)} (*). Source: {'; '.join(sorted(origins))}."
        )
    if surveyed:
        row = surveyed[0]
        country = row["survey_country"]
        place = reader.country(country) if country else "all countries"
        yield (
            f"Median and records: survey, {row['survey_year']}, {place}. "
            f"Source: {reader.source(row['survey_source'])}."
        )


def _unit(row: Row) -> str:
    return f"{row['currency']} {a_period(row['period'])}."


def _origin(row: Row, reader: Reader) -> str:
    """The source of a row's figures, and their date where the row has one."""
    dates = [long_date(row["updated"])] if row.get("updated") else []
    return ", ".join([reader.source(row["source"]), *dates])


def _faq(rows: list[Row], reader: Reader) -> str:
    if not rows:
        return "No questions on record."
    return "\n\n".join(
        f"{reader.prose(row['question'])}\n{reader.prose(row['answer'], '  ')}"
        for row in rows
    )


def _roles(rows: list[Row], reader: Reader) -> str:
    return f"{_table(rows, COLUMNS['roles'], reader)}\n\n* the default role"


def _sources(rows: list[Row], reader: Reader) -> str:
    return "\n\n".join(_source(row, reader) for row in rows)


def _source(row: Row, reader: Reader) -> str:
    single = [c for c in COLUMNS["sources"] if c.kind != "list"]
    pairs = [(c.heading, reader.cell(row[c.key], c.kind)) for c in single]
    labels = ["Caveats", *[""] * len(row["caveats"])]
    return reader.labelled([*pairs, *zip(labels, row["caveats"], strict=False)])


def _show(parts: dict[str, Any], reader: Reader) -> str:
    of_one = {key: row["title"] for key, row in parts.items() if isinstance(row, dict)}
    sections: list[str] = []
    for key, part in parts.items():
        text = _PAGES[key](part, reader)
        # The title stands once, at the top of the page.
        text = text.removeprefix(f"{of_one.get(key)}\n\n") if sections else text
        heading = _HEADINGS[key]
        sections.append(
            f"{heading}\n{'-' * len(heading)}\n{text}" if sections else text
        )
    return "\n\n".join(sections)


_HEADINGS = {
    "describe": "Description",
    "duties": "Duties",
    "salary": "Salary",
    "compare": "Similar roles",
    "faq": "Questions",
}
_LEVELS = {"metro": "US metro area", "state": "US state", "country": "country"}
_PAGES: dict[str, Callable[[Any, Reader], str]] = {
    "describe": _describe,
    "duties": _duties,
    "salary": _salary,
    "salary-by": _salary_by,
    "compare": _compare,
    "locations": _locations,
    "offer": _offer,
    "faq": _faq,
    "roles": _roles,
    "sources": _sources,
    "show": _show,
}
