"""tabulate, imported fast and set up for our tables."""

import sys
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

# Headings get no extra padding; wide characters are measured as rich measures them.
tabulate.MIN_PADDING = 0
tabulate.WIDE_CHARS_MODE = True
vars(tabulate)["wcwidth"] = SimpleNamespace(wcswidth=display_width)

__all__ = ["tabulate"]
