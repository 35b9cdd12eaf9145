"""Report 6: the one page for leaders (领导简报): what is open, where, what followed, what to decide.

Words and ranked dots only. Figures are the ledgers' and returns'; where a year has none, those that its
summary states for the county as a whole. The proposals are in ``decisions``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from analysis import vocabulary
from analysis.book import Book
from analysis.chapters import incidents, measures, stated
from analysis.chapters.denominators import Denominators
from analysis.chapters.imbalance import Imbalance
from analysis.report import figures, findings, formats
from analysis.report.display import Displayable, Evidence, Headline, chart
from analysis.report.findings import Finding, Subject
from analysis.report.tables import Column, DataTable
from analysis.stats import clusters, multiplicity, rates
from analysis.stats.results import Comparison

DEFINED = (
    "hazards_overdue",
    "rectification_rate",
    "closure_rate",
    "self_report_share",
    "yield_per_inspection",
)
"""Indicators that the report defines."""
ACCIDENTS = "fatal_accidents"
OWN = "major_hazards_self_reported"
REGULATED = "regulated_enterprises"
SHARES = {
    "rectification_rate": ("hazards_rectified", "hazards_found"),
    "closure_rate": ("hazards_verified", "hazards_found"),
    "self_report_share": (OWN, "major_hazards_found"),
}
"""Shares with what is counted of what."""
YIELD = "yield"
"""Key of the figure of yields."""
NAMED_AT_MOST = 4
"""Sectors named in one sentence."""
FAMILIES = 4
"""Families of tests here: self-reports, sectors, departments that rectify or record late; each has an equal
part of the 5 %."""
DRAWN_AT_MOST = 5
"""Sectors drawn, so that the page stays one page."""


@dataclass(frozen=True)
class Amount:
    """A figure of the county with what it rests on; ``value`` None where nothing says it."""

    value: float | None
    evidence: tuple[Evidence, ...] = ()

    def as_part(self, of: str) -> tuple[Evidence, ...]:
        """The evidence, told apart as that of the numerator or denominator (分子, 分母)."""
        return tuple(replace(one, note=of) for one in self.evidence)


@dataclass(frozen=True)
class Brief:
    """The year in a few figures, beside last year's at the same cutoff."""

    book: Book

    @cached_property
    def events(self) -> pd.DataFrame:
        """The year's hazards as they stood at the cutoff, a row each."""
        rows = self.book.hazards
        return rows[rows["year"] == self.book.year]

    @cached_property
    def sectors(self) -> Imbalance:
        """The year's hazards by sector beside enterprises and inspections."""
        return Imbalance(self.book)

    @property
    def last_year(self) -> int | None:
        """The year before, where it is in scope."""
        year = self.book.year - 1
        return year if year in self.book.scope.years else None

    def has_ledger(self, year: int) -> bool:
        """Whether a year has hazards in ledgers: then a count of zero is a zero."""
        return bool((self.book.hazards["year"] == year).any())

    def amount(self, indicator: str, year: int | None) -> Amount:
        """A count of the county in a year: from the ledger, else as the summary states it."""
        if year is None:
            return Amount(None)
        if self.has_ledger(year):
            evidence = measures.evidence(self.book, indicator, year)
            return Amount(measures.total(self.book, indicator, year), (evidence,))
        said = stated.of_county(self.book, indicator, year)
        return Amount(said.value, (said.evidence,)) if said else Amount(None)


def accidents(view: Brief) -> tuple[Finding, ...]:
    """Open with fatal accidents as the summary states them, with their definition, then the list's count."""
    said = stated.of_county(view.book, ACCIDENTS, view.book.year)
    known = vocabulary.indicators()[ACCIDENTS]
    definition = known.definition.split("；")[0].removesuffix("起数")
    found = None if said is None else rates.rate(said.value)
    sentence = findings.accidents(found, known.name_zh, definition, span(view.book))
    listed = incidents.in_brief(incidents.Incidents(view.book))
    return (sentence.resting_on(*([said.evidence] if said else [])), *listed)


