"""The questions that can be asked, and the keys of their answers.

Each key is declared once, with its kind, its meaning, and how people see it. The order
of keys in JSON, flat formats, `--fields`, sorting, help, the reference in docs/json.md
and the schemas for agents follow from these declarations.
"""

# Without `from __future__ import annotations`: NamedTuple compiles each annotation that
# is a string, which takes longer than the rest of the module.
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple, TypeAlias

Row: TypeAlias = dict[str, Any]
Kind: TypeAlias = Literal[
    "text", "name", "list", "date", "country", "region", "group", "source", "flag", "row",
    "rows", "number", "count", "money", "estimate", "change", "percent", "level",
    "range",
]  # fmt: skip
NUMERIC = frozenset(
    {"number", "count", "money", "estimate", "change", "percent", "level", "range"}
)
# What the values of a kind are, unless a column says more.
_VALUES = {
    "list": "list of strings", "date": "date", "country": "country code",
    "region": "country code", "flag": "true or false", "row": "object",
    "rows": "list of objects", "number": "number", "count": "number",
    "money": "amount", "estimate": "amount", "change": "amount", "percent": "per cent",
}  # fmt: skip
_OR_NULL = ", or null"
_JSON_TYPES = {"flag": "boolean", "list": "array", "rows": "array", "row": "object"}


