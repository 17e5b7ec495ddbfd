"""What the values of pay records mean, as people and programs write them.

Each function takes one text. Importing calls it once for each distinct text of a file,
and never guesses: what it does not understand is None, and is counted.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from mlroles.dataset.dimensions import EXPERIENCE_NAMES, HOME_COUNTRY, WORK_MODES
from mlroles.matching import COUNTRY_NAMES, name_key, short_place
from mlroles.money import SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The number of each pay period in a year: 12 months, 52 weeks of 5 days of 8 hours.
PERIODS = {
    "year": 1,
    "month": 12,
    "two weeks": 26,
    "week": 52,
    "day": 260,
    "hour": 2080,
}
_PERIOD_NAMES = {
    "year": "year yr annum annual annually yearly y pa jahr jährlich p.a. p.a p/a",
    "month": "month mo mth monthly monat monatlich pm",
    "two weeks": "biweekly biweek twoweeks fortnight fortnightly",
    "week": "week wk weekly woche wöchentlich",
    "day": "day daily tag täglich",
    "hour": "hour hr h hourly stunde stündlich std",
}  # fmt: skip
_PERIODS = {
    name_key(n): of for of, names in _PERIOD_NAMES.items() for n in names.split()
}
_UNIT_NAMES = {
    1_000: "k thousand thousands tsd tsd.",
    1_000_000: "m mio million millions",
    100_000: "l lakh lakhs lac lacs lpa",
    10_000_000: "cr crore crores cpa",
}  # fmt: skip
UNITS = {
    name: factor for factor, names in _UNIT_NAMES.items() for name in names.split()
}
# Units that are of a year, too, as in 12 LPA.
_YEARLY_UNITS = {"lpa", "cpa"}
# Units that only amounts of rupees have.
_RUPEES = 100_000, 10_000_000
# Signs of currencies, the longest first, as `money.SIGNS` and with a country.
_SIGNS = {
    "us$": "USD", "usd$": "USD", "ca$": "CAD", "au$": "AUD", "a$": "AUD", "nz$": "NZD",
    "r$": "BRL", "zł": "PLN", "rs.": "INR", "rs": "INR",
} | {sign.lower(): code for sign, code in SIGNS.items()}  # fmt: skip
_CURRENCY_NAMES = {
    "dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "pound": "GBP",
    "pounds": "GBP", "rupee": "INR", "rupees": "INR",
}  # fmt: skip
_MISSING = frozenset(
    """
    - -- – — . ? -1 -1.0 n/a na n.a. #n/a null none nil nan <na> unknown
    not_disclosed undisclosed not_specified unspecified not_provided not_available
    not_applicable not_stated negotiable pay_negotiable salary_negotiable competitive
    competitive_salary confidential tbd tba doe depends_on_experience
    prefer_not_to_say private k.a. keine_angabe nach_vereinbarung verhandelbar vb
    """.split()
)  # fmt: skip
# Words that say nothing about an amount.
_FILLERS = frozenset(
    """
    per a an / in im pro the gross brutto base salary pay est est. estimate estimated
    employer provided ca ca. about approx approx. ~ : . every
    """.split()
)
_RANGE_WORDS = frozenset(("-", "–", "—", "to", "bis"))
_LEVELS = EXPERIENCE_NAMES | {
    "intern": "entry", "internship": "entry", "trainee": "entry", "graduate": "entry",
    "grad": "entry", "newgrad": "entry", "praktikant": "entry", "werkstudent": "entry",
    "junior": "entry", "juniorlevel": "entry", "berufseinsteiger": "entry",
    "middle": "mid", "intermediatelevel": "mid", "mittel": "mid",
    "seniorlevel": "senior", "lead": "senior", "staff": "senior",
    "principal": "senior", "teamlead": "senior",
    "head": "executive", "vp": "executive", "chief": "executive",
    "executivelevel": "executive", "csuite": "executive", "clevel": "executive",
    "leiter": "executive", "directorlevel": "executive",
}  # fmt: skip
# In titles only: a numeral after the name of a role. Higher ones are senior.
_NUMERALS = {
    "i": "entry", "1": "entry", "ii": "mid", "2": "mid", "iii": "senior",
    "3": "senior", "iv": "senior", "4": "senior", "v": "senior", "5": "senior",
}  # fmt: skip
# If a title has words of several levels, the first of these counts: the director of a
# senior team, an intern of a lead team.
_LEVEL_ORDER = ("intern", "executive", "senior", "mid", "entry")
# Work that is about a role, and not that role.
_OTHER_WORK = frozenset(
    """
    recruiter recruiting recruitment sourcer sales teacher tutor instructor trainer
    professor lecturer coach writer assistant secretary
    """.split()
)
# Names shorter than this, such as `de`, are words of other languages as well: they
# count only if nothing but the level is beside them.
_MIN_NAME = 4
_MOST_WORDS = 40
# The length of the codes of levels.
_CODE = 2
_EMPLOYMENT = {
    "FT": "ft fulltime vollzeit y yes employedfulltime permanent regular",
    "PT": "pt parttime teilzeit n employedparttime",
    "CT": "ct contract contractor temporary befristet fixedterm",
    "FL": "fl freelance freelancer selfemployed freiberuflich",
    "IN": "in intern internship praktikum",
}  # fmt: skip
_EMPLOYMENTS = {name: of for of, names in _EMPLOYMENT.items() for name in names.split()}
_MODES = {
    "0": "on-site", "50": "hybrid", "100": "remote",
    "0%": "on-site", "50%": "hybrid", "100%": "remote", "true": "remote",
    "yes": "remote", "y": "remote", "t": "remote", "office": "on-site",
    "inoffice": "on-site", "inperson": "on-site", "vorort": "on-site",
    "büro": "on-site", "homeoffice": "remote",
    "wfh": "remote", "teilweiseremote": "hybrid",
} | {name_key(mode): mode for mode in WORK_MODES}  # fmt: skip
_FIRST_DAY = datetime(1899, 12, 30, tzinfo=UTC)
# Excel's day numbers and epoch seconds from 2000 to 2099.
_DAYS = (36_526, 73_050)
_SECONDS = (946_684_800, 4_102_444_800)
MIN_YEAR, MAX_YEAR = 1900, 2200

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d(?:[.,'’_\s]?\d)*)"
    r"|(?P<sign>"
    + "|".join(map(re.escape, sorted(_SIGNS, key=len, reverse=True)))
    + r")(?![a-z])"
    r"|(?P<word>p\.a\.?|p/a|[^\W\d_]+\.?)"
    r"|(?P<mark>[-–—/:~.]))"
)
_GROUPED = re.compile(
    r"\d{1,3}(?P<mark>[,'’_\s])\d{3}(?:(?P=mark)\d{3})*(?:\.\d{1,2})?"
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?"
)
_POINTED = re.compile(
    r"\d{1,3}(?:(?:\.\d{3})+,\d{1,2}|(?:\.\d{3}){2,}|(?:\s\d{3})+,\d{1,2})"
)
_AMBIGUOUS = re.compile(r"\d{1,3}\.\d{3}")
_DECIMAL = re.compile(r"(?:0|[1-9]\d{0,11})(?:\.\d+|,\d{1,2})?")
_DATE = re.compile(r"(?<!\d)(19\d\d|2[01]\d\d|2200)(?!\d)")
_SHORT_DATE = re.compile(r"[0-3]?\d\.[01]?\d\.(\d\d)")
_LETTERS = re.compile(r"[^\W\d_]+")
_DATE_WORDS = frozenset(
    """
    t z e fy q am pm utc gmt est edt pst pdt cet cest q1 h jan feb mar apr may jun jul
    aug sep sept oct nov dec january february march april june july august september
    october november december mon tue wed thu fri sat sun monday tuesday wednesday
    thursday friday saturday sunday januar februar märz mai juni juli oktober dezember
    mär okt dez
    """.split()
)


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


def clean(text: str) -> str:
    """Return a text in lower case, with plain spaces, without those at its ends."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_missing(text: str) -> bool:
    """Return whether a text says that a value is not known."""
    return not text or clean(text).replace(" ", "_") in _MISSING


