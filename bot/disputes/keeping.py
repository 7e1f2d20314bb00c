"""Keeping the facts of a dispute, and the clock of its next date."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import wording
from bot.db.types import JsonObject
from bot.disputes.rights import Facts, Limit, limits, next_loss
from bot.disputes.tables import Dispute, DisputeEvidence, DisputeKind, DisputeParty, Proof, Side
from bot.errors import InvalidInputError
from bot.settings import working_hours
from bot.tickets.acting import Act, send, take_up
from bot.tickets.change import note_event
from bot.tickets.tables import ClockKind, Ticket

MOST_ROWS = 30
USUAL_EVIDENCE = {
    DisputeKind.WAGES: ("劳动合同", "考勤或记工本", "工资条、转账记录", "欠条", "工友证言"),
    DisputeKind.LABOUR: ("劳动合同", "解除通知", "工资流水", "社保缴费记录"),
    DisputeKind.INJURY: ("劳动关系证明", "诊断书", "事故经过", "工友证言"),
    DisputeKind.OTHER: ("合同或协议", "付款记录", "照片、录音"),
}  # fmt: skip
SETTLED = {
    "": "还在办",
    "agreement": "调解成了",
    "award": "裁决了",
    "court": "去法院了",
    "dropped": "不争了",
}


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in the dispute."""

    side: Side
    name: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence."""

    what: str
    state: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Facts):
    """Everything the form says."""

    claim: str = ""
    claim_yuan: int | None = None
    parties: Sequence[Party] = ()
    evidence: Sequence[Evidence] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A dispute with everything in it."""

    dispute: Dispute
    parties: Sequence[DisputeParty]
    evidence: Sequence[DisputeEvidence]
    limits: Sequence[Limit]


def save(session: Session, number: str, told: Told, *, by: Act, tell: bool = False) -> Dispute:
    """
    Keep the facts in place of what was known, and let the clock run to the next loss.

    With *tell* the resident is sent that date.

    Raises:
        InvalidInputError: a date contradicts another, or there is too much.
    """
    ticket = take_up(session, number, "set_rights", by)
    _refuse_nonsense(told, by.now)
    dispute = of_ticket(session, ticket) or Dispute(ticket_id=ticket.id)
    for name in _COLUMNS:
        setattr(dispute, name, getattr(told, name))
    dispute.by_id, dispute.noted_at = by.staff.id, by.now
    session.add(dispute)
    session.flush()
    _replace(session, dispute, told)
    loss = next_loss(_facts(dispute))
    _run(session, ticket, loss, by)
    if tell and loss is not None:
        text = wording.RIGHTS.format(
            name=loss.name, date=_day(loss.until), law=loss.law, after=loss.after
        )
        send(session, ticket, by, text, once=f"rights-told:{ticket.id}:{loss.key}:{loss.until}")
    return dispute


def of_ticket(session: Session, ticket: Ticket) -> Dispute | None:
    """Return the ticket's dispute, if its facts were taken down."""
    return session.scalar(select(Dispute).where(Dispute.ticket_id == ticket.id))


def file_of(session: Session, ticket: Ticket) -> File | None:
    """Return the ticket's dispute with parties, evidence and dates."""
    dispute = of_ticket(session, ticket)
    if dispute is None:
        return None
    parties = select(DisputeParty).where(DisputeParty.dispute_id == dispute.id)
    evidence = select(DisputeEvidence).where(DisputeEvidence.dispute_id == dispute.id)
    return File(
        dispute,
        session.scalars(parties.order_by(DisputeParty.id)).all(),
        session.scalars(evidence.order_by(DisputeEvidence.id)).all(),
        limits(_facts(dispute)),
    )


def said(session: Session, ticket: Ticket) -> str:
    """Return the date the resident must know, in a sentence; empty where there is none."""
    dispute = of_ticket(session, ticket)
    loss = next_loss(_facts(dispute)) if dispute else None
    if loss is None:
        return ""
    return wording.RIGHTS.format(
        name=loss.name, date=_day(loss.until), law=loss.law, after=loss.after
    )


def _refuse_nonsense(told: Told, now: datetime) -> None:
    today = now.astimezone(working_hours().zone).date()
    past = (told.known_on, told.ended_on, told.accident_on, told.interrupted_on, told.award_on)
    if any(day and day > today for day in (*past, told.filed_on, told.accepted_on)):
        msg = "日期还没到，请核对：这里只填已经发生的事。"
        raise InvalidInputError(msg)
    if told.accepted_on and (told.filed_on is None or told.accepted_on < told.filed_on):
        msg = "仲裁受理日期要在申请之后，请把申请日期也填上。"
        raise InvalidInputError(msg)
    if told.award_on and (told.accepted_on is None or told.award_on < told.accepted_on):
        msg = "收到裁决书的日期要在受理之后，请把受理日期也填上。"
        raise InvalidInputError(msg)
    if told.settled not in SETTLED:
        msg = "请选现在到哪一步。"
        raise InvalidInputError(msg)
    if len(told.parties) > MOST_ROWS or len(told.evidence) > MOST_ROWS:
        msg = f"当事人和证据各最多{MOST_ROWS}条。"
        raise InvalidInputError(msg)


def _replace(session: Session, dispute: Dispute, told: Told) -> None:
    session.execute(delete(DisputeParty).where(DisputeParty.dispute_id == dispute.id))
    session.execute(delete(DisputeEvidence).where(DisputeEvidence.dispute_id == dispute.id))
    session.add_all(
        DisputeParty(dispute_id=dispute.id, side=it.side, name=it.name[:60], part=it.part[:60])
        for it in told.parties
    )
    session.add_all(
        DisputeEvidence(dispute_id=dispute.id, what=it.what[:80], state=it.state)
        for it in told.evidence
    )
    session.flush()


def _run(session: Session, ticket: Ticket, loss: Limit | None, by: Act) -> None:
    """Let the ticket's rights clock run to the end of the date's day."""
    due = _end_of(loss.until).isoformat() if loss else None
    running = [it for it in ticket.clocks if it.kind == ClockKind.RIGHTS and not it.stopped_at]
    if running and due == _local(running[0].due_at).isoformat():
        due_now: JsonObject = {}
    else:
        due_now = {"due": due, "law": loss.key if loss else ""}
    if due_now and (running or due):
        note_event(session, ticket, "rights", now=by.now, staff=by.staff, **due_now)
    else:
        note_event(session, ticket, "dispute", now=by.now, staff=by.staff)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), working_hours().zone)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(working_hours().zone)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _facts(dispute: Dispute) -> Facts:
    said = {field.name: getattr(dispute, field.name) for field in fields(Facts)}
    return Facts(**(said | {"kind": DisputeKind(dispute.kind)}))


_COLUMNS = ("claim", "claim_yuan", *(field.name for field in fields(Facts)))
