"""H-1B filings by employer: under official occupations, by metro area, and by title."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from mlroles.dataset.dimensions import EMPLOYER_COLUMNS, MIN_RECORDS
from refresh import records
from refresh.files import number, read_csv
from refresh.places import OCCUPATIONS

if TYPE_CHECKING:
    from pathlib import Path

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import Employers, EmployerTitles
    from refresh.files import Row

SOURCE = "lca-employers-fy2025"


def employers(
    data: Dataset,
    by_occupation: Path,
    by_metro: Path,
    by_title: Path,
    *,
    of_records: list[Row],
) -> Employers:
    """Return the pay by employer, for those with at least MIN_RECORDS filings.

    Employers whose filings under an occupation state one wage (`flat`) are omitted:
    it is the wage that the rules require, not what they pay. Filings by title are
    known for the five employers with the most of them, however few; those of other
    roles are computed from single filings (see `records.by_employer`).
    """
    national, metros = read_csv(by_occupation), read_csv(by_metro)
    flat = {(row["soc"], row["employer"]) for row in national if row["flat"] == "yes"}
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in [*national, *metros]:
        is_flat = (row["soc"], row["employer"]) in flat
        if int(row["filings"]) >= MIN_RECORDS and not is_flat:
            rows[row["soc"]].append(_employer(row))
    titles: dict[str, EmployerTitles] = {}
    for source, floor, of_source in (
        (SOURCE, 1, read_csv(by_title)),
        (records.SOURCE, MIN_RECORDS, of_records),
    ):
        for row in of_source:
            titles.setdefault(
                data.role(row["role"])["id"],
                {"source": source, "min_records": floor, "rows": []},
            )["rows"].append(_employer(row))
    return {
        "source": SOURCE,
        "columns": list(EMPLOYER_COLUMNS),
        "metros": dict(sorted((row["cbsa"], row["metro"]) for row in metros)),
        "tables": [
            {
                "code": code,
                "title": OCCUPATIONS[code],
                # Those of the whole country first.
                "rows": sorted(
                    rows[code],
                    key=lambda row: (row[1] or "", row[0].casefold(), row[0]),
                ),
            }
            for code in sorted(rows)
        ],
        "titles": {
            role["id"]: titles[role["id"]]
            for role in data.roles
            if role["id"] in titles
        },
    }


def filings(table: Employers) -> int:
    """Return the number of filings under occupations in the whole country."""
    return sum(
        filed
        for each in table["tables"]
        for _, metro, filed, *_ in each["rows"]
        if metro is None
    )


def _employer(row: Row) -> Any:
    """Return an employer as EMPLOYER_COLUMNS; without a metro area, in all of them."""
    return [
        row["employer"], row.get("cbsa"), number(row, "filings"), number(row, "p25"),
        number(row, "median"), number(row, "p75"),
    ]  # fmt: skip
