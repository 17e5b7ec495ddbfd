"""The refresh of the bundled data, from small files and a copy of the data set."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import shutil
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
    PLACE_COLUMNS,
    PRICE_PART_COLUMNS,
    PROJECTION_COLUMNS,
    RANGE_COLUMNS,
)
from mlroles.dataset.dimensions import TABLES as TABLE_NAMES
from mlroles.dataset.validate import validation_errors
from mlroles.dataset.write import dumps
from tests.conftest import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.dataset.dataset import Dataset

ROOT = Path(__file__).parents[2]
# Files as those of the sources, where some figures are empty.
FILES = Path(__file__).parent / "files"
# The role of the postings has pay groups.
PAY = "tables/pay/data-scientist.json"
WRITTEN = ("data.json", *(f"tables/{name}.json" for name in TABLE_NAMES), PAY)
FILING = ["role", "tier", "employer", "cbsa", "metro", "wage_mid"]
# The compressed files.
PACKED: dict[str, list[list[str]]] = {
    "aijobs-salaries-2020-2025.csv.gz": [
        ["work_year", "experience_level", "employment_type", "job_title",
         "salary_currency", "employee_residence", "remote_ratio", "company_location",
         "company_size", "salary", "salary_in_usd"],
        *[
            ["2025", "SE", "FT", "Data Scientist", "USD", "US", "0", "US", "M",
             str(end), str(end)]
            for n in range(11)
            for end in (120_000 + 3_000 * n, 100_000 + 1_000 * n)
        ],
    ],
    "us-h1b-lca-fy2025-records.csv.gz": [
        FILING,
        *[
            [role, tier, employer, "10420", "Akron, OH", str(wage)]
            for role, tier, employer, wages in [
                ("Data Engineer", "base", "Zoo", [90000] * 20),
                ("Data Scientist", "senior", "Zoo LLC", range(60000, 71000, 1000)),
                ("Data Scientist", "senior", "ZOO, L.L.C.", [71000]),
                ("Data Scientist", "senior", "Bank", range(80000, 89000, 1000)),
                ("Data Scientist", "senior", "Mine", [99999]),
            ]
            for wage in wages
        ],
    ],
}  # fmt: skip


def keyed(keys: str, *rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return rows with their keys."""
    return [dict(zip(keys.split(), row, strict=True)) for row in rows]


