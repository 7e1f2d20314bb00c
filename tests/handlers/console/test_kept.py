"""Files that somebody sent are handed out so that they can do nothing in our name."""

import pytest
from sqlalchemy import Engine

from bot.db.engine import transaction
from bot.media import Media
from bot.settings import Settings
from bot.tickets.tables import Ticket
from tests.handlers.console.conftest import Browser
from tests.handlers.console.test_tickets_page import a_picture


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "application/pdf"])
def test_what_could_hold_a_script_is_only_saved(
    desk: Browser, engine: Engine, ticket: Ticket, settings: Settings, content_type: str
) -> None:
    with transaction(engine) as session:
        media_id = a_picture(session, ticket, settings.service.data_dir)
        session.get_one(Media, media_id).content_type = content_type

    answer = desk.client.get(f"/tickets/{ticket.number}/media/{media_id}", buffered=True)

    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