def _number(text: str, *, has_unit: bool) -> Decimal | None:
    """Parse a number; None if it is not one, or may mean two."""
    if _AMBIGUOUS.fullmatch(text) and not has_unit:
        return None
    if _GROUPED.fullmatch(text):
        plain = re.sub(r"[,'’_\s]", "", text)
    elif _POINTED.fullmatch(text):
        plain = re.sub(r"[.\s]", "", text).replace(",", ".")
    elif _DECIMAL.fullmatch(text):
        plain = text.replace(",", ".")
    else:
        return None
    return None if re.match(r"0\d", plain) else Decimal(plain)


def parse_pay(text: str, currencies: Iterable[str]) -> Pay:
    """Parse an amount or a range of pay, with its currency, unit and period.

    Args:
        text: Such as `$53K-$91K (Glassdoor est.)`, `12-18 LPA` or `65.000,00 €`.
        currencies: The ISO 4217 codes to recognise.
    """
    if is_missing(text) or not text.strip("0. "):
        return Pay(is_missing=True)
    left = re.sub(r"\([^()]*\)", " ", clean(text)).strip()
    ends: list[list[str]] = [[]]
    units: list[str] = [""]
    found: dict[str, set[str]] = {"currency": set(), "period": set()}
    at = 0
    while at < len(left):
        token = _TOKEN.match(left, at)
        if token is None:
            return Pay()
        at = token.end()
        kind, value = str(token.lastgroup), token[token.lastgroup or 0]
        if kind == "number":
            ends[-1].append(value)
        elif kind == "sign":
            found["currency"].add(_SIGNS[value])
        elif value in _RANGE_WORDS and ends[-1] and len(ends) == 1:
            ends.append([])
            units.append("")
        elif not _read_word(value, currencies, units, found, has_number=bool(ends[-1])):
            return Pay()
    if len(ends) == 2 and not ends[1]:  # noqa: PLR2004 - a mark at the end
        return Pay()
    if any(map((1).__lt__, map(len, found.values()))) or {*map(len, ends)} != {1}:
        return Pay()
    return _pay([end[0] for end in ends], units, found)


