"""The plan: what the county is like, what is planted, and which published figures stand in 2023."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
YEARS = range(2019, 2025)


@dataclass(frozen=True)
class Plan:
    """The planted county: ordinary rates, effects (none of them in a null plan), published campaigns."""

    county: dict[str, str]
    townships: dict[str, float]
    sectors: dict[str, dict[str, Any]]
    ordinary: dict[str, Any]
    volume: dict[int, float]
    effects: dict[str, dict[Any, Any]]
    tags: dict[str, dict[str, Any]]
    as_of: dict[int, date]
    exported_after_days: int
    discrepancies: dict[str, dict[str, Any]]
    published: dict[str, dict[str, Any]]

    def effect(self, name: str) -> dict[Any, Any]:
        """The settings of a planted effect; empty where it is not planted."""
        return self.effects.get(name, {})

    def yearly(self, name: str, year: int) -> float:
        """A rate of the year: the planted one, else the ordinary one."""
        return float(self.effect(name).get(year, self.ordinary[name]))


def load_plan(null: bool = False) -> Plan:
    """The plan from the files beside this one.

    Args:
        null: Plant nothing: every rate ordinary, no published campaigns, no discrepancies.
    """
    plan = read_yaml("plan")
    published = read_yaml("published")
    if null:
        plan |= {"effects": {}, "discrepancies": {}, "tags": {}, "sectors": _up_to_date(plan["sectors"])}
        published = {}
    return Plan(**plan, published=published)


def _up_to_date(sectors: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The sectors without the counts that an office let grow old."""
    return {code: {k: v for k, v in spec.items() if k != "counted"} for code, spec in sectors.items()}


def read_yaml(name: str) -> Any:
    """A YAML file of this package."""
    return yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
