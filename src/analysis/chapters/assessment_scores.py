"""Report 8, part: points and ranks of townships and departments under the scoring sheet (年度考核)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis import assessment, vocabulary
from analysis.assessment import Item, Limit, Sheet
from analysis.book import Book
from analysis.chapters.assessment_figures import Measured, UnitFigures
from analysis.report import findings
from analysis.report.findings import Finding
from analysis.stats import rank_intervals, scores
from analysis.stats.inputs import FloatArray
from analysis.stats.rank_intervals import RankIntervals

NEEDED = "本年文件夹中的考核细则 assessment.yaml"
DRAWS, SEED = 4000, 0
CONCENTRATION = 400.0
"""Of the weights' Dirichlet distribution: 20 points of 100 vary between 16 and 24 in 95 of 100 draws."""


@dataclass(frozen=True)
class Ranking:
    """Ranks of the units with a total, by name: by points, and the intervals under each kind of doubt."""

    units: tuple[str, ...]
    ranks: tuple[int, ...]
    by_figures: RankIntervals
    by_weights: RankIntervals
    by_both: RankIntervals

    @property
    def groups(self) -> tuple[int, ...]:
        """Group of each unit; nobody of one group stands before another of it."""
        return rank_intervals.groups(self.by_both)


@dataclass(frozen=True)
class Scores:
    """One scoring sheet applied to the year's figures."""

    book: Book
    sheet: Sheet

    @cached_property
    def figures(self) -> UnitFigures:
        """The units and their figures."""
        return UnitFigures(self.book, self.sheet.subject)

    @property
    def subject(self) -> str:
        """Whom the sheet assesses, in Chinese."""
        return vocabulary.name("rules_subject", self.sheet.subject)

    @cached_property
    def measured(self) -> dict[str, Measured]:
        """Each item's figure, by the item's id."""
        return {item.id: self.figures.measured(item.indicator, item.per) for item in self.sheet.items}

    @cached_property
    def points(self) -> pd.DataFrame:
        """Units × items: points; NaN where the unit has no figure to score."""
        columns = {
            item.id: item.weight * share(item, self.measured[item.id].value) for item in self.sheet.items
        }
        return pd.DataFrame(columns, index=list(self.figures.units))

    @cached_property
    def limits(self) -> dict[str, tuple[Limit, ...]]:
        """The caps and vetoes that hold for each unit; one without a figure to judge by does not hold."""
        every = (*self.sheet.caps, *self.sheet.vetoes)
        values = [self.figures.measured(limit.indicator).value for limit in every]
        pairs = list(zip(every, values, strict=True))
        return {
            unit: tuple(limit for limit, value in pairs if limit.holds(value[unit]))
            for unit in self.figures.units
        }

    @cached_property
    def totals(self) -> pd.Series[float]:
        """Points of each unit, scaled up to full marks where items are not scored; NaN below half of them."""
        found = scores.totals(self._shares, self._weights, self._ceilings)
        return pd.Series(found, index=self.points.index)

    @cached_property
    def grades(self) -> pd.Series[str]:
        """The grade of each unit with a total; empty where there is none."""
        grades = [
            "" if np.isnan(total) else assessment.grade(self.sheet, total, self.limits[str(unit)])
            for unit, total in self.totals.items()
        ]
        return pd.Series(grades, index=self.points.index, dtype="str")

    @property
    def _weights(self) -> FloatArray:
        return np.array([item.weight for item in self.sheet.items])

    @property
    def _shares(self) -> FloatArray:
        return self.points.to_numpy(dtype=float) / self._weights

    @property
    def _ceilings(self) -> FloatArray:
        return np.array([assessment.ceiling(self.limits[unit]) for unit in self.figures.units])

    @cached_property
    def ranking(self) -> Ranking | None:
        """Ranks and their intervals; None with fewer than two totals."""
        known = self.totals.notna().to_numpy()
        if known.sum() < 2:
            return None
        rng = np.random.default_rng(SEED)
        scored = ~np.isnan(self._shares[known]).all(axis=0)
        weights, ceilings = self._weights[scored], self._ceilings[known]
        shown = self._shares[np.ix_(known, scored)]
        drawn = scores.any_share(self._drawn(rng)[:, known][:, :, scored], rng)
        varied = scores.varied_weights(weights, concentration=CONCENTRATION, draws=DRAWS, rng=rng)
        fixed = np.broadcast_to(shown, drawn.shape)
        level = self.book.settings.confidence_level
        return Ranking(
            tuple(self.totals.index[known]),
            rank_intervals.ranks(self.totals[known]),
            rank_intervals.simultaneous(scores.totals(drawn, weights, ceilings), level=level),
            rank_intervals.swept(scores.totals(fixed, varied, ceilings), level=level),
            rank_intervals.simultaneous(scores.totals(drawn, varied, ceilings), level=level),
        )

    def _drawn(self, rng: np.random.Generator) -> FloatArray:
        """Draws × units × items: shares of full marks as the year's chance might have given them."""
        return np.stack(
            [share(item, _replicates(item, self.measured[item.id], rng)) for item in self.sheet.items], axis=2
        )


