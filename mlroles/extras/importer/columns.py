"""Which column of a file is which, by its header.

Headers are compared without case, punctuation and what is in parentheses.
"""

from __future__ import annotations

import re
import shlex
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from mlroles.dataset.load import display_name
from mlroles.errors import Argument, UsageError, quoted, shortened
from mlroles.extras.importer import values as read
from mlroles.extras.importer.values import WORDS, words_of
from mlroles.money import CURRENCY_CODES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

# The columns of records, by the names of --map and --set. `low` and `high` are the ends
# of a range, instead of `pay`; `state` and `location` are places, instead of `country`.
PLACES = ("country", "location", "state")
PAYS = ("pay", "low", "high")
CONSTANTS = (
    "year", "level", "country", "work_mode", "employment", "status", "period",
    "currency", "unit", "decimal",
)  # fmt: skip
COLUMNS = (
    "title", *PAYS, "year", "level", *PLACES, "work_mode", "employment", "fte",
    "hours", "status", "period", "currency", "unit",
)  # fmt: skip
# The headers of the aijobs files, which the statement reads and tests use. They come
# before all others, and their pay is in the currency of the data set.
STANDARD = {
    "title": "job_title", "pay": "salary_in_usd", "low": "salary_min_in_usd",
    "high": "salary_max_in_usd", "year": "work_year", "level": "experience_level",
    "country": "company_location", "work_mode": "remote_ratio",
    "employment": "employment_type",
}  # fmt: skip
# The currency of pay under the standard header: that of the data set.
STANDARD_CURRENCY = "standard"
# Columns that change figures: if several headers name one, a note says which was used.
_NOTED = {"title", *PAYS, "year"}
# A share of records above which a currency that is missing or contradicts is an error.
STRAY = 0.05
# The words of headers whose amounts are of a year, whatever the period of the pay is.
_YEARLY = {"annualized", "annualised", "normalized", "normalised"}
# The ranks of starts, whose years are those of offers but not of the pay of employees,
# and of headers that have the words of a question; and what is added to the rank of a
# value inside another one.
_STARTS, _QUESTION, _INSIDE = 3, 9, 4
# Those of the statuses of employees.
_OF_EMPLOYEES = {2, 3, 2 + _INSIDE, 3 + _INSIDE}
# Names in JSON, such as location.country, and in R, such as Job.Title.
_DOTTED = re.compile(r"\w+(\.\w+)+")
# Names that say nothing about amounts without what is before them.
_VAGUE = re.compile("amount|bound|value")
# Words of amounts that are those of ranges next to them.
_DERIVED = {"avg", "average", "mid", "midpoint", *_YEARLY}
# Part of an address, but not of a name in JSON such as @type.
_EMAIL = re.compile(r"\w@")
# Parts of headers of pay, also of pay that is not gross base pay of the job.
_PAY = re.compile("salary|gehalt|wage|compensation", re.IGNORECASE)
# The headers of pay in thousands, such as Salary ($000) and Salaire (k€).
_THOUSANDS = re.compile(r"(?<![\d.,])000s?\b|(?i:\bk([€£$]|eur\b)|[€£$]k\b)")
# Headers whose files have pay in US dollars, which nothing else in them says.
_IN_DOLLARS = {"convertedcompyearly"}
# How many headers a message lists, and how much of each.
_LISTED, _SHOWN, _LONGEST = 20, 60, 1_000


class Columns(NamedTuple):
    """The columns of a file, and what their headers say.

    Attributes:
        headers: The headers of the file.
        found: The number of each column that was found, by its name.
        place: The kind of its places: country, location or state; None without any.
            Locations are with their state, if that is a column of its own.
        implied: The period, currency and unit that the header of the pay names.
        stated: The currency that values of a column of currencies must not contradict.
        person: The number of the column that identifies people, None without one.
        has_ids: Whether a column identifies people, postings or other records.
        periods: The headers of pay where the first one has none, and their periods.
        standard: The columns that have their standard headers.
        notes: What was not used, though it looks like a column.
    """

    headers: Sequence[str]
    found: dict[str, int]
    place: str | None
    implied: dict[str, str]
    stated: str | None
    person: int | None
    has_ids: bool
    periods: dict[int, str]
    standard: frozenset[str]
    notes: list[str]


