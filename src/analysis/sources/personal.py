"""Personal data that stands inside text: telephone and identity numbers are replaced, and counted."""

from __future__ import annotations

import re

import pandas as pd
import pyarrow as arrow
from pyarrow import compute

PHONE_MARK, IDENTITY_MARK = "[电话]", "[证件号]"
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
"""GB 11643: region, day of birth, serial, check character; a mistyped check character is masked as well."""
_PHONE = re.compile(
    r"(?<!\d)(?:(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[-－ ]\d{7,8}|0[1-9]\d{9,10})(?!\d)"
)
_HALF_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}
_CANDIDATE = "[0-9０-９]{7}|[0-9０-９]{3}[-－ ][0-9０-９]{4}"
"""What both have in common: most texts are put aside by this quick search."""


def mask(texts: pd.Series) -> tuple[pd.Series, dict[str, int]]:
    """Texts with their telephone and identity numbers replaced, and how many of each were.

    Args:
        texts: Text or missing values.
    """
    found = compute.match_substring_regex(arrow.array(texts, arrow.string(), from_pandas=True), _CANDIDATE)
    candidates = found.fill_null(False).to_numpy(zero_copy_only=False)
    counts = {"phone": 0, "identity": 0}
    if not candidates.any():
        return texts, {}
    masked = texts.copy()
    masked[candidates] = [_mask(text, counts) for text in texts[candidates]]
    return masked, {kind: count for kind, count in counts.items() if count}


def mask_text(text: str) -> str:
    """One text with its telephone and identity numbers replaced."""
    return _mask(text, {"phone": 0, "identity": 0})


def _mask(text: str, counts: dict[str, int]) -> str:
    text = text.translate(_HALF_WIDTH)
    text, identities = _IDENTITY.subn(IDENTITY_MARK, text)
    text, phones = _PHONE.subn(PHONE_MARK, text)
    counts["identity"] += identities
    counts["phone"] += phones
    return text