def share(item: Item, values: FloatArray | pd.Series[float]) -> FloatArray:
    """Share of full marks of an item's figures."""
    if item.zero_at is not None and item.full_at is not None:
        return scores.ramp(values, zero_at=item.zero_at, full_at=item.full_at)
    ats = [step.at for step in item.steps]
    worth = [step.points / item.weight for step in item.steps]
    return scores.steps(values, ats, worth, higher=item.higher)


def _replicates(item: Item, figure: Measured, rng: np.random.Generator) -> FloatArray:
    """Draws × units of an item's figure; deeds are counted, not drawn."""
    part = figure.part.to_numpy(dtype=float)
    whole = np.ones(part.size) if figure.whole is None else figure.whole.to_numpy(dtype=float)
    known = ~np.isnan(part) & ~np.isnan(whole)
    drawn = np.full((DRAWS, part.size), np.nan)
    chance = vocabulary.scored()[item.indicator].chance
    if chance == "none":
        drawn[:] = figure.value.to_numpy(dtype=float)
    elif known.any():
        draw = scores.binomial_replicates if chance == "binomial" else scores.poisson_replicates
        drawn[:, known] = figure.scale * draw(
            part[known], whole[known], effect=figure.effect, draws=DRAWS, rng=rng
        )
    return drawn


def of(book: Book) -> tuple[Scores, ...]:
    """The year's scoring sheets, each applied; none where the year has no rules."""
    return tuple(Scores(book, sheet) for sheet in book.scoring_sheets)


def answer(sheets: Iterable[Scores]) -> tuple[Finding, ...]:
    """Say of each sheet who can be told apart, who met a veto or a cap, and what could not be scored."""
    return tuple(found for view in sheets for found in _answer(view))


def _answer(view: Scores) -> Iterable[Finding]:
    if not view.figures.units:
        yield findings.cannot_show(f"{view.subject}的年度考核得分", f"按{view.subject}填写的台账或月报")
        return
    ranking, tables = view.ranking, (f"scores-{view.sheet.subject}",)
    if ranking is None:
        known = int(view.totals.notna().sum())
        yield findings.too_few_to_rank(view.subject, len(view.figures.units), known, tables)
    else:
        members = [
            [unit for unit, own in zip(ranking.units, ranking.groups, strict=True) if own == number]
            for number in range(1, max(ranking.groups) + 1)
        ]
        pairs = zip(ranking.units, ranking.by_both.low, strict=True)
        behind = sorted(((unit, low - 1) for unit, low in pairs if low > 1), key=lambda pair: -pair[1])
        both = ranking.by_both
        yield findings.ranked_groups(view.subject, members, behind, both, CONCENTRATION, tables)
    yield from _held(view, tables)


def _held(view: Scores, tables: tuple[str, ...]) -> Iterable[Finding]:
    """The limits that hold for somebody, and the items that somebody has no figure for."""
    for limit in (*view.sheet.vetoes, *view.sheet.caps):
        names = [unit for unit, held in view.limits.items() if limit in held]
        if names:
            yield findings.limit_held(condition(limit), effect(limit), names, tables)
    for item in view.sheet.items:
        without = [str(unit) for unit in view.points.index[view.points[item.id].isna()]]
        if without:
            yield findings.not_scored(item.name, without, len(view.figures.units), tables)


def condition(limit: Limit) -> str:
    """What makes a cap or veto hold, in words."""
    known = vocabulary.indicators()[limit.indicator]
    return f"{known.name_zh}{vocabulary.name('comparator', limit.comparator)}{limit.value:g}{known.unit}"


def effect(limit: Limit) -> str:
    """What a cap or veto does, in words."""
    if limit.points is not None:
        return f"总分最多{limit.points:g}分"
    return f"一票否决，等次最高为{limit.grade}" if limit.grade else "一票否决，总分计零分"
