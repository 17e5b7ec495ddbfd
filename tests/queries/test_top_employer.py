"""Figures of which one employer has more than half of the filings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import prose, rows, run


@pytest.mark.parametrize(
    "line",
    [
        "salary research-scientist",
        "salary ds --by seniority",
        "salary ds --location seattle",
        "locations ds",
        "locations",
        "employers applied-scientist",
        "offer 180k research-scientist --location seattle",
        "relocate 180k research-scientist --from seattle --to new-york",
        "compare applied-scientist ds",
    ],
)
def test_other_figures_are_not_marked(line: str) -> None:
    text = prose(*line.split(), env={"COLUMNS": "200"})
    assert "Share and name" not in text
    for name in ("Amazon)", "Meta)", "Walmart)"):
        assert name not in text


def test_employer_with_the_most_filings_is_part_of_a_figure() -> None:
    def filings(role: str) -> Any:
        figures = rows("salary", role)["other_figures"]
        (row,) = [each for each in figures if each["kind"] == "filings"]
        keys = ("records", "median", "top_employer", "top_employer_share")
        return [row[key] for key in keys]

    assert filings("applied scientist") == [1117, 180200, "Amazon", 85.1]
    assert filings("research scientist") == [1460, 190090, "Meta", 33.6]
    assert filings("machine learning scientist") == [144, 182472, "Expedia, Inc.", 11.8]
    assert filings("ds") == [6965, 146716, "Amazon", 5.3]
    # Of complete filings, employers are unknown.
    assert filings("mle") == [2448, 185364, None, None]
    row = rows("offer", "180k", "applied scientist", "--location", "seattle")
    assert (row["top_employer"], row["top_employer_share"]) == ("Amazon", 94.5)
    whole = row["other_figures"][0]
    assert (whole["region"], whole["median"]) == ("US", 180200)
    assert (whole["top_employer"], whole["top_employer_share"]) == ("Amazon", 85.1)
    line = ["relocate", "180k", "applied scientist", "--from", "seattle", "--to"]
    (row,) = rows(*line, "sf")
    assert (row["from_top_employer"], row["from_top_employer_share"]) == (
        "Amazon", 94.5,
    )  # fmt: skip
    assert (row["to_top_employer"], row["to_top_employer_share"]) == ("Amazon", 47.7)
    # An employer's own figure is of one employer.
    for row in rows("employers", "applied scientist"):
        assert row["top_employer"] is row["top_employer_share"] is None


@pytest.mark.parametrize(
    ("filed", "records", "share", "mark"),
    [
        (6, 12, 50, ""),
        (7, 12, 58.3, " (thin, 58% Royal Parks)"),
        (1000, 2000, 50, ""),
        # Not rounded to half.
        (1001, 2001, 50.1, " (50.1% Royal Parks)"),
        (1000, 2001, 49.9, ""),
        (2001, 2001, 100, " (100% Royal Parks)"),
    ],
)
def test_more_than_half_is_marked(
    filed: int, records: int, share: float, mark: str, complete: Any, saved: Any
) -> None:
    (row,) = complete["seniority"]
    row |= {"records": records, "top_employer": ["Royal Parks", filed]}
    line = ["salary", "--by", "seniority", "--data", saved(complete)]
    (answer,) = rows(*line)
    assert answer["top_employer"] == "Royal Parks"
    assert answer["top_employer_share"] == share
    mark = mark or " (thin)" * (records < 30)
    assert f"senior{mark}  " in run(*line).stdout


def test_second_source_of_an_area_is_another_figure() -> None:
    # It leads where there is no other.
    row = rows("salary", "ds", "--location", "madison")
    others = [(each["kind"], each["region"]) for each in row["other_figures"]]
    assert (row["kind"], row["region"], row["median"]) == ("filings", "31540", 107328)
    assert others == [("filings", "US"), ("advertised", "US")]
    assert rows("offer", "90k", "ds", "--location", "madison")["median"] == 107328
    # A ranking is of one source, and so is a comparison of two places.
    assert {row["kind"] for row in rows("locations", "ds")} == {"official"}
    ranked = rows("relocate", "150k", "ds", "--from", "austin")
    assert {row["source"] for row in ranked} == {"oews-may-2025"}
    for start, source in (
        ("austin", "oews-may-2025"),
        ("madison", "lca-records-fy2025"),
    ):
        (row,) = rows("relocate", "150k", "ds", "--from", start, "--to", "seattle")
        assert row["source"] == source
        assert row["median_change"] is not None
