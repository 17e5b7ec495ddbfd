"""What the values of pay records mean, as people and programs write them.

Each function takes one text. Importing calls it once for each distinct text of a file,
and never guesses: what it does not understand is None, and is counted. The words are in
words.toml.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from calendar import day_abbr, day_name, month_abbr, month_name
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from mlroles.dataset.bundled import read_text
from mlroles.dataset.dimensions import EXPERIENCE_NAMES
from mlroles.extras.importer import import_extra
from mlroles.matching import name_key
from mlroles.money import SIGNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

WORDS: Mapping[str, Any] = tomllib.loads(read_text("extras/importer/words.toml"))
# The number of each pay period in a year: 12 months, 52 weeks of 5 days of 8 hours.
PERIODS = {
    "year": 1, "month": 12, "two weeks": 26, "week": 52, "day": 260, "hour": 2080,
    "half month": 24, "half year": 2, "four weeks": 13,
}  # fmt: skip
FLAGS = dict.fromkeys(("1", "1.0", "true", "yes", "y", "t", "ja", "oui"), True)
FLAGS |= dict.fromkeys(("0", "0.0", "false", "no", "n", "f", "nein", "non"), False)


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
# The currencies of units that amounts of no other currency have.
UNIT_CURRENCIES = {100_000: "INR", 10_000_000: "INR", 10_000: "JPY"}
_PERIODS = _inverted(WORDS["periods"])
_PAY_TYPES = _inverted(WORDS["pay_types"])
# The currency of a country where people write a dollar sign for it.
DOLLARS: Mapping[str, str] = WORDS["dollars"]
# Each sign of several currencies, followed by one of them. A text that has no more than
# the sign has that sign for its currency; a dollar is a US dollar unless a column, an
# option or its country says otherwise.
SIGNS_OF = {
    sign + code
    for sign, codes in {**WORDS["signs"], "$": ["USD", *DOLLARS.values()]}.items()
    for code in codes
}
_CURRENCIES = (
    {sign.lower(): code for sign, code in SIGNS.items()}
    | _inverted(WORDS["currencies"], clean)
    | dict.fromkeys(("$", "dollar", "dollars"), "$")
    | {sign: sign for sign in WORDS["signs"]}
)
# Codes of currencies that are words of headers.
_WORDS_LIKE_CODES = {"all", "top", "try"}
_LEVELS = EXPERIENCE_NAMES | _inverted(WORDS["levels"])
_LEVEL_CODES = {"en", "mi", "se", "ex"}
_NUMERALS = _inverted(WORDS["numerals"])
_MODES = _inverted(WORDS["work_modes"])
_EMPLOYMENTS = _inverted(WORDS["employments"], key_of)
# Words by what they say, such as `missing` or `fillers`.
_SAYING = {name: frozenset(words) for name, words in WORDS["words"].items()}
TOTALS = _SAYING["totals"]
_DATES = _SAYING["dates"].union(
    name.lower() for of in (day_abbr, day_name, month_abbr, month_name) for name in of
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
# The fewest and the most hours of a week.
_HOURS = (20, 60)

_SIGNS = sorted((each for each in _CURRENCIES if not each.isalpha()), key=len)
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d(?:[.,'’_\s]?\d)*)"
    rf"|(?P<word>{'|'.join(map(re.escape, reversed(_SIGNS)))}"
    r"|p[./][a-z]\b\.?|[^\W\d_]+|\S))"
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
# What separates base pay from what is added to it.
_EXTRA = re.compile(r"(\+|\bplus\b|&|[,;]\s)")
_AMBIGUOUS = re.compile(r"\d{1,3}\.\d{3}")
# Numbers that show which sign separates decimals.
_DECIMALS = {
    "comma": re.compile(r"\d+(\.\d{3})*,\d{1,2}|\d{1,3}(\.\d{3}){2,}"),
    "point": re.compile(r"\d+(,\d{3})*\.\d{1,2}|\d{1,3}(,\d{3})+"),
}
# The kinds of words of amounts: an n is a number, a u its unit, an r between two, and
# an x is not understood.
_AMOUNT_WORDS = (
    dict.fromkeys(_SAYING["fillers"] | _SAYING["open"], ("", ""))
    | dict.fromkeys(_SAYING["ranges"], ("r", ""))
    | {word: ("period", period) for word, period in _PERIODS.items()}
    | {word: ("currency", code) for word, code in _CURRENCIES.items()}
)
_AMOUNT = re.compile(r"nu?(?:rnu?)?")
_YEAR = re.compile(r"(?<!\d)(19\d\d|2[01]\d\d|2200)(?!\d)")
_SHORT_DATE = re.compile(r"[0-3]?\d\.[01]?\d\.(\d\d)(?: .*)?|fy\s?'?(\d\d)(?:/\d\d)?")
_LETTERS = re.compile(r"[^\W\d_]+")
_PARENTHESES = re.compile(r"\([^()]*\)")


class Pay(NamedTuple):
    """An amount, or a range, in cents; None if it is not stated or not understood.

    Of `from 60k`, only the low end is stated: it is open. Numbers such as 65.000 are
    ambiguous; the amount has points between thousands then. `decimal` is the sign of
    decimals that a number shows: comma or point.
    """

    low: int | None = None
    high: int | None = None
    currency: str | None = None
    period: str | None = None
    has_unit: bool = False
    is_range: bool = False
    is_missing: bool = False
    is_ambiguous: bool = False
    is_open: bool = False
    decimal: str | None = None


def without_parentheses(text: str) -> str:
    """Return a text without what is in parentheses."""
    return _PARENTHESES.sub(" ", text)


def is_base(text: str) -> bool:
    """Return whether nothing in parentheses says that pay is not gross base pay."""
    words = {word for each in _PARENTHESES.findall(text) for word in words_of(each)}
    return not _SAYING["not_base"] & words or "not" in words


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, without numbers."""
    return _LETTERS.findall(clean(text))


