"""The clause of a number: the words beside it, those between it and the number before, and its last word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from analysis.sources.lexicon import Token, Words, mask
from analysis.sources.quantities import Quantity
from analysis.sources.readings import carried

_RIGHT_END = re.compile(r"[，,;。:!?()、\n]")
_COMMA = re.compile("[，,]")
_STOP = re.compile(r"[;。!?\n]")
_BRACKET = re.compile(r"\([^()\d]{1,12}\)")
_NO_NUMBER = re.compile(r"[^，,;。:!?()、\n\d]++(?!\d)")
_SENTENCE_END = "。!?\n"
_TOWARD = re.compile(r"(?<![针核面绝相应反])对(?![于口照标应象策接])")
_TOLD_AFTER = re.compile(r"[，,](?:现|目前|均|都)?(?:已经?)?(?:全部|均|都|由)(?!正?在)")
"""摊点72家，全部检查完成: what was done to the counted ones is told after the comma."""
_WITH_TOLL = re.compile(r"(?:造成)?(?:死亡|亡|致)\d{1,3}人(?:以上)?(?:(?:死亡|、?[受重轻]?伤\d{1,3}人))*的")
"""1起死亡3人的火灾事故: what is counted is named behind its dead."""
_AGAIN = re.compile(r"(?:\d{1,3}|[一二两三四五六七八九十])(?:轮次|轮|次|遍)")
"""对20个项目开展了一次检查: how often stands before the verb."""
_LED = ("开展", "进行")
"""12家企业开展自查: those that were counted do it themselves."""
_EVENT_UNITS = ("次", "场", "期")
_RELATIVE = re.compile(r"[^，,;。:\d]{2,20}?的")
_ADJACENT = 3
_LONGEST_BRACKET = 40
_LONGEST_LIST = 60
_LONGEST_DOER = 16
"""How far behind 被 the verb may stand: who did it is named between."""


@dataclass(slots=True)
class Clause:
    """A number's surroundings; offsets are those of the text, classes are bit masks."""

    left: int
    right: int
    beside: int
    gap: int
    """Classes between the number before and this clause."""
    head: int
    """Classes of the last word before the number."""
    before: list[Token]
    after: list[Token]
    between: list[Token]

    @property
    def near(self) -> list[Token]:
        """The words beside the number."""
        return self.before + self.after

    def counted(self, end: int, gap: int = 1) -> list[Token]:
        """The words for what a number that ends at ``end`` counts: those that follow it unbroken.

        The last is the thing; those before it tell which ones (重点 in 12个重点区县).
        The first stands at most ``gap`` characters behind the number.
        """
        chain: list[Token] = []
        for token in self.after:
            if token.start - (chain[-1].end if chain else end) > (0 if chain else gap):
                break
            chain.append(token)
        return chain


def clause_start(text: str, floor: int, at: int) -> int:
    """Where the clause that holds ``at`` begins, not before ``floor``."""
    rfind = text.rfind
    return max(
        floor,
        rfind("，", floor, at) + 1,
        rfind(";", floor, at) + 1,
        rfind(":", floor, at) + 1,
        rfind(",", floor, at) + 1,
    )


def clause(
    text: str, found: Words, quantity: Quantity, previous: int, following: int, inherited: int, taken: int
) -> Clause:
    """The clause of ``quantity``.

    Args:
        text: The document.
        found: The words of the sentence.
        quantity: The number.
        previous: Where the number before ends, or the sentence begins.
        following: Where the next number begins, or the sentence ends.
        inherited: The classes beside the number before, lent to one that follows it without a word.
        taken: Where the phrase after the number before ends; its words are that number's own where this one
            has some after it (6人死亡、1人受伤).
    """
    at, end = quantity.start, quantity.end
    left = _left(text, previous, at)
    stop = _phrase_end(text, end, following)
    near_left = found.between(_object_start(text, left, at), at)
    right = _own_end(text, found, near_left, end, following) if stop is None else stop
    near_right = found.between(end, right)
    own = near_right or text.startswith("已", taken - 1) or classes(found.between(taken, at)) & carried()
    if left < taken <= at and own:
        left, near_left = taken, found.between(taken, at)
    bare = quantity.dimension not in ("share", "ratio") and not classes(near_left + near_right) & ~_things()
    if bare and (_is_told_later(text, left, at, right) or _is_fronted_list(text, found, left, at)):
        right, near_right = _told_later(text, found, end, right, following)
    if (suffered := _suffered(text, found, end, min(following, stop or following))) is not None:
        right, near_right = suffered, found.between(end, suffered)
        near_left = [token for token in near_left if not token.word.classes & ~_things()]
    if quantity.unit == "起" and (toll := _WITH_TOLL.match(text, end)):
        right = _phrase_end(text, toll.end(), len(text)) or len(text)
        near_right = found.between(toll.end(), right)
    if not (near_left or near_right) and text.startswith("(", left - 1):
        near_left = _named_before(found, previous, left - 1)
    between = found.between(_passed_over(text, previous, taken, left), left)
    near = near_left + near_right
    lent = at == previous or (not near and at - previous <= _ADJACENT)
    which = _which(text, end, right, near_right) if text.endswith("对", left, at) else []
    beside = _beside([token for token in near if token not in which]) | (inherited if lent else 0)
    if found.classes & _awaiting():
        beside |= _awaiting() & classes(found.between(end, following))
    head = near_left[-1].word.classes if near_left else 0
    return Clause(left, right, beside, classes(between), head, near_left, near_right, between)


