"""The plain form of a document's text in which it is read, with the way back to the original offsets.

Traditional characters become simplified ones (OpenCC's character table, one for one), full-width forms become
ASCII, and what no reader sees or means is left out: zero-width and broken characters, spaces between Chinese
characters, pinyin that a converter put after a character.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PUNCTUATION = {
        ";": "；﹔", ":": "：︰∶", "!": "！", "?": "？", "(": "（﹙〈", ")": "）﹚〉", "[": "【", "]": "】",
        "|": "｜│┃", "~": "～〜", "-": "–─−﹣‐‑‒", "%": "％﹪", "〇": "○Ｏ◯",
        ".": "．", "。": "｡", " ": "\u00a0\u3000\u2002\u2003\u2009",
}  # fmt: skip
_FEW = 40
_JOINED = "\ue000"
"""Stands for a line's end that means nothing; dropped with the marks that no reader sees."""
_WIDEST, _NARROWEST, _SLACK, _FEWEST_FULL = 80, 50, 4, 4
"""Characters of the longest line; columns of a full one, how far full ones differ, and how many there are."""
_WIDE = re.compile("[\u3000-\u9fff\uff00-\uffef]")
_ONCE_WIDE = re.compile("[,;:()“”]")
"""Marks that took two columns where the page was set, though a copy may hold their narrow forms."""
"""So few different characters are replaced one by one, which is quicker than translating all."""
_HIDDEN = (
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffd\ue000-\uf8ff]+"
    r"|[\u2070-\u2079\u00b9\u00b2\u00b3]+|(?<=[0-9%\u4e00-\u9fff])[\u2460-\u2473]+"
)
"""What no reader sees, and marks of footnotes."""
_PINYIN = r"(?<=[\u4e00-\u9fff])(?:\([a-z\u00e0-\u01dc\u0261]{1,40}|\?[a-z\u00e0-\u01dc\u0261]{1,6})\)"
_DOUBLED = r"[，,]+(?=[，、。;:])|(?<=[、。;:])，"
_PAIR = r"(?:(?!\|)[!-~]|[!-~]{2})"
_JAM = rf"(?=(?:[^A-Za-z\n]{{0,8}}[A-Za-z]){{3}}){_PAIR}(?: {_PAIR}){{5,}}(?![!-~])"
"""What forums put between lines against copying: 8 L. B# q0 y2 D. z4 (a row of numbers has no letters)."""
_GROUPED = r"(?<=\d) (?=\d{3}(?:\.\d{1,4})?[万亿元])"
"""Thousands set apart: 12 345.6万元."""
_BLANK = r"(?<=[^\x00-\x7f\n]) +(?=[^ \n|\t])|(?<=[0-9a-zA-Z,.;:!?%)\]]) +(?=[^\x00-\x7f \n|\t])"
_WRAPPED = (
    r"(?<=[\u4e00-\u9fff])\n(?=\d[\d,.]{0,11} ?[余多]?[万亿]?[余多]?(?:家|处|份|起|条|项|名|人|户|台|元)"
    r"(?=[^\n]{0,60}[，,;。]))"
)
"""A line that was broken between a word and its number (共检查单位, and below 705家，…)."""
_HINTS = (
    (re.compile(r"[^\n\t -~\u2010-\u2027\u3000-\u9fff\uff00-\uffef]"), _HIDDEN),
    (re.compile(r"[(?][a-z\u00e0-\u01dc\u0261]"), _PINYIN),
    (re.compile(r"[，,、。;:](?:(?<=[，,])[，、。;:]|(?<![，,])，)"), _DOUBLED),
    (re.compile(r"[!-~] [!-~]{1,2} [!-~]{1,2} [!-~]{1,2} [!-~]"), _JAM),
    (re.compile(r"\n\d"), _WRAPPED),
    (re.compile(r"\d \d"), _GROUPED),
    (re.compile(r" "), _BLANK),
)
"""A quick search that tells whether a text can hold a kind of noise, and the kind's pattern."""


@dataclass(frozen=True, slots=True)
class Folded:
    """Plain text; ``original`` leads an offset in it back to the text it was made from."""

    text: str
    starts: tuple[int, ...]
    shifts: tuple[int, ...]

    def original(self, at: int) -> int:
        """The offset in the original text of the character at ``at``."""
        return at + self.shifts[bisect_right(self.starts, at) - 1]

    def original_end(self, end: int) -> int:
        """The offset just after the character before ``end``."""
        return self.original(end - 1) + 1 if end else 0


class _Table(dict[int, str]):
    """Remembers characters that stay as they are, so that translating asks only once for each."""

    def __missing__(self, key: int) -> str:
        char = chr(key)
        folded = unicodedata.normalize("NFKC", char) if 0xFF00 <= key <= 0xFFEF else char
        self[key] = folded if len(folded) == 1 else char
        return self[key]


@cache
def _table() -> _Table:
    table = _Table()
    lines = (
        files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    )
    for line in lines:
        traditional, _, simplified = line.partition("\t")
        if len(traditional) == 1 and simplified:
            table[ord(traditional)] = simplified.split()[0]
    table.update({ord(form): plain for plain, forms in _PUNCTUATION.items() for form in forms})
    table[ord("，")] = "，"
    return table


def fold(text: str) -> Folded:
    """Fold ``text``; every character of the result stands for one character of the original."""
    plain = _unwrapped(_plain(text), text)
    pieces, starts, shifts, at, length = [], [0], [0], 0, 0
    kinds = "|".join(pattern for hint, pattern in _HINTS if hint.search(plain))
    for noise in re.finditer(kinds, plain) if kinds else ():
        pieces.append(plain[at : noise.start()])
        length += noise.start() - at
        at = noise.end()
        starts.append(length)
        shifts.append(at - length)
    pieces.append(plain[at:])
    return Folded("".join(pieces), tuple(starts), tuple(shifts))


def _unwrapped(text: str, printed: str) -> str:
    """The text with lines of one width joined: yearbooks break lines at a column, also within a word."""
    lines = text.split("\n")
    if max(map(len, lines)) > _WIDEST:
        return text
    widths = [_width(line) for line in printed.split("\n")]
    as_set = [
        width + len(_ONCE_WIDE.findall(line)) for width, line in zip(widths, printed.split("\n"), strict=True)
    ]
    full = max(_full(widths), _full(as_set), key=sum)
    if sum(full) < max(_FEWEST_FULL, sum(map(bool, widths)) // 2):
        return text
    joined = (_JOINED if wide and line[-1:] != "。" else "\n" for line, wide in zip(lines, full, strict=True))
    return "".join(line + end for line, end in zip(lines, joined, strict=True))[: len(text)]


def _full(widths: list[int]) -> list[bool]:
    """Which lines reach the column at which the text was broken; none where it is too narrow for a page."""
    widest = max(widths)
    return [widest >= _NARROWEST and widest - _SLACK <= width for width in widths]


def _width(line: str) -> int:
    """Columns of a line where a Chinese character takes two."""
    return len(line) + len(_WIDE.findall(line))


def _plain(text: str) -> str:
    table = _table()
    folded = {char: form for char in set(text) if (form := table[ord(char)]) != char}
    if len(folded) > _FEW:
        return text.translate(table)
    for char, plain in folded.items():
        text = text.replace(char, plain)
    return text


def unfolded() -> Folded:
    """The way back for offsets that are those of the original already."""
    return Folded("", (0,), (0,))
