"""Advertised pay: which records are postings, and what they pay in dollars."""

from __future__ import annotations

import csv
import gzip
from typing import TYPE_CHECKING, Any

import pytest
from refresh import advertised
from refresh.advertised import Posting, distinct, in_usd, pairs, trusted
from refresh.files import number, read_csv
from refresh.rates import read_rates

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mlroles.dataset.dataset import Dataset

RECORD = {
    "work_year": "2025", "experience_level": "SE", "employment_type": "FT",
    "job_title": "Data Scientist", "salary": "150000", "salary_currency": "USD",
    "salary_in_usd": "150000", "employee_residence": "US", "remote_ratio": "0",
    "company_location": "US", "company_size": "M",
}  # fmt: skip
PAY = {"salary", "salary_in_usd"}
# Another value of each column but those of pay.
OTHERS = {
    "work_year": "2024", "experience_level": "MI", "employment_type": "CT",
    "job_title": "Data Engineer", "salary_currency": "EUR",
    "employee_residence": "CA", "remote_ratio": "100", "company_location": "CA",
    "company_size": "L",
}  # fmt: skip
RATES = [
    ["currency", "year", "units_per_usd_mean", "days", "last_day"],
    ["EUR", "2024", "0.924000", "256", "2024-12-31"],
    ["EUR", "2025", "0.886705", "255", "2025-12-31"],
]


def record(salary: int, **values: str) -> dict[str, str]:
    """Return a record with some values other than the defaults."""
    pay = {"salary": str(salary), "salary_in_usd": str(salary)}
    return {**RECORD, **pay, **values}


def posting(low: int, high: int, **values: str) -> Posting:
    """Return the posting of one range."""
    (found,) = pairs([record(high, **values), record(low, **values)])
    return found


def ranges(records: list[dict[str, str]]) -> list[tuple[str, str]]:
    """Return the ranges of the postings of some records."""
    return [(each.low["salary"], each.high["salary"]) for each in pairs(records)]


