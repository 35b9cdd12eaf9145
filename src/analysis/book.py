"""What a notebook opens first: its checked parameters, and the one county's data that it may look at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import assessment, conservation, counted, indicators, parameters
from analysis.assessment import Sheet
from analysis.messages import AnalysisError
from analysis.parameters import Parameters
from analysis.scope import Scope, cutoff_day
from analysis.settings import Folders, Settings, settings
from analysis.store import Store

_MARK = "# Parameters"
"""First line of a parameters cell, as papermill itself writes it above what it injects."""


@dataclass(frozen=True)
class County:
    """A county of the data: code, name, and whether its data is an invented sample."""

    code: str
    name: str
    sample: bool


@dataclass(frozen=True)
class Book:
    """One report's view of the data: a county, a period, a day, an edition."""

    parameters: Parameters
    county: County
    scope: Scope
    store: Store
    settings: Settings
    missing_years: tuple[int, ...]
    scoring_sheets: tuple[Sheet, ...] = ()
    """The rules of the year's assessment of townships and of departments, where the year has any."""

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """The indicator rows of the period and of the baseline years, each at the same cutoff day.

        Raises:
            AnalysisError: ``totals_disagree``: they do not add up to the tables' rows; no report may say so.
        """
        return counted.once(f"indicators of {self.scope}", self._indicators)

    def _indicators(self) -> pd.DataFrame:
        found = indicators.read(self.store, self.scope)
        conservation.require(self.store, self.scope, found)
        return found

    @cached_property
    def hazards(self) -> pd.DataFrame:
        """The county's hazards of all years in scope as they stood at each year's cutoff."""
        return indicators.read_hazards(self.store, self.scope)

    @cached_property
    def penalties(self) -> pd.DataFrame:
        """The county's penalty decisions of all years in scope, up to each year's cutoff."""
        return indicators.read_penalties(self.store, self.scope)

    @cached_property
    def incidents(self) -> pd.DataFrame:
        """The county's incidents of all years in scope, up to each year's cutoff."""
        return indicators.read_incidents(self.store, self.scope)

    @cached_property
    def activities(self) -> pd.DataFrame:
        """The county's meetings, letters, trainings and the like of all years in scope, to each cutoff."""
        return indicators.read_activities(self.store, self.scope)

    @property
    def year(self) -> int:
        """The year reported on."""
        return self.parameters.year


def open_book(namespace: Mapping[str, Any]) -> Book:
    """Check the parameters in a notebook's namespace and open the data they name.

    Args:
        namespace: ``globals()`` of the notebook.

    Raises:
        AnalysisError: A parameter's name, type or value is not allowed, or the data has not been prepared.
    """
    return of(parameters_in(namespace))


def parameters_in(namespace: Mapping[str, Any]) -> Parameters:
    """The checked parameters of a notebook's namespace."""
    cells = [cell for cell in namespace.get("In", ()) if cell.lstrip().startswith(_MARK)]
    given = {name for cell in cells for name in parameters.assigned_names(cell)} | set(parameters.names())
    return parameters.check({name: namespace[name] for name in sorted(given) if name in namespace})


def of(given: Parameters) -> Book:
    """Open the data that checked parameters name.

    Raises:
        AnalysisError: ``not_prepared``, ``county_unknown`` or ``county_ambiguous``.
    """
    folders = Folders.find(processed=given.processed or None)
    manifest = _manifest(folders.processed, given)
    county = County(**manifest["county"])
    store = Store(folders.processed)
    wanted = range(given.year - given.baseline_years, given.year)
    known = [year for year in wanted if year in store.years(county.code)]
    scope = Scope(county.code, given.reporting_period, cutoff_day(given, manifest["as_of"]), tuple(known))
    missing = tuple(year for year in wanted if year not in known)
    sheets = tuple(assessment.from_plain(sheet) for sheet in manifest.get("assessment", ()))
    return Book(given, county, scope, store, settings(), missing, sheets)


def _manifest(processed: Path, given: Parameters) -> dict[str, Any]:
    """What the preparation of the county's year left behind."""
    found = {file.stem.removeprefix("county="): file for file in _manifests(processed, given.year)}
    if not found:
        raise AnalysisError("not_prepared", year=given.year)
    if given.county and given.county not in found:
        raise AnalysisError(
            "county_unknown", county=given.county, period=given.year, allowed="、".join(found)
        )
    if not given.county and len(found) > 1:
        raise AnalysisError("county_ambiguous", period=given.year, allowed="、".join(found))
    content: dict[str, Any] = json.loads(found[given.county or next(iter(found))].read_text(encoding="utf-8"))
    return content


def prepared_counties(processed: Path, year: int) -> list[County]:
    """The counties whose year has been prepared, by code."""
    contents = (json.loads(file.read_text(encoding="utf-8")) for file in _manifests(processed, year))
    return [County(**content["county"]) for content in contents]


def _manifests(processed: Path, year: int) -> list[Path]:
    return sorted((processed / "manifest" / f"year={year}").glob("county=*.json"))
