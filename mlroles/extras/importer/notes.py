"""What people read about the records of an import: which were skipped, and why."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING

from mlroles.dataset.bundled import read_table
from mlroles.errors import Argument, Message, quoted, shortened
from mlroles.extras.importer.columns import STRAY, to_be_said
from mlroles.extras.importer.database import SQL
from mlroles.extras.importer.groups import breakdown, is_whole, whole_medians
from mlroles.extras.importer.places import country_names
from mlroles.extras.importer.reading import currencies, several
from mlroles.extras.importer.values import DOLLARS
from mlroles.matching import shorten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlroles.dataset.schema import DatasetJson
    from mlroles.extras.importer.database import Run
    from mlroles.extras.importer.groups import Group
    from mlroles.extras.importer.reading import File, Settings

# Why records are skipped; the first reason that applies counts. In the order of the
# numbers that the query `stage` gives.
SKIP_REASONS = (
    "identical to another record",
    "other employment type",
    "other job title",
    "missing pay",
    "ambiguous pay",
    "unknown pay period",
    "pay in another currency",
    "impossible pay",
    "missing or impossible year",
    "application or offer that was denied, withdrawn or declined",
    "pay that contradicts its column",
    "unreadable pay",
    Message(
        "pay in another currency, and no year of its exchange rate (to give it, add ",
        Argument("set", "year=2025"),
        ")",
    ),
    "pay whose currency is not stated, in a country with another one",
    "a total or an average, not a person",
    "a former employee",
    "pay in another currency, of a year before its first exchange rate",
)
# What to do about some of them.
_HINTS = {
    1: Message("To use others, add ", Argument("employment", "TYPE")),
    4: Message("If points separate thousands there, add ",
               Argument("set", "decimal=comma")),
    6: f"There are exchange rates of {', '.join(read_table('rates')['years'])}",
    7: Message("If it is not of a year or in thousands, add ",
               Argument("map", "period=HEADER"), ", ", Argument("set", "period=hour"),
               " or ", Argument("set", "unit=thousands")),
    13: Message("If a header names it, add ", Argument("map", "currency=HEADER")),
    15: Message("To use them, too, add ", Argument("set", "status=active")),
}  # fmt: skip
# What is done without some columns.
_WITHOUT = {
    "level": "words in the titles are used",
    "employment": "every record counts",
}
# Why medians are higher or lower than those of the data set, and what says so.
_TOO_HIGH = Message(
    "in another currency? If so, add ", Argument("set", "currency=CODE")
)
_TOO_LOW = Message(
    "per month, or in thousands? If so, add ", Argument("set", "period=month"),
    " or ", Argument("set", "unit=thousands"),
)  # fmt: skip
_CURRENCY = re.compile("(?i)^(?!.*(bonus|equity|stock|other)).*(currency|währung)")
# A median that many times off that of the data set has another unit or currency.
_FAR = 3


def count_records(run: Run, files: Sequence[File]) -> tuple[int, str, list[str]]:
    """Return the number of records used, a summary, and why others were skipped."""
    reasons = {at: (count, texts) for at, count, texts in run(SQL["reasons"])}
    used, _ = reasons.pop(None, (0, []))
    skipped: list[str] = []
    for at, (count, texts) in sorted(reasons.items()):
        shown = " and ".join(shortened(each) or "(empty)" for each in texts)
        examples = f", such as {shown}" if at else ""
        hint = Message(". ", _HINTS[at]) if at in _HINTS else ""
        reason = Message(SKIP_REASONS[at], examples, hint)
        skipped.append(Message(f"skipped {count:,}: ", reason))
    if lines := sum(each.skipped for each in files):
        plural = "s" * (lines > 1)
        skipped.append(
            f"skipped {lines:,}: line{plural} without the columns of the header"
        )
    read = used + lines + sum(count for count, _ in reasons.values())
    summary = f"{read:,} records read, {used:,} used, {read - used:,} skipped"
    return used, summary, skipped


def unknown_value_notes(run: Run) -> list[str]:
    """Return notes on values of dimensions that are not known."""
    return [
        f"unknown {column.replace('_', ' ')} in {count:,} record{'s' * (count > 1)}, "
        f"{'counted' if column == 'status' else 'not broken down by it'}: "
        f"{shorten(map(shortened, values))}"
        for column, count, values in run(SQL["unknown_values"])
    ]


def column_notes(files: Sequence[File], settings: Settings) -> list[str]:
    """Return notes on the columns that were used, unless they are the standard ones."""
    by_note: dict[str, list[File]] = {}
    for file in files:
        named = ", ".join(
            f"{column} from {quoted(shortened(file.columns.headers[at], 40))}"
            for column, at in file.columns.found.items()
            if column not in file.columns.standard
        )
        for note in filter(None, (named, *file.columns.notes)):
            by_note.setdefault(note, []).append(file)
    notes = [f"{_several(of)}: {note}" for note, of in by_note.items()]
    given = settings.constants
    known = {*given, *chain.from_iterable(file.columns.found for file in files)}
    if any(file.columns.place for file in files):
        known.add("country")
    by_reason: dict[str, list[str]] = {}
    for column in ("level", "employment", "country", "work_mode"):
        if column not in known:
            why = _WITHOUT.get(column, "pay is not broken down by it")
            by_reason.setdefault(why, []).append(column.replace("_", " "))
    notes += [f"no {', '.join(each)}: {why}" for why, each in by_reason.items()]
    if undated := [f for f in files if "year" not in {*f.columns.found, *given}]:
        of_files = f"{_several(undated)}: " * (len(files) > 1)
        text = f"{of_files}no year: the date of the pay is unknown. To give it, add "
        notes.append(Message(text, Argument("set", "year=2025")))
    return notes


def _several(files: Sequence[File]) -> str:
    return several(files[0].name, sum(each.files for each in files))


def currency_notes(
    unstated: Mapping[str, int],
    dollars: Mapping[str, int],
    used: int,
    currency: str,
    files: Sequence[File],
) -> list[str]:
    """Return notes on pay without a currency.

    Args:
        unstated: The numbers of records whose pay names no currency, by country.
        dollars: The numbers of those that have only a dollar sign.
        used: The number of records used.
        currency: The currency of the data set.
        files: The files, one of which may have a header of currencies.

    Raises:
        UsageError: Many are of countries that have other currencies.
    """
    own = currencies()
    of_unstated = {c: own.get(c) for c in unstated if c}
    of_dollars = {
        country: own.get(country) for country in dollars if country in DOLLARS
    }
    problem = "no currency is stated"
    abroad = _count_abroad(problem, unstated, of_unstated, currency, files)
    signs = "a dollar sign names several currencies"
    _count_abroad(signs, dollars, of_dollars, "USD", files)
    count = sum(unstated.values()) - abroad
    if not count:
        return []
    of_all = "" if count == used else f" in {count:,} of {used:,} records"
    return [f"{problem}{of_all}: pay was read as {currency}"]


def _count_abroad(
    problem: str,
    counts: Mapping[str, int],
    own: Mapping[str, str | None],
    currency: str,
    files: Sequence[File],
) -> int:
    """Count the records of countries that have another currency, which must be few."""
    other = {country: counts[country] for country, of in own.items() if of != currency}
    count = sum(other.values())
    if count > STRAY * sum(counts.values()):
        most = max(other, key=lambda country: other[country])
        says = f"there are records of {country_names()[most]}"
        if sum(map(bool, counts.values())) > 1:
            headers = [header for file in files for header in file.columns.headers]
            named = next(filter(_CURRENCY.search, headers), "HEADER")
            says += " and others. Import one currency at a time, or say which it is"
            ways = ("set", currency), ("map", named)
        else:
            says += ". Say which it is"
            ways = ("set", own[most] or "CODE"), ("set", currency)
        raise to_be_said(problem, says, *((how, "currency", it) for how, it in ways))
    return count


def few_records_notes(
    counts: list[tuple[str, int | None, str, int]], groups: list[Group], least: int
) -> list[str]:
    """Return a note on the roles of which too few records were used for a group."""
    known = {group["role"] for group in groups}
    few = Counter[str]()
    for role, _, _, count in counts:
        few[role] += count * (role not in known)
    roles = [f"{role} ({count})" for role, count in few.most_common() if count]
    if not (roles and groups):
        return []
    return [f"fewer than {least} records of one year, so no pay: {shorten(roles)}"]


def median_notes(data: DatasetJson, groups: list[Group], *, vague: bool) -> list[str]:
    """Return notes on medians that are far from those of the data set.

    They are compared in the country of most records; without one, only vague amounts
    are: those that do not state both a currency and a period.
    """
    known, notes = whole_medians(data), list[str]()
    largest: dict[tuple[str, int], Group] = {}
    for group in groups:
        if breakdown(group) == {"country"}:
            key = (group["role"], group["year"])
            rest = largest.get(key, group)
            largest[key] = max(rest, group, key=itemgetter("records"))
    for group in filter(is_whole, groups):
        most = largest.get((group["role"], group["year"]), group)
        if 2 * most["records"] < group["records"]:
            most = group
        median, year = most["p50"], f" {group['year']}" if group["year"] else ""
        # Pay may be lower in a country that the data set does not know, but not higher.
        overall = known.get((group["role"], None), median)
        usual = known.get((group["role"], most["country"]), min(median, overall))
        is_far = not median / _FAR <= usual <= median * _FAR
        if is_far and (vague or most["country"]):
            text = (
                f"{group['role']}{year}: the median is {median:,}, and "
                f"{usual:,} in the data set. Is it "
            )
            notes.append(Message(text, _TOO_LOW if median < usual else _TOO_HIGH))
    return notes
