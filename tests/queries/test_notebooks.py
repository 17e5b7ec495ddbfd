"""Answers in notebooks, and rows as data frames."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import mlroles
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


class Tags(HTMLParser):
    """The tags of a document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)


@pytest.mark.parametrize("command", ANSWERS)
def test_notebooks_show_what_the_formats_print(command: str) -> None:
    answer = ANSWERS[command]
    for style, method in (
        ("html", answer._repr_html_), ("markdown", answer._repr_markdown_)
    ):  # fmt: skip
        assert run(*command.split(), "-f", style).stdout == method()


def test_answer_of_rows_is_a_table() -> None:
    answer = ANSWERS["compare mle ds"]
    names = Tags(answer._repr_html_()).names
    assert names.count("table") == 1
    assert names.count("tr") == 3
    assert "| Machine Learning Engineer *" in answer._repr_markdown_()


def test_empty_answer_is_shown() -> None:
    empty = locations(DATA, match=["atlantis"])
    assert empty._repr_html_() == "<p>No places.</p>\n"
    assert empty._repr_markdown_() == "No places.\n"


def test_data_set_cannot_inject_markup(tiny: Any) -> None:
    tiny["roles"][0]["title"] = "<script>alert(1)</script>"
    tiny["roles"][0]["description"] = "<img src=x onerror=alert(1)>"
    names = Tags(show(Dataset(tiny))._repr_html_()).names
    assert not {"script", "img"} & set(names)


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
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("polars")
    page = Path(mlroles.__file__).parents[1] / "docs" / "python.md"
    examples = re.findall("```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert len(examples) == 2
    names: dict[str, Any] = {"mlroles": mlroles, "data": DATA}
    for example in examples:
        exec(example, names)  # noqa: S102 - our own documentation
    frame = names["pd"].DataFrame(mlroles.compare(DATA))
    assert isinstance(frame, pandas.DataFrame)
    assert frame["median"].isna().sum() == 1