def span(book: Book) -> str:
    """The period in words, up to the cutoff where that lies inside it."""
    title, as_of = book.scope.period.title_zh, book.scope.as_of
    return title if as_of >= book.scope.period.end else f"{title}（截至{as_of.month}月{as_of.day}日）"


def headlines(view: Brief) -> tuple[Headline, ...]:
    """Major hazards found, open, overdue; rectification beside closure rate; the self-reported share."""
    return (
        _count(view, "major_hazards_found", "重大隐患"),
        _count(view, "major_hazards_pending", "重大隐患未整改"),
        _count(view, "major_hazards_overdue", "重大隐患超期未整改"),
        _share(view, "rectification_rate", "整改率（全部隐患）"),
        _share(view, "closure_rate", "闭环率（全部隐患）"),
        replace(_share(view, "self_report_share", "重大隐患自查占比"), basis=_per_hundred(view)),
    )


def _per_hundred(view: Brief) -> str:
    """Self-reports per 100 enterprises, since more inspections alone lower the share."""
    shown = []
    for year, words in ((view.book.year, "每百家企业自查"), (view.last_year, "上年同期")):
        found = own_per_hundred(view, year).value
        shown += [] if found is None else [f"{words} {formats.number(found, 2)} 条"]
    return "，".join(shown) or "没有监管企业数，不计算每百家"


def own_per_hundred(view: Brief, year: int | None) -> Amount:
    """Self-reported major hazards per 100 regulated enterprises."""
    own = view.amount(OWN, year)
    if year is None or own.value is None:
        return Amount(None)
    enterprises = measures.total(view.book, REGULATED, year)
    listed = measures.evidence(view.book, REGULATED, year)
    value = 100 * own.value / enterprises if enterprises else None
    return Amount(value, (*own.as_part("分子"), replace(listed, note="分母")))


def _count(view: Brief, indicator: str, label: str) -> Headline:
    now, last = (view.amount(indicator, year) for year in (view.book.year, view.last_year))
    return Headline(
        indicator,
        label,
        now.value,
        "条",
        last=last.value,
        evidence=now.evidence,
    )


def _share(view: Brief, key: str, label: str) -> Headline:
    now, last = (share(view, key, year) for year in (view.book.year, view.last_year))
    part, whole = (view.amount(code, view.book.year).value for code in SHARES[key])
    basis = "" if now.value is None else f"{formats.count(part)} / {formats.count(whole)} 条"
    return Headline(key, label, now.value, kind="share", last=last.value, basis=basis, evidence=now.evidence)


def share(view: Brief, key: str, year: int | None) -> Amount:
    """One of ``SHARES`` in a year, with the evidence of its numerator and denominator."""
    part, whole = (view.amount(code, year) for code in SHARES[key])
    return Amount(_ratio(part.value, whole.value), (*part.as_part("分子"), *whole.as_part("分母")))


def _ratio(part: float | None, whole: float | None) -> float | None:
    """A share; more of the part than of the whole is a contradiction of the summary, not a share."""
    return part / whole if part is not None and whole and part <= whole else None


# --- self-reports


def own_reports(view: Brief) -> tuple[Finding, ...]:
    """The self-reported share of major hazards against last year at the same cutoff."""
    now, found = _own(view, view.book.year)
    if now is None or found is None:
        return (findings.cannot_show("企业自查占比", "注明来源的重大隐患台账"),)
    rows = [
        measure for year in (view.book.year, view.last_year) for measure in view.amount(OWN, year).evidence
    ]
    return (_against_last_year(view, now, found).resting_on(*rows),)


def _own(view: Brief, year: int | None) -> tuple[float | None, float | None]:
    own = view.amount(OWN, year).value
    found = view.amount("major_hazards_found", year).value
    return (own, found) if _ratio(own, found) is not None or found == 0 else (None, None)


