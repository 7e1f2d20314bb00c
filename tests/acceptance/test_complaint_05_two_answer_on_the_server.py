"""Two workers answer at once, or a lock shuts everybody out."""

import pytest
from sqlalchemy.orm import Session

from bot.errors import ConflictError
from bot.tickets import moves
from bot.tickets.change import last_event_id
from tests.bot.tickets.deeds import LATER, said
from tests.builders import a_caseworker, a_ticket


def test_who_comes_second_is_told_and_loses_no_word(session: Session) -> None:
    quick, slow = a_caseworker(session, name="李明"), a_caseworker(session, name="王芳")
    ticket = a_ticket(session, state="triage")
    seen = last_event_id(session, ticket.id)

    moves.reply(
        session, ticket.number, by=moves.Act(quick, seen, LATER), text="您在哪？", once="a"
    )
    ticket.assignee_id = slow.id  # handed over while she was typing
    with pytest.raises(ConflictError, match="李明"):
        moves.reply(
            session, ticket.number, by=moves.Act(slow, seen, LATER), text="我来办", once="b"
        )
    now_seen = last_event_id(session, ticket.id)
    moves.reply(
        session, ticket.number, by=moves.Act(slow, now_seen, LATER), text="我来办", once="b"
    )

    sent = said(session)
    assert len(sent) == 2
    assert "您在哪？" in sent[0]
    assert "我来办" in sent[1]
