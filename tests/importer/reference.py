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

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.importer.records_file import Record

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
    "On Site": "on-site",
    "0": "on-site",
    "50": "hybrid",
    "100": "remote",
    "0.0": "on-site",
}
COUNTRIES = ("DE", "FR", "US")
SKIP_REASONS = (
    "other employment type",
    "other job title",
    "missing or impossible pay",
    "missing year",
)


def _spell(name: str, case: int, separator: str) -> str:
    cased = (name, name.upper(), name.lower(), name.swapcase())[case]
    return cased.replace(" ", separator)


_titles = st.builds(
    _spell,
    st.sampled_from([name for names in ROLE_NAMES.values() for name in names]),
    st.integers(0, 3),
    st.sampled_from(["", " ", "  ", "-", "_", " - ", "\t", "\N{NO-BREAK SPACE}"]),
)
_other_titles = st.sampled_from(["", "Gardeners", "cook", "Head", "Gärdener"])
_whole = st.integers(1_000, 10**8).map(str)
_cents = st.integers(10**5, 10**10).map(lambda n: f"{n // 100}.{n % 100:02}")
_mills = st.integers(10**6, 10**9).map(lambda n: f"{n // 1000}.{n % 1000:03}")
_hundreds = st.integers(300, 900).map(lambda n: f"{n}00")
_invalid_pay = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "-50000",
        "999.99",
        "165.000",
        "much",
        "1,000",
        "100000000.01",
        "1e30",
        "inf",
    ]
)
_pay = st.one_of(_whole, _cents, _mills, _hundreds, _hundreds)
_levels = st.sampled_from([*EXPERIENCES, "", "ZZ", "boss"])
_countries = st.sampled_from([*COUNTRIES, "DE", "XX", "", "Germany"])
_modes = st.sampled_from([*WORK_MODES, "", "75"])
# The records of a batch differ only in their pay, so that groups are large enough.
_valid_batches = st.tuples(
    st.sampled_from(list(YEARS)),
    _levels,
    st.just("FT"),
    _titles,
    st.lists(_pay, min_size=8, max_size=25),
    _countries,
    _modes,
)
_other_batches = st.tuples(
    st.sampled_from(["2024", *INVALID_YEARS]),
    _levels,
    st.sampled_from(["FT", "CT", "PT", ""]),
    st.one_of(_titles, _other_titles),
    st.lists(st.one_of(_pay, _invalid_pay), min_size=1, max_size=20),
    _countries,
    _modes,
)


def _expand(batches: list[tuple[Any, ...]]) -> list[Record]:
    return [(*batch[:4], pay, *batch[5:]) for batch in batches for pay in batch[4]]


records = st.lists(
    st.one_of(_valid_batches, _valid_batches, _other_batches), min_size=1, max_size=8
).map(_expand)


def _role(title: str) -> str | None:
    def key(text: str) -> str:
        return re.sub(r"[\s_-]", "", text).lower()

    roles = {key(name): role for role, names in ROLE_NAMES.items() for name in names}
    return roles.get(key(title))


def _to_cents(text: str) -> int | None:
    try:
        cents = floor(100 * Fraction(text) + Fraction(1, 2))
    except ValueError:
        return None
    return cents if 10**5 <= cents <= 10**10 else None


def _round(cents: Fraction) -> int:
    return floor(cents / 100 + Fraction(1, 2))


def _percentile(amounts: list[int], percentile: int) -> Fraction:
    amounts = sorted(amounts)
    rank = Fraction((len(amounts) - 1) * percentile, 100)
    below = amounts[floor(rank)]
    above = amounts[min(floor(rank) + 1, len(amounts) - 1)]
    return below + (above - below) * (rank - floor(rank))


def skip_reason(record: Record, employment: Iterable[str]) -> str:
    """Return the first of SKIP_REASONS that applies to a record, or an empty text."""
    year, _, kind, title, pay, *_ = record
    valid = (
        kind in employment or "all" in employment,
        _role(title) is not None,
        _to_cents(pay) is not None,
        year in YEARS,
    )
    reasons = zip(SKIP_REASONS, valid, strict=True)
    return next((reason for reason, is_valid in reasons if not is_valid), "")


def unknown_values(used: list[Record]) -> dict[str, Counter[str]]:
    """Count the values that are not broken down, by column."""
    known = {
        "company_location": (5, COUNTRIES),
        "experience_level": (1, EXPERIENCES),
        "remote_ratio": (6, WORK_MODES),
    }
    return {
        column: Counter(r[at] for r in used if r[at] and r[at] not in values)
        for column, (at, values) in known.items()
    }


def pay_groups(used: list[Record]) -> dict[str, list[list[Any]]]:
    """Calculate the pay groups of each role, in the order of the data set."""
    amounts: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
    for year, experience, _, title, pay, country, mode in used:
        combinations = product(
            {country if country in COUNTRIES else None, None},
            {EXPERIENCES.get(experience), None},
            {WORK_MODES.get(mode), None},
        )
        for values in combinations:
            key = (_role(title), YEARS[year], *values)
            amounts[key].append(_to_cents(pay) or 0)
    roles: dict[str, list[list[Any]]] = {}
    for (role, *dimensions), group in amounts.items():
        if len(group) >= MIN_RECORDS:
            mean = _round(Fraction(sum(group), len(group)))
            percentiles = [_round(_percentile(group, p)) for p in PERCENTILES]
            roles.setdefault(role, []).append(
                [*dimensions, len(group), mean, *percentiles]
            )
    for groups in roles.values():
        groups.sort(key=lambda group: tuple(value or "" for value in group[1:4]))
        groups.sort(key=lambda group: int(group[0]))
    return roles
