"""A reference implementation of the import with exact fractions."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import product
from math import floor
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from mlroles.dataset.dimensions import MIN_RECORDS, PERCENTILES
from tests.importer.records_file import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.importer.records_file import Record

# A record has the values of COLUMNS. That of a range has the low end as its pay, and
# then the high end.

ROLE_NAMES = {
    "gardener": ("Gardener", "green thumb"),
    "florist": ("florist", "Bouquet Maker"),
    "head-gardener": ("head-gardener", "Head Gardener", "chief"),
}
YEARS = {"2024": 2024, " 2024.0 ": 2024, "1900": 1900, "2200": 2200}
INVALID_YEARS = ("", "soon", "1899", "2201")
EXPERIENCES = {"EN": "entry", "MI": "mid", "SE": "senior", "EX": "executive"}
EXPERIENCES |= {"senior": "senior", " SE ": "senior", "Junior": "entry"}
EXPERIENCES |= {"Entry-level": "entry"}
WORK_MODES = {
    "On Site": "on-site", "0": "on-site", "50": "hybrid", "100": "remote",
    "0.0": "on-site",
}  # fmt: skip
COUNTRIES = {"DE": "DE", "FR": "FR", "US": "US", "Germany": "DE", "usa": "US"}
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
    "unreadable pay",
)


MISSING = {"", "0", "-1"}
UNREADABLE = ("much", "12,0000", "1e30", "inf")


def _spell(name: str, case: int, separator: str) -> str:
    cased = (name, name.upper(), name.lower(), name.swapcase())[case]
    return cased.replace(" ", separator)


_titles = st.builds(
    _spell,
    st.sampled_from([name for names in ROLE_NAMES.values() for name in names]),
    st.integers(0, 3),
    st.sampled_from(["", " ", "  ", "-", "_", " - ", "\t", "\N{NO-BREAK SPACE}"]),
)
_other_titles = st.sampled_from(["", "cook", "Head", "Gärdener", "Gardenersx"])
_UNITS = {"K": 1_000, "M": 10**6}


def _amount(text: str) -> Fraction:
    """Parse an amount, without regular expressions; ValueError if it is none."""
    text = text.upper().strip()
    text = text.replace("\N{EURO SIGN}", "").replace("EUR", "").strip()
    unit = _UNITS.get(text[-1:], 1)
    whole, _, cents = text.rstrip("KM").strip().partition(".")
    first, *others = whole.replace("_", ",").split(",")
    if others and (len(first) not in {1, 2, 3} or {*map(len, others)} != {3}):
        raise ValueError(text)
    if (others or unit > 1) and len(cents) > 2:
        raise ValueError(text)
    return Fraction(".".join(filter(None, [first + "".join(others), cents]))) * unit


_whole = st.integers(1_000, 10**8).map(str)
_cents = st.integers(10**5, 10**10).map(lambda n: f"{n // 100}.{n % 100:02}")
_mills = st.integers(10**6, 10**9).map(lambda n: f"{n // 1000}.{n % 1000:03}")
_hundreds = st.integers(300, 900).map(lambda n: f"{n}00")
_invalid_pay = st.sampled_from(
    ["", "0", "-1", "-50000", "999.99", "165.000", "165.0000", "100000000.01",
     *UNREADABLE]
)  # fmt: skip
_written = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "\N{EURO SIGN}", "EUR ", "\N{NO-BREAK SPACE}"]),
    st.one_of(
        st.integers(1_000, 10**8).map("{:,}".format),
        st.integers(1_000, 10**8).map("{:_}".format),
        st.integers(10**5, 10**10).map(lambda n: f"{n // 100:,}.{n % 100:02}"),
        st.integers(1, 999).map("{}k".format),
        st.integers(100, 9999).map(lambda n: f"{n / 100}K"),
        st.integers(1, 99).map("{} M".format),
    ),
    st.sampled_from(["", " EUR", " \N{EURO SIGN}", "  "]),
)
_pay = st.one_of(_whole, _cents, _mills, _hundreds, _hundreds, _written)
_ranges = st.tuples(_pay, _pay).map(lambda ends: sorted(ends, key=_amount))
_invalid_ranges = st.one_of(
    st.tuples(_invalid_pay, _pay),
    st.tuples(_pay, _invalid_pay),
    _ranges.map(lambda ends: ends[::-1]),
)
_levels = st.sampled_from([*EXPERIENCES, "", "ZZ", "boss"])
_countries = st.sampled_from([*COUNTRIES, "DE", "XX", ""])
_modes = st.sampled_from([*WORK_MODES, "", "75"])


def _records(pay: st.SearchStrategy[Any], invalid: st.SearchStrategy[Any]) -> Any:
    """Draw batches of records that differ only in their pay.

    So groups are large enough.
    """
    valid_batches = st.tuples(
        st.sampled_from(list(YEARS)),
        _levels,
        st.just("FT"),
        _titles,
        st.lists(pay, min_size=8, max_size=25),
        _countries,
        _modes,
    )
    other_batches = st.tuples(
        st.sampled_from(["2024", *INVALID_YEARS]),
        _levels,
        st.sampled_from(["FT", "CT", "PT", ""]),
        st.one_of(_titles, _other_titles),
        st.lists(st.one_of(pay, invalid), min_size=1, max_size=20),
        _countries,
        _modes,
    )
    batches = st.one_of(valid_batches, valid_batches, other_batches)
    return st.lists(batches, min_size=1, max_size=8).map(_expand)


def _expand(batches: list[tuple[Any, ...]]) -> list[Record]:
    return [
        (*batch[:4], low, *batch[5:], *high)
        for batch in batches
        for pay in batch[4]
        for low, *high in [[pay] if isinstance(pay, str) else pay]
    ]


single_amounts = _records(_pay, _invalid_pay)
ranges = _records(_ranges, _invalid_ranges)


def _role(title: str) -> str | None:
    def key(text: str) -> str:
        return re.sub(r"[\s_-]", "", text).lower()

    roles = {key(name): role for role, names in ROLE_NAMES.items() for name in names}
    return roles.get(key(title))


def _to_cents(text: str) -> int | None:
    try:
        cents = floor(100 * _amount(text) + Fraction(1, 2))
    except ValueError:
        return None
    return cents if 10**5 <= cents <= 10**10 else None


def _ends(record: Record) -> tuple[int, int] | None:
    """Return the low and the high end of the pay in cents, None if it is invalid."""
    # A low end counts alone.
    _, _, _, _, low, _, _, *high = record
    ends = [_to_cents(end) for end in (low, *({*high} - MISSING))]
    first, last = ends[0], ends[-1]
    return None if first is None or last is None or first > last else (first, last)


def _round(cents: Fraction) -> int:
    return floor(cents / 100 + Fraction(1, 2))


def _percentile(amounts: list[Fraction], percentile: int) -> Fraction:
    amounts = sorted(amounts)
    rank = Fraction((len(amounts) - 1) * percentile, 100)
    below = amounts[floor(rank)]
    above = amounts[min(floor(rank) + 1, len(amounts) - 1)]
    return below + (above - below) * (rank - floor(rank))


def _pay_problem(record: Record) -> str:
    """Return what is wrong with the pay of a record, or an empty text."""
    _, _, _, _, low, _, _, *high = record
    if _ends(record):
        return ""
    if low in MISSING:
        return "missing pay"
    if any(re.fullmatch(r"\d{1,3}[.]\d{3}", end) for end in (low, *high)):
        return "ambiguous pay"
    is_read = {low, *high}.isdisjoint(UNREADABLE)
    return "impossible pay" if is_read else "unreadable pay"


def skip_reason(record: Record, employment: Iterable[str]) -> str:
    """Return the first of SKIP_REASONS that applies to a record, or an empty text."""
    year, _, kind, title, *_ = record
    problems = (
        "" if kind in employment or "all" in employment else SKIP_REASONS[1],
        "" if _role(title) else SKIP_REASONS[2],
        _pay_problem(record),
        "" if year in YEARS else SKIP_REASONS[8],
    )
    return next(filter(None, problems), "")


def unknown_values(used: list[Record]) -> dict[str, Counter[str]]:
    """Count the values that are not broken down, by column."""
    known = {
        "country": (5, COUNTRIES),
        "level": (1, EXPERIENCES),
        "work mode": (6, WORK_MODES),
    }
    return {
        column: Counter(r[at] for r in used if r[at] and r[at] not in values)
        for column, (at, values) in known.items()
    }


def median_rank(records: int) -> int:
    """Return the rank at which the 95 % confidence interval of the median begins.

    It is the last one for which at most one sample in 40 has fewer records below the
    median, each being below it with a probability of a half.
    """
    rank, fewer, ways = 0, 0, 1
    while 40 * (fewer + ways) <= 2**records:
        fewer += ways
        ways = ways * (records - rank) // (rank + 1)
        rank += 1
    return rank


def _figures(ends: list[tuple[int, int]], *, is_range: bool) -> list[int | None]:
    """Calculate the number of records, their mean, percentiles and both ranges."""
    midpoints = [Fraction(low + high, 2) for low, high in ends]
    lows, highs = ([Fraction(end) for end in side] for side in zip(*ends, strict=True))
    typical = [_round(_percentile(side, 50)) for side in (lows, highs)]
    rank = median_rank(len(ends))
    interval = [sorted(midpoints)[rank - 1], sorted(midpoints)[-rank]]
    return [
        len(ends),
        _round(sum(midpoints, Fraction()) / len(ends)),
        *(_round(_percentile(midpoints, percentile)) for percentile in PERCENTILES),
        *(typical if is_range else [None, None]),
        *map(_round, interval),
    ]


def pay_groups(used: list[Record]) -> dict[str, list[list[Any]]]:
    """Calculate the pay groups of each role, in the order of the data set."""
    pay: defaultdict[tuple[Any, ...], list[tuple[int, int]]] = defaultdict(list)
    for record in used:
        year, experience, _, title, _, country, mode, *_ = record
        combinations = product(
            {COUNTRIES.get(country), None},
            {EXPERIENCES.get(experience), None},
            {WORK_MODES.get(mode), None},
        )
        for values in combinations:
            pay[_role(title), YEARS[year], *values].append(_ends(record) or (0, 0))
    roles: dict[str, list[list[Any]]] = {}
    for (role, *dimensions), ends in pay.items():
        if len(ends) >= MIN_RECORDS:
            figures = _figures(ends, is_range=len(used[0]) > len(COLUMNS))
            roles.setdefault(role, []).append([*dimensions, *figures])
    for groups in roles.values():
        groups.sort(key=lambda group: tuple(value or "" for value in group[1:4]))
        groups.sort(key=lambda group: int(group[0]))
    return roles
