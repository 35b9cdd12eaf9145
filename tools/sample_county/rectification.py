"""What becomes of hazards: recorded, due, extended, rectified, verified, listed."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from .plan import Plan

ON_SITE_SHARE = 0.38
DUE_DAYS = {"general": 15, "major": 30}
EXTENDED_SHARE = 0.3
"""Share of the late ones whose deadline was extended in time."""
VERIFIED_SHARE = 0.87
JOINT_DEPARTMENT = "城市管理局"
UNDATED_SHARE = 0.13
"""Share of the unverified rectified ones whose day nobody wrote down (已整改 without a date)."""


def follow_up(plan: Plan, hazards: pd.DataFrame, year: int, rng: np.random.Generator) -> pd.DataFrame:
    """The hazards with all their later days, as the ledgers stood when they were exported."""
    exported = pd.Timestamp(date(year, 12, 31)) + pd.Timedelta(days=plan.exported_after_days)
    as_of = pd.Timestamp(plan.as_of[year])
    hazards = _record(plan, hazards, exported, as_of, rng)
    hazards = _deadlines(plan, hazards, rng)
    hazards["rectified_on"] = _rectified(plan, hazards, rng)
    hazards = _as_published(plan, hazards, as_of, rng)
    hazards = _extensions(hazards, rng)
    hazards = _verified(plan, hazards, as_of, rng)
    hazards = _listed(plan, hazards, rng)
    return _together(_seen_on(hazards, exported, as_of, rng))


def _days_after(days: pd.Series, count: np.ndarray) -> pd.Series:
    return days + pd.to_timedelta(np.asarray(count, dtype=int), unit="D")


def _record(
    plan: Plan, hazards: pd.DataFrame, exported: pd.Timestamp, as_of: pd.Timestamp, rng: np.random.Generator
) -> pd.DataFrame:
    lag = rng.integers(*plan.ordinary["recording_days"], len(hazards), endpoint=True)
    if effect := plan.effect("late_recording"):
        late = rng.integers(*effect["days"], len(hazards), endpoint=True)
        lag = np.where(hazards["department"] == effect["department"], late, lag)
    recorded = _days_after(hazards["found_on"], lag).clip(upper=exported)
    published = hazards["campaign"].isin(plan.published)
    return hazards.assign(recorded_on=recorded.mask(published, recorded.clip(upper=as_of)))


def _deadlines(plan: Plan, hazards: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    on_site = (rng.random(len(hazards)) < ON_SITE_SHARE) & (hazards["level"] == "general")
    for campaign, spec in plan.published.items():
        if "on_site" in spec:
            rows = hazards.index[hazards["campaign"] == campaign]
            on_site[rows] = np.arange(len(rows)) < spec["on_site"]
    days = np.where(on_site, 0, hazards["level"].map(DUE_DAYS))
    return hazards.assign(
        rectification_mode=np.where(on_site, "on_site", "deadline"),
        due_on=_days_after(hazards["found_on"], days),
    )


def _rectified(plan: Plan, hazards: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    slow = hazards["department"].isin(plan.effect("slow").get("departments", [])).to_numpy()
    median = plan.ordinary["rectification_days"] * np.where(slow, plan.effect("slow").get("days", 1), 1.0)
    median = median * np.where(hazards["level"] == "major", 1.9, 1.0)
    days = np.ceil(rng.lognormal(np.log(median), 0.72))
    days = np.where(hazards["rectification_mode"] == "on_site", rng.integers(0, 2, len(hazards)), days)
    never = np.where(slow, plan.effect("slow").get("never", 0), plan.ordinary["never_rectified"])
    return _days_after(hazards["found_on"], days).mask(rng.random(len(hazards)) < never)


def _together(hazards: pd.DataFrame) -> pd.DataFrame:
    """One department writes an inspection's hazards into one cell, so they are dealt with on one day."""
    keys = ["inspection", "rectification_mode", "source"]
    days = ["recorded_on", "rectified_on", "verified_on", "extended_on", "extended_due_on", "status"]
    joint = hazards["department"].eq(JOINT_DEPARTMENT) & hazards["inspection"].notna()
    rows = hazards[joint & (hazards["level"] == "general")]
    first = rows.groupby(keys)["found_on"].transform("idxmin")
    for name in days:
        hazards.loc[rows.index, name] = hazards.loc[first, name].array
    return hazards


