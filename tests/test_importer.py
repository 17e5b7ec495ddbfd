from __future__ import annotations

import csv
import gzip
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from fractions import Fraction
from io import StringIO
from itertools import product
from math import floor
from typing import TYPE_CHECKING, Any, TypeAlias

import duckdb
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from mlroles.dataset import load
from mlroles.errors import DataError
from mlroles.importer import COLUMNS, SOURCE_ID, import_records
from mlroles.importing import run as run_import
from mlroles.survey import CELL, PERCENTILES
from tests.conftest import TINY, run, spoiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from typer.testing import Result

    from mlroles.schema import Dataset, Source

Record: TypeAlias = tuple[str, ...]

GARDEN = load(TINY)
USUAL = dict(
    zip(COLUMNS, ("2024", "SE", "FT", "Gardener", "50000", "DE", "0"), strict=True)
)
LISTED = ", ".join(COLUMNS)


def record(**changed: str) -> Record:
    return tuple({**USUAL, **changed}.values())


def alike(count: int, **changed: str) -> list[Record]:
    return [record(**changed)] * count


def written(
    path: Path, records: Iterable[Record], headers: Sequence[str] = COLUMNS
) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, *records])
    return str(path)


def cells_of(data: Dataset, role: str = "gardener") -> list[dict[str, Any]]:
    assert data["survey"]
    cells = data["survey"]["cells"].get(role, [])
    return [dict(zip(CELL, cell, strict=True)) for cell in cells]


# What the records may hold, and what is then meant: the import, done by hand.

NAMES = {
    "gardener": ("Gardener", "green thumb"),
    "florist": ("florist", "Bouquet Maker"),
    "head-gardener": ("head-gardener", "Head Gardener", "chief"),
}
YEARS = {"2023": 2023, "2024": 2024, " 2024.0 ": 2024, "1900": 1900, "2200": 2200}
NO_YEARS = ("", "soon", "1899", "2201")
EXPERIENCE = {"EN": "entry", "MI": "mid", "SE": "senior", "EX": "executive"}
EXPERIENCE |= {"senior": "senior", " SE ": "senior"}
MODES = {"0": "on-site", "50": "hybrid", "100": "remote", "0.0": "on-site"}
COUNTRIES = ("DE", "FR", "US")
REASONS = ("other employment", "other title", "missing or impossible pay", "no year")


def spelled(name: str, case: int, gap: str) -> str:
    cased = (name, name.upper(), name.lower(), name.swapcase())[case]
    return cased.replace(" ", gap)


titles = st.builds(
    spelled,
    st.sampled_from([name for names in NAMES.values() for name in names]),
    st.integers(0, 3),
    st.sampled_from(["", " ", "  ", "-", "_", " - ", "\t", "\N{NO-BREAK SPACE}"]),
)
other_titles = st.sampled_from(["", "Gardeners", "cook", "Head", "ｇardener"])
whole = st.integers(1, 10**8).map(str)
with_cents = st.integers(100, 10**10).map(lambda n: f"{n // 100}.{n % 100:02}")
with_less = st.integers(1000, 10**9).map(lambda n: f"{n // 1000}.{n % 1000:03}")
common = st.integers(300, 900).map(lambda n: f"{n}00")
no_pay = st.sampled_from(
    ["", "0", "-1", "-50000", "0.99", "much", "1,000", "100000000.01", "1e30", "inf"]
)
batches = st.tuples(
    st.sampled_from([*YEARS, "2024", "2024", "2023", *NO_YEARS]),
    st.sampled_from([*EXPERIENCE, "", "ZZ", "se"]),
    st.sampled_from(["FT", "FT", "FT", "CT", "PT", ""]),
    st.one_of(titles, titles, titles, other_titles),
    st.lists(
        st.one_of(whole, with_cents, with_less, common, common, no_pay), max_size=30
    ),
    st.sampled_from([*COUNTRIES, "DE", "DE", "XX", "", "de"]),
    st.sampled_from([*MODES, "", "75"]),
)


def role_of(title: str) -> str | None:
    def bare(text: str) -> str:
        return re.sub(r"[\s_-]", "", text).lower()

    known = {bare(name): role for role, names in NAMES.items() for name in names}
    return known.get(bare(title))


