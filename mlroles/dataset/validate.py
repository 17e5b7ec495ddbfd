"""All validation errors of a data set, with their locations."""

from __future__ import annotations

from mlroles.dataset.references import reference_errors
from mlroles.dataset.schema import SCHEMA_VERSION, schema_errors


def validation_errors(data: object) -> list[str]:
    """Return every validation error of a data set, with its location.

    `data` is parsed JSON of any shape. A valid data set has no errors: it matches the
    schema above, and everything that it refers to exists.
    """
    if isinstance(data, dict) and data.get("schema_version") != SCHEMA_VERSION:
        # An invalid value may be as long as the file.
        found = (
            repr(data["schema_version"])[:40] if "schema_version" in data else "none"
        )
        expected = f"this version of mlroles reads version {SCHEMA_VERSION}"
        return [f"schema_version: {expected}, the file has {found}"]
    return [*schema_errors(data), *reference_errors(data)]
