"""Consents are asked once, in one line, where a matter needs them; answered and taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import wording_personal
from bot.contracts import Intent, Urgency
from bot.conversation.tables import Conversation, Speaker
from bot.db.engine import transaction
from bot.errors import InvalidInputError
from bot.people import consent
from bot.people.consent import Object
from bot.people.sensitive import load_rules
from bot.people.tables import Staff
from bot.privacy.tables import Consent, ConsentKind, ConsentQuestion
from bot.tickets import agreeing, sharing
from bot.tickets.acting import Act
from bot.tickets.tables import Ticket, TicketEvent
from tests.bot.chat import Chat
from tests.conftest import NOW
from tests.fakes import FakeNlu

ILL = "我爸住院，钱不够"
ASKED = wording_personal.SENSITIVE_ASK.format(says="身体和病情")


def rows(chat: Chat) -> list[tuple[str, str, bool, str]]:
    with transaction(chat.line.engine) as session:
        found = session.scalars(select(Consent).order_by(Consent.id)).all()
        return [(it.kind, it.about, it.given, it.version) for it in found]


def lives(session: Session, kind: ConsentKind, about: str = "") -> bool:
    resident_id = session.scalars(select(Ticket.resident_id)).first() or 0
    return consent.lives(session, resident_id, Object(kind, about))


def test_a_matter_of_illness_asks_once_and_the_answer_is_kept(chat: Chat, nlu: FakeNlu) -> None:
    for text in (ILL, "还欠着医院的"):
        nlu.teach(text, Intent.HELP_REQUEST, topic="health")

    assert chat.says(ILL).endswith(ASKED)
    assert "同意" not in chat.says("还欠着医院的")
    assert chat.says("同意。") == wording_personal.SENSITIVE_YES

    assert rows(chat) == [("sensitive", "health", True, load_rules().version)]
    with transaction(chat.line.engine) as session:
        assert lives(session, ConsentKind.SENSITIVE, "health")
        question = session.scalars(select(ConsentQuestion)).one()
        assert (question.given, question.ticket_id) == (True, session.scalar(select(Ticket.id)))
        events = session.scalars(select(TicketEvent.kind)).all()
        assert "consent" in events
    # Nothing is asked any more, so the word is about the notice again.
    assert chat.says("不同意") == wording_personal.CONSENT_NO


@pytest.mark.parametrize(
    "text",
    [
        "医保交钱那个小程序老是说信息不符，帮交一下嘛",
        "异地就医备案我整不来，来个人教我下",
        "娃娃预防针本子丢了，请帮补一本",
    ],
)
def test_a_form_is_filled_in_without_asking_until_an_illness_is_told(
    chat: Chat, nlu: FakeNlu, text: str
) -> None:
    for said in (text, ILL):
        nlu.teach(said, Intent.HELP_REQUEST, topic="health")

    assert "同意" not in chat.says(text)
    with transaction(chat.line.engine) as session:
        ticket = session.scalars(select(Ticket)).one()
        assert sharing.sensitive_of(session, ticket) == ""
        sharing.refuse_unconsented(session, ticket)

    assert chat.says(ILL).endswith(ASKED)
    with transaction(chat.line.engine) as session:
        ticket = session.scalars(select(Ticket)).one()
        assert sharing.sensitive_of(session, ticket) == "health"
        with pytest.raises(InvalidInputError):
            sharing.refuse_unconsented(session, ticket)


def test_a_no_is_kept_and_a_yes_is_taken_back(chat: Chat, nlu: FakeNlu) -> None:
    nlu.teach(ILL, Intent.HELP_REQUEST, topic="health")
    chat.says(ILL)
    assert chat.says("不同意") == wording_personal.SENSITIVE_NO
    assert chat.says("撤回同意") == wording_personal.CONSENT_BACK_NONE
    with transaction(chat.line.engine) as session:
        ticket = session.scalars(select(Ticket)).one()
        act = Act(session.scalars(select(Staff)).one(), 10**9, chat.line.now())
        it = Object(ConsentKind.SENSITIVE, "health")
        agreeing.ask(session, ticket.number, by=act, it=it)  # the caseworker explains, and asks

    assert chat.says("同意") == wording_personal.SENSITIVE_YES
    assert "记下私密的事" in chat.says("撤回同意")

    assert [given for _, _, given, _ in rows(chat)] == [False, True, False]
    with transaction(chat.line.engine) as session:
        assert not lives(session, ConsentKind.SENSITIVE, "health")


def test_danger_waits_for_no_signature(chat: Chat, nlu: FakeNlu) -> None:
    nlu.teach("我爸要死了快来人", Intent.CRISIS, topic="health", urgency=Urgency.CRISIS)

    said = chat.says("我爸要死了快来人")

    assert "同意" not in said
    with transaction(chat.line.engine) as session:
        ticket = session.scalars(select(Ticket)).one()
        sharing.refuse_unconsented(session, ticket)  # nothing is refused
        assert session.scalars(select(ConsentQuestion)).one().given is None


@pytest.mark.parametrize(
    ("text", "age", "asked"),
    [
        ("我今年12岁，学校有人欺负我", 12, wording_personal.GUARDIAN_ASK_CHILD),
        ("我娃8岁，学校不让报名", 8, wording_personal.GUARDIAN_ASK),
        ("我今年15岁，学校有人欺负我", 15, ""),
    ],
)
def test_for_a_child_under_fourteen_a_guardian_is_asked_for(
    chat: Chat, nlu: FakeNlu, text: str, age: int, asked: str
) -> None:
    nlu.teach(text, Intent.HELP_REQUEST, topic="education", entities={"age": age})

    said = chat.says(text)

    assert said.endswith(asked) if asked else "家长" not in said
    with transaction(chat.line.engine) as session:
        found = select(Ticket.id).where(sharing.without_guardian())
        assert len(session.scalars(found).all()) == bool(asked)
    if asked:
        assert chat.says("家长同意") == wording_personal.GUARDIAN_YES
        with transaction(chat.line.engine) as session:
            assert session.scalars(select(Ticket.id).where(sharing.without_guardian())).all() == []
            assert lives(session, ConsentKind.GUARDIAN)


def test_while_a_person_speaks_the_machine_only_writes_it_down(chat: Chat, nlu: FakeNlu) -> None:
    nlu.teach("老板跑了没给工钱", Intent.HELP_REQUEST, topic="wages")
    chat.says("老板跑了没给工钱")
    with transaction(chat.line.engine) as session:
        session.scalars(select(Conversation)).one().speaker = Speaker.PERSON
        ticket = session.scalars(select(Ticket)).one()
        act = Act(session.get_one(Staff, ticket.assignee_id), 10**9, NOW + timedelta(minutes=1))
        it = Object(ConsentKind.SHARING, to="劳动监察大队", what="工地名字")
        agreeing.ask(session, ticket.number, by=act, it=it)

    assert chat.says("同意") == ""

    with transaction(chat.line.engine) as session:
        ticket = session.scalars(select(Ticket)).one()
        assert sharing.may_share(session, ticket, sharing.to_partner(ticket, "劳动监察大队"))
        assert not sharing.may_share(session, ticket, sharing.to_partner(ticket, "派出所"))
        assert "consent" in session.scalars(select(TicketEvent.kind)).all()
