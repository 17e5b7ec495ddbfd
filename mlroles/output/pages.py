"""What people read: the page of every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import THIN_RECORDS, round_percentile
from mlroles.output.columns import (
    AI_SHARE,
    COLUMNS,
    EVIDENCE,
    POINTS,
    PROJECTIONS,
)
from mlroles.output.markup import COUNT_NAMES, KIND_NAMES, Page, new_page
from mlroles.output.values import per
from mlroles.queries.answer import Base, known_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlroles.output.columns import Column
    from mlroles.output.formats import Layout
    from mlroles.queries.answer import Answer, Row

_SEVERAL = 2
_DETAILS = {
    "sector": "industry sector", "subsector": "industry subsector",
    "group": "industry group", "industry": "detailed industry",
}  # fmt: skip
_LEVELS = {"metro": "US metro area", "state": "US state", "country": "country"}


def render(answer: Answer[Any], layout: Layout) -> str:
    """Return the page of an answer, which ends with a newline."""
    return "\n\n".join(_blocks(answer, layout)) + "\n"


def _blocks(answer: Answer[Any], layout: Layout) -> list[str]:
    return _PAGES[answer.question](new_page(answer, layout), answer.rows)


def _describe(page: Page, row: Row) -> list[str]:
    return [page.heading(row["title"]), *_description(page, row)]


def _description(page: Page, row: Row) -> list[str]:
    columns = [column for column in COLUMNS["describe"] if column.kind == "list"]
    if not row["technologies"]:
        columns = [column for column in columns if column.key != "technologies"]
    facts = [(each.heading, page.value(row[each.key], "list")) for each in columns]
    blocks = [page.paragraph(row["description"]), page.facts(facts)]
    if row["technologies"]:
        source = page.answer.parts["technologies"].rows["source"]
        blocks.append(
            page.paragraph(
                "Technologies: in demand in official occupations that list the role "
                f"and are wider than it. Source: {page.dated(source)}."
            )
        )
    return blocks


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
    columns = [column for column in COLUMNS["sources"] if column.heading]
    single = [column for column in columns if column.kind != "list"]
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
        *_blocks(parts["describe"], page.layout),
        page.heading("Duties", 2),
        page.items(rows["duties"]["duties"]),
        page.heading("Salary", 2),
        *_blocks(parts["salary"], page.layout),
        page.heading("Similar roles", 2),
        *_blocks(parts["compare"], page.layout),
        *_market(page),
        page.heading("Questions", 2),
        *_blocks(parts["faq"], page.layout),
    ]


def _market(page: Page) -> list[str]:
    """Return the sections on the market for a role, but for those without figures."""
    parts, blocks = page.answer.parts, []
    for name, heading in (
        ("employers", "Employers"),
        ("industries", "Industries"),
        ("skills", "Technologies"),
    ):
        if parts[name].rows:
            blocks += [page.heading(heading, 2), *_blocks(parts[name], page.layout)]
    outlook = parts["outlook"].rows
    if outlook["occupations"] or outlook["postings"] or outlook["ai_share"]:
        # The title of the page is the heading of the section.
        _, *others = _blocks(parts["outlook"], page.layout)
        blocks += [page.heading("Outlook", 2), *others]
    return blocks


def _salary(page: Page, row: Row) -> list[str]:
    """The figure that leads, what each source reports, and why they differ."""
    blocks = [page.paragraph(*_lead(page, row))]
    pay = row["distribution"]
    if page.layout.chart and pay:
        # In a chart, the year labels the bar.
        keys = {"year", "p10", "p25", "median", "p75", "p90"}
        columns = [each for each in COLUMNS["salary-by"] if each.key in keys]
        note = _base_pay(page, [pay])
        return [*blocks, page.figure([pay], columns)[0], page.paragraph(note)]
    # Without a distribution there is nothing to draw.
    page.layout = page.layout._replace(chart=False)
    own = [each for each in row["evidence"] if not each["occupation"]]
    related = [each for each in row["evidence"] if each["occupation"]]
    for title, evidence in (
        (f"What each source reports about {row['title']}:", own),
        ("Related official occupations, which include other jobs:", related),
    ):
        if evidence:
            rows = [_evidence_row(page, each) for each in evidence]
            blocks += [page.paragraph(title), page.figure(rows, EVIDENCE)[0]]
    if reasons := _reasons(page, row):
        blocks.append(page.paragraph(reasons))
    if row["evidence"]:
        blocks.append(page.paragraph(_base_pay(page, row["evidence"])))
    return blocks


def _lead(page: Page, row: Row) -> list[str]:
    """Return the lines that state the leading figure and how good it is."""
    lead, pay = row["lead"], row["distribution"]
    if lead is None:
        return [f"No current pay figure for {row['title']}"]
    # Several sources can be of one kind.
    key = "median" if lead["statistic"] == "median" else "mean"
    wanted = (lead["kind"], lead["amount"])
    origin = next(
        each for each in row["evidence"] if (each["kind"], each[key]) == wanted
    )
    counted = ""
    if lead["records"] is not None:
        name = COUNT_NAMES[lead["kind"]]
        counted = f": {lead['records']:,} {name}{'' if lead['records'] == 1 else 's'}"
    where = page.country(origin["region"]) if origin["region"] else "all countries"
    groups = [pay["experience"], pay["work_mode"]] if pay else []
    scope = ", ".join(str(each) for each in [lead["year"], where, *groups] if each)
    thin = f" (thin: fewer than {THIN_RECORDS})" if lead["thin"] else ""
    amount = f"{page.money(lead['amount'])} {per(row['period'])}"
    if "prices" in row:
        amount += f" in prices of {page.value(row['prices'], 'date')}"
    figure = KIND_NAMES[lead["kind"]]
    if not figure.endswith(lead["statistic"]):
        figure = f"{lead['statistic']} of {figure}"
    lines = [
        f"{amount}: {figure}",
        f"{row['title']}, {scope}{counted}{thin}",
    ]
    facts = []
    if origin["p25"] is not None:
        half = f"{page.money(origin['p25'])} to {page.money(origin['p75'])}"
        facts.append(f"Middle half: {half}.")
    if pay and pay["source"] == origin["source"] and pay["low"] is not None:
        ends = f"{page.money(pay['low'])} to {page.money(pay['high'])}"
        facts.append(
            f"Typical advertised range (median low end to median high end): {ends}."
        )
    return [*lines, " ".join(facts)] if facts else lines


def _evidence_row(page: Page, row: Row) -> Row:
    """Return the row of a source as people see it."""
    center = row["median"] if row["median"] is not None else row["mean"]
    average = "" if row["median"] is not None else " (average)"
    return {
        "name": [row["occupation"] or KIND_NAMES[row["kind"]]],
        "covered": row["period_covered"],
        "count": row["records"] if row["employment"] is None else row["employment"],
        "p25": row["p25"],
        "center": f"{page.money(center)}{average}",
        "p75": row["p75"],
    }


# Why the figures of a source differ from those of others.
_REASONS = {
    "advertised": "advertised pay is the middle of the ranges in postings",
    "filings": "H-1B filings come only from employers that sponsor visas, and count "
    "every title that contains the role's name, at any level of seniority",
    "job-site": "the job-site average dates from {date}",
    "official": "official occupations include other jobs, and count the people "
    "employed",
    "records": "pay records are those that were imported",
}


def _reasons(page: Page, row: Row) -> str:
    """Return a sentence on why the figures differ, from facts about the sources."""
    dates = {
        each["kind"]: each["period_covered"]
        for each in row["evidence"]
        if each["kind"] in _REASONS
    }
    if len(dates) < _SEVERAL:
        return ""
    reasons = [
        _REASONS[kind].format(date=page.value(date, "date"))
        for kind, date in dates.items()
    ]
    start = "The figures differ because they measure different things"
    return f"{start}: {'; '.join(reasons)}."


def _base_pay(page: Page, rows: list[Row]) -> str:
    """Return a note on the unit and the sources of figures."""
    unit = page.unit(page.answer.rows)
    sources = list(dict.fromkeys(page.source(row["source"]) for row in rows))
    return (
        f"{unit}, base pay before tax, without bonus and equity. "
        f"Source{'s' if len(sources) > 1 else ''}: {'; '.join(sources)}."
    )


# What the levels of seniority of H-1B filings are.
_SENIORITY = (
    "Seniority is by words in the job title: base includes II, senior includes III and "
    "IV, staff includes principal, lead includes head of, and director includes VP."
)


def _salary_by(page: Page, rows: list[Row]) -> list[str]:
    """The groups; what they have in common is in the title, not in columns."""
    if not rows:
        return [page.paragraph("No pay records.")]
    first = rows[0]
    dimensions = ("year", "country", "experience", "work_mode")
    values = {key: {row[key] for row in rows} for key in dimensions if key in first}
    common = {key for key in values if len(values[key]) == 1}
    common.discard(page.answer.by or "")
    shared = {key: first[key] if key in common else None for key in dimensions}
    group = page.group(shared, all_countries="country" in common)
    note = f"{page.unit(first)}, base pay. Source: {page.origin(first)}."
    if page.answer.question == "salary-by-seniority":
        group = f"FY {group}"
        note = f"{_SENIORITY} {note}"
    hidden = {*common, "title"}
    columns = COLUMNS[page.answer.question]
    figure, _ = page.figure(rows, [each for each in columns if each.key not in hidden])
    title = page.paragraph(f"{first['title']}: {page.kind(first['source'])}, {group}")
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
    title = f"{', '.join(filter(None, parts))} ({page.kind(first['source'])})"
    return [page.paragraph(title), figure, page.paragraph(" ".join(notes))]


def _industries(page: Page, rows: list[Row]) -> list[str]:
    if not rows:
        return [page.paragraph("No industries.")]
    first, base = rows[0], page.answer.base
    columns = [column for column in COLUMNS["industries"] if column.key != "title"]
    rows = [{**row, "industry": [row["industry"]]} for row in rows]
    figure, shown = page.figure(rows, columns)
    notes = [f"{page.unit(first)}, base pay."]
    if base and base.amount and "difference" in shown:
        notes.append(f"Difference: relative to {base.name}, {page.money(base.amount)}.")
    notes.append(f"Source: {page.origin(first)}.")
    title = f"pay by {_DETAILS[first['detail']]}"
    heading = _occupation_heading(page, first, title)
    return [heading, figure, page.paragraph(" ".join(notes)), *_related(page)]


def _occupation_heading(page: Page, row: Row, title: str) -> str:
    """Return the title of figures of an occupation, which is wider than the role."""
    return page.paragraph(
        f"{row['title']}: {title} ({page.kind(row['source'])})",
        f"Official occupation: {row['occupation']}, which is wider than the role",
    )


def _related(page: Page) -> list[str]:
    """Return a note on the other occupations that can be chosen."""
    if not page.answer.related:
        return []
    others = ", ".join(page.answer.related)
    return [page.paragraph(f"Other occupations (see --occupation): {others}.")]


def _outlook(page: Page, row: Row) -> list[str]:
    """Projections of occupations, an index of postings, and the share about AI."""
    blocks = [page.heading(f"{row['title']}: outlook")]
    if row["occupations"] and not page.layout.chart:
        blocks += _projections(page, row["occupations"])
    if row["postings"]:
        blocks += _postings(page, row["postings"])
    shares = page.answer.parts["shares"].rows
    if shares and not page.layout.chart:
        title = "Share of all job postings that have AI-related terms:"
        rows = [{**each, "share": f"{each['share']:.1f}%"} for each in shares]
        note = f"Source: {page.dated(shares[0]['source'])}."
        blocks += [page.paragraph(title), page.figure(rows, AI_SHARE)[0]]
        blocks.append(page.paragraph(note))
    return blocks if len(blocks) > 1 else [*blocks, page.paragraph("No outlook.")]


def _projections(page: Page, rows: list[Row]) -> list[str]:
    first = rows[0]
    title = "Official occupations that list the role, and are wider than it"
    shown = [
        {
            **row,
            "occupation": [f"{row['occupation']} ({row['soc']})"],
            "change_percent": _percent(row["change_percent"]),
        }
        for row in rows
    ]
    figure, _ = page.figure(shown, PROJECTIONS)
    years = f"{first['base_year']}, and projected for {first['target_year']}"
    notes = [f"Employed: people, {years}. Openings: a year, on average."]
    shared = dict.fromkeys(
        row["openings_cover"]
        for row in rows
        if row["openings_cover"] not in {None, row["occupation"]}
    )
    if shared:
        notes.append(
            "Some openings and education are those of several occupations together: "
            f"{'; '.join(shared)}."
        )
    notes.append(f"Source: {page.dated(first['source'])}.")
    return [
        page.paragraph(f"{title}:"),
        figure,
        page.paragraph(" ".join(notes)),
    ]


def _percent(change: int | None) -> str | None:
    """Return a change in whole per cent with its sign."""
    return None if change is None else f"{change:+d}%" if change else "0%"


def _postings(page: Page, rows: list[Row]) -> list[str]:
    """An index of the postings of a sector, as points or as a chart over time."""
    first, points = rows[0], page.answer.parts["points"].rows
    region = page.country(first["region"])
    base = page.answer.parts["points"].base or Base("")
    title = f"Job postings in {first['sector']}, {region}, as an index ({base.name}):"
    if page.layout.chart:
        from mlroles.output.charts import timeline

        figure = timeline(page, rows, POINTS[1])
    else:
        shown = [{**point, "index": f"{point['index']:.2f}"} for point in points]
        figure, _ = page.figure(shown, POINTS)
    note = "The index covers the whole sector, not the role. Source: "
    note += f"{page.dated(first['source'])}."
    return [
        page.paragraph(title),
        figure,
        page.paragraph(note),
    ]


def _skills(page: Page, rows: list[Row]) -> list[str]:
    if not rows:
        return [page.paragraph("No technologies.")]
    totals = page.answer.parts["totals"].rows
    count = totals["technologies"]
    counts = [f"{count} technolog{'y' if count == 1 else 'ies'}"]
    counts += [
        f"{totals[key]} {name}"
        for key, name in (("hot", "hot"), ("in_demand", "in demand"))
        if totals[key]
    ]
    several = len(totals["occupations"]) > 1
    hidden = {"title"} if several else {"title", "occupations"}
    columns = [each for each in COLUMNS["skills"] if each.key not in hidden]
    shown = [
        {
            **row,
            "technology": [row["technology"]],
            "category": [row["category"]],
            "hot": _YES[row["hot"]],
            "in_demand": _YES[row["in_demand"]],
            "occupations": list(map(_code, row["occupations"])),
        }
        for row in rows
    ]
    figure, keys = page.figure(shown, columns)
    notes = ["Hot: frequent in job postings."]
    if "in_demand" in keys:
        known = ", ".join(totals["demand_of"])
        notes.append(f"In demand: frequent in job postings for {known}.")
    notes.append(f"Source: {page.dated(rows[0]['source'])}.")
    return [
        page.paragraph(
            f"{rows[0]['title']}: {', '.join(counts)}",
            f"Official occupation{'s' * several}, wider than the role: "
            f"{', '.join(totals['occupations'])}",
        ),
        figure,
        page.paragraph(" ".join(notes)),
    ]


def _employers(page: Page, rows: list[Row]) -> list[str]:
    if not rows:
        return [page.paragraph("No employers.")]
    first = rows[0]
    known = known_columns(rows) - {"title", "location", "code"}
    columns = [column for column in COLUMNS["employers"] if column.key in known]
    shown = [{**row, "employer": [_employer(row)]} for row in rows]
    figure, _ = page.figure(shown, columns)
    where = f", in {first['location']}" if first["location"] else ""
    title = f"base pay by employer{where}"
    notes = [f"{page.unit(first)}, base pay as employers state it in filings."]
    if first["counted"] == "title":
        heading = page.paragraph(
            f"{first['title']}: {title} ({page.kind(first['source'])})",
            "Filings whose job title contains the role's name: the employers with the "
            "most",
        )
    else:
        heading = _occupation_heading(page, first, title)
        floor = page.answer.parts["floor"].rows["records"]
        notes.append(f"Employers with fewer than {floor} filings are omitted.")
    if any(row["records"] < THIN_RECORDS for row in rows):
        notes.append(f"Thin: fewer than {THIN_RECORDS} filings.")
    notes.append(f"Source: {page.origin(first)}.")
    return [heading, figure, page.paragraph(" ".join(notes)), *_related(page)]


def _employer(row: Row) -> str:
    """Return the name of an employer, and whether its median is thin."""
    thin = row["records"] < THIN_RECORDS
    return f"{row['employer']}{' (thin)' * thin}"


_YES = {True: "yes", False: "no", None: None}


def _code(occupation: str) -> str:
    """Return the code of an occupation whose title is in the title of the page."""
    return occupation.rpartition("(")[2].removesuffix(")")


def _offer(page: Page, row: Row) -> list[str]:
    amount = f"{page.money(row['offer'])} {per(row['period'])}"
    if row["records"] is None:
        return [page.paragraph(f"{amount}: too few records of {row['title']}")]
    kind = page.answer.labels.kinds[row["source"]]
    count = f"{row['records']:,} {COUNT_NAMES[kind]}s"
    less = row["difference"] < 0
    low, high = row["percentile_low"], row["percentile_high"]
    if row["records"] < THIN_RECORDS:
        count += f" (thin: fewer than {THIN_RECORDS})"
    rank = f"{'below the 5th' if less else 'above the 95th'} percentile of {count}"
    if low is not None:
        first, last = (int(round_percentile(each)) for each in (low, high))
        rank = f"{_ordinal(first)} percentile: higher than about {first}% of {count}"
        if first != last:
            rank = f"{_ordinal(first)} to {_ordinal(last)} percentile of {count}"
    gap = page.money(abs(row["difference"]))
    side = f"{gap} {'below' if less else 'above'}" if row["difference"] else "equal to"
    source = f"{page.kind(row['source'])}, {page.source(row['source'])}"
    lines = [
        f"{amount}: {rank}",
        f"{row['title']}, {page.group(row)}: {source}",
        f"{side} the median of {page.money(row['median'])}",
    ]
    pay = page.answer.parts["distribution"].rows
    if pay["low"] is not None:
        ends = f"{page.money(pay['low'])} to {page.money(pay['high'])}"
        place = "within"
        if not pay["low"] <= row["offer"] <= pay["high"]:
            place = "below" if row["offer"] < pay["low"] else "above"
        lines.append(f"{place} the typical advertised range, {ends}")
    return [page.paragraph(*lines)]


def _ordinal(number: int) -> str:
    """Return an ordinal number: `1st`, `12th`, `22nd`."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in {11, 12, 13} else ending}"


