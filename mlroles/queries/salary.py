"""What a role pays: the leading figure, its distribution, and what sources report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import (
    DIMENSIONS,
    EXPERIENCES,
    SENIORITIES,
    THIN_RECORDS,
    WORK_MODES,
)
from mlroles.errors import UsageError
from mlroles.matching import choose, find_role
from mlroles.queries.answer import NO_FILTERS, Answer, Filters, Labels, Row
from mlroles.queries.pay import (
    BREAKDOWNS,
    HOME_COUNTRY,
    applies,
    converter,
    in_home,
    pay_row,
    select,
    year_of,
)

if TYPE_CHECKING:
    from mlroles.dataset.schema import Dataset, Role
    from mlroles.money import Converter

SENIORITY = "seniority"
_AMOUNTS = ("mean", "p10", "p25", "median", "p75", "p90")


def salary(
    data: Dataset,
    role: str | None = None,
    *,
    filters: Filters = NO_FILTERS,
    per: str = "year",
    real: bool = False,
) -> Answer[Row]:
    """Return what a role pays: the leading figure, the distribution and the evidence.

    Args:
        data: A data set.
        role: The id, title or an alias of a role; None is the default role.
        filters: Which figures to use. By default, pay records of the latest year with
            enough of them, in the United States, or else in all countries. Figures
            that the filters cannot apply to are excluded.
        per: The pay period of all amounts: year, month, week or hour.
        real: Amounts in prices of the latest month of the price index, in a further
            key, `prices`; otherwise they are nominal.

    Returns:
        One row with the keys `role title average_salary currency period region
        reports updated source distribution evidence lead`. `distribution` is None or a
        row as `salary_by` returns. `evidence` has a row for each source, with the keys
        `source kind region period_covered records employment mean p10 p25 median p75
        p90 occupation updated`; figures with an `occupation` are those of an official
        occupation, which is wider than the role. `lead` is None or has the keys
        `amount statistic kind year records thin`.

    Raises:
        UsageError: Unknown role, period, country, experience level or work mode.
    """
    found = find_role(data, role)
    convert = converter(data, per, filters, real=real)
    selection = select(data, [found], in_home(data, filters, real=real))
    groups = selection.groups[found["id"]]
    pay = pay_row(data, found, groups[0], convert) if groups else None
    average = found["salary"]
    if average and not applies(
        selection.requested, average["region"], average["updated"]
    ):
        average = None
    evidence = _evidence(data, found, pay, selection.requested, convert)
    row: Row = {
        "role": found["id"],
        "title": found["title"],
        "average_salary": average and convert(average["average"], average["updated"]),
        "currency": data["currency"],
        "period": convert.period,
        "region": average and average["region"],
        "reports": average and average["reports"],
        "updated": average and average["updated"],
        "source": average and average["source"],
        "distribution": pay,
        "evidence": evidence,
        "lead": _lead(evidence, has_pay=data["pay"] is not None),
    }
    if convert.prices:
        row["prices"] = convert.prices
    filters = selection.requested
    return Answer("salary", row, Labels(data), selection.notes, filters=filters)


def _evidence(
    data: Dataset, role: Role, pay: Row | None, filters: Filters, convert: Converter
) -> list[Row]:
    """Return what each source reports: about the role, then official occupations."""
    sources = {source["id"]: source for source in data["sources"]}
    rows: list[dict[str, Any]] = []
    if pay:
        rows.append(
            pay | {"region": pay["country"], "period_covered": str(pay["year"])}
        )
    for figures in data.get("national", []):
        if figures["role"] == role["id"] and applies(
            filters, HOME_COUNTRY, figures["period"]
        ):
            period = figures["period"]
            amounts = {key: convert(figures[key], period) for key in _AMOUNTS}  # type: ignore[literal-required]
            covered = {"region": HOME_COUNTRY, "period_covered": period}
            rows.append({**figures, **amounts, **covered})
    average = role["salary"]
    if average and applies(filters, average["region"], average["updated"]):
        rows.append(
            {
                "source": average["source"],
                "region": average["region"],
                "period_covered": average["updated"][:7],
                "records": average["reports"],
                "mean": convert(average["average"], average["updated"]),
            }
        )
    keys = ("records", "employment", *_AMOUNTS, "occupation")
    evidence = [
        {
            "source": row["source"],
            "kind": sources[row["source"]]["kind"],
            "region": row["region"],
            "period_covered": row["period_covered"],
            **{key: row.get(key) for key in keys},
            "updated": sources[row["source"]]["updated"],
        }
        for row in rows
    ]
    return sorted(
        evidence,
        key=lambda row: (bool(row["occupation"]), -year_of(row["period_covered"])),
    )


def _lead(evidence: list[Row], *, has_pay: bool) -> Row | None:
    """Return the figure to believe: the newest median that is not thin.

    Advertised pay or pay records lead; if they are thin, H-1B filings for the role that
    have more records. An average leads only if the data set has no distributions.
    """
    own = [row for row in evidence if not row["occupation"]]
    medians = [row for row in own if row["median"] is not None]
    if medians:
        first = next((row for row in medians if row["kind"] != "filings"), medians[0])
        lead, statistic = first, "median"
        if (first["records"] or 0) < THIN_RECORDS:
            # Of those with equally many, the first.
            lead = max([first, *medians], key=lambda row: row["records"] or 0)
    elif own and not has_pay:
        lead, statistic = own[0], "average"
    else:
        return None
    return {
        "amount": lead["median"] if statistic == "median" else lead["mean"],
        "statistic": statistic,
        "kind": lead["kind"],
        "year": year_of(lead["period_covered"]),
        "records": lead["records"],
        "thin": lead["records"] is not None and lead["records"] < THIN_RECORDS,
    }


def salary_by(
    data: Dataset,
    by: str,
    role: str | None = None,
    *,
    filters: Filters = NO_FILTERS,
    per: str = "year",
    real: bool = False,
) -> Answer[list[Row]]:
    """Return what a role pays by a dimension.

    `by` is year, country, experience, work-mode or seniority; the rest is as for
    `salary`.

    Returns:
        Rows with the keys `role title year country experience work_mode records mean
        p10 p25 median p75 p90 low high currency period source`, where None means all
        values of a dimension; `low` and `high` are the typical advertised range. By
        year, `change` is added: the change of the median from the year before, in per
        cent, None if either year is thin. By seniority, the rows are H-1B filings with
        the keys `role title seniority year country records p25 median p75 currency
        period source`. Countries are sorted by median, in descending order, the other
        dimensions in their own order. Empty if no group has enough records.

    Raises:
        UsageError: As for `salary`, or an unknown breakdown.
    """
    breakdown = choose(by, {**BREAKDOWNS, SENIORITY: SENIORITY}, "breakdown")
    found = find_role(data, role)
    convert = converter(data, per, filters, real=real, by=breakdown)
    if breakdown == SENIORITY:
        return _by_seniority(data, found, filters, convert)
    home = in_home(data, filters, real=real)
    selection = select(data, [found], home, breakdown)
    order = (None, *EXPERIENCES, *WORK_MODES)
    rows = [
        pay_row(data, found, group, convert) for group in selection.groups[found["id"]]
    ]
    if breakdown == "country":
        rows.sort(key=lambda row: (-row["median"], row["country"]))
    else:
        for key in ("work_mode", "experience"):
            rows.sort(key=lambda row: order.index(row[key]))
        rows.sort(key=lambda row: row["year"])
    notes = selection.notes
    question = "salary-by"
    if breakdown == "year":
        question = "salary-by-year"
        _add_changes(rows)
    if breakdown != "country" and rows and not getattr(filters, breakdown):
        groups = data["pay"]["groups"].values() if data["pay"] else ()
        index = DIMENSIONS.index(breakdown)
        every: set[Any] = {group[index] for of_role in groups for group in of_role}
        every.discard(None)
        # Years are in their own order.
        steps = sorted(every) if breakdown == "year" else order
        known = {row[breakdown] for row in rows}
        if missing := [str(step) for step in steps if step in every - known]:
            notes = [*notes, f"too few records: {', '.join(missing)}"]
    if convert.prices:
        rows = [row | {"prices": convert.prices} for row in rows]
    filters = selection.requested
    answer = Answer(question, rows, Labels(data), notes, filters=filters)
    return answer._replace(by=breakdown)


def _add_changes(rows: list[Row]) -> None:
    """Add the change of the median from the year before, in per cent."""
    before: Row = {}
    for row in rows:
        known = before and before["year"] == row["year"] - 1
        thick = known and min(row["records"], before["records"]) >= THIN_RECORDS
        change = 100 * (row["median"] / before["median"] - 1) if thick else None
        row["change"] = None if change is None else round(change, 1)
        before = row


def _by_seniority(
    data: Dataset, role: Role, filters: Filters, convert: Converter
) -> Answer[list[Row]]:
    if names := filters.names():
        raise UsageError(
            "H-1B filings by seniority are not broken down by "
            f"{' or '.join(names)}. Omit the filters."
        )
    sources = {source["id"]: source for source in data["sources"]}
    figures = [row for row in data.get("seniority", []) if row["role"] == role["id"]]
    figures.sort(key=lambda row: SENIORITIES.index(row["seniority"]))
    rows: list[Row] = []
    for row in figures:
        year = year_of(sources[row["source"]]["updated"])
        rows.append(
            {
                "role": role["id"],
                "title": role["title"],
                "seniority": row["seniority"],
                "year": year,
                "country": HOME_COUNTRY,
                "records": row["records"],
                "p25": convert(row["p25"], f"FY {year}"),
                "median": convert(row["median"], f"FY {year}"),
                "p75": convert(row["p75"], f"FY {year}"),
                "currency": data["currency"],
                "period": convert.period,
                "source": row["source"],
                **({"prices": convert.prices} if convert.prices else {}),
            }
        )
    notes = [] if rows else [f"no source gives pay by seniority for {role['title']}"]
    return Answer("salary-by-seniority", rows, Labels(data), notes, by=SENIORITY)
