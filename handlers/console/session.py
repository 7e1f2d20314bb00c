"""Who asks, and the one transaction their request runs in."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_urlsafe

import structlog
from flask import Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.db.engine import reading, transaction
from bot.db.news import News
from bot.db.replica import Replica
from bot.errors import NotAllowedError, RefusedError
from bot.knowledge.search import KnowledgeSearch
from bot.notices.seen import Bell, bell_counts
from bot.people.signin import sessions
from bot.people.signin.devices import device_name
from bot.people.signin.tables import Login
from bot.people.tables import Role, Staff
from bot.settings import Settings
from bot.tickets.sealed.opening import holding
from handlers.console import looking, proving
from handlers.console.access import may_call
from handlers.console.looking import Looks
from handlers.console.security import REFUSED

READ_ONLY = frozenset(
    {
        *("knowledge.try_out", "tickets.compose", "supervise_bulk.preview"),
        "knowledge_asked.choose",
        # These open a transaction for each ticket they change.
        *("supervise_bulk.do", "supervise_bulk.undo"),
    }
)
"""Asked by POST to keep what was typed out of addresses and logs, yet changing nothing itself."""
FROM_REPLICA = frozenset(
    {
        *("reports.show", "reports.equal", "reports_weekly.list_reports", "reports_weekly.show"),
        *("supervise.show", "supervise.live"),
    }
)
"""Pages that count much and may be some seconds old."""
BEFORE_OWN_PASSWORD = frozenset({"account.password", "auth.sign_out"})
"""What a person may open who still has the password somebody else made."""


log = structlog.get_logger(__name__)

KEY = "id"
"""Of the cookie: the number of a login."""
NOTE_SEEN = timedelta(minutes=1)
BY_ITSELF = frozenset(
    {
        *("tickets.live", "tickets.here", "tickets.left", "tickets.seen", "notices.live"),
        *("notices.ring", "notices.wechat_state", "supervise.live", "reports_exports.live"),
        *("policies.upload_live", "auth.present"),
    }
)
"""What an open page asks with nobody before it: a login is not kept alive by that."""


class NotLoggedInError(RefusedError):
    """Nobody is logged in, or the login has ended."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What the pages of the console are built with."""

    settings: Settings
    engine: Engine
    now: Clock
    search: KnowledgeSearch
    replica: Replica | None = None
    news: News | None = None
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


def log_in(opened: Session, person: Staff, *, proven: bool = False) -> None:
    """Start a new login in this browser; nothing of an earlier one is kept."""
    session.clear()
    now, key = tools().now(), token_urlsafe(32)
    device = device_name(request.user_agent.string)
    browser = sessions.Browser(key, device, request.remote_addr or "")
    until = now + timedelta(hours=tools().settings.console.session_hours)
    g.login = sessions.start(opened, person, browser, until=until, now=now, proven=proven)
    session[KEY] = key
    session.permanent = True


def log_out() -> None:
    """End the login in this browser."""
    this_login().ended_at = tools().now()
    session.clear()


def this_login() -> Login:
    """Return the login that this request came with."""
    login: Login = g.login
    return login


def idle_time() -> timedelta:
    """Return how long a login lasts while nobody does anything."""
    return timedelta(minutes=tools().settings.console.idle_minutes)


def with_person(view: Callable[[], ResponseReturnValue]) -> Response:
    """
    Answer with *view* in a transaction of its own, as the person who is logged in.

    Raises:
        NotLoggedInError: nobody is; no transaction was opened if there is no cookie.
        NotAllowedError: the table of access does not let them.
    """
    if KEY not in session:
        raise NotLoggedInError
    with _opened() as opened:
        g.db = opened
        g.me, g.login = _person(opened)
        g.who = _who(g.me)
        response = current_app.make_response(_own_password_first() or _from_replica(view))
        if response.status_code >= REFUSED:
            opened.rollback()  # a page that says "not saved" must be right
        else:
            looking.note_page(changes=not _reads())
            _note_seen(opened)
    if response.status_code < REFUSED:
        now = tools().now()
        looking.put_on_record(tools().engine, tools().looks, staff_id=g.who.id, now=now)
        _keep_seen()
    return response


def _from_replica(view: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """
    Answer with *view*, its numbers from the replica where there is one that is fresh.

    Who asks, and what they may, was read from the primary, and counts from the moment it changes.
    """
    replica = tools().replica
    if request.endpoint not in FROM_REPLICA or replica is None or not replica.is_fresh():
        return _allowed(view)
    first = g.db
    try:
        with replica.reading() as g.db:
            return _allowed(view)
    except SQLAlchemyError as error:
        log.warning("replica_failed", error=type(error).__name__)
    finally:
        g.db = first
    return _allowed(view)


def _allowed(view: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    if not may_call(request.endpoint, me().role):
        msg = "您的角色不能打开这一页。需要的话请找管理员。"
        raise NotAllowedError(msg)
    return proving.first(tools().settings, tools().now()) or view()


def _note_seen(opened: Session) -> None:
    """Note that somebody, and not a page by itself, did something."""
    now = tools().now()
    g.seen = request.endpoint not in BY_ITSELF and now - g.login.seen_at >= NOTE_SEEN
    if g.seen and not _reads():
        opened.get_one(Login, g.login.id).seen_at = now


def _keep_seen() -> None:
    if g.seen and _reads():
        with transaction(tools().engine) as opened:
            opened.get_one(Login, g.login.id).seen_at = tools().now()


def _opened() -> AbstractContextManager[Session]:
    return reading(tools().engine) if _reads() else transaction(tools().engine)


def _reads() -> bool:
    return request.method in {"GET", "HEAD", "OPTIONS"} or request.endpoint in READ_ONLY


def _person(opened: Session) -> tuple[Staff, Login]:
    """Whose login the cookie holds, with what they hold open and have not seen; in one query."""
    now = tools().now()
    wanted = holding(sessions.of_cookie(session[KEY]), now=now)
    rows = opened.execute(wanted.add_columns(*bell_counts())).all()
    if not rows or not sessions.runs(rows[0][0], rows[0][1], idle=idle_time(), now=now):
        # The form's token stays, so that the answer to this request can carry a login form.
        session.pop(KEY)
        raise NotLoggedInError
    person, login, _, unseen, urgent, trouble = rows[0]
    person.opened = frozenset(row[2] for row in rows if row[2] is not None)
    if "HX-Request" not in request.headers:
        g.bell = Bell(unseen, urgent, bool(trouble))
    return person, login


def _who(person: Staff) -> Who:
    role = Role(person.role)
    return Who(person.id, person.login, person.name, role, on_duty=person.on_duty)


def _own_password_first() -> ResponseReturnValue | None:
    if me().must_change_password and request.endpoint not in BEFORE_OWN_PASSWORD:
        return redirect(url_for("account.password"))
    return None