def header_key(header: str) -> str:
    """Return a header as it is compared."""
    return read.key_of(read.without_parentheses(header))


_RANKS = {
    (column, header_key(header)): rank
    for column, ranked in WORDS["headers"].items()
    for rank, headers in enumerate(ranked, 1)
    for header in headers
} | {(column, header_key(header)): 0 for column, header in STANDARD.items()}


def _id_key(header: str) -> str:
    """Return a header as those of ids are compared: `Employee #` is a number."""
    return header_key(header.replace("#", " number"))


_PEOPLE = {*map(_id_key, WORDS["ids"]["person"])}
_IDS = _PEOPLE.union(map(_id_key, WORDS["ids"]["record"]))
_ID_ENDS = {*WORDS["ids"]["ends"]}


def looks_like_records(headers: Sequence[str]) -> bool:
    """Return whether the first line of a file is a record rather than a header."""
    return any(
        _EMAIL.search(each) or each.isdigit() or len(each) > _LONGEST
        for each in headers
    )


@cache
def rank(column: str, header: str) -> int | None:
    """Return how well a header names a column: 0 is best; None if it does not."""
    if column in PAYS and not read.is_base(header):
        return None
    found = _RANKS.get((column, header_key(header)))
    having, lacking = WORDS["questions"].get(column, ((), ()))
    if found is None and _DOTTED.fullmatch(header):
        outer, _, inside = header.partition(".")
        if {*words_of(outer)} & {*lacking}:
            return None
        if "." in inside or column not in PAYS or not _VAGUE.search(inside):
            found = rank(column, inside)
            return None if found is None else found + _INSIDE
    if found is not None:
        return found
    words = words_of(read.without_parentheses(header))
    text = f" {' '.join(words)} "
    has, lacks = (any(f" {word} " in text for word in of) for of in (having, lacking))
    return _QUESTION if len(words) > 1 and has and not lacks else None


def matches(headers: Iterable[str], mapped: Mapping[str, str]) -> int:
    """Return how many columns the cells of a line name, 0 without a title and pay."""
    shorts = [each for each in headers if len(each) < _LONGEST]
    keys = {header_key(each) for each in shorts}
    named = {c for c in COLUMNS if any(rank(c, each) is not None for each in shorts)}
    named |= {column for column, header in mapped.items() if header_key(header) in keys}
    return len(named) if "title" in named and named & {"pay", "low"} else 0


def check_mapped(
    headers: Mapping[str, Sequence[str]], mapped: Mapping[str, str]
) -> None:
    """Check that headers that the user names are those of a file.

    Args:
        headers: The headers of files by their names.
        mapped: The headers that the user names, by column.

    Raises:
        UsageError: No file has one of them.
    """
    found = {column for each in headers.values() for column in _numbers(mapped, each)}
    if lacking := [mapped[column] for column in mapped if column not in found]:
        (name, first), *others = headers.items()
        problem = f"has no header {' and no header '.join(map(quoted, lacking))}"
        of_all = ", and no other file," if others else ""
        message = f"{display_name(name)}{of_all} {problem}. {_listed(first)}"
        raise UsageError(message, argument="map")


def _numbers(mapped: Mapping[str, str], headers: Sequence[str]) -> dict[str, int]:
    """Return the numbers of headers by column, preferably of those written the same."""
    found: dict[str, int] = {}
    for key in (header_key, str):
        keys = [key(each) for each in headers]
        named = {column: key(header) for column, header in mapped.items()}
        found |= {column: keys.index(n) for column, n in named.items() if n in keys}
    return found


def _listed(headers: Sequence[str]) -> str:
    shown = [shortened(each, _SHOWN) for each in headers[:_LISTED]]
    more = len(headers) - len(shown)
    rest = f" and {more:,} more" if more else ""
    return f"Its headers are: {', '.join(shown)}{rest}."


