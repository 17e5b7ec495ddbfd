"""Tabulate, at a quarter of what importing it costs, and as our tables need it."""

import sys
from types import ModuleType

_METADATA = "importlib.metadata"

# Tabulate imports it for one thing only, to learn its own version; it is three
# quarters of the import and a fifth of a start. This stands in for it meanwhile.
stand_in = ModuleType(_METADATA)
stand_in.__dict__.update(version=lambda _name: "", PackageNotFoundError=ImportError)
known = sys.modules.setdefault(_METADATA, stand_in)
try:
    import tabulate
finally:
    if known is stand_in:
        del sys.modules[_METADATA]

# Or every heading would be two characters wider than it is.
tabulate.MIN_PADDING = 0

__all__ = ["tabulate"]
