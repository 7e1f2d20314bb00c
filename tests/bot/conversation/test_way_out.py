"""Whoever may be in danger, and is taken for nobody in danger, learns how to be heard."""

import re

from bot import wording
from bot.contracts import Intent
from bot.understanding.danger import WHISPERED_FROM
from tests.bot.chat import Chat
from tests.fakes import FakeNlu, SetClock

UNSURE = {"crisis_odds": WHISPERED_FROM + 0.01, "topic": "family"}
WORD = re.findall("“(.+?)”", wording.WAY_OUT)[0]


def test_the_answer_ends_with_the_way_to_a_person(chat: Chat, nlu: FakeNlu) -> None:
    said = nlu.teach("你们的随访也划掉我吧 我把闹钟全部关了", Intent.DISPUTE, **UNSURE)

    reply = chat.says(said)

    assert reply.endswith(wording.WAY_OUT)
    assert len(reply) > len(wording.WAY_OUT) + 20


def test_it_is_said_once_a_day(chat: Chat, nlu: FakeNlu, clock: SetClock) -> None:
    one = nlu.teach("走都走了 毕业证还压着不还给我们", Intent.DISPUTE, **UNSURE)
    other = nlu.teach("再等下去骨头都等成灰了 欠我们二十个人", Intent.DISPUTE, **UNSURE)
    chat.says(one)

    assert wording.WAY_OUT not in chat.says(other)

    clock.move(days=1, minutes=1)
    assert wording.WAY_OUT in chat.says(one)


def test_who_sees_no_sense_in_living_reads_it_whatever_the_odds(chat: Chat, nlu: FakeNlu) -> None:
    quarrel = "隔壁修围墙占了我家半米路 天天吵 我活着都没意思了"
    nlu.teach(quarrel, Intent.DISPUTE, crisis_odds=0.001, topic="neighbours")

    assert chat.says(quarrel).endswith(wording.WAY_OUT)


def test_nobody_else_reads_it(chat: Chat, nlu: FakeNlu) -> None:
    calm = nlu.teach("隔壁修围墙占了我家半米路", Intent.DISPUTE, crisis_odds=0.001, topic="land")

    assert wording.WAY_OUT not in chat.says(calm)


def test_who_is_in_danger_reads_what_to_do_instead(chat: Chat, nlu: FakeNlu) -> None:
    cry = nlu.teach("他把我锁在屋头三天了", Intent.CRISIS, crisis_odds=0.9)

    assert wording.WAY_OUT not in chat.says(cry)


def test_its_word_brings_a_person_without_the_nlu(chat: Chat, nlu: FakeNlu) -> None:
    nlu.down = True

    assert "值班社工已经收到" in chat.says(WORD)
