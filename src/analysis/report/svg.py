"""A drawn figure as a small SVG that repeats exactly: glyphs as paths, fixed ids, no date."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

_RC: dict[Any, Any] = {"svg.fonttype": "path", "svg.hashsalt": "analysis", "path.simplify_threshold": 0.5}
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_PREAMBLE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_PATH = re.compile(r' d="([^"]*)"')
_LONG_DECIMAL = re.compile(r"(\.\d\d)\d+")
_COMMAND = re.compile(r"\s*([A-Za-z])\s*")
_GLYPH_ID = re.compile(r'(?<=["#])[\w.]+-(?:[\w.]+-)*(?=[0-9a-f]+")')
"""The font's name in the id of a glyph; a figure has one font."""
_GROUP_ID = re.compile(r'(?<=<g) id="[^"]*"')
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SPACE = re.compile(r"\s*\n\s*")


def to_svg(figure: Figure) -> str:
    """The figure as SVG text, its paths in hundredths of a point and without needless spaces."""
    buffer = BytesIO()
    with rc_context(_RC):
        figure.savefig(buffer, format="svg", metadata=_NO_METADATA)
    text = _METADATA.sub("", _PREAMBLE.sub("", buffer.getvalue().decode("utf-8")))
    text = _GLYPH_ID.sub("g", text)
    text = _PATH.sub(_short_path, _COMMENT.sub("", _GROUP_ID.sub("", text)))
    return _SPACE.sub("\n", text).strip()


def _short_path(path: re.Match[str]) -> str:
    drawn = _COMMAND.sub(r"\1", _LONG_DECIMAL.sub(r"\1", path[1]))
    return f' d="{drawn}"'
