"""What a number counts by the words around it: each case is a sentence of its own wording."""

from __future__ import annotations

from decimal import Decimal

import pytest

from analysis.sources.summaries import extract

Read = list[tuple[str, Decimal | int | float]]
"""Indicator and value of each figure, in the order of the text."""


def _read(text: str) -> Read:
    return [(fact.indicator, fact.value) for fact in extract(text, name="x", year=2023).facts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("对7家企业开展了3次检查。", [("enterprises_inspected", 7), ("inspections", 3)]),
        ("对32艘渡船开展了一次安全检查。", [("vehicles_inspected", 32)]),
        ("市局领导带队深入3个县开展督查。", [("regions_supervised", 3)]),
        ("检查园区4家、抽查社区6个。", [("enterprises_inspected", 4), ("regions_supervised", 6)]),
        ("督促15家零售店开展自查自纠。", [("enterprises_self_checked", 15)]),
        ("组织4次安全生产大检查和5次督查。", [("operations_conducted", 4), ("inspections", 5)]),
        ("检查企业一万三千余家。", [("enterprises_inspected", 13000)]),
        (
            "督查组深入6个县（区）、9个乡（镇）和14家企业开展检查。",
            [("regions_supervised", 6), ("regions_supervised", 9), ("enterprises_inspected", 14)],
        ),
        ("排查管道燃气用户310户。", [("households_visited", 310)]),
        ("发现路面破损12处。", [("hazards_found", 12)]),
        (
            "先后对4个区、19家市直部门开展了两轮督导。",
            [("regions_supervised", 4), ("departments_supervised", 19), ("supervision_rounds", 2)],
        ),
        ("对8个州（市）21个产煤县进行了督查。", [("regions_supervised", 8), ("regions_supervised", 21)]),
        (
            "对某州3个产煤县26处煤矿（建设煤矿6处、长期停产煤矿20处）进行检查。",
            [
                ("regions_supervised", 3),
                ("enterprises_inspected", 26),
                ("enterprises_inspected", 6),
                ("enterprises_inspected", 20),
            ],
        ),
        (
            "共抽查镇4家，行业主管部门7家。",
            [("regions_supervised", 4), ("departments_supervised", 7)],
        ),
        ("督查了8个镇和6个县直部门。", [("regions_supervised", 8), ("departments_supervised", 6)]),
        (
            "检查船舶9艘，对2艘船舶3人进行了处罚。",
            [("vehicles_inspected", 9), ("penalties_issued", 2), ("penalties_issued", 3)],
        ),
        (
            "检查小区21个，对存在违法行为的18家单位、13家物业企业进行立案处罚。",
            [("enterprises_inspected", 21), ("cases_filed", 18), ("cases_filed", 13)],
        ),
        (
            "对14家加工企业，9家商铺，2家工厂进行了执法检查。",
            [("enterprises_inspected", 14), ("enterprises_inspected", 9), ("enterprises_inspected", 2)],
        ),
        ("深入13个省份开展了危化品企业督导核查。", [("regions_supervised", 13)]),
        ("联合5个部门检查企业43家。", [("other", 5), ("enterprises_inspected", 43)]),
        ("住建部门检查17家，通报执法不严部门2个。", [("enterprises_inspected", 17), ("units_criticised", 2)]),
        ("28家工厂共自查隐患51处。", [("enterprises_self_checked", 28), ("hazards_self_reported", 51)]),
        ("检查砂场4处，转移群众26户。", [("enterprises_inspected", 4), ("other", 26)]),
        ("检查人员密集场所34家。", [("enterprises_inspected", 34)]),
        ("检查车站6个、施工标段2个。", [("enterprises_inspected", 6), ("enterprises_inspected", 2)]),
        ("检查乡镇7个、主管部门2个。", [("regions_supervised", 7), ("departments_supervised", 2)]),
        ("检查加气站3家、气井11口。", [("enterprises_inspected", 3), ("enterprises_inspected", 11)]),
    ],
)
def test_who_is_looked_at_is_told_by_the_verb_and_its_object(text: str, expected: Read) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("组织41个检查组873人次。", [("inspection_groups", 41), ("inspector_person_times", 873)]),
        ("派出9个督查组、31人（次）。", [("inspection_groups", 9), ("inspector_person_times", 31)]),
        ("分4个组开展检查。", [("inspection_groups", 4)]),
        ("开展应急演练13场，参演人员460人次。", [("other", 13), ("other", 460)]),
        (
            "培训从业人员93人，其中安全管理人员38人、特种作业人员55人。",
            [("people_trained", 93), ("people_trained", 38), ("people_trained", 55)],
        ),
        ("组织了14次重点和专项监察。", [("operations_conducted", 14)]),
        (
            "市级领导带队督查12次，县级领导31次。",
            [("leadership_site_inspections", 12), ("leadership_site_inspections", 31)],
        ),
        ("组织专家68人次对9家工厂进行会诊。", [("experts", 68), ("enterprises_inspected", 9)]),
        ("举办竞赛2次，参赛人员90人。", [("other", 2), ("other", 90)]),
        ("安全检查出动560人次。", [("inspector_person_times", 560)]),
        ("会同交警开展联合执法8次。", [("operations_conducted", 8)]),
        ("网格员巡查96次，上报隐患7处。", [("inspections", 96), ("hazards_found", 7)]),
    ],
)
def test_groups_their_people_and_what_they_do(text: str, expected: Read) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9家单位被县安全生产委员会评选表彰为先进。", [("units_commended", 9)]),
        ("76个煤矿被吊证。", [("licences_revoked_or_suspended", 76)]),
        ("对6家销售点实施查封和取缔。", [("closures", 6)]),
        (
            "查处无证经营34起，超许可生产21家。",
            [("violations_handled", 34), ("violations_handled", 21)],
        ),
        ("事前立案16起、罚款28万元。", [("cases_filed", 16), ("fines_ex_ante", 280_000)]),
        (
            "罚没款96万元，其中事故类案件37万元，收缴罚没款81万元。",
            [("fines", 960_000), ("fines", 370_000), ("fines_paid", 810_000)],
        ),
        ("检查企业8家，实施强制措施12次。", [("enterprises_inspected", 8), ("other", 12)]),
        ("向有关单位移交案件线索3件。", [("other", 3)]),
        ("下达现场处理措施决定书18份。", [("notices_issued", 18)]),
        ("增设警示牌29块。", [("other", 29)]),
        ("全县有煤矿11处，加油站24座。", [("regulated_enterprises", 11), ("regulated_enterprises", 24)]),
        (
            "排查自建房970栋，存在安全隐患31栋，完成整治29栋。",
            [("enterprises_inspected", 970), ("hazards_found", 31), ("hazards_rectified", 29)],
        ),
        (
            "排查重大隐患15项，列入治理计划的重大隐患6项。",
            [("major_hazards_found", 15), ("major_hazards_pending", 6)],
        ),
        ("共检查点位1.3万处。", [("enterprises_inspected", 13_000)]),
        ("受灾人口3.6万，转移群众870人。", [("other", 36_000), ("other", 870)]),
        ("整治保温材料等五个专项行动。", [("operations_conducted", 5)]),
        ("安全形势呈现3个特点。", []),
        ("开展了新一轮隐患大排查。", []),
        ("组织召开暗查隐患整改协调会4次。", [("meetings_held", 4)]),
        (
            "发现安全隐患48处，现场处理7处，协助处理5处。",
            [("hazards_found", 48), ("hazards_rectified_on_site", 7), ("hazards_rectified", 5)],
        ),
        ("出动巡查人员63人次、巡查车辆28台次。", [("inspector_person_times", 63), ("vehicle_times", 28)]),
        ("便民服务中心2家，累计参加人数达140人次。", [("other", 2), ("other", 140)]),
        ("每月深入区县开展一轮督查。", []),
        ("发现并现场整改安全隐患14处。", [("hazards_found", 14), ("hazards_rectified_on_site", 14)]),
        ("今年以来共开展整治39次。", [("operations_conducted", 39)]),
        ("设立宣传站37个，设置6块警示牌，拆除飞线充电9条。", [("other", 37), ("other", 6), ("other", 9)]),
        ("召开培训会8次，参训人员达420余人次。", [("trainings", 8), ("people_trained", 420)]),
        ("对5名项目经理、2名总监进行扣分处理。", [("bad_records", 5), ("bad_records", 2)]),
        ("没收非法烟花爆竹制品83件。", [("fireworks_seized", 83)]),
        ("查实举报26次，检查企业9家。", [("other", 26), ("enterprises_inspected", 9)]),
        ("检查市场3处，撤出商户74户。", [("enterprises_inspected", 3), ("other", 74)]),
        ("发现一般隐患18处，无较大以上隐患。", [("hazards_found", 18), ("major_hazards_found", 0)]),
        ("安装护栏620米，校园周边200米范围无网吧，软管长2米。", [("other", 620)]),
        (
            "下发《暂停施工通知书》13份，《隐患整改通知书》9份。",
            [("suspensions_ordered", 13), ("notices_issued", 9)],
        ),
        ("处罚违章用火38起。", [("penalties_issued", 38)]),
        ("清理楼道乱堆乱放17处、消防通道堵塞5处。", [("hazards_rectified", 17), ("hazards_rectified", 5)]),
        ("立治安案件3起。", [("cases_filed", 3)]),
        ("整治违规住人4处。", [("hazards_rectified", 4)]),
        ("对7名责任人处以2万元罚款。", [("penalties_issued", 7), ("fines", 20000)]),
        ("对8家拒不整改的企业进行处罚。", [("penalties_issued", 8)]),
        ("对13家存在违法行为的企业立案查处。", [("cases_filed", 13)]),
        ("处罚个人18人次。", [("penalties_issued", 18)]),
        ("对5处不能当场整改的隐患进行立案查处。", [("cases_filed", 5)]),
        ("查出三违人员9人次。", [("violations_handled", 9)]),
        ("执法查处非法营运车辆6辆。", [("violations_handled", 6)]),
        ("排查小区8个，建成充电棚3个。", [("enterprises_inspected", 8), ("other", 3)]),
        ("排查隐患路段6处，整改5处。", [("hazards_found", 6), ("hazards_rectified", 5)]),
        ("查处超载9起，暂扣非法改装车辆4台。", [("traffic_violations", 9), ("vehicles_detained", 4)]),
        ("开展演练3场，参加人员90人次。", [("other", 3), ("other", 90)]),
        ("现有工厂9家，已完成风险评估7家。", [("regulated_enterprises", 9), ("other", 7)]),
        ("约谈3个乡镇、2个部门。", [("interviews", 3), ("interviews", 2)]),
        ("查处违章8起，暂扣车辆3台。", [("violations_handled", 8), ("vehicles_detained", 3)]),
        ("排查治理道路隐患9处。", [("hazards_found", 9), ("hazards_rectified", 9)]),
        ("查实举报8件，兑现奖励资金3万元。", [("other", 8), ("other", 30000)]),
        ("奖励举报人7人次，落实治理目标任务6项。", [("other", 7), ("other", 6)]),
        ("发现病害14处，处治9处。", [("hazards_found", 14), ("hazards_rectified", 9)]),
        ("排查问题隐患62条、制定制度措施40条。", [("hazards_found", 62), ("other", 40)]),
        ("办结投诉举报案件19件，送达询问通知书3份。", [("other", 19), ("other", 3)]),
        (
            "发现隐患40项，已整改31项，其余9项已落实管控措施。",
            [("hazards_found", 40), ("hazards_rectified", 31), ("hazards_under_control", 9)],
        ),
        ("开具整改通知单9份，局部暂缓施工指令书2份。", [("notices_issued", 9), ("suspensions_ordered", 2)]),
        ("没收电热棒14根，没收爆竹620挂。", [("confiscations", 14), ("firecrackers_seized", 620)]),
    ],
)
def test_what_was_done_to_the_counted(text: str, expected: Read) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("辖区无责任事故发生。", [("accidents", 0)]),
        ("农机事故为零，死亡人数为零。", [("accidents", 0), ("deaths", 0)]),
        ("力争全年事故为零。", []),
        ("接处火警42起，发生火灾6起。", [("other", 42), ("accidents", 6)]),
        ("全州未发生较重特大事故。", [("larger_accidents", 0)]),
        (
            "发生事故9起，死亡11人（上年14起16人）。",
            [("accidents", 9), ("deaths", 11), ("accidents", 14), ("deaths", 16)],
        ),
        (
            "发生事故9起，死亡11人，分别上升6%和8%；发生较大事故2起，死亡7人，同比少1起、环比持平。",
            [
                ("accidents", 9),
                ("deaths", 11),
                ("accidents", 6),
                ("deaths", 8),
                ("larger_accidents", 2),
                ("larger_accident_deaths", 7),
                ("larger_accidents", -1),
                ("larger_accidents", 0),
            ],
        ),
        (
            "发生事故9起，同比下降10%；死亡2人，同比上升7%；受伤3人，同比持平。",
            [
                ("accidents", 9),
                ("accidents", -10),
                ("deaths", 2),
                ("deaths", 7),
                ("injuries", 3),
                ("injuries", 0),
            ],
        ),
        (
            "发生事故9起、死亡2人，同比减少3起、持平。",
            [("accidents", 9), ("deaths", 2), ("accidents", -3), ("deaths", 0)],
        ),
        (
            "发生事故9起、死亡2人，同比起数减少3起，人数持平。",
            [("accidents", 9), ("deaths", 2), ("accidents", -3), ("deaths", 0)],
        ),
        (
            "发生事故9起，死亡2人，损失6元。三项指标同比分别下降1%、2%和上升3%。",
            [
                ("accidents", 9),
                ("deaths", 2),
                ("economic_loss", 6),
                ("accidents", -1),
                ("deaths", -2),
                ("economic_loss", 3),
            ],
        ),
        (
            "发生事故9起，死亡2人，与去年同期持平。",
            [("accidents", 9), ("deaths", 2), ("accidents", 0), ("deaths", 0)],
        ),
        ("从行业看：货运8起，死亡6人；施工2起。", [("accidents", 8), ("deaths", 6), ("accidents", 2)]),
        (
            "死亡率由2021年的0.07下降到2022年的0.05。",
            [("other", Decimal("0.07")), ("other", Decimal("0.05"))],
        ),
    ],
)
def test_accidents_and_their_changes(text: str, expected: Read) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("检查摊点63家，发现17家存在问题。", [("enterprises_inspected", 63), ("violating_units_found", 17)]),
        ("排查出21家存在事故隐患的企业。", [("violating_units_found", 21)]),
        ("查出消防安全隐患单位8家。", [("violating_units_found", 8)]),
        (
            "存在设备老化问题的企业有6家，不符合规范的企业有8家。",
            [("violating_units_found", 6), ("violating_units_found", 8)],
        ),
        ("对存在重大火灾隐患的7家单位挂牌督办。", [("listed_for_supervision", 7)]),
        ("对全市140个在建项目开展了一次检查。", [("enterprises_inspected", 140)]),
        ("对存在隐患较多的5个项目给予通报批评。", [("units_criticised", 5)]),
        ("对存在问题的8家单位下达整改通知书。", [("notices_issued", 8)]),
    ],
)
def test_firms_with_something_amiss(text: str, expected: Read) -> None:
    assert _read(text) == expected


