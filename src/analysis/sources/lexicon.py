"""The words of summaries: which word belongs to which class, sector and campaign, found in one scan.

The words are vocabulary/lexicon.csv; the longest word at a place wins, so that 整改通知书 is a notice and no
rectification, and the name of a campaign hides the hazards in it. A word with a gap (重大…隐患) stands for
all words that fill it with a few characters; it is tried where no word without a gap begins.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, NamedTuple, overload

from analysis import vocabulary

_UNSECTORED = ("", vocabulary.SECTOR_TOTAL, "cross_sector")


_SHORTEST_CAMPAIGN = 5
_GROUP = 16
_GAP = "…"
_ASIDE = (
    r"\((?:(?:不含|不包[含括]|不计|除去|扣除|以下简称|简称)[^()\n]{0,80}"
    r"|[^()\n\d]{0,60}(?:下同|口径|统计)|以[^()\n\d]{1,40}为主)\)"
)
"""A bracket that only says what a figure leaves out or is mostly of, or how a name is shortened."""
_FILLING = r"(?:(?!重大|[和及与或的对为将未无等一])[\u4e00-\u9fff]){1,6}?"


Nodes = Sequence[tuple[str, Any]]
"""Characters, each with the tree of what may follow it."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a word stands for: classes as a bit mask, a sector's and a campaign's code; each may be empty."""

    classes: int = 0
    sector: str = ""
    campaign: str = ""
    beside: int = 0
    """The classes, with SECTORED where a sector is named."""


_NOTHING = Word()


class Token(NamedTuple):
    """A word at its place in the scanned text."""

    start: int
    end: int
    word: Word


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the vocabulary's files of language rules."""
    text = files("analysis.vocabulary").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def class_bits() -> dict[str, int]:
    """Class name → its bit."""
    names = dict.fromkeys(name for row in rows("lexicon") for name in row["classes"].split())
    return {name: 1 << position for position, name in enumerate(names)}


@cache
def mask(*names: str) -> int:
    """The bits of some classes."""
    bits = class_bits()
    return sum(bits[name] for name in names)


@cache
def words() -> dict[str, Word]:
    """All words, with the written forms of campaigns that are too long to mean anything else."""
    found: dict[str, Word] = {}
    for campaign in vocabulary.campaigns().values():
        for form in (campaign.name_zh, *campaign.aliases):
            if campaign.kind == "campaign" and len(form) >= _SHORTEST_CAMPAIGN:
                sector = campaign.sector if campaign.sector not in _UNSECTORED else ""
                found[_bare(form)] = Word(mask("OPERATION"), sector, campaign.code)
    for row in rows("lexicon"):
        word = Word(mask(*row["classes"].split()), row["sector"])
        for form in row["words"].split(";"):
            found[form] = _joined(found.get(form, Word()), word)
    return {form: _with_sector(word) for form, word in (_derived(found) | found).items()}


def _with_sector(word: Word) -> Word:
    return replace(word, beside=word.classes | (mask("SECTORED") if word.sector else 0))


def _derived(known: dict[str, Word]) -> dict[str, Word]:
    """Words made of a known one and a suffix (督导核查 + 组) or a prefix (重大 + 火灾)."""
    made: dict[str, Word] = {}
    for row in rows("derivations"):
        stem, classes = mask(row["stem"]), mask(*row["classes"].split())
        for form, word in known.items():
            if word.classes & stem and _GAP not in form:
                made |= {form + end: Word(classes, word.sector) for end in row["suffixes"].split(";") if end}
                more = Word(classes | word.classes, word.sector)
                made |= {start + form: more for start in row["prefixes"].split(";") if start and word.sector}
    return made


def _joined(one: Word, other: Word) -> Word:
    return Word(one.classes | other.classes, one.sector or other.sector, one.campaign or other.campaign)


def _bare(form: str) -> str:
    return form.replace("“", "").replace("”", "")


@cache
def _pattern() -> re.Pattern[str]:
    """A regular expression of the words as a tree, where the longest word wins."""
    first = sorted(_tree(form for form in words() if _GAP not in form).items())
    gapped = [f"({re.escape(form).replace(_GAP, _FILLING)})" for form in _gapped()]
    return re.compile("|".join([_among(first) + _halves(first), *gapped, _ASIDE]))


@cache
def _gapped() -> tuple[str, ...]:
    return tuple(form for form in words() if _GAP in form)


def _halves(nodes: Nodes) -> str:
    """The first characters halved again and again: a test rules out half of them."""
    if len(nodes) <= _GROUP:
        return _branches(dict(nodes))
    middle = len(nodes) // 2
    return f"(?:{_among(nodes[:middle])}{_halves(nodes[:middle])}|{_halves(nodes[middle:])})"


def _among(nodes: Nodes) -> str:
    return f"(?=[{''.join(re.escape(char) for char, _ in nodes)}])"


def _tree(forms: Iterable[str]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for form in forms:
        node = root
        for char in form:
            node = node.setdefault(char, {})
        node[""] = {}
    return root


def _branches(node: dict[str, Any]) -> str:
    options = [re.escape(char) + _branches(child) for char, child in sorted(node.items()) if char]
    if not options:
        return ""
    joined = options[0] if len(options) == 1 and "" not in node else f"(?:{'|'.join(options)})"
    return joined + ("?" if "" in node else "")


class Words(Sequence[Token]):
    """The words of a stretch of text, in order; ``between`` and ``part`` find those of a part of it."""

    def __init__(self, found: list[Token], starts: list[int], first: int, last: int) -> None:
        self._tokens, self._starts, self._first, self._last = found, starts, first, last

    @overload
    def __getitem__(self, index: int) -> Token: ...
    @overload
    def __getitem__(self, index: slice) -> list[Token]: ...
    def __getitem__(self, index: int | slice) -> Token | list[Token]:
        return self._tokens[self._first : self._last][index]

    def __iter__(self) -> Iterator[Token]:
        return iter(self._tokens[self._first : self._last])

    def __len__(self) -> int:
        return self._last - self._first

    @cached_property
    def classes(self) -> int:
        """The classes of all the words together."""
        together = 0
        for token in self:
            together |= token.word.classes
        return together

    def between(self, start: int, end: int) -> list[Token]:
        """The words that lie between two offsets."""
        first, last = self._bounds(start, end)
        return self._tokens[first:last]

    def part(self, start: int, end: int) -> Words:
        """The same as words of their own, without copying them."""
        return Words(self._tokens, self._starts, *self._bounds(start, end))

    def _bounds(self, start: int, end: int) -> tuple[int, int]:
        if start >= end:
            return 0, 0
        first = bisect_left(self._starts, start, self._first, self._last)
        last = bisect_left(self._starts, end, first, self._last)
        return first, last - (last > first and self._tokens[last - 1].end > end)


def tokens(text: str, start: int, end: int) -> Words:
    """The words in ``text[start:end]``, at their places in ``text``."""
    known = words()
    found = []
    for match in _pattern().finditer(text, start, end):
        first, last = place = match.span()
        word = known.get(text[first:last]) or _gapped_word(match)
        found.append(_token(Token, (*place, word)))
    return Words(found, [token.start for token in found], 0, len(found))


_token = tuple.__new__
"""Makes a named tuple without its slower constructor."""


def _gapped_word(match: re.Match[str]) -> Word:
    return words()[_gapped()[match.lastindex - 1]] if match.lastindex else _NOTHING
