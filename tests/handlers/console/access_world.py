"""
Two organisations' tickets, full of words that must not be seen by everybody.

Every text of a ticket begins with its own mark, so that one look at an answer
says whether anything of it is in there.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot import media
from bot.casefile import attachments
from bot.casefile.tables import (
    Attachment,
    CaseTask,
    CheckItem,
    ContactPoint,
    Household,
    Mention,
    Person,
    PersonContact,
    TaskKind,
    TicketPerson,
    VisitEntry,
)
from bot.desk.tables import Draft
from bot.disputes.tables import Dispute, DisputeEvidence, DisputeParty
from bot.finding import index
from bot.inbox import InboundMessage
from bot.media import Media
from bot.outbox import Kind, OutboundMessage, SendState
from bot.people.tables import Staff
from bot.tickets.approvals.tables import Approval, ApprovalKind
from bot.tickets.tables import Lane, State, Ticket, TicketEvent
from tests.builders import a_resident, a_ticket
from tests.conftest import NOW
from tests.handlers.console.access_people import people

NONE = "none"
MARKS = {
    name: f"xqzvkj{name[:3]}"  # long: cookies and tokens are random letters too
    for name in ("own", "mates", "sealed", "waiting", "queued", "foreign")
}
PICTURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Thing:
    """A ticket with the numbers by which routes name it and what hangs on it."""

    number: str
    ids: Mapping[str, int]


@dataclass(frozen=True)
class World:
    """Who there is, and what."""

    staff: Mapping[str, int]
    things: Mapping[str, Thing]


def build(session: Session, folder: Path, *, without: frozenset[str] = frozenset()) -> World:
    """
    Fill the database; *without* leaves tickets out.

    The numbers of the others stay the same where the left-out ones come last.
    """
    staff = people(session)
    cases: dict[str, dict[str, Any]] = {
        "own": {"assignee": staff["worker"]},
        "mates": {"assignee": staff["mate"]},
        "queued": {"state": State.TRIAGE},
        "sealed": {"assignee": staff["mate"], "lane": Lane.VIOLENCE},
        "waiting": {"state": State.TRIAGE, "lane": Lane.MINOR},
        "foreign": {"assignee": staff["stranger"]},
    }
    things = {}
    for place, (name, columns) in enumerate(cases.items()):
        if name in without:
            continue
        owner = staff["stranger" if name == "foreign" else "mate"]
        ticket = _ticket(session, name, place, owner.organisation_id, columns)
        things[name] = Thing(
            ticket.number, _filled(session, ticket, MARKS[name], owner, staff, folder)
        )
    nowhere = dict.fromkeys(next(iter(things.values())).ids, 999_999)
    things[NONE] = Thing("2603-9999", nowhere)
    return World({name: person.id for name, person in staff.items()}, things)


def _ticket(
    session: Session, name: str, place: int, house: int | None, columns: dict[str, Any]
) -> Ticket:
    mark = MARKS[name]
    resident = a_resident(session, openid=f"o-{mark}")
    resident.alias = f"居民 {mark.upper()}"
    return a_ticket(
        session, resident=resident, number=f"2603-70{place:02d}", organisation_id=house,
        summary=f"{mark} summary", facts={"place": f"{mark} place"}, outcome=f"{mark} outcome",
        reason=f"{mark} reason", opened_at=NOW - timedelta(days=3), **columns,
    )  # fmt: skip


def _filled(
    session: Session,
    ticket: Ticket,
    mark: str,
    owner: Staff,
    staff: Mapping[str, Staff],
    folder: Path,
) -> dict[str, int]:
    """Plant the mark wherever a ticket has words; returns the ids that routes take."""
    _said(session, ticket, mark, owner, staff)
    index.add(session, ticket.id, f"{mark} said", f"{mark} note")
    return {
        **_messages(session, ticket, mark, owner, folder),
        **_file(session, ticket, mark, owner, folder),
        **_family(session, ticket, mark, owner),
        "approval_id": _dispute(session, ticket, mark, owner),
    }


def _said(
    session: Session, ticket: Ticket, mark: str, owner: Staff, staff: Mapping[str, Staff]
) -> None:
    kinds = ("note", "handover", "passed_on")
    events = [
        TicketEvent(
            ticket_id=ticket.id, kind=kind, staff_id=owner.id, text=f"{mark} {kind}", at=NOW,
            data={},
        )
        for kind in kinds
    ]  # fmt: skip
    session.add_all(events)
    session.flush()
    session.add_all(
        Mention(event_id=events[0].id, ticket_id=ticket.id, staff_id=person.id)
        for person in staff.values()
    )
    session.add(
        Draft(
            staff_id=owner.id, ticket_id=ticket.id, kind="reply.text", page=f"{mark}-page",
            text=f"{mark} draft", written_at=NOW,
        )
    )  # fmt: skip
    session.add(CheckItem(ticket_id=ticket.id, key=mark, text=f"{mark} item"))


def _messages(
    session: Session, ticket: Ticket, mark: str, owner: Staff, folder: Path
) -> dict[str, int]:
    heard = InboundMessage(
        key=mark, resident_id=ticket.resident_id, kind="text", text=f"{mark} said", sent_at=NOW,
        received_at=NOW, lease_until=NOW, ticket_id=ticket.id, reply=f"{mark} reply",
        answered_at=NOW, shown="",
    )  # fmt: skip
    session.add(heard)
    session.flush()
    path = _bytes(folder / media.FOLDER, mark)
    stored = Media(
        inbound_id=heard.id, media_id=mark, state="stored", path=path, content_type="image/png",
        preview_path=path, preview_type="image/png", not_before=NOW,
    )  # fmt: skip
    sent = OutboundMessage(
        resident_id=ticket.resident_id, ticket_id=ticket.id, staff_id=owner.id, kind=Kind.IMAGE,
        text=f"{mark} sent", details={"path": path, "content_type": "image/png", "name": mark},
        state=SendState.GIVEN_UP, not_before=NOW, created_at=NOW, queued_at=NOW, finished_at=NOW,
        by_machine=False,
    )  # fmt: skip
    session.add_all((stored, sent))
    session.flush()
    return {"media_id": stored.id, "outbound_id": sent.id}


def _file(
    session: Session, ticket: Ticket, mark: str, owner: Staff, folder: Path
) -> dict[str, int]:
    task = CaseTask(
        ticket_id=ticket.id, kind=TaskKind.VISIT, text=f"{mark} task", due_at=NOW,
        created_at=NOW, created_by_id=owner.id,
    )  # fmt: skip
    session.add(task)
    session.flush()
    session.add(
        VisitEntry(
            task_id=task.id, field="met", text=f"{mark} visit", staff_id=owner.id, at=NOW,
            once=mark,
        )
    )  # fmt: skip
    path = _bytes(folder / attachments.FOLDER, mark)
    added = Attachment(
        ticket_id=ticket.id, name=f"{mark}.png", path=path, content_type="image/png", size=9,
        digest=hashlib.sha256(mark.encode()).hexdigest(), staff_id=owner.id, at=NOW,
    )  # fmt: skip
    session.add(added)
    session.flush()
    return {"task_id": task.id, "attachment_id": added.id}


def _family(session: Session, ticket: Ticket, mark: str, owner: Staff) -> dict[str, int]:
    home = Household(created_by_id=owner.id, created_at=NOW)
    session.add(home)
    session.flush()
    person = Person(
        alias=f"{mark}·本人", name=f"{mark} name", name_needed_for=f"{mark} why",
        household_id=home.id, recorded_in_id=ticket.id, confidential=bool(ticket.lane),
        created_by_id=owner.id, created_at=NOW,
    )  # fmt: skip
    phone = ContactPoint(kind="phone", phone=f"{mark} phone")
    session.add_all((person, phone))
    session.flush()
    session.add(PersonContact(person_id=person.id, contact_id=phone.id))
    session.add(TicketPerson(ticket_id=ticket.id, person_id=person.id, staff_id=owner.id, at=NOW))
    return {"household_id": home.id}


def _dispute(session: Session, ticket: Ticket, mark: str, owner: Staff) -> int:
    dispute = Dispute(
        ticket_id=ticket.id, kind="labour", claim=f"{mark} claim", by_id=owner.id, noted_at=NOW
    )
    asked = Approval(
        ticket_id=ticket.id, kind=ApprovalKind.CLOSE, asked_by_id=owner.id, asked_at=NOW,
        reason=f"{mark} ask", data={"code": "not_solved", "responsible": mark, "way_on": mark},
    )  # fmt: skip
    session.add_all((dispute, asked))
    session.flush()
    session.add(DisputeParty(dispute_id=dispute.id, side="other", name=f"{mark} party"))
    session.add(DisputeEvidence(dispute_id=dispute.id, what=f"{mark} proof", state="have"))
    return asked.id


def _bytes(folder: Path, mark: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{mark}.png").write_bytes(PICTURE + mark.encode())
    return f"{mark}.png"
