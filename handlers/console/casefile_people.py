"""The people behind a phone, their household, and the tickets that have to do with each other."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot import audit
from bot.casefile import households, persons
from bot.casefile.persons import Told
from bot.casefile.tables import Person
from bot.errors import InvalidInputError
from bot.people.tables import Role
from bot.tickets import scope
from handlers.console.casefile_forms import back, number
from handlers.console.looking import looked
from handlers.console.session import db, me, tools

YEAR_DIGITS = 4


def add_routes(routes: Blueprint) -> None:
    """Add the pages of people and households."""
    for name, view in (("record", record), ("recognise", recognise), ("about", about)):
        rule = f"/tickets/<number>/people/{name}"
        routes.add_url_rule(rule, name, view, methods=["POST"])
    routes.add_url_rule("/households/<int:household_id>", "household", household)
    for name, deed in DEEDS.items():
        rule = f"/households/<int:household_id>/{name}"
        routes.add_url_rule(rule, f"household_{name}", deed, methods=["POST"])


def record(number: str) -> ResponseReturnValue:
    """Record somebody behind the ticket's phone."""
    ticket, form = scope.find(db(), number, staff=me()), request.form
    name, reason = form.get("name", ""), form.get("needed_for", "")
    told = Told(form.get("relation", ""), _year(), name, reason, form.get("about") == "1")
    person = persons.record(db(), ticket, told, by=me(), now=tools().now())
    _live_with(person)
    flash(f"记下了，代号 {person.alias}。")
    return back(url_for("file.show", number=number))


def recognise(number: str) -> ResponseReturnValue:
    """Say that somebody recorded before also uses this phone."""
    ticket, form = scope.find(db(), number, staff=me()), request.form
    alias, relation = form.get("alias", ""), form.get("relation", "")
    person = persons.recognise(db(), ticket, alias, relation, by=me(), now=tools().now())
    flash(f"连上了 {person.alias}。")
    return back(url_for("file.show", number=number))


def about(number: str) -> ResponseReturnValue:
    """Say that the ticket is about somebody, or is not."""
    ticket = scope.find(db(), number, staff=me())
    person = persons.find(db(), _person(), me())
    on = request.form.get("on") == "1"
    persons.tell_about(db(), ticket, person, on=on, by=me(), now=tools().now())
    return back(url_for("file.show", number=number))


def household(household_id: int) -> ResponseReturnValue:
    """Show the household: who, what they are to each other, their tickets."""
    found = households.home(db(), household_id, me())
    looked("household.read", f"household:{household_id}")
    numbers = households.phones(db(), [person.id for person in found.members], me())
    # A name is for who has a matter of that person in hand.
    own = {
        it for ticket, aliases in found.tickets if _answers(ticket.assignee_id) for it in aliases
    }
    return render_template(
        "casefile/household.html", home=found, phones=numbers, kinds=households.KINDS, own=own,
        year=tools().now().year,
    )  # fmt: skip


def tie(household_id: int) -> ResponseReturnValue:
    """Note what one of them is to another."""
    kind = request.form.get("kind", "")
    households.tie(db(), _person(), number("other"), kind, by=me(), now=tools().now())
    return _done(household_id, "tie")


def untie(household_id: int) -> ResponseReturnValue:
    """Take that back."""
    households.untie(db(), number("tie"), by=me(), now=tools().now())
    return _done(household_id, "untie")


def phone(household_id: int) -> ResponseReturnValue:
    """Note a number somebody is reached at."""
    safe = request.form.get("safe") == "1"
    phone_number = request.form.get("phone", "")
    households.add_phone(db(), _person(), phone_number, safe=safe, by=me())
    return _done(household_id, "phone")


def leave(household_id: int) -> ResponseReturnValue:
    """Take somebody out of the household."""
    households.leave(db(), household_id, _person(), by=me())
    audit.record(
        db(), deed="household.leave", now=tools().now(), staff_id=me().id,
        subject=f"person {_person()}",
    )  # fmt: skip
    flash("移出了这一户。")
    return redirect(url_for("casefile.tasks"), 303)


DEEDS: dict[str, Callable[[int], ResponseReturnValue]] = {
    "tie": tie,
    "untie": untie,
    "phone": phone,
    "leave": leave,
}


def _done(household_id: int, deed: str) -> ResponseReturnValue:
    audit.record(
        db(), deed=f"household.{deed}", now=tools().now(), staff_id=me().id,
        subject=f"household {household_id}",
    )  # fmt: skip
    flash("记下了。")
    return redirect(url_for("file.household", household_id=household_id), 303)


def _live_with(person: Person) -> None:
    with_id = number("home")
    if not with_id:
        return
    other = persons.find(db(), with_id, me())
    home = households.live_together(db(), person, other, by=me(), now=tools().now())
    audit.record(
        db(), deed="household.join", now=tools().now(), staff_id=me().id,
        subject=f"household {home.id}",
    )  # fmt: skip


def _answers(assignee_id: int | None) -> bool:
    return me().role == Role.SUPERVISOR or assignee_id == me().id


def _person() -> int:
    return number("person")


def _year() -> int | None:
    text = request.form.get("year", "").strip()
    if not text:
        return None
    if not (text.isdecimal() and len(text) == YEAR_DIGITS):
        msg = "出生年份不对，请写四位数字，如 1985。"
        raise InvalidInputError(msg)
    return int(text)
