"""The figure that `salary` leads with, and what each source reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import TINY, rows, run

if TYPE_CHECKING:
    from collections.abc import Callable

ADVERTISED = (
    "advertised",
    "2025",
    843,
    {"mean": 204463, "p10": 135974, "p25": 162675, "median": 199000}
    | {"p75": 234629, "p90": 275000},
)
FILINGS = (
    "filings",
    "FY 2025",
    2448,
    {"p25": 148500, "median": 185364, "p75": 225716},
)
JOB_SITE = ("job-site", "2022-08", 811, {"mean": 110673})
AMOUNTS = ("mean", "p10", "p25", "median", "p75", "p90")


def figures(row: Any) -> tuple[Any, ...]:
    """Return the kind, period, records and known amounts of an evidence row."""
    known = {key: row[key] for key in AMOUNTS if row[key] is not None}
    return (row["kind"], row["period_covered"], row["records"], known)


def kinds(row: Any) -> list[str]:
    return [each["kind"] for each in row["evidence"]]


def test_machine_learning_engineer_in_2025() -> None:
    row = rows("salary")
    assert row["lead"] == {
        "amount": 199000,
        "statistic": "median",
        "kind": "advertised",
        "year": 2025,
        "records": 843,
        "thin": False,
    }
    assert [figures(each) for each in row["evidence"][:3]] == [
        ADVERTISED,
        FILINGS,
        JOB_SITE,
    ]
    pay = row["distribution"]
    assert {key: pay[key] for key in AMOUNTS} == ADVERTISED[3]
    assert (pay["low"], pay["high"]) == (158000, 237000)
    assert (pay["year"], pay["country"], pay["records"]) == (2025, "US", 843)


def test_page_starts_with_the_leading_figure() -> None:
    lines = run("salary").stdout.splitlines()
    assert lines[0].startswith("$199,000 a year")
    assert "843 distinct postings" in lines[1]
    text = " ".join(lines)
    assert "Middle half: $162,675 to $234,629." in text
    range_ = "Typical advertised range (median low end to median high end)"
    assert f"{range_}: $158,000 to $237,000." in " ".join(text.split())


# The postings of 2025 in the United States, their median, and whether it is thin.
LEADS = {
    "data-scientist": (1907, 155000, False),
    "software-engineer": (2106, 183833, False),
    "data-engineer": (1881, 150000, False),
    "computer-vision-engineer": (30, 178938, False),
    "machine-learning-researcher": (14, 203075, True),
}


@pytest.mark.parametrize("role", LEADS)
def test_advertised_pay_leads(role: str) -> None:
    records, median, thin = LEADS[role]
    row = rows("salary", role)
    assert row["lead"] == {
        "amount": median,
        "statistic": "median",
        "kind": "advertised",
        "year": 2025,
        "records": records,
        "thin": thin,
    }
    assert row["distribution"]["median"] == median
    page = run("salary", role).stdout
    assert page.startswith(f"${median:,} a year")
    assert ("(thin: fewer than 30)" in " ".join(page.split())) is thin


@pytest.mark.parametrize(
    ("options", "records", "median"),
    [
        (["--experience", "senior"], 576, 206250),
        (["--year", "2024"], 953, 192200),
        (["--year", "2025", "--country", "United States"], 843, 199000),
    ],
)
def test_filtered_pay_leads(options: list[str], records: int, median: int) -> None:
    lead = rows("salary", "mle", *options)["lead"]
    assert (lead["records"], lead["amount"]) == (records, median)


@pytest.mark.parametrize("role", ["deep learning engineer", "nlp engineer"])
def test_roles_with_neither_pay_nor_filings_have_no_lead(role: str) -> None:
    row = rows("salary", role)
    assert (row["lead"], row["distribution"]) == (None, None)
    assert row["evidence"]
    page = run("salary", role).stdout
    assert page.startswith("No current pay figure for ")


def test_every_role_has_a_lead_unless_no_source_gives_its_pay() -> None:
    leads = {row["role"]: rows("salary", row["role"])["lead"] for row in rows("roles")}
    without = {role for role, lead in leads.items() if lead is None}
    assert without == {"deep-learning-engineer", "nlp-engineer"}
    known = {lead["kind"] for lead in leads.values() if lead}
    assert known == {"advertised"}


OCCUPATIONS = {
    "machine learning engineer": ["15-1221", "15-2051"],
    "data scientist": ["15-2051"],
    "software engineer": ["15-1252"],
    "data engineer": ["15-1243", "15-2051"],
    "nlp engineer": ["15-1221"],
    "deep learning engineer": [],
    "mlops engineer": [],
    "computer vision engineer": [],
}


@pytest.mark.parametrize("role", OCCUPATIONS)
def test_occupations_are_those_that_list_the_title(role: str) -> None:
    evidence = rows("salary", role)["evidence"]
    related = [row for row in evidence if row["occupation"]]
    codes = [row["occupation"].rpartition("(")[2].rstrip(")") for row in related]
    assert codes == OCCUPATIONS[role]
    # They come after what sources report about the role itself.
    assert evidence[len(evidence) - len(related) :] == related
    assert {row["kind"] for row in related} <= {"official"}
    assert "official" not in {row["kind"] for row in evidence if not row["occupation"]}


def test_official_occupation_of_data_scientist() -> None:
    (row,) = [row for row in rows("salary", "ds")["evidence"] if row["occupation"]]
    assert row == {
        "source": "oews-may-2025",
        "kind": "official",
        "region": "US",
        "period_covered": "2025-05",
        "records": None,
        "employment": 262440,
        "mean": 126800,
        "p10": 67240,
        "p25": 85660,
        "median": 120230,
        "p75": 158880,
        "p90": 199130,
        "occupation": "Data Scientists (15-2051)",
        "updated": "2025-05",
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["advertised", "filings", "job-site", "official", "official"]),
        (
            ["--country", "us"],
            ["advertised", "filings", "job-site", "official", "official"],
        ),
        (["--year", "2025"], ["advertised", "filings", "official", "official"]),
        (["--year", "2022"], ["advertised", "job-site"]),
        (["--year", "1999"], []),
        (["--country", "de"], []),
        (["--country", "uk"], ["advertised"]),
        (["--country", "all"], ["advertised"]),
        (["--experience", "senior"], ["advertised"]),
        (["--work-mode", "remote"], ["advertised"]),
    ],
    ids=" ".join,
)
def test_filters_exclude_figures_that_they_cannot_apply_to(
    options: list[str], expected: list[str]
) -> None:
    row = rows("salary", "mle", *options)
    assert kinds(row) == expected
    has_average = "job-site" in expected
    for key in ("average_salary", "region", "reports", "updated", "source"):
        assert (row[key] is not None) is has_average
    assert (row["lead"] is not None) is bool(expected)


@pytest.mark.parametrize("option", ["--country=de", "--year=1999"])
def test_no_figure_of_another_year_or_country_is_shown(option: str) -> None:
    result = run("salary", option)
    assert result.exit_code == 0
    page, _, closest = result.stdout.partition("The closest figures:")
    assert "$" not in page
    assert "$" in closest
    assert page.startswith("No current pay figure for Machine Learning Engineer")
    assert result.stderr.startswith(
        "note: fewer than 10 records of Machine Learning Engineer for "
    )


def national(role: str, records: int | None, median: int, **others: Any) -> Any:
    """Return what another source reports, from the H-1B filings by default."""
    percentiles = dict.fromkeys(("mean", "p10", "p25", "p75", "p90"))
    return {
        "role": role,
        "source": "visas",
        "period": "FY 2025",
        "occupation": None,
        "records": records,
        "employment": None,
        "median": median,
        **percentiles,
        **others,
    }


@pytest.fixture
def sourced(tiny: Any) -> Any:
    """A data set that also has H-1B filings and official figures as sources."""
    filings = {"id": "visas", "kind": "filings", "title": "visa filings"}
    official = {"id": "census", "kind": "official", "title": "census"}
    tiny["sources"] += [{**tiny["sources"][1], **each} for each in (filings, official)]
    return tiny


def pay_group(year: int, records: int, median: int) -> list[Any]:
    """Return a pay group of all countries."""
    return [year, None, None, None, records, *[median] * 14, *[None] * 4]


@pytest.mark.parametrize(
    ("paid", "filed", "kind", "amount", "records", "thin"),
    [
        # Thin pay is replaced by filings that have more records.
        (29, 30, "filings", 50000, 30, False),
        (14, 15, "filings", 50000, 15, True),
        (29, 5000, "filings", 50000, 5000, False),
        # It leads if filings have no more records.
        (29, 29, "records", 40000, 29, True),
        (14, 3, "records", 40000, 14, True),
        (14, None, "records", 40000, 14, True),
        # Pay that is not thin leads in any case.
        (30, 5000, "records", 40000, 30, False),
    ],
)
def test_filings_lead_if_pay_is_thin_and_they_have_more_records(
    paid: int,
    filed: int | None,
    kind: str,
    amount: int,
    records: int,
    thin: bool,  # noqa: FBT001 - a parameter of the test
    sourced: Any,
    saved: Callable[[Any], str],
) -> None:
    sourced["pay"]["groups"] = {"gardener": [pay_group(2025, paid, 40000)]}
    sourced["national"] = [national("gardener", filed, 50000)]
    path = saved(sourced)
    row = rows("salary", "--data", path)
    assert row["lead"] == {
        "amount": amount,
        "statistic": "median",
        "kind": kind,
        "year": 2025,
        "records": records,
        "thin": thin,
    }
    page = run("salary", "--data", path).stdout
    assert page.startswith(f"€{amount:,} a year")
    assert ("(thin: fewer than 30)" in " ".join(page.split())) is thin


def test_filings_lead_without_pay_of_the_role(
    sourced: Any, saved: Callable[[Any], str]
) -> None:
    sourced["national"] = [national("head-gardener", 12, 70000)]
    lead = rows("salary", "chief", "--data", saved(sourced))["lead"]
    assert (lead["kind"], lead["amount"], lead["year"]) == ("filings", 70000, 2025)
    assert (lead["records"], lead["thin"]) == (12, True)


def test_filings_without_a_number_of_records_are_not_called_thin(
    sourced: Any, saved: Callable[[Any], str]
) -> None:
    sourced["national"] = [national("head-gardener", None, 70000)]
    path = saved(sourced)
    lead = rows("salary", "chief", "--data", path)["lead"]
    assert (lead["records"], lead["thin"]) == (None, False)
    assert "None" not in run("salary", "chief", "--data", path).stdout


def test_official_occupations_and_averages_never_lead(
    sourced: Any, saved: Callable[[Any], str]
) -> None:
    sourced["pay"]["groups"] = {}
    occupation = {"occupation": "Grounds Keepers (37-3011)", "employment": 900}
    sourced["national"] = [
        national("gardener", None, 38000, source="census", period="2025-05")
        | occupation
    ]
    row = rows("salary", "--data", saved(sourced))
    assert kinds(row) == ["job-site", "official"]
    assert row["lead"] is None


def test_averages_lead_only_in_a_data_set_without_distributions(
    tiny: Any, saved: Callable[[Any], str]
) -> None:
    path = saved({**tiny, "pay": None})
    row = rows("salary", "--data", path)
    assert row["lead"] == {
        "amount": 41000,
        "statistic": "average",
        "kind": "job-site",
        "year": 2024,
        "records": 40,
        "thin": False,
    }
    assert run("salary", "--data", path).stdout.startswith("€41,000 a year")
    # The guild reports no number of florists.
    florist = rows("salary", "florist", "--data", path)["lead"]
    assert (florist["amount"], florist["records"], florist["thin"]) == (
        36000,
        None,
        False,
    )
    assert rows("salary", "chief", "--data", path)["lead"] is None
    # With distributions of any role, the averages of the others do not lead.
    tiny["pay"]["groups"].pop("florist")
    assert rows("salary", "florist", "--data", saved(tiny))["lead"] is None


def test_average_of_few_reports_is_thin(tiny: Any, saved: Callable[[Any], str]) -> None:
    tiny["roles"][0]["salary"]["reports"] = 29
    row = rows("salary", "--data", saved({**tiny, "pay": None}))
    assert row["lead"]["thin"] is True


def test_evidence_is_sorted_by_year_with_occupations_last(
    sourced: Any, saved: Callable[[Any], str]
) -> None:
    occupation = {"occupation": "Grounds Keepers (37-3011)", "source": "census"}
    sourced["pay"]["groups"] = {"gardener": [pay_group(2022, 50, 40000)]}
    sourced["national"] = [
        national("gardener", None, 38000, period="2026-05") | occupation,
        national("gardener", 12, 50000),
        national("gardener", 12, 45000, period="2023"),
        national("florist", 12, 99999),
    ]
    row = rows("salary", "--data", saved(sourced))
    periods = [each["period_covered"] for each in row["evidence"]]
    assert periods == ["FY 2025", "2024-03", "2023", "2022", "2026-05"]
    assert row["lead"]["amount"] == 40000


def test_evidence_of_imported_records_and_averages() -> None:
    row = rows("salary", "--data", str(TINY))
    assert [figures(each)[:3] for each in row["evidence"]] == [
        ("records", "2024", 30),
        ("job-site", "2024-03", 40),
    ]
    assert [each["region"] for each in row["evidence"]] == [None, "DE"]


def test_sentence_on_why_figures_differ_is_about_the_sources_shown() -> None:
    usual = " ".join(run("salary").stdout.split())
    for words in ("advertised pay is", "H-1B filings come", "job-site average dates"):
        assert words in usual.partition("figures differ")[2]
    senior = run("salary", "--experience", "senior").stdout
    assert "figures differ" not in senior


@pytest.mark.parametrize("role", LEADS)
def test_pages_do_not_call_advertised_pay_a_survey(role: str) -> None:
    for command in ("salary", "compare", "show"):
        text = run(command, role).stdout.lower()
        assert "survey" not in text
        assert "exact" not in text