def _read_word(
    word: str,
    currencies: Iterable[str],
    units: list[str],
    found: dict[str, set[str]],
    *,
    has_number: bool,
) -> bool:
    """Read a word of an amount; return whether it was understood."""
    plain = word.rstrip(".")
    if plain in UNITS and has_number and not units[-1]:
        units[-1] = plain
        if plain in _YEARLY_UNITS:
            found["period"].add("year")
    elif word in _FILLERS:
        pass
    elif period := _PERIODS.get(plain) or _PERIODS.get(word):
        found["period"].add(period)
    elif plain.upper() in currencies:
        found["currency"].add(plain.upper())
    elif plain in _CURRENCY_NAMES:
        found["currency"].add(_CURRENCY_NAMES[plain])
    else:
        return False
    return True


def _pay(texts: list[str], units: list[str], found: dict[str, set[str]]) -> Pay:
    """Return the pay of one or two numbers with their units."""
    numbers = [
        _number(t, has_unit=bool(unit)) for t, unit in zip(texts, units, strict=True)
    ]
    if len(texts) > 1 and units[-1] and not units[0]:
        first = _number(texts[0], has_unit=True)
        last = numbers[-1]
        # The unit is that of both ends in 150-170k, but not in 60000-70k.
        if first is not None and last is not None and first < last:
            numbers[0], units[0] = first, units[-1]
    if None in numbers:
        ambiguous = any(map(_AMBIGUOUS.fullmatch, texts))
        return Pay(is_ambiguous=ambiguous)
    amounts = [
        int(
            (Decimal(number or 0) * UNITS.get(unit, 1) * 100).to_integral_value(
                "ROUND_HALF_UP"
            )
        )
        for number, unit in zip(numbers, units, strict=True)
    ]
    is_indian = any(UNITS.get(unit) in _RUPEES for unit in units)
    rupees = "INR" if is_indian else None
    return Pay(
        amounts[0],
        amounts[-1],
        currency=next(iter(found["currency"]), rupees),
        period=next(iter(found["period"]), None),
        has_unit=any(units),
        is_range=len(amounts) > 1,
    )


def find_period(text: str) -> str | None:
    """Return the pay period that a text names: Yearly, per hour, Bi-Weekly, €/Monat."""
    key = name_key(clean(text))
    if key in _PERIODS:
        return _PERIODS[key]
    words = re.findall(r"[^\W\d_]+", clean(text).replace("bi-", "bi"))
    named = {_PERIODS[word] for word in words if word in _PERIODS}
    if "two weeks" in clean(text) or "2 weeks" in clean(text):
        return "two weeks"
    return named.pop() if len(named) == 1 else None


def find_unit(text: str) -> int | None:
    """Return the factor of a unit: thousands, lakhs, crores; 1 for an empty text."""
    key = clean(text).rstrip(".")
    return (
        int(key)
        if key in {*map(str, UNITS.values())}
        else UNITS.get(key, 1 if not key else None)
    )


