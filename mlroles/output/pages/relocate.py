"""What pay is worth elsewhere, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import is_thin, round_percentile
from mlroles.matching import COUNTRY, short_place
from mlroles.output.blocks import Figure, Notes, note, paragraph
from mlroles.output.pages.phrases import (
    PROXY,
    amount_range,
    has_country_note,
    marks,
    meaning,
    mostly,
    mostly_note,
    plural,
    thin_note,
    with_article,
)
from mlroles.output.values import money, ordinal
from mlroles.queries.answer import known_columns
from mlroles.questions import RELOCATE

if TYPE_CHECKING:
    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.questions import Row


def relocate(page: Page, rows: list[Row]) -> list[Block]:
    """Where the same pay buys as much: sentences on one place, a table of several."""
    if not rows:
        return [paragraph("No places.")]
    first = rows[0]
    if len(rows) == 1 and not (page.answer.sort or page.answer.fields):
        return [
            paragraph(*_sentences(page, first)),
            paragraph(_origin(page, rows)),
        ]
    start = with_article(short_place(first["from_level"], first["from_place"]))
    amount = amount_range(page, first["amount"], first["amount_high"])
    blocks: list[Block] = [
        paragraph(f"{first['title']}: what {amount} in {start} is worth elsewhere")
    ]
    # One table for each source of pay: their medians are not comparable.
    tables: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        table = tables.setdefault((row["source"], row["occupation"]), [])
        table.append(_table_row(page, row))
    known = known_columns(row for table in tables.values() for row in table)
    for (source, _), table in tables.items():
        if len(tables) > 1:
            kind = page.kind(source) if source else "no figures of pay"
            blocks.append(paragraph(f"{kind[:1].upper()}{kind[1:]}:"))
        every = page.answer.columns | known
        blocks.append(Figure(page, table, _RELOCATE, known=every))
    explained = {
        "equivalent": f"Equivalent: the amount that buys what {amount} buys in "
        f"{start}{_average_prices(rows)}.",
        "to_cost_of_living": "Prices: the cost of living, United States = 100 "
        f"({start}: {first['from_cost_of_living']:.1f}).",
        "to_percentile": "Percentile: where the equivalent ranks among the role's pay "
        "in that place.",
        "to_adjusted_median": "Adjusted: what the median is worth at average US "
        "prices.",
    }
    notes = [note(text, about=key) for key, text in explained.items()]
    if any(is_thin(row["to_records"]) for row in rows):
        source = next(row["source"] for row in rows if is_thin(row["to_records"]))
        notes.append(note(thin_note(page, source)))
    notes += map(note, mostly_note(rows, "to_"))
    return [*blocks, Notes([*notes, note(_origin(page, rows))])]


# Amounts and percentiles may be ranges.
_RELOCATE = [
    column._replace(kind="range")
    if column.key in {"equivalent", "to_percentile"}
    else column
    for column in RELOCATE.shown("title")
]


def _table_row(page: Page, row: Row) -> Row:
    """Return the row of a place as people see it."""
    name = short_place(row["to_level"], row["to_place"])
    thin = "thin" * is_thin(row["to_records"])
    return {
        **row,
        "to_place": name + marks(thin, mostly(row, "to_")),
        # Unknown if the place has no price level.
        "equivalent": None
        if row["equivalent"] is None
        else amount_range(page, row["equivalent"], row["equivalent_high"]),
        "to_percentile": _percentile_in(row, "to"),
    }


def _origin(page: Page, rows: list[Row]) -> str:
    """Return a note on the unit, the sources and what their figures are."""
    cited = {row["source"] for row in rows if row["source"]}
    kinds = {page.answer.data.source(each)["kind"] for each in cited}
    notes = []
    if occupation := next((row["occupation"] for row in rows if row["occupation"]), ""):
        notes.append(PROXY.format(occupation))
    if "filings" in kinds:
        notes.append(meaning({"occupation": None, "kind": "filings"}))
    costs = [row["cost_source"] for row in rows]
    sources = dict.fromkeys(each for ids in costs for each in ids.split("; "))
    prices = "; ".join(map(page.dated, sources))
    notes.append(f"{page.unit(rows[0])}, before tax. Sources of prices: {prices}.")
    if pay := list(dict.fromkeys(row["source"] for row in rows if row["source"])):
        notes.append(f"Of pay: {'; '.join(map(page.dated, pay))}.")
    return " ".join(notes)


def _sentences(page: Page, row: Row) -> list[str]:
    """Return sentences on one place: the amount, its prices and its pay."""
    start = with_article(short_place(row["from_level"], row["from_place"]))
    end = with_article(short_place(row["to_level"], row["to_place"]))
    worth = amount_range(page, row["equivalent"], row["equivalent_high"])
    amount = amount_range(page, row["amount"], row["amount_high"])
    buys = f"In {end}, {worth} buys what {amount} buys in {start}"
    lines = [f"{buys}{_average_prices([row])}"]
    if row["to_currency"]:
        ends = (row["local_equivalent"], row["local_equivalent_high"])
        text = " to ".join(
            money(each, row["to_currency"], unicode=page.unicode)
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
        + marks(mostly(row, f"{prefix}_"))
        for prefix, place in (("from", start), ("to", end))
        if row[f"{prefix}_median"] is not None
    ]
    if medians:
        text = f"{row['title']}, median of {page.kind(row['source'])}: "
        text += ", ".join(medians)
        is_comparable = not any(
            row[f"{prefix}_level"] == COUNTRY
            and has_country_note(page, row[f"{prefix}_code"])
            for prefix in ("from", "to")
        )
        if row["median_change"] is not None and is_comparable:
            text += f", {_compared(row['median_change'])}"
        lines.append(f"{text}. {_percentiles_at(row, start, end)}")
        counted = plural(page, row["source"])
        for prefix, place in (("from", start), ("to", end)):
            if is_thin(records := row[f"{prefix}_records"]):
                lines.append(f"The median in {place} is thin: {records} {counted}.")
    return lines


def _average_prices(rows: list[Row]) -> str:
    """Return what prices are those of a country, if any is among the places."""
    places = [
        (row[f"{prefix}_level"], row[f"{prefix}_place"])
        for row in rows
        for prefix in ("from", "to")
    ]
    names = list(dict.fromkeys(name for level, name in places if level == COUNTRY))
    if not names:
        return ""
    of = " and ".join(map(with_article, names)) if len(rows) == 1 else "each country"
    return f", at average prices of {of}; cities differ"


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


def _compared(change: float) -> str:
    """Return a change in per cent: `17.9% higher`, `the same`."""
    if not change:
        return "the same"
    return f"{abs(change):.1f}% {'lower' if change < 0 else 'higher'}"
