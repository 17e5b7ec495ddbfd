"""The dimensions of pay, their values, and the columns of compact rows.

A data set stores pay groups and places as arrays, to keep the file small and fast to
read; the schema, the queries and the importer share the column names below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# The fewest records that a pay group may have, and below which a median is thin.
MIN_RECORDS = 10
THIN_RECORDS = 30
# The fewest people employed, below which an official figure is thin.
THIN_EMPLOYED = 100
# The default country, and that of metro areas and states.
HOME_COUNTRY = "US"
SENIOR = "senior"
EXPERIENCES = ("entry", "mid", SENIOR, "executive")
# Other names and codes of the experience levels, as compared by `matching.name_key`.
EXPERIENCE_NAMES = {name: name for name in EXPERIENCES} | {
    "en": "entry", "entrylevel": "entry", "junior": "entry", "jr": "entry",
    "mi": "mid", "midlevel": "mid", "intermediate": "mid",
    "se": "senior", "sr": "senior", "expert": "senior",
    "ex": "executive", "director": "executive",
}  # fmt: skip
REMOTE = "remote"
WORK_MODES = ("on-site", "hybrid", REMOTE)
PERCENTILES = (5, 10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 95)

DIMENSIONS = ("year", "country", "experience", "work_mode")
# A pay group: the values that its records share (None: any), the number of records,
# their mean and percentiles, the typical range (the medians of the low and of the high
# ends) if the records are ranges, and the 95 % confidence interval of the median if it
# is known. In the data set's currency, per year.
PAY_COLUMNS = (
    *DIMENSIONS, "records", "mean", *(f"p{percentile}" for percentile in PERCENTILES),
    "range_low", "range_high", "median_ci_low", "median_ci_high",
)  # fmt: skip
# The median of all postings of a group, reposts included.
ALL_POSTINGS_COLUMNS = (*DIMENSIONS, "records", "median")
# A pay group of which too few records state the currency of the country.
FEW_COLUMNS = (*DIMENSIONS, "records")
_FIRST_PERCENTILE = PAY_COLUMNS.index(f"p{PERCENTILES[0]}")
# A place: its name, code and state, the numbers of records and of people employed,
# and percentiles, some of which a source may not give.
PLACE_PERCENTILES = {10: "p10", 25: "p25", 50: "median", 75: "p75", 90: "p90"}
PLACE_AMOUNTS = tuple(PLACE_PERCENTILES.values())
# The seniority of H-1B filings, by words in the job title.
SENIORITIES = ("base", "senior", "staff", "lead", "director")
# Those that no other source has.
FILING_LEVELS = ("staff", "lead")
PLACE_COLUMNS = ("place", "code", "state", "records", "employment", *PLACE_AMOUNTS)
# An industry: its NAICS code, its name, how detailed it is, the number of people
# employed, their mean and percentiles.
INDUSTRY_DETAILS = ("sector", "subsector", "group", "industry")
INDUSTRY_AMOUNTS = ("mean", *PLACE_AMOUNTS)
INDUSTRY_COLUMNS = ("naics", "industry", "detail", "employment", *INDUSTRY_AMOUNTS)
# The outlook of an occupation: its code and title, the numbers of people employed, now
# and as projected, their change, and openings a year with what they cover.
PROJECTION_COLUMNS = (
    "soc", "occupation", "employment", "projected", "change", "change_percent",
    "openings_per_year", "openings_cover", "education",
)  # fmt: skip
# A technology that an occupation lists: its name, its category, and whether it is hot.
SKILL_COLUMNS = ("technology", "category", "hot")
# An employer: its name, the code of a metro area (None: the whole country), the number
# of its filings, and quartiles. Filings count by their occupation or by their title.
COUNTED = ("occupation", "title")
EMPLOYER_COLUMNS = ("employer", "code", "records", "p25", "median", "p75")
# The parts of a price level, and the columns of a place that has them.
PRICE_PARTS = ("goods", "housing", "utilities", "other_services")
PRICE_PART_COLUMNS = ("code", *PRICE_PARTS)
# The advertised ranges of a year, country (None: one without figures), experience level
# and work mode: their low ends, and their high ends in the same order.
RANGE_COLUMNS = (*DIMENSIONS, "low", "high")
# The tables that only some commands read; those of the bundled data set are files.
TableName: TypeAlias = Literal[
    "places",
    "prices",
    "price_levels",
    "price_parts",
    "rates",
    "local_pay",
    "range_ends",
    "occupations",
    "industries",
    "outlook",
    "skills",
    "employers",
    "seniority",
]
TABLES: tuple[TableName, ...] = get_args(TableName)


def is_thin(records: int | None) -> bool:
    """Return whether a figure is of few records; not if their number is unknown."""
    return records is not None and records < THIN_RECORDS


def group_key(group: Sequence[Any]) -> tuple[Any, ...]:
    """Return the year, country, experience and work mode of a pay group."""
    return tuple(group[: len(DIMENSIONS)])


def group_percentiles(group: Sequence[Any]) -> list[tuple[int, int]]:
    """Return the percentiles of a pay group with their yearly amounts, ascending."""
    return list(zip(PERCENTILES, group[_FIRST_PERCENTILE:], strict=False))


def place_percentiles(place: Mapping[str, Any]) -> list[tuple[int, float]]:
    """Return the known percentiles of a place with their amounts, ascending."""
    known = ((n, place[key]) for n, key in PLACE_PERCENTILES.items())
    return [(n, amount) for n, amount in known if amount is not None]


def round_percentile(
    percentile: float, digits: int = 0, published: Sequence[int] = PERCENTILES
) -> float:
    """Round a percentile, but not to a published one, which has its own amount."""
    rounded = round(percentile, digits)
    if rounded in published and percentile != rounded:
        step = 10.0**-digits
        rounded += step if percentile > rounded else -step
    return round(rounded, digits)
