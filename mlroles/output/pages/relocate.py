"""What pay is worth elsewhere, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import PRICE_PARTS
from mlroles.matching import COUNTRY, short_place, with_article
from mlroles.output.blocks import Figure, Notes, note, paragraph
from mlroles.output.pages.phrases import (
    PROXY,
    amount_range,
    capitalized,
    details,
    few,
    has_country_note,
    in_brackets,
    marks,
    marks_note,
    mostly,
    sources_note,
)
from mlroles.output.values import estimate, ordinal, short_percentile
from mlroles.queries.answer import known_columns
from mlroles.questions import RELOCATE, Column

if TYPE_CHECKING:
    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.questions import Row


def relocate(page: Page, rows: list[Row]) -> list[Block]:
    """Where the same pay buys as much: sentences on one place, a table of several."""
    if not rows:
        return [paragraph("No places.")]
    first = rows[0]
    if page.chart:
        return _chart(page, rows)
    if len(rows) == 1 and not (page.answer.sort or page.answer.fields):
        return [
            paragraph(*_sentences(page, first)),
            paragraph(_origin(page, rows)),
            *details(page, first),
        ]
    start = with_article(_name(first, "from"))
    amount = amount_range(page, first["amount"], first["amount_high"])
    title = [_title(page, first, amount, start)]
    # One table for each source of pay: their medians are not comparable.
    tables: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        table = tables.setdefault((row["source"], row["occupation"]), [])
        table.append(_table_row(page, row))
    # All tables have the same columns.
    known = known_columns(row for table in tables.values() for row in table)
    page.answer = page.answer._replace(columns=page.answer.columns | known)
    if len(tables) == 1 and first["source"]:
        title.append(_pay_of(page, first))
    blocks: list[Block] = [paragraph(*title)]
    for (source, _), table in tables.items():
        if len(tables) > 1:
            of = _pay_of(page, table[0]) if source else "No figures of pay."
            blocks.append(paragraph(of))
        blocks.append(Figure(page, table, _RELOCATE))
    if page.details and not page.answer.fields:
        parts = [{**row, "to_place": _name(row)} for row in rows if _has_parts(row)]
        blocks += [Figure(page, parts, _PARTS, is_drawn=False)] if parts else []
    average = ", country average" * bool(_average_prices(rows))
    explained = {
        "equivalent": f"Equivalent: buys what {amount} buys in {start}"
        f"{_average_prices(rows)}.",
        "to_cost_of_living": "Prices: United States = 100 "
        f"({start}: {first['from_cost_of_living']:.1f}){average}.",
        "cost_change": f"All prices and their parts: change from {start}.",
        "to_percentile": "Percentile: where the equivalent ranks in that place.",
        "to_adjusted_median": "Adjusted: the median at average US prices.",
    }
    notes = [note(text, about=key) for key, text in explained.items()]
    notes += [note(marks_note(_place(row) for row in rows)), note(_origin(page, rows))]
    return [*blocks, Notes(notes), *details(page, first)]


# The columns of a chart.
_DRAWN = (
    Column("name", "name", heading="Place"),
    Column("equivalent", "estimate", heading="Equivalent"),
    Column("place_median", "money", heading="Median"),
)


def _chart(page: Page, rows: list[Row]) -> list[Block]:
    """What the amount is worth in each place, and the medians of one source."""
    first = rows[0]
    start = _name(first, "from")
    amount = amount_range(page, first["amount"], first["amount_high"])
    title = [_title(page, first, amount, with_article(start))]
    paid = {(row["source"], row["occupation"]): row for row in rows if row["source"]}
    # Medians of different sources are not comparable.
    pay = next(iter(paid.values())) if len(paid) == 1 else None
    if pay:
        title.append(_pay_of(page, pay))
    own = {"equivalent": first["amount"], "place_median": pay and pay["from_median"]}
    drawn = [{"name": start + marks(_place(first, "from")), **own}]
    drawn += [
        {
            "name": _name(row) + marks(_place(row)),
            "equivalent": row["equivalent"],
            "place_median": row["to_median"] if pay else None,
        }
        for row in rows
    ]
    ends = " Of a range, the low end is drawn." * (first["amount_high"] is not None)
    figures = [_place(first, "from"), *map(_place, rows)]
    buys = f"Equivalent: buys what {amount} buys in {with_article(start)}"
    texts = [f"{buys}{_average_prices(rows)}.{ends}", marks_note(figures)]
    texts.append(_origin(page, rows))
    return [
        paragraph(*title),
        Figure(page, drawn, _DRAWN),
        paragraph(" ".join(filter(None, texts))),
    ]


def _title(page: Page, row: Row, amount: str, start: str) -> str:
    """Return what an amount is worth in the first place."""
    if row["equivalent"] is None:
        return f"{amount} in {start}: what it is worth elsewhere"
    end = with_article(_name(row))
    by_pay = page.answer.sort == "to_adjusted_median" and not page.answer.reverse
    highest = ", where the median is highest at average US prices" * by_pay
    return f"{amount} in {start} is {_estimates(page, row)} in {end}{highest}"


def _pay_of(page: Page, row: Row) -> str:
    """Return a sentence on what the medians and percentiles are of."""
    proxy = f" The occupation {PROXY}" if row["occupation"] else ""
    period = page.covered(row["period_covered"])
    kind = page.kind(row["source"])
    return f"Pay of {row['occupation'] or row['title']}: {kind}, {period}.{proxy}"


def _estimates(page: Page, row: Row) -> str:
    """Return the equivalent of an amount, or of both ends of a range."""
    ends = (row["equivalent"], row["equivalent_high"])
    return " to ".join(page.estimate(each) for each in ends if each is not None)


def _place(row: Row, prefix: str = "to") -> Row:
    """Return the figure of one of the places, as far as its marks need it."""
    keys = ("records", "thin", "top_employer", "top_employer_share")
    return {"kind": row["kind"], **{key: row[f"{prefix}_{key}"] for key in keys}}


# Amounts and percentiles may be ranges.
_RELOCATE = [
    column._replace(kind="range")
    if column.key in {"equivalent", "to_percentile"}
    else column
    for column in RELOCATE.shown("title")
]


# The changes of all prices, and of their parts.
_PARTS = (
    Column("to_place", heading="Place"),
    Column("cost_change", "percent", heading="All prices"),
    Column("goods_change", "percent", heading="Goods", hide=2),
    Column("housing_change", "percent", heading="Housing"),
    Column("utilities_change", "percent", heading="Utilities", hide=3),
    Column("other_services_change", "percent", heading="Other services", hide=1),
)


def _has_parts(row: Row) -> bool:
    """Return whether the changes of the parts of prices are known."""
    return row["housing_change"] is not None


def _name(row: Row, prefix: str = "to") -> str:
    return short_place(row[f"{prefix}_level"], row[f"{prefix}_place"])


def _table_row(page: Page, row: Row) -> Row:
    """Return the row of a place as people see it."""
    return {
        **row,
        "to_place": _name(row) + marks(_place(row)),
        # Unknown if the place has no price level.
        "equivalent": None if row["equivalent"] is None else _estimates(page, row),
        "to_percentile": _percentile_in(row, "to"),
    }


def _origin(page: Page, rows: list[Row]) -> str:
    """Return a note on the unit and the sources."""
    costs = [row["cost_source"] for row in rows]
    prices = dict.fromkeys(each for ids in costs for each in ids.split("; "))
    pay = dict.fromkeys(row["source"] for row in rows if row["source"])
    sources = [*map(page.cited, pay), *map(page.dated, prices)]
    return f"{page.unit(rows[0])}, before tax. {sources_note(sources)}"


def _sentences(page: Page, row: Row) -> list[str]:
    """Return sentences on one place: the amount, its prices and its pay."""
    start = with_article(_name(row, "from"))
    end = with_article(_name(row))
    worth = _estimates(page, row)
    amount = amount_range(page, row["amount"], row["amount_high"])
    buys = f"In {end}, {worth} buys what {amount} buys in {start}"
    lines = [f"{buys}{_average_prices([row])}"]
    if row["to_currency"]:
        ends = (row["local_equivalent"], row["local_equivalent_high"])
        text = " to ".join(
            estimate(each, row["period"], row["to_currency"], unicode=page.unicode)
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
    if page.details and _has_parts(row):
        parts = (
            f"{part.replace('_', ' ')} {_compared(row[f'{part}_change'])}"
            for part in PRICE_PARTS
        )
        lines.append(f"Parts of prices: {', '.join(parts)}.")
    medians = [
        f"{page.money(row[f'{prefix}_median'])} in {place}"
        + in_brackets(mostly(_place(row, prefix)))
        for prefix, place in (("from", start), ("to", end))
        if row[f"{prefix}_median"] is not None
    ]
    if medians:
        text = f"Median {' and '.join(medians)}"
        is_comparable = not any(
            row[f"{prefix}_level"] == COUNTRY
            and has_country_note(page, row[f"{prefix}_code"])
            for prefix in ("from", "to")
        )
        if row["median_change"] is not None and is_comparable:
            text += f", {_compared(row['median_change'])}"
        lines.append(f"{text}. {_percentiles_at(row, start, end)}")
        lines.append(_pay_of(page, row))
        for prefix, place in (("from", start), ("to", end)):
            if row[f"{prefix}_thin"]:
                lines.append(
                    f"The median in {place} is thin: {few(_place(row, prefix))}."
                )
    return lines


def _average_prices(rows: list[Row]) -> str:
    """Return that prices are averages of countries, if any is among the places."""
    places = [
        (row[f"{prefix}_level"], row[f"{prefix}_place"])
        for row in rows
        for prefix in ("from", "to")
    ]
    names = list(dict.fromkeys(name for level, name in places if level == COUNTRY))
    if not names:
        return ""
    of = f" in {' and '.join(map(with_article, names))}" if len(rows) == 1 else ""
    return f", at the country average of prices{of}; cities differ"


def _percentiles_at(row: Row, start: str, end: str) -> str:
    """Return where an amount ranks in one place, and its equivalent in another."""
    texts = [
        f"the {of} is {rank} percentile in {place}"
        for prefix, place, of in (("from", start, "amount"), ("to", end, "equivalent"))
        if (rank := _percentile_in(row, prefix, "about the ")) is not None
    ]
    return f"{capitalized('; '.join(texts))}."


def _percentile_in(row: Row, prefix: str, about: str = "") -> str | None:
    """Return the percentile of an amount in a place: `81st`, `9th to 17th`.

    Outside of the published percentiles, it is below or above those that are known;
    None if there are no figures.
    """
    median = row[f"{prefix}_median"]
    amount = "amount" if prefix == "from" else "equivalent"
    if median is None or row[amount] is None:
        return None
    ends = []
    for at, key in (("", "percentile"), ("_high", "percentile_at_high")):
        end, percentile = row[f"{amount}{at}"], row[f"{prefix}_{key}"]
        if percentile is not None:
            ends.append(f"{about}{ordinal(short_percentile(percentile))}")
        elif end is not None:
            side, last = ("below", "lowest") if end < median else ("above", "highest")
            ends.append(f"{side} the {last} known" if about else side)
    ends = list(dict.fromkeys(ends))
    return "from " * (about != "" and len(ends) > 1) + " to ".join(ends)


def _compared(change: float) -> str:
    """Return a change in per cent: `17.9% higher`, `the same`."""
    if not change:
        return "the same"
    return f"{abs(change):.1f}% {'lower' if change < 0 else 'higher'}"
