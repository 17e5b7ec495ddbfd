"""What a role pays: the leading figure, its distribution, and what sources report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import (
    DIMENSIONS,
    EXPERIENCES,
    HOME_COUNTRY,
    SENIORITIES,
    THIN_RECORDS,
    WORK_MODES,
    is_thin,
)
from mlroles.errors import Argument, UsageError
from mlroles.matching import ALL_COUNTRIES, LEVELS, choose
from mlroles.money import year_of
from mlroles.queries.answer import NO_FILTERS, Answer, Filters
from mlroles.queries.locations import (
    area_rows,
    cost_keys,
    filters_at,
    find_location,
)
from mlroles.queries.pay import (
    BREAKDOWNS,
    applies,
    closest_groups,
    converter,
    in_home,
    pay_row,
    select,
)
from mlroles.questions import (
    SALARY,
    SALARY_BY,
    SALARY_BY_SENIORITY,
    SALARY_BY_YEAR,
    Row,
)

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import PayGroup, Role
    from mlroles.money import Converter
    from mlroles.places import Place
    from mlroles.queries.pay import Selection

SENIORITY = "seniority"
_AMOUNTS = ("mean", "p10", "p25", "median", "p75", "p90")


def salary(
    data: Dataset,
    role: str | None = None,
    *,
    location: str | None = None,
    filters: Filters = NO_FILTERS,
    per: str = "year",
    real: bool = False,
    currency: str | None = None,
) -> Answer[Row]:
    """Return what a role pays: the leading figure, the distribution and the evidence.

    Args:
        data: A data set.
        role: The id, title or an alias of a role; None is the default role.
        location: A US metro area, a US state or a country.
        filters: Which figures to use. By default, pay records of the latest year with
            enough of them, in the United States, or else in all countries. Figures
            that the filters cannot apply to are excluded.
        per: The pay period of all amounts: year, month, week or hour.
        real: Amounts in prices of the latest month of the price index, in a further
            key, `prices`; otherwise they are nominal.
        currency: The currency to convert amounts to, at the mean rate of their year,
            in further keys, `exchange_rate` and `rate_year`; None is that of the data
            set.

    Returns:
        One row with the keys of `questions.SALARY`. In a metro area or a state, the
        evidence is the area's figures, those of the United States from the same source,
        and as the last row advertised pay in the United States. `closest` has the role
        in all countries, then similar roles.

    Raises:
        UsageError: Unknown role, place, period, country, experience level, work mode or
            currency, or filters that the figures of the place do not support.
    """
    found = data.role(role)
    place = find_location(data, location)
    filters = filters_at(place, filters)
    convert = converter(data, per, filters, real=real, currency=currency)
    home = in_home(data, filters, real=real)
    selection = select(data, [found], home, suggest=False)
    groups = selection.groups[found["id"]]
    pay = _distribution(data, found, groups[0], convert) if groups else None
    in_area = place is not None and place.is_area
    average = None if in_area else found["salary"]
    if average and not applies(
        selection.requested, average["region"], average["updated"]
    ):
        average = None
    if place and in_area:
        evidence, notes = _area_evidence(data, found, place, pay, convert)
        lead = _leading(evidence[0]) if not notes else None
        pay = None
    else:
        evidence = _evidence(data, found, pay, selection.requested, convert)
        lead = _lead(evidence, has_pay=data.pay is not None)
        notes = selection.notes
    closest: list[Row] = []
    if pay is None and not in_area:
        closest = _closest_rows(data, found, selection, convert)
    covered = str(lead["year"]) if lead else None
    if average:
        covered = average["updated"]
    row: Row = {
        "role": found["id"],
        "title": found["title"],
        "average_salary": average and convert(average["average"], average["updated"]),
        "currency": convert.currency,
        "period": convert.period,
        "region": average and average["region"],
        "reports": average and average["reports"],
        "updated": average and average["updated"],
        "source": average and average["source"],
        "distribution": pay,
        "evidence": evidence,
        "lead": lead,
        "closest": closest,
        "place": place and place.name,
        "level": place and place.level,
        "code": place and place.code,
        **cost_keys(
            data,
            place and place.level,
            place and place.code,
            lead["amount"] if lead and lead["statistic"] == "median" else None,
        ),
        **convert.keys(covered),
    }
    answer = Answer(SALARY, row, data, notes, context=selection.requested)
    return answer._replace(exchange=convert.exchange)


def _area_evidence(
    data: Dataset, role: Role, place: Place, pay: Row | None, convert: Converter
) -> tuple[list[Row], list[str]]:
    """Return the figures of a metro area or state, and notes.

    They are followed by those of the United States from the same source, and by
    advertised pay in the United States, which is not comparable.
    """
    rows: list[Row] = []
    area, national, notes = area_rows(data, role, place, convert)
    covered = {each["source"]: each["period"] for each in data.national}
    region = f"{HOME_COUNTRY}-{place.code}" if place.level == "state" else place.code
    for row, of in ((area, region), (national, HOME_COUNTRY)):
        if row:
            period = covered.get(row["source"], row["updated"])
            rows.append(row | {"region": of, "period_covered": period})
    rows += _covered(pay)
    return [_evidence_row(data, row, convert) for row in rows], notes


def _distribution(
    data: Dataset, role: Role, group: PayGroup, convert: Converter
) -> Row:
    """Return the row of a pay group, with the keys that the conversion adds."""
    return pay_row(data, role, group, convert) | convert.keys(str(group[0]))


def _closest_rows(
    data: Dataset, role: Role, selection: Selection, convert: Converter
) -> list[Row]:
    """Return the figures that are the closest to those that are missing.

    The same role in all countries; similar roles in the country, first at the same
    level, then at all levels. If there are none, the role in other years and countries.
    """
    wanted = selection.requested
    similar = list(map(data.role, role["similar"]))
    anywhere = wanted._replace(country=ALL_COUNTRIES)
    broad = wanted._replace(experience=None, work_mode=None)
    found: list[tuple[Role, PayGroup]] = []
    for roles, filters in (([role], anywhere), (similar, wanted), (similar, broad)):
        for each in roles:
            selected = select(data, [each], filters, suggest=False)
            groups = selected.groups[each["id"]]
            found += [(each, group) for group in groups if (each, group) not in found]
    if not found:
        own = data.groups.get(role["id"], [])
        found = [(role, group) for group in closest_groups(own, selection.slice)]
    return [
        _distribution(data, each, group, convert)
        for each, group in found
        # The price index is that of one country.
        if not convert.prices or group[1] == HOME_COUNTRY
    ]


def _evidence(
    data: Dataset, role: Role, pay: Row | None, filters: Filters, convert: Converter
) -> list[Row]:
    """Return what each source reports: about the role, then official occupations."""
    rows = _covered(pay)
    for figures in data.national:
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
    evidence = [_evidence_row(data, row, convert) for row in rows]
    return sorted(
        evidence,
        key=lambda row: (bool(row["occupation"]), -year_of(row["period_covered"])),
    )


def _covered(pay: Row | None) -> list[Row]:
    """Return the row of a pay group with what it covers, if there is one."""
    if pay is None:
        return []
    return [pay | {"region": pay["country"], "period_covered": str(pay["year"])}]


def _evidence_row(data: Dataset, row: Row, convert: Converter) -> Row:
    """Return the row of a source, from figures with what they cover."""
    source = data.source(row["source"])
    keys = ("records", "employment", *_AMOUNTS, "occupation")
    return {
        "source": row["source"],
        "kind": source["kind"],
        "region": row["region"],
        "period_covered": row["period_covered"],
        **{key: row.get(key) for key in keys},
        "updated": source["updated"],
        **convert.keys(row["period_covered"]),
    }


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
    return _leading(lead, statistic)


def _leading(row: Row, statistic: str = "median") -> Row:
    """Return the leading figure, from the row of its source."""
    return {
        "amount": row["median"] if statistic == "median" else row["mean"],
        "statistic": statistic,
        "kind": row["kind"],
        "year": year_of(row["period_covered"]),
        "records": row["records"],
        "thin": is_thin(row["records"]),
    }


def salary_by(
    data: Dataset,
    by: str,
    role: str | None = None,
    *,
    location: str | None = None,
    filters: Filters = NO_FILTERS,
    per: str = "year",
    real: bool = False,
    currency: str | None = None,
) -> Answer[list[Row]]:
    """Return what a role pays by a dimension.

    `by` is year, country, experience, work-mode or seniority; `location` must be a
    country. The rest is as for `salary`.

    Returns:
        Rows with the keys of `questions.SALARY_BY`, `SALARY_BY_YEAR` or
        `SALARY_BY_SENIORITY`. Countries are sorted by median, in descending order, the
        other dimensions in their own order. Empty if no group has enough records.

    Raises:
        UsageError: As for `salary`, or an unknown breakdown.
    """
    breakdown = choose(
        by, {**BREAKDOWNS, SENIORITY: SENIORITY}, "breakdown", argument="by"
    )
    found = data.role(role)
    place = find_location(data, location)
    if place and place.is_area:
        text = f"pay by {LEVELS[place.level]} is not broken down by {by}. Omit "
        raise UsageError(text, Argument("by"), ".", argument="by")
    filters = filters_at(place, filters)
    convert = converter(data, per, filters, real=real, by=breakdown, currency=currency)
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
    question = SALARY_BY
    if breakdown == "year":
        question = SALARY_BY_YEAR
        _add_changes(rows)
    rows = [row | convert.keys(str(row["year"])) for row in rows]
    if breakdown != "country" and rows and not getattr(filters, breakdown):
        groups = data.groups.values()
        index = DIMENSIONS.index(breakdown)
        every: set[Any] = {group[index] for of_role in groups for group in of_role}
        every.discard(None)
        # Years are in their own order.
        steps = sorted(every) if breakdown == "year" else order
        known = {row[breakdown] for row in rows}
        if missing := [str(step) for step in steps if step in every - known]:
            notes = [*notes, f"too few records: {', '.join(missing)}"]
    answer = Answer(question, rows, data, notes, context=breakdown)
    return answer._replace(exchange=convert.exchange)


def _add_changes(rows: list[Row]) -> None:
    """Add the change of the median from the year before, in per cent."""
    before: Row = {}
    for row in rows:
        known = before and before["year"] == row["year"] - 1
        comparable = known and not is_thin(min(row["records"], before["records"]))
        change = 100 * (row["median"] / before["median"] - 1) if comparable else None
        row["change"] = None if change is None else round(change, 1)
        before = row


def _by_seniority(
    data: Dataset, role: Role, filters: Filters, convert: Converter
) -> Answer[list[Row]]:
    if names := filters.names():
        raise UsageError(
            f"H-1B filings by seniority are not broken down by {filters.described()}. "
            "Omit the filters.",
            argument=names[0],
        )
    figures = [row for row in data.seniority if row["role"] == role["id"]]
    figures.sort(key=lambda row: SENIORITIES.index(row["seniority"]))
    rows: list[Row] = []
    for row in figures:
        year = year_of(data.source(row["source"])["updated"])
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
                "currency": convert.currency,
                "period": convert.period,
                "source": row["source"],
                **convert.keys(f"FY {year}"),
            }
        )
    notes = [] if rows else [f"no source gives pay by seniority for {role['title']}"]
    answer = Answer(SALARY_BY_SENIORITY, rows, data, notes, context=SENIORITY)
    return answer._replace(exchange=convert.exchange)