def is_missing(text: str) -> bool:
    """Return whether a text says that a value is not known."""
    return not text or clean(text).replace("_", " ") in _SAYING["missing"]


@cache
def currency_codes() -> frozenset[str]:
    """Return the ISO 4217 codes of all currencies."""
    return frozenset(each.alpha_3 for each in import_extra("pycountry").currencies)


def _number(text: str) -> Decimal | None:
    """Parse a number; None if it is not one."""
    for pattern, table in _NUMBERS.items():
        if re.fullmatch(pattern, text):
            plain = text.translate(table)
            return None if re.match(r"0\d", plain) else Decimal(plain)
    return None


def parse_pay(text: str, decimal: str | None = None) -> Pay:
    """Parse an amount or a range of pay, with its currency, unit and period.

    What is added to base pay, as in `120k + bonus`, does not count.

    Args:
        text: Such as `$53K-$91K (Glassdoor est.)`, `12-18 LPA` or `65.000,00 €`.
        decimal: What separates decimals in 65.000: a comma or a point; None if this is
            not known.
    """
    if is_missing(text) or not text.strip("0. "):
        return Pay(is_missing=True)
    plain = without_parentheses(clean(text))
    base, sign, rest = (*_EXTRA.split(plain, maxsplit=1), "", "")[:3]
    has_extra = not _SAYING["extras"].isdisjoint(words_of(rest))
    plain = base if has_extra else plain.replace("+", " ")
    shape, numbers, units, is_open = "", list[str](), list[str](), sign == "+"
    found: dict[str, set[str]] = {"currency": set(), "period": set()}
    for number, word in _TOKEN.findall(plain):
        kind, value = _AMOUNT_WORDS.get(word, ("x", ""))
        is_open |= word in _SAYING["open"]
        if number:
            kind = "n"
            numbers.append(number)
            units.append("")
        elif word in UNITS and shape.endswith("n"):
            kind, units[-1] = "u", word
        elif kind == "x" and word.upper() in currency_codes():
            kind, value = "currency", word.upper()
        if kind in found:
            found[kind].add(value)
        elif kind:
            shape += kind
    if _YEARLY_UNITS & {*units}:
        found["period"].add("year")
    found["currency"] = _without_signs(found["currency"])
    is_one = max(map(len, found.values())) < 2  # noqa: PLR2004
    if not (is_one and _AMOUNT.fullmatch(shape) and is_base(text)):
        return Pay()
    pay = _pay_of(numbers, units, found, decimal)
    return pay._replace(is_open=is_open and not has_extra and not pay.is_range)


def _without_signs(codes: set[str]) -> set[str]:
    """Return currencies without the signs of others among them, as in USD and $."""
    return codes - {each[:-3] for each in SIGNS_OF if each[-3:] in codes}


