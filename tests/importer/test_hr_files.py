"""Pay files of HR departments, whose figures are wrong if a column is overlooked.

Each is imported through the command line, and its median is computed here.
"""

from __future__ import annotations

import json
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import run
from tests.importer.records_file import write_csv
from tests.importer.test_own_files import RATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

AMOUNTS = [90_000 + 1_000 * n for n in range(24)]
MEDIAN = round(median(AMOUNTS))
TITLE = "Data Engineer"


def imported(
    path: Path, headers: str, rows: Iterable[Sequence[object]], *options: str
) -> tuple[float | None, int, str]:
    """Import records: the median of the role, its records, and what was printed.

    The median is None if there are too few records.
    """
    write_csv(path / "pay.csv", list(rows), headers.split(","))
    source, target = str(path / "pay.csv"), str(path / "mine.json")
    done = run("import", source, "-o", target, "--force", *options)
    if done.exit_code:
        return None, 0, done.stderr
    found = run("compare", "data engineer", "--data", target, "--json").stdout
    (row,) = json.loads(found)
    return row["median"], row["records"], done.stderr


def test_dry_run_says_the_same(tmp_path: Path) -> None:
    headers = "Job Title,Salary,Pay Basis,Weekly Hours,Status"
    rows: Any = [(TITLE, n / 1950, "Hourly", 37.5, "Active") for n in AMOUNTS]
    rows += [
        (TITLE, 10, "Hourly", 37.5, "Terminated"),
        ("Total", 9e9, "Annual", "", ""),
    ]
    found, records, _ = imported(tmp_path, headers, rows)
    dry = run("import", str(tmp_path / "pay.csv"), "--dry-run").stdout
    (line,) = (each for each in dry.split("\n") if "data-engineer" in each)
    assert {f"{records:,}", f"{found:,}"} <= {*line.split()}


@pytest.mark.parametrize(
    ("header", "period", "factor"),
    [
        ("Pay Period", "Every other week", 26),
        ("Pay Period", "4-weekly", 13),
        ("Salary Frequency", "Monthly", 12),
        ("Pay Period", "Hourly rate (USD)", 2080),
        ("Pay Type", "S", 1),
        ("Rate Type", "H", 2080),
        *(
            ("Pay Period", text, None)
            for text in (
                "Monthly x13", "Monthly (13 months)", "Bi-monthly", "S",
            )
        ),
    ],
)  # fmt: skip
def test_pay_periods_are_read_whole(
    header: str, period: str, factor: int | None, tmp_path: Path
) -> None:
    rows = ((TITLE, round(n / (factor or 12), 2), period) for n in AMOUNTS)
    found, _, text = imported(tmp_path, f"Job Title,Salary,{header}", rows)
    if factor:
        assert found == pytest.approx(MEDIAN, abs=50)
    else:
        assert f"skipped 24: unknown pay period, such as {period}" in text


@pytest.mark.parametrize("header", ["Monthly Salary (13x)", "Bi-monthly Salary"])
def test_periods_of_headers_are_read_whole(header: str, tmp_path: Path) -> None:
    rows = [(TITLE, n / 12) for n in AMOUNTS]
    options = ("--map", f"pay={header}")
    *_, text = imported(tmp_path, f"Job Title,{header}", rows, *options)
    assert f"skipped 24: unknown pay period, such as {header}" in text
    found, *_ = imported(
        tmp_path, f"Job Title,{header}", rows, *options, "--set", "period=month"
    )
    assert found == MEDIAN


@pytest.mark.parametrize("header", ["Pay Frequency", "Frequency", "Rate Type"])
def test_annual_pay_is_of_a_year_however_often_it_is_paid(
    header: str, tmp_path: Path
) -> None:
    headers = f"Job Title,Annual Salary,{header}"
    rows = [(TITLE, n, "Biweekly") for n in AMOUNTS]
    found, _, text = imported(tmp_path, headers, rows)
    assert found == MEDIAN
    assert f"not used: '{header}'" in text
    found, *_ = imported(tmp_path, headers, rows, "--map", f"period={header}")
    assert found == 26 * MEDIAN


def test_period_of_the_pay_comes_before_how_often_it_is_paid(tmp_path: Path) -> None:
    headers = "Job Title,Salary,Pay Frequency,Pay Per,Pay Type"
    rows: Any = [(TITLE, n, "Monthly", "Year", "Salary") for n in AMOUNTS]
    rows += [(TITLE, n / 2080, "Monthly", "Hour", "Hourly") for n in AMOUNTS]
    found, records, _ = imported(tmp_path, headers, rows)
    assert found == pytest.approx(MEDIAN, abs=20)
    assert records == 48


