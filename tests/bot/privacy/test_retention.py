"""What belongs to no matter goes when its time is over, files too, and leaves a proof."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import kept_files
from bot.conversation.tables import Conversation
from bot.inbox import InboundMessage
from bot.media import FOLDER, Media
from bot.people import consent
from bot.people.residents import lock_conversation, unfollow, wrote
from bot.people.tables import Resident
from bot.privacy import retention
from bot.privacy.erasure import erase_resident
from bot.privacy.tables import ConsentKind, Erasure
from bot.privacy.times import load_times
from bot.settings import Settings
from tests.builders import a_resident, a_ticket
from tests.conftest import BOTH, NOW

MARK = "老周打了阿英"


def said(session: Session, resident: Resident, **columns: object) -> InboundMessage:
    values: dict[str, object] = {
        "key": f"k{resident.id}-{len(session.scalars(select(InboundMessage)).all())}",
        "kind": "text", "sent_at": NOW, "received_at": NOW, "lease_until": NOW,
        "answered_at": NOW,
    }  # fmt: skip
    message = InboundMessage(resident_id=resident.id, **(values | columns))
    session.add(message)
    session.flush()
    return message


def a_picture(session: Session, message: InboundMessage, settings: Settings) -> str:
    path, small = (
        kept_files.write(settings.service.data_dir / FOLDER, b"picture", "jpg") for _ in range(2)
    )
    session.add(
        Media(
            inbound_id=message.id, media_id="m1", state="stored", path=path, preview_path=small,
            not_before=NOW,
        )
    )  # fmt: skip
    session.flush()
    return path


def run(session: Session, settings: Settings, *, days: int) -> None:
    later = NOW + timedelta(days=days, hours=1)
    while retention.expire(session, now=later, settings=settings):
        pass
    while retention.delete_files(session, now=later, settings=settings):
        session.flush()
    session.expire_all()


def files(settings: Settings) -> list[str]:
    folder = settings.service.data_dir / FOLDER
    return [path.name for path in folder.rglob("*") if path.is_file()]


@BOTH
@pytest.mark.parametrize("text", ["", MARK])
def test_pictures_and_places_without_words_go_too(
    session: Session, settings: Settings, text: str
) -> None:
    resident = a_resident(session)
    picture = said(session, resident, kind="image", details={"PicUrl": MARK}, text=text)
    place = said(session, resident, kind="location", details={"Label": MARK})
    a_picture(session, picture, settings)

    run(session, settings, days=load_times().chat_days)

    assert files(settings) == []
    assert picture.details == place.details == {}
    media = session.scalars(select(Media)).one()
    assert (media.path, media.preview_path, media.media_id) == ("", "", "")
    proof = session.scalars(select(Erasure)).one()
    assert (proof.why, proof.rows, proof.files) == ("retention", {"inbound_message": 2}, {})
    run(session, settings, days=load_times().chat_days + 1)
    assert len(session.scalars(select(Erasure)).all()) == 1  # what is empty is not emptied again


def test_a_picture_of_a_matter_stays_as_long_as_the_matter(
    session: Session, settings: Settings
) -> None:
    ticket = a_ticket(session)
    resident = session.get_one(Resident, ticket.resident_id)
    message = said(session, resident, kind="image", details={"PicUrl": MARK}, ticket_id=ticket.id)
    a_picture(session, message, settings)

    run(session, settings, days=load_times().chat_days)

    assert len(files(settings)) == 2
    assert message.details == {"PicUrl": MARK}


def test_what_a_short_answer_meant_quotes_nobody_for_ever(
    session: Session, settings: Settings
) -> None:
    resident = a_resident(session)
    talk = lock_conversation(session, resident.id, now=NOW)
    talk.pending = {"kind": "offer", "text": MARK}
    session.flush()

    run(session, settings, days=load_times().chat_days)

    assert session.scalars(select(Conversation)).one().pending == {}


@BOTH
def test_who_leaves_is_forgotten_but_for_their_matters(
    session: Session, settings: Settings
) -> None:
    gone, back = a_resident(session), a_resident(session)
    ticket = a_ticket(session, resident=gone)
    loose, matter = said(session, gone, text=MARK), said(session, gone, text=MARK)
    matter.ticket_id = ticket.id
    kept = said(session, back, text=MARK)
    for resident in (gone, back):
        unfollow(session, resident, now=NOW)
    wrote(session, back.openid, now=NOW + timedelta(days=1))
    days = load_times().unfollowed_chat_days

    run(session, settings, days=days - 1)
    assert loose.text == MARK
    run(session, settings, days=days)

    assert [loose.text, matter.text, kept.text] == ["", MARK, MARK]


def test_talk_of_no_matter_goes_sooner_and_next_day_where_they_said_no(
    session: Session, settings: Settings
) -> None:
    yes, no = a_resident(session), a_resident(session)
    for resident in (yes, no):
        said(session, resident, text=MARK)
    for given in (True, False):
        consent.note(session, no.id, ConsentKind.NOTICE, version="1", given=given, now=NOW)
    session.flush()

    def left(days: int) -> list[int]:
        run(session, settings, days=days)
        messages = session.scalars(select(InboundMessage))
        return [message.resident_id for message in messages if message.text]

    assert left(0) == [yes.id, no.id]
    assert left(1) == [yes.id]
    assert left(load_times().chat_days) == []


def test_what_came_in_the_moment_of_a_deletion_goes_too(
    session: Session, settings: Settings
) -> None:
    gone, other = a_resident(session), a_resident(session)
    erase_resident(session, gone, by=None, now=NOW)
    late, kept = (said(session, it, text=MARK, reply=MARK) for it in (gone, other))

    retention.expire(session, now=NOW + timedelta(hours=1), settings=settings)

    session.expire_all()
    assert (late.text, late.reply, kept.text) == ("", "", MARK)
