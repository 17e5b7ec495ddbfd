"""Pay files that were made by hand: many oddities of one kind in one file."""

from __future__ import annotations

import json
from itertools import product
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from mlroles.dataset.load import load
from mlroles.errors import UsageError
from mlroles.extras.importer.columns import rank
from mlroles.extras.importer.places import Countries
from mlroles.extras.importer.reading import Settings
from mlroles.extras.importer.records import group_records
from mlroles.extras.importer.values import (
    Titles,
    find_currencies,
    find_currency,
    find_employment,
    find_part_time,
    find_period,
    find_status,
    find_year,
    parse_pay,
)
from tests.conftest import TINY, run
from tests.importer.records_file import write_csv
from tests.importer.test_own_files import RATES, workbook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from mlroles.extras.importer.records import Grouped

DATA = load().content
HEADERS = ("Job title", "Salary", "Location", "Year")


def read(
    path: Path,
    headers: Sequence[str],
    rows: Sequence[Sequence[object]],
    **settings: Any,
) -> Grouped:
    """Write records to a CSV file, and group them."""
    return group_records(DATA, write_csv(path, rows, headers), Settings(**settings))


def grouped(
    path: Path,
    pays: Sequence[str],
    header: str = "Salary",
    place: str = "",
    **settings: Any,
) -> Grouped:
    """Group ten records of each pay."""
    rows = [("Data Engineer", pay, place, 2025) for pay in pays for _ in range(10)]
    headers = (HEADERS[0], header, *HEADERS[2:])
    return read(path, headers, rows, **settings)


def error(path: Path, *given: Any, **settings: Any) -> str:
    with pytest.raises(UsageError) as raised:
        grouped(path, *given, **settings)
    return "".join(raised.value.messages).removeprefix(f"{path}: ")


def rate(code: str) -> float:
    return float(json.loads(RATES.read_bytes())["years"][code]["2025"])


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Salary (R$)", "BRL"), ("Salary (A$)", "AUD"), ("Salary (S$)", "SGD"),
        ("Salary (NZ$k)", "NZD"), ("Salary (MX$)", "MXN"), ("Salary (HK$)", "HKD"),
        ("Salary (C$)", "CAD"), ("Salary (US$)", "USD"), ("Salary ($)", "$"),
        ("Salary USD ($)", "USD"), ("Salary [EUR]", "EUR"), ("Salary (¥)", "¥"),
        ("Salary (kr)", "kr"), ("Salary (SEK, kr)", "SEK"), ("Jahreslohn (CHF)", "CHF"),
        ("Salary in Canadian dollars", "CAD"), ("CTC (in lakhs)", "INR"),
        ("All salaries", ""),
    ],
)  # fmt: skip
def test_headers_name_currencies(header: str, code: str) -> None:
    assert find_currencies(header) == ({code} if code else set())


def test_values_name_currencies() -> None:
    values = {
        "US Dollar": "USD", "Swiss Francs": "CHF", "usd": "USD", "$": "$", "A$": "AUD",
        "Pound Sterling": "GBP", "Kr": "kr", "Other": None,
    }  # fmt: skip
    assert {text: find_currency(text) for text in values} == values


