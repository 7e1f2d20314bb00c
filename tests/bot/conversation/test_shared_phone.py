"""On a phone that others look at nothing is said by itself, and the talk can be hidden."""

from datetime import timedelta

from sqlalchemy import select

from bot import outbox, wording_personal
from bot.contracts import Intent, Urgency
from bot.db.engine import transaction
from bot.outbox import OutboundMessage, SendState
from bot.outbox.sending import claim
from bot.people.tables import Discretion, Resident, Staff
from bot.replies.reach import reach
from bot.tickets import stuck
from bot.tickets.tables import Lane, Ticket
from bot.understanding.crisis import FIRST_WORDS, CrisisKind
from tests.bot.chat import Chat
from tests.conftest import BOTH_STOCKED
from tests.fakes import FakeNlu, SetClock

HURT = "老公又打我了，我想离婚"
SECRET = "明天十点到妇联，带上身份证"
LEASE = timedelta(minutes=1)


def answer(chat: Chat, text: str = SECRET) -> None:
    """A caseworker writes."""
    with transaction(chat.line.engine) as session:
        resident = session.scalars(select(Resident)).one()
        staff = session.scalars(select(Staff)).first()
        outbox.enqueue(
            session, resident_id=resident.id, text=text, now=chat.line.now(), by_machine=False,
            staff_id=staff.id if staff else None,
            ticket_id=session.scalar(select(Ticket.id)),
        )  # fmt: skip


def arrives(chat: Chat) -> list[str]:
    """What appears on the phone now, by itself."""
    texts = []
    with transaction(chat.line.engine) as session:
        while due := claim(session, now=chat.line.now(), lease=LEASE):
            texts.append(due.text)
            row = session.get_one(OutboundMessage, due.outbound_id)
            row.state = SendState.ACCEPTED
            session.flush()
    return texts


def discretion(chat: Chat) -> str:
    with transaction(chat.line.engine) as session:
        return session.scalars(select(Resident.discretion)).one()


@BOTH_STOCKED
def test_news_says_nothing_until_it_is_asked_for(chat: Chat, nlu: FakeNlu) -> None:
    nlu.teach("谢谢你们", Intent.THANKS)
    assert chat.says("共用手机") == wording_personal.SHARED_ON
    answer(chat)
    answer(chat)

    assert arrives(chat) == [wording_personal.NEWS]
    chat.says("谢谢你们")  # whoever writes something else is told nothing
    assert arrives(chat) == []
    assert chat.says("看") == wording_personal.LOOK
    assert SECRET in "".join(arrives(chat))

    answer(chat, "路费我们出")  # the talk goes on for a while
    assert arrives(chat) == ["路费我们出"]
    assert chat.says("看") == wording_personal.LOOK_NONE


@BOTH_STOCKED
def test_after_half_an_hour_it_is_quiet_again_and_a_phone_of_ones_own_is_told_all(
    chat: Chat, clock: SetClock
) -> None:
    chat.says("共用手机")
    chat.says("看")
    clock.move(minutes=31)
    answer(chat)
    assert arrives(chat) == [wording_personal.NEWS]

    assert chat.says("自己的手机") == wording_personal.SHARED_OFF
    assert arrives(chat) == [SECRET]


@BOTH_STOCKED
def test_hidden_nothing_is_sent_or_quoted_until_the_word_comes_again(
    chat: Chat, nlu: FakeNlu, clock: SetClock
) -> None:
    nlu.teach(HURT, Intent.HELP_REQUEST, topic="domestic_violence")
    nlu.teach("她跟你们说了些啥", Intent.TICKET_STATUS)
    chat.says(HURT)

    said = chat.says("藏起来")
    assert said == wording_personal.HIDE
    assert "藏起来" not in said  # who scrolls up does not learn the word from us
    assert len(said.splitlines()) > 20
    assert chat.says("藏起来") == wording_personal.HIDE  # sent twice in a hurry
    answer(chat)

    for probe in ("查进度", "她跟你们说了些啥", "我的信息", "看", "自己的手机"):
        assert chat.says(probe) == wording_personal.HIDDEN
    assert arrives(chat) == []

    clock.move(minutes=5)
    assert chat.says("藏起来") == wording_personal.SHOWN_AGAIN
    assert arrives(chat) == []
    chat.says("看")
    assert arrives(chat) == [SECRET]


@BOTH_STOCKED
def test_danger_is_answered_even_where_the_talk_is_hidden(chat: Chat, nlu: FakeNlu) -> None:
    nlu.teach("他拿刀要杀我", Intent.CRISIS, topic="domestic_violence", urgency=Urgency.CRISIS)
    chat.says("藏起来")

    assert FIRST_WORDS[CrisisKind.VIOLENCE].splitlines()[0] in chat.says("他拿刀要杀我")


@BOTH_STOCKED
def test_who_is_hurt_at_home_is_told_once_that_the_phone_can_keep_quiet(
    chat: Chat, nlu: FakeNlu
) -> None:
    for text in (HURT, "他昨天也打了"):
        nlu.teach(text, Intent.HELP_REQUEST, topic="domestic_violence")

    assert chat.says(HURT).endswith(wording_personal.SHARED_HINT)
    assert wording_personal.SHARED_HINT not in chat.says("他昨天也打了")
    with transaction(chat.line.engine) as session:
        assert session.scalars(select(Ticket.lane)).one() == Lane.VIOLENCE


@BOTH_STOCKED
def test_staff_are_told_and_nobody_is_sent_to_call(chat: Chat, nlu: FakeNlu) -> None:
    nlu.teach("他拿刀要杀我", Intent.CRISIS, topic="domestic_violence", urgency=Urgency.CRISIS)
    chat.says("他拿刀要杀我")
    chat.says("藏起来")
    answer(chat)
    arrives(chat)
    settings = chat.line.tools.settings
    notices = settings.notices.model_copy(update={"template_id": "t"})
    settings = settings.model_copy(update={"notices": notices})

    with transaction(chat.line.engine) as session:
        assert stuck.tell_to_call(session, now=chat.line.now(), settings=settings) == 0
        resident = session.scalars(select(Resident)).one()
        later = chat.line.now() + timedelta(days=3)
        ways = reach(session, resident, settings=settings, now=later)
    assert not ways.may_notify
    assert "藏起来" in ways.why_not
    assert discretion(chat) == Discretion.HIDDEN
