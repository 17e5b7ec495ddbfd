"""The refresh of the bundled data, from small files and a copy of the data set."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from refresh.__main__ import FILES as FILES_OF_SOURCES
from refresh.__main__ import main

from mlroles.dataset.dimensions import (
    EMPLOYER_COLUMNS,
    INDUSTRY_COLUMNS,
    PAY_COLUMNS,
    PROJECTION_COLUMNS,
)
from mlroles.dataset.dimensions import TABLES as TABLE_NAMES
from mlroles.dataset.validate import validation_errors
from mlroles.dataset.write import dumps
from tests.conftest import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.dataset.dataset import Dataset

ROOT = Path(__file__).parents[2]
# The role of the postings has pay groups.
PAY = "tables/pay/data-scientist.json"
WRITTEN = ("data.json", *(f"tables/{name}.json" for name in TABLE_NAMES), PAY)
_RECORD = ("2025", "SE", "FT", "Data Scientist", "USD", "US", "0", "US", "M")
_FILING = ["role", "tier", "employer", "cbsa", "metro", "wage_mid"]
_AKRON = ("10420", "Akron, OH")
_SOC = ["role", "soc", "state", "employment", "mean", "p10", "p25", "median", "p75"]
_RPP_PARTS = ["goods_2024", "housing_2024", "utilities_2024", "other_services_2024"]
# As the files of the sources, where some figures are empty.
FILES: dict[str, Sequence[Sequence[str]]] = {
    "aijobs-salaries-2020-2025.csv.gz": [
        ["work_year", "experience_level", "employment_type", "job_title",
         "salary_currency", "employee_residence", "remote_ratio", "company_location",
         "company_size", "salary", "salary_in_usd"],
        *[
            [*_RECORD, str(end), str(end)]
            for n in range(11)
            for end in (120_000 + 3_000 * n, 100_000 + 1_000 * n)
        ],
    ],
    "exchange-rates-ecb-yearly.csv": [
        ["currency", "year", "units_per_usd_mean", "days", "last_day"],
        ["EUR", "2025", "0.886705", "255", "2025-12-31"],
        ["EUR", "2026", "0.864657", "213", "2026-10-30"],
        ["GBP", "2025", "0.759185", "255", "2025-12-31"],
    ],
    "us-metro-rpp-2024.csv": [
        ["cbsa", "metro", "state", "rpp_2024", *_RPP_PARTS],
        ["US", "United States", "US", "100.000", "99", "101", "98", "100"],
        ["US-nonmetro", "United States (nonmetropolitan portion)", "US", "88.699",
         "96", "59", "88", "97"],
        ["10420", "Akron, OH", "OH", "93.370", "93.628", "76.785", "96", "98.939"],
        ["14860", "Bridgeport-Danbury, CT Metropolitan Statistical Area", "CT",
         "103.9", "104.1", "105.2", "106.3", "107.4"],
    ],
    "us-state-rpp-2024.csv": [
        ["state", "name", "rpp_2024", *_RPP_PARTS],
        ["US", "United States", "100.000", "99", "101", "98", "100"],
        ["OH", "Ohio", "91.8", "92.1", "93.2", "94.3", "95.4"],
    ],
    "ppp-household-2025.csv": [
        ["country", "name", "currency", "year", "ppp_household_lcu_per_intl_dollar"],
        ["DE", "Germany", "EUR", "2025", "0.719"],
        ["EG", "Egypt", "EGP", "2025", "7.722"],
        ["US", "United States", "USD", "2025", "1"],
    ],
    "us-metro-h1b-fy2025.csv": [
        ["role", "cbsa", "metro", "state", "filings", "p25", "median", "p75"],
        ["Data Analyst", "US", "United States", "US", "1234", "62000", "72000",
         "82000"],
        ["Data Analyst", "46340", "Tyler, TX", "TX", "9", "60000", "70000", "80000"],
        ["Data Analyst", "10420", "Akron, OH", "OH", "12", "61000", "71000", "81000"],
        ["MLOps Engineer", "10420", "Akron, OH", "OH", "8", "90000", "95000",
         "99000"],
        ["Data Engineer", "US", "United States", "US", "66", "90000", "95000",
         "99000"],
    ],
    "us-seniority-h1b-by-title-fy2025.csv": [
        ["role", "tier", "filings", "p25", "median", "p75"],
        ["Data Analyst", "all", "1234", "62000", "72000", "82000"],
        ["Data Analyst", "base", "900", "60000", "70000", "80000"],
        ["Data Analyst", "senior", "200", "64000", "74000", "84000"],
        ["Data Analyst", "staffPlus", "100", "68000", "78000", "88000"],
        ["Data Analyst", "lead", "30", "67000", "77000", "87000"],
        ["Data Analyst", "directorPlus", "4", "99000", "99500", "99900"],
    ],
    "us-metro-oews-may2025.csv": [
        ["role", "soc", "cbsa", "metro", "state", "employment", "p10", "p25",
         "median", "p75", "p90"],
        ["Data Scientist", "15-2051", "10420", "Akron, OH", "OH", "", "40000",
         "50000", "60000", "70000", ""],
    ],
    "us-state-oews-may2025.csv": [
        [*_SOC, "p90"],
        ["Data Scientist", "15-2051", "US", "5000", "62500", "41000", "51000",
         "61000", "71000", "81000"],
        ["Data Scientist", "15-2051", "TX", "300", "63000", "42000", "52000", "62000",
         "72000", "82000"],
        ["Data Scientist", "15-2051", "OH", "", "", "", "50000", "60000", "70000",
         ""],
    ],
    "us-state-oews-may2025-more.csv": [
        [*_SOC, "p90"],
        ["", "15-1221", "US", "400", "90500", "70000", "80000", "90000", "100000",
         ""],
        ["", "15-1221", "TX", "40", "90500", "70000", "80000", "90000", "100000",
         ""],
        ["Data Architect", "15-1243", "TX", "50", "", "", "", "95000", "", ""],
    ],
    "us-industry-oews-may2025.csv": [
        ["soc", "occupation", "naics", "industry", "level", "employment", "mean",
         "p10", "p25", "median", "p75", "p90"],
        *[
            ["15-2051", "Data Scientists", *industry, "62500", "41000", "51000",
             "61000", "71000", "81000"]
            for industry in [
                ["000001", "Private Ownership only", "1", "4000"],
                ["622005", "Hospitals, Privately Owned", "4", "100"],
                ["61", "Educational Services", "2", "900"],
                ["622100", "General Hospitals", "4", "90"],
                ["622105", "General Hospitals, Privately Owned", "5", ""],
                ["622000", "Hospitals", "3", "200"],
            ]
        ],
        ["15-1252", "Software Developers", "51", "Information", "2", "10", "62500",
         "41000", "51000", "61000", "71000", "81000"],
    ],
    "onet-titles.csv": [
        ["role", "onet_soc", "onet_title", "source_codes"],
        ["Data Scientist", "15-2051.00", "Data Scientists", "8"],
        ["Machine Learning Engineer", "15-2051.01", "Business Analysts", "8"],
        ["Machine Learning Engineer", "15-2041.00", "Statisticians", "02,8"],
        ["Machine Learning Engineer", "15-2051.00", "Data Scientists", "8"],
        ["Machine Learning Engineer", "15-1221.00", "Researchers", "8"],
        ["Machine Learning Engineer", "15-1299.08", "Architects", "8"],
        ["Data Architect", "15-1243.00", "Database Architects", "8"],
    ],
    "onet-occupations.csv": [
        ["onet_soc", "title", "description"],
        # The plural of a role, which is listed as well, and one that is not.
        ["15-2051.00", "Data Scientists", "Analyze data."],
        ["15-1299.09", "Data Analysts", "Analyze data."],
        ["15-2041.00", "Statisticians", "Count."],
    ],
    "us-postings-software-monthly.csv": [
        ["country", "date", "index_sa"],
        ["US", "2022-07-01", "200.00"],
        ["US", "2022-08-01", "194.29"],
        ["US", "2022-09-01", "180.42"],
        ["US", "2025-09-01", "65.04"],
        ["US", "2025-10-01", "66.00"],
        ["US", "2026-09-01", "77.00"],
        ["US", "2026-09-25", "78.09"],
    ],
    "us-employer-h1b-by-occupation-fy2025.csv": [
        ["employer", "soc", "filings", "p25", "median", "p75", "flat"],
        ["zoo", "15-2051", "40", "60000", "70000", "80000", ""],
        ["Akron Bank", "15-2051", "10", "60000", "70000", "80000", ""],
        ["Small Bank", "15-2051", "9", "60000", "70000", "80000", ""],
        ["Flat Films", "15-2051", "99", "70000", "70000", "70000", "yes"],
        ["Flat Films", "15-1252", "99", "60000", "70000", "80000", ""],
    ],
    "us-employer-metro-h1b-by-occupation-fy2025.csv": [
        ["employer", "soc", "cbsa", "metro", "state", "filings", "median"],
        ["zoo", "15-2051", "10420", "Akron, OH", "OH", "20", "71000"],
        ["zoo", "15-2051", "46340", "Tyler, TX", "TX", "9", "72000"],
        ["Flat Films", "15-2051", "10420", "Akron, OH", "OH", "50", "70000"],
    ],
    "us-employer-h1b-by-title-fy2025.csv": [
        ["role", "employer", "filings", "median"],
        ["Data Analyst", "Zoo LLC", "4", "73000"],
    ],
    "us-h1b-lca-fy2025-records.csv.gz": [
        _FILING,
        *[["Data Engineer", "base", "Zoo", *_AKRON, "90000"] for _ in range(20)],
        *[
            ["Data Scientist", "senior", employer, *_AKRON, str(wage)]
            for employer, wages in [
                ("Zoo LLC", range(60000, 71000, 1000)),
                ("ZOO, L.L.C.", [71000]),
                ("Bank", range(80000, 89000, 1000)),
                ("Mine", [99999]),
            ]
            for wage in wages
        ],
    ],
    "onet-technology.csv": [
        ["onet_soc", "technology", "category", "hot_technology"],
        ["15-2051.00", "Python", "Languages", "1"],
        ["15-2051.00", "NumPy", "Libraries", "0"],
        ["15-1242.00", "MySQL", "Databases", "1"],
    ],
    "onet-data-scientists-in-demand.csv": [
        ["onet_soc", "technology", "hot_technology"],
        ["15-2051.00", "Python", "1"],
        ["15-2051.00", "NumPy", "0"],
    ],
    "us-outlook-2024-34.csv": [
        ["soc", "occupation", "ooh_page", "employment_2024", "projected_2034",
         "change_pct", "change_number", "openings_per_year_whole_page",
         "entry_education_whole_page"],
        ["15-2051", "Data scientists", "data", "100", "150", "50", "50", "20",
         "Bachelor's degree"],
        ["", "Mathematicians and statisticians", "math", "60", "50", "-17", "-10",
         "7", "Master's degree"],
        ["15-2021", "Mathematicians", "math", "20", "19", "-5", "-1", "",
         "Master's degree"],
        ["15-2041", "Statisticians", "math", "40", "", "-1", "0", "",
         "Master's degree"],
    ],
    "us-outlook-2025-35.csv": [
        ["soc", "occupation", "page", "employment_2025", "change_2025_35",
         "change_percent", "openings_per_year", "education", "read_twice"],
        ["15-2051", "Data scientists", "Data scientists", "110", "", "50.4", "21",
         "Bachelor's degree", "employment change_percent"],
        ["", "Mathematicians and statisticians", "Mathematicians and statisticians",
         "61", "-6", "-10", "", "Master's degree", ""],
        ["00-0000", "Total, all occupations", "", "999", "9", "1", "", "", ""],
    ],
    "postings-ai-share-monthly.csv": [
        ["country", "month", "ai_share_pct_mean", "days"],
        ["US", "2025-10", "3.849", "31"],
        ["CA", "2025-09", "5.577", "30"],
        ["CA", "2025-10", "6.185", "31"],
    ],
    "us-cpi-u-monthly.csv": [
        ["month", "cpi_u_nsa"],
        ["2022-08", "296.171"],
        ["2026-08", "334.980"],
    ],
}  # fmt: skip
SCIENTISTS = "Data Scientists (15-2051)"
WHOLE = ["United States", "US", None, None, 5000, 41000, 51000, 61000, 71000, 81000]
TABLES: list[dict[str, Any]] = [
    {
        "role": "data-scientist",
        "level": "metro",
        "source": "oews-may-2025",
        "occupation": SCIENTISTS,
        "whole": WHOLE,
        "rows": [
            ["Akron, OH", "10420", "OH", None, None, 40000, 50000, 60000, 70000, None]
        ],
    },
    {
        "role": "data-scientist",
        "level": "metro",
        "source": "lca-records-fy2025",
        "occupation": None,
        "whole": [
            *["United States", "US", None, 22, None],
            *[None, 65250, 70500, 83750, None],
        ],
        "rows": [
            ["Akron, OH", "10420", "OH", 22, None, None, 65250, 70500, 83750, None]
        ],
        "top_employers": {"US": ["Zoo LLC", 12], "10420": ["Zoo LLC", 12]},
    },
    {
        "role": "data-scientist",
        "level": "state",
        "source": "oews-may-2025",
        "occupation": SCIENTISTS,
        "whole": WHOLE,
        "rows": [
            ["Ohio", "OH", "OH", None, None, None, 50000, 60000, 70000, None],
            ["Texas", "TX", "TX", None, 300, 42000, 52000, 62000, 72000, 82000],
        ],
    },
    {
        "role": "data-analyst",
        "level": "metro",
        "source": "lca-fy2025",
        "occupation": None,
        "whole": [
            *["United States", "US", None, 1234, None],
            *[None, 62000, 72000, 82000, None],
        ],
        "rows": [
            ["Akron, OH", "10420", "OH", 12, None, None, 61000, 71000, 81000, None],
            ["Tyler, TX", "46340", "TX", 9, None, None, 60000, 70000, 80000, None],
        ],
    },
    {
        "role": "mlops-engineer",
        "level": "metro",
        "source": "lca-fy2025",
        "occupation": None,
        "whole": None,
        "rows": [
            ["Akron, OH", "10420", "OH", 8, None, None, 90000, 95000, 99000, None]
        ],
    },
    {
        "role": "data-architect",
        "level": "state",
        "source": "oews-may-2025",
        "occupation": "Database Architects (15-1243)",
        "whole": None,
        "rows": [["Texas", "TX", "TX", None, 50, None, None, 95000, None, None]],
    },
]
FIGURES = (
    "role", "source", "period", "occupation", "records", "employment", "mean", "p10",
    "p25", "median", "p75", "p90",
)  # fmt: skip
RESEARCHERS = "Computer and Information Research Scientists (15-1221)"
_FILINGS = ("lca-fy2025", "FY 2025", None)
_OFFICIAL = ("oews-may-2025", "2025-05")
_SCIENTISTS = (None, 5000, 62500, 41000, 51000, 61000, 71000, 81000)
NATIONAL = [
    ("data-analyst", *_FILINGS, 1234, None, None, None, 62000, 72000, 82000, None),
    ("data-engineer", *_FILINGS, 66, None, None, None, 90000, 95000, 99000, None),
    (
        *("machine-learning-engineer", *_OFFICIAL, RESEARCHERS),
        *(None, 400, 90500, 70000, 80000, 90000, 100000, None),
    ),
    ("machine-learning-engineer", *_OFFICIAL, SCIENTISTS, *_SCIENTISTS),
    ("data-scientist", *_OFFICIAL, SCIENTISTS, *_SCIENTISTS),
]


class Refresh:
    """Runs the tool on small files and a copy of the bundled data set."""

    def __init__(self, folder: Path) -> None:
        self.output, self.files = folder / "package", folder / "files"
        self.printed: list[str] = []
        self.output.mkdir()
        self.files.mkdir()
        bundled = ROOT / "mlroles" / "data.json"
        (self.output / "data.json").write_bytes(bundled.read_bytes())
        for name, table in FILES.items():
            self.put(name, table)

    def put(self, name: str, table: Sequence[Sequence[str]]) -> None:
        """Write an input file."""
        path = self.files / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(table)
        if path.suffix == ".gz":
            path.write_bytes(gzip.compress(path.read_bytes(), mtime=0))

    def run(self) -> Result:
        """Run the tool."""
        printed = io.StringIO()
        with redirect_stdout(printed):
            try:
                main(self.files, self.output)
            except SystemExit as error:
                return Result(1, printed.getvalue(), f"{error}\n")
        return Result(0, printed.getvalue(), "")

    def run_process(self) -> subprocess.CompletedProcess[str]:
        """Run the tool in a process of its own."""
        command = [sys.executable, "-m", "refresh", str(self.files)]
        return subprocess.run(
            [*command, "--output", str(self.output)],
            check=False,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), "tools"])},
            cwd=ROOT,
        )

    def __call__(self) -> list[str]:
        """Run the tool, which must succeed, and return the lines that it prints."""
        result = self.run()
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout.splitlines()

    def read(self, name: str = "data.json") -> Any:
        return json.loads((self.output / name).read_bytes())

    def content(self) -> list[bytes]:
        return [(self.output / name).read_bytes() for name in WRITTEN]


@pytest.fixture
def refresh(tmp_path: Path) -> Refresh:
    return Refresh(tmp_path)


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Refresh:
    """Return what one run writes, for tests that change nothing."""
    refresh = Refresh(tmp_path_factory.mktemp("refreshed"))
    refresh.printed = refresh()
    return refresh


def test_sections_are_built_from_the_files(
    refreshed: Refresh, bundled: Dataset
) -> None:
    assert refreshed.printed == [
        "11 records read, 11 used, 0 skipped",
        *[f"{name}: written" for name in WRITTEN],
    ]
    data = refreshed.read()
    assert bundled.pay
    # The midpoints are 110,000, 112,000 and so on.
    percentiles = [
        *[111000, 112000, 114000, 115000, 116000, 118000, 120000],
        *[122000, 124000, 125000, 126000, 128000, 129000],
    ]
    assert data["pay"] == {
        **bundled.pay,
        "country_notes": {},
        "all_postings": {},
        "bundled": {"data-scientist": [2025]},
    }
    assert refreshed.read(PAY) == [
        [
            *[2025, country, level, mode, 11, 120000, *percentiles],
            *[105000, 135000, 112000, 128000],
        ]
        for country in (None, "US")
        for level in (None, "senior")
        for mode in (None, "on-site")
    ]
    single = data["national"].pop(2)
    assert data["national"] == [
        dict(zip(FIGURES, figures, strict=True)) for figures in NATIONAL
    ]
    assert single == {
        **dict.fromkeys(FIGURES),
        "role": "data-scientist",
        "source": "lca-records-fy2025",
        "period": "FY 2025",
        "records": 22,
        "p25": 65250,
        "median": 70500,
        "p75": 83750,
        "top_employer": ["Zoo LLC", 12],
    }
    assert data["countries"] == {
        "AR": "Argentina",
        "DE": "Germany",
        "EG": "Egypt",
        "US": "United States",
    }


def test_tables_are_built_from_the_files(refreshed: Refresh) -> None:
    states = refreshed.read("tables/places.json").pop("states")
    assert (len(states), states["OH"], states["PR"]) == (54, "Ohio", "Puerto Rico")
    assert refreshed.read("tables/places.json") == {
        "columns": [
            *["place", "code", "state", "records", "employment"],
            *["p10", "p25", "median", "p75", "p90"],
        ],
        "states": states,
        "tables": TABLES,
    }
    assert refreshed.read("tables/prices.json") == {
        "source": "bls-cpi-u",
        "region": "US",
        "months": {"2022-08": 296.171, "2026-08": 334.98},
    }
    assert refreshed.read("tables/price_levels.json") == [
        {
            "level": "metro",
            "source": "bea-rpp-2024",
            # Without the United States and its part outside of metro areas.
            "rows": [
                ["10420", "Akron, OH", 93.37],
                ["14860", "Bridgeport-Danbury, CT", 103.9],
            ],
        },
        {
            "level": "state",
            "source": "bea-rpp-2024",
            "rows": [["OH", "Ohio", 91.8]],
        },
        {
            "level": "country",
            "source": "world-bank-ppp-2025",
            # 100 * 0.719 / 0.886705. There is no exchange rate for Egypt.
            "rows": [["DE", "Germany", 81.087], ["US", "United States", 100.0]],
        },
    ]
    columns = ["code", "goods", "housing", "utilities", "other_services"]
    assert refreshed.read("tables/price_parts.json") == [
        {
            "level": "metro",
            "columns": columns,
            "rows": [
                ["10420", 93.628, 76.785, 96.0, 98.939],
                ["14860", 104.1, 105.2, 106.3, 107.4],
            ],
        },
        {
            "level": "state",
            "columns": columns,
            "rows": [["OH", 92.1, 93.2, 94.3, 95.4]],
        },
    ]
    # All postings are in US dollars.
    local = refreshed.read("tables/local_pay.json")
    assert (local["columns"], local["groups"], local["few"]) == ([*PAY_COLUMNS], {}, {})
    (ranges,) = refreshed.read("tables/range_ends.json")["groups"].items()
    lows = [100_000 + 1_000 * n for n in range(11)]
    highs = [120_000 + 3_000 * n for n in range(11)]
    group = [2025, "US", "senior", "on-site", lows, highs]
    assert ranges == ("data-scientist", [group])
    assert refreshed.read("tables/rates.json") == {
        "source": "ecb-exchange-rates",
        "currencies": {"DE": "EUR", "EG": "EGP", "US": "USD"},
        # Without the incomplete year 2026.
        "years": {"EUR": {"2025": 0.886705}, "GBP": {"2025": 0.759185}},
    }
    assert refreshed.read("tables/occupations.json") == {
        "source": "onet-30",
        "titles": {
            "15-1221.00": "Researchers",
            "15-1243.00": "Database Architects",
            "15-1299.08": "Architects",
            "15-1299.09": "Data Analysts",
            "15-2041.00": "Statisticians",
            "15-2051.00": "Data Scientists",
            "15-2051.01": "Business Analysts",
        },
        "roles": {
            # More sources come first, then more people employed.
            "machine-learning-engineer": [
                *["15-2041.00", "15-2051.00", "15-2051.01", "15-1221.00"],
                "15-1299.08",
            ],
            "data-scientist": ["15-2051.00"],
            # It has the plural of the title.
            "data-analyst": ["15-1299.09"],
            "data-architect": ["15-1243.00"],
        },
        "in_demand": {"15-2051.00": ["NumPy", "Python"]},
    }
    assert refreshed.read("tables/employers.json") == {
        "source": "lca-employers-fy2025",
        "columns": list(EMPLOYER_COLUMNS),
        "metros": {"10420": "Akron, OH", "46340": "Tyler, TX"},
        "tables": [
            {
                "code": "15-1252",
                "title": "Software Developers",
                "rows": [["Flat Films", None, 99, 60000, 70000, 80000]],
            },
            {
                "code": "15-2051",
                "title": "Data Scientists",
                "rows": [
                    ["Akron Bank", None, 10, 60000, 70000, 80000],
                    ["zoo", None, 40, 60000, 70000, 80000],
                    ["zoo", "10420", 20, None, 71000, None],
                ],
            },
        ],
        "titles": {
            "data-scientist": {
                "source": "lca-records-fy2025",
                "min_records": 10,
                "rows": [["Zoo LLC", None, 12, 62750, 65500, 68250]],
            },
            "data-analyst": {
                "source": "lca-employers-fy2025",
                "min_records": 1,
                "rows": [["Zoo LLC", None, 4, None, 73000, None]],
            },
        },
    }
    keys = ("role", "source", "seniority", "records", "p25", "median", "p75")
    analyst = ("data-analyst", "lca-fy2025")
    scientist = ("data-scientist", "lca-records-fy2025")
    assert refreshed.read("tables/seniority.json") == [
        dict(zip(keys, figures, strict=True))
        for figures in [
            (*analyst, "base", 900, 60000, 70000, 80000),
            (*analyst, "senior", 200, 64000, 74000, 84000),
            (*analyst, "staff", 100, 68000, 78000, 88000),
            (*analyst, "lead", 30, 67000, 77000, 87000),
            (*analyst, "director", 4, 99000, 99500, 99900),
        ]
    ] + [
        {
            **dict(
                zip(
                    keys,
                    (*scientist, "senior", 22, 65250, 70500, 83750),
                    strict=True,
                )
            ),
            "top_employer": ["Zoo LLC", 12],
        }
    ]
    # MySQL is listed by an occupation that lists no role.
    assert refreshed.read("tables/skills.json") == {
        "source": "onet-30",
        "columns": ["technology", "category", "hot"],
        "tables": [
            {
                "code": "15-2051.00",
                "title": "Data Scientists",
                "rows": [["NumPy", "Libraries", False], ["Python", "Languages", True]],
            }
        ],
    }
    amounts = [62500, 41000, 51000, 61000, 71000, 81000]
    assert refreshed.read("tables/industries.json") == {
        "columns": list(INDUSTRY_COLUMNS),
        "tables": [
            {
                "code": "15-1252",
                "title": "Software Developers",
                "source": "oews-may-2025",
                "median": None,
                "employment": None,
                "private": None,
                "rows": [["51", "Information", "sector", 10, *amounts]],
            },
            {
                "code": "15-2051",
                "title": "Data Scientists",
                "source": "oews-may-2025",
                "median": 61000,
                "employment": 5000,
                "private": {"employment": 4000, "median": 61000},
                "rows": [
                    ["61", "Educational Services", "sector", 900, *amounts],
                    ["622000", "Hospitals", "subsector", 200, *amounts],
                    ["622100", "General Hospitals", "group", 90, *amounts],
                    [
                        *["622105", "General Hospitals, Privately Owned", "industry"],
                        *[None, *amounts],
                    ],
                ],
            },
        ],
    }
    page = "Mathematicians and statisticians"
    assert refreshed.read("tables/outlook.json") == {
        "occupations": [
            {
                "source": "bls-projections-2025-35",
                "base_year": 2025,
                "target_year": 2035,
                "columns": list(PROJECTION_COLUMNS),
                "rows": [
                    [
                        *["15-2021; 15-2041", page, 61, 55, -6, -10, None, page],
                        "Master's degree",
                    ],
                    [
                        *["15-2051", "Data scientists", 110, None, None, 50, 21],
                        *["Data scientists", "Bachelor's degree"],
                    ],
                ],
            },
            {
                "source": "bls-projections-2024-34",
                "base_year": 2024,
                "target_year": 2034,
                "columns": list(PROJECTION_COLUMNS),
                "rows": [
                    [
                        *["15-2021", "Mathematicians", 20, 19, -1, -5, 7, page],
                        "Master's degree",
                    ],
                    [
                        *["15-2041", "Statisticians", 40, None, 0, -1, 7, page],
                        "Master's degree",
                    ],
                ],
            },
        ],
        "postings": {
            "source": "indeed-postings-software",
            "sector": "software development",
            "region": "US",
            "base": "1 February 2020 = 100",
            "points": {
                row[1]: float(row[2])
                for row in FILES["us-postings-software-monthly.csv"][1:]
            },
        },
        "ai_share": {
            "source": "indeed-ai-share",
            "countries": {"CA": "Canada", "US": "United States"},
            "shares": {"CA": {"2025-09": 5.577}, "US": {"2025-10": 3.849}},
        },
    }
    assert refreshed.read()["tables"] == list(TABLE_NAMES)


def test_result_is_valid_and_formatted(refreshed: Refresh) -> None:
    parts = [refreshed.read(name) for name in WRITTEN]
    data, *tables, groups = parts
    # The bundled data set has other years.
    pay = {**data["pay"], "groups": {"data-scientist": groups}, "bundled": {}}
    data = {**data, "pay": pay}
    whole = {**data, "tables": [], **dict(zip(TABLE_NAMES, tables, strict=True))}
    assert validation_errors(data) == []
    assert validation_errors(whole) == []
    assert refreshed.content() == [dumps(part).encode() for part in parts]


def test_everything_else_is_kept(refreshed: Refresh, bundled: Dataset) -> None:
    data = refreshed.read()
    built = {"pay", "countries", "national", "sources"}
    assert list(data) == list(bundled.content)
    assert {key: data[key] for key in data.keys() - built} == {
        key: value for key, value in bundled.content.items() if key not in built
    }
    counts = {
        "aijobs-salary-index": 11,
        "lca-fy2025": 1300,
        "lca-records-fy2025": 22,
        # In the whole country, without flat and small employers.
        "lca-employers-fy2025": 149,
    }
    # What depends on the values of a file. No posting is an outlier here.
    methods = {source["id"]: source["method"] for source in data["sources"]}
    method = bundled.source("aijobs-salary-index")["method"]
    assert method.startswith(f"{methods['aijobs-salary-index']} Omitted as an error,")
    caveats = {source["id"]: source["caveats"] for source in data["sources"]}
    projections = caveats["bls-projections-2025-35"]
    assert projections[0] == (
        "The values were read from notes that quote the Bureau's pages, not from its "
        "tables. Read twice, in independent notes: Data scientists (employment, change "
        "in per cent). All others were read once."
    )
    assert projections[2:] == caveats["bls-projections-2024-34"]
    of_file = {
        "aijobs-salary-index": ["method"], "bls-projections-2025-35": ["caveats"],
    }  # fmt: skip
    assert [source | {"sha256": []} for source in data["sources"]] == [
        {
            **source,
            "records": counts.get(source["id"], source["records"]),
            "sha256": [],
            **({key: each[key] for key in of_file.get(each["id"], ())}),
        }
        for source, each in zip(bundled.sources.values(), data["sources"], strict=True)
    ]


def test_digests_of_the_files_are_recorded(refreshed: Refresh) -> None:
    assert {each["id"]: each["sha256"] for each in refreshed.read()["sources"]} == {
        source: [
            hashlib.sha256((refreshed.files / name).read_bytes()).hexdigest()
            for name in FILES_OF_SOURCES.get(source, ())
        ]
        for source in ("job-site-career-page", *FILES_OF_SOURCES)
    }
    used = {name for names in FILES_OF_SOURCES.values() for name in names}
    assert used == {*FILES}


def test_same_files_give_the_same_bytes_in_another_package(
    refresh: Refresh, refreshed: Refresh
) -> None:
    done = refresh.run_process()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == refreshed.printed
    assert refresh.content() == refreshed.content()


def test_only_changed_files_are_written(refresh: Refresh) -> None:
    first = refresh()
    before = refresh.content()
    assert refresh() == [first[0], *[f"{name}: no changes" for name in WRITTEN]]
    assert refresh.content() == before
    prices = FILES["us-cpi-u-monthly.csv"]
    refresh.put("us-cpi-u-monthly.csv", [*prices, ["2026-09", "335.5"]])
    assert refresh() == [
        first[0],
        # The digest of the prices.
        "data.json: written",
        "tables/places.json: no changes",
        "tables/prices.json: written",
        *[f"{name}: no changes" for name in WRITTEN[3:]],
    ]
    assert refresh.read("tables/prices.json")["months"]["2026-09"] == 335.5


def filed(number: int, employer: str, **columns: str) -> list[list[str]]:
    """Return filings of an employer, whose wages ascend."""
    row = {"role": "Research Scientist", "tier": "base", "cbsa": "10420"}
    row |= {"metro": "Akron, OH", "employer": employer, **columns}
    return [
        [{**row, "wage_mid": str(100_000 + n)}[column] for column in _FILING]
        for n in range(number)
    ]


def titled(refresh: Refresh, filings: list[list[str]]) -> dict[str, int]:
    """Return the number of filings of each employer of Research Scientist."""
    refresh.put("us-h1b-lca-fy2025-records.csv.gz", [_FILING, *filings])
    refresh()
    titles = refresh.read("tables/employers.json")["titles"]
    rows = titles["research-scientist"]["rows"]
    assert len(rows) == len({row[0] for row in rows})
    return {row[0]: row[2] for row in rows}


# The names of one employer as filed, and its name.
EMPLOYERS = {
    "Green Fields, Inc.": ["Green Fields, Inc.", "GREEN FIELDS INC", "green fields"],
    "Acme Company": ["Acme Company", "ACME CO.", "acme", "Acme  Corp "],
    "A & B, L.L.C.": ["A & B, L.L.C.", "A and B LLC", "A&B"],
    "Lilly's and Company": ["Lilly's and Company", "Lillys & Co."],
    "First Bank N.A.": ["First Bank N.A.", "First Bank, NA"],
    "Fidel LLC": ["Fidel LLC", "Fidel, LLC d/b/a Other Name", "Fidel dba Third, Inc."],
    "Incorporated Ideas": ["Incorporated Ideas", "Incorporated Ideas, Ltd."],
    "d/b/a Nameless": ["d/b/a Nameless"],
    # Reviewed groups.
    "Amazon": ["Amazon.com Services LLC", "AMAZON WEB SERVICES, INC.",
               "Amazon Development Center U.S., Inc. "],
    "Audible": ["Audible"],
    "TikTok": ["TikTok Inc.", "TikTok U.S. Data Security Inc."],
    "BYTEDANCE INC.": ["BYTEDANCE INC."],
    "FedEx": ["Federal Express Corporation", "FedEx Dataworks, Inc. "],
    "Walmart": ["WAL-MART ASSOCIATES, INC."],
    # Others, however similar.
    "Green Field Inc.": ["Green Field Inc."],
    "Amazonas Inc.": ["Amazonas Inc."],
    "Uber Freight US LLC": ["Uber Freight US LLC"],
    "Uber Technologies, Inc.": ["Uber Technologies, Inc."],
}  # fmt: skip


def test_names_of_an_employer_are_joined(refresh: Refresh) -> None:
    filings = [
        row
        for names in EMPLOYERS.values()
        # The first spelling is the most frequent.
        for row in [*filed(9, names[0]), *(row for n in names for row in filed(1, n))]
    ]
    assert titled(refresh, filings) == {
        name: 9 + len(names) for name, names in EMPLOYERS.items()
    }


def test_equally_frequent_spellings_have_the_first_one(refresh: Refresh) -> None:
    filings = [*filed(6, "Zoo LLC"), *filed(3, "Zoo  Inc."), *filed(3, "Zoo Inc. ")]
    assert titled(refresh, filings) == {"Zoo Inc.": 12}


def test_figures_of_few_filings_or_employers_are_omitted(refresh: Refresh) -> None:
    areas = {
        "1": [4, 3, 1],
        # Too few filings, or employers.
        "2": [3, 3, 1],
        "3": [5, 5],
        # The worksites are unknown.
        "": [4, 4, 4],
    }
    tiers = {"senior": [8, 1, 1], "lead": [7, 1, 1], "staffPlus": [6, 6]}
    filings = [
        row
        for code, counts in areas.items()
        for n, count in enumerate(counts)
        for row in filed(count, f"E{n}", cbsa=code, metro=f"M{code}, OH-PA")
    ]
    filings += [
        row
        for tier, counts in tiers.items()
        for n, count in enumerate(counts)
        for row in filed(count, f"T{n}", tier=tier, cbsa="", metro="")
    ]
    # Spellings of one employer.
    filings += [
        row
        for name in ("Zoo", "Zoo LLC", "ZOO INC.")
        for row in filed(4, name, cbsa="4", metro="M4, OH")
    ]
    assert titled(refresh, filings) == {
        "T0": 21, "E0": 16, "E1": 15, "ZOO INC.": 12,
    }  # fmt: skip
    tables = refresh.read("tables/places.json")["tables"]
    (table,) = [each for each in tables if each["role"] == "research-scientist"]
    assert [row[:4] for row in table["rows"]] == [["M1, OH-PA", "1", "OH", 8]]
    assert table["top_employers"] == {"1": ["E0", 4], "US": ["T0", 21]}
    assert table["whole"][3] == len(filings)
    seniority = refresh.read("tables/seniority.json")
    assert [
        (row["seniority"], row["records"], row["top_employer"])
        for row in seniority
        if row["role"] == "research-scientist"
    ] == [("base", 49, ["E0", 16]), ("senior", 10, ["T0", 8])]


def test_few_filings_of_a_role_give_no_figures(refresh: Refresh) -> None:
    filings = [row for n in range(3) for row in filed(3, f"E{n}")]
    refresh.put("us-h1b-lca-fy2025-records.csv.gz", [_FILING, *filings])
    refresh()
    assert "research-scientist" not in refresh.read("tables/employers.json")["titles"]
    roles = [row["role"] for row in refresh.read()["national"]]
    assert "research-scientist" not in roles


def test_invalid_figures_are_not_written(refresh: Refresh) -> None:
    before = (refresh.output / "data.json").read_bytes()
    refresh.put(
        "us-seniority-h1b-by-title-fy2025.csv",
        [
            ["role", "tier", "filings", "p25", "median", "p75"],
            ["Data Analyst", "base", "900", "80000", "70000", "60000"],
            ["Data Analyst", "lead", "900", "0", "70000", "80000"],
        ],
    )
    result = refresh.run()
    assert result.exit_code == 1
    assert result.stderr == (
        "seniority[1].p25: must be at least 1\n"
        "seniority[0]: percentiles are not in ascending order\n"
    )
    assert (refresh.output / "data.json").read_bytes() == before
    assert list(refresh.output.iterdir()) == [refresh.output / "data.json"]


def test_missing_files_are_reported(refresh: Refresh) -> None:
    for name in ("onet-titles.csv", "us-cpi-u-monthly.csv"):
        (refresh.files / name).unlink()
    result = refresh.run()
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"{refresh.files} does not contain onet-titles.csv, us-cpi-u-monthly.csv\n"
    )
    assert list(refresh.output.iterdir()) == [refresh.output / "data.json"]