OFFICIAL, FILED, TITLED = "oews-may-2025", "lca-fy2025", "lca-records-fy2025"
SCIENTISTS = "Data Scientists (15-2051)"
AMOUNTS = [41000, 51000, 61000, 71000, 81000]
# Pay in metro areas and states; the last row of one source counts one employer.
TABLES = keyed(
    "role level source occupation whole rows",
    ("data-scientist", "metro", OFFICIAL, SCIENTISTS,
     ["United States", "US", None, None, 5000, *AMOUNTS],
     [["Akron, OH", "10420", "OH", None, None, 40000, 50000, 60000, 70000, None]]),
    ("data-scientist", "metro", TITLED, None,
     ["United States", "US", None, 22, None, None, 65250, 70500, 83750, None],
     [["Akron, OH", "10420", "OH", 22, None, None, 65250, 70500, 83750, None]]),
    ("data-scientist", "state", OFFICIAL, SCIENTISTS,
     ["United States", "US", None, None, 5000, *AMOUNTS],
     [["Ohio", "OH", "OH", None, None, None, 50000, 60000, 70000, None],
      ["Texas", "TX", "TX", None, 300, 42000, 52000, 62000, 72000, 82000]]),
    ("data-analyst", "metro", FILED, None,
     ["United States", "US", None, 1234, None, None, 62000, 72000, 82000, None],
     [["Akron, OH", "10420", "OH", 12, None, None, 61000, 71000, 81000, None],
      ["Tyler, TX", "46340", "TX", 9, None, None, 60000, 70000, 80000, None]]),
    ("mlops-engineer", "metro", FILED, None, None,
     [["Akron, OH", "10420", "OH", 8, None, None, 90000, 95000, 99000, None]]),
    ("data-architect", "state", OFFICIAL, "Database Architects (15-1243)", None,
     [["Texas", "TX", "TX", None, 50, None, None, 95000, None, None]]),
)  # fmt: skip
TABLES[1]["top_employers"] = {"US": ["Zoo LLC", 12], "10420": ["Zoo LLC", 12]}
NATIONAL = keyed(
    "role source period occupation records employment mean p10 p25 median p75 p90",
    ("data-analyst", FILED, "FY 2025", None, 1234, None,
     None, None, 62000, 72000, 82000, None),
    ("data-engineer", FILED, "FY 2025", None, 66, None,
     None, None, 90000, 95000, 99000, None),
    ("data-scientist", TITLED, "FY 2025", None, 22, None,
     None, None, 65250, 70500, 83750, None),
    ("machine-learning-engineer", OFFICIAL, "2025-05",
     "Computer and Information Research Scientists (15-1221)", None, 400,
     90500, 70000, 80000, 90000, 100000, None),
    *(
        (role, OFFICIAL, "2025-05", SCIENTISTS, None, 5000, 62500, *AMOUNTS)
        for role in ("machine-learning-engineer", "data-scientist")
    ),
)  # fmt: skip
NATIONAL[2]["top_employer"] = ["Zoo LLC", 12]
SENIORITY = keyed(
    "role source seniority records p25 median p75",
    ("data-analyst", FILED, "base", 900, 60000, 70000, 80000),
    ("data-analyst", FILED, "senior", 200, 64000, 74000, 84000),
    ("data-analyst", FILED, "staff", 100, 68000, 78000, 88000),
    ("data-analyst", FILED, "lead", 30, 67000, 77000, 87000),
    ("data-analyst", FILED, "director", 4, 99000, 99500, 99900),
    ("data-scientist", TITLED, "senior", 22, 65250, 70500, 83750),
)
SENIORITY[-1]["top_employer"] = ["Zoo LLC", 12]


class Refresh:
    """Runs the tool on small files and a copy of the bundled data set."""

    def __init__(self, folder: Path) -> None:
        self.output, self.files = folder / "package", folder / "files"
        self.printed: list[str] = []
        self.output.mkdir()
        shutil.copy(ROOT / "mlroles" / "data.json", self.output)
        shutil.copytree(FILES, self.files)
        for name, table in PACKED.items():
            self.pack(name, table)

    def pack(self, name: str, table: Sequence[Sequence[str]]) -> None:
        """Write a compressed input file."""
        text = io.StringIO()
        csv.writer(text).writerows(table)
        content = gzip.compress(text.getvalue().encode(), mtime=0)
        (self.files / name).write_bytes(content)

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
    assert data["pay"] == {
        **bundled.pay,
        "country_notes": {},
        "all_postings": {},
        "bundled": {"data-scientist": [2025]},
    }
    # The midpoints are 110,000, 112,000 and so on.
    figures = [
        11, 120000, 111000, 112000, 114000, 115000, 116000, 118000, 120000, 122000,
        124000, 125000, 126000, 128000, 129000, 105000, 135000, 112000, 128000,
    ]  # fmt: skip
    assert refreshed.read(PAY) == [
        [2025, country, level, mode, *figures]
        for country in (None, "US")
        for level in (None, "senior")
        for mode in (None, "on-site")
    ]
    assert data["national"] == NATIONAL
    assert data["countries"] == {
        "AR": "Argentina", "DE": "Germany", "EG": "Egypt", "US": "United States",
    }  # fmt: skip
    assert data["tables"] == list(TABLE_NAMES)


def test_places_are_built_from_the_files(refreshed: Refresh) -> None:
    places = refreshed.read("tables/places.json")
    states = places["states"]
    assert (len(states), states["OH"], states["PR"]) == (54, "Ohio", "Puerto Rico")
    assert places == {
        "columns": list(PLACE_COLUMNS), "states": states, "tables": TABLES,
    }  # fmt: skip
    assert refreshed.read("tables/seniority.json") == SENIORITY


