"""Scoring sheets: the sample is read; a wrong rule is refused with its line, its key and what to do."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from analysis import assessment, vocabulary
from analysis.assessment import Grade, Limit, Sheet, Step
from analysis.messages import AnalysisError
from analysis.sources import scoring_sheets
from analysis.sums import ACTIVITY_INDICATORS, INCIDENT_INDICATORS, LEDGER_INDICATORS, RETURN_INDICATORS
from tests.conftest import ROOT

RULES = """\
- title: 乡镇考核
  subject: township
  items:
    - {id: A, indicator: rectification_rate, weight: 60, direction: higher, zero_at: 60, full_at: 95}
    - id: B
      indicator: accidents
      weight: 40
      direction: lower
      steps: [{at: 1, points: 25}, {at: 0, points: 40}]
  caps: [{indicator: hazards_overdue, at_least: 5, points: 79}]
  vetoes:
    - {indicator: deaths, at_least: 1}
    - {indicator: major_hazards_listed_overdue, at_least: 1, grade: 合格}
  grades: [{name: 合格, at: 60}, {name: 优秀, at: 90}, {name: 不合格, at: 0}]
"""


def read(tmp_path: Path, text: str, name: str = "2023/assessment.yaml") -> tuple[Sheet, ...]:
    path = tmp_path / "assessment.yaml"
    path.write_text(text, encoding="utf-8")
    return scoring_sheets.read([(path, name)])


def test_a_sheet_is_read_whole_and_comes_back_from_json(tmp_path: Path) -> None:
    (sheet,) = read(tmp_path, RULES)
    rate, accidents = sheet.items
    assert (rate.zero_at, rate.full_at, rate.higher, rate.name) == (60, 95, True, "整改率")
    assert accidents.steps == (Step(0, 40), Step(1, 25)), "the best step first"
    assert [one.name for one in sheet.grades] == ["优秀", "合格", "不合格"], "the best grade first"
    assert sheet.vetoes[1].grade == "合格"
    assert sheet.full_marks == 100
    assert assessment.from_plain(json.loads(json.dumps(asdict(sheet)))) == sheet


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "column"),
    [
        ("subject: township", "subject: village", "yaml_value", 2, "1.subject"),
        ("subject: township", "subjekt: township", "yaml_unknown_key", 2, "1.subjekt"),
        ("- title: 乡镇考核\n  subject", "- subject", "rules_missing", 1, "1.title"),
        ("weight: 60", "weight: 50", "rules_weights", 3, "1.items"),
        ("weight: 40", "weight: 四十", "yaml_value", 7, "1.items.2.weight"),
        ("weight: 40", "weight: -40", "yaml_value", 7, "1.items.2.weight"),
        ("weight: 40", "weight: .nan", "yaml_value", 7, "1.items.2.weight"),
        ("weight: 40", "weight: true", "yaml_value", 7, "1.items.2.weight"),
        ("direction: lower", "direction: up", "yaml_value", 8, "1.items.2.direction"),
        ("direction: lower", "direction: higher", "rules_order", 9, "1.items.2.steps"),
        ("points: 25", "points: 45", "yaml_value", 9, "1.items.2.steps.1.points"),
        ("{at: 1, points: 25}", "{at: 0, points: 40}", "rules_order", 9, "1.items.2.steps"),
        ("full_at: 95", "full_at: 50", "rules_order", 4, "1.items.1.full_at"),
        (", full_at: 95", "", "rules_thresholds", 4, "1.items.1"),
        ("full_at: 95", "full_at: 95, steps: [{at: 1, points: 2}]", "rules_thresholds", 4, "1.items.1"),
        ("indicator: accidents", "indicator: display_boards", "rules_indicator", 6, "1.items.2.indicator"),
        ("indicator: accidents", "indicator: [accidents]", "yaml_value", 6, "1.items.2.indicator"),
        ("weight: 60", "weight: 60, per: inspections", "yaml_value", 4, "1.items.1.per"),
        ("id: B", "id: A", "rules_repeated", 5, "1.items.2.id"),
        ("at_least: 5, ", "", "rules_missing", 10, "1.caps.1"),
        ("points: 79", "points: 101", "yaml_value", 10, "1.caps.1.points"),
        ("grade: 合格", "grade: 良好", "yaml_value", 13, "1.vetoes.2.grade"),
        ("name: 不合格, at: 0", "name: 不合格, at: 10", "rules_grades", 14, "1.grades"),
        ("items:", "items: none\n  vetoes2:", "yaml_unknown_key", 4, "1.vetoes2"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, code: str, line: int, column: str
) -> None:
    assert old in RULES
    with pytest.raises(AnalysisError) as caught:
        read(tmp_path, RULES.replace(old, new, 1))
    message = caught.value.message
    assert (message.code, message.row, message.column) == (code, line, column)
    assert message.file == "2023/assessment.yaml"
    for language in ("zh", "en"):
        text = message.text(language)  # type: ignore[arg-type]
        assert "$" not in text, "every value that the words name is given"


def test_accidents_and_enterprises_are_no_figures_of_a_department(tmp_path: Path) -> None:
    """The incident list and the list of enterprises name no department: a zero there would be invented."""
    with pytest.raises(AnalysisError) as caught:
        read(tmp_path, RULES.replace("township", "department"))
    assert caught.value.message.code == "rules_indicator"
    assert "部门" in caught.value.message.text("zh")


def test_a_county_s_own_sheet_replaces_that_of_the_year(tmp_path: Path) -> None:
    outer, inner = tmp_path / "a.yaml", tmp_path / "b.yaml"
    outer.write_text(RULES, encoding="utf-8")
    inner.write_text(RULES.replace("乡镇考核", "本县乡镇考核"), encoding="utf-8")
    (sheet,) = scoring_sheets.read([(outer, "a.yaml"), (inner, "b.yaml")])
    assert (sheet.title, sheet.file) == ("本县乡镇考核", "b.yaml")
    with pytest.raises(AnalysisError, match="township"):
        read(tmp_path, RULES + RULES)


def test_an_empty_file_has_no_sheet(tmp_path: Path) -> None:
    assert read(tmp_path, "# 尚未制定\n") == ()


@pytest.mark.parametrize("year", [2023, 2024])
def test_the_sample_s_sheets_are_marked_and_read(year: int) -> None:
    path = ROOT / "data" / "raw" / str(year) / "assessment.yaml"
    sheets = scoring_sheets.read([(path, path.name)])
    assert [sheet.subject for sheet in sheets] == ["township", "department"]
    assert all("示例" in sheet.title and "虚构" in sheet.source for sheet in sheets)


def test_what_may_be_scored_can_be_counted() -> None:
    """Every code is counted by the hub, or is a ratio of two that are."""
    counted = {*LEDGER_INDICATORS, *RETURN_INDICATORS, *ACTIVITY_INDICATORS, *INCIDENT_INDICATORS}
    for code in vocabulary.scored():
        parts = vocabulary.ratios().get(code, (code,))
        assert set(parts) <= counted, code
        assert vocabulary.indicators()[parts[0]].kind not in ("distinct", "rate"), code


def test_a_veto_bounds_the_grade_and_a_cap_the_total(tmp_path: Path) -> None:
    (sheet,) = read(tmp_path, RULES)
    zero, bounded = sheet.vetoes
    assert assessment.ceiling([]) == float("inf")
    assert assessment.ceiling([*sheet.caps, bounded]) == 79, "a veto of the grade leaves the total"
    assert assessment.ceiling([*sheet.caps, zero]) == 0
    totals = (100, 90, 89.99, 60, 59.99, 0)
    assert [assessment.grade(sheet, total, []) for total in totals] == [
        *("优秀", "优秀", "合格"),
        *("合格", "不合格", "不合格"),
    ]
    assert assessment.grade(sheet, 95, [bounded]) == "合格"
    assert assessment.grade(sheet, 30, [bounded]) == "不合格", "a bound raises nobody"


@pytest.mark.parametrize(("figure", "holds"), [(0, False), (1, True), (2, True)])
def test_a_limit_holds_from_its_value_on(figure: float, holds: bool) -> None:
    assert Limit("deaths", "at_least", 1).holds(figure) is holds
    assert Limit("inspections", "at_most", 1).holds(figure) is (figure <= 1)


def test_without_grades_there_is_none() -> None:
    assert assessment.grade(Sheet("t", "township", ()), 90, []) == ""
    assert assessment.grade(Sheet("t", "township", (), grades=(Grade("甲", 0),)), 0, []) == "甲"
