"""Where things lie, and the choices an office may change: ``analysis.toml`` at the project's root.

Plain dataclasses and the standard library, since the commands that find nothing to do read this too.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path

from analysis import vocabulary
from analysis.messages import AnalysisError

CONFIG_NAME = "analysis.toml"


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of one project; each can be moved by an option or an environment variable."""

    root: Path
    raw: Path
    processed: Path
    reports: Path
    notebooks: Path

    @classmethod
    def find(
        cls,
        raw: Path | str | None = None,
        processed: Path | str | None = None,
        reports: Path | str | None = None,
    ) -> Folders:
        """The folders below the project's root; arguments, then ANALYSIS_RAW and the like, move them."""
        root = project_root()

        def place(name: str, given: Path | str | None, usual: str) -> Path:
            moved = given or os.environ.get(f"ANALYSIS_{name}")
            return Path(moved).absolute() if moved else root / usual

        return cls(
            root=root,
            raw=place("RAW", raw, "data/raw"),
            processed=place("PROCESSED", processed, "data/processed"),
            reports=place("REPORTS", reports, "reports"),
            notebooks=root / "notebooks",
        )

    def releases(self, county: str) -> Path:
        """Where the records of a county's public releases lie: in the office, outside the public folder."""
        return self.reports / "releases" / county

    @property
    def mask_key(self) -> Path:
        """The office's key of masks: readable by its owner alone, kept in no repository and no report."""
        return self.root / "data" / "mask.key"


@dataclass(frozen=True, slots=True)
class Settings:
    """The office's choices, with their defaults. Days are calendar days, shares are between 0 and 1."""

    baseline_years: int = 5
    penalty_window_days: int = 90
    public_minimum_enterprises: int = 3
    public_dominance_share: float = 0.8
    confidence_level: float = 0.95
    minimum_inspection_share: float = 0.5
    """Of today's inspections a sector keeps at least this share when the plan moves inspections."""
    inspection_floors: dict[str, int] = field(default_factory=dict)
    """Inspections a year that the law asks of a sector, by its code: ``[inspection_floors]`` in the file."""
    minimum_exposure: int = 5
    """Below this many inspections or enterprises a sector has counts but no rate and no rank."""
    required_party_committee: int = 2
    """Meetings of the party committee on work safety a year, one in each half (0: none is required).

    This and the next are what Henan's opinion on 中发〔2016〕32号 asks of counties; provinces differ."""
    required_government_meeting: int = 4
    """Meetings of the government on work safety a year, one in each quarter."""
    required_committee_meeting: int = 4
    """Meetings of the work-safety committee a year, one in each quarter."""
    required_site_inspection: int = 4
    """Site inspections led by leaders a year, one in each quarter."""
    required_officer_training: int = 1
    """Trainings of enforcement officers a year."""


def project_root() -> Path:
    """The folder that holds ``notebooks/`` and ``src/``: ANALYSIS_ROOT, or where this package lies."""
    given = os.environ.get("ANALYSIS_ROOT")
    return Path(given).absolute() if given else Path(__file__).resolve().parents[2]


@cache
def settings() -> Settings:
    """The settings in force.

    Raises:
        AnalysisError: ``settings_invalid`` when the file cannot be read or names an unknown setting.
    """
    path = project_root() / CONFIG_NAME
    if not path.exists():
        return Settings()
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AnalysisError("settings_unreadable", file=CONFIG_NAME, detail=str(error)) from error
    for key, value in given.items():
        _check(key, value)
    return Settings(**given)


def _check(key: str, value: object) -> None:
    known = {setting.name: getattr(Settings(), setting.name) for setting in fields(Settings)}
    if key not in known:
        raise AnalysisError("settings_unknown", file=CONFIG_NAME, name=key, allowed="、".join(known))
    if key == "inspection_floors" and isinstance(value, dict):
        _check_floors(value)
    elif type(value) is not type(known[key]) or not isinstance(value, int | float) or value < 0:
        raise AnalysisError("settings_value", file=CONFIG_NAME, name=key, value=value, example=known[key])


def _check_floors(floors: dict[str, object]) -> None:
    """Each floor is a whole number of a known sector."""
    for sector, floor in floors.items():
        name = f"inspection_floors.{sector}"
        if sector not in vocabulary.sectors():
            allowed = "、".join(vocabulary.sectors())
            raise AnalysisError("settings_unknown", file=CONFIG_NAME, name=name, allowed=allowed)
        if type(floor) is not int or floor < 0:
            raise AnalysisError("settings_value", file=CONFIG_NAME, name=name, value=floor, example=120)
