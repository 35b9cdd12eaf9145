"""The field that each figure of a text belongs to, in constructions of the language; texts are made up."""

from __future__ import annotations

import pytest

from analysis.sources.summaries import extract


def _fields(text: str) -> list[tuple[str, str]]:
    """The field and the value of each figure, in the order of the text."""
    return [(fact.sector, f"{fact.value:f}") for fact in extract(text, name="x", year=2023).facts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "煤矿方面,检查矿井3处;消防方面,检查单位12家,临时查封2家。",
            [("coal_mine", "3"), ("fire", "12"), ("fire", "2")],
        ),
        (
            "4.消防安全。检查单位52家,整改火灾隐患31处,其中学校8处、医院6处。",
            [("fire", "52"), ("fire", "31"), ("fire", "8"), ("fire", "6")],
        ),
        (
            "非煤矿山领域,检查企业8家。治理道路交通安全隐患12处。",
            [("non_coal_mine", "8"), ("road_traffic", "12")],
        ),
        (
            "3.危险化学品和烟花爆竹。检查加油站15座;检查烟花爆竹零售店61家。",
            [("hazchem", "15"), ("fireworks", "61")],
        ),
    ],
    ids=["behind a semicolon", "a sentence of its own", "of an earlier sentence", "one of its list"],
)
def test_a_lead_holds_for_what_follows_it(text: str, expected: list[tuple[str, str]]) -> None:
    assert _fields(text) == expected


def test_clauses_that_an_office_opens_are_of_its_field() -> None:
    """What places of several fields share is the office's; where it has none, it is of all fields."""
    text = (
        "县教育局检查学校8所;县交通局检查客运企业5家、渡口3处,发现隐患14条;"
        "县应急局检查危化企业6家、工贸企业9家,立案2起。"
    )
    assert _fields(text) == [
        ("education", "8"),
        ("road_traffic;road_transport", "5"),
        ("water_transport", "3"),
        ("road_transport", "14"),
        ("hazchem", "6"),
        ("industry_trade", "9"),
        ("all", "2"),
    ]
    paragraph = (
        "国网东河供电公司把夜市的欢乐安全记在心上,连日组织党员服务队走进每一条街巷,对摊位的电线和插座进行检查,"
        "给摊主讲解安全用电知识。共排查隐患14项。"
    )
    assert _fields(paragraph) == [("power", "14")]


def test_fire_protection_is_inspected_in_the_places_of_every_trade() -> None:
    text = "县消防大队检查学校12所、宾馆3家,发现隐患20处。"
    assert _fields(text) == [("fire", "12"), ("fire", "3"), ("fire", "20")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("县应急局、县林业和草原局等单位开展排查,检查单位9家。", ["all"]),
        ("全县开展宣传。一是在汽车站、广场等地,设咨询台5个,悬挂横幅9条。", ["all", "all"]),
        (
            "召开会议1次。一是开展餐饮场所液化气瓶整治行动。共出动人员80人次。二是检查工地9个。",
            ["all", "gas", "construction"],
        ),
        ("检查过往车辆70台次。", ["road_traffic"]),
        ("召开会议1次。检查企业和超市7处。", ["all", "all"]),
        ("督查组深入县住建局、东河镇等地,查阅资料,共检查单位8个。", ["all"]),
        ("教育领域。检查学校9所。联合交警检查校车32辆。", ["education", "education"]),
        (
            "召开会议1次。21家客运企业、86家餐饮单位均明确责任人,发现隐患97个。",
            ["all", "road_traffic", "commerce", "all"],
        ),
        (
            "召开会议1次。成功应对强降雨6次,没有发生重特大安全事故。",
            ["all", "natural_disaster", "all"],
        ),
    ],
    ids=[
        "offices in a list",
        "where something is shown",
        "places of a drive",
        "traffic",
        "no field",
        "an office that is visited",
        "police that go along",
        "places of several fields",
        "accidents behind disasters",
    ],
)
def test_who_takes_part_and_where_names_no_field(text: str, expected: list[str]) -> None:
    assert [sector for sector, _ in _fields(text)] == expected


def test_an_office_that_only_takes_part_names_no_field() -> None:
    text = "县应急局联合县消防大队成立11个检查组,检查企业20家。"
    assert _fields(text) == [("all", "11"), ("all", "20")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "共检查单位90家,其中学校28家,发现隐患45处。",
            [("all", "90"), ("education", "28"), ("all", "45")],
        ),
        (
            "督办问题57起(其中燃气安全问题4起,无照经营问题30起)。",
            [("all", "57"), ("gas", "4"), ("all", "30")],
        ),
        (
            "排查隐患90处,其中学校28处、工地45处,整改率97%。",
            [("all", "90"), ("education", "28"), ("construction", "45"), ("all", "97")],
        ),
    ],
    ids=["inspected", "problems", "a rate"],
)
def test_what_follows_a_part_of_one_field_is_of_the_whole(text: str, expected: list[tuple[str, str]]) -> None:
    assert _fields(text) == expected


