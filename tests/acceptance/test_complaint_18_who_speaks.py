"""Complaint 18: the bot talks over a person, or stays silent after it is handed back."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import Engine, select

from bot.contracts import Intent, Push, Understanding
from bot.conversation.tables import Conversation, Speaker
from bot.db.engine import reading, transaction
from bot.line import receive
from bot.outbox import SendState
from bot.people.tables import Staff
from bot.settings import Settings
from bot.tickets import moves
from bot.tickets.tables import TicketEvent
from bot.window import PassiveWindow
from bot.worker import Worker, send_next
from tests.acceptance.parallel import heard, live_tickets, said
from tests.bot.chat import Chat, a_line
from tests.fakes import FakeNlu, FakeWeChat, SetClock

HELP = "帮我去找老板要工钱"
QUESTION = "老板拖欠工资咋个办"
DANGER = "我不想活了 药都买好了"


class Watched(FakeNlu):
    """Lets something happen while it reads, as it may in the seconds that reading takes."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], None] = lambda: None

    def understand(
        self,
        text: str,
        *,
        now: datetime,
        within_ms: int | None = None,
        by_words: bool = False,
    ) -> Understanding:
        self.meanwhile()
        return super().understand(text, now=now, within_ms=within_ms, by_words=by_words)


class Service:
    """A resident, the service, and the caseworker who may take over."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine, self.clock, self.api = engine, SetClock(), FakeWeChat()
        self.nlu = Watched()
        self.nlu.teach(HELP, Intent.HELP_REQUEST, topic="wages")
        self.line = a_line(engine, settings, self.nlu, self.clock)
        self.chat = Chat(self.line)
        self.worker = Worker(line=self.line, api=self.api)  # type: ignore[arg-type]

    def act(self, deed: Callable[..., object], **how: object) -> None:
        [ticket] = live_tickets(self.engine)
        with transaction(self.engine) as session:
            person = session.scalars(select(Staff)).one()
            newest = max(session.scalars(select(TicketEvent.id)))
            by = moves.Act(person, newest, self.clock())
            deed(session, ticket.number, by=by, **how)

    def takes_over(self) -> None:
        self.act(moves.accept)

    def speaker(self) -> str:
        with reading(self.engine) as session:
            return session.scalars(select(Conversation.speaker)).one()

    def sends_all(self) -> list[str]:
        while send_next(self.worker):
            pass
        return [text for _, text, _ in self.api.sent]


@pytest.fixture
def service(stocked_engine: Engine, settings: Settings) -> Service:
    service = Service(stocked_engine, settings)
    assert "编号" in service.chat.says(HELP)
    return service


def test_while_a_person_speaks_the_bot_is_silent_and_they_see_every_word(
    service: Service,
) -> None:
    service.takes_over()
    service.sends_all()

    replies = [service.chat.says(text) for text in (QUESTION, "你好", "1", "谢谢", HELP)]

    assert replies == [""] * 5
    assert service.speaker() == Speaker.PERSON
    [ticket] = live_tickets(service.engine)
    assert {message.ticket_id for message in heard(service.engine)} == {ticket.id}
    assert [text for text in service.sends_all() if "12333" in text] == []


def test_an_answer_still_on_its_way_is_not_sent_over_a_person(service: Service) -> None:
    push = Push("m:late", "text", "o-li", "gh", service.clock(), msg_id="9", text=QUESTION)
    receive(service.line, push, window=PassiveWindow(0), render=str)
    assert [row.state for row in said(service.engine)] == [SendState.QUEUED]

    service.takes_over()

    assert [text for text in service.sends_all() if "12333" in text] == []
    late = said(service.engine)[0]
    assert (late.state, late.outcome) == (SendState.WITHDRAWN, "person_speaks")


def test_who_takes_over_while_the_bot_reads_is_not_talked_over(service: Service) -> None:
    service.nlu.meanwhile = service.takes_over

    assert service.chat.says(QUESTION) == ""


def test_handed_back_the_bot_speaks_again_at_once(service: Service) -> None:
    service.takes_over()
    assert service.chat.says(QUESTION) == ""

    service.act(moves.hand_back, reason="不归我管")

    assert service.speaker() == Speaker.BOT
    assert "12333" in service.chat.says(QUESTION)


def test_danger_is_answered_whoever_speaks(service: Service) -> None:
    service.takes_over()

    assert "12356" in service.chat.says(DANGER)
