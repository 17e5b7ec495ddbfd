"""Public pay files in the forms in which people download or export them.

The values are invented. Each form has the headers and the oddities of its family, and
the median is computed here from the amounts.
"""

from __future__ import annotations

import csv
import io
import json
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb
import pytest

from mlroles.dataset.load import load
from mlroles.extras.importer.command import settings_of
from mlroles.extras.importer.pay import import_records
from tests.importer.records_file import pay_groups
from tests.importer.test_own_files import RATES, total, workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DATA = load().content
YEARS = json.loads(RATES.read_bytes())["years"]
AMOUNTS = [90_000 + 1_000 * n for n in range(31)]
# Lower than most, so that an amount that is not skipped moves the median.
ODD = range(5)
MILLISECONDS = 1_713_390_000_000


class Form(NamedTuple):
    """A file of records, and what is in it.

    Attributes:
        content: The bytes of the file.
        pay: The amounts of the records that count, in US dollars a year.
        year: Their year.
        skipped: The number of other records.
        options: What the file does not say: arguments of `settings_of`.
        keys: Values that some groups have: countries, levels or work modes.
    """

    content: bytes
    pay: Sequence[float]
    year: int
    skipped: int = 0
    options: Any = ([], [])
    keys: frozenset[str] = frozenset()


def lines(
    headers: str, rows: list[list[Any]], delimiter: str = ",", end: str = "\n"
) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerows([headers.split(delimiter), *rows])
    return text.getvalue()


def aijobs() -> Form:
    headers = (
        "work_year,experience_level,employment_type,job_title,salary,salary_currency,"
        "salary_in_usd,company_location,work_models,company_size"
    )
    rows: Any = [
        ["2021e", "Senior-level / Expert", "Full-time", "Data Engineer", 10 * n, "INR",
         n, "United States", "Hybrid", "M"]
        for n in AMOUNTS
    ]  # fmt: skip
    rows += [[*rows[0][:2], "Contract", *rows[0][3:]] for _ in ODD]
    keys = frozenset({"senior", "US", "hybrid"})
    return Form(lines(headers, rows).encode(), AMOUNTS, 2021, len(ODD), keys=keys)


def managers_2019() -> Form:
    headers = "Timestamp|Job title|What is your annual salary?|Currency|Location|Notes"
    rows: Any = [
        ["4/27/2019 11:02:10", "Sr. Data Engineer", f"{n:,}", "USD", "Madison, WI", ""]
        for n in AMOUNTS
    ]
    rows += [[*rows[0][:3], "Other", *rows[0][4:]] for _ in ODD]
    # A sentence with line feeds comes before the header.
    text = '"How much do you earn?\nA survey."|||||\n' + lines(
        headers, rows, "|", "\r\n"
    )
    keys = frozenset({"US", "senior"})
    return Form(text.encode(), AMOUNTS, 2019, len(ODD), keys=keys)


