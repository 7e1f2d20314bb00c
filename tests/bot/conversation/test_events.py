"""Follow, unfollow, scan and menu taps."""

import pytest
from sqlalchemy import select

from bot import wording, wording_personal
from bot.contracts import Intent
from bot.db.engine import reading, transaction
from bot.people.tables import Organisation, Resident, Scene
from bot.tickets.tables import Ticket
from tests.bot.chat import Chat
from tests.fakes import FakeNlu


def resident(chat: Chat) -> Resident:
    with reading(chat.line.engine) as session:
        return session.scalars(select(Resident)).one()


def test_a_follower_is_welcomed_and_the_code_remembered(chat: Chat) -> None:
    reply = chat.sends("event.subscribe", details={"EventKey": "qrscene_village-7"})

    assert reply == wording.WELCOME
    assert resident(chat).scene == "village-7"


def test_a_payments_number_is_no_code_of_ours(chat: Chat) -> None:
    chat.sends("event.subscribe", details={"EventKey": "last_trade_no_4200"})

    assert resident(chat).scene == ""


def test_a_scan_changes_the_code(chat: Chat) -> None:
    chat.sends("event.subscribe", details={"EventKey": "qrscene_village-7"})

    assert chat.sends("event.scan", details={"EventKey": "school-1"}) == wording.WELCOME_BACK
    assert resident(chat).scene == "school-1"


def test_who_unfollows_is_told_nothing(chat: Chat) -> None:
    chat.sends("event.subscribe")

    assert chat.sends("event.unsubscribe") == ""
    assert not resident(chat).following


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("隐私", wording_personal.PRIVACY),
        ("查进度", wording.STATUS_NONE),
        ("撤销", wording.WITHDRAW_NONE),
    ],
)
def test_a_menu_tap_does_what_its_word_does(chat: Chat, key: str, words: str) -> None:
    assert chat.sends("event.click", details={"EventKey": key}) == words


def test_a_tap_for_a_person_opens_a_ticket(chat: Chat) -> None:
    assert "编号" in chat.sends("event.click", details={"EventKey": "找社工"})


@pytest.mark.parametrize("kind", ["event.view", "event.location", "event.debug_demo"])
def test_other_events_are_kept_in_silence(chat: Chat, kind: str) -> None:
    assert chat.sends(kind) == ""
    assert chat.last().answered_at is not None


def test_an_event_does_not_break_in_on_a_talk(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach("帮我找老板要钱", Intent.HELP_REQUEST))

    assert chat.sends("event.view") == ""


@pytest.mark.parametrize("event", ["event.subscribe", "event.scan"])
def test_who_scans_a_poster_belongs_there_from_the_first_message(chat: Chat, event: str) -> None:
    with transaction(chat.line.engine) as session:
        station = Organisation(name="官渡社工站", created_at=chat.line.now())
        session.add(station)
        session.flush()
        session.add(
            Scene(
                code="k3f9w2m7p4xt",
                name="关上社区",
                area_code="530111001001",
                organisation_id=station.id,
                made_at=chat.line.now(),
            )
        )
    key = "qrscene_k3f9w2m7p4xt" if event == "event.subscribe" else "k3f9w2m7p4xt"

    chat.sends(event, details={"EventKey": key})
    chat.says("人工")

    with reading(chat.line.engine) as session:
        ticket = session.scalars(select(Ticket)).one()
        assert (ticket.area_code, ticket.organisation_id) == ("530111001001", 1)


def test_what_the_platform_reports_is_no_sign_of_life(chat: Chat) -> None:
    chat.sends("event.subscribe")
    seen = resident(chat).last_inbound_at
    chat.line.now.move(hours=1)  # type: ignore[attr-defined]

    reply = chat.sends("event.templatesendjobfinish", details={"MsgID": "7", "Status": "success"})

    assert reply == ""
    assert resident(chat).last_inbound_at == seen
