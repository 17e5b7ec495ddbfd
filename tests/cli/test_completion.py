from __future__ import annotations

import json
import os
import re
import shutil
import sys
import textwrap
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlroles.cli.completion import described
from mlroles.cli.options import Option, signature
from mlroles.output.values import display_width
from tests.cli.shells import SHELLS, Shell
from tests.conftest import TINY, cases, execute, process, run

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.compat


def completed(line: str, **env: str) -> list[str]:
    """Return the completions of the last word of a line."""
    words = line.split(" ")
    variables = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), **env}
    result = run(env={"_MLROLES_COMPLETE": "complete_bash", **variables})
    assert result.stderr == ""
    return result.stdout.split()


@pytest.mark.parametrize(("line", "words"), cases("cli/completions.tsv"))
def test_completion(line: str, words: str) -> None:
    completions, first = completed(line), words.split()
    assert completions[: len(first)] == first
    assert all(
        word.startswith(line.rsplit(" ", maxsplit=1)[-1]) for word in completions
    )


@pytest.mark.parametrize(
    "line",
    [
        "mlroles locations --match ",
        "mlroles salary --country ",
        "mlroles salary ",
        "mlroles industries --match ",
        "mlroles skills ds --match ",
        "mlroles employers ds --min-records 10 --match ",
    ],
)
def test_completed_words_are_accepted(line: str) -> None:
    completions = [word for word in completed(line) if not word.startswith("-")]
    assert len(completions) > 10
    for word in completions[:: len(completions) // 10]:
        assert run(*line.split()[1:], word).exit_code == 0


def test_roles_of_another_data_set_are_completed() -> None:
    assert completed(f"mlroles duties --data {TINY} g") == ["gardener"]
    assert completed("mlroles duties g", MLROLES_DATA=str(TINY)) == ["gardener"]


def test_bundled_roles_are_completed_if_the_data_set_is_invalid() -> None:
    assert "data-engineer" in completed("mlroles salary --data /nowhere data-e")


def test_data_set_without_places_completes_no_places(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    data = json.loads(TINY.read_text(encoding="utf-8"))
    del data["places"]
    path.write_text(json.dumps(data), encoding="utf-8")
    assert completed(f"mlroles locations --data {path} --match ") == []


def test_completion_in_bash() -> None:
    # Typer prints the script of the shell that started it.
    driver = """
        source <(mlroles --show-completion)
        COMP_WORDS=(mlroles salary data-e) COMP_CWORD=2
        $(complete -p mlroles | sed 's/.*-F \\([^ ]*\\).*/\\1/') mlroles
        echo "${COMPREPLY[@]}"
    """
    folder = Path(sys.executable).parent
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    done = execute("bash", "-c", driver, env={"PATH": path})
    assert (done.stdout, done.stderr) == (b"data-engineer\n", b"")


def test_completion_does_not_read_standard_input() -> None:
    read, write = os.pipe()
    env = {"_MLROLES_COMPLETE": "complete_bash", "COMP_CWORD": "4"}
    env["COMP_WORDS"] = "mlroles salary --data - data-e"
    done = process(stdin=read, env=env)
    os.close(read)
    os.close(write)
    assert done.stdout.split() == [b"data-engineer"]


# What a shell would run in one of the ways that it evaluates its words; and markup of
# rich, a line of several times the width of the terminal, and a hidden option.
COMMANDS = ["$(touch pwned)", "`touch pwned`", "<(touch pwned)", "(touch pwned)", "*"]
HOSTILE = [
    text
    for command in COMMANDS
    for text in (
        command,
        f"\\{command}",
        f"\\\\{command}",
        f"' {command} '",
        f'" {command} "',
        f'\\" {command} \\"',
        f"))'; touch pwned; {command} '((",
    )
] + ["[/b] [red]", ":smile: :::", "words " * 12, "\u5186" * 70, "; touch pwned", "[/"]


def hostile_data(tiny: Any) -> Any:
    """Return a data set whose names all contain what a shell or rich would evaluate."""
    # Names have at most 200 characters.
    parts = cycle(textwrap.wrap(" ".join(HOSTILE), 75, break_on_hyphens=False))
    for role in tiny["roles"]:
        role["title"] += f" {next(parts)} {next(parts)}"
        names = (f"{role['id']}{n}{text}" for n, text in enumerate(HOSTILE))
        role["aliases"] += [name.replace(" ", "_") for name in names]
    tiny["countries"]["FR"] += f" {next(parts)}"
    tiny["places"]["states"]["OK"] += f" {next(parts)}"
    for table in tiny["places"]["tables"]:
        for row in table["rows"]:
            # The shortest name of a place ends before a hyphen or a comma.
            if table["level"] == "metro":
                row[0] = row[0].replace(",", f"-{next(parts)},", 1) + f" {next(parts)}"
    return tiny


# A line whose last word is completed, and what is offered.
TYPED = {
    "roles": ("salary ", ["florist", "gardener", "head-gardener"]),
    "countries": ("salary --country ", ["DE", "FR", "germany"]),
    "places": ("locations --match ", ["texas"]),
    "locations": ("salary --location ", ["germany", "texas"]),
}


# What each shell is given is tested below.
@pytest.mark.parametrize(
    ("name", "typed"),
    [
        *(("bash", typed) for typed in TYPED),
        *((name, typed) for name in SHELLS[1:] for typed in ("roles", "places")),
    ],
)
def test_shells_evaluate_nothing_of_a_data_set(
    name: str, typed: str, tiny: Any, saved: Callable[[Any], str], tmp_path: Path
) -> None:
    if not shutil.which(name):
        pytest.skip(f"no {name} here")
    path = saved(hostile_data(tiny))
    assert run("validate", path).exit_code == 0
    line, expected = TYPED[typed]
    command, _, rest = line.partition(" ")
    shell = Shell(name, tmp_path)
    try:
        shell.complete(f"mlroles {command} --data {path} {rest}", *expected)
    finally:
        shell.close()
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
@pytest.mark.parametrize("line", ["", "salary --", "salary ", "locations --match "])
def test_shells_are_given_a_line_for_a_word(
    shell: str, line: str, tiny: Any, saved: Callable[[Any], str]
) -> None:
    env = {
        "MLROLES_DATA": saved(hostile_data(tiny)),
        "_MLROLES_COMPLETE": f"complete_{shell}",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_ARGS": f"mlroles {line}",
        "COMP_WORDS": f"mlroles {line}",
        "COMP_CWORD": str(line.count(" ") + 1),
        # A narrow terminal, where Typer would wrap descriptions.
        "COLUMNS": "30",
    }
    result = run(env=env)
    assert (result.exit_code, result.stderr) == (0, "")
    # A word in quotes; a description without a sign that a shell evaluates.
    word, text = r"-{0,2}\w[\w.,-]*", r"[\w .,/&+-]"
    formats = {
        "bash": word,
        "zsh": rf'"{word}"(:"({text}|\\\\: )*")?',
        "fish": rf"{word}(\t({text}|: )*)?",
        "powershell": rf"{word}:::({text}|: )*",
    }
    lines = result.stdout
    if shell == "zsh" and lines != "_files\n":
        lines = lines.removeprefix("_arguments '*: :((").removesuffix("))'\n")
    for each in lines.splitlines():
        assert re.fullmatch(formats[shell], each) or each == "_files"


@given(
    st.lists(st.tuples(st.text(), st.text())),
    st.sampled_from(["utf-8", "ascii", "cp1252"]),
)
def test_no_option_completes_what_a_shell_evaluates(
    words: list[tuple[str, str]], charset: str
) -> None:
    # All options are declared here, and every completion passes here.
    option = Option("x", "--x", "text", complete=lambda _ctx, _typed: words)
    complete = (
        signature([option], completes=True).parameters["x"].default.autocompletion
    )
    context = mock.Mock()
    context.find_root().obj.encoding = charset
    for word, description in complete(context, ""):
        assert re.fullmatch(r"\w[\w.,-]*", word)
        assert re.fullmatch(r"([\w .,/&+-]|: )*", description)
        assert display_width(description) <= 70
        f"{word}{description}".encode(charset)


def test_descriptions_are_kept_where_they_are_safe() -> None:
    plain = "Level: a, b/c & d-e + f. 3 G\u00e4rtner"
    assert described(plain, "utf-8") == plain
    assert described("x" * 71, "utf-8") == "x" * 67 + "..."


@pytest.mark.parametrize(
    "variables",
    [
        {"_MLROLES_COMPLETE": "bogus"},
        {"_MLROLES_COMPLETE": "complete_csh"},
        {"_MLROLES_COMPLETE": "print_bash"},
        {"_MLROLES_COMPLETE": "complete_bash"},
        {
            "_MLROLES_COMPLETE": "complete_bash",
            "COMP_WORDS": "mlroles",
            "COMP_CWORD": "x",
        },
    ],
)
def test_requests_of_unknown_shells_are_refused(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    result = run("salary")
    value = variables["_MLROLES_COMPLETE"]
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: _MLROLES_COMPLETE: '{value}' is not a request of a known shell.\n"
    )