def _pay_of(
    numbers: list[str],
    units: list[str],
    found: dict[str, set[str]],
    decimal: str | None,
) -> Pay:
    """Return the pay of one or two numbers with their units."""
    values = list(map(_number, numbers))
    first, last = values[0], values[-1]
    if first is not None and last is not None and first < last and not units[0]:
        # The unit is that of both ends in 150-170k, but not in 60000-70k.
        units[0] = units[-1]
    is_ambiguous = False
    for at, (number, unit) in enumerate(zip(numbers, units, strict=True)):
        if decimal != "point" and not unit and _AMBIGUOUS.fullmatch(number):
            values[at], is_ambiguous = Decimal(number.replace(".", "")), not decimal
    factors = [UNITS.get(unit, 1) for unit in units]
    cents = [
        int((100 * factor * value).to_integral_value("ROUND_HALF_UP"))
        for value, factor in zip(values, factors, strict=True)
        if value is not None
    ]
    if len(cents) < len(values) or max(cents) > _MAX_CENTS:
        return Pay()
    of_units = (UNIT_CURRENCIES[each] for each in factors if each in UNIT_CURRENCIES)
    shown = [k for k, each in _DECIMALS.items() if any(map(each.fullmatch, numbers))]
    return Pay(
        cents[0],
        cents[-1],
        next(iter(found["currency"] or of_units), None),
        next(iter(found["period"]), None),
        has_unit=any(units),
        is_range=len(cents) > 1,
        is_ambiguous=is_ambiguous,
        decimal=shown[0] if shown else None,
    )


def _periods_in(text: str) -> tuple[set[str], set[str]]:
    """Return the pay periods that a text names, and its other words and numbers."""
    words, at = re.findall(r"[^\W_]+", clean(text)), 0
    found, others = set[str](), set[str]()
    while at < len(words):
        names = {"".join(words[at : at + size]): size for size in (1, 2, 3)}
        size = max((names[name] for name in names if name in _PERIODS), default=0)
        (found if size else others).add(
            _PERIODS["".join(words[at : at + size])] if size else words[at]
        )
        at += size or 1
    return found, others


def find_period(text: str) -> str | None:
    """Return the pay period that a text names: Yearly, per hour, Bi-Weekly, €/Monat.

    With words or numbers that are not understood, it is another one: monthly x13.
    """
    if key_of(text) in _PERIODS:
        return _PERIODS[key_of(text)]
    found, others = _periods_in(text)
    others -= _SAYING["fillers"] | _SAYING["period_fillers"] | {*_CURRENCIES, *UNITS}
    is_known = all(each.upper() in currency_codes() for each in others)
    return found.pop() if is_known and len(found) == 1 else None


def find_period_of_header(header: str) -> str | None:
    """Return the pay period that a header names, or the header if it is not known."""
    found, others = _periods_in(header)
    if found - {"year"} and others & _SAYING["multiples"]:
        return header
    return found.pop() if len(found) == 1 else None


def find_flagged(text: str, header: str) -> str | None:
    """Return the period of a text of a column.

    It may be a flag of whether it is that of the header, such as `hourly`, or a type of
    pay.
    """
    period = find_period_of_header(header)
    if period and (flag := FLAGS.get(clean(text))) is not None:
        return period if flag else "year"
    if key_of(header).endswith("type") and key_of(text) in _PAY_TYPES:
        return _PAY_TYPES[key_of(text)]
    return find_period(text)


def find_unit(text: str) -> int | None:
    """Return the factor of a unit: thousands, lakhs, crores; 1 for an empty text."""
    key = clean(text).rstrip(".")
    if key.isdecimal():
        return int(key) if int(key) in UNITS.values() else None
    return UNITS.get(key, None if key else 1)


def is_same_currency(first: str | None, second: str | None) -> bool:
    """Return whether two currencies are the same, or one is a sign of the other."""
    signs = {f"{first}{second}", f"{second}{first}"} & SIGNS_OF
    return first == second or bool(signs)


def find_currency(text: str) -> str | None:
    """Return the ISO 4217 code of a currency by its code, sign or English name.

    A text with other words names another currency: Jamaican dollars.
    """
    key = clean(text)
    if key.upper() in currency_codes():
        return key.upper()
    found = find_currencies(key)
    words = {word for _, word in _TOKEN.findall(key) if word.isalpha()}
    is_known = (
        any(code.lower() in words for code in found)
        or any(" " in name and name in key for name in _CURRENCIES)
        or words <= {*_CURRENCIES, *_SAYING["fillers"], *_PERIODS, *UNITS}
    )
    return found.pop() if is_known and len(found) == 1 else None


