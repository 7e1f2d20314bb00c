"""What a ticket takes from the message that opens it, through the whole line."""

from sqlalchemy import select

from bot.contracts import Intent
from bot.db.engine import reading
from bot.tickets.tables import Ticket
from tests.bot.chat import Chat
from tests.fakes import FakeNlu


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
