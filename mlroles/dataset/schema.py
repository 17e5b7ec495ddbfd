"""What a data set must look like, and every fault of one that does not.

The shapes below are plain dictionaries with types. A reader of the bundled data set
needs them for mypy alone and never imports this module; a data set that somebody else
made is held against them by pydantic. The JSON Schema comes from the same shapes.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    with_config,
)

# Below Python 3.12 pydantic takes only this backport, which it brings along.
from typing_extensions import TypedDict

from mlroles.dataset.dimensions import MIN_RECORDS
from mlroles.dataset.references import relation_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA_VERSION = 1

# No C0 or C1 control character, no DEL, nothing that turns the writing direction
# round: what is printed must not steer the terminal.
_PLAIN = r"[^\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
# A spreadsheet would run a cell that begins with = + - or @ as a formula.
_TEXT = rf"^{_PLAIN[:-1]}=+\-@]{_PLAIN}*$"
_NAME = rf"^[^\x00-\x20\x7f-\xa0=+\-@]({_PLAIN}*[^\s\x00-\x1f\x7f-\xa0])?$"
_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"

_IN_WORDS = {
    _TEXT: "is empty, begins with = + - or @, or has a control character in it",
    _NAME: "is empty, begins with = + - @ or a space, ends with a space, "
    "or has a control character in it",
    _ID: "is not lower-case letters and digits joined by hyphens",
    _DATE: "is not a date such as 2025-12-31, 2025-12 or 2025",
    "^[A-Z]{2}$": "is not a code of two capital letters",
    "^[A-Z]{3}$": "is not a code of three capital letters",
    "missing": "is missing",
    "extra_forbidden": "is not a key of the schema",
    "dict_type": "is not an object",
    "greater_than_equal": "is less than {ge}",
    "int_type": "is not a whole number",
    "less_than": "is not less than {lt}",
    "less_than_equal": "is more than {le}",
    "list_type": "is not a list",
    "literal_error": "is not {expected}",
    "string_type": "is not text",
    "string_unicode": "has half of a surrogate pair in it",
    "too_long": "has more than {max_length} items",
    "too_short": "has fewer than {min_length} items",
    "tuple_type": "is not a list",
    "value_error": "is not a date that exists",
}


def _real_date(text: str) -> str:
    date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    return text


Text = Annotated[str, StringConstraints(pattern=_TEXT)]
Name = Annotated[str, StringConstraints(pattern=_NAME)]
Id = Annotated[str, StringConstraints(pattern=_ID)]
Date = Annotated[str, StringConstraints(pattern=_DATE), AfterValidator(_real_date)]
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
Code = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
# Beyond 2^53 a reader that keeps numbers as doubles would see another figure.
Money = Annotated[int, Field(strict=True, ge=1, lt=2**53)]
Count = Annotated[int, Field(strict=True, ge=0, lt=2**53)]
Year = Annotated[int, Field(strict=True, ge=1900, le=2200)]
Records = Annotated[int, Field(strict=True, ge=MIN_RECORDS, lt=2**53)]
Experience = Literal["entry", "mid", "senior", "executive"]
WorkMode = Literal["on-site", "hybrid", "remote"]
# In the order of layout.CELL: what the records have in common, how many they are,
# their mean, and their percentiles from the 5th to the 95th.
Cell: TypeAlias = tuple[
    Year, Code | None, Experience | None, WorkMode | None, Records, Money,
    Money, Money, Money, Money, Money, Money, Money, Money, Money, Money, Money,
    Money, Money,
]  # fmt: skip
# In the order of layout.PLACE: its name, code and state, how many records and
# people employed, and the percentiles, some of which a source may not give.
Place: TypeAlias = tuple[
    Name, Name, Code | None, Count | None, Count | None,
    Money | None, Money | None, Money, Money | None, Money | None,
]  # fmt: skip
_closed = with_config(ConfigDict(extra="forbid"))


@_closed
class Source(TypedDict):
    """Where figures come from: who publishes them, how old they are, what they miss."""

    id: Id
    title: Name
    publisher: Text | None
    url: Text | None
    licence: Text | None
    updated: Date
    records: Count | None
    method: Text
    caveats: list[Text]


@_closed
class Salary(TypedDict):
    """The headline: an average base salary as a source reports it."""

    average: Money
    region: Code
    reports: Count | None
    updated: Date
    source: Id


@_closed
class Openings(TypedDict):
    """How many jobs of the role a source lists as open."""

    count: Count
    region: Code
    updated: Date
    source: Id


@_closed
class Question(TypedDict):
    """A question that people ask about a role, and its answer."""

    question: Text
    answer: Text


@_closed
class Role(TypedDict):
    """One role: its names, what it does and what it is known to earn."""

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
class Survey(TypedDict):
    """Pay by role, year, country, experience and work mode; see `survey.py`."""

    source: Id
    columns: list[Text]
    cells: dict[Id, list[Cell]]


@_closed
class PlaceTable(TypedDict):
    """A role's pay by state or by metro area, as one source gives it."""

    role: Id
    level: Literal["metro", "state"]
    source: Id
    occupation: Text | None
    whole: Place | None
    rows: list[Place]


@_closed
class Places(TypedDict):
    """Pay by place; see `places.py`."""

    columns: list[Text]
    states: dict[Code, Name]
    tables: list[PlaceTable]


@_closed
class Dataset(TypedDict):
    """A whole data set; every amount in it is in one currency, a year."""

    schema_version: Literal[1]
    default_role: Id
    currency: Currency
    period: Literal["year"]
    sources: list[Source]
    countries: dict[Code, Name]
    roles: Annotated[list[Role], Field(min_length=1)]
    survey: Survey | None
    places: Places | None


def faults(data: object) -> list[str]:
    """Every fault of a data set, each with its place, in the order of the file.

    `data` is what the JSON parsed to, of whatever shape. An empty list means that
    the data set is sound: it has the shape above, and all that it refers to exists.
    """
    if isinstance(data, dict) and data.get("schema_version") != SCHEMA_VERSION:
        # A stranger's value may be as long as the file.
        has = repr(data["schema_version"])[:40] if "schema_version" in data else "none"
        reads = f"this mlroles reads version {SCHEMA_VERSION}"
        return [f"schema_version: {reads}, the file has {has}"]
    return [*_shape_faults(data), *relation_faults(data)]


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a data set."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, **_adapter().json_schema()}


@cache
def _adapter() -> TypeAdapter[Dataset]:
    return TypeAdapter(Dataset)


def _shape_faults(data: object) -> Iterator[str]:
    try:
        _adapter().validate_python(data)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            context = fault.get("ctx", {})
            known = _IN_WORDS.get(context.get("pattern", fault["type"]))
            said = known.format(**context) if known else fault["msg"]
            yield f"{_place(fault['loc'])}: {said}"


def _place(loc: tuple[int | str, ...]) -> str:
    """The place of a fault as one would write it: `roles[3].salary.average`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc)
    return "".join(steps).removeprefix(".") or "the data set"
