from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from mlroles.queries import relocate
from tests.conftest import TINY, assert_answer, cases, prose, rows, run
from tests.output.parsing import assert_lines_fit

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES = [
    "show", "describe", "duties", "salary", "salary --by experience",
    "salary --by country", "salary --by year", "salary --by seniority", "salary dle",
    "salary machine learning researcher", "salary --real", "compare", "compare --all",
    "compare --sort openings --reverse", "compare --sort average",
    "compare --per hour", "compare ds de seattle austin", "locations --limit 5",
    "locations ds --match texas",
    "locations --level country", "industries ds", "industries --occupation 15-1221",
    "industries swe --detail group --match software", "outlook ds",
    "outlook research scientist", "outlook mlops", "outlook swe --details",
    "outlook --by month", "skills ds", "skills --limit 30",
    "employers ds --limit 10", "employers --by title", "employers swe --match amazon",
    "employers --location 41860 --min-records 10", "employers mlops",
    "locations applied-scientist", "skills swe --match database",
    "offer $150k --experience senior", "offer $150k ds", "faq", "roles",
    "roles --details", "sources", "sources --details", "skills --details --limit 5",
    "salary ds --location austin",
    "salary --location nyc --chart", "salary --location texas",
    "salary mlops --country de", "salary de --location germany --currency EUR",
    "compare --currency EUR --limit 3", "locations ds --sort adjusted --limit 5",
    "offer 172k ds --location austin", "offer 150k-170k --location austin",
    "offer 150k-170k", "offer 95k de --location germany --currency EUR",
    "offer 70k da --location germany --currency EUR",
    "offer 180k mle seattle bonus 15% equity 200k/4y signing 30k",
    "offer 180k mle seattle bonus 15% equity 200k/4y vs 195k austin bonus 10%",
    "relocate 172k ds --from austin --to san-francisco",
    "relocate 60k-70k de --from germany --to poland --currency EUR",
    "relocate 172k ds --from austin --to germany", "relocate 172k --from austin -n 4",
    "relocate 172k ds --from austin --to san-francisco --details",
    "relocate 172k --from austin -n 4 --details",
]  # fmt: skip
# One for each table that hides columns on a terminal of 60 columns.
PAGES_WITH_HIDDEN_COLUMNS = [
    "show", "salary", "salary --by year", "compare", "locations --limit 5",
    "industries ds", "outlook ds", "skills --limit 30", "roles",
    "relocate 172k --from austin -n 4", "relocate 172k --from austin -n 4 --details",
    "offer 180k mle seattle bonus 15% equity 200k/4y vs 195k austin bonus 10%",
]  # fmt: skip
# Pages whose tables must fit even a narrow terminal, such as a phone.
NARROW_PAGES = [
    "compare", "compare --all", "salary", "salary ds", "salary --by experience",
    "salary --by year", "salary --by seniority", "locations -n 3", "roles",
    "locations ds -n 3", "relocate 172k --from austin -n 3",
    "relocate 172k --from austin -n 3 --details",
    "industries", "outlook", "outlook swe", "skills ds", "skills", "employers ds",
    "employers --location 41860",
]  # fmt: skip


def file_name(page: str) -> str:
    return page.replace(" ", "_").replace("$", "").replace("/", "-")


@pytest.mark.compat
@pytest.mark.parametrize("page", PAGES)
def test_page_matches_golden_file(
    page: str, golden: Callable[[str, str], None]
) -> None:
    result = run(*page.split())
    assert result.exit_code == 0
    golden(f"{file_name(page)}.txt", result.stdout)
    assert_lines_fit(result.stdout, 80)


@pytest.mark.parametrize("page", PAGES_WITH_HIDDEN_COLUMNS)
def test_narrow_page_matches_golden_file(
    page: str, golden: Callable[[str, str], None]
) -> None:
    result = run(*page.split(), env={"COLUMNS": "60"})
    golden(f"{file_name(page)}.60.txt", result.stdout)


@pytest.mark.parametrize(
    ("page", "width"),
    [
        *((page, 60) for page in PAGES),
        *((page, 140) for page in PAGES_WITH_HIDDEN_COLUMNS),
    ],
)
def test_lines_fit_the_terminal(page: str, width: int) -> None:
    result = run(*page.split(), env={"COLUMNS": str(width)})
    assert_lines_fit(result.stdout, width)


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


ANSWERS = cases("output/answers.tsv")