def managers_2021() -> Form:
    header: list[object] = [
        "Timestamp", "How old are you?", "Job title",
        "What is your annual salary? (You'll indicate the currency later.)",
        "How much additional monetary compensation do you get, if any?",
        "Please indicate the currency", "What country do you work in?",
        "If you're in the U.S., what state do you work in?",
    ]  # fmt: skip
    names = ["US", "USA", "U.S.", "United States", "UK", "England"]
    rows: Any = [
        [(44_313,), "25-34", "Data engineer", n, 5_000, "USD", names[n // 1000 % 6], ""]
        for n in AMOUNTS
    ]
    content = workbook({"Form Responses 1": [header, *rows]})
    return Form(content, AMOUNTS, 2021, keys=frozenset({"US", "GB"}))


def managers_2023() -> Form:
    headers = (
        "Timestamp,Job title,Annual salary (gross),Currency,Country,State,City,"
        "Remote or on-site?"
    )
    rows: Any = [
        ["4/11/2023 11:02:12", "Data Engineer II", f"{n:,}", "USD", "USA", "Texas",
         "a\nb", "Fully remote"]
        for n in AMOUNTS
    ]  # fmt: skip
    text = lines(headers, rows[:20], end="\r\n")
    text += lines(headers, rows[20:]).partition("\n")[2]
    keys = frozenset({"mid", "US", "remote"})
    return Form(text.encode(), AMOUNTS, 2023, keys=keys)


def levels() -> Form:
    headers = (
        "timestamp;company;level;title;totalyearlycompensation;location;"
        "yearsofexperience;basesalary;stockgrantvalue;bonus"
    )
    rows: Any = [
        ["6/7/2021 11:29:00", "x", "L5", "Data Engineer", 2 * n, "Seattle, WA", 3, n,
         n // 2, n // 2]
        for n in AMOUNTS
    ]  # fmt: skip
    text = lines(headers, rows, ";")
    given: Any = ([], ["currency=USD"])
    return Form(text.encode(), AMOUNTS, 2021, options=given, keys=frozenset({"US"}))


def glassdoor() -> Form:
    rows: Any = [
        ["Data Engineer", f"${n // 1000}K-${n // 1000 + 2}K\n(Glassdoor est.)",
         "Austin, TX"]
        for n in AMOUNTS
    ]  # fmt: skip
    rows += [["Data Engineer", "-1", "Remote"] for _ in ODD]
    rows += [["Data Engineer", "Employer Provided Salary:$84K - $96K", "Utah"]]
    rows += [["Data Engineer", "$24-$39 Per Hour", "Boise, ID"]]
    pay = [n + 1_000 for n in AMOUNTS] + [90_000, 31.5 * 2080]
    text = lines("Job Title,Salary Estimate,Location", rows)
    given: Any = ([], ["year=2021"])
    return Form(text.encode(), pay, 2021, len(ODD), given, frozenset({"US"}))


def glassdoor_cleaned() -> Form:
    rows: Any = [
        ["Data Engineer", n // 1000, n // 1000 + 2, n // 1000 + 1] for n in AMOUNTS
    ]
    text = lines("Job Title,min_salary,max_salary,avg_salary", rows)
    given: Any = (["pay=avg_salary"], ["year=2021", "unit=k", "currency=USD"])
    return Form(text.encode(), [n + 1_000 for n in AMOUNTS], 2021, options=given)


def indeed() -> Form:
    rows: Any = [
        [("TX", "CA", "IL")[n // 1000 % 3], "Data Engineer", n / 1000] for n in AMOUNTS
    ]
    text = lines("location,title,salary", rows)
    given: Any = ([], ["year=2022", "unit=k"])
    return Form(text.encode(), AMOUNTS, 2022, options=given, keys=frozenset({"US"}))


def disclosure() -> Form:
    headers = (
        "CASE_STATUS,JOB_TITLE,FULL_TIME_POSITION,WAGE_RATE_OF_PAY_FROM,"
        "WAGE_RATE_OF_PAY_TO,WAGE_UNIT_OF_PAY,WORKSITE_CITY,WORKSITE_STATE,"
        "EMPLOYER_NAME,DECISION_DATE,SOC_CODE"
    )
    units = {"Year": 1, "Month": 12, "Bi-Weekly": 26, "Week": 52, "Hour": 2080}
    rows: Any = [
        ["Certified", "DATA ENGINEER", "Y", f"{n / factor:,.2f}", "", unit, "x", state,
         "Caf\N{LATIN SMALL LETTER E WITH ACUTE}", "2024-03-01", "15-1242"]
        for n in AMOUNTS
        for unit, factor in [list(units.items())[n // 1000 % 5]]
        for state in [("CA", "IL", "MO", "DE", "IN")[n // 1000 % 5]]
    ]  # fmt: skip
    rows += [[*rows[0][:2], "N", *rows[0][3:]] for _ in ODD]
    pay = [float(row[3].replace(",", "")) * units[row[5]] for row in rows[:-5]]
    text = lines(headers, rows)
    return Form(text.encode("cp1252"), pay, 2024, len(ODD), keys=frozenset({"US"}))


def linkedin() -> Form:
    headers = (
        "job_id,title,max_salary,pay_period,location,min_salary,formatted_work_type,"
        "remote_allowed,formatted_experience_level,listed_time,currency"
    )
    rows: Any = [
        [n, "Data Engineer", n + 2_000, "YEARLY", "New York, NY", n, "Full-time",
         "1.0" if n % 2000 else "", "Entry level", f"{MILLISECONDS}.0", "USD"]
        for n in AMOUNTS
    ]  # fmt: skip
    rows += [[*rows[0][:3], "ONCE", *rows[0][4:]] for _ in ODD]
    pay = [n + 1_000 for n in AMOUNTS]
    keys = frozenset({"remote", "entry", "US"})
    return Form(lines(headers, rows).encode(), pay, 2024, len(ODD), keys=keys)


def jobspy() -> Form:
    headers = (
        "id,site,title,company,location,date_posted,job_type,interval,min_amount,"
        "max_amount,currency,is_remote,job_level"
    )
    rows: Any = [
        [n, "indeed", "Data Engineer (Remote)", "x", "Porto, P13, PT", "2025-03-01",
         "fulltime", "hourly", f"{n / 2080:.2f}", f"{n / 2080:.2f}", "USD", "True", ""]
        for n in AMOUNTS
    ]  # fmt: skip
    pay = [float(row[8]) * 2080 for row in rows]
    rows += [[*rows[0][:7], "", "", "", "", "False", ""] for _ in range(40)]
    keys = frozenset({"PT", "remote"})
    return Form(lines(headers, rows).encode(), pay, 2025, 40, keys=keys)


def polish() -> Form:
    rows: Any = [
        ["Data Engineer", round(n * 4 / 12), round(n * 4 / 12), "Senior"]
        for n in AMOUNTS
    ]
    text = lines("position,salary_lower,salary_upper,seniority", rows)
    given: Any = ([], ["year=2023", "currency=PLN", "period=month"])
    pay = [row[1] * 12 / YEARS["PLN"]["2023"] for row in rows]
    keys = frozenset({"senior"})
    return Form(text.encode("utf-8-sig"), pay, 2023, options=given, keys=keys)


def naukri() -> Form:
    rows: Any = [
        ["Data Engineer", f"{n // 1000}-{n // 1000 + 2} Lacs PA", "8-13 Yrs",
         "Hybrid - Pune"]
        for n in AMOUNTS
    ]  # fmt: skip
    rows += [["Data Engineer", "Not disclosed", "", "Pune"] for _ in ODD]
    pay = [(n // 1000 + 1) * 100_000 / YEARS["INR"]["2024"] for n in AMOUNTS]
    text = lines("title,salary,experience,location", rows)
    given: Any = ([], ["year=2024", "country=IN"])
    return Form(text.encode("utf-8-sig"), pay, 2024, len(ODD), given, frozenset({"IN"}))


def survey() -> Form:
    rows: Any = [
        ["Developer, back-end; Data engineer", f"{n}.0",
         "United Kingdom of Great Britain and Northern Ireland", "Remote"]
        for n in AMOUNTS
    ]  # fmt: skip
    text = lines("DevType,ConvertedCompYearly,Country,RemoteWork", rows)
    keys = frozenset({"GB", "remote"})
    return Form(text.encode(), AMOUNTS, 2024, options=([], ["year=2024"]), keys=keys)


def german() -> Form:
    rows: Any = [["24/11/2020 11:14:15", "Data Engineer", "Middle", n] for n in AMOUNTS]
    headers = (
        "Timestamp,Position ,Seniority level,"
        "Yearly brutto salary (without bonus and stocks) in EUR"
    )
    pay = [n / YEARS["EUR"]["2020"] for n in AMOUNTS]
    return Form(lines(headers, rows).encode(), pay, 2020, keys=frozenset({"mid"}))


def kaggle() -> Form:
    headers = (
        "CurrentJobTitleSelect,CompensationAmount,CompensationCurrency,Country,"
        "EmploymentStatus"
    )
    rows: Any = [
        ["Data Engineer", f"{n:,}", ("USD", "EUR", "INR")[n // 1000 % 3], "France",
         "Employed full-time"]
        for n in AMOUNTS
    ]  # fmt: skip
    # There are no rates of 2017.
    pay = [float(row[1].replace(",", "")) for row in rows if row[2] == "USD"]
    options: Any = ([], ["year=2017"])
    text = lines(headers, rows)
    keys = frozenset({"FR"})
    return Form(text.encode(), pay, 2017, len(rows) - len(pay), options, keys)


def armenian() -> Form:
    rows: Any = [["2025-05-01", "Data Engineer", f"{n // 10:,}"] for n in AMOUNTS]
    text = lines("Date,Position,Salary", rows)
    given: Any = ([], ["period=month"])
    return Form(text.encode(), [n // 10 * 12 for n in AMOUNTS], 2025, options=given)


def postings() -> Form:
    header: list[object] = [
        "Job Title", "Salary Min", "Salary Max", "Salary Type", "Country", "Location",
        "Publication Date",
    ]  # fmt: skip
    row: list[object] = [
        "Data Engineer",
        0,
        0,
        "yearly",
        "us",
        "Kansas City, MO 64130",
        MILLISECONDS,
    ]
    rows: Any = [[row[0], n, n, *row[3:]] for n in AMOUNTS] + [row for _ in ODD]
    content = workbook({"Jobs": [header, *rows]})
    options: Any = ([], ["currency=USD"])
    return Form(content, AMOUNTS, 2024, len(ODD), options, frozenset({"US"}))


def board() -> Form:
    rows: Any = [
        {"jobTitle": "Data Engineer", "salary": f"US${n:,}", "datePosted": "2025-01-02",
         "location": {"city": "x"}, "country": "DEU"}
        for n in AMOUNTS
    ]  # fmt: skip
    content = json.dumps({"status": "ok", "data": {"results": rows}}).encode(
        "utf-8-sig"
    )
    return Form(content, AMOUNTS, 2025, keys=frozenset({"DE"}))


FORMS = [
    aijobs, managers_2019, managers_2021, managers_2023, levels, glassdoor,
    glassdoor_cleaned, indeed, disclosure, linkedin, jobspy, polish, naukri, survey,
    german, kaggle, armenian, postings, board,
]  # fmt: skip


def check(form: Form, path: Path) -> None:
    data, notes = import_records(DATA, str(path), settings_of(*form.options))
    groups = pay_groups(data, "data-engineer")
    assert notes[0] == (
        f"{len(form.pay) + form.skipped} records read, {len(form.pay)} used, "
        f"{form.skipped} skipped"
    )
    whole = total(groups)
    assert whole["year"] == form.year
    assert abs(whole["p50"] - median(form.pay)) <= 1
    columns = ("country", "experience", "work_mode")
    found = {group[column] for group in groups for column in columns} - {None}
    assert found == form.keys


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_forms_of_public_files_are_read(form: Any, tmp_path: Path) -> None:
    made = form()
    path = tmp_path / "pay.txt"
    path.write_bytes(made.content)
    check(made, path)


def test_open_jobs_in_parquet_are_read(tmp_path: Path) -> None:
    path = tmp_path / "jobs.parquet"
    query = (
        "copy (select 'Senior Data Engineer' as title, 'x' as company, "  # noqa: S608
        "if(n < 31, 90 + n, -1)::double as salary_min_k, "
        "if(n < 31, 90 + n, -1)::double as salary_max_k, 'US' as country_code, "
        "'remote' as work_mode, if(n % 2 = 0, 'Staff', '') as level, -1 as years, "
        f"date '2025-02-01' as date_posted from range(36) r(n)) to '{path}'"
    )
    duckdb.execute(query)
    options: Any = ([], ["currency=USD"])
    form = Form(b"", AMOUNTS, 2025, 5, options, frozenset({"US", "remote", "senior"}))
    check(form, path)