def find_currency(text: str, currencies: Iterable[str]) -> str | None:
    """Return the ISO 4217 code of a currency by its code, sign or English name."""
    key = clean(text)
    code = _SIGNS.get(key) or _CURRENCY_NAMES.get(key) or key.upper()
    if code in currencies:
        return code
    named = {word for word in re.findall(r"\b[A-Z]{3}\b", text) if word in currencies}
    return named.pop() if len(named) == 1 else None


def find_year(text: str) -> int | None:
    """Return the year of a date, a time stamp, Excel's day number or an epoch."""
    key = clean(text)
    try:
        number = float(key)
    except ValueError:
        return _year_of_date(key)
    if MIN_YEAR <= number <= MAX_YEAR:
        return int(number) if number.is_integer() else None
    if _DAYS[0] <= number < _DAYS[1]:
        return (_FIRST_DAY + timedelta(days=number)).year
    for unit in (1, 1_000):
        if _SECONDS[0] * unit <= number < _SECONDS[1] * unit:
            return datetime.fromtimestamp(number / unit, UTC).year
    return None


def _year_of_date(key: str) -> int | None:
    """Return the year of a date, in which only one number can be a year."""
    if any(word not in _DATE_WORDS for word in _LETTERS.findall(key)):
        return None
    if short := _SHORT_DATE.fullmatch(key.partition(" ")[0]):
        return 2000 + int(short[1])
    years = set(_DATE.findall(key))
    return int(years.pop()) if len(years) == 1 else None


def find_level(text: str) -> str | None:
    """Return the experience level of a value of a column of levels."""
    if level := _LEVELS.get(name_key(text)):
        return level
    parts = [_LEVELS.get(name_key(part).rstrip(".")) for part in text.split("/")]
    # Senior-level / Expert and Mid-level / Intermediate name one level twice.
    return parts[0] if parts[0] and {*parts} == {parts[0]} else None


def find_mode(text: str) -> str | None:
    """Return the work mode that a value names."""
    key = re.sub(r"[.]0+(?=%?$)", "", name_key(clean(text)))
    if key in _MODES:
        return _MODES[key]
    words = set(_LETTERS.findall(clean(text)))
    if "hybrid" in words:
        return "hybrid"
    if words & {"not", "no", "non", "some", "partly", "partially", "or"}:
        return None
    modes = {
        mode
        for mode, names in (
            ("remote", {"remote", "remotely"}),
            ("on-site", {"onsite", "office"}),
        )
        if words & names
    }
    return modes.pop() if len(modes) == 1 else None


def find_employment(text: str) -> str:
    """Return the code of an employment type, or the text itself in upper case."""
    return _EMPLOYMENTS.get(name_key(text), text.strip().upper())


class Titles:
    """Job titles as employers write them.

    Args:
        roles: The ids of roles by the keys of their names (see `matching.name_key`).
        is_exact: Whether a title must be a name of a role, and have nothing else.
    """

    def __init__(self, roles: Mapping[str, str], *, is_exact: bool = False) -> None:
        self._roles = roles
        self._is_exact = is_exact
        self._longest = max(map(len, roles))

    def find(self, title: str) -> tuple[str | None, str | None]:
        """Return the role and the level of a title, None if it has none.

        The role is the longest name of one in the title, in whole words; of two of the
        same length, the first one. Names of up to three letters count only on their
        own or with words of a level.
        """
        role = self._roles.get(name_key(title))
        if self._is_exact:
            return role, None
        words = re.findall(r"[^\W_]+", clean(title))[:_MOST_WORDS]
        level = _title_level(words)
        if role is None and not _OTHER_WORK & set(words):
            role = self._inside(words)
        return role, level

    def _inside(self, words: list[str]) -> str | None:
        best, found = 0, None
        for start in range(len(words)):
            key = ""
            for word in words[start:]:
                key += word
                if len(key) > self._longest + 1:
                    break
                role = self._roles.get(key) or self._roles.get(key.removesuffix("s"))
                if role and len(key) > best and len(key) >= _MIN_NAME:
                    best, found = len(key), role
        rest = [w for w in words if w not in _LEVELS and w not in _NUMERALS]
        return found or self._roles.get("".join(rest))


