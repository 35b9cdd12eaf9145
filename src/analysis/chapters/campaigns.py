"""Report 4: which campaigns were worth their effort (专项整治的投入与发现).

A campaign's inspections are compared with other inspections of the same sectors, sector by sector: what each
one found, never how much was found. Its figures are its own and never the county's. Before and after is in
``campaign_change``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis import vocabulary
from analysis.book import Book
from analysis.chapters import measures
from analysis.disclosure.catalogue import CAMPAIGN, Cell
from analysis.report import findings, formats
from analysis.report.display import Evidence, Headline
from analysis.report.findings import Finding, Strength
from analysis.report.released import STATISTIC
from analysis.stats import clusters, interventions, multiplicity
from analysis.stats.results import Comparison

COUNTED = (
    "inspections",
    "inspections_with_findings",
    "inspections_with_major_findings",
    "inspector_person_times",
    "hazards_found",
    "hazards_department_found",
    "major_hazards_found",
    "major_hazards_department_found",
    "hazards_rectified",
    "notices_issued",
    "penalties_issued",
    "fines",
)
DEFINED = ("inspections", "hazards_department_found", "yield_per_inspection", "hit_rate", "major_hit_rate")
"""Indicators that the report defines."""
RETURNS_NEEDED = "注明专项的执法月报和隐患台账"
DRAWN = ("yield", "hit_rate")
"""Measures whose ratios are drawn; major hazards are too few in most campaigns."""
FAMILIES = 3
"""Families of tests in this report: inside against outside, before and after, and county-wide campaigns since
their start; each has an equal part of the 5 %.
"""
MAJOR_ONLY_FROM = 5
"""From so many hazards, all of them major, a campaign is taken to record major hazards only."""


@dataclass(frozen=True)
class Measure:
    """What is compared inside and outside a campaign: how many of what, over how many of what.

    ``witness`` is a count of another source: where it is above zero, a part of zero was not kept by campaign.
    """

    code: str
    name: str
    part: str
    whole: str
    witness: str = ""

    def told_by(self, counts: pd.Series[float]) -> bool:
        """Whether some counts hold it."""
        contradicted = bool(self.witness) and counts[self.part] == 0 and counts[self.witness] > 0
        return bool(counts[self.whole] > 0 and not contradicted)


MEASURES: Mapping[str, Measure] = {
    measure.code: measure
    for measure in (
        Measure(
            "yield",
            "检出率（每次检查发现的隐患）",
            "hazards_department_found",
            "inspections",
            "inspections_with_findings",
        ),
        Measure("hit_rate", "发现率", "inspections_with_findings", "inspections", "hazards_department_found"),
        Measure("major_share", "重大隐患占比", "major_hazards_found", "hazards_found"),
    )
}


@dataclass(frozen=True)
class Campaigns:
    """A year's campaigns, each beside the same sectors outside it."""

    book: Book

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row per campaign with data in ledgers or returns, a column per count; the most effort first.

        ``behind`` counts the distinct enterprises in which its hazards were found.
        """
        counts = measures.counts(self.book, COUNTED, "campaign", self.book.year)
        counts = counts.loc[[code for code in counts.index if _is_campaign(str(code))]]
        counts = counts[(counts["inspections"] > 0) | (counts["hazards_found"] > 0)]
        behind = self.events.groupby("campaign")["enterprise"].nunique().reindex(counts.index, fill_value=0)
        order = ["inspections", "hazards_found"]
        return counts.assign(behind=behind).sort_values(order, ascending=False, kind="stable")

    @cached_property
    def events(self) -> pd.DataFrame:
        """The year's hazards, a row each."""
        rows = self.book.hazards
        return rows[rows["year"] == self.book.year]

    @cached_property
    def county(self) -> pd.Series[float]:
        """The whole county's counts: campaigns and everything else."""
        return measures.counts(self.book, COUNTED, "year", self.book.year).sum()

    @cached_property
    def comparable(self) -> pd.DataFrame:
        """The county's counts by sector, without the campaigns that record major hazards only."""
        whole = measures.counts(self.book, COUNTED, "sector", self.book.year)
        for code in self.major_only:
            whole = whole.sub(self.sectors[code], fill_value=0.0)
        return whole

    @cached_property
    def design_effect(self) -> float:
        """How much more hazards vary than chance, an inspection bringing several and an enterprise more.

        Enterprises are the clusters; as many inspections as found nothing stand for those without hazards.
        """
        found = self.events[self.events["hazards_department_found"].astype(bool)]
        counts = clusters.events_per_cluster(found["enterprise"].astype(str))
        empty = max(0, int(self.county["inspections"]) - counts.size)
        effect = clusters.clustered_rate(np.pad(counts, (0, empty)), np.ones(counts.size + empty))
        return effect.design_effect or 1.0

    @cached_property
    def sectors(self) -> dict[str, pd.DataFrame]:
        """Each campaign's counts by sector."""
        book, codes = self.book, map(str, self.table.index)
        return {code: measures.counts(book, COUNTED, "sector", book.year, code) for code in codes}

    @cached_property
    def compared(self) -> dict[str, dict[str, Comparison]]:
        """By measure and campaign the ratio to others of the same sectors, tests adjusted together.

        A campaign has no entry where its data do not hold a measure or where it records major hazards only.
        """
        found = {
            (name, str(code)): self._against_outside(str(code), measure)
            for name, measure in MEASURES.items()
            for code, counts in self.table.iterrows()
            if self.holds(measure, counts) and code not in self.major_only
        }
        tests = multiplicity.among(
            multiplicity.adjust([comparison.test for comparison in found.values()]), FAMILIES
        )
        adjusted = dict(zip(found, tests, strict=True))
        return {
            name: {
                code: replace(one, test=adjusted[m, code]) for (m, code), one in found.items() if m == name
            }
            for name in MEASURES
        }

    @cached_property
    def major_only(self) -> tuple[str, ...]:
        """The campaigns that record major hazards only: what they find is not what others would record."""
        found, major = self.table["hazards_found"], self.table["major_hazards_found"]
        return tuple(str(code) for code in self.table.index[(found == major) & (found >= MAJOR_ONLY_FROM)])

    @property
    def incomparable(self) -> list[str]:
        """The other campaigns that no measure can compare."""
        known = {c for parts in self.compared.values() for c, one in parts.items() if _known(one)}
        return [str(code) for code in self.table.index if code not in {*known, *self.major_only}]

    def holds(self, measure: Measure, counts: pd.Series[float]) -> bool:
        """Whether a measure can be told: a column that no return of the year has is not a zero."""
        held = self.county[measure.part] > 0 and self.county[measure.whole] > 0
        return bool(held and measure.told_by(counts))

    def _against_outside(self, code: str, measure: Measure) -> Comparison:
        """Mantel–Haenszel over the campaign's sectors, of counts divided by how much they vary."""
        inside = self.sectors[code]
        outside = self.comparable.reindex(inside.index) - inside
        names, spread = (measure.part, measure.whole), self.spread(measure)
        parts = [table[name].clip(lower=0) / spread for table in (inside, outside) for name in names]
        return interventions.stratified_rate_ratio(*parts)

    def spread(self, measure: Measure) -> float:
        """How much more a measure's counts vary than chance; an inspection hits once at most."""
        return 1.0 if measure.code == "hit_rate" else self.design_effect


