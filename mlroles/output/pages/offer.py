"""Where an offer ranks, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import HOME_COUNTRY, place_percentiles
from mlroles.dataset.kinds import KINDS
from mlroles.matching import AREA_LEVELS, COUNTRY, short_place, with_article
from mlroles.money import PERIODS, adjust, whole
from mlroles.output.blocks import Facts, Figure, paragraph
from mlroles.output.pages.phrases import (
    amount_range,
    capitalized,
    counted,
    covered,
    details,
    in_brackets,
    mostly,
    unit_note,
)
from mlroles.output.pages.salary import BARS, figure_name
from mlroles.output.values import ordinal, per, short_percentile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.output.blocks import Block
    from mlroles.output.page import Page
    from mlroles.queries.offer import Context, Rank
    from mlroles.questions import Row

# The percentiles below which an amount is called so.
_VERDICTS = ((10, "very low"), (25, "low"), (75.1, "mid-range"), (90.1, "high"))
# Percentiles of fewer records are numbers of records.
_FEW = 100


def offer(page: Page, row: Row) -> list[Block]:
    """A verdict on an offer, its rank, and how far it is from the percentiles."""
    context: Context = page.answer.context
    has_figure = row["source"] is not None
    ends = (row["offer"], row["offer_high"])
    first = f"{amount_range(page, *ends)} {per(row['period'])}, {row['title']}"
    first += _where(page, row)
    facts = []
    if not has_figure:
        blocks: list[Block] = [paragraph(f"{first}: no pay figure to rank it in")]
    else:
        is_rough = row["level"] in AREA_LEVELS or row["kind"] == "filings"
        between = _between(row) if is_rough else ""
        rank = _rank(context.ranks, row, between)
        verdicts = dict.fromkeys(map(verdict, context.ranks))
        proxy = f" {row['occupation']}, a proxy." if row["occupation"] else ""
        second = f"{rank}, {covered(page, row)}.{proxy}"
        blocks = [paragraph(f"{first}: {' to '.join(verdicts)}", second)]
        facts = _facts(page, row, ends)
    others = [
        (each, ranks)
        for each, ranks in zip(row["other_figures"], context.others, strict=True)
        # Another source of the same place is among the details.
        if page.details or row["kind"] == "records" or not _is_of_place(row, each)
    ]
    figures = [row, *(each for each, _ in others)]
    if page.chart and has_figure:
        # The offer is a mark in each of the figures; only one of them has prices.
        own = {key: row[key] for key in ("offer", "offer_high")}
        drawn = [
            {**each, **own, "name": figure_name(page, each), "adjusted_median": None}
            for each in figures
        ]
        sources = (each["source"] for each in figures)
        note = paragraph(unit_note(page, row, sources))
        return [*blocks, Figure(page, drawn, BARS), note]
    facts += [_other(page, row, *other) for other in others]
    # Amounts of another currency at US prices would look like pay in that country.
    has_prices = (
        row["adjusted_offer"] is not None
        and row["code"] != HOME_COUNTRY
        and row["currency"] == page.answer.data.currency
    )
    if has_prices:
        facts.append(("At US prices", _worth(page, row, ends)))
    facts += _package(page, row)
    if facts:
        blocks.append(Facts(facts))
    known = [each["source"] for each in figures if each["source"]]
    prices = [page.dated(row["cost_source"])] if has_prices else []
    if known or prices:
        blocks.append(paragraph(unit_note(page, row, known, *prices)))
    return [*blocks, *details(page, row)]


def _package(page: Page, row: Row) -> list[tuple[str, str]]:
    """Return what the parts of an offer add up to, if they are known."""
    if row["total_later_years"] is None:
        return []
    parts = {
        "base": whole(row["offer"] * PERIODS[row["period"]]),
        "bonus": row["bonus"],
        "equity": row["equity"],
    }
    known = [f"{name} {page.money(part)}" for name, part in parts.items() if part]
    signing = row["signing"]
    once = f"; signing bonus {page.money(signing)} once" if signing else ""
    names = {"bonus": "bonus", "equity": "equity", "signing": "signing bonus"}
    unknown = [name for key, name in names.items() if row[key] is None]
    first, later = (_total(page, row, each) for each in ("first_year", "later_years"))
    facts = [("First year", first), ("Later years", later)]
    if not signing:
        facts = [("Each year", later)]
    facts.append(("Parts", f"{capitalized(', '.join(known))} a year{once}"))
    if unknown:
        text = f"{', '.join(unknown)}: not given, so not in these sums"
        facts.append(("", capitalized(text)))
    return facts


def _total(page: Page, row: Row, years: str) -> str:
    total, cash = (row[f"{key}_{years}"] for key in ("total", "cash"))
    text = page.money(total)
    return text if cash == total else f"{text}, of which {page.money(cash)} in cash"


def _where(page: Page, row: Row) -> str:
    """Return the place of an offer: `, Austin, TX`."""
    if row["level"] in AREA_LEVELS:
        return f", {with_article(short_place(row['level'], row['place']))}"
    return f", {page.country(row['country'])}" if row["country"] else ""


def verdict(rank: Rank) -> str:
    """Return an adjective for the rank of an amount."""
    percentile = rank.percentile
    if percentile is None:
        # No more is known than that it is below or above a published percentile.
        percentile = (rank.high or 0) - 0.1 if rank.low is None else rank.low + 0.1
    return next((word for most, word in _VERDICTS if percentile < most), "very high")


def _facts(
    page: Page, row: Row, ends: tuple[float, float | None]
) -> list[tuple[str, str]]:
    """Return the percentiles of the figure, and how far an offer is from them."""
    facts = [
        (name, _difference(page, row[key], ends))
        for name, key in (("Median", "median"), ("75th percentile", "p75"))
        if row[key] is not None
    ]
    # The shares of a range are those of its lower end.
    is_range = row["offer_high"] is not None
    if row["kind"] == "advertised" and row["share_below"] is not None and not is_range:
        text = (
            f"{row['share_below']:.0f}% are below the offer, "
            f"{row['share_within']:.0f}% contain it, "
            f"{row['share_above']:.0f}% are above it"
        )
        facts.append(("Posted ranges", text))
    if row["range_low"] is not None and page.details:
        typical = amount_range(page, row["range_low"], row["range_high"])
        text = f"{typical} (median low end to median high end)"
        facts.append(("Typical range", text))
    return facts


def _difference(page: Page, amount: float, ends: tuple[float, float | None]) -> str:
    """Return an amount, and how far an offer or the ends of a range are from it."""
    gaps = [end - amount for end in ends if end is not None]
    low, high = gaps[0], gaps[-1]
    # The smaller one first.
    texts = [page.money(abs(gap)) for gap in sorted({*gaps}, key=abs)]
    side = "below" if low < 0 else "above"
    if low == high == 0:
        far = "equal to it"
    elif low < 0 < high:
        below, above = page.money(-low), page.money(high)
        far = f"{below} below it to {above} above it"
    elif 0 in gaps:
        far = f"up to {texts[-1]} {side} it"
    else:
        far = f"{' to '.join(texts)} {side} it"
    return f"{page.money(amount)}; the offer is {far}"


def _other(page: Page, row: Row, figure: Row, ranks: list[Rank]) -> tuple[str, str]:
    """Return where an offer ranks in another figure."""
    rank = capitalized(percentiles(ranks).removeprefix("the "))
    median = page.money(figure["median"])
    region = page.country(figure["region"]) if figure["region"] else "all countries"
    if figure["source"] == row["source"]:
        of = in_brackets("same source", mostly(figure))
        return capitalized(region), f"{rank}, median {median}{of}"
    region = "" if _is_of_place(row, figure) else region
    midpoints = " of midpoints" * (figure["kind"] == "advertised")
    of = in_brackets(counted(figure), region, covered(page, figure))
    text = f"{rank}{midpoints}, median {median}{of}"
    return capitalized(KINDS[figure["kind"]].name), text


def _is_of_place(row: Row, figure: Row) -> bool:
    """Return whether another figure is of the place of the offer."""
    return row["source"] is not None and figure["region"] == row["region"]


def _worth(page: Page, row: Row, ends: tuple[float, float | None]) -> str:
    """Return what an offer is worth at average US prices."""
    level = row["cost_of_living"]
    worth = [page.estimate(adjust(each, level) or 0) for each in ends if each]
    place = with_article(short_place(row["level"], row["place"]))
    average = ", country average" * (row["level"] == COUNTRY)
    prices = f"{place}: {level:.1f}{average}; US: 100"
    return f"{' to '.join(worth)} before tax ({prices})"


def _rank(ranks: Sequence[Rank], row: Row, between: str) -> str:
    """Return where an amount, or the ends of a range, rank in the figure.

    A posting states a range, and counts at its midpoint. `between` are the published
    percentiles that the amount is between, if only some are known.
    """
    count, records = counted(row), row["records"]
    # A data set may know the percentiles and not how many they are of.
    of = f" of {count}" if count else ""
    if row["kind"] == "advertised":
        of = f" of the midpoints of {count}"
    _, low, high = ranks[0]
    if len(ranks) > 1 or between or not of or low is None or low != high:
        return f"{capitalized(between or percentiles(ranks))}{of}"
    if records and records < _FEW:
        return f"Higher than about {round(low / 100 * records)}{of}"
    return f"Higher than about {short_percentile(low):g}%{of}"


def percentiles(ranks: Sequence[Rank]) -> str:
    """Return the percentile of an amount, or those of the ends of a range."""
    ends = list(map(_percentile, ranks))
    if len(set(ends)) == 1:
        return ends[0]
    if all(each.percentile is not None for each in ranks):
        ends[0] = ends[0].removesuffix(" percentile")
    return f"from {ends[0]} to {ends[1]}"


def _percentile(rank: Rank) -> str:
    """Return a percentile, or the published one that it is below or above."""
    _, low, high = rank
    if low is None:
        return f"below the {ordinal(round(high or 0))} percentile"
    if high is None:
        return f"above the {ordinal(round(low))} percentile"
    first, last = (short_percentile(each) for each in (low, high))
    span = f" to {ordinal(last)}" if first != last else ""
    return f"the {ordinal(first)}{span} percentile"


def _between(row: Row) -> str:
    """Return the published percentiles that an amount in an area is between."""
    low, high = row["percentile_low"], row["percentile_high"]
    if low is None or low != high or row["offer_high"] is not None:
        return ""
    known = place_percentiles(row)
    below = [n for n, amount in known if amount < row["offer"]]
    above = [n for n, amount in known if amount > row["offer"]]
    if len(below) + len(above) < len(known):
        return ""
    about = ordinal(round(row["percentile"]))
    ends = f"{ordinal(below[-1])} and {ordinal(above[0])}"
    return f"between the {ends} percentile (about the {about})"
