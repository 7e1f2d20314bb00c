"""What tells something sensitive, by topic and words."""

import pytest

from bot.people.sensitive import category_of


@pytest.mark.parametrize(
    ("topic", "text", "kind"),
    [
        ("health", "医保断了三个月要咋补缴", ""),
        ("health", "医院收了我两回检查费，去退说系统里退不了", ""),
        ("health", "医保报不报尿毒症的透析", "health"),
        ("health", "住院的单子报销不了", "health"),
        ("health", "", "health"),
        ("work_injury", "工伤保险的报销单子", "health"),
        ("mental_health", "心理科挂号", "health"),
        ("disability", "残疾证怎么办", "health"),
        ("assistance", "后墙歪了，雨再泡两天怕要倒，喊个人来看", ""),
        ("assistance", "低保户的土墙裂了", "money"),
        ("assistance", "我在火车站没钱了", "money"),
        ("debt", "亲戚借了不还", "money"),
        ("debt", "表哥借我三万，朋友圈天天晒钓鱼", ""),
        ("debt", "借我钱的拉黑我了，我自己还欠着信用社四万", "money"),
        ("debt", "网贷的把我通讯录群发一遍，拉黑都没用", "money"),
        ("debt", "借了他家三万，我还不起了", "money"),
        ("assistance", "村长亲戚开宝马吃低保", ""),
        ("assistance", "小组长把我的低保取消了", "money"),
        ("assistance", "队长他舅子开小车吃低保，我家三个病人一个没吃着", "money"),
        ("assistance", "救灾的大米村干部拉走了十几包", ""),
        ("assistance", "昨天房子烧了半边，没地方住", ""),
        ("assistance", "米缸空两天了，三个娃", "money"),
        ("ethnic_religious", "清真食堂", "faith"),
        ("wages", "老板不给工资，我住院了", ""),
    ],
)
def test_a_kind_is_told_unless_the_matter_is_plain(topic: str, text: str, kind: str) -> None:
    assert category_of(topic, text) == kind
