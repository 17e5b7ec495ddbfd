"""Blocks of a page, and whole pages, for a terminal, in Markdown and in HTML."""

from __future__ import annotations

from typing import Any

import pytest

from mlroles.dataset.load import load
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
from tests.conftest import TINY, run

DATA = load(TINY)
COLUMNS = [
    Column("title", heading="Role"),
    Column("pay", "money", heading="Pay", hide=1),
]


def text_of(markup: str, layout: Layout | None = None) -> str:
    """Return a page with one of each block in a markup."""
    row = {"title": "R&D", "pay": 1, "currency": "USD"}
    page = Page(Answer(COMPARE, [row], DATA))
    blocks: list[Block] = [
        Heading("R&D <x>"),
        Heading("Part", 2),
        paragraph("100 % a year", "b_c"),
        Items(["One", "Two"]),
        Facts([("Id", "x"), ("Caveats", "y"), ("", "z & w")]),
        Questions([("Why?", "So.")]),
        Figure(page, [row], COLUMNS),
    ]
    return write(blocks, (layout or Layout())._replace(markup=markup))


PLAIN = """\
R&D <x>

Part
----

100 % a year
b_c

1. One
2. Two

Id       x
Caveats  y
         z & w

Why?
  So.

Role    Pay
------  -----
R&D     $1"""
MARKDOWN = r"""# R&D \<x>

## Part

100 % a year

b_c

1. One
2. Two

- **Id:** x
- **Caveats:** y
  z & w

**Why?**

So.

| Role | Pay |
|:-----|----:|
| R&D  |  $1 |"""
HTML = """\
<h1>R&amp;D &lt;x&gt;</h1>

<h2>Part</h2>

<p>100 % a year</p>
<p>b_c</p>

<ol>
<li>One</li>
<li>Two</li>
</ol>

<dl>
<dt>Id</dt>
<dd>x</dd>
<dt>Caveats</dt>
<dd>y</dd>
<dd>z &amp; w</dd>
</dl>

<dl>
<dt>Why?</dt>
<dd>So.</dd>
</dl>

<table>
<thead>
<tr><th>Role</th><th style="text-align: right;">Pay</th></tr>
</thead>
<tbody>
<tr><td>R&amp;D </td><td style="text-align: right;"> $1</td></tr>
</tbody>
</table>"""


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("", PLAIN.replace("Role    Pay\n------  -----\nR&D     $1",
                           "Role  Pay\n----  ---\nR&D    $1")),
        ("markdown", MARKDOWN),
        ("html", HTML),
    ],
    ids=["terminal", "markdown", "html"],
)  # fmt: skip
def test_blocks(markup: str, expected: str) -> None:
    assert text_of(markup) == f"{expected}\n"


def test_hidden_columns_are_listed_below_the_table() -> None:
    assert text_of("", Layout(width=8)).endswith(
        "\n\nRole\n----\nR&D\nHidden columns\n(terminal too\nnarrow): Pay.\n"
    )


@pytest.mark.parametrize(
    ("style", "heading"), [("markdown", "## Duties"), ("html", "<h2>Duties</h2>")]
)
def test_show_has_headings_in_documents(style: str, heading: str) -> None:
    lines = run("show", "-f", style).stdout.splitlines()
    assert heading in lines
    assert not lines[lines.index(heading) + 1]


def test_no_questions_in_markdown(tiny: Any, saved: Any) -> None:
    result = run("faq", "florist", "-f", "markdown", "--data", saved(tiny))
    assert result.stdout == "No questions.\n"


def test_notes_are_not_lists() -> None:
    # A line that starts with an asterisk would be an item of a list.
    for command in ("roles", "compare"):
        lines = run(command, "-f", "markdown").stdout.splitlines()
        assert not any(line.startswith("*") for line in lines)
