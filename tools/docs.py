"""Examples and tables of the documentation, which cog runs and inserts."""

from __future__ import annotations

import inspect
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import traceback
from code import InteractiveConsole
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import mlroles
from mlroles.cli import app
from mlroles.cli.console import Console
from mlroles.questions import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlroles.dataset.dimensions import TableName
    from mlroles.questions import Column

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "docs" / "examples"
# A fixed terminal, and no settings of the person who runs cog.
_ENVIRONMENT = {
    **{
        name: text
        for name, text in os.environ.items()
        if "MLROLES" not in name and "COLOR" not in name
    },
    "COLUMNS": "80",
    "PYTHONPATH": str(ROOT),
    "PYTHONUTF8": "1",
}
_SESSION = InteractiveConsole()


def shell(*lines: str, exit_code: int = 0) -> None:
    """Run shell lines and print them as a block of Markdown with their output.

    `mlroles` is that of this checkout, on a terminal of 80 columns. The lines run in
    a copy of docs/examples, so they may write files there.

    Args:
        lines: The lines.
        exit_code: The exit code that the last line must have.
    """
    print("```console")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(EXAMPLES, folder, dirs_exist_ok=True)
        for line in lines:
            output = _run(line, folder, exit_code if line is lines[-1] else 0)
            print(f"$ {line}\n{output}".rstrip())
    print("```")


def _run(line: str, folder: str, exit_code: int) -> str:
    """Run a shell line in a folder and return what it prints on both streams."""
    is_plain = line.startswith("mlroles ") and not set(line) & set("|<>&;$*")
    code, output = (_call if is_plain else _bash)(line, folder)
    if code != exit_code:
        raise RuntimeError(f"{line}: exit code {code}\n{output}")
    return output


def _call(line: str, folder: str) -> tuple[int, str]:
    """Run a line of one command in this process, which is much faster."""
    output = io.BytesIO()
    stream = io.TextIOWrapper(output, encoding="utf-8", write_through=True)
    with mock.patch.dict(os.environ, _ENVIRONMENT, clear=True), chdir(folder):
        code = app.run(shlex.split(line)[1:], Console(stream, stream))
    return code, output.getvalue().decode()


def _bash(line: str, folder: str) -> tuple[int, str]:
    """Run a line of bash."""
    script = f'mlroles() {{ {sys.executable!r} -m mlroles "$@"; }}; {line}'
    done = subprocess.run(
        ["bash", "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        cwd=folder,
        env=_ENVIRONMENT,
        check=False,
    )
    return done.returncode, done.stdout


def python(code: str) -> None:
    """Run lines of Python and print them as at a Python prompt.

    Names that one call defines are known to the next.
    """
    _SESSION.showtraceback = _show_error  # type: ignore[method-assign]
    print("```pycon")
    prompt = ">>>"
    for line in code.strip().splitlines():
        print(f"{prompt} {line}".rstrip())
        prompt = "..." if _SESSION.push(line) else ">>>"
    print("```")


def _show_error() -> None:
    """Print an error without its stack, as the examples of doctest do."""
    error = sys.exception()
    if error is None or not isinstance(error, mlroles.MlrolesError):
        raise AssertionError("an example in Python failed") from error
    lines = traceback.format_exception_only(error)
    print(f"Traceback (most recent call last):\n  ...\n{''.join(lines)}".rstrip())


def example_file(name: str) -> None:
    """Print a file of docs/examples as a block of Markdown."""
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    print(f"```{Path(name).suffix[1:]}\n{text.rstrip()}\n```")


def options() -> None:
    """Print a table of all options, from the help of the commands."""
    import typer

    from mlroles.cli.app import build

    commands: dict[tuple[str, str], list[str]] = {}
    for name, command in getattr(build(), "commands", {}).items():
        context = typer.Context(command, info_name=name)
        for parameter in command.get_params(context):
            record = parameter.get_help_record(context)
            if parameter.param_type_name == "option" and "--help" not in record[0]:
                commands.setdefault(record, []).append(name)
    print("| option | commands | meaning |\n|---|---|---|")
    for (option, text), names in commands.items():
        used_by = ", ".join(f"`{name}`" for name in names)
        # Typer puts descriptions of defaults in parentheses.
        meaning = re.sub(r"default: \((.*)\)\]", r"default: \1]", text)
        print(f"| `{option}` | {used_by} | {' '.join(meaning.split())} |")


def functions() -> None:
    """Print a table of the functions of the package, from their signatures."""
    print("| function | description |\n|---|---|")
    for name in mlroles.__all__:
        function = getattr(mlroles, name)
        if not isinstance(function, type):
            text = str(_without_types(inspect.signature(function)))
            text = text.replace(str(mlroles.Filters()), "Filters()")
            summary = (function.__doc__ or "").splitlines()[0]
            print(f"| `{name}{text}` | {summary} |")


def _without_types(signature: inspect.Signature) -> inspect.Signature:
    """Return a signature without types, as a reader needs it."""
    empty = inspect.Parameter.empty
    parameters = signature.parameters.values()
    return inspect.Signature([each.replace(annotation=empty) for each in parameters])


def keys() -> None:
    """Print the keys of every answer as tables."""
    shared = [question.columns for question in QUESTIONS.values()]
    for question in QUESTIONS.values():
        kind = "An object" if question.is_object else "A list of objects"
        print(f"### {question.name}\n\n{f'{kind}. {question.about}'.strip()}\n")
        _key_table(question.columns)
        for column in question.columns:
            # Those of other answers have a section of their own.
            if column.columns and column.columns not in shared:
                print(f"#### Objects in {column.key.replace('_', ' ')}\n")
                _key_table(column.columns)


def _key_table(columns: Sequence[Column]) -> None:
    print("| key | value |\n|---|---|")
    for column in columns:
        print(f"| `{column.key}` | {column.description} |")
    print()


def group(table: TableName, role: str, year: int, country: str) -> None:
    """Print the row of a pay group of all levels and work modes in a bundled table."""
    rows = mlroles.load().table(table)["groups"][role]
    (row,) = (each for each in rows if each[:4] == [year, country, None, None])
    print(f"```json\n{json.dumps(row, separators=(',', ':'))}\n```")


def sources() -> None:
    """Print a table of the sources, then the method and the caveats of each."""
    rows = mlroles.sources(mlroles.load())
    print("| source | id | kind | date | records | licence |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        title = f"[{row['title']}]({row['url']})" if row["url"] else row["title"]
        records = f"{row['records']:,}" if row["records"] else "not given"
        licence = row["licence"] or "not stated"
        names = f"`{row['id']}` | `{row['kind']}`"
        print(f"| {title} | {names} | {row['updated']} | {records} | {licence} |")
    for row in rows:
        print(f"\n### {row['title']}\n\n{row['method']}\n")
        for caveat in row["caveats"]:
            print(f"- {caveat}")
