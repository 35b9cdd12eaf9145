"""Indices of unevenness weighted by exposure: Theil T and L, Gini, Lorenz, within and between, change.

With h a sector's share of events and e its share of exposure, T = Σ h·ln(h/e), L = Σ e·ln(e/h), and Gini is
twice the area between the Lorenz curve (sectors in order of h/e) and the diagonal (Theil 1967; Lorenz 1905).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import rel_entr, xlogy
from scipy.stats import norm

from analysis.stats.inputs import FloatArray, as_counts, paired_counts, require_level
from analysis.stats.results import Comparison, Estimate, TestResult, merge_warnings, unknown, untested

Index = Literal["theil_t", "theil_l", "gini"]
TILTS = np.linspace(0, 1, 31) ** 1.5  # finer near evenness, where small indices lie


@dataclass(frozen=True)
class TheilSplit:
    """Theil T in two parts: total = between + within; `groups` gives each group's own (between, within)."""

    total: float
    between: float
    within: float
    groups: dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Lorenz:
    """Cumulated shares from (0, 0) to (1, 1); `order` lists the sectors from the lowest rate up."""

    exposure_share: FloatArray
    event_share: FloatArray
    order: tuple[int, ...]


def theil_t(h: FloatArray, e: FloatArray) -> FloatArray:
    """Theil T of shares in the last axis: 0 where events follow exposure."""
    return np.asarray(rel_entr(h, e).sum(axis=-1))


def theil_l(h: FloatArray, e: FloatArray) -> FloatArray:
    """Theil L (mean log deviation) of shares in the last axis; infinite where a sector has no events."""
    return np.asarray(rel_entr(e, h).sum(axis=-1))


def gini(h: FloatArray, e: FloatArray) -> FloatArray:
    """Gini (grouped) of shares in the last axis."""
    exposure = np.broadcast_to(e, h.shape)
    order = np.argsort(h / exposure, axis=-1, kind="stable")
    events, exposed = np.take_along_axis(h, order, -1), np.take_along_axis(exposure, order, -1)
    above = np.cumsum(events, axis=-1)
    return np.asarray(1 - (exposed * (2 * above - events)).sum(axis=-1))


INDICES: dict[Index, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "theil_t": theil_t,
    "theil_l": theil_l,
    "gini": gini,
}


def inequality(
    counts: ArrayLike,
    exposures: ArrayLike,
    index: Index = "theil_t",
    *,
    design_effect: float = 1.0,
    level: float = 0.95,
    draws: int = 500,
    seed: int = 0,
) -> Estimate:
    """Index of unevenness of events over exposure with a simulated interval; n = events.

    Small counts look more uneven than they are, so the interval is a test turned round (parametric bootstrap
    along one family, DiCiccio & Romano 1990): it holds the unevenness of every tilt of the observed pattern,
    from none to far more, under which the observed index would not be unusual. `design_effect` (see
    clusters) divides the events. Sectors without exposure are left out and their events named
    (`events_without_exposure`). One sector, no events, or an L with an empty sector have no value.
    """
    sample = _Sample.of(counts, exposures, design_effect)
    refusal = sample.refusal(index)
    if refusal:
        return unknown(index, refusal, n=sample.n, level=level)
    value = float(INDICES[index](sample.shares, sample.exposure))
    low, high = _inverted(sample, index, value, level, draws=draws, rng=np.random.default_rng(seed))
    return Estimate(value, min(low, value), max(high, value), sample.n, index, level, sample.warnings)


def _inverted(
    sample: "_Sample", index: Index, value: float, level: float, *, draws: int, rng: np.random.Generator
) -> tuple[float, float]:
    """Least and greatest unevenness along the tilts that could have given `value`."""
    tail = (1 - require_level(level)) / 2
    tilted = tilted_shares(sample.counts, sample.exposure, sample.effective_n)
    truth = INDICES[index](tilted, sample.exposure)
    truth[0] = 0.0  # the first tilt is even spread itself, whatever rounding says
    drawn = sample.drawn(index, tilted, draws, rng)
    lower, upper = np.maximum.accumulate(np.quantile(drawn, [tail, 1 - tail], axis=1), axis=1)
    return float(np.interp(value, upper, truth)), float(np.interp(value, lower, truth))


