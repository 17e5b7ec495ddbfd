"""What pay files that people really have say, through the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from mlroles.dataset.bundled import read_table
from tests.conftest import run
from tests.importer.records_file import write_csv

if TYPE_CHECKING:
    from pathlib import Path

YEARS = read_table("rates")["years"]


def imported(
    path: Path, headers: str, *rows: str, options: tuple[str, ...] = ()
) -> tuple[list[tuple[Any, ...]], str]:
    """Import each row twelve times; cells are separated by bars.

    Returns:
        The country, level, work mode, number of records and median of each group, and
        what is printed on standard error.
    """
    cells = [tuple(row.split("|")) for row in rows for _ in range(12)]
    write_csv(path / "pay.csv", cells, headers.split("|"))
    return imported_file(path / "pay.csv", *options)


def imported_file(path: Path, *options: str) -> tuple[list[tuple[Any, ...]], str]:
    output = path.parent / "new.json"
    output.unlink(missing_ok=True)
    result = run("import", str(path), "-o", str(output), *options)
    assert (result.exit_code == 0) == output.exists()
    if result.exit_code:
        assert result.exit_code in (1, 2)
        return [], result.stderr
    pay = json.loads(output.read_bytes())["pay"]
    names = ("country", "experience", "work_mode", "records", "p50")
    at = [pay["columns"].index(name) for name in names]
    groups = [tuple(row[n] for n in at) for of in pay["groups"].values() for row in of]
    return groups, result.stderr


def whole(groups: list[tuple[Any, ...]]) -> list[tuple[int, int]]:
    """Return the numbers of records and the medians of the groups of all values."""
    return [group[3:] for group in groups if not any(group[:3])]


@pytest.mark.parametrize(
    "header",
    [
        "Net salary", "Net salary per month (EUR)", "netSalary", "Salary (net)",
        "Total pay", "totalyearlycompensation", "Salary (incl. bonus)",
        "Median salary in your area", "Minimum salary you would accept",
        "Salary percentile", "Salary rank", "Salary increase", "Expected.salary",
        "Previous salary", "PREVAILING_WAGE", "PW_WAGE_LEVEL", "Quarterly salary",
    ],
)  # fmt: skip
def test_pay_that_is_not_base_pay_of_the_job_must_be_named(
    header: str, tmp_path: Path
) -> None:
    _, errors = imported(tmp_path, f"title|year|{header}", "Data Engineer|2023|90000")
    named = f'"{header}"' if " " in header else header
    assert "no header names gross base pay. Its headers are: title, year, " in errors
    assert f"Name it, or use '{header}': --map pay={named}." in errors
    options = ("--map", f"pay={header}")
    row = "Data Engineer|2023|90000|80000"
    groups, _ = imported(tmp_path, f"title|year|{header}|Salary", row)
    assert whole(groups) == [(12, 80_000)]
    groups, _ = imported(tmp_path, f"title|year|{header}|Pay", row, options=options)
    assert groups


@pytest.mark.parametrize(
    ("headers", "row", "median"),
    [
        ("JOB_TITLE|PREVAILING_WAGE|PW_WAGE_LEVEL|PW_UNIT_OF_PAY|WAGE_RATE_OF_PAY_FROM|"
         "WAGE_RATE_OF_PAY_TO|WAGE_UNIT_OF_PAY|DECISION_DATE",
         "DATA ENGINEER|43.27|II|Hour|120000|130000|Year|1/1/2024", 125_000),
        ("JOB_TITLE|PREVAILING_WAGE|PW_WAGE_LEVEL|WAGE_RATE_OF_PAY_FROM|"
         "WAGE_UNIT_OF_PAY|DECISION_DATE",
         "DATA ENGINEER|90000|II|120000|Year|1/1/2024", 120_000),
        ("Previous job title|Job title|salary|Currency of bonus|year",
         "Cook|Data Engineer|90000|INR|2024", 90_000),
        ("title|Minimum salary|Maximum salary|year", "Data Engineer|80k|90k|2024",
         85_000),
        ("title|Annual salary (without bonus)|year", "Data Engineer|90k|2024", 90_000),
        ("title|salary|year", "Data Engineer|$90k (not including bonus)|2024", 90_000),
        ("title|salary|year", "Data Engineer|$90k (incl. bonus)|2024", None),
        ("Previous job title|salary|year", "Data Engineer|90000|2024", None),
        ("previous.title|salary|year", "Data Engineer|90000|2024", None),
    ],
)  # fmt: skip
def test_pay_is_gross_base_pay_of_the_job(
    headers: str, row: str, median: int | None, tmp_path: Path
) -> None:
    groups, errors = imported(tmp_path, headers, row)
    assert whole(groups) == ([(12, median)] if median else [])
    assert median or "no header names the title" in errors or "unreadable pay" in errors


@pytest.mark.parametrize(
    ("period", "factor"),
    [
        ("semi-monthly", 24), ("Semimonthly", 24), ("twice a month", 24),
        ("half-yearly", 2), ("semi-annual", 2), ("Bi-Weekly", 26),
        ("bi-monthly", None), ("twice per month", None), ("twice a week", None),
        ("quarterly", None),
    ],
)  # fmt: skip
def test_periods_are_read_as_a_whole(
    period: str, factor: int | None, tmp_path: Path
) -> None:
    row = f"Data Engineer|6000|{period}|2024"
    groups, errors = imported(tmp_path, "title|salary|pay_period|year", row)
    assert whole(groups) == ([(12, 6_000 * factor)] if factor else [])
    assert factor or f"unknown pay period, such as {period}" in errors


@pytest.mark.parametrize(
    ("currency", "code"),
    [
        ("Mex$", "MXN"), ("Dollar canadien", "CAD"), ("canadian $", "CAD"),
        ("CAD $", "CAD"), ("Aussie dollars", "AUD"), ("NZ Dollars", "NZD"),
        ("U.S. dollars", "USD"), ("$US", "USD"), ("$ (US)", "USD"), ("$/year", "USD"),
        ("Pounds Sterling", "GBP"), ("Euro (€)", "EUR"), ("HK dollars", None),
        ("TRY", None),
        ("Jamaican dollars", None), ("Egyptian pounds", None), ("Swedish kr", None),
    ],
)  # fmt: skip
def test_currencies_are_read_as_a_whole(
    currency: str, code: str | None, tmp_path: Path
) -> None:
    row = f"Data Engineer|600000|{currency}|2024"
    groups, errors = imported(tmp_path, "title|salary|currency|year", row)
    rate = YEARS[code]["2024"] if code and code != "USD" else 1
    assert whole(groups) == ([(12, round(600_000 / rate))] if code else [])
    assert code or f"pay in another currency, such as 600000 {currency}" in errors


@pytest.mark.parametrize("unit", [(), ("--set", "unit=thousands")])
@pytest.mark.parametrize("header", ["hourly", "Is hourly?"])
def test_flags_of_hourly_pay_are_periods(
    header: str, unit: tuple[str, ...], tmp_path: Path
) -> None:
    rows = ("Data Analyst|60|90|0|2024", "Data Engineer|24|39|1|2024")
    headers = f"title|min_salary|max_salary|{header}|year"
    groups, errors = imported(tmp_path, headers, *rows, options=unit)
    assert whole(groups) == [(12, 31.5 * 2_080), (12, 75_000)][: 1 + len(unit) // 2]
    assert unit or "skipped 12: impossible pay, such as 60 to 90" in errors


def test_amounts_an_hour_are_no_flags(tmp_path: Path) -> None:
    row = "Data Engineer|83200|40|2024"
    groups, _ = imported(tmp_path, "title|salary|hourly|year", row)
    assert whole(groups) == [(12, 83_200)]


RECORD = {"title": "Data Engineer", "salary": 90_000, "date": "2024-01-02"}
OTHER = {**RECORD, "salary": 200_000}
PAGES = [{"page": n, "jobs": [RECORD] * 5, "similar": [OTHER]} for n in range(4)]
OTHER_LIST = "read the list 'jobs', not 'similar'"


@pytest.mark.parametrize(
    ("value", "count", "note"),
    [
        ([{"jobs": [RECORD] * 25}] * 12, 300, ""),
        ([{"jobs": []}, *PAGES, {"error": "none"}], 20, OTHER_LIST),
        ({"pages": PAGES}, 20, OTHER_LIST),
        ({"jobs": [RECORD] * 40, "similar": [OTHER] * 12}, 40, OTHER_LIST),
        ({"2023": [OTHER] * 12, "2024": [RECORD] * 15}, 15, "list '2024', not '2023'"),
        ([{**RECORD, "similar": [OTHER] * 12}] * 12, 12, ""),
        ([{"job": RECORD, "tags": [{"name": "x"}]}] * 12, 12, ""),
        ([{"@type": "JobPosting", **RECORD}] * 12, 12, ""),
        ([{**RECORD, "salary": 7_500, "unit": "MONTH"}] * 12, 12, "period from 'unit'"),
        ([{**RECORD, "salary": 90, "unit": "k"}] * 12, 12, "unit from 'unit'"),
        ([{**RECORD, "company": "Café"}] * 12, 12, "read as Windows-1252"),
        ({"jobs": [{**RECORD, "text": "x" * 30_000}] * 12}, 12, ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("as_lines", [False, True])
def test_lists_in_json_are_joined_or_noted(
    value: Any, count: int, note: str, tmp_path: Path, *, as_lines: bool
) -> None:
    path = tmp_path / "pay.json"
    lines = value if as_lines and isinstance(value, list) else [value]
    text = "\n".join(json.dumps(each, ensure_ascii=False) for each in lines)
    path.write_bytes(text.encode("cp1252"))
    groups, errors = imported_file(path)
    assert whole(groups) == [(count, 90_000)]
    assert note in errors
    assert note or "the list" not in errors


@pytest.mark.parametrize(
    ("home", "abroad"),
    [
        ("120000|United States", "2300000|India"),
        ("$120,000|United States", "$60,000|Canada"),
    ],
)
def test_pay_in_no_currency_is_not_that_of_another_country(
    home: str, abroad: str, tmp_path: Path
) -> None:
    rows = [f"Data Engineer|{home}|2024"] * 20 + [f"Data Engineer|{abroad}|2024"]
    headers = "title|salary|country|year"
    groups, errors = imported(tmp_path, headers, *rows)
    assert {(group[0], *group[3:]) for group in groups} == {
        (None, 240, 120_000),
        ("US", 240, 120_000),
    }
    assert "$" in home or "no currency is stated: pay was read as USD\n" in errors
    amount = abroad.partition("|")[0]
    assert (
        "skipped 12: pay whose currency is not stated, in a country with another one, "
        f"such as {amount}. If a header names it, add --map currency=HEADER\n"
    ) in errors
    options = ("--set", "currency=USD")
    groups, _ = imported(tmp_path, headers, *rows, options=options)
    assert whole(groups) == [(252, 120_000)]


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("Bonus currency", "HEADER"),
        ("Local money (currency)", '"Local money (currency)"'),
    ],
)
def test_headers_of_currencies_are_suggested(
    header: str, named: str, tmp_path: Path
) -> None:
    headers = f"title|salary|country|year|{header}"
    rows = ("Data Engineer|90000|US|2024|USD", "Data Engineer|2000000|IN|2024|INR")
    _, errors = imported(tmp_path, headers, *rows)
    assert (
        "no currency is stated: there are records of India and others. Import one "
        "currency at a time, or say which it is: --set currency=USD or --map "
        f"currency={named}."
    ) in errors
    options = ("--map", f"currency={header}")
    groups, _ = imported(tmp_path, headers, *rows, options=options)
    rupees = round(2_000_000 / YEARS["INR"]["2024"])
    assert (90_000 + rupees) / 2 == pytest.approx(whole(groups)[0][1], abs=1)


@pytest.mark.parametrize(
    ("header", "value", "group"),
    [
        ("title", "Engineer, Data", (None, None, None)),
        ("title", "Senior Engineer, Data (Remote)", (None, "senior", None)),
        ("title", "Manager, Data", None),
        ("country", "Niederlande", ("NL", None, None)),
        ("country", "Frankreich", ("FR", None, None)),
        ("country", "Vereinigtes Königreich", ("GB", None, None)),
        ("Where are you located?", "Austin, TX", ("US", None, None)),
        ("Location|job_state", "Newark, DE|DE", ("US", None, None)),
        ("City|Location", "Austin|Paris, France", ("FR", None, None)),
        ("title|experience", "Senior Data Engineer|8-13 Yrs", (None, "senior", None)),
        ("formatted_experience_level", "Mid-Senior level", (None, "senior", None)),
        ("Remote?", "Remote", (None, None, "remote")),
        ("Remote?", "Remote (occasionally)", (None, None, None)),
        ("Remote?", "Temporarily remote", (None, None, None)),
        ("CASE_STATUS", "Certified", (None, None, None)),
        ("CASE_STATUS", "N/A", (None, None, None)),
        ("CASE_STATUS", "Not certified", None),
        ("Offer status", "Not accepted", None),
        ("work_type|formatted_work_type", "FULL_TIME|Full-time", (None, None, None)),
        ("Employment status", "Full-time employee", (None, None, None)),
        ("Employment status", "Part-time employee", None),
        ("min_salary|max_salary", "80000|100000", (None, None, None)),
        ("Answer only if in the same country", "France", (None, None, None)),
    ],
)  # fmt: skip
def test_values_are_read_as_people_write_them(
    header: str, value: str, group: tuple[str | None, ...] | None, tmp_path: Path
) -> None:
    headers, row = (
        f"normalized_salary|currency|year|{header}",
        f"90000|USD|2024|{value}",
    )
    if "title" not in header:
        headers, row = f"title|{headers}", f"Data Engineer|{row}"
    groups, _ = imported(tmp_path, headers, row)
    whole_too = {(None, None, None, 12, 90_000)}
    expected = {(*group, 12, 90_000)} | whole_too if group else set()
    assert {*groups} == expected


def test_a_file_without_any_pay_is_refused(tmp_path: Path) -> None:
    _, errors = imported(tmp_path, "title|year", "Data Engineer|2024")
    assert "no header names the pay. Its headers are: title, year. Name it" in errors
    (tmp_path / "a.json").write_text('[{"a": {"b": 1}}]')
    _, errors = imported_file(tmp_path / "a.json")
    assert "no header names the title and the pay. Its headers are: a.b." in errors


def test_json_is_read_in_the_encoding_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pay.json"
    record = json.dumps({**RECORD, "company": "Café"}, ensure_ascii=False)
    path.write_bytes(f"[{record}]".encode("cp1252"))
    _, errors = imported_file(path, "--encoding", "utf-8")
    assert f"cannot read {path}: not text in UTF-8 or Windows-1252." in errors
