"""Sentences that claim something, written only as strongly as the statistics allow (结论用语守则).

Every word of direction or comparison in a report comes from here. A strong claim (显著, 明显, 主要集中)
needs the adjusted test, the interval and the series' length to carry it; otherwise the sentence says
what cannot be concluded and which data would settle it. Never written, whatever the numbers: an
improving situation from zero deaths, dangerous sectors from counts, a campaign's effect from before and
after, concealment from few self-reports.
"""

from analysis.report.findings.assessment import limit_held, not_scored, ranked_groups, too_few_to_rank
from analysis.report.findings.base import (
    CLAIM_WORDS,
    NEVER,
    Finding,
    Strength,
    Subject,
    cannot_show,
    carried,
    full_count,
    span,
)
from analysis.report.findings.brief import (
    Tested,
    accidents,
    by_effort,
    by_yield,
    clear_overdue,
    followed_up,
    no_proposal,
    settle_denominators,
    shift_inspections,
    speed_up,
    verify_rectified,
)
from analysis.report.findings.campaigns import (
    against_outside,
    before_after,
    change_unjudged,
    level_step,
    major_only,
    outside_unknown,
    since_start,
)
from analysis.report.findings.change import trend, year_on_year
from analysis.report.findings.distribution import (
    between_groups,
    follows_exposure,
    outliers,
    ranks_overlap,
    unevenness_change,
)
from analysis.report.findings.enforcement import (
    better_allocation,
    no_better_allocation,
    overlap,
    spread_of_fines,
)
from analysis.report.findings.plan import commitments, missed, out_of_date
from analysis.report.findings.quality import (
    contradictions,
    denominators,
    figures_read,
    none_late,
    rows_accounted,
    self_checked,
    totals_agree,
)
from analysis.report.findings.rectification import clearance, none_slower, pace, pace_differs, slower
from analysis.report.findings.responsibility import cadence_kept, cadence_missed, guidance, letters
from analysis.report.findings.sectors import (
    against_others,
    concentrated,
    driver,
    repeated,
    unevenness_parts,
)
from analysis.report.findings.series import chart_signals, difference, outlook, predicted, rate_split

__all__ = [
    "CLAIM_WORDS",
    "NEVER",
    "Finding",
    "Strength",
    "Subject",
    "Tested",
    "accidents",
    "against_others",
    "against_outside",
    "before_after",
    "better_allocation",
    "between_groups",
    "by_effort",
    "by_yield",
    "cadence_kept",
    "cadence_missed",
    "cannot_show",
    "carried",
    "change_unjudged",
    "chart_signals",
    "clear_overdue",
    "clearance",
    "commitments",
    "concentrated",
    "contradictions",
    "denominators",
    "difference",
    "driver",
    "figures_read",
    "followed_up",
    "follows_exposure",
    "full_count",
    "guidance",
    "letters",
    "level_step",
    "limit_held",
    "major_only",
    "missed",
    "no_better_allocation",
    "no_proposal",
    "none_late",
    "none_slower",
    "not_scored",
    "out_of_date",
    "outliers",
    "outlook",
    "outside_unknown",
    "overlap",
    "pace",
    "pace_differs",
    "predicted",
    "ranked_groups",
    "ranks_overlap",
    "rate_split",
    "repeated",
    "rows_accounted",
    "self_checked",
    "settle_denominators",
    "shift_inspections",
    "since_start",
    "slower",
    "span",
    "speed_up",
    "spread_of_fines",
    "too_few_to_rank",
    "totals_agree",
    "trend",
    "unevenness_change",
    "unevenness_parts",
    "verify_rectified",
    "year_on_year",
]
