"""Answers written to files, exit codes for scripts, and errors as JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from mlroles.cli.present import Output
from mlroles.cli.registry import COMMANDS
from mlroles.queries import compare
from tests.conftest import TINY, Terminal, process, refused, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FORMATS = {
    "json": "json", "jsonl": "jsonl", "csv": "csv", "tsv": "tsv", "md": "markdown",
    "html": "html", "txt": "table",
}  # fmt: skip


def problem(*line: str, exit_code: int = 2, **options: Any) -> dict[str, Any]:
    """Return the JSON error of a command line."""
    result = run(*line, **options)
    assert (result.exit_code, result.stdout) == (exit_code, "")
    assert result.stderr.count("\n") == 1
    found: dict[str, Any] = json.loads(result.stderr)
    assert list(found) == ["error", "argument", "suggestions"]
    return found


# Files.


@pytest.mark.parametrize(
    ("options", "name", "says"),
    [("-f JSON", "x.png", "--format JSON"), ("--json", "x.jsonl", "--json")],
)
def test_json_is_not_written_to_a_file_of_another_format(
    options: str, name: str, says: str
) -> None:
    found = problem("compare", *options.split(), "-o", name)
    assert found["error"] == f"{says} and --output {name} cannot be combined."


def test_charts_can_be_texts(tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    assert run("compare", "--chart", "-o", str(file)).exit_code == 0
    assert file.read_text(encoding="utf-8") == run("compare", "--chart").stdout


@pytest.mark.parametrize("extension", [*FORMATS, "png", "svg", "pdf"])
def test_other_files_are_replaced_only_by_force(extension: str, tmp_path: Path) -> None:
    file = tmp_path / f"x.{extension}"
    file.write_text("mine", encoding="utf-8")
    error = refused("compare", "-o", str(file), exit_code=1)
    assert error.startswith(f"error: {file} exists")
    assert error.endswith(". Name another file, or use --force.\n")
    assert error.count("\n") == 1
    assert file.read_text(encoding="utf-8") == "mine"
    result = run("compare", "-o", str(file), "--force")
    assert (result.exit_code, result.stderr) == (0, f"note: wrote {file}\n")
    assert file.read_bytes() != b"mine"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", ["x.json", "x.svg"])
def test_files_that_cannot_be_written_are_reported(name: str, tmp_path: Path) -> None:
    missing, folder = tmp_path / "no" / name, tmp_path / name
    folder.mkdir()
    for options in ([], ["--force"]):
        result = run("compare", "-o", str(missing), *options)
        assert result == (1, "", f"error: cannot write {missing}: no such folder\n")
        result = run("compare", "-o", str(folder), *options)
        assert result == (1, "", f"error: cannot write {folder}: not a regular file\n")
    file = tmp_path / f"read-only-{name}"
    file.write_text("mine", encoding="utf-8")
    file.chmod(0o444)
    error = refused("compare", "-o", str(file), "--force", exit_code=1)
    assert error == f"error: cannot write {file}: the file is read-only\n"


def test_folder_that_cannot_be_written_to_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The superuser may write to any folder.
    def refuse(**_options: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    file = tmp_path / "x.json"
    error = refused("compare", "-o", str(file), exit_code=1)
    assert error == f"error: cannot write {file}: permission denied\n"


def test_links_are_replaced_by_force_themselves(tmp_path: Path) -> None:
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.write_text("mine", encoding="utf-8")
    link.symlink_to(target)
    assert refused("compare", "-o", str(link), exit_code=1) == (
        f"error: {link} is a symbolic link. Name its target, or use --force.\n"
    )
    assert run("compare", "-o", str(link), "--force").exit_code == 0
    assert target.read_text(encoding="utf-8") == "mine"
    assert not link.is_symlink()


@pytest.mark.parametrize(
    "command", ["compare", "salary ds --details", "describe", "skills --details"]
)
@pytest.mark.parametrize("extension", FORMATS)
def test_file_has_the_same_answer_as_standard_output(
    command: str, extension: str, tmp_path: Path
) -> None:
    file = tmp_path / f"x.{extension.upper()}"
    result = run(*command.split(), "-o", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"note: wrote {file}\n"
    usual = run(*command.split(), "-f", FORMATS[extension]).stdout
    written = file.read_text(encoding="utf-8")
    if extension == "html":
        # In a document, which has a title and names no options.
        usual = re.sub(r" \(--[^)]*\)", "", usual)
        assert written.startswith("<!DOCTYPE html>\n")
        title, _, body = written.partition("<main>")
        usual, written = visible(usual), visible(body)
        assert f"<title>{usual.splitlines()[0]}</title>" in title
    assert written == usual


def visible(html: str) -> str:
    """Return the texts of HTML in lines."""
    texts = re.split("<[^>]*>", html)
    return "\n".join(filter(None, (text.strip() for text in texts)))


def test_page_without_a_first_line_is_titled_by_its_command(tmp_path: Path) -> None:
    file = tmp_path / "roles.html"
    assert run("roles", "-o", str(file)).exit_code == 0
    assert "\n<title>Roles</title>\n" in file.read_text(encoding="utf-8")


def test_fields_choose_what_is_written(tmp_path: Path) -> None:
    for name, text in (
        ("x.csv", "title\nData Scientist\n"),
        ("x.jsonl", '{"title": "Data Scientist"}\n'),
    ):
        file = tmp_path / name
        assert run("compare", "ds", "--fields", "title", "-o", str(file)).exit_code == 0
        assert file.read_text(encoding="utf-8") == text


def test_extension_overrides_the_format_variable(tmp_path: Path) -> None:
    for style in ("json", "nonsense"):
        file = tmp_path / f"{style}.csv"
        env = {"MLROLES_FORMAT": style}
        assert run("compare", "-o", str(file), env=env).exit_code == 0
        assert file.read_text(encoding="utf-8") == run("compare", "-f", "csv").stdout


@pytest.mark.parametrize("style", ["json", "table", "csv"])
def test_hyphen_is_standard_output(
    style: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("compare", "-f", style, "-o", "-") == run("compare", "-f", style)
    assert list(tmp_path.iterdir()) == []


def test_text_has_no_colors_and_the_width_of_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.txt"
    line = ["compare", "--chart", "-o", str(file), "--force", "--color", "always"]
    assert run(*line, charset="ascii", stream=Terminal).exit_code == 0
    text = file.read_text(encoding="utf-8")
    assert text == run("compare", "--chart").stdout
    monkeypatch.delenv("COLUMNS")
    assert process("salary", "-o", str(file), "--force").returncode == 0
    usual = run("salary", env={"COLUMNS": "80"}).stdout
    assert file.read_text(encoding="utf-8") == usual


def test_notes_are_on_standard_error(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    result = run("salary", "dle", "-o", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    *notes, last = result.stderr.splitlines()
    assert notes == run("salary", "dle").stderr.splitlines()
    assert last == f"note: wrote {file}"


# Empty answers.

EMPTY = [
    "salary dle", "salary dle --by experience", "locations --match atlantis",
    "skills --match atlantis", "employers --match atlantis", "duties --data",
]  # fmt: skip


@pytest.mark.parametrize("command", EMPTY)
@pytest.mark.parametrize("style", ["table", "json", "csv"])
def test_empty_answers_fail_if_asked_to(
    command: str, style: str, tiny: Any, saved: Callable[[Any], str]
) -> None:
    line = [*command.split(), "-f", style]
    if "--data" in line:
        tiny["roles"][0]["duties"] = []
        line.insert(2, saved(tiny))
    usual, result = run(*line), run(*line, "--fail-empty")
    assert (usual.exit_code, result.exit_code) == (0, 3)
    assert (result.stdout, result.stderr) == (usual.stdout, usual.stderr)


@pytest.mark.parametrize("command", ["salary", "compare", "show", "describe ds"])
def test_other_answers_do_not_fail(command: str) -> None:
    result = run(*command.split(), "--fail-empty")
    assert result == run(*command.split())
    assert result.exit_code == 0


@pytest.mark.parametrize("name", ["x.json", "x.svg"])
def test_files_of_empty_answers_fail_as_well(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    line = ["locations", "--match", "atlantis", "-o", str(file)]
    assert run(*line).exit_code == 0
    assert run(*line, "--force", "--fail-empty").exit_code == 3
    assert file.exists() == (name == "x.json")


def test_exit_code_of_a_process() -> None:
    done = process("locations", "--match", "atlantis", "--fail-empty", "--json")
    assert (done.returncode, done.stdout) == (3, b"[]\n")


# Errors as JSON.


JSON_OPTIONS = ["--format json", "--format=jsonl", "-fJSON", "-rf json"]


@pytest.mark.parametrize(
    ("line", "options", "argument", "suggestions"),
    [
        ("salary data sientist", "--json", "role", ["data-scientist"]),
        ("compare --limit 0", "--json", "limit", []),
        ("compare --sort medain", "--json", "sort", ["median"]),
        ("compare --limit many", "--json", "limit", []),
        ("compare -n 3 --limit 4", "--json", "limit", []),
        ("salary --bogus", "--json", None, []),
        ("compare --limt 3", "--json", None, ["--limit"]),
        ("bogus", "--json", None, []),
        ("offer", "--json", "amount", []),
        ("relocate 150k", "--json", "from", []),
        ("compare --output x.gif", "--json", "output", []),
        ("compare --color rainbow", "--json", None, []),
        *(("compare --limit 0", options, "limit", []) for options in JSON_OPTIONS),
        *(("bogus", options, None, []) for options in JSON_OPTIONS[:3]),
    ],
)
def test_usage_errors_are_json_objects(
    line: str, options: str, argument: str | None, suggestions: list[str]
) -> None:
    plain = run(*line.split())
    found = problem(*line.split(), *options.split())
    assert plain.stderr == f"error: {found['error']}\n"
    assert (found["argument"], found["suggestions"]) == (argument, suggestions)


def test_format_variable_applies_to_errors() -> None:
    env = {"MLROLES_FORMAT": "jsonl"}
    assert problem("compare", "-n", "0", env=env)["argument"] == "limit"
    # Options take precedence, and words after -- are none.
    for line in (["-f", "csv"], ["--format=table"]):
        result = run("compare", "-n", "0", *line, env=env)
        assert result.stderr == "error: --limit must be at least 1, not 0.\n"
    result = run("salary", "--", "--json")
    assert result.stderr.startswith("error: unknown role '--json'.")


def test_every_error_of_a_data_set_is_in_one_object(
    tiny: Any, saved: Callable[[Any], str]
) -> None:
    tiny["roles"][0]["title"] = tiny["roles"][0]["duties"] = 1
    path = saved(tiny)
    plain = run("roles", "--data", path)
    found = problem("roles", "--data", path, "--json", exit_code=1)
    lines = found["error"].splitlines()
    assert [f"error: {each}" for each in lines] == plain.stderr.splitlines()
    assert len(lines) > 1
    assert (found["argument"], found["suggestions"]) == (None, [])
    env = {"MLROLES_FORMAT": "json"}
    assert problem("validate", path, exit_code=1, env=env) == found


# Errors in mlroles itself.


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any, **_options: Any) -> None:
        raise ValueError("half \x1b[31m\nbroken")

    monkeypatch.delenv("MLROLES_DEBUG", raising=False)
    monkeypatch.setattr(compare, "compare", fail)


MESSAGE = (
    "unexpected ValueError: half \\x1b[31m\\nbroken. This is an error in mlroles. "
    "Please report it, with what it prints if MLROLES_DEBUG=1 is set."
)


@pytest.mark.internal_error
@pytest.mark.usefixtures("broken")
def test_unexpected_exceptions_ask_to_report_them() -> None:
    assert run("compare") == (70, "", f"error: {MESSAGE}\n")
    found = problem("compare", "--json", exit_code=70)
    assert found == {"error": MESSAGE, "argument": None, "suggestions": []}


def test_lack_of_memory_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise MemoryError

    monkeypatch.setattr(compare, "compare", fail)
    assert run("compare") == (1, "", "error: not enough memory\n")


@pytest.mark.internal_error
@pytest.mark.usefixtures("broken")
def test_traceback_is_printed_only_for_debugging() -> None:
    result = run("compare", env={"MLROLES_DEBUG": "1"})
    assert (result.exit_code, result.stdout) == (70, "")
    assert result.stderr.startswith("Traceback (most recent call last):\n")
    assert "in fail\n" in result.stderr
    assert result.stderr.endswith(f"error: {MESSAGE}\n")
    assert "\x1b" not in result.stderr
    # Errors of the user have no traceback.
    result = run("locations", "-n", "0", env={"MLROLES_DEBUG": "1"})
    assert result.stderr == "error: --limit must be at least 1, not 0.\n"


def test_options_of_the_output_are_those_of_every_question() -> None:
    for command in COMMANDS.values():
        if command.is_question:
            names = {option.name for option in command.output}
            assert names | {"chart", "sections"} == set(Output._fields)


def test_data_is_not_overwritten_by_an_answer(tmp_path: Path) -> None:
    # A data set, and an answer, which have the extension of the new one.
    answer = tmp_path / "x.json"
    assert run("compare", "-o", str(answer)).exit_code == 0
    file = tmp_path / "mine.json"
    file.write_bytes(TINY.read_bytes())
    for target in (answer, file):
        before = target.read_bytes()
        result = run("salary", "--data", str(file), "-o", str(target))
        message = f"error: {target} exists. Name another file, or use --force.\n"
        assert result == (1, "", message)
        assert target.read_bytes() == before