def test_the_parts_in_a_bracket_are_of_the_field_that_is_split() -> None:
    text = (
        "全县检查企业60家,其中加油站30家(镇区企业9家,乡村企业21家),"
        "冶金企业21家(重点企业8家,其他企业13家),客运站9家,发现隐患40条。"
    )
    fields = ["all", *["hazchem"] * 3, *["industry_trade"] * 3, "road_traffic", "all"]
    assert [sector for sector, _ in _fields(text)] == fields


def test_what_is_told_of_each_part_stays_with_it() -> None:
    text = "立案22起,罚款58万元,其中加油站8起,罚款20万元,工贸企业14起,罚款38万元。"
    fields = ["all", "all", "hazchem", "hazchem", "industry_trade", "industry_trade"]
    assert [sector for sector, _ in _fields(text)] == fields


def test_the_rest_of_a_list_by_fields_is_of_others() -> None:
    text = "发现隐患60处,其中矿山28处、消防20处、其他12处。"
    assert [sector for sector, _ in _fields(text)] == ["all", "mining", "fire", "other"]


def test_places_are_inspected_for_what_a_sentence_focuses_on() -> None:
    text = "召开会议6次。聚焦燃气安全,检查饭店50家,发现隐患16处;紧盯道路交通,治理隐患点9处。"
    assert [sector for sector, _ in _fields(text)] == ["all", "gas", "gas", "road_traffic"]


