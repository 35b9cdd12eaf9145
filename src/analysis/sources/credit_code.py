"""统一社会信用代码: the check character of GB 32100-2015."""

from __future__ import annotations

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def check_character(body: str) -> str:
    """The 18th character that belongs to the first 17 (GB 32100-2015, 4.6: weights 3^i mod 31).

    Raises:
        ValueError: A character is not of the code's alphabet (no I, O, S, V, Z), or there are not 17.
    """
    if len(body) != 17:
        raise ValueError(f"{len(body)} characters instead of 17")
    total = sum(_ALPHABET.index(letter) * weight for letter, weight in zip(body, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def is_valid(code: str) -> bool:
    """Whether a code has 18 characters of the alphabet and ends in its check character."""
    try:
        return check_character(code[:17]) == code[17:]
    except ValueError:
        return False
