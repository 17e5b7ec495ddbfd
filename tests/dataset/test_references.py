from __future__ import annotations

from typing import Any

import pytest

from mlroles.dataset.dimensions import PAY_COLUMNS, RANGE_COLUMNS
from mlroles.dataset.validate import validation_errors
from tests.conftest import changed

GROUP = ("pay", "groups", "gardener", 0)
PLACE = ("places", "tables", 0, "rows", 1)
INDUSTRIES = ("industries", "tables", 0)
# A location in the data set, an invalid value to put there, and the message.
INVALID: dict[str, tuple[tuple[Any, ...], Any, str]] = {
    "pay columns": (
        ("pay", "columns"),
        [],
        "pay.columns: must be year, country, experience, work_mode, records, mean, "
        "p5, p10, p20, p25, p30, p40, p50, p60, p70, p75, p80, p90, "
        "p95, range_low, range_high, median_ci_low, median_ci_high",
    ),
    "place columns": (
        ("places", "columns"),
        ["place"],
        "places.columns: must be place, code, state, records, employment, p10, p25, "
        "median, p75, p90",
    ),
    "default role": (
        ("default_role",),
        "cook",
        "default_role: unknown role 'cook'",
    ),
    "similar role": (
        ("roles", 0, "similar", 1),
        "cook",
        "roles[0].similar[1]: unknown role 'cook'",
    ),
    "salary source": (
        ("roles", 0, "salary", "source"),
        "rumour",
        "roles[0].salary.source: unknown source 'rumour'",
    ),
    "salary region": (
        ("roles", 0, "salary", "region"),
        "IT",
        "roles[0].salary.region: unknown country 'IT'",
    ),
    "openings source": (
        ("roles", 1, "openings", "source"),
        "rumour",
        "roles[1].openings.source: unknown source 'rumour'",
    ),
    "openings region": (
        ("roles", 1, "openings", "region"),
        "IT",
        "roles[1].openings.region: unknown country 'IT'",
    ),
    "pay source": (
        ("pay", "source"),
        "rumour",
        "pay.source: unknown source 'rumour'",
    ),
    "pay country": (
        (*GROUP, 1),
        "IT",
        "pay.groups.gardener[0]: unknown country 'IT'",
    ),
    "percentiles of a pay group": (
        (*GROUP, 7),
        1,
        "pay.groups.gardener[0]: percentiles are not in ascending order",
    ),
    "low end without a high end": (
        (*GROUP, 19),
        30_000,
        "pay.groups.gardener[0]: range_low and range_high must be the ends of a "
        "range, or both null",
    ),
    "high end without a low end": (
        (*GROUP, 20),
        30_000,
        "pay.groups.gardener[0]: range_low and range_high must be the ends of a "
        "range, or both null",
    ),
    "high end before the low end": (
        (*GROUP, slice(19, 21)),
        [50_000, 40_000],
        "pay.groups.gardener[0]: range_low and range_high must be the ends of a "
        "range, or both null",
    ),
    "low end of an interval without a high end": (
        (*GROUP, 21),
        30_000,
        "pay.groups.gardener[0]: median_ci_low and median_ci_high must be the ends of "
        "an interval that contains p50, or both null",
    ),
    "high end of an interval without a low end": (
        (*GROUP, 22),
        50_000,
        "pay.groups.gardener[0]: median_ci_low and median_ci_high must be the ends of "
        "an interval that contains p50, or both null",
    ),
    "interval above the median": (
        (*GROUP, slice(21, 23)),
        [39_001, 50_000],
        "pay.groups.gardener[0]: median_ci_low and median_ci_high must be the ends of "
        "an interval that contains p50, or both null",
    ),
    "interval below the median": (
        (*GROUP, slice(21, 23)),
        [30_000, 38_999],
        "pay.groups.gardener[0]: median_ci_low and median_ci_high must be the ends of "
        "an interval that contains p50, or both null",
    ),
    "duplicate pay group": (
        (*GROUP, 0),
        2024,
        "pay.groups.gardener[2]: duplicate of pay.groups.gardener[0]",
    ),
    "place source": (
        ("places", "tables", 0, "source"),
        "rumour",
        "places.tables[0].source: unknown source 'rumour'",
    ),
    "place role": (
        ("places", "tables", 0, "role"),
        "cook",
        "places.tables[0].role: unknown role 'cook'",
    ),
    "place state": (
        (*PLACE, 2),
        "ZZ",
        "places.tables[0].rows[1]: unknown state 'ZZ'",
    ),
    "percentiles of a place": (
        (*PLACE, 6),
        99_999,
        "places.tables[0].rows[1]: percentiles are not in ascending order",
    ),
    "percentiles of a whole country": (
        ("places", "tables", 0, "whole", 7),
        90_000,
        "places.tables[0].whole: percentiles are not in ascending order",
    ),
    "duplicate place": (
        (*PLACE, 1),
        "30020",
        "places.tables[0].rows[1]: same code as places.tables[0].rows[0]",
    ),
    "duplicate source": (
        ("sources", 1, "id"),
        "guild",
        "sources[1].id: duplicate name 'guild', also at sources[0].id",
    ),
    "title in another case": (
        ("roles", 1, "title"),
        "HEAD gardener",
        "roles[2].id: duplicate name 'head-gardener', also at roles[1].title",
    ),
    "alias with hyphens": (
        ("roles", 1, "aliases", 0),
        "Green-Thumb",
        "roles[1].aliases[0]: duplicate name 'Green-Thumb', also at "
        "roles[0].aliases[0]",
    ),
}
# The same in the sections that a data set may also have.
INVALID_SECTIONS: dict[str, tuple[tuple[Any, ...], Any, str]] = {
    "national role": (
        ("national", 0, "role"),
        "cook",
        "national[0].role: unknown role 'cook'",
    ),
    "national source": (
        ("national", 1, "source"),
        "rumour",
        "national[1].source: unknown source 'rumour'",
    ),
    "national percentiles": (
        ("national", 0, "p90"),
        1,
        "national[0]: percentiles are not in ascending order",
    ),
    "seniority role": (
        ("seniority", 0, "role"),
        "cook",
        "seniority[0].role: unknown role 'cook'",
    ),
    "seniority source": (
        ("seniority", 0, "source"),
        "rumour",
        "seniority[0].source: unknown source 'rumour'",
    ),
    "seniority percentiles": (
        ("seniority", 0, "p25"),
        45_000,
        "seniority[0]: percentiles are not in ascending order",
    ),
    "price level source": (
        ("price_levels", 0, "source"),
        "rumour",
        "price_levels[0].source: unknown source 'rumour'",
    ),
    "columns of the parts of price levels": (
        ("price_parts", 0, "columns"),
        ["code", "housing"],
        "price_parts[0].columns: must be code, goods, housing, utilities, "
        "other_services",
    ),
    "place with the parts of its price level twice": (
        ("price_parts", 0, "rows", 1, 0),
        "BY",
        "price_parts[0].rows[1]: same code as price_parts[0].rows[0]",
    ),
    "role of pay in the currency of a country": (
        ("local_pay", "groups"),
        {"cook": []},
        "local_pay.groups.cook: unknown role 'cook'",
    ),
    "percentiles of pay in the currency of a country": (
        ("local_pay", "groups", "gardener", 0, 6),
        10**9,
        "local_pay.groups.gardener[0]: percentiles are not in ascending order",
    ),
    "country with too few records that state its currency": (
        ("local_pay", "few", "gardener", 1, 1),
        "XX",
        "local_pay.few.gardener[1]: unknown country 'XX'",
    ),
    "role of ranges": (
        ("range_ends", "groups"),
        {"cook": []},
        "range_ends.groups.cook: unknown role 'cook'",
    ),
    "country of ranges": (
        ("range_ends", "groups", "gardener", 0, 1),
        "XX",
        "range_ends.groups.gardener[0]: unknown country 'XX'",
    ),
    "ranges without a high end": (
        ("range_ends", "groups", "gardener", 0, 5),
        [50],
        "range_ends.groups.gardener[0]: 2 low ends and 1 high ends",
    ),
    "columns of ranges": (
        ("range_ends", "columns"),
        ["year"],
        f"range_ends.columns: must be {', '.join(RANGE_COLUMNS)}",
    ),
    "columns of pay in the currency of a country": (
        ("local_pay", "columns"),
        ["year"],
        f"local_pay.columns: must be {', '.join(PAY_COLUMNS)}",
    ),
    "rates source": (
        ("rates", "source"),
        "rumour",
        "rates.source: unknown source 'rumour'",
    ),
    "prices source": (
        ("prices", "source"),
        "rumour",
        "prices.source: unknown source 'rumour'",
    ),
    "prices region": (
        ("prices", "region"),
        "IT",
        "prices.region: unknown country 'IT'",
    ),
    "source of occupations": (
        ("occupations", "source"),
        "rumour",
        "occupations.source: unknown source 'rumour'",
    ),
    "role with occupations": (
        ("occupations", "roles"),
        {"cook": ["37-3011.00"]},
        "occupations.roles.cook: unknown role 'cook'",
    ),
    "occupation without a title": (
        ("occupations", "roles", "gardener", 1),
        "37-3012.00",
        "occupations.roles.gardener[1]: unknown occupation '37-3012.00'",
    ),
    "occupation with technologies in demand": (
        ("occupations", "in_demand"),
        {"37-3012.00": []},
        "occupations.in_demand: unknown occupation '37-3012.00'",
    ),
    "source of skills": (
        ("skills", "source"),
        "rumour",
        "skills.source: unknown source 'rumour'",
    ),
    "source of employers": (
        ("employers", "source"),
        "rumour",
        "employers.source: unknown source 'rumour'",
    ),
    "columns of employers": (
        ("employers", "columns"),
        [],
        "employers.columns: must be employer, code, records, p25, median, p75",
    ),
    "duplicate employer": (
        ("employers", "tables", 0, "rows", 1, 1),
        None,
        "employers.tables[0].rows[1]: same employer and metro area as "
        "employers.tables[0].rows[0]",
    ),
    "metro area of an employer": (
        ("employers", "tables", 0, "rows", 1, 1),
        "K2",
        "employers.tables[0].rows[1]: unknown metro area 'K2'",
    ),
    "quartiles of an employer": (
        ("employers", "tables", 0, "rows", 0, 3),
        41_000,
        "employers.tables[0].rows[0]: percentiles are not in ascending order",
    ),
    "role with employers by title": (
        ("employers", "titles"),
        {"cook": {"source": "guild", "min_records": 1, "rows": []}},
        "employers.titles.cook: unknown role 'cook'",
    ),
    "source of employers by title": (
        ("employers", "titles", "gardener", "source"),
        "rumour",
        "employers.titles.gardener.source: unknown source 'rumour'",
    ),
    "columns of skills": (
        ("skills", "columns"),
        [],
        "skills.columns: must be technology, category, hot",
    ),
    "duplicate technology": (
        ("skills", "tables", 0, "rows", 1, 0),
        "Rake",
        "skills.tables[0].rows[1]: same technology as skills.tables[0].rows[0]",
    ),
    "columns of industries": (
        ("industries", "columns"),
        ["naics"],
        "industries.columns: must be naics, industry, detail, employment, mean, p10, "
        "p25, median, p75, p90",
    ),
    "source of industries": (
        (*INDUSTRIES, "source"),
        "rumour",
        "industries.tables[0].source: unknown source 'rumour'",
    ),
    "duplicate industry": (
        (*INDUSTRIES, "rows", 1, 0),
        "71",
        "industries.tables[0].rows[1]: same code as industries.tables[0].rows[0]",
    ),
    "role of all postings": (
        ("pay", "all_postings"),
        {"cook": []},
        "pay.all_postings.cook: unknown role 'cook'",
    ),
    "country of all postings": (
        ("pay", "all_postings", "gardener", 0, 1),
        "IT",
        "pay.all_postings.gardener[0]: unknown country 'IT'",
    ),
    "duplicate group of all postings": (
        ("pay", "all_postings", "gardener", 1, 1),
        "DE",
        "pay.all_postings.gardener[1]: same group as pay.all_postings.gardener[0]",
    ),
    "source of an outlook": (
        ("outlook", "postings", "source"),
        "rumour",
        "outlook.postings.source: unknown source 'rumour'",
    ),
    "source of projections": (
        ("outlook", "occupations", 0, "source"),
        "rumour",
        "outlook.occupations[0].source: unknown source 'rumour'",
    ),
    "columns of projections": (
        ("outlook", "occupations", 0, "columns"),
        ["soc"],
        "outlook.occupations[0].columns: must be soc, occupation, employment, "
        "projected, change, change_percent, openings_per_year, openings_cover, "
        "education",
    ),
    "duplicate projection": (
        ("outlook", "occupations", 0, "rows", 1, 0),
        "37-3011",
        "outlook.occupations[0].rows[1]: same code as outlook.occupations[0].rows[0]",
    ),
    "region of an outlook": (
        ("outlook", "postings", "region"),
        "IT",
        "outlook.postings.region: unknown country 'IT'",
    ),
    "country of a share": (
        ("outlook", "ai_share", "countries"),
        {},
        "outlook.ai_share.shares: unknown country 'JP'",
    ),
    "percentiles of an industry": (
        (*INDUSTRIES, "rows", 1, 6),
        48_000,
        "industries.tables[0].rows[1]: percentiles are not in ascending order",
    ),
}
# Other references become unknown, too.
ALSO = {
    "duplicate source": [
        "pay.source: unknown source 'almanac'",
    ],
}