def _passed_over(text: str, previous: int, taken: int, left: int) -> int:
    """Where the words between the number before and a clause begin: behind its own, or at a semicolon."""
    semicolon = text.find(";", previous, left)
    return max(previous, min(taken, left, semicolon if semicolon >= 0 else left))


def _which(text: str, end: int, right: int, after: Sequence[Token]) -> list[Token]:
    """The words that only tell which ones are counted: 对6家未按期整改的企业进行处罚."""
    which = _RELATIVE.match(text, end, right)
    if not which:
        return []
    inside = [token for token in after if token.end < which.end()]
    told = [token for token in after if token.start >= which.end()]
    return inside if classes(inside) & ~_things() and classes(told) & mask("ENTITY", "HAZARD") else []


def _own_end(text: str, found: Words, before: Sequence[Token], start: int, following: int) -> int:
    """Where a number's own words end where only words lie before the next number."""
    goes_on = following < len(text) and text[following] not in _SENTENCE_END
    thing = None
    if goes_on:
        thing = _object_end(found, before, start, following, event=text[start - 1] in _EVENT_UNITS)
    if thing is not None:
        return thing
    return _before_next_verb(text, found, start, following, counted=goes_on)


def _beside(near: Iterable[Token]) -> int:
    together = 0
    for token in near:
        together |= token.word.beside
    return together


def _left(text: str, previous: int, at: int) -> int:
    left = clause_start(text, previous, at)
    bracket = text.rfind("(", left, at)
    return bracket + 1 if bracket >= 0 and text.find(")", bracket, at) < 0 else left


def _object_start(text: str, left: int, at: int) -> int:
    """Where the thing that something is done to begins: after 对 in 县局对全区46家企业."""
    if text.find("对", left, at) >= 0:
        for toward in _TOWARD.finditer(text, left, at):
            left = toward.end()
    return left


def _phrase_end(text: str, start: int, end: int) -> int | None:
    """Where the phrase after a number ends; a short bracket just after a noun belongs to it."""
    stop = _RIGHT_END.search(text, start, end)
    if stop and stop.group() == "(" and (bracket := _BRACKET.match(text, stop.start(), end)):
        stop = _RIGHT_END.search(text, bracket.end(), end)
    return stop.start() if stop else None


def _before_next_verb(text: str, found: Words, start: int, end: int, *, counted: bool) -> int:
    """Where the words of the next number begin, when only words lie between (12家单位自查隐患30条).

    ``counted``: there is such a number, which 共 or 已 may announce.
    """
    for token in found.between(start, end):
        verb = token.word.classes & _next_verbs() and not token.word.classes & mask("INSPECT")
        if verb and token.word.classes & mask("SELF") and text.endswith(_LED, start, token.start):
            continue
        if verb or (counted and text.endswith(("共", "累计", "已", "已经"), start, token.start)):
            return token.start if token.start > start else end
    return end


def _object_end(found: Words, before: Sequence[Token], start: int, end: int, *, event: bool) -> int | None:
    """Where the thing counted ends that has its verb before it (查出35万处隐患 before another number).

    ``event``: what is counted was held, whatever it was (组织2次大检查和3次督查).
    """
    if not classes(before) & carried():
        return None
    first = next(iter(found.between(start, end)), None)
    near = first and first.start - start <= _ADJACENT + event and (event or first.word.classes & _counted())
    return first.end if first and near else start