def find_currencies(text: str) -> set[str]:
    """Return the currencies that a text names by codes, signs, names or units."""
    key, found = clean(text), set()
    for name, code in _CURRENCIES.items():
        if " " in name and name in key:
            return {code}
    for _, word in _TOKEN.findall(key):
        unit = UNIT_CURRENCIES.get(UNITS.get(word, 0))
        if word.upper() in currency_codes() and word not in _WORDS_LIKE_CODES:
            found.add(word.upper())
        elif each := _CURRENCIES.get(word, unit):
            found.add(each)
    return _without_signs(found)


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
    if short := _SHORT_DATE.fullmatch(key):
        return 2000 + int(short[1] or short[2])
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
    if words & _SAYING["unsure"]:
        return None
    found = {_MODES[name] for name in ("remote", "onsite", "office") if name in key}
    return found.pop() if len(found) == 1 else None


def find_employment(text: str) -> str:
    """Return the code of an employment type, or the text itself in upper case."""
    return _EMPLOYMENTS.get(key_of(text), text.strip().upper())


def find_part_time(text: str) -> bool | None:
    """Return whether a full-time equivalent, such as `0.5` or `80-100%`, is below 1."""
    numbers = re.findall(r"\d+(?:\.\d+)?", clean(text).replace(",", "."))
    most = max(map(float, numbers), default=0)
    return most < (1 if most <= 1 and "%" not in text else 100) if most else None


def find_hours(text: str) -> int | None:
    """Return the hours of a year, of those of a week from 20 to 60, such as `37.5`."""
    numbers = re.findall(r"\d+(?:\.\d+)?", clean(text).replace(",", "."))
    hours = float(numbers[0]) if len(numbers) == 1 else 0.0
    least, most = _HOURS
    return round(PERIODS["week"] * hours) if least <= hours <= most else None


def find_status(text: str, header: str = "") -> str | None:
    """Return what the status of a record says: current, refused or former.

    An application or an offer may be refused, and an employee a former one, also by a
    date, when they left. Under a header such as `Active`, it may be a flag.
    """
    if is_missing(text):
        return "current"
    flag = FLAGS.get(clean(text))
    if flag is not None and _SAYING["flags_of_status"] & {*words_of(header)}:
        return "current" if flag else "former"
    # Single letters are codes, and parts of words such as don't.
    words = {each for each in words_of(text) if each == clean(text) or len(each) > 1}
    if words & _SAYING["former"] or find_year(text):
        return "former"
    if words & _SAYING["refused"] and not {"certified", "expired"} <= words:
        return "refused"
    return "current" if words & _SAYING["current"] else None


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
        others: Mapping[str, str],
        *,
        is_exact: bool = False,
    ) -> None:
        self._roles = roles
        self._whole = {**roles, **others}
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
        # DS II - Growth: a level shows that DS is not the code of a place.
        start = re.split(r"\s[-–—]\s|[|,(/:]", title)[0]
        words, first = (
            re.findall(r"[^\W_]+", clean(each))[:_MOST_WORDS] for each in (title, start)
        )
        role = role or self._inside(words)
        if role is None and not _is_other_work(words):
            role = self._roles.get("".join(_without_levels(words)))
            if role is None and {*first} - {*_without_levels(first)}:
                role = self._roles.get("".join(_without_levels(first)))
            if role is None and "," in title:
                # Engineer, Data
                last = re.findall(r"[^\W_]+", re.split(r"[(/|]", clean(title))[0])
                last = _without_levels(last)
                role = self._roles.get("".join([*last[1:], *last[:1]]))
        return role, _title_level(words)

    def _inside(self, words: list[str]) -> str | None:
        best, found = _MIN_NAME - 1, None
        for start in range(len(words)):
            key = ""
            for size, word in enumerate(words[start:], 1):
                key += word
                if len(key) > self._longest + 1:
                    break
                role = self._roles.get(key) or self._roles.get(key.removesuffix("s"))
                others = words[:start] + words[start + size :]
                if role and len(key) > best and not _is_other_work(others):
                    best, found = len(key), role
        return found


def _is_other_work(words: list[str]) -> bool:
    """Return whether words of a title, without those of a role, are of other work."""
    text = f" {' '.join(words)} "
    return any(f" {each} " in text for each in _SAYING["other_work"])


def is_total(title: str) -> bool:
    """Return whether a title is that of a total or an average, not of a person."""
    words = words_of(title)
    is_of_people = len(words) > 1 and words[1] in _SAYING["after_total"]
    ends = {*words[-1:], *words[: 0 if is_of_people else 1]}
    return not TOTALS.isdisjoint(ends)


def _without_levels(words: list[str]) -> list[str]:
    return [each for each in words if each not in _LEVELS and each not in _NUMERALS]


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
