"""Who asks, and the one transaction their request runs in."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_urlsafe

from flask import Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.db.engine import reading, transaction
from bot.errors import NotAllowedError, RefusedError
from bot.knowledge.search import KnowledgeSearch
from bot.notices.seen import bell
from bot.people.tables import Role, Staff
from bot.settings import Settings
from bot.tickets.sealed.opening import acting
from handlers.console import looking
from handlers.console.access import may_call
from handlers.console.looking import Looks

READ_ONLY = frozenset(
    {
        *("knowledge.try_out", "tickets.compose", "supervise_bulk.preview"),
        # These open a transaction for each ticket they change.
        *("supervise_bulk.do", "supervise_bulk.undo"),
    }
)
"""Asked by POST to keep what was typed out of addresses and logs, yet changing nothing itself."""
BEFORE_OWN_PASSWORD = frozenset({"account.password", "auth.sign_out"})
"""What a person may open who still has the password somebody else made."""
REFUSED = 400


class NotLoggedInError(RefusedError):
    """Nobody is logged in, or the login has ended."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What the pages of the console are built with."""

    settings: Settings
    engine: Engine
    now: Clock
    search: KnowledgeSearch
    looks: Looks = field(default_factory=Looks)


@dataclass(frozen=True, slots=True)
class Who:
    """The person at the console, as page frames show them; usable after the transaction."""

    id: int
    login: str
    name: str
    role: Role
    on_duty: bool


def tools() -> Tools:
    """Return the tools of this app."""
    found: Tools = current_app.extensions["console"]
    return found


def db() -> Session:
    """Return the session of this request; never commit it."""
    opened: Session = g.db
    return opened


def me() -> Staff:
    """Return the person who asks."""
    person: Staff = g.me
    return person


def log_in(person: Staff) -> None:
    """Start a new login in this browser; nothing of an earlier one is kept."""
    session.clear()
    until = tools().now() + timedelta(hours=tools().settings.console.session_hours)
    session.update(
        id=token_urlsafe(16), staff=person.id, epoch=person.session_epoch, until=until.timestamp()
    )
    session.permanent = True


def log_out() -> None:
    """Forget the login in this browser."""
    session.clear()


def with_person(view: Callable[[], ResponseReturnValue]) -> Response:
    """
    Answer with *view* in a transaction of its own, as the person who is logged in.

    Raises:
        NotLoggedInError: nobody is; no transaction was opened if there is no cookie.
        NotAllowedError: the table of access does not let them.
    """
    if "staff" not in session:
        raise NotLoggedInError
    with _opened() as opened:
        g.db, g.me = opened, _person(opened)
        g.who = _who(g.me)
        if "HX-Request" not in request.headers:
            g.bell = bell(opened, g.me.id)
        response = current_app.make_response(_own_password_first() or _allowed(view))
        if response.status_code >= REFUSED:
            opened.rollback()  # a page that says "not saved" must be right
        else:
            looking.note_page(changes=not _reads())
    if response.status_code < REFUSED:
        now = tools().now()
        looking.put_on_record(tools().engine, tools().looks, staff_id=g.who.id, now=now)
    return response


def _allowed(view: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    if not may_call(request.endpoint, me().role):
        msg = "您的角色不能打开这一页。需要的话请找管理员。"
        raise NotAllowedError(msg)
    return view()


def _opened() -> AbstractContextManager[Session]:
    return reading(tools().engine) if _reads() else transaction(tools().engine)


def _reads() -> bool:
    return request.method in {"GET", "HEAD", "OPTIONS"} or request.endpoint in READ_ONLY


def _person(opened: Session) -> Staff:
    person = acting(opened, session["staff"], now=tools().now())
    ended = (
        person is None
        or not person.active
        or person.session_epoch != session.get("epoch")
        or tools().now().timestamp() >= session.get("until", 0)
    )
    if person is None or ended:
        # The form's token stays, so that the answer to this request can carry a login form.
        for key in ("staff", "epoch", "until"):
            session.pop(key, None)
        raise NotLoggedInError
    return person


def _who(person: Staff) -> Who:
    role = Role(person.role)
    return Who(person.id, person.login, person.name, role, on_duty=person.on_duty)


def _own_password_first() -> ResponseReturnValue | None:
    if me().must_change_password and request.endpoint not in BEFORE_OWN_PASSWORD:
        return redirect(url_for("account.password"))
    return None
