"""Which indicator a quantity counts: rules of vocabulary/readings.csv over the classes of the words near it.

A rule names the dimensions of its units, the classes that must stand beside the number (``need``), those that
may stand earlier in the sentence (``carry``) and those that must not stand beside it (``forbid``); of the
rules that fit, the one with the highest score is the reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from operator import or_

from analysis.sources.lexicon import mask, rows

OTHER = "other"
CARRIED_COST = 3
HEAD_BONUS = 6


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of readings.csv with its classes as bit masks."""

    indicators: tuple[str, ...]
    need: int
    carry: int
    forbid: int
    score: int

    @property
    def told(self) -> bool:
        """Whether it asks for any word; a unit alone tells nothing where there is none."""
        return bool(self.need or self.carry)


@lru_cache(maxsize=8192)
def read(dimension: str, beside: int, before: int, head: int = 0) -> tuple[tuple[str, ...], int]:
    """The indicators of a quantity and the reading's score; ``other`` and 0 where no rule fits.

    Args:
        dimension: The unit's dimension, or ``""`` for any.
        beside: Classes of the words beside the number.
        before: Classes of the words earlier in the sentence that still govern it.
        head: Classes of the last word before the number, which counts most.
    """
    best: tuple[str, ...] = (OTHER,)
    score = 0
    for rule in _rules(dimension):
        if rule.score + HEAD_BONUS <= score:
            break
        if beside & rule.need != rule.need or beside & rule.forbid:
            continue
        if rule.carry and not rule.carry & (beside | before):
            continue
        worth = rule.score - (CARRIED_COST if rule.carry and not rule.carry & beside else 0)
        worth += HEAD_BONUS if rule.need & head else 0
        if worth > score:
            best, score = rule.indicators, worth
    return best, score


@cache
def carried() -> int:
    """All classes that a word earlier in the sentence can lend to a number."""
    return reduce(or_, (rule.carry for rule in _rules("")))


@cache
def _rules(dimension: str) -> tuple[Rule, ...]:
    found = ((row["units"].split(), _rule(row)) for row in rows("readings"))
    fitting = [rule for dimensions, rule in found if dimension in dimensions or (not dimension and rule.told)]
    return tuple(sorted(fitting, key=lambda rule: -rule.score))


def _rule(row: dict[str, str]) -> Rule:
    need, carry, forbid = (mask(*row[column].split()) for column in ("need", "carry", "forbid"))
    return Rule(tuple(row["indicator"].split(";")), need, carry, forbid, int(row["score"]))
