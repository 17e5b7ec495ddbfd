"""How a data set lays out its compact rows, and how its names compare.

The schema, the relations and the queries agree on it here.
"""

from __future__ import annotations

MIN_RECORDS = 10
EXPERIENCES = ("entry", "mid", "senior", "executive")
# What else people call them, and the codes that pay records have for them.
EXPERIENCE_NAMES = {name: name for name in EXPERIENCES} | {
    "en": "entry", "entrylevel": "entry", "junior": "entry", "jr": "entry",
    "mi": "mid", "midlevel": "mid", "intermediate": "mid",
    "se": "senior", "sr": "senior", "expert": "senior",
    "ex": "executive", "director": "executive",
}  # fmt: skip
WORK_MODES = ("on-site", "hybrid", "remote")
PERCENTILES = (5, 10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 95)
# A cell of the survey: what its records have in common (None: all together), how
# many they are, their mean, and their percentiles.
CELL = (
    "year", "country", "experience", "work_mode", "records", "mean",
    *(f"p{percentile}" for percentile in PERCENTILES),
)  # fmt: skip
# A place: its name, code and state, how many records and people employed, and the
# percentiles, of which a source may give but some.
PLACE = (
    "place", "code", "state", "records", "employment",
    "p10", "p25", "median", "p75", "p90",
)  # fmt: skip


def name_key(name: str) -> str:
    """A name as it is compared: case, spaces, hyphens and underscores do not count."""
    return "".join(name.casefold().replace("-", " ").replace("_", " ").split())