# The columns that people see, in their order.
_COMPARE = ("title", "median", "difference", "records", "openings", "average_salary")


def _compare(page: Page, rows: list[Row]) -> list[str]:
    rows = [_marked(row) for row in rows]
    by_key = {column.key: column for column in COLUMNS["compare"]}
    columns = [by_key[key] for key in _COMPARE]
    if not page.layout.chart:
        columns = [_dated(column, rows) for column in columns]
    figure, shown = page.figure(rows, columns)
    notes = [
        _pay_note(page, rows, shown),
        _average_note(page, rows, shown),
        _openings_note(page, rows, shown),
    ]
    return [figure, *(page.paragraph(note) for note in notes if note)]


def _dated(column: Column, rows: list[Row]) -> Column:
    """Return a column whose heading has the year of its figures: `Openings 2022`."""
    key = {"average_salary": "average_updated", "openings": "openings_updated"}.get(
        column.key
    )
    years = {row[key][:4] for row in rows if key and row[key]}
    if len(years) != 1:
        return column
    return column._replace(heading=f"{column.heading} {years.pop()}")


def _marked(row: Row) -> Row:
    """Return a row whose title says that its median is thin."""
    thin = row["records"] is not None and row["records"] < THIN_RECORDS
    return {**row, "title": f"{row['title']} (thin)"} if thin else row


