"""The dimensions of pay, their values, and the columns of compact rows.

A data set stores pay groups and places as arrays, to keep the file small and fast to
read; the schema, the queries and the importer share the column names below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

# The fewest records that a pay group may have.
MIN_RECORDS = 10
EXPERIENCES = ("entry", "mid", "senior", "executive")
# Other names and codes of the experience levels, as compared by `matching.name_key`.
EXPERIENCE_NAMES = {name: name for name in EXPERIENCES} | {
    "en": "entry", "entrylevel": "entry", "junior": "entry", "jr": "entry",
    "mi": "mid", "midlevel": "mid", "intermediate": "mid",
    "se": "senior", "sr": "senior", "expert": "senior",
    "ex": "executive", "director": "executive",
}  # fmt: skip
WORK_MODES = ("on-site", "hybrid", "remote")
PERCENTILES = (5, 10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 95)

DIMENSIONS = ("year", "country", "experience", "work_mode")
# A pay group: the values that its records share (None: any), the number of records,
# and their mean and percentiles in the data set's currency, per year.
PAY_COLUMNS = (
    *DIMENSIONS, "records", "mean", *(f"p{percentile}" for percentile in PERCENTILES),
)  # fmt: skip
# A place: its name, code and state, the numbers of records and of people employed,
# and percentiles, some of which a source may not give.
PLACE_AMOUNTS = ("p10", "p25", "median", "p75", "p90")
PLACE_COLUMNS = ("place", "code", "state", "records", "employment", *PLACE_AMOUNTS)


def group_key(group: Sequence[Any]) -> tuple[Any, ...]:
    """Return the year, country, experience and work mode of a pay group."""
    return tuple(group[: len(DIMENSIONS)])


def group_percentiles(group: Sequence[Any]) -> list[tuple[int, int]]:
    """Return the percentiles of a pay group with their yearly amounts, ascending."""
    amounts = group[-len(PERCENTILES) :]
    return list(zip(PERCENTILES, amounts, strict=True))
