"""A passage of a policy document is named, shown when picked, and never more than offered."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select

from bot import wording
from bot.contracts import Intent
from bot.conversation.tables import AnswerGiven, PassageOffered
from bot.conversation.turn import Tools
from bot.db.engine import reading, transaction
from bot.knowledge import policies
from bot.knowledge.policies import PolicyDraft
from bot.knowledge.search import KnowledgeSearch
from bot.settings import Settings
from bot.tickets.tables import Ticket
from tests.bot.chat import Chat, a_line
from tests.conftest import NOW
from tests.fakes import FakeNlu, SetClock

TITLE = "石桥县冬季取暖补助办法"
TEXT = """第一条 烧煤取暖的特困人员家庭，每户每年补助三百元。
第二条 申请取暖补助的人，十一月三十日以前到村委会登记，带户口簿。
"""
ASKED = "取暖补助要在哪天以前到村委会登记"


@pytest.fixture
def chat(engine: Engine, settings: Settings, nlu: FakeNlu, clock: SetClock) -> Chat:
    """A resident, and a knowledge base without any entry."""
    line = a_line(engine, settings, nlu, clock)
    return Chat(replace(line, tools=Tools(settings=settings, knowledge=KnowledgeSearch())))


@pytest.fixture
def document(chat: Chat, nlu: FakeNlu) -> int:
    nlu.teach(ASKED, Intent.POLICY_QUESTION, topic="assistance")
    draft = PolicyDraft(
        TITLE, TEXT, document_number="石政发〔2026〕3号", effective_on=date(2026, 1, 1)
    )
    with transaction(chat.line.engine) as session:
        found = policies.import_document(session, draft, author_id=None, now=NOW)
        policies.publish(session, found.id, staff_id=None, now=NOW)
        return found.id


def test_a_passage_is_named_beside_a_person(chat: Chat, document: int) -> None:
    head, first, *_, last = chat.says(ASKED).split("\n")

    assert head == wording.PASSAGE_HEAD
    assert first == f"1 看政策原文：《{TITLE}》（石政发〔2026〕3号）第二条，2026年1月1日起施行"
    assert last.endswith(wording.OFFER_NONE)
    with reading(chat.line.engine) as session:
        assert session.scalars(select(Ticket)).all() == []


def test_the_one_that_is_picked_is_shown_with_its_source_and_kept(
    chat: Chat, document: int
) -> None:
    chat.says(ASKED)

    reply = chat.says("1")

    assert f"《{TITLE}》（石政发〔2026〕3号）第二条，2026年1月1日起施行" in reply
    assert "申请取暖补助的人，十一月三十日以前到村委会登记，带户口簿。" in reply
    assert "人工" in reply
    with reading(chat.line.engine) as session:
        first, *others = session.scalars(select(PassageOffered).order_by(PassageOffered.id))
        assert first.clause["article"] == "第二条"
        assert first.shown_at is not None
        assert 0.5 <= first.confidence <= 1
        assert [one.shown_at for one in others] == [None] * len(others)
        assert session.scalars(select(AnswerGiven)).all() == []


def test_after_one_passage_the_other_choices_still_stand(chat: Chat, document: int) -> None:
    offered = chat.says(ASKED).split("\n")[1:]
    chat.says("1")

    assert "给您找社工" in chat.says(str(len(offered)))

    with reading(chat.line.engine) as session:
        assert session.scalars(select(Ticket.summary)).one() == ASKED


def test_a_number_beyond_the_choices_is_asked_again(chat: Chat, document: int) -> None:
    offered = chat.says(ASKED).split("\n")[1:]

    assert chat.says("9") == wording.OFFER_WHICH.format(first=1, last=len(offered))


def test_what_was_withdrawn_meanwhile_goes_to_a_person(chat: Chat, document: int) -> None:
    chat.says(ASKED)
    with transaction(chat.line.engine) as session:
        policies.withdraw(session, document, staff_id=None, now=NOW)

    reply = chat.says("1")

    assert "已经转给社工" in reply
    assert "三百" not in reply
