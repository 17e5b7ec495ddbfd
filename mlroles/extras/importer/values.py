"""What the values of pay records mean, as people and programs write them.

Each function takes one text. Importing calls it once for each distinct text of a file,
and never guesses: what it does not understand is None, and is counted. The words are in
words.toml.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.dataset.dimensions import EXPERIENCE_NAMES
from mlroles.matching import name_key
from mlroles.money import SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

WORDS: Mapping[str, Any] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)
# The number of each pay period in a year: 12 months, 52 weeks of 5 days of 8 hours.
PERIODS = {
    "year": 1,
    "month": 12,
    "two weeks": 26,
    "week": 52,
    "day": 260,
    "hour": 2080,
}


def clean(text: str) -> str:
    """Return a text in lower case, with plain spaces, without those at its ends."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def key_of(text: str) -> str:
    """Return the letters and digits of a text, without case."""
    return "".join(filter(str.isalnum, clean(text)))


def _inverted(
    words: Mapping[str, Iterable[str]], key: Callable[[str], str] = name_key
) -> dict[str, str]:
    return {key(name): value for value, names in words.items() for name in names}


UNITS = {k: int(factor) for k, factor in _inverted(WORDS["units"]).items()}
# Units that are of a year, too, as in 12 LPA.
_YEARLY_UNITS = {"lpa", "cpa"}
# Units that only amounts of rupees have.
RUPEES = {100_000, 10_000_000}
_PERIODS = _inverted(WORDS["periods"])
_CURRENCIES = _inverted(WORDS["currencies"], clean) | {
    sign.lower(): code for sign, code in SIGNS.items()
}
_LEVELS = EXPERIENCE_NAMES | _inverted(WORDS["levels"])
_LEVEL_CODES = {"en", "mi", "se", "ex"}
_NUMERALS = _inverted(WORDS["numerals"])
_MODES = _inverted(WORDS["work_modes"])
_EMPLOYMENTS = _inverted(WORDS["employments"])
_MISSING, _FILLERS, _RANGES, _OTHER_WORK, _DATES = (
    frozenset(WORDS["words"][name])
    for name in ("missing", "fillers", "ranges", "other_work", "dates")
)
# If a title has words of several levels, the first of these counts, as for the director
# of a senior team, but an intern of a lead team is an intern.
_LEVEL_ORDER = ("executive", "senior", "mid", "entry")
# Names shorter than this, such as `de`, are words of other languages as well: they
# count only if only the level is next to them.
_MIN_NAME = 4
_MOST_WORDS = 40
# More is no pay, in cents; it would not fit the numbers of DuckDB.
_MAX_CENTS = 10**15
_FIRST_DAY = datetime(1899, 12, 30, tzinfo=UTC)
# Excel's day numbers and epoch seconds from 2000 to 2099.
_DAYS = (36_526, 73_050)
_SECONDS = (946_684_800, 4_102_444_800)
_YEARS = (1900, 2200)

