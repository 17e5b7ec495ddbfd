"""All validation errors of a data set, with their locations."""

from __future__ import annotations

import json

from mlroles.dataset.references import reference_errors
from mlroles.dataset.schema import SCHEMA_VERSION, schema_errors
from mlroles.errors import shortened


def validation_errors(data: object) -> list[str]:
    """Return every validation error of a data set, with its location.

    `data` is parsed JSON of any shape. A valid data set has no errors: it matches the
    schema above, and everything that it refers to exists.
    """
    version = data.get("schema_version") if isinstance(data, dict) else SCHEMA_VERSION
    # In Python, 1 equals true and 1.0.
    if type(version) is not int or version != SCHEMA_VERSION:
        # A text may be as long as the file, and a list nested too deeply to print.
        is_value = isinstance(version, str | int | float)
        found = shortened(json.dumps(version), 40) if is_value else "none"
        expected = f"this version of mlroles reads version {SCHEMA_VERSION}"
        return [f"schema_version: {expected}, the file has {found}"]
    return [*schema_errors(data), *reference_errors(data)]
