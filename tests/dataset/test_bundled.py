"""The bundled data set: no figure without a source, a unit and a date."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING, Any

import pycountry
import pytest

from mlroles.dataset.dimensions import CELL, PERCENTILES
from mlroles.dataset.load import load
from tests.conftest import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = load()
SURVEY = DATA["survey"]
assert SURVEY
CELLS: list[tuple[str, dict[str, Any]]] = [
    (role, dict(zip(CELL, cell, strict=True)))
    for role, of_role in SURVEY["cells"].items()
    for cell in of_role
]
SOURCES = {source["id"]: source for source in DATA["sources"]}
TEXTS = ("collaborators", "skills", "applications")
HEADLINES = {
    "machine-learning-engineer": (110673, None),
    "data-scientist": (102069, 23757),
    "data-engineer": (115205, 16290),
    "deep-learning-engineer": (133764, 19992),
    "software-engineer": (93944, 212310),
    "computer-vision-engineer": (105704, 64939),
    "data-analyst": (65652, 38748),
}


def test_the_headline_figures_are_those_of_the_page() -> None:
    for role in DATA["roles"]:
        average, openings = HEADLINES.get(role["id"], (None, None))
        assert (role["salary"] and role["salary"]["average"]) == average
        assert (role["openings"] and role["openings"]["count"]) == openings
        reports = role["salary"] and role["salary"]["reports"]
        assert reports == (811 if role["id"] == DATA["default_role"] else None)


def test_every_headline_and_opening_names_source_date_and_region() -> None:
    for role in DATA["roles"]:
        for figure in (role["salary"], role["openings"]):
            if figure is not None:
                assert figure["source"] in SOURCES
                assert figure["updated"] == "2022-08-10"
                assert figure["region"] == "US"


def answers() -> Iterator[dict[str, Any]]:
    """Every row with figures that any command gives of any role."""
    for role in DATA["roles"]:
        yield rows("salary", role["id"])
        yield from rows("compare", role["id"])
        yield rows("offer", "100k", role["id"])
        for by in ("year", "country", "experience", "work-mode"):
            yield from rows("salary", role["id"], "--by", by)
        for level in ("metro", "state", "country"):
            yield from rows("locations", role["id"], "--level", level)


def test_no_figure_of_any_answer_lacks_source_unit_and_date() -> None:
    figures = {
        "average_salary": ("source", "updated"),
        "openings": ("source", "updated"),
        "survey_median": ("survey_source", "survey_year"),
        "median": ("source", "date"),
        "mean": ("source", "date"),
    }
    seen = set()
    for row in answers():
        row["date"] = row.get("updated") or row.get("year")
        assert row["currency"] == "USD"
        assert row["period"] == "year"
        for figure, (source, date) in figures.items():
            if row.get(figure) is not None:
                assert row[source] in SOURCES
                assert row[date]
                seen.add(figure)
    assert seen == set(figures)


def test_every_source_says_all_that_is_known_of_it() -> None:
    for source in rows("sources"):
        assert source["method"]
        assert source["caveats"]
        assert source["updated"]
    unknown = {s["id"] for s in SOURCES.values() if s["licence"] is None}
    assert unknown == {"job-site-career-page"}


def test_the_records_of_the_survey_are_those_of_its_largest_cells() -> None:
    counted = sum(
        cell["records"]
        for _, cell in CELLS
        if cell["country"] is cell["experience"] is cell["work_mode"] is None
    )
    known = SOURCES["aijobs-salary-index"]["records"]
    # Years with fewer than ten records of a role have no cell.
    assert known is not None
    assert known - 10 * 18 < counted <= known


def test_percentiles_ascend_and_the_mean_lies_within_the_range() -> None:
    for role, cell in CELLS:
        amounts = [cell[f"p{percentile}"] for percentile in PERCENTILES]
        assert amounts == sorted(amounts), (role, cell)
        assert cell["p5"] <= cell["mean"] <= cell["p95"] * 1.25, (role, cell)
        assert cell["records"] >= 10


def test_the_parts_of_a_slice_are_no_more_than_the_whole() -> None:
    by_slice = {(r, *(c[k] for k in CELL[:4])): c["records"] for r, c in CELLS}
    parts: dict[Any, int] = defaultdict(int)
    for (role, *slice_), records in by_slice.items():
        for at in range(1, 4):
            if slice_[at] is not None:
                whole = (role, *slice_[:at], None, *slice_[at + 1 :], at)
                parts[whole] += records
    assert parts
    for (*whole, _at), records in parts.items():
        assert records <= by_slice[tuple(whole)]


def test_every_country_is_a_real_one_and_in_use() -> None:
    for code in DATA["countries"]:
        assert pycountry.countries.get(alpha_2=code)
    used = {cell["country"] for _, cell in CELLS} - {None}
    assert set(DATA["countries"]) == used | {"US"}


def test_places_are_complete() -> None:
    places = DATA["places"]
    assert places
    assert len(places["tables"]) == 9
    for table in places["tables"]:
        assert table["source"] in SOURCES
        assert (table["source"] == "oews-may-2025") == bool(table["occupation"])
        for place in table["rows"]:
            assert place[2] in places["states"]
            if table["level"] == "state":
                assert (place[0], place[1]) == (places["states"][place[1]], place[2])


def test_texts_are_of_the_same_length_and_care() -> None:
    for role in DATA["roles"]:
        assert 50 <= len(role["description"].split()) <= 95
        assert len(role["duties"]) == 5
        assert len(role["collaborators"]) == len(role["skills"]) == 3
        assert len(role["applications"]) == 4
        assert len(role["faq"]) == 2
        assert role["id"] not in role["similar"]
        assert role["aliases"]


def test_no_item_of_a_list_has_what_separates_items_in_a_flat_format() -> None:
    for role, key in product(DATA["roles"], ("duties", "aliases", *TEXTS)):
        items: list[str] = role[key]  # type: ignore[literal-required]
        assert not any("; " in item for item in items)


@pytest.mark.parametrize("text", ["title", "description"])
def test_texts_are_ascii_so_that_every_terminal_shows_them(text: str) -> None:
    for role in DATA["roles"]:
        assert str(role[text]).isascii()  # type: ignore[literal-required]
