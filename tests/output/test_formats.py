from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
import tabulate

from tests.cli.test_commands import KEYS
from tests.conftest import rows, run

LISTS = [
    "compare --sort openings",
    "compare --sort title --reverse",
    "compare --all --sort median",
    "salary --by experience",
    "salary --by country",
    "locations",
    "locations ds --level state",
    "roles",
    "sources",
    "faq",
]


def text_of(value: Any) -> str:
    """A value as comma separated values have it."""
    if value is None:
        return ""
    return "; ".join(value) if isinstance(value, list) else str(value)


@pytest.mark.parametrize("command", LISTS)
def test_every_machine_format_has_the_same_rows_and_values(command: str) -> None:
    answer = rows(*command.split())
    lines = run(*command.split(), "-f", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == answer
    for style, delimiter in (("csv", ","), ("tsv", "\t")):
        text = run(*command.split(), "-f", style).stdout
        read = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
        assert read == [{k: text_of(v) for k, v in row.items()} for row in answer]


@pytest.mark.parametrize("command", KEYS)
@pytest.mark.parametrize("style", [*tabulate.tabulate_formats, "markdown", "table"])
def test_every_command_answers_in_every_format(command: str, style: str) -> None:
    result = run(*command.split(), "--format", style)
    assert result.exit_code == 0
    assert result.stdout.endswith("\n")
    assert not result.stdout.endswith("\n\n")


def test_nothing_found_is_a_header_or_an_empty_list() -> None:
    nothing = ["locations", "cv engineer", "--level", "metro", "--format"]
    assert run(*nothing, "json").stdout == "[]\n"
    assert run(*nothing, "jsonl").stdout == ""
    header = run("locations", "-f", "csv").stdout.splitlines()[0]
    assert run(*nothing, "csv").stdout == f"{header}\n"


def test_a_single_answer_is_one_object_a_line() -> None:
    assert json.loads(run("salary", "-f", "jsonl").stdout) == rows("salary")


def test_a_page_in_a_flat_format_is_keys_and_values() -> None:
    page = rows("show")
    text = run("show", "-f", "csv").stdout
    header, *lines = csv.reader(io.StringIO(text))
    assert header == ["key", "value"]
    flat = dict(lines)
    assert flat["salary.average_salary"] == "110673"
    assert flat["duties.duties.4"] == page["duties"]["duties"][4]
    assert flat["compare.0.openings"] == str(page["compare"][0]["openings"])


def test_json_is_utf_8_and_not_escaped(tiny: Any, saved: Any) -> None:
    tiny["roles"][0]["title"] = "Gärtner"
    result = run("salary", "--json", "--data", saved(tiny))
    assert '"title": "Gärtner"' in result.stdout


def test_a_bar_does_not_end_a_cell(tiny: Any, saved: Any) -> None:
    tiny["roles"][0]["title"] = "Gard|ener"
    result = run("compare", "-f", "markdown", "--data", saved(tiny))
    assert "| Gard\\|ener " in result.stdout


def test_a_comma_does_not_end_a_cell(tiny: Any, saved: Any) -> None:
    tiny["roles"][0]["title"] = 'Gard,"ener"'
    text = run("compare", "-f", "csv", "--data", saved(tiny)).stdout
    assert next(csv.DictReader(io.StringIO(text)))["title"] == 'Gard,"ener"'


def test_json_and_another_format_contradict() -> None:
    result = run("faq", "--json", "-f", "csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == ("mlroles: --json and --format csv contradict each other\n")
    assert run("faq", "--json", "-f", "json").stdout == run("faq", "--json").stdout


def test_json_beats_the_format_of_the_surroundings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = run("faq", "--json").stdout
    monkeypatch.setenv("MLROLES_FORMAT", "csv")
    assert run("faq", "--json").stdout == usual


@pytest.mark.parametrize("command", ["compare", "locations", "salary --by year"])
def test_a_table_for_a_document_keeps_its_source(command: str) -> None:
    words = command.split()
    for style in ("markdown", "github", "grid", "rst"):
        assert "Source:" in run(*words, "-f", style).stdout
    page = run(*words, "-f", "html").stdout
    assert page.count("<p>") == page.count("</p>")
    assert "Source:" in page
    # There a sentence would be markup.
    for style in ("latex", "mediawiki", "jira"):
        assert "Source:" not in run(*words, "-f", style).stdout


@pytest.mark.parametrize(
    ("style", "heading"),
    [("markdown", "## Similar roles"), ("html", "<h2>Similar roles</h2>")],
)
def test_a_whole_page_for_a_document_has_headings(style: str, heading: str) -> None:
    lines = run("show", "-f", style).stdout.splitlines()
    assert heading in lines
    assert not lines[lines.index(heading) + 1]


def test_texts_in_markdown_are_texts() -> None:
    page = run("show", "-f", "markdown").stdout
    row = rows("describe")
    assert page.startswith(
        f"# {row['title']}\n\n## Description\n\n{row['description']}"
    )
    assert "\n- **Must know:** data science, statistics, software engineering\n" in page
    for number, duty in enumerate(rows("duties")["duties"], 1):
        assert f"\n{number}. {duty}\n" in page
    for pair in rows("faq"):
        assert f"**{pair['question']}**\n\n{pair['answer']}\n" in page
    assert run("describe", "-f", "md").stdout.startswith(f"# {row['title']}\n\n")
    assert page.count(f"# {row['title']}") == 1


def test_no_questions_in_markdown_are_said(tiny: Any, saved: Any) -> None:
    result = run("faq", "florist", "-f", "markdown", "--data", saved(tiny))
    assert result.stdout == "No questions on record.\n"


def test_a_single_answer_in_a_document_names_its_sources() -> None:
    text = run("salary", "-f", "markdown").stdout
    assert "| Source             | job-site career page " in text
    assert "| Survey: Source     | aijobs.net salary index " in text


def test_a_document_of_html_escapes_its_notes(tiny: Any, saved: Any) -> None:
    tiny["roles"][0]["title"] = "R&D <Gardener>"
    page = run("compare", "-f", "html", "--data", saved(tiny)).stdout
    assert "Difference to R&amp;D &lt;Gardener&gt; (*)." in page


def test_a_table_without_a_note_has_every_column() -> None:
    for command in ("compare --per hour", "locations", "salary --by year"):
        header = run(*command.split(), "-f", "mediawiki").stdout
        assert "Currency" in header
        assert "Period" in header
        assert "Source" in header
    assert "\nDescription" not in run("show", "-f", "latex").stdout


def test_what_is_not_known_is_not_all() -> None:
    text = run("salary", "analytics engineer", "--country", "sk", "-f", "md").stdout
    assert "all" not in text.split()
