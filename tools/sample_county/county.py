"""Townships and enterprises of the county: every name invented, most with a valid credit code."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .plan import Plan, read_yaml

CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_SHARE = 0.88
"""Share of the enterprises whose credit code the offices know."""


def make_enterprises(plan: Plan, rng: np.random.Generator) -> pd.DataFrame:
    """All enterprises: name, code (may be missing), sector, township, department, frailty.

    ``frailty`` is the enterprise's proneness, gamma with mean 1: counts over enterprises are then negative
    binomial, and hazards cluster.
    """
    words = read_yaml("words")
    frames = [_of_sector(plan, sector, words, rng) for sector in plan.sectors]
    everyone = pd.concat(frames, ignore_index=True)
    codes = [credit_code(plan.county["code"], number) for number in range(len(everyone))]
    known = rng.random(len(everyone)) < CODE_SHARE
    shape = plan.ordinary["enterprise_shape"]
    return everyone.assign(
        enterprise_code=np.where(known, codes, None), frailty=rng.gamma(shape, 1 / shape, len(everyone))
    )


def _of_sector(plan: Plan, sector: str, words: dict, rng: np.random.Generator) -> pd.DataFrame:
    count = plan.sectors[sector]["enterprises"]
    names = _names(words, sector, count)
    shares = np.array(list(plan.townships.values()))
    return pd.DataFrame(
        {
            "enterprise": names,
            "sector": sector,
            "department": plan.sectors[sector]["department"],
            "township": rng.choice(list(plan.townships), count, p=shares / shares.sum()),
        }
    )


def _names(words: dict, sector: str, count: int) -> list[str]:
    nouns, stems = words["enterprises"][sector], words["stems"]
    every = [f"示例{stem}{branch}{noun}" for branch in words["branches"] for noun in nouns for stem in stems]
    return every[:count]


def credit_code(region: str, number: int, kind: str = "91") -> str:
    """A unified social credit code with both check characters right (GB 32100-2015, GB 11714-1997).

    Args:
        region: Six digits.
        number: Which of the invented organisations.
        kind: Registering authority and kind: 91 for enterprises, 11 for government offices.
    """
    organisation = f"Y{number:07d}"
    body = f"{kind}{region}{organisation}{_organisation_check(organisation)}"
    weighted = sum(CODE_CHARACTERS.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + CODE_CHARACTERS[-weighted % 31]


def _organisation_check(organisation: str) -> str:
    values = [int(c, 36) for c in organisation]
    remainder = -sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)


def regulated_enterprises(plan: Plan, enterprises: pd.DataFrame) -> pd.DataFrame:
    """The office's list of regulated enterprises: township, sector, count (out of date where planned)."""
    counts = enterprises.groupby(["sector", "township"], sort=False).size().reset_index(name="count")
    listed = {
        s: spec["counted"] / spec["enterprises"] for s, spec in plan.sectors.items() if "counted" in spec
    }
    share = counts["sector"].map(listed).fillna(1.0)
    return counts.assign(regulated_enterprises=np.floor(counts["count"] * share).astype(int)).drop(
        columns="count"
    )
