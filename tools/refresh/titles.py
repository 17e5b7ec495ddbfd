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


def listed(data: Dataset, titles: Path, occupations: Path) -> list[dict[str, str]]:
    """Return the titles that O*NET lists under occupations, and their own titles.

    An occupation has the plural of its title: Business Intelligence Analysts.
    """
    own = [
        {
            "role": singular,
            "onet_soc": row["onet_soc"],
            "onet_title": row["title"],
            "source_codes": "",
        }
        for row in read_csv(occupations)
        if data.is_role_name(singular := row["title"].removesuffix("s"))
    ]
    return list(
        {(r["role"], r["onet_soc"]): r for r in [*own, *read_csv(titles)]}.values()
    )


def occupations(
    data: Dataset, titles: list[dict[str, str]], states: Path, more_states: Path
) -> Occupations:
    """Return the occupations of each role, the preferred one first.

    That is the one in which most of O*NET's sources list the title; if several do, the
    one that employs more people, who are counted in `states` and `more_states`.
    `titles` are those that are `listed`.
    """
    employed = {
        row["soc"]: number(row, "employment") or 0
        for row in [*read_csv(states), *read_csv(more_states)]
        if row["state"] == "US"
    }

    def preference(row: dict[str, str]) -> tuple[int, int, str]:
        code, sources = row["onet_soc"], row["source_codes"].split(",")
        return -len(sources), -employed.get(code.partition(".")[0], 0), code

    roles: dict[str, list[str]] = defaultdict(list)
    for row in sorted(titles, key=preference):
        roles[data.role(row["role"])["id"]].append(row["onet_soc"])
    return {
        "source": SOURCE,
        "titles": dict(sorted((row["onet_soc"], row["onet_title"]) for row in titles)),
        "roles": {
            role["id"]: roles[role["id"]] for role in data.roles if role["id"] in roles
        },
    }
