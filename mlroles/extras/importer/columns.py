"""Which column of a file is which: by its header, else by its values.

Headers are compared without case, punctuation and what is in parentheses.
"""

from __future__ import annotations

import re
import shlex
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from mlroles.errors import Argument, UsageError, quoted, shortened
from mlroles.extras.importer.values import (
    UNITS,
    clean,
    find_currency,
    find_period,
    is_missing,
    parse_pay,
)
from mlroles.money import CURRENCY_CODES, SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from mlroles.extras.importer.values import Titles

# The columns of records, by the names of --map and --set. `low` and `high` are the ends
# of a range, instead of `pay`; `state` and `location` are places, instead of `country`.
PLACES = ("country", "location", "state")
COLUMNS = (
    "title", "pay", "low", "high", "year", "level", *PLACES, "work_mode", "employment",
    "period", "currency", "unit",
)  # fmt: skip
CONSTANTS = (
    "year", "level", "country", "work_mode", "employment", "period", "currency", "unit",
)  # fmt: skip
# The headers of the aijobs files, which the statement reads and tests use. They come
# before all others, and their pay is in the currency of the data set.
STANDARD = {
    "title": "job_title", "pay": "salary_in_usd", "low": "salary_min_in_usd",
    "high": "salary_max_in_usd", "year": "work_year", "level": "experience_level",
    "country": "company_location", "work_mode": "remote_ratio",
    "employment": "employment_type",
}  # fmt: skip
# Other headers, the ones that say most first.
_SYNONYMS = {
    "title": (
        "title jobtitle jobposition position occupation role jobname titel stelle "
        "stellenbezeichnung berufsbezeichnung jobtitel beruf primaryrole devtype "
        "currentjobtitleselect positiontitle jobrole",
    ),
    "pay": (
        # Base pay, where a file also has a total.
        "basesalary basepay basicsalary grundgehalt wagerateofpayfrom wagerateofpay "
        "convertedcompyearly salaryestimate",
        "salary pay annualsalary yearlysalary grosssalary annualpay wage wages "
        "monthlysalary hourlywage hourlyrate compensation compensationamount amount "
        "gehalt jahresgehalt bruttogehalt bruttojahresgehalt monatsgehalt lohn "
        "verdienst salaryusd salaryeur salarygbp avgsalary totalyearlycompensation",
    ),
    "low": (
        "minsalary salarymin salaryfrom salarylow salarylower minamount minpay paymin "
        "salaryminimum salaryminusd salaryminyear gehaltvon mingehalt salarymink "
        "salaryminlpa payfrom salaryrangefrom salaryrangemin lowerbound",
    ),
    "high": (
        "maxsalary salarymax salaryto salaryhigh salaryupper maxamount maxpay paymax "
        "salarymaximum salarymaxusd salarymaxyear gehaltbis maxgehalt salarymaxk "
        "salarymaxlpa payto salaryrangeto salaryrangemax upperbound",
    ),
    "year": (
        "year jahr salaryyear fiscalyear",
        "date datum timestamp zeitstempel dateposted postedat posteddate listedtime "
        "publicationdate publishedat decisiondate createdat",
    ),
    "level": (
        "level seniority senioritylevel experience experiencelevel joblevel stufe "
        "erfahrung formattedexperiencelevel karrierestufe",
    ),
    "country": ("country countrycode companycountry jobcountry land staat",),
    "location": ("location joblocation place city arbeitsort ort stadt standort",),
    "state": ("state usstate jobstate worksitestate statecode bundesstaat",),
    "work_mode": (
        "workmode workmodel workmodels remote remotework remoteoronsite "
        "isremote remoteallowed workarrangement arbeitsmodell",
    ),
    "employment": (
        "employment employmenttype employmentstatus jobtype contracttype contract "
        "fulltimeposition worktype anstellungsart beschäftigungsart formattedworktype",
    ),
    "period": (
        "period payperiod salaryperiod interval salaryinterval wageunitofpay "
        "salarytype paytype rateunit unitofpay zeitraum",
    ),
    "currency": (
        "currency salarycurrency currencycode compensationcurrency paycurrency währung",
    ),
    "unit": ("unit salaryunit einheit",),
}  # fmt: skip
# Questions as headers: the words that one has, and those that it does not have.
_QUESTIONS = {
    "title": (("jobtitle", "job title"), ()),
    "currency": (("currency", "währung"), ("other",)),
    "state": (("state",), ("status", "statement")),
    "country": (("country", "land"), ("citizenship", "birth")),
    "pay": (
        ("salary", "gehalt", "wage", "base pay"),
        ("additional", "bonus", "min", "max", "from", "to", "type", "period", "unit",
         "ago", "previous", "expected", "desired", "currency", "equity", "stock",
         "total", "range", "source", "other"),
    ),
    "year": (("timestamp", "date posted"), ()),
}  # fmt: skip
# The units at the end of a header.
_THOUSAND = 1_000
_UNIT_ENDS = {"k", "lpa", "lakh", "lakhs"}
# Codes of currencies that are words of headers.
_WORDS_LIKE_CODES = {"ALL", "TOP", "TRY"}
# The currency of pay under the standard header: that of the data set.
STANDARD_CURRENCY = "standard"
# The rank of headers that have the words of a question.
_QUESTION = 9
_WORD = re.compile(r"[^\W_]+")
# How many headers a message lists, and how much of each.
_LISTED, _SHOWN = 20, 60
_LONGEST = 1_000
# How many of the values of a column must be of a kind, to recognise it by them.
_SHARE = 0.5


