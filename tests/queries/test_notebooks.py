"""Answers in notebooks, and rows as data frames."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import mlroles
from mlroles import api
from mlroles.dataset.dataset import Dataset
from mlroles.queries.compare import compare
from mlroles.queries.employers import employers
from mlroles.queries.locations import locations
from mlroles.queries.offer import offer
from mlroles.queries.outlook import outlook
from mlroles.queries.roles import describe, faq, show, sources
from mlroles.queries.salary import salary, salary_by
from tests.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlroles.queries.answer import Answer

DATA = mlroles.load()
ANSWERS: dict[str, Answer[Any]] = {
    "show": show(DATA), "describe ds": describe(DATA, "ds"), "faq": faq(DATA),
    "sources": sources(DATA), "salary": salary(DATA),
    "salary --by experience": salary_by(DATA, "experience"),
    "compare mle ds": compare(DATA, ["mle", "ds"]),
    "locations ds -n 3": locations(DATA, "ds", limit=3),
    "employers ds -n 3": employers(DATA, "ds", limit=3),
    "offer 150k": offer(DATA, 150_000), "outlook": outlook(DATA),
}  # fmt: skip


@pytest.mark.parametrize("command", ANSWERS)
def test_notebooks_show_what_the_formats_print(command: str) -> None:
    answer = ANSWERS[command]
    for style, method in (
        ("html", answer._repr_html_), ("markdown", answer._repr_markdown_)
    ):  # fmt: skip
        printed = run(*command.split(), "-f", style).stdout
        # A reader of a notebook has no command line.
        if re.search("--[a-z]{3}|mlroles [a-z]", printed):
            assert not re.search("--[a-z]{3}|mlroles [a-z]", method())
            assert method()[:500] == printed[:500]
        else:
            assert method() == printed
        assert mlroles.render(answer, style) == method()


def test_empty_answer_is_shown() -> None:
    empty = locations(DATA, match=["atlantis"])
    assert empty._repr_html_() == "<p>No places.</p>\n"
    assert empty._repr_markdown_() == "No places.\n"


def test_rows_are_data_frames() -> None:
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    for answer in ANSWERS.values():
        rows = answer.rows
        if isinstance(rows, list):
            keys = list(rows[0])
            assert list(pandas.DataFrame(rows)) == keys
            frame = polars.DataFrame(rows, infer_schema_length=None)
            assert (frame.columns, frame.height) == (keys, len(rows))
            assert frame.to_dicts() == rows


def test_examples_of_the_documentation_run() -> None:
    pytest.importorskip("polars")
    page = Path(mlroles.__file__).parents[1] / "docs" / "python.md"
    examples = re.findall("```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    # cog runs the others.
    assert len(examples) == 1
    names: dict[str, Any] = {"mlroles": mlroles}
    for example in examples:
        exec(example, names)  # noqa: S102 - our own documentation


@pytest.mark.parametrize("name", sorted(set(mlroles.__all__) - {"load", "render"}))
def test_functions_take_a_data_set_or_none(name: str) -> None:
    function: Any = getattr(mlroles, name)
    if not hasattr(function, "__wrapped__"):
        return
    required: dict[str, tuple[list[Any], dict[str, Any]]] = {
        "offer": ([150_000], {}),
        "relocate": ([150_000], {"from_place": "austin", "to_places": "denver"}),
        "salary_by": (["year"], {}),
    }
    args, options = required.get(name, ([], {}))
    rows = function(*args, **options)
    assert rows == function(DATA, *args, **options)
    assert rows == function(*args, **options, data=DATA)
    # A row is a copy.
    shown = rows[0] if isinstance(rows, list) else rows
    key = next(iter(shown))
    shown[key] = "changed"
    again = function(*args, **options)
    assert (again[0] if isinstance(again, list) else again)[key] != "changed"


def test_another_data_set_is_asked(tiny: Any) -> None:
    data = Dataset(tiny)
    assert mlroles.roles(data) != mlroles.roles()
    assert mlroles.ask("roles", data).rows == mlroles.roles(data)


WRONG: dict[str, tuple[Callable[..., Any], list[Any], dict[str, Any]]] = {
    "role must be a text, not 5.": (mlroles.salary, [5], {}),
    "role must be a text, not ['ds'].": (mlroles.salary, [DATA, ["ds"]], {}),
    "roles must be a text or a list of texts, not [1].": (mlroles.compare, [[1]], {}),
    "roles must be a text or a list of texts, not {}.": (mlroles.compare, [{}], {}),
    "amount must be a number, not '150k'.": (mlroles.offer, ["150k"], {}),
    "amount must be a number, not True.": (mlroles.offer, [True], {}),
    "limit must be a whole number, not 2.5.": (mlroles.skills, [], {"limit": 2.5}),
    "real must be True or False, not 1.": (mlroles.salary, [], {"real": 1}),
    "filters must be mlroles.Filters, not {'year': 2025}.": (
        mlroles.salary, [], {"filters": {"year": 2025}},
    ),
    "year must be a whole number, not '2025'.": (
        mlroles.salary, [], {"filters": mlroles.Filters(year="2025")},  # type: ignore[arg-type]
    ),
    "data must be a Dataset, as mlroles.load returns it, not 'mine.json'.": (
        mlroles.salary, [], {"data": "mine.json"},
    ),
    "answer must be an answer of mlroles.ask, not {}.": (mlroles.render, [{}], {}),
    "question must be a text, not 5.": (mlroles.ask, [5], {}),
    "width must be a whole number, not '80'.": (
        mlroles.render, [ANSWERS["salary"]], {"width": "80"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("message", WRONG)
def test_arguments_of_wrong_types_are_refused(message: str) -> None:
    function, args, options = WRONG[message]
    with pytest.raises(mlroles.UsageError) as caught:
        function(*args, **options)
    assert str(caught.value) == message
    assert caught.value.argument == message.partition(" ")[0]


def test_help_says_that_the_data_set_can_be_omitted() -> None:
    signature = inspect.signature(mlroles.offer)
    assert next(iter(signature.parameters)) == "amount"
    assert signature.parameters["data"].default is None
    assert signature.return_annotation == "Row"


def test_every_type_of_an_argument_is_known() -> None:
    known = vars(api)["_NAMES"]
    for name in mlroles.__all__:
        function = getattr(getattr(mlroles, name), "__wrapped__", None)
        for key, kind in (function.__annotations__ if function else {}).items():
            if key not in {"data", "return"}:
                assert {*kind.split(" | ")} <= {*known, "None"}, (name, key)


def test_numbers_of_other_libraries_are_numbers() -> None:
    numpy = pytest.importorskip("numpy")
    percentile = mlroles.offer(150_000)["percentile"]
    for kind in (numpy.int64, numpy.float64):
        assert mlroles.offer(kind(150_000))["percentile"] == percentile
    assert len(mlroles.skills(limit=numpy.int64(2))) == 2
    # Names may come from anywhere.
    assert len(mlroles.compare(name for name in ("mle", "ds"))) == 2


def test_the_module_lists_its_names() -> None:
    assert {*mlroles.__all__} <= {*dir(mlroles)}
    assert "__version__" in dir(mlroles)


@pytest.mark.parametrize("style", ["json", "CSV", "md"])
def test_answers_are_rendered_in_any_format(style: str) -> None:
    printed = run("compare", "mle", "ds", "-f", style).stdout
    assert mlroles.render(ANSWERS["compare mle ds"], style) == printed


def test_a_width_and_details_are_rendered() -> None:
    answer = ANSWERS["salary"]
    narrow = mlroles.render(answer, width=50, details=True)
    assert max(map(len, narrow.splitlines())) <= 50
    assert len(narrow) > len(mlroles.render(answer))
