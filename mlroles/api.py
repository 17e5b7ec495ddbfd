"""The Python API, which programs import from `mlroles`: a function per question."""

from __future__ import annotations

from functools import cache, wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from mlroles.dataset.dataset import Dataset
from mlroles.dataset.load import load
from mlroles.errors import Argument, DataError, MlrolesError, UsageError, quoted
from mlroles.queries import compare as _compare
from mlroles.queries import employers as _employers
from mlroles.queries import industries as _industries
from mlroles.queries import locations as _locations
from mlroles.queries import offer as _offer
from mlroles.queries import outlook as _outlook
from mlroles.queries import relocate as _relocate
from mlroles.queries import roles as _roles
from mlroles.queries import salary as _salary
from mlroles.queries import skills as _skills
from mlroles.queries.answer import Answer, Filters, renderer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Concatenate, Protocol, overload

__all__ = [
    "Answer", "DataError", "Dataset", "Filters", "MlrolesError", "UsageError", "ask",
    "compare", "describe", "duties", "employers", "faq", "industries", "load",
    "locations", "offer", "outlook", "relocate", "render", "roles", "salary",
    "salary_by", "show", "skills", "sources",
]  # fmt: skip
_P = ParamSpec("_P")
_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)

if TYPE_CHECKING:

    class _Function(Protocol[_P, _T_co]):
        """A query whose first argument, a data set, can be omitted."""

        @overload
        def __call__(
            self, data: Dataset, /, *args: _P.args, **kwargs: _P.kwargs
        ) -> _T_co: ...
        @overload
        def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _T_co: ...


@cache
def _bundled() -> Dataset:
    return load()


def _rows(query: Callable[Concatenate[Dataset, _P], Answer[_T]]) -> _Function[_P, _T]:
    """Return a function that gives the rows of a query's answer."""

    @wraps(query)
    def rows(*args: Any, **kwargs: Any) -> _T:
        data: object = kwargs.pop("data", None)
        if args and isinstance(args[0], Dataset):
            data, args = args[0], args[1:]
        _, *names = query.__annotations__
        # Python itself reports too many arguments.
        given = dict(zip(names, args, strict=False)) | kwargs
        _check(query.__annotations__, given)
        return query(_dataset(data), *args, **kwargs).rows

    vars(rows)["__signature__"] = _signature(query)
    return rows


def _signature(query: Callable[..., Any]) -> Signature:
    """Return the signature of a query whose data set can be omitted, for `help`."""
    _, *parameters = signature(query).parameters.values()
    data = Parameter(
        "data", Parameter.KEYWORD_ONLY, default=None, annotation="Dataset | None"
    )
    rows = query.__annotations__["return"].removeprefix("Answer[").removesuffix("]")
    return Signature([*parameters, data], return_annotation=rows)


def _dataset(data: object) -> Dataset:
    """Return a data set, which is the bundled one if there is none."""
    if data is None:
        return _bundled()
    if not isinstance(data, Dataset):
        text = f" must be a Dataset, as mlroles.load returns it, not {quoted(data)}."
        raise UsageError(Argument("data"), text, argument="data")
    return data


def _check(kinds: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Check the types of arguments by the annotations of a function.

    Raises:
        UsageError: An argument has another type.
    """
    for name, value in values.items():
        kind = kinds.get(name, "Any")
        names = (kind if isinstance(kind, str) else str(kind)).split(" | ")
        if "Any" not in names and not any(_is_a(each, value) for each in names):
            known = [_NAMES[each] for each in names if each in _NAMES]
            text = f" must be {' or '.join(known)}, not {quoted(value)}."
            raise UsageError(Argument(name), text, argument=name)
        if isinstance(value, Filters):
            _check(Filters.__annotations__, value._asdict())


# What the types of arguments are called.
_NAMES = {
    "str": "a text", "int": "a whole number", "float": "a number",
    "bool": "True or False", "Filters": "mlroles.Filters",
    "Iterable[str]": "a list of texts", "Answer[Any]": "an answer of mlroles.ask",
}  # fmt: skip


def _is_a(kind: str, value: object) -> bool:
    """Return whether a value has a type, by its name in an annotation."""
    from numbers import Integral, Real

    match kind:
        case "int" | "float":
            # NumPy's as well. In Python, True is a number.
            number = Integral if kind == "int" else Real
            return isinstance(value, number) and not isinstance(value, bool)
        case "Iterable[str]":
            if isinstance(value, list | tuple | set | frozenset):
                return all(isinstance(each, str) for each in value)
            return hasattr(value, "__iter__") and not isinstance(value, dict | bytes)
        case "None":
            return value is None
        case _:
            types = {
                "str": str,
                "bool": bool,
                "Filters": Filters,
                "Answer[Any]": Answer,
            }
            return isinstance(value, types[kind])


def ask(question: str, data: Dataset | None = None) -> Answer[Any]:
    """Answer what people type: `ask("offer 185k ml engineer in austin")`.

    Args:
        question: The name of a command, and the words after it, without options.
        data: A data set; None is the bundled one.

    Raises:
        UsageError: A word is unknown, or a command is not a question.
    """
    from mlroles.cli.ask import ask

    _check({"question": "str"}, {"question": question})
    return ask(_dataset(data), question)


def render(
    answer: Answer[Any],
    style: str = "table",
    *,
    width: int = 80,
    details: bool = False,
) -> str:
    """Return an answer as a text in a format.

    Args:
        answer: What `ask` or a query such as `mlroles.queries.salary.salary` returns.
        style: `table`, `json`, `jsonl`, `csv`, `tsv`, `markdown` or `html`.
        width: The columns that a table may have.
        details: Whether to say how figures were made, and why they differ.

    Raises:
        UsageError: There is no such format.
    """
    from mlroles.output import formats
    from mlroles.output.layout import Layout

    values = {"answer": answer, "style": style, "width": width, "details": details}
    _check(render.__annotations__, values)
    layout = Layout(width, details=details, commands=False)
    return formats.render(answer, formats.find_format(style), layout)


# Notebooks ask an answer itself how to show it.
renderer[:] = [render]

compare = _rows(_compare.compare)
describe = _rows(_roles.describe)
duties = _rows(_roles.duties)
employers = _rows(_employers.employers)
faq = _rows(_roles.faq)
industries = _rows(_industries.industries)
locations = _rows(_locations.locations)
offer = _rows(_offer.offer)
outlook = _rows(_outlook.outlook)
relocate = _rows(_relocate.relocate)
roles = _rows(_roles.roles)
salary = _rows(_salary.salary)
salary_by = _rows(_salary.salary_by)
show = _rows(_roles.show)
skills = _rows(_skills.skills)
sources = _rows(_roles.sources)
