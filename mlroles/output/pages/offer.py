"""Where an offer ranks, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import place_percentiles, round_percentile
from mlroles.matching import AREA_LEVELS
from mlroles.output.blocks import paragraph
from mlroles.output.pages.phrases import (
    amount_range,
    counted,
    marks,
    meaning,
    mostly,
    not_comparable,
    place_label,
    plural,
    price_note,
    price_note_abroad,
    with_article,
)
from mlroles.output.values import ordinal, per

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.queries.offer import Context, Rank
    from mlroles.questions import Row


def offer(page: Page, row: Row) -> list[Block]:
    """Where an offer ranks, in sentences."""
    ends = (row["offer"], row["offer_high"])
    amount = f"{amount_range(page, *ends)} {per(row['period'])}"
    if row["level"] in AREA_LEVELS:
        return _offer_in_area(page, row, amount)
    if row["median"] is None:
        country = row["country"]
        where = f" in {with_article(page.country(country))}" if country else ""
        records = page.answer.data.pay
        of = plural(page, records["source"]) if records else "records"
        text = f"{amount}: too few {of} of {row['title']}{where}"
        return [paragraph(text, *price_note_abroad(page, row, *ends))]
    source = f"{page.kind(row['source'])}, {page.source(row['source'])}"
    context: Context = page.answer.context
    lines = [
        f"{amount}: {_rank(context.ranks, _counted(row))}",
        f"{row['title']}, {page.group(row)}: {source}",
        _difference(page, row),
    ]
    pay = context.figures
    if pay and pay["range_low"] is not None:
        typical = amount_range(page, pay["range_low"], pay["range_high"])
        side = "within"
        if not pay["range_low"] <= row["offer"] <= pay["range_high"]:
            side = "below" if row["offer"] < pay["range_low"] else "above"
        if row["offer_high"] is None:
            lines.append(f"{side} the typical advertised range, {typical}")
        else:
            lines.append(f"typical advertised range: {typical}")
    return [paragraph(*lines, *price_note_abroad(page, row, *ends))]


def _offer_in_area(page: Page, row: Row, amount: str) -> list[Block]:
    """The rank in a metro area or state, in the country, and among advertised pay."""
    context: Context = page.answer.context
    place = place_label(row)
    lines = [f"{amount}: no pay figures for {row['title']} in {place}"]
    if context.figures:
        between = _between(context.figures, row)
        rank = _rank(context.ranks, _counted(row), between)
        lines = [
            f"{amount} in {place}: {rank}",
            f"{row['occupation'] or row['title']}: {page.kind(row['source'])}, "
            + page.dated(row["source"]),
            _difference(page, row),
        ]
    if context.national:
        lines.append(
            f"in the United States, same source: {_rank(context.national)}, median "
            f"{page.money(row['national_median'])}{marks(mostly(row, 'national_'))}"
        )
    blocks: list[Block] = [
        paragraph(*lines, price_note(page, row, row["offer"], row["offer_high"]))
    ]
    advertised = context.advertised
    if advertised and advertised.rows["median"] is not None:
        rank = _rank(advertised.context.ranks, in_sentence=True)
        if advertised.rows["kind"] == "advertised":
            rank += " of their midpoints"
        blocks.append(paragraph(not_comparable(page, advertised.rows, rank)))
    if row["median"] is not None:
        blocks.append(paragraph(meaning(row)))
    return blocks


def _rank(
    ranks: Sequence[Rank],
    count: str = "",
    between: str = "",
    *,
    in_sentence: bool = False,
) -> str:
    """Return where an amount, or the ends of a range, rank among `count` records.

    In a sentence, the amount is `at the 81st percentile`.
    """
    low, high = ranks[0].low, ranks[0].high
    of = f" of {count}" if count else ""
    if len(ranks) > 1:
        ends = [_percentile(each.low, each.high) for each in ranks]
        if ends[0] == ends[1]:
            return f"{ends[0]}{of}"
        if all(each.percentile is not None for each in ranks):
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


def _counted(row: Row) -> str:
    """Return what an amount is ranked among: `68 filings`.

    A posting states a range, and counts at its midpoint.
    """
    count = counted(row)
    return f"the midpoints of {count}" if row["kind"] == "advertised" else count


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
    ends = [end for end in (row["offer"], row["offer_high"]) if end is not None]
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
