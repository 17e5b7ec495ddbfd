"""The words after a command as the values of its options."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from mlroles.cli.registry import COMMANDS
from mlroles.dataset.dimensions import FILING_LEVELS
from mlroles.errors import Argument, Command, UsageError, quoted
from mlroles.matching import COUNTRY, as_list, check_words
from mlroles.money import SHELL_HINT, currency_code, other_currency
from mlroles.queries.answer import Filters
from mlroles.queries.pay import default_country, local_currency, select

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import Role
    from mlroles.places import Place
    from mlroles.words import Typed


def _local_currency(data: Dataset, values: Mapping[str, Any]) -> str | None:
    """Return the currency of the one country abroad that an answer is about, if any.

    None if a currency was chosen.
    """
    if "currency" not in values or values["currency"] is not None:
        return None
    # A ranking of places is of several countries, whichever they are compared with.
    if "level" in values or values.get("real"):
        return None
    try:
        country = _country(data, values)
    except UsageError:
        # The question itself reports an unknown place.
        return None
    return local_currency(data, country)


def _country(data: Dataset, values: Mapping[str, Any]) -> str | None:
    """Return the code of the one country that an answer is about, if it is one."""
    name = values["from_place"] if "from_place" in values else values.get("location")
    if isinstance(name, str):
        place = data.places.find(name)
        return None if place.is_area else place.code
    if name is not None:
        return None
    if (country := values.get("country")) is not None:
        return data.country(country)
    is_of_one = {"role", "roles"} & values.keys() and values.get("by") != "country"
    if not data.is_own or not is_of_one:
        return None
    # Pay records of one's own are of the country with most of them.
    return default_country(data, _asked_roles(data, values))[0]


def _asked_roles(data: Dataset, values: Mapping[str, Any]) -> list[Role]:
    """Return the roles that are asked about: those named, or the default ones."""
    named = as_list(values.get("role")) or as_list(values.get("roles"))
    roles = [data.role(each) for each in named] or [data.role()]
    if "roles" in values and not named:
        from mlroles.queries.compare import with_similar

        roles = with_similar(data, *roles)
    return roles


def fill(
    data: Dataset, command: str, words: Sequence[str], values: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Return the values of options with those that words give, and notes.

    Args:
        data: The data set.
        command: The name of the command.
        words: What was typed after it.
        values: The values of its options, without the words.

    Raises:
        UsageError: A word is unknown, the command has no use for it, or an option
            says something else.
    """
    filled, notes = _filled(data, command, words, values)
    currency = _local_currency(data, filled)
    if currency and "amount" not in filled and not _has_pay(data, filled, currency):
        notes.append(
            f"too few records state {currency}; amounts are in {data.currency}"
        )
    elif currency:
        filled["currency"] = currency
    return filled, notes


def _has_pay(data: Dataset, values: Mapping[str, Any], currency: str) -> bool:
    """Return whether there is pay in the currency of a country, or none in any."""
    filters = Filters(
        values.get("year"),
        _country(data, values),
        values.get("experience"),
        values.get("work_mode"),
    )
    roles = _asked_roles(data, values)
    in_currency, in_any = (
        any(select(data, roles, filters, currency=each, suggest=False).groups.values())
        for each in (currency, None)
    )
    return in_currency or not in_any


