"""Pictures, voice and places."""

import pytest
from sqlalchemy import select

from bot import wording
from bot.contracts import Action, Intent
from bot.db.engine import reading
from bot.media import Media
from bot.people.tables import Resident
from tests.bot.chat import Chat
from tests.fakes import FakeNlu


def test_a_recognised_voice_is_read_like_a_text(chat: Chat) -> None:
    reply = chat.sends("voice", text="老板拖欠工资咋个办", details={"MediaId": "m1"})

    assert "12333" in reply


def test_a_voice_nobody_wrote_down_goes_to_a_person(chat: Chat) -> None:
    reply = chat.sends("voice", details={"MediaId": "m1"})

    assert "已转给社工听" in reply
    assert chat.last().action == Action.HANDOFF


def test_a_picture_is_fetched_and_asked_about(chat: Chat) -> None:
    assert chat.sends("image", details={"MediaId": "m1"}) == wording.MEDIA_SAVED

    with reading(chat.line.engine) as session:
        assert session.scalars(select(Media.media_id)).all() == ["m1"]


@pytest.mark.parametrize("kind", ["image", "voice", "video", "location", "link"])
def test_what_comes_while_a_matter_is_live_is_kept_with_it(
    chat: Chat, nlu: FakeNlu, kind: str
) -> None:
    chat.says(nlu.teach("帮我找老板要钱", Intent.HELP_REQUEST))
    ticket = chat.last().ticket_id

    assert "编号" in chat.sends(kind)
    assert chat.last().ticket_id == ticket


def test_a_place_is_remembered(chat: Chat) -> None:
    chat.sends("location", details={"Label": "云南省昆明市官渡区广福路"})

    with reading(chat.line.engine) as session:
        assert session.scalars(select(Resident.area_code)).one() == "530111"


def test_an_unknown_kind_is_answered_kindly(chat: Chat) -> None:
    assert chat.sends("unknown.file") == wording.NOTHING_SAID
