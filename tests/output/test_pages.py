from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import TINY, run

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES = [
    "show", "describe", "duties", "salary", "salary --by experience",
    "salary --by country", "salary dle", "compare", "compare --sort openings --reverse",
    "compare --per hour", "locations --limit 5", "locations ds --match texas",
    "locations --level country", "offer $150k --experience senior", "faq", "roles",
    "sources",
]  # fmt: skip
# Pages whose tables must fit even a narrow terminal, such as a phone.
NARROW_PAGES = ["compare", "salary --by experience", "locations -n 3", "roles"]


@pytest.mark.parametrize("width", [60, 80, 140])
@pytest.mark.parametrize("page", PAGES)
def test_page_matches_golden_file(
    page: str,
    width: int,
    golden: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    result = run(*page.split())
    assert result.exit_code == 0
    name = page.replace(" ", "_").replace("$", "")
    golden(f"{name}.{width}.txt", result.stdout)


@pytest.mark.parametrize("width", [60, 80, 140])
@pytest.mark.parametrize("page", PAGES)
def test_lines_fit_the_terminal(
    page: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = run(*page.split()).stdout.splitlines()
    assert max(map(len, lines)) <= width
    assert not any(line.endswith(" ") for line in lines)


@pytest.mark.parametrize("page", NARROW_PAGES)
def test_tables_fit_40_columns_with_whole_numbers(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    wide = run(*page.split()).stdout
    monkeypatch.setenv("COLUMNS", "40")
    narrow = run(*page.split()).stdout
    assert max(map(len, narrow.splitlines())) <= 40
    # A number that was split would appear as two shorter ones.
    number = re.compile(r"(?<![\w-])[+-]?\$?\d[\d,.]*\d")
    assert set(number.findall(narrow)) <= set(number.findall(wide))


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_ascii_on_an_ascii_terminal(page: str) -> None:
    result = run(*page.split(), charset="ascii")
    assert result.exit_code == 0
    assert result.stdout.isascii()
    # Characters that cannot be encoded would be written as question marks.
    assert "?" not in result.stdout.replace("?\n", "\n").replace("? ", " ")


def test_prose_is_wrapped_at_88_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    widest = max(map(len, run("describe").stdout.splitlines()))
    assert 80 < widest <= 88


@pytest.mark.parametrize("columns", ["0", "1", "20", "10000", "nonsense", "-5", ""])
def test_any_value_of_columns_is_accepted(
    columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    for page in ("show", "compare", "locations", "roles", "sources"):
        assert run(page).exit_code == 0


def test_hidden_columns_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = run("compare").stdout.splitlines()
    assert "Hidden columns (terminal too narrow): Difference, Records." in lines
    assert "Hidden columns" not in run("compare", "-f", "markdown").stdout
    monkeypatch.setenv("COLUMNS", "80")
    assert "Hidden columns" not in run("compare").stdout


def test_sort_column_is_never_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert "Records" in run("compare", "--sort", "records").stdout.splitlines()[0]


@pytest.mark.parametrize("command", ["compare", "locations"])
def test_notes_explain_only_shown_columns(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for width in ("60", "200"):
        monkeypatch.setenv("COLUMNS", width)
        lines = run(command).stdout.splitlines()
        heading = next(line for line in lines if "Median" in line)
        explained = " Difference: relative to " in " ".join(lines)
        assert explained == ("Difference" in heading) == (width == "200")


def test_default_role_is_explained_where_it_is_marked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = run("roles").stdout
    assert "  Machine Learning Engineer *  " in text
    assert text.endswith("\n\nDefault role: Machine Learning Engineer (*).\n")
    monkeypatch.setenv("COLUMNS", "40")
    narrow = run("roles").stdout
    assert "*" not in narrow
    assert narrow.endswith("Hidden columns (terminal too narrow):\nRole.\n")


def test_footnote_mark_needs_its_row() -> None:
    whole = run("compare", "ds", "mle").stdout
    assert "\nData Scientist *  " in whole
    assert "Difference: relative to Data Scientist (*). " in " ".join(whole.split())
    first = run("compare", "ds", "mle", "--limit", "1").stdout
    assert "*" not in first
    assert "Difference: relative to Data Scientist. " in " ".join(first.split())


def test_limit_keeps_columns_that_have_values_in_other_rows() -> None:
    heading, _, row, *_ = run("compare", "ds", "mle", "-n", "1").stdout.splitlines()
    assert heading.split()[:2] == ["Role", "Openings"]
    start = heading.index("Openings")
    assert row[start : start + len("Openings")].strip() == "\N{EN DASH}"
    alone = run("compare", "mle").stdout.splitlines()[0]
    assert "Openings" not in alone


def test_unit_is_stated_without_averages() -> None:
    roles = ["research-scientist", "applied-scientist", "--per", "hour"]
    text = run("compare", *roles).stdout
    assert "\n\nUSD an hour. Median and records: 2025, United States. Source: " in text
    # Records have no unit.
    chart = run("compare", *roles, "--sort", "records", "--chart").stdout
    assert "\n\nRecords: 2025, United States. Source: " in chart
    assert "USD" not in chart
    pay = run("salary", "research-scientist", "--per", "hour").stdout
    assert pay.endswith("\n\nUSD an hour.\n")
    assert "USD" not in run("salary", "--per", "hour").stdout


def test_amounts_in_another_currency() -> None:
    text = run("compare", "--data", str(TINY)).stdout
    assert "EUR 41,000" in text
    assert "$" not in text


def test_pages_of_a_role_without_figures(tiny: Any, saved: Any) -> None:
    path = saved({**tiny, "survey": None, "places": None})
    assert run("faq", "florist", "--data", path).stdout == "No questions.\n"
    text = run("show", "chief", "--data", path).stdout
    assert "Head Gardener: no source gives an average salary" in text
    assert "No questions." in text
    assert "Pay distribution" not in text
    bare = run("compare", "florist", "--data", path).stdout
    assert "Median" not in bare
    assert "Records" not in bare


def test_comparison_without_figures_is_a_list_of_titles(tiny: Any, saved: Any) -> None:
    tiny["roles"][2]["openings"] = None
    text = run("compare", "chief", "--data", saved(tiny)).stdout
    assert text.splitlines()[0] == "Role"
    assert "Average" not in text


def test_offer_without_pay_records(tiny: Any, saved: Any) -> None:
    path = saved({**tiny, "survey": None})
    result = run("offer", "50k", "chief", "--data", path)
    assert result.exit_code == 0
    assert result.stdout == "EUR 50,000 a year: too few records of Head Gardener\n"


@pytest.mark.parametrize(
    ("amount", "rank"),
    [("10k", "below the 5th percentile"), ("900k", "above the 95th percentile")],
)
def test_offer_outside_the_percentiles(amount: str, rank: str) -> None:
    text = run("offer", amount).stdout
    assert text.startswith(f"${amount.replace('k', ',000')} a year: {rank}\n")


def test_offer_equal_to_the_median() -> None:
    text = run("offer", "195000").stdout
    assert text.startswith("$195,000 a year: percentile 50\n")
    assert text.endswith("\nequal to the median of $195,000\n")


def test_filters_put_the_distribution_first() -> None:
    usual = run("salary").stdout
    assert usual.startswith("$110,673 a year\n")
    assert "\n\nPay distribution, 2025, United States: " in usual
    filtered = run("salary", "--experience", "senior").stdout
    first, _, rest = filtered.partition("\n\n")
    assert "distribution, 2025, United States, senior: 2,018 records" in (
        " ".join(first.split())
    )
    assert rest.endswith(usual.partition("\n\n")[0] + "\n")


def test_occupation_is_explained_as_a_proxy(tiny: Any, saved: Any) -> None:
    text = run("locations", "gardener", "--data", saved(tiny)).stdout
    assert (
        "The figures are those of an official occupation, Grounds Keepers (37-3011), "
        "which is wider than the role and used as a proxy for it."
    ) in " ".join(text.split())