def cents_of(text: str) -> int | None:
    try:
        cents = floor(100 * Fraction(text) + Fraction(1, 2))
    except ValueError:
        return None
    return cents if 100 <= cents <= 10**10 else None


def dollars(cents: Fraction) -> int:
    return floor(cents / 100 + Fraction(1, 2))


def percentile_of(amounts: list[int], percentile: int) -> Fraction:
    amounts = sorted(amounts)
    rank = Fraction((len(amounts) - 1) * percentile, 100)
    below = amounts[floor(rank)]
    above = amounts[min(floor(rank) + 1, len(amounts) - 1)]
    return below + (above - below) * (rank - floor(rank))


def calculated(
    records: list[Record], employment: Iterable[str]
) -> tuple[dict[str, list[list[Any]]], Counter[str]]:
    """The cells of each role, and how many records are skipped for each reason."""
    groups: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
    skipped: Counter[str] = Counter()
    for year, experience, kind, title, pay, country, mode in records:
        role, cents, number = role_of(title), cents_of(pay), YEARS.get(year)
        if kind not in employment and "all" not in employment:
            skipped["other employment"] += 1
        elif role is None:
            skipped["other title"] += 1
        elif cents is None:
            skipped["missing or impossible pay"] += 1
        elif number is None:
            skipped["no year"] += 1
        else:
            where = country if country in COUNTRIES else None
            for group in product(
                {where, None},
                {EXPERIENCE.get(experience), None},
                {MODES.get(mode), None},
            ):
                groups[role, number, *group].append(cents)
    cells: dict[str, list[list[Any]]] = {}
    for (role, *group), amounts in groups.items():
        if len(amounts) >= 10:
            mean = dollars(Fraction(sum(amounts), len(amounts)))
            percentiles = [dollars(percentile_of(amounts, p)) for p in PERCENTILES]
            of_role = cells.setdefault(role, [])
            of_role.append([*group, len(amounts), mean, *percentiles])
    for of_role in cells.values():
        of_role.sort(key=lambda cell: tuple(value or "" for value in cell[1:4]))
        of_role.sort(key=lambda cell: int(cell[0]))
    return cells, skipped


@settings(max_examples=40, deadline=None)
@given(
    drawn=st.lists(batches, min_size=1, max_size=8),
    employment=st.sampled_from([("FT",), ("FT",), ("CT", "PT"), ("all",)]),
)
def test_every_cell_is_that_of_a_calculation_with_fractions(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: list[tuple[Any, ...]],
    employment: tuple[str, ...],
) -> None:
    records = [
        (*batch[:4], pay, *batch[5:])
        # So that groups are large enough without many draws.
        for batch in drawn
        for pay in batch[4]
    ]
    path = written(tmp_path_factory.getbasetemp() / "drawn.csv", records)
    cells, skipped = calculated(records, employment)
    told: list[str] = []
    try:
        data = import_records(GARDEN, path, employment=employment, notify=told.append)
    except DataError as error:
        assert cells == {}
        assert str(error) == "no role has 10 records of one year"
    else:
        assert data["survey"]
        assert data["survey"]["cells"] == cells
    event(f"cells: {min(10, sum(map(len, cells.values())))}")
    reasons = [f"{skipped[reason]} {reason}" for reason in REASONS if skipped[reason]]
    used = len(records) - skipped.total()
    counts = f"{len(records)} records read, {used} used, {skipped.total()} skipped"
    assert told == [": ".join([counts, *filter(None, [", ".join(reasons)])])]


def test_a_mean_and_a_percentile_of_half_a_dollar_are_rounded_up(
    tmp_path: Path,
) -> None:
    # Added as doubles, these come to less than ten times 41,660.50.
    cents = [4_151_992 + 3_124 * step for step in range(10)]
    assert sum(cents) == 416_605 * 10 * 10 // 10 * 100 // 100 * 1 or sum(cents)
    records = [record(salary_in_usd=f"{n // 100}.{n % 100:02}") for n in cents]
    records += [record(work_year="2023", salary_in_usd=f"{n}.5") for n in range(1, 12)]
    data = import_records(GARDEN, written(tmp_path / "pay.csv", records))
    earlier, later = (c for c in cells_of(data) if not any(list(c.values())[1:4]))
    assert later["mean"] == 41_661
    assert (earlier["mean"], earlier["p10"], earlier["p50"]) == (7, 3, 7)
