"""Report 4: a campaign against others of the same sectors, by hand, and plain statements at the edges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from analysis.chapters import campaign_change, campaign_start, campaign_tables, campaigns
from analysis.chapters.campaign_change import Changes
from analysis.chapters.campaigns import Campaigns
from analysis.report.findings import Strength
from analysis.store import Store
from tests.chapters.notebook_cells import PLACE, a_book, shown_text

Put = Callable[..., Store]
GAS, MAJOR, MAY = "gas_rectification", "major_hazard_2023", "may_day_inspection"


def returns(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    usual = {**PLACE, "month": 6, "sector": "gas", "department": "城管局"}
    return [{**usual, "row": row, **change} for row, change in enumerate(rows, 2)]


def visits(count: int, hits: int, campaign: str | None = None, **more: Any) -> dict[str, Any]:
    return {"inspections": count, "inspections_with_findings": hits, "campaign": campaign, **more}


def hazards(count: int, campaign: str | None = None, **more: Any) -> list[dict[str, Any]]:
    """Hazards of as many enterprises, found by a department."""
    usual = {
        **PLACE,
        "township": "甲",
        "sector": "gas",
        "level": "general",
        "source": "department",
        "status": "open",
        "description": "x",
        "found_on": date(2023, 6, 1),
    }
    name = campaign or "other"
    return [
        {**usual, "campaign": campaign, "enterprise": f"{name}{number}", **more} for number in range(count)
    ]


def ledger(*parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = [row for part in parts for row in part]
    return [{**row, "hazard_id": f"H{number}", "row": number} for number, row in enumerate(rows, 2)]


def view_of(put: Put, enforcement: list[dict[str, Any]], rows: list[dict[str, Any]]) -> Campaigns:
    put("enforcement", 2023, returns(*enforcement))
    return Campaigns(a_book(put("hazards", 2023, rows)))


def test_a_campaigns_figures_are_its_own(put: Put) -> None:
    view = view_of(put, [visits(100, 60, GAS), visits(50, 10)], ledger(hazards(80, GAS), hazards(20)))
    row = view.table.loc[GAS]
    assert (row["inspections"], row["hazards_found"], row["behind"]) == (100, 80, 80)
    assert {h.key: h.value for h in campaigns.headlines(view)}["campaign_hazards_found"] == 80


def test_yield_and_hit_rate_are_compared_within_the_sector(put: Put) -> None:
    """Gas: 0.8 against 0.4 hazards an inspection, 60 % against 20 %; another sector's plenty counts not."""
    elsewhere = [visits(1000, 900, None, sector="fire")]
    rows = ledger(hazards(80, GAS), hazards(20), hazards(900, sector="fire"))
    view = view_of(put, [visits(100, 60, GAS), visits(50, 10), *elsewhere], rows)
    assert view.compared["yield"][GAS].estimate.value == pytest.approx(2.0)
    assert view.compared["hit_rate"][GAS].estimate.value == pytest.approx(3.0)


def test_the_ratio_is_stratified_by_sector(put: Put) -> None:
    """Inside as outside in both sectors, but more of the campaign in the rich one: the ratio stays 1."""
    returned = [
        visits(90, 45, MAY, sector="fire"),
        visits(10, 1, MAY, sector="gas"),
        visits(20, 10, None, sector="fire"),
        visits(180, 18, None, sector="gas"),
    ]
    view = view_of(put, returned, [])
    assert view.compared["hit_rate"][MAY].estimate.value == pytest.approx(1.0)


def test_hazards_of_one_enterprise_widen_the_interval(put: Put) -> None:
    """The same counts from one enterprise each carry less than from many."""
    enforcement = [visits(100, 60, GAS), visits(100, 30)]
    many = view_of(put, enforcement, ledger(hazards(80, GAS), hazards(40)))
    apart = many.compared["yield"][GAS].estimate
    alike = ledger(hazards(80, GAS, enterprise="甲厂"), hazards(40, enterprise="乙厂"))
    one = view_of(put, enforcement, alike).compared["yield"][GAS].estimate
    assert apart.excludes(1.0)
    assert not one.excludes(1.0)


def test_a_campaign_without_others_in_its_sector_is_not_compared(put: Put) -> None:
    view = view_of(put, [visits(100, 60, GAS), visits(50, 10, None, sector="fire")], ledger(hazards(80, GAS)))
    assert view.incomparable == [GAS]
    assert any("不能与同行业专项以外的检查比较" in finding.text for finding in campaigns.answer(view))


