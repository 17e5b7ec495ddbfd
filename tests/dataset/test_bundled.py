"""The bundled data set: every figure has a source, a unit and a date."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING, Any

import pycountry

from mlroles.dataset.dimensions import DIMENSIONS, PAY_COLUMNS, PERCENTILES, TABLES
from mlroles.dataset.load import load
from mlroles.dataset.references import cited_sources
from mlroles.dataset.validate import validation_errors
from tests.conftest import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = load()
assert DATA.pay
PAY = DATA.pay
ALL_TABLES = {name: DATA.table(name) for name in TABLES}
PLACES, PRICES = ALL_TABLES["places"], ALL_TABLES["prices"]
LEVELS, RATES = ALL_TABLES["price_levels"], ALL_TABLES["rates"]
GROUPS: list[tuple[str, dict[str, Any]]] = [
    (role, dict(zip(PAY_COLUMNS, group, strict=True)))
    for role, of_role in DATA.groups.items()
    for group in of_role
]
SOURCES = DATA.sources
TEXTS = ("collaborators", "skills", "applications")
HEADLINES = {
    "machine-learning-engineer": (110673, None),
    "data-scientist": (102069, 23757),
    "data-engineer": (115205, 16290),
    "deep-learning-engineer": (133764, 19992),
    "software-engineer": (93944, 212310),
    "computer-vision-engineer": (105704, 64939),
    "data-analyst": (65652, 38748),
}
# Advertised pay in the United States in 2025: postings and their median.
MEDIANS = {
    "machine-learning-engineer": (843, 199000),
    "data-scientist": (1907, 155000),
    "data-engineer": (1881, 150000),
    "software-engineer": (2106, 183833),
    "computer-vision-engineer": (30, 178938),
    "data-analyst": (1774, 103975),
    "ai-engineer": (429, 178500),
    "applied-scientist": (94, 199400),
    "research-scientist": (294, 192711),
    "research-engineer": (213, 205000),
    "machine-learning-scientist": (90, 178925),
    "machine-learning-researcher": (14, 203075),
    "mlops-engineer": (30, 177846),
    "data-architect": (308, 161704),
    "analytics-engineer": (350, 150875),
    "ai-architect": (57, 207600),
    "business-intelligence-engineer": (86, 137500),
    "business-intelligence-developer": (74, 110000),
    "business-intelligence-analyst": (85, 111000),
    "data-product-manager": (105, 150000),
    "quantitative-analyst": (61, 144500),
}


def test_bundled_data_set_is_valid_with_its_tables() -> None:
    pay = {**PAY, "groups": {**DATA.groups}}
    whole: Any = {**DATA.content, "pay": pay, "tables": [], **ALL_TABLES}
    assert validation_errors(DATA.content) == []
    assert validation_errors(whole) == []
    assert DATA.content["tables"] == list(TABLES)


def figures(role: str, year: int, experience: str | None = None) -> list[Any]:
    """Return the records and amounts of all work modes in the United States."""
    (group,) = [
        group
        for group in DATA.groups[role]
        if list(group[:4]) == [year, "US", experience, None]
    ]
    return list(group[4:])


def test_pay_groups_are_those_of_distinct_postings() -> None:
    assert len(GROUPS) == 1210
    assert figures("machine-learning-engineer", 2025) == [
        *[843, 204463, 120000, 135974, 154500, 162675, 170000, 186750, 199000],
        *[212900, 225660, 234629, 244000, 275000, 314212, 158000, 237000],
        *[194100, 202500],
    ]
    senior = figures("machine-learning-engineer", 2025, "senior")
    assert (senior[0], senior[8]) == (576, 206250)
    earlier = figures("machine-learning-engineer", 2024)
    assert (earlier[0], earlier[8]) == (953, 192200)

    latest = {role: figures(role, 2025) for role in DATA.groups}
    assert {role: (each[0], each[8]) for role, each in latest.items()} == MEDIANS
    assert {group["year"] for _, group in GROUPS} == {2022, 2023, 2024, 2025}
    modes = {group["work_mode"] for _, group in GROUPS}
    assert modes == {None, "on-site", "remote"}


def test_median_is_in_its_typical_range_and_its_confidence_interval() -> None:
    for role, group in GROUPS:
        # Each midpoint is between its two ends, and so are the medians.
        assert group["range_low"] <= group["p50"] <= group["range_high"], (role, group)
        # Of ten or more records, the ends of the interval are not the outermost ones.
        keys = ("p5", "median_ci_low", "p50", "median_ci_high", "p95")
        figures = [group[key] for key in keys]
        assert figures == sorted(figures), (role, group)


def test_every_source_is_cited() -> None:
    headlines = [role[key] for role in DATA.roles for key in ("salary", "openings")]
    cited = [*[figure for figure in headlines if figure], *[PAY, *DATA.national]]
    in_tables = set(cited_sources(ALL_TABLES))
    assert {part["source"] for part in cited} | in_tables == set(SOURCES)


def test_sources_have_a_kind_and_the_digests_of_their_files() -> None:
    assert {
        name: (each["kind"], len(each["sha256"])) for name, each in SOURCES.items()
    } == {
        "job-site-career-page": ("job-site", 0),
        "aijobs-salary-index": ("advertised", 2),
        "lca-fy2025": ("filings", 2),
        "oews-may-2025": ("official", 4),
        "indeed-postings-software": ("index", 1),
        "bls-cpi-u": ("index", 1),
        "bea-rpp-2024": ("index", 2),
        "world-bank-ppp-2025": ("index", 2),
        "ecb-exchange-rates": ("exchange-rates", 1),
        "onet-30": ("occupations", 4),
        "bls-projections-2024-34": ("projections", 1),
        "indeed-ai-share": ("index", 1),
        "lca-employers-fy2025": ("filings", 3),
        "bls-projections-2025-35": ("projections", 1),
        "lca-records-fy2025": ("filings", 1),
    }
    # As published with the records.
    assert SOURCES["aijobs-salary-index"]["sha256"][0] == (
        "c26a18cce57f42351e4bece582dc6cc2fdeed0df1231accb2ae7a4cc9ecfe1db"
    )


def test_dates_of_publication_are_those_that_the_sources_state() -> None:
    assert {
        name: each["published"] for name, each in SOURCES.items() if "published" in each
    } == {
        "bea-rpp-2024": "2026-02-19",
        "bls-projections-2024-34": "2025-08-28",
        "bls-projections-2025-35": "2026-08-27",
    }
    # No file states when it was retrieved.
    assert not any("retrieved" in each for each in SOURCES.values())


def test_national_figures_are_those_of_the_sources() -> None:
    researchers = ("Computer and Information Research Scientists (15-1221)", 140300)
    scientists = ("Data Scientists (15-2051)", 120230)
    architects = ("Database Architects (15-1243)", 139500)
    found: dict[str, list[tuple[str | None, int]]] = defaultdict(list)
    for row in DATA.national:
        found[row["role"]].append((row["occupation"], row["median"]))
    assert found == {
        "machine-learning-engineer": [(None, 185364), researchers, scientists],
        "data-scientist": [(None, 146716), scientists],
        "data-engineer": [(None, 130000), architects, scientists],
        "software-engineer": [("Software Developers (15-1252)", 135980)],
        "data-analyst": [(None, 97992), architects, scientists],
        "ai-engineer": [researchers],
        "applied-scientist": [(None, 180200), researchers, scientists],
        "research-scientist": [(None, 190090), researchers, scientists],
        "research-engineer": [researchers],
        "machine-learning-scientist": [(None, 182472), researchers, scientists],
        "nlp-engineer": [researchers],
        "data-architect": [architects, scientists],
        "analytics-engineer": [(None, 131400)],
        "business-intelligence-analyst": [scientists],
    }
    filings: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in DATA.national:
        if SOURCES[row["source"]]["kind"] == "filings":
            figures = (row["records"], *row.get("top_employer", []))
            filings[row["source"]][row["role"]] = figures
    assert filings == {
        "lca-fy2025": {
            "data-engineer": (9569,), "machine-learning-engineer": (2448,),
            "analytics-engineer": (307,), "data-analyst": (4650,),
        },
        "lca-records-fy2025": {
            "applied-scientist": (1117, "Amazon", 951),
            "data-scientist": (6965, "Amazon", 369),
            "machine-learning-scientist": (144, "Expedia, Inc.", 17),
            "research-scientist": (1460, "Meta", 491),
        },
    }  # fmt: skip
    # As the source says.
    caveats = " ".join(SOURCES["lca-records-fy2025"]["caveats"])
    text = "85 % of the applications for Applied Scientist are by Amazon (951 of"
    assert text in caveats
    assert round(100 * 951 / 1117) == 85
    assert "34 % of those for Research Scientist by Meta" in caveats
    assert round(100 * 491 / 1460) == 34


def test_seniority_is_that_of_the_filings() -> None:
    medians: dict[str, dict[str, int]] = defaultdict(dict)
    for row in ALL_TABLES["seniority"]:
        medians[row["role"]][row["seniority"]] = row["median"]
    assert {role: len(of_role) for role, of_role in medians.items()} == {
        "data-engineer": 5, "machine-learning-engineer": 4, "analytics-engineer": 2,
        "data-analyst": 4, "data-scientist": 5, "applied-scientist": 3,
        "research-scientist": 3, "machine-learning-scientist": 3,
    }  # fmt: skip
    assert medians["data-scientist"] == {
        "base": 132250, "senior": 159200, "staff": 206431, "lead": 170809,
        "director": 202500,
    }  # fmt: skip
    assert medians["data-engineer"] == {
        "base": 112986, "senior": 146838, "staff": 170547, "lead": 153558,
        "director": 185000,
    }  # fmt: skip


def test_indices_are_those_of_the_sources() -> None:
    points = ALL_TABLES["outlook"]["postings"]["points"]
    assert (points["2022-08-01"], points["2025-09-01"]) == (194.29, 65.04)
    assert max(points.items()) == ("2026-09-25", 78.09)
    months = PRICES["months"]
    # No index was published for October 2025.
    assert len(months) == 103
    assert "2025-10" not in months
    assert (min(months), max(months)) == ("2018-01", "2026-08")
    amount = 110673 * months["2026-08"] / months["2022-08"]
    assert round(amount) == 125175


def test_headline_figures_are_those_of_the_job_site() -> None:
    for role in DATA.roles:
        average, openings = HEADLINES.get(role["id"], (None, None))
        assert (role["salary"] and role["salary"]["average"]) == average
        assert (role["openings"] and role["openings"]["count"]) == openings
        reports = role["salary"] and role["salary"]["reports"]
        assert reports == (811 if role["id"] == DATA.default_role else None)


def answers() -> Iterator[dict[str, Any]]:
    """Yield every row of figures that any command answers with for any role."""
    for role in DATA.roles:
        answer = rows("salary", role["id"])
        yield from answer.pop("other_figures")
        yield answer
        yield from rows("compare", role["id"])
        yield rows("offer", "100k", role["id"])
        for by in ("year", "country", "experience", "work-mode", "seniority"):
            yield from rows("salary", role["id"], "--by", by)
        for level in ("metro", "state", "country"):
            yield from rows("locations", role["id"], "--level", level)
        yield from rows("industries", role["id"], "--detail", "subsector")
        yield from rows("employers", role["id"], "--by", "occupation")
        yield from rows("employers", role["id"], "--by", "title")


def test_every_figure_of_every_answer_has_a_source_a_unit_and_a_date() -> None:
    compared = {
        "average_salary": ("average_source", "average_updated"),
        "openings": ("openings_source", "openings_updated"),
        "median": ("source", "period_covered"),
    }
    others = {"median": ("source", "updated"), "mean": ("source", "updated")}
    seen = set()
    for row in answers():
        assert row["currency"] == "USD"
        assert row["period"] == "year"
        origins = compared if "openings" in row else others
        for figure, (source, date) in origins.items():
            if row.get(figure) is not None:
                assert row[source] in SOURCES
                assert row[date]
                seen.add((figure, source))
    assert seen == {
        (figure, source)
        for origins in (compared, others)
        for figure, (source, _) in origins.items()
    }


def test_every_source_has_a_method_caveats_and_a_date() -> None:
    for source in rows("sources"):
        assert source["method"]
        assert source["caveats"]
        assert source["updated"]
    unknown = {s["id"] for s in SOURCES.values() if s["licence"] is None}
    assert unknown == {"job-site-career-page"}


def test_record_counts_of_the_groups_add_up_to_that_of_the_source() -> None:
    counted = sum(
        group["records"]
        for _, group in GROUPS
        if group["country"] is group["experience"] is group["work_mode"] is None
    )
    known = SOURCES["aijobs-salary-index"]["records"]
    # There is no group for a year with fewer than ten records of a role.
    assert (known, counted) == (26154, 26086)


def test_percentiles_ascend_and_the_mean_is_within_their_range() -> None:
    for role, group in GROUPS:
        amounts = [group[f"p{percentile}"] for percentile in PERCENTILES]
        assert amounts == sorted(amounts), (role, group)
        assert group["p5"] <= group["mean"] <= group["p90"], (role, group)
        assert group["records"] >= 10


def test_subgroups_have_no_more_records_than_their_group() -> None:
    by_slice = {(r, *(g[k] for k in DIMENSIONS)): g["records"] for r, g in GROUPS}
    parts: dict[Any, int] = defaultdict(int)
    for (role, *slice_), records in by_slice.items():
        for at in range(1, 4):
            if slice_[at] is not None:
                whole = (role, *slice_[:at], None, *slice_[at + 1 :], at)
                parts[whole] += records
    assert parts
    for (*whole, _at), records in parts.items():
        assert records <= by_slice[tuple(whole)]


def test_every_country_exists_and_is_used() -> None:
    for code in DATA.countries:
        assert pycountry.countries.get(alpha_2=code)
    used = {group["country"] for _, group in GROUPS} - {None}
    priced = {code for levels in LEVELS for code, *_ in levels["rows"]}
    # Those without a price level: the World Bank or the central bank has no figure.
    assert set(DATA.countries) == used | (priced & set(DATA.countries)) | {
        "US", "AR", "EG",
    }  # fmt: skip


def test_price_levels_and_rates_are_complete() -> None:
    counts = {levels["level"]: len(levels["rows"]) for levels in LEVELS}
    assert counts == {"metro": 387, "state": 51, "country": 20}
    by_code = {code: index for levels in LEVELS for code, _, index in levels["rows"]}
    known = [by_code[code] for code in ("12420", "41860", "TX")]
    assert known == [98.066, 115.613, 97.057]
    # The places of the same source have parts.
    parts = ALL_TABLES["price_parts"]
    for of_parts, levels in zip(parts, LEVELS, strict=False):
        assert of_parts["level"] == levels["level"]
        codes = [row[0] for row in levels["rows"]]
        assert [row[0] for row in of_parts["rows"]] == codes
    assert by_code["DE"] == round(100 * 0.719 / 0.886705, 3) == 81.087
    assert by_code["US"] == 100
    # All areas with pay but two in Puerto Rico have a price level.
    areas = {row[1] for table in PLACES["tables"] for row in table["rows"]}
    assert areas - by_code.keys() == {"41980", "10380", "PR"}
    assert set(RATES["years"]) == {
        "AUD", "BRL", "CAD", "EUR", "GBP", "INR", "MXN", "NZD", "PHP", "PLN",
    }  # fmt: skip
    for years in RATES["years"].values():
        assert list(years) == [str(year) for year in range(2019, 2026)]
    assert RATES["years"]["EUR"]["2025"] == 0.886705


def test_places_are_complete() -> None:
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for table in PLACES["tables"]:
        is_titled = table["source"] == "lca-records-fy2025"
        level = "titles" if is_titled else table["level"]
        counts[level][table["role"]] = len(table["rows"])
    assert counts == {
        "titles": {
            "data-scientist": 56, "applied-scientist": 7, "research-scientist": 13,
            "machine-learning-scientist": 7,
        },
        "metro": {
            "machine-learning-engineer": 22, "data-scientist": 282,
            "data-engineer": 69, "software-engineer": 377, "data-analyst": 65,
            "data-architect": 132, "analytics-engineer": 11,
        },
        "state": {
            "data-scientist": 49, "software-engineer": 50, "data-architect": 47,
        },
    }  # fmt: skip
    for table in PLACES["tables"]:
        assert table["source"] in SOURCES
        assert (table["source"] == "oews-may-2025") == bool(table["occupation"])
        for place in table["rows"]:
            assert place[2] in PLACES["states"]
            if table["level"] == "state":
                assert (place[0], place[1]) == (PLACES["states"][place[1]], place[2])


def test_texts_of_all_roles_have_the_same_extent() -> None:
    for role in DATA.roles:
        assert 50 <= len(role["description"].split()) <= 95
        assert len(role["duties"]) == 5
        assert len(role["collaborators"]) == len(role["skills"]) == 3
        assert len(role["applications"]) == 4
        assert 2 <= len(role["faq"]) <= 4
        assert role["id"] not in role["similar"]
        assert role["aliases"]
        assert f"{role['title']}{role['description']}".isascii()


def test_list_items_do_not_contain_the_separator_of_flat_formats() -> None:
    for role, key in product(DATA.roles, ("duties", "aliases", *TEXTS)):
        items: list[str] = role[key]  # type: ignore[literal-required]
        assert not any("; " in item for item in items)


def us_postings(role: str) -> tuple[int, int]:
    """Return the latest postings in the United States, and those marked remote."""
    latest = {
        group[3]: group[4]
        for group in DATA.groups.get(role, [])
        if tuple(group[:3]) == (DATA.years[0], "US", None)
    }
    total = latest.get(None, 0)
    # There is no group of fewer than ten postings.
    return total, latest.get("remote", total - latest.get("on-site", 0))


def answers_about(role: Any, about: str) -> list[str]:
    """Return the answers of a role to a question."""
    return [each["answer"] for each in role["faq"] if about in each["question"]]


def test_answers_give_the_current_share_of_remote_postings() -> None:
    assert DATA.period("machine-learning-engineer", 2025) == "2025-01/2025-07"
    for role in DATA.roles:
        answers = answers_about(role, " work from home?")
        total, remote = us_postings(role["id"])
        assert len(answers) == (total >= 30), role["id"]
        for answer in answers:
            assert (
                f" Of {total:,} distinct US postings from January to July 2025, "
                f"{remote:,} ({100 * remote / total:.0f}%) are marked remote. "
            ) in answer


def test_answers_give_the_projected_growth_of_the_occupation() -> None:
    for role in DATA.roles:
        answers = answers_about(role, "Is the number of jobs for ")
        occupations = rows("outlook", role["id"])["occupations"]
        assert len(answers) == bool(occupations), role["id"]
        for answer in answers:
            first = occupations[0]
            name = first["occupation"][:1].lower() + first["occupation"][1:]
            assert first["change_percent"] > 0
            assert (
                f" projects {first['change_percent']}% more {name} in "
                f"{first['target_year']} than in {first['base_year']}. "
            ) in answer
