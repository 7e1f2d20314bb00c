"""E-mail to staff really speaks SMTP."""

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.errors import SendLaterError, SendRefusedError
from bot.notices.mail import Mailer
from bot.notices.posts import MailPost
from bot.settings import Mail, Settings
from tests.bot.notices.mail_server import Mailbox, mail_server
from tests.bot.notices.parcels import LINK, PARCEL


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


def mailing(settings: Settings, box: Mailbox, **changes: object) -> MailPost:
    values = {
        "host": "127.0.0.1", "port": box.port, "security": "none",
        "sender": "云桥 <yunqiao@example.org>", "timeout_seconds": 2,
    }  # fmt: skip
    ours = settings.model_copy(update={"mail": Mail.model_validate(values | changes)})
    return MailPost(ours, Mailer(ours))


def test_a_mail_says_that_something_waits_and_where(linked: Settings, box: Mailbox) -> None:
    mailing(linked, box).send(PARCEL)

    [message] = box.took
    assert message["From"] == "云桥 <yunqiao@example.org>"
    assert message["To"] == "wang@example.org"
    assert message["Subject"] == "云桥：您有新的工单，请到工作台查看"
    assert "2611-0041" in message.get_content()
    assert LINK in message.get_content()


def test_the_same_mail_has_the_same_id_whenever_it_is_tried(
    linked: Settings, box: Mailbox
) -> None:
    mailing(linked, box).send(PARCEL)
    mailing(linked, box).send(replace(PARCEL, deliveries={7: 2}))
    mailing(linked, box).send(replace(PARCEL, deliveries={8: 1}))

    first, second, third = (message["Message-ID"] for message in box.took)
    assert first == second != third


def test_the_mail_server_is_logged_into(linked: Settings, box: Mailbox) -> None:
    mailing(linked, box, user="yunqiao", password="secret").send(PARCEL)

    assert any(line.startswith("AUTH PLAIN") for line in box.said)


def test_an_address_nobody_has_is_refused_for_good(linked: Settings, box: Mailbox) -> None:
    box.unknown.add("wang@example.org")

    with pytest.raises(SendRefusedError, match="mail_address"):
        mailing(linked, box).send(PARCEL)


@pytest.mark.parametrize(
    ("greeting", "password_ok", "outcome"),
    [
        ("220 ready", False, "mail_login"),
        ("421 too busy", True, "mail_server"),
        ("hello", True, "mail_server"),
    ],
)
def test_a_mail_server_that_takes_nothing_is_asked_again(
    linked: Settings, box: Mailbox, greeting: str, *, password_ok: bool, outcome: str
) -> None:
    box.greeting, box.password_ok = greeting, password_ok

    with pytest.raises(SendLaterError, match=outcome):
        mailing(linked, box, user="yunqiao", password="secret").send(PARCEL)


def test_no_mail_goes_out_in_the_clear_unless_that_is_set(linked: Settings, box: Mailbox) -> None:
    with pytest.raises(SendLaterError, match="mail_server"):
        mailing(linked, box, security="starttls").send(PARCEL)

    assert box.took == []


def test_a_mail_server_that_is_not_there_is_asked_again(linked: Settings) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        nobody = Mailbox(port=held.getsockname()[1])

        with pytest.raises(SendLaterError, match="network"):
            mailing(linked, nobody).send(PARCEL)
