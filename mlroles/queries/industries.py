"""Which industries pay more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import (
    HOME_COUNTRY,
    INDUSTRY_COLUMNS,
    INDUSTRY_DETAILS,
)
from mlroles.matching import choose
from mlroles.money import difference
from mlroles.queries.answer import Answer, Base, ranking, sort_column
from mlroles.queries.figures import figure, period_of
from mlroles.queries.market import Occupations, choose_occupation, name, search
from mlroles.queries.pay import converter
from mlroles.questions import INDUSTRIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import IndustryTable
    from mlroles.money import Converter
    from mlroles.questions import Row


_INDUSTRY = ("industry", "naics", "detail")


def industries(
    data: Dataset,
    role: str | None = None,
    *,
    detail: str = "sector",
    occupation: str | None = None,
    match: str | Iterable[str] | None = None,
    sort: str = "median",
    reverse: bool = False,
    limit: int | None = None,
    per: str = "year",
    currency: str | None = None,
) -> Answer[list[Row]]:
    """Return the pay of a role's official occupation by industry, sorted by a column.

    `detail` is how detailed the industries are: sector, subsector, group or industry.
    A ranking has industries of one level only, since each includes those below it.
    `occupation` is the code, title or part of the title of an official occupation that
    lists the role; None is the preferred one. `match` keeps industries whose name
    contains a text or whose NAICS code begins with it. `sort` is one of
    INDUSTRIES.sorts; the rest is as for `salary` and `sort_rows`.

    Returns:
        Rows with the keys of `questions.INDUSTRIES`.
        `difference` is relative to the median of the occupation, not of the role: that
        of the private sector, or the national one if that is unknown. There are none if
        the role has no such occupation.

    Raises:
        UsageError: As for `compare`, or an occupation that does not list the role.
    """
    column = sort_column(INDUSTRIES, sort)
    level = choose(detail, INDUSTRY_DETAILS, "detail", argument="detail")
    found, convert = data.role(role), converter(data, per, currency=currency)
    tables = data.by_occupation("industries")
    table, others, notes = choose_occupation(data, found, tables, occupation)
    rows: list[Row] = []
    base = None
    if table is not None:
        covered = period_of(data, table["source"])
        private = table.get("private") or {"median": None, "employment": None}
        wholes = {
            "private_median": convert(private["median"], covered),
            "private_employment": private["employment"],
            "national_median": convert(table["median"], covered),
            "national_employment": table.get("employment"),
        }
        kind, amount = "national", wholes["national_median"]
        if wholes["private_median"] is not None:
            kind, amount = "private-sector", wholes["private_median"]
        base = Base(f"the {kind} median", None, amount)
        rows = INDUSTRIES.rows(
            {
                "role": found["id"],
                "title": found["title"],
                **row,
                "difference": difference(row["median"], amount),
                **wholes,
            }
            for row in _industries(data, table, level, convert)
        )
    rows, unmatched = search(rows, match, ("industry",), "industries", code="naics")
    notes = [*notes, *unmatched]
    answer = Answer(INDUSTRIES, rows, data, notes, base=base, matched=bool(match))
    answer = answer._replace(context=Occupations(others), exchange=convert.exchange)
    return ranking(answer, column, reverse=reverse, limit=limit)


def _industries(
    data: Dataset, table: IndustryTable, level: str, convert: Converter
) -> list[Row]:
    """Return the figures of the industries of a level, from A to Z."""
    covered = period_of(data, table["source"])
    source, occupation = table["source"], name(table)
    found = []
    for array in table["rows"]:
        known = dict(zip(INDUSTRY_COLUMNS, array, strict=True))
        if known["detail"] == level:
            known["occupation"] = occupation
            row = figure(data, convert, source, covered, HOME_COUNTRY, known)
            found.append({key: known[key] for key in _INDUSTRY} | row)
    return sorted(found, key=lambda row: row["industry"].casefold())
