"""What the same pay is worth in another place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from mlroles.dataset.dimensions import HOME_COUNTRY, PRICE_PARTS, place_percentiles
from mlroles.errors import Argument, UsageError
from mlroles.matching import COUNTRY, LEVELS, as_list
from mlroles.money import ExchangeRates, adjust, percent_change, whole
from mlroles.queries.answer import Answer, Base, Filters, ranking, sort_column
from mlroles.queries.locations import table_rows
from mlroles.queries.offer import (
    Known,
    check_amounts,
    check_plausible,
    known_percentiles,
    rank,
)
from mlroles.queries.pay import converter, pay_row, select
from mlroles.questions import RELOCATE, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import Rates, Role
    from mlroles.money import Converter
    from mlroles.places import Place

# Columns that only figures of one source can be sorted by.
_OF_ONE_SOURCE = {"to_adjusted_median", "to_median"}
# The keys of a figure that a row has for each of its two places.
_OF_PLACE = (
    "median", "records", "employment", "thin", "top_employer", "top_employer_share",
)  # fmt: skip


class _Figures(NamedTuple):
    """What one source gives for a place."""

    row: Row
    """A pay figure, with the keys of `questions.FIGURE`."""
    known: Known

    def percentile(self, amount: float | None, *, is_exact: bool) -> float | None:
        """Return the percentile of an amount; a whole number unless it is exact."""
        if amount is None:
            return None
        return rank(amount, self.known, self.row["records"] if is_exact else None)[0]


# Figures by their source and the official occupation that they are of.
_Sources: TypeAlias = "dict[tuple[str, str | None], _Figures]"


def relocate(
    data: Dataset,
    amount: float,
    role: str | None = None,
    *,
    from_place: str,
    to_places: str | Iterable[str] = (),
    high: float | None = None,
    sort: str | None = None,
    reverse: bool = False,
    limit: int | None = None,
    per: str = "year",
    currency: str | None = None,
) -> Answer[list[Row]]:
    """Return what pay in one place is worth in others: the amounts that buy the same.

    Args:
        data: A data set.
        amount: Pay in `from_place`, in `currency`, for the period `per`.
        role: The id, title or an alias of a role; None is the default role.
        from_place: A US metro area, a US state or a country.
        to_places: The same; without any, all places where the role has figures, of
            the level of `from_place` if there are some.
        high: The other end, if the amount is a range.
        sort: One of RELOCATE.sorts, by its short name or key. None is the order of
            `to_places`, or without any, the median at average US prices.
        reverse: Whether to reverse the order.
        limit: The number of rows.
        per: The pay period of all amounts.
        currency: The currency of all amounts; None is that of the data set.

    Returns:
        Rows with the keys of `questions.RELOCATE`. `equivalent` is the amount times the
        price level of `to_place`, divided by that of `from_place`, before tax. Medians
        and percentiles are from a source that covers both places, or else of one place
        only. `cost_change` and `median_change` are in per cent. If `to_place` has
        another currency, `to_currency`, `local_equivalent` is in that, and
        `exchange_rate` is in its units per unit of `currency`. `cost_source` has the
        ids of two sources if the places are not of one kind.

    Raises:
        UsageError: As for `offer`, a place without a price level, or rows of several
            sources that are to be sorted by their medians.
    """
    found, convert = data.role(role), converter(data, per, currency=currency)
    check_amounts(amount, high)
    column = sort and sort_column(RELOCATE, sort)
    start = data.places.find(from_place, "from_place")
    found_places = (data.places.find(name, "to_places") for name in as_list(to_places))
    named = list(dict.fromkeys(found_places))
    levels = data.price_levels
    for place in (start, *named):
        if place.key not in levels:
            message = f"no price level is known for {place.short_name}."
            argument = "from_place" if place == start else "to_places"
            raise UsageError(message, argument=argument)
    keys = {each.key for each in (start, *named)} if named else None
    figures, notes = _figures(data, found, convert, keys)
    for known in figures.get(start.key, {}).values():
        # Without a median, any amount is plausible.
        check_plausible(amount, high, known.row["median"] or amount, convert)
    # In a ranking, the first place is not one of the others.
    ranked = [] if named else _places_with_figures(data, start, figures)
    ends = named or [place for place in ranked if place != start]
    rates = data.table("rates")
    rows: list[Row] = []
    for end in ends:
        row: Row = {
            "role": found["id"],
            "title": found["title"],
            "currency": convert.currency,
            "period": convert.period,
        }
        row |= _worth(start, end, (amount, high), levels, per=convert.period)
        row |= _parts(data, start, end)
        row |= _pay(row, start, end, figures)
        row |= _local(row, _exchange(rates, convert, end))
        rows.append(RELOCATE.row(row))
    if COUNTRY not in {place.level for place in (start, *ends)}:
        # The notes are on pay by country.
        notes = []
    if not named:
        column = column or RELOCATE.sorts["adjusted"]
        notes += [] if ends else [f"no source gives pay of {found['title']} by place"]
    elif column in _OF_ONE_SOURCE and len({row["source"] for row in rows}) > 1:
        text = "the medians are of different sources and cannot be ranked. Use "
        choices = " equivalent, cost or place."
        raise UsageError(text, Argument("sort"), choices, argument="sort")
    else:
        notes += _missing(found, start, named, rows)
    base = Base(start.short_name, start.code)
    answer = Answer(RELOCATE, rows, data, notes, base=base)
    answer = answer._replace(exchange=convert.exchange)
    return ranking(answer, column, reverse=reverse, limit=limit)


def _missing(
    role: Role, start: Place, ends: list[Place], rows: list[Row]
) -> Iterable[str]:
    """Yield a note for each place whose pay cannot be compared with that of `start`."""
    for end, row in zip(ends, rows, strict=True):
        if row["median_change"] is None:
            places = f"both {start.short_name} and {end.short_name}"
            yield f"no source gives pay of {role['title']} in {places}"


def _figures(
    data: Dataset, role: Role, convert: Converter, keys: set[tuple[str, str]] | None
) -> tuple[dict[tuple[str, str], _Sources], list[str]]:
    """Return what sources give for places, by level and code, and notes on countries.

    These are the places with `keys`. Those of all countries are of the same year. The
    United States have figures of several sources, each comparable with the places of
    that source. For all places (None), metro areas and states have figures of the
    leading source, so that they can be ranked.
    """
    figures: dict[tuple[str, str], _Sources] = {}
    countries = {code for level, code in keys or () if level == COUNTRY}
    by_country = select(
        data,
        [role],
        Filters(),
        "country",
        currency=convert.converted_to,
        countries=None if keys is None else countries,
    )
    for group in by_country.groups[role["id"]]:
        row = pay_row(data, role, group, convert)
        known = known_percentiles(group, convert)
        figures[COUNTRY, row["country"]] = {(row["source"], None): _Figures(row, known)}
    wanted = 1 if keys is None else None
    tables = [
        table
        for level in data.place_tables(role["id"])
        for table in data.every_place_table(role["id"], level)[:wanted]
    ]
    for table in tables:
        level = str(table["level"])
        arrays = [
            array
            for array in table["rows"]
            if keys is None or (level, array[1]) in keys
        ]
        rows, whole_row = table_rows(data, {**table, "rows": arrays}, convert)
        keyed = [((level, row["code"]), row) for row in rows]
        keyed += [((COUNTRY, HOME_COUNTRY), whole_row)] if whole_row else []
        for key, row in keyed:
            sources = figures.setdefault(key, {})
            of = row["source"], row["occupation"]
            sources[of] = _Figures(row, place_percentiles(row))
    return figures, by_country.notes


def _places_with_figures(
    data: Dataset, start: Place, figures: dict[tuple[str, str], _Sources]
) -> list[Place]:
    """Return the places with figures: of the level of a place, or of the finest."""
    places = [place for place in data.places.every if place.key in figures]
    known = {place.level for place in places}
    level = next((each for each in (start.level, *LEVELS) if each in known), None)
    return [place for place in places if place.level == level]


def _worth(
    start: Place,
    end: Place,
    amounts: tuple[float, float | None],
    levels: dict[tuple[str, str], tuple[float, str]],
    per: str,
) -> Row:
    """Return the keys on prices: what amounts in one place are worth in another."""
    before, before_source = levels[start.key]
    after, after_source = levels.get(end.key, (None, None))

    def equivalent(amount: float | None) -> float | None:
        if amount is None or after is None:
            return None
        # So that the way back gives the same amount, within one unit.
        digits = 0 if per == "year" and before < 2 * after else 2
        return whole(round(amount * after / before, digits))

    amount, high = amounts
    sources = {start.code: before_source, end.code: after_source}
    if len(sources) > 1:
        # By definition, the United States are 100 in every source.
        sources.pop(HOME_COUNTRY, None)
    return {
        "from_place": start.name,
        "from_level": start.level,
        "from_code": start.code,
        "to_place": end.name,
        "to_level": end.level,
        "to_code": end.code,
        "amount": whole(amount),
        "amount_high": None if high is None else whole(high),
        "equivalent": equivalent(amount),
        "equivalent_high": equivalent(high),
        "from_cost_of_living": before,
        "to_cost_of_living": after,
        "cost_change": percent_change(after, before),
        "cost_source": "; ".join(dict.fromkeys(filter(None, sources.values()))),
    }


def _parts(data: Dataset, start: Place, end: Place) -> Row:
    """Return the changes of the parts of the price level, which only areas have."""
    if not (start.is_area and end.is_area):
        return {}
    unknown = (None,) * len(PRICE_PARTS)
    before, after = (data.price_parts.get(e.key, unknown) for e in (start, end))
    changes = map(percent_change, after, before)
    return {f"{p}_change": each for p, each in zip(PRICE_PARTS, changes, strict=True)}


def _pay(
    row: Row, start: Place, end: Place, figures: dict[tuple[str, str], _Sources]
) -> Row:
    """Return the keys on pay, from a source of both places, or else of one of them."""
    before, after = (figures.get(place.key, {}) for place in (start, end))
    first = next(iter({**after, **before}), None)
    basis = next((each for each in after if each in before), first)
    if basis is None:
        return {}
    here, there = before.get(basis), after.get(basis)
    pay: Row = {
        f"{prefix}_{key}": of.row[key] if of else None
        for prefix, of in (("from", here), ("to", there))
        for key in _OF_PLACE
    }
    of_both = (there or before[basis]).row
    of_source = ("kind", "source", "occupation", "period_covered", "updated")
    pay |= {key: of_both[key] for key in of_source}
    adjusted = adjust(pay["to_median"], row["to_cost_of_living"])
    pay["to_adjusted_median"] = adjusted
    pay["median_change"] = percent_change(pay["to_median"], pay["from_median"])
    for prefix, of, amount in (("from", here, "amount"), ("to", there, "equivalent")):
        for at in ("", "_high"):
            key = f"{prefix}_percentile{'_at' if at else ''}{at}"
            # Of metro areas and states, only some percentiles are published.
            is_exact = start.level == end.level == COUNTRY
            value = row[f"{amount}{at}"]
            pay[key] = of.percentile(value, is_exact=is_exact) if of else None
    return pay


def _exchange(
    rates: Rates | None, convert: Converter, place: Place
) -> ExchangeRates | None:
    """Return the rates to the currency of a place, if it is another known one."""
    country = HOME_COUNTRY if place.is_area else place.code
    currency = rates["currencies"].get(country) if rates else None
    if rates is None or currency is None or currency == convert.currency:
        return None
    try:
        return ExchangeRates(rates, convert.currency, currency)
    except UsageError:
        return None


def _local(row: Row, exchange: ExchangeRates | None) -> Row:
    """Return the keys in the currency of the place, at the latest mean rate."""
    if exchange is None:
        return {}
    year = exchange.latest_year
    rate = exchange.rate(year)

    def local(amount: float | None) -> float | None:
        digits = 0 if row["period"] == "year" else 2
        return None if amount is None else whole(round(amount * rate, digits))

    return {
        "to_currency": exchange.currency,
        "exchange_rate": rate,
        "rate_year": year,
        "exchange_source": exchange.source,
        "local_equivalent": local(row["equivalent"]),
        "local_equivalent_high": local(row["equivalent_high"]),
    }
