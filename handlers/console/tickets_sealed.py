"""The cover of a confidential ticket: to give it away, take it, or open it with a reason."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from bot.people.tables import Role, Staff
from bot.tickets import lanes, routing, scope
from bot.tickets.allowed import allowed
from bot.tickets.change import last_event_id
from bot.tickets.sealed.opening import unseal
from bot.tickets.sealed.rules import load_rules
from bot.tickets.tables import State, Ticket
from handlers.console.session import db, me, tools
from handlers.console.tickets_doing import field


def add_routes(routes: Blueprint) -> None:
    """Add the cover of confidential tickets, and opening one."""
    routes.add_url_rule("/tickets/<number>/sealed", "sealed", show)
    routes.add_url_rule("/tickets/<number>/unseal", "unseal", open_it, methods=["POST"])


def show(number: str) -> ResponseReturnValue:
    """Show what may be known of the ticket without reading it."""
    ticket = scope.find(db(), number, staff=me(), unread=True)
    if scope.may_read(db(), ticket, me()):
        return redirect(url_for("tickets.show", number=number))
    supervises = me().role == Role.SUPERVISOR
    can = allowed(ticket, me())
    return render_template(
        "tickets/sealed.html",
        ticket=ticket,
        owner=db().get(Staff, ticket.assignee_id) if ticket.assignee_id else None,
        version=last_event_id(db(), ticket.id),
        may_accept="accept" in can and ticket.state == State.TRIAGE,
        colleagues=_colleagues(ticket) if supervises and "assign" in can else [],
        supervises=supervises,
        can=can,
        rules=load_rules(),
    )


def open_it(number: str) -> ResponseReturnValue:
    """Open the ticket for a while; others are told at once."""
    kind, reason = field("kind"), field("why")
    unseal(db(), number, by=me(), kind=kind, reason=reason, now=tools().now())
    flash(f"已打开，{load_rules().minutes}分钟后自动关上。负责人、其他督导和管理员都会知道。")
    return redirect(url_for("tickets.show", number=number), 303)


def instead_of(number: str) -> ResponseReturnValue | None:
    """Lead to the cover of a ticket that may not be read; None where nothing may be known."""
    found = select(Ticket.id).where(Ticket.number == number, scope.in_charge(me()))
    if db().scalar(found) is None:
        return None
    return redirect(url_for("tickets.sealed", number=number))


def _colleagues(ticket: Ticket) -> list[tuple[Staff, int]]:
    """Who is cleared for it and may be given it, with what they have in hand."""
    house = or_(Staff.organisation_id.is_(None), Staff.organisation_id == ticket.organisation_id)
    people = db().scalars(
        select(Staff).where(Staff.active, Staff.role.in_(routing.HANDLERS), house)
    )
    able = [it for it in people if lanes.cleared(it, ticket.lane) and it.id != ticket.assignee_id]
    loads = routing.loads_of(db(), [it.id for it in able])
    pairs = [(it, loads[it.id].count) for it in able]
    return sorted(pairs, key=lambda pair: (not pair[0].on_duty, pair[1], pair[0].id))