class Columns(NamedTuple):
    """The columns of a file, and what their headers say.

    Attributes:
        headers: The number of each column that was found, by its name.
        period: The pay period that the header of the pay names, else None.
        currency: The currency that it names, else None.
        unit: The factor of its unit, such as 1,000, else None.
        is_standard: Whether the header of the pay is the standard one.
        is_country_standard: Whether that of the country is.
        is_ratio: Whether that of the work mode is.
        notes: What was not used, though it looks like a column.
    """

    headers: dict[str, int]
    period: str | None
    currency: str | None
    unit: int | None
    is_standard: bool
    is_country_standard: bool
    is_ratio: bool
    notes: list[str]


def header_key(header: str) -> str:
    """Return a header as it is compared."""
    text = re.sub(r"\([^()]*\)", " ", clean(header))
    return "".join(filter(str.isalnum, text))


def looks_like_records(headers: Sequence[str]) -> bool:
    """Return whether the first line of a file is a record rather than a header."""
    return any(
        "@" in each or each.isdigit() or len(each) > _LONGEST for each in headers
    )


@cache
def rank(column: str, header: str) -> int | None:
    """Return how well a header names a column: 0 is best; None if it does not."""
    key = header_key(header)
    if key == header_key(STANDARD.get(column, "")) != "":
        return 0
    for number, names in enumerate(_SYNONYMS[column], 1):
        if key in names.split():
            return number
    having, lacking = _QUESTIONS.get(column, ((), ()))
    plain = re.sub(r"\([^()]*\)", " ", clean(header))
    text = f" {' '.join(_WORD.findall(plain))} "
    if len(text.split()) > 1 and any(f" {word} " in text for word in having):
        return _QUESTION if not any(f" {word} " in text for word in lacking) else None
    return None


def matches(headers: Sequence[str], mapped: Collection[str] = ()) -> int:
    """Return how many columns the cells of a line name, 0 without a title and pay.

    Headers that `mapped` names count as well.
    """
    keys = set(map(header_key, mapped))
    named = {
        column
        for column in COLUMNS
        for each in headers
        if len(each) < _LONGEST and rank(column, each) is not None
    }
    given = sum(header_key(each) in keys for each in headers if each)
    needed = ("title" in named) + bool(named & {"pay", "low"}) + given
    return len(named) + given if needed > 1 else 0


def find_columns(
    name: str,
    headers: Sequence[str],
    mapped: Mapping[str, str],
    constants: Collection[str],
    values: Callable[[int], list[str]],
    distinct: Callable[[int], list[str]],
    titles: Titles,
    currencies: Collection[str],
) -> Columns:
    """Find the columns of a file.

    Args:
        name: The name of the file, for errors.
        headers: The headers of the file.
        mapped: The headers to use, by column.
        constants: The columns that need no header.
        values: Returns values of a column, by its number; none if it is empty.
        distinct: Returns the distinct values of a column, of which there are few.
        titles: Finds roles in titles.
        currencies: The ISO 4217 codes to recognise.

    Raises:
        UsageError: A column is missing, several headers name one, or they contradict
            one another.
    """
    found = {
        column: _mapped(name, headers, header) for column, header in mapped.items()
    }
    skipped = {*mapped, *constants}
    for group in (PLACES, ("pay", "low", "high")):
        if skipped & {*group}:
            skipped |= {*group}
    if {"low", "high"} & {*mapped} and "pay" not in mapped:
        # The header of the other end.
        skipped -= {"low", "high"} - {*mapped}
    notes: list[str] = []
    for column in COLUMNS:
        if column not in skipped:
            at = _choose(name, headers, column, {*found.values()}, values, notes)
            if at is not None:
                found[column] = at
    _find_by_values(headers, found, values, titles, currencies)
    _resolve_pay(name, headers, found, values, notes)
    _check_found(name, headers, found)
    if values(found["title"]):
        _drop_empty(found, mapped, values)
    for place in [each for each in PLACES if each in found][1:]:
        del found[place]
    if "currency" in found and "currency" not in mapped:
        _check_currency(name, headers, found, distinct, notes, currencies)
    return _described(headers, found, {*found, *constants}, notes, currencies)