def test_the_caption_of_a_picture_is_no_heading() -> None:
    text = "东河县开展综合督查\n检查组对水库边的游客进行劝离\n督查组走访了8个镇,发现隐患27个。"
    assert _fields(text) == [("all", "8"), ("all", "27")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "东河县开展非煤矿山安全检查\n查找矿山企业的隐患。共检查矿山14家,发现隐患7条。",
            [("non_coal_mine", "14"), ("non_coal_mine", "7")],
        ),
        (
            "东河县检查矿山安全生产\n共检查矿山企业90家,其中煤矿6家。",
            [("mining", "90"), ("coal_mine", "6")],
        ),
        ("(二)矿山。检查非煤矿山9家,关闭2家。", [("non_coal_mine", "9"), ("mining", "2")]),
        (
            "截至目前,东河县已关闭18座,其中露天矿山15座、尾矿库3座。全县矿山规模小,开展矿山整顿关闭。",
            [("non_coal_mine", "18"), ("non_coal_mine", "15"), ("non_coal_mine", "3")],
        ),
    ],
    ids=["one kind", "every kind", "behind a lead", "no title"],
)
def test_mines_are_of_the_kind_that_the_text_is_about(text: str, expected: list[tuple[str, str]]) -> None:
    assert _fields(text) == expected


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (
            "一、总体情况\n全县煤矿未停产。\n二、煤矿监察\n煤矿监察员下井查矿井。\n共查处隐患23条。",
            "coal_mine",
        ),
        (
            "全面落实出租屋安全巡查。检查出租屋,查看燃气和消防通道,走访出租屋住户。发现隐患72处。",
            "self_built_housing",
        ),
    ],
    ids=["sections on one field", "its own places"],
)
def test_a_text_that_names_one_field_most_is_about_it(text: str, field: str) -> None:
    assert {sector for sector, _ in _fields(text)} == {field}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("县教育局排查隐患9处。", "education"),
        ("市交通局排查隐患9处。", "road_transport"),
        ("市消防救援支队排查隐患9处。", "fire"),
        ("全省消防救援机构排查单位9家。", "fire"),
        ("省森林消防总队排查隐患9处。", "natural_disaster"),
        ("排查石料厂9家。", "non_coal_mine"),
        ("排查制造企业9家。", "industry_trade"),
        ("排查博物馆9家。", "tourism"),
        ("排查屠宰场9家。", "agriculture"),
        ("排查殡仪馆9家。", "civil_affairs"),
        ("陆上石油开采企业排查隐患9处。", "other"),
        ("组织集中学习9次。", "all"),
        ("向办公交流平台报送9条。", "all"),
        ("督促落实境内河道保洁9处。", "all"),
    ],
)
def test_a_word_of_a_field_is_known_and_is_not_seen_across_other_words(text: str, field: str) -> None:
    assert _fields(text) == [(field, "9")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("各类事故(不包含火灾)28起,死亡9人。", ["all", "all"]),
        ("查处非法违法行为271起(以道路交通为主),立案39起。", ["all", "all"]),
        ("下设农业农村、文化旅游、工矿商贸以及社会事业4个工作组。", ["all"]),
        ("召开会议3次。对小化工开展专项整治,打击违法行为;截至7月,全县检查企业115家。", ["all", "all"]),
        ("整顿烟花爆竹,关闭无证经营6家;开展消防安全综合治理,排查隐患29处。", ["fireworks", "fire"]),
        (
            "检查工地6个;检查学校9所;检查矿山4家;加大宣传力度,发送短信50条。",
            ["construction", "education", "mining", "all"],
        ),
        ("  从交通运输等重点行业(领域)进展情况来看,排查隐患46项。", ["road_transport"]),
        (
            "检查非煤矿山8家;检查危化企业6家;检查烟花爆竹经营点9家。",
            ["non_coal_mine", "hazchem", "fireworks"],
        ),
        ("共检查250矿次,查处隐患72条。", ["mining", "mining"]),
        ("较大事故分别是建筑业2起、道路运输3起、其他类4起。", ["construction", "road_traffic", "other"]),
        ("召开会议1次。矿山领域深化尾矿库治理,整治隐患90条,关闭煤矿6处。", ["all", "mining", "coal_mine"]),
        ("召开会议3次。暗访重点企业、路段、部位56个,整改隐患9处。", ["all", "all", "all"]),
        ("对东河液化气站、火车站天桥等24处重大隐患挂牌督办,完成整改18处。", ["all", "all"]),
        (
            "现有群租房6间、工地9家、学校2家,出动62人次。",
            ["self_built_housing", "construction", "education", "all"],
        ),
        ("今年发生强降雨6次,受灾人口700人。", ["natural_disaster", "natural_disaster"]),
    ],
    ids=[
        "left out",
        "mostly",
        "groups",
        "all again",
        "own clause",
        "no field",
        "examples",
        "places of several",
        "mine visits",
        "others",
        "passage",
        "places of no field",
        "examples of hazards",
        "places there are",
        "disaster",
    ],
)
def test_the_field_turns_where_the_text_does(text: str, expected: list[str]) -> None:
    assert [sector for sector, _ in _fields(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "煤矿、消防、工贸行业分别发生事故12起、5起、3起,死亡10人、6人、2人。",
            ["coal_mine", "fire", "industry_trade"] * 2,
        ),
        ("道路运输、建筑业事故偏多,分别占总量的67%、14%。", ["road_traffic", "construction"]),
        ("消防、燃气隐患分别为3条、5条;罚款2万元、4万元。", ["fire", "gas", "all", "all"]),
    ],
    ids=["two rows", "an earlier clause", "one row"],
)
def test_a_row_of_numbers_has_the_fields_of_a_list_in_its_order(text: str, expected: list[str]) -> None:
    assert [sector for sector, _ in _fields("召开会议1次。" + text)] == ["all", *expected]


def test_a_text_is_about_the_field_that_opens_it_before_all_numbers() -> None:
    text = "我局对消防安全进行检查,共检查2个乡镇、3条道路、4处燃气设施。发现隐患3项。"
    assert _fields(text)[-1] == ("fire", "3")


def test_an_aim_behind_a_dateline_opens_a_text_on_its_field() -> None:
    text = (
        "东河新闻讯(记者甲)为切实加强冬春火灾防控工作,预防伤人事故发生。近日,东河社区对工地、学校开展检查。\n"
        "目前,现有小档口20家、学校2家,共出动26人次,发现隐患8处。"
    )
    assert {sector for sector, _ in _fields(text)} == {"fire"}


def test_a_field_listed_behind_safety_at_work_opens_no_text_on_it() -> None:
    text = (
        "我区认真落实安全生产、应急管理及消防安全的各项部署。\n"
        + "全年检查企业46家,立案7起。"
        + "我区持续压实各方责任,层层传导压力。" * 9
        + "近年来未发生较大火灾事故。"
    )
    assert _fields(text)[:2] == [("all", "46"), ("all", "7")]


def test_offices_that_take_part_in_what_is_for_all_make_no_text_of_their_fields() -> None:
    text = "活动现场检查用电,民政、消防、司法等16个单位设咨询台。发放资料800份。"
    assert _fields(text)[-1] == ("all", "800")


def test_an_office_of_transport_for_all_its_work_is_of_transport() -> None:
    assert _fields("全市交通综合行政执法系统出动人员46人次。") == [("road_transport", "46")]
