"""What a role pays: the leading figure, its distribution, and what sources report."""

from __future__ import annotations

from math import exp, hypot, log
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
from mlroles.money import percent_change
from mlroles.queries.answer import NO_FILTERS, Answer, Filters
from mlroles.queries.figures import (
    FIGURE_KEYS,
    check_open,
    figure,
    seniority_figures,
)
from mlroles.queries.locations import (
    area_rows,
    cost_keys,
    filters_at,
    find_location,
)
from mlroles.queries.pay import (
    BREAKDOWNS,
    SENIORITY,
    applies,
    closest_groups,
    converter,
    in_home,
    nearby_groups,
    pay_row,
    select,
)
from mlroles.questions import (
    CONVERSION,
    SALARY,
    SALARY_BY,
    SALARY_BY_SENIORITY,
    SALARY_BY_YEAR,
)

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import Role
    from mlroles.money import Converter
    from mlroles.queries.pay import Selection
    from mlroles.questions import Row


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
    """Return what a role pays: the leading figure, then what other sources report.

    Pay records of one's own lead, and the other figures begin with the market: the
    pay of the bundled data set in the same country, or in all.

    Args:
        data: A data set.
        role: The id, title or an alias of a role; None is the default role.
        location: A US metro area, a US state or a country.
        filters: Which figures to use. By default, pay records of the latest year with
            enough of them, in the United States, or else in all countries; records of
            one's own in the country with most of them. Figures that the filters cannot
            apply to are excluded.
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
        in the countries with the closest price levels, then similar roles.

    Raises:
        UsageError: Unknown role, place, period, country, experience level, work mode or
            currency, or filters that the figures of the place do not support.
    """
    found = data.role(role)
    place = find_location(data, location)
    filters = filters_at(place, filters)
    convert = converter(data, per, filters, real=real, currency=currency)
    home = in_home(data, filters, real=real)
    own = convert.converted_to
    selection = select(data, [found], home, currency=own, suggest=False)
    groups = selection.groups[found["id"]]
    pay = pay_row(data, found, groups[0], convert) if groups else None
    in_area = place is not None and place.is_area
    wanted = selection.requested
    if data.is_own and wanted.country is None:
        wanted = wanted._replace(country=selection.slice.country)
    average = None if in_area else found["salary"]
    if average and not applies(wanted, average["region"], average["updated"]):
        average = None
    if place and in_area:
        areas, notes = area_rows(data, found, place, convert)
        # Advertised pay in the United States, which is not comparable, comes last.
        figures = [each for row in (*areas, pay) for each in _figure_in(row)]
        lead = figures[0] if areas else None
        pay = None
    else:
        figures = _figures(data, found, pay, wanted, convert)
        lead = _lead(figures, has_pay=data.pay is not None)
        notes = selection.notes
        if data.is_own and pay is not None:
            from mlroles.queries.own import market_pay

            if market := market_pay(data, found, pay, filters, convert):
                figures = [*_figure_in(market.row), *figures]
                data, notes = market.data, [*notes, *market.notes]
    closest: list[Row] = []
    if pay is None and not in_area:
        closest = _closest_rows(data, found, selection, convert)
    _, country, experience, work_mode = selection.requested
    row = SALARY.row(
        {
            "role": found["id"],
            "title": found["title"],
            "place": place and place.name,
            "level": place and place.level,
            "code": place and place.code,
            "country": HOME_COUNTRY if in_area or lead is None else lead["region"],
            "experience": experience,
            "work_mode": work_mode,
            "currency": convert.currency,
            "period": convert.period,
            **(lead or convert.keys(None)),
            "other_figures": [each for each in figures if each is not lead],
            "closest": closest,
            **cost_keys(data, place and place.key, lead["median"] if lead else None),
        }
    )
    if lead is None and not in_area:
        row["country"] = None if country == ALL_COUNTRIES else country
    if average:
        row |= {
            "average_salary": convert(average["average"], average["updated"]),
            "average_reports": average["reports"],
            "average_updated": average["updated"],
            "average_source": average["source"],
        }
    if groups and (every := data.all_postings(found["id"], groups[0])):
        records, median = every
        row["all_postings_records"] = records
        row["all_postings_median"] = convert(
            median, data.period(found["id"], groups[0][0])
        )
    wanted, exchange = selection.requested, convert.exchange
    return Answer(SALARY, row, data, notes, context=wanted, exchange=exchange)


def _closest_rows(
    data: Dataset, role: Role, selection: Selection, convert: Converter
) -> list[Row]:
    """Return the figures that are the closest to those that are missing.

    The role in the countries whose price levels are the closest; similar roles in the
    country at the same level, then the role and similar ones there at all levels. If
    there are none, the role in other years and countries.
    """
    wanted = selection.requested
    of_role = selection.every.get(role["id"], [])
    found = [(role, group) for group in nearby_groups(data, of_role, selection.slice)]
    broad = wanted._replace(experience=None, work_mode=None)
    for filters in (wanted, broad):
        for each in (role, *map(data.role, role["similar"])):
            own = convert.converted_to
            selected = select(data, [each], filters, currency=own, suggest=False)
            groups = selected.groups[each["id"]]
            found += [(each, group) for group in groups if (each, group) not in found]
    if not found:
        every = ((role, group) for group in of_role)
        found = closest_groups(every, selection.slice)
    return [
        pay_row(data, each, group, convert)
        for each, group in found
        # The price index is that of one country.
        if not convert.prices or group[1] == HOME_COUNTRY
    ]


