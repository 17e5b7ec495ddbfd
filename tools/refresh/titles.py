"""O*NET: the official occupations under which it lists the titles of roles."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from refresh.files import number, read_csv

if TYPE_CHECKING:
    from pathlib import Path

    from mlroles.dataset.dataset import Dataset
    from mlroles.dataset.schema import Occupations

SOURCE = "onet-30"


def occupations(
    data: Dataset, titles: Path, states: Path, more_states: Path
) -> Occupations:
    """Return the occupations of each role, the preferred one first.

    That is the one in which most of O*NET's sources list the title; if several do, the
    one that employs more people, who are counted in `states` and `more_states`.
    """
    employed = {
        row["soc"]: number(row, "employment") or 0
        for row in [*read_csv(states), *read_csv(more_states)]
        if row["state"] == "US"
    }
    listed = read_csv(titles)

    def preference(row: dict[str, str]) -> tuple[int, int, str]:
        code, sources = row["onet_soc"], row["source_codes"].split(",")
        return -len(sources), -employed.get(code.partition(".")[0], 0), code

    roles: dict[str, list[str]] = defaultdict(list)
    for row in sorted(listed, key=preference):
        roles[data.role(row["role"])["id"]].append(row["onet_soc"])
    return {
        "source": SOURCE,
        "titles": dict(sorted((row["onet_soc"], row["onet_title"]) for row in listed)),
        "roles": {
            role["id"]: roles[role["id"]] for role in data.roles if role["id"] in roles
        },
    }
