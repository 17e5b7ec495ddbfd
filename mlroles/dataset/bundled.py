"""The files of the package: those of the bundled data set, and others."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.abc import ResourceLoader

    from mlroles.dataset.schema import Pay, PayGroup


@cache
def read_table(name: str) -> Any:
    """Return a file in tables/ of the bundled data set, which must not be changed."""
    return json.loads(read(f"tables/{name}.json"))


class PayGroups(Mapping[str, "list[PayGroup]"]):
    """The pay groups of a data set by the id of their role.

    Each role of the bundled data set has a file, which is read when it is used: most
    questions are about few roles.
    """

    def __init__(self, pay: Pay | None) -> None:
        self._own = pay["groups"] if pay else {}
        self._bundled = pay.get("bundled", {}) if pay else {}

    def __getitem__(self, role_id: str) -> list[PayGroup]:
        """Return the pay groups of a role."""
        groups: list[PayGroup] = (
            read_table(f"pay/{role_id}")
            if role_id in self._bundled
            else self._own[role_id]
        )
        return groups

    def __iter__(self) -> Iterator[str]:
        """Return the ids of the roles."""
        return iter({**self._bundled, **self._own})

    def __len__(self) -> int:
        """Return the number of roles."""
        return len({**self._bundled, **self._own})

    @property
    def years(self) -> set[int | None]:
        """The years of all groups; None is an unknown one."""
        of_bundled = chain.from_iterable(self._bundled.values())
        return {*of_bundled, *(group[0] for of in self._own.values() for group in of)}


def read_text(file: str) -> str:
    """Return a text of the package (see `read`)."""
    return read(file).decode()


def read(file: str) -> bytes:
    """Return the content of a file of the package, such as `data.json`.

    Raises:
        OSError: There is no such file.
    """
    # The loader also reads from a package inside a zip file.
    package = os.path.dirname(os.path.dirname(__file__))
    loader = cast("ResourceLoader", __spec__.loader)
    return loader.get_data(os.path.join(package, *file.split("/")))


def bundled_years() -> dict[str, list[int]]:
    """Return the years of the pay groups of the bundled data set, by role."""
    years: dict[str, list[int]] = json.loads(read("data.json"))["pay"]["bundled"]
    return years