@pytest.mark.parametrize(
    ("headers", "line"),
    [
        ("Job Title,Salary", ("Data Engineer Total", 5_000_000)),
        ("Job Title,Salary", ("Data Engineer - Average:", 101_500)),
        ("Job Title,Salary", ("data engineer SUBTOTAL", 5_000_000)),
        ("Name,Job Title,Salary", ("Grand Total", TITLE, 5_000_000)),
        ("Id,Name,Job Title,Salary", ("", "Total:", TITLE, 5_000_000)),
    ],
)
def test_totals_are_no_people(
    headers: str, line: tuple[object, ...], tmp_path: Path
) -> None:
    # These are people, with names and titles that have words of totals.
    start = ("1", "Sum, Ting")[-headers.count(",") + 1 :] if len(line) > 2 else ()
    rows = [
        (*start, title, n)
        for n in AMOUNTS
        for title in (TITLE, "Total Rewards Data Engineer")
    ]
    found, records, text = imported(tmp_path, headers, [*rows, line, line])
    assert (found, records) == (MEDIAN, 48)
    named = next(str(each) for each in line if each)
    reason = "a total or an average, not a person, such as"
    assert f"skipped 2: {reason} {named}\n" in text


def test_titles_of_other_work_are_not_those_of_a_role(tmp_path: Path) -> None:
    others = [
        "Manager, Data Engineers", "Data Engineer Manager", "Data Engineer Intern",
        "Working Student Data Engineer", "Werkstudent Data Engineer (m/w/d)",
        "Stagiaire Data Engineer", "Data Engineer Apprentice", "Data Engineer - VACANT",
    ]  # fmt: skip
    own = [TITLE, "Data Engineer, Working Capital", "Data Engineer (Student Success)"]
    rows: Any = [(title, 30_000) for title in others for _ in range(10)]
    rows += [(title, n) for title in own for n in AMOUNTS]
    # A role whose name has such a word.
    rows += [("Senior Data Product Manager", n) for n in AMOUNTS]
    found, records, text = imported(tmp_path, "Job Title,Salary", rows)
    assert (found, records) == (MEDIAN, 72)
    assert f"{96 + 80} records read, 96 used" in text
    assert "skipped 80: other job title, such as" in text


@pytest.mark.parametrize(
    ("header", "current", "former"),
    [
        ("Status", "Active", "Terminated"),
        ("Employee Status", "On leave", "Inactive"),
        ("Worker Status", "A", "T"),
        ("Employment Status", "Full-time", "Terminated"),
        ("Active", "Yes", "No"),
        ("Active", "1", "0"),
        ("Currently Employed", "Y", "N"),
        ("Mitarbeiterstatus", "Aktiv", "Ausgeschieden"),
        ("Statut", "Actif", "Démissionné"),
        ("Termination Date", "", "2025-03-01"),
    ],
)
def test_former_employees_do_not_count(
    header: str, current: str, former: str, tmp_path: Path
) -> None:
    headers = f"Job Title,Salary,{header},Start Date"
    rows = [(TITLE, n, current, "2015-02-03") for n in AMOUNTS]
    rows += [(TITLE, 30_000, former, "2015-02-03")] * 20
    found, records, text = imported(tmp_path, headers, rows)
    assert (found, records) == (MEDIAN, 24)
    if current != "Full-time":
        reason = f"skipped 20: a former employee, such as {former}. To use them, too"
        assert f"{reason}, add --set status=active\n" in text
        # They began long before they had this pay.
        assert "no year: the date of the pay is unknown" in text
    if header == "Status":
        _, records, text = imported(tmp_path, headers, rows, "--set", "status=active")
        assert records == 44
        assert "skipped" not in text.replace("0 skipped", "")