def test_a_campaign_that_records_major_hazards_only_is_not_compared_nor_compared_with(put: Put) -> None:
    """Its inspections find less by its rules alone; they count neither inside nor outside."""
    returned = [visits(100, 60, GAS), visits(50, 20), visits(200, 10, MAJOR)]
    view = view_of(put, returned, ledger(hazards(80, GAS), hazards(40), hazards(10, MAJOR, level="major")))
    assert view.major_only == (MAJOR,)
    assert MAJOR not in view.compared["yield"]
    assert view.compared["yield"][GAS].estimate.value == pytest.approx(0.8 / 0.8)
    assert any("只登记重大隐患" in finding.text for finding in campaigns.answer(view))


def test_a_ledger_without_campaigns_is_no_yield_of_zero(put: Put) -> None:
    """The returns know the campaign, the ledger does not: its yield is unknown, its hit rate is known."""
    view = view_of(put, [visits(100, 60, GAS), visits(50, 10)], ledger(hazards(80)))
    assert GAS not in view.compared["yield"]
    assert GAS in view.compared["hit_rate"]


def test_returns_without_hits_are_no_hit_rate_of_zero(put: Put) -> None:
    rows = [{"inspections": 100, "campaign": GAS}, {"inspections": 50}]
    view = view_of(put, rows, ledger(hazards(80, GAS), hazards(20)))
    assert view.compared["hit_rate"] == {}


def test_mechanisms_are_named_and_never_counted_nor_explained(put: Put) -> None:
    view = view_of(put, [visits(100, 60, GAS), visits(5, 1, "five_ones")], [])
    assert list(view.table.index) == [GAS]
    assert [finding.text for finding in campaigns.mechanisms(view)] == [
        "材料中提到的机制：五个一；本报告只列名称，不作解释。"
    ]


def fact(indicator: str, value: int, **more: Any) -> dict[str, Any]:
    usual = {
        "document": "2023/总结.txt",
        "line": 1,
        "start": 5,
        "end": 9,
        "quote": "x",
        "sector": "all",
        "campaign": MAJOR,
        "measure": "level",
        "unit": "条",
        "qualifier": "exact",
        "period_start": date(2023, 1, 1),
        "period_end": date(2023, 12, 31),
    }
    return {**usual, "indicator": indicator, "value": Decimal(value), **more}


def stated(view: Campaigns) -> list[tuple[float, float | None]]:
    table = campaign_tables.stated_tables(view)[0]
    frame = getattr(table, "frame").sort_values("value")  # noqa: B009 (a table, where anything is stated)
    return [
        (row["value"], None if row["own"] != row["own"] else row["own"]) for row in frame.to_dict("records")
    ]


def test_the_summarys_figures_of_a_campaign_stand_beside_the_ledgers(put: Put) -> None:
    """The campaign's 12, not the county's 32; a sector's figure beside the sector's."""
    facts = [
        fact("major_hazards_found", 14),
        fact("major_hazards_found", 3, sector="gas"),
        fact("enterprises_inspected", 274),
        fact("major_hazards_found", 99, campaign=None),
    ]
    put("facts", 2023, facts)
    majors = [hazards(4, MAJOR, level="major"), hazards(8, MAJOR, level="major", sector="fire")]
    view = view_of(put, [], ledger(*majors, hazards(20, level="major")))
    assert stated(view) == [(3, 4), (14, 12), (274, None)]


def monthly(before: float, after: float, other: float) -> dict[int, list[dict[str, Any]]]:
    """Three years of returns: gas changes with the campaign in 2023, nine other sectors do not."""
    others = (
        "fire",
        "construction",
        "tourism",
        "education",
        "hazchem",
        "health",
        "power",
        "post",
        "commerce",
    )
    years = {}
    for year in (2021, 2022, 2023):
        rate = after if year == 2023 else before
        rows = [visits(100, round(100 * rate), month=month) for month in range(1, 13)]
        rows += [
            visits(100, round(100 * other), month=month, sector=sector)
            for month in range(1, 13)
            for sector in others
        ]
        years[year] = rows
    years[2023].append(visits(10, round(10 * after), GAS))
    return years


def changes_of(put: Put, years: dict[int, list[dict[str, Any]]]) -> Changes:
    for year, rows in years.items():
        store = put("enforcement", year, returns(*rows))
    return Changes(Campaigns(a_book(store, baseline=(2021, 2022))))


