"""Advertised pay: the postings of the aijobs.net salary index.

From 2022 on, nearly all records of the index are the two ends of an advertised range,
the high end first, in adjacent lines that agree in every other column. Such a pair is
one posting. Single records, and those of 2020 and 2021, look like answers of people;
they are too few and too different, and are omitted. All of this is a reading of the
records, not the publisher's statement.

An outlier is a posting that states one figure, more than ten times as high as the next
one of the same title, year and country. It is omitted as an error. A group of postings
whose mean is above its 90th percentile is one that this rule did not find: the refresh
stops.
"""

from __future__ import annotations

import csv
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.dataset.dataset import Dataset
from mlroles.dataset.dimensions import (
    DIMENSIONS,
    EXPERIENCES,
    MIN_RECORDS,
    PAY_COLUMNS,
    RANGE_COLUMNS,
    WORK_MODES,
    group_key,
)
from mlroles.extras.importer.pay import import_records
from mlroles.extras.importer.reading import Settings
from refresh.files import read_csv
from refresh.rates import read_rates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mlroles.dataset.schema import (
        AllPostings,
        DatasetJson,
        LocalPay,
        Pay,
        PayGroup,
        RangeEnds,
        Source,
    )

SOURCE = "aijobs-salary-index"
FIRST_YEAR = 2022
# Postings in these countries that state US dollars may mean their own.
LOCAL_DOLLARS = {"CA", "AU", "NZ", "SG"}
# The publisher's last data are of 3 August 2025, and this title begins in June 2024.
PERIODS = {"2025": "2025-01/2025-07"}
ROLE_PERIODS = {"software-engineer": {"2024": "2024-06/2024-12"}}
# The values of two columns, in the order of our levels and work modes.
LEVELS = dict(zip(("EN", "MI", "SE", "EX"), EXPERIENCES, strict=True))
MODES = dict(zip(("0", "50", "100"), WORK_MODES, strict=True))
_PAY = ("salary", "salary_in_usd")
_GROUP = ("job_title", "work_year", "company_location")
_RECORDS = PAY_COLUMNS.index("records")
_OUTLIER = 10
# How far the median of all postings may be from that of distinct ones.
_FAR = 0.05
_OMITTED = (
    " Omitted as an error, as one figure more than ten times as high as the next one "
    "of the same title, year and country: "
)
# The columns that the importer reads.
_KEPT = (
    "work_year", "experience_level", "employment_type", "job_title",
    "company_location", "remote_ratio",
)  # fmt: skip


class Posting(NamedTuple):
    """A posting: its columns but for its pay, and its range in the stated currency."""

    columns: dict[str, str]
    low: dict[str, str]
    high: dict[str, str]


def refresh(data: DatasetJson, records: Path, rates: Path) -> DatasetJson:
    """Return a data set with the pay of the index's postings.

    Args:
        data: The data set.
        records: The records of the index.
        rates: Yearly mean exchange rates (see `read_rates`).
    """
    known = read_rates(rates)
    every, errors = _postings(records, known)
    stated = distinct(every)
    source = next(each for each in data["sources"] if each["id"] == SOURCE)
    omitted = [each for each in errors if is_counted(each, Dataset(data))]
    method = source["method"].partition(_OMITTED)[0] + _method(omitted)
    source = {**source, "method": method}
    new, notes = _imported(data, stated, known, source)
    for note in notes:
        print(note)
    pay = new["pay"]
    if pay is None:
        return new
    with_reposts = _imported(data, every, known, source)[0]["pay"] or pay
    if skewed := skewed_groups(pay):
        raise SystemExit("\n".join(skewed))
    by_country = {group[1] for groups in pay["groups"].values() for group in groups}
    of_roles = [each for each in stated if is_counted(each, Dataset(data))]
    notes_by_country = {
        country: text
        for country, text in country_notes(of_roles).items()
        if country in by_country
    }
    pay |= {
        "periods": PERIODS,
        "role_periods": ROLE_PERIODS,
        "country_notes": notes_by_country,
        "all_postings": far_medians(pay, with_reposts),
    }
    return new


def _postings(
    records: Path, rates: dict[tuple[str, str], float]
) -> tuple[list[Posting], list[Posting]]:
    """Return the postings of the index without its errors, and the errors."""
    every = list(pairs(read_csv(records)))
    errors = outliers(distinct(every), rates)
    return [posting for posting in every if posting not in errors], errors