@pytest.mark.parametrize("name", INVALID)
def test_invalid_reference_is_reported_with_its_location(name: str, tiny: Any) -> None:
    path, value, message = INVALID[name]
    errors = validation_errors(changed(tiny, *path, value=value))
    assert errors == [message, *ALSO.get(name, [])]


@pytest.mark.parametrize(
    ("path", "value", "message"), INVALID_SECTIONS.values(), ids=list(INVALID_SECTIONS)
)
def test_invalid_reference_in_a_further_section_is_reported(
    path: tuple[Any, ...], value: Any, message: str, complete: Any
) -> None:
    assert validation_errors(complete) == []
    assert validation_errors(changed(complete, *path, value=value)) == [message]


def test_bundled_tables_need_their_sources(tiny: Any) -> None:
    tiny["tables"] = ["prices", "places"]
    assert validation_errors(tiny) == [
        "tables[0]: unknown source 'bls-cpi-u'",
        "tables[1]: unknown source 'lca-fy2025'",
        "tables[1]: unknown source 'lca-records-fy2025'",
        "tables[1]: unknown source 'oews-may-2025'",
    ]


def test_duplicate_role_id_is_reported(tiny: Any) -> None:
    errors = validation_errors(changed(tiny, "roles", 1, "id", value="head-gardener"))
    assert "roles[2].id: duplicate name 'head-gardener', also at roles[1].id" in errors


