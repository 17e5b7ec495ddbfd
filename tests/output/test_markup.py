"""Blocks of a page, and whole pages, in markup languages."""

from __future__ import annotations

from typing import Any

import pytest

from mlroles.dataset.load import load
from mlroles.output.columns import Column
from mlroles.output.formats import Layout
from mlroles.output.markup import new_page
from mlroles.queries.answer import Answer, Labels
from tests.conftest import TINY, rows, run

LABELS = Labels(load(TINY))
COLUMNS = [Column("title", "Role"), Column("pay", "Pay", "money", hide=1)]


def blocks(markup: str, layout: Layout | None = None) -> list[str]:
    """Return one of each block of a page in a markup."""
    row = {"title": "R&D", "pay": 1, "currency": "USD"}
    layout = layout or Layout()
    page = new_page(Answer("compare", [row], LABELS), layout._replace(markup=markup))
    return [
        page.heading("R&D <x>"),
        page.heading("Part", 2),
        page.paragraph("100 % a year", "b_c"),
        page.items(["One", "Two"]),
        page.facts([("Id", "x"), ("Caveats", "y"), ("", "z & w")]),
        page.questions([("Why?", "So.")]),
        page.figure([row], COLUMNS)[0],
    ]


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
MARKDOWN = """\
# R&D <x>

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
LATEX = r"""\section*{R\&D \ensuremath{<}x\ensuremath{>}}

\subsection*{Part}

100 \% a year

b\_c

1. One

2. Two

Id: x

Caveats: y

z \& w

Why?

So.

\begin{tabular}{lr}
\hline
 Role & Pay \\
\hline
 R\&D  &  \$1 \\
\hline
\end{tabular}"""
ORG = """\
R&D <x>

Part

100 % a year

b_c

1. One

2. Two

Id: x

Caveats: y

z & w

Why?

So.

| Role | Pay |
|------+-----|
| R&D  |  $1 |"""


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("", PLAIN.replace("Role    Pay\n------  -----\nR&D     $1",
                           "Role  Pay\n----  ---\nR&D    $1")),
        ("pipe", MARKDOWN),
        ("html", HTML),
        ("latex", LATEX),
        ("orgtbl", ORG),
    ],
    ids=["terminal", "markdown", "html", "latex", "orgtbl"],
)  # fmt: skip
def test_blocks(markup: str, expected: str) -> None:
    assert "\n\n".join(blocks(markup)) == expected


@pytest.mark.parametrize("markup", ["simple", "plain", "grid", "psql", "pretty"])
def test_text_formats_have_the_prose_of_the_terminal(markup: str) -> None:
    assert blocks(markup)[:-1] == blocks("")[:-1]


@pytest.mark.parametrize(
    "markup",
    ["asciidoc", "jira", "mediawiki", "moinmoin", "rst", "textile", "youtrack"],
)
def test_markup_languages_share_their_prose(markup: str) -> None:
    prose = blocks(markup)[:-1]
    assert prose == blocks("orgtbl")[:-1]
    # Wikis show lines that start with a space as code.
    assert not any(
        line.startswith(" ") for block in prose for line in block.splitlines()
    )


def test_raw_latex_is_not_escaped() -> None:
    heading, _, paragraph, *_ = blocks("latex_raw")
    assert heading == "\\section*{R&D <x>}"
    assert paragraph == "100 % a year\n\nb_c"


def test_html_prose_is_escaped_even_if_its_tables_are_not() -> None:
    *prose, table = blocks("unsafehtml")
    assert prose == blocks("html")[:-1]
    assert "<td>R&D" in table


def test_hidden_columns_are_listed_below_the_table() -> None:
    assert blocks("", Layout(width=8))[-1] == (
        "Role\n----\nR&D\nHidden columns\n(terminal too\nnarrow): Pay."
    )


@pytest.mark.parametrize(
    ("style", "heading"),
    [
        ("markdown", "## Similar roles"),
        ("github", "## Similar roles"),
        ("html", "<h2>Similar roles</h2>"),
        ("latex", "\\subsection*{Similar roles}"),
        ("mediawiki", "Similar roles"),
    ],
)
def test_show_has_headings_in_documents(style: str, heading: str) -> None:
    lines = run("show", "-f", style).stdout.splitlines()
    assert heading in lines
    assert not lines[lines.index(heading) + 1]


def test_texts_in_markdown() -> None:
    page = run("show", "-f", "markdown").stdout
    row = rows("describe")
    assert page.startswith(f"# {row['title']}\n\n{row['description']}\n\n")
    assert "\n- **Skills:** data science, statistics, software engineering\n" in page
    for number, duty in enumerate(rows("duties")["duties"], 1):
        assert f"\n{number}. {duty}\n" in page
    for pair in rows("faq"):
        assert f"**{pair['question']}**\n\n{pair['answer']}\n" in page
    assert run("describe", "-f", "md").stdout.startswith(f"# {row['title']}\n\n")
    assert page.count(f"# {row['title']}") == 1


def test_no_questions_in_markdown(tiny: Any, saved: Any) -> None:
    result = run("faq", "florist", "-f", "markdown", "--data", saved(tiny))
    assert result.stdout == "No questions.\n"


@pytest.mark.parametrize("style", ["rst", "markdown", "mediawiki", "jira"])
def test_notes_are_not_lists(style: str) -> None:
    # A line that starts with an asterisk would be an item of a list.
    for command in ("roles", "compare"):
        lines = run(command, "-f", style).stdout.splitlines()
        assert not any(line.startswith("*") for line in lines)


def test_html_notes_are_escaped(tiny: Any, saved: Any) -> None:
    tiny["roles"][0]["title"] = "R&D <Gardener>"
    page = run("compare", "-f", "html", "--data", saved(tiny)).stdout
    assert "Difference: relative to R&amp;D &lt;Gardener&gt; (*). Source: " in page
    # One note each on the medians, the averages and the openings.
    assert page.count("<p>") == page.count("</p>") == 3


def test_latex_notes_are_escaped(tiny: Any, saved: Any) -> None:
    tiny["roles"][0]["title"] = "R&D_1"
    page = run("compare", "-f", "latex", "--data", saved(tiny)).stdout
    assert r"Difference: relative to R\&D\_1 (*). Source: " in page


def test_lines_of_a_paragraph_are_not_joined() -> None:
    # Markup languages join lines that no empty line separates.
    first, *_ = run("offer", "150k").stdout.splitlines()
    for style in ("markdown", "latex", "rst", "mediawiki", "orgtbl", "textile"):
        lines = run("offer", "150k", "-f", style).stdout.splitlines()
        assert lines[0].replace("\\", "") == first
        assert lines[1] == lines[3] == lines[5] == ""
        assert len(lines) == 7
