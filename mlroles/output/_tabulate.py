"""tabulate, imported fast, and its settings for our tables."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

from mlroles.output.values import display_width

# tabulate imports importlib.metadata only to look up its own version, which takes
# three quarters of its import time, a fifth of the start-up time of the command.
# While tabulate is imported, this replaces it.
_METADATA = "importlib.metadata"
_replacement = ModuleType(_METADATA)
_replacement.__dict__.update(version=lambda _name: "", PackageNotFoundError=ImportError)
_loaded = sys.modules.setdefault(_METADATA, _replacement)
try:
    import tabulate
finally:
    if _loaded is _replacement:
        del sys.modules[_METADATA]

# Headings get no extra padding, and wide characters are measured as rich measures them:
# without the wcwidth that tabulate uses if it is installed, and without parameters for
# the padding, these globals are the only way.
_SETTINGS = {
    "MIN_PADDING": 0,
    "WIDE_CHARS_MODE": True,
    "wcwidth": SimpleNamespace(wcswidth=display_width),
}


@contextmanager
def settings() -> Iterator[None]:
    """Set tabulate up for our tables, and leave it as it was.

    The program that imports mlroles may use tabulate as well.
    """
    module = vars(tabulate)
    before = {name: module[name] for name in _SETTINGS}
    module.update(_SETTINGS)
    try:
        yield
    finally:
        module.update(before)


__all__ = ["settings", "tabulate"]
