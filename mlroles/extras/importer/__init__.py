"""Import pay records: records in, pay distributions out. Needs the extra `import`."""

from importlib import import_module
from typing import Any

from mlroles.errors import MlrolesError


def import_extra(module: str) -> Any:
    """Import a module of the extra `import`.

    Raises:
        MlrolesError: It is not installed.
    """
    try:
        return import_module(module)
    except ImportError:
        raise MlrolesError(
            "import requires DuckDB and pycountry. Install them with: "
            "pip install 'duckdb>=2,<3' pycountry"
        ) from None
