"""Danger is found without the NLU, and what only sounds like danger is let pass."""

import pytest

from bot.understanding.crisis import FIRST_WORDS, CrisisKind, crisis_rules, find_crisis, kind_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我不想活了", CrisisKind.SELF_HARM),
        ("我不想活咯", CrisisKind.SELF_HARM),
        ("我 不 想 活 了", CrisisKind.SELF_HARM),
        ("不想活了，活著太累", CrisisKind.SELF_HARM),
        ("想自sha", CrisisKind.SELF_HARM),
        ("他又打我了 提着刀守在门口", CrisisKind.VIOLENCE),
        ("老公著打我 滿臉是血", CrisisKind.VIOLENCE),
        ("继父摸我，我今年12岁", CrisisKind.CHILD_ABUSE),
        ("工头昨晚把我强奸了", CrisisKind.SEXUAL),
        ("娃娃不见了，找了一下午", CrisisKind.MISSING),
        ("老板把我们锁在厂里不给走，手机收了", CrisisKind.CONFINED),
        ("拿不到工钱我就从塔吊上跳下去", CrisisKind.THREAT),
        ("我爹昏死过去了喊不应", CrisisKind.MEDICAL),
    ],
)
def test_a_danger_is_named_by_its_kind(text: str, kind: CrisisKind) -> None:
    sign = find_crisis(text)

    assert sign is not None
    assert sign.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "我要被热死了",
        "商家搞自杀式降价，买完就涨",
        "昨天看的电影里那个人跳楼了，好惨",
        "去年我脚摔断过，早就好了，想问还能不能报工伤",
        "家暴怎么取证",
        "这活累死个人，一天才八十",
        "我家猪死了三头，保险赔不赔",
        "想死你了，好久没来",
        "打药一天多少工钱",
        "手机死机了登不上去",
        "我哥涉嫌杀人要开庭了，想找法律援助",
        "前年有阵子不想活，现在好多了，想约心理老师聊聊",
    ],
)
def test_what_only_sounds_like_danger_is_let_pass(text: str) -> None:
    assert find_crisis(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我想死", CrisisKind.SELF_HARM),
        ("想跳楼", CrisisKind.SELF_HARM),
        ("他打我", CrisisKind.VIOLENCE),
        ("求求你们快来，他拿刀了", CrisisKind.VIOLENCE),
        ("他强奸我", CrisisKind.SEXUAL),
        ("娃不见了咋办", CrisisKind.MISSING),
        ("我被卖到缅甸了", CrisisKind.CONFINED),
        ("着火了", CrisisKind.MEDICAL),
        ("我妈昏倒了", CrisisKind.MEDICAL),
        ("救命啊！！", CrisisKind.OTHER),
    ],
)
def test_a_cry_of_a_few_words_needs_no_model(text: str, kind: CrisisKind) -> None:
    sign = find_crisis(text)

    assert sign is not None
    assert sign.kind is kind
    assert sign.firm


@pytest.mark.parametrize(
    "text",
    ["我在昭通市", "在家", "想死你了", "手机不见了", "老师打我电话", "热死了", "打针", "不用了"],
)
def test_a_few_harmless_words_are_no_cry(text: str) -> None:
    assert find_crisis(text) is None


def test_every_kind_has_its_first_words() -> None:
    assert set(FIRST_WORDS) == set(CrisisKind)


def test_every_rule_leads_to_a_kind() -> None:
    rules = crisis_rules().rules

    assert {CrisisKind(rule.kind) for rule in rules} == set(CrisisKind)
    assert all(rule.gives_way for rule in rules if rule.kind == CrisisKind.OTHER)


