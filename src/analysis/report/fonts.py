"""The Chinese font of the figures: Noto Sans CJK SC (OFL) out of the mplfonts package, whose code stays idle.

That package also carries a font that is not free, so only the one file is ever opened.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from matplotlib import font_manager

from analysis.messages import AnalysisError

FAMILY = "Noto Sans CJK SC"
_PACKAGE, _FILE = "mplfonts", "NotoSansCJKsc-Regular.otf"


@cache
def font_file() -> Path:
    """Where the font lies.

    Raises:
        AnalysisError: ``font_missing`` where the package is not installed or has no such file.
    """
    try:
        found = [file for file in files(_PACKAGE) or () if file.name == _FILE]
    except PackageNotFoundError:
        found = []
    if not found or not (path := Path(str(found[0].locate()))).is_file():
        raise AnalysisError("font_missing", package=_PACKAGE, font=FAMILY)
    return path


@cache
def load() -> str:
    """Make matplotlib know the font and return its family name."""
    font_manager.fontManager.addfont(font_file())
    return FAMILY
