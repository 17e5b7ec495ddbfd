from __future__ import annotations

import csv
import gzip
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter, defaultdict
from contextlib import nullcontext
from fractions import Fraction
from io import StringIO
from itertools import product
from math import floor
from typing import TYPE_CHECKING, Any, TypeAlias

import duckdb
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from mlroles.dataset.dimensions import CELL, PERCENTILES
from mlroles.dataset.load import load
from mlroles.errors import DataError, MlrolesError, printable
from mlroles.importer.command import run as run_import
from mlroles.importer.pay import SOURCE_ID, import_records
from mlroles.importer.records import COLUMNS
from tests.conftest import TINY, run, spoiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Self

    from typer.testing import Result

    from mlroles.dataset.schema import Dataset, Source

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
YEARS = {"2024": 2024, " 2024.0 ": 2024, "1900": 1900, "2200": 2200}
NO_YEARS = ("", "soon", "1899", "2201")
EXPERIENCE = {"EN": "entry", "MI": "mid", "SE": "senior", "EX": "executive"}
EXPERIENCE |= {"senior": "senior", " SE ": "senior", "Junior": "entry"}
EXPERIENCE |= {"Entry-level": "entry"}
MODES = {
    "On Site": "on-site",
    "0": "on-site",
    "50": "hybrid",
    "100": "remote",
    "0.0": "on-site",
}
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
other_titles = st.sampled_from(["", "Gardeners", "cook", "Head", "Gärdener"])
whole = st.integers(1_000, 10**8).map(str)
with_cents = st.integers(10**5, 10**10).map(lambda n: f"{n // 100}.{n % 100:02}")
with_less = st.integers(10**6, 10**9).map(lambda n: f"{n // 1000}.{n % 1000:03}")
common = st.integers(300, 900).map(lambda n: f"{n}00")
no_pay = st.sampled_from(
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
some_pay = st.one_of(whole, with_cents, with_less, common, common)
levels = st.sampled_from([*EXPERIENCE, "", "ZZ", "boss"])
countries = st.sampled_from([*COUNTRIES, "DE", "XX", "", "Germany"])
modes = st.sampled_from([*MODES, "", "75"])
# Records that have all but their pay in common, so that groups are large enough.
usual = st.tuples(
    st.sampled_from(list(YEARS)),
    levels,
    st.just("FT"),
    titles,
    st.lists(some_pay, min_size=8, max_size=25),
    countries,
    modes,
)
unusual = st.tuples(
    st.sampled_from(["2024", *NO_YEARS]),
    levels,
    st.sampled_from(["FT", "CT", "PT", ""]),
    st.one_of(titles, other_titles),
    st.lists(st.one_of(some_pay, no_pay), min_size=1, max_size=20),
    countries,
    modes,
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
    return cents if 10**5 <= cents <= 10**10 else None


def dollars(cents: Fraction) -> int:
    return floor(cents / 100 + Fraction(1, 2))


def percentile_of(amounts: list[int], percentile: int) -> Fraction:
    amounts = sorted(amounts)
    rank = Fraction((len(amounts) - 1) * percentile, 100)
    below = amounts[floor(rank)]
    above = amounts[min(floor(rank) + 1, len(amounts) - 1)]
    return below + (above - below) * (rank - floor(rank))


def why_skipped(record: Record, employment: Iterable[str]) -> str:
    """Which of REASONS keeps a record from counting, or none."""
    year, _, kind, title, pay, *_ = record
    fits = (
        kind in employment or "all" in employment,
        role_of(title) is not None,
        cents_of(pay) is not None,
        year in YEARS,
    )
    reasons = zip(REASONS, fits, strict=True)
    return next((reason for reason, holds in reasons if not holds), "")


def unknown_in(used: list[Record]) -> dict[str, Counter[str]]:
    """The values of records that no group of their own can be made of, by column."""
    known = {
        "company_location": (5, COUNTRIES),
        "experience_level": (1, EXPERIENCE),
        "remote_ratio": (6, MODES),
    }
    return {
        column: Counter(r[at] for r in used if r[at] and r[at] not in values)
        for column, (at, values) in known.items()
    }


def calculated(used: list[Record]) -> dict[str, list[list[Any]]]:
    """The cells of each role."""
    groups: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
    for year, experience, _, title, pay, country, mode in used:
        where = country if country in COUNTRIES else None
        for group in product(
            {where, None},
            {EXPERIENCE.get(experience), None},
            {MODES.get(mode), None},
        ):
            groups[role_of(title), YEARS[year], *group].append(cents_of(pay) or 0)
    cells: dict[str, list[list[Any]]] = {}
    for (role, *shared), amounts in groups.items():
        if len(amounts) >= 10:
            mean = dollars(Fraction(sum(amounts), len(amounts)))
            percentiles = [dollars(percentile_of(amounts, p)) for p in PERCENTILES]
            of_role = cells.setdefault(role, [])
            of_role.append([*shared, len(amounts), mean, *percentiles])
    for of_role in cells.values():
        of_role.sort(key=lambda cell: tuple(value or "" for value in cell[1:4]))
        of_role.sort(key=lambda cell: int(cell[0]))
    return cells


@settings(max_examples=40, deadline=None)
@given(
    drawn=st.lists(st.one_of(usual, usual, unusual), min_size=1, max_size=8),
    employment=st.sampled_from([("FT",), ("FT", "CT"), ("CT", "PT"), ("all",)]),
)
def test_every_cell_is_that_of_a_calculation_with_fractions(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: list[tuple[Any, ...]],
    employment: tuple[str, ...],
) -> None:
    records = [(*batch[:4], pay, *batch[5:]) for batch in drawn for pay in batch[4]]
    path = written(tmp_path_factory.getbasetemp() / "drawn.csv", records)
    skipped = Counter(filter(None, (why_skipped(r, employment) for r in records)))
    counting = [r for r in records if not why_skipped(r, employment)]
    cells = calculated(counting)
    told: list[str] = []
    enough: AbstractContextManager[Any] = nullcontext()
    if not cells:
        enough = pytest.raises(DataError, match=r"^no role has 10 records of one year$")
    with enough:
        data = import_records(GARDEN, path, employment=employment, notify=told.append)
        survey: Any = data["survey"]
        assert survey["cells"] == cells
    event(f"cells: {min(10, sum(map(len, cells.values())))}")
    reasons = [f"{skipped[reason]} {reason}" for reason in REASONS if skipped[reason]]
    counts = (
        f"{len(records)} records read, {len(counting)} used, {skipped.total()} skipped"
    )
    assert told == [
        ": ".join([counts, *filter(None, [", ".join(reasons)])]),
        *[
            f"{column} not known in {others.total()} of them, which count without it: "
            + ", ".join(sorted(others, key=lambda value: (-others[value], value)))
            for column, others in unknown_in(counting).items()
            if others
        ],
    ]


def test_a_mean_and_a_percentile_of_half_a_dollar_are_rounded_up(
    tmp_path: Path,
) -> None:
    # Their mean is 41,660.50, but not if they are added as doubles.
    cents = [4_151_992 + 3_124 * step for step in range(10)]
    records = [record(salary_in_usd=f"{n // 100}.{n % 100:02}") for n in cents]
    halves = [f"{1_000 + n}.5" for n in range(1, 12)]
    records += [record(work_year="2023", salary_in_usd=half) for half in halves]
    # As a double, this is a little less than half a cent above 1,024.49.
    records += alike(10, work_year="2022", salary_in_usd="1024.495")
    data = import_records(GARDEN, written(tmp_path / "pay.csv", records))
    found = {c["year"]: c for c in cells_of(data) if not any(list(c.values())[1:4])}
    assert found[2024]["mean"] == 41_661
    assert [found[2023][key] for key in ("mean", "p10", "p50")] == [1007, 1003, 1007]
    assert [found[2022][key] for key in ("mean", "p10", "p50")] == [1025] * 3


@pytest.mark.parametrize(
    "title", ["Straßenfeger", "STRASSENFEGER", "straßen\N{NO-BREAK SPACE}feger"]
)
def test_a_title_beyond_ascii_finds_its_role(title: str, tmp_path: Path) -> None:
    data = spoiled(GARDEN, "roles", 0, "title", value="Straßenfeger")
    path = written(tmp_path / "pay.csv", alike(10, job_title=title))
    assert cells_of(import_records(data, path))


def test_every_blank_of_unicode_separates_the_words_of_a_title(tmp_path: Path) -> None:
    blanks = [char for char in map(chr, range(0x110000)) if char.isspace()]
    records = [record(job_title=f"green{blank}thumb") for blank in blanks]
    data = import_records(GARDEN, written(tmp_path / "pay.csv", records))
    assert cells_of(data)[0]["records"] == len(blanks)


# Through the command line.


def imported(records: str, *options: str, output: Path) -> Result:
    return run("import", records, "-o", str(output), "--data", str(TINY), *options)


def survey_of(records: str, *options: str, output: Path) -> Any:
    result = imported(records, *options, output=output)
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    return json.loads(output.read_text(encoding="utf-8"))["survey"]


def test_what_was_skipped_and_why_is_told(tmp_path: Path) -> None:
    records = [
        *alike(1200),
        *alike(2, employment_type="CT"),
        *alike(3, job_title="Cook"),
        *alike(4, salary_in_usd="none"),
        *alike(5, work_year=""),
        # The first reason counts.
        record(employment_type="", job_title="", salary_in_usd="", work_year=""),
    ]
    path = written(tmp_path / "pay.csv", records)
    result = imported(path, output=tmp_path / "new.json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "mlroles: 1,215 records read, 1,200 used, 15 skipped: 3 other employment, "
        "3 other title, 4 missing or impossible pay, 5 no year\n"
        "mlroles: salary_in_usd counts as EUR, the data set's currency\n"
        f"mlroles: wrote {tmp_path / 'new.json'}: pay of 1 role, in place of almanac "
        "of pay\n"
    )


@pytest.mark.parametrize(
    ("options", "used"),
    [
        ([], 11),
        (["--employment", "CT"], 12),
        (["--employment", "FT", "--employment", "CT"], 23),
        (["--employment", "all"], 36),
    ],
    ids=["full time unless told", "another", "two", "all"],
)
def test_the_employment_types_that_count_can_be_chosen(
    options: list[str], used: int, tmp_path: Path
) -> None:
    records = [
        *alike(11),
        *alike(12, employment_type="CT"),
        *alike(13, employment_type=""),
    ]
    path = written(tmp_path / "pay.csv", records)
    survey = survey_of(path, *options, output=tmp_path / "new.json")
    assert survey["cells"]["gardener"][0][4] == used


def test_columns_can_be_called_otherwise(tmp_path: Path) -> None:
    headers = ["year", *COLUMNS[1:3], 'the "title", ours', *COLUMNS[4:]]
    path = written(tmp_path / "pay.csv", alike(10), headers)
    options = ["year=work_year", 'the "title", ours=job_title']
    survey_of(
        path, *(f"--rename={pair}" for pair in options), output=tmp_path / "new.json"
    )


@pytest.mark.parametrize("at", [0, 7], ids=["before", "behind"])
def test_a_renamed_column_stands_in_for_one_of_the_name(
    at: int, tmp_path: Path
) -> None:
    headers, cook = list(COLUMNS), list(record(job_title="cook"))
    headers.insert(at, "title")
    cook.insert(at, "Gardener")
    path = written(tmp_path / "pay.csv", [tuple(cook)] * 10, headers)
    survey_of(path, "--rename", "title=job_title", output=tmp_path / "new.json")


@pytest.mark.parametrize("pair", ["job_title", "=job_title", "title=", "=", ""])
def test_a_renaming_without_two_names_is_told(pair: str, tmp_path: Path) -> None:
    path = written(tmp_path / "pay.csv", alike(10))
    result = imported(path, "--rename", pair, output=tmp_path / "new.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"mlroles: {pair!r} is not THEIRS=OURS\n"


WITHOUT_TITLE = [column for column in COLUMNS if column != "job_title"]


@pytest.mark.parametrize(
    ("headers", "options", "missing", "listed"),
    [
        (WITHOUT_TITLE, [], "job_title", ", ".join(WITHOUT_TITLE)),
        (["a", "b"], [], LISTED, "a, b"),
        (["Work_Year", *COLUMNS[1:]], [], "work_year", f"Work_Year, {LISTED[11:]}"),
        (COLUMNS, ["--rename", "titel=job_title"], "titel", LISTED),
        (["a\x1b[2J", "b\u202e"], [], LISTED, r"a\x1b[2J, b\u202e"),
    ],
    ids=["one", "all", "in another case", "renamed from", "beside control characters"],
)
def test_a_missing_column_is_told_with_those_that_are_there(
    headers: list[str], options: list[str], missing: str, listed: str, tmp_path: Path
) -> None:
    records = [tuple("1" * len(headers))] * 10
    path = written(tmp_path / "pay.csv", records, headers)
    result = imported(path, *options, output=tmp_path / "new.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"mlroles: {path} has no column {missing}; it has {listed}; "
        "--rename THEIRS=OURS names them\n"
    )


def parquet_of(path: Path, types: dict[str, str]) -> str:
    """The records of a CSV file as Parquet."""
    parquet = path.with_suffix(".parquet")
    columns = ", ".join(f"{name}::{kind} as {name}" for name, kind in types.items())
    select = f"select {columns} from read_csv('{path}', all_varchar=true)"  # noqa: S608
    duckdb.execute(f"copy ({select}) to '{parquet}' (format parquet)")
    return str(parquet)


def test_csv_its_dialects_and_parquet_give_the_same_survey(tmp_path: Path) -> None:
    plain = tmp_path / "pay.csv"
    records = [
        record(salary_in_usd=f"{40_000 + 137 * n}.{n:02}", remote_ratio=ratio)
        for n in range(40)
        for ratio in ("0", "50", "100")
    ]
    written(plain, [*records, record(salary_in_usd="")])
    text = plain.read_text(encoding="utf-8")
    packed = tmp_path / "pay.csv.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    marked = tmp_path / "marked.csv"
    marked.write_text(text, encoding="utf-8-sig")
    semicolons = tmp_path / "semicolons.csv"
    semicolons.write_text(text.replace(",", ";"), encoding="utf-8")
    quoted = tmp_path / "quoted.csv"
    quoted.write_text(text.replace("Gardener", '"Gardener"'), encoding="utf-8")
    numbers = {"work_year": "smallint", "salary_in_usd": "double"}
    types = dict.fromkeys(COLUMNS, "varchar") | numbers
    typed = parquet_of(plain, {**types, "remote_ratio": "utinyint"})
    expected = survey_of(str(plain), output=tmp_path / "new.json")
    assert len(expected["cells"]["gardener"]) == 4 * 4
    for path in (packed, marked, semicolons, quoted, typed):
        assert survey_of(str(path), output=tmp_path / "new.json") == expected, path
    # As of a column with gaps, which some programs make one of fractions.
    fractions = parquet_of(plain, {**types, "remote_ratio": "double"})
    assert survey_of(fractions, output=tmp_path / "new.json") == expected


def test_quotes_are_understood_where_only_late_records_have_them(
    tmp_path: Path,
) -> None:
    path = tmp_path / "pay.csv"
    written(path, alike(30_000, job_title="Cook"))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(alike(10))
        csv.writer(file).writerow(record(job_title='"Head", of Gardens'))
    result = imported(str(path), output=tmp_path / "new.json")
    assert "30,011 records read, 10 used" in result.stderr


def test_a_name_with_a_pattern_in_it_means_that_file_only(tmp_path: Path) -> None:
    path = written(tmp_path / "pay[1].csv", alike(11))
    written(tmp_path / "pay1.csv", alike(12))
    survey = survey_of(path, output=tmp_path / "new.json")
    assert survey["cells"]["gardener"][0][4] == 11


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pay.csv", bytes(range(256)) * 9),
        ("pay.csv", "Gärtner".encode("utf-16")),
        ("pay.csv", f"{','.join(COLUMNS)}\n".encode() + b"\xff,\n" * 9),
        ("pay.csv.gz", b"not packed"),
        ("pay.parquet", b"not parquet"),
        ("pay.parquet", b""),
        ("\x1b[2J.parquet", b"not parquet"),
    ],
    ids=["bytes", "UTF-16", "Latin-1", "gzip", "Parquet", "empty Parquet", "its name"],
)
def test_an_unreadable_file_is_told_in_one_line(
    name: str, content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = imported(str(path), output=tmp_path / "new.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"mlroles: cannot read {printable(str(path))}: ")
    assert result.stderr.removesuffix("\n").isprintable()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none.csv", "no such file or directory"),
        ("*.csv", "no such file or directory"),
        ("a" * 300, "file name too long"),
        (".", "is a directory"),
    ],
    ids=["missing", "pattern", "too long", "folder"],
)
def test_what_is_no_file_is_told(name: str, reason: str, tmp_path: Path) -> None:
    written(tmp_path / "pay.csv", alike(10))
    path = os.path.join(tmp_path, name)  # noqa: PTH118 - pathlib drops the dot
    result = imported(path, output=tmp_path / "new.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"mlroles: cannot read {path}: {reason}\n"


@pytest.mark.parametrize(
    "records",
    [[], alike(9), [*alike(9), *alike(9, work_year="2023")], alike(20, job_title="")],
    ids=["none", "nine", "nine a year", "no title"],
)
def test_too_few_records_are_told(records: list[Record], tmp_path: Path) -> None:
    path = written(tmp_path / "pay.csv", records)
    result = imported(path, output=tmp_path / "new.json")
    assert (result.exit_code, result.stdout) == (1, "")
    _counts, fault = result.stderr.splitlines()
    assert fault == "mlroles: no role has 10 records of one year"
    assert not (tmp_path / "new.json").exists()


@pytest.mark.parametrize("module", ["duckdb", "pycountry"])
def test_without_the_extra_it_says_how_to_install_it(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    path = written(tmp_path / "pay.csv", alike(10))
    result = imported(path, output=tmp_path / "new.json")
    assert (result.exit_code, result.stdout) == (1, "")
    project = (TINY.parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    (bounds,) = re.findall(r'"(duckdb[^"]+)"', project)
    assert result.stderr == (
        "mlroles: importing needs DuckDB and pycountry; install them with: "
        f"pip install '{bounds}' pycountry\n"
    )


# The data set that comes out.


def test_the_new_data_set_is_sound_and_differs_in_survey_sources_and_countries(
    tmp_path: Path,
) -> None:
    output = tmp_path / "new.json"
    records = [*alike(10, company_location="US"), *alike(9, company_location="AT")]
    survey_of(written(tmp_path / "pay.csv", records), output=output)
    result = run("validate", str(output))
    assert (result.exit_code, result.stdout) == (0, f"{output}: sound, 3 roles\n")
    data = load(output)
    kept = {"sources", "countries", "survey"}
    assert {k: v for k, v in data.items() if k not in kept} == {
        k: v for k, v in GARDEN.items() if k not in kept
    }
    # Germany is the region of the headlines; Austria and France have no cell.
    assert data["countries"] == {"DE": "Germany", "US": "United States"}
    assert [source["id"] for source in data["sources"]] == ["guild", SOURCE_ID]
    assert data["survey"] == {
        "source": SOURCE_ID,
        "columns": list(CELL),
        "cells": {
            "gardener": [
                [2024, country, experience, mode, records, *[50_000] * 14]
                for country, records in ((None, 19), ("US", 10))
                for experience in (None, "senior")
                for mode in (None, "on-site")
            ]
        },
    }
    assert data["sources"][-1]["records"] == 19
    assert data["sources"][-1]["updated"] == "2024"


def test_a_country_keeps_the_name_that_the_data_set_has_for_it(tmp_path: Path) -> None:
    data = spoiled(GARDEN, "countries", "DE", value="Deutschland")
    path = written(tmp_path / "pay.csv", alike(10))
    assert import_records(data, path)["countries"] == {"DE": "Deutschland"}


def test_a_source_that_is_still_cited_stays(tmp_path: Path) -> None:
    data = spoiled(GARDEN, "roles", 0, "salary", "source", value="almanac")
    path = written(tmp_path / "pay.csv", alike(10))
    sources = import_records(data, path)["sources"]
    assert sources[:2] == GARDEN["sources"]
    assert [source["id"] for source in sources[2:]] == [SOURCE_ID]


def test_a_data_set_without_survey_and_places_gets_a_survey(tmp_path: Path) -> None:
    data = spoiled(spoiled(GARDEN, "survey", value=None), "places", value=None)
    path = written(tmp_path / "pay.csv", alike(10))
    new = import_records(data, path)
    assert (len(cells_of(new)), new["places"]) == (8, None)


def test_a_second_import_takes_the_place_of_the_first(tmp_path: Path) -> None:
    path = written(tmp_path / "pay.csv", alike(10))
    once = import_records(GARDEN, path)
    assert import_records(once, path) == once


def test_a_source_can_be_named(tmp_path: Path) -> None:
    source: Source = {**GARDEN["sources"][0], "records": 10}
    path = written(tmp_path / "pay.csv", alike(10))
    data = import_records(GARDEN, path, source=source)
    # It stands once, though other figures cite it as well.
    assert data["sources"] == [source]
    assert data["survey"]
    assert data["survey"]["source"] == "guild"


def test_a_data_set_is_replaced(tmp_path: Path) -> None:
    output = tmp_path / "data.json"
    output.write_bytes(TINY.read_bytes())
    survey_of(written(tmp_path / "pay.csv", alike(10)), output=output)
    assert sorted(tmp_path.iterdir()) == [output, tmp_path / "pay.csv"]


def test_the_records_themselves_are_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "pay.csv"
    before = written(path, alike(10)) and path.read_bytes()
    result = imported(str(path), output=path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"mlroles: {path} exists and is not a data set; add --force to replace it\n"
    )
    assert path.read_bytes() == before


def test_a_symbolic_link_is_not_overwritten_unless_forced(tmp_path: Path) -> None:
    path = written(tmp_path / "pay.csv", alike(10))
    target, link = tmp_path / "data.json", tmp_path / "link.json"
    target.write_bytes(TINY.read_bytes())
    link.symlink_to(target)
    result = imported(path, output=link)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"mlroles: {link} is a symbolic link; name the file itself, or add --force\n"
    )
    assert link.is_symlink()
    survey_of(path, "--force", output=link)
    assert not link.is_symlink()
    assert target.read_bytes() == TINY.read_bytes()


def test_a_file_that_is_no_data_set_is_overwritten_when_forced(tmp_path: Path) -> None:
    path, output = written(tmp_path / "pay.csv", alike(10)), tmp_path / "new.json"
    output.write_text("{}", encoding="utf-8")
    survey_of(path, "--force", output=output)
    assert run("validate", str(output)).exit_code == 0


@pytest.mark.parametrize("records", [alike(9), []], ids=["too few", "none"])
def test_an_import_that_fails_leaves_the_old_data_set(
    records: list[Record], tmp_path: Path
) -> None:
    path, output = written(tmp_path / "pay.csv", records), tmp_path / "data.json"
    output.write_bytes(TINY.read_bytes())
    assert imported(path, output=output).exit_code == 1
    assert output.read_bytes() == TINY.read_bytes()
    assert sorted(tmp_path.iterdir()) == [output, tmp_path / "pay.csv"]


# How far it is, and an end before the end.


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tells progress at once, however fast the records are read."""
    monkeypatch.setattr("mlroles.importer.engine._TOLD_EVERY", 0.0)


@pytest.mark.usefixtures("soon")
def test_how_far_it_is_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "pay.csv", alike(20_000))
    told: list[tuple[str, float]] = []

    def tell(doing: str, share: float) -> None:
        told.append((doing, share))

    assert import_records(GARDEN, path, progress=tell) == import_records(GARDEN, path)
    assert {doing for doing, _ in told} == {"reading records", "grouping them"}
    assert all(0 <= share <= 1 for _, share in told)


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("stream", [Terminal, StringIO], ids=["terminal", "file"])
def test_how_far_it_is_is_shown_on_a_terminal_only(
    stream: type[StringIO], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "pay.csv", alike(20_000))
    errors = stream()
    monkeypatch.setattr("sys.stderr", errors)
    run_import(path, str(tmp_path / "new.json"), [], [], str(TINY), force=False)
    said = errors.getvalue()
    assert bool(re.findall(r"\rreading records: [ \d]{3}%", said)) == errors.isatty()
    # No message has a rest of it on its line.
    lines = [line.rpartition("\r")[2] for line in said.removesuffix("\n").split("\n")]
    assert lines[0].startswith("mlroles: 20,000 records read")
    assert lines[-1].startswith("mlroles: wrote ")


class Endless:
    """A connection to DuckDB whose queries run until they are interrupted."""

    def __init__(self) -> None:
        self.interrupted = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        pass

    def execute(self, query: str, _values: object = None) -> Self:
        if "create temp table" in query:
            self.interrupted.wait(60)
        return self

    def fetchall(self) -> list[tuple[Any, ...]]:
        return [(name,) for name in COLUMNS]

    def query_progress(self) -> float:
        return -1.0

    def interrupt(self) -> None:
        self.interrupted.set()


@pytest.mark.usefixtures("soon")
def test_an_interrupt_ends_the_query_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_doing: str, share: float) -> None:
        assert share == 0
        raise KeyboardInterrupt

    endless = Endless()
    monkeypatch.setattr(duckdb, "connect", lambda: endless)
    path = written(tmp_path / "pay.csv", alike(10))
    with pytest.raises(KeyboardInterrupt):
        import_records(GARDEN, path, progress=interrupt)
    assert endless.interrupted.is_set()


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_from_the_terminal_ends_the_command_quietly(
    tmp_path: Path,
) -> None:
    pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")
    records = tmp_path / "pay.parquet"
    usual = ", ".join(f"'{value}' as {name}" for name, value in USUAL.items())
    many = f"select {usual} from range(3000000)"  # noqa: S608
    duckdb.execute(f"copy ({many}) to '{records}' (format parquet)")
    output = tmp_path / "new.json"
    here, there = pty.openpty()
    command = [sys.executable, "-m", "mlroles", "import", str(records)]
    with subprocess.Popen([*command, "-o", str(output)], stderr=there) as process:
        os.close(there)
        said = b""
        while b"reading records" not in said:
            said += os.read(here, 1024)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    os.close(here)
    assert b"Traceback" not in said
    assert not output.exists()


@pytest.mark.parametrize("output", ["-", ""])
def test_an_output_is_the_name_of_a_file(output: str, tmp_path: Path) -> None:
    result = run("import", str(tmp_path / "x.csv"), "--output", output)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "mlroles: --output takes the name of a file\n"


@pytest.mark.parametrize("force", [[], ["--force"]], ids=["", "forced"])
def test_a_missing_folder_is_told_before_the_records_are_read(
    force: list[str], tmp_path: Path
) -> None:
    path = written(tmp_path / "pay.csv", alike(10))
    output = str(tmp_path / "none" / "new.json")
    result = run("import", path, "--output", output, *force)
    assert result.stderr == f"mlroles: cannot write {output}: no such folder\n"


@pytest.mark.parametrize("odd", [("2024", "SE"), ("x",) * 9], ids=["less", "more"])
def test_a_line_of_another_length_than_the_header_is_told(
    odd: Record, tmp_path: Path
) -> None:
    path = written(tmp_path / "pay.csv", [*alike(9), odd, *alike(9)])
    result = imported(path, output=tmp_path / "new.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"mlroles: cannot read {path}: its lines do not all have as many columns as "
        "its header\n"
    )
    late = written(tmp_path / "pay.csv", [*alike(30_000), odd, *alike(9)])
    told = imported(late, output=tmp_path / "new.json").stderr
    assert "CSV Error on Line: 30002; Expected Number of Columns: 7 Found" in told
    assert "Possible" not in told


def test_what_a_line_has_wrong_is_told_without_the_line(tmp_path: Path) -> None:
    path = tmp_path / "pay.csv"
    path.write_bytes(f"{','.join(COLUMNS)}\n".encode() + b"secret \xff,\n" * 9)
    told = imported(str(path), output=tmp_path / "new.json").stderr
    assert "not utf-8" in told
    assert "secret" not in told


def test_nothing_is_spilled_into_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: list[str] = []
    connect = duckdb.connect

    def watched() -> Any:
        db = connect()
        execute = db.execute

        class Watched:
            def __enter__(self) -> Self:
                return self

            def __exit__(self, *_exception: object) -> None:
                setting = "select current_setting('temp_directory')"
                folders.extend(execute(setting).fetchone() or ())
                db.close()

            def __getattr__(self, name: str) -> Any:
                return getattr(db, name)

        return Watched()

    monkeypatch.setattr(duckdb, "connect", watched)
    monkeypatch.chdir(tmp_path)
    import_records(GARDEN, written(tmp_path / "pay.csv", alike(10)))
    (folder,) = folders
    assert folder.startswith(tempfile.gettempdir())
    assert not os.path.exists(folder)  # noqa: PTH110 - as DuckDB has it
    assert [path.name for path in tmp_path.iterdir()] == ["pay.csv"]


def test_a_survey_where_there_was_none_takes_no_place(tmp_path: Path) -> None:
    bare = tmp_path / "bare.json"
    data = {**GARDEN, "survey": None}
    bare.write_text(json.dumps(data), encoding="utf-8")
    path = written(tmp_path / "pay.csv", [*alike(10), *alike(10, job_title="Florist")])
    result = run("import", path, "-o", str(tmp_path / "n.json"), "--data", str(bare))
    assert result.stderr.endswith(f"{tmp_path / 'n.json'}: now with pay of 2 roles\n")


@pytest.mark.parametrize("pay", ["165.000", "165", "999.99", "100000000.01"])
def test_pay_that_cannot_be_a_year_s_is_not_counted(pay: str, tmp_path: Path) -> None:
    records = [*alike(10), *alike(3, salary_in_usd=pay)]
    told: list[str] = []
    path = written(tmp_path / "pay.csv", records)
    import_records(GARDEN, path, notify=told.append)
    assert told == ["13 records read, 10 used, 3 skipped: 3 missing or impossible pay"]


def test_codes_and_words_count_in_any_case(tmp_path: Path) -> None:
    odd = {"experience_level": "Senior", "company_location": "de"}
    records = alike(10, employment_type="ft", **odd)
    data = import_records(GARDEN, written(tmp_path / "pay.csv", records))
    usual = import_records(GARDEN, written(tmp_path / "usual.csv", alike(10)))
    assert data["survey"] == usual["survey"]
    either = import_records(GARDEN, str(tmp_path / "pay.csv"), employment=["ft"])
    assert either["survey"] == usual["survey"]


@pytest.mark.parametrize("ours", ["bar", "salary_in_us"])
def test_a_column_that_is_none_of_ours_cannot_be_renamed(
    ours: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "pay.csv", alike(10))
    result = imported(path, "--rename", f"pay={ours}", output=tmp_path / "new.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"mlroles: no column of ours called {ours!r};")


def test_records_are_a_file(tmp_path: Path) -> None:
    result = run("import", "-", "--output", str(tmp_path / "x.json"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "mlroles: RECORDS takes the name of a file\n"


def test_without_a_temporary_folder_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    path = written(tmp_path / "pay.csv", alike(10))
    monkeypatch.setattr("tempfile.TemporaryDirectory", none)
    with pytest.raises(MlrolesError) as refused:
        import_records(GARDEN, path)
    assert str(refused.value) == (
        "importing needs a temporary folder: no usable temporary directory found"
    )


@pytest.mark.parametrize("folder", ["company_location=CA", "work_year=1999"])
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_the_names_of_folders_are_no_values(
    folder: str, ending: str, tmp_path: Path
) -> None:
    (tmp_path / folder).mkdir()
    path = written(tmp_path / folder / "pay.csv", alike(10))
    if ending == "parquet":
        other = path.replace("csv", "parquet")
        read = f"read_csv('{path}', all_varchar=true, hive_partitioning=false)"
        duckdb.execute(f"copy (from {read}) to '{other}' (format parquet)")
        path = other
    data = import_records(GARDEN, path)
    usual = import_records(GARDEN, written(tmp_path / "usual.csv", alike(10)))
    assert data["survey"] == usual["survey"]


def test_no_sign_makes_a_line_a_comment(tmp_path: Path) -> None:
    rows_ = [(sign + str(n), *record()) for n in range(15) for sign in ("#", "")]
    path = written(tmp_path / "pay.csv", rows_, ["id", *COLUMNS])
    told: list[str] = []
    import_records(GARDEN, path, notify=told.append)
    assert told == ["30 records read, 30 used, 0 skipped"]


@pytest.mark.parametrize("year", ["2025.6", "2024.5", "1e400", "nan"])
def test_a_part_of_a_year_is_none(year: str, tmp_path: Path) -> None:
    path = written(tmp_path / "pay.csv", [*alike(10), *alike(2, work_year=year)])
    told: list[str] = []
    import_records(GARDEN, path, notify=told.append)
    assert told == ["12 records read, 10 used, 2 skipped: 2 no year"]


def test_the_date_is_that_of_the_latest_figure(tmp_path: Path) -> None:
    path = written(tmp_path / "pay.csv", [*alike(10), record(work_year="2199")])
    source = import_records(GARDEN, path, employment=["FT", "CT"])["sources"][-1]
    assert source["updated"] == "2024"
    assert source["method"].endswith("Employment types that count: CT, FT.")


def test_other_sources_stay_as_they_are(tmp_path: Path) -> None:
    data: Any = json.loads(json.dumps(GARDEN))
    cited = {**data["sources"][0], "id": "imported-records"}
    uncited = {**data["sources"][0], "id": "elsewhere"}
    data["sources"] += [cited, uncited]
    data["roles"][0]["salary"]["source"] = "imported-records"
    path = written(tmp_path / "pay.csv", alike(10))
    sources = import_records(data, path)["sources"]
    assert cited in sources
    assert uncited in sources
    assert sources[-1]["id"] == "imported-records-2"
    assert data["survey"]["source"] not in {source["id"] for source in sources}


def test_what_records_hold_cannot_steer_the_terminal(tmp_path: Path) -> None:
    odd = alike(10, experience_level="\x1b[31mred\x1b]0;title\x07")
    path = written(tmp_path / "pay.csv", [*alike(10), *odd])
    told = imported(path, output=tmp_path / "new.json").stderr
    assert "experience_level not known in 10 of them" in told
    assert "\\x1b[31mred" in told
    assert all(line.isprintable() for line in told.splitlines())


def test_the_records_are_no_place_for_the_data_set(tmp_path: Path) -> None:
    path = written(tmp_path / "pay.csv", alike(10))
    before = (tmp_path / "pay.csv").read_bytes()
    result = run("import", path, "-o", f"{tmp_path}/./pay.csv", "--force")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "mlroles: --output would take the place of the records\n"
    assert (tmp_path / "pay.csv").read_bytes() == before


def test_dollars_in_dollars_need_no_word(tmp_path: Path) -> None:
    path = written(tmp_path / "pay.csv", alike(10, job_title="Data Scientist"))
    told = run("import", path, "-o", str(tmp_path / "new.json")).stderr
    assert "salary_in_usd" not in told


def test_a_renaming_is_spelled_in_any_case(tmp_path: Path) -> None:
    headers = [name.replace("salary_in_usd", "pay") for name in COLUMNS]
    path = written(tmp_path / "pay.csv", alike(10), headers)
    line = ["--rename", "pay=Salary-in-USD"]
    assert imported(path, *line, output=tmp_path / "new.json").exit_code == 0