def _figures(
    data: Dataset, role: Role, pay: Row | None, filters: Filters, convert: Converter
) -> list[Row]:
    """Return what each source reports: about the role, then official occupations."""
    rows = _figure_in(pay)
    for each in data.national:
        covered = each["period"]
        if each["role"] == role["id"] and applies(filters, HOME_COUNTRY, covered):
            found = figure(data, convert, each["source"], covered, HOME_COUNTRY, each)
            rows.append(found)
    average = role["salary"]
    if average and applies(filters, average["region"], average["updated"]):
        month, region = average["updated"][:7], average["region"]
        known = {"records": average["reports"], "mean": average["average"]}
        found = figure(data, convert, average["source"], month, region, known)
        rows.append(found)
    return sorted(rows, key=lambda row: (bool(row["occupation"]), -(row["year"] or 0)))


def _figure_in(row: Row | None) -> list[Row]:
    """Return the figure in a row, if there is one."""
    if row is None:
        return []
    keys = [*FIGURE_KEYS, *(column.key for column in CONVERSION)]
    return [{key: row[key] for key in keys if key in row}]


def _lead(figures: list[Row], *, has_pay: bool) -> Row | None:
    """Return the figure to believe: the newest median that is not thin.

    Pay records of one's own lead, however few. Advertised pay leads, but if it is thin,
    H-1B filings for the role that have more records. An average leads only if the data
    set has no distributions.
    """
    own = [row for row in figures if not row["occupation"]]
    medians = [row for row in own if row["median"] is not None]
    if not medians:
        return own[0] if own and not has_pay else None
    first = next((row for row in medians if row["kind"] != "filings"), medians[0])
    if first["kind"] == "records" or (first["records"] or 0) >= THIN_RECORDS:
        return first
    # Of those with equally many, the first.
    return max([first, *medians], key=lambda row: row["records"] or 0)


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

    A level of the breakdown, such as `experience` for seniority, keeps its row.

    Returns:
        Rows with the keys of `questions.SALARY_BY`, `SALARY_BY_YEAR` or
        `SALARY_BY_SENIORITY`. Countries are sorted by median, in descending order, the
        other dimensions in their own order. Empty if no group has enough records.

    Raises:
        UsageError: As for `salary`, or an unknown breakdown.
    """
    breakdown = choose(
        by,
        {**BREAKDOWNS, SENIORITY: SENIORITY},
        "breakdown",
        {"level": "experience"},
        argument="by",
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
    if breakdown == "country" and home.country and not data.country(home.country):
        # All countries are what the breakdown is of.
        home = home._replace(country=None)
    own = convert.converted_to
    selection = select(data, [found], home, breakdown, currency=own)
    order = (None, *EXPERIENCES, *WORK_MODES)
    rows = [
        pay_row(data, found, group, convert) for group in selection.groups[found["id"]]
    ]
    if breakdown == "country":
        rows.sort(key=lambda row: (-row["median"], row["country"]))
    else:
        for key in ("work_mode", "experience"):
            rows.sort(key=lambda row: order.index(row[key]))
        rows.sort(key=lambda row: row["year"] or 0)
    notes = selection.notes
    question = SALARY_BY
    if breakdown == "year":
        question = SALARY_BY_YEAR
        _add_changes(rows)
        rows = list(map(question.row, rows))
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
    """Add the change of the median from the year before, and its interval."""
    before: Row = {}
    for row in rows:
        known = before and before["year"] == row["year"] - 1
        if known and not is_thin(min(row["records"], before["records"])):
            row["change"] = percent_change(row["median"], before["median"])
            if row["median_ci_low"] and before["median_ci_low"]:
                low, high = _change_interval(before, row)
                row |= {"change_ci_low": low, "change_ci_high": high}
        before = row


def _change_interval(before: Row, after: Row) -> tuple[float, float]:
    """Return the 95 % confidence interval of a change of the median, in per cent.

    It is that of the ratio of two independent medians, from the interval of each: on a
    logarithmic scale, the distance of its end from the change is the root of the sum of
    the squares of their distances (the method of variance estimates recovery).
    """

    def distance(row: Row, end: str) -> float:
        return log(row[f"median_ci_{end}"] / row["median"])

    change = log(after["median"] / before["median"])
    low = change - hypot(distance(after, "low"), distance(before, "high"))
    high = change + hypot(distance(after, "high"), distance(before, "low"))
    # Adding 0 removes the sign of a negative zero.
    return round(100 * (exp(low) - 1), 1) + 0.0, round(100 * (exp(high) - 1), 1) + 0.0


def _by_seniority(
    data: Dataset, role: Role, filters: Filters, convert: Converter
) -> Answer[list[Row]]:
    wanted = filters.experience
    check_open(filters._replace(experience=None))
    if wanted is not None:
        wanted = choose(
            wanted, SENIORITIES, "level of seniority", argument="experience"
        )
    rows = [
        SALARY_BY_SENIORITY.row(
            {
                "role": role["id"],
                "title": role["title"],
                "seniority": level,
                "country": HOME_COUNTRY,
                **found,
            }
        )
        for level, found in seniority_figures(data, role["id"], convert, wanted).items()
    ]
    level = f" at the level {wanted}" if wanted else ""
    notes = (
        [] if rows else [f"no source gives pay by seniority for {role['title']}{level}"]
    )
    answer = Answer(SALARY_BY_SENIORITY, rows, data, notes, context=SENIORITY)
    return answer._replace(exchange=convert.exchange)
