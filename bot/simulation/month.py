"""The virtual clock: what is next happens, then what it brings about."""

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot import inbox, outbox
from bot.contracts import Intent, Push, Understanding
from bot.db.engine import transaction
from bot.jobs import run_due_jobs
from bot.line import Line, receive
from bot.simulation.platform import Ledger
from bot.simulation.scenario import DAY, STARTS_AT, Scenario
from bot.simulation.town import Town
from bot.window import PassiveWindow

TICK = timedelta(minutes=10)
NUMBER = Understanding(Intent.OUT_OF_SCOPE, 0.5)
"""What an NLU makes of a bare 1 or 2; what it means stands in the conversation."""


@dataclass
class VirtualClock:
    """The time it is there."""

    at: datetime = STARTS_AT

    def __call__(self) -> datetime:
        """Return it."""
        return self.at


@dataclass(frozen=True, slots=True)
class Prepared:
    """An NLU that knows beforehand what is written; it keeps no process and no secrets."""

    known: dict[str, Understanding]

    def understand(
        self,
        text: str,
        *,
        now: datetime,
        within_ms: int | None = None,
        by_words: bool = False,
    ) -> Understanding:
        """Return what was prepared for the text, or for the text without its number."""
        del now, within_ms, by_words
        return self.known.get(text.rpartition("〔")[0] or text, NUMBER)

    def health(self) -> dict[str, str]:
        """Say nothing."""
        return {}


@dataclass(frozen=True, slots=True)
class Said:
    """What a member of staff wrote in a ticket."""

    number: str
    once: str
    text: str


@dataclass
class Month:
    """Everything of a month under way."""

    scenario: Scenario
    script: dict[str, Any]
    line: Line
    clock: VirtualClock
    ledger: Ledger
    town: Town
    chance: random.Random
    queue: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    written: dict[str, str] = field(default_factory=dict)
    """What residents wrote, by the key of the message."""
    brought_again: int = 0
    """How many of them WeChat brought a second time."""
    said: list[Said] = field(default_factory=list)
    amiss: list[str] = field(default_factory=list)
    """What no table shows: a message that was answered otherwise when it came again."""
    last_call: int = 0
    """The newest call to a crisis that somebody has heard ring."""
    listeners: "list[Callable[[Month], None]]" = field(default_factory=list)
    """Who looks, after whatever happens, at what it brought about."""

    def at(self, moment: datetime, what: Callable[[], None]) -> None:
        """Let something happen then, or now where that is over."""
        moment = max(moment, self.clock.at)
        heapq.heappush(self.queue, (moment, next(self.numbers), what))

    def run(self, until: datetime) -> None:
        """Go on until then, one thing after another."""
        while self.queue and self.queue[0][0] <= until:
            moment, _, what = heapq.heappop(self.queue)
            self.clock.at = moment
            what()
            for listener in self.listeners:
                listener(self)
        self.clock.at = until

    def since_midnight(self) -> timedelta:
        """Return how much of the day is over in Kunming."""
        return (self.clock.at - STARTS_AT) % DAY

    def happens(self, name: str) -> bool:
        """Draw whether something of data/simulation.yaml's behaviour happens."""
        odds: float = self.script["behaviour"][name]
        return self.chance.random() < odds

    def writes(self, openid: str, text: str) -> None:
        """Let a resident write, through the whole line; some of it comes twice."""
        number = next(self.numbers)
        push = Push(
            key=f"m:{number}",
            kind="text",
            openid=openid,
            account_id="gh_simulation",
            sent_at=self.clock.at,
            msg_id=str(number),
            text=text,
        )
        self.written[push.key] = text
        self.ledger.wrote(openid)
        reply = self._brought(push)
        if self.happens("brought_twice"):
            self.brought_again += 1
            if self._brought(push) != reply:
                self.amiss.append(f"{push.key}: answered otherwise when it came again")

    def _brought(self, push: Push) -> str:
        """Bring a message as WeChat does; return the passive reply."""
        passive = receive(self.line, push, window=PassiveWindow(10), render=str)
        if passive is None:
            return ""
        with transaction(self.line.engine) as session:
            inbox.mark_handed(session, [passive.inbound_id], now=self.clock.at)
        return passive.xml

    def keeps_timetable(self) -> None:
        """Do what is due, and send what waits."""
        self.does_what_is_due()
        self.sends()
        self.at(self.clock.at + TICK, self.keeps_timetable)

    def does_what_is_due(self) -> None:
        """Run the jobs that are due, unless this is the day nobody does."""
        day = (self.clock.at - STARTS_AT) // DAY
        if day != self.scenario.dead_day:
            run_due_jobs(self.line, holder="simulation")

    def sends(self) -> None:
        """Send everything that is due, as the worker does."""
        lease = timedelta(seconds=30)
        while True:
            with transaction(self.line.engine) as session:
                sendable = outbox.claim(session, now=self.clock.at, lease=lease)
            if sendable is None:
                return
            result = outbox.deliver(self.ledger, sendable)
            with transaction(self.line.engine) as session:
                outbox.note_result(session, sendable, result, now=self.clock.at)
