"""Report 1, part: how far the unevenness moved from the year before, over sectors that both years know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analysis import standards, vocabulary
from analysis.chapters.imbalance import Imbalance
from analysis.stats import inequality
from analysis.stats.results import Comparison, Estimate


@dataclass(frozen=True)
class Change:
    """The Theil index of both years, their difference and its test, and which sectors are compared."""

    years: tuple[int, int]
    before: Estimate
    now: Estimate
    moved: Comparison
    sectors: int
    redefined: tuple[str, ...]
    """Names of the sectors whose major hazards a standard defines anew within the two years."""


def change(view: Imbalance) -> Change | None:
    """Compare the year with the one before; None where either has no denominators."""
    last = view.last
    if last is None or not (view.comparable and last.comparable):
        return None
    both = view.compared.index.intersection(last.compared.index)
    redefined = [code for code in both if _redefined(view, str(code))]
    common = both.difference(redefined)
    pairs = [
        (each.compared.loc[common, "found"], each.compared.loc[common, "enterprises"])
        for each in (last, view)
    ]
    effects = (last.design_effect, view.design_effect)
    before, now = (
        inequality.inequality(*pair, design_effect=effect)
        for pair, effect in zip(pairs, effects, strict=True)
    )
    moved = inequality.change(pairs[0], pairs[1], design_effects=effects)
    names = tuple(vocabulary.name("sector", str(code)) for code in redefined)
    return Change((last.year, view.year), before, now, moved, len(common), names)


def _redefined(view: Imbalance, sector: str) -> bool:
    """Whether a standard that defines the sector's major hazards began within the two years."""
    first = date(view.year - 1, 1, 1)
    return view.level == "major" and bool(standards.begun(sector, first, view.book.scope.as_of))
