"""Does a county's year add up: its summaries with themselves, with last year's, with ledger and returns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from analysis import indicators, raw
from analysis.parameters import Parameters
from analysis.period import Period
from analysis.raw import CountyFolder
from analysis.reconcile.against import check_against
from analysis.reconcile.contradictions import Contradiction
from analysis.reconcile.records import Records
from analysis.reconcile.returns import Mismatch, check_returns
from analysis.reconcile.within import check_document
from analysis.reconcile.years import check_years
from analysis.scope import Scope, cutoff_day
from analysis.settings import Folders
from analysis.sources import documents, summaries
from analysis.sources.facts import Fact
from analysis.store import Store


def check_year(folders: Folders, source: CountyFolder) -> list[Contradiction | Mismatch]:
    """The contradictions of a county's year, whose data has been prepared: of its summaries, its returns.

    Raises:
        AnalysisError: A summary cannot be read.
    """
    year = source.year
    stated = {document: _facts(source, document) for document in _names(source)}
    together = [fact for facts in stated.values() for fact in facts]
    within = [found for facts in stated.values() for found in check_document(facts)]
    across = check_years(together, _facts_of_year(folders, source, year - 1))
    records = _records(folders, source)
    against = check_against(together, records)
    return [*within, *across, *against, *check_returns(records.at(_settled(year)), source.county.name)]


def _names(source: CountyFolder) -> list[str]:
    return [source.name(path) for path in source.documents]


def _facts(source: CountyFolder, name: str) -> list[Fact]:
    text = documents.read_text(source.raw / name).text
    return [
        replace(fact, document=name) for fact in summaries.extract(text, name=name, year=source.year).facts
    ]


def _facts_of_year(folders: Folders, source: CountyFolder, year: int) -> list[Fact]:
    """The figures of another year's summaries of the same county; none where it has no files."""
    if year not in raw.years(folders):
        return []
    same = [other for other in raw.sources_of(folders, year) if other.county == source.county]
    return [fact for other in same for name in _names(other) for fact in _facts(other, name)]


def _settled(year: int) -> date:
    """By then a year's late entries are made: returns count what was found, ledgers what was recorded."""
    return date(year + 1, 12, 31)


def _records(folders: Folders, source: CountyFolder) -> Records:
    """Ledger and returns of the year, and the day that its files state."""
    stated = raw.manifest(folders.processed, source.year, source.county.code)["as_of"]
    store, period = Store(folders.processed), Period(source.year)

    def at(day: date) -> pd.DataFrame:
        return indicators.read(store, Scope(source.county.code, period, day))

    return Records(at, cutoff_day(Parameters(source.year), stated))