def test_unknown_statuses_count_and_are_named(tmp_path: Path) -> None:
    kinds = ["Active", "Pending", "Probation", ""]
    rows = [(TITLE, n, kinds[n // 1_000 % 4], "Salaried") for n in AMOUNTS]
    headers = "Job Title,Salary,Status,Employment Status"
    found, records, text = imported(tmp_path, headers, rows)
    assert (found, records) == (None, 0)
    options = ("--employment", "all")
    found, records, text = imported(tmp_path, headers, rows, *options)
    assert (found, records) == (MEDIAN, 24)
    assert "unknown status in 12 records, counted: Pending, Probation\n" in text
    # Of several, the one in which people left.
    rows = [(*row[:3], "Terminated" if row[1] < 100_000 else "Active") for row in rows]
    found, records, text = imported(tmp_path, headers, rows)
    assert (found, records) == (median(AMOUNTS[10:]), 14)
    assert "skipped 10: a former employee, such as Terminated" in text
    problem = run("import", str(tmp_path / "pay.csv"), "--set", "status=odd").stderr
    assert "'odd' is not a status, such as active." in problem


def test_pay_after_the_latest_exchange_rates_has_those(tmp_path: Path) -> None:
    headers = "Job Title,Salary,Currency,Year"
    rows = [(TITLE, n, "EUR", 2026) for n in AMOUNTS]
    found, records, text = imported(tmp_path, headers, rows)
    rate = json.loads(RATES.read_bytes())["years"]["EUR"]["2025"]
    assert (found, records) == (round(MEDIAN / rate), 24)
    note = "no exchange rates after 2025: pay of later years is converted at those of "
    assert f"note: {note}2025\n" in text
    mine = ("--data", str(tmp_path / "mine.json"))
    row = json.loads(
        run("salary", "data engineer", "--currency", "EUR", *mine, "--json").stdout
    )
    assert (row["year"], row["rate_year"]) == (2026, 2025)
    assert abs(row["median"] - MEDIAN) <= 1
    # In its own currency there is nothing to convert.
    rows = [(TITLE, n, "USD", 2026) for n in AMOUNTS]
    assert "exchange rates" not in imported(tmp_path, headers, rows)[-1]


def test_pay_before_the_first_exchange_rates_is_refused(tmp_path: Path) -> None:
    rows: Any = [(TITLE, n, "USD", 2025) for n in AMOUNTS]
    rows += [(TITLE, n, "EUR", 2017) for n in AMOUNTS]
    headers = "Job Title,Salary,Currency,Year"
    found, records, text = imported(tmp_path, headers, rows)
    assert (found, records) == (MEDIAN, 24)
    reason = "pay in another currency, of a year before its first exchange rate"
    assert f"skipped 24: {reason}, such as 100000 EUR 2017 and " in text


@pytest.mark.parametrize(
    ("header", "hours", "factor"),
    [
        ("Std Hours", "37.5", 1950),
        ("Wochenstunden", "38,75", 2015),
        ("Scheduled Hours", "20 h", 1040),
        ("Std Hours", "80", 2080),
        ("Std Hours", "35-40", 2080),
        ("Note", "37.5", 2080),
    ],
)
def test_pay_by_the_hour_is_taken_times_the_hours_of_a_week(
    header: str, hours: str, factor: int, tmp_path: Path
) -> None:
    rows: Any = [(TITLE, n / factor, "Hourly", hours) for n in AMOUNTS]
    # The hours do not change pay of a year.
    rows += [(TITLE, n, "Annual", hours) for n in AMOUNTS]
    headers = f"Job Title,Salary,Pay Basis,{header}"
    found, records, text = imported(tmp_path, headers, rows)
    assert found == pytest.approx(MEDIAN, abs=20)
    assert records == 48
    times = "2,080" if factor == 2080 else "52 weeks of the hours"
    assert f"note: pay by the hour: times {times} in 24 records\n" in text


@pytest.mark.parametrize("header", ["EmpNo", "Personalnummer", "User/Employee ID"])
def test_people_are_known_by_their_ids(header: str, tmp_path: Path) -> None:
    rows = [(n, TITLE, n) for n in AMOUNTS] + [(AMOUNTS[0], TITLE, 1 + AMOUNTS[0])]
    text = imported(tmp_path, f"{header},Job Title,Salary", rows)[-1]
    assert "1 person has several records" in text


def test_people_with_several_records_are_noted(tmp_path: Path) -> None:
    headers = "Employee #,Job Title,Salary,Year"
    note = "2 people have several records of a year: figures count records, not people"
    rows: Any = [(n, TITLE, n, 2025) for n in AMOUNTS]
    more = [(n, TITLE, n + 500, 2025) for n in AMOUNTS[:2]]
    assert note in imported(tmp_path, headers, [*rows, *more])[-1]
    # Their records of other years, those of unknown people, and copies are no others.
    rows += [(n, TITLE, n, 2024) for n in AMOUNTS] + [("", TITLE, 90_000, 2025)] * 2
    _, records, text = imported(tmp_path, headers, [*rows, *rows[:3]])
    assert (records, "several records" in text) == (29, False)
    assert "4 of 53 records are identical to another one. To count each once" in text
    assert "1 person has several" in imported(tmp_path, headers, [*rows, more[0]])[-1]


@pytest.mark.parametrize(
    ("header", "way"),
    [
        *(
            (each, "To count each once, add --distinct")
            for each in (
                "Job ID", "Last name", "case_number",
            )
        ),
        *(
            (each, "They may be of different people: no column identifies these")
            for each in ("Department", "Company name")
        ),
    ],
)  # fmt: skip
def test_identical_records_may_be_of_different_people(
    header: str, way: str, tmp_path: Path
) -> None:
    rows = [(TITLE, n, "2025-01-01") for n in AMOUNTS]
    headers = f"Job Title,Salary,{header}"
    _, records, text = imported(tmp_path, headers, [*rows, *rows[:3]])
    assert records == 27
    assert f"3 of 27 records are identical to another one. {way}\n" in text
