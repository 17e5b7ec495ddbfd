"""Pay figures, which have the same keys in every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import (
    HOME_COUNTRY,
    THIN_EMPLOYED,
    is_thin,
    round_percentile,
)
from mlroles.money import whole, year_of
from mlroles.questions import FIGURE

if TYPE_CHECKING:
    from mlroles.dataset.dataset import Dataset
    from mlroles.money import Converter
    from mlroles.questions import Row

_KEYS = [column.key for column in FIGURE]


def figure(
    data: Dataset,
    convert: Converter,
    source_id: str,
    covered: str | None,
    **known: Any,
) -> Row:
    """Return a pay figure, with the keys of `questions.FIGURE`.

    Args:
        data: The data set.
        convert: What the amounts were converted with.
        source_id: The source of the figure.
        covered: The period that it is of, as the data set has it; None if unknown.
        known: Its region, and what else is known of it, with converted amounts;
            `top_employer` is the employer with the most filings, and their number.
    """
    source = data.source(source_id)
    is_filing = source["kind"] == "filings"
    period = covered and iso_period(covered)
    employment = known.get("employment")
    employer, filed = known.get("top_employer") or (None, None)
    few = employment is not None and employment < THIN_EMPLOYED
    return dict.fromkeys(_KEYS) | {
        "kind": source["kind"],
        "source": source_id,
        "region": known.get("region"),
        "period_covered": period,
        "year": year_of(period) if period else None,
        "records": known.get("records"),
        "employment": employment,
        "thin": is_thin(known.get("records")) or few,
        **{key: known.get(key) for key in _KEYS[_KEYS.index("mean") :]},
        "counted": known.get("counted", "title" if is_filing else None),
        "updated": source["updated"],
        "currency": convert.currency,
        "period": convert.period,
        "top_employer": employer,
        "top_employer_share": filed and share(filed, known["records"]),
    }


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


def region_of(level: str, code: str) -> str:
    """Return the region of a figure of a place: `US-TX` for a state."""
    return f"{HOME_COUNTRY}-{code}" if level == "state" else code
