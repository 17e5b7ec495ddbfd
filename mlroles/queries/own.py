"""Your own pay records against the market: the bundled data set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.load import load
from mlroles.errors import Argument, UsageError
from mlroles.matching import ALL_COUNTRIES, as_list
from mlroles.money import difference
from mlroles.queries.answer import NO_FILTERS, Answer, Filters
from mlroles.queries.compare import compare
from mlroles.questions import COMPARE_MARKET

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlroles.dataset.dataset import Dataset
    from mlroles.questions import Row

# The keys of a figure that both sides have.
_OF_FIGURE = ("records", "median", "period_covered", "thin", "kind", "source")


def against_market(
    data: Dataset,
    roles: str | Iterable[str] = (),
    *,
    filters: Filters = NO_FILTERS,
    per: str = "year",
    currency: str | None = None,
) -> Answer[list[Row]]:
    """Return the median pay of roles, and that of the bundled data set.

    The market is of the same country, level and work mode, and of its own latest year
    unless `filters` have one. `roles` are names of roles; none of them: those that have
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
    country = next(
        (row["country"] or ALL_COUNTRIES for row in rows if row["source"]), None
    )
    theirs = compare(
        market,
        shared,
        filters=filters._replace(country=filters.country or country),
        per=per,
        currency=currency or data.currency,
    )
    by_role = {row["role"]: row for row in theirs.rows} if shared else {}
    compared = []
    for row in rows:
        other = by_role.get(row["role"], {})
        found = {**row, **{f"market_{key}": other.get(key) for key in _OF_FIGURE}}
        found["difference"] = difference(row["median"], other.get("median"))
        if found["difference"] is not None:
            share = round(100 * found["difference"] / other["median"], 1)
            found["difference_percent"] = share
        compared.append({key: found.get(key) for key in COMPARE_MARKET.keys})
    notes = [*own.notes, *(f"market: {note}" for note in theirs.notes if shared)]
    return Answer(COMPARE_MARKET, compared, data, notes, context=market)
