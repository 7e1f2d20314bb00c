"""Where a second factor is wanted, and sending whoever has not shown it lately to do so first."""

from datetime import datetime, timedelta

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.people.signin import second
from bot.settings import Settings
from handlers.console.access import TABLE
from handlers.console.security import came_from

WITHOUT = frozenset(
    {
        *("second.show", "second.start", "second.picture", "second.confirm", "second.prove"),
        *("auth.sign_out", "auth.present", "account.password", "notices.live", "notices.ring"),
    }
)
"""What stays open to whoever has to set one up first."""


def first(settings: Settings, now: datetime) -> ResponseReturnValue | None:
    """
    Return where this person has to go before this route, or nothing.

    Taking data away wants a code typed within `console.step_up_minutes`, and a form
    that was opened in time may be sent within twice that.  A demo lets those through
    who have not set a second factor up, so that it can be tried in one step.
    """
    if request.endpoint is None or request.endpoint in WITHOUT:
        return None
    strong = TABLE[request.endpoint].strong
    everybody = settings.console.second_factor == "everybody"
    if not strong and not everybody:
        return None
    proven_at = g.login.proven_at
    if proven_at is None and not second.has(g.db, g.me.id):
        must = everybody or settings.service.mode == "production"
        return _lead("second.show") if must else None
    within = timedelta(minutes=settings.console.step_up_minutes)
    if request.method == "POST":
        within *= 2
    stale = proven_at is None or now - proven_at > within
    return _lead("second.prove") if proven_at is None or (strong and stale) else None


def _lead(endpoint: str) -> ResponseReturnValue:
    back = request.full_path.rstrip("?") if request.method == "GET" else came_from()
    return redirect(url_for(endpoint, next=back), 303)