# The content of each other table.
BUILT: dict[str, Any] = {
    "prices": {
        "source": "bls-cpi-u",
        "region": "US",
        "months": {"2022-08": 296.171, "2026-08": 334.98},
    },
    "price_levels": keyed(
        "level source rows",
        # Without the United States and its part outside of metro areas.
        ("metro", "bea-rpp-2024", [["10420", "Akron, OH", 93.37],
                                   ["14860", "Bridgeport-Danbury, CT", 103.9]]),
        ("state", "bea-rpp-2024", [["OH", "Ohio", 91.8]]),
        # 100 * 0.719 / 0.886705. There is no exchange rate for Egypt.
        ("country", "world-bank-ppp-2025", [["DE", "Germany", 81.087],
                                            ["US", "United States", 100.0]]),
    ),
    "price_parts": keyed(
        "level columns rows",
        ("metro", list(PRICE_PART_COLUMNS), [["10420", 93.628, 76.785, 96.0, 98.939],
                                             ["14860", 104.1, 105.2, 106.3, 107.4]]),
        ("state", list(PRICE_PART_COLUMNS), [["OH", 92.1, 93.2, 94.3, 95.4]]),
    ),
    # All postings are in US dollars.
    "local_pay": {"columns": list(PAY_COLUMNS), "groups": {}, "few": {}},
    "range_ends": {
        "columns": list(RANGE_COLUMNS),
        "groups": {
            "data-scientist": [
                [2025, "US", "senior", "on-site", [*range(100_000, 111_000, 1_000)],
                 [*range(120_000, 153_000, 3_000)]],
            ],
        },
    },
    "rates": {
        "source": "ecb-exchange-rates",
        "currencies": {"DE": "EUR", "EG": "EGP", "US": "USD"},
        # Without the incomplete year 2026.
        "years": {"EUR": {"2025": 0.886705}, "GBP": {"2025": 0.759185}},
    },
    "occupations": {
        "source": "onet-30",
        "titles": {
            "15-1221.00": "Researchers", "15-1243.00": "Database Architects",
            "15-1299.08": "Architects", "15-1299.09": "Data Analysts",
            "15-2041.00": "Statisticians", "15-2051.00": "Data Scientists",
            "15-2051.01": "Business Analysts",
        },
        "roles": {
            # More sources come first, then more people employed.
            "machine-learning-engineer": ["15-2041.00", "15-2051.00", "15-2051.01",
                                          "15-1221.00", "15-1299.08"],
            "data-scientist": ["15-2051.00"],
            # It has the plural of the title.
            "data-analyst": ["15-1299.09"],
            "data-architect": ["15-1243.00"],
        },
        "in_demand": {"15-2051.00": ["NumPy", "Python"]},
    },
    "employers": {
        "source": "lca-employers-fy2025",
        "columns": list(EMPLOYER_COLUMNS),
        "metros": {"10420": "Akron, OH", "46340": "Tyler, TX"},
        "tables": keyed(
            "code title rows",
            ("15-1252", "Software Developers",
             [["Flat Films", None, 99, 60000, 70000, 80000]]),
            ("15-2051", "Data Scientists",
             [["Akron Bank", None, 10, 60000, 70000, 80000],
              ["zoo", None, 40, 60000, 70000, 80000],
              ["zoo", "10420", 20, None, 71000, None]]),
        ),
        "titles": {
            "data-scientist": {
                "source": TITLED,
                "min_records": 10,
                "rows": [["Zoo LLC", None, 12, 62750, 65500, 68250]],
            },
            "data-analyst": {
                "source": "lca-employers-fy2025",
                "min_records": 1,
                "rows": [["Zoo LLC", None, 4, None, 73000, None]],
            },
        },
    },
    # MySQL is listed by an occupation that lists no role.
    "skills": {
        "source": "onet-30",
        "columns": ["technology", "category", "hot"],
        "tables": keyed(
            "code title rows",
            ("15-2051.00", "Data Scientists",
             [["NumPy", "Libraries", False], ["Python", "Languages", True]]),
        ),
    },
    "industries": {
        "columns": list(INDUSTRY_COLUMNS),
        "tables": keyed(
            "code title source median employment private rows",
            ("15-1252", "Software Developers", OFFICIAL, None, None, None,
             [["51", "Information", "sector", 10, 62500, *AMOUNTS]]),
            ("15-2051", "Data Scientists", OFFICIAL, 61000, 5000,
             {"employment": 4000, "median": 61000},
             [["61", "Educational Services", "sector", 900, 62500, *AMOUNTS],
              ["622000", "Hospitals", "subsector", 200, 62500, *AMOUNTS],
              ["622100", "General Hospitals", "group", 90, 62500, *AMOUNTS],
              ["622105", "General Hospitals, Privately Owned", "industry", None,
               62500, *AMOUNTS]]),
        ),
    },
    "outlook": {
        "occupations": keyed(
            "source base_year target_year columns rows",
            ("bls-projections-2025-35", 2025, 2035, list(PROJECTION_COLUMNS),
             [["15-2021; 15-2041", "Mathematicians and statisticians", 61, 55, -6, -10,
               None, "Mathematicians and statisticians", "Master's degree"],
              ["15-2051", "Data scientists", 110, None, None, 50, 21,
               "Data scientists", "Bachelor's degree"]]),
            ("bls-projections-2024-34", 2024, 2034, list(PROJECTION_COLUMNS),
             [["15-2021", "Mathematicians", 20, 19, -1, -5, 7,
               "Mathematicians and statisticians", "Master's degree"],
              ["15-2041", "Statisticians", 40, None, 0, -1, 7,
               "Mathematicians and statisticians", "Master's degree"]]),
        ),
        "postings": {
            "source": "indeed-postings-software",
            "sector": "software development",
            "region": "US",
            "base": "1 February 2020 = 100",
            "points": {
                "2022-07-01": 200.0, "2022-08-01": 194.29, "2022-09-01": 180.42,
                "2025-09-01": 65.04, "2025-10-01": 66.0, "2026-09-01": 77.0,
                "2026-09-25": 78.09,
            },
        },
        "ai_share": {
            "source": "indeed-ai-share",
            "countries": {"CA": "Canada", "US": "United States"},
            "shares": {"CA": {"2025-09": 5.577}, "US": {"2025-10": 3.849}},
        },
    },
}  # fmt: skip