def local_pay(
    data: DatasetJson, records: Path, rates: Path, currencies: Mapping[str, str]
) -> LocalPay:
    """Return the pay groups of the postings that state the currency of their country.

    Only of those groups of the data set that have other postings as well. Where fewer
    than MIN_RECORDS are left, only their number is.

    Args:
        data: The data set that `refresh` returns.
        records: The records of the index.
        rates: Yearly mean exchange rates.
        currencies: The currencies of countries by their codes.
    """
    known = read_rates(rates)
    every, _ = _postings(records, known)
    stated = [
        posting
        for posting in distinct(every)
        if posting.columns["salary_currency"]
        == currencies.get(posting.columns["company_location"])
    ]
    source = next(each for each in data["sources"] if each["id"] == SOURCE)
    new, _ = _imported(data, stated, known, source, min_records=1)
    every_group = data["pay"]["groups"] if data["pay"] else {}
    own = new["pay"]["groups"] if new["pay"] else {}
    groups: dict[str, list[Any]] = {}
    few: dict[str, list[Any]] = {}
    for role, of_all in every_group.items():
        left: dict[Any, Any] = {group_key(g): g for g in own.get(role, ())}
        for group in of_all:
            key = group_key(group)
            number = left[key][_RECORDS] if key in left else 0
            if group[1] not in currencies or number == group[_RECORDS]:
                continue
            if number < MIN_RECORDS:
                few.setdefault(role, []).append([*key, number])
            else:
                groups.setdefault(role, []).append(left[key])
    return {"columns": list(PAY_COLUMNS), "groups": groups, "few": few}


def range_ends(data: DatasetJson, records: Path, rates: Path) -> RangeEnds:
    """Return the ranges behind the pay groups of the latest year: their two ends.

    Args:
        data: The data set that `refresh` returns.
        records: The records of the index.
        rates: Yearly mean exchange rates.
    """
    known = read_rates(rates)
    every, _ = _postings(records, known)
    current = Dataset(data)
    year = current.years[0]
    found: dict[str, dict[tuple[Any, ...], list[tuple[int, int]]]] = {
        role["id"]: {} for role in current.roles
    }
    for posting in trusted(distinct(every)):
        columns = posting.columns
        # Of countries without figures, only all together are known.
        country: str | None = columns["company_location"]
        country = country if country in data["countries"] else None
        if int(columns["work_year"]) == year and is_counted(posting, current):
            role = current.role(columns["job_title"])["id"]
            level = LEVELS[columns["experience_level"]]
            key = (year, country, level, MODES[columns["remote_ratio"]])
            low, high = (
                round(in_usd(end, known)) for end in (posting.low, posting.high)
            )
            found[role].setdefault(key, []).append((low, high))
    return {
        "columns": list(RANGE_COLUMNS),
        "groups": {
            role: [
                (*key, *map(list, zip(*sorted(ends), strict=True)))
                for key, ends in sorted(groups.items(), key=str)
            ]
            for role, groups in found.items()
            if groups
        },
    }


