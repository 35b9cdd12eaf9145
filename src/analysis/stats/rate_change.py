"""Why the county's rate changed: rates within sectors, or the mix of sectors (Kitagawa 1955)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.stats.inputs import FloatArray, paired_counts, require_same_length


@dataclass(frozen=True)
class RateChange:
    """Change of the overall rate (after − before) = within + mix, exactly, and each sector's part of both."""

    total: float
    within: float
    mix: float
    within_by_sector: tuple[float, ...]
    mix_by_sector: tuple[float, ...]


def decompose_rate_change(
    counts_before: ArrayLike,
    exposures_before: ArrayLike,
    counts_after: ArrayLike,
    exposures_after: ArrayLike,
    *,
    per: float = 1.0,
) -> RateChange | None:
    """Split the change of a rate over the same sectors in two years; None where a year has no exposure.

    A sector present in one year alone keeps that year's rate in both, so its coming or going is mix.
    Mix is measured against the mean overall rate: growth of a sector with a low rate lowers the whole.
    """
    y0, e0 = paired_counts(counts_before, exposures_before)
    y1, e1 = paired_counts(counts_after, exposures_after)
    require_same_length(counts_before=y0, counts_after=y1)
    if e0.sum() == 0 or e1.sum() == 0:
        return None
    rate0, rate1 = _rates(y0, e0, y1, e1), _rates(y1, e1, y0, e0)
    share0, share1 = e0 / e0.sum(), e1 / e1.sum()
    within = per * (rate1 - rate0) * (share0 + share1) / 2
    overall = (share0 @ rate0 + share1 @ rate1) / 2
    mix = per * (share1 - share0) * ((rate0 + rate1) / 2 - overall)
    total = per * float(share1 @ rate1 - share0 @ rate0)
    return RateChange(
        total, float(within.sum()), float(mix.sum()), tuple(within.tolist()), tuple(mix.tolist())
    )


def _rates(
    counts: FloatArray, exposed: FloatArray, other: FloatArray, other_exposed: FloatArray
) -> FloatArray:
    """Each sector's rate, the other year's where it had no exposure, 0 where it never had any."""
    with np.errstate(divide="ignore", invalid="ignore"):
        own, substitute = counts / exposed, other / other_exposed
    return np.where(exposed > 0, own, np.where(other_exposed > 0, substitute, 0.0))
