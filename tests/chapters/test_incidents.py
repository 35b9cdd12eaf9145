"""Report 2's incidents: counts by hand, late and missing ones named, no claim on few events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from analysis.chapters.incidents import Incidents, answer, by_year, in_brief, tables
from analysis.report.findings import Strength
from analysis.store import Store
from tests.chapters.notebook_cells import PLACE, a_book

LINE = {name: value for name, value in PLACE.items() if name != "part"}


def an_incident(occurred: datetime, reported: datetime | None = None, **more: Any) -> dict[str, Any]:
    given = {"sector": "construction", "township": "甲镇", "deaths": 0, "serious_injuries": 1, "row": 2}
    return {**LINE, **given, "occurred_at": occurred, "reported_at": reported, **more}


def a_penalty(case: str, sector: str = "construction") -> dict[str, Any]:
    given = {"party": "甲", "document_number": case, "body": "乙局", "decided_on": date(2023, 6, 1), "row": 2}
    return {**LINE, **given, "case": case, "sector": sector}


def text(book: Any) -> str:
    return " ".join(finding.text for finding in answer(Incidents(book)))


def test_incidents_are_counted_and_late_reports_named(put: Callable[..., Store]) -> None:
    store = put(
        "incidents",
        2023,
        [
            an_incident(datetime(2023, 3, 1, 10, 0), datetime(2023, 3, 1, 10, 40), deaths=1),
            an_incident(datetime(2023, 5, 1, 10, 0), datetime(2023, 5, 1, 13, 0), sector="gas"),
            an_incident(datetime(2023, 7, 1, 10, 0), sector="gas", deaths=3),
        ],
    )
    said = text(a_book(store))
    assert "记录事故3起（一般事故2起、较大事故1起），其中亡人事故2起，死亡4人、重伤3人" in said
    assert "有时刻可核的2起事故中，1起从发生到报告超过1小时" in said


def test_a_penalty_for_an_incident_that_is_in_no_list_is_named(put: Callable[..., Store]) -> None:
    put(
        "penalties",
        2023,
        [a_penalty("发生生产安全责任事故"), a_penalty("事故隐患未整改"), a_penalty("发生较大事故", "gas")],
    )
    store = put("incidents", 2023, [an_incident(datetime(2023, 3, 1), sector="gas")])
    assert "1件行政处罚的案由写明发生事故" in text(a_book(store))


def test_few_incidents_carry_no_claim(put: Callable[..., Store]) -> None:
    """One against three: exact p = 0.63 (binomial, two of four equally likely), so nothing is claimed."""
    put("incidents", 2022, [an_incident(datetime(2022, month, 1, 9, 0), row=month) for month in (2, 3, 4)])
    store = put("incidents", 2023, [an_incident(datetime(2023, 3, 1, 9, 0))])
    found = answer(Incidents(a_book(store, baseline=(2022,))))
    assert not [one for one in found if one.strength is Strength.SUPPORTED]
    assert "尚不能确认有变化" in " ".join(one.text for one in found)


def test_the_exact_limits_of_the_years(put: Callable[..., Store]) -> None:
    """Garwood's limits of 3 events: 0.62 to 8.77."""
    store = put("incidents", 2023, [an_incident(datetime(2023, m, 1, 9, 0), row=m) for m in (2, 3, 4)])
    row = by_year(Incidents(a_book(store))).frame.iloc[0]
    assert (round(row["incidents_low"], 2), round(row["incidents_high"], 2)) == (0.62, 8.77)


def test_without_a_list_nothing_is_said_of_incidents(put: Callable[..., Store]) -> None:
    """No list is not no incident."""
    book = a_book(put("hazards", 2023, []))
    assert "不能说明事故情况" in text(book)
    assert "未发生" not in text(book)
    assert len(list(tables(Incidents(book)))) == 1


def test_the_brief_counts_with_exact_limits_and_names_late_reports(put: Callable[..., Store]) -> None:
    """Garwood's limits of 3 events: 0.6 to 8.8; without a list the brief says nothing of it."""
    rows = [
        an_incident(datetime(2023, month, 1, 9, 0), datetime(2023, month, 1, 9 + (month == 4), 50), row=month)
        for month in (2, 3, 4)
    ]
    (found,) = in_brief(Incidents(a_book(put("incidents", 2023, rows))))
    assert found.text == (
        "事故台账记录事故3起（年发生数95%精确区间0.6–8.8），其中1起从发生到报告超过1小时，需要核实。"
    )
    assert in_brief(Incidents(a_book(put("incidents", 2023, [])))) == ()