def _imported(
    data: DatasetJson,
    postings: list[Posting],
    rates: dict[tuple[str, str], float],
    source: Source,
    min_records: int = MIN_RECORDS,
) -> tuple[DatasetJson, list[str]]:
    """Return a data set with the pay of the postings that are trusted, and notes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "postings.csv"
        write(path, trusted(postings), rates)
        settings = Settings(exact_titles=True, min_records=min_records)
        return import_records(data, str(path), settings, source)


def far_medians(pay: Pay, with_reposts: Pay) -> dict[str, list[AllPostings]]:
    """Return the medians of all postings that are far from those of distinct ones.

    Args:
        pay: The groups of distinct postings.
        with_reposts: Those of all postings.
    """
    found: dict[str, list[Any]] = {}
    for role, groups in pay["groups"].items():
        medians = {tuple(key): median for *key, _, median in map(_median, groups)}
        for row in map(_median, with_reposts["groups"][role]):
            distinct_median = medians.get(tuple(row[: len(DIMENSIONS)]))
            if distinct_median and abs(row[-1] / distinct_median - 1) > _FAR:
                found.setdefault(role, []).append(row)
    return found


def _median(group: PayGroup) -> list[Any]:
    """Return a group as ALL_POSTINGS_COLUMNS."""
    row = dict(zip(PAY_COLUMNS, group, strict=True))
    return [*group_key(group), row["records"], row["p50"]]


def is_counted(posting: Posting, data: Dataset) -> bool:
    """Return whether a posting is full-time and its title is that of a role."""
    is_full_time = posting.columns["employment_type"] == "FT"
    return is_full_time and data.is_role_name(posting.columns["job_title"])


def country_notes(postings: list[Posting]) -> dict[str, str]:
    """Return what readers of the figures of a country must know, by its code.

    Args:
        postings: Distinct postings, those whose currency is uncertain as well.
    """
    by_country: dict[str, list[Posting]] = {}
    for posting in postings:
        by_country.setdefault(posting.columns["company_location"], []).append(posting)
    notes = {}
    for country, stated in sorted(by_country.items()):
        used = list(trusted(stated))
        single = sum(each.low["salary"] == each.high["salary"] for each in used)
        if len(used) < len(stated) / 2:
            notes[country] = (
                f"{len(used):,} of {len(stated):,} postings of all roles could be "
                "used. The others state US dollars, which may mean local dollars."
            )
        elif single > len(used) / 2:
            notes[country] = (
                f"{100 * single / len(used):.0f}% of the postings state one figure, "
                "probably the minimum that they must state. Do not compare pay with "
                "that in other countries."
            )
    return notes


def pairs(rows: list[dict[str, str]]) -> Iterator[Posting]:
    """Yield adjacent records that are the high and the low end of one range."""
    taken = -1
    for index, (high, low) in enumerate(pairwise(rows)):
        if index == taken or int(high["work_year"]) < FIRST_YEAR:
            continue
        columns = {key: value for key, value in high.items() if key not in _PAY}
        same = all(low[key] == value for key, value in columns.items())
        if same and float(high["salary"]) >= float(low["salary"]):
            taken = index + 1
            yield Posting(columns, low, high)


def trusted(postings: Iterable[Posting]) -> Iterator[Posting]:
    """Yield the postings whose currency is certain."""
    for posting in postings:
        country = posting.columns["company_location"]
        is_usd = posting.columns["salary_currency"] == "USD"
        if not (is_usd and country in LOCAL_DOLLARS) and (is_usd or country != "US"):
            yield posting


def distinct(postings: Iterable[Posting]) -> list[Posting]:
    """Return each posting once: reposts cannot be distinguished from new openings."""
    unique = {
        (*posting.high.values(), *posting.low.values()): posting for posting in postings
    }
    return list(unique.values())


def outliers(
    postings: list[Posting], rates: dict[tuple[str, str], float]
) -> list[Posting]:
    """Return the postings that are errors (see the rule at the top).

    Args:
        postings: Distinct postings.
        rates: Yearly mean exchange rates.
    """
    groups: dict[tuple[str, ...], list[Posting]] = {}
    for posting in postings:
        key = tuple(posting.columns[name] for name in _GROUP)
        groups.setdefault(key, []).append(posting)

    def pay(posting: Posting) -> float:
        return (in_usd(posting.low, rates) + in_usd(posting.high, rates)) / 2

    several = [sorted(group, key=pay)[-2:] for group in groups.values() if group[1:]]
    return [
        highest
        for following, highest in several
        if highest.low["salary"] == highest.high["salary"]
        and pay(highest) > _OUTLIER * pay(following)
    ]


def _method(omitted: list[Posting]) -> str:
    """Return a sentence on the outliers, empty if there are none."""
    stated = [
        f"{', '.join(each.columns[name] for name in _GROUP)}: "
        f"{each.high['salary']} {each.high['salary_currency']}"
        for each in omitted
    ]
    return f"{_OMITTED}{'; '.join(stated)}." if stated else ""


def skewed_groups(pay: Pay) -> list[str]:
    """Return an error for each group whose mean is above its 90th percentile."""
    rows: list[tuple[str, dict[str, Any]]] = [
        (role, dict(zip(PAY_COLUMNS, group, strict=True)))
        for role, groups in pay["groups"].items()
        for group in groups
    ]
    return [
        f"{role} {[row[key] for key in DIMENSIONS]}: the mean, {row['mean']}, is above "
        f"the 90th percentile, {row['p90']}"
        for role, row in rows
        if row["mean"] > row["p90"]
    ]


def in_usd(record: dict[str, str], rates: dict[tuple[str, str], float]) -> float:
    """Return the pay of a record in US dollars, rounded to cents.

    At the mean rate of its year; at the publisher's rate if there is none.
    """
    currency, year = record["salary_currency"], record["work_year"]
    if currency == "USD":
        return float(record["salary"])
    rate = rates.get((currency, year))
    if rate is None:
        return float(record["salary_in_usd"])
    return round(float(record["salary"]) / rate, 2)


def write(
    path: Path, postings: Iterable[Posting], rates: dict[tuple[str, str], float]
) -> None:
    """Write postings as the importer reads them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*_KEPT, "salary_min_in_usd", "salary_max_in_usd"])
        for posting in postings:
            ends = [in_usd(end, rates) for end in (posting.low, posting.high)]
            writer.writerow([*(posting.columns[key] for key in _KEPT), *ends])