def _known(found: Comparison) -> bool:
    return found.estimate.known


def _is_campaign(code: str) -> bool:
    """Whether a code is a campaign's: mechanisms are named and never counted."""
    known = vocabulary.campaigns().get(code)
    return bool(code) and (known is None or known.kind == "campaign")


def name_of(code: str) -> str:
    """A campaign's name."""
    return vocabulary.name("campaign", code)


NAMED = Evidence("月报和台账", note="检查或隐患登记在其名下的专项，逐个列在“投入与发现”的表中。")
"""What the number of campaigns rests on."""


def headlines(view: Campaigns) -> tuple[Headline, ...]:
    """Open with how many campaigns there were and what part of the year's work they were."""
    table = view.table
    return (
        Headline("campaigns", "有数据的专项", len(table), "个", evidence=NAMED, counts=()),
        _part(view, "inspections", "专项内检查", "次"),
        _part(view, "hazards_found", "专项内发现隐患", "条"),
        _part(view, "major_hazards_found", "专项内重大隐患", "条"),
    )


def _part(view: Campaigns, code: str, label: str, unit: str) -> Headline:
    inside, whole = float(view.table[code].sum()), float(view.county[code])
    share = formats.share(inside / whole) if whole else formats.MISSING
    return Headline(
        f"campaign_{code}",
        label,
        inside if len(view.table) else None,
        unit,
        basis=f"占全县 {whole:,.0f} {unit}的 {share}",
        evidence=_evidence(view, code),
    )


