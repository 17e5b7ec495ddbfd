"""What machine learning roles do, what they pay, and how they compare.

    >>> import mlroles
    >>> data = mlroles.load()
    >>> mlroles.salary(data)["average_salary"]
    110673

`load` reads the bundled data set or another; every other function takes a data set
and returns plain rows: dictionaries and lists as JSON has them, amounts in the data
set's currency (US dollars a year in the bundled one), None for what is unknown.
A fault is an MlrolesError.
"""

from mlroles.dataset.load import load
from mlroles.errors import DataError, MlrolesError, UsageError
from mlroles.queries.compare import compare
from mlroles.queries.locations import locations
from mlroles.queries.offer import offer
from mlroles.queries.pay import Where
from mlroles.queries.roles import describe, duties, faq, roles, show, sources
from mlroles.queries.salary import salary, salary_by

__all__ = [
    "DataError",
    "MlrolesError",
    "UsageError",
    "Where",
    "compare",
    "describe",
    "duties",
    "faq",
    "load",
    "locations",
    "offer",
    "roles",
    "salary",
    "salary_by",
    "show",
    "sources",
]
__version__ = "0.1.0"