def write_table(path: Path, table: Iterable[Iterable[str]]) -> Path:
    """Write an input file and return its path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)
    return path


# Pairs


def test_adjacent_records_are_one_range_with_the_high_end_first() -> None:
    (found,) = pairs([record(200), record(100)])
    assert (found.high, found.low) == (record(200), record(100))
    assert found.columns == {k: v for k, v in RECORD.items() if k not in PAY}


@pytest.mark.parametrize(
    ("salaries", "expected"),
    [
        ([], []),
        ([100], []),
        ([100, 200], []),
        ([100, 100], [("100", "100")]),
        ([300, 200, 100], [("200", "300")]),
        ([100, 100, 100], [("100", "100")]),
        ([400, 300, 200, 100], [("300", "400"), ("100", "200")]),
        ([100, 300, 200], [("200", "300")]),
        ([100, 300, 200, 250], [("200", "300")]),
        ([100, 300, 200, 900, 800], [("200", "300"), ("800", "900")]),
        ([900, 1000], []),
        ([1000, 900], [("900", "1000")]),
    ],
    ids=lambda value: "-".join(map(str, value)) if isinstance(value, list) else None,
)
def test_runs_are_paired_in_file_order(
    salaries: list[int], expected: list[tuple[str, str]]
) -> None:
    assert ranges([record(salary) for salary in salaries]) == expected


def test_every_column_but_pay_has_another_value() -> None:
    assert RECORD.keys() - OTHERS.keys() == PAY
    assert all(RECORD[column] != value for column, value in OTHERS.items())


@pytest.mark.parametrize("column", OTHERS)
def test_ends_of_a_range_agree_in_every_other_column(column: str) -> None:
    other = {column: OTHERS[column]}
    assert ranges([record(200), record(100, **other)]) == []
    # Whatever the value is, if both ends have it.
    expected = [("100", "200")]
    assert ranges([record(200, **other), record(100, **other)]) == expected


def test_ends_of_a_range_are_adjacent() -> None:
    single = record(150, job_title="Cook")
    assert ranges([record(200), single, record(100)]) == []


@pytest.mark.parametrize(
    ("year", "count"), [("2020", 0), ("2021", 0), ("2022", 1), ("2025", 1)]
)
def test_records_are_ranges_from_2022_on(year: str, count: int) -> None:
    records = [record(200, work_year=year), record(100, work_year=year)]
    assert len(ranges(records)) == count


# Currencies


@pytest.mark.parametrize(
    ("country", "currency", "expected"),
    [
        ("US", "USD", True),
        ("US", "EUR", False),
        ("US", "CAD", False),
        *((country, "USD", False) for country in ("CA", "AU", "NZ", "SG")),
        ("CA", "CAD", True),
        ("AU", "AUD", True),
        ("DE", "USD", True),
        ("DE", "EUR", True),
        ("GB", "GBP", True),
    ],
)
def test_postings_are_trusted_by_country_and_currency(
    country: str,
    currency: str,
    expected: bool,  # noqa: FBT001
) -> None:
    one = posting(100, 200, company_location=country, salary_currency=currency)
    assert list(trusted([one])) == [one] * expected


@pytest.mark.parametrize(
    ("year", "currency", "salary", "in_dollars", "expected"),
    [
        ("2025", "USD", "150000", "150000", 150_000),
        ("2025", "EUR", "95000", "105555", 107_138.23),
        ("2024", "EUR", "95000", "105555", 102_813.85),
        # No rate of the currency, and none of the year.
        ("2025", "RON", "1", "21000", 21_000),
        ("2023", "EUR", "1", "54000", 54_000),
        # Dollars are not converted, whatever the publisher's amount is.
        ("2025", "USD", "90000", "1", 90_000),
    ],
)
def test_amounts_are_converted_at_the_mean_rate_of_the_year(
    year: str,
    currency: str,
    salary: str,
    in_dollars: str,
    expected: float,
    tmp_path: Path,
) -> None:
    rates = read_rates(write_table(tmp_path / "rates.csv", RATES))
    stated = {"work_year": year, "salary_currency": currency, "salary": salary}
    assert in_usd({**RECORD, **stated, "salary_in_usd": in_dollars}, rates) == expected


# Distinct postings


def test_reposts_count_once() -> None:
    one, other = posting(100, 200), posting(100, 201)
    assert distinct([one, other, one, one, other]) == [one, other]


@pytest.mark.parametrize(
    "other",
    [
        posting(101, 200),
        posting(100, 201),
        *(posting(100, 200, **{column: value}) for column, value in OTHERS.items()),
    ],
    ids=["low", "high", *OTHERS],
)
def test_postings_that_differ_in_a_column_are_distinct(other: Posting) -> None:
    one = posting(100, 200)
    assert distinct([one, other]) == [one, other]


# Outliers


def test_impossible_figures_are_outliers(tmp_path: Path) -> None:
    rates = read_rates(write_table(tmp_path / "rates.csv", RATES))
    usual = [posting(50_000 + n, 61_000) for n in range(3)]
    error = posting(700_000, 700_000)
    assert advertised.outliers([error, *usual], rates) == [error]
    # A range, ten times as much, and other groups.
    others = [
        posting(699_000, 700_000),
        posting(555_000, 555_000),
        *(
            posting(700_000, 700_000, **{column: OTHERS[column]})
            for column in ("job_title", "work_year", "company_location")
        ),
    ]
    for other in others:
        assert advertised.outliers([other, *usual], rates) == []
    assert len(advertised.outliers([posting(556_010, 556_010), *usual], rates)) == 1
    # 620,000 euros are 699,218 dollars; 700,000 dollars would be too much as well.
    euros = posting(620_000, 620_000, salary_currency="EUR")
    assert advertised.outliers([euros, *usual], rates) == [euros]


def test_groups_whose_mean_is_above_their_90th_percentile_stop_the_refresh(
    bundled: Dataset, tmp_path: Path
) -> None:
    records = [end for n in range(10) for end in both_ends(60_000 + n, 60_000 + n)]
    # A range, so that it is no outlier.
    records += both_ends(1_000, 900_000)
    with pytest.raises(SystemExit, match="data-scientist") as stopped:
        refreshed(bundled.content, tmp_path, records)
    assert "is above the 90th percentile, 60009" in str(stopped.value)


def test_omitted_outliers_are_in_the_method(bundled: Dataset, tmp_path: Path) -> None:
    usual = [end for n in range(10) for end in both_ends(60_000 + n, 60_000 + n)]
    errors = [*both_ends(700_000, 700_000), *both_ends(700_000, 700_000)]
    data, *_ = refreshed(bundled.content, tmp_path, [*errors, *usual])
    source = {each["id"]: each for each in data["sources"]}["aijobs-salary-index"]
    sentence = "year and country: Data Scientist, 2025, US: 700000 USD."
    assert (source["records"], source["method"].count("Omitted as an error")) == (10, 1)
    assert source["method"].endswith(sentence)
    without, *_ = refreshed(data, tmp_path, usual)
    source = {each["id"]: each for each in without["sources"]}["aijobs-salary-index"]
    assert source["method"].endswith("Groups of fewer than 10 postings are omitted.")


# Files


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("mark", ["", "\N{BYTE ORDER MARK}"], ids=["", "mark"])
def test_csv_files_are_read(packed: bool, mark: str, tmp_path: Path) -> None:  # noqa: FBT001
    content = f'{mark}a,b\n1,"x, y"\n2,é\n'.encode()
    path = tmp_path / ("table.csv.gz" if packed else "table.csv")
    path.write_bytes(gzip.compress(content) if packed else content)
    assert read_csv(path) == [{"a": "1", "b": "x, y"}, {"a": "2", "b": "é"}]


def test_missing_and_empty_numbers_are_none() -> None:
    row = {"a": "12", "b": ""}
    assert [number(row, key) for key in "abc"] == [12, None, None]


# The whole module


def write_records(path: Path, records: list[dict[str, str]]) -> Path:
    """Write a compressed file of records and return its path."""
    lines = [list(RECORD), *(list(each.values()) for each in records)]
    text = "".join(f"{','.join(line)}\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    return path


def refreshed(
    content: Any, folder: Path, records: list[dict[str, str]]
) -> tuple[Any, Path, Path]:
    """Return a data set with the pay of some records, and the files that it is from."""
    path = write_records(folder / "records.csv.gz", records)
    rates = write_table(folder / "rates.csv", RATES)
    return advertised.refresh(content, path, rates), path, rates


def both_ends(low: int, high: int, **values: str) -> list[dict[str, str]]:
    """Return the two records of a range."""
    return [record(high, **values), record(low, **values)]


def test_pay_is_that_of_distinct_postings_at_their_midpoints(
    bundled: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = [
        end
        for n in range(10)
        for _repost in range(1 + n % 2)
        for end in both_ends(100_000 + 1_000 * n, 140_000 + 3_000 * n)
    ]
    euros = {"company_location": "DE", "salary_currency": "EUR"}
    records += [
        end for n in range(10) for end in both_ends(95_000, 95_000 + 2 * n, **euros)
    ]
    records += [
        *both_ends(1, 1_000_000, salary_currency="EUR"),
        *both_ends(1, 1_000_000, company_location="SG"),
        *both_ends(50_000, 60_000, employment_type="CT"),
        *both_ends(50_000, 60_000, job_title="Cook"),
        record(999_999),
    ]
    data, *_ = refreshed(bundled.content, tmp_path, records)
    assert capsys.readouterr().out == (
        "22 records read, 20 used, 2 skipped\n"
        "skipped 1: other employment type, such as CT. To use others, "
        "add employment='TYPE'\n"
        "skipped 1: other job title, such as Cook\n"
    )
    assert data["pay"]["source"] == "aijobs-salary-index"
    assert list(data["pay"]["groups"]) == ["data-scientist"]
    groups = {
        tuple(group[:4]): group[4:] for group in data["pay"]["groups"]["data-scientist"]
    }
    # The midpoints are 120,000, 122,000 and so on.
    assert groups[2025, "US", None, None] == [
        *[10, 129_000, 120_900, 121_800, 123_600, 124_500, 125_400, 127_200],
        *[129_000, 130_800, 132_600, 133_500, 134_400, 136_200, 137_100],
        *[104_500, 153_500, 122_000, 136_000],
    ]
    # The midpoints are 95,000 to 95,009 euros.
    germany = groups[2025, "DE", None, None]
    assert (germany[0], germany[8]) == (10, 107_143)
    assert germany[-4:-2] == [107_138, 107_148]
    assert groups[2025, None, None, None][0] == 20
    (source,) = [s for s in data["sources"] if s["id"] == "aijobs-salary-index"]
    assert source["records"] == 20


def test_medians_of_all_postings_are_kept_if_they_are_far(
    bundled: Dataset, tmp_path: Path
) -> None:
    def far(reposts: int, **values: str) -> Any:
        """Return the medians of postings whose first one was posted again."""
        records = [
            end
            for n in range(11)
            for _repost in range(1 + reposts * (n == 0))
            for end in both_ends(100_000 + 3_000 * n, 100_000 + 3_000 * n, **values)
        ]
        data, *_ = refreshed(bundled.content, tmp_path, records)
        return data["pay"]["all_postings"]

    # The median of distinct postings is 115,000. With one repost, it is 113,500.
    assert far(0) == far(1) == {}
    # 109,000 is 5.2% below; 110,500, with three reposts, is 3.9%.
    assert far(3) == {}
    groups = far(4)
    assert list(groups) == ["data-scientist"]
    assert [2025, "US", None, None, 15, 109_000] in groups["data-scientist"]
    assert {tuple(row[-2:]) for row in groups["data-scientist"]} == {(15, 109_000)}
    # Postings in a currency that is not certain do not count either.
    assert far(9, company_location="US", salary_currency="USD") != {}


def test_pay_in_the_currency_of_a_country_is_kept_if_it_is_other_pay(
    bundled: Dataset, tmp_path: Path
) -> None:
    def group(country: str, currency: str, count: int, low: int) -> Any:
        stated = {"company_location": country, "salary_currency": currency}
        return [
            end
            for n in range(count)
            for end in both_ends(low + 1_000 * n, low + 1_000 * n, **stated)
        ]

    records = [
        *group("DE", "EUR", 10, 60_000),
        *group("DE", "USD", 3, 150_000),
        *group("FR", "EUR", 9, 50_000),
        *group("FR", "USD", 1, 150_000),
        # These all state their own currency, and these none.
        *group("AT", "EUR", 12, 40_000),
        *group("IE", "USD", 11, 90_000),
        # The currency of this country is not known.
        *group("ZA", "USD", 11, 30_000),
    ]
    data, path, rates = refreshed(bundled.content, tmp_path, records)
    currencies = dict.fromkeys(("AT", "DE", "FR", "IE"), "EUR")
    local: Any = advertised.local_pay(data, path, rates, currencies)
    assert list(local["groups"]) == list(local["few"]) == ["data-scientist"]
    assert {tuple(row) for row in local["few"]["data-scientist"]} == {
        (2025, country, experience, mode, left)
        for country, left in (("FR", 9), ("IE", 0))
        for experience in (None, "senior")
        for mode in (None, "on-site")
    }
    germany, *others = local["groups"]["data-scientist"]
    assert {row[1] for row in others} == {"DE"}
    median = local["columns"].index("p50")
    # Of 60,000 to 69,000 euros.
    assert (germany[4], germany[median]) == (10, round(64_500 / 0.886705))


# Notes on countries


def test_countries_are_noted_whose_postings_state_one_figure() -> None:
    ranges = [posting(100, 200 + n, company_location="AT") for n in range(2)]
    single = [posting(n, n, company_location="AT") for n in range(300, 303)]
    notes = advertised.country_notes([*ranges, *single])
    assert notes["AT"].startswith("60% of the postings state one figure, ")
    assert not advertised.country_notes([*ranges, *single[:2]])


def test_countries_are_noted_whose_currency_is_often_uncertain() -> None:
    certain = posting(100, 200, company_location="CA", salary_currency="CAD")
    uncertain = [posting(100, 200 + n, company_location="CA") for n in range(2)]
    notes = advertised.country_notes([certain, *uncertain])
    assert notes["CA"].startswith("1 of 3 postings of all roles could be ")
    assert not advertised.country_notes([certain, uncertain[0]])
