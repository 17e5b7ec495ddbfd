"""Price levels: what life costs in a place, relative to the United States (100).

US metro areas and states have the Regional Price Parities of the US Bureau of Economic
Analysis; countries have a level from the purchasing power parity of households (World
Bank) and the mean exchange rate (European Central Bank) of its year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlroles.dataset.dimensions import PRICE_PART_COLUMNS, PRICE_PARTS
from refresh.files import read_csv
from refresh.rates import read_rates

if TYPE_CHECKING:
    from pathlib import Path

    from mlroles.dataset.schema import PriceLevels, PricePart, PriceParts

PARITIES, PURCHASING_POWER = "bea-rpp-2024", "world-bank-ppp-2025"
# A country with pay records, whose purchasing power the World Bank does not give.
WITHOUT_LEVEL = {"AR": "Argentina"}
_DIGITS = 3


def areas(metros: Path, states: Path) -> list[PriceLevels]:
    """Return the price parities of metro areas and of states."""
    return [
        {
            "level": "metro",
            "source": PARITIES,
            "rows": [
                (
                    row["cbsa"],
                    row["metro"].removesuffix(" Metropolitan Statistical Area"),
                    float(row["rpp_2024"]),
                )
                for row in read_csv(metros)
                if row["state"] != "US"
            ],
        },
        {
            "level": "state",
            "source": PARITIES,
            "rows": [
                (row["state"], row["name"], float(row["rpp_2024"]))
                for row in read_csv(states)
                if row["state"] != "US"
            ],
        },
    ]


def parts(metros: Path, states: Path) -> list[PriceParts]:
    """Return the parts of the price parities of metro areas and of states."""

    def rows(path: Path, code: str) -> list[PricePart]:
        keys = [f"{part}_2024" for part in PRICE_PARTS]
        return [
            (row[code], *(float(row[key]) for key in keys))  # type: ignore[misc] # four
            for row in read_csv(path)
            if row["state"] != "US"
        ]

    columns = list(PRICE_PART_COLUMNS)
    return [
        {"level": "metro", "columns": columns, "rows": rows(metros, "cbsa")},
        {"level": "state", "columns": columns, "rows": rows(states, "state")},
    ]


def countries(parities: Path, rates: Path) -> PriceLevels:
    """Return the price levels of countries: 100 * parity / exchange rate.

    Countries whose currency has no exchange rate are omitted.
    """
    known = {("USD", row["year"]): 1.0 for row in read_csv(parities)}
    known |= read_rates(rates)
    return {
        "level": "country",
        "source": PURCHASING_POWER,
        "rows": [
            (
                row["country"],
                row["name"],
                round(
                    100
                    * float(row["ppp_household_lcu_per_intl_dollar"])
                    / known[row["currency"], row["year"]],
                    _DIGITS,
                ),
            )
            for row in read_csv(parities)
            if (row["currency"], row["year"]) in known
        ],
    }


def names(parities: Path) -> dict[str, str]:
    """Return the names of countries by code, also of those without a price level."""
    return {row["country"]: row["name"] for row in read_csv(parities)} | WITHOUT_LEVEL
