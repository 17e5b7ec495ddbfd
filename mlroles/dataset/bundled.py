"""The files of the package: those of the bundled data set, and others."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from importlib.abc import ResourceLoader

    from mlroles.dataset.dimensions import TableName


@cache
def read_table(name: TableName) -> Any:
    """Return a table of the bundled data set, which callers must not change."""
    return json.loads(read(f"tables/{name}.json"))


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
