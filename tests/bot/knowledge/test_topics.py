"""The topics file as the rest of the service sees it."""

from bot.knowledge.topics import load_topics


def test_a_topic_has_a_name_and_a_service() -> None:
    topics = load_topics()

    assert topics.name("wages") == "欠薪与工资工时"
    assert topics.service("wages") == "法律援助"
    assert topics.service("none") == ""


def test_an_unknown_topic_is_shown_as_it_is() -> None:
    assert load_topics().name("moon") == "moon"
    assert load_topics().service("moon") == ""


def test_a_subject_leads_to_its_topic() -> None:
    assert load_topics().of_subject("工伤") == "work_injury"
    assert load_topics().of_subject("月亮") == "none"


def test_every_service_of_a_topic_is_one_of_the_seven() -> None:
    topics = load_topics()

    assert len(topics.services) == 7
    assert {topics.service(key) for key in topics.keys} <= {*topics.services, ""}
