"""What the deeds of a ticket's page need to know: its clocks, what waits to be decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.disputes.keeping import File, file_of
from bot.people.tables import Staff
from bot.tickets.approvals.asking import TOLD, open_requests
from bot.tickets.approvals.deciding import may_decide
from bot.tickets.approvals.tables import Approval, ApprovalKind
from bot.tickets.clocks.clock import Clock, from_row
from bot.tickets.clocks.rules import load_rules
from bot.tickets.clocks.tables import TicketClock
from bot.tickets.moves import HAND_BACK_REASONS
from bot.tickets.outcome import CHANNELS, DIRECT
from bot.tickets.tables import ClockKind, CloseCode, Level, State, Ticket
from bot.tickets.thread import Deed
from handlers.console.session import db, me

CLOCKS = {
    ClockKind.DISPATCH: "分派",
    ClockKind.ACCEPT: "签收",
    ClockKind.REPLY: "回复",
    ClockKind.RESOLVE: "办出结果",
    ClockKind.CONFIRM: "回访",
    ClockKind.PARTNER: "协办回话",
    ClockKind.RIGHTS: "法定期限",
}
LEVELS = {
    Level.CRISIS: "危机：人身安全，马上叫值班",
    Level.URGENT: "急：没饭吃、没处住、等不得",
    Level.ORDINARY: "普通求助",
    Level.DISPUTE: "纠纷：劳动、土地等",
    Level.COMPLEX: "复杂：要几个部门一起办",
}
APPROVALS = {
    ApprovalKind.EXTENSION: "申请延期",
    ApprovalKind.CLOSE: "申请办结",
    ApprovalKind.CALM: "申请解除危机",
}
ASKED = {"extension_asked", "close_asked", "calm_asked"}


@dataclass(frozen=True, slots=True)
class Running:
    """One promise of the ticket as its page shows it."""

    name: str
    due_at: datetime
    kind: str
    """Empty, `soon` or `bad`."""
    note: str


@dataclass(frozen=True, slots=True)
class Request:
    """Something that waits to be decided."""

    approval: Approval
    name: str
    by: str
    mine: bool
    can_decide: bool


def standing(
    ticket: Ticket,
    deeds: Sequence[Deed],
    people: Mapping[int, Staff],
    clocks: Sequence[TicketClock],
    now: datetime,
) -> dict[str, Any]:
    """Return what the deeds on the ticket's page show; *clocks* are those that run."""
    tries = [it for it in deeds if it.event.kind == "tried"]
    return {
        "clocks": running_clocks(clocks, now),
        "requests": _requests(ticket, deeds, people),
        "levels": LEVELS,
        "channels": CHANNELS,
        "hand_back_reasons": HAND_BACK_REASONS,
        "needs_approval": {code for code in CloseCode if code in TOLD},
        "direct": {code for code in CloseCode if code in DIRECT},
        "extend_days": load_rules().extend[Level(ticket.level)],
        "tries": len([it for it in tries if not it.event.data.get("reached")]),
        "merged_into": _merged_into(deeds) if ticket.state == State.MERGED else "",
        "dispute": _dispute(ticket, deeds),
    }


def _dispute(ticket: Ticket, deeds: Sequence[Deed]) -> File | None:
    """The dispute, asked for only where its facts were taken down."""
    noted = any(it.event.kind in {"rights", "dispute"} for it in deeds)
    return file_of(db(), ticket) if noted else None


def running_clocks(rows: Sequence[TicketClock], now: datetime) -> list[Running]:
    """Return the promises that are still to be kept, the soonest first."""
    shown = [from_row(row) for row in sorted(rows, key=lambda row: row.due_at)]
    return [_running(clock, now) for clock in shown if clock.kind in CLOCKS]


def _running(clock: Clock, now: datetime) -> Running:
    name = CLOCKS[ClockKind(clock.kind)]
    if clock.pausing:
        return Running(name, clock.due_at, "", "等居民，停表")
    notes = []
    if clock.extended:
        notes.append(f"已延期{len(clock.extended)}次")
    if now >= clock.due_at:
        return Running(name, clock.due_at, "bad", "，".join(["已超期", *notes]))
    return Running(name, clock.due_at, "soon" if clock.warned_at else "", "，".join(notes))


def _requests(ticket: Ticket, deeds: Sequence[Deed], people: Mapping[int, Staff]) -> list[Request]:
    """What waits, asked for only where the history says that something may."""
    asked = [it.event.id for it in deeds if it.event.kind in ASKED]
    if not asked:
        return []
    return [
        Request(
            approval,
            APPROVALS[ApprovalKind(approval.kind)],
            people[approval.asked_by_id].name if approval.asked_by_id in people else "",
            approval.asked_by_id == me().id,
            may_decide(db(), approval, me()),
        )
        for approval in open_requests(db(), ticket)
    ]


def _merged_into(deeds: Sequence[Deed]) -> str:
    found = [str(it.event.data.get("into", "")) for it in deeds if it.event.kind == "merged"]
    return found[-1] if found else ""
