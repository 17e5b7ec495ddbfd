"""What machine learning roles do, what they pay, and how they compare.

    >>> import mlroles
    >>> mlroles.salary("ds")["median"]
    155000
    >>> mlroles.ask("offer 185k ds austin").rows["percentile"]
    89

Each question is a function that returns plain rows: dictionaries and lists as in JSON,
amounts in the data set's currency (US dollars per year in the bundled one), None for
unknown values. `load` reads another data set, which is then the first argument:
`mlroles.salary(data, "ds")`. `ask` returns an Answer, which has rows and notes, which
notebooks show, and which `render` writes in other formats. Errors are MlrolesErrors.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlroles.api import *  # noqa: F403

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import the API when it is first used: a command needs little of it."""
    api = import_module("mlroles.api")
    if name == "__all__" or name in api.__all__:
        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the names of the module, also those that are not imported yet."""
    return sorted({*globals(), *import_module("mlroles.api").__all__})
