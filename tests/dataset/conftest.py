from __future__ import annotations

from typing import Any

import pytest

from mlroles.dataset.dimensions import (
    EMPLOYER_COLUMNS,
    INDUSTRY_COLUMNS,
    PAY_COLUMNS,
    PRICE_PART_COLUMNS,
    PROJECTION_COLUMNS,
    RANGE_COLUMNS,
)

# A mean and percentiles.
AMOUNTS = [40_500, None, 33_000, 40_000, 47_000, None]


@pytest.fixture
def complete(tiny: Any) -> Any:
    """A small valid data set that has every section."""
    amounts = {"p25": 33_000, "median": 40_000, "p75": 47_000}
    own = {
        "role": "gardener", "source": "almanac", "period": "2024", "occupation": None,
        "records": 25, "employment": None, "mean": 40_500, "p10": None, **amounts,
        "p90": None,
    }  # fmt: skip
    wider = own | {
        "source": "guild", "period": "2024-03", "employment": 900,
        "occupation": "Grounds Keepers (37-3011)",
    }  # fmt: skip
    senior = {"role": "gardener", "source": "almanac", "seniority": "senior"}
    reposts = [[2024, "DE", None, None, 18, 45_000], [2024, "FR", None, None, 12, 9]]
    grounds_keepers = {"code": "37-3011", "title": "Grounds Keepers"}
    return {
        **tiny,
        "pay": {**tiny["pay"], "all_postings": {"gardener": reposts}},
        "national": [own, wider],
        "seniority": [{**senior, "records": 12, **amounts}],
        "prices": {
            "source": "almanac", "region": "DE",
            "months": {"2024-01": 100.0, "2024-02": 101.5},
        },
        "price_levels": [
            {"level": "country", "source": "almanac",
             "rows": [["DE", "Germany", 80.5], ["FR", "France", 84.0]]},
        ],
        "price_parts": [
            {"level": "state", "columns": list(PRICE_PART_COLUMNS),
             "rows": [["BY", 101.0, 120.5, 98.0, 99.5], ["BE", 100.0, 90, 98.0, 97]]},
        ],
        "local_pay": {
            "columns": list(PAY_COLUMNS),
            "groups": {"gardener": [[*tiny["pay"]["groups"]["gardener"][0]]]},
            "few": {"gardener": [[2024, "DE", "entry", None, 9],
                                 [2024, "FR", None, None, 0]]},
        },
        "range_ends": {
            "columns": list(RANGE_COLUMNS),
            "groups": {
                "gardener": [[2024, "DE", "entry", "on-site", [30, 40], [50, 60]]],
            },
        },
        "rates": {
            "source": "guild",
            "currencies": {"DE": "EUR", "FR": "EUR"},
            "years": {"EUR": {"2024": 0.9}, "GBP": {"2024": 0.8}},
        },
        "occupations": {
            "source": "guild",
            "titles": {"37-3011.00": "Grounds Keepers", "37-1012.01": "Tree Doctors"},
            "roles": {"gardener": ["37-1012.01", "37-3011.00"]},
            "in_demand": {"37-3011.00": ["Spade"]},
        },
        "employers": {
            "source": "guild",
            "columns": list(EMPLOYER_COLUMNS),
            "metros": {"K1": "Kew-Richmond, XX"},
            "tables": [
                {**grounds_keepers,
                 "rows": [["Royal Parks", None, 50, 33_000, 40_000, 47_000],
                          ["Royal Parks", "K1", 30, None, 41_000, None]]},
            ],
            "titles": {
                "gardener": {"source": "guild", "min_records": 1,
                             "rows": [["The Queen", None, 5, None, 45_000, None]]},
            },
        },
        "skills": {
            "source": "almanac",
            "columns": ["technology", "category", "hot"],
            "tables": [
                {"code": "37-3011.00", "title": "Grounds Keepers",
                 "rows": [["Rake", "tools", True], ["Spade", "tools", False]]},
            ],
        },
        "outlook": {
            "occupations": [{
                "source": "guild", "base_year": 2024, "target_year": 2034,
                "columns": list(PROJECTION_COLUMNS),
                "rows": [
                    ["37-3011", "Grounds keepers", 90, 99, 9, 10, 5, "Both", None],
                    ["37-1012", "Tree doctors", 70, 70, 0, 0, None, None, "Trees"],
                ],
            }],
            "postings": {
                "source": "guild", "sector": "gardening", "region": "DE",
                "base": "2020 = 100",
                "points": {"2024-02-29": 101.5, "2024-03-31": 98.5},
            },
            "ai_share": {
                "source": "almanac", "countries": {"JP": "Japan"},
                "shares": {"JP": {"2024-01": 11.5, "2024-02": 12.0}},
            },
        },
        "industries": {
            "columns": list(INDUSTRY_COLUMNS),
            "tables": [{
                **grounds_keepers, "source": "guild", "median": 40_000,
                "rows": [["71", "Parks", "sector", 900, *AMOUNTS],
                         ["712", "Museums", "subsector", None, *AMOUNTS]],
            }],
        },
    }  # fmt: skip
