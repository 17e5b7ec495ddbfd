"""The parts of an offer besides base pay: bonus, equity and a signing bonus."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mlroles.errors import UsageError, quoted
from mlroles.matching import check_length
from mlroles.money import CURRENCY_CODES, parse_amount, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mlroles.questions import Row

# The parts by the words for them.
_PART_WORDS = {
    "signing": r"(?:signing|sign[ -]?on|joining)(?:[ -]bonus)?",
    "bonus": r"(?:(?:target|annual|yearly|performance) )?bonus",
    "equity": r"equity|rsus?|stocks?|shares",
}
PARTS = ("bonus", "equity", "signing")
_CODES = "|".join(CURRENCY_CODES)
_VALUE = (
    rf"no|none|(?:(?:{_CODES}) )?[^\w\s]{{0,2}}\d[^\s/]*"
    r"(?: ?%)?"
    rf"(?: (?:{_CODES})\b)?"
    r"(?: ?/ ?\d*| over \d+| (?:a|per)\b)?(?: ?y(?:ea)?(?:rs?)?\b)?"
)
_TOKEN = re.compile(
    "|".join(rf"(?P<{part}>\b(?:{words})\b)" for part, words in _PART_WORDS.items())
    + rf"|(?P<value>(?<!\S)(?:{_VALUE})(?!\S))|(?P<other>\S+)",
    re.IGNORECASE,
)
# In `400k in RSUs over 4 years`, the years follow the part.
_YEARS_LAST = re.compile(
    rf"(?:\b(?:in|of|worth) )?\b({_PART_WORDS['equity']})(?: vest(?:ing|ed))? "
    r"((?:over \d+|a|per|/ ?\d+) ?y\w*)",
    re.IGNORECASE,
)
_YEARS_ONLY = re.compile(
    rf"\b({_PART_WORDS['equity']}) (\d+ ?y(?:ears?|rs?)?\b)", re.IGNORECASE
)
# Between a part and its value.
_LINKS = {"of", "in", ":", "=", "worth"}
_NONE = {"no", "none"}
_MAX_PERCENT = 1_000
# The least share of base pay that a part has; less lacks its thousands.
_LEAST = 1 / 1_000
_YEARS = re.compile(
    r"(.*?)\s*(?:/|\bover\b|\ba\b|\bper\b)\s*(\d*)\s*y[a-z]*", re.IGNORECASE
)


def find_parts(words: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Return the parts among the words of an offer, and the other words.

    `bonus 15% equity 200k/4y` names each part before its value, `15% bonus, 200k/4y
    equity` after it.

    Raises:
        UsageError: A part has no value, or two.
    """
    text = re.sub(r",(?!\d)", " ", " ".join(words))
    text = re.sub(r"(?i)\b(two|three|four|five)(?= years)", _number, text)
    text = re.sub(rf"(?i)\b({_PART_WORDS['equity']})(?=/ ?\d)", r"\1 ", text)
    text = re.sub(r"(?i)(?<=\d) ?(?:percent|per cent|pct)\b", "%", text)
    text = _YEARS_LAST.sub(r"\2 \1", text)
    text = _YEARS_ONLY.sub(r"over \2 \1", text)
    tokens = [(str(match.lastgroup), match[0]) for match in _TOKEN.finditer(text)]
    kinds = ["", *(kind for kind, _ in tokens), ""]
    tokens = [
        (kind, text)
        for at, (kind, text) in enumerate(tokens)
        if text.casefold() not in _LINKS or not {kinds[at], kinds[at + 2]} & {*PARTS}
    ]
    if not set(PARTS).intersection(kinds):
        return {}, list(words)
    for before, part, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if part[0] in PARTS and before[0] == "value" and "%" not in before[1]:
            _check_yearly(after[1])
    # Values that fit decide which side they are on.
    for fits in (_fits, lambda *_: True):
        for step in (1, -1):
            found = _assigned(tokens, step, fits)
            if found:
                return found
    name = next(text for kind, text in tokens if kind in PARTS)
    raise UsageError(
        f"no value for {quoted(name)}. Write each part with its value, as bonus 15% "
        "equity 200k/4y signing 30k.",
        argument="amount",
    )


def _check_yearly(value: str) -> None:
    """Refuse the value of a part for a month or another period.

    The amount before the part could be taken for it.

    Raises:
        UsageError: It is one.
    """
    if re.search(r"\d.*(?:/|per)\s*(?!y|\d)[a-z]", value.casefold()):
        raise UsageError(
            f"{quoted(value)}: write bonus, equity and signing bonus a year, or in per "
            "cent of base pay.",
            argument="bonus",
        )


