"""Constructions of the language, a sentence each, with the field, indicator and value of all its figures."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest

from analysis.messages import Message
from analysis.sources import listing
from analysis.sources.quantities import Reason
from analysis.sources.summaries import extract

Read = list[tuple[str, str, str, Decimal | int | float]]
"""Sector, indicator, measure and value of each figure, in the order of the text."""


def _read(text: str) -> Read:
    return [
        (fact.sector, fact.indicator, fact.measure, fact.value)
        for fact in extract(text, name="x", year=2023).facts
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "开展垃圾堆场整治、地质灾害整治、消防整治等9项专项整治。",
            [("all", "operations_conducted", "level", 9)],
        ),
        ("下设道路交通、消防、旅游等5个专业委员会。", [("all", "other", "level", 5)]),
        ("对全县加油站、油库等23家单位开展检查。", [("hazchem", "enterprises_inspected", "level", 23)]),
    ],
    ids=["a list of works", "a list of bodies", "a list of one field"],
)
def test_a_number_behind_a_list_of_fields_counts_the_list(text: str, expected: Read) -> None:
    assert _read(text) == expected


def test_who_comes_to_a_meeting_is_not_what_a_sentence_is_about() -> None:
    text = "召开村支书、中小学校和企业负责人参加的动员会，签订责任书37份。"
    assert _read(text) == [("all", "responsibility_letters", "level", 37)]


def test_people_right_after_accidents_are_their_dead() -> None:
    text = "按行业分，发生事故的有建筑施工（7起，8人）、煤矿（3起，5人）。"
    assert _read(text) == [
        ("construction", "accidents", "level", 7),
        ("construction", "deaths", "level", 8),
        ("coal_mine", "accidents", "level", 3),
        ("coal_mine", "deaths", "level", 5),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("较大事故起数和死亡人数同比下降15%。", [("larger_accidents", -15), ("larger_accident_deaths", -15)]),
        (
            "发生事故3起、死亡4人，同比持平。",
            [("accidents", 3), ("deaths", 4), ("accidents", 0), ("deaths", 0)],
        ),
    ],
    ids=["和", "、 and 持平"],
)
def test_one_change_tells_of_both_that_are_joined(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(indicator, value) for _, indicator, _, value in _read(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "四项事故指标分别下降了20%至45%左右。",
        "对负责人处以3万元以上7万元以下的罚款。",
        "对重点场所3天1轮检查。",
    ],
    ids=["a range", "the bounds of a fine", "how often"],
)
def test_bounds_and_frequencies_are_no_figures(text: str) -> None:
    assert _read(text) == []


def test_what_the_counted_ones_suffered_outweighs_the_inspection_before() -> None:
    text = "省级检查中17家企业被停产，4家被查封。"
    assert _read(text) == [
        ("all", "suspensions_ordered", "level", 17),
        ("all", "temporary_seals", "level", 4),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("已有6个县区开展执法检查。", "other"),
        ("9个省份较大事故起数同比下降。", "other"),
        ("派员对6个县区开展督查。", "regions_supervised"),
    ],
)
def test_regions_that_act_themselves_are_not_supervised(text: str, expected: str) -> None:
    assert [indicator for _, indicator, _, _ in _read(text)] == [expected]


def test_each_absence_of_a_list_is_a_zero() -> None:
    text = "工贸行业无死亡、无受伤、无直接经济损失。"
    assert _read(text) == [
        ("industry_trade", "deaths", "level", 0),
        ("industry_trade", "injuries", "level", 0),
        ("industry_trade", "economic_loss", "level", 0),
    ]


def test_a_heading_on_accidents_and_disasters_is_not_about_disasters() -> None:
    text = "一、生产安全事故和自然灾害情况\n上半年未发生较大事故，发生事故3起。\n"
    assert _read(text) == [("all", "larger_accidents", "level", 0), ("all", "accidents", "level", 3)]


def test_a_list_by_fields_ends_with_what_has_none() -> None:
    text = "洪涝造成经济损失90万元，其中：农业损失60万元，工业损失20万元，其他损失10万元。"
    assert _read(text) == [
        ("all", "economic_loss", "level", 900_000),
        ("agriculture", "economic_loss", "level", 600_000),
        ("industry_trade", "economic_loss", "level", 200_000),
        ("all", "economic_loss", "level", 100_000),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("对5家企业下达整改指令书。", ("notices_issued", 5)),
        ("局班子成员带队分4组开展督查。", ("inspection_groups_led_by_leaders", 4)),
        ("查出隐患的近九成完成整改。", ("rectification_rate", 90)),
        ("开展专题谈话46人次。", ("other", 46)),
    ],
)
def test_words_around_a_number_tell_what_it_counts(text: str, expected: tuple[str, int]) -> None:
    assert [(indicator, value) for _, indicator, _, value in _read(text)] == [expected]


def test_a_line_broken_before_its_number_is_read_on() -> None:
    text = "截至目前，全市消防部门共检查单位\n318 家，发现隐患\n95 处，罚款 4.2 万元，拘留\n2 人，成效良好。"
    assert _read(text) == [
        ("fire", "enterprises_inspected", "level", 318),
        ("fire", "hazards_found", "level", 95),
        ("fire", "fines", "level", 42_000),
        ("fire", "people_detained", "level", 2),
    ]


def test_a_sum_behind_a_semicolon_turns_back_to_all_fields() -> None:
    text = "全县安全生产工作总结\n今年以来扎实推进各项工作。\n各镇查处交通违章行为56起；共排查安全隐患38处。"
    assert _read(text) == [
        ("road_traffic", "traffic_violations", "level", 56),
        ("all", "hazards_found", "level", 38),
    ]


def test_goods_that_were_seized_lend_their_field_to_nothing_else() -> None:
    text = (
        "全县安全生产工作总结\n今年以来扎实推进各项工作。\n检查煤矿6家，收缴烟花爆竹42箱，处罚违法单位3家。"
    )
    assert [sector for sector, *_ in _read(text)] == ["coal_mine", "fireworks", "coal_mine"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("罚款同比下降的有4个市：甲市、乙市、丙市和丁市。", [("other", 4)]),
        ("有计划检查占87.5%。", [("other", Decimal("87.5"))]),
        ("每千家次检查查处重大事故隐患31.5项次。", [("other", Decimal("31.5"))]),
        ("全市未因火灾死伤一人。", [("casualties", 0)]),
        ("查处重大事故隐患52项次。", [("major_hazards_found", 52)]),
    ],
)
def test_what_a_number_counts_is_told_by_its_phrase(
    text: str, expected: list[tuple[str, Decimal | int]]
) -> None:
    assert [(indicator, value) for _, indicator, _, value in _read(text)] == expected


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("同17个村、8个站所、26个企业签订安全生产责任书。", "responsibility_letters"),
        ("对所属9家工厂、近20个重点部位进行安全检查。", "enterprises_inspected"),
    ],
)
def test_a_verb_behind_a_list_holds_for_all_of_it(text: str, indicator: str) -> None:
    assert {name for _, name, _, _ in _read(text)} == {indicator}


def test_a_motto_does_not_name_the_field() -> None:
    text = "某镇围绕“人人讲安全——畅通生命通道”为主题开展宣传活动。\n共发放宣传单320份，悬挂横幅14条。"
    assert [sector for sector, *_ in _read(text)] == ["all", "all"]


def test_other_shares_its_place_in_a_list_of_changes() -> None:
    text = "因灾死亡人数、倒塌房屋数量和直接经济损失与近5年均值相比分别下降30%、62%、25%。"
    assert [(indicator, value) for _, indicator, _, value in _read(text)] == [
        ("deaths", -30),
        ("other", -62),
        ("economic_loss", -25),
    ]


def test_the_total_of_accidents_is_of_any_gravity() -> None:
    text = "较大事故、重特大事故双下降，事故总量和死亡人数同比分别下降27%、23%。"
    assert [(indicator, value) for _, indicator, _, value in _read(text)] == [
        ("accidents", -27),
        ("deaths", -23),
    ]


def test_parts_have_the_field_of_the_whole_in_the_sentence_before() -> None:
    text = "全县安全生产工作总结\n今年来扎实推进。\n渔船事故共54起。其中一般事故46起，较大事故8起。"
    assert [sector for sector, *_ in _read(text)] == ["fishing_vessel"] * 3


def test_hazards_are_those_of_all_fields_whose_places_were_inspected() -> None:
    text = "全县安全生产工作总结\n今年以来扎实推进各项工作。\n检查加油站、烟花爆竹零售店20家，发现隐患15条。"
    assert [sector for sector, *_ in _read(text)] == ["fireworks;hazchem"] * 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("造成直接经济损失12 345.6万元。", [("economic_loss", 123_456_000)]),
        (
            "责令停产整顿煤矿27矿次，暂扣安全生产许可证43矿次。",
            [("suspensions_ordered", 27), ("licences_revoked_or_suspended", 43)],
        ),
        ("查处各类事故隐患与违法行为94条。", [("hazards_found", 94)]),
        ("其中监察罚款31.2万元。", [("fines_ex_ante", 312_000)]),
        ("井下3914回采工作面停产。", []),
    ],
)
def test_units_and_words_of_mines_and_losses(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(indicator, value) for _, indicator, _, value in _read(text)] == expected


def test_an_inspection_of_no_field_ends_the_one_before() -> None:
    text = "开发区今年来扎实推进各项工作。\n检查烟花爆竹零售店68家，应急演练1次，检查企业35家。"
    assert [sector for sector, *_ in _read(text)] == ["fireworks", "fireworks", "all"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("联合检查组共走访点位63个，发现问题14个。", [("enterprises_inspected", 63), ("hazards_found", 14)]),
        ("交警夜查现场查处交通违法行为92起。", [("traffic_violations", 92)]),
        ("查获五类十项交通违法1130起。", [("traffic_violations", 1130)]),
        ("责令整改书17家，职业病危害申报46家。", [("notices_issued", 17), ("other", 46)]),
    ],
)
def test_who_does_and_what_kinds_there_are_is_not_counted(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(indicator, value) for _, indicator, _, value in _read(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "报送整改一般隐患320条，其中重大隐患75家，已整改70家，余5家未到整改期限。",
            [
                ("hazards_found", 320),
                ("hazards_rectified", 320),
                ("major_hazards_found", 75),
                ("major_hazards_rectified", 70),
                ("major_hazards_pending", 5),
            ],
        ),
        ("全省关闭矿山27座，矿山数量下降30%。", [("closures", 27), ("other", -30)]),
        (
            "对28家地下矿山和20座尾矿库进行会诊。",
            [("enterprises_inspected", 28), ("enterprises_inspected", 20)],
        ),
        ("继续保持农机作业零事故的态势。", []),
        ("超额完成上级下达的关闭58座矿山的任务。", []),
    ],
)
def test_hazards_told_by_places_and_what_is_only_aimed_at(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(indicator, value) for _, indicator, _, value in _read(text)] == expected


def test_a_line_that_speaks_of_what_comes_next_in_a_later_clause_plans_nothing() -> None:
    text = "现就今年安全形势进行分析，并就下一步如何加强\n安全生产工作谈点意见。\n今年1至8月，发生事故26起。"
    assert _read(text) == [("all", "accidents", "level", 26)]


def test_a_heading_on_keeping_accidents_off_tells_no_gravity() -> None:
    text = "一、坚决防范重特大事故\n上半年全县发生事故7起，死亡2人。"
    assert [indicator for _, indicator, _, _ in _read(text)] == ["accidents", "deaths"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "道路交通事故死亡85人，占全年控制指标（177人）的48%。",
            [("deaths", 85), ("deaths_control_quota", 177), ("deaths_quota_used_pct", 48)],
        ),
        ("发生重大瓦斯爆炸事故1起。", [("major_accidents", 1)]),
        ("水上交通、建筑领域、农机行业事故均为0。", [("accidents", 0)]),
        (
            "事故2起，死亡3人，受伤4人，同比持平。",
            [
                ("accidents", 2),
                ("deaths", 3),
                ("injuries", 4),
                ("accidents", 0),
                ("deaths", 0),
                ("injuries", 0),
            ],
        ),
        ("排查出租屋46栋。", [("enterprises_inspected", 46)]),
        (
            "发现隐患93处，其中线路老化20处，配电箱损坏4处。",
            [("hazards_found", 93), ("hazards_found", 20), ("hazards_found", 4)],
        ),
        ("力争事故死亡人数下降2%以上的目标。", []),
        ("四项指标呈“三下降一持平”态势。", []),
        ("构建三位一体防控体系。", []),
    ],
)
def test_quotas_gravities_parts_and_idioms(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(indicator, value) for _, indicator, _, value in _read(text)] == expected


def test_lines_of_one_width_are_one_text_also_where_a_word_is_broken() -> None:
    lines = [
        "今年以来全市安全生产工作以强化基层基础为主线狠抓重点领域",
        "的专项整治和宣传培训等重点工作全市累计发生各类生产安全事",
        "故46起，死亡13人，受伤27人；事故起数、死亡人数同比分别下",
        "降9.5%、4.2%，实现了连续多年事故起数和死亡人数都持续的稳",
        "定下降，安全生产形势总体上保持了稳定。",
    ]
    assert [(indicator, value) for _, indicator, _, value in _read("\n".join(lines))] == [
        ("accidents", 46),
        ("deaths", 13),
        ("injuries", 27),
        ("accidents", Decimal("-9.5")),
        ("deaths", Decimal("-4.2")),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "全区发生11起事故，死亡12人。分别是建筑施工4起，死亡5人；煤矿7起，死亡7人。",
            [
                ("accidents", 11),
                ("deaths", 12),
                ("accidents", 4),
                ("deaths", 5),
                ("accidents", 7),
                ("deaths", 7),
            ],
        ),
        (
            "同比事故增加2起，死亡人数增加3人，分别上升100%。",
            [("accidents", 2), ("deaths", 3), ("accidents", 100), ("deaths", 100)],
        ),
        (
            "死亡人数28人，同比少死亡20人，下降41.7%，比上级下达的控制指标少死亡6人。",
            [("deaths", 28), ("deaths", -20), ("deaths", Decimal("-41.7")), ("deaths", -6)],
        ),
        ("计划今年新增护栏418米、警示标志61块。", []),
        ("13家单位被县政府表彰为先进。", [("units_commended", 13)]),
    ],
)
def test_parts_changes_and_plans_over_several_clauses(
    text: str, expected: list[tuple[str, Decimal | int]]
) -> None:
    assert [(indicator, value) for _, indicator, _, value in _read(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "排查自建房811栋（城镇394栋、农村417栋）。",
            [("enterprises_inspected", 811), ("enterprises_inspected", 394), ("enterprises_inspected", 417)],
        ),
        (
            "死亡3人，去年同期为0，伤5人，去年同期为2人。",
            [("deaths", 3), ("deaths", 0), ("injuries", 5), ("injuries", 2)],
        ),
        ("产能30万吨/年以下的煤矿停产整顿4处。", [("suspensions_ordered", 4)]),
        ("目前全县非煤矿山32座。", [("regulated_enterprises", 32)]),
        ("3个派出所共派出检查组16个。", [("other", 3), ("inspection_groups", 16)]),
    ],
)
def test_numbers_that_lean_on_the_one_before_or_behind(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(indicator, value) for _, indicator, _, value in _read(text)] == expected


def test_disasters_named_beside_safety_at_work_are_not_the_field() -> None:
    text = "一、值班情况\n节日期间未接到生产安全和自然灾害突发事件报告。\n"
    assert _read(text) == [("all", "accidents", "level", 0)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("组织21个省级督查组开展检查。", "inspection_groups"),
        ("组成14个专项行动组。", "inspection_groups"),
        ("征订安全挂图120套。", "materials_distributed"),
    ],
)
def test_groups_and_materials_by_their_compounds(text: str, expected: str) -> None:
    assert [indicator for _, indicator, _, _ in _read(text)] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "发生2起死亡3人的较大道路交通事故。",
            [
                ("road_traffic", "larger_accidents", "level", 2),
                ("road_traffic", "larger_accident_deaths", "level", 3),
            ],
        ),
        (
            "发生一起死亡4人的较大事故。",
            [("all", "larger_accidents", "level", 1), ("all", "larger_accident_deaths", "level", 4)],
        ),
        (
            "事故25起,同比增长4%,2起较大事故造成7人死亡。",
            [
                ("all", "accidents", "level", 25),
                ("all", "accidents", "change_pct", 4),
                ("all", "larger_accidents", "level", 2),
                ("all", "larger_accident_deaths", "level", 7),
            ],
        ),
        (
            "工矿商贸(含建筑施工、特种设备)事故共发生12起、死亡9人,同比分别下降8%、10%;铁路事故1起。",
            [
                ("industry_trade", "accidents", "level", 12),
                ("industry_trade", "deaths", "level", 9),
                ("industry_trade", "accidents", "change_pct", -8),
                ("industry_trade", "deaths", "change_pct", -10),
                ("railway", "accidents", "level", 1),
            ],
        ),
    ],
)
def test_accidents_named_behind_their_dead_and_fields_that_take_in_others(text: str, expected: Read) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "对46家单位(商场12家、学校34家)进行了约谈。",
            [("interviews", 46), ("interviews", 12), ("interviews", 34)],
        ),
        (
            "先后对5个县、3个镇、12家企业进行检查。",
            [("regions_supervised", 5), ("regions_supervised", 3), ("enterprises_inspected", 12)],
        ),
        ("对22对矿井开展监督检查。", [("enterprises_inspected", 22)]),
        ("关闭煤矿70处,非金属矿山51座,取缔作坊8家。", [("closures", 70), ("closures", 51), ("closures", 8)]),
        ("全县33家挂牌的重大火灾隐患单位已销案12家。", [("listed_for_supervision", 33), ("other", 12)]),
        (
            "我镇安全生产监管领域单位较多,加油站1个,采石场2个,服装企业3个。",
            [("regulated_enterprises", 1), ("regulated_enterprises", 2), ("regulated_enterprises", 3)],
        ),
        ("领导小组分两个督查组开展督查。", [("inspection_groups", 2)]),
        ("从落实责任、治理隐患等5个方面推进行动。", []),
        ("落实“双九条”规定和警示教育要求。", []),
        ("现场警示教育307人次。", [("people_educated", 307)]),
    ],
)
def test_lists_with_their_verb_behind(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(indicator, value) for _, indicator, _, value in _read(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("有36人因事故责任被处理。", [("people_accountable", 36)]),
        ("航标正常率等重点指标均达98%以上。", [("other", 98)]),
        ("死亡人数占控制指标的45%。", [("deaths_quota_used_pct", 45)]),
        ("实施预防性处罚3.5万元。", [("fines_ex_ante", 35_000)]),
        ("组织人员分赴6个市(州)开展实地检查。", [("regions_supervised", 6)]),
        ("处罚车辆92台。", [("penalties_issued", 92)]),
        ("制定部门规章12件。", [("documents_issued", 12)]),
        ("发现存在隐患的电梯64台,已整治51台。", [("hazards_found", 64), ("hazards_rectified", 51)]),
        ("维保单位自查电梯310台。", [("equipment_checked", 310)]),
        (
            "检查的25项问题已整改22项,3项问题正在有序整改。",
            [("hazards_found", 25), ("hazards_rectified", 22), ("hazards_pending", 3)],
        ),
    ],
)
def test_what_single_words_count(text: str, expected: list[tuple[str, Decimal]]) -> None:
    assert [(indicator, value) for _, indicator, _, value in _read(text)] == expected


def test_the_office_a_page_comes_from_tells_its_field_where_nothing_else_does() -> None:
    text = "守住底线保平安\n来源:青石县交通运输局\n\n该局不断加大宣传力度。先后排查隐患13处，投入30万元。\n"
    assert {fact.sector for fact in extract(text, name="x", year=2023).facts} == {"road_transport"}
    paper = text.replace("青石县交通运输局", "青石晚报")
    assert {fact.sector for fact in extract(paper, name="x", year=2023).facts} == {"all"}


@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_for_reading_no_figure_has_words(reason: str) -> None:
    assert Message(f"unread_{reason}").text()


def test_a_number_that_measures_is_told_with_its_reason() -> None:
    found = extract("释放产能2.5亿吨/年。", name="x", year=2023)
    assert [listing.unread_line(number).text() for number in found.unread] == [
        "第1行：“释放产能2.5亿吨/年。”：度量，不是件数。"
    ]
