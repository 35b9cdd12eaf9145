"""The charts of the reports: each takes tidy data and gives a drawn matplotlib Figure in the house style."""

from analysis.report.figures.comparisons import bars_with_intervals, rank_dots, ranked_dots, share_comparison
from analysis.report.figures.decomposition import split_log_quotient
from analysis.report.figures.distributions import funnel, lorenz
from analysis.report.figures.grids import heatmap
from analysis.report.figures.survival import survival_steps
from analysis.report.figures.time import control_chart, monthly_lines, yearly_dots

__all__ = [
    "bars_with_intervals",
    "control_chart",
    "funnel",
    "heatmap",
    "lorenz",
    "monthly_lines",
    "rank_dots",
    "ranked_dots",
    "share_comparison",
    "split_log_quotient",
    "survival_steps",
    "yearly_dots",
]
