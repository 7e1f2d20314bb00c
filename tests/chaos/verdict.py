"""What is left when the dust has settled: losses, doublings, disorder."""

import json
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.db.engine import reading
from bot.inbox import InboundMessage
from bot.outbox import OutboundMessage, SendState
from bot.outbox.bundling import closing_said_once, members
from bot.people.tables import Resident
from bot.tickets.tables import LIVE, Ticket, TicketEvent
from tests.chaos.platform import Platform, Pushed
from tests.e2e.running import Service

CHECKS = {
    "`tickets check` fails": ("tickets", "check"),
    "`audit verify` fails": ("audit", "verify"),
}
BY_A_MESSAGE = ("opened", "added")
"""Kinds of events that a resident's message causes, one for each message."""


@dataclass
class Verdict:
    """Counts of what must not be (and must be 0), and of what may."""

    wrong: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    twice: list[str] = field(default_factory=list)
    """Whose text went out twice unmarked, for whoever looks for the cause."""

    @property
    def holds(self) -> bool:
        """Whether nothing that must not be was found."""
        return not any(self.wrong.values())


def judge(
    service: Service, engine: Engine, platform: Platform, pushed: Sequence[Pushed]
) -> Verdict:
    """Compare what the platform saw with what the service kept."""
    verdict = Verdict()
    records = [
        json.loads(line) for line in service.command("messages", "export", "--jsonl").splitlines()
    ]
    _stored(verdict, pushed, records)
    _answered(verdict, pushed, records)
    _sent(verdict, engine, platform)
    _order(verdict, engine)
    _tickets(verdict, engine)
    _invariants(verdict, service)
    return verdict


