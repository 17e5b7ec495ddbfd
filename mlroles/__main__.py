"""The command `mlroles`, also as `python -m mlroles`.

Start-up is most of the time that a lookup takes, so it takes these shortcuts, each of
which also helps a process without cached bytecode. Without it, a lookup takes more CPU
time:

- No garbage collection (20 % more): a lookup ends before it pays off. Freezing what was
  imported keeps the collector from visiting it at exit. The package itself imports its
  Python API only when that is used, so that this is off before anything is imported.
- `mlroles.cli.app` builds only the command that is run or completed (30 % more).
- `mlroles.output._tabulate` imports tabulate without importlib.metadata and html (25 %
  more, for answers with a table).
- Modules that Typer imports and a lookup does not use are imported when they are used
  (6 % more).
"""

import gc
import sys
from types import ModuleType
from typing import Any

from mlroles.errors import INTERRUPTED

_UNUSED = ("subprocess", "textwrap")


class Deferred(ModuleType):
    """A module that is imported when an attribute of it is first used."""

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the module itself."""
        if sys.modules[self.__name__] is self:
            del sys.modules[self.__name__]
        return getattr(__import__(self.__name__), name)


def main() -> None:
    """Run the command line of this process and exit with its exit code."""
    try:
        gc.disable()
        for name in _UNUSED:
            sys.modules.setdefault(name, Deferred(name))
        from mlroles.cli.app import run
        from mlroles.cli.console import Console

        gc.freeze()
        code = run(sys.argv[1:], Console.of_process())
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    main()
