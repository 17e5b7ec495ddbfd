"""What machine learning roles do, what they pay, and how they compare.

    >>> import mlroles
    >>> data = mlroles.load()
    >>> mlroles.salary(data)["average_salary"]
    110673

`load` reads the bundled data set or another one and returns a Dataset, whose attributes
are its parts, such as `data.roles` and `data.countries`. Every other function takes a
data set and returns plain rows: dictionaries and lists as in JSON, amounts in the data
set's currency (US dollars per year in the bundled one), None for unknown values. The
queries that they call, such as `mlroles.queries.salary.salary`, return an Answer,
which also has notes. Errors are MlrolesErrors.
"""

from __future__ import annotations

from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from mlroles.dataset.dataset import Dataset
from mlroles.dataset.load import load
from mlroles.errors import DataError, MlrolesError, UsageError
from mlroles.queries import compare as _compare
from mlroles.queries import locations as _locations
from mlroles.queries import offer as _offer
from mlroles.queries import roles as _roles
from mlroles.queries import salary as _salary
from mlroles.queries.answer import Answer, Filters, renderer

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlroles.queries import employers as _employers
    from mlroles.queries import industries as _industries
    from mlroles.queries import outlook as _outlook
    from mlroles.queries import relocate as _relocate
    from mlroles.queries import skills as _skills

__all__ = [
    "DataError", "Dataset", "Filters", "MlrolesError", "UsageError", "ask", "compare",
    "describe", "duties", "employers", "faq", "industries", "load", "locations",
    "offer", "outlook", "relocate", "roles", "salary", "salary_by", "show", "skills",
    "sources",
]  # fmt: skip
__version__ = "0.1.0"

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _rows(query: Callable[_P, Answer[_T]]) -> Callable[_P, _T]:
    """Return a function that gives the rows of a query's answer."""

    @wraps(query)
    def rows(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        return query(*args, **kwargs).rows

    return rows


def ask(question: str, data: Dataset | None = None) -> Answer[Any]:
    """Answer what people type: `ask("offer 185k ml engineer in austin")`.

    Args:
        question: The name of a command, and the words after it, without options.
        data: A data set; None is the bundled one.

    Raises:
        UsageError: A word is unknown, or a command is not a question.
    """
    from mlroles.cli.ask import ask

    return ask(load() if data is None else data, question)


def _render(answer: Answer[Any], style: str) -> str:
    from mlroles.output.formats import render
    from mlroles.output.layout import Layout

    return render(answer, style, Layout())


# Notebooks ask an answer itself how to show it.
renderer[:] = [_render]

compare = _rows(_compare.compare)
describe = _rows(_roles.describe)
duties = _rows(_roles.duties)
faq = _rows(_roles.faq)
locations = _rows(_locations.locations)
offer = _rows(_offer.offer)
roles = _rows(_roles.roles)
salary = _rows(_salary.salary)
salary_by = _rows(_salary.salary_by)
show = _rows(_roles.show)
sources = _rows(_roles.sources)
if TYPE_CHECKING:
    employers = _rows(_employers.employers)
    industries = _rows(_industries.industries)
    outlook = _rows(_outlook.outlook)
    skills = _rows(_skills.skills)
    relocate = _rows(_relocate.relocate)


def __getattr__(name: str) -> Any:
    """Import a query when it is first used, if only its own command needs it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    function = _rows(getattr(import_module(f"mlroles.queries.{name}"), name))
    globals()[name] = function
    return function
