"""The columns of every answer: the keys of its rows, and how people see them.

The keys and their order are the machine-readable contract. People see the columns
that have a heading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from mlroles.queries.answer import Row

Kind: TypeAlias = Literal[
    "text", "list", "date", "country", "region", "group", "source", "row", "rows",
    "number", "count", "money", "change", "percent", "level", "range",
]  # fmt: skip
NUMERIC: frozenset[Kind] = frozenset(
    {"number", "count", "money", "change", "percent", "level", "range"}
)


class Column(NamedTuple):
    """A column: its key, its heading for people, and the kind of its values."""

    key: str
    heading: str = ""
    kind: Kind = "text"
    hide: int = 0
    """On a narrow terminal, columns are hidden in this order, those with the same
    number together; 0 is never hidden."""

    @property
    def is_numeric(self) -> bool:
        """Return whether the values are numbers."""
        return self.kind in NUMERIC


def _keys(names: str) -> list[Column]:
    """Return columns that people do not see."""
    return [Column(name) for name in names.split()]


ROLE = (Column("role"), Column("title", "Role"))
PERCENTILES = (
    Column("p10", "10th", "money", hide=2),
    Column("p25", "25th", "money", hide=4),
    Column("median", "Median", "money"),
    Column("p75", "75th", "money", hide=4),
    Column("p90", "90th", "money", hide=2),
)

SALARY_BY = (
    *ROLE,
    Column("year", "Year", "number"),
    Column("country", "Country", "country"),
    Column("experience", "Experience", "group"),
    Column("work_mode", "Work mode", "group"),
    Column("records", "Records", "count"),
    Column("mean", "Mean", "money", hide=1),
    *PERCENTILES,
    *_keys("low high currency period source median_low median_high"),
)
# The table of what each source reports, which only people see.
EVIDENCE = (
    # A list is wrapped before figures are hidden.
    Column("name", "Source", "list"),
    Column("covered", "Period", "date"),
    Column("count", "Count", "count", hide=2),
    Column("p25", "25th", "money", hide=1),
    Column("center", "Median"),
    Column("p75", "75th", "money", hide=1),
)
# What each source reports, in a picture.
REPORTED = (Column("name", "Source"), Column("records", "Count", "count"), *PERCENTILES)
# The table of the figures that are the closest to missing ones.
CLOSEST = (
    Column("title", "Role"),
    Column("group", "Records of"),
    Column("records", "Records", "count"),
    Column("median", "Median", "money"),
)

# The tables of an outlook. The keys of the first are those of its occupations.
PROJECTIONS = (
    *_keys("soc"),
    Column("occupation", "Occupation", "list"),
    Column("employment", "Employed", "count", hide=2),
    Column("projected", "Projected", "count", hide=2),
    *_keys("change"),
    Column("change_percent", "Change", "number"),
    Column("openings_per_year", "Openings", "count"),
    *_keys("openings_cover"),
    Column("education", "Education", hide=1),
    *_keys("base_year target_year source"),
)
POINTS = (
    Column("date", "Date", "date"),
    Column("index", "Index", "number"),
    Column("point", "Point"),
)
AI_SHARE = (
    Column("country", "Country", "region"),
    Column("share", "Share", "number"),
    Column("date", "Month", "date"),
)

COLUMNS: dict[str, tuple[Column, ...]] = {
    "describe": (
        *ROLE,
        Column("description", "Description"),
        Column("collaborators", "Works with", "list"),
        Column("skills", "Skills", "list"),
        Column("applications", "Applications", "list"),
        Column("technologies", "Technologies", "list"),
    ),
    "duties": (*ROLE, Column("duties", kind="list")),
    "salary": (
        *ROLE,
        *_keys("average_salary currency period region reports updated source"),
        Column("distribution", kind="row"),
        Column("evidence", kind="rows"),
        Column("lead", kind="row"),
        Column("closest", kind="rows"),
        *_keys("place level code cost_of_living adjusted_median cost_source"),
    ),
    "salary-by": SALARY_BY,
    "salary-by-year": (*SALARY_BY, Column("change", "Change", "percent")),
    "salary-by-seniority": (
        *ROLE,
        Column("seniority", "Seniority"),
        *_keys("year country"),
        Column("records", "Filings", "count"),
        Column("p25", "25th", "money", hide=1),
        Column("median", "Median", "money"),
        Column("p75", "75th", "money", hide=1),
        *_keys("currency period source"),
    ),
    "locations": (
        *ROLE,
        *_keys("level"),
        Column("place", "Place"),
        *_keys("code state"),
        Column("records", "Records", "count", hide=5),
        Column("employment", "Employed", "count", hide=5),
        *PERCENTILES,
        Column("difference", "Difference", "change", hide=6),
        *_keys("currency period updated source experience work_mode occupation"),
        Column("cost_of_living", "Prices", "level", hide=7),
        Column("adjusted_median", "Adjusted", "money", hide=8),
        *_keys("cost_source"),
    ),
    "industries": (
        *ROLE,
        # A list is wrapped before figures are hidden.
        Column("industry", "Industry", "list"),
        Column("naics", "NAICS", hide=1),
        *_keys("detail"),
        Column("employment", "Employed", "count", hide=5),
        Column("mean", "Mean", "money", hide=1),
        *PERCENTILES,
        Column("difference", "Difference", "change", hide=6),
        *_keys("currency period occupation source updated"),
    ),
    "employers": (
        *ROLE,
        Column("employer", "Employer", "list"),
        *_keys("location code"),
        Column("records", "Filings", "count"),
        Column("p25", "25th", "money", hide=1),
        Column("median", "Median", "money"),
        Column("p75", "75th", "money", hide=1),
        *_keys("currency period occupation counted source updated"),
    ),
    "skills": (
        *ROLE,
        Column("technology", "Technology", "list"),
        Column("category", "Category", "list", hide=2),
        Column("hot", "Hot"),
        Column("in_demand", "In demand"),
        Column("occupations", "Listed by", "list", hide=1),
        *_keys("source"),
    ),
    "outlook": (
        *ROLE,
        Column("occupations", kind="rows"),
        Column("postings", kind="rows"),
        Column("ai_share", kind="rows"),
    ),
    "offer": (
        *ROLE,
        *_keys("offer percentile records median difference year country experience"),
        *_keys("work_mode currency period source percentile_low percentile_high"),
        *_keys("place level code amount_high percentile_at_high occupation employment"),
        *_keys("national_percentile national_median cost_of_living adjusted_median"),
        *_keys("cost_source adjusted_offer"),
    ),
    "relocate": (
        *ROLE,
        *_keys("from_place from_level"),
        Column("to_place", "Place"),
        *_keys("to_level amount"),
        Column("equivalent", "Equivalent", "money"),
        *_keys("from_cost_of_living"),
        Column("to_cost_of_living", "Prices", "level", hide=5),
        *_keys("from_median"),
        Column("to_median", "Median", "money", hide=4),
        *_keys("from_percentile"),
        Column("to_percentile", "Percentile", "number", hide=2),
        *_keys("currency period exchange_rate source cost_source amount_high"),
        *_keys("equivalent_high from_percentile_at_high to_percentile_at_high"),
        *_keys("from_code to_code cost_change median_change"),
        Column("to_adjusted_median", "Adjusted", "money", hide=3),
        *_keys("occupation updated to_currency local_equivalent"),
        *_keys("local_equivalent_high rate_year from_records to_records"),
        *_keys("exchange_source"),
    ),
    "compare": (
        *ROLE,
        Column("openings", "Openings", "count", hide=4),
        Column("median", "Median", "money"),
        Column("difference", "Difference", "change", hide=3),
        Column("records", "Records", "count", hide=2),
        *_keys("year country experience work_mode median_source"),
        Column("average_salary", "Average", "money", hide=1),
        *_keys("average_difference average_region average_updated average_source"),
        *_keys("openings_region openings_updated openings_source currency period"),
        *_keys("median_low median_high"),
    ),
    "faq": (*_keys("question answer"),),
    "roles": (
        Column("role", "Id"),
        Column("title", "Role", hide=1),
        Column("aliases", "Aliases", "list"),
    ),
    "sources": (
        Column("id", "Id"),
        Column("title", "Title"),
        Column("publisher", "Publisher"),
        Column("url", "URL"),
        Column("licence", "Licence"),
        Column("updated", "Updated", "date"),
        Column("records", "Records", "count"),
        Column("method", "Method"),
        Column("caveats", "Caveats", "list"),
        *_keys("kind"),
        Column("sha256", kind="list"),
        *_keys("published retrieved"),
    ),
    "show": (*_keys("key value"),),
}

# The answers that are an object; the others are lists of objects.
OBJECTS = frozenset({"describe", "duties", "salary", "outlook", "offer", "show"})
# The answers on the page of a role, which are its keys in JSON.
PARTS = (
    "describe", "duties", "salary", "compare", "faq", "employers", "industries",
    "skills", "outlook",
)  # fmt: skip
_PAY_KEYS = tuple(column.key for column in SALARY_BY)
# The keys of the objects inside rows, by the key that contains them.
INNER_KEYS: dict[str, tuple[str, ...]] = {
    "distribution": _PAY_KEYS,
    "evidence": (
        "source", "kind", "region", "period_covered", "records", "employment", "mean",
        "p10", "p25", "median", "p75", "p90", "occupation", "updated",
    ),
    "lead": ("amount", "statistic", "kind", "year", "records", "thin"),
    "closest": _PAY_KEYS,
    "occupations": tuple(column.key for column in PROJECTIONS),
    "postings": ("date", "index", "region", "sector", "source"),
    "ai_share": ("date", "country", "share", "source"),
}  # fmt: skip


def flat_keys(question: str) -> list[str]:
    """Return the keys of an answer in a flat format; see `flatten`."""
    columns = COLUMNS[question]
    outer = {column.key for column in columns} - {"source"}
    inner = {
        "distribution": [key for key in _PAY_KEYS if key not in outer],
        "lead": INNER_KEYS["lead"],
    }
    return [
        key
        for column in columns
        if column.kind != "rows"
        for key in (
            [f"{column.key}_{each}" for each in inner[column.key]]
            if column.kind == "row"
            else [column.key]
        )
    ]


def flatten(row: Row) -> Row:
    """Return a row with the values of inner rows, with their keys as prefixes."""
    return row | {
        f"{key}_{inner}": value
        for key, part in row.items()
        if isinstance(part, dict)
        for inner, value in part.items()
    }
