"""The schema of a data set, and the validation errors of one that violates it.

The types below describe plain dictionaries. Lookups in the bundled data set use them
for type checking only and never import this module; pydantic validates the data sets
that users provide. The JSON Schema is generated from the same types.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, TypeAlias

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    with_config,
)

# Below Python 3.12, pydantic supports only this backport, which it depends on.
from typing_extensions import TypeAliasType, TypedDict

from mlroles.dataset.dimensions import MIN_RECORDS, TableName
from mlroles.dataset.kinds import KindName  # noqa: TC001 - pydantic reads it

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA_VERSION = 1
# The most characters of a text, which takes quadratic time to wrap, and of a name,
# which can be typed.
_MAX_TEXT, _MAX_NAME = 10_000, 200

# Control characters, bidirectional controls, what cannot be seen, such as tags, and
# what is no character, such as U+FFFE: what is printed must not control a terminal or
# hide something, and XML and PDF must be able to hold it. Those after U+FFFF are as
# they are, since regular expressions differ in how they escape them.
_REFUSED = (
    r"\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0d\ufeff"
    r"\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U0001fffe\U0001ffff"
    "\U0002fffe\U0002ffff\U0003fffe-\U0010ffff"
)
# Spreadsheets read a cell that begins with one of these as a formula, and so in full
# width. In a text, that is what follows a comma or a semicolon, which may be read as
# separators of cells. Joiners, which have no width, must not come before it either.
_SIGNS = r"=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
_JOINERS = r"\u200c\u200d\ufe0e\ufe0f"
_SPACES = r" \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_SEPARATED = rf"[,;][{_SPACES}\"',;{_JOINERS}]*[^{_REFUSED}{_SIGNS}{_JOINERS}\s\"',;]"
_TEXT = (
    rf"^[^{_REFUSED}{_SIGNS}{_JOINERS}\s,;](([^{_REFUSED},;]|{_SEPARATED})*"
    rf"([^{_REFUSED}\s]|{_SEPARATED}|[,;][{_SPACES}\"',;]*[\"',;]))?$"
)
_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
_PERIOD = r"^([0-9]{4}(-[0-9]{2})?|FY [0-9]{4})$"
_MONTHS = r"^[0-9]{4}-[0-9]{2}/[0-9]{4}-[0-9]{2}$"
_YEAR = r"^[0-9]{4}$"
_MONTH = r"^[0-9]{4}-[0-9]{2}$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

_MESSAGES = {
    _TEXT: "is empty, begins or ends with a space, has = + - or @ at its beginning or "
    "after a comma or semicolon, or has a control character or an invisible one",
    _ID: "must be lower-case letters and digits joined by hyphens",
    _DATE: "must be a date such as 2025-12-31, 2025-12 or 2025",
    "^[A-Z]{2}$": "must be two capital letters",
    "^[A-Z]{3}$": "must be three capital letters",
    "^[0-9a-f]{64}$": "must be a SHA-256 digest in hexadecimal",
    _PERIOD: "must be a year, a month or a fiscal year, such as FY 2025",
    _MONTHS: "must be an interval of months such as 2025-01/2025-07",
    _YEAR: "must be a year such as 2025",
    _MONTH: "must be a month such as 2025-12",
    _DAY: "must be a date such as 2025-12-31",
    "missing": "is missing",
    "extra_forbidden": "unknown key",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "dict_type": "must be an object",
    "finite_number": "must be a finite number",
    "float_type": "must be a number",
    "greater_than": "must be greater than {gt:.0f}",
    "greater_than_equal": "must be at least {ge:.10g}",
    "int_type": "must be an integer",
    "less_than": "must be less than {lt:.0f}",
    "less_than_equal": "must be at most {le:.10g}",
    "list_type": "must be a list",
    "literal_error": "must be {expected}",
    "string_too_long": "must have at most {max_length:,} characters",
    "string_type": "must be a string",
    "string_unicode": "contains an unpaired surrogate",
    "too_long": "must have at most {max_length} items",
    "too_short": "must have {min_length} or more items",
    "tuple_type": "must be a list",
    "value_error": "is not a valid date",
}


def _real_date(text: str) -> str:
    digits = text.removeprefix("FY ")
    date.fromisoformat(digits + "-01-01"[len(digits) - 4 :])
    return text


def _real_months(text: str) -> str:
    for month in text.split("/"):
        _real_date(month)
    return text


# Named, so that the JSON Schema does not repeat their patterns.
Text = TypeAliasType(
    "Text", Annotated[str, StringConstraints(pattern=_TEXT, max_length=_MAX_TEXT)]
)
Name = TypeAliasType(
    "Name", Annotated[str, StringConstraints(pattern=_TEXT, max_length=_MAX_NAME)]
)
Id = Annotated[str, StringConstraints(pattern=_ID, max_length=_MAX_NAME)]
Date = Annotated[str, StringConstraints(pattern=_DATE), AfterValidator(_real_date)]
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
Code = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
# Larger integers lose precision in programs that store numbers as doubles.
Money = Annotated[int, Field(strict=True, ge=1, lt=2**53)]
Count = Annotated[int, Field(strict=True, ge=0, lt=2**53)]
Change = Annotated[int, Field(strict=True, gt=-(2**53), lt=2**53)]
Share = Annotated[float, Field(strict=True, ge=0, le=100)]
Flag = Annotated[bool, Field(strict=True)]
Year = Annotated[int, Field(strict=True, ge=1900, le=2200)]
Records = Annotated[int, Field(strict=True, ge=MIN_RECORDS, lt=2**53)]
Experience = Literal["entry", "mid", "senior", "executive"]
WorkMode = Literal["on-site", "hybrid", "remote"]
Seniority = Literal["base", "senior", "staff", "lead", "director"]
Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Period = Annotated[str, StringConstraints(pattern=_PERIOD), AfterValidator(_real_date)]
Month = Annotated[str, StringConstraints(pattern=_MONTH), AfterValidator(_real_date)]
Months = Annotated[
    str, StringConstraints(pattern=_MONTHS), AfterValidator(_real_months)
]
YearName = Annotated[str, StringConstraints(pattern=_YEAR)]
Day = Annotated[str, StringConstraints(pattern=_DAY), AfterValidator(_real_date)]
# Of numbers beyond these, products and ratios lose their meaning.
Index = Annotated[float, Field(strict=True, ge=0.0001, le=10**9, allow_inf_nan=False)]
# In the order of dimensions.PAY_COLUMNS.
PayGroup: TypeAlias = tuple[
    Year | None, Code | None, Experience | None, WorkMode | None, Records, Money,
    Money, Money, Money, Money, Money, Money, Money, Money, Money, Money, Money,
    Money, Money, Money | None, Money | None, Money | None, Money | None,
]  # fmt: skip
# In the order of dimensions.ALL_POSTINGS_COLUMNS.
AllPostings: TypeAlias = tuple[
    Year, Code | None, Experience | None, WorkMode | None, Records, Money
]
# In the order of dimensions.FEW_COLUMNS.
FewRecords: TypeAlias = tuple[
    Year,
    Code,
    Experience | None,
    WorkMode | None,
    Annotated[Count, Field(lt=MIN_RECORDS)],
]
# In the order of dimensions.RANGE_COLUMNS.
RangeGroup: TypeAlias = tuple[
    Year, Code | None, Experience, WorkMode, list[Money], list[Money]
]
# In the order of dimensions.PLACE_COLUMNS.
Place: TypeAlias = tuple[
    Name, Name, Code | None, Count | None, Count | None,
    Money | None, Money | None, Money, Money | None, Money | None,
]  # fmt: skip
# The code and name of a place, and its price level.
PriceLevel: TypeAlias = tuple[Name, Name, Index]
# In the order of dimensions.PRICE_PART_COLUMNS.
PricePart: TypeAlias = tuple[Name, Index, Index, Index, Index]
# In the order of dimensions.INDUSTRY_COLUMNS.
Industry: TypeAlias = tuple[
    Name, Name, Literal["sector", "subsector", "group", "industry"], Count | None,
    Money | None, Money | None, Money | None, Money, Money | None, Money | None,
]  # fmt: skip
# In the order of dimensions.PROJECTION_COLUMNS.
Projection: TypeAlias = tuple[
    Name, Name, Count | None, Count | None, Change | None, Change | None,
    Count | None, Name | None, Name | None,
]  # fmt: skip
# In the order of dimensions.EMPLOYER_COLUMNS.
Employer: TypeAlias = tuple[Name, Name | None, Money, Money | None, Money, Money | None]
# The employer with the most of some filings, and the number of its filings.
TopEmployer: TypeAlias = tuple[Name, Count]
_closed = with_config(ConfigDict(extra="forbid"))


@_closed
class Source(TypedDict):
    """A source of figures: its publisher, date, method and caveats.

    `updated` is null if the date of pay records is unknown. `covered` is the time of
    what is counted, if `updated` is only its end.
    """

    id: Id
    kind: KindName
    title: Name
    publisher: Text | None
    url: Text | None
    licence: Text | None
    updated: Date | None
    records: Count | None
    method: Text
    caveats: list[Text]
    sha256: list[Sha256]
    published: NotRequired[Date | None]
    retrieved: NotRequired[Date | None]
    covered: NotRequired[Months]


@_closed
class Salary(TypedDict):
    """An average base salary, as a source reports it."""

    average: Money
    region: Code
    reports: Count | None
    updated: Date
    source: Id


@_closed
class Openings(TypedDict):
    """The number of open jobs, as a source lists them."""

    count: Count
    region: Code
    updated: Date
    source: Id


@_closed
class Question(TypedDict):
    """A common question about a role, and its answer."""

    question: Text
    answer: Text


@_closed
class Role(TypedDict):
    """A role: its names, description, duties and headline figures."""

    id: Id
    title: Name
    aliases: list[Name]
    description: Text
    duties: list[Text]
    collaborators: list[Text]
    skills: list[Text]
    applications: list[Text]
    salary: Salary | None
    openings: Openings | None
    faq: list[Question]
    similar: list[Id]


@_closed
class Pay(TypedDict):
    """Pay groups by role: by year, country, experience and work mode.

    `bundled` has further roles, whose groups are those of the bundled data set, with
    the years of these.
    `periods` has the months that a year covers if they are not the whole year, and
    `role_periods` those of single roles. `country_notes` has what readers of the
    figures of a country must know. `all_postings` has the medians of all postings,
    reposts included, of groups where these are far from those of distinct ones.
    """

    source: Id
    columns: list[Text]
    groups: dict[Id, list[PayGroup]]
    bundled: NotRequired[dict[Id, list[Year]]]
    periods: NotRequired[dict[YearName, Months]]
    role_periods: NotRequired[dict[Id, dict[YearName, Months]]]
    country_notes: NotRequired[dict[Code, Text]]
    all_postings: NotRequired[dict[Id, list[AllPostings]]]


@_closed
class LocalPay(TypedDict):
    """Pay groups of the records that state the currency of their country, by role.

    They replace those of `pay` where amounts are converted to that currency. Groups
    all of whose records state it are not repeated. `few` has those with too few, by
    role, with the number of these.
    """

    columns: list[Text]
    groups: dict[Id, list[PayGroup]]
    few: dict[Id, list[FewRecords]]


@_closed
class RangeEnds(TypedDict):
    """The ends of the advertised ranges behind the pay of the latest year, by role."""

    columns: list[Text]
    groups: dict[Id, list[RangeGroup]]


@_closed
class NationalPay(TypedDict):
    """What another source reports about a role, or an official occupation."""

    role: Id
    source: Id
    period: Period
    occupation: Text | None
    records: Count | None
    employment: Count | None
    mean: Money | None
    p10: Money | None
    p25: Money | None
    median: Money
    p75: Money | None
    p90: Money | None
    top_employer: NotRequired[TopEmployer]


@_closed
class SeniorityPay(TypedDict):
    """The pay of a role at a level of seniority, by words in the job title."""

    role: Id
    source: Id
    seniority: Seniority
    records: Count
    p25: Money
    median: Money
    p75: Money
    top_employer: NotRequired[TopEmployer]


@_closed
class Prices(TypedDict):
    """A monthly index of consumer prices in a country."""

    source: Id
    region: Code
    months: Annotated[dict[Month, Index], Field(min_length=1)]


@_closed
class PriceLevels(TypedDict):
    """What life costs in places of a level, relative to the United States (100)."""

    level: Literal["metro", "state", "country"]
    source: Id
    rows: list[PriceLevel]


@_closed
class PriceParts(TypedDict):
    """The parts of the price levels of areas, each with the United States at 100.

    They are from the source of the price levels.
    """

    level: Literal["metro", "state"]
    columns: list[Text]
    rows: list[PricePart]


@_closed
class Rates(TypedDict):
    """Yearly mean exchange rates, in units of a currency per US dollar.

    `currencies` has the currency of each country.
    """

    source: Id
    currencies: dict[Code, Currency]
    years: dict[Currency, dict[YearName, Index]]


@_closed
class PlaceTable(TypedDict):
    """The pay of a role by state or by metro area, from one source.

    `top_employers` has the employer with the most filings of a place by its code, `US`
    for the whole country.
    """

    role: Id
    level: Literal["metro", "state"]
    source: Id
    occupation: Text | None
    whole: Place | None
    rows: list[Place]
    top_employers: NotRequired[dict[Name, TopEmployer]]


@_closed
class Places(TypedDict):
    """Pay by place.

    Of several tables of a role and level, from different sources, the first one leads.
    """

    columns: list[Text]
    states: dict[Code, Name]
    tables: list[PlaceTable]


@_closed
class Occupations(TypedDict):
    """The official occupations under which a source lists the titles of roles.

    `titles` names each occupation by its code, such as 15-2051.00, of which the part
    before the dot is the code of statistics. Those of a role are in the order of
    preference. `in_demand` has the technologies that are in demand in an occupation,
    for those where this is known.
    """

    source: Id
    titles: dict[Name, Name]
    roles: dict[Id, list[Name]]
    in_demand: NotRequired[dict[Name, list[Name]]]


@_closed
class PrivateSector(TypedDict):
    """The private sector in all industries together."""

    employment: Count | None
    median: Money


@_closed
class IndustryTable(TypedDict):
    """The pay of an official occupation by industry.

    `median` and `employment` are national ones, with the public sector.
    """

    code: Name
    title: Name
    source: Id
    median: Money | None
    employment: NotRequired[Count | None]
    private: NotRequired[PrivateSector | None]
    rows: list[Industry]


@_closed
class Industries(TypedDict):
    """Pay by industry."""

    columns: list[Text]
    tables: list[IndustryTable]


@_closed
class Projections(TypedDict):
    """Employment in official occupations, as projected for a later year.

    Figures of several occupations together have their codes, joined by `; `.
    """

    source: Id
    base_year: Year
    target_year: Year
    columns: list[Text]
    rows: list[Projection]


@_closed
class SectorPostings(TypedDict):
    """An index of job postings of a sector over time; `base` is what 100 means."""

    source: Id
    sector: Text
    region: Code
    base: Text
    points: Annotated[dict[Day, Index], Field(min_length=1)]


@_closed
class AiShare(TypedDict):
    """The share of postings with AI-related terms, by country, then month."""

    source: Id
    countries: dict[Code, Name]
    shares: dict[Code, dict[Month, Share]]


@_closed
class Outlook(TypedDict):
    """The demand for the work; each occupation has projections of one period only."""

    occupations: NotRequired[list[Projections]]
    postings: NotRequired[SectorPostings]
    ai_share: NotRequired[AiShare]


@_closed
class SkillTable(TypedDict):
    """The technologies that an official occupation lists."""

    code: Name
    title: Name
    rows: list[tuple[Name, Name, Flag]]


@_closed
class Skills(TypedDict):
    """Technologies by occupation."""

    source: Id
    columns: list[Text]
    tables: list[SkillTable]


@_closed
class EmployerTable(TypedDict):
    """The base pay of employers under an official occupation, by metro area as well."""

    code: Name
    title: Name
    rows: list[Employer]


@_closed
class EmployerTitles(TypedDict):
    """The base pay of employers in filings whose job title contains a role's name.

    Employers with fewer than `min_records` filings are omitted.
    """

    source: Id
    min_records: Annotated[int, Field(strict=True, ge=1)]
    rows: list[Employer]


@_closed
class Employers(TypedDict):
    """Base pay that employers state in filings, by occupation and by job title.

    `source` is that of the occupations, `metros` names the metro areas by their codes,
    and `titles` is by role.
    """

    source: Id
    columns: list[Text]
    metros: dict[Name, Name]
    tables: list[EmployerTable]
    titles: dict[Id, EmployerTitles]


@with_config(ConfigDict(extra="forbid", title="Dataset"))
class DatasetJson(TypedDict):
    """A data set; its amounts are yearly, in one currency.

    `tables` names the tables that are those of the bundled data set.
    """

    schema_version: Literal[1]
    default_role: Id
    currency: Currency
    period: Literal["year"]
    sources: list[Source]
    countries: dict[Code, Name]
    roles: Annotated[list[Role], Field(min_length=1)]
    pay: Pay | None
    national: NotRequired[list[NationalPay]]
    tables: NotRequired[list[TableName]]
    places: NotRequired[Places]
    prices: NotRequired[Prices]
    price_levels: NotRequired[list[PriceLevels]]
    price_parts: NotRequired[list[PriceParts]]
    rates: NotRequired[Rates]
    local_pay: NotRequired[LocalPay]
    range_ends: NotRequired[RangeEnds]
    occupations: NotRequired[Occupations]
    industries: NotRequired[Industries]
    outlook: NotRequired[Outlook]
    skills: NotRequired[Skills]
    employers: NotRequired[Employers]
    seniority: NotRequired[list[SeniorityPay]]


def is_name(text: str) -> bool:
    """Return whether a text could be a name in a data set."""
    return len(text) <= _MAX_NAME and bool(re.fullmatch(_TEXT, text))


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a data set."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, **_adapter().json_schema()}


@cache
def _adapter() -> TypeAdapter[DatasetJson]:
    return TypeAdapter(DatasetJson)


def schema_errors(data: object) -> Iterator[str]:
    """Yield every error of the shape of a data set, with its location."""
    try:
        _adapter().validate_python(data)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            context = each.get("ctx", {})
            message = _MESSAGES.get(context.get("pattern", each["type"]))
            text = message.format(**context) if message else each["msg"]
            yield f"{_location(each['loc'])}: {text}"


def _location(steps: tuple[int | str, ...]) -> str:
    """Return a location as a path: `roles[3].salary.average`."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return "".join(parts).removeprefix(".") or "the data set"
