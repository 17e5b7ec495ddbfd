"""The command `mlroles`, also as `python -m mlroles`."""

import sys

_INTERRUPTED = 130


def main() -> None:
    """Run the command line; an interrupt ends it quietly, whenever it comes."""
    try:
        from mlroles.cli import app  # noqa: PLC0415 - within reach of the handler

        app(prog_name="mlroles")
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