class Finder:
    """Finds the columns of a file.

    Args:
        name: The name of the file, for errors.
        headers: The headers of the file.
        values: Returns values of a column, by its number; none if it is empty.
        above: The currency that a line above the header names.
    """

    def __init__(
        self,
        name: str,
        headers: Sequence[str],
        values: Callable[[int], list[str]],
        above: str | None,
    ) -> None:
        self._name = name
        self._headers = headers
        self._values = values
        self._above = above
        self._periods: dict[int, str] = {}
        self._found: dict[str, int] = {}
        self._notes: list[str] = []

    def find(self, mapped: Mapping[str, str], constants: Mapping[str, str]) -> Columns:
        """Return the columns, for headers that are named and values of all records.

        Raises:
            UsageError: A column is missing, several headers name one, or they
                contradict one another.
        """
        found = self._found
        # A file may lack headers that another one has.
        found |= _numbers(mapped, self._headers)
        mapped = {column: mapped[column] for column in found}
        given = {*mapped, *constants}
        skipped = given | {c for of in (PLACES, PAYS) if given & {*of} for c in of}
        if {"low", "high"} & {*mapped} and "pay" not in mapped:
            # The header of the other end.
            skipped -= {"low", "high"} - {*mapped}
        for column in COLUMNS:
            if column not in skipped:
                self._choose(column)
        self._resolve_pay()
        self._check_found()
        self._leave_out(mapped)
        places = [each for each in PLACES if each in {*found, *constants}]
        stated = None
        if "currency" not in mapped:
            if currency := constants.get("currency"):
                self._check_given(currency)
            else:
                stated = self._stated_currency()
        implied = self._implied()
        if self._above and implied.get("currency") == self._above:
            where = "by a line above the header"
            self._notes.append(f"pay is in {self._above}, {where}")
        if "currency" in {*found, *constants}:
            implied.pop("currency", None)
        ids = [
            at
            for at, header in enumerate(self._headers)
            if _id_key(header) in _IDS or {*words_of(header)[-1:]} & _ID_ENDS
        ]
        return Columns(
            self._headers,
            found,
            places[0] if places else None,
            implied,
            stated,
            next((at for at in ids if _id_key(self._headers[at]) in _PEOPLE), None),
            bool(ids),
            self._periods,
            frozenset(c for c, at in found.items() if rank(c, self._headers[at]) == 0),
            self._notes,
        )

    def _quoted(self, *columns: str) -> str:
        return ", ".join(quoted(self._headers[self._found[each]]) for each in columns)

    def _leave(self, *columns: str) -> None:
        """Omit columns, and note it."""
        self._notes.append(f"not used: {self._quoted(*columns)}")
        for each in columns:
            del self._found[each]

    def _choose(self, column: str) -> None:
        """Find the header that names a column best, if one does."""
        ranks = {
            at: number
            for at, header in enumerate(self._headers)
            if at not in self._found.values()
            and (number := rank(column, header)) is not None
            and (number < _QUESTION or not _is_other(column, header))
            and not (column == "employment" and self._is_status(at))
        }
        if len(ranks) > 1:
            # Columns without values are no candidates, unless all are empty.
            ranks = {
                at: each for at, each in ranks.items() if self._values(at)
            } or ranks
        if not ranks:
            return
        best = [at for at, number in ranks.items() if number == min(ranks.values())]
        if column == "pay":
            best = self._of_a_year(best)
        if column == "status":
            # One that says more than that all records count.
            best = sorted(best, key=lambda at: self._statuses(at) <= {None, "current"})
            best = best[:1]
        if len(best) > 1:
            listed = " and ".join(quoted(self._headers[at]) for at in best)
            problem = f"{listed} may each be the {column.replace('_', ' ')}. Name one"
            way = ("map", column, self._headers[best[0]])
            raise to_be_said(self._name, problem, way)
        self._found[column] = best[0]
        others = ", ".join(quoted(self._headers[at]) for at in ranks if at not in best)
        if others and column in _NOTED:
            self._notes.append(f"{column} is {self._quoted(column)}, not {others}")

    def _statuses(self, at: int) -> set[str | None]:
        """Return what the values of a column say if it is one of statuses."""
        header = self._headers[at]
        return {read.find_status(each, header) for each in self._values(at)}

    def _is_status(self, at: int) -> bool:
        """Return whether a column is of statuses, rather than of employment types."""
        if rank("status", self._headers[at]) is None:
            return False
        types = {*map(read.find_employment, self._values(at))}
        return types.isdisjoint(WORDS["employments"]) and self._statuses(at) != {None}

    def _of_a_year(self, pays: list[int]) -> list[int]:
        """Return the one of some headers of pay that is of a year, if one is.

        The others are used where that one has no amount.
        """
        periods = {at: _period_of(self._headers[at]) for at in pays}
        yearly = [at for at, period in periods.items() if period == "year"]
        others = {
            at: of for at, of in periods.items() if of in read.PERIODS and of != "year"
        }
        if len(yearly) != 1 or len(others) != len(pays) - 1 or not others:
            return pays
        self._periods = others
        listed = ", ".join(quoted(self._headers[at]) for at in others)
        self._notes.append(
            f"where {quoted(self._headers[yearly[0]])} is missing: {listed}"
        )
        return yearly

    def _resolve_pay(self) -> None:
        """Leave either the pay or both ends of a range."""
        found = self._found
        ends = [each for each in ("low", "high") if each in found]
        if ends == ["low"] and "pay" not in found:
            found["pay"] = found.pop("low")
            self._notes.append(f"pay is the low end, {self._quoted('pay')}")
        if "pay" not in found or not ends or ends[0] not in found:
            return
        has_range = len(ends) > 1 and any(self._values(found[each]) for each in ends)
        header = self._pay_header()
        is_other = rank("pay", header) == _QUESTION or _DERIVED & {*words_of(header)}
        if has_range and not is_other and self._values(found["pay"]):
            raise to_be_said(
                self._name,
                f"there are single amounts, {self._quoted('pay')}, and ranges, "
                f"{self._quoted('low')} to {self._quoted('high')}. Name one of them",
                *(("map", each, self._headers[found[each]]) for each in ("pay", "low")),
            )
        self._leave(*(["pay"] if has_range else ends))

    def _check_found(self) -> None:
        needed = ("title", "low") if "high" in self._found else ("title", "pay")
        missing = [each for each in needed if each not in self._found]
        if missing:
            what = f"the {' and the '.join(missing)}"
            name = "them" if missing[1:] else "it"
            ways = [("map", each, "HEADER") for each in missing]
            if missing == ["pay"] and (other := self._other_pay()):
                what, name = "gross base pay", f"it, or use {quoted(other)}"
                ways = [("map", "pay", other)]
            problem = f"no header names {what}. {_listed(self._headers)} Name {name}"
            raise to_be_said(self._name, problem, *ways, joint=" ")

    def _other_pay(self) -> str | None:
        """Return a header of pay that may not be gross base pay of the job."""
        for header in self._headers:
            is_pay = _PAY.search(header) or "pay" in words_of(header)
            if is_pay and not any(rank(each, header) is not None for each in COLUMNS):
                return header
        return None

    def _leave_out(self, mapped: Mapping[str, str]) -> None:
        """Leave out columns that are empty, or of something else than the pay."""
        if self._values(self._found["title"]):
            for column in {*self._found} - {*mapped, *_NOTED}:
                values = self._values(self._found[column])
                if not values or (
                    column == "level" and not any(map(read.find_level, values))
                ):
                    del self._found[column]
        found = {c: at for c, at in self._found.items() if c not in mapped}
        at = self._found.get("status")
        of = None if at is None else rank("status", self._headers[at])
        if "year" in found and (at is None or of in _OF_EMPLOYEES):
            header = self._headers[found["year"]]
            if rank("year", header) in {_STARTS, _STARTS + _INSIDE}:
                del self._found["year"]
        self._resolve_period(found)

    def _resolve_period(self, found: dict[str, int]) -> None:
        """Leave out periods that are not those of the pay, nor named by the user."""
        at = found.get("period", 0)
        is_flag = all(read.clean(each) in read.FLAGS for each in self._values(at))
        if "period" in found and _period_of(self._headers[at]) and not is_flag:
            # An amount, rather than a flag, as in `hourly`.
            del self._found["period"], found["period"]
        units = self._values(found["unit"]) if "unit" in found else []
        if units and "period" not in self._found and all(map(read.find_period, units)):
            # Of time, as in "unit": "YEAR".
            self._found["period"] = self._found.pop("unit")
        is_yearly = self._periods or _period_of(self._pay_header()) == "year"
        if "period" in found and is_yearly:
            self._leave("period")

    def _check_given(self, given: str) -> None:
        """Check that neither headers nor values contradict the currency of --set."""
        pay, currency = self._pay_header(), read.find_currency(given)
        if currency is None or _is_standard(pay):
            return
        own = _currency_of(pay)
        if stated := own or self._above:
            if not read.is_same_currency(stated, currency):
                where = quoted(pay) if own else "a line above the header"
                raise contradicts(self._name, f"{where} names {stated}", currency)
            return
        for at, header in enumerate(self._headers):
            has = rank("currency", header) is not None and self._others(at, currency)
            if has:
                raise contradicts(self._name, has, currency)

    def _stated_currency(self) -> str | None:
        """Return the currency that values of a column of currencies must be.

        It is that of the header of the pay. In some files such a column is that of
        another column, of `salary` rather than `salary_in_usd`, and is omitted.
        """
        pay, at = self._pay_header(), self._found.get("currency")
        own = _currency_of(pay)
        if own is None or at is None:
            return None
        if any(rank("pay", each) is not None for each in {*self._headers} - {pay}):
            self._leave("currency")
            return None
        if has := self._others(at, own):
            problem = f"{quoted(pay)} names {own}, and {has}. Say which it is"
            ways = ("set", "currency", own), ("map", "currency", self._headers[at])
            raise to_be_said(self._name, problem, *ways)
        return own

    def _others(self, at: int, currency: str) -> str | None:
        """Return which other currencies a column has; None if few values are such."""
        texts = self._values(at)
        codes = map(read.find_currency, texts)
        others = [c for c in codes if c and not read.is_same_currency(c, currency)]
        if len(others) <= STRAY * len(texts):
            return None
        return f"{quoted(self._headers[at])} has {', '.join(sorted({*others}))}"

    def _pay_header(self) -> str:
        return self._headers[self._found.get("pay", self._found.get("low", 0))]

    def _implied(self) -> dict[str, str]:
        """Return the period, the currency and the unit that the pay's header names."""
        header = self._pay_header()
        unit = read.UNITS.get("".join(words_of(header)[-1:]), 1)
        if _THOUSANDS.search(header):
            unit = 1_000
        currency = _currency_of(header) or self._above
        implied = {
            "period": _period_of(header),
            "currency": STANDARD_CURRENCY if _is_standard(header) else currency,
            "unit": str(unit) if unit > 1 else None,
        }
        return {column: value for column, value in implied.items() if value}


