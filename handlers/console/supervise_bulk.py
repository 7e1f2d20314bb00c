"""One deed to many tickets: chosen, looked at before, done one by one, taken back for a while."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import case, select

from bot import audit
from bot.db.engine import transaction
from bot.errors import InvalidInputError, NotFoundError, RefusedError
from bot.people.tables import Resident, Staff
from bot.reports.tables import BulkDeed, BulkItem
from bot.tickets import bulk, routing
from bot.tickets import narrow as narrowing
from bot.tickets.acting import Act
from bot.tickets.bulk import Action, Order
from bot.tickets.due import MOST_URGENT_FIRST
from bot.tickets.scope import colleagues, in_charge, visible
from bot.tickets.tables import Ticket
from handlers.console.narrow_words import narrow_words
from handlers.console.session import db, me, tools

ACTIONS = {
    Action.ASSIGN: "改派给一个人",
    Action.URGE: "催办：提醒负责人",
    Action.SUPERVISE: "列为督办",
    Action.END_SUPERVISION: "结束督办",
}
NEEDS_REASON = frozenset({Action.SUPERVISE})


def make_blueprint() -> Blueprint:
    """Return the pages of deeds done to many tickets."""
    routes = Blueprint("supervise_bulk", __name__, url_prefix="/supervise/bulk")
    routes.add_url_rule("/", view_func=choose)
    routes.add_url_rule("/preview", view_func=preview, methods=["POST"])
    routes.add_url_rule("/do", view_func=do, methods=["POST"])
    routes.add_url_rule("/<int:bulk_id>", "result", result)
    routes.add_url_rule("/<int:bulk_id>/undo", "undo", undo, methods=["POST"])
    return routes


def choose() -> ResponseReturnValue:
    """Show the tickets to choose from, as the address narrows them."""
    return _choice(picked=None)


def preview() -> ResponseReturnValue:
    """Show what would become of each chosen ticket; nothing is changed yet."""
    numbers = request.form.getlist("numbers")[: bulk.MOST]
    try:
        order = _order(numbers)
    except InvalidInputError as error:
        return _choice(picked=numbers, problem=str(error))
    rows = _rows(Ticket.number.in_(numbers))
    ids = [ticket.id for ticket, *_ in rows]
    return render_template(
        "supervise/preview.html",
        rows=[(*row, bulk.refusal(row[0], order, me())) for row in rows],
        versions=bulk.versions(db(), ids),
        order=order,
        says=_says(order),
        back=request.form.get("back", ""),
    )


def do() -> ResponseReturnValue:
    """Do it to one ticket after the other; what one refuses stops none of the others."""
    numbers = request.form.getlist("numbers")[: bulk.MOST]
    order, now, engine = _order(numbers), tools().now(), tools().engine
    with transaction(engine) as session:
        staff = session.get_one(Staff, me().id)
        bulk_id = bulk.start(session, staff, order, now=now)
        audit.record(
            session, deed=f"bulk.{order.action}", now=now, staff_id=staff.id,
            subject=f"bulk:{bulk_id}", tickets=len(numbers), to=order.to,
        )  # fmt: skip
    for number in numbers:
        _do_one(bulk_id, number, order)
    return redirect(url_for("supervise_bulk.result", bulk_id=bulk_id), 303)


def result(bulk_id: int) -> ResponseReturnValue:
    """Show what became of each ticket."""
    deed = db().get(BulkDeed, bulk_id)
    if deed is None or deed.staff_id != me().id:
        raise NotFoundError(str(bulk_id))
    items = db().execute(
        select(BulkItem, Ticket.number, Staff.name)
        .join(Ticket, Ticket.id == BulkItem.ticket_id)
        .outerjoin(Staff, Staff.id == Ticket.assignee_id)
        .where(BulkItem.bulk_id == bulk_id, in_charge(me()))
        .order_by(BulkItem.id)
    )
    order = Order(Action(deed.action), deed.data["reason"], deed.data["to"])
    return render_template(
        "supervise/result.html",
        deed=deed,
        items=items.all(),
        says=_says(order),
        can_undo=_can_undo(bulk_id),
        until=deed.at + bulk.UNDO_WITHIN,
    )


def undo(bulk_id: int) -> ResponseReturnValue:
    """Take back what nobody has touched since, one ticket after the other."""
    now, engine = tools().now(), tools().engine
    with transaction(engine) as session:
        staff = session.get_one(Staff, me().id)
        deed = bulk.undoable(session, bulk_id, staff, now=now)
        deed.undone_at = now
        items = session.scalars(
            select(BulkItem.id).where(BulkItem.bulk_id == bulk_id, BulkItem.done)
        ).all()
        audit.record(
            session, deed="bulk.undo", now=now, staff_id=staff.id, subject=f"bulk:{bulk_id}"
        )
    for item_id in items:
        with transaction(engine) as session:
            bulk.undo(session, item_id, by=Act(session.get_one(Staff, me().id), 0, now))
    return redirect(url_for("supervise_bulk.result", bulk_id=bulk_id), 303)


def _do_one(bulk_id: int, number: str, order: Order) -> None:
    engine, now = tools().engine, tools().now()
    seen = request.form.get(f"seen-{number}", 0, type=int)
    try:
        with transaction(engine) as session:
            by = Act(session.get_one(Staff, me().id), seen, now)
            bulk.do(session, bulk_id, number, order, by=by)
    except RefusedError as error:
        with transaction(engine) as session:
            staff = session.get_one(Staff, me().id)
            bulk.note_refusal(session, bulk_id, number, str(error), staff=staff)


def _order(numbers: Sequence[str]) -> Order:
    action = request.form.get("action", "")
    if not numbers:
        msg = "先在表里勾选工单。"
        raise InvalidInputError(msg)
    if action not in set(Action):
        msg = "请选要做什么。"
        raise InvalidInputError(msg)
    reason, to = request.form.get("reason", "").strip(), request.form.get("to", type=int)
    if action == Action.ASSIGN and to is None:
        msg = "请选改派给谁。"
        raise InvalidInputError(msg)
    if action in NEEDS_REASON and not reason:
        msg = "请写明为什么督办。"
        raise InvalidInputError(msg)
    return Order(Action(action), reason, to if action == Action.ASSIGN else None)


def _choice(*, picked: Sequence[str] | None, problem: str = "") -> ResponseReturnValue:
    back = request.form.get("back", "") or request.query_string.decode()
    values = dict(request.args.items()) or dict(_pairs(back))
    narrow = narrowing.read({"state": "live"} | values, zone=tools().settings.zone)
    rows = _rows(*narrowing.conditions(narrow, now=tools().now()))
    page = render_template(
        "supervise/choose.html",
        rows=rows[: bulk.MOST],
        more=len(rows) > bulk.MOST,
        most=bulk.MOST,
        narrowed=narrow_words(narrow),
        picked=picked
        if picked is not None
        else ([t.number for t, *_ in rows] if narrow.get("person") else []),
        actions=ACTIONS,
        people=_people(),
        typed=request.form,
        back=back,
        problem=problem,
    )
    return make_response(page, 400 if problem else 200)


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query)


def _rows(*conditions: Any) -> Sequence[Any]:  # noqa: ANN401 (SQL conditions)
    """The tickets of the table with who they are about and whose they are."""
    return (
        db()
        .execute(
            select(Ticket, case((visible(me()), Resident.alias), else_=""), Staff.name)
            .join(Resident, Resident.id == Ticket.resident_id)
            .outerjoin(Staff, Staff.id == Ticket.assignee_id)
            .where(in_charge(me()), *conditions)
            .order_by(MOST_URGENT_FIRST, Ticket.reply_due_at, Ticket.id)
            .limit(bulk.MOST + 1)
        )
        .all()
    )


def _people() -> list[tuple[Staff, int]]:
    people = db().scalars(
        select(Staff)
        .where(Staff.active, Staff.role.in_(routing.HANDLERS), colleagues(me()))
        .order_by(Staff.id)
    )
    able = list(people)
    loads = routing.loads_of(db(), [person.id for person in able])
    listed = [(person, loads[person.id].count) for person in able]
    return sorted(listed, key=lambda pair: (not pair[0].on_duty, pair[1], pair[0].id))


def _says(order: Order) -> str:
    """Write what is done to each ticket."""
    if order.action != Action.ASSIGN:
        return ACTIONS[order.action]
    person = db().get(Staff, order.to)
    return f"改派给{person.name if person else '不认识的人'}"


def _can_undo(bulk_id: int) -> bool:
    try:
        bulk.undoable(db(), bulk_id, me(), now=tools().now())
    except RefusedError:
        return False
    return True
