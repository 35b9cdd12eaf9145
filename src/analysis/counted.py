"""What the notebooks of one run need alike: counted by the first of them that asks, read by the others.

A run gives its processes a folder for that, and takes it away at its end. Data, code and settings do not
change within a run, so what is asked for names the answer. Without such a folder, as under plain papermill,
everything is counted where it is needed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from analysis.publish import publish

if TYPE_CHECKING:  # a run with nothing to do must not wait for it
    import pandas as pd

FOLDER = "ANALYSIS_COUNTED"
"""The environment variable that names the run's folder."""


def once(question: str, count: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """The frame that ``count`` makes; counted only where no process of the run has done so.

    ``question`` says all that the answer depends on within a run: what is counted, and its scope.
    """
    import pandas as pd

    kept = _kept(question, lambda: count().to_parquet)
    return count() if kept is None else pd.read_parquet(kept)


def bytes_once(question: str, make: Callable[[], bytes]) -> bytes:
    """The same for what is no frame."""
    kept = _kept(question, make)
    return make() if kept is None else kept.read_bytes()


def _kept(question: str, make: Callable[[], bytes | Callable[[Path], object]]) -> Path | None:
    """The file of the run that holds the answer, made where there is none yet; None outside of runs."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return None
    answer = Path(folder) / hashlib.sha256(question.encode()).hexdigest()
    with FileLock(answer.with_suffix(".lock")):
        return answer if answer.exists() else publish(answer, make())