def test_currency_of_a_header_converts_pay(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for header, pay in [
        ("Salary (R$)", "160,000"),
        ("Salário Mensal (R$)", "14.000,00"),
        ("Salary (BRL, 000s)", "160"),
    ]:
        result = grouped(path, [pay], header, "Brazil")
        expected = {"1": 160_000, "14": 168_000}[pay[:2].rstrip("6")] / rate("BRL")
        assert result.groups[0]["p50"] == round(expected)
        assert not [note for note in result.notes if "no currency" in note]
    # What a cell states comes before its header.
    result = grouped(path, ["€60,000", "$30/hr"], "Annual salary (£)")
    assert [group["p50"] for group in result.groups] == [
        round(median([60_000 / rate("EUR"), 62_400]))
    ]


def test_stated_currency_is_not_overridden(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    usd = {"constants": {"currency": "USD"}}
    assert error(path, ["60000"], "Jahreslohn (CHF)", **usd) == (
        "'Jahreslohn (CHF)' names CHF, not USD. Remove set='currency=USD'."
    )
    assert error(path, ["60000", "£50k", "£60k"], **usd) == (
        "20 of 30 amounts are in GBP, not USD. Remove set='currency=USD'."
    )
    chf = {"constants": {"currency": "CHF"}}
    assert error(path, ["60000"], **chf).startswith(
        "no exchange rate for CHF. Choose from: AUD, BRL, "
    )
    cad = {"constants": {"currency": "CAD"}}
    for header, pay in [("Salary ($)", "60000"), ("Salary", "$60k")]:
        result = grouped(path, [pay], header, "Canada", **cad)
        assert result.groups[0]["p50"] == round(60_000 / rate("CAD"))


def test_amounts_take_the_currency_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    result = grouped(path, ["£60,000", "60000", "£60k"], place="Remote")
    assert result.groups[0]["p50"] == round(60_000 / rate("GBP"))
    note = f"{path}: 10 amounts name no currency: read as GBP, as the others"
    assert note in result.notes
    assert not [each for each in result.notes if "is stated" in each]
    assert error(path, ["£60k", "60k", "61k"]) == (
        "20 amounts name no currency, and others GBP. Say which: "
        "set='currency=GBP' or map='currency=HEADER'."
    )
    assert error(path, ["£60k", "€60k", "61k"]) == (
        "10 amounts name no currency, and others EUR, GBP. Say which: "
        "map='currency=HEADER'."
    )
    result = grouped(path, ["$60k", "60k"])
    assert result.groups[0]["p50"] == 60_000
    assert (
        "no currency is stated in 10 of 20 records: pay was read as USD" in result.notes
    )
    # Of the header, and all that are stated.
    result = grouped(path, ["£60k", "60k"], "Salary (EUR)")
    both = [60_000 / rate("GBP"), 60_000 / rate("EUR")]
    assert result.groups[0]["p50"] == round(median(both))
    assert not [each for each in result.notes if "no currency" in each]
    assert grouped(path, ["£60k", "€60k"]).used == 20


def test_dollars_may_be_of_other_countries(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for header, pay in [("Salary", "$120k"), ("Salary ($)", "120,000")]:
        for place, code in [("Toronto, ON", "CAD"), ("Singapore", "SGD")]:
            name = {"CAD": "Canada", "SGD": "Singapore"}[code]
            assert error(path, [pay], header, place) == (
                "a dollar sign names several currencies: there are records of "
                f"{name}. Say which it is: set='currency={code}' or "
                "set='currency=USD'."
            )
    assert error(path, ["120k"], place="London, UK").endswith(
        "there are records of United Kingdom. Say which it is: set='currency=GBP' or "
        "set='currency=USD'."
    )
    assert error(path, ["120k"], place="Tokyo").endswith(
        "set='currency=CODE' or set='currency=USD'."
    )
    rows = [("Data Engineer", "$90k", place, 2025) for place in ["US"] * 40 + ["AU"]]
    result = read(path, HEADERS, rows)
    assert (result.used, len(result.skipped)) == (40, 1)
    headers = (*HEADERS[:2], "Salary currency", "Year")
    codes = [("Data Engineer", "$90k", code, 2025) for code in ["AUD", "USD", "$"] * 10]
    result = read(path, headers, codes)
    assert (result.used, result.groups[0]["p50"]) == (30, 90_000)
    assert result.groups[0]["p5"] == round(90_000 / rate("AUD"))


def test_currency_column_may_have_the_sign_of_the_header(tmp_path: Path) -> None:
    headers = ("title", "salary in USD", "currency", "year")
    rows = [("Data Engineer", "90000", "$", 2025)] * 10
    result = read(tmp_path / "a.csv", headers, rows)
    assert result.groups[0]["p50"] == 90_000


def test_low_end_counts_alone(tmp_path: Path) -> None:
    headers = ("JOB_TITLE", "PREVAILING_WAGE", "WAGE_RATE_OF_PAY_FROM",
               "WAGE_RATE_OF_PAY_TO", "CASE_STATUS", "YEAR")  # fmt: skip
    pays = [("$100,000.00", ""), ("100000", "140000"), ("from $130k", "0")]
    rows = [
        ("DATA ENGINEER", 1, *pay, status, 2025)
        for pay, status in product(pays, ["Certified", "Withdrawn", "Denied"])
        for _ in range(10)
    ]
    result = read(tmp_path / "a.csv", headers, rows)
    assert result.groups[0]["p50"] == median([100_000, 120_000, 130_000])
    assert result.skipped == [
        "skipped 60: application or offer that was denied, withdrawn or declined, "
        "such as Denied and Withdrawn"
    ]
    assert "only a low end of pay in 20 of 30 records" in result.notes
    assert not any("PREVAILING_WAGE" in note for note in result.notes)
    row = ("Data Engineer", 90_000, 2025)
    path = tmp_path / "a.csv"
    result = read(path, ("title", "Salary from", "year"), [row] * 10)
    assert result.groups[0]["p50"] == 90_000
    assert f"{path}: pay is the low end, 'Salary from'" in result.notes


def test_part_time_is_not_full_time(tmp_path: Path) -> None:
    shares = {
        "1": False, "0.5": True, "100%": False, "80 %": True, "80-100%": False,
        "50": True, "100": False, "0,8": True, "": None, "half": None,
    }  # fmt: skip
    assert {text: find_part_time(text) for text in shares} == shares
    headers = ("title", "pay", "Pensum", "year")
    rows = [("Data Engineer", pay, fte, 2025) for pay, fte in
            [("100k", "100%"), ("50k", "50%")] * 10]  # fmt: skip
    path = tmp_path / "a.csv"
    for employment, p50, skipped in [
        ("FT", 100_000, "FTE 50%"), ("PT", 50_000, "(empty)"), ("all", 75_000, "")
    ]:  # fmt: skip
        result = read(path, headers, rows, employment=(employment,))
        notes = [
            f"skipped 10: other employment type, such as {skipped}. To use others, "
            "add employment='TYPE'"
        ]
        assert result.groups[0]["p50"] == p50
        assert result.skipped == (notes if skipped else [])


def test_pay_is_read_with_what_is_added_to_it() -> None:
    texts = {
        "~127k + bonus": (127_000, False), "$127k base + 15% bonus": (127_000, False),
        "127k base + 40k RSUs": (127_000, False), "127k plus equity": (127_000, False),
        "about 127k base, 15% bonus": (127_000, False), "ab 60.000 €": (60_000, True),
        "from $120,000": (120_000, True), "$120,000+ per year": (120_000, True),
        "$120k - $130k per year + equity": (120_000, False), "£450 p/d": (450, False),
        "£450pd": (450, False), "$95,000—$123,500 USD": (95_000, False),
        "150-170k": (150_000, False), "R$ 10.460,47": (10_460.47, False),
    }  # fmt: skip
    for text, expected in texts.items():
        pay = parse_pay(text)
        assert pay.low is not None, text
        assert (pay.low / 100, pay.is_open) == expected, text
    for text in ["6 figures", "up to $120,000", "100k + 20k", "+ bonus", "100k, 20k"]:
        assert parse_pay(text).low is None, text
    found = {text: parse_pay(text).currency for text in ("¥8m", "8m 円", "9万円")}
    assert found == {"¥8m": "¥", "8m 円": "JPY", "9万円": "JPY"}
    assert parse_pay("9万円").low == 9_000_000
    assert find_period("p/d") == find_period("Day Rate") == "day"


def test_decimal_signs_are_those_of_the_column(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    pays = ["65.000,00 €", "65.000 €", "65.000 - 65.000 EUR"]
    result = grouped(path, pays)
    assert (result.used, result.groups[0]["p95"]) == (30, round(65_000 / rate("EUR")))
    note = f"{path}: points separate thousands, as other amounts have decimal commas"
    assert note in result.notes
    # Both signs.
    assert grouped(path, [*pays, "€65,000.00"]).used == 20
    result = grouped(path, ["120.000 €"])
    assert result.skipped == [
        "skipped 10: ambiguous pay, such as 120.000 €. If points separate thousands "
        "there, add set='decimal=comma'"
    ]
    for decimal, used in [("comma", 10), ("point", 0)]:
        result = grouped(path, ["120.000 €"], constants={"decimal": decimal})
        assert result.used == used


def test_places_are_written_in_many_ways() -> None:
    find = Countries().find
    places: Mapping[str, Sequence[str]] = {
        "US": ["US - Remote", "Remote - US", "Remote (US)", "US-Remote", "Remote USA",
               "Remote - United States", "US - TX - Austin", "US-CA-San Jose", "NYC",
               "SF", "Seattle", "Austin", "Hybrid - Seattle, WA", "Vancouver, WA",
               "Remote in Austin, TX", "Winston-Salem, NC", "Manchester, NH"],
        "GB": ["London", "London, UK", "Remote (UK)", "Leeds", "Greater London"],
        "DE": ["Berlin", "München", "Köln, Deutschland", "Berlin, DE"],
        "CA": ["Toronto, ON", "Vancouver, BC", "London, ON", "Toronto, CA"],
        "AU": ["Perth, WA", "Adelaide, SA", "Sydney, NSW", "Queensland"],
        "BR": ["São Paulo, SP"], "FR": ["Île-de-France"],
    }  # fmt: skip
    for country, names in places.items():
        for name in names:
            assert find(name, prefers_states=True) == country, name
    for name in ["Remote", "Manchester", "Naples", "Springfield Gardens", " - "]:
        assert find(name, prefers_states=True) is None, name


def test_codes_of_regions_are_no_countries(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [("Data Engineer", "US$90k", place, 2025)
            for place in ["São Paulo, SP", "Recife, PE"] * 10]  # fmt: skip
    result = read(path, HEADERS, rows)
    assert {group["country"] for group in result.groups} == {None, "BR"}
    note = "unknown country in 10 records, not broken down by it: Recife, PE"
    assert note in result.notes


@pytest.mark.parametrize(
    ("states", "countries"),
    [
        ("WA SA NT NSW n/a", {"AU", None}),
        # SA is no state of the US, nor a province of Canada.
        ("WA SA", {"AU"}),
        ("VIC Victoria TAS", {"AU"}),
        ("ON SK PE NT", {"CA"}),
        ("WA TX", {"US"}),
        ("NSW TX", {"AU", "US"}),
        # SP is of neither.
        ("SP PE", {None}),
        # WA of Australia or of the US; NT of Australia or Canada.
        ("WA NSW TX", {"AU", "US", None}),
        ("NT NSW ON", {"AU", "CA", None}),
    ],
)
def test_states_tell_the_country(
    tmp_path: Path, states: str, countries: set[str | None]
) -> None:
    rows = [("Data Engineer", "90k USD", state, 2025) for state in states.split()]
    headers = ("Position", "Base Rate", "Prov.", "As of")
    result = read(tmp_path / "a.csv", headers, rows)
    assert {country or None for _, _, country, _ in result.counts} == countries


def test_states_without_a_currency_are_refused(tmp_path: Path) -> None:
    rows = [("Data Engineer", 90_000, state, 2025) for state in ["WA", "NSW"] * 10]
    with pytest.raises(UsageError, match=r"records of Australia.*'currency=AUD'"):
        read(tmp_path / "a.csv", ("title", "pay", "state", "year"), rows)


def test_given_currency_does_not_override_a_column(tmp_path: Path) -> None:
    headers = ("title", "Salary", "year", "Ccy")

    def used(codes: Sequence[str], given: str) -> int:
        rows = [("Data Engineer", 90_000, 2025, code) for code in codes]
        constants = {"currency": given}
        return read(tmp_path / "a.csv", headers, rows, constants=constants).used

    with pytest.raises(UsageError, match="'Ccy' has CHF, not EUR"):
        used(["CHF", "EUR", ""] * 10, "EUR")
    assert used(["EUR", "", "?"] * 10 + ["CHF"], "EUR") == 31
    headers = ("title", "Salary", "year", "Town")
    assert used(["CHF"] * 10, "EUR") == 10


def test_words_of_several_languages(tmp_path: Path) -> None:
    periods = {
        "PLN brutto/mies.": "month", "miesięcznie": "month", "brut mensuel": "month",
        "mensuelle": "month", "/mth": "month", "par mois": "month", "rocznie": "year",
        "k€ brut annuel": "year", "Annual": "year", "za godz.": "hour",
    }  # fmt: skip
    assert {text: find_period(text) for text in periods} == periods
    pays = {
        "48 à 54": (48, 54, None), "12 000 zł / mies.": (12_000, 12_000, "month"),
        "de 3 000 à 4 000 € par mois": (3_000, 4_000, "month"),
        "od 20 tys. do 25 tys. zł": (20_000, 25_000, None),
        "8k/mth": (8_000, 8_000, "month"), "12 000 zł netto": (None, None, None),
    }  # fmt: skip
    for text, (low, high, period) in pays.items():
        pay = parse_pay(text)
        found = (pay.low and pay.low // 100, pay.high and pay.high // 100, pay.period)
        assert found == (low, high, period), text
    kinds = {
        "Employed, full-time": "FT", "Permanent, full-time": "FT", "Temps plein": "FT",
        "CDI": "FT", "UoP": "FT", "F": "FT", "P": "PT", "Part-time, permanent": "PT",
        "Term": "CT", "CDD": "CT", "Alternance": "IN", "Plumber": "PLUMBER",
    }  # fmt: skip
    assert {text: find_employment(text) for text in kinds} == kinds
    statuses = {
        "Draft": "refused", "Offer rescinded": "refused", "Declined": "refused",
        "Revoked": "refused", "Expired": "refused", "Certified - Expired": "current",
        "Accepted": "current", "Pending": None, "Don't know": None, "N/A": "current",
        "T": "former",
    }  # fmt: skip
    assert {text: find_status(text) for text in statuses} == statuses
    path = tmp_path / "a.csv"
    for headers, row, country, amount in [
        (("Intitulé du poste", "Rémunération (k€ brut annuel)", "Pays", "Année"),
         ("Data Engineer", "56 à 60", "France", 2025), "FR", 58_000 / rate("EUR")),
        (("Stanowisko", "Wynagrodzenie (PLN brutto/mies.)", "Miasto", "Rok"),
         ("Data Engineer", "20 000", "Kraków", 2025), "PL", 240_000 / rate("PLN")),
    ]:  # fmt: skip
        result = read(path, headers, [row] * 10)
        assert result.groups[0]["p50"] == round(amount)
        assert [group["country"] for group in result.groups] == [None, country]


def test_start_dates_are_the_years_of_offers_only(tmp_path: Path) -> None:
    headers = ["Posting Title", "Pay (USD)", "Start Date", "Offer Status"]
    rows = [("Data Engineer", "90k", "2024-02-03", "Accepted")] * 10
    path = tmp_path / "a.csv"
    result = read(path, headers, rows)
    assert result.groups[0]["year"] == 2024
    headers[3] = "Notes"
    result = read(path, headers, rows)
    assert result.groups[0]["year"] is None


def test_normalized_pay_is_of_a_year(tmp_path: Path) -> None:
    headers = ("title", "normalized_salary", "pay_period", "year")
    rows = [("Data Engineer", "90k USD", "MONTHLY", 2025)] * 10
    path = tmp_path / "a.csv"
    result = read(path, headers, rows)
    assert result.groups[0]["p50"] == 90_000
    assert f"{path}: not used: 'pay_period'" in result.notes
    result = read(path, headers, rows, mapped={"period": "pay_period"})
    assert result.groups[0]["p50"] == 1_080_000
    headers = ("title", "Salary", "Rate Type", "year")
    result = read(tmp_path / "a.csv", headers, rows)
    assert result.groups[0]["p50"] == 1_080_000


def test_medians_are_compared_in_their_country(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"

    def noted(*given: Any, **settings: Any) -> bool:
        notes = grouped(path, *given, **settings).notes
        return any("in the data set. Is it per month" in note for note in notes)

    assert not noted(["₹24,00,000"], place="India")
    assert noted(["€6,000"], place="Germany")
    assert not noted(["14000"], "Monthly salary (BRL)")
    assert noted(["14000"], "Salary (BRL)")
    # Most records have no country.
    rows = [
        ("Data Engineer", "10,000", place, 2025) for place in ["US"] * 10 + [""] * 30
    ]
    result = read(path, HEADERS, rows)
    assert "142,500 in the data set" in result.notes[-1]


JOBS = [
    {
        "id": at,
        "attributes": {"title": "Data Engineer", "team": None, "a/b": {"c~'d": 1}},
        "locations": [{"country": "US"}, {"country": "DE"}],
        "compensation": {"min": 100_000 + at, "max": 120_000 + at, "currency": "USD"},
        "bonus": {"amount": 5_000},
        "tags": ["x"],
        "published_at": "2025-01-01",
    }
    for at in range(12)
]


def test_nested_values_have_dotted_names(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    found = []
    for text in (
        "\n".join(map(json.dumps, JOBS)),
        json.dumps(JOBS),
        json.dumps({"jobs": JOBS}),
    ):
        path.write_text(text, encoding="utf-8")
        result = group_records(DATA, str(path), Settings())
        found.append(result.groups)
        columns = result.files[0].columns
        named = {name: columns.headers[at] for name, at in columns.found.items()}
        assert named == {
            "title": "attributes.title", "low": "compensation.min",
            "high": "compensation.max", "year": "published_at",
            "country": "locations.0.country", "currency": "compensation.currency",
        }  # fmt: skip
    assert found[0] == found[1] == found[2]
    assert found[0][0]["p50"] == 110_006
    mapped = {"title": "attributes.title", "pay": "bonus.amount"}
    result = group_records(DATA, str(path), Settings(mapped=mapped))
    assert result.groups[0]["p50"] == 5_000
    assert rank("pay", "bonus.amount") is None
    assert rank("pay", "attributes.salary") == 6


def test_header_is_the_row_with_the_names_of_the_user(tmp_path: Path) -> None:
    row: list[object] = ["Data Engineer", 90_000, 2025]
    sheet: list[list[Any]] = [
        ["Pay", None, None],
        ["Run 2025"],
        ["What", "How much", "Year"],
        *[row] * 10,
    ]
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook({"2024": sheet, "2025": [*sheet, row]}))
    mapped = {"title": "What", "pay": "How much"}
    result = group_records(DATA, str(path), Settings(mapped=mapped))
    assert result.used == 10
    note = f"{path}: read sheet '2024', not '2025': the option sheet names another"
    assert note in result.notes
    result = group_records(DATA, str(path), Settings(mapped=mapped, sheet="2025"))
    assert result.used == 11
    assert not [note for note in result.notes if "sheet" in note]
    with pytest.raises(UsageError, match=r"no sheet '2026' in .*: '2024', '2025'"):
        group_records(DATA, str(path), Settings(sheet="2026"))


def test_all_missing_headers_are_reported(tmp_path: Path) -> None:
    path = str(tmp_path / "a.csv")
    with pytest.raises(UsageError) as raised:
        read(tmp_path / "a.csv", "ab", [("x", "y")], mapped={"title": "c", "pay": "d"})
    assert raised.value.messages == (
        f"{path} has no header 'c' and no header 'd'. Its headers are: a, b.",
    )
    result = run("import", path, "-o", "-", "--data", str(TINY))
    assert result.stderr.endswith("Name them: --map title=HEADER --map pay=HEADER.\n")


def test_implausible_amounts_are_named_with_options(tmp_path: Path) -> None:
    result = grouped(tmp_path / "a.csv", ["90000", "$19.88"])
    assert result.skipped == [
        "skipped 10: impossible pay, such as $19.88. If it is not of a year or in "
        "thousands, add map='period=HEADER', set='period=hour' or "
        "set='unit=thousands'"
    ]
    for header in ("Salary USD (000s)", "Salary ('000)", "Salary ($000)"):
        assert grouped(tmp_path / "a.csv", ["160"], header).groups[0]["p50"] == 160_000


def test_years_and_titles_are_abbreviated() -> None:
    years = {"FY24": 2024, "FY 24": 2024, "FY24/25": 2024, "FY2024": 2024, "24": None}
    assert {text: find_year(text) for text in years} == years
    titles = Titles({"ds": "data-scientist", "de": "data-engineer"}, {})
    found = {
        "DS II - Growth": "data-scientist", "DE III | Search": "data-engineer",
        "Senior DS (Ads)": "data-scientist", "DE - Growth": None, "Growth - DE": None,
    }  # fmt: skip
    assert {title: titles.find(title)[0] for title in found} == found


def test_dry_run_tells_records_of_the_newest_year(tmp_path: Path) -> None:
    rows = [("Data Engineer", 90_000, "", year) for year in [2024] * 30 + [2025] * 12]
    path = write_csv(tmp_path / "a.csv", rows, HEADERS)
    lines = [
        line.split() for line in run("import", path, "--dry-run").stdout.split("\n")
    ]
    assert ["data-engineer", "42", "2025", "12", "90,000", "142,500"] in lines


def test_dry_run_writes_options_as_the_import_does(tmp_path: Path) -> None:
    rows = [("Data Engineer", "90k", kind) for kind in ["Full-time"] * 10 + ["Stage"]]
    headers = ("title", "Pay (EUR)", "Commitment")
    path = write_csv(tmp_path / "a.csv", rows, headers)
    found = [run("import", path, *end) for end in (["--dry-run"], ["-o", "-"])]
    for text in (found[0].stdout, found[1].stderr):
        assert "such as 90k\n" in text
        assert "(to give it, add --set year=2025)" in text
        assert "such as Stage. To use others, add --employment TYPE\n" in text


def test_day_rates_of_a_city_are_converted(tmp_path: Path) -> None:
    result = grouped(tmp_path / "a.csv", ["£430"], "Day Rate", "Leeds")
    assert [group["country"] for group in result.groups] == [None, "GB"]
    assert result.groups[0]["p50"] == round(430 * 260 / rate("GBP"))


def test_a_column_without_years_is_not_one_of_dates(tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    rows = [("Data Engineer", f"{90 + n}k USD", f"{n} days ago") for n in range(10)]
    result = read(path, ("Title", "Pay", "Posted"), rows)
    assert result.summary == "10 records read, 10 used, 0 skipped"
    assert f"{path}: no year was found under 'Posted'" in result.notes
    assert any("the date of the pay is unknown" in note for note in result.notes)
    assert {group["year"] for group in result.groups} == {None}


def test_roles_with_too_few_records_are_named(tmp_path: Path) -> None:
    rows = [("Data Engineer", 120_000, "", 2024)] * 12
    rows += [("Data Analyst", 90_000, "", 2024)] * 9
    note = "fewer than 10 records of one year, so no pay: data-analyst (9)"
    assert note in read(tmp_path / "a.csv", HEADERS, rows).notes