class Column(NamedTuple):
    """A key of an answer, and the column in which people see its values."""

    key: str
    kind: Kind = "text"
    meaning: str = ""
    heading: str = ""
    """People see the columns that have a heading."""
    hide: int = 0
    """On a narrow terminal, columns are hidden in this order, those with the same
    number together; 0 is never hidden."""
    null: bool = False
    """Whether the value may be unknown."""
    columns: "tuple[Column, ...]" = ()
    """The keys of the objects in it."""

    @property
    def is_numeric(self) -> bool:
        """Return whether the values are numbers."""
        return self.kind in NUMERIC

    @property
    def is_money(self) -> bool:
        """Return whether the values are amounts of money."""
        return self.kind in {"money", "estimate"}

    @property
    def is_wrapped(self) -> bool:
        """Return whether values are wrapped before any column is hidden."""
        return self.kind in {"list", "name"}

    @property
    def description(self) -> str:
        """Return what the values are: `number of records, or null`."""
        text = self.meaning or _VALUES.get(self.kind, "string")
        is_stated = not self.null or "null" in text.casefold()
        return text if is_stated else f"{text}{_OR_NULL}"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the values: their type."""
        name = "number" if self.is_numeric else _JSON_TYPES.get(self.kind, "string")
        return {"type": [name, "null"] if self.null else name}


class Question(NamedTuple):
    """A question: the columns of its answer, and how the answer is presented."""

    name: str
    columns: tuple[Column, ...]
    page: str
    """The function of `mlroles.output.pages` that makes the page."""
    about: str = ""
    """What the objects are, if their keys do not say it."""
    is_object: bool = False
    """Whether the answer is one object; otherwise it is a list of objects."""
    is_table: bool = True
    """Whether the page is one table, whose columns can be chosen."""
    flat: str = ""
    """The key of inner rows: flat formats have a line for each, with its keys in the
    place of this one."""
    is_nested: bool = False
    """Whether flat formats have a line for each value, with its path."""
    is_timeline: bool = False
    """Whether the rows are years or months, in chronological order."""
    sorts: Mapping[str, str] = {}
    """The short names of the columns that rows can be sorted by, with their keys."""
    section: str = ""
    """The heading of the answer on the page of a role."""
    siblings: Mapping[str, str] = {}
    """What other questions answer, for agents that choose between them."""
    cannot: str = ""
    """What nobody should expect of the answer, for agents."""

    @property
    def forms(self) -> "list[Question]":
        """Return the questions that an argument turns this one into, itself first."""
        others = [q for n, q in QUESTIONS.items() if n.startswith(f"{self.name} --")]
        return [self, *others]

    @property
    def keys(self) -> list[str]:
        """Return the keys of the answer, in their order."""
        return [column.key for column in self.columns]

    def row(self, values: Row) -> Row:
        """Return values in the order of the keys; those that are missing are None.

        Keys that only a conversion adds (see CONVERSION) come last.
        """
        return self.rows([values])[0]

    def rows(self, every: Iterable[Row]) -> list[Row]:
        """Return rows, each with its values as `row` returns them."""
        empty: Row = dict.fromkeys(self.keys)
        return [empty | values for values in every]

    def shown(self, *without: str) -> list[Column]:
        """Return the columns that people see, without some of them."""
        return [
            each for each in self.columns if each.heading and each.key not in without
        ]

    def chosen(self, names: str) -> list[Column]:
        """Return some columns by their keys, separated by spaces, in that order."""
        by_key = {column.key: column for column in self.columns}
        return [by_key[name] for name in names.split()]

    def is_empty(self, answer: Any) -> bool:
        """Return whether an answer has nothing but the name of its role."""
        if isinstance(answer, list):
            return not answer
        return not any(v for key, v in answer.items() if key not in {"role", "title"})


def _null(*columns: Column) -> tuple[Column, ...]:
    """Return columns whose values may be unknown."""
    return tuple(column._replace(null=True) for column in columns)


# What a conversion adds to the rows of an answer.
CONVERSION = (
    Column("prices", "date", "the month in whose prices the amounts are"),
    Column("exchange_rate", "number", "units of the currency per unit of the data set's", null=True),
    Column("rate_year", "number", "the year of the exchange rate", null=True),
)  # fmt: skip
ROLE = (
    Column("role", meaning="id of the role"),
    Column("title", meaning="title of the role", heading="Role"),
)
UNIT = (
    Column("currency", meaning="ISO 4217 code"),
    Column("period", meaning="`year`, `month`, `week` or `hour`"),
)
SOURCE = Column("source", "source", "id of the source")
PERCENTILES = (
    Column("p10", "money", "10th percentile", "10th", hide=2),
    Column("p25", "money", "25th percentile", "25th", hide=4),
    Column("median", "money", "", "Median"),
    Column("p75", "money", "75th percentile", "75th", hide=4),
    Column("p90", "money", "90th percentile", "90th", hide=2),
)
_COUNTRY = Column("country", "country", "country code, or null for all countries", null=True)  # fmt: skip
_LEVELS = (
    Column(
        "experience", "group", "`entry`, `mid`, `senior`, `executive`, or null for all. "
        "In advertised pay, the publisher's level; `executive` is director or executive",
        null=True,
    ),
    Column(
        "work_mode", "group", "`on-site`, `hybrid`, `remote`, or null for all. In "
        "advertised pay, `on-site` is not marked remote",
        null=True,
    ),
)  # fmt: skip
_RECORDS = Column("records", "count", "number of records")
_EMPLOYED = Column(
    "employment", "count", "number of people employed, an estimate", null=True
)
_INTERVAL = (
    Column(
        "median_ci_low", "money", "low end of the [95 % confidence interval of the "
        "median](data.md#confidence-interval-of-the-median)", null=True,
    ),
    Column("median_ci_high", "money", "its high end", null=True),
)  # fmt: skip
_KIND = Column(
    "kind", meaning="what the source measures, such as `advertised`, see "
    "[kinds](data.md#kinds-of-sources)",
)  # fmt: skip
_REGION = Column(
    "region", "region", "country code, or null for all countries; of a place in the "
    "United States, its Census area code (`12420`) or ISO 3166-2 code (`US-TX`)",
    null=True,
)  # fmt: skip
_PERIOD_COVERED = Column(
    "period_covered", "date", "the day, month, year or interval of months that the "
    "figure is of: `2025-05`, `2025-01/2025-07`, or null if it is unknown", null=True,
)  # fmt: skip
_PROXY = Column(
    "occupation", meaning="the official occupation that the figures are of, a "
    "different classification from the role, or null if they are of the role", null=True,
)  # fmt: skip
_CODE = Column("code", meaning="US Census area code, state code or country code")
_COST = (
    Column("cost_of_living", "level", "price level of the place, United States = 100", null=True),
    Column("adjusted_median", "estimate", "what the median is worth at average US prices, before tax", null=True),
    Column("cost_source", "source", "id of the source of the price level", null=True),
)  # fmt: skip
_LOCATION = (
    Column("place", meaning="full name of the location", null=True),
    Column("level", meaning="`metro`, `state`, `country`, or null", null=True),
    _CODE._replace(null=True),
)

# A pay figure, which has the same keys in every answer.
FIGURE = (
    _KIND,
    SOURCE,
    _REGION,
    _PERIOD_COVERED,
    Column("year", "number", "integer; the year in which the period ends", "Year", null=True),
    Column("records", "count", "number of postings, filings, reports or records", "Records", null=True),
    _EMPLOYED,
    Column("thin", "flag", "true if there are fewer than 30 records, or fewer than 100 people employed"),
    Column("mean", "money", heading="Mean", hide=1, null=True),
    *_null(*PERCENTILES),
    *_INTERVAL,
    Column("range_low", "money", "median of the low ends of advertised ranges", null=True),
    Column("range_high", "money", "median of their high ends", null=True),
    _PROXY,
    Column("counted", meaning="of filings, whether they count by `title` or `occupation`", null=True),
    Column("updated", "date", "date of the source", null=True),
    *UNIT,
    Column("top_employer", meaning="the employer with the most of the filings, or null if it is unknown or the figure is of one employer", null=True),
    Column("top_employer_share", "number", "its share in per cent; above 50, the figure is mostly that of this employer", null=True),
)  # fmt: skip

# Without a figure, only the unit is known.
_FIGURE_OR_NULL = tuple(
    each if each in UNIT else each._replace(null=True) for each in FIGURE
)

DESCRIBE = Question(
    "describe",
    (
        *ROLE,
        Column("description", heading="Description"),
        Column("collaborators", "list", heading="Works with"),
        Column("skills", "list", heading="Skills"),
        Column("applications", "list", heading="Applications"),
        Column(
            "technologies", "list", "list of strings: [technologies]"
            "(data.md#technologies) in demand in the official occupations that list "
            "the role; empty if they are unknown", "Technologies",
        ),
    ),
    "role.describe",
    is_object=True,
    is_table=False,
    siblings={"duties": "tasks", "skills": "technologies", "salary": "pay"},
    cannot="No figures: those of pay have tools of their own.",
)  # fmt: skip
DUTIES = Question(
    "duties",
    (*ROLE, Column("duties", "list")),
    "role.duties",
    is_object=True,
    is_table=False,
    section="Duties",
    siblings={"describe": "what a role is", "skills": "technologies"},
    cannot="Typical duties, not those of an employer.",
)

SALARY_BY = Question(
    "salary --by",
    (
        *ROLE,
        _COUNTRY._replace(heading="Country"),
        *(
            level._replace(heading=heading)
            for level, heading in zip(_LEVELS, ("Experience", "Work mode"), strict=True)
        ),
        *FIGURE,
    ),
    "salary.salary_by",
    "By `country`, `experience`, `work-mode` and `year`.",
)
SALARY_BY_YEAR = SALARY_BY._replace(
    name="salary --by year",
    columns=(
        *SALARY_BY.columns,
        Column(
            "change",
            "percent",
            "difference of the median from that of the year before, in per cent: of "
            "other postings, not a raise. Null if that year is missing or either has "
            "fewer than 30 records",
            "Difference",
            null=True,
        ),
        Column(
            "change_ci_low",
            "percent",
            "low end of the [95 % confidence interval of "
            "that difference](data.md#confidence-interval-of-the-median); if it "
            "includes 0, the medians may be equal",
            null=True,
        ),
        Column("change_ci_high", "percent", "its high end", null=True),
    ),
    page="salary.salary_by_year",
    about="",
    is_timeline=True,
)
SALARY_BY_SENIORITY = Question(
    "salary --by seniority",
    (
        *ROLE,
        Column(
            "seniority", meaning="`base`, `senior`, `staff`, `lead` or `director`, see "
            "[Pay by seniority](data.md#pay-by-seniority)", heading="Seniority",
        ),
        Column("country", "country"),
        *FIGURE,
    ),
    "salary.salary_by_seniority",
    "H-1B filings by words in the job title, in ascending order of seniority.",
)  # fmt: skip
SALARY = Question(
    "salary",
    (
        *ROLE,
        *_LOCATION,
        _COUNTRY,
        *_LEVELS,
        *_FIGURE_OR_NULL,
        Column(
            "other_figures", "rows", "list of objects: what other sources report, the "
            "newest first; official occupations come last. In a metro area or a state, "
            "other sources, then the United States from the same source, then "
            "advertised pay in the United States", columns=FIGURE,
        ),
        Column(
            "closest", "rows", "list of objects with the keys of `salary --by`: the "
            "closest figures, if there is none about the role: in the countries with "
            "the closest price levels, of similar roles, and of the role at all levels",
            columns=SALARY_BY.columns,
        ),
        *_COST,
        Column("average_salary", "money", "average base salary of August 2022 on a job site", null=True),
        Column("average_reports", "count", "number of salaries behind the average", null=True),
        Column("average_updated", "date", "date of the average", null=True),
        Column("average_source", "source", "id of the source of the average", null=True),
        Column("all_postings_records", "count", "number of all postings behind advertised pay, [reposts](data.md#advertised-pay) included; null if their median is within 5 % of that of distinct ones", null=True),
        Column("all_postings_median", "money", "their median", null=True),
    ),
    "salary.salary",
    "The keys from `kind` to `top_employer_share` are those of the figure that "
    "[leads](data.md#which-figure-leads).",
    is_object=True,
    is_table=False,
    section="Salary",
    siblings={
        "compare": "several roles side by side",
        "locations": "a ranking of places",
        "offer": "the rank of an amount",
        "employers": "pay by employer",
        "industries": "pay by industry",
    },
    cannot="No bonus, equity or benefits, and no pay of a company or a person.",
)  # fmt: skip
SALARY_AT = SALARY._replace(
    name="salary --location",
    page="several.salaries",
    about="One for each of several places or roles; for one alone, an object.",
    is_object=False,
    siblings={},
)

COMPARE = Question(
    "compare",
    (
        *ROLE,
        Column("difference", "change", "median minus that of the first role named (or the default role)", "Difference", hide=3, null=True),
        *_null(_COUNTRY, *_LEVELS),
        *_FIGURE_OR_NULL,
        Column("openings", "count", "number of open jobs", "Openings", hide=4, null=True),
        *_null(
            Column("openings_region", "region"),
            Column("openings_updated", "date"),
            Column("openings_source", "source", "id of the source of the openings"),
        ),
        Column("average_salary", "money", "average base salary of August 2022 on a job site", "Average", hide=1, null=True),
        Column("average_difference", "change", "average minus that of the first role", null=True),
        *_null(
            Column("average_region", "region"),
            Column("average_updated", "date"),
            Column("average_source", "source", "id of the source of the average"),
            Column("rank_low", "number", "1 plus the number of roles whose confidence interval of the median lies wholly above that of this one: the best rank by median that it may have"),
            Column("rank_high", "number", "1 plus the number of other roles whose interval does not lie wholly below: the worst rank that it may have. Ranks are null without an interval"),
            Column("senior_share", "number", "per cent of the records that are at senior level; null if they are of one level, or fewer than ten are senior"),
        ),
    ),
    "compare.compare",
    "The keys from `kind` to `top_employer_share` are null, but for `currency` and "
    "`period`, if a role has too few pay records.",
    section="Similar roles",
    sorts={
        "median": "median",
        "title": "title",
        "difference": "difference",
        "records": "records",
        "openings": "openings",
        "average": "average_salary",
    },
    siblings={"salary": "one role in detail", "locations": "one role in many places"},
    cannot="No tasks or skills, and no figures that sources count in different ways.",
)  # fmt: skip
COMPARE_MARKET = Question(
    "compare --market",
    (
        *ROLE,
        Column("difference_percent", "percent", "difference of the medians, in per cent of `market_median`, if both are of the same country", null=True),
        Column("difference", "change", "`median` minus `market_median`, if both are of the same country", "Difference", hide=2, null=True),
        *_null(_COUNTRY, *_LEVELS),
        *_null(
            _RECORDS._replace(heading="Records", hide=3),
            Column("median", "money", "median of the data set", "Yours"),
            Column("market_records", "count", "number of records behind `market_median`", "Market records", hide=1),
            Column("market_median", "money", "median of the bundled data set in `market_country`, at the same level", "Market"),
            Column("thin", "flag", "true if there are few records, as in `salary`"),
            Column("market_thin", "flag", "the same for the market"),
            _PERIOD_COVERED,
            Column("market_period_covered", "date", "the period that `market_median` is of"),
            _KIND,
            Column("market_kind", meaning="kind of the source of `market_median`"),
            Column("source", "source", "id of the source of `median`"),
            Column("market_source", meaning="id of its source in the bundled data set"),
            Column(
                "market_country", "country", "country that `market_median` is of, or null for "
                "all countries, if the market has no figures of the country",
            ),
        ),
        *UNIT,
    ),
    "compare.market",
    "One for each role that has pay records.",
)  # fmt: skip
LOCATIONS = Question(
    "locations",
    (
        *ROLE,
        Column("level", meaning="`metro`, `state` or `country`"),
        Column("place", meaning="name", heading="Place"),
        _CODE,
        Column("state", meaning="state code; of a metro area, its first state", null=True),
        Column("difference", "change", "median minus the national median; for countries, minus that of the country they are compared with", "Difference", hide=6, null=True),
        *_LEVELS,
        *FIGURE,
        _COST[0]._replace(heading="Prices", hide=7),
        _COST[1]._replace(heading="Adjusted", hide=8),
        _COST[2],
    ),
    "rankings.locations",
    section="Places",
    sorts={
        "median": "median",
        "place": "place",
        "difference": "difference",
        "records": "records",
        "employment": "employment",
        "cost": "cost_of_living",
        "adjusted": "adjusted_median",
        "p10": "p10",
        "p25": "p25",
        "p75": "p75",
        "p90": "p90",
    },
    siblings={
        "salary": "one place, with its argument location",
        "relocate": "what an amount is worth elsewhere",
    },
    cannot="No cities outside the United States, and no rents or taxes.",
)  # fmt: skip
EMPLOYERS = Question(
    "employers",
    (
        *ROLE,
        Column("employer", "name", "name", "Employer"),
        Column("location", meaning="name of a US metro area, or null for the whole country", null=True),
        Column("code", meaning="US Census area code, or null for the whole country", null=True),
        *FIGURE,
        Column("one_wage", "flag", "true if the median equals the 25th or the 75th percentile, so that many of the filings state one wage; such rows come last. Null without quartiles", null=True),
    ),
    "rankings.employers",
    "The figures are base pay that employers state in H-1B filings. Quartiles are null "
    "by metro area, and by title where only the first five employers are known.",
    section="Employers",
    sorts={
        "median": "median",
        "employer": "employer",
        "filings": "records",
        "p25": "p25",
        "p75": "p75",
    },
    siblings={"industries": "pay by industry", "locations": "pay by place"},
    cannot="No bonus or equity, no employers that file no H-1B "
    "applications, and no open jobs.",
)  # fmt: skip
INDUSTRIES = Question(
    "industries",
    (
        *ROLE,
        Column("industry", "name", "name", "Industry"),
        Column("naics", meaning="code of the industry, such as `51`, `31-33` or `513200`", heading="NAICS", hide=1),
        Column("detail", meaning="`sector`, `subsector`, `group` or `industry`"),
        Column("difference", "change", "median minus that of the private sector, or minus the national one if that is unknown", "Difference", hide=6, null=True),
        *FIGURE,
        Column("private_median", "money", "median of the occupation in the private sector", null=True),
        Column("private_employment", "count", "number of people employed in it", null=True),
        Column("national_median", "money", "median of the occupation in the United States, with the public sector", null=True),
        Column("national_employment", "count", "number of people employed there", null=True),
    ),
    "rankings.industries",
    "The figures are those of `occupation`.",
    section="Industries",
    sorts={
        "median": "median",
        "industry": "industry",
        "difference": "difference",
        "employment": "employment",
        "mean": "mean",
        "p10": "p10",
        "p25": "p25",
        "p75": "p75",
        "p90": "p90",
    },
    siblings={"employers": "pay by employer", "locations": "pay by place"},
    cannot="United States only; figures of an official occupation, not of the role.",
)  # fmt: skip
SKILLS = Question(
    "skills",
    (
        *ROLE,
        Column("technology", "name", "name", "Technology"),
        Column("category", "name", "name; several are joined by `; `", "Category", hide=2),
        Column("hot", "flag", "true if the technology is frequent in job postings", "Hot"),
        Column("in_demand", "flag", "true if it is frequent in job postings for an occupation, or null if that is unknown", "In demand", null=True),
        Column("occupations", "list", "list of strings: the official occupations of the role that list it", "Listed by", hide=1),
        SOURCE,
    ),
    "skills.skills",
    "Those in demand come first, then the hot ones, each from A to Z.",
    section="Technologies",
    siblings={"duties": "tasks", "describe": "what a role is"},
    cannot="No learning material, and no pay by technology.",
)  # fmt: skip

PROJECTIONS = (
    Column("soc", meaning="code of the occupation, such as `15-2051`; of several occupations together, their codes joined by `; `"),
    Column("occupation", "name", "title of the occupation, a different classification from the role", "Occupation"),
    Column("employment", "count", "number of people employed in the base year", "Employed", hide=2, null=True),
    Column("projected", "count", "number of people as projected for the target year", "Projected", hide=2, null=True),
    Column("change", "number", "change in people", null=True),
    Column("change_percent", "number", "change in per cent, a whole number", "Change", null=True),
    Column("openings_per_year", "count", "number of openings a year on average", "Openings", null=True),
    Column("openings_cover", meaning="what the openings and the education are of: the occupation, or several together. Null if they are unknown", null=True),
    Column("education", meaning="typical education at entry", heading="Education", hide=1, null=True),
    Column("base_year", "number", "integer"),
    Column("target_year", "number", "integer"),
    SOURCE,
)  # fmt: skip
_POSTINGS_INDEX = Column(
    "postings_index",
    "number",
    "number: job postings of a sector relative to those of its base, which are 100",
)
_AI_SHARE = Column(
    "ai_share",
    "number",
    "per cent of all job postings in a country that have AI-related terms",
    null=True,
)
_AI_SHARES = Column(
    "ai_share_by_country",
    "rows",
    "list of objects: the same for every country",
    columns=(
        Column("country", "region", heading="Country"),
        Column(
            "share", "number", "per cent of all postings in the country", "AI share"
        ),
        Column("date", "date", "month", "Month"),
        SOURCE,
    ),
)
_OUTLOOK_ORIGIN = _null(
    Column("postings_region", "region"),
    Column(
        "postings_sector", meaning="name of the sector, which is wider than the role"
    ),
    Column("postings_source", "source", "id of the source of the index"),
    Column("ai_share_region", "region"),
    Column("ai_share_source", "source", "id of the source of the share"),
)
OUTLOOK = Question(
    "outlook",
    (
        *ROLE,
        Column(
            "occupations",
            "rows",
            "the official occupations that list the role, the preferred one first",
            columns=PROJECTIONS,
        ),
        _AI_SHARES._replace(
            meaning="list of objects: the latest month of each country"
        ),
        *_null(
            _POSTINGS_INDEX._replace(meaning=f"{_POSTINGS_INDEX.meaning}; the latest"),
            Column("postings_date", "date"),
            Column(
                "postings_change",
                "percent",
                "the index minus 100: its difference from the base, in per cent",
            ),
            Column(
                "postings_year_ago",
                "number",
                "the index a year before, or on the last date until then",
            ),
            Column("postings_year_ago_date", "date"),
            Column("postings_peak", "number", "the highest index"),
            Column("postings_peak_date", "date"),
            _AI_SHARE._replace(meaning=f"{_AI_SHARE.meaning}; the latest"),
            Column("ai_share_month", "date", "month"),
        ),
        *_OUTLOOK_ORIGIN,
    ),
    "outlook.outlook",
    "CSV and TSV have a line for each occupation, or one without any.",
    is_object=True,
    is_table=False,
    flat="occupations",
    section="Outlook",
    siblings={"salary": "pay over time, with its argument by"},
    cannot="Projections of official occupations in the United States, not "
    "of the role; no forecast of pay.",
)
OUTLOOK_BY_MONTH = Question(
    "outlook --by month",
    (
        *ROLE,
        Column("month", "date", "month", "Month"),
        _POSTINGS_INDEX._replace(
            meaning=f"{_POSTINGS_INDEX.meaning}; the last one in the month",
            heading="Index",
            null=True,
        ),
        Column("postings_date", "date", "the day of the index", null=True),
        _AI_SHARE._replace(heading="AI share"),
        _AI_SHARES,
        *_OUTLOOK_ORIGIN,
    ),
    "outlook.by_month",
    "One for each month, in chronological order.",
    is_timeline=True,
)  # fmt: skip

# Where an amount ranks in a figure.
_RANK = (
    Column(
        "percentile", "number", "number from 5 to 95, whole in a metro area or "
        "state and if there are fewer than 100 records; the middle of "
        "`percentile_low` and `percentile_high`. Null outside of the published "
        "percentiles, and without enough records", null=True,
    ),
    Column("percentile_low", "number", "the lowest percentile with this amount. Null below the lowest published percentile; above the highest, it is that one", null=True),
    Column("percentile_high", "number", "the highest percentile with this amount; it differs from the lowest if several percentiles share the amount. Null above the highest published percentile; below the lowest, it is that one", null=True),
    Column("percentile_at_high", "number", "percentile of the other end", null=True),
    *_null(
        Column("share_below", "number", "percentage of the advertised ranges of the latest year that are below the amount: their high ends are lower. If the offer is a range, below its first end"),
        Column("share_within", "number", "the percentage that contain it"),
        Column("share_above", "number", "the percentage that are above it: their low ends are higher"),
    ),
    Column("to_median", "change", "how far the offer is below the median; negative above it", null=True),
    Column("to_p75", "change", "how far it is below the 75th percentile; negative above it", null=True),
)  # fmt: skip
OFFER = Question(
    "offer",
    (
        *ROLE,
        *_LOCATION,
        _COUNTRY,
        *_LEVELS,
        Column("offer", "money"),
        Column("offer_high", "money", "the other end if the offer is a range", null=True),
        *_RANK,
        *_FIGURE_OR_NULL,
        Column(
            "other_figures", "rows", "list of objects: in a metro area or a state, "
            "where the offer ranks by other sources there, in the United States by "
            "the same source, and among advertised pay in the United States, which is "
            "not comparable",
            columns=(*_RANK, *FIGURE),
        ),
        *_COST,
        Column("adjusted_offer", "estimate", "what the offer is worth at average US prices, before tax", null=True),
        *_null(
            Column("bonus", "money", "the bonus a year, or null if it is unknown; 0 is none. As all that follows, it is for a year, whatever `period` is", "Bonus", hide=4),
            Column("equity", "money", "equity a year, at the value that was given", "Equity", hide=3),
            Column("signing", "money", "the signing bonus", "Signing", hide=2),
            Column("cash_first_year", "money", "base pay and those of bonus and signing bonus that are known; null if no part of the offer but base pay is"),
            Column("cash_later_years", "money", "the same without the signing bonus"),
            Column("total_first_year", "money", "`cash_first_year` and equity", "First year"),
            Column("total_later_years", "money", "`cash_later_years` and equity", "Later years"),
            Column("adjusted_total_first_year", "estimate", "what it is worth at average US prices, before tax"),
            Column("adjusted_total_later_years", "estimate", "the same for later years", "Later, at US prices", hide=1),
        ),
    ),
    "offer.offer",
    is_object=True,
    is_table=False,
    siblings={
        "salary": "what a role pays, without an amount",
        "relocate": "what an amount is worth elsewhere",
    },
    cannot="Ranks base pay alone: bonus and equity are only added up. No advice on a "
    "person.",
)  # fmt: skip
OFFER_AT = OFFER._replace(
    name="offer --location",
    page="several.offers",
    about="One for each of several places or offers; for one alone, an object.",
    is_object=False,
    siblings={},
)
RELOCATE = Question(
    "relocate",
    (
        *ROLE,
        Column("from_place", meaning="full name"),
        Column("from_level", meaning="`metro`, `state` or `country`"),
        Column("to_place", meaning="full name", heading="Place"),
        Column("to_level", meaning="`metro`, `state` or `country`"),
        Column("amount", "money"),
        Column("equivalent", "estimate", "the amount that buys the same, before tax, at average prices of a country, or null. With cents if prices are less than half as high, so that it can be converted back", "Equivalent", null=True),
        Column("from_cost_of_living", "level", "price level, United States = 100"),
        Column("to_cost_of_living", "level", "price level", "Prices", hide=5, null=True),
        Column("from_median", "money", null=True),
        Column("to_median", "money", "", "Median", hide=4, null=True),
        Column("from_percentile", "number", "percentile of the amount in the first place", null=True),
        Column("to_percentile", "number", "percentile of the equivalent in the second place", "Percentile", hide=2, null=True),
        Column("currency", meaning="ISO 4217 code of all amounts but the local ones"),
        UNIT[1],
        Column("exchange_rate", "number", "units of `to_currency` per unit of `currency`", null=True),
        _KIND._replace(null=True),
        Column("source", "source", "id of the source of the medians", null=True),
        Column("cost_source", "source", "id of the source of the price levels; two ids, joined by `; `, if the places are of different kinds"),
        Column("amount_high", "money", "the other end if the amount is a range", null=True),
        Column("equivalent_high", "estimate", "its equivalent", null=True),
        Column("from_percentile_at_high", "number", null=True),
        Column("to_percentile_at_high", "number", null=True),
        Column("from_code", meaning="US Census area code, state code or country code"),
        Column("to_code", meaning="the same for the second place"),
        Column("cost_change", "percent", "change of the price level, in per cent", null=True),
        Column("median_change", "percent", "change of the median, in per cent; null if no source covers both places", null=True),
        Column("to_adjusted_median", "estimate", "what the median is worth at average US prices, before tax", "Adjusted", hide=3, null=True),
        Column("occupation", meaning="the official occupation that the medians are of, a different classification from the role", null=True),
        _PERIOD_COVERED._replace(meaning="the period that the medians are of", null=True),
        Column("updated", "date", "date of their source", null=True),
        Column("to_currency", meaning="ISO 4217 code of the second place if it is another", null=True),
        Column("local_equivalent", "number", "the equivalent in it", null=True),
        Column("local_equivalent_high", "number", "the other end in it", null=True),
        Column("rate_year", "number", "year of `exchange_rate`", null=True),
        Column("from_records", "count", "number of records behind the median", null=True),
        Column("from_employment", "count", "number of people employed, an estimate", null=True),
        Column("from_thin", "flag", "true if there are few of them, as in `salary`", null=True),
        Column("to_records", "count", "the same for the second place", null=True),
        Column("to_employment", "count", null=True),
        Column("to_thin", "flag", null=True),
        Column("exchange_source", "source", "id of the source of `exchange_rate`", null=True),
        *_null(
            Column("from_top_employer", meaning="the employer with the most of the filings behind `from_median`"),
            Column("from_top_employer_share", "number", "its share in per cent; above 50, the median is mostly that of this employer"),
            Column("to_top_employer", meaning="the same for the second place"),
            Column("to_top_employer_share", "number", "its share in per cent"),
        ),
        Column("goods_change", "percent", "change of a part of the price level, the prices of goods, in per cent; null for countries", null=True),
        Column("housing_change", "percent", "the same for housing", null=True),
        Column("utilities_change", "percent", "the same for utilities", null=True),
        Column("other_services_change", "percent", "the same for other services", null=True),
    ),
    "relocate.relocate",
    "One for each place.",
    sorts={
        "adjusted": "to_adjusted_median",
        "equivalent": "equivalent",
        "median": "to_median",
        "cost": "to_cost_of_living",
        "place": "to_place",
    },
    siblings={
        "offer": "the rank of an amount in one place",
        "locations": "a ranking of places by pay",
    },
    cannot="Prices before tax: no taxes, and no rents of single districts.",
)  # fmt: skip

FAQ = Question(
    "faq",
    (Column("question"), Column("answer")),
    "role.faq",
    is_table=False,
    section="Questions",
    siblings={"describe": "what a role is", "salary": "pay"},
    cannot="Prepared questions only.",
)
ROLES = Question(
    "roles",
    (
        Column("role", meaning="id of the role", heading="Id", hide=1),
        Column("title", meaning="title of the role", heading="Role"),
        Column("aliases", "list", heading="Aliases"),
    ),
    "role.roles",
    siblings={"compare": "the pay of several roles"},
    cannot="No roles besides machine learning and data.",
)
SOURCES = Question(
    "sources",
    (
        Column("id", heading="Id"),
        Column("title", heading="Title"),
        *_null(
            Column("publisher", heading="Publisher"),
            Column("url", heading="URL"),
            Column("licence", heading="Licence"),
        ),
        Column("updated", "date", heading="Updated", null=True),
        _RECORDS._replace(heading="Records", null=True),
        Column("method", heading="Method"),
        Column("caveats", "list", heading="Caveats"),
        Column(
            "kind", meaning="what it measures, see [kinds](data.md#kinds-of-sources)",
        ),
        Column(
            "sha256", "list", "list of strings: SHA-256 digests of the files that the "
            "figures were computed from",
        ),
        Column(
            "published", "date", "date on which the publisher released the figures, or "
            "null if it is unknown", null=True,
        ),
        Column(
            "retrieved", "date", "date on which the files were retrieved, or null if "
            "it is unknown", null=True,
        ),
        Column(
            "period_covered", "date", "the interval of months that the figures are of, "
            "or null if `updated` says when they are of", null=True,
        ),
    ),
    "role.sources",
    is_table=False,
    section="Sources",
    siblings={"roles": "what the data set covers"},
    cannot="No figures.",
)  # fmt: skip


def _part(question: Question, meaning: str = "") -> Column:
    """Return the answer to a question as a value of another answer."""
    kind: Kind = "row" if question.is_object else "rows"
    meaning = f"the answer of `{question.name}`{meaning and f': {meaning}'}"
    return Column(question.name, kind, meaning, columns=question.columns)


SHOW = Question(
    "show",
    (
        _part(DESCRIBE),
        _part(DUTIES),
        _part(SALARY),
        _part(COMPARE, "the role and similar roles"),
        _part(FAQ),
        _part(LOCATIONS, "the first three"),
        _part(SKILLS, "the first ten"),
        _part(OUTLOOK),
    ),
    "show.show",
    is_object=True,
    is_table=False,
    is_nested=True,
    siblings={"salary": "pay alone", "describe": "what a role is", "faq": "questions"},
    cannot="A summary: each part has a tool that says more.",
)  # fmt: skip

QUESTIONS: dict[str, Question] = {
    question.name: question
    for question in (
        SHOW, DESCRIBE, DUTIES, FAQ, ROLES, SALARY, SALARY_AT, SALARY_BY, SALARY_BY_YEAR,
        SALARY_BY_SENIORITY, COMPARE, COMPARE_MARKET, LOCATIONS, EMPLOYERS, INDUSTRIES, OUTLOOK,
        OUTLOOK_BY_MONTH, SKILLS, OFFER, OFFER_AT, RELOCATE, SOURCES,
    )
}  # fmt: skip


def key_meanings() -> dict[str, Any]:
    """Return what the keys of all answers mean, and which keys each answer has.

    A key that means something else in some answer has that meaning there, by its path
    if it is one of an inner object: `occupations.change`.
    """
    meanings: dict[str, str] = {}
    answers: dict[str, Any] = {}
    for name, question in QUESTIONS.items():
        inner = {c.key: c.columns for c in question.columns if not question.is_nested}
        columns = {column.key: column for column in question.columns}
        for key, of_key in inner.items():
            columns |= {f"{key}.{column.key}": column for column in of_key}
        own = {}
        for path, column in columns.items():
            meaning = _without_links(column.description)
            first = meanings.setdefault(column.key, meaning)
            if first.removesuffix(_OR_NULL) != meaning.removesuffix(_OR_NULL):
                own[path] = meaning
        answers[name] = {
            "shape": "object" if question.is_object else "list of objects",
            "about": _without_links(question.about),
            "keys": question.keys,
            "inner_keys": {
                key: [each.key for each in columns]
                for key, columns in inner.items()
                if columns
            },
            "meanings": own,
        }
    return {"meanings": meanings, "answers": answers}


def _without_links(text: str) -> str:
    """Return a text of the documentation without the targets of its links."""
    import re

    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)