def _check_currency(
    name: str,
    headers: Sequence[str],
    found: dict[str, int],
    distinct: Callable[[int], list[str]],
    notes: list[str],
    currencies: Collection[str],
) -> None:
    """Check that a column of currencies is that of the pay.

    In some files it is that of another one: beside `salary_in_usd`, that of `salary`.
    """
    pay, at = headers[found.get("pay", found.get("low", 0))], found["currency"]
    code = _currency_of(pay, currencies)
    if code is None:
        return
    if any(rank("pay", each) is not None for each in {*headers} - {pay}):
        notes.append(f"not used: {quoted(headers[at])}")
        del found["currency"]
        return
    codes = {find_currency(text, currencies) for text in distinct(at)} - {code, None}
    if codes:
        raise UsageError(
            f"{name}: {quoted(pay)} names {code}, and {quoted(headers[at])} has "
            f"{', '.join(sorted(each for each in codes if each))}. Say which it is: ",
            Argument("set", f"currency={code}"),
            " or ",
            Argument("map", assignment("currency", headers[at])),
            ".",
            argument="map",
        )


def _drop_empty(
    found: dict[str, int],
    mapped: Collection[str],
    values: Callable[[int], list[str]],
) -> None:
    """Drop the columns without values, which may as well not be there.

    Records need those of the title, the pay and the year.
    """
    for column in {*found} - {*mapped, "title", "pay", "low", "high", "year"}:
        if not values(found[column]):
            del found[column]


def _described(
    headers: Sequence[str],
    found: dict[str, int],
    given: Collection[str],
    notes: list[str],
    currencies: Collection[str],
) -> Columns:
    """Return the columns with what the header of the pay says."""
    column = "pay" if "pay" in found else "low"
    header = headers[found[column]]
    words = _WORD.findall(clean(header))
    end = words[-1] if words[-1:] and words[-1] in _UNIT_ENDS else ""
    currency = _currency_of(header, currencies)
    is_standard = rank(column, header) == 0

    def is_named(column: str) -> bool:
        return column in found and rank(column, headers[found[column]]) == 0

    return Columns(
        found,
        find_period(" ".join(words)),
        STANDARD_CURRENCY if is_standard and "currency" not in given else currency,
        UNITS[end] if end else None,
        is_standard,
        is_named("country"),
        is_named("work_mode"),
        notes,
    )


def _currency_of(header: str, currencies: Collection[str]) -> str | None:
    """Return the currency that the header of pay names."""
    words, key = _WORD.findall(clean(header)), header_key(header)
    if words and words[-1] in _UNIT_ENDS and UNITS[words[-1]] > _THOUSAND:
        return "INR"
    codes = {word.upper() for word in words} - _WORDS_LIKE_CODES
    codes &= {*currencies}
    codes |= {each for each in CURRENCY_CODES if key.endswith(each.lower())}
    codes |= {code for sign, code in SIGNS.items() if sign in header}
    if key == "convertedcompyearly":
        codes = {"USD"}
    return codes.pop() if len(codes) == 1 else None


def assignment(column: str, header: str) -> str:
    """Return COLUMN=HEADER as a shell reads it."""
    if re.fullmatch(r"[\w.-]+", header):
        return f"{column}={header}"
    if header.isprintable() and not {*header} & {*'"$`\\!'}:
        return f'{column}="{header}"'
    return shlex.quote(f"{column}={header}")


def _mapped(name: str, headers: Sequence[str], header: str) -> int:
    """Return the number of a header that the user names."""
    if header in headers:
        return headers.index(header)
    keys = [header_key(each) for each in headers]
    if header_key(header) in keys:
        return keys.index(header_key(header))
    raise UsageError(
        f"{name} has no header {quoted(header)}. {_listed(headers)}",
        argument="map",
    )