def test_majors_in_a_bracket_do_not_reach_the_next_sentence() -> None:
    text = "发现隐患93处（其中重大隐患4处）。截至目前，完成整改88处。"
    assert _read(text) == [("hazards_found", 93), ("major_hazards_found", 4), ("hazards_rectified", 88)]


def test_lines_set_with_wide_marks_are_one_text_though_the_copy_has_narrow_ones() -> None:
    lines = [
        "年内,发生各类生产安全事故46起,比上年下降9.5%;死亡",
        "13人,下降4.2%;受伤27人,下降6%;直接经济损失86万元,上",
        "升13.8%,全市安全生产形势总体稳定(各区、各部门),重点",
        "工作进展顺利,各级各部门积极开展创建活动,成效比较明显,",
        "涌现出一批先进典型。",
    ]
    found = [fact.measure for fact in extract("\n".join(lines), name="x", year=2023).facts]
    assert found == ["level", "change_pct"] * 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("检查供气企业、配气设施、食堂、陶瓷企业24处。", [("enterprises_inspected", 24)]),
        ("检查电梯使用单位12个。", [("enterprises_inspected", 12)]),
        ("检查充装站5家，气瓶200个。", [("enterprises_inspected", 5), ("equipment_checked", 200)]),
        ("检查充装站5家，查扣气瓶12个。", [("enterprises_inspected", 5), ("other", 12)]),
        ("检查码头6家、农机合作社12家、林场3个。", [("enterprises_inspected", n) for n in (6, 12, 3)]),
        ("全市6个辖区开展专项行动13次。", [("other", 6), ("operations_conducted", 13)]),
    ],
    ids=[
        "a list of places",
        "places with a machine",
        "machines behind places",
        "taken away",
        "named by a machine",
        "districts",
    ],
)
def test_machines_are_told_from_the_places_that_have_them(text: str, expected: Read) -> None:
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "扣押非法储存的散鞭40盘、礼炮6件。",
            [("firecrackers_seized", 40), ("fireworks_seized", 6)],
        ),
        ("收缴炮仗30挂、烟花20个。", [("firecrackers_seized", 30), ("fireworks_seized", 20)]),
        ("罚没烟花爆竹21件，涉案金额3万元。", [("fireworks_seized", 21), ("other", 30000)]),
    ],
    ids=["held", "confiscated", "fined away"],
)
def test_fireworks_that_are_taken_away_are_seized(text: str, expected: Read) -> None:
    assert _read(text) == expected