@pytest.mark.parametrize(
    ("line", "page", "notes"), ANSWERS, ids=[row[0] for row in ANSWERS]
)
def test_pages_say_what_their_figures_are(line: str, page: str, notes: str) -> None:
    assert_answer(line, page, notes)


def test_prose_is_wrapped_at_88_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    widest = max(map(len, run("describe").stdout.splitlines()))
    assert 80 < widest <= 88


@pytest.mark.parametrize("width", [40, 60, 100])
def test_quartiles_are_hidden_together(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = run("salary").stdout.splitlines()
    (heading,) = [line for line in lines if line.startswith("Other figures ")]
    assert ("25th" in heading) == ("75th" in heading) == (width >= 60)
    assert "Median" in heading


def test_sort_column_is_never_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = run("compare", "--sort", "records").stdout.splitlines()
    (heading,) = [line for line in lines if line.startswith("Role ")]
    assert "Records" in heading


def test_notes_explain_only_shown_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    for width in ("50", "200"):
        monkeypatch.setenv("COLUMNS", width)
        lines = run("locations").stdout.splitlines()
        heading = next(line for line in lines if " Median " in line)
        explained = " Difference: from " in " ".join(lines)
        assert explained == ("Difference" in heading) == (width == "200")
        assert ("Prices:" in " ".join(lines)) == ("Adjusted" in heading)


def test_limit_keeps_columns_that_have_values_in_other_rows() -> None:
    line = ("compare", "--sort", "openings", "--reverse")
    table = run(*line, "mle", "ds", "-n", "1").stdout.split("\n\n")[1]
    heading, _, row, *_ = table.splitlines()
    assert row.startswith("Data Scientist")
    assert "Openings" in heading
    assert "Openings" not in run(*line, "mle").stdout


def test_pages_of_a_role_without_figures(tiny: Any, saved: Any) -> None:
    del tiny["places"]
    path = saved({**tiny, "pay": None})
    assert run("faq", "florist", "--data", path).stdout == "No questions.\n"
    text = run("show", "chief", "--data", path).stdout
    assert "\n\nHead Gardener: no pay figure\n\nSources " in text
    text = run("salary", "chief", "--data", path).stdout
    assert text.startswith("Head Gardener: no pay figure\n\nNo figures are ")
    assert "Questions" not in text
    assert "Other figures" not in text
    bare = run("compare", "florist", "--data", path).stdout
    assert "Median" not in bare
    assert "Records" not in bare


def test_comparison_without_figures_says_so(tiny: Any, saved: Any) -> None:
    tiny["roles"][2]["openings"] = None
    text = run("compare", "chief", "--data", saved(tiny)).stdout
    assert text == "No median pay of Head Gardener\n"


def test_offer_without_pay_records(tiny: Any, saved: Any) -> None:
    path = saved({**tiny, "pay": None})
    result = run("offer", "50k", "chief", "--data", path)
    assert result.exit_code == 0
    assert result.stdout == (
        "€50,000 a year, Head Gardener: no pay figure to rank it in\n"
    )


def test_offer_among_records_without_ranges() -> None:
    text = run("offer", "45000", "gardener", "--details", "--data", str(TINY)).stdout
    *ranked, _ = text.split("\n\n")
    assert ranked == [
        "€45,000 a year, Gardener: mid-range\n"
        "Higher than about 18 of the midpoints of 30 distinct postings, 2024.",
        "Median           €41,000; the offer is €4,000 above it\n"
        "75th percentile  €49,200; the offer is €4,200 below it",
    ]


def test_filings_lead_if_they_are_more_than_thin_postings(
    tiny: Any, saved: Any
) -> None:
    tiny["sources"][0]["kind"] = "filings"
    tiny["countries"]["US"] = "United States"
    figures: dict[str, Any] = dict.fromkeys(("employment", "mean", "p10", "p90"))
    figures |= {
        "role": "florist", "source": "guild", "period": "FY 2024", "occupation": None,
        "records": 20, "p25": 30500, "median": 34500, "p75": 40500,
    }  # fmt: skip
    tiny["national"] = [figures]
    path = saved(tiny)
    first, *_ = run("salary", "florist", "--data", path).stdout.split("\n\n")
    assert " ".join(first.split()) == (
        "Florist, United States: €34,500 a year "
        "Median of 20 H-1B filings (thin: fewer than 30), October 2023 to September "
        "2024. The middle half is €30,500 to €40,500."
    )
    # Postings lead unless there are more filings.
    tiny["national"] = [figures | {"records": 14}]
    first, *_ = run("salary", "florist", "--data", saved(tiny)).stdout.split("\n\n")
    assert first.startswith("Florist, all countries: €35,000 a year\n")


def test_lead_is_not_mistaken_for_another_figure_of_its_kind(
    tiny: Any, saved: Any
) -> None:
    # The newest figure of the kind is an average without quartiles.
    tiny["sources"][0]["kind"] = "advertised"
    text = run("salary", "florist", "--data", saved(tiny)).stdout
    assert " ".join(text.split()).startswith(
        "Florist, all countries: €35,000 a year "
        "Median of 14 distinct postings (thin: fewer than 30), 2023. "
        "The middle half is €24,500 to €42,000. "
    )


@pytest.mark.parametrize("kind", ["official", "index", "records", "filings"])
def test_average_of_any_kind_of_source_has_a_page(
    kind: str, tiny: Any, saved: Any
) -> None:
    tiny["sources"][0]["kind"] = kind
    for data in (tiny, {**tiny, "pay": None}):
        result = run("salary", "florist", "--data", saved(data))
        assert result.exit_code == 0
        assert "€36,000" in result.stdout


def test_years_of_openings_are_in_the_note_if_they_differ(
    tiny: Any, saved: Any
) -> None:
    line = ("compare", "--sort", "openings", "--data")
    assert " Openings 2024 " in run(*line, str(TINY)).stdout
    tiny["roles"][2]["openings"]["updated"] = "2023-06"
    text = run(*line, saved(tiny)).stdout
    assert " Openings " in text
    assert "Openings 20" not in text
    assert " ".join(text.split()).endswith(
        "Source: gardeners' guild, 31 March 2024, Germany; gardeners' guild, June "
        "2023, Germany."
    )


# The lines of a page at 80 columns, at most.
LINES = {
    "salary": 17, "offer 150k": 14, "offer 172k --location austin": 14,
    "compare": 20, "locations": 26, "employers": 26, "industries": 29, "skills": 26,
    "relocate 172k --from austin": 26, "outlook": 24, "show": 60,
}  # fmt: skip


@pytest.mark.parametrize("command", LINES)
def test_pages_are_short(command: str) -> None:
    name, *options = command.split()
    amount = [options.pop(0)] if name in {"offer", "relocate"} else []
    for row in rows("roles"):
        text = run(name, *amount, row["role"], *options).stdout
        assert 0 < len(text.splitlines()) <= LINES[command], row["role"]


@pytest.mark.parametrize(
    "line",
    [
        "salary ds", "salary de --location california", "locations --level state",
        "locations --level metro", "salary ds --by seniority", "relocate 90k --from ca "
        "--to tx", "show", "offer 60k de --location germany",
    ],
)  # fmt: skip
def test_caveats_are_on_no_other_page(line: str) -> None:
    text = prose(*line.split())
    assert "of all roles could be used" not in text
    assert "state one figure" not in text
    assert "Executive:" not in text


def test_pay_of_minimums_is_not_compared_in_per_cent() -> None:
    line = "relocate 60k de --from netherlands --to"
    assert "% lower" not in run(*line.split(), "austria").stdout.split("Median ")[1]
    medians = run(*line.split(), "france").stdout.split("Median ")[1]
    assert "% lower" in medians


def test_parts_of_the_page_of_a_role_are_whole_pages() -> None:
    text = run("show", "dle", "--fields", "describe,skills,duties").stdout
    first = run("describe", "dle").stdout
    assert text.startswith(first)
    # Nothing is known of its technologies.
    assert (
        text
        == f"{first}\nDuties\n------\n\n"
        + (run("duties", "dle").stdout.partition("\n\n")[2])
    )


def test_ranking_of_places_without_price_levels_has_a_title() -> None:
    answer = relocate.relocate(mlroles.load(), 90_000, "swe", from_place="austin")
    rows = [row for row in answer.rows if row["equivalent"] is None]
    text = answer._replace(rows=rows * 2)._repr_markdown_()
    assert text.startswith("$90,000 in Austin, TX: what it is worth elsewhere\n")


def test_thin_places_alone_do_not_pay_most() -> None:
    places = rows("locations", "machine learning scientist")
    assert {row["thin"] for row in places[:3]} == {True}
    assert "Pays most in" not in run("show", "machine learning scientist").stdout
