"""Major hazards' criteria: the standard that was in force on the day of discovery, from published dates."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from analysis import standards, vocabulary

INDUSTRY_NEW, INDUSTRY_OLD = "工贸企业重大事故隐患判定标准", "工贸行业重大生产安全事故隐患判定标准（2017版）"
MINES_NEW, MINES_OLD = "矿安〔2022〕88号", "安监总管一〔2017〕98号"


def verdict(sector: str, criterion: str | None, found: str, level: str = "major") -> tuple[object, ...]:
    rows = pd.DataFrame(
        {"sector": [sector], "level": [level], "criterion": [criterion], "found_on": [pd.Timestamp(found)]}
    )
    return tuple(standards.judge(rows).iloc[0])


@pytest.mark.parametrize(
    ("sector", "criterion", "found", "expected"),
    [
        # Order no. 10 of the Ministry of Emergency Management: in force from 15 May 2023
        ("industry_trade", f"{INDUSTRY_NEW}第六条", "2023-05-14", "not_yet"),
        ("industry_trade", f"《{INDUSTRY_NEW}》第六条", "2023-05-15", "in_force"),
        ("industry_trade", INDUSTRY_OLD, "2023-05-14", "in_force"),
        ("industry_trade", INDUSTRY_OLD, "2023-05-15", "outdated"),
        # 矿安〔2022〕88号: in force from 1 September 2022, when 安监总管一〔2017〕98号 was repealed
        ("non_coal_mine", f"依据{MINES_NEW}", "2022-08-31", "not_yet"),
        ("non_coal_mine", f"依据{MINES_NEW}", "2022-09-01", "in_force"),
        ("non_coal_mine", f"依据{MINES_OLD}", "2022-08-31", "in_force"),
        ("non_coal_mine", f"依据{MINES_OLD}", "2022-09-01", "outdated"),
        # Order no. 4: in force from 1 January 2021
        ("coal_mine", "煤矿重大事故隐患判定标准第四条", "2020-12-31", "not_yet"),
        ("coal_mine", "煤矿重大事故隐患判定标准第四条", "2021-01-01", "in_force"),
        ("industry_trade", "企业内部规定第三条", "2023-08-01", "unregistered"),
        ("industry_trade", None, "2023-08-01", "missing"),
        ("education", None, "2023-08-01", "no_standard"),
    ],
)
def test_the_standard_of_the_day_decides(
    sector: str, criterion: str | None, found: str, expected: str
) -> None:
    assert verdict(sector, criterion, found)[1] == expected


def test_one_name_over_two_editions_is_the_edition_of_the_day() -> None:
    """房屋市政工程…判定标准 without its year: 2022's edition before 2024's, not an outdated one."""
    assert verdict("construction", "房屋市政工程重大事故隐患判定标准第三条", "2023-01-01")[:2] == (
        *("construction_2022", "in_force"),
    )


def test_a_number_beats_a_name() -> None:
    """One document defines both hazchem's and fireworks' hazards: the name tells which."""
    named = "烟花爆竹生产经营单位重大生产安全事故隐患判定标准（试行）（安监总管三〔2017〕121号）"
    assert verdict("fireworks", named, "2023-01-01")[0] == "fireworks_2017"
    assert len(standards.named_in("安监总管三〔2017〕121号")) == 2


def test_general_hazards_need_no_criterion() -> None:
    rows = pd.DataFrame(
        {
            "sector": ["gas"],
            "level": ["general"],
            "criterion": [None],
            "found_on": [pd.Timestamp("2023-10-01")],
        }
    )
    assert standards.judge(rows).empty


def test_what_rests_on_an_unverified_date_says_so() -> None:
    assert verdict("gas", "城镇燃气经营安全重大隐患判定标准", "2024-01-01") == ("gas_2023", "in_force", False)
    assert verdict("industry_trade", INDUSTRY_NEW, "2024-01-01")[2]


def test_the_registry_is_sound() -> None:
    """Known sectors, a source for each, and certain predecessors end where their successor begins."""
    registry = vocabulary.standards()
    assert {sector for one in registry.values() for sector in one.sectors} <= set(vocabulary.sectors())
    assert all(one.source and one.number for one in registry.values())
    ends = {one.in_force_to + timedelta(days=1) for one in registry.values() if one.in_force_to}
    assert ends <= {one.in_force_from for one in registry.values()}
    assert date(2023, 5, 15) in ends