_SIGNS = sorted((each for each in _CURRENCIES if not each.isalpha()), key=len)
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d(?:[.,'’_\s]?\d)*)"
    rf"|(?P<word>(?:{'|'.join(map(re.escape, reversed(_SIGNS)))})(?![a-z])"
    r"|p\.a\.?|p/a|[^\W\d_]+|\S))"
)
_NUMBERS: dict[str, dict[int, Any]] = {
    # Thousands are separated by commas, spaces or the like, or lakhs by commas.
    r"\d{1,3}(?P<mark>[,'’_\s])\d{3}(?:(?P=mark)\d{3})*(?:\.\d{1,2})?"
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?": str.maketrans("", "", ",'’_ "),
    # Thousands are separated by points or spaces, and cents by a comma.
    r"\d{1,3}(?:(?:\.\d{3})+,\d{1,2}|(?:\.\d{3}){2,}|(?:\s\d{3})+,\d{1,2})": (
        str.maketrans(",", ".", ". ")
    ),
    r"(?:0|[1-9]\d{0,11})(?:\.\d+|,\d{1,2})?": str.maketrans(",", "."),
}
_AMBIGUOUS = re.compile(r"\d{1,3}\.\d{3}")
# The kinds of words of amounts: an n is a number, a u its unit, an r between two, and
# an x is not understood.
_AMOUNT_WORDS = (
    dict.fromkeys(_FILLERS, ("", ""))
    | dict.fromkeys(_RANGES, ("r", ""))
    | {word: ("period", period) for word, period in _PERIODS.items()}
    | {word: ("currency", code) for word, code in _CURRENCIES.items()}
)
_AMOUNT = re.compile(r"nu?(?:rnu?)?")
_YEAR = re.compile(r"(?<!\d)(19\d\d|2[01]\d\d|2200)(?!\d)")
_SHORT_DATE = re.compile(r"[0-3]?\d\.[01]?\d\.(\d\d)")
_LETTERS = re.compile(r"[^\W\d_]+")
_PARENTHESES = re.compile(r"\([^()]*\)")


class Pay(NamedTuple):
    """An amount, or a range, in cents; None if it is not stated or not understood."""

    low: int | None = None
    high: int | None = None
    currency: str | None = None
    period: str | None = None
    has_unit: bool = False
    is_range: bool = False
    is_missing: bool = False
    is_ambiguous: bool = False


def without_parentheses(text: str) -> str:
    """Return a text without what is in parentheses."""
    return _PARENTHESES.sub(" ", text)


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, without numbers."""
    return _LETTERS.findall(clean(text))


def is_missing(text: str) -> bool:
    """Return whether a text says that a value is not known."""
    return not text or clean(text).replace("_", " ") in _MISSING


def _number(text: str, *, has_unit: bool) -> Decimal | None:
    """Parse a number; None if it is not one, or may mean two."""
    if _AMBIGUOUS.fullmatch(text) and not has_unit:
        return None
    for pattern, table in _NUMBERS.items():
        if re.fullmatch(pattern, text):
            plain = text.translate(table)
            return None if re.match(r"0\d", plain) else Decimal(plain)
    return None


def parse_pay(text: str, currencies: Collection[str]) -> Pay:
    """Parse an amount or a range of pay, with its currency, unit and period.

    Args:
        text: Such as `$53K-$91K (Glassdoor est.)`, `12-18 LPA` or `65.000,00 €`.
        currencies: The ISO 4217 codes to recognise.
    """
    if is_missing(text) or not text.strip("0. "):
        return Pay(is_missing=True)
    shape, numbers, units = "", list[str](), list[str]()
    found: dict[str, set[str]] = {"currency": set(), "period": set()}
    for number, word in _TOKEN.findall(without_parentheses(clean(text))):
        kind, value = _AMOUNT_WORDS.get(word, ("x", ""))
        if number:
            kind = "n"
            numbers.append(number)
            units.append("")
        elif word in UNITS and shape.endswith("n"):
            kind, units[-1] = "u", word
        elif kind == "x" and word.upper() in currencies:
            kind, value = "currency", word.upper()
        if kind in found:
            found[kind].add(value)
        elif kind:
            shape += kind
    if not _AMOUNT.fullmatch(shape) or max(map(len, found.values())) > 1:
        return Pay()
    if _YEARLY_UNITS & {*units}:
        found["period"].add("year")
    return _pay_of(numbers, units, found)


def _pay_of(numbers: list[str], units: list[str], found: dict[str, set[str]]) -> Pay:
    """Return the pay of one or two numbers with their units."""
    values = [
        _number(each, has_unit=bool(unit))
        for each, unit in zip(numbers, units, strict=True)
    ]
    if len(values) > 1 and units[1] and not units[0]:
        first = _number(numbers[0], has_unit=True)
        # The unit is that of both ends in 150-170k, but not in 60000-70k.
        if first is not None and values[1] is not None and first < values[1]:
            values[0], units[0] = first, units[1]
    factors = [UNITS.get(unit, 1) for unit in units]
    cents = [
        int((100 * factor * value).to_integral_value("ROUND_HALF_UP"))
        for value, factor in zip(values, factors, strict=True)
        if value is not None
    ]
    if len(cents) < len(values):
        return Pay(is_ambiguous=any(map(_AMBIGUOUS.fullmatch, numbers)))
    if max(cents) > _MAX_CENTS or len(found["period"]) > 1:
        return Pay()
    return Pay(
        cents[0],
        cents[-1],
        next(iter(found["currency"]), "INR" if RUPEES & {*factors} else None),
        next(iter(found["period"]), None),
        has_unit=any(units),
        is_range=len(cents) > 1,
    )


def find_period(text: str) -> str | None:
    """Return the pay period that a text names: Yearly, per hour, Bi-Weekly, €/Monat."""
    if key_of(text) in _PERIODS:
        return _PERIODS[key_of(text)]
    words = re.findall(r"\w+", clean(text).replace("bi-", "bi"))
    names = (*words, *map("".join, pairwise(words)))
    found = {_PERIODS[name] for name in names if name in _PERIODS}
    return found.pop() if len(found) == 1 else None


def find_unit(text: str) -> int | None:
    """Return the factor of a unit: thousands, lakhs, crores; 1 for an empty text."""
    key = clean(text).rstrip(".")
    if key.isdecimal():
        return int(key) if int(key) in UNITS.values() else None
    return UNITS.get(key, None if key else 1)


def find_currency(text: str, currencies: Collection[str]) -> str | None:
    """Return the ISO 4217 code of a currency by its code, sign or English name."""
    key = clean(text)
    code = _CURRENCIES.get(key, key.upper())
    if code in currencies:
        return code
    found = {word for word in re.findall(r"\b[A-Z]{3}\b", text) if word in currencies}
    return found.pop() if len(found) == 1 else None


def find_year(text: str) -> int | None:
    """Return the year of a date, a time stamp, Excel's day number or an epoch."""
    key = clean(text)
    try:
        number = float(key)
    except ValueError:
        return _year_of_date(key)
    if _YEARS[0] <= number <= _YEARS[1]:
        return int(number) if number.is_integer() else None
    if _DAYS[0] <= number < _DAYS[1]:
        return (_FIRST_DAY + timedelta(days=number)).year
    for unit in (1, 1_000):
        if _SECONDS[0] * unit <= number < _SECONDS[1] * unit:
            return datetime.fromtimestamp(number / unit, UTC).year
    return None


def _year_of_date(key: str) -> int | None:
    """Return the year of a date, in which only one number can be a year."""
    if not _DATES.issuperset(_LETTERS.findall(key)):
        return None
    if short := _SHORT_DATE.fullmatch(key.partition(" ")[0]):
        return 2000 + int(short[1])
    years = set(_YEAR.findall(key))
    return int(years.pop()) if len(years) == 1 else None


def find_level(text: str) -> str | None:
    """Return the experience level of a value of a column of levels."""
    # Senior-level / Expert and Mid-level / Intermediate name one level twice.
    parts = {_LEVELS.get(name_key(each).rstrip(".")) for each in text.split("/")}
    return parts.pop() if len(parts) == 1 else None


def find_mode(text: str) -> str | None:
    """Return the work mode that a value names."""
    key = re.sub(r"[.]0+(?=%?$)", "", name_key(clean(text)))
    if key in _MODES:
        return _MODES[key]
    words = set(words_of(text))
    if "hybrid" in words:
        return "hybrid"
    if words & {"not", "no", "non", "some", "partly", "partially", "or"}:
        return None
    found = {_MODES[name] for name in ("remote", "onsite", "office") if name in key}
    return found.pop() if len(found) == 1 else None


def find_employment(text: str) -> str:
    """Return the code of an employment type, or the text itself in upper case."""
    return _EMPLOYMENTS.get(name_key(text), text.strip().upper())


class Titles:
    """Job titles as employers write them.

    Args:
        roles: The ids of roles by the keys of their names (see `matching.name_key`).
        others: The ids of roles by the keys of further titles.
        is_exact: Whether a title must be one of those, and have nothing else.
    """

    def __init__(
        self,
        roles: Mapping[str, str],
        others: Mapping[str, str] | None = None,
        *,
        is_exact: bool = False,
    ) -> None:
        self._roles = roles
        self._whole = {**roles, **(others or {})}
        self._is_exact = is_exact
        self._longest = max(map(len, roles))

    def find(self, title: str) -> tuple[str | None, str | None]:
        """Return the role and the level of a title, None if it has none.

        The role is the longest name of one in the title, in whole words; of two of the
        same length, the first one. Names of up to three letters count only on their
        own or with words of a level.
        """
        role = self._whole.get(name_key(title))
        if self._is_exact:
            return role, None
        words = re.findall(r"[^\W_]+", clean(title))[:_MOST_WORDS]
        if role is None and not _OTHER_WORK & set(words):
            role = self._inside(words)
        return role, _title_level(words)

    def _inside(self, words: list[str]) -> str | None:
        best, found = _MIN_NAME - 1, None
        for start in range(len(words)):
            key = ""
            for word in words[start:]:
                key += word
                if len(key) > self._longest + 1:
                    break
                role = self._roles.get(key) or self._roles.get(key.removesuffix("s"))
                if role and len(key) > best:
                    best, found = len(key), role
        rest = [w for w in words if w not in _LEVELS and w not in _NUMERALS]
        return found or self._roles.get("".join(rest))


def _title_level(words: list[str]) -> str | None:
    # The codes of levels are words of other kinds in a title.
    names = {word for word in words if word in _LEVELS and word not in _LEVEL_CODES}
    if not names:
        # Single letters and digits count at the end only.
        ends = [each for each in words if each in {"ii", "iii", "iv"}] or words[-1:]
        return next((_NUMERALS[each] for each in ends if each in _NUMERALS), None)
    if names & {"intern", "internship"}:
        return "entry"
    return min((_LEVELS[name] for name in names), key=_LEVEL_ORDER.index)
