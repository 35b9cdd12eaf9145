"""What papermill finds under the name ``warm`` among its engines (an entry point of this package).

Papermill loads its engines while it is itself being loaded, when nothing can be made of it yet; so this file
needs nothing of papermill, and the engine is fetched when a notebook is run with it.
"""

from __future__ import annotations

from typing import Any


class _Later:
    """Stands for the engine until something is asked of it."""

    def __getattr__(self, name: str) -> Any:
        from analysis.run.warm_engine import WarmEngine as Engine

        return getattr(Engine, name)


WarmEngine = _Later()
