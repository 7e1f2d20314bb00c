"""What a ticket takes from the message that opens it, through the whole line."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.contracts import Intent, Urgency
from bot.db.engine import reading
from bot.tickets.tables import Ticket
from tests.bot.chat import Chat
from tests.fakes import FakeNlu, SetClock


def ticket_of(chat: Chat) -> Ticket:
    with reading(chat.line.engine) as session:
        return session.scalars(select(Ticket)).one()


def test_a_township_sends_a_ticket_to_its_county(chat: Chat, nlu: FakeNlu) -> None:
    entities = {"place": ["矣六"], "place_name": ["昆明市官渡区矣六街道"]}

    chat.says(nlu.teach("矣六的厂不给工钱 帮我去要", Intent.HELP_REQUEST, entities=entities))

    assert ticket_of(chat).area_code == "530111"


def test_a_place_without_official_name_is_looked_up_as_written(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(nlu.teach("在官渡", Intent.HELP_REQUEST, entities={"place": ["官渡"]}))

    assert ticket_of(chat).area_code == "530111"


@pytest.mark.parametrize(
    ("now", "urgency", "said"),
    [
        ((10, 3), Urgency.NORMAL, ("10月8日下午5点半前", "10月8日早上8点半开始回")),
        ((10, 3), Urgency.URGENT, ("10月8日上午10点半前", "10月8日早上8点半开始回")),
        ((9, 20), Urgency.URGENT, ("今天中午12点前", "")),
        ((9, 26), Urgency.NORMAL, ("9月28日下午5点半前", "9月28日早上8点半开始回")),
    ],
    ids=["national day", "national day, urgent", "a Sunday that is worked", "mid-autumn"],
)
def test_on_a_holiday_the_next_working_morning_is_promised(
    chat: Chat, nlu: FakeNlu, clock: SetClock, *, now: tuple[int, int], urgency: Urgency,
    said: tuple[str, str],
) -> None:  # fmt: skip
    clock.at = datetime(2026, *now, 2, 0, tzinfo=UTC)  # ten in the morning

    reply = chat.says(nlu.teach("厂里不给工钱 帮我去要", Intent.HELP_REQUEST, urgency=urgency))

    assert all(words in reply for words in said)
    assert ("现在是下班时间" in reply) == bool(said[1])