def _stored(verdict: Verdict, pushed: Sequence[Pushed], records: Iterable[dict[str, Any]]) -> None:
    """Every acknowledged message once, in its resident's order."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        found[record["msg_id"]].append(place)
    verdict.seen["messages written"] = len(pushed)
    verdict.seen["acknowledged"] = sum(one.acknowledged for one in pushed)
    verdict.seen["of them by a second or third try"] = sum(
        one.acknowledged and one.tries > 1 for one in pushed
    )
    verdict.wrong["acknowledged and not stored"] = sum(
        one.acknowledged and one.msg_id not in found for one in pushed
    )
    verdict.wrong["stored twice"] = sum(len(places) > 1 for places in found.values())
    by_resident: dict[str, list[int]] = defaultdict(list)
    for one in sorted(pushed, key=lambda one: int(one.msg_id)):
        if one.acknowledged:  # what WeChat gave up may be stored after the next one
            by_resident[one.openid] += found.get(one.msg_id, [])[:1]
    verdict.seen.update(f"given up by WeChat: {one.error}" for one in pushed if one.error)
    verdict.wrong["residents whose messages are out of order"] = sum(
        places != sorted(places) for places in by_resident.values()
    )
    took = sorted(one.ms for one in pushed if one.acknowledged)
    if took:
        verdict.seen["ms to an acknowledgement, the median"] = took[len(took) // 2]
        verdict.seen["ms to an acknowledgement, the slowest that WeChat took"] = took[-1]


def _answered(
    verdict: Verdict, pushed: Sequence[Pushed], records: Sequence[dict[str, Any]]
) -> None:
    """Every stored message has a reply whose fate is known."""
    by_id = {record["msg_id"]: record for record in records}
    for one in pushed:
        record = by_id.get(one.msg_id)
        if record is None:
            continue
        via, state = record["delivery"]["via"], record["delivery"]["state"]
        verdict.wrong["stored and not decided"] += via is None
        verdict.wrong["passive replies nobody fetched or sent"] += state == "not_handed_yet"
        verdict.wrong["replies without a row in the outbox"] += state == "lost"
        verdict.seen[f"replies: {via}"] += 1
        # What was handed over must be what the platform got, unless its connection was cut then.
        handed = via == "passive" and state == "handed"
        if handed and one.acknowledged and not one.reply:
            verdict.wrong["handed over, and the platform got nothing"] += 1
        verdict.seen["passive replies lost with the last try of WeChat"] += (
            handed and not one.acknowledged
        )


def _sent(verdict: Verdict, engine: Engine, platform: Platform) -> None:
    """What is called accepted was accepted, once unless it says that it may be twice."""
    noted: Counter[tuple[str, str]] = Counter()
    doubtful: set[tuple[str, str]] = set()
    with reading(engine) as session:
        rows = session.execute(
            select(OutboundMessage, Resident.openid).join(
                Resident, Resident.id == OutboundMessage.resident_id
            )
        ).all()
        for message, openid in rows:
            verdict.seen[f"outbox: {message.state}"] += message.state != SendState.QUEUED
            verdict.wrong["still queued"] += message.state == SendState.QUEUED
            if message.bundle_id is None:  # what is bundled went out in another's text
                inside = [
                    message.text,
                    *(one.text for one in members(session, message, state=None)),
                ]
                sent = (openid, closing_said_once(inside))
                noted[sent] += message.state == SendState.ACCEPTED
                if message.doubtful:
                    doubtful.add(sent)
    for sent, count in noted.items():
        verdict.wrong["called accepted, and the platform has none"] += max(
            0, count - platform.accepted[sent]
        )
    for sent, count in platform.accepted.items():
        extra = max(0, count - noted[sent])
        marked = sent in doubtful
        verdict.seen["sent again, and marked as perhaps arrived twice"] += extra if marked else 0
        verdict.wrong["sent twice, and nobody would know"] += 0 if marked else extra
        if extra and not marked:
            verdict.twice.append(f"{sent[0]}: {sent[1]!r}, {extra} too many")


def _order(verdict: Verdict, engine: Engine) -> None:
    """What is answered through the outbox is so in the order in which it was written."""
    first = (
        select(InboundMessage.resident_id, InboundMessage.id, func.min(OutboundMessage.id))
        .join(OutboundMessage, OutboundMessage.inbound_id == InboundMessage.id)
        # Danger overtakes, and a passive reply that nobody fetched comes as late as that shows.
        .where(InboundMessage.can_wait, OutboundMessage.once_key.startswith("reply:"))
        .group_by(InboundMessage.resident_id, InboundMessage.id)
        .order_by(InboundMessage.id)
    )
    replies: dict[int, list[int]] = defaultdict(list)
    with reading(engine) as session:
        for resident_id, _, outbound_id in session.execute(first):
            replies[resident_id].append(outbound_id)
    verdict.wrong["residents whose replies are out of order"] = sum(
        ids != sorted(ids) for ids in replies.values()
    )


def _tickets(verdict: Verdict, engine: Engine) -> None:
    """One live matter for each resident, no number twice, and no message added twice."""
    with reading(engine) as session:
        live = session.execute(
            select(Ticket.resident_id, func.count())
            .where(Ticket.state.in_(LIVE))
            .group_by(Ticket.resident_id)
        ).all()
        numbers = session.scalars(select(Ticket.number)).all()
        added = _by_ticket(session, TicketEvent.ticket_id, TicketEvent.kind.in_(BY_A_MESSAGE))
        said = _by_ticket(session, InboundMessage.ticket_id, InboundMessage.ticket_id.is_not(None))
    verdict.seen["tickets"] = len(numbers)
    verdict.wrong["residents with two live tickets"] = sum(count > 1 for _, count in live)
    verdict.wrong["ticket numbers given twice"] = len(numbers) - len(set(numbers))
    verdict.wrong["messages added to a ticket twice"] = sum(
        max(0, count - said.get(ticket_id, 0)) for ticket_id, count in added.items()
    )


def _by_ticket(
    session: Session, ticket_id: InstrumentedAttribute[Any], which: ColumnElement[bool]
) -> dict[int, int]:
    counted = select(ticket_id, func.count()).where(which).group_by(ticket_id)
    return {row[0]: row[1] for row in session.execute(counted)}


def _invariants(verdict: Verdict, service: Service) -> None:
    """Every ticket is what its events say, and the record's chain holds."""
    for what, command in CHECKS.items():
        try:
            service.command(*command)
            verdict.wrong[what] = 0
        except subprocess.CalledProcessError as error:
            verdict.wrong[what] = 1
            verdict.seen[error.stdout[-200:]] = 1