def test_a_round_sum_in_words_is_an_amount_of_money() -> None:
    assert _read("立案2起，罚款一万元。") == [("cases_filed", 2), ("fines", 10000)]


@pytest.mark.parametrize("done", ["已经完成整改", "已完成整治销案", "已整改"])
def test_a_clause_that_says_it_is_done_rectifies_all_that_was_found(done: str) -> None:
    assert _read(f"发现隐患6处，{done}。") == [("hazards_found", 6), ("hazards_rectified", 6)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("分赴9个街道开展隐患排查。", [("regions_supervised", 9)]),
        ("检查燃气场站12场次。", [("enterprises_inspected", 12)]),
        ("开展警示教育5次，播放警示教育片7场次。", [("trainings", 5), ("other", 7)]),
        ("办黑板报6期。", [("display_boards", 6)]),
        ("修订完善水库应急预案31个。", [("documents_issued", 31)]),
        ("检查企业9家，下达限期整改令7家。", [("enterprises_inspected", 9), ("notices_issued", 7)]),
        ("启动检查服务站39处，清理违法记录97人次。", [("other", 39), ("other", 97)]),
    ],
    ids=["regions", "sites", "lessons", "boards", "plans", "orders", "posts"],
)
def test_what_is_held_or_looked_into_is_counted_by_its_own_name(text: str, expected: Read) -> None:
    assert _read(text) == expected


