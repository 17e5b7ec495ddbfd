"""Which employers pay more: base pay that they state in H-1B filings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import (
    COUNTED,
    HOME_COUNTRY,
    MIN_RECORDS,
    THIN_RECORDS,
)
from mlroles.errors import Argument, Message, UsageError, quoted
from mlroles.matching import as_list, choose, shorten
from mlroles.queries.answer import Answer, ranking, sort_column
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
    from mlroles.questions import Row

OCCUPATION, TITLE = COUNTED
_NO_TABLE: Any = {"tables": [], "titles": {}, "metros": {}}


def employers(
    data: Dataset,
    role: str | None = None,
    *,
    by: str = OCCUPATION,
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

    `by` is which filings count: those under the official occupation of the role, or,
    with title, those whose job title contains the role's name, which are known for the
    employers with the most of them. `occupation` is the code, title or part of the
    title of another occupation that lists the role. `location` is a US metro area.
    `match` keeps employers whose name contains a text. `min_records` is the fewest
    filings under an occupation: 30 by default, and at least 10. `sort` is one of
    EMPLOYERS.sorts; the rest is as for `salary` and `sort_rows`.

    Returns:
        Rows with the keys of `questions.EMPLOYERS`. `records` are filings.
        `location` and its `code` are None for the whole country, which is where the
        quartiles are known. `counted` is occupation or title. The occupation is
        not the role itself, and None for filings by title.

    Raises:
        UsageError: As for `compare`, an occupation that does not list the role, an
            unknown location, or options that exclude each other.
    """
    column = sort_column(EMPLOYERS, sort)
    counted = choose(by, COUNTED, "way to count filings", argument="by")
    if min_records is not None and min_records < MIN_RECORDS:
        text = f" must be at least {MIN_RECORDS}, not {min_records}."
        raise UsageError(Argument("min_records"), text, argument="min_records")
    found, convert = data.role(role), converter(data, per, currency=currency)
    known = data.table("employers") or _NO_TABLE
    others: list[str] = []
    place = code = label = None
    if counted == TITLE:
        if occupation is not None or location is not None:
            other = "occupation" if occupation is not None else "location"
            raise UsageError(
                Argument(other),
                " and ",
                Argument("by", TITLE),
                " cannot be combined.",
                argument=other,
            )
        arrays, notes = _by_title(data, known, found)
    else:
        if location is not None:
            place = data.places.including(known["metros"]).find(location)
        if place is not None and place.code == HOME_COUNTRY:
            place = None
        if place is not None and place.level != "metro":
            raise UsageError(
                f"pay by employer is not known for {place.short_name}, only for the "
                "United States and US metro areas.",
                argument="location",
            )
        code = place and place.code
        tables = data.by_occupation("employers")
        table, others, notes = choose_occupation(data, found, tables, occupation)
        arrays, label = (table["rows"], name(table)) if table else ([], None)
        if table is None and found["id"] in known["titles"]:
            notes = [Message(notes[0], "; use ", Argument("by", TITLE))]
    rows = [
        EMPLOYERS.row(
            {
                "role": found["id"],
                "title": found["title"],
                **_employer(data, array, convert, label),
            }
        )
        for array in arrays
        if array[1] == code
    ]
    rows.sort(key=lambda row: row["employer"].casefold())
    floor = min_records
    if floor is None:
        floor = 1 if counted == TITLE else THIN_RECORDS
    rows, unmatched = _restrict(rows, match, floor, place and place.short_name)
    answer = Answer(
        EMPLOYERS,
        rows,
        data,
        [*notes, *unmatched],
        context=Occupations(others, floor),
        exchange=convert.exchange,
    )
    return ranking(answer, column, reverse=reverse, limit=limit)


def _employer(
    data: Dataset, array: list[Any], convert: Converter, occupation: str | None
) -> Row:
    """Return the figure of an employer, under an occupation or else by title."""
    employer, metro, records, *amounts = array
    known = data.table("employers")
    covered = period_of(data, known["source"])
    p25, median, p75 = (convert(amount, covered) for amount in amounts)
    return {
        "employer": employer,
        "location": known["metros"].get(metro),
        "code": metro,
        **figure(
            data,
            convert,
            known["source"],
            covered,
            region=metro or HOME_COUNTRY,
            records=records,
            p25=p25,
            median=median,
            p75=p75,
            occupation=occupation,
            counted=OCCUPATION if occupation else TITLE,
        ),
        **convert.keys(covered),
    }


def _by_title(
    data: Dataset, known: Mapping[str, Any], role: Role
) -> tuple[list[Any], list[str]]:
    """Return the employers of filings by title, or a note on which roles have any."""
    titles = known["titles"]
    if role["id"] in titles:
        return titles[role["id"]], []
    note = f"no source counts filings by title for {role['title']}"
    if titles:
        others = [each["title"] for each in data.roles if each["id"] in titles]
        note += f", but for {shorten(others)}"
    return [], [note]


def _restrict(
    rows: list[Row], match: str | Iterable[str] | None, floor: int, place: str | None
) -> tuple[list[Row], list[str]]:
    """Return the employers that match a text and have enough filings, and notes."""
    where = f" in {place}" if place else ""
    found, notes = search(rows, match, ("employer",), f"employers{where}")
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
