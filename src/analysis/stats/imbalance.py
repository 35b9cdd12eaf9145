"""Why hazards are spread unevenly over sectors: shares, location quotients, and their exact split.

The location quotient (区位商) is that of regional analysis (Isard 1960); its split into effort, yield and
reporting is an identity of this project.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.stats.clusters import FEW_EFFECTIVE
from analysis.stats.inputs import FloatArray, as_counts, number, numbers, paired_counts, require_same_length
from analysis.stats.rates import proportion
from analysis.stats.results import Estimate, unknown


@dataclass(frozen=True)
class QuotientSplit:
    """One sector's hazard quotient and the three factors whose product it is.

    hazard = effort × yield × reporting, exactly; None where it is not defined. `logs` are the natural
    logarithms of (effort, yield, reporting): they add up to that of the hazard quotient. Effort splits
    further into coverage × revisits where distinct enterprises are known.
    """

    hazard: Estimate
    effort: float | None
    yield_: Estimate
    reporting: Estimate
    logs: tuple[float, float, float] | None
    coverage: float | None
    revisits: float | None
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Drivers:
    """Theil T of hazards against enterprises, split exactly into what each factor adds.

    total = ``effort + yield_ + reporting`` over the sectors where the split is defined; `undefined` is what
    the other sectors add (their parts are not known). A factor below 0 evens the distribution out.
    """

    total: float
    effort: float
    yield_: float
    reporting: float
    undefined: float


def location_quotients(
    counts: ArrayLike, exposures: ArrayLike, *, design_effect: ArrayLike = 1.0, level: float = 0.95
) -> tuple[Estimate, ...]:
    """Each sector's share of events over its share of exposure; n = events of the sector.

    The interval is that of the share (Wilson), of as many events as remain after division by `design_effect`
    (see clusters; one for all sectors or one for each), the exposures taken as known. No exposure, no
    quotient; few events left, `few_effective_events`.
    """
    events, exposed = paired_counts(counts, exposures)
    total, exposure = float(events.sum()), float(exposed.sum())
    effects = np.broadcast_to(np.asarray(design_effect, dtype=np.float64), events.shape)
    return tuple(
        _quotient(c, total, e, exposure, effect, level)
        for c, e, effect in zip(events, exposed, effects, strict=True)
    )


def _quotient(
    count: float, total: float, exposed: float, exposure: float, design_effect: float, level: float
) -> Estimate:
    method, n = "wilson_quotient", round(count)
    if exposed == 0:
        return unknown(method, "no_exposure", n=n, level=level)
    if total == 0:
        return unknown(method, "no_events", n=n, level=level)
    effective = proportion(count / design_effect, total / design_effect, level=level)
    share = effective.scaled(exposure / exposed)
    few = ("few_effective_events",) if design_effect > 1 and count / design_effect < FEW_EFFECTIVE else ()
    return Estimate(share.value, share.low, share.high, n, method, level, (*share.warnings, *few))


def split_quotients(
    enterprises: ArrayLike,
    inspections: ArrayLike,
    department_found: ArrayLike,
    self_reported: ArrayLike,
    *,
    distinct_inspected: ArrayLike | None = None,
    design_effect: ArrayLike = 1.0,
    level: float = 0.95,
) -> tuple[QuotientSplit, ...]:
    """Split each sector's hazard quotient into effort × yield × reporting (see `QuotientSplit`).

    Arrays of one length, sectors that exclude one another; the whole is their sum. Not defined where a
    sector has no inspections or nothing found by departments. Intervals take the whole as known: of yield
    from the sector's share of what departments found, of reporting from its own department-found share;
    `design_effect` (see clusters) divides the events behind each.
    """
    e, i = as_counts(enterprises, "enterprises"), as_counts(inspections, "inspections")
    d, r = as_counts(department_found, "department_found"), as_counts(self_reported, "self_reported")
    require_same_length(enterprises=e, inspections=i, department_found=d, self_reported=r)
    seen = None if distinct_inspected is None else as_counts(distinct_inspected, "distinct_inspected")
    if seen is not None:
        require_same_length(enterprises=e, distinct_inspected=seen)
    hazard = location_quotients(d + r, e, design_effect=design_effect, level=level)
    yields = location_quotients(d, i, design_effect=design_effect, level=level)
    reporting = _reporting(d, r, design_effect, level)
    effort, coverage = _ratio_of_shares(i, e), None if seen is None else _ratio_of_shares(seen, e)
    return tuple(
        _split(hazard[s], effort[s], yields[s], reporting[s], None if coverage is None else coverage[s])
        for s in range(e.size)
    )


def _split(
    hazard: Estimate, effort: float | None, yield_: Estimate, reporting: Estimate, coverage: float | None
) -> QuotientSplit:
    factors = (effort, yield_.value, reporting.value)
    logs = _logs(factors)
    warnings = () if logs else (_undefined_because(hazard, effort, yield_),)
    revisits = effort / coverage if effort is not None and coverage else None
    return QuotientSplit(hazard, effort, yield_, reporting, logs, coverage, revisits, warnings)


def _logs(factors: tuple[float | None, float | None, float | None]) -> tuple[float, float, float] | None:
    known = [float(np.log(factor)) for factor in factors if factor]
    return (known[0], known[1], known[2]) if len(known) == 3 else None


def _undefined_because(hazard: Estimate, effort: float | None, yield_: Estimate) -> str:
    if hazard.value is None and effort is None:
        return "no_exposure"
    return "nothing_found_by_departments" if effort and yield_.value is not None else "no_inspections"


def _ratio_of_shares(part: FloatArray, whole: FloatArray) -> tuple[float | None, ...]:
    if part.sum() == 0:
        return (None,) * part.size
    with np.errstate(divide="ignore", invalid="ignore"):
        return numbers((part / whole) / (part.sum() / whole.sum()))


def _reporting(
    department: FloatArray, own: FloatArray, design_effect: ArrayLike, level: float
) -> tuple[Estimate, ...]:
    """(1 − r) / (1 − r_s): how much a sector's own reports raise its hazards beyond the usual."""
    hazards = department + own
    whole = number(department.sum() / hazards.sum()) if hazards.sum() else None
    effects = np.broadcast_to(np.asarray(design_effect, dtype=np.float64), hazards.shape)
    return tuple(
        _reporting_of(d, h, whole, effect, level)
        for d, h, effect in zip(department, hazards, effects, strict=True)
    )


