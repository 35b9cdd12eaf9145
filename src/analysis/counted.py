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
    folder = os.environ.get(FOLDER)
    if not folder:
        return count()
    answer = Path(folder) / f"{hashlib.sha256(question.encode()).hexdigest()}.parquet"
    with FileLock(answer.with_suffix(".lock")):
        if not answer.exists():
            publish(answer, count().to_parquet)
    import pandas as pd

    return pd.read_parquet(answer)
