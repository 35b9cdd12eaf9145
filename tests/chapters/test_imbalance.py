"""Report 1: counted by hand on a few rows; sectors high by effort, by yield and by reporting told apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from analysis import vocabulary
from analysis.chapters import (
    imbalance_claims,
    imbalance_exhibits,
    imbalance_maps,
    imbalance_rates,
    imbalance_unevenness,
)
from analysis.chapters.imbalance import Imbalance
from analysis.chapters.imbalance_claims import Claims
from analysis.report.edition import Edition
from analysis.report.findings import Finding, Strength
from analysis.report.tables import mask
from analysis.store import Store
from tests.chapters.notebook_cells import PLACE, a_book

Put = Callable[..., Store]
SECTORS = ("gas", "hazchem", "tourism", "education", "health")
EFFORT, YIELD, REPORTS = "hazchem", "tourism", "health"


def name(sector: str) -> str:
    return vocabulary.name("sector", sector)


def hazards(sector: str, department: int, own: int, enterprises: int = 50) -> list[dict[str, Any]]:
    sources = ["department"] * department + ["self_reported"] * own
    return [
        {
            **PLACE,
            "hazard_id": f"{sector}{number}",
            "row": number + 2,
            "township": "甲",
            "enterprise": f"{sector}{number % enterprises}",
            "sector": sector,
            "level": "general",
            "source": source,
            "status": "open",
            "description": "x",
            "found_on": date(2023, 3, 1),
        }
        for number, source in enumerate(sources)
    ]


@pytest.fixture
def view(put: Put) -> Imbalance:
    """100 enterprises a sector; one with four times the inspections, one with four times the yield, one with
    three quarters self-reported.
    """
    found = dict.fromkeys(SECTORS, (100, 20))
    found |= {EFFORT: (400, 80), YIELD: (400, 80), REPORTS: (100, 300)}
    rows = [row for sector, (d, r) in found.items() for row in hazards(sector, d, r)]
    inspections = dict.fromkeys(SECTORS, 100) | {EFFORT: 400}
    put("hazards", 2023, rows)
    put(
        "enforcement",
        2023,
        [
            {**PLACE, "row": row, "month": 3, "sector": sector, "inspections": count}
            for row, (sector, count) in enumerate(inspections.items())
        ],
    )
    denominators = [
        {**PLACE, "row": row, "year": 2023, "sector": sector, "regulated_enterprises": 100}
        for row, sector in enumerate(SECTORS)
    ]
    return Imbalance(a_book(put("enterprises", 2023, denominators)))


def claims_of(view: Imbalance) -> Claims:
    return Claims(view, Imbalance(view.book, "major"))


def test_the_split_by_hand(view: Imbalance) -> None:
    """Of 1100 found by departments in 800 inspections, the rich sector gave 400 in 100: 4 / 1.375."""
    split = view.splits[YIELD]
    assert split.yield_.value == pytest.approx(4 / (1100 / 800))
    assert split.effort == pytest.approx(100 / (800 / 5))
    assert view.splits[EFFORT].effort == pytest.approx(400 / (800 / 5))
    parts = (split.effort or 0) * (split.yield_.value or 0) * (split.reporting.value or 0)
    assert parts == pytest.approx(split.hazard.value)


def test_the_parts_of_the_unevenness_are_said_and_add_up(view: Imbalance) -> None:
    said = imbalance_exhibits.split_figures(view)[0]
    assert isinstance(said, Finding)
    total, *parts = (float(each) for each in re.findall(r"-?\d+\.\d{3}", said.text.replace("−", "-")))
    assert sum(parts) == pytest.approx(total, abs=0.002)
    assert len(parts) == 3


def test_each_planted_reason_is_named_and_no_other(view: Imbalance) -> None:
    said = imbalance_claims.answer(claims_of(view))
    supported = [finding.text for finding in said if finding.strength is Strength.SUPPORTED]
    assert [text for text in supported if "检出率" in text and name(YIELD) in text]
    assert [text for text in supported if "企业自查与部门发现隐患之比" in text and name(REPORTS) in text]
    assert len(supported) == 2
    described = [finding.text for finding in said if "隐患商" in finding.text]
    assert [text for text in described if name(EFFORT) in text and "检查力度一项最大" in text]


def test_hazards_of_one_enterprise_are_no_independent_evidence(put: Put) -> None:
    """All hazards of a sector in one enterprise: high in number, yet nothing is claimed of the sector."""
    rows = [row for sector in SECTORS for row in hazards(sector, 40, 0)]
    rows += hazards(YIELD, 200, 0, enterprises=1)
    returns = [
        {**PLACE, "row": r, "month": 3, "sector": s, "inspections": 100} for r, s in enumerate(SECTORS)
    ]
    lists = [
        {**PLACE, "row": r, "year": 2023, "sector": s, "regulated_enterprises": 100}
        for r, s in enumerate(SECTORS)
    ]
    put("hazards", 2023, rows)
    put("enforcement", 2023, returns)
    view = Imbalance(a_book(put("enterprises", 2023, lists)))
    said = imbalance_claims.answer(claims_of(view))
    assert not [finding for finding in said if finding.strength is Strength.SUPPORTED]


def test_without_denominators_there_are_counts_and_no_ranking(put: Put) -> None:
    view = Imbalance(a_book(put("hazards", 2023, hazards("gas", 3, 1))))
    (finding,) = imbalance_claims.answer(claims_of(view))
    assert finding.strength is Strength.OPEN
    table = mask(imbalance_exhibits.sector_table(view), Edition.INTERNAL)
    assert table.frame.loc[0, "found"] == 4


def test_cross_cutting_fields_are_in_no_share(put: Put) -> None:
    view = Imbalance(a_book(put("hazards", 2023, [*hazards("gas", 3, 0), *hazards("fire", 5, 0)])))
    assert list(view.industries.index) == ["gas"]
    assert view.sectors["found"].sum() == 8


def test_a_campaigns_figures_are_counted_from_its_rows(put: Put) -> None:
    rows = [
        {**row, "level": "major", "campaign": "major_hazard_2023" if number < 3 else None}
        for number, row in enumerate(hazards("gas", 4, 1))
    ]
    major = Imbalance(a_book(put("hazards", 2023, rows)), "major")
    frame = imbalance_exhibits.campaign_table(major).frame
    assert frame["found"].tolist() == [3, 2]
    assert frame["own"].tolist() == [0, 1]


def test_reports_of_one_enterprise_are_no_evidence_of_a_sector(put: Put) -> None:
    """60 self-reports of one enterprise weigh as one; of 60 enterprises they would be evidence."""
    others = [row for sector in SECTORS[1:] for row in hazards(sector, 60, 20)]
    claimed = []
    for enterprises in (1, 60):
        put("enforcement", 2023, returns_of(100))
        put("enterprises", 2023, listed(100))
        store = put("hazards", 2023, [*hazards("gas", 0, 60, enterprises), *others])
        view = Imbalance(a_book(store))
        said = imbalance_claims.answer(claims_of(view))
        claimed.append([text for text in (found.text for found in said) if "企业自查" in text])
    assert claimed[0] == []
    assert [name("gas") in text for text in claimed[1]] == [True]


def returns_of(count: int, sectors: tuple[str, ...] = SECTORS) -> list[dict[str, Any]]:
    return [
        {**PLACE, "row": row, "month": 3, "sector": sector, "inspections": count}
        for row, sector in enumerate(sectors)
    ]


def listed(
    count: int, townships: tuple[str, ...] = ("甲",), sectors: tuple[str, ...] = SECTORS
) -> list[dict[str, Any]]:
    cells = [(sector, township) for sector in sectors for township in townships]
    return [
        {
            **PLACE,
            "row": row,
            "year": 2023,
            "sector": sector,
            "township": township,
            "regulated_enterprises": count,
        }
        for row, (sector, township) in enumerate(cells)
    ]


def test_unevenness_between_townships_by_hand(put: Put) -> None:
    """Every hazard in one of two townships of equal enterprises: ln 2 between them, nothing within."""
    put("hazards", 2023, [row for sector in SECTORS for row in hazards(sector, 30, 0)])
    put("enforcement", 2023, returns_of(100))
    split = imbalance_unevenness.by_township(
        Imbalance(a_book(put("enterprises", 2023, listed(50, ("甲", "乙")))))
    )
    assert split is not None
    assert split.between == pytest.approx(0.6931471806)
    assert split.within == pytest.approx(0)


def test_an_outlier_of_the_funnel_is_named_and_the_others_are_not(put: Put) -> None:
    """Fourteen sectors alike and gas at six times their rate: the usual spread must not swallow it."""
    industries = [code for code, sector in vocabulary.sectors().items() if sector.kind == "industry"][:14]
    sectors = tuple(dict.fromkeys(["gas", *industries]))
    rows = [row for sector in sectors[1:] for row in hazards(sector, 40 + len(sector), 0, 60)]
    put("enforcement", 2023, returns_of(100, sectors))
    put("enterprises", 2023, listed(100, sectors=sectors))
    view = Imbalance(a_book(put("hazards", 2023, [*rows, *hazards("gas", 300, 0, 280)])))
    (said, *_) = imbalance_rates.funnels(view)
    assert f"上限以外：{name('gas')}。" in getattr(said, "text", "")


def test_a_cell_without_inspections_is_told_from_a_zero_and_keeps_what_was_reported(put: Put) -> None:
    """March was inspected in all sectors, no other month was; a self-report of May is shown all the same."""
    rows = [{**row, "found_on": date(2023, 5, 1)} for row in hazards("gas", 0, 1)]
    put("enforcement", 2023, returns_of(100))
    months, _ = imbalance_maps.maps(
        Imbalance(a_book(put("hazards", 2023, [*rows, *hazards("tourism", 2, 0)])))
    )
    cells = months.table.frame.set_index(["sector", "month"])  # type: ignore[union-attr]
    assert cells.loc[(name("gas"), "3月"), ["found", "inspections"]].tolist() == [0, 100]
    assert cells.loc[(name("gas"), "5月"), ["found", "inspections"]].tolist() == [1, 0]


def test_years_that_define_major_hazards_otherwise_are_not_compared(put: Put) -> None:
    """Gas has a new standard from September 2023: its major hazards leave the comparison of 2022 and 2023."""
    for year in (2022, 2023):
        rows = [row for sector in SECTORS for row in hazards(sector, 20, 0)]
        put("hazards", year, [{**row, "level": "major", "found_on": date(year, 3, 1)} for row in rows])
        put("enforcement", year, returns_of(100))
        store = put("enterprises", year, listed(100))
    book = a_book(store, baseline=(2022,))
    _, said = imbalance_unevenness.changed(Claims(Imbalance(book), Imbalance(book, "major")))
    assert f"两年共有的{len(SECTORS) - 1}个行业；{name('gas')}的判定标准其间有变化" in said.basis


@pytest.mark.parametrize(("gas", "strength"), [(400, Strength.SUPPORTED), (22, Strength.OPEN)])
def test_unevenness_is_said_to_move_only_as_far_as_its_adjusted_test_carries(
    put: Put, gas: int, strength: Strength
) -> None:
    """All sectors alike in 2022; in 2023 one has twenty times the hazards of the others, or two more."""
    for year, most in ((2022, 20), (2023, gas)):
        found = dict.fromkeys(SECTORS, 20) | {"gas": most}
        rows = [row for sector, count in found.items() for row in hazards(sector, count, 0, most)]
        put("hazards", year, [{**row, "found_on": date(year, 3, 1)} for row in rows])
        put("enforcement", year, returns_of(100))
        store = put("enterprises", year, listed(100))
    claims = claims_of(Imbalance(a_book(store, baseline=(2022,))))
    said = imbalance_unevenness.changed(claims)[0]
    assert said.strength is strength
    assert ("高于上年" in said.text) is (strength is Strength.SUPPORTED)
    assert "已校正多重比较" in said.basis


def test_a_township_with_more_hazards_is_named_and_its_sectors_are_not_the_reason(put: Put) -> None:
    """As many enterprises in both: a fourfold in one is named; more enterprises of a rich sector are not."""
    rows = [{**row, "township": "乙"} for row in hazards("gas", 40, 0, 40)]
    rows += [{**row, "township": "甲", "enterprise": f"a{n}"} for n, row in enumerate(hazards("gas", 160, 0))]
    put("enforcement", 2023, returns_of(100))
    put("hazards", 2023, rows)
    view = Imbalance(a_book(put("enterprises", 2023, listed(200, ("甲", "乙"), ("gas", "health")))))
    claims = claims_of(view)
    assert claims.townships["甲"].against_others.estimate.value == pytest.approx(4.0)
    assert claims.townships["甲"].standardised.value == pytest.approx(160 / 100)
    assert claims.tests["township"]["甲"].significant()
    (table,) = imbalance_claims.township_tables(claims)
    assert table.frame["township"].tolist() == ["甲", "乙"]
    lists = [
        *listed(200, ("乙",), ("gas",)),
        *listed(200, ("甲",), ("health",)),
        *listed(50, ("甲",), ("gas",)),
    ]
    store = put("enterprises", 2023, [{**row, "row": number} for number, row in enumerate(lists)])
    by_mix = [
        {**row, "township": "甲" if n < 32 else "乙"} for n, row in enumerate(hazards("gas", 160, 0, 160))
    ]
    put("hazards", 2023, by_mix)
    mixed = claims_of(Imbalance(a_book(store))).townships["甲"]
    assert mixed.against_others.estimate.value == pytest.approx(1.0)
    assert mixed.standardised.value == pytest.approx(1.0)


def test_hazards_that_come_back_to_few_enterprises_are_named(put: Put) -> None:
    """Twenty of 200 enterprises found on four days each, against 80 enterprises on one."""
    days = [date(2023, month, 1) for month in (2, 4, 6, 8)]
    again = [{**row, "found_on": days[n // 20]} for n, row in enumerate(hazards("gas", 80, 0, 20))]
    put("enforcement", 2023, returns_of(100))
    put("enterprises", 2023, listed(200))
    view = Imbalance(a_book(put("hazards", 2023, again)))
    counted, claimed = imbalance_claims.repeats(claims_of(view))
    assert "20家，其中在两个以上日期被发现的20家" in counted.text
    assert claimed.strength is Strength.SUPPORTED
    once = Imbalance(a_book(put("hazards", 2023, hazards("gas", 80, 0, 80))))
    assert imbalance_claims.repeats(claims_of(once))[1].strength is Strength.OPEN