def _filled(
    data: Dataset, command: str, words: Sequence[str], values: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    check_words(words)
    filled = dict(values)
    text = " ".join(words)
    has_amount = "amount" in filled
    for word in text.split():
        if re.fullmatch("0+[km](/.*)?", word.casefold()):
            raise UsageError(f"no amount in {quoted(word)}. {SHELL_HINT}.")
    # Most words are a role alone, which needs no places.
    if not has_amount and (not words or data.is_role_name(text)):
        roles = [data.role(text)["id"]] if words else []
        _roles(filled, command, roles, text)
        return filled, []
    if has_amount and words and not any(map(str.isdecimal, text)):
        raise UsageError(
            f"no amount in {quoted(text)}. Write one as 150000, 150,000, 150k or "
            "72.50.",
            argument="amount",
        )
    if "every" in filled and "all" in text.casefold().split():
        filled["every"] = True
        words = [word for word in text.split() if word.casefold() not in _ALL]
    words = _breakdown(filled, command, words)
    from mlroles.words import read

    if "vs" in filled:
        words, *others = _offers(words)
        filled["vs"] = [*others, *as_list(filled["vs"])] or None
        words = _parts(filled, command, words)
    typed = read(data, words, command=command, options=filled)
    _amount(data, filled, command, typed)
    _roles(filled, command, [role["id"] for role in typed.roles], text)
    notes = typed.notes
    level = typed.experience
    if level in FILING_LEVELS:
        level = _level_of_filings(data, filled, typed, notes)
    _set(filled, command, "experience", level)
    _set(filled, command, "work_mode", typed.work_mode)
    _set(filled, command, "currency", typed.currency)
    _places(filled, command, typed)
    # Where an amount ranks is a question about a place.
    named = typed.currency or (typed.amounts[0].currency if has_amount else None)
    if has_amount and "location" in filled and named:
        notes += _place_of_currency(data, filled, named)
    return filled, notes


def _place_of_currency(data: Dataset, values: dict[str, Any], named: str) -> list[str]:
    """Return a note on the place of an offer in another currency.

    If no place was given, it is the country of the currency, if only one has it.
    """
    rates, location = data.table("rates"), values["location"]
    if rates is None or named == data.currency:
        return []
    if isinstance(location, str) and (place := data.places.find(location)).is_area:
        # A city of the same name abroad may be meant.
        text = f"pay in {place.short_name} is converted to {named}"
        return [f"{text}; for a city abroad, add its country"]
    if location is not None or values["country"] is not None:
        return []
    codes = [code for code, each in rates["currencies"].items() if each == named]
    known = [data.countries[code] for code in codes if code in data.countries]
    if len(known) != 1:
        return []
    (values["location"],) = known
    return [f"no place was given; using {known[0]}"]


# All roles, in words.
_ALL = {"all", "every", "roles"}
# What people call the values of --by, and the levels of places.
_BREAKDOWNS = {
    "level": "experience", "levels": "experience", "grade": "experience",
    "years": "year", "countries": "country", "states": "state", "city": "metro",
    "cities": "metro", "month": "month",
}  # fmt: skip


# The commands that are broken down by what others are not.
_ELSEWHERE = {
    "metro": "locations", "state": "locations", "industry": "industries",
    "sector": "industries", "company": "employers", "employer": "employers",
}  # fmt: skip


def _breakdown(
    values: dict[str, Any], command: str, words: Sequence[str]
) -> Sequence[str]:
    """Set the breakdown that `by level` names, if there is one; return other words."""
    typed = re.sub(r"(?i)\bwork mode\b", "work-mode", " ".join(words)).split()
    for at, (word, name) in enumerate(pairwise(typed)):
        if word.casefold() != "by":
            continue
        value = _BREAKDOWNS.get(name.casefold(), name.casefold())
        for option in COMMANDS[command].options:
            if option.name in {"by", "level"} and value in option.choices:
                _set(values, command, option.name, value)
                return [*typed[:at], *typed[at + 2 :]]
        if other := _ELSEWHERE.get(value):
            text = f"{command} is not broken down by {name}. Run "
            others = [*typed[:at], *typed[at + 2 :]]
            if other == "locations":
                others += ["by", value]
            raise UsageError(text, Command(other, *others), ".", argument="role")
    return words


# What the words for parts of an offer contain; they are read only if they are there.
_OF_PARTS = ("bonus", "equity", "rsu", "stock", "share", "sign", "joining")


def _parts(values: dict[str, Any], command: str, words: Sequence[str]) -> Sequence[str]:
    """Set the parts of an offer besides base pay; return the other words."""
    text = " ".join(words).casefold()
    if not any(each in text for each in _OF_PARTS):
        if share := re.search(r"[\d.]+ ?%", text):
            raise UsageError(
                f"{quoted(share[0])} could be any part of the offer. Name it, as in "
                f"bonus {share[0]}.",
                argument="bonus",
            )
        return words
    from mlroles.package import find_parts

    parts, others = find_parts(words)
    for part, value in parts.items():
        _set(values, command, part, value)
    return others


def _offers(words: Sequence[str]) -> list[Any]:
    """Return the words of the first offer, and the texts of those compared with it."""
    from mlroles.words import VERSUS

    parts = _split(words, VERSUS | {"or"})
    # The word is also the code of Oregon.
    has_amounts = all(any(map(str.isdecimal, "".join(part))) for part in parts)
    return parts if has_amounts else _split(words, VERSUS)


def _split(words: Sequence[str], between: Container[str]) -> list[Any]:
    """Return the words before the first of some, and the texts between the others."""
    parts: list[list[str]] = [[]]
    for word in " ".join(words).split():
        if word.casefold() in between:
            parts.append([])
        else:
            parts[-1].append(word)
    first, *others = parts
    return [first, *map(" ".join, others)]


def _level_of_filings(
    data: Dataset, values: dict[str, Any], typed: Typed, notes: list[str]
) -> str | None:
    """Use H-1B filings by seniority for a level, or else the closest one."""
    level = typed.experience
    table = data.table("seniority") or ()
    known = {row["role"] for row in table if row["seniority"] == level}
    role = data.role(values.get("role"))
    is_alone = not typed.places and typed.work_mode is None
    is_open = is_alone and ("amount" in values or values.get("by", "") is None)
    if is_open and role["id"] in known and not data.is_own:
        if "by" in values:
            values["by"] = "seniority"
        notes.append(f"only H-1B filings have the level {level}")
        return level
    notes.append(f"no figure here is of the level {level}; using senior")
    return "senior"


def _roles(values: dict[str, Any], command: str, roles: list[str], text: str) -> None:
    if "roles" in values:
        values["roles"] = roles or None
    elif len(roles) > 1:
        first, second = (Command(command, role) for role in roles[:2])
        raise UsageError(
            f"{quoted(text)} names several roles. ",
            *(
                ("To compare them, run ", Command("compare", *roles))
                if "amount" in values or "location" in values
                else ("Run ", first, ", then ", second)
            ),
            ".",
            argument="role",
        )
    elif "role" in values:
        values["role"] = roles[0] if roles else None


def _amount(data: Dataset, values: dict[str, Any], command: str, typed: Typed) -> None:
    if typed.period and values.get("per") == "year":
        values["per"] = typed.period
    if "amount" not in values:
        _year(values, command, typed)
        return
    years = [each for each in typed.amounts if each.is_year]
    if len(years) == 1 and len(typed.amounts) > 1:
        typed.amounts.remove(years[0])
        _set(values, command, "year", int(years[0].text))
    if len(typed.amounts) != 1:
        text = (
            f"{len(typed.amounts)} amounts in what was typed. Write one, as 150000, "
            "150,000, 150k or 72.50."
        )
        if "vs" in values:
            text += " Write vs between two offers, as in 185k austin vs 195k seattle."
        raise UsageError(text, argument="amount")
    (amount,) = typed.amounts
    values["amount"] = amount.text
    if named := amount.currency:
        currency = values["currency"]
        if currency is None and data.table("rates") is not None:
            values["currency"] = currency = named
        wanted = currency_code(data.currency if currency is None else currency)
        if wanted != named:
            raise other_currency(amount.typed, named, wanted)
    if amount.period and values.get("per") == "year":
        values["per"] = amount.period


def _year(values: dict[str, Any], command: str, typed: Typed) -> None:
    """Set the year to a number that was typed after a command without an amount."""
    years = [each.text for each in typed.amounts if each.is_year]
    if len(years) == len(typed.amounts) == 1:
        _set(values, command, "year", int(years[0]))
    elif typed.amounts:
        text = f"{command} takes no amount, such as {typed.amounts[0].typed}. Run "
        raise UsageError(text, Command("offer"), ".", argument="role")


def _set(values: dict[str, Any], command: str, key: str, value: Any) -> None:
    """Set an option to what was typed, unless it is set."""
    if value is None:
        return
    if key not in values:
        text = f"has no figures by {key.replace('_', ' ')}, such as {value}"
        raise UsageError(f"{command} {text}.", argument="role")
    if values[key] not in {None, value}:
        text = f"{quoted(str(value))} was typed, and "
        raise UsageError(text, Argument(key, values[key]), ".", argument=key)
    values[key] = value


def _places(values: dict[str, Any], command: str, typed: Typed) -> None:
    places = list(typed.places)
    if "from_place" in values:
        start = typed.start
        if start is None and values["from_place"] is None and places:
            start, *places = places
        ends = [*places, *typed.ends]
        if start is not None:
            values["from_place"] = _name(start)
        named = as_list(values["to_places"])
        values["to_places"] = [*named, *map(_name, ends)]
        return
    if typed.start:
        places.insert(0, typed.start)
    places += typed.ends
    if not places:
        return
    if "level" in values and "match" in values:
        # A ranking of places shows those that were typed.
        values["match"] = [*as_list(values["match"]), *(p.name for p in places)]
        if places[0].level == COUNTRY:
            values["level"] = values["level"] or COUNTRY
        return
    if "location" not in values:
        text = f"{command} has no figures by place, such as {places[0].short_name}."
        raise UsageError(text, argument="role")
    names = [*as_list(values["location"]), *map(_name, places)]
    values["location"] = names[0] if len(names) == 1 else names


def _name(place: Place) -> str:
    """Return a name by which only this place is found."""
    if place.level == "state":
        return f"us-{place.code.lower()}"
    return place.name if place.level == COUNTRY else place.code