def _against_last_year(view: Brief, own: float, found: float) -> Finding:
    before, found_before = _own(view, view.last_year)
    if not found or before is None or not found_before:
        return findings.cannot_show("自查占比与上年同期的比较", f"{view.book.year - 1}年的重大隐患台账")
    compared = _compare(view, own, found, before, found_before)
    (test,) = multiplicity.among([compared.test], FAMILIES)
    subject = Subject("重大隐患", "自查占比", "share")
    need = "条数少，需累计更长期间再比较"
    return findings.year_on_year(
        subject, own / found, before / found_before, replace(compared, test=test), need
    )


def _compare(view: Brief, own: float, found: float, before: float, found_before: float) -> Comparison:
    """The ratio of two shares; hazards of one enterprise are no independent draws."""
    major = view.book.hazards
    major = major[(major["level"] == "major") & major["year"].isin([view.book.year, view.book.year - 1])]
    each = major.groupby(["year", "enterprise"])[OWN].agg(["sum", "size"])
    effect = clusters.clustered_proportion(each["sum"], each["size"]).design_effect if len(each) else None
    return rates.rate_ratio(own, found, before, found_before, dispersion=max(1.0, effect or 1.0))


# --- sectors


def sectors(view: Brief) -> tuple[Displayable | DataTable, ...]:
    """Sectors high by yield, as far as the test carries it, with the dots; then those high by effort."""
    if not view.sectors.comparable:
        need = "分行业的监管企业数、检查次数和隐患台账"
        return (findings.cannot_show("哪些行业检出率高、哪些行业查得多", need),)
    return (by_yield(view), *yield_figures(view), by_effort(view))


def by_yield(view: Brief) -> Finding:
    """The sectors where an inspection finds more than in the others."""
    tests = yield_tests(view)
    named = {vocabulary.name("sector", code): found for code, found in tests.items()}
    rests_on = _county(view, "hazards_department_found", "inspections")
    return findings.by_yield(named, view.book.scope.years, NAMED_AT_MOST, (YIELD,)).resting_on(*rests_on)


def yield_tests(view: Brief) -> dict[str, findings.Tested]:
    """Sector code → its yield against the others', and the test adjusted for all sectors."""
    found = view.sectors.yields
    tests = multiplicity.among(multiplicity.adjust([one.test for one in found.values()]), FAMILIES)
    return {code: (one.estimate, test) for (code, one), test in zip(found.items(), tests, strict=True)}


def by_effort(view: Brief) -> Finding:
    """The sectors inspected most often for their number of enterprises, where that number can be true."""
    beyond = Denominators(view.book).beyond
    efforts = {code: split.effort or 0.0 for code, split in view.sectors.splits.items() if code not in beyond}
    ranked = sorted((code for code in efforts if efforts[code] > 1), key=lambda code: -efforts[code])
    named = {vocabulary.name("sector", code): efforts[code] for code in ranked[:NAMED_AT_MOST]}
    left_out = [vocabulary.name("sector", code) for code in view.sectors.splits if code in beyond]
    return findings.by_effort(named, left_out).resting_on(*_county(view, "inspections", REGULATED))


def _county(view: Brief, *indicators: str) -> list[Evidence]:
    """What the county's figures of the year rest on, each named."""
    names = vocabulary.indicators()
    found = ((code, measures.evidence(view.book, code, view.book.year)) for code in indicators)
    return [replace(one, note=names[code].name_zh) for code, one in found]


def yield_figures(view: Brief) -> tuple[Displayable, ...]:
    """Rank the sectors by yield as dots with intervals, where there are any to rank."""
    rows = _yield_rows(view)
    if rows.empty:
        return ()
    frame = rows.head(DRAWN_AT_MOST)
    table = DataTable(
        YIELD,
        frame,
        (
            Column("sector", "行业"),
            Column("yield", "检出率商（95%区间）", "number", 2, "倍", ("low", "high")),
        ),
        _ranked_first,
        f"{int(view.sectors.compared['inspections'].sum()):,} 次检查，{len(rows)} 个行业",
        enterprises="behind",
    )
    drawn = chart(
        figures.ranked_dots,
        table,
        alt=lambda masked: f"{len(masked)}个行业按检出率商从大到小排列的点，横线为95%区间，竖线为全县平均。",
        label="sector",
        value="yield",
        low="low",
        high="high",
        digits=2,
        axis="为全县平均的倍数",
        reference=1.0,
        reference_label="全县平均",
    )
    return (drawn,)


