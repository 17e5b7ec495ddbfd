from __future__ import annotations

from tests.dataset.conftest import complete

__all__ = ["complete"]
