"""Your own pay records against the market: the bundled data set."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mlroles.dataset.load import load
from mlroles.errors import Argument, UsageError
from mlroles.matching import ALL_COUNTRIES, as_list
from mlroles.money import difference, percent_change
from mlroles.queries.answer import NO_FILTERS, Answer, Filters
from mlroles.queries.compare import compare
from mlroles.queries.pay import pay_row, select
from mlroles.questions import COMPARE_MARKET

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import PayGroup, Role
    from mlroles.money import Converter
    from mlroles.questions import Row

# The keys of a figure that both sides have.
_OF_FIGURE = (
    "records", "median", "period_covered", "thin", "kind", "source", "country",
)  # fmt: skip


class MarketPay(NamedTuple):
    """What the market pays for a role."""

    row: Row
    """Its pay group, as `pay_row` returns it."""
    group: PayGroup
    data: Dataset
    """The data set of one's own, with the source of the market."""
    notes: list[str]
    """What readers of figures of the country must know."""


def market_pay(
    data: Dataset, role: Role, own: Row, filters: Filters, convert: Converter
) -> MarketPay | None:
    """Return what the market pays for a role, next to pay records of one's own.

    It is the market in the country of `own`, a row of `pay_row`, or in all countries
    where it has no figure of that one. None if it has none at all, or another currency.
    """
    market = load()
    same = [each for each in market.roles if each["id"] == role["id"]]
    if not same or market.currency != data.currency or market.pay is None:
        return None
    codes = [code for code in (own["country"],) if code in market.countries]
    for country in (*codes, ALL_COUNTRIES):
        wanted = filters._replace(country=country)
        selection = select(
            market, same, wanted, currency=convert.converted_to, suggest=False
        )
        for group in selection.groups[role["id"]]:
            row = pay_row(market, same[0], group, convert)
            source = market.source(row["source"])
            notes = _caveats(market, row["country"], convert.converted_to)
            return MarketPay(row, group, data.with_source(source), notes)
    return None


def _caveats(market: Dataset, country: str | None, currency: str | None) -> list[str]:
    """Return notes on the market in a country, with amounts in a currency."""
    if country is None:
        return []
    name, notes = market.countries[country], []
    if market.pay and (text := market.pay.get("country_notes", {}).get(country)):
        notes.append(f"market: {name}: {text}")
    if currency and market.table("rates")["currencies"].get(country) == currency:
        notes.append(f"market: {name}: of postings in {currency} only")
    return notes


def against_market(
    data: Dataset,
    roles: str | Iterable[str] = (),
    *,
    filters: Filters = NO_FILTERS,
    per: str = "year",
    currency: str | None = None,
) -> Answer[list[Row]]:
    """Return the median pay of roles, and that of the bundled data set.

    The market is of the same country, or of all countries if it has none of the roles
    there, of the same level and work mode, and of its own latest year unless `filters`
    have one. `roles` are names of roles; none of them: those that have
    pay records. The rest is as for `compare`.

    Returns:
        Rows with the keys of `questions.COMPARE_MARKET`, by median in descending order.

    Raises:
        UsageError: As for `compare`, or the data set is the bundled one.
    """
    market = load()
    if data.content == market.content:
        text = " compares records of your own: add "
        raise UsageError(
            Argument("market"), text, Argument("data", "FILE"), ".", argument="market"
        )
    named = as_list(roles)
    own = compare(
        data, named, every=not named, filters=filters, per=per, currency=currency
    )
    rows = [row for row in own.rows if named or row["source"]]
    known = {role["id"] for role in market.roles}
    shared = [row["role"] for row in rows if row["role"] in known]
    countries = [row["country"] or ALL_COUNTRIES for row in rows if row["source"]]
    wanted = countries[0] if countries else filters.country
    choices = [wanted] if wanted not in {*data.countries} - {*market.countries} else []
    for country in (*choices, ALL_COUNTRIES):
        theirs = compare(
            market,
            shared,
            filters=filters._replace(country=country),
            per=per,
            currency=currency or data.currency,
        )
        if any(row["source"] for row in theirs.rows):
            break
    notes = [*own.notes, *(f"market: {note}" for note in theirs.notes if shared)]
    by_role = {row["role"]: row for row in theirs.rows if row["source"] and shared}
    if by_role and country == ALL_COUNTRIES != wanted:
        name = data.countries.get(wanted or "", wanted)
        of = rows[0]["title"] if len(rows) == 1 else "these roles"
        notes.append(
            f"market: no figures of {of} in {name}; compared with all countries"
        )
    found_in = next((row["country"] for row in by_role.values()), None)
    converted_to = theirs.exchange.currency if theirs.exchange else None
    notes += _caveats(market, found_in, converted_to)
    compared = []
    for row in rows:
        other = by_role.get(row["role"], {})
        found = {**row, **{f"market_{key}": other.get(key) for key in _OF_FIGURE}}
        # Pay elsewhere is no measure of pay here.
        is_same = other and row["country"] == other["country"]
        measure = other["median"] if is_same else None
        found["difference"] = difference(row["median"], measure)
        found["difference_percent"] = percent_change(row["median"], measure)
        compared.append({key: found.get(key) for key in COMPARE_MARKET.keys})
    if own.exchange and theirs.exchange:
        # Averages, which are not shown, were converted at the rates of other years.
        years = {row["rate_year"] for row in [*rows, *by_role.values()]}
        used = own.exchange.used | theirs.exchange.used
        own.exchange.used = {year: used[year] for year in used if year in years}
    for source in sorted({row["source"] for row in by_role.values()}):
        data = data.with_source(market.source(source))
    answer = Answer(COMPARE_MARKET, compared, data, notes, context=market)
    return answer._replace(exchange=own.exchange)
