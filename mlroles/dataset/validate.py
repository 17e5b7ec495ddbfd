"""All validation errors of a data set, with their locations."""

from __future__ import annotations

import json
from itertools import chain, islice
from typing import TYPE_CHECKING

from mlroles.dataset.references import reference_errors
from mlroles.dataset.schema import SCHEMA_VERSION, schema_errors
from mlroles.errors import abridged, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_ERRORS = 1_000


def validation_errors(data: object, duplicates: Iterable[str] = ()) -> list[str]:
    """Return the validation errors of a data set, with their locations.

    `data` is parsed JSON of any shape, and `duplicates` are errors that are known from
    parsing it. A valid data set has no errors: it matches the schema, and everything
    that it refers to exists. Of more than 1,000 errors, these are the first.
    """
    found = chain(duplicates, _errors(data))
    errors = [abridged(each) for each in islice(found, _MAX_ERRORS)]
    if next(found, None):
        errors.append(f"more than {_MAX_ERRORS:,} errors; these are the first")
    return errors


def _errors(data: object) -> Iterable[str]:
    version = data.get("schema_version") if isinstance(data, dict) else SCHEMA_VERSION
    # In Python, 1 equals true and 1.0.
    if type(version) is not int or version != SCHEMA_VERSION:
        # A text may be as long as the file, and a list nested too deeply to print.
        is_value = isinstance(version, str | int | float)
        found = shortened(json.dumps(version), 40) if is_value else "none"
        expected = f"this version of mlroles reads version {SCHEMA_VERSION}"
        return [f"schema_version: {expected}, the file has {found}"]
    return chain(schema_errors(data), reference_errors(data))
