"""What a province's notebook opens: the counts of all its counties, and nothing of their single rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from analysis import book, indicators
from analysis.book import County
from analysis.messages import AnalysisError
from analysis.parameters import Parameters
from analysis.scope import Scope, cutoff_day
from analysis.settings import Folders, Settings, settings
from analysis.store import Store

LEAST_COUNTIES = 2


@dataclass(frozen=True)
class Region:
    """All counties of the data that were prepared for a period, as of one day, in one edition.

    ``scope.county`` is empty: it is all of them.
    """

    parameters: Parameters
    counties: tuple[County, ...]
    scope: Scope
    store: Store
    settings: Settings

    @cached_property
    def counts(self) -> pd.DataFrame:
        """Counts by county, year, sector, source and indicator; see ``indicators.read_by_county``."""
        return indicators.read_by_county(self.store, self.scope.cutoffs)

    def clumping(self, events: Mapping[str, Sequence[str]]) -> pd.Series[float]:
        """How far events come in clumps of one enterprise; see ``indicators.read_clumping``."""
        return indicators.read_clumping(self.store, self.scope.cutoffs, events)

    @property
    def year(self) -> int:
        """The year reported on."""
        return self.parameters.year


def open_region(namespace: Mapping[str, Any]) -> Region:
    """Check the parameters in a notebook's namespace and open the data of all counties.

    Raises:
        AnalysisError: A parameter is not allowed, or fewer than two counties have been prepared.
    """
    given = book.parameters_in(namespace)
    folders = Folders.find(processed=given.processed or None)
    counties = tuple(book.prepared_counties(folders.processed, given.year))
    if len(counties) < LEAST_COUNTIES:
        raise AnalysisError("region_too_small", year=given.year, count=len(counties))
    scope = Scope("", given.reporting_period, cutoff_day(given, None))
    return Region(given, counties, scope, Store(folders.processed), settings())
