"""Yearly analysis of hazards, enforcement and rectification for county work-safety offices (县安委办)."""

__version__ = "0.1.0"
