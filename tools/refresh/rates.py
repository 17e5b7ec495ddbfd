"""Exchange rates: yearly means of the reference rates of the European Central Bank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refresh.files import read_csv

if TYPE_CHECKING:
    from pathlib import Path

    from mlroles.dataset.schema import Rates

SOURCE = "ecb-exchange-rates"
# The last reference rate of a year is published on one of its last days.
_LAST_DAYS = "-12-29"


def read_rates(path: Path) -> dict[tuple[str, str], float]:
    """Return the mean units per US dollar by currency and year."""
    return {
        (row["currency"], row["year"]): float(row["units_per_usd_mean"])
        for row in read_csv(path)
    }


def rates(path: Path, levels: Path) -> Rates:
    """Return the rates of complete years.

    `levels` has the currencies of countries (see `price_levels.countries`).
    """
    complete = {
        row["year"] for row in read_csv(path) if row["last_day"][4:] >= _LAST_DAYS
    }
    years: dict[str, dict[str, float]] = {}
    for (currency, year), rate in read_rates(path).items():
        if year in complete:
            years.setdefault(currency, {})[year] = rate
    currencies = {row["country"]: row["currency"] for row in read_csv(levels)}
    return {"source": SOURCE, "currencies": currencies, "years": years}
