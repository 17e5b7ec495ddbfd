"""tabulate, imported fast, and its settings for our tables."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any

from mlroles.output.values import display_width

# tabulate imports importlib.metadata only to look up its own version, which takes
# three quarters of its import time, a fifth of the start-up time of the command, and
# html only for tables in HTML. While tabulate is imported, these replace them.
_REPLACED: dict[str, dict[str, Any]] = {
    "importlib.metadata": {"version": str, "PackageNotFoundError": ImportError},
    "html": {"escape": lambda text: import_module("html").escape(text)},
}
_replacements = {name: ModuleType(name) for name in _REPLACED.keys() - {*sys.modules}}
for _name, _module in _replacements.items():
    vars(_module).update(_REPLACED[_name])
sys.modules.update(_replacements)
try:
    import tabulate
finally:
    for _name in _replacements:
        del sys.modules[_name]

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
