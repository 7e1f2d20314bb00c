"""Ten thousand tickets with their messages, out of the NLU's training examples."""

import itertools
import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from bot.db.engine import transaction
from bot.finding import upkeep
from bot.inbox import InboundMessage
from bot.people.tables import Resident, Role, Staff
from bot.settings import ROOT
from bot.tickets.clocks.tables import TicketClock
from bot.tickets.tables import LIVE, CloseCode, State, Ticket, TicketEvent
from bot.wechat.tables import ReplyBudget

TICKETS = 10_000
MESSAGES = 100_000
STAFF = 30
AT_A_TIME = 500
TOPICS = ("wages", "land", "assistance", "school", "medical")
LIVE_SHARE = 0.8
SAID = re.compile(r'\s*- (?!intent)(?:text: )?"?(.{2,}?)"?$')
ANNOTATED = re.compile(r"\[([^\]]+)\](?:\{[^}]*\}|\([^)]*\))")


def fill(engine: Engine, *, now: datetime) -> str:
    """Write everything, the index too; return a phone that one message holds."""
    chance = random.Random(7)
    texts = _texts()
    with transaction(engine) as session:
        session.execute(insert(Staff), list(_staff(now)))
    for start in range(1, TICKETS + 1, AT_A_TIME):
        numbers = range(start, start + AT_A_TIME)
        with transaction(engine) as session:
            _write(session, numbers, texts, chance, now)
    return f"139{TICKETS:08d}"


def _write(
    session: Session, numbers: range, texts: list[str], chance: random.Random, now: datetime
) -> None:
    session.execute(insert(Resident), [_resident(number, now) for number in numbers])
    session.execute(insert(ReplyBudget), [_budget(number, chance, now) for number in numbers])
    tickets = [_ticket(number, chance, texts, now) for number in numbers]
    session.execute(insert(Ticket), tickets)
    said = [
        _message(number, at, chance, texts, now)
        for number in numbers
        for at in range(MESSAGES // TICKETS)
    ]
    session.execute(insert(InboundMessage), said)
    session.execute(
        insert(TicketEvent),
        [
            {"ticket_id": number, "kind": kind, "text": "", "data": {}, "at": now}
            for number in numbers
            for kind in ("opened", "assigned", "accepted")
        ],
    )
    session.execute(insert(TicketClock), [clock for one in tickets for clock in _clocks(one, now)])
    upkeep.rebuild(session, list(numbers))


def _texts() -> list[str]:
    """The messages of the training data, without their annotation."""
    lines = itertools.chain.from_iterable(
        path.read_text("utf-8").splitlines()
        for path in sorted((ROOT / "nlu" / "data").glob("*.yml"))
    )
    said = [found[1] for line in lines if (found := SAID.match(line))]
    return [ANNOTATED.sub(r"\1", text) for text in said]


def _staff(now: datetime) -> Iterator[dict[str, object]]:
    roles = [Role.SUPERVISOR, Role.ADMIN, *[Role.CASEWORKER] * (STAFF - 2)]
    for number, role in enumerate(roles, start=1):
        yield {
            "id": number,
            "login": f"s{number}",
            "name": f"社工{number:02d}",
            "role": role,
            "password_hash": "!",
            "created_at": now,
        }


def _resident(number: int, now: datetime) -> dict[str, object]:
    return {
        "id": number,
        "openid": f"bench-{number}",
        "alias": f"居民 B{number:05d}",
        "created_at": now,
        "last_inbound_at": now,
    }


def _budget(number: int, chance: random.Random, now: datetime) -> dict[str, object]:
    until = now + timedelta(hours=chance.uniform(-200, 48))
    return {"resident_id": number, "message_left": chance.randint(0, 5), "message_until": until}


def _ticket(
    number: int, chance: random.Random, texts: list[str], now: datetime
) -> dict[str, object]:
    state = chance.choice(LIVE) if chance.random() < LIVE_SHARE else State.CLOSED
    opened = now - timedelta(hours=chance.uniform(0, 2000))
    triage = state == State.TRIAGE
    return {
        "id": number,
        "number": f"2611-{number:05d}",
        "resident_id": number,
        "state": state,
        "state_at": opened,
        "intent": "help_request",
        "topic": chance.choice(TOPICS),
        "urgency": chance.choices(("crisis", "urgent", "normal"), (1, 9, 90))[0],
        "summary": chance.choice(texts)[:80],
        "facts": {},
        "assignee_id": None if triage else chance.randint(3, STAFF),
        "opened_at": opened,
        "reply_due_at": opened + timedelta(days=chance.uniform(0, 90)),
        "last_resident_at": opened,
        "close_code": CloseCode.SOLVED if state == State.CLOSED else None,
    }


def _clocks(ticket: dict[str, object], now: datetime) -> Iterator[dict[str, object]]:
    if ticket["state"] in LIVE:
        for kind, days in (("reply", 1), ("resolve", 5)):
            yield {
                "ticket_id": ticket["id"],
                "kind": kind,
                "started_at": ticket["opened_at"],
                "due_at": now + timedelta(days=days),
                "rule": "bench",
            }


def _message(
    number: int, at: int, chance: random.Random, texts: list[str], now: datetime
) -> dict[str, object]:
    text = chance.choice(texts)
    if at == 0:
        text = f"{text}，电话139{number:08d}"
    return {
        "key": f"bench-{number}-{at}",
        "resident_id": number,
        "ticket_id": number,
        "kind": "text",
        "text": text,
        "details": {},
        "sent_at": now,
        "received_at": now,
        "lease_until": now,
        "answered_at": now,
    }
