"""Answers by the rules of the place where a resident lives, through the whole line."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from bot import wording
from bot.contracts import Action, Intent
from bot.conversation.tables import AnswerGiven
from bot.conversation.turn import Tools
from bot.db.engine import reading, transaction
from bot.knowledge.drafts import Draft
from bot.knowledge.search import KnowledgeSearch
from bot.knowledge.tables import EntryVersion
from bot.people.tables import Resident
from bot.settings import Settings
from bot.tickets.tables import Ticket
from tests.bot.chat import Chat, a_line
from tests.bot.knowledge.builders import a_draft, an_entry
from tests.fakes import FakeNlu, SetClock

PENSION = "八十岁老人的高龄补贴一个月多少"
LAKE = "滇池捡垃圾的志愿者给不给误工费"
GENERAL = "国家没有统一的标准"


def pension(scope: str, answer: str, of: str = "") -> Draft:
    return a_draft(
        PENSION,
        answer=answer,
        scope=scope,
        variant_of=of,
        topic="elderly",
        subject="高龄",
        variants=(),
    )


@pytest.fixture
def chat(engine: Engine, settings: Settings, nlu: FakeNlu, clock: SetClock) -> Chat:
    """A resident of nobody knows where, and a small knowledge base with local versions."""
    with transaction(engine) as session:
        an_entry(session)
        root = an_entry(session, pension("national", f"{GENERAL}，由各地定。要带身份证。"))
        an_entry(session, pension("530100", "每月100元。去社区办。", root))
        an_entry(session, pension("530111", "每月120元。去社区办。", root))
        an_entry(session, a_draft(LAKE, answer="每天给50元。", variants=(), scope="530100"))
    line = a_line(engine, settings, nlu, clock)
    return Chat(replace(line, tools=Tools(settings=settings, knowledge=KnowledgeSearch())))


def area_of(chat: Chat) -> str:
    with reading(chat.line.engine) as session:
        return session.scalars(select(Resident.area_code)).one()


def test_where_the_rules_differ_the_place_is_asked_for_and_then_answers(chat: Chat) -> None:
    assert chat.says(PENSION) == wording.AREA_ASK

    reply = chat.says("官渡")

    assert "每月120元" in reply
    assert "这是昆明市官渡区的规定。" in reply
    assert area_of(chat) == "530111"
    with reading(chat.line.engine) as session:
        scope = select(EntryVersion.scope).join(
            AnswerGiven, AnswerGiven.version_id == EntryVersion.id
        )
        assert session.scalars(scope).all() == ["530111"]


def test_where_all_rules_are_the_same_nobody_is_asked(chat: Chat) -> None:
    reply = chat.says("老板拖欠工资怎么办")

    assert "12333" in reply
    assert "规定" not in reply


@pytest.mark.parametrize(
    ("home", "answer", "line"),
    [
        ("我在官渡", "每月120元", "这是昆明市官渡区的规定。"),
        ("我住西山区", "每月100元", "这是昆明市的规定。"),
        ("我搬到曲靖了", GENERAL, "这是全国的规定，各地可能不同。"),
        ("搬到罗平县了", GENERAL, "这是全国的规定，各地可能不同。"),
    ],
)
def test_the_most_local_rule_of_a_known_home_answers(
    chat: Chat, home: str, answer: str, line: str
) -> None:
    assert chat.says(home).startswith("好，记下了：您在")

    reply = chat.says(PENSION)

    assert answer in reply
    assert line in reply


def test_the_home_is_taken_from_the_question_itself(chat: Chat) -> None:
    assert "每月120元" in chat.says(f"我在官渡，{PENSION}")
    assert area_of(chat) == "530111"


def test_a_place_asked_about_answers_without_being_taken_for_home(chat: Chat) -> None:
    assert "每月120元" in chat.says(f"官渡{PENSION}")
    assert area_of(chat) == ""


def test_where_somebody_comes_from_is_not_where_they_live(chat: Chat) -> None:
    assert chat.says(f"我是官渡人，{PENSION}") == wording.AREA_ASK


def test_the_code_that_brought_somebody_tells_their_place(chat: Chat) -> None:
    chat.sends("event.subscribe", details={"EventKey": "qrscene_shequ-530111-3"})

    assert "每月120元" in chat.says(PENSION)


def test_a_code_does_not_move_whoever_has_said_where_they_live(chat: Chat) -> None:
    chat.says("我住曲靖")
    chat.sends("event.scan", details={"EventKey": "shequ-530111-3"})

    assert area_of(chat) == "530300"


def test_whoever_will_not_tell_gets_the_general_rule_said_to_be_general(chat: Chat) -> None:
    chat.says(PENSION)

    reply = chat.says("1")

    assert GENERAL in reply
    assert "这是全国的规定，各地可能不同。" in reply


def test_the_place_is_asked_for_once(chat: Chat) -> None:
    chat.says(PENSION)
    chat.says("1")

    assert GENERAL in chat.says(PENSION)


def test_a_word_that_is_no_place_is_asked_about_once_more(chat: Chat) -> None:
    chat.says(PENSION)

    assert chat.says("大龙潭") == wording.AREA_ASK_AGAIN
    assert "每月120元" in chat.says("官渡区")


def test_another_question_instead_of_a_place_is_answered(chat: Chat) -> None:
    chat.says(PENSION)

    assert "12333" in chat.says("老板拖欠工资怎么办")


def test_a_command_instead_of_a_place_is_a_command(chat: Chat) -> None:
    chat.says(PENSION)

    assert "给您找社工" in chat.says("人工")


def test_a_prefecture_with_a_rule_in_one_county_is_asked_which(chat: Chat) -> None:
    chat.says("我在昆明")

    assert chat.says(PENSION) == wording.AREA_ASK
    assert "每月100元" in chat.says("五华区")


def test_what_holds_elsewhere_only_is_never_answered(chat: Chat) -> None:
    chat.says("我住曲靖")

    reply = chat.says(LAKE)

    assert "50元" not in reply
    assert chat.last().action != Action.ANSWER


def test_what_holds_in_one_place_only_is_answered_there(chat: Chat) -> None:
    assert chat.says(LAKE) == wording.AREA_ASK

    assert "每天给50元" in chat.says("我在五华")


def test_what_holds_in_one_place_only_is_not_answered_to_people_unknown(chat: Chat) -> None:
    chat.says(LAKE)

    reply = chat.says("1")

    assert "不敢乱说" in reply
    with reading(chat.line.engine) as session:
        assert session.scalars(select(Ticket.summary)).all() == [LAKE]


def test_the_home_can_be_changed(chat: Chat) -> None:
    chat.says("我住曲靖")

    assert chat.says("改地区") == wording.AREA_CHANGE
    assert "昆明市官渡区" in chat.says("官渡")
    assert "每月120元" in chat.says(PENSION)


def test_a_follow_up_keeps_to_the_version_that_was_given(chat: Chat) -> None:
    chat.says(f"官渡{PENSION}")

    reply = chat.says("在哪点办")

    assert "去社区办" in reply
    assert "这是昆明市官渡区的规定。" in reply


def test_where_somebody_lives_is_part_of_a_live_matter(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach("帮我找老板要钱", Intent.HELP_REQUEST))

    assert "加到编号" in chat.says(nlu.teach("我在官渡", Intent.OUT_OF_SCOPE))
    assert area_of(chat) == "530111"


def test_another_place_after_an_answer_gets_its_own_version(chat: Chat) -> None:
    chat.says("我住曲靖")
    assert GENERAL in chat.says(PENSION)

    assert "每月100元" in chat.says("那昆明的呢")
    assert "每月120元" in chat.says("官渡区的")
    assert GENERAL in chat.says("罗平的呢")
    assert GENERAL in chat.says("那曲靖的呢")
    assert area_of(chat) == "530300"


def test_a_place_alone_is_not_refused(chat: Chat, nlu: FakeNlu) -> None:
    reply = chat.says(nlu.teach("我是大理州祥云县的", Intent.OUT_OF_SCOPE))

    assert reply == wording.PLACE_HEARD.format(place="大理白族自治州祥云县")
    assert area_of(chat) == ""
    assert "记下了" in chat.says("我住大理白族自治州祥云县")


def test_another_provinces_rule_is_not_told_from_ones_own(chat: Chat) -> None:
    chat.says("我住官渡")

    reply = chat.says(f"四川{PENSION}")

    assert "每月120元" not in reply
    assert GENERAL in reply
    assert "这是全国的规定，各地可能不同。" in reply
