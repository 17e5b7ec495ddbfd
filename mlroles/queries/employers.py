"""Which employers pay more: base pay that they state in H-1B filings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import (
    COUNTED,
    EMPLOYER_COLUMNS,
    HOME_COUNTRY,
    MIN_RECORDS,
    THIN_RECORDS,
)
from mlroles.errors import Argument, Message, UsageError, quoted
from mlroles.matching import as_list, choose, shorten
from mlroles.queries.answer import Answer, check_limit, ranking, sort_column
from mlroles.queries.figures import figure, period_of
from mlroles.queries.market import Occupations, choose_occupation, name, search
from mlroles.queries.pay import converter
from mlroles.questions import EMPLOYERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import Role
    from mlroles.money import Converter
    from mlroles.places import Place
    from mlroles.questions import Row

OCCUPATION, TITLE = COUNTED
_NO_TABLE: Any = {"source": "", "tables": [], "titles": {}, "metros": {}}


def employers(
    data: Dataset,
    role: str | None = None,
    *,
    by: str | None = None,
    occupation: str | None = None,
    location: str | None = None,
    match: str | Iterable[str] | None = None,
    min_records: int | None = None,
    sort: str = "median",
    reverse: bool = False,
    limit: int | None = None,
    per: str = "year",
    currency: str | None = None,
) -> Answer[list[Row]]:
    """Return the base pay that employers state for a role, sorted by a column.

    `by` is which filings count: with title, those whose job title contains the role's
    name; with occupation, those under an official occupation that lists the role. None
    is title if such filings are known and neither `occupation` nor `location` is set.
    `occupation` is the code, title or part of the title of another occupation that
    lists the role. `location` is a US metro area. `match` keeps employers whose name
    contains a text. `min_records` is the fewest filings, at least 10: 30 by default
    under an occupation. `sort` is one of EMPLOYERS.sorts; the rest is as for `salary`
    and `sort_rows`.

    Returns:
        Rows with the keys of `questions.EMPLOYERS`; those that state one wage come
        last. `records` are filings. `location` and its `code` are None for the whole
        country, which is where the quartiles are known. `counted` is occupation or
        title. The occupation is not the role itself, and None for filings by title.

    Raises:
        UsageError: As for `compare`, an occupation that does not list the role, an
            unknown location, or options that exclude each other.
    """
    column = sort_column(EMPLOYERS, sort)
    check_limit(limit)
    if min_records is not None and min_records < MIN_RECORDS:
        text = f" must be at least {MIN_RECORDS}, not {min_records}."
        raise UsageError(Argument("min_records"), text, argument="min_records")
    found, convert = data.role(role), converter(data, per, currency=currency)
    known = data.table("employers") or _NO_TABLE
    titled = known["titles"].get(found["id"])
    place = None if location is None else _metro(data, known, location)
    others: list[str] = []
    label = None
    source, floor = known["source"], THIN_RECORDS
    is_titled = titled and occupation is None and place is None
    counted = TITLE if is_titled else OCCUPATION
    if by is not None:
        counted = choose(by, COUNTED, "way to count filings", argument="by")
    if counted == TITLE:
        if occupation is not None or place is not None:
            other = "occupation" if occupation is not None else "location"
            raise UsageError(
                Argument(other),
                " and ",
                Argument("by", TITLE),
                " cannot be combined.",
                argument=other,
            )
        arrays, notes, floor = [], [_no_titles(data, known, found)], 1
        if titled:
            arrays, notes = titled["rows"], []
            source, floor = titled["source"], titled["min_records"]
    else:
        tables = data.by_occupation("employers")
        table, others, notes = choose_occupation(data, found, tables, occupation)
        arrays, label = (table["rows"], name(table)) if table else ([], None)
        if table is None and titled:
            notes = [Message(notes[0], "; use ", Argument("by", TITLE))]
    rows = EMPLOYERS.rows(
        {
            "role": found["id"],
            "title": found["title"],
            **_employer(data, array, convert, source, label),
        }
        for array in arrays
        if array[1] == (place and place.code)
    )
    rows.sort(key=lambda row: row["employer"].casefold())
    if min_records is not None:
        floor = min_records
    total = len(rows)
    rows, unmatched = _restrict(
        rows, match, floor, place and place.short_name, by_title=counted == TITLE
    )
    answer = Answer(
        EMPLOYERS,
        rows,
        data,
        [*notes, *unmatched],
        context=Occupations(
            others, floor, sum(bool(row["one_wage"]) for row in rows), total
        ),
        exchange=convert.exchange,
    )
    answer = ranking(answer, column, reverse=reverse, limit=None)
    answer.rows.sort(key=lambda row: bool(row["one_wage"]))
    shown = answer.rows[:limit]
    return answer._replace(rows=shown, more=len(rows) - len(shown))


def _metro(data: Dataset, known: Mapping[str, Any], location: str) -> Place | None:
    """Return the metro area with a name, None for the whole country.

    Raises:
        UsageError: It is unknown, or another place.
    """
    place = data.places.including(known["metros"]).find(location)
    if place.code == HOME_COUNTRY:
        return None
    if place.level != "metro":
        raise UsageError(
            f"pay by employer is not known for {place.short_name}, only for the "
            "United States and US metro areas.",
            argument="location",
        )
    return place


def _employer(
    data: Dataset,
    array: list[Any],
    convert: Converter,
    source: str,
    occupation: str | None,
) -> Row:
    """Return the figure of an employer, under an occupation or else by title."""
    known = dict(zip(EMPLOYER_COLUMNS, array, strict=True))
    known["occupation"] = occupation
    known["counted"] = OCCUPATION if occupation else TITLE
    metro, covered = known["code"], period_of(data, source)
    region = metro or HOME_COUNTRY
    p25, median, p75 = (known[key] for key in ("p25", "median", "p75"))
    return {
        "employer": known["employer"],
        "location": data.table("employers")["metros"].get(metro),
        "code": metro,
        **figure(data, convert, source, covered, region, known),
        "one_wage": None if p25 is None else median in {p25, p75},
    }


def _no_titles(data: Dataset, known: Mapping[str, Any], role: Role) -> str:
    """Return a note on which roles have filings by title, for one without."""
    titles = known["titles"]
    note = f"no source counts filings by title for {role['title']}"
    if titles:
        others = [each["title"] for each in data.roles if each["id"] in titles]
        note += f", but for {shorten(others)}"
    return note


def _restrict(
    rows: list[Row],
    match: str | Iterable[str] | None,
    floor: int,
    place: str | None,
    *,
    by_title: bool,
) -> tuple[list[Row], list[str]]:
    """Return the employers that match a text and have enough filings, and notes."""
    where = f" in {place}" if place else ""
    found, notes = search(rows, match, ("employer",), f"employers{where}")
    if notes and by_title:
        # More employers are known under occupations.
        more = Argument("by", OCCUPATION)
        notes = [Message(*notes, "; for more employers, add ", more)]
    kept = [row for row in found if row["records"] >= floor]
    if found and not kept:
        texts = shorten(map(quoted, as_list(match)), " or ")
        matching = f" matching {texts}" if texts else ""
        notes = [f"no employers{matching}{where} have {floor:,} filings"]
        if floor > MIN_RECORDS:
            fewer = Argument("min_records", MIN_RECORDS)
            notes = [Message(*notes, "; ", fewer, " shows more")]
    elif not rows and place:
        notes = [f"no employers{where} have {MIN_RECORDS} filings"]
    return kept, notes
