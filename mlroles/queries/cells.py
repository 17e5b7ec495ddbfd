"""What the cells of the survey hold.

A data set keeps the survey as cells: one for each role, year, country, experience
and work mode that has enough records, where None stands for all of them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlroles.dataset.dimensions import CELL, PERCENTILES
from mlroles.queries.rows import Row, pay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.dataset.schema import Cell, Dataset, Role

_RECORDS: Final = 4
_MEAN, _FIRST_PERCENTILE = 5, 6


def survey_row(data: Dataset, role: Role, cell: Cell, period: str) -> Row:
    """A survey row of a cell.

    Its keys are `role title year country experience work_mode records mean p10 p25
    median p75 p90 currency period source`.
    """
    value = dict(zip(CELL, cell, strict=True))
    amounts = {"mean": value["mean"], **_quartiles(value)}
    return {
        "role": role["id"],
        "title": role["title"],
        **{key: value[key] for key in CELL[:_MEAN]},
        **{key: pay(amount, period) for key, amount in amounts.items()},
        "currency": data["currency"],
        "period": period,
        "source": data["survey"] and data["survey"]["source"],
    }


def _quartiles(value: dict[str, Any]) -> dict[str, Any]:
    """The percentiles that rows show, of a cell's values by name."""
    shown = {"p10": "p10", "p25": "p25", "median": "p50", "p75": "p75", "p90": "p90"}
    return {key: value[known] for key, known in shown.items()}


def records_of(cell: Cell) -> int:
    """How many records stand behind a cell."""
    return cell[_RECORDS]


def percentiles_of(cell: Cell) -> list[tuple[int, int]]:
    """A cell's percentiles in ascending order, each with its yearly amount."""
    amounts: Sequence[Any] = cell[_FIRST_PERCENTILE:]
    return list(zip(PERCENTILES, amounts, strict=True))
