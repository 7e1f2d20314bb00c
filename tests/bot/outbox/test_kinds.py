"""Files and notices, and what the service no longer says once a person speaks."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot import outbox
from bot.contracts import Action
from bot.conversation.tables import Speaker
from bot.errors import SendRefusedError
from bot.inbox import InboundMessage
from bot.outbox import Kind, OutboundMessage, SendState
from bot.outbox.finished import note_failed
from bot.people.residents import lock_conversation
from bot.wechat.outcomes import error_for
from tests.bot.outbox.steps import LEASE, claim, failure, left, put
from tests.builders import a_caseworker, a_resident, a_ticket
from tests.conftest import NOW
from tests.fakes import FakeWeChat


def other(session: Session, resident: int, kind: Kind, **details: str) -> OutboundMessage:
    row = outbox.enqueue_other(
        session, resident_id=resident, kind=kind, text="您有一条新答复", details=details, now=NOW,
        ticket_id=a_ticket(session).id, staff_id=a_caseworker(session).id, once_key=f"{kind}:1",
    )  # fmt: skip
    session.flush()
    return row


def test_a_picture_goes_out_as_its_bytes(session: Session, resident: int, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"picture")
    other(session, resident, Kind.IMAGE, path="a.jpg", content_type="image/jpeg")
    api = FakeWeChat()

    result = outbox.deliver(api, claim(session), folder=tmp_path)

    assert (result.outcome, api.files) == ("accepted", [("image", b"picture", "image/jpeg")])
    assert left(session, resident) == 4


def test_a_file_that_is_gone_is_refused_and_costs_nothing(
    session: Session, resident: int, tmp_path: Path
) -> None:
    row = other(session, resident, Kind.IMAGE, path="a.jpg", content_type="image/jpeg")
    sendable = claim(session)

    result = outbox.deliver(FakeWeChat(), sendable, folder=tmp_path)
    outbox.note_result(session, sendable, result, now=NOW)

    assert (row.state, row.outcome) == (SendState.REFUSED, "file_gone")
    assert left(session, resident) == 5


def test_a_notice_needs_no_window_and_no_budget(session: Session) -> None:
    resident = a_resident(session).id
    put(session, resident, "等着的话")
    assert outbox.claim(session, now=NOW, lease=LEASE) is None
    row = other(session, resident, Kind.NOTICE)

    sendable = claim(session)
    outbox.note_result(session, sendable, outbox.deliver(FakeWeChat(), sendable), now=NOW)

    assert (row.state, row.details["notice_id"]) == (SendState.ACCEPTED, "1")


@pytest.mark.parametrize(
    ("code", "outcome"), [(43101, "no_consent"), (40037, "bad_template"), (43004, "not_following")]
)
def test_a_notice_wechat_refuses_says_why(session: Session, code: int, outcome: str) -> None:
    row = other(session, a_resident(session).id, Kind.NOTICE)
    error = error_for(code)
    assert isinstance(error, SendRefusedError)
    sendable = claim(session)

    result = outbox.deliver(FakeWeChat(fails=error), sendable)
    outbox.note_result(session, sendable, result, now=NOW)

    assert (row.state, row.outcome) == (SendState.REFUSED, outcome)


def test_a_notice_is_never_held_by_a_shut_window(session: Session) -> None:
    row = other(session, a_resident(session).id, Kind.NOTICE)

    outbox.note_result(session, claim(session), failure(45015), now=NOW)

    assert row.state == SendState.REFUSED


@pytest.mark.parametrize("early", [True, False])
def test_a_notice_that_did_not_reach_the_phone_is_not_shown_as_sent(
    session: Session, *, early: bool
) -> None:
    resident = a_resident(session).id
    row = other(session, resident, Kind.NOTICE)
    sendable = claim(session)
    if early:  # WeChat tells it before we have noted that WeChat took the notice
        note_failed(session, resident, "1", now=NOW)

    outbox.note_result(session, sendable, outbox.deliver(FakeWeChat(), sendable), now=NOW)
    note_failed(session, resident, "another", now=NOW)
    note_failed(session, resident, "1", now=NOW)

    assert (row.state, row.outcome) == (SendState.REFUSED, "notice_failed")


def answers(session: Session, resident: int, action: Action) -> OutboundMessage:
    """What the service wanted to say to a message, on its way."""
    asked = InboundMessage(
        key="m:1", resident_id=resident, kind="text", sent_at=NOW, received_at=NOW,
        lease_until=NOW, action=action,
    )  # fmt: skip
    session.add(asked)
    session.flush()
    [row] = outbox.enqueue(
        session, resident_id=resident, text="机器人的话", now=NOW, inbound_id=asked.id
    )
    return row


def test_the_service_is_silent_once_a_person_speaks(session: Session, resident: int) -> None:
    row = answers(session, resident, Action.ANSWER)
    lock_conversation(session, resident, now=NOW).speaker = Speaker.PERSON

    assert outbox.claim(session, now=NOW, lease=LEASE) is None

    assert (row.state, row.outcome) == (SendState.WITHDRAWN, "person_speaks")
    assert left(session, resident) == 5


def test_what_is_withdrawn_after_a_try_that_nobody_finished_may_have_arrived(
    session: Session, resident: int
) -> None:
    row = answers(session, resident, Action.ANSWER)
    claim(session)  # and whoever took it was killed
    lock_conversation(session, resident, now=NOW).speaker = Speaker.PERSON

    assert outbox.claim(session, now=NOW + LEASE, lease=LEASE) is None

    assert (row.state, row.outcome) == (SendState.WITHDRAWN, "person_speaks")
    assert row.doubtful


def test_help_in_a_crisis_is_said_whoever_speaks(session: Session, resident: int) -> None:
    answers(session, resident, Action.CRISIS)
    lock_conversation(session, resident, now=NOW).speaker = Speaker.PERSON

    assert claim(session).text == "机器人的话"
