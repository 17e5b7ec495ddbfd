"""Coverage-guided fuzzing of what reads what strangers wrote.

    python tests/fuzz/fuzz.py reader|names|amounts [libFuzzer's options] [CORPUS]

Each target takes any bytes and must answer or refuse in words: a DataError or a
UsageError whose messages are one line each and cannot steer a terminal. Anything
else ends the run with the bytes that did it; they become an ordinary test.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import atheris

with atheris.instrument_imports(include=["mlroles", "json"]):
    import mlroles
    from mlroles.dataset.dimensions import name_key
    from mlroles.errors import MlrolesError
    from mlroles.matching import find_role, find_roles, role_names
    from mlroles.queries.offer import parse_amount

if TYPE_CHECKING:
    from collections.abc import Callable

TINY = Path(__file__).parent.parent / "tiny.json"
DATA = mlroles.load()


def reader(content: bytes) -> None:
    """A data set by standard input; a sound one must answer."""
    sys.stdin = io.TextIOWrapper(io.BytesIO(content))
    data = mlroles.load("-")
    mlroles.show(data)
    mlroles.compare(data, every=True)
    mlroles.locations(data)


def names(content: bytes) -> None:
    """A role's name, and names among words; what is found must begin as it does."""
    name = content.decode("utf-8", "surrogateescape")
    whole = find_roles(DATA, name.split())
    if " ".join(whole) != " ".join(name.split()):
        raise AssertionError(whole)
    # A name may be in the plural.
    role, key = find_role(DATA, name), name_key(name).removesuffix("s")
    if not any(name_key(known).startswith(key) for known in role_names(role)):
        raise AssertionError(role["id"])


def amounts(content: bytes) -> None:
    """An amount of pay; what is read must rank."""
    amount = parse_amount(content.decode("utf-8", "surrogateescape"))
    rank = mlroles.offer(DATA, amount)["percentile"]
    if rank is not None and not 5 <= rank <= 95:
        raise AssertionError(rank)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "reader": reader,
    "names": names,
    "amounts": amounts,
}


def main() -> None:
    """Run the target that is named first; the rest is libFuzzer's."""
    target = TARGETS[sys.argv.pop(1)]

    def refuse_in_words(content: bytes) -> None:
        try:
            target(content)
        except MlrolesError as error:
            for message in error.messages:
                if not message.isprintable():
                    raise AssertionError(message) from error

    atheris.Setup(sys.argv, refuse_in_words)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
