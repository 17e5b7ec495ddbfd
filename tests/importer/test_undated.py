"""Pay files without a year."""

from __future__ import annotations

import json
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from mlroles.dataset.validate import validation_errors
from tests.conftest import changed, rows, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SENIOR = [140_000 + 900 * n for n in range(12)]
PAY = [120_000 + 950 * n for n in range(31)]


def write(path: Path, pay: dict[str, list[int]], *more: str) -> str:
    """Write a file with no more than titles and pay."""
    header = ["title", "salary", *(each.partition("=")[0] for each in more)]
    rest = [each.partition("=")[2] for each in more]
    lines = [[title, str(each), *rest] for title in pay for each in pay[title]]
    path.write_text("\n".join(map(",".join, [header, *lines])), encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A data set of a file without years, and of one with a year."""
    folder = tmp_path_factory.mktemp("undated")
    undated = {"Data Scientist": PAY, "Senior Data Engineer": SENIOR}
    files = [
        write(folder / "undated.csv", undated, "country=DE"),
        write(folder / "dated.csv", {"Data Engineer": PAY}, "country=DE", "year=2024"),
    ]
    data = str(folder / "mine.json")
    result = run("import", *files, "--set", "currency=USD", "-o", data)
    assert result.exit_code == 0
    assert result.stderr.endswith(
        f"note: {files[0]}: no year: the date of the pay is unknown. To give it, add "
        f"--set year=2025\nnote: wrote {data}: pay of 2 roles, replacing aijobs.net "
        "salary index\n"
    )
    return data


def text(*line: str) -> str:
    return " ".join(run(*line).stdout.split())


def test_date_is_unknown(mine: str) -> None:
    row = rows("salary", "ds", "--data", mine)
    assert (row["year"], row["period_covered"], row["updated"]) == (None, None, "2024")
    assert (row["records"], row["median"]) == (31, median(PAY))
    page = text("salary", "ds", "--data", mine)
    assert " Median of 31 records, date unknown. " in page
    # The file with a year keeps it, and it comes first.
    assert rows("salary", "de", "--data", mine)["year"] == 2024
    senior = ["salary", "de", "--experience", "senior", "--data", mine]
    assert rows(*senior)["median"] == median(SENIOR)
    assert (
        "note: fewer than 10 records of Data Engineer for 2024, Germany, senior; "
        in (run(*senior).stderr)
    )
    breakdown = text("salary", "ds", "--by", "country", "--data", mine)
    assert "Pay records, date unknown. " in breakdown
    by_year = rows("salary", "de", "--by", "year", "--data", mine)
    assert [each["year"] for each in by_year] == [2024]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("offer 150k ds", " of 31 records, date unknown. "),
        ("salary de --by experience", "Pay records, date unknown, Germany. "),
        ("compare ds --market", "Yours: imported pay records, date unknown. "),
        ("locations ds --level country", "Median of 31 records, date unknown. "),
        ("salary ds --chart", " Figure Median date unknown $134,250 "),
        ("salary ds germany austin", " Pay records, date unknown; official wages, "),
        ("salary ds in austin", " Pay records, Germany, date unknown (31) "),
        ("salary ds germany", "Data Scientist, Germany: $134,250 a year"),
        ("relocate 150k ds --from us --to germany", "pay records, date unknown."),
        ("show ds", " Median of 31 records, date unknown. "),
        ("compare de ds", " 2024"),
        ("salary ds --year 2023", "no "),
    ],
)
def test_pages_say_so(line: str, shown: str, mine: str) -> None:
    assert shown in text(*line.split(), "--data", mine)


def test_amounts_without_a_year_are_not_converted(mine: str) -> None:
    result = run("salary", "ds", "--currency", "EUR", "--data", mine)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "error: --currency needs the year of each figure, and pay records of this data "
        "set have none. Import them with --set year=2025.\n"
    )
    # Those with a year are.
    assert (
        rows("salary", "de", "--currency", "EUR", "--data", mine)["rate_year"] == 2024
    )


def test_records_in_another_currency_need_a_year(tmp_path: Path) -> None:
    file = write(tmp_path / "pay.csv", {"Data Scientist": PAY})
    line = ["import", file, "--set", "currency=EUR", "-o", str(tmp_path / "mine.json")]
    result = run(*line)
    assert result.exit_code == 1
    assert result.stderr.endswith(
        "error: skipped 31: pay in another currency, and no year of its exchange rate "
        "(to give it, add --set year=2025), such as 120000 and 120950\n"
    )
    assert run(*line, "--set", "year=2025").exit_code == 0


def test_dry_run_and_source_without_any_year(tmp_path: Path) -> None:
    file = write(
        tmp_path / "pay.csv", {"Data Scientist": [9_000 + n for n in range(10)]}
    )
    line = ["import", file, "--set", "currency=USD", "--set", "country=US"]
    shown = run(*line, "--dry-run")
    assert "year     records\nunknown  10\n" in shown.stdout
    assert "note: data-scientist: the median is 9,005, and" in shown.stderr
    data = tmp_path / "mine.json"
    assert run(*line, "-o", str(data)).exit_code == 0
    (source,) = (
        each
        for each in json.loads(data.read_text(encoding="utf-8"))["sources"]
        if each["id"] == "imported-records"
    )
    assert source["updated"] is None
    assert rows("salary", "ds", "--data", str(data))["updated"] is None
    details = text("salary", "ds", "--details", "--data", str(data))
    assert "imported pay records, date unknown" in details
    real = run("salary", "ds", "--real", "--data", str(data))
    assert real.stderr.startswith("error: --real needs the year of each figure, and ")
    # Such a data set can be imported into, too.
    again = run(*line, "--data", str(data), "-o", str(data))
    assert again.exit_code == 0
    assert "the median is" not in again.stderr


def test_only_pay_records_may_have_no_date(
    tiny: Any, saved: Callable[[Any], str]
) -> None:
    wrong = changed(tiny, "sources", 0, "updated", value=None)
    assert validation_errors(wrong) == [
        "sources[0].updated: may be null for pay records only"
    ]
    own = changed(tiny, "sources", 0, "kind", value="records")
    own["sources"][0]["updated"] = None
    assert validation_errors(own) == []
    seniority = {
        "role": "gardener", "source": "guild", "seniority": "base", "records": 40,
        "p25": 30_000, "median": 40_000, "p75": 50_000,
    }  # fmt: skip
    data = saved({**own, "seniority": [seniority]})
    (row,) = rows("salary", "--by", "seniority", "--data", data)
    assert (row["year"], row["median"]) == (None, 40_000)