def _ranked_first(frame: pd.DataFrame) -> str:
    """The figure's point: which sector comes first, and by how much."""
    first = frame.iloc[0]
    shown = f"{first['sector']}居首，为{formats.number(first['yield'], 2)}倍"
    return f"每次检查发现的隐患与全县平均之比，前{len(frame)}个行业：{shown}"


def _yield_rows(view: Brief) -> pd.DataFrame:
    """A row per sector with a yield, the highest first."""
    rows = [
        {
            "sector": vocabulary.name("sector", str(code)),
            "yield": split.yield_.value,
            "low": split.yield_.low,
            "high": split.yield_.high,
            "behind": view.sectors.sectors.loc[code, "behind"],
        }
        for code, split in view.sectors.splits.items()
        if split.yield_.value
    ]
    frame = pd.DataFrame(rows, columns=["sector", "yield", "low", "high", "behind"])
    return frame.sort_values("yield", ascending=False, kind="stable").reset_index(drop=True)


# --- penalties by cohort


def followed_up(view: Brief) -> tuple[Finding, ...]:
    """Inspections with major findings, and the penalties that followed each within the window."""
    if view.events.empty:
        return (findings.cannot_show("发现重大隐患后是否处罚", "隐患台账和行政处罚决定清单"),)
    year = view.book.year
    if not (view.book.penalties["year"] == year).any():
        return (findings.cannot_show("发现重大隐患后是否处罚", f"{year}年的行政处罚决定清单"),)
    cohort, days = cohorts(view), view.book.settings.penalty_window_days
    over = cohort[cohort["over"]]
    running = len(cohort) - len(over)
    sentence = findings.followed_up(len(over), int(over["penalised"].sum()), running, days)
    return (sentence.resting_on(*_cohort_rows(view)),)


def _cohort_rows(view: Brief) -> tuple[Evidence, Evidence]:
    penalties = view.book.penalties
    decided = penalties[penalties["year"] == view.book.year]
    return (
        measures.rows_of(_major_visits(view), note="检查发现的重大隐患"),
        measures.rows_of(decided, "处罚决定清单", note="当年的处罚决定"),
    )


def _major_visits(view: Brief) -> pd.DataFrame:
    """The major hazards that an inspection, not a self-report, brought to light."""
    return view.events[(view.events["level"] == "major") & view.events["hazards_department_found"]]


def cohorts(view: Brief) -> pd.DataFrame:
    """A row per inspection with a major finding: enterprise, found_on, penalised, over.

    An inspection is an enterprise on a day, self-reports left out. A case (one body's decision on an
    enterprise, a day and a matter, however many documents) counts for the last such inspection before it,
    if it was decided within the window. ``over``: the window had ended by the cutoff.
    """
    window = pd.Timedelta(days=view.book.settings.penalty_window_days)
    visits = (
        _major_visits(view)[["enterprise", "found_on"]]
        .drop_duplicates()
        .sort_values("found_on", kind="stable")
    )
    cases = view.book.penalties.drop_duplicates(["party", "body", "decided_on", "case"])
    cases = cases[["party", "decided_on"]].sort_values("decided_on", kind="stable")
    linked = pd.merge_asof(
        cases.rename(columns={"party": "enterprise"}),
        visits.assign(visited=visits["found_on"]),
        left_on="decided_on",
        right_on="found_on",
        by="enterprise",
        tolerance=window,
    ).dropna(subset="visited")
    hit = pd.MultiIndex.from_frame(linked[["enterprise", "visited"]])
    penalised = pd.MultiIndex.from_frame(visits).isin(hit)
    over = visits["found_on"] + window <= pd.Timestamp(view.book.scope.as_of)
    return visits.assign(penalised=penalised, over=over)
