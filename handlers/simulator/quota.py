"""
How many messages the service may send a resident, and until when.

A message opens 5 for 48 hours; a menu tap, a follow, a scan or a choice tapped
in a message opens 3 for one minute.  The platform does not say how two open
windows add up, so the strict reading is played: nothing adds up, a message
sent is taken from every open window, and a new message sets 5, never more.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from handlers.simulator.model import Json, Window

OUT_OF_TIME = 45015
TOO_MANY = 45047
RULES = {"message": (5, timedelta(hours=48)), "action": (3, timedelta(minutes=1))}


def opened(windows: tuple[Window, ...], cause: str, now: datetime) -> tuple[Window, ...]:
    """Return the windows after the resident did what *cause* says; `""` opens none."""
    if not cause:
        return windows
    limit, span = RULES[cause]
    fresh = Window(cause, limit, used=0, opened_at=now, expires_at=now + span)
    return (*(window for window in windows if window.cause != cause), fresh)


def spend(windows: tuple[Window, ...], now: datetime) -> tuple[int, tuple[Window, ...]]:
    """Take one message; return errcode 0 and the windows left, or the refusal."""
    live = [window for window in windows if window.expires_at > now]
    if not live:
        return OUT_OF_TIME, windows
    if all(window.used >= window.limit for window in live):
        return TOO_MANY, windows
    return 0, tuple(replace(w, used=min(w.used + 1, w.limit)) for w in live)


def describe(windows: tuple[Window, ...], now: datetime) -> Json:
    """Return what is left, of how many, and for how many seconds."""
    live = [window for window in windows if window.expires_at > now]
    if not live:
        return {"left": 0, "limit": 0, "seconds": 0, "cause": "", "expires_at": None}
    best = max(live, key=lambda window: (window.limit - window.used, window.expires_at))
    return {
        "left": best.limit - best.used,
        "limit": best.limit,
        "seconds": int((best.expires_at - now).total_seconds()),
        "cause": best.cause,
        "expires_at": best.expires_at.isoformat(),
    }
