"""The bundled data set: every figure has a source, a unit and a date."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING, Any

import pycountry
import pytest

from mlroles.dataset.dimensions import DIMENSIONS, PAY_COLUMNS, PERCENTILES
from mlroles.dataset.load import load
from tests.conftest import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = load()
SURVEY = DATA["survey"]
assert SURVEY
GROUPS: list[tuple[str, dict[str, Any]]] = [
    (role, dict(zip(PAY_COLUMNS, group, strict=True)))
    for role, of_role in SURVEY["cells"].items()
    for group in of_role
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


def test_headline_figures_are_those_of_the_job_site() -> None:
    for role in DATA["roles"]:
        average, openings = HEADLINES.get(role["id"], (None, None))
        assert (role["salary"] and role["salary"]["average"]) == average
        assert (role["openings"] and role["openings"]["count"]) == openings
        reports = role["salary"] and role["salary"]["reports"]
        assert reports == (811 if role["id"] == DATA["default_role"] else None)


def test_every_headline_figure_has_a_source_a_date_and_a_region() -> None:
    for role in DATA["roles"]:
        for figure in (role["salary"], role["openings"]):
            if figure is not None:
                assert figure["source"] in SOURCES
                assert figure["updated"] == "2022-08-10"
                assert figure["region"] == "US"


def answers() -> Iterator[dict[str, Any]]:
    """Yield every row of figures that any command answers with for any role."""
    for role in DATA["roles"]:
        yield rows("salary", role["id"])
        yield from rows("compare", role["id"])
        yield rows("offer", "100k", role["id"])
        for by in ("year", "country", "experience", "work-mode"):
            yield from rows("salary", role["id"], "--by", by)
        for level in ("metro", "state", "country"):
            yield from rows("locations", role["id"], "--level", level)


def test_every_figure_of_every_answer_has_a_source_a_unit_and_a_date() -> None:
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


def test_every_source_has_a_method_caveats_and_a_date() -> None:
    for source in rows("sources"):
        assert source["method"]
        assert source["caveats"]
        assert source["updated"]
    unknown = {s["id"] for s in SOURCES.values() if s["licence"] is None}
    assert unknown == {"job-site-career-page"}


def test_record_counts_of_the_groups_add_up_to_that_of_the_source() -> None:
    counted = sum(
        group["records"]
        for _, group in GROUPS
        if group["country"] is group["experience"] is group["work_mode"] is None
    )
    known = SOURCES["aijobs-salary-index"]["records"]
    # There is no group for a year with fewer than ten records of a role.
    assert known is not None
    assert known - 10 * 18 < counted <= known


def test_percentiles_ascend_and_the_mean_is_within_their_range() -> None:
    for role, group in GROUPS:
        amounts = [group[f"p{percentile}"] for percentile in PERCENTILES]
        assert amounts == sorted(amounts), (role, group)
        assert group["p5"] <= group["mean"] <= group["p95"] * 1.25, (role, group)
        assert group["records"] >= 10


def test_subgroups_have_no_more_records_than_their_group() -> None:
    by_slice = {(r, *(g[k] for k in DIMENSIONS)): g["records"] for r, g in GROUPS}
    parts: dict[Any, int] = defaultdict(int)
    for (role, *slice_), records in by_slice.items():
        for at in range(1, 4):
            if slice_[at] is not None:
                whole = (role, *slice_[:at], None, *slice_[at + 1 :], at)
                parts[whole] += records
    assert parts
    for (*whole, _at), records in parts.items():
        assert records <= by_slice[tuple(whole)]


def test_every_country_exists_and_is_used() -> None:
    for code in DATA["countries"]:
        assert pycountry.countries.get(alpha_2=code)
    used = {group["country"] for _, group in GROUPS} - {None}
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


def test_texts_of_all_roles_have_the_same_extent() -> None:
    for role in DATA["roles"]:
        assert 50 <= len(role["description"].split()) <= 95
        assert len(role["duties"]) == 5
        assert len(role["collaborators"]) == len(role["skills"]) == 3
        assert len(role["applications"]) == 4
        assert len(role["faq"]) == 2
        assert role["id"] not in role["similar"]
        assert role["aliases"]


def test_list_items_do_not_contain_the_separator_of_flat_formats() -> None:
    for role, key in product(DATA["roles"], ("duties", "aliases", *TEXTS)):
        items: list[str] = role[key]  # type: ignore[literal-required]
        assert not any("; " in item for item in items)


@pytest.mark.parametrize("text", ["title", "description"])
def test_titles_and_descriptions_are_ascii(text: str) -> None:
    for role in DATA["roles"]:
        assert str(role[text]).isascii()  # type: ignore[literal-required]