def test_every_table_is_built_from_the_files() -> None:
    assert {*BUILT, "places", "seniority"} == {*TABLE_NAMES}


@pytest.mark.parametrize("name", BUILT)
def test_table_is_built_from_the_files(name: str, refreshed: Refresh) -> None:
    assert refreshed.read(f"tables/{name}.json") == BUILT[name]


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
    assert used == {path.name for path in refreshed.files.iterdir()}


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
    with (refresh.files / "us-cpi-u-monthly.csv").open("a") as prices:
        prices.write("2026-09,335.5\n")
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
        [{**row, "wage_mid": str(100_000 + n)}[column] for column in FILING]
        for n in range(number)
    ]


def titled(refresh: Refresh, filings: list[list[str]]) -> dict[str, int]:
    """Return the number of filings of each employer of Research Scientist."""
    refresh.pack("us-h1b-lca-fy2025-records.csv.gz", [FILING, *filings])
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
    refresh.pack("us-h1b-lca-fy2025-records.csv.gz", [FILING, *filings])
    refresh()
    assert "research-scientist" not in refresh.read("tables/employers.json")["titles"]
    roles = [row["role"] for row in refresh.read()["national"]]
    assert "research-scientist" not in roles


def test_invalid_figures_are_not_written(refresh: Refresh) -> None:
    before = (refresh.output / "data.json").read_bytes()
    (refresh.files / "us-seniority-h1b-by-title-fy2025.csv").write_text(
        "role,tier,filings,p25,median,p75\n"
        "Data Analyst,base,900,80000,70000,60000\n"
        "Data Analyst,lead,900,0,70000,80000\n"
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
