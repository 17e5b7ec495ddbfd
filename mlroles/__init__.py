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

from mlroles.compare import compare
from mlroles.dataset import load
from mlroles.errors import DataError, MlrolesError, UsageError
from mlroles.offer import offer
from mlroles.places import locations
from mlroles.roles import describe, duties, faq, roles, show, sources
from mlroles.salary import salary, salary_by
from mlroles.survey import Where

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
