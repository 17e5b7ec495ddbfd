"""H-1B filings by job title, from single filings under six official occupations.

A row of the file is one certified full-time filing whose job title contains the name of
a role, with the middle of its wages a year. The file has the roles below nearly whole;
of others, most filings are under occupations that it lacks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from statistics import quantiles
from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import MIN_RECORDS
from refresh.employer_names import joined
from refresh.files import read_csv
from refresh.places import COUNTRY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from refresh.files import Row

SOURCE = "lca-records-fy2025"
ROLES = (
    "Data Scientist", "Applied Scientist", "Research Scientist",
    "Machine Learning Scientist",
)  # fmt: skip
# The fewest filings of a metro area, and employers of an area or a seniority.
MIN_FILINGS = 8
MIN_EMPLOYERS = 3


def filings(records: Path) -> list[Row]:
    """Return the filings of ROLES, their employers under joined names."""
    rows = [row for row in read_csv(records) if row["role"] in ROLES]
    employers = joined(row["employer"] for row in rows)
    return [{**row, "employer": employers[row["employer"]]} for row in rows]


def by_metro(rows: list[Row]) -> list[Row]:
    """Return the quartiles of each role in the country and in metro areas.

    The rows are as in the files of complete filings, with the employer of the most
    filings as well. A metro area has MIN_FILINGS of MIN_EMPLOYERS or more.
    """
    country = [
        {**each, "metro": "United States", "cbsa": COUNTRY, "state": COUNTRY}
        for each in _summaries(rows, "role", fewest=MIN_RECORDS)
    ]
    # Of a metro area, the first state.
    areas = [
        {**each, "state": each["metro"].rpartition(", ")[2].partition("-")[0]}
        for each in _summaries(rows, "role", "cbsa", "metro", fewest=MIN_FILINGS)
        # The worksites of some filings are unknown.
        if each["cbsa"]
    ]
    return [*country, *areas]


def by_tier(rows: list[Row]) -> list[Row]:
    """Return the quartiles of each role by words of seniority in the title.

    As in the files of complete filings, for MIN_RECORDS of MIN_EMPLOYERS or more.
    """
    return _summaries(rows, "role", "tier", fewest=MIN_RECORDS)


def by_employer(rows: list[Row]) -> list[Row]:
    """Return the quartiles of the employers of each role with MIN_RECORDS or more."""
    found = _summaries(rows, "role", "employer", fewest=MIN_RECORDS, employers=1)
    # Those with the most filings first.
    found.sort(key=lambda row: (-int(row["filings"]), row["employer"].casefold()))
    return found


def _summaries(
    rows: list[Row], *keys: str, fewest: int, employers: int = MIN_EMPLOYERS
) -> list[Row]:
    """Return the summary of each group of enough filings and employers."""
    return [
        {**_summary(group), **{key: group[0][key] for key in keys}}
        for group in _groups(rows, *keys)
        if len(group) >= fewest and len({row["employer"] for row in group}) >= employers
    ]


def _groups(rows: Iterable[Row], *keys: str) -> list[list[Row]]:
    """Return the filings with the same values of some keys, in order of the values."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in keys)].append(row)
    return [groups[values] for values in sorted(groups)]


def _summary(rows: list[Row]) -> Row:
    """Return the number of filings, their quartiles and the largest employer.

    Quartiles are interpolated linearly and rounded to whole amounts.
    """
    wages = [int(row["wage_mid"]) for row in rows]
    quartiles = quantiles(wages, n=4, method="inclusive")
    p25, median, p75 = (str(round(amount)) for amount in quartiles)
    employers = Counter(row["employer"] for row in rows)
    largest = min(employers, key=lambda name: (-employers[name], name))
    return {
        "role": rows[0]["role"],
        "filings": str(len(rows)),
        "p25": p25,
        "median": median,
        "p75": p75,
        "top_employer": largest,
        "top_filings": str(employers[largest]),
    }