def _listed(headers: Sequence[str]) -> str:
    shown = [shortened(each, _SHOWN) for each in headers[:_LISTED]]
    more = len(headers) - len(shown)
    rest = f" and {more:,} more" if more else ""
    return f"Its headers are: {', '.join(shown)}{rest}."


def _choose(
    name: str,
    headers: Sequence[str],
    column: str,
    taken: Collection[int],
    values: Callable[[int], list[str]],
    notes: list[str],
) -> int | None:
    """Return the number of the header that names a column best, None if none does."""
    ranks = {
        at: number
        for at, header in enumerate(headers)
        if at not in taken and (number := rank(column, header)) is not None
        if number < _QUESTION or not _is_other(column, header)
    }
    if len(ranks) > 1:
        # Columns without values are no candidates, unless all are empty.
        ranks = {at: number for at, number in ranks.items() if values(at)} or ranks
    best = [at for at, number in ranks.items() if number == min(ranks.values())]
    if len(best) > 1:
        raise _tie(name, column, [headers[at] for at in best])
    others = [headers[at] for at in ranks if at not in best]
    if others and column in {"title", "pay", "low", "high", "year"}:
        notes.append(
            f"{column} is {quoted(headers[best[0]])}, not "
            f"{', '.join(map(quoted, others))}"
        )
    return best[0] if best else None


def _is_other(column: str, header: str) -> bool:
    """Return whether a header is the name of another column."""
    ranks = [rank(each, header) for each in COLUMNS if each != column]
    return any(each is not None and each < _QUESTION for each in ranks)


def _tie(name: str, column: str, headers: Sequence[str]) -> UsageError:
    listed = " and ".join(map(quoted, headers))
    return UsageError(
        f"{name}: {listed} may each be the {column.replace('_', ' ')}. Name one: ",
        Argument("map", assignment(column, headers[0])),
        ".",
        argument="map",
    )


def _find_by_values(
    headers: Sequence[str],
    found: dict[str, int],
    values: Callable[[int], list[str]],
    titles: Titles,
    currencies: Collection[str],
) -> None:
    """Find a title or pay that no header names, if only one column has such values."""

    def is_title(text: str) -> bool:
        return titles.find(text)[0] is not None

    def is_pay(text: str) -> bool:
        pay = parse_pay(text, currencies)
        # A plain number may be anything.
        return pay.low is not None and bool(pay.currency or pay.has_unit)

    wanted = {"title": is_title} if "title" not in found else {}
    if not {"pay", "low"} & {*found}:
        wanted["pay"] = is_pay
    for column, is_kind in wanted.items():
        fitting = []
        for at in set(range(len(headers))) - {*found.values()}:
            known = [text for text in values(at) if not is_missing(text)]
            if known and sum(map(is_kind, known)) >= _SHARE * len(known):
                fitting.append(at)
        if len(fitting) == 1:
            found[column] = fitting[0]


def _resolve_pay(
    name: str,
    headers: Sequence[str],
    found: dict[str, int],
    values: Callable[[int], list[str]],
    notes: list[str],
) -> None:
    """Leave either the pay or both ends of a range."""
    ends = [found[each] for each in ("low", "high") if each in found]
    if "pay" not in found or not ends:
        return
    has_range = len(ends) == 2 and any(map(values, ends))  # noqa: PLR2004
    if has_range and values(found["pay"]):
        pay, low = headers[found["pay"]], headers[ends[0]]
        raise UsageError(
            f"{name} has single amounts, {quoted(pay)}, and ranges, {quoted(low)} to "
            f"{quoted(headers[ends[1]])}. Name one of them: ",
            Argument("map", assignment("pay", pay)),
            " or ",
            Argument("map", assignment("low", low)),
            ".",
            argument="map",
        )
    unused = ["pay"] if has_range else ["low", "high"]
    dropped = [headers[found.pop(each)] for each in unused if each in found]
    notes.append(f"not used: {', '.join(map(quoted, dropped))}")


def _check_found(name: str, headers: Sequence[str], found: Mapping[str, int]) -> None:
    missing = [] if "title" in found else ["title"]
    if {"low", "high"} & {*found}:
        missing += [each for each in ("low", "high") if each not in found]
    elif "pay" not in found:
        missing.append("pay")
    if missing:
        # The options are those of the command line, in any case.
        raise UsageError(
            f"{name}: no header names the {' and the '.join(missing)}. "
            f"{_listed(headers)} Name it: ",
            Argument("map", f"{missing[0]}=HEADER"),
            ".",
            argument="map",
        )
