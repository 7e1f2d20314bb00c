"""An office on a virtual clock: residents write, people accept and finish, the timetable runs."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.contracts import Intent, Urgency
from bot.people.tables import Staff
from bot.settings import Settings
from bot.tickets import absence, moves, outcome, resident_moves, waiting
from bot.tickets.change import last_event_id
from bot.tickets.opening import open_ticket
from bot.tickets.tables import State, Ticket, TicketEvent
from tests.builders import a_resident
from tests.conftest import NOW


@dataclass
class Bureau:
    """Everything goes through the services that the console and the worker use."""

    session: Session
    settings: Settings
    now: datetime = NOW
    random: Random = field(default_factory=lambda: Random(6))

    def later(self, **span: float) -> None:
        """Let time pass, and the timetable run at the end of it."""
        self.now += timedelta(**span)
        for job in (absence.move_on, waiting.drain, waiting.sound_alarm):
            job(self.session, now=self.now, settings=self.settings)

    def writes(
        self, topic: str = "wages", urgency: Urgency = Urgency.NORMAL, area_code: str = ""
    ) -> Ticket:
        """A new resident with a new matter."""
        return open_ticket(
            self.session,
            resident=a_resident(self.session),
            intent=Intent.HELP_REQUEST,
            urgency=urgency,
            topic=topic,
            text="有件事想请你们帮忙",
            facts={},
            area_code=area_code,
            now=self.now,
            settings=self.settings,
        ).ticket

    def act(self, staff: Staff, ticket: Ticket) -> moves.Act:
        """Somebody with a fresh page before them."""
        return moves.Act(staff, last_event_id(self.session, ticket.id), self.now)

    def finishes(self, staff: Staff, ticket: Ticket) -> None:
        """Accept, bring an outcome, and the resident says it is solved."""
        moves.accept(self.session, ticket.number, by=self.act(staff, ticket))
        outcome.resolve(self.session, ticket.number, by=self.act(staff, ticket), outcome="办好了")
        resident_moves.rate(
            self.session, ticket, solved=True, now=self.now, settings=self.settings
        )

    def in_hand(self, staff: Staff) -> list[Ticket]:
        """What somebody has, the oldest first."""
        return list(
            self.session.scalars(
                select(Ticket)
                .where(
                    Ticket.assignee_id == staff.id, Ticket.state.in_(("dispatched", "in_progress"))
                )
                .order_by(Ticket.opened_at, Ticket.id)
            )
        )

    def queue(self) -> list[Ticket]:
        """What nobody has."""
        return list(self.session.scalars(select(Ticket).where(Ticket.state == State.TRIAGE)))

    def tickets(self) -> dict[int, Ticket]:
        """Everything that was ever registered."""
        return {ticket.id: ticket for ticket in self.session.scalars(select(Ticket))}

    def assignments(self) -> list[TicketEvent]:
        """Every time that somebody got something, in order."""
        events = select(TicketEvent).where(TicketEvent.kind == "assigned")
        return list(self.session.scalars(events.order_by(TicketEvent.id)))
