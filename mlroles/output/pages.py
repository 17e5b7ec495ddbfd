"""What people read: the page of every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import (
    HOME_COUNTRY,
    THIN_RECORDS,
    is_thin,
    place_percentiles,
    round_percentile,
)
from mlroles.matching import AREA_LEVELS, LEVELS, short_place
from mlroles.money import adjust
from mlroles.output.columns import (
    AI_SHARE,
    CLOSEST,
    COLUMNS,
    EVIDENCE,
    OBJECTS,
    POINTS,
    PROJECTIONS,
    REPORTED,
)
from mlroles.output.markup import COUNT_NAMES, KIND_NAMES, Page, new_page
from mlroles.output.values import money, ordinal, per
from mlroles.queries.answer import Base, known_columns, source_ids

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlroles.money import ExchangeRates
    from mlroles.output.columns import Column
    from mlroles.output.formats import Layout
    from mlroles.queries.answer import Answer, Row

_SEVERAL = 2
_DETAILS = {
    "sector": "industry sector", "subsector": "industry subsector",
    "group": "industry group", "industry": "detailed industry",
}  # fmt: skip


def render(answer: Answer[Any], layout: Layout) -> str:
    """Return the page of an answer, which ends with a newline."""
    return "\n\n".join(blocks(new_page(answer, layout))) + "\n"


def blocks(page: Page) -> list[str]:
    """Return the blocks of a page: headings, paragraphs, tables and charts."""
    answer = page.answer
    if answer.fields and answer.question in _WITHOUT_TABLE:
        found = _fields(page)
    else:
        found = _PAGES[answer.question](page, answer.rows)
    if answer.exchange and answer.exchange.used:
        found.append(_exchange_note(page, answer.exchange))
    return found


def _blocks(answer: Answer[Any], layout: Layout) -> list[str]:
    return blocks(new_page(answer, layout))


# The answers whose page is not one table.
_WITHOUT_TABLE = (OBJECTS | {"faq", "sources"}) - {"show"}


def _fields(page: Page) -> list[str]:
    """The chosen fields of an answer whose page is not a table."""
    from mlroles.output.fields import chosen_columns, flat

    answer = page.answer
    _, rows = flat(answer)
    if answer.question in OBJECTS - {"outlook"}:
        facts = [
            (column.heading, page.value(rows[0].get(column.key), column.kind))
            for column in chosen_columns(answer, {})
        ]
        blocks = [page.facts(facts)]
    else:
        blocks = [page.figure(rows, ())[0]]
    notes = []
    if "currency" in answer.rows:
        notes.append(f"{page.unit(answer.rows)}, base pay.")
        notes += [_PROXY.format(each) for each in _wider(answer.rows)]
    if sources := list(dict.fromkeys(map(page.dated, source_ids(rows)))):
        notes.append(f"Source{'s' * (len(sources) > 1)}: {'; '.join(sources)}.")
    return [*blocks, page.paragraph(" ".join(notes))] if notes else blocks


def _wider(row: Row) -> set[str]:
    """Return the wider occupation that the figures of a place are of, if any."""
    area = row.get("evidence", [row])[:1] if row["level"] in AREA_LEVELS else []
    return {each["occupation"] for each in area if each["occupation"]}


def _exchange_note(page: Page, exchange: ExchangeRates) -> str:
    """Return a note on the exchange rates that were used."""
    rates = ", ".join(
        f"{rate:.6g} {exchange.currency} ({year})"
        for year, rate in sorted(exchange.used.items(), reverse=True)
    )
    return page.paragraph(
        f"Converted at the mean rate of each figure's year: 1 {exchange.base} = "
        f"{rates}. Source: {page.source(exchange.source)}."
    )


def _describe(page: Page, row: Row) -> list[str]:
    return [page.heading(row["title"]), *_description(page, row)]


def _description(page: Page, row: Row) -> list[str]:
    columns = [column for column in COLUMNS["describe"] if column.kind == "list"]
    if not row["technologies"]:
        columns = [column for column in columns if column.key != "technologies"]
    facts = [(each.heading, page.value(row[each.key], "list")) for each in columns]
    blocks = [page.paragraph(row["description"]), page.facts(facts)]
    if row["technologies"]:
        origin = page.answer.parts["technologies"].rows
        blocks.append(
            page.paragraph(
                f"Technologies: in demand for {', '.join(origin['occupations'])}, a "
                f"wider official occupation. Source: {page.dated(origin['source'])}."
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


# The sections of the page of a role, in their order, and their headings.
_SECTIONS = {
    "describe": "", "duties": "Duties", "salary": "Salary", "compare": "Similar roles",
    "employers": "Employers", "industries": "Industries", "skills": "Technologies",
    "outlook": "Outlook", "faq": "Questions",
}  # fmt: skip


def _show(page: Page, _rows: dict[str, Any]) -> list[str]:
    names = page.answer.fields or _SECTIONS
    return [block for name in names for block in _section(page, name)]


def _section(page: Page, name: str) -> list[str]:
    """Return a section of the page of a role; none on a market without figures."""
    part = page.answer.parts[name]
    if name == "describe":
        return _blocks(part, page.layout)
    if name in {"employers", "industries", "skills"} and not part.rows:
        return []
    if name == "outlook" and not any(
        part.rows[key] for key in ("occupations", "postings", "ai_share")
    ):
        return []
    blocks = _blocks(part, page.layout)
    if name in {"duties", "outlook"}:
        # The title of the page is the heading of the section.
        del blocks[0]
    return [page.heading(_SECTIONS[name], 2), *blocks]


def _salary(page: Page, row: Row) -> list[str]:
    """The figure that leads, what each source reports, and why they differ."""
    if row["level"] in AREA_LEVELS:
        return _salary_in_area(page, row)
    blocks = [page.paragraph(*_lead(page, row), *_prices_abroad(page, row))]
    pay = row["distribution"]
    if page.is_picture and row["evidence"]:
        blocks.append(page.figure([*map(_drawn(page), row["evidence"])], REPORTED)[0])
        notes = [_reasons(page, row), _base_pay(page, row["evidence"])]
        return [*blocks, *(page.paragraph(note) for note in notes if note)]
    if page.layout.chart and pay:
        # In a chart, the year labels the bar.
        keys = {"year", "p10", "p25", "median", "p75", "p90"}
        columns = [each for each in COLUMNS["salary-by"] if each.key in keys]
        note = _base_pay(page, [pay])
        return [*blocks, page.figure([pay], columns)[0], page.paragraph(note)]
    # Without a distribution there is nothing to draw.
    page.layout = page.layout._replace(chart=False)
    blocks += _evidence_tables(page, row)
    if row["closest"]:
        closest = [
            {**_marked(each), "group": page.group(each)} for each in row["closest"]
        ]
        figure, _ = page.figure(closest, CLOSEST)
        blocks += [page.paragraph("The closest figures:"), figure]
        if any(each["title"].endswith("(thin)") for each in closest):
            blocks.append(page.paragraph(_THIN_NOTE))
    elif not row["evidence"]:
        blocks.append(page.paragraph("No figures are close to it."))
    if reasons := _reasons(page, row):
        blocks.append(page.paragraph(reasons))
    if sourced := row["evidence"] or row["closest"]:
        blocks.append(page.paragraph(_base_pay(page, sourced)))
    return blocks


def _evidence_tables(page: Page, row: Row) -> list[str]:
    """What each source reports: about the role, and about official occupations."""
    own = [each for each in row["evidence"] if not each["occupation"]]
    related = [each for each in row["evidence"] if each["occupation"]]
    blocks = []
    for title, evidence in (
        (f"What each source reports about {row['title']}:", own),
        ("Related official occupations, which include other jobs:", related),
    ):
        if evidence:
            rows = [_evidence_row(page, each) for each in evidence]
            blocks += [page.paragraph(title), page.figure(rows, EVIDENCE)[0]]
    return blocks


def _drawn(page: Page) -> Callable[[Row], Row]:
    """Return a function that gives the row of a source as a picture shows it."""

    def drawn(row: Row) -> Row:
        what = row["occupation"] or KIND_NAMES[row["kind"]]
        name = f"{what}, {page.value(row['period_covered'], 'date')}"
        count = row["records"] if row["employment"] is None else row["employment"]
        return {**row, "name": name, "records": count}

    return drawn


def _prices(page: Page, row: Row, *amounts: float | None) -> str:
    """Return a sentence on the prices of a place, and what amounts buy there.

    Without an amount, it is on the median.
    """
    place, level = short_place(row["level"], row["place"]), row["cost_of_living"]
    if level is None:
        return f"Cost of living in {_with_article(place)}: unknown."
    text = (
        f"Cost of living in {_with_article(place)}: {level:.1f} (United States = 100)"
    )
    known = [amount for amount in amounts if amount is not None]
    name = _range(page, *known) if known else "the median"
    worth = [adjust(amount, level) or 0 for amount in known]
    if not known and row["adjusted_median"] is not None:
        worth = [row["adjusted_median"]]
    if worth:
        has = "have" if len(worth) > 1 else "has"
        text += f"; {name} {has} the buying power of {_range(page, *worth)} at average "
        text += "US prices, before tax"
    return f"{text}. Source: {page.dated(row['cost_source'])}."


def _prices_abroad(page: Page, row: Row, *amounts: float | None) -> list[str]:
    """Return the sentence on prices, if the place is another country that has any."""
    is_abroad = row["cost_of_living"] is not None and row["code"] != HOME_COUNTRY
    return [_prices(page, row, *amounts)] if is_abroad else []


def _label(row: Row) -> str:
    """Return the name of a place, and what it is if that may not be clear."""
    name = short_place(row["level"], row["place"])
    is_clear = row["code"] in {"DC", "GU", "PR", "VI"}
    return _with_article(name) if is_clear else f"{name} ({LEVELS[row['level']]})"


def _salary_in_area(page: Page, row: Row) -> list[str]:
    """The figures of a metro area or state, the national ones, and advertised pay."""
    name, place = short_place(row["level"], row["place"]), _label(row)
    evidence = list(row["evidence"])
    if not row["lead"]:
        lines = [f"No pay figure for {row['title']} in {place}"]
        blocks = [page.paragraph(*lines, _prices(page, row))]
    else:
        area = evidence.pop(0)
        amount = f"{page.money(area['median'])} {per(row['period'])}"
        what = area["occupation"] or row["title"]
        date = page.value(area["period_covered"], "date")
        lines = [
            f"{amount}: median of {KIND_NAMES[area['kind']]} in {place}",
            _joined(f"{what}, {date}", _count(area)),
        ]
        facts = []
        half = [area["p25"], area["p75"]]
        if None not in half:
            facts.append(f"Middle half: {_range(page, *half)}.")
        national = [
            each
            for each in evidence
            if (each["source"], each["region"]) == (area["source"], HOME_COUNTRY)
        ]
        facts += [
            f"Median in the United States, same source: {page.money(each['median'])}."
            for each in national
        ]
        evidence = [each for each in evidence if each not in national]
        lines += [" ".join(facts)] if facts else []
        blocks = [page.paragraph(*lines, _prices(page, row))]
        if page.layout.chart:
            drawn = [{"place": name, **area}]
            drawn += [{"place": "United States", **each} for each in national]
            keys = {"place", "p10", "p25", "median", "p75", "p90"}
            columns = [each for each in COLUMNS["locations"] if each.key in keys]
            blocks.append(page.figure(drawn, columns)[0])
    blocks += [page.paragraph(_not_comparable(page, each)) for each in evidence]
    if row["lead"]:
        blocks.append(page.paragraph(_meaning(row["evidence"][0])))
    if row["evidence"]:
        blocks.append(page.paragraph(_base_pay(page, row["evidence"])))
    return blocks


def _not_comparable(page: Page, row: Row, rank: str = "") -> str:
    """Return a sentence on national figures that are not comparable with an area's.

    `row` is evidence; `rank` is where an offer ranks among the figures.
    """
    region = row["region"]
    where = _with_article(page.country(region)) if region else "all countries"
    rank = f"; the offer is {rank}" if rank else ""
    kind = KIND_NAMES[row["kind"]]
    counted = f"{_count(row)} of {row['period_covered']}"
    return (
        f"{kind[:1].upper()}{kind[1:]} in {where} (not comparable): the median of "
        f"{counted} is {page.money(row['median'])}{rank}."
    )


def _meaning(row: Row) -> str:
    """Return a sentence on what the figures of a metro area or state are."""
    if row["occupation"]:
        return _PROXY.format(row["occupation"])
    reason = _REASONS[row["kind"]].format(date="")
    return f"{reason[:1].upper()}{reason[1:]}."


def _count(row: Row) -> str:
    """Return how many records or people are behind a figure: `68 filings`."""
    if row["records"] is not None:
        name = COUNT_NAMES[row["kind"]]
        thin = f" (thin: fewer than {THIN_RECORDS})" * is_thin(row["records"])
        return f"{row['records']:,} {name}{'' if row['records'] == 1 else 's'}{thin}"
    if row["employment"] is not None:
        return f"{row['employment']:,} people employed"
    return ""


def _joined(text: str, count: str) -> str:
    """Return a text with the number of records, if it is known."""
    return f"{text}: {count}" if count else text


# What the figures of an official occupation are.
_PROXY = (
    "The figures are those of an official occupation, {}, which is wider than the role "
    "and used as a proxy for it."
)


def _lead(page: Page, row: Row) -> list[str]:
    """Return the lines that state the leading figure and how good it is."""
    lead, pay = row["lead"], row["distribution"]
    if lead is None:
        country = page.answer.filters.country
        where = f" in {page.country(country)}" if country not in {None, "all"} else ""
        return [f"No current pay figure for {row['title']}{where}"]
    # Several sources can be of one kind.
    key = "median" if lead["statistic"] == "median" else "mean"
    wanted = (lead["kind"], lead["amount"])
    origin = next(
        each for each in row["evidence"] if (each["kind"], each[key]) == wanted
    )
    where = page.country(origin["region"]) if origin["region"] else "all countries"
    groups = [pay["experience"], pay["work_mode"]] if pay else []
    scope = ", ".join(str(each) for each in [lead["year"], where, *groups] if each)
    amount = f"{page.money(lead['amount'])} {per(row['period'])}"
    if "prices" in row:
        amount += f" in prices of {page.value(row['prices'], 'date')}"
    figure = KIND_NAMES[lead["kind"]]
    if not figure.endswith(lead["statistic"]):
        figure = f"{lead['statistic']} of {figure}"
    lines = [
        f"{amount}: {figure}",
        _joined(f"{row['title']}, {scope}", _count({"employment": None, **lead})),
    ]
    facts = []
    if origin["p25"] is not None:
        half = _range(page, origin["p25"], origin["p75"])
        facts.append(f"Middle half: {half}.")
    if pay and pay["source"] == origin["source"]:
        if pay["low"] is not None:
            ends = _range(page, pay["low"], pay["high"])
            facts.append(
                f"Typical advertised range (median low end to median high end): {ends}."
            )
        if pay["median_low"] is not None:
            ends = _range(page, pay["median_low"], pay["median_high"])
            facts.append(
                f"95% confidence interval of the median: {ends} (sampling error only, "
                "not bias)."
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


_COST_NOTE = (
    "Prices: the cost of living, United States = 100. Adjusted: what the median is "
    "worth at average US prices, before tax. Source: {}."
)


def _locations(page: Page, rows: list[Row]) -> list[str]:
    if not rows:
        return [page.paragraph("No places.")]
    first, base = rows[0], page.answer.base
    title = f"{first['title']}: pay by {LEVELS[first['level']]}"
    parts = [title, first["experience"], first["work_mode"]]
    columns = [column for column in COLUMNS["locations"] if column.key != "title"]
    named = []
    for row in rows:
        thin = " (thin)" if is_thin(row["records"]) else ""
        named.append({**row, "place": short_place(row["level"], row["place"]) + thin})
    figure, shown = page.figure(named, columns)
    notes = [f"{page.unit(first)}."]
    if any(is_thin(row["records"]) for row in rows):
        notes.append(_THIN_NOTE)
    if base and "difference" in shown:
        median = page.money(base.amount or 0)
        notes.append(f"Difference: relative to {_base_name(page)}, {median}.")
    notes.append(f"Source: {page.origin(first)}.")
    costs = [each for each in rows if each["cost_source"]]
    if costs and shown & {"cost_of_living", "adjusted_median"}:
        notes.append(_COST_NOTE.format(page.dated(costs[0]["cost_source"])))
    if first["occupation"]:
        notes.append(_PROXY.format(first["occupation"]))
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
    if page.is_picture or not page.answer.related:
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
    title = "Official occupations that include the role and other jobs"
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
    shared: dict[str, list[str]] = {}
    for row in rows:
        if row["openings_cover"] not in {None, row["occupation"]}:
            shared.setdefault(row["openings_cover"], []).append(row["occupation"])
    notes += [
        f"Openings and education of {' and of '.join(occupations)} are those of "
        f"several occupations together: {cover}."
        for cover, occupations in shared.items()
    ]
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
        heading = f"Index ({base.name})"
        figure = page.timeline(rows, POINTS[1]._replace(heading=heading))
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
        notes.append("Those in demand come first, then hot ones, each from A to Z.")
    else:
        notes.append("Which are in demand here is not known.")
        notes.append("Hot ones come first, each from A to Z.")
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
    place = first["location"] and short_place("metro", first["location"])
    where = f", in {place}" if place else ""
    title = f"base pay by employer{where}"
    notes = [f"{page.unit(first)}, base pay as employers state it in filings."]
    if first["counted"] == "title":
        heading = page.paragraph(
            f"{first['title']}: {title} ({page.kind(first['source'])})",
            "Employers with the most filings whose job title contains the role's name",
        )
    else:
        heading = _occupation_heading(page, first, title)
        floor = page.answer.parts["floor"].rows["records"]
        notes.append(f"Employers with fewer than {floor} filings are omitted.")
    if any(is_thin(row["records"]) for row in rows):
        notes.append(f"Thin: fewer than {THIN_RECORDS} filings.")
    notes.append(f"Source: {page.origin(first)}.")
    return [heading, figure, page.paragraph(" ".join(notes)), *_related(page)]


def _employer(row: Row) -> str:
    """Return the name of an employer, and whether its median is thin."""
    return f"{row['employer']}{' (thin)' * is_thin(row['records'])}"


_YES = {True: "yes", False: "no", None: None}


def _code(occupation: str) -> str:
    """Return the code of an occupation whose title is in the title of the page."""
    return occupation.rpartition("(")[2].removesuffix(")")


def _offer(page: Page, row: Row) -> list[str]:
    ends = (row["offer"], row["amount_high"])
    amount = f"{_range(page, *ends)} {per(row['period'])}"
    if row["level"] in AREA_LEVELS:
        return _offer_in_area(page, row, amount)
    if row["median"] is None:
        country = row["country"]
        where = f" in {_with_article(page.country(country))}" if country else ""
        text = f"{amount}: too few records of {row['title']}{where}"
        return [page.paragraph(text, *_prices_abroad(page, row, *ends))]
    source = f"{page.kind(row['source'])}, {page.source(row['source'])}"
    lines = [
        f"{amount}: {_rank(page.answer.parts['rank'], _counted(page, row))}",
        f"{row['title']}, {page.group(row)}: {source}",
        _difference(page, row),
    ]
    pay = page.answer.parts["distribution"].rows
    if pay["low"] is not None:
        typical = _range(page, pay["low"], pay["high"])
        side = "within"
        if not pay["low"] <= row["offer"] <= pay["high"]:
            side = "below" if row["offer"] < pay["low"] else "above"
        if row["amount_high"] is None:
            lines.append(f"{side} the typical advertised range, {typical}")
        else:
            lines.append(f"typical advertised range: {typical}")
    return [page.paragraph(*lines, *_prices_abroad(page, row, *ends))]


def _offer_in_area(page: Page, row: Row, amount: str) -> list[str]:
    """The rank in a metro area or state, in the country, and among advertised pay."""
    parts = page.answer.parts
    place = _label(row)
    lines = [f"{amount}: no pay figures for {row['title']} in {place}"]
    if row["median"] is not None:
        between = _between(parts["distribution"].rows, row)
        rank = _rank(parts["rank"], _counted(page, row), between)
        lines = [
            f"{amount} in {place}: {rank}",
            f"{row['occupation'] or row['title']}: {page.kind(row['source'])}, "
            + page.dated(row["source"]),
            _difference(page, row),
        ]
    if "national" in parts:
        lines.append(
            f"in the United States, same source: {_rank(parts['national'])}, median "
            f"{page.money(row['national_median'])}"
        )
    blocks = [
        page.paragraph(*lines, _prices(page, row, row["offer"], row["amount_high"]))
    ]
    advertised = parts["advertised"]
    if advertised.rows["median"] is not None:
        figures = {
            **advertised.rows,
            "kind": page.answer.labels.kinds[advertised.rows["source"]],
            "region": advertised.rows["country"],
            "period_covered": advertised.rows["year"],
        }
        rank = _rank(advertised.parts["rank"], in_sentence=True)
        blocks.append(page.paragraph(_not_comparable(page, figures, rank)))
    if row["median"] is not None:
        kind = page.answer.labels.kinds[row["source"]]
        blocks.append(page.paragraph(_meaning({**row, "kind": kind})))
    return blocks


def _rank(
    rank: Answer[Row],
    count: str = "",
    between: str = "",
    *,
    in_sentence: bool = False,
) -> str:
    """Return where an amount, or a range, ranks among `count` records.

    In a sentence, the amount is `at the 81st percentile`.
    """
    row = rank.rows
    low, high = row["percentile_low"], row["percentile_high"]
    of = f" of {count}" if count else ""
    if "high" in rank.parts:
        rows = (row, rank.parts["high"].rows)
        ends = [
            _percentile(each["percentile_low"], each["percentile_high"])
            for each in rows
        ]
        if ends[0] == ends[1]:
            return f"{ends[0]}{of}"
        if all(each["percentile"] is not None for each in rows):
            ends[0] = ends[0].removesuffix(" percentile")
        return f"from {ends[0]} to {ends[1]}{of}"
    if between or low is None or high is None:
        return f"{between or _percentile(low, high)}{of}"
    at = "at the " if in_sentence else ""
    first, last = (int(round_percentile(each)) for each in (low, high))
    if first != last:
        return f"{at}{ordinal(first)} to {ordinal(last)} percentile{of}"
    higher = f": higher than about {first}%{of}" if of else ""
    return f"{at}{ordinal(first)} percentile{higher}"


def _counted(page: Page, row: Row) -> str:
    """Return how many records or people a figure is of: `68 filings`."""
    kind = page.answer.labels.kinds[row["source"]]
    return _count({"kind": kind, "employment": None, **row})


def _between(area: Row, row: Row) -> str:
    """Return the published percentiles of an area that an amount is between."""
    low, high = row["percentile_low"], row["percentile_high"]
    if low is None or low != high:
        return ""
    known = place_percentiles(area)
    below = [n for n, amount in known if amount < row["offer"]]
    above = [n for n, amount in known if amount > row["offer"]]
    if len(below) + len(above) < len(known):
        return ""
    about = ordinal(round(row["percentile"]))
    ends = f"{ordinal(below[-1])} and {ordinal(above[0])}"
    return f"between the {ends} percentile (about the {about})"


def _percentile(low: float | None, high: float | None = None) -> str:
    """Return a percentile, or the published one that it is below or above."""
    if low is None:
        return f"below the {ordinal(round(high or 0))} percentile"
    if high is None:
        return f"above the {ordinal(round(low))} percentile"
    return f"the {ordinal(int(round_percentile(low)))} percentile"


def _difference(page: Page, row: Row) -> str:
    """Return how far an amount, or the ends of a range, are from the median."""
    ends = [end for end in (row["offer"], row["amount_high"]) if end is not None]
    gaps = [end - row["median"] for end in ends]
    sides = ["below" if gap < 0 else "above" for gap in gaps]
    texts = [page.money(abs(gap)) for gap in gaps]
    if len(set(sides)) == 1 and 0 not in gaps:
        # The smaller one first.
        texts = texts[:: -1 if gaps[-1] < 0 else 1]
        side = f"{' to '.join(texts)} {sides[0]}"
    else:
        side = " to ".join(
            f"{text} {each}" if gap else "equal to"
            for text, each, gap in zip(texts, sides, gaps, strict=True)
        )
    return f"{side} the median of {page.money(row['median'])}"


def _relocate(page: Page, rows: list[Row]) -> list[str]:
    """Where the same pay buys as much: sentences on one place, a table of several."""
    if not rows:
        return [page.paragraph("No places.")]
    first = rows[0]
    if len(rows) == 1 and not (page.answer.sort or page.answer.fields):
        return [
            page.paragraph(*_sentences(page, first)),
            page.paragraph(_origin(page, rows)),
        ]
    start = _with_article(short_place(first["from_level"], first["from_place"]))
    amount = _range(page, first["amount"], first["amount_high"])
    blocks = [
        page.paragraph(f"{first['title']}: what {amount} in {start} is worth elsewhere")
    ]
    # One table for each source of pay: their medians are not comparable.
    tables: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        table = tables.setdefault((row["source"], row["occupation"]), [])
        table.append(_table_row(page, row))
    shown: set[str] = set()
    known = known_columns(row for table in tables.values() for row in table)
    page.answer = page.answer._replace(columns=page.answer.columns | known)
    for (source, _), table in tables.items():
        if len(tables) > 1:
            kind = page.kind(source) if source else "no figures of pay"
            blocks.append(page.paragraph(f"{kind[:1].upper()}{kind[1:]}:"))
        figure, keys = page.figure(table, _RELOCATE)
        blocks.append(figure)
        shown |= keys
    explained = {
        "equivalent": f"Equivalent: the amount that buys what {amount} buys in "
        f"{start}.",
        "to_cost_of_living": "Prices: the cost of living, United States = 100 "
        f"({start}: {first['from_cost_of_living']:.1f}).",
        "to_percentile": "Percentile: where the equivalent ranks among the role's pay "
        "in that place.",
        "to_adjusted_median": "Adjusted: what the median is worth at average US "
        "prices.",
    }
    notes = [text for key, text in explained.items() if key in shown]
    if any(is_thin(row["to_records"]) for row in rows):
        notes.append(_THIN_NOTE)
    return [*blocks, page.paragraph(" ".join([*notes, _origin(page, rows)]))]


# Amounts and percentiles may be ranges.
_RELOCATE = [
    column._replace(kind="range")
    if column.key in {"equivalent", "to_percentile"}
    else column
    for column in COLUMNS["relocate"]
    if column.key != "title"
]


def _table_row(page: Page, row: Row) -> Row:
    """Return the row of a place as people see it."""
    name = short_place(row["to_level"], row["to_place"])
    return {
        **row,
        "to_place": f"{name} (thin)" if is_thin(row["to_records"]) else name,
        "equivalent": _range(page, row["equivalent"], row["equivalent_high"]),
        "to_percentile": _percentile_in(row, "to"),
    }


def _origin(page: Page, rows: list[Row]) -> str:
    """Return a note on the unit, the sources and what their figures are."""
    kinds = {page.answer.labels.kinds[row["source"]] for row in rows if row["source"]}
    notes = []
    if occupation := next((row["occupation"] for row in rows if row["occupation"]), ""):
        notes.append(_PROXY.format(occupation))
    if "filings" in kinds:
        notes.append(_meaning({"occupation": None, "kind": "filings"}))
    costs = [row["cost_source"] for row in rows]
    sources = dict.fromkeys(each for ids in costs for each in ids.split("; "))
    prices = "; ".join(map(page.dated, sources))
    notes.append(f"{page.unit(rows[0])}, before tax. Sources of prices: {prices}.")
    if pay := list(dict.fromkeys(row["source"] for row in rows if row["source"])):
        notes.append(f"Of pay: {'; '.join(map(page.dated, pay))}.")
    return " ".join(notes)


def _sentences(page: Page, row: Row) -> list[str]:
    """Return sentences on one place: the amount, its prices and its pay."""
    start = _with_article(short_place(row["from_level"], row["from_place"]))
    end = _with_article(short_place(row["to_level"], row["to_place"]))
    worth = _range(page, row["equivalent"], row["equivalent_high"])
    amount = _range(page, row["amount"], row["amount_high"])
    lines = [f"In {end}, {worth} buys what {amount} buys in {start}"]
    if row["to_currency"]:
        ends = (row["local_equivalent"], row["local_equivalent_high"])
        text = " to ".join(
            money(each, row["to_currency"], unicode=page.layout.unicode)
            for each in ends
            if each is not None
        )
        rate = f"{row['exchange_rate']:.6g} {row['to_currency']}"
        lines.append(
            f"In {row['to_currency']}: {text}, at the mean rate of "
            f"{row['rate_year']}, {rate} per {row['currency']}. Source: "
            f"{page.source(row['exchange_source'])}."
        )
    before, after = row["from_cost_of_living"], row["to_cost_of_living"]
    lines.append(
        f"Prices are {_compared(row['cost_change'])}: {after:.1f} against {before:.1f} "
        "(United States = 100)."
    )
    medians = [
        f"{page.money(row[f'{prefix}_median'])} in {place}"
        for prefix, place in (("from", start), ("to", end))
        if row[f"{prefix}_median"] is not None
    ]
    if medians:
        text = f"{row['title']}, median of {page.kind(row['source'])}: "
        text += ", ".join(medians)
        if row["median_change"] is not None:
            text += f", {_compared(row['median_change'])}"
        lines.append(f"{text}. {_percentiles_at(row, start, end)}")
        for prefix, place in (("from", start), ("to", end)):
            if is_thin(records := row[f"{prefix}_records"]):
                lines.append(f"The median in {place} is thin: {records} records.")
    return lines


def _percentiles_at(row: Row, start: str, end: str) -> str:
    """Return where an amount ranks in one place, and its equivalent in another."""
    texts = [
        f"the {of} is {rank}{'' if rank.endswith('published ones') else ' percentile'} "
        f"in {place}"
        for prefix, place, of in (("from", start, "amount"), ("to", end, "equivalent"))
        if (rank := _percentile_in(row, prefix, "about the ")) is not None
    ]
    text = "; ".join(texts)
    return f"{text[:1].upper()}{text[1:]}."


def _percentile_in(row: Row, prefix: str, about: str = "") -> str | None:
    """Return the percentile of an amount in a place: `81st`, `9th to 17th`.

    Outside of the published percentiles, it is below or above all of them; None if
    there are no figures.
    """
    median = row[f"{prefix}_median"]
    amount = "amount" if prefix == "from" else "equivalent"
    if median is None or row[amount] is None:
        return None
    ends = []
    for at, key in (("", "percentile"), ("_high", "percentile_at_high")):
        end, percentile = row[f"{amount}{at}"], row[f"{prefix}_{key}"]
        if percentile is not None:
            ends.append(f"{about}{ordinal(int(round_percentile(percentile)))}")
        elif end is not None:
            side = "below" if end < median else "above"
            ends.append(f"{side} the published ones" if about else side)
    return " to ".join(dict.fromkeys(ends))


def _with_article(name: str) -> str:
    """Return the name of a place with the article that some have in a sentence."""
    has_article = name.startswith("United ") or name in _WITH_ARTICLE
    return f"the {name}" if has_article else name


_WITH_ARTICLE = {"District of Columbia", "Netherlands", "Philippines", "Virgin Islands"}


def _compared(change: float) -> str:
    """Return a change in per cent: `17.9% higher`, `the same`."""
    if not change:
        return "the same"
    return f"{abs(change):.1f}% {'lower' if change < 0 else 'higher'}"


def _range(page: Page, low: float, high: float | None = None) -> str:
    """Return an amount, or a range: `$150,000 to $170,000`."""
    ends = [low] if high is None else [low, high]
    return " to ".join(map(page.money, ends))


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


_THIN_NOTE = f"Thin: fewer than {THIN_RECORDS} records."


def _marked(row: Row) -> Row:
    """Return a row whose title says that its median is thin."""
    name = f"{row['title']} (thin)"
    return {**row, "title": name} if is_thin(row["records"]) else row


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
        notes.append(_THIN_NOTE)
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
    "relocate": _relocate,
    "compare": _compare,
}