def _pay_note(page: Page, rows: list[Row], shown: set[str]) -> str:
    """A note on the pay records whose figures are shown."""
    row = next((row for row in rows if row["median_source"]), None)
    if row is None or not shown & {"median", "records", "difference"}:
        return ""
    kind, source = page.kind(row["median_source"]), page.source(row["median_source"])
    notes = [f"Records: {kind}, {page.group(row)}."]
    if shown & {"median", "difference"}:
        notes = [f"Median: {kind}, {page.group(row)}, {page.unit(row)}, base pay."]
    if "difference" in shown:
        notes.append(f"Difference: relative to {_base_name(page)}.")
    if any(each["title"].endswith("(thin)") for each in rows):
        notes.append(f"Thin: fewer than {THIN_RECORDS} records.")
    return " ".join([*notes, f"Source: {source}."])


def _average_note(page: Page, rows: list[Row], shown: set[str]) -> str:
    averages = _origins(page, rows, "average_salary", "average_")
    if "average_salary" not in shown or not averages:
        return ""
    return f"Average: average base salary, {page.unit(rows[0])}. Source: {averages}."


def _openings_note(page: Page, rows: list[Row], shown: set[str]) -> str:
    """A note on when openings were counted, and how postings have moved since."""
    openings = _origins(page, rows, "openings", "openings_")
    if "openings" not in shown or not openings:
        return ""
    note = f"Openings: number of open jobs. Source: {openings}."
    if postings := page.answer.postings:
        points = ", ".join(
            f"{value:g} on {page.value(date, 'date')}"
            for date, value in sorted(postings["points"].items())
        )
        note += (
            f" Job postings in {postings['sector']} since then, as an index: {points}. "
            f"Source: {page.source(postings['source'])}."
        )
    return note


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
    "salary-by-year": _salary_by,
    "salary-by-seniority": _salary_by,
    "locations": _locations,
    "industries": _industries,
    "employers": _employers,
    "outlook": _outlook,
    "skills": _skills,
    "offer": _offer,
    "compare": _compare,
}
