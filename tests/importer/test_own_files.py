"""Files as people have them: their headers, values, shapes and containers."""

from __future__ import annotations

import csv
import errno
import gzip
import io
import json
import os
import sys
import zipfile
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlroles.dataset.load import load
from mlroles.errors import DataError, MlrolesError, UsageError
from mlroles.extras.importer import files
from mlroles.extras.importer.columns import STANDARD
from mlroles.extras.importer.pay import import_records
from mlroles.extras.importer.reading import Settings
from mlroles.extras.importer.values import (
    find_currency,
    find_employment,
    find_level,
    find_mode,
    find_period,
    find_unit,
    find_year,
    parse_pay,
)
from tests.conftest import run
from tests.importer.records_file import (
    COLUMNS,
    DATASET,
    REPEATED,
    convert_to_parquet,
    pay_groups,
    record,
    repeat,
    varied_records,
    write_csv,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

BUNDLED = load().content
RATES = Path(load.__code__.co_filename).parents[1] / "tables" / "rates.json"
RUPEES = json.loads(RATES.read_bytes())["years"]["INR"]["2025"]
CONTRADICTS = "pay that contradicts its column, such as"


def imported(
    path: Path, headers: Sequence[str], rows: Sequence[Sequence[str]], **given: Any
) -> tuple[list[dict[str, Any]], list[str]]:
    """Import a file into the bundled data set: the groups of a role, and notes."""
    write_csv(path, rows, headers)
    data, notes = import_records(BUNDLED, str(path), Settings(**given))
    return pay_groups(data, "data-engineer"), notes


def total(groups: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the group of all values together."""
    dimensions = ("country", "experience", "work_mode")
    (whole,) = (g for g in groups if not any(g[each] for each in dimensions))
    return whole


# Any order, case, encoding and line end


PLAIN = varied_records(COLUMNS)[:150]


@cache
def plain_pay(path: Path) -> Any:
    """Return the pay of the records in a plain file."""
    return import_records(DATASET, write_csv(path, PLAIN))[0]["pay"]


def text_of(rows: Sequence[Sequence[str]], delimiter: str, end: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue()


@settings(max_examples=10)
@given(
    order=st.permutations(range(len(COLUMNS))),
    case=st.sampled_from([str.upper, str.lower, str.title, str.swapcase]),
    separator=st.sampled_from(["_", " ", "-", "", " _"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    end=st.sampled_from(["\n", "\r\n", "\r", "mixed"]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    is_packed=st.booleans(),
)
def test_layout_of_a_file_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory,
    order: list[int],
    case: Any,
    separator: str,
    encoding: str,
    end: str,
    delimiter: str,
    *,
    is_packed: bool,
) -> None:
    # Values, line ends in quotes and letters that not every encoding writes alike.
    extra = ["größe", 'a "b",\nc;d', "é"]
    headers = [case(name).replace("_", separator) for name in COLUMNS] + ["nöte"]
    rows = [[*row, extra[at % 3]] for at, row in enumerate(PLAIN)]
    order = [*order, len(COLUMNS)]
    shuffled = [[row[at] for at in order] for row in [headers, *rows]]
    if end == "mixed":
        text = text_of(shuffled[:50], delimiter, "\r\n")
        text += text_of(shuffled[50:], delimiter, "\n")
    else:
        text = text_of(shuffled, delimiter, end)
    content = text.encode(encoding)
    path = tmp_path_factory.getbasetemp() / "drawn.txt"
    path.write_bytes(gzip.compress(content) if is_packed else content)
    data, notes = import_records(DATASET, str(path))
    assert data["pay"] == plain_pay(tmp_path_factory.getbasetemp() / "plain.csv")
    assert notes[0].startswith("150 records read")


# Columns


@pytest.mark.parametrize(
    ("headers", "values"),
    [
        (
            ("Job Title", "Salary", "Year", "Seniority", "Country", "Remote?", "Type"),
            ("Data Engineer", "120000", "2025", "Senior", "USA", "Remote", "x"),
        ),
        (
            ("Stelle", "Bruttogehalt (EUR)", "Jahr", "Stufe", "Land", "Arbeitsmodell"),
            ("Data Engineer", "65.000,00 €", "2025", "Senior", "Deutschland", "remote"),
        ),
        (
            ("position ", "salary_lower", "SALARY-UPPER", "Datum", "seniority level"),
            ("Data Engineer", "120k", "120k", "27.04.2025", "Sr."),
        ),
        (
            ("Job title", "What is your annual salary? (before tax)",
             "How much additional monetary compensation do you get?", "Timestamp"),
            ("Data Engineer", "120,000", "50,000", "4/27/2025 11:02:10"),
        ),
    ],
)  # fmt: skip
def test_headers_are_recognised(
    headers: tuple[str, ...], values: tuple[str, ...], tmp_path: Path
) -> None:
    headers = (*headers, "Currency") if "Land" not in headers else headers
    values = (*values, "USD") if "Land" not in headers else values
    groups, notes = imported(tmp_path / "a.csv", headers, [values] * 10)
    assert total(groups)["records"] == 10
    assert total(groups)["year"] == 2025
    assert ("senior" in {g["experience"] for g in groups}) == (len(headers) > 5)
    assert f"pay from '{headers[1]}'" in notes[1] or "low from 'sal" in notes[1]


def test_absent_columns_are_noted(tmp_path: Path) -> None:
    rows = [("Senior Data Engineer", "120000")] * 10
    headers = ("title", "pay")
    given = {"constants": {"year": "2025"}}
    groups, notes = imported(tmp_path / "a.csv", headers, rows, **given)
    assert {g["experience"] for g in groups} == {None, "senior"}
    assert notes == [
        "10 records read, 10 used, 0 skipped",
        f"{tmp_path / 'a.csv'}: title from 'title', pay from 'pay'",
        "no level: words in the titles are used",
        "no employment: every record counts",
        "no country, work mode: pay is not broken down by it",
        "no currency is stated: pay was read as USD",
        f"9 of 10 records {REPEATED}",
    ]
    empty = [(*row, "", "") for row in rows]
    _, notes = imported(
        tmp_path / "a.csv", (*headers, "level", "country"), empty, **given
    )
    assert notes[2:5] == [
        "no level: words in the titles are used",
        "no employment: every record counts",
        "no country, work mode: pay is not broken down by it",
    ]


def test_columns_may_have_only_late_values(tmp_path: Path) -> None:
    rows = [("Data Engineer", "$90k", "2025", "")] * 1_200
    rows += [("Data Engineer", "$90k", "2025", "France")] * 10
    groups, _ = imported(tmp_path / "a.csv", ("title", "pay", "year", "country"), rows)
    assert by_country(groups) == {None: 1_210, "FR": 10}


def test_constants_are_values_of_all_records(tmp_path: Path) -> None:
    constants = {
        "year": "2025", "country": "CA", "level": "junior", "work_mode": "remote",
        "employment": "full-time", "period": "month", "currency": "USD", "unit": "k",
    }  # fmt: skip
    groups, notes = imported(
        tmp_path / "a.csv", ("title", "pay"), [("DE", "10")] * 10, constants=constants
    )
    assert len(groups) == 8
    assert groups[-1]["country"] == "CA"
    assert {g["p50"] for g in groups} == {120_000}
    assert len(notes) == 3


# Titles

TITLES = {
    "Senior Data Engineer": ("data-engineer", "senior"),
    "DATA ENGINEER II": ("data-engineer", "mid"),
    "Data Engineer (Remote)": ("data-engineer", None),
    "Data Engineers": ("data-engineer", None),
    "Lead Data-Engineer, Payments": ("data-engineer", "senior"),
    "Data Engineer 1": ("data-engineer", "entry"),
    "Data Engineer III - Platform": ("data-engineer", "senior"),
    "Data Engineering Intern / Jr. Data Engineer": (None, None),
    "Principal Machine Learning Engineer": ("machine-learning-engineer", "senior"),
    "Director, Data Scientist": ("data-scientist", "executive"),
    "Sr. MLE": ("machine-learning-engineer", "senior"),
    "Data Scientist / Machine Learning Engineer": ("machine-learning-engineer", None),
    "Data Engineer and Data Analyst": ("data-engineer", None),
    "Ingeniero de datos": (None, None),
    "Recruiter, Data Engineer": (None, None),
    "Big Data Engineering": (None, None),
    "Cook": (None, None),
}


def test_roles_and_levels_are_found_in_titles(tmp_path: Path) -> None:
    rows = [(title, "120000") for title in TITLES for _ in range(10)]
    path = write_csv(tmp_path / "a.csv", rows, ("title", "pay"))
    options = Settings(constants={"year": "2025"})
    data, _ = import_records(BUNDLED, path, settings=options)
    found = {
        (role, group["experience"]): group["records"]
        for role in {role for role, _ in TITLES.values() if role}
        for group in pay_groups(data, role)
    }
    expected: dict[tuple[str, str | None], int] = {}
    for role, level in TITLES.values():
        for each in {level, None} if role else ():
            expected[role or "", each] = expected.get((role or "", each), 0) + 10
    assert found == expected
    options = Settings(constants={"year": "2025"}, exact_titles=True)
    with pytest.raises(DataError, match="170 records read, 0 used"):
        import_records(BUNDLED, path, settings=options)


def test_unmatched_titles_are_written(tmp_path: Path) -> None:
    # Nobody should open a formula that is from records.
    formulas = ["=Baker", "\u200b=Baker", "Cook;=1+1", "Cook\n=1+1", "x" * 201]
    titles = ["Cook", "Data Engineer", "Baker", "Cook", "", *formulas]
    rows = [(title, "120000", "2025") for title in titles * 10]
    path = write_csv(tmp_path / "a.csv", rows, ("title", "pay", "year"))
    listed, output = tmp_path / "titles.csv", tmp_path / "new.json"
    for _ in range(2):
        result = run("import", path, "-o", str(output), "--unmatched", str(listed))
        assert result.exit_code == 0, result.stderr
    lines = ["title,role,records", "Cook,,20", ",,10", "Baker,,10"]
    assert listed.read_text().splitlines() == lines
    listed.write_text("mine")
    result = run("import", path, "-o", str(output), "--unmatched", str(listed))
    assert (result.exit_code, listed.read_text()) == (1, "mine")
    assert "exists and is not a list of titles" in result.stderr


def test_titles_of_a_file_name_roles(tmp_path: Path) -> None:
    titles = ["Cook", "Ingeniero de datos", "Senior Data Engineer", "Data Engineer"]
    rows = [(title, "120000", "2025") for title in titles for _ in range(10)]
    path = write_csv(tmp_path / "a.csv", rows, ("title", "pay", "year"))
    listed, output = tmp_path / "titles.csv", tmp_path / "new.json"
    options = ("import", path, "-o", str(output), "--force")
    assert run(*options, "--unmatched", str(listed)).exit_code == 0
    text = listed.read_text(encoding="utf-8")
    listed.write_text(text.replace("datos,", "datos,data engineer"), encoding="utf-8")
    for rule, count in ((str(listed), 30), ("inside", 20), ("exact", 10)):
        result = run(*options, "--titles", rule)
        assert f"40 records read, {count} used" in result.stderr


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (None, "no such file or directory"),
        ("title,records\nCook,10\n", "not a CSV file with the columns title, role"),
        ("title,role\nCook,cook\n", "line 2: unknown role 'cook'"),
        ("title,role\nBäcker,cook\n", "not a CSV file with the columns title, role"),
    ],
)
def test_invalid_files_of_titles_are_reported(
    text: str | None, problem: str, tmp_path: Path
) -> None:
    listed = tmp_path / "titles.csv"
    if text:
        listed.write_bytes(text.encode("cp1252"))
    result = run("import", "pay.csv", "-o", "-", "--titles", str(listed))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"error: cannot read {listed}: {problem}")


# Pay


@pytest.mark.parametrize(
    ("text", "low", "high", "currency", "period"),
    [
        ("$53K-$91K (Glassdoor est.)", 53_000, 91_000, "$", None),
        ("$53K-$91K\n(Glassdoor est.)", 53_000, 91_000, "$", None),
        ("Employer Provided Salary:$84K - $96K", 84_000, 96_000, "$", None),
        ("$24-$39 Per Hour", 24, 39, "$", "hour"),
        ("$60 - $75 an hour", 60, 75, "$", "hour"),
        ("US$120,000", 120_000, 120_000, "USD", None),
        ("C$95k", 95_000, 95_000, "CAD", None),
        ("12-18 LPA", 1_200_000, 1_800_000, "INR", "year"),
        ("4-5 Lacs PA", 400_000, 500_000, "INR", "year"),
        ("₹ 1.2 crore", 12_000_000, 12_000_000, "INR", None),
        ("12,00,000", 1_200_000, 1_200_000, None, None),
        ("120 000", 120_000, 120_000, None, None),
        ("120\N{NO-BREAK SPACE}000", 120_000, 120_000, None, None),
        ("120'000 CHF", 120_000, 120_000, "CHF", None),
        ("65.000,00 €", 65_000, 65_000, "EUR", None),
        ("1.165.000", 1_165_000, 1_165_000, None, None),
        ("30 €/Stunde", 30, 30, "EUR", "hour"),
        ("$120K/yr", 120_000, 120_000, "$", "year"),
        ("8k per month", 8_000, 8_000, None, "month"),
        ("53 000 - 91 000 zł", 53_000, 91_000, "PLN", None),
        ("150-170k", 150_000, 170_000, None, None),
        ("60000-70k", 60_000, 70_000, None, None),
        ("50,000 dollars", 50_000, 50_000, "$", None),
    ],
)
def test_pay_is_read_as_people_write_it(
    text: str, low: int, high: int, currency: str | None, period: str | None
) -> None:
    pay = parse_pay(text)
    assert (pay.low, pay.high) == (100 * low, 100 * high)
    assert (pay.currency, pay.period) == (currency, period)


@pytest.mark.parametrize(
    "text",
    [
        *["50k + 20k", "bonus + 50k", "up to 90k", "much", "50000 net"],
        *["-50000", "120000 150000", "$50k EUR", "50k-", "10,00,0", "08k", "50k / 60k"],
        *["5/hour a month", "?50", "1-2-3", "1.2.3"],
    ],
)
def test_pay_that_may_mean_something_else_is_not_read(text: str) -> None:
    pay = parse_pay(text)
    assert (pay.low, pay.high, pay.is_missing) == (None, None, False)


def test_periods_currencies_and_units_are_columns(tmp_path: Path) -> None:
    rates = json.loads(RATES.read_bytes())["years"]
    rupees, zlotys = rates["INR"]["2025"], rates["PLN"]["2025"]
    rows = [
        ("60", "hourly", "USD", 60 * 2080),
        ("500", "Daily", "USD", 500 * 260),
        ("2,500", "per week", "USD", 2_500 * 52),
        ("5000", "Bi-Weekly", "USD", 5_000 * 26),
        ("12000", "MONTHLY", "USD", 144_000),
        ("120000", "yr", "$", 120_000),
        ("2500000", "YEARLY", "INR", round(2_500_000 / rupees)),
        ("20000", "month", "PLN", round(20_000 * 12 / zlotys)),
    ]
    headers = ("job_title", "salary", "pay_period", "currency", "work_year")
    roles = dict(zip((role["id"] for role in BUNDLED["roles"]), rows, strict=False))
    records = [(role, *row[:3], "2025") for role, row in roles.items()] * 10
    data, _ = import_records(BUNDLED, write_csv(tmp_path / "a.csv", records, headers))
    found = {role: total(pay_groups(data, role))["p50"] for role in roles}
    assert found == {role: row[-1] for role, row in roles.items()}


def test_pay_that_is_not_understood_is_counted(tmp_path: Path) -> None:
    unknown = [
        ("0", "year", "USD", "missing pay, such as 0"),
        ("60", "", "USD", "unknown pay period, such as (empty) and"),
        ("60", "once", "USD", " once"),
        ("60000", "year", "AMD", "pay in another currency, such as 60000 AMD and"),
        ("60000", "year", "Other", " 60000 Other"),
        ("9999999999999999", "year", "USD", "impossible pay, such as 9999999999999999"),
        ("60 an hour", "month", "USD", f"{CONTRADICTS} 60 an hour USD month and"),
        ("€60000", "year", "GBP", " €60000 GBP year"),
        ("9999999999 crore", "year", "INR", "unreadable pay, such as 9999999999 crore"),
    ]
    rows = [("Data Engineer", "$120,000", "year", "CAD", "2025")] * 10
    rows += [("Data Engineer", *each[:3], "2025") for each in unknown] * 2
    headers = ("title", "pay", "pay_period", "currency", "year")
    groups, notes = imported(tmp_path / "a.csv", headers, rows)
    parts = "".join(each[-1] for each in unknown)
    found = [
        note.partition(": ")[2].partition(". ")[0]
        for note in notes
        if note.startswith("skipped ")
    ]
    assert "".join(found).startswith(parts)
    # A dollar sign in a column of Canadian dollars.
    assert 80_000 < total(groups)["p50"] < 90_000


@pytest.mark.parametrize(
    ("headers", "values", "expected"),
    [
        (("salary_min_k", "salary_max_k"), ("110", "130"), 120_000),
        (("Monthly salary",), ("10000",), 120_000),
        (("Hourly wage (USD)",), ("60",), 124_800),
        (("ConvertedCompYearly",), ("120000.0",), 120_000),
        (("WAGE_RATE_OF_PAY_FROM",), ("120,000.00",), 120_000),
        (("salary_min_lpa", "salary_max_lpa"), ("12", "18"), 1_500_000 / RUPEES),
    ],
)
def test_headers_say_units_periods_and_currencies(
    headers: tuple[str, ...], values: tuple[str, ...], expected: float, tmp_path: Path
) -> None:
    rows = [("Data Engineer", "2025", *values)] * 10
    groups, _ = imported(tmp_path / "a.csv", ("title", "year", *headers), rows)
    assert total(groups)["p50"] == round(expected)


def test_currency_of_another_column_is_not_that_of_the_pay(tmp_path: Path) -> None:
    headers = ["title", "year", "salary", "salary_currency", "salary_in_usd"]
    rows = [["Data Engineer", "2025", "9000000", "INR", "105000"]] * 10
    groups, notes = imported(tmp_path / "a.csv", headers, rows)
    assert total(groups)["p50"] == 105_000
    assert f"{tmp_path / 'a.csv'}: not used: 'salary_currency'" in notes
    rows = [[*row[:2], *row[3:]] for row in rows]
    headers = [*headers[:2], *headers[3:]]
    with pytest.raises(UsageError) as raised:
        imported(tmp_path / "a.csv", headers, rows)
    assert raised.value.messages == (
        f"{tmp_path / 'a.csv'}: 'salary_in_usd' names USD, and 'salary_currency' has "
        "INR. Say which it is: set='currency=USD' or map='currency=salary_currency'.",
    )
    groups, _ = imported(
        tmp_path / "a.csv", headers, rows, constants={"currency": "USD"}
    )
    assert total(groups)["p50"] == 105_000
    options = {"currency": "salary_currency"}
    groups, _ = imported(tmp_path / "a.csv", headers, rows, mapped=options)
    assert total(groups)["p50"] < 2_000
    rows = [[*row[:2], "USD", row[3]] for row in rows]
    groups, _ = imported(tmp_path / "a.csv", headers, rows)
    assert total(groups)["p50"] == 105_000


def test_hourly_pay_counts_where_annual_pay_is_missing(tmp_path: Path) -> None:
    headers = ("title", "year", "Hourly Rate", "Annual Salary (USD)", "Monthly salary")
    pays = [
        ("60", "120,000", "", 120_000),
        ("$60.50", "", "", 125_840),
        ("61 - 63", "N/A", "", 128_960),
        ("-", "-1.0", "11000", 132_000),
        ("0", "", "n/a", None),
    ]
    rows = [("Data Engineer", "2025", *pay[:3]) for pay in pays for _ in range(10)]
    path = tmp_path / "a.csv"
    groups, notes = imported(path, headers, rows)
    assert total(groups)["records"] == 40
    used = sorted(pay[-1] for pay in pays if pay[-1])
    assert total(groups)["p50"] == sum(used[1:3]) / 2
    assert total(groups)["p95"] == used[-1]
    note = "where 'Annual Salary (USD)' is missing: 'Hourly Rate', 'Monthly salary'"
    assert f"{path}: {note}" in notes
    assert "skipped 10: missing pay, such as (empty)" in notes
    # In Parquet, as numbers; and what is paid by does not matter.
    rows = [("Data Engineer", "2025", "60", "", "hour")] * 10
    rows += [("Data Engineer", "2025", "60", "120000", "hour")] * 10
    headers = ("title", "year", "hourly_rate", "annual_salary", "pay_type")
    source = write_csv(path, rows, headers)
    types = dict.fromkeys(headers, "varchar")
    types |= {"hourly_rate": "double", "annual_salary": "integer"}
    for name in (source, convert_to_parquet(source, types)):
        data, notes = import_records(BUNDLED, name)
        assert total(pay_groups(data, "data-engineer"))["p50"] == 122_400
        assert f"{name}: not used: 'pay_type'" in notes


def test_two_periods_without_a_year_are_ambiguous(tmp_path: Path) -> None:
    headers = ("title", "year", "hourly rate", "monthly salary")
    rows = [("Data Engineer", "2025", "60", "5000")] * 10
    with pytest.raises(UsageError, match="may each be the pay"):
        imported(tmp_path / "a.csv", headers, rows)


@pytest.mark.parametrize(
    ("line", "header", "expected"),
    [
        ("Amounts in EUR", "Salary", "EUR"),
        ("Pay survey;all amounts are in zł", "Salary", "PLN"),
        # The header comes before it, and a column before both.
        ("Amounts in EUR", "Salary (GBP)", "GBP"),
        ("Amounts in EUR", "Salary;Currency", "INR"),
        ("Amounts in EUR or GBP", "Salary", "USD"),
        ("The pay of all who try", "Salary", "USD"),
    ],
)
def test_lines_above_the_header_name_the_currency(
    line: str, header: str, expected: str, tmp_path: Path
) -> None:
    values = ";INR" if "Currency" in header else ""
    row = f"Data Engineer;2025;90000{values}\n"
    text = f"{line}\n\ntitle;year;{header}\n{row * 12}"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    rows: list[list[object]] = [[*each.split(";")] for each in text.splitlines()]
    (tmp_path / "b.xlsx").write_bytes(workbook({"Pay": rows}))
    rates = json.loads(RATES.read_bytes())["years"] | {"USD": {"2025": 1}}
    for name in ("a.csv", "b.xlsx"):
        path = tmp_path / name
        data, notes = import_records(BUNDLED, str(path))
        group = total(pay_groups(data, "data-engineer"))
        assert group["p50"] == pytest.approx(90_000 / rates[expected]["2025"], abs=1)
        is_noted = f"{path}: pay is in {expected}, by a line above the header" in notes
        assert is_noted == (header == "Salary" and expected != "USD")


def test_currency_above_the_header_is_not_overridden(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("in EUR\ntitle,pay,year\n" + "Data Engineer,90000,2025\n" * 10)
    options = Settings(constants={"currency": "GBP"})
    with pytest.raises(UsageError) as raised:
        import_records(BUNDLED, str(path), options)
    message = f"{path}: a line above the header names EUR, not GBP. Remove "
    assert raised.value.messages[0].startswith(message)


def test_currencies_that_contradict_a_header_are_skipped(tmp_path: Path) -> None:
    # Further down than the values that show what a column is.
    rows = [("Data Engineer", "90000", "EUR", "2025")] * 1_000
    rows += [("Data Engineer", "90000", "CHF", "2025")] * 2
    headers = ("title", "Salary (EUR)", "currency", "year")
    groups, notes = imported(tmp_path / "a.csv", headers, rows)
    assert total(groups)["records"] == 1_000
    assert f"skipped 2: {CONTRADICTS} 90000 CHF" in notes


def test_implausible_medians_are_noted(tmp_path: Path) -> None:
    rows = [
        record(job_title=title, salary_in_usd=pay)
        for title, pay in (("Data Engineer", "12000"), ("Data Scientist", "900000"))
    ] * 10
    _, notes = imported(tmp_path / "a.csv", COLUMNS, rows)
    assert notes[-2].endswith(
        " in the data set. Is it per month, or in thousands? If so, add "
        "set='period=month' or set='unit=thousands'"
    )
    assert notes[-1].endswith("in another currency? If so, add set='currency=CODE'")


def test_doubles_of_parquet_are_not_ambiguous(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", repeat(10, salary_in_usd="165.125"))
    types = dict.fromkeys(COLUMNS, "varchar") | {"salary_in_usd": "double"}
    thousands = Settings(constants={"unit": "thousands"})
    data, _ = import_records(DATASET, convert_to_parquet(path, types), thousands)
    assert pay_groups(data)[0]["p50"] == 165_130


# Values of other columns


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2021-04-27", 2021), ("2021-04-27T11:02:10Z", 2021), ("27/04/2021", 2021),
        ("4/27/2021 11:02:10", 2021), ("27.04.21", 2021), ("Apr 27, 2021", 2021),
        ("27. April 2021", 2021), ("FY2021", 2021), ("2021e", 2021), ("2021.0", 2021),
        ("44313.4598", 2021), ("1619500000", 2021), ("1713390000000.0", 2024),
        ("2025.6", None), ("25", None), ("2021-2022", None), ("soon", None),
        ("model 2021", None), ("04/27/21", None), ("123456789", None),
    ],
)  # fmt: skip
def test_dates_are_years(text: str, year: int | None) -> None:
    assert find_year(text) == year


@pytest.mark.parametrize(
    ("find", "values"),
    [
        (
            find_level,
            {
                "EN": "entry", "Entry-level": "entry", "Junior": "entry",
                "Middle": "mid",
                "Mid-level / Intermediate": "mid", "Senior-level / Expert": "senior",
                "Sr.": "senior", "Lead": "senior", "Executive-level / Director":
                "executive", "Head": "executive", "Mid-Senior level": "senior",
                "Senior / Junior": None, "L5": None, "8-13 Yrs": None,
            },
        ),
        (
            find_mode,
            {
                "Fully remote": "remote", "100%": "remote", "TRUE": "remote",
                "Hybrid (some remote, some in person)": "hybrid", "50.0": "hybrid",
                "In-person": "on-site", "in the office": "on-site", "0": "on-site",
                "not remote": None, "FALSE": None, "anywhere": None,
                "Remote, office": None,
            },
        ),
        (
            find_period,
            {
                "YEARLY": "year", "Bi-Weekly": "two weeks",
                "every 2 weeks": "two weeks",
                "€/Monat": "month", "per hour": "hour", "once": None,
            },
        ),
        (
            find_currency,
            {
                "eur": "EUR", "€": "EUR", "pounds": "GBP", "Polish zloty (PLN)": "PLN",
                "Other": None, "USD or EUR": None,
            },
        ),
        (
            find_unit,
            {"k": 1_000, "Lakhs": 100_000, "": 1, "dozens": None, "1000": 1_000},
        ),
        (
            find_employment,
            {
                "Full-time": "FT", "FULL_TIME": "FT", "Vollzeit": "FT", "Y": "FT",
                "Teilzeit": "PT", "contractor": "CT", "gig": "GIG",
            },
        ),
    ],
    ids=["level", "mode", "period", "currency", "unit", "employment"],
)  # fmt: skip
def test_values_are_understood(find: Any, values: dict[str, object]) -> None:
    assert {text: find(text) for text in values} == values


def by_country(groups: list[dict[str, Any]]) -> dict[str | None, int]:
    return {
        group["country"]: group["records"]
        for group in groups
        if group["experience"] is None and group["work_mode"] is None
    }


@pytest.mark.parametrize(
    ("header", "values", "expected"),
    [
        ("company_location", ["CA", "IL", "MO", "TX"], {"US": 40}),
        ("company_location", ["CA", "US"], {"CA": 10, "US": 10}),
        ("company_location", ["CA", "US", "TX"], {"US": 20}),
        ("country", ["CA", "US", "TX"], {"CA": 10, "US": 20}),
        ("country", ["United States of America", "U.S.", "USA", "us"], {"US": 40}),
        ("country", ["Deutschland", "DEU", "Germany", "DE"], {"DE": 40}),
        ("country", ["UK", "England", "Great Britain", "GBR"], {"GB": 40}),
        ("country", ["Georgia", "US"], {"GE": 10, "US": 10}),
        ("state", ["CA", "DE", "Texas"], {"US": 30}),
        ("location", ["Seattle, WA", "Newark, DE", "Remote"], {"US": 20}),
        ("location", ["Porto, P13, PT", "Lisbon, PT", "Munich, DE", "Pune, IN"],
         {"PT": 20, "DE": 10, "IN": 10}),
        ("location", ["Seattle, WA", "Lisbon, PT", "Munich, DE", "Mainz, DE"],
         {"US": 10, "PT": 10, "DE": 10}),
        ("location", ["Toronto, Ontario, CA", "Pune, Maharashtra, IN"],
         {"CA": 10, "IN": 10}),
        ("location", ["Warrensburg, MO 64130", "Austin, TX (remote)"], {"US": 20}),
        ("location", ["San Francisco Bay Area", "Greater Chicago Area", "Austin, Texas",
         "New York City Metropolitan Area", "San Diego-Chula Vista-Carlsbad, CA"],
         {"US": 50}),
        ("location", ["Atlanta, Georgia", "Hybrid - Pune", ", ", "California"],
         {"US": 10, "IN": 10}),
    ],
)  # fmt: skip
def test_places_are_countries(
    header: str, values: list[str], expected: dict[str, int], tmp_path: Path
) -> None:
    rows = [
        ("Data Engineer", "US$90k", "2025", each) for each in values for _ in range(10)
    ]
    groups, notes = imported(tmp_path / "a.csv", ("title", "pay", "year", header), rows)
    found = by_country(groups)
    assert found.pop(None) == len(rows)
    assert found == expected
    known = sum(expected.values())
    unknown = [note for note in notes if note.startswith("unknown country in")]
    assert bool(unknown) == (known < len(rows))
    codes = {"CA", "Newark, DE", "Warrensburg, MO 64130"} & {*values}
    is_noted = any("read as states" in note for note in notes)
    assert is_noted == (bool(codes) and expected.keys() == {"US"}
                        and header != "state" and "US" not in values)  # fmt: skip


def test_codes_of_states_and_countries_are_ambiguous(tmp_path: Path) -> None:
    rows = [("Data Engineer", "$90k", "2025", "DE")] * 10
    headers = ("title", "pay", "year", "My place (code)")
    options: dict[str, Any] = {"mapped": {"location": headers[-1]}}
    with pytest.raises(UsageError) as raised:
        imported(tmp_path / "a.csv", headers, rows, **options)
    assert raised.value.messages == (
        f"{tmp_path / 'a.csv'}: the codes of 'My place (code)' may be US states or "
        "countries. Say which: map='state=\"My place (code)\"' or "
        "map='country=\"My place (code)\"'.",
    )
    for column, country in (("state", "US"), ("country", "DE")):
        options = {"mapped": {column: headers[-1]}}
        groups, _ = imported(tmp_path / "a.csv", headers, rows, **options)
        assert by_country(groups) == {None: 10, country: 10}


def test_country_comes_before_other_places(tmp_path: Path) -> None:
    headers = ("title", "pay", "year", "country", "state", "city")
    row = ("Data Engineer", "$90k", "2025")
    places = [("France", "TX", "Austin, TX"), ("", "TX", "Mainz")]
    for place, country in zip(places, ("FR", "US"), strict=True):
        groups, _ = imported(tmp_path / "a.csv", headers, [(*row, *place)] * 10)
        assert by_country(groups) == {None: 10, country: 10}


# Containers


def test_zip_files_are_read(tmp_path: Path) -> None:
    plain = write_csv(tmp_path / "a.csv", repeat(12))
    expected = import_records(DATASET, plain)
    path = tmp_path / "pay.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(plain, "folder/a.csv")
        archive.writestr("__MACOSX/._a.csv", "x")
        archive.writestr("folder/", "")
    assert import_records(DATASET, str(path)) == expected
    with zipfile.ZipFile(path, "a") as archive:
        archive.write(plain, "b.csv")
    with pytest.raises(DataError, match="it contains 2 files"):
        import_records(DATASET, str(path))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DataError, match="not a valid zip file"):
        import_records(DATASET, str(path))


def shapes(rows: list[dict[str, Any]]) -> dict[str, Any]:
    keys = list(rows[0])
    by_row = {str(at): row for at, row in enumerate(rows)}
    return {
        "list": rows,
        "wrapped": {"page": 1, "jobs": rows},
        "nested": {"status": "ok", "data": {"total": 2, "results": rows}},
        "index": by_row,
        "columns": {key: {at: row[key] for at, row in by_row.items()} for key in keys},
        "split": {
            "columns": keys,
            "index": list(by_row),
            "data": [[row[key] for key in keys] for row in rows],
        },
        "lists": {key: [row[key] for row in rows] for key in keys},
        "rows": [keys, *([row[key] for key in keys] for row in rows)],
    }


# Each shape in one encoding, which is read before the shape is.
@pytest.mark.parametrize(
    ("shape", "encoding"),
    list(zip(shapes([{}]), cycle(["utf-8", "utf-8-sig", "utf-16"]), strict=False)),
)
def test_shapes_of_json_are_read(shape: str, encoding: str, tmp_path: Path) -> None:
    named = [dict(zip(COLUMNS, each, strict=True)) for each in varied_records(COLUMNS)]
    rows = [
        {**row, "work_year": int(row["work_year"]), "note": None, "b": True, "n": 1.0}
        for row in named[:150]
    ]
    expected = write_csv(tmp_path / "a.csv", varied_records(COLUMNS)[:150])
    path = tmp_path / "pay.json"
    indent = 1 if encoding == "utf-8" else None
    text = json.dumps(shapes(rows)[shape], indent=indent)
    path.write_bytes(text.encode(encoding))
    data, _ = import_records(DATASET, str(path))
    assert data["pay"] == import_records(DATASET, expected)[0]["pay"]


def test_json_that_is_too_large_at_once_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_MAX_JSON", 2**20)
    path = tmp_path / "pay.json"
    path.write_text(json.dumps({"jobs": [{"x": "x" * 2**20}]}))
    with pytest.raises(DataError, match="one JSON value of more than 1 MiB"):
        import_records(DATASET, str(path))


@pytest.mark.parametrize(
    ("number", "message"),
    [
        *((each, "enough memory or temporary disk")
          for each in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)),
        (errno.EIO, "csv: input/output error"),
    ],
)  # fmt: skip
def test_full_disk_is_not_an_error_of_the_file(
    number: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    path = write_csv(tmp_path / "a.csv", repeat(10))
    monkeypatch.setattr(files.Opener, "_open", fail)
    with pytest.raises(MlrolesError, match=message) as raised:
        import_records(DATASET, path)
    assert isinstance(raised.value, DataError) == (number == errno.EIO)


def test_lines_of_objects_are_records(tmp_path: Path) -> None:
    path = tmp_path / "pay.txt"
    row = dict(zip(COLUMNS, record(), strict=True))
    path.write_text(f"{json.dumps(row | {'skills': ['a']})}\n" * 10)
    assert import_records(DATASET, str(path))[1][0] == (
        "10 records read, 10 used, 0 skipped"
    )


def test_headers_in_windows_1252_are_recognised(tmp_path: Path) -> None:
    path = tmp_path / "pay.csv"
    lines = ["Stelle,Gehalt,Währung,Jahr", *["Data Engineer,60000,CAD,2025"] * 10]
    path.write_bytes("\n".join(lines).encode("cp1252"))
    data, notes = import_records(BUNDLED, str(path))
    assert 40_000 < total(pay_groups(data, "data-engineer"))["p50"] < 45_000
    assert f"{path}: read as Windows-1252" in notes


def test_encoding_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "pay.csv"
    plain = write_csv(tmp_path / "a.csv", repeat(10))
    text = Path(plain).read_text(encoding="utf-8")
    path.write_bytes(text.encode("utf-16-le"))
    found = import_records(DATASET, str(path), Settings(encoding="utf-16-le"))
    assert found == import_records(DATASET, plain)
    path.write_bytes(text.replace("Gardener", "Gärtner").encode("cp1252"))
    with pytest.raises(DataError, match="not text in UTF-8"):
        import_records(DATASET, str(path), settings=Settings(encoding="utf-8"))


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    """Return a small .xlsx file; a tuple is a date as the number of its day."""
    content = io.BytesIO()
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"

    def cell(value: object) -> str:
        if value is None:
            return "<c/>"
        if isinstance(value, bool):
            return f'<c t="b"><v>{int(value)}</v></c>'
        if isinstance(value, tuple):
            return f'<c s="1"><v>{value[0]}</v></c>'
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        return f"<c><v>{value}</v></c>"

    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{related}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs count="2"><xf/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }
    listed, links = (
        "",
        f'<Relationship Id="s" Type="{related}/styles" Target="styles.xml"/>',
    )
    for at, (name, rows) in enumerate(sheets.items()):
        listed += f'<sheet name="{name}" sheetId="{at + 1}" r:id="r{at}"/>'
        links += (
            f'<Relationship Id="r{at}" Type="{related}/worksheet" '
            f'Target="worksheets/sheet{at}.xml"/>'
        )
        lines = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
        parts[f"xl/worksheets/sheet{at}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>'
        )
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{main}" xmlns:r="{related}"><sheets>{listed}</sheets>'
        "</workbook>"
    )
    parts["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{package}/relationships">{links}</Relationships>'
    )
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize("name", ["pay.xlsx", "pay.csv"])
def test_spreadsheets_are_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    header: list[object] = ["Job title", "Annual salary", "Timestamp", "Remote?", "x"]
    row: list[object] = ["Data Engineer", 120_000, (45_000.5,), True, None]
    content = {
        "Read me": [["This is about pay."]],
        "Pay": [["Pay of 2023"], [None], header, *[row] * 10, [None]],
        "Empty": [],
    }
    path.write_bytes(workbook(content))  # type: ignore[arg-type]
    data, notes = import_records(BUNDLED, str(path))
    groups = pay_groups(data, "data-engineer")
    assert (total(groups)["year"], total(groups)["p50"]) == (2023, 120_000)
    note = f"{path}: read sheet 'Pay', not 'Read me': the option sheet names another"
    assert note in notes
    path.write_bytes(workbook({"Empty": []}))
    with pytest.raises(DataError, match="empty file"):
        import_records(BUNDLED, str(path))


def test_spreadsheets_require_an_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    (tmp_path / "pay.xlsx").write_bytes(workbook({"Pay": [["a"]]}))
    with pytest.raises(MlrolesError, match="pip install python-calamine"):
        import_records(DATASET, str(tmp_path / "pay.xlsx"))


# Duplicates and dry runs


def test_identical_records_count_once_if_asked(tmp_path: Path) -> None:
    rows = [record(salary_in_usd=str(50_000 + n)) for n in range(12)]
    path = write_csv(tmp_path / "a.csv", [*rows, *rows[:5]])
    data, notes = import_records(DATASET, path)
    assert pay_groups(data)[0]["records"] == 17
    assert "5 of 17 records are identical to another one." in notes[1]
    data, notes = import_records(DATASET, path, settings=Settings(distinct=True))
    assert pay_groups(data)[0]["records"] == 12
    assert notes == [
        "17 records read, 12 used, 5 skipped",
        "skipped 5: identical to another record",
    ]


def test_many_distinct_texts_are_looked_up_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(tmp_path / "a.csv", varied_records(COLUMNS)[:300])
    expected = import_records(DATASET, path)
    monkeypatch.setattr("mlroles.extras.importer.reading._PART", 2)
    assert import_records(DATASET, path) == expected


def test_dry_run_shows_how_records_are_understood(tmp_path: Path) -> None:
    rows = [("Sr Data Engineer", "$120k", "4/27/2021", "USA")] * 12
    rows += [("MLE", "US$150k", "2021-05-01", "Canada"), ("Cook", "$9k", "", "")]
    rows += [("Data Engineer", "$100k", "2020", f"{n}") for n in range(3)]
    path = write_csv(tmp_path / "a.csv", rows, ("Job title", "Pay", "Date", "Country"))
    result = run("import", path, "--dry-run")
    assert result.exit_code == 0
    assert "note: 11 of 16 records are identical to another one." in result.stderr
    assert result.stderr.count("note: ") == len(result.stderr.splitlines())
    assert result.stdout.splitlines()[0].split() == [path, "header", "values"]
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "title Job title Sr Data Engineer | Data Engineer | Cook" in (
        lines[1].replace("MLE", "Cook")
    )
    for line in [
        "17 records read, 16 used, 1 skipped",
        "skipped 1: other job title, such as Cook",
        "role records newest year of it median, USD data set, USD",
        "data-engineer 15 2021 12 120,000 142,500",
        "machine-learning-engineer 1 195,025",
        "2021 13",
        "2020 3",
        "US 12",
        "CA 1",
        "unknown 3",
    ]:
        assert line in lines, line
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]


def test_dry_run_ends_as_the_import_does(tmp_path: Path) -> None:
    rows = [("Cook", "$90k", "2025"), *[("Data Engineer", "$90k", "2025")] * 10]
    used = write_csv(tmp_path / "a.csv", rows, ("title", "pay", "year"))
    unused = write_csv(tmp_path / "b.csv", rows[:5], ("title", "pay", "year"))
    for options, code in [([used], 0), ([used, "--strict"], 1), ([unused], 1)]:
        dry = run("import", *options, "--dry-run")
        real = run("import", *options, "--output", "-")
        assert (dry.exit_code, real.exit_code) == (code, code)
        assert "records read" in dry.stdout
        # The error comes last.
        *_, errors = dry.stderr.rpartition("error: ")
        assert real.stderr.endswith(f"error: {errors}" if code else errors)


def test_dry_run_lists_few_countries(tmp_path: Path) -> None:
    codes = "AT BE BG HR CY CZ DK EE FI FR GR HU IE IT LV LT LU MT NL PL PT RO"
    rows = [("Data Engineer", "$90k", "2025", each) for each in codes.split()]
    path = write_csv(tmp_path / "a.csv", rows, ("title", "pay", "year", "country"))
    result = run("import", path, "--dry-run")
    assert result.stdout.endswith("others   2\n")


@pytest.mark.parametrize(
    "options",
    [["--map", "period=x"], ["--set", "year=2025"], ["--distinct"], ["--dry-run"]],
)
def test_statement_and_result_refuse_options_of_files(options: list[str]) -> None:
    result = run("import", "--print-sql", *options)
    assert result.exit_code == 2
    result = run("import", "a.csv", "-o", "-", "--aggregated", *options)
    assert result.exit_code == 2
    assert "the other options apply to records" in result.stderr


def test_standard_headers_are_those_of_the_documents() -> None:
    assert {*COLUMNS} <= {*STANDARD.values()}