def test_pay_of_an_unknown_role_is_reported(tiny: Any) -> None:
    tiny["pay"]["groups"]["cook"] = tiny["pay"]["groups"].pop("florist")
    assert validation_errors(tiny) == ["pay.groups.cook: unknown role 'cook'"]


def test_duplicate_place_table_is_reported(tiny: Any) -> None:
    tiny["places"]["tables"] *= 2
    assert validation_errors(tiny) == [
        "places.tables[1]: same role, level and source as places.tables[0]"
    ]
    # Of several sources, the first one leads.
    first, second = tiny["places"]["tables"]
    tiny["places"]["tables"] = [first, {**second, "source": "almanac"}]
    assert validation_errors(tiny) == []


@pytest.mark.parametrize("name", ["industries", "skills", "employers"])
def test_duplicate_table_of_an_occupation_is_reported(name: str, complete: Any) -> None:
    tables = complete[name]["tables"]
    tables.append({**tables[0], "rows": []})
    assert validation_errors(complete) == [
        f"{name}.tables[1]: same code as {name}.tables[0]"
    ]


def test_title_may_equal_the_id_of_its_role(tiny: Any) -> None:
    assert validation_errors(changed(tiny, "roles", 0, "title", value="GARDENER")) == []


def test_bundled_table_requires_its_sources(tiny: Any) -> None:
    del tiny["places"]
    assert validation_errors({**tiny, "tables": ["prices", "places"]}) == [
        "tables[0]: unknown source 'bls-cpi-u'",
        "tables[1]: unknown source 'lca-fy2025'",
        "tables[1]: unknown source 'lca-records-fy2025'",
        "tables[1]: unknown source 'oews-may-2025'",
    ]
