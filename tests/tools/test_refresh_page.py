"""The page on refreshing the data: its table, and the row that it follows."""

from __future__ import annotations

import json
import re
import statistics
from pathlib import Path

import pytest
from refresh.__main__ import FILES
from refresh.advertised import distinct, in_usd, pairs, trusted
from refresh.files import read_csv

from mlroles.dataset.dimensions import PAY_COLUMNS
from mlroles.dataset.load import load

TEXT = (Path(__file__).parents[2] / "docs" / "refresh.md").read_text(encoding="utf-8")
# The cells of the table of sources.
SOURCES = {
    cells[0].strip("`"): cells[1:]
    for line in TEXT.splitlines()
    if len(cells := [cell.strip() for cell in line.strip("|").split(" | ")]) == 5
    and cells[0].startswith("`")
}


def test_every_source_has_its_files_and_what_to_check() -> None:
    assert SOURCES.keys() == load().sources.keys()
    for name, (publisher, release, files, check) in SOURCES.items():
        assert publisher
        assert release
        assert check
        named = re.findall(r"`([^`]+\.csv(?:\.gz)?)`", files)
        assert tuple(named) == FILES.get(name, ())


def block(language: str) -> str:
    """Return the content of the first block of code in a language."""
    found = re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert found
    return found[1]


def test_row_is_followed_as_it_is_computed(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    path.write_text(block("csv"), encoding="utf-8")
    rates = load().table("rates")["years"]["EUR"]
    (posting,) = distinct(trusted(pairs(read_csv(path))))
    known = {("EUR", year): rate for year, rate in rates.items()}
    low, high = (in_usd(end, known) for end in (posting.low, posting.high))
    assert f"its ends are ${low:,.2f} and ${high:,.2f}" in TEXT
    assert f"the midpoint, ${(low + high) / 2:,.2f}" in TEXT
    group = dict(zip(PAY_COLUMNS, json.loads(block("json")), strict=True))
    assert group["p50"] == round((low + high) / 2)
    # The posting is the median of its group, and all midpoints give its row.
    listed = re.search(r"in thousands of euros: (.*?)\. The", TEXT)
    assert listed
    euros = [float(each) * 1_000 for each in listed[1].replace("*", "").split(", ")]
    assert len(euros) == group["records"]
    assert statistics.median(euros) == (75_000 + 55_000) / 2
    dollars = [each / rates["2025"] for each in euros]
    quarters = statistics.quantiles(dollars, n=4, method="inclusive")
    expected = [statistics.fmean(dollars), *quarters]
    actual = [group[key] for key in ("mean", "p25", "p50", "p75")]
    assert actual == [pytest.approx(each, abs=0.51) for each in expected]
    # Step 5 is the screen, which cog prints.
    assert round(group["p50"] * rates["2025"]) == 65_000
    assert "Data Analyst, Germany: €65,000 a year" in block("console")
