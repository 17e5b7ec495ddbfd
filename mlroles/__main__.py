"""The command `mlroles`, also as `python -m mlroles`.

Start-up is most of the time that a lookup takes, so it takes these shortcuts, each of
which also helps a process without cached bytecode. Without it, a lookup takes more CPU
time:

- No garbage collection (20 % more): a lookup ends before it pays off. Freezing what was
  imported keeps the collector from visiting it at exit.
- `mlroles.cli.app` builds only the command that is run or completed (30 % more).
- `mlroles.output._tabulate` imports tabulate without importlib.metadata (25 % more, for
  answers with a table).
"""

import gc
import sys

from mlroles.errors import INTERRUPTED


def main() -> None:
    """Run the command line of this process and exit with its exit code."""
    try:
        gc.disable()
        from mlroles.cli.app import run
        from mlroles.cli.console import Console

        gc.freeze()
        code = run(sys.argv[1:], Console.of_process())
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    main()