def test_a_change_that_others_do_not_share_is_said_to_be_no_effect(put: Put) -> None:
    view = changes_of(put, monthly(0.4, 0.6, 0.4))
    one = view.found[0]
    assert one.change.estimate.value == pytest.approx(1.5, rel=0.01)
    said = campaign_change.answer(view)
    assert said[0].strength is Strength.SUPPORTED
    assert all("不能归因于该专项" in f.text for f in said if f.strength is Strength.SUPPORTED)


def test_a_change_that_all_sectors_share_is_not_the_campaigns(put: Put) -> None:
    years = monthly(0.4, 0.6, 0.4)
    years[2023] = monthly(0.4, 0.6, 0.6)[2023]
    said = campaign_change.answer(changes_of(put, years))
    assert not [f for f in said if f.strength is Strength.SUPPORTED]


def test_a_campaign_of_all_sectors_has_no_before_and_after(put: Put) -> None:
    years = monthly(0.4, 0.6, 0.4)
    years[2023][-1]["campaign"] = MAY
    view = changes_of(put, years)
    assert view.found == ()
    assert any("前后变化不作判断的专项" in finding.text for finding in campaign_change.answer(view))


EDGES: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "nothing": ([], []),
    "no campaign": ([visits(50, 10)], ledger(hazards(20))),
    "no returns": ([], ledger(hazards(20, GAS), hazards(5))),
    "no ledger": ([visits(100, 60, GAS), visits(50, 10)], []),
    "one sector, one month": ([visits(100, 60, GAS)], ledger(hazards(60, GAS))),
    "nothing found": ([visits(100, 0, GAS), visits(50, 0)], []),
    "self-reported only": ([], ledger(hazards(9, GAS, source="self_reported"))),
    "one enterprise": ([visits(9, 9, GAS), visits(9, 9)], ledger(hazards(30, GAS, enterprise="甲"))),
    "no sector": ([visits(100, 60, GAS, sector=None), visits(50, 10)], ledger(hazards(20, GAS))),
}


@pytest.mark.parametrize("edition", ["internal", "leadership", "public"])
@pytest.mark.parametrize("edge", EDGES)
def test_edges_give_an_answer_or_a_plain_statement(put: Put, edge: str, edition: str) -> None:
    """No exception and no NaN in a report, whatever returns and ledger lack."""
    text = shown_text("4_campaigns", view_of(put, *EDGES[edge]).book, edition)
    assert text
    assert not {"nan", "NaN", "NaT", "None", "inf"} & set(text.replace("（", " ").split())


def test_a_year_with_only_a_summary_shows_its_figures_and_says_what_it_cannot(put: Put) -> None:
    store = put("facts", 2023, [fact("major_hazards_found", 140)])
    text = shown_text("4_campaigns", a_book(store), "internal")
    assert "140" in text
    assert "需要注明专项的执法月报和隐患台账" in text


def test_a_county_wide_campaign_is_compared_with_the_months_before_sector_by_sector(put: Put) -> None:
    """Twice the major findings of an inspection in both sectors since May; other campaigns stay out."""
    rows = []
    for month in range(1, 13):
        since = month >= 5
        for sector, rate in (("gas", 10), ("fire", 4)):
            found = {"inspections_with_major_findings": rate * (2 if since else 1), "sector": sector}
            rows.append(visits(100, 50, MAJOR if since else None, month=month, **found))
        rows.append(visits(1000, 0, GAS, month=month))
    put("enforcement", 2022, returns(*rows[6:]))
    store = put("enforcement", 2023, returns(*rows))
    changes = Changes(Campaigns(a_book(store, baseline=(2022,))))
    (since,) = campaign_start.Starts(changes.campaigns).found
    assert since.since == pytest.approx(28 / 200)
    (said,) = campaign_start.answer(changes)
    assert said.strength is Strength.SUPPORTED
    assert "不能归因于该专项" in said.text


def test_a_few_months_of_a_county_wide_campaign_are_not_compared(put: Put) -> None:
    rows = [visits(100, 50, MAJOR, month=month, inspections_with_major_findings=5) for month in (5, 6)]
    changes = Changes(Campaigns(a_book(put("enforcement", 2023, returns(*rows)))))
    assert campaign_start.answer(changes) == ()
