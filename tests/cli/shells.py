"""Real interactive shells that complete a command line, as a person would."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tests.cli.terminals import control, open_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

# What each shell runs at its start, and how it is started with that file.
_START = {
    "bash": "PS1='@@ '; bind 'set bell-style none'; bind 'set page-completions off'\n",
    "zsh": "PS1='@@ '; autoload -Uz compinit; compinit -D -u; LISTMAX=0\n",
    "fish": "function fish_prompt; echo -n '@@ '; end; set -g fish_greeting\n",
}
_COMMANDS = {
    "bash": ["bash", "--noprofile", "--rcfile", "start", "-i"],
    "zsh": ["zsh", "-i"],
    "fish": ["fish", "--no-config", "--init-command", "source start", "-i"],
}
SHELLS = tuple(_START)
_SECONDS = 60


class Shell:
    """An interactive shell in a folder, with the completion of mlroles."""

    def __init__(self, name: str, folder: Path) -> None:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        env = {"PATH": path, "TERM": "xterm", "HOME": str(folder), "LANG": "C.UTF-8"}
        env |= {"ZDOTDIR": str(folder), "XDG_CONFIG_HOME": str(folder), "LC_ALL": ""}
        script = subprocess.run(
            ["mlroles"],
            env={**env, "_MLROLES_COMPLETE": f"source_{name}"},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for file in ("start", ".zshrc"):
            text = f"{_START[name]}{script}\n"
            (folder / file).write_text(text, encoding="utf-8")
        self._name = name
        # Narrow, so that whatever wraps descriptions would.
        self._terminal, inner = open_terminal(200, 60)
        self._process = subprocess.Popen(
            [shutil.which(name) or name, *_COMMANDS[name][1:]],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env=env,
            cwd=folder,
            start_new_session=True,
            # fish needs a terminal of its own.
            preexec_fn=control,  # noqa: PLW1509
        )
        os.close(inner)
        self._read_until("@@ ")

    def complete(self, line: str, *expected: str) -> str:
        """Type a line and a tab (bash lists words after two), once, and return what
        is shown when all that is expected is there.
        """
        tabs = b"\t\t" if self._name == "bash" else b"\t"
        os.write(self._terminal, line.encode() + tabs)
        return self._read_until(*expected)

    def close(self) -> None:
        """End the shell."""
        self._process.kill()
        self._process.wait()
        os.close(self._terminal)

    def _read_until(self, *expected: str) -> str:
        shown = ""
        for part in self._parts():
            shown += part
            plain = re.sub(r"\x1b(\[[0-9;?]*[a-zA-Z]|[()].|[=>])|[\r\x0f]", "", shown)
            if all(text in plain for text in expected):
                return plain
        message = f"not shown: {expected} in {plain[-2000:]!r}"
        raise AssertionError(message)

    def _parts(self) -> Iterator[str]:
        while select.select([self._terminal], [], [], _SECONDS)[0]:
            with suppress(OSError):
                yield os.read(self._terminal, 65536).decode(errors="replace")
                continue
            # The shell has ended.
            return