def _suffered(text: str, found: Words, start: int, end: int) -> int | None:
    """Where what the counted ones suffered ends (检查中5家企业被查封): it outweighs the verb before them."""
    passive = text.find("被", start, end)
    if passive < 0:
        return None
    after = found.between(passive, end)
    verb = next((token for token in after if token.word.classes & ~(_things() | _doers())), None)
    return verb.end if verb and verb.start - passive <= _LONGEST_DOER else None


def _is_told_later(text: str, left: int, at: int, right: int) -> bool:
    """对3家企业…，依法立案 and 摊点72家，全部检查: what is done to them is told after the comma."""
    find = text.find
    fronted = find("对", left, at) >= 0 or find("将", left, at) >= 0 or find("把", left, at) >= 0
    return fronted or bool(_TOLD_AFTER.match(text, right))


def _is_fronted_list(text: str, found: Words, left: int, at: int) -> bool:
    """Whether only a list of things stands between 对 and a number (对3个县46处煤矿(…)进行检查)."""
    far = max(0, at - _LONGEST_LIST)
    if text.find("对", far, left) < 0:
        return False
    start = clause_start(text, far, left)
    start = max(start, *(text.rfind(mark, start, left) + 1 for mark in _SENTENCE_END))
    fronted = text.rfind("对", start, left)
    bracketed = text.rfind("(", start, left) > text.rfind(")", start, left)
    return fronted >= 0 and not bracketed and not classes(found.between(fronted, left)) & ~_things()


def _told_later(text: str, found: Words, end: int, right: int, following: int) -> tuple[int, list[Token]]:
    """Where the phrase of a number ends whose verb is still to come, and its words with that verb."""
    if _AGAIN.match(text, following):
        following = min(len(text), following + _LONGEST_LIST)
    if behind := _behind_bracket(text, found, right):
        return right, found.between(end, right) + behind
    right = _told_until(text, found, end, _sentence_end(text, right, following))
    return right, found.between(end, right)


def _told_until(text: str, found: Words, start: int, end: int) -> int:
    """Where the first part ends that says what is done (对3家企业…进行检查，发现隐患…)."""
    verb = next((token for token in found.between(start, end) if token.word.classes & ~_things()), None)
    if not verb:
        return end
    stop = _COMMA.search(text, verb.end, end)
    return stop.start() if stop else end


def _behind_bracket(text: str, found: Words, at: int) -> list[Token]:
    """The words behind a bracket with the parts: 对48处煤矿(生产4处、停产44处)进行检查."""
    closed = text.find(")", at, at + _LONGEST_BRACKET) if text.startswith("(", at) else -1
    behind = _NO_NUMBER.match(text, closed + 1) if closed >= 0 else None
    return found.between(closed + 1, behind.end()) if behind else []


def _named_before(found: Words, start: int, bracket: int) -> list[Token]:
    """The thing just before a bracket with nothing but its number: 控制指标(17人)."""
    return [token for token in found.between(start, bracket)[-1:] if token.end == bracket]


def _sentence_end(text: str, start: int, end: int) -> int:
    stop = _STOP.search(text, start, end)
    return stop.start() if stop else end


def classes(found: Iterable[Token]) -> int:
    """The classes of some words together."""
    together = 0
    for token in found:
        together |= token.word.classes
    return together


@cache
def _next_verbs() -> int:
    return mask("FIND", "SELF", "RECTIFY")


@cache
def _counted() -> int:
    return mask("ENTITY", "HAZARD", "GROUP", "REGION", "DEPARTN", "EQUIPMENT", "UNLAWFULUNITS", "EXPERT")


@cache
def _things() -> int:
    """Classes that tell what is counted, and nothing of what is done to it."""
    return mask(
        "ENTITY",
        "PROJECT",
        "HAZARD",
        "MAJOR",
        "GENERAL",
        "VIOLATION",
        "ABSTRACT",
        "SPLIT",
        "NONE",
        "REGION",
        "VEHICLE",
        "SHIP",
        "EQUIPMENT",
    )


@cache
def _doers() -> int:
    """Who may stand between 被 and the verb (被县安委会表彰)."""
    return mask("COMMITTEEORG", "DEPARTN", "OFFICER", "POLICE")


@cache
def _awaiting() -> int:
    return mask("AWAIT")
