"""Examples of the README: run them, and print what they print."""

from __future__ import annotations

import os
import subprocess
import sys


def shell(line: str, language: str = "console") -> None:
    """Print a shell line as a block of Markdown, with what it answers.

    `mlroles` in the line is this checkout's, on a terminal of 80 columns.
    """
    command = f'mlroles() {{ {sys.executable!r} -m mlroles "$@"; }}; {line}'
    done = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "80"},
    )
    said = done.stderr + done.stdout
    print(f"```{language}\n$ {line}\n{said.rstrip()}\n```")


def python(code: str) -> None:
    """Print lines of Python as a session, with what they evaluate to."""
    import code as interpreter

    console = interpreter.InteractiveConsole()
    # The last line of a traceback is what a reader has to see of it.
    console.showtraceback = lambda: print(repr(sys.exception()))  # type: ignore[method-assign]
    print("```pycon")
    for line in code.strip().splitlines():
        print(f">>> {line}")
        console.push(line)
    print("```")