def tilted_shares(counts: FloatArray, base: FloatArray, effective_n: int) -> FloatArray:
    """Shares (31 × sectors) from those of `base` along the pattern of `counts` to far beyond it.

    `base` > 0 adds up to 1; `effective_n` independent events stand behind the counts, and the fewer they
    are, the further the tilts go.
    """
    smooth = (counts + 0.5) / (counts.sum() * base + 0.5)
    pattern = np.log(smooth) - np.log(smooth).mean()
    spread = float(np.sqrt(base @ pattern**2))
    if spread < 1e-9:
        pattern = np.linspace(-1, 1, pattern.size)
    reach = 3 + 6 / max(spread, 1e-9) * (pattern.size / effective_n) ** 0.5
    weight = TILTS[:, None] * np.minimum(reach, 60 / np.ptp(pattern)) * pattern
    shares = base * np.exp(weight - weight.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def change(
    before: tuple[ArrayLike, ArrayLike],
    after: tuple[ArrayLike, ArrayLike],
    index: Index = "theil_t",
    *,
    design_effects: tuple[float, float] = (1.0, 1.0),
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> Comparison:
    """Change of the index between two independent years (after − before); n = events of both.

    `before` and `after` are pairs (counts, exposures). The interval reflects the bootstrap about the
    estimate, which takes out its bias (Efron & Tibshirani 1993, ch. 13); the test is Wald's, of these draws.
    """
    pairs = zip((before, after), design_effects, strict=True)
    samples = [_Sample.of(counts, exposures, effect) for (counts, exposures), effect in pairs]
    method, n = f"{index}_change", sum(sample.n for sample in samples)
    for refusal in (sample.refusal(index) for sample in samples):
        if refusal:
            return Comparison(unknown(method, refusal, n=n, level=level), untested(method, refusal, n=n))
    first, last = (float(INDICES[index](sample.shares, sample.exposure)) for sample in samples)
    rng = np.random.default_rng(seed)
    drawn_first, drawn_last = (s.drawn(index, s.shares[None, :], draws, rng)[0] for s in samples)
    warnings = merge_warnings(*(s.warnings for s in samples))
    return _moved(last - first, drawn_last - drawn_first, n, method, level=level, warnings=warnings)


def _moved(
    value: float, drawn: FloatArray, n: int, method: str, *, level: float, warnings: tuple[str, ...]
) -> Comparison:
    """A difference, its interval and test, from bootstrap draws of it."""
    tail = (1 - require_level(level)) / 2
    lower, upper = np.quantile(drawn, [tail, 1 - tail])
    limits = min(2 * value - float(upper), value), max(2 * value - float(lower), value)
    spread = float(drawn.std())
    z = (2 * value - float(drawn.mean())) / spread if spread > 0 else 0.0
    test = TestResult(z, float(2 * norm.sf(abs(z))), n, "bootstrap_wald", warnings=warnings)
    return Comparison(Estimate(value, *limits, n, method, level, warnings), test)


@dataclass(frozen=True)
class _Sample:
    """Events of the sectors with exposure, ready to be drawn again."""

    counts: FloatArray
    exposure: FloatArray
    design_effect: float
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, counts: ArrayLike, exposures: ArrayLike, design_effect: float) -> "_Sample":
        events, exposed = paired_counts(counts, exposures)
        if design_effect < 1:
            raise ValueError(f"design_effect must be at least 1, got {design_effect}")
        used = exposed > 0
        lost = events[~used].sum() > 0
        shares = exposed[used] / exposed.sum() if used.any() else exposed[used]
        return cls(events[used], shares, design_effect, ("events_without_exposure",) if lost else ())

    @property
    def n(self) -> int:
        return round(float(self.counts.sum()))

    @property
    def effective_n(self) -> int:
        return max(1, round(self.n / self.design_effect))

    @property
    def shares(self) -> FloatArray:
        return np.asarray(self.counts / self.counts.sum())

    def refusal(self, index: Index) -> str | None:
        if self.exposure.size == 0:
            return "no_exposure"
        if self.exposure.size == 1:
            return "one_sector"
        if self.n == 0:
            return "no_events"
        return "zero_counts" if index == "theil_l" and (self.counts == 0).any() else None

    def drawn(self, index: Index, shares: FloatArray, draws: int, rng: np.random.Generator) -> FloatArray:
        """Values of the index (rows of `shares` × draws) among as many events as there are in effect."""
        n = self.effective_n
        counts = rng.multinomial(n, shares[:, None, :], size=(len(shares), draws)).astype(np.float64)
        if index == "theil_l":
            counts = np.maximum(counts, 0.5)  # a sector emptied by chance would make L infinite
        return INDICES[index](counts / counts.sum(axis=-1, keepdims=True), self.exposure)


def theil_split(counts: ArrayLike, exposures: ArrayLike, groups: ArrayLike) -> TheilSplit | None:
    """Theil T between and within groups (departments, townships); None without events or exposure.

    Sectors without exposure are left out. Source: Theil 1967; Shorrocks 1980.

    Raises:
        ValueError: ``groups`` and ``counts`` differ in length.
    """
    events, exposed = paired_counts(counts, exposures)
    labels = np.asarray(groups).astype(str)
    if labels.size != events.size:
        raise ValueError(f"lengths differ: {labels.size} groups, {events.size} counts")
    used = exposed > 0
    if events[used].sum() == 0:
        return None
    h, e = events[used] / events[used].sum(), exposed[used] / exposed[used].sum()
    group = labels[used]
    parts = {str(g): _group_parts(h[group == g], e[group == g]) for g in np.unique(group)}
    between, within = (sum(part[k] for part in parts.values()) for k in (0, 1))
    return TheilSplit(float(theil_t(h, e)), between, within, parts)


def _group_parts(h: FloatArray, e: FloatArray) -> tuple[float, float]:
    """Give what one group adds between groups and within itself, from shares of the whole."""
    group_h, group_e = h.sum(), e.sum()
    between = float(rel_entr(group_h, group_e))
    within = float((rel_entr(h, e)).sum() - xlogy(group_h, group_h / group_e)) if group_h > 0 else 0.0
    return between, within


def lorenz(counts: ArrayLike, exposures: ArrayLike) -> Lorenz | None:
    """Lorenz curve of events over exposure, sectors without exposure left out; None without events."""
    events, exposed = as_counts(counts, "counts"), as_counts(exposures, "exposures")
    used = np.flatnonzero(exposed > 0)
    if used.size == 0 or events[used].sum() == 0:
        return None
    order = used[np.argsort(events[used] / exposed[used], kind="stable")]
    curves = [np.concatenate([[0.0], np.cumsum(x[order]) / x[order].sum()]) for x in (exposed, events)]
    return Lorenz(curves[0], curves[1], tuple(int(i) for i in order))
