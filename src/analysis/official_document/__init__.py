"""The leaders' brief as a Word document in the layout of official documents (GB/T 9704-2012)."""

from analysis.official_document.brief import NOTEBOOK, document, write
from analysis.official_document.writer import TEMPLATE

__all__ = ["NOTEBOOK", "TEMPLATE", "document", "write"]