def _number(word: re.Match[str]) -> str:
    return str(("two", "three", "four", "five").index(word[0].casefold()) + 2)


def _assigned(
    tokens: list[tuple[str, str]], step: int, fits: Callable[[str, str], bool]
) -> tuple[dict[str, str], list[str]] | None:
    """Return parts with the values after (1) or before them (-1), and other words.

    None if a part has no value there that fits, or no other value is left for base pay.
    """
    found: dict[str, str] = {}
    used = set()
    for at, (kind, name) in enumerate(tokens):
        if kind not in PARTS:
            continue
        is_none = at > 0 and tokens[at - 1][1].casefold() in _NONE
        value = at - 1 if is_none else at + step
        if value in used or not 0 <= value < len(tokens):
            return None
        is_value, text = tokens[value]
        if is_value != "value" or not fits(kind, text):
            return None
        if kind in found:
            raise UsageError(f"{quoted(name)} is given twice.", argument=kind)
        found[kind] = text
        used |= {at, value}
    left = " ".join(text for at, (_, text) in enumerate(tokens) if at not in used)
    has_base = any(map(str.isdecimal, left)) and fits("base", left)
    return (found, left.split()) if has_base else None


def _fits(part: str, value: str) -> bool:
    """Return whether a part can have a value: only equity is over years."""
    if "%" in value:
        return part == "bonus"
    return part == "equity" or not re.search(r"(?:/|over) ?\d+ ?y", value.casefold())


def package(
    base: float,
    currency: str,
    *,
    bonus: str | None = None,
    equity: str | None = None,
    signing: str | None = None,
) -> Row:
    """Read the parts of an offer besides base pay, and add them up.

    Args:
        base: Base pay a year.
        currency: The currency of all amounts.
        bonus: A percentage of base pay, or an amount a year.
        equity: An amount with the years over which it vests, as `200k/4y`, or an
            amount a year, as `50k/y`.
        signing: The signing bonus, an amount that is paid once.

    Returns:
        The parts, in the currency of the offer: bonus and equity a year, at the value
        that was given, and None for one that is unknown, which the sums do not have;
        then what they add up to with base pay, in the first year and in later ones.

    Raises:
        UsageError: One of them cannot be read, or is in another currency.
    """
    parts: dict[str, float | None] = {}
    for key, text in (("bonus", bonus), ("equity", equity), ("signing", signing)):
        parts[key] = None
        if text is None:
            continue
        check_length(text, key)
        try:
            parts[key] = _amount(text.strip(), key, base, currency)
        except UsageError as error:
            if error.argument == "currency":
                raise
            raise UsageError(*error.messages, argument=key) from None
    cash = base + (parts["bonus"] or 0)
    total = cash + (parts["equity"] or 0)
    once = parts["signing"] or 0
    sums = {
        "cash_first_year": cash + once,
        "cash_later_years": cash,
        "total_first_year": total + once,
        "total_later_years": total,
    }
    return parts | {key: whole(round(each, 2)) for key, each in sums.items()}


def _amount(text: str, key: str, base: float, currency: str) -> float:
    """Return a part of an offer in its currency: a year, or once for `signing`."""
    if text.casefold() in _NONE:
        return 0
    number = text.removesuffix("%").rstrip()
    if number != text:
        if key != "bonus":
            raise UsageError(f"{quoted(text)}: only a bonus can be a percentage.")
        percent = parse_amount(number)
        if percent > _MAX_PERCENT:
            raise UsageError(f"{quoted(text)} is not a plausible bonus.")
        return whole(round(base * percent / 100, 2))
    years = _YEARS.fullmatch(text)
    if key == "equity" and years is None and parse_amount(text, currency):
        raise UsageError(
            f"{quoted(text)}: over how many years? Write equity as {text}/4y, "
            f"or {text}/y for an amount a year."
        )
    amount = parse_amount(years[1] if years else text, currency)
    count = int(years[2] or 1) if years else 1
    if not count:
        raise UsageError(f"{quoted(text)} is over no years.")
    if 0 < amount < base * _LEAST:
        raise UsageError(f"{quoted(text)} is not plausible. Write 15% or 15k.")
    if key == "signing" and years:
        raise UsageError(f"{quoted(text)}: a signing bonus is paid once.")
    return whole(round(amount / count, 2))
