"""Pay by US metro area and state in data sets with imported records."""

from __future__ import annotations

import json
from itertools import cycle, islice
from statistics import quantiles
from typing import TYPE_CHECKING, Any

import pytest

from mlroles.dataset.bundled import read_table
from mlroles.extras.importer.places import Countries
from tests.conftest import rows as answered
from tests.conftest import run
from tests.importer.records_file import convert_to_parquet, write_csv

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

HEADERS = ("Job title", "Base salary", "Location", "Year", "Currency")
# Places, and the metro areas and states that they are in.
PLACES: Mapping[str, tuple[str | None, str | None]] = {
    "Seattle, WA": ("42660", "WA"), "Bellevue, WA, USA": ("42660", "WA"),
    "US-WA-Redmond": ("42660", "WA"), "Remote - Seattle": ("42660", "WA"),
    "New York, NY": ("35620", "NY"), "NYC": ("35620", None),
    "New York, New York": ("35620", "NY"), "Newark, NJ": ("35620", "NJ"),
    "Washington, DC": ("47900", "DC"), "TX - Austin": ("12420", "TX"),
    "Kansas City, Missouri 64130": ("28140", "MO"), "Kansas City": ("28140", None),
    "Vancouver, WA": ("38900", "WA"), "California": (None, "CA"),
    "Springfield Gardens, NY": (None, "NY"), "Portland": (None, None),
    "San Francisco Bay Area": ("41860", "CA"), "Greater Chicago Area": ("16980", None),
    "Virginia City, NV": (None, "NV"), "Newark, DE": (None, "DE"),
    "Redmond, OR": (None, "OR"), "United States": (None, None), "": (None, None),
}  # fmt: skip


def test_places_are_in_metro_areas_and_states() -> None:
    area = Countries().area
    assert {text: area(text, "") for text in PLACES} == PLACES
    assert area("Portland", "ME") == ("38860", "ME")
    assert area("", "New York") == (None, "NY")
    assert area("Washington", "") == (None, None)
    assert area("Seattle, WA", "WA") == ("42660", "WA")
    # Another state has a city of that name, too.
    assert area("Seattle", "OH") == (None, "OH")


def rows_of(places: Sequence[str], count: int) -> list[list[Any]]:
    return [
        ["Data Scientist", 90_000 + 7_919 * at % 160_000, place, 2024 + at % 3 // 2,
         "USD"]
        for at, place in enumerate(islice(cycle(places), count))
    ]  # fmt: skip


def imported(path: Path, rows: Sequence[Sequence[Any]], *options: str) -> str:
    records, output = write_csv(path, rows, HEADERS), str(path.with_suffix(".json"))
    result = run("import", records, "-o", output, "--force", *options)
    assert result.exit_code == 0, result.stderr
    return output


def test_places_of_records_lead_and_are_named(tmp_path: Path) -> None:
    rows = rows_of([*PLACES, "Berlin, Germany"], 1_200)
    mine = imported(tmp_path / "a.csv", rows)
    for level, at in (("metro", 0), ("state", 1)):
        found = answered("locations", "ds", "--level", level, "--data", mine)
        expected: dict[str, list[int]] = {}
        for _, pay, place, year, _ in rows:
            code = PLACES.get(place, (None, None))[at]
            if code and year == 2025:
                expected.setdefault(code, []).append(pay)
        assert {row["code"]: row["records"] for row in found} == {
            code: len(pays) for code, pays in expected.items() if len(pays) >= 10
        }
        for row in found:
            points = quantiles(expected[row["code"]], n=20, method="inclusive")
            for key, point in (("p10", 1), ("p25", 4), ("median", 9), ("p90", 17)):
                assert row[key] == pytest.approx(points[point], abs=0.5)
            assert row["source"] == "imported-records"
            assert (row["kind"], row["period_covered"]) == ("records", "2025")
    # Other sources follow, and have figures of other places and roles.
    page = run("salary", "ds", "seattle", "--data", mine).stdout
    lead, _, others = page.partition("Other figures")
    assert lead.startswith("Data Scientist, Seattle, WA (US metro area): $")
    assert "records, 2025" in lead
    assert "official wages" in others
    assert others.count("Pay records, United States, 2025") == 1
    assert "imported pay records" in " ".join(others.split())
    offered = run("offer", "185k", "ds", "austin", "--data", mine).stdout
    assert offered.count("United States  ") == 1
    for line in ("ds denver", "data-engineer seattle"):
        answer = answered("salary", *line.split(), "--data", mine)
        assert answer["source"] != "imported-records"
    assert run("validate", mine).exit_code == 0


def test_places_are_replaced_by_the_next_import(tmp_path: Path) -> None:
    first = imported(tmp_path / "a.csv", rows_of(["Seattle, WA"], 60))
    rows = rows_of(["Austin, TX"], 60)
    second = imported(tmp_path / "b.csv", rows, "--data", first)
    found = answered("locations", "ds", "--data", second)
    assert [row["code"] for row in found] == ["12420"]
    third = imported(tmp_path / "c.csv", rows_of(["Berlin"], 60), "--data", second)
    places = json.loads((tmp_path / "c.json").read_bytes())["places"]
    assert places == read_table("places")
    assert "imported" not in run("locations", "ds", "--data", third).stdout


def test_cities_states_and_countries_are_columns(tmp_path: Path) -> None:
    headers = ("title", "pay", "city", "state", "country", "year")
    places = [
        ("Portland", "ME", "US"), ("Portland", "OR", "United States"),
        ("Paris", "", "FR"), ("Austin", "", "US"), ("Austin", "TX", ""),
    ]  # fmt: skip
    rows = [("Data Scientist", "$90k", *each, "2025") for each in places * 20]
    path = write_csv(tmp_path / "a.csv", rows, headers)
    without = [[*row[:4], row[5]] for row in rows if row[2] != "Paris"]
    states = write_csv(tmp_path / "b.csv", without, [*headers[:4], "year"])
    parquet = convert_to_parquet(path, dict.fromkeys(headers, "varchar"))
    for source, austin in ((path, 20), (parquet, 20), (states, 40)):
        output = str(tmp_path / "new.json")
        result = run("import", source, "-o", output, "--force")
        assert result.exit_code == 0, result.stderr
        found = answered("locations", "ds", "--data", output)
        counts = {"38860": 20, "38900": 20, "12420": austin}
        assert {row["code"]: row["records"] for row in found} == counts


def test_records_without_a_year_have_places(tmp_path: Path) -> None:
    rows = [("Data Scientist", "$90k", "Seattle, WA")] * 12
    path = write_csv(tmp_path / "a.csv", rows, HEADERS[:3])
    mine = str(tmp_path / "a.json")
    assert run("import", path, "-o", mine).exit_code == 0
    page = run("salary", "ds", "seattle", "--data", mine).stdout
    assert "Median of 12 records (thin: fewer than 30), date unknown." in page


def test_cities_next_to_states_of_codes_of_countries(tmp_path: Path) -> None:
    rows = [("Data Scientist", "US$90k", "Wilmington", "DE", "2025")] * 12
    headers = ("title", "pay", "city", "state", "year")
    path = write_csv(tmp_path / "a.csv", rows, headers)
    mine = str(tmp_path / "a.json")
    assert run("import", path, "-o", mine).exit_code == 0
    found = answered("locations", "ds", "--level", "state", "--data", mine)
    assert [(row["code"], row["records"]) for row in found] == [("DE", 12)]
