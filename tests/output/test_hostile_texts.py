"""Texts of a data set stay texts in Markdown, HTML, CSV and TSV."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from functools import cache, reduce
from html import unescape
from operator import getitem
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mlroles.dataset.load import load
from mlroles.dataset.schema import is_name
from mlroles.dataset.validate import validation_errors
from mlroles.output.blocks import (
    Block,
    Facts,
    Figure,
    Heading,
    Items,
    Questions,
    paragraph,
)
from mlroles.output.layout import Layout
from mlroles.output.markup import write
from mlroles.output.page import Page
from mlroles.queries.answer import Answer
from mlroles.questions import COMPARE, Column
from tests.conftest import FULL, TINY, changed, run
from tests.dataset.conftest import complete
from tests.dataset.test_mutants import LINES, parts
from tests.output.parsing import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from markdown_it.token import Token

__all__ = ["complete"]

MARKUP = (
    "<img src=//x.example>", "<script>alert(1)</script>", "![y](http://x.example/p)",
    "[y](http://x.example)", "<http://x.example>", "&lt;b&gt; &#33;", "`code`", "**b**",
    "_e_ __e__ a_b_", "~~s~~", "a | b", "back\\slash\\", "# h", "> q", "1. x", "1) x",
    "<!-- c", "]]> <![CDATA[", "[y]: http://x.example", "```", "***", "\\[y](x)",
    "&amp", "x'\"><b onclick=x>", "2) <b>", "| a | b |", "</p><a href=x>", "</style>",
    "x,=1+1", "x; '@y'",
)  # fmt: skip
# What pages consist of.
TOKENS = {
    "heading", "paragraph", "ordered_list", "bullet_list", "list_item", "strong",
    "table", "thead", "tbody", "tr", "th", "td", "inline", "text", "softbreak",
}  # fmt: skip
TAGS = {
    "h1", "h2", "p", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr",
    "th", "td",
}  # fmt: skip
DOCUMENT = TAGS | {
    "html", "head", "meta", "title", "style", "body", "main", "svg", "line", "rect",
    "text", "div", "span", "strong", "a",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "name", "content", "http-equiv", "class", "data-label", "style",
    "aria-hidden", "href", "rel", "x", "x1", "x2", "y", "y1", "y2", "width", "height",
    "text-anchor",
}  # fmt: skip
RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@cache
def infected(text: str, first: int) -> Any:
    """Return a data set whose texts begin with markup, another one at each place."""
    data = complete = json.loads(text)
    count = 0
    for number, path in enumerate(parts(complete)):
        value = reduce(getitem, path, complete)
        if isinstance(value, str):
            markup = MARKUP[(number + first) % len(MARKUP)]
            attempt = changed(data, *path, value=f"{markup} {value}")
            if not validation_errors(attempt):
                data, count = attempt, count + 1
    assert count > 50
    return data


@pytest.fixture(params=range(0, len(MARKUP), 9))
def hostile(request: pytest.FixtureRequest, complete: Any, saved: Any) -> str:
    """Return the path of a data set with markup in its texts."""
    return str(saved(infected(json.dumps(complete), request.param)))


def commands() -> Iterator[list[str]]:
    """Yield command lines that find what they name in the data set."""
    yield from (line.split() for line in LINES.split(";"))


def tokens(of: Iterable[Token]) -> Iterator[Token]:
    for token in of:
        yield token
        yield from tokens(token.children or [])


def rendered(markdown: str) -> list[str]:
    """Return the texts of a page, which has nothing that a page has not."""
    found = list(tokens(RENDERER.parse(markdown)))
    kinds = {re.sub("_(open|close)$", "", token.type) for token in found}
    assert kinds <= TOKENS
    return [token.content for token in found if token.type == "text"]


def test_no_command_passes_markup_through(hostile: str) -> None:
    for line in commands():
        page = run(*line, "--format", "markdown", "--data", hostile)
        rendered(page.stdout)
        html = Document(run(*line, "--format", "html", "--data", hostile).stdout)
        assert TAGS.issuperset(html.tags)
        assert set(html.attributes) <= {"style"}


def test_documents_consist_of_their_own_tags(hostile: str, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    words = ["show", "-o", str(file), "--sections", "all", "--data", hostile]
    assert run(*words).exit_code == 0
    html = Document(file.read_text(encoding="utf-8"))
    assert DOCUMENT.issuperset(html.tags)
    assert set(html.attributes) <= ATTRIBUTES
    assert {*html.attributes.get("href", [])} <= {"https://guild.example/pay"}
    assert any(text in html.text for text in MARKUP)


PIECES = st.sampled_from(
    [*MARKUP, *r"\`*_[]<>&~|#+-.)(!:;1a=", " ", "&copy;", "http://x"]
)
TEXTS = st.lists(PIECES, min_size=1, max_size=6).map("".join).map(str.strip)


@given(TEXTS.filter(bool))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    data = load(TINY)
    row = {"title": text, "currency": "USD"}
    page = Page(Answer(COMPARE, [row], data))
    columns = [Column("title", heading="Role"), Column("currency", heading="Unit")]
    blocks: list[Block] = [
        Heading(text),
        paragraph(text, text),
        Items([text]),
        Facts([("Label", text), ("", text), (text, "x")]),
        Questions([(text, text)]),
        Figure(page, [row], columns),
    ]
    expected = " ".join(text.split())
    shown = "\n".join(rendered(write(blocks, Layout(markup="markdown"))))
    assert " ".join(shown.split()).count(expected) >= 10
    html = write(blocks, Layout(markup="html"))
    assert TAGS.issuperset(Document(html).tags)
    assert " ".join(unescape(html).split()).count(expected) >= 10


SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
FORMULA = re.compile(rf"[\s\"'\u200c\u200d\ufe0f]*[{SIGNS}]")


@pytest.mark.parametrize("style", ["csv", "tsv"])
def test_no_cell_is_a_formula(style: str, hostile: str) -> None:
    # In countries with a decimal comma, spreadsheets read semicolons.
    cells: dict[str, set[str]] = {",": set(), ";": set(), "\t": set()}
    for line in commands():
        text = run(*line, "--format", style, "--data", hostile).stdout.splitlines()
        for separator, found in cells.items():
            found.update(*csv.reader(text, delimiter=separator))
    for found in cells.values():
        begun = [cell for cell in found if FORMULA.match(cell)]
        # Only numbers have a sign.
        assert [c for c in begun if not re.match(r"-[0-9.]+(,|$)", c)] == []
        assert len(found) > 100


@settings(max_examples=500)
@given(st.text("=+-@\uff1d,;\"' \u00a0\u3000\u200d\ufe0fa1(", min_size=1, max_size=9))
def test_no_part_of_a_valid_text_is_a_formula(text: str) -> None:
    # Spreadsheets may read several separators, whichever the file has.
    first, *others = re.split("[,;]", text)
    if is_name(text):
        assert not re.match(rf"[\s\u200d\ufe0f]*[{SIGNS}]", first)
        assert not any(map(FORMULA.match, others))


@pytest.mark.skipif(
    not (FULL and shutil.which("soffice")), reason="needs CI_FULL and LibreOffice"
)
def test_libreoffice_reads_no_formula(hostile: str, tmp_path: Path) -> None:
    control = tmp_path / "control.csv"
    control.write_text("=1+1\n", encoding="utf-8")
    files = [control]
    for style in ("csv", "tsv"):
        files.append(tmp_path / f"all.{style}")
        texts = [run(*c, "-f", style, "--data", hostile).stdout for c in commands()]
        files[-1].write_text("".join(texts), encoding="utf-8")
    for file in files:
        # A comma, a semicolon or a tab; a quote; UTF-8; from the first line.
        subprocess.run(
            [
                "soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/x",
                "--infilter=CSV:44/59/9,34,76,1,,0,false,true", "--convert-to", "fods",
                "--outdir", str(tmp_path), str(file),
            ],
            check=True,
            capture_output=True,
        )  # fmt: skip
        sheet = (tmp_path / f"{file.stem}.fods").read_text(encoding="utf-8")
        assert ("table:formula=" in sheet) == (file == control)