def _evidence(view: Campaigns, code: str) -> Evidence:
    """What the campaigns' figure stands on, all of them together."""
    found = [measures.evidence(view.book, code, view.book.year, str(c)) for c in view.table.index]
    rows = tuple(row for one in found if isinstance(one.rows, tuple) for row in one.rows)
    return Evidence(found[0].source if found else "", rows=rows)


def answer(view: Campaigns) -> tuple[Finding, ...]:
    """Say which campaigns' inspections found more than others of the same sectors, as far as tests carry."""
    if view.table.empty:
        return (findings.cannot_show(f"{view.book.year}年各专项的投入与发现", RETURNS_NEEDED),)
    compared = [finding for name in MEASURES for finding in _found(view, name)]
    return (_effort(view), *compared, *_not_compared(view))


def _not_compared(view: Campaigns) -> Iterator[Finding]:
    if view.major_only:
        said = findings.major_only([name_of(code) for code in view.major_only], ("campaign-rates",))
        yield public(view, said, view.major_only, "hazards_found", "major_hazards_found")
    if view.incomparable:
        said = findings.outside_unknown([name_of(code) for code in view.incomparable])
        yield public(view, said, view.incomparable)


def public(view: Campaigns, said: Finding, codes: Iterable[str], *counts: str) -> Finding:
    """The sentence for the public, too, with the campaigns' counts that it gives away.

    Names that the vocabulary does not know keep it inside, since an office may write an enterprise there.
    """
    named, year = tuple(codes), view.book.year
    if not set(named) <= set(vocabulary.campaigns()):
        return said
    cells = (Cell(year, CAMPAIGN, code, count) for code in named for count in counts)
    return said.telling(STATISTIC, *cells)


def _effort(view: Campaigns) -> Finding:
    largest = view.table[view.table["inspections"] > 0].head(3)
    if largest.empty:
        return findings.cannot_show("各专项投入的检查次数", "注明专项的执法月报")
    whole = view.county["inspections"]
    listed = "、".join(
        f"{name_of(str(code))}{row['inspections']:,.0f}次（占全县"
        f"{formats.share(row['inspections'] / whole)}，发现隐患{row['hazards_found']:,.0f}条）"
        for code, row in largest.iterrows()
    )
    said = findings.full_count(f"检查次数居前的专项：{listed}。", ("campaigns",))
    codes = map(str, largest.index)
    return public(view, said, codes, "inspections", "hazards_found")


def _found(view: Campaigns, name: str) -> Iterator[Finding]:
    """One measure: the campaigns that a test carries, and the undecided in one sentence."""
    parts = {name_of(code): one for code, one in view.compared[name].items()}
    place = f"campaigns-{name}" if name in DRAWN else "campaign-rates"
    measure, compared = MEASURES[name], view.compared[name]
    told = [code for code, one in compared.items() if one.test.significant()]
    for said in findings.against_outside(measure.name, parts, (place,)):
        supported = said.strength is Strength.SUPPORTED
        counts = (measure.part, measure.whole) if supported else ()
        yield public(view, said, told if supported else compared, *counts)


def mechanisms(view: Campaigns) -> tuple[Finding, ...]:
    """Name the mechanisms that the data mention; what they are is not for this report to say."""
    rows = view.book.indicators
    seen = rows[(rows["year"] == view.book.year) & rows["campaign"].notna()]["campaign"].unique()
    known = vocabulary.campaigns()
    named = [known[c].name_zh for c in known if c in set(seen) and known[c].kind == "mechanism"]
    if not named:
        return ()
    said = findings.full_count(f"材料中提到的机制：{'、'.join(named)}；本报告只列名称，不作解释。")
    return (said.telling(),)