def _as_published(
    plan: Plan, hazards: pd.DataFrame, as_of: pd.Timestamp, rng: np.random.Generator
) -> pd.DataFrame:
    """Exactly the published number of a campaign's hazards is rectified by the cutoff."""
    for campaign, spec in plan.published.items():
        if "rectified" in spec:
            rows = hazards[hazards["campaign"] == campaign].sort_values("rectified_on", kind="stable")
            count = len(rows) if spec["rectified"] == "all" else spec["rectified"]
            limit = pd.Timestamp(spec.get("rectified_by", as_of))
            done = _brought_before(rows.iloc[:count], limit, rng)
            still = _pushed_after(rows.iloc[count:], as_of, rng)
            hazards.loc[rows.index, "rectified_on"] = pd.concat([done, still])
    return hazards


def _brought_before(rows: pd.DataFrame, limit: pd.Timestamp, rng: np.random.Generator) -> pd.Series:
    room = (limit - rows["found_on"]).dt.days.to_numpy()
    early = _days_after(rows["found_on"], np.minimum(rng.integers(1, 13, len(rows)), room))
    return rows["rectified_on"].where(rows["rectified_on"] <= limit, early)


def _pushed_after(rows: pd.DataFrame, as_of: pd.Timestamp, rng: np.random.Generator) -> pd.Series:
    later = pd.Series(as_of, index=rows.index) + pd.to_timedelta(rng.integers(2, 70, len(rows)), unit="D")
    return rows["rectified_on"].where(rows["rectified_on"] > as_of, later)


def _extensions(hazards: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    late = ~(hazards["rectified_on"] <= hazards["due_on"]) & (hazards["rectification_mode"] == "deadline")
    extended = late & (rng.random(len(hazards)) < EXTENDED_SHARE)
    asked = _days_after(hazards["due_on"], -rng.integers(0, 4, len(hazards)))
    until = _days_after(hazards["due_on"], rng.choice([10, 15, 30], len(hazards)))
    return hazards.assign(extended_on=asked.where(extended), extended_due_on=until.where(extended))


def _verified(
    plan: Plan, hazards: pd.DataFrame, as_of: pd.Timestamp, rng: np.random.Generator
) -> pd.DataFrame:
    days = rng.integers(0, 15, len(hazards))
    verified = _days_after(hazards["rectified_on"], days).where(rng.random(len(hazards)) < VERIFIED_SHARE)
    for campaign, spec in plan.published.items():
        if "verified" in spec:
            rows = hazards[hazards["campaign"] == campaign]
            first, rest = rows.index[: spec["verified"]], rows.index[spec["verified"] :]
            soon = _days_after(rows["rectified_on"], np.full(len(rows), 3)).clip(upper=as_of)
            verified[first], verified[rest] = soon[first], pd.NaT
    return hazards.assign(verified_on=verified)


def _listed(plan: Plan, hazards: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    major = hazards["level"] == "major"
    listed = _days_after(hazards["found_on"], rng.integers(5, 15, len(hazards))).where(
        major & (rng.random(len(hazards)) < 0.07)
    )
    for campaign, spec in plan.published.items():
        if "listing" in spec:
            listed[hazards["campaign"].eq(campaign) & major] = pd.Timestamp(spec["listing"])
    closed = hazards["verified_on"].where(hazards["verified_on"] >= listed)
    return hazards.assign(
        listed_on=listed,
        delisted_on=closed,
        listing_level=np.where(
            listed.notna(), rng.choice(["county", "city"], len(hazards), p=[0.8, 0.2]), None
        ),
    )


def _seen_on(
    hazards: pd.DataFrame, exported: pd.Timestamp, as_of: pd.Timestamp, rng: np.random.Generator
) -> pd.DataFrame:
    """What had not happened by the export is blank; some rectified ones bear no date."""
    later: dict[str, Any] = {
        name: hazards[name].mask(hazards[name] > exported)
        for name in ("rectified_on", "verified_on", "listed_on", "delisted_on", "extended_on")
    }
    hazards = hazards.assign(**later)
    undated = (hazards["rectified_on"] <= as_of) & hazards["verified_on"].isna()
    undated &= rng.random(len(hazards)) < UNDATED_SHARE
    hazards["status"] = np.select(
        [hazards["verified_on"].notna(), hazards["rectified_on"].notna(), hazards["extended_on"].notna()],
        ["verified", "rectified", "extended"],
        "open",
    )
    return hazards.assign(rectified_on=hazards["rectified_on"].mask(undated))
