"""Talking to the service as a resident does, below the platform's envelope."""

import itertools
from collections.abc import Mapping

from sqlalchemy import Engine, select

from bot.contracts import Push
from bot.conversation.turn import Tools
from bot.db.engine import reading, transaction
from bot.inbox import InboundMessage
from bot.knowledge.search import KnowledgeSearch
from bot.line import Line, Passive, receive
from bot.settings import Settings
from bot.understanding.reader import Reader
from bot.understanding.standin import StandIn
from bot.window import PassiveWindow
from tests.builders import a_caseworker
from tests.conftest import NOW
from tests.fakes import FakeNlu, SetClock


def a_push(key: str = "m:1", text: str = "你好") -> Push:
    """What a resident wrote, as the line gets it."""
    return Push(key=key, kind="text", openid="o-li", account_id="gh", sent_at=NOW, text=text)


def stored(engine: Engine) -> InboundMessage:
    """Return the only message that was kept."""
    with reading(engine) as session:
        return session.scalars(select(InboundMessage)).one()


class Chat:
    """One resident's phone, as the line sees it."""

    def __init__(self, line: Line, openid: str = "o-li") -> None:
        self.line = line
        self.openid = openid
        self._numbers = itertools.count(1)

    def says(self, text: str, *, key: str = "", **details: str) -> str:
        """Send a text; return the passive reply."""
        return self.sends("text", text=text, key=key, details=details)

    def says_late(self, text: str) -> None:
        """Send a text to which no reply fits into WeChat's call any more."""
        push = Push(
            key=f"late:{self.openid}:{next(self._numbers)}", kind="text", openid=self.openid,
            account_id="gh", sent_at=self.line.now(), text=text,
        )  # fmt: skip
        window = PassiveWindow(1)
        window.close()
        receive(self.line, push, window=window, render=str)

    def sends(
        self, kind: str, *, text: str = "", key: str = "", details: Mapping[str, str] | None = None
    ) -> str:
        number = next(self._numbers)
        push = Push(
            key=key or f"m:{self.openid}:{number}",
            kind=kind,
            openid=self.openid,
            account_id="gh",
            sent_at=self.line.now(),
            msg_id=str(number),
            text=text,
            details=details or {},
        )
        passive: Passive | None = receive(
            self.line, push, window=PassiveWindow(10), render=lambda reply: reply
        )
        return passive.xml if passive else ""

    def last(self) -> InboundMessage:
        """Return what is stored of the newest message."""
        with transaction(self.line.engine) as session:
            return session.scalars(select(InboundMessage).order_by(-InboundMessage.id)).first()  # type: ignore[return-value]


SEARCH = KnowledgeSearch()
"""Shared, since building the index is slow; it follows the revision of whichever database."""


def a_line(engine: Engine, settings: Settings, nlu: FakeNlu, clock: SetClock) -> Line:
    """Return a line with one caseworker."""
    with transaction(engine) as session:
        a_caseworker(session, name="王芳")
    tools = Tools(settings=settings, knowledge=SEARCH)
    reader = Reader(nlu, StandIn(lambda _: []))
    return Line(engine=engine, reader=reader, tools=tools, now=clock)