def _title_level(words: list[str]) -> str | None:
    levels = {
        "intern" if word in {"intern", "internship"} else _LEVELS[word]
        for word in words
        # The codes of levels are words of other kinds in a title.
        if (word in _LEVELS and len(word) > _CODE) or word in {"sr", "jr", "vp"}
    }
    if not levels:
        # Single letters and digits count at the end only.
        numerals = [each for each in words if each in {"ii", "iii", "iv"}] or words[-1:]
        levels = {_NUMERALS[each] for each in numerals if each in _NUMERALS}
    found = next((level for level in _LEVEL_ORDER if level in levels), None)
    return "entry" if found == "intern" else found


class Evidence(NamedTuple):
    """What the codes of two letters among some values can be."""

    has_states: bool = False
    """Whether one is a US state and no country."""
    has_countries: bool = False
    """Whether one is a country and no state."""
    has_both: bool = False
    """Whether one may be both."""


class Countries:
    """Countries and US places by the names and codes that people write.

    Args:
        known: Of each country: its code of two letters, its code of three, its names.
        states: The names of US states by their codes.
        metros: The names of US metro areas.
    """

    def __init__(
        self,
        known: Iterable[tuple[str, ...]],
        states: Mapping[str, str],
        metros: Iterable[str],
    ) -> None:
        self._names = {**COUNTRY_NAMES, "us": "US"}
        codes = []
        for code, *names in known:
            codes.append(code)
            self._names |= {_key(name): code for name in names}
        self.codes = frozenset(codes)
        self.states = frozenset(states)
        self._states = {_key(name): code for code, name in states.items()}
        shorts = [short_place("metro", metro) for metro in metros]
        self._metros = {_key(name) for name in (*metros, *shorts)}
        self._cities = {_key(short.partition(",")[0]) for short in shorts}

    def evidence(self, texts: Iterable[str]) -> Evidence:
        """Return what the codes of two letters among some values can be."""
        # A city with its state, of which there is a metro area, is one in that state.
        cities = [text for text in texts if _key(text) in self._metros]
        ends = {self._end(text) for text in {*texts} - {*cities}}
        states, codes = ends & self.states, ends & self.codes
        return Evidence(
            bool(cities or states - codes), bool(codes - states), bool(states & codes)
        )

    def _end(self, text: str) -> str:
        parts = _parts(text)
        # With a country after it, a state is not the last part.
        return parts[-1].upper() if 0 < len(parts) < 3 else ""  # noqa: PLR2004

    def find(self, text: str, *, prefers_states: bool | None) -> str | None:
        """Return the code of the country of a place.

        Args:
            text: The name or code of a country, or a place with its state or country.
            prefers_states: Whether codes that are those of a state and of a country
                are states; None if this is not known.
        """
        key, code = _key(text), text.strip().upper()
        if code not in self.states | self.codes:
            if key in self._names and key not in self._states:
                return self._names[key]
            if self._is_area(key):
                return HOME_COUNTRY
        parts = _parts(text)
        if not parts:
            return None
        end = parts[-1].upper()
        is_country = end in self.codes
        if end not in self.states:
            return end if is_country else self._named(_key(end), prefers_states)
        if not is_country:
            return HOME_COUNTRY
        # City, state, country.
        if len(parts) > 2:  # noqa: PLR2004 - city, state, country
            return end
        return {True: HOME_COUNTRY, False: end, None: None}[prefers_states]

    def _named(self, key: str, prefers_states: object) -> str | None:
        """Return the code of the country of a name, or of a state's."""
        if key not in self._states:
            return self._names.get(key)
        # Georgia is a state and a country.
        if key in self._names:
            return self._names[key] if prefers_states is False else None
        return HOME_COUNTRY

    def _is_area(self, key: str) -> bool:
        if key in self._metros or key in {"bayarea", "siliconvalley"}:
            return True
        plain = key.removeprefix("greater").removesuffix("area").removesuffix("bay")
        plain = plain.removesuffix("metropolitan").removesuffix("metro")
        plain = plain.removesuffix("city")
        return plain != key and plain in self._cities


def _key(name: str) -> str:
    return "".join(filter(str.isalnum, clean(name)))


def _parts(text: str) -> list[str]:
    """Return the parts of a place, without the postcode of a US address."""
    parts = [part.strip() for part in re.split(r"[,;|]", text)]
    kept = [part for part in parts if part]
    if kept:
        kept[-1] = re.sub(r"\s+\d{5}(-\d{4})?$", "", kept[-1])
        kept[-1] = re.sub(r"\s*\([^()]*\)$", "", kept[-1])
    return [part for part in kept if part]
