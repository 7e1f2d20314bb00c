"""After a deletion no word is left anywhere, and everything still counts as before."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import JSON, Boolean, Column, Integer, Table, insert, select
from sqlalchemy.orm import Session

from bot import kept_files, sealing
from bot.casefile.tables import Attachment, Person
from bot.contracts import Intent, Urgency
from bot.db.all_tables import metadata
from bot.db.types import SealedJson, UTCDateTime
from bot.errors import InvalidInputError
from bot.inbox import InboundMessage
from bot.media import FOLDER, Media
from bot.outbox import OutboundMessage, SendState
from bot.people.consent import Object, Said
from bot.people.tables import Resident, Role, Staff
from bot.privacy import belonging, holds, retention
from bot.privacy.erasure import erase_resident, erase_ticket
from bot.privacy.tables import ConsentKind, Erasure, How
from bot.privacy.times import load_times
from bot.settings import Settings
from bot.tickets import agreeing, check, moves, watching
from bot.tickets.opening import open_ticket
from bot.tickets.tables import CloseCode, State, Ticket
from tests.builders import a_caseworker, a_resident, a_ticket
from tests.conftest import NOW

MARK = "老周打了阿英"
SEALED_TABLES = [*(table.name for table in belonging.tables_with_stories()), "person"]


@pytest.fixture
def boss(session: Session) -> Staff:
    return a_caseworker(session, role=Role.SUPERVISOR)


def a_value(column: Column[object], planted: dict[str, int]) -> object:
    """Something for the column: a word that must go, or the least that a row needs."""
    for reference in column.foreign_keys:
        return planted.get(reference.column.table.name)
    if column in belonging.story_columns(column.table):
        return {"facts": {"who": MARK}} if isinstance(column.type, SealedJson) else MARK
    if column.nullable or column.primary_key:
        return None
    least: dict[type, object] = {Boolean: False, Integer: 1, UTCDateTime: NOW, JSON: {}}
    found = (value for kind, value in least.items() if isinstance(column.type, kind))
    return next(found, column.name[:8])


def plant(session: Session, ticket: Ticket) -> dict[str, int]:
    """Put a row into every table that keeps stories, all of one resident."""
    planted = {
        "resident": ticket.resident_id,
        "ticket": ticket.id,
        "staff": a_caseworker(session).id,
    }
    session.flush()
    for table in metadata.sorted_tables:
        if table.name in planted or table.name not in {*SEALED_TABLES, "media", "bulk_deed"}:
            continue
        values = {column.name: a_value(column, planted) for column in table.columns}
        values = {name: value for name, value in values.items() if value is not None}
        if "id" in table.c:
            key = session.execute(insert(table).values(values).returning(table.c.id)).scalar_one()
            planted[table.name] = key
        else:
            session.execute(insert(table).values(values))
    return planted


def words_left(session: Session) -> Iterator[str]:
    session.flush()
    for name in [*SEALED_TABLES, "resident"]:
        table = metadata.tables[name]
        for row in session.execute(select(table)).mappings():
            if MARK in repr(dict(row)):
                yield name


def a_closed_ticket(session: Session, resident: Resident | None = None) -> Ticket:
    return a_ticket(
        session, resident=resident, state=State.CLOSED, summary=MARK, outcome=MARK, reason=MARK,
        facts={"people": MARK, "languages": ["彝语"]}, closed_at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize("name", SEALED_TABLES)
def test_every_table_that_keeps_stories_leads_to_whose_they_are(name: str) -> None:
    table: Table = metadata.tables[name]
    if name != "person":  # by the ticket it was told of in
        assert "false" not in str(belonging.of_resident(table, 1)).lower()


def test_no_word_is_left_of_who_had_everything_deleted(session: Session, boss: Staff) -> None:
    ticket = a_closed_ticket(session)
    plant(session, ticket)
    person = session.scalars(select(Person)).one()
    before = set(words_left(session))

    resident = session.get_one(Resident, ticket.resident_id)
    proof = erase_resident(session, resident, by=boss, now=NOW)

    assert before >= {"inbound_message", "ticket", "ticket_event", "visit_entry", "dispute_party"}
    assert list(words_left(session)) == []
    assert (person.name, person.birth_year) == ("", None)
    assert resident.openid.startswith("erased:")
    assert proof.rows["inbound_message"] == proof.rows["ticket"] == 1
    assert proof.by_id == boss.id
    assert proof.backups_until == NOW + timedelta(days=load_times().backup_days)


def test_nothing_left_names_the_account_or_the_file(session: Session, boss: Staff) -> None:
    ticket = a_closed_ticket(session)
    planted = plant(session, ticket)
    resident = session.get_one(Resident, ticket.resident_id)
    message = session.get_one(InboundMessage, planted["inbound_message"])
    message.key, message.msg_id = f"m:1:2:{sealing.token(resident.openid)}", "24012345678901234"
    file = session.get_one(Attachment, planted["attachment"])
    file.digest, file.path = "a" * 64, "ab/file.pdf"

    erase_resident(session, resident, by=boss, now=NOW)

    session.refresh(message)
    assert (message.key, message.msg_id) == (f"erased:{message.id}", "")
    assert file.digest == ""


def test_another_residents_words_stay(session: Session, boss: Staff) -> None:
    mine, other = a_closed_ticket(session), a_closed_ticket(session)
    plant(session, other)
    kept = sorted(words_left(session))

    erase_resident(session, session.get_one(Resident, mine.resident_id), by=boss, now=NOW)

    left = sorted(words_left(session))
    assert left == kept[: kept.index("ticket")] + kept[kept.index("ticket") + 1 :]


def test_the_log_still_says_what_happened(
    session: Session, settings: Settings, boss: Staff
) -> None:
    a_caseworker(session)
    resident = a_resident(session)
    opened = open_ticket(
        session, resident=resident, intent=Intent.HELP_REQUEST, topic="wages", text=MARK,
        urgency=Urgency.NORMAL, area_code="",
        facts={"people": MARK}, now=NOW, settings=settings,
    )  # fmt: skip
    ticket = opened.ticket
    act = moves.Act(session.get_one(Staff, ticket.assignee_id), 10**9, NOW + timedelta(hours=1))
    moves.accept(session, ticket.number, by=act)
    it, said = Object(ConsentKind.SHARING, to=MARK, what=MARK), Said(How.PHONE, MARK)
    agreeing.write_down(session, ticket.number, by=act, it=it, given=True, said=said)
    watching.ask_partner(session, ticket.number, by=act, partner=MARK, purpose=MARK)
    moves.close_without_answer(
        session, ticket.number, by=act, code=CloseCode.WITHDRAWN, reason=MARK
    )
    stood = (ticket.state, ticket.close_code, ticket.closed_at, ticket.assignee_id)

    erase_resident(session, resident, by=boss, now=NOW + timedelta(days=1))

    assert list(words_left(session)) == []
    assert (ticket.state, ticket.close_code, ticket.closed_at, ticket.assignee_id) == stood
    session.expire_all()
    assert list(check.differences(session, settings)) == []


@pytest.mark.parametrize("hindered", ["live", "held"])
def test_what_is_not_over_or_held_by_law_is_kept(
    session: Session, boss: Staff, hindered: str
) -> None:
    ticket = a_ticket(session, summary=MARK) if hindered == "live" else a_closed_ticket(session)
    if hindered == "held":
        holds.put(session, ticket.number, by=boss, reason="盘龙法院调取", now=NOW)
    resident = session.get_one(Resident, ticket.resident_id)

    with pytest.raises(InvalidInputError, match=ticket.number):
        erase_resident(session, resident, by=boss, now=NOW)
    assert erase_ticket(session, ticket, now=NOW) is None

    assert ticket.summary == MARK


def test_files_go_and_what_was_not_sent_is_not(
    session: Session, settings: Settings, boss: Staff
) -> None:
    ticket = a_closed_ticket(session)
    planted = plant(session, ticket)
    folder = settings.service.data_dir
    path = kept_files.write(folder / FOLDER, b"picture", "jpg")
    session.get_one(Media, planted["media"]).path = path
    waiting = session.get_one(OutboundMessage, planted["outbound_message"])
    waiting.state = SendState.HELD

    erase_resident(session, session.get_one(Resident, ticket.resident_id), by=boss, now=NOW)
    assert (folder / FOLDER / path).is_file()  # as long as the transaction may fail
    retention.delete_files(session, now=NOW, settings=settings)

    assert not Path(folder / FOLDER / path).exists()
    assert session.scalars(select(Erasure)).one().files == {}
    session.refresh(waiting)
    assert waiting.state == SendState.WITHDRAWN


def test_files_go_however_many_were_emptied_since(session: Session, settings: Settings) -> None:
    owner, folder = a_resident(session), settings.service.data_dir
    more = retention.AT_A_TIME + 1
    for _ in range(more):
        path = kept_files.write(folder / FOLDER, b"picture", "jpg")
        files = {"paths": [f"{FOLDER}/{path}"]}
        session.add(Erasure(resident_id=owner.id, why="retention", at=NOW, files=files))
    session.flush()

    while retention.delete_files(session, now=NOW, settings=settings):
        session.flush()

    assert [path for path in (folder / FOLDER).rglob("*") if path.is_file()] == []


def test_a_matter_goes_when_its_time_is_over_and_others_stay(
    session: Session, settings: Settings, boss: Staff
) -> None:
    old, young, held = (a_closed_ticket(session) for _ in range(3))
    times = load_times()
    later = NOW + timedelta(days=times.ticket_days, hours=1)
    young.state_at = NOW + timedelta(days=1)
    holds.put(session, held.number, by=boss, reason="仲裁", now=NOW)
    session.flush()
    assert retention.soon(session, boss, now=later - timedelta(days=2)) == [old, young]

    while retention.expire(session, now=later, settings=settings):
        pass

    assert [it.summary for it in (old, young, held)] == ["", MARK, MARK]
    assert session.scalars(select(Erasure)).one().why == "retention"
