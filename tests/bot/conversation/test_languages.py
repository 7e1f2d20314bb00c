"""What the machine cannot read goes to somebody who can, through the whole line."""

import pytest
from sqlalchemy import select

from bot.contracts import Action, Intent, Urgency
from bot.db.engine import reading, transaction
from bot.people.tables import Staff
from bot.tickets.tables import Ticket
from tests.bot.chat import Chat
from tests.builders import a_caseworker
from tests.fakes import FakeNlu


def ticket_of(chat: Chat) -> tuple[Ticket, str]:
    with reading(chat.line.engine) as session:
        ticket = session.scalars(select(Ticket)).one()
        return ticket, session.get_one(Staff, ticket.assignee_id).name


@pytest.mark.parametrize(
    ("text", "script", "language"),
    [
        ("ꆈꌠꉙ ꀊꂿ", "彝文", "彝语"),
        ("ꓡꓲ-ꓢꓴ ꓥꓪꓱ", "老傈僳文", "傈僳语"),
        ("ᥖᥭᥰ ᥖᥬᥳ", "德宏傣文", "傣语"),
        ("ᦺᦑ ᦶᦵᦙ", "西双版纳傣文", "傣语"),
        ("བོད་སྐད་", "藏文", "藏语"),
        ("𖼀𖼁𖼂", "老苗文", "苗语"),
        ("မြန်မာစကား", "缅文", "缅甸语"),
        ("ngaf bix nuv ma", "拉丁字母", "苗语"),
        ("My salary was not paid for three months", "英文", "英语"),
    ],
)
def test_a_foreign_letter_finds_its_reader(
    chat: Chat, text: str, script: str, language: str
) -> None:
    with transaction(chat.line.engine) as session:
        a_caseworker(session, name="读得懂", languages=["汉语", language])

    reply = chat.says(text)

    ticket, name = ticket_of(chat)
    assert name == "读得懂"
    assert ticket.facts["script"] == script
    assert (ticket.topic, ticket.service) == ("none", "")
    assert "机器人只懂汉语普通话" in reply
    assert ticket.number in reply
    assert chat.last().action == Action.HANDOFF


def test_a_guess_about_unread_letters_does_not_route_them(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach("ꆈꌠꉙ ꀊꂿ", Intent.DISPUTE, topic="wages"))

    assert ticket_of(chat)[0].topic == "none"


def test_english_is_answered_in_english_too(chat: Chat) -> None:
    reply = chat.says("Where can I get a residence permit for my daughter")

    assert "已经转给社工" in reply
    assert "a caseworker will read it" in reply
    assert reply.count(ticket_of(chat)[0].number) == 2


def test_other_scripts_get_no_line_that_nobody_checked(chat: Chat) -> None:
    assert "caseworker" not in chat.says("ꆈꌠꉙ ꀊꂿ")


@pytest.mark.parametrize(
    "text", ["help, he will kill me", "suicide", "My daughter is missing", "HE HAS A KNIFE"]
)
def test_danger_in_english_is_a_crisis_answered_in_both_languages(chat: Chat, text: str) -> None:
    with transaction(chat.line.engine) as session:
        a_caseworker(session, name="读得懂", languages=["汉语", "英语"])

    reply = chat.says(text)

    ticket, name = ticket_of(chat)
    assert chat.last().action == Action.CRISIS
    assert ticket.urgency == Urgency.CRISIS
    assert "110" in reply
    if " " in text:
        assert "call 110 (police)" in reply
        assert name == "读得懂"


def test_chinese_with_foreign_words_in_it_goes_its_normal_way(chat: Chat) -> None:
    assert "12333" in chat.says("老板拖欠工资咋个办 ꆈꌠꉙꀊꂿꆈꌠꉙꀊꂿꆈꌠꉙ")
