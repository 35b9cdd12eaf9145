"""Does the year add up: within a document, between the documents of two years, against ledger and returns."""

from analysis.reconcile.across import check_against, check_years
from analysis.reconcile.contradictions import Contradiction
from analysis.reconcile.within import check_document

__all__ = ["Contradiction", "check_against", "check_document", "check_years"]
