"""Whole numbers in Chinese numerals (十二, 一百零五, 两千三, 3万, 叁拾)."""

from __future__ import annotations

_DIGITS = {
    c: value
    for value, forms in enumerate(
        ("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for c in forms
}
_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GROUPS = {"万": 10_000, "亿": 100_000_000}
_LONGEST = 40
"""No count has more characters; thousands of them are noise, and slow to read."""


def chinese_integer(text: str) -> int | None:
    """The number that a text of Chinese numerals stands for, or None where it is none."""
    if not text or len(text) > _LONGEST or text[0] in _GROUPS:
        return None
    if any(c not in _DIGITS and c not in _PLACES and c not in _GROUPS for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = section = digit = 0
    place = 1
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _PLACES:
            place = _PLACES[c]
            section += (digit or 1) * place
            digit = 0
        else:
            total = (total + section + digit) * _GROUPS[c]
            section, digit, place = 0, 0, _GROUPS[c]
    short = digit * place // 10 if digit and place >= 100 and "零" not in text and "〇" not in text else digit
    return total + section + short