def test_a_rate_behind_what_was_done_to_firms_is_of_all_hazards() -> None:
    text = "查出隐患90条，其中重大隐患3条，停产整顿1家，整改率97%。"
    assert _read(text)[-1] == ("rectification_rate", 97)


def test_offices_behind_townships_are_looked_at_too() -> None:
    text = "检查乡镇12个、部门9个，事前处罚5起，兑现奖励资金2万元，播放宣传片8场次。"
    assert [name for name, _ in _read(text)] == [
        "regions_supervised",
        "departments_supervised",
        "penalties_issued",
        "other",
        "other",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("发现隐患231处，其中违规用电46处、占用消防通道38处。", ["hazards_found"] * 3),
        ("培训各类人员960人次，其中安全员320人次。", ["people_trained"] * 2),
        ("整治违规住人28处，整治违规占道行为40次。", ["hazards_rectified", "violations_handled"]),
    ],
    ids=["kinds of hazards", "kinds of people", "places and acts"],
)
def test_a_part_without_a_verb_counts_what_its_whole_does(text: str, expected: list[str]) -> None:
    assert [name for name, _ in _read(text)] == expected


def test_what_is_being_mended_is_not_yet_rectified() -> None:
    text = "检查零部件厂9家，发现隐患97个，其中重大隐患7个，均在督促整改中，提出整改措施12条。"
    assert [name for name, _ in _read(text)] == [
        "enterprises_inspected",
        "hazards_found",
        "major_hazards_found",
        "other",
    ]
