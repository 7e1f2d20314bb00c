"""Pages that ask again and again by themselves: nothing new is said without the database."""

import hashlib
from collections.abc import Callable

from flask import Response, make_response, request, session

from handlers.console.session import FROM_REPLICA, KEY, tools

ASKED_AGAIN = frozenset({"tickets.live", "supervise.live", "notices.live", "notices.ring"})
"""They answer 204 to whoever has what there is; nothing else of them is ever kept."""
NOTHING_NEW = 204


def unless_unchanged(answer: Callable[[], Response]) -> Response:
    """
    Answer the request, or say nothing new where the very same was told so a moment ago.

    The same: this login, this address, the same on the page.  Anything that was written
    since, somebody's login or rights among it, makes it be asked properly.
    """
    news = tools().news
    if news is None or not _may_be_known():
        return answer()
    asked = _name()
    look = news.look(asked)
    if look.nothing_new:
        return make_response("", NOTHING_NEW)
    response = answer()
    if response.status_code == NOTHING_NEW:
        news.keep(asked, look)
    return response


def _may_be_known() -> bool:
    if request.endpoint not in ASKED_AGAIN or request.method != "GET" or KEY not in session:
        return False
    # A replica may not have yet what was told already.
    return request.endpoint not in FROM_REPLICA or tools().replica is None


def _name() -> str:
    """Name login and address by what tells nothing of either."""
    return hashlib.sha256(f"{session[KEY]} {request.full_path}".encode()).hexdigest()
