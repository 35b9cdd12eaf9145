"""What hazards say: invented descriptions and criteria, no two alike in one enterprise on one day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .plan import read_yaml

PLACES = ("一层", "二层", "东侧", "西侧", "南门", "北门", "仓库", "值班室", "后院", "主通道")


def describe(hazards: pd.DataFrame, year: int, rng: np.random.Generator) -> pd.DataFrame:
    """The hazards with description and, for most major ones, the clause of the standard."""
    words = read_yaml("words")
    number = rng.integers(0, 10_000, len(hazards))
    texts = [
        f"{PLACES[n % len(PLACES)]}{_phrase(words, sector, level, n // 10)}"
        for sector, level, n in zip(hazards["sector"], hazards["level"], number, strict=True)
    ]
    hazards = hazards.assign(description=texts, criterion=_criteria(words, hazards, rng))
    again = hazards.groupby(["enterprise", "found_on", "description"]).cumcount()
    hazards["description"] += again.map(lambda n: f"（第{n + 1}处）" if n else "")
    return hazards.assign(hazard_id=[f"YH{year}{n:05d}" for n in range(1, len(hazards) + 1)])


def _phrase(words: dict, sector: str, level: str, number: int) -> str:
    if level == "major":
        phrases = words["major"].get(sector, []) + words["major"]["any"]
    else:
        phrases = words["general"][sector] * 2 + words["general"]["any"]
    return phrases[number % len(phrases)]


def _criteria(words: dict, hazards: pd.DataFrame, rng: np.random.Generator) -> list[str | None]:
    clause = rng.integers(3, 12, len(hazards))
    cited = (hazards["level"] == "major") & (rng.random(len(hazards)) < 0.8)
    return [
        words["criteria"][sector].format(n="三四五六七八九十"[n % 8])
        if yes and sector in words["criteria"]
        else None
        for sector, yes, n in zip(hazards["sector"], cited, clause, strict=True)
    ]
