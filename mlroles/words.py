"""What people type after a command: a role, places, a level, a work mode, amounts.

Words are read together, in any order and without quotes: `185k staff ml engineer in
austin`. Amounts, roles and levels match before places, the longest names first; after a
word such as `in`, places come first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mlroles.dataset.dimensions import EXPERIENCE_NAMES, WORK_MODES
from mlroles.errors import UsageError, quoted, shortened
from mlroles.matching import by_name, check_length, check_words, name_key
from mlroles.money import CURRENCY_CODES, CURRENCY_NAMES, SIGNS, parse_range

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import Role
    from mlroles.places import Place

# Words without a meaning of their own.
_FILLERS = {
    "a", "about", "an", "and", "around", "as", "average", "base", "comp",
    "compensation", "currently", "do", "does", "earn", "earnings", "for", "full",
    "fulltime", "full-time", "good", "gross", "hi", "how", "is", "jobs", "make",
    "makes", "me", "median", "much", "nationwide", "now", "of", "ok", "or", "paid",
    "pay", "per", "plus", "role", "salaries", "salary", "the", "this", "time", "today",
    "up", "wage", "wages", "what", "with", "+", "&",
}  # fmt: skip
# Between roles, or between offers.
VERSUS = {"versus", "vs", "vs.", "v.", "against"}
# A place follows; `from` and `to` are the two ends of a move.
_PREPOSITIONS = {"in", "at", "near", "from", "to"}
_LINKS = VERSUS | _PREPOSITIONS | {"and", "or"}
# Words that cannot end a line; "or" and "in" can, as codes of states.
_JOINING = VERSUS | _PREPOSITIONS - {"in"}
_LEVELS = EXPERIENCE_NAMES | by_name({
    "entry": "associate fresher graduate newgrad",
    "mid": "midcareer ii",
    "senior": "iii",
    "executive": "head vp",
    # Only H-1B filings have these.
    "staff": "staff principal",
    "lead": "lead",
})  # fmt: skip
_MODES = {name_key(mode): mode for mode in WORK_MODES} | by_name({
    "remote": "wfh fullyremote",
    "on-site": "office notremote nonremote noremote",
})  # fmt: skip
# Titles that no role has, with the closest one.
_CLOSEST = by_name({
    "ai-engineer": "llmengineer llmdeveloper genaiengineer generativeaiengineer "
    "genaideveloper promptengineer agentengineer",
    "software-engineer": "forwarddeployedengineer backendengineer backenddeveloper "
    "frontendengineer frontenddeveloper fullstackengineer fullstackdeveloper "
    "webdeveloper programmer developer pythondeveloper javadeveloper phpdeveloper",
    "data-engineer": "etldeveloper etlengineer",
    "data-product-manager": "productmanager productowner aiproductmanager",
    "mlops-engineer": "mlinfrastructureengineer machinelearningplatformengineer "
    "mlplatformengineer",
    "machine-learning-engineer": "aimlengineer mlaiengineer",
    # The index counts these titles apart.
    "business-intelligence-analyst": "bianalyst",
    "business-intelligence-engineer": "biengineer",
    "business-intelligence-developer": "bidev bideveloper",
})  # fmt: skip
# The last words of fields of work, and those of the roles in them.
_FIELDS = {
    "science": "scientist", "engineering": "engineer", "analytics": "analyst",
    "analysis": "analyst", "architecture": "architect", "development": "developer",
    "research": "researcher",
}  # fmt: skip
# What people ask for that no source has.
_UNAVAILABLE = {
    word: why
    for words, why in {
        "tc ote total package": "only base pay can be ranked. Write base pay, then "
        "bonus, equity and signing bonus",
        "years yrs yoe": "no source has pay by years of experience. Use entry, mid, "
        "senior or director",
        "intern interns internship": "no source has pay of internships; entry is the "
        "lowest level",
        "manager managers": "no source has the pay of managers. Use lead or director",
        "relocation": "a payment for relocation is paid once, as a signing bonus",
        "phd degree masters bachelors": "no source has pay by degree",
        "contract contractor freelance parttime temp temporary hours c2c": "figures "
        "are of full-time jobs of employees",
        "net tax takehome": "figures are before tax",
        " ".join(f"{name}{n}" for name in ("l", "e", "ic") for n in range(1, 10)): "no "
        "source has the levels of companies. Use entry, mid, senior or staff",
        "europe eu asia africa": "figures are of countries; 'mlroles locations --level "
        "country' lists them",
        "belgium china denmark hongkong israel italy japan korea nigeria norway "
        "pakistan portugal romania russia singapore southafrica sweden switzerland "
        "turkey uae ukraine vietnam chf cny dkk hkd huf ils jpy krw nok sek sgd yen "
        "zar": "there are no figures of that country or currency",
    }.items()
    for word in words.split()
}
# The options whose values are places, or their level.
_OF_PLACES = ("location", "from_place", "level")
# Shorter words begin too many places.
_SHORTEST_PLACE = 5
_YEAR = "(?:19|20)[0-9]{2}"
# The most characters of a command line in a message.
_MAX_HINT = 200
# The most words that a name or an amount has.
_MOST = 6
# How people write pay periods.
_PERIODS = by_name({
    "hour": "h hr ph hour hourly",
    "week": "wk pw week weekly",
    "month": "mo pm pcm month monthly",
    "year": "yr pa year annum annual annually yearly",
})  # fmt: skip
# The words that are the value of an option by themselves. Shorter ones are no periods.
_SHORTEST_PERIOD = 4
_VALUES = {
    "work_mode": _MODES,
    "period": {w: each for w, each in _PERIODS.items() if len(w) >= _SHORTEST_PERIOD},
    "experience": _LEVELS,
}
_DAYS = {"d", "day", "daily"}
# What amounts consist of, besides the code of a currency.
_OF_AMOUNTS = {*"0123456789.,_- \u2013\u2014km"}
_WORKING_DAYS = 260
# Indian numbers, of rupees unless another currency is named.
_LAKHS = {
    "lakh": 100_000, "lakhs": 100_000, "lac": 100_000, "lacs": 100_000, "l": 100_000,
    "lpa": 100_000, "crore": 10_000_000, "crores": 10_000_000, "cr": 10_000_000,
}  # fmt: skip
_PER = r"(?:\s*(?:/|\bper\b|\ba\b|\ban\b)\s*|\s+|(?<=\d)(?=[a-z]))"


class Amount(NamedTuple):
    """An amount, or a range of two."""

    typed: str
    """What was typed."""
    text: str
    """The number, or two with a hyphen between, as `mlroles.money` reads them."""
    currency: str | None
    """The currency that was named, if any."""
    period: str | None
    """The pay period that was named, if any."""
    is_daily: bool = False
    """Whether it was a day, which is counted as a part of a year."""

    @property
    def is_year(self) -> bool:
        """Whether the number can be a year."""
        is_plain = self.typed == self.text
        return is_plain and re.fullmatch(_YEAR, self.text) is not None


class Typed:
    """What words mean: the values of options, and notes on them."""

    def __init__(self) -> None:
        self.amounts: list[Amount] = []
        self.roles: list[Role] = []
        # Those after neither `from` nor `to`, the one after `from`, those after `to`.
        self.places: list[Place] = []
        self.start: Place | None = None
        self.ends: list[Place] = []
        self.experience: str | None = None
        self.work_mode: str | None = None
        # If they are not those of an amount.
        self.period: str | None = None
        self.currency: str | None = None
        self.notes: list[str] = []


def read(
    data: Dataset, words: Sequence[str], *, command: str, options: Container[str]
) -> Typed:
    """Read the words after a command.

    Args:
        data: The data set, which knows the roles and the places.
        words: What was typed; a word may consist of several.
        command: The name of the command, for the error.
        options: The names of its options: words can mean what it has an option for.

    Raises:
        UsageError: A word is unknown, or two contradict each other.
    """
    return _Reader(data, words, command, options).read()


def understood(data: Dataset, words: Sequence[str]) -> tuple[Typed, list[str]]:
    """Return what words mean, and those of them that mean something.

    Args:
        data: The data set, which knows the roles and the places.
        words: Any words, such as a question.

    Raises:
        UsageError: Words contradict each other, or name a place without figures.
    """
    reader = _Reader(data, words, "compare", {"roles", "location"})
    return reader.typed, reader.understood()


class _Reader:
    """Reads words from left to right."""

    def __init__(
        self,
        data: Dataset,
        words: Sequence[str],
        command: str,
        options: Container[str],
    ) -> None:
        self.data = data
        self.command = command
        self.options = options
        self.has_places = any(map(options.__contains__, _OF_PLACES))
        # Whether an error has a reader: what was meant takes most of the time.
        self.is_trial = False
        check_words(words)
        self.words = _split(words)
        self.typed = Typed()
        # The indices of words that nothing takes.
        self.unread: list[int] = []
        # The texts of the values that are set.
        self.said: dict[str, str] = {}
        # The preposition that the next place follows.
        self.preposition = ""
        # The place that was read last, and where the next word is.
        self.latest: Place | None = None
        self.end = 0

    def read(self) -> Typed:
        """Return what all words mean."""
        for at, end in self._read_known():
            self._read_unknown(at, end)
        return self.typed

    def understood(self) -> list[str]:
        """Return the words that mean something."""
        unknown: set[int] = set()
        for at, end in self._read_known():
            if self._find(" ".join(self.words[at:end])):
                unknown |= {*range(at, end)}
        return self._without(unknown)

    def _read_known(self) -> list[tuple[int, int]]:
        """Read the names and values; return where other words begin and end."""
        at = 0
        while at < len(self.words):
            at = self._read_at(at)
        unread = self.unread
        starts = [at for at in unread if at - 1 not in unread]
        ends = [at + 1 for at in unread if at + 1 not in unread]
        return list(zip(starts, ends, strict=True))

    def _without(self, unknown: Container[int]) -> list[str]:
        """Return the words without those at some indices and dangling prepositions."""
        kept = [
            word
            for at, word in enumerate(self.words)
            if at not in unknown
            and not (at + 1 in unknown and word.casefold() in _LINKS)
        ]
        while kept and kept[-1].casefold() in _JOINING:
            del kept[-1]
        while kept and kept[0].casefold() in VERSUS:
            del kept[0]
        return kept

    def _read_at(self, at: int) -> int:
        """Read what begins at a word; return where the next one begins."""
        word = self.words[at].casefold()
        # The last word can be no preposition: or and in are states.
        if at and at == len(self.words) - 1 and self._take_code(word):
            return at + 1
        if word in _PREPOSITIONS:
            self.preposition = word
            return at + 1
        if word in _FILLERS | VERSUS and not self.data.is_role_name(word):
            if word in {"as", "for"}:
                # What follows is more likely a role than a place.
                self.preposition = ""
            return at + 1
        for takers in self._takers():
            for count in range(min(_MOST, len(self.words) - at), 0, -1):
                text = " ".join(self.words[at : at + count])
                is_state = self._is_state_of_city(at, text)
                if is_state or any(take(text) for take in takers):
                    self.end = at + count
                    return self.end
        self.unread.append(at)
        return at + 1

    def _is_state_of_city(self, at: int, text: str) -> bool:
        """Return whether a text is the state of the city before it: `pasadena tx`.

        Raises:
            UsageError: It is another state.
        """
        city = self.latest
        if city is None or at != self.end or city.level != "metro":
            return False
        states = city.name.partition(", ")[2].split("-")
        if text.upper() in states:
            return True
        place = self.data.places.named(text)
        if place is None or place.level != "state":
            return False
        if place.code in states:
            return True
        text = f"{city.short_name} is not in {place.name}. Write 'and' between places."
        raise UsageError(text, argument="location")

    def _take_code(self, word: str) -> bool:
        """Take a word without a meaning of its own if it is the code of a state."""
        if word not in {"in", "or"}:
            return False
        self.preposition = self.preposition or "in"
        return self._take_place(word)

    def _takers(self) -> list[list[Callable[[str], bool]]]:
        """Return what takes a text if it is of its kind, in the order of trial.

        Those of a list are tried with all numbers of words before those of the next
        one, so that few questions read the places.
        """
        others: list[Callable[[str], bool]]
        others = [self._take_amount, self._take_role, self._take_value]
        others.append(self._take_currency)
        if self.preposition:
            return [[self._take_place, *others]]
        return [others, [self._take_place]]

    def _take_amount(self, text: str) -> bool:
        amount = _amount(text)
        if amount:
            self.typed.amounts.append(amount)
            if amount.is_daily:
                note = f"a year is counted as {_WORKING_DAYS} days of work"
                self.typed.notes.append(note)
        return amount is not None

    def _take_role(self, text: str) -> bool:
        name = _named(text)
        if not (
            self.data.is_role_name(name) or self.data.is_role_name(name.rstrip("s"))
        ):
            name = _CLOSEST.get(name_key(text).removesuffix("s"), "")
            if not self.data.is_role_name(name):
                return False
            self.typed.notes.append(
                f"no figure is of the title {quoted(text)}; the closest role is "
                f"{self.data.role(name)['title']}"
            )
        self._add_role(name)
        return True

    def _add_role(self, name: str) -> None:
        role = self.data.role(name)
        if role not in self.typed.roles:
            self.typed.roles.append(role)

    def _take_value(self, text: str) -> bool:
        """Take a level, a work mode or a pay period."""
        key = name_key(text.rstrip("."))
        for option, values in _VALUES.items():
            if value := values.get(key):
                self._set(option, value, text)
                return True
        return False

    def _take_currency(self, text: str) -> bool:
        rest, currency = _currency(text)
        if text.casefold() == "php" and not self.preposition:
            # More often a programming language.
            return False
        if currency and not rest:
            self._set("currency", currency, text)
        return bool(currency and not rest)

    def _set(self, key: str, value: str, text: str) -> None:
        if getattr(self.typed, key) not in {None, value}:
            before, what = quoted(self.said[key]), key.replace("_", " ")
            message = f"{before} and {quoted(text)} are two values of {what}. "
            advice = "Use one of them"
            if key == "experience":
                advice += ", or 'by level' after salary for all of them"
            raise UsageError(f"{message}{advice}.", argument=key)
        setattr(self.typed, key, value)
        self.said[key] = text

    def _take_place(self, text: str) -> bool:
        places = self.data.places
        if country := places.abroad(text):
            note = "there are no figures for cities outside of the United States"
            self.typed.notes.append(f"{note}; using {country.name}")
            self._add(country)
            return True
        if self.preposition and places.is_ambiguous_code(text):
            # Says so.
            places.find(text)
        place = places.named(text)
        if place is None:
            return False
        self._add(place, text)
        return True

    def _add(self, place: Place, text: str = "") -> None:
        self.latest = place
        _, *cities = place.name.partition(", ")[0].split("-")
        for city in cities if place.level == "metro" else ():
            if text.casefold().startswith(city.casefold()):
                note = f"{city} is in the metro area of {place.short_name}"
                self.typed.notes.append(note)
        if self.preposition == "from":
            self.typed.start = place
            # What follows is where to, unless another preposition says so.
            self.preposition = "and"
        elif self.preposition == "to":
            self.typed.ends.append(place)
        elif place not in self.typed.places:
            self.typed.places.append(place)

    def _read_unknown(self, at: int, end: int) -> None:
        """Read the words between two indices: a part of a name, and of only one."""
        text = " ".join(self.words[at:end])
        check_length(text, "role")
        for word in text.split():
            if why := _UNAVAILABLE.get(name_key(word)):
                raise UsageError(f"{quoted(word)}: {why}.", argument="role")
        self._check_amount(at, text)
        try:
            errors = self._find(text)
        except UsageError as error:
            raise self._with_line(error, at, end) from None
        if errors:
            raise errors[0] if self.is_trial else self._unknown(at, end, *errors)

    def _find(self, text: str) -> list[UsageError]:
        """Read a part of a name; return why it is not one of a role or a place.

        Raises:
            UsageError: It is a city abroad, or a name that several have, which says
                more than a suggestion.
        """
        errors: list[UsageError] = []
        for find in (self._find_role, self._find_place):
            try:
                find(text)
            except UsageError as error:
                errors.append(error)
            else:
                return []
        for each in errors:
            if not str(each).startswith("unknown "):
                raise each
        return errors

    def _with_line(self, error: UsageError, at: int, end: int) -> UsageError:
        """Return an error with the line that has its only suggestion, if it has one."""
        words = [*self.words[:at], *error.suggestions, *self.words[end:]]
        if self.is_trial or len(error.suggestions) != 1 or not self._can_read(words):
            return error
        return UsageError(
            *error.messages,
            f" Did you mean: {self._line(words)}",
            argument=error.argument,
            suggestions=error.suggestions,
        )

    def _unknown(
        self, at: int, end: int, of_role: UsageError, of_place: UsageError
    ) -> UsageError:
        """Return the error for words that are neither a role nor a place."""
        unknown = self.words[at:end]
        text = " ".join(unknown)
        roles = [each["id"] for each in self.typed.roles]
        suggestions = list(of_role.suggestions)
        if self.has_places and len(text) >= _SHORTEST_PLACE:
            suggestions += of_place.suggestions
        # A ranking of places has those that were typed.
        is_searched = "match" in self.options and "level" not in self.options
        before = self.words[at - 1].casefold() if at else ""
        words = [*self.words[:at], *suggestions[:1], *self.words[end:]]
        hint = "Run 'mlroles roles' for the roles, or add --help."
        if is_searched and not suggestions:
            search = [each for word in unknown for each in ("--match", word)]
            hint = f"To search: {self._line([*roles, *search])}"
        elif len(self.unread) == len(self.words) and (
            of_role.suggestions or not suggestions
        ):
            return of_role
        elif before == "at":
            hint = (
                f"For an employer: mlroles employers {' '.join(roles)} --match {text}"
            )
        elif before in _PREPOSITIONS and not suggestions:
            return of_place
        elif suggestions and self._can_read(words):
            hint = f"Did you mean: {self._line(words).replace(',', '')}"
        elif rest := self._answerable():
            suggestions = []
            hint = f"Without {'them' if len(unknown) > 1 else 'it'}: {self._line(rest)}"
        return UsageError(
            f"unknown word{'s' * (len(unknown) > 1)} {quoted(text)}. "
            f"{shortened(hint, _MAX_HINT)}",
            argument="role",
            suggestions=suggestions[:1],
        )

    def _answerable(self) -> list[str]:
        """Return the words that are known, if they can be asked by themselves."""
        rest = self._without({*self.unread})
        amounts = self.typed.amounts
        is_asked = len(amounts) == 1
        if "amount" not in self.options:
            # A number that is a year.
            is_asked = all(each.is_year for each in amounts)
        return rest if is_asked and any(vars(self.typed).values()) else []

    def _line(self, words: Sequence[str]) -> str:
        return " ".join(["mlroles", self.command, *words])

    def _can_read(self, words: Sequence[str]) -> bool:
        """Return whether other words can be read, without suggestions of their own."""
        reader = _Reader(self.data, words, self.command, self.options)
        reader.is_trial = True
        try:
            reader.read()
        except UsageError:
            return False
        return True

    def _check_amount(self, at: int, text: str) -> None:
        """Raise the error of an amount if words look like one, as 65.000 or 65 000."""
        first = at
        while first and at - first < _MOST and self.words[first - 1].isdecimal():
            first -= 1
        number, _ = _currency(" ".join([*self.words[first:at], text]))
        if _OF_AMOUNTS.issuperset(number) and any(map(str.isdecimal, number)):
            parse_range(number)

    def _find_role(self, text: str) -> None:
        if self.typed.roles and "roles" not in self.options:
            # A second role would be a mistake; a place is more likely.
            raise UsageError(f"unknown role {quoted(text)}", argument="role")
        self._add_role(text)

    def _find_place(self, text: str) -> None:
        # Many words begin the name of some place.
        self._add(self.data.places.find(text, is_part=" " in text), text)


def _split(words: Sequence[str]) -> list[str]:
    """Return single words, without commas but those between digits.

    `,000` is what the shell leaves of an amount.
    """
    found: list[str] = []
    for typed in words:
        # Commas, and the slash of seattle/austin.
        between = r"(?<=[^\d\s]),|(?<!\d),(?!\d{3}\b)|,(?!\d)|(?<=[^\W\d])/(?=[^\W\d])"
        text = re.sub(between, " ", re.sub(r"(?i)\bp\.a\.", "pa", typed))
        found += [word.removeprefix("~") for word in text.split()]
    return found


def _named(text: str) -> str:
    """Return the name of the role in a field of work: of data science, data scientist.

    Other texts are returned as they are.
    """
    first, _, last = text.rpartition(" ")
    return f"{first} {_FIELDS.get(last.casefold(), last)}".lstrip()


def _amount(text: str) -> Amount | None:
    """Return the amount that a text is; None if it is none."""
    rest = text.casefold()
    if not re.match(r"\s*(?:between |[a-z]{2,3}\s*)?[^\w\s]{0,2}\d", rest):
        return None
    rest = re.sub(r"^between (.+) and (.+)", r"\1-\2", rest)
    rest = re.sub(r"\s*\b(?:thousand|grand)\b", "k", rest)
    # 60$/hr, 150k+
    rest = re.sub(r"([\d.,]+k?)([$€£₹])", r"\2\1", rest).removesuffix("+")
    rest, period = _period(rest)
    days = period == "day"
    rest, factor = _lakhs(rest)
    rest, currency = _currency(rest)
    currency = currency or ("INR" if factor else None)
    try:
        low, high = parse_range(rest)
    except UsageError:
        return None
    scale = (factor or 1) * (_WORKING_DAYS if days else 1)
    ends = [low] if high is None else [low, high]
    number = "-".join(f"{end * scale:.2f}".removesuffix(".00") for end in ends)
    return Amount(text, number, currency, None if days else period, days)


def _currency(text: str) -> tuple[str, str | None]:
    """Return an amount without the currency that it names, and its code."""
    rest, currency = text.upper(), None
    for sign, code in SIGNS.items():
        if sign in rest:
            currency, rest = code, rest.replace(sign, "")
            break
    names = "|".join((*CURRENCY_NAMES, *CURRENCY_CODES))
    name = rf"(?<![A-Z])({names})(?![A-Z])"
    for found in re.findall(name, rest):
        currency = CURRENCY_NAMES.get(found, found)
    return re.sub(name, "", rest).strip().casefold(), currency


def _period(text: str) -> tuple[str, str | None]:
    """Return an amount without its pay period, and the period."""
    found = re.fullmatch(rf"(.*\d[km]?\s*(?:(?!per)[a-z]{{3}})?){_PER}([a-z]+)", text)
    if found:
        word = found[2]
        if word in _DAYS:
            return found[1], "day"
        if word in _PERIODS:
            return found[1], _PERIODS[word]
        if word == "lpa":
            return text, "year"
    return text, None


def _lakhs(text: str) -> tuple[str, int | None]:
    """Return an amount without a word for an Indian number, and its value."""
    found = re.fullmatch(r"(.*\d)\s*([a-z]+)", text)
    if found and found[2] in _LAKHS:
        return found[1], _LAKHS[found[2]]
    return text, None
