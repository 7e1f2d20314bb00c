"""An installation with something of everything, through the services that write it."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot import audit, outbox
from bot.contracts import Push
from bot.db.engine import transaction
from bot.inbox import store
from bot.knowledge.load import load_cards
from bot.people.tables import Staff
from bot.tickets.change import note_event
from tests.builders import a_caseworker, a_resident, a_ticket
from tests.conftest import CARDS, NOW

FILES = {"media/ab/ab12.jpg": b"\xff\xd8\xffpicture", "media/cd/x.amr": b"#!AMR"}
STORY = "老板跑了，“工钱”没给\t五个人 🙏 ꆈꌠ"


def furnish(engine: Engine, data_dir: Path, *, residents: int = 30) -> None:
    """Fill the database, with odd characters, and put two files beside it."""
    with transaction(engine) as session:
        load_cards(session, CARDS, now=NOW)
        staff = a_caseworker(session, languages=["彝语"])
        for number in range(residents):
            _matter(session, staff, number)
        audit.record(session, deed="login", staff_id=staff.id, now=NOW)
    for name, content in (
        ("media/ab/ab12.jpg", b"\xff\xd8\xffpicture"),
        ("media/cd/x.amr", b"#!"),
    ):
        path = data_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _matter(session: Session, staff: Staff, number: int) -> None:
    resident = a_resident(session)
    push = Push(f"k:{number}", "text", resident.openid, "gh", NOW, text=f"{STORY}{number}")
    store(session, push, resident_id=resident.id, now=NOW + timedelta(seconds=number))
    ticket = a_ticket(session, resident=resident, assignee=staff, facts={"b": [1.5], "a": None})
    note_event(session, ticket, "note", now=NOW, staff=staff, text=STORY, once="x")
    outbox.enqueue(session, resident_id=resident.id, text="收到了", now=NOW, ticket_id=ticket.id)
