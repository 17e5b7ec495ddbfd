"""The figure that `salary` leads with, and what each source reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mlroles.questions import FIGURE
from tests.conftest import TINY, prose, rows, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlroles.dataset.dataset import Dataset

ADVERTISED = (
    "advertised",
    "2025-01/2025-07",
    843,
    {"mean": 204463, "p10": 135974, "p25": 162675, "median": 199000}
    | {"p75": 234629, "p90": 275000},
)
FILINGS = (
    "filings",
    "2024-10/2025-09",
    2448,
    {"p25": 148500, "median": 185364, "p75": 225716},
)
JOB_SITE = ("job-site", "2022-08", 811, {"mean": 110673})
AMOUNTS = ("mean", "p10", "p25", "median", "p75", "p90")
KEYS = [column.key for column in FIGURE]
UNIT = {"currency", "period"}


def figures(row: Any) -> list[Any]:
    """Return the figure that leads, if there is one, then the others."""
    lead = {key: row[key] for key in KEYS}
    return [*([lead] if row["source"] is not None else []), *row["other_figures"]]


def has_lead(row: Any) -> bool:
    """Return whether a figure leads; if none does, only the unit is known."""
    known = {key for key in KEYS if row[key] is not None}
    assert known == UNIT or known >= {"kind", "source", "year", "thin", "updated"}
    return known != UNIT


def lead(row: Any) -> tuple[Any, ...]:
    """Return the median, kind, year and records of the leading figure, and if it is
    thin."""
    return tuple(row[key] for key in ("median", "kind", "year", "records", "thin"))


def summary(figure: Any) -> tuple[Any, ...]:
    """Return the kind, period, records and known amounts of a figure."""
    known = {key: figure[key] for key in AMOUNTS if figure[key] is not None}
    return (figure["kind"], figure["period_covered"], figure["records"], known)


def kinds(row: Any) -> list[str]:
    return [each["kind"] for each in figures(row)]


def test_machine_learning_engineer_in_2025() -> None:
    row = rows("salary")
    assert lead(row) == (199000, "advertised", 2025, 843, False)
    assert [summary(each) for each in figures(row)[:3]] == [
        ADVERTISED,
        FILINGS,
        JOB_SITE,
    ]
    assert [each["counted"] for each in figures(row)[:3]] == [None, "title", None]
    assert (row["range_low"], row["range_high"]) == (158000, 237000)
    assert (row["median_ci_low"], row["median_ci_high"]) == (194100, 202500)
    assert (row["country"], row["region"]) == ("US", "US")


def test_figures_have_the_same_keys() -> None:
    row = rows("salary")
    assert [key for key in row if key in KEYS] == KEYS
    assert [list(each) for each in row["other_figures"]] == [KEYS] * 4
    (closest, *_) = rows("salary", "nlp engineer")["closest"]
    assert [key for key in closest if key in KEYS] == KEYS


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
    assert lead(row) == (median, "advertised", 2025, records, thin)
    start = f"{row['title']}, United States: ${median:,} a year Median of {records:,} "
    assert prose("salary", role).startswith(start)
    assert ("(thin: fewer than 30)" in prose("salary", role)) is thin


@pytest.mark.parametrize("line", ["dle", "dle --year 2022", "nlp"])
def test_roles_with_neither_pay_nor_filings_have_no_lead(line: str) -> None:
    row = rows("salary", *line.split())
    assert not has_lead(row)
    assert row["other_figures"]


@pytest.mark.parametrize(
    ("options", "country"),
    [
        ("", None),
        ("--year 1999", None),
        ("--country de", "DE"),
        ("--country all", None),
    ],
)
def test_country_without_a_lead_is_that_of_the_filter(
    options: str, country: str | None
) -> None:
    assert rows("salary", "nlp", *options.split())["country"] == country


def test_every_role_has_a_lead_unless_no_source_gives_its_pay() -> None:
    answers = [rows("salary", row["role"]) for row in rows("roles")]
    without = {row["role"] for row in answers if not has_lead(row)}
    assert without == {"deep-learning-engineer", "nlp-engineer"}
    assert {row["kind"] for row in answers if has_lead(row)} == {"advertised"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", ["advertised", "filings", "job-site", "official", "official"]),
        ("--country us", ["advertised", "filings", "job-site", "official", "official"]),
        ("--year 2025", ["advertised", "filings", "official", "official"]),
        ("--year 2022", ["advertised", "job-site"]),
        ("--year 1999", []),
        ("--country de", []),
        ("--country uk", ["advertised"]),
        ("--country all", ["advertised"]),
        ("--experience senior", ["advertised"]),
        ("--work-mode remote", ["advertised"]),
    ],
)
def test_filters_exclude_figures_that_they_cannot_apply_to(
    options: str, expected: list[str]
) -> None:
    row = rows("salary", "mle", *options.split())
    assert kinds(row) == expected
    has_average = "job-site" in expected
    for key in ("salary", "reports", "updated", "source"):
        assert (row[f"average_{key}"] is not None) is has_average
    assert has_lead(row) is bool(expected)


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
    ("paid", "filed", "kind", "median", "records", "thin"),
    [
        # Thin pay is replaced by filings that have more records.
        (29, 30, "filings", 50000, 30, False),
        (14, 15, "filings", 50000, 15, True),
        (29, 5000, "filings", 50000, 5000, False),
        # It leads if filings have no more records.
        (29, 29, "advertised", 40000, 29, True),
        (14, 3, "advertised", 40000, 14, True),
        (14, None, "advertised", 40000, 14, True),
        # Pay that is not thin leads in any case.
        (30, 5000, "advertised", 40000, 30, False),
    ],
)
def test_filings_lead_if_pay_is_thin_and_they_have_more_records(
    paid: int,
    filed: int | None,
    kind: str,
    median: int,
    records: int,
    thin: bool,  # noqa: FBT001 - a parameter of the test
    sourced: Any,
    saved: Callable[[Any], str],
) -> None:
    sourced["pay"]["groups"] = {"gardener": [pay_group(2025, paid, 40000)]}
    sourced["national"] = [national("gardener", filed, 50000)]
    path = saved(sourced)
    row = rows("salary", "--data", path)
    assert lead(row) == (median, kind, 2025, records, thin)
    text = prose("salary", "--data", path)
    # The data set has no name of the United States.
    where = "US" if kind == "filings" else "all countries"
    start = f"Gardener, {where}: €{median:,} a year Median of {records:,} "
    assert text.startswith(start)
    assert ("(thin: fewer than 30)" in text) is thin


@pytest.mark.parametrize(("filed", "thin"), [(12, True), (None, False)])
def test_filings_lead_without_pay_of_the_role(
    filed: int | None,
    thin: bool,  # noqa: FBT001 - a parameter of the test
    sourced: Any,
    saved: Callable[[Any], str],
) -> None:
    sourced["national"] = [national("head-gardener", filed, 70000)]
    path = saved(sourced)
    row = rows("salary", "chief", "--data", path)
    assert lead(row) == (70000, "filings", 2025, filed, thin)
    assert "None" not in run("salary", "chief", "--data", path).stdout


@pytest.mark.parametrize(("employment", "thin"), [(99, True), (100, False)])
def test_figures_of_few_people_employed_are_thin(
    employment: int,
    thin: bool,  # noqa: FBT001 - a parameter of the test
    sourced: Any,
    saved: Callable[[Any], str],
) -> None:
    official = {"source": "census", "period": "2025-05", "employment": employment}
    sourced["national"] = [national("gardener", None, 38000, **official)]
    every = figures(rows("salary", "--data", saved(sourced)))
    (found,) = [each for each in every if each["kind"] == "official"]
    assert (found["employment"], found["thin"]) == (employment, thin)


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
    assert not has_lead(row)


def test_averages_lead_only_in_a_data_set_without_distributions(
    tiny: Any, saved: Callable[[Any], str]
) -> None:
    path = saved({**tiny, "pay": None})
    row = rows("salary", "--data", path)
    assert row["mean"] == 41000
    assert lead(row) == (None, "job-site", 2024, 40, False)
    text = prose("salary", "--data", path)
    assert text.startswith("Gardener, Germany: €41,000 a year Average of 40 ")
    assert run("salary", "--data", path, "--fail-empty").exit_code == 0
    # The guild reports no number of florists.
    florist = rows("salary", "florist", "--data", path)
    assert florist["mean"] == 36000
    assert lead(florist) == (None, "job-site", 2024, None, False)
    assert " Average on a job site, March 2024. " in prose(
        "salary", "florist", "--data", path
    )
    assert not has_lead(rows("salary", "chief", "--data", path))
    # With distributions of any role, the averages of the others do not lead.
    tiny["pay"]["groups"].pop("florist")
    assert not has_lead(rows("salary", "florist", "--data", saved(tiny)))


def test_average_of_few_reports_is_thin(tiny: Any, saved: Callable[[Any], str]) -> None:
    tiny["roles"][0]["salary"]["reports"] = 29
    row = rows("salary", "--data", saved({**tiny, "pay": None}))
    assert (row["records"], row["thin"]) == (29, True)


def test_other_figures_are_sorted_by_year_with_occupations_last(
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
    # The figure that leads is not the newest.
    assert (row["median"], row["period_covered"]) == (40000, "2022")
    periods = [each["period_covered"] for each in row["other_figures"]]
    assert periods == ["2024-10/2025-09", "2024-03", "2023", "2026-05"]


def test_heading_names_a_mean_only_if_there_is_one() -> None:
    def heading(*line: str) -> str:
        lines = run("salary", *line).stdout.splitlines()
        (found,) = (" ".join(e.split()) for e in lines if e.startswith("Other figures"))
        return found

    for role in [row["role"] for row in rows("roles")]:
        others = rows("salary", role)["other_figures"]
        if others and has_lead(rows("salary", role)):
            means = {each["median"] is None for each in others}
            expected = {frozenset({True}): "Mean", frozenset({False}): "Median"}
            name = expected.get(frozenset(means), "Median or mean")
            assert heading(role).removesuffix(" 75th").endswith(f" {name}")
    # Of this data set, all others are means.
    assert heading("--data", str(TINY)) == "Other figures Mean"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("ds india", "France, Austria and the Netherlands"),
        ("mlops --country india", "the United States"),
        ("senior ds brazil", "the United Kingdom and the United States"),
        ("ds india --year 2024", "the United Kingdom and the United States"),
    ],
)
def test_pay_where_prices_are_far_from_those_of_a_country_is_not_shown(
    line: str, names: str, bundled: Dataset
) -> None:
    page = prose("salary", *line.split())
    start = "No source has enough records there; the closest figures are of"
    assert f": no pay figure {start} {names}, where prices are " in page
    # The ratio is of these price levels, whose source is on the page.
    row = rows("salary", *line.split())
    levels = bundled.price_levels
    own = levels["country", row["country"]][0]
    times = [
        levels["country", each["region"]][0] / own
        for each in row["closest"]
        if each["role"] == row["role"] and each["region"]
    ]
    assert min(times) > 2
    ends = dict.fromkeys(f"{each:.1f}" for each in (min(times), max(times)))
    assert f"prices are {' to '.join(ends)} times as high." in page
    assert page.count("Price levels from purchasing power parities") == 1
    # No amount is, and no note on one.
    for absent in ("Closest figures", "Converted", "Austria:", "base pay", "\u20b9"):
        assert absent not in page


@pytest.mark.parametrize(("level", "is_far"), [(44, True), (46, False), (181, True)])
def test_similar_roles_of_the_country_stay_where_prices_are_far(
    level: float,
    is_far: bool,  # noqa: FBT001 - a parameter of the test
    tiny: Any,
    saved: Any,
) -> None:
    groups = tiny["pay"]["groups"]
    gardener, florist = groups["gardener"][0], groups["florist"][0]
    groups["gardener"] = [[2024, "FR", *gardener[2:]]]
    groups["florist"] = [[2024, "DE", *florist[2:]]]
    levels = [["DE", "Germany", level], ["FR", "France", 90.0]]
    source = {"level": "country", "source": "almanac", "rows": levels}
    line = (
        "--location",
        "germany",
        "--data",
        saved({**tiny, "price_levels": [source]}),
    )
    text = run("salary", "gardener", *line).stdout
    sentence = "the closest figures are of France, where prices are "
    assert (sentence in " ".join(text.split())) == is_far
    assert ("\nGardener " in text) == (not is_far)
    assert "\n\nClosest figures " in text
    assert "\nFlorist " in text
    titles = [each["title"] for each in rows("salary", "gardener", *line)["closest"]]
    assert titles == ["Gardener", "Florist"]