def _is_standard(header: str) -> bool:
    """Return whether a header is the standard one of pay."""
    return 0 in {rank("pay", header), rank("low", header)}


def _period_of(header: str) -> str | None:
    """Return the pay period that a header names, or the header if it is not known."""
    return read.find_period_of_header(header)


def _currency_of(header: str) -> str | None:
    """Return the currency that the header of pay names."""
    key = header_key(header)
    codes = read.find_currencies(header)
    codes |= {each for each in CURRENCY_CODES if key.endswith(each.lower())}
    codes |= {"USD"} if key in _IN_DOLLARS else set()
    return codes.pop() if len(codes) == 1 else None


def _is_other(column: str, header: str) -> bool:
    """Return whether a header is the name of another column."""
    key = header_key(header)
    return any((each, key) in _RANKS for each in COLUMNS if each != column)


def contradicts(name: str, problem: str, given: str) -> UsageError:
    """Return the error for a currency of --set that is not that of a file."""
    parts = (" Remove ", Argument("set", f"currency={given}"), ".")
    return UsageError(f"{name}: {problem}, not {given}.", *parts, argument="set")


def to_be_said(
    name: str,
    problem: str,
    *ways: tuple[str, str, str],
    joint: str = " or ",
) -> UsageError:
    """Return the error for something that options of a file must say.

    Args:
        name: The name of the file.
        problem: What it is, without a colon at its end.
        ways: Options that say it: `map` with a column and a header, or `set` with a
            column and a value. The error is about the last one.
        joint: What is between the options: one of them is needed, or all.
    """
    options = (Argument(option, _assignment(*pair)) for option, *pair in ways)
    parts = [part for each in options for part in (joint, each)]
    return UsageError(f"{name}: {problem}: ", *parts[1:], ".", argument=ways[-1][0])


def _assignment(column: str, header: str) -> str:
    """Return COLUMN=HEADER as a shell reads it."""
    if re.fullmatch(r"[\w.-]+", header):
        return f"{column}={header}"
    if header.isprintable() and not {*header} & {*'"$`\\!'}:
        return f'{column}="{header}"'
    return shlex.quote(f"{column}={header}")
