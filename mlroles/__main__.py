"""The command `mlroles`, also as `python -m mlroles`."""

import gc
import os
import sys

_INTERRUPTED = 130


def main() -> None:
    """Run the command line; an interrupt ends it quietly, whenever it comes."""
    try:
        # It ends before there is garbage to speak of; looking costs 5 % of a start.
        gc.disable()
        from mlroles.cli.app import app

        # Nor is there a need to look through what was imported when it ends.
        gc.freeze()
        # Typer builds every command that it knows; building the others than the one
        # that is named, or completed, costs another 5 %. Help and errors need all.
        completing = "_MLROLES_COMPLETE" in os.environ
        words = os.environ.get("COMP_WORDS", "").split() if completing else sys.argv
        commands = app.registered_commands
        named = [c for c in commands if c.name in words[1:2] and c.name != "help"]
        app.registered_commands = named or commands
        app(prog_name="mlroles")
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
