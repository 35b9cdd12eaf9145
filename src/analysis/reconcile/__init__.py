"""Does the year add up: within a document, between the documents of two years, against ledger and returns."""

from analysis.reconcile.against import check_against
from analysis.reconcile.contradictions import Contradiction
from analysis.reconcile.records import Records
from analysis.reconcile.returns import Mismatch, check_returns
from analysis.reconcile.within import check_document
from analysis.reconcile.years import check_years

__all__ = [
    "Contradiction",
    "Mismatch",
    "Records",
    "check_against",
    "check_document",
    "check_returns",
    "check_years",
]