def _reporting_of(
    department: float, hazards: float, whole: float | None, design_effect: float, level: float
) -> Estimate:
    method, n = "wilson_reporting", round(hazards)
    if whole is None or hazards == 0:
        return unknown(method, "no_events", n=n, level=level)
    share = proportion(department / design_effect, hazards / design_effect, level=level)
    if not share.value or not share.low or share.high is None:
        return unknown(method, "nothing_found_by_departments", n=n, level=level)
    return Estimate(whole / share.value, whole / share.high, whole / share.low, n, method, level)


def drivers(splits: tuple[QuotientSplit, ...], hazards: ArrayLike) -> Drivers | None:
    """Which factor makes the distribution uneven: Σ hazard share × ln(factor), which adds up to Theil T.

    None without hazards or where a sector with hazards has no enterprises (its quotient is not defined).

    Raises:
        ValueError: ``splits`` and ``hazards`` differ in length.
    """
    counts = as_counts(hazards, "hazards")
    if len(splits) != counts.size:
        raise ValueError(f"lengths differ: {len(splits)} splits, {counts.size} hazards")
    total = counts.sum()
    quotients = [split.hazard.value for split in splits]
    if total == 0 or any(q is None for q, count in zip(quotients, counts, strict=True) if count > 0):
        return None
    parts, undefined = np.zeros(3), 0.0
    for split, quotient, weight in zip(splits, quotients, counts / total, strict=True):
        if split.logs is not None:
            parts += weight * np.array(split.logs)
        elif quotient and weight > 0:
            undefined += weight * float(np.log(quotient))
    effort, yield_, reporting = (float(part) for part in parts)
    return Drivers(float(parts.sum()) + undefined, effort, yield_, reporting, undefined)
