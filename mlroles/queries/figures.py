"""Pay figures, which have the same keys in every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import (
    HOME_COUNTRY,
    SENIORITIES,
    THIN_EMPLOYED,
    is_thin,
    round_percentile,
)
from mlroles.errors import UsageError
from mlroles.money import whole, year_of
from mlroles.questions import FIGURE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlroles.dataset.dataset import Dataset
    from mlroles.money import Converter
    from mlroles.queries.answer import Filters
    from mlroles.questions import Row

FIGURE_KEYS = [column.key for column in FIGURE]
_AMOUNTS = [column.key for column in FIGURE if column.kind == "money"]


def figure(
    data: Dataset,
    convert: Converter,
    source_id: str,
    covered: str | None,
    region: str | None,
    known: Mapping[str, Any],
) -> Row:
    """Return a pay figure, with the keys of `questions.FIGURE`, then of a conversion.

    Args:
        data: The data set.
        convert: What amounts are converted with.
        source_id: The source of the figure.
        covered: The period that it is of, as the data set has it; None if unknown.
        region: Its region.
        known: What the data set has of it: `records`, `employment`, `occupation`,
            `counted`, amounts a year, and as `top_employer` the employer with the most
            filings and their number.
    """
    source = data.source(source_id)
    is_filing = source["kind"] == "filings"
    period = covered and iso_period(covered)
    records, employment = known.get("records"), known.get("employment")
    employer, filed = known.get("top_employer") or (None, None)
    few = employment is not None and employment < THIN_EMPLOYED
    row = {
        "kind": source["kind"],
        "source": source_id,
        "region": region,
        "period_covered": period,
        "year": year_of(period) if period else None,
        "records": records,
        "employment": employment,
        "thin": is_thin(records) or few,
        **{key: convert(known.get(key), covered) for key in _AMOUNTS},
        "occupation": known.get("occupation"),
        "counted": known.get("counted", "title" if is_filing else None),
        "updated": source["updated"],
        "currency": convert.currency,
        "period": convert.period,
        "top_employer": employer,
        "top_employer_share": filed and share(filed, known["records"]),
    }
    return row | convert.keys(covered)


def seniority_figures(
    data: Dataset, role_id: str, convert: Converter, wanted: str | None = None
) -> dict[str, Row]:
    """Return the figures of H-1B filings by the seniority in their job titles.

    They are in ascending order, of all levels of SENIORITIES that a role has, or of
    the wanted one.
    """
    known = {
        row["seniority"]: row
        for row in data.table("seniority") or ()
        if row["role"] == role_id and wanted in {None, row["seniority"]}
    }
    return {
        level: figure(
            data,
            convert,
            known[level]["source"],
            period_of(data, known[level]["source"]),
            HOME_COUNTRY,
            known[level],
        )
        for level in SENIORITIES
        if level in known
    }


def check_open(filters: Filters) -> None:
    """Check that no filter is set, since filings by seniority have no other groups.

    Raises:
        UsageError: One is.
    """
    if names := filters.names():
        raise UsageError(
            f"H-1B filings by seniority are not broken down by {filters.described()}. "
            "Omit the filters.",
            argument=names[0],
        )


def share(part: int, records: int) -> float:
    """Return the share of some records in per cent, 50 only if it is exactly half."""
    return whole(round_percentile(100 * part / records, 1, [50]))


def period_of(data: Dataset, source_id: str) -> str | None:
    """Return the period that all figures of a source are of, None if unknown."""
    source = data.source(source_id)
    updated = source["updated"]
    if updated and source["kind"] == "filings":
        return f"FY {year_of(updated)}"
    return updated


def iso_period(covered: str) -> str:
    """Return the months of a fiscal year of the United States, `FY 2025`."""
    if not covered.startswith("FY "):
        return covered
    year = year_of(covered)
    return f"{year - 1}-10/{year}-09"