@pytest.mark.parametrize(
    ("text", "topic", "kind"),
    [
        ("他们不让走", "none", CrisisKind.CONFINED),
        ("他们不让走", "health", CrisisKind.CONFINED),
        ("女儿电话打不通，我怕", "mental_health", CrisisKind.SELF_HARM),
        ("筷子都拿反了", "health", CrisisKind.MEDICAL),
        ("我怕", "none", CrisisKind.VIOLENCE),
        ("我怕", "children", CrisisKind.CHILD_ABUSE),
        ("天哪", "none", CrisisKind.OTHER),
    ],
)
def test_the_kind_of_an_unnamed_danger_is_guessed_from_plain_words_then_topic(
    text: str, topic: str, kind: CrisisKind
) -> None:
    assert kind_of(text, sign=None, topic=topic) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我家娃娃9岁 天天被他爸打 身上都是青的 救救娃", CrisisKind.CHILD_ABUSE),
        ("他掐着娃脖子", CrisisKind.CHILD_ABUSE),
        ("救命 我妈喝农药了", CrisisKind.SELF_HARM),
        ("他们把我关在砖厂 不给走 救命", CrisisKind.CONFINED),
        ("救命", CrisisKind.OTHER),
    ],
)
def test_a_cry_alarms_and_leaves_the_kind_to_who_knows_better(text: str, kind: CrisisKind) -> None:
    sign = find_crisis(text)

    assert sign is not None
    assert sign.firm
    assert sign.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "我要买点感冒药",
        "去买降压药要带医保卡吗",
        "降压药一次吃几颗",
        "药都吃完了怎么配",
        "敌敌畏一瓶多少钱",
        "吃低保的老人84岁了要年审吗",
        "摩托车吃机油怎么修",
        "高血压要喝药吗",
        "六个月的娃晚上一直哭怎么办",
        "奶奶带娃没人帮忙",
        "孩子把书包忘在车上了",
        "带着娃去找老板，老板不在",
        "老公带着儿子走了电话关机",
        "刚生完娃出生证丢了怎么补",
        "带娃沉迷手机怎么管",
        "担心我会做不好这份工",
        "一家人都走了就剩我一个老人",
        "隔壁的电线挂在我家房子上",
        "隔壁空调外机挂在我家窗户外面吵",
        "绳子拴在树上晾衣服他家说是他的树",
        "房间里划成两间出租可以吗",
        "手上划了个口子厂里不管",
        "走铁路托运货物怎么收费",
        "家长站在学校围栏外面等",
        "工地门口卖煤气罐的不给票",
        "老板催我们拼命赶工不给加班费",
        "老板喊我上房顶补漏不给工钱",
        "开煤气要办什么手续",
        "楼上天天摔东西吵得睡不着",
        "我弟弟上吊走了三年了房子怎么分",
        "娃交给他奶奶带了我出去打工",
        "救命啊这个表格怎么填",
        "吃了头孢几天能喝酒",
        "最后谢谢你们的耐心",
        "我爸不在了他欠的债要我们还吗",
        "放羊少了三只后来羊自己回来了",
        "再不解决我就找记者，等着上新闻",
        "敌敌畏哪里买，打两亩菜一瓶够不够",
        "媳妇十七岁怀孕了能不能先领证",
        "我家花三万娶的越南媳妇跑了",
        "学校让家长签防溺水通知书",
    ],
)
def test_everyday_words_never_make_a_firm_sign(text: str) -> None:
    sign = find_crisis(text)

    assert sign is None or not sign.firm


@pytest.mark.parametrize(
    "text",
    [
        "讨不着钱就从烂尾楼上跳，跳一个算一个",
        "安眠药我攒了两个月，够了",
        "他在旁边盯着我打字，你就当我在点外卖，快来",
        "校门口说娃被个不认识的人接走了，我们家没有这个人",
        "两个人下化粪池，没声音了，臭得很，上面的人不敢下去",
        "这几年辛苦你们了，以后不用再来看我",
        "表弟被骗到妙瓦底，对方喊打二十万去赎",
        "我十四岁，肚子大了，不敢讲是姨爹",
        "网上的男的要我拍洗澡给他看，不拍就告诉全班",
        "见手青没炒熟，娃抽起来了",
        "外公早上去放羊，羊自己回来了",
        "婆婆讲肚子像撕开一样，汗水把衣服打湿完",
        "要是我没了，网贷会不会去催我妈",
    ],
)
def test_a_cry_for_help_in_other_words_is_found(text: str) -> None:
    assert find_crisis(text) is not None
