"""Coverage-guided fuzzing of everything that reads untrusted input.

    python tests/fuzz/fuzz.py reader|names|amounts|words [libFuzzer options] [CORPUS]

Each target takes any bytes and either succeeds or raises a DataError or a UsageError,
whose messages have no line breaks or control characters. Anything else ends the run
and prints the input. Add a regression test for that input.
"""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import atheris

with atheris.instrument_imports(include=["mlroles", "json"]):
    import mlroles
    from mlroles.errors import MlrolesError
    from mlroles.matching import name_key, role_names
    from mlroles.money import parse_amount

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = mlroles.load()
COMMANDS = ("salary", "compare", "offer", "relocate", "locations", "employers", "show")


def reader(content: bytes) -> None:
    """Load a data set from standard input; a valid one must be answered from."""
    sys.stdin = io.TextIOWrapper(io.BytesIO(content))
    data = mlroles.load("-")
    mlroles.show(data)
    mlroles.compare(data, every=True)
    mlroles.locations(data)
    # Refused if the data set has no price index, or another currency.
    mlroles.compare(data, every=True, real=True)


def names(content: bytes) -> None:
    """Find a role by its name; the role must have a name that starts with it."""
    name = content.decode("utf-8", "surrogateescape")
    # A name may be in the plural.
    role, key = DATA.role(name), name_key(name).removesuffix("s")
    if not any(name_key(known).startswith(key) for known in role_names(role)):
        raise AssertionError(role["id"])


def amounts(content: bytes) -> None:
    """Parse an amount; a valid one must have a percentile, or be out of range."""
    amount = parse_amount(content.decode("utf-8", "surrogateescape"))
    rank = mlroles.offer(DATA, amount)["percentile"]
    if rank is not None and not 5 <= rank <= 95:
        raise AssertionError(rank)


def words(content: bytes) -> None:
    """Answer what is typed after a command, which the first byte chooses."""
    command = COMMANDS[content[0] % len(COMMANDS)] if content else ""
    mlroles.ask(f"{command} {content[1:].decode('utf-8', 'surrogateescape')}")


TARGETS: dict[str, Callable[[bytes], None]] = {
    "reader": reader,
    "names": names,
    "amounts": amounts,
    "words": words,
}


def main() -> None:
    """Run the target named by the first argument; the others are for libFuzzer."""
    target = TARGETS[sys.argv.pop(1)]

    def run(content: bytes) -> None:
        try:
            target(content)
        except MlrolesError as error:
            for message in error.messages:
                if not message.isprintable():
                    raise AssertionError(message) from error

    atheris.Setup(sys.argv, run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
