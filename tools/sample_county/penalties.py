"""Penalty decisions, in the public 双公示 form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .county import credit_code
from .plan import Plan, read_yaml

LAST_DECISION = (12, 28)


def make_penalties(
    plan: Plan, inspections: pd.DataFrame, year: int, rng: np.random.Generator
) -> pd.DataFrame:
    """The year's decisions: at the year's rate, or as many as a campaign's published figures say."""
    ordinary = _at_rate(plan, inspections, year, rng)
    fixed = [
        _as_published(inspections[inspections["campaign"] == campaign], spec, rng)
        for campaign, spec in plan.published.items()
        if isinstance(spec.get("penalties"), int) and year == 2023
    ]
    decided = pd.concat([ordinary, *fixed], ignore_index=True).sort_values(
        ["decided_on", "enterprise"], kind="stable", ignore_index=True
    )
    return _written(plan, decided, year, rng)


def _at_rate(plan: Plan, inspections: pd.DataFrame, year: int, rng: np.random.Generator) -> pd.DataFrame:
    at_rate = {c for c, spec in plan.published.items() if spec.get("penalties") == "rate"}
    silent = inspections["campaign"].isin(set(plan.published) - at_rate)
    if year == 2023 and plan.published:
        silent |= inspections["sector"] == "fire"  # the published 24 are all of the brigade's
    eligible = inspections[~silent]
    count = rng.binomial(len(eligible), plan.yearly("penalty_rate", year))
    weight = np.where(eligible["hazards"] > 0, 1.0, 0.04)
    rows = eligible.iloc[rng.choice(len(eligible), count, replace=False, p=weight / weight.sum())]
    fine = np.round(rng.lognormal(np.log(15500), 0.8, count) / 500) * 500 + 500
    kind = rng.choice(
        ["fine", "warning;fine", "warning", "suspension;fine"], count, p=[0.71, 0.12, 0.11, 0.06]
    )
    fine = np.where(kind == "warning", np.nan, fine)
    return rows.assign(kind=kind, fine=fine, decided_on=_decided(rows["day"], rng))


def _decided(days: pd.Series, rng: np.random.Generator) -> pd.Series:
    last = pd.to_datetime({"year": days.dt.year, "month": LAST_DECISION[0], "day": LAST_DECISION[1]})
    lag = rng.integers(7, 52, len(days))
    room = (last - days).dt.days.clip(lower=0).to_numpy()
    return days + pd.to_timedelta(
        np.where(lag > room, (rng.random(len(days)) * room).astype(int), lag), unit="D"
    )


def _as_published(visits: pd.DataFrame, spec: dict[str, Any], rng: np.random.Generator) -> pd.DataFrame:
    count = spec["penalties"]
    rows = visits[visits["hazards"] > 0].sort_values("hazards", ascending=False, kind="stable").iloc[:count]
    hundreds = spec["fines"] // 100
    share = rng.dirichlet(np.full(count, 3.0))
    fine = 10 + rng.multinomial(hundreds - 10 * count, share)
    decided = (rows["day"] + pd.to_timedelta(rng.integers(7, 40, count), unit="D")).clip(
        upper=pd.Timestamp("2023-11-30")
    )
    kind = np.where(np.arange(count) < spec["suspensions"], "suspension;fine", "fine")
    return rows.assign(kind=kind, fine=fine * 100.0, decided_on=decided)


def _written(plan: Plan, decided: pd.DataFrame, year: int, rng: np.random.Generator) -> pd.DataFrame:
    words = read_yaml("words")
    bodies = {
        name: number
        for number, name in enumerate(dict.fromkeys(s["department"] for s in plan.sectors.values()))
    }
    number = decided.groupby("department").cumcount() + 1
    case = np.where(
        decided["sector"] == "fire",
        rng.choice(words["cases_fire"], len(decided)),
        rng.choice(words["cases"], len(decided)),
    )
    if (planted := plan.effect("penalised_incident")).get("year") == year:
        first = int(np.argmax(decided["sector"].to_numpy() == planted["sector"]))
        case[first] = planted["case"]
    return decided.assign(
        party=decided["enterprise"],
        body=plan.county["name"] + decided["department"],
        body_code=decided["department"].map(lambda d: credit_code(plan.county["code"], bodies[d], "11")),
        document_number=[
            f"（示例）{d[:2]}罚〔{year}〕{n:03d}号"
            for d, n in zip(decided["department"], number, strict=True)
        ],
        case=case,
        valid_until=decided["decided_on"] + pd.DateOffset(years=3),
        published_until=decided["decided_on"] + pd.DateOffset(years=1),
    )
