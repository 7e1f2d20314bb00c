"""
Complaint 24: a confidential ticket leaks by a list, a count, a search, a file or a notice.

Every text of every ticket is marked; nobody may meet the mark of one they may not
read, and pages are as if the tickets of another organisation were not there.
"""

import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from bot import kept_files
from bot.db.engine import reading, transaction
from bot.notices.tables import StaffNotice
from bot.people.tables import Staff
from bot.reports import exporting, exports
from bot.reports.exports import Asking
from bot.settings import Settings
from bot.tickets import escalation, narrow, waiting
from bot.tickets.tables import Ticket
from bot.tickets.views import View
from tests.conftest import NOW
from tests.handlers.console.access_console import Console, a_console, seen_of, text_of
from tests.handlers.console.access_people import LINES, READS
from tests.handlers.console.access_world import MARKS, NONE

STAFF = tuple(who for who in READS if who != "admin")
SUPERVISORS = ("boss", "other_boss", "head")
PAGES = (
    *("/tickets?view=team", "/tickets?view=queue", "/tickets?view=done", "/tickets?view=all"),
    *("/tickets/live?view=overdue", "/tickets/live?view=all", "/tasks", "/mentions", "/handover"),
    *("/notices", "/notices/live", "/drafts", "/tickets?view=all&state=live", "/reports/exports/"),
)
ABOVE = (
    *("/supervise/", "/supervise/live", "/supervise/bulk/", "/outbox/", "/tasks?whose=all"),
    *("/reports/?period=month", "/reports/?by=person", "/reports/?by=area", "/reports/equal"),
)
OWN = re.compile(r'name="(?:csrf_token|csrf-token)" (?:content|value)="[^"]*"')


@pytest.fixture
def console(settings: Settings, empty_database: Path, tmp_path: Path) -> Iterator[Console]:
    with a_console(settings, empty_database, tmp_path) as opened:
        yield opened


def test_no_list_shows_what_somebody_may_not_read(console: Console) -> None:
    for who in STAFF:
        pages = (*PAGES, *(f"/tickets?view={view}" for view in View))
        for page in (*pages, *(ABOVE if who in SUPERVISORS else ())):
            answer = console.ask(who, "GET", page)
            assert answer.status_code in {200, 204}, (who, page)
            assert seen_of(console, who, answer) == [], (who, page)
            for name in MARKS.keys() - READS[who] - LINES[who]:
                assert console.world.things[name].number not in text_of(answer), (who, page, name)


def test_a_search_finds_what_may_be_read_and_no_more(console: Console) -> None:
    for who in STAFF:
        for name, mark in MARKS.items():
            for words in (f"{mark} said", mark.upper(), f"{mark} summary"):
                answer = console.ask(who, "GET", "/tickets", query={"q": words})
                found = f"row-{console.world.things[name].number}" in text_of(answer)
                assert found == (name in READS[who]), (who, name, words)


def test_the_team_sees_a_line_without_a_name_or_a_word(console: Console) -> None:
    said = text_of(console.ask("worker", "GET", "/tickets?view=team"))
    mates, sealed = (console.world.things[name].number for name in ("mates", "sealed"))

    assert f"row-{mates}" in said
    assert "欠薪" in said
    assert "人mate" in said
    assert f'href="/tickets/{mates}' not in said
    assert sealed not in said


def test_pages_are_as_if_another_organisations_tickets_were_not_there(
    settings: Settings, empty_database: Path, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        whole, part = (
            stack.enter_context(a_console(settings, empty_database, tmp_path, *without))
            for without in ((), ("foreign",))
        )
        for who, pages in (("worker", PAGES), ("cleared", PAGES), ("boss", PAGES + ABOVE)):
            for page in pages:
                there, not_there = (
                    OWN.sub("", text_of(it.ask(who, "GET", page))) for it in (whole, part)
                )
                assert there == not_there, (who, page)


def test_a_file_holds_what_its_owner_may_read_and_nothing_confidential(
    console: Console, settings: Settings
) -> None:
    for who in STAFF:
        columns = list(exporting.CHOICES)
        why = "核对这个月的工单"
        asked = Asking(narrow.EVERYTHING, "", columns, with_words=True, reason=why)
        with transaction(console.engine) as session:
            person = session.get_one(Staff, console.world.staff[who])
            export = exports.ask(session, person, asked, now=NOW)
            session.flush()
            exports.write(session, export.id, now=NOW, settings=settings)
            path = exports.path_of(export, settings)
        sheet = openpyxl.load_workbook(io.BytesIO(kept_files.read(path)))[exporting.TITLE]
        cells = str([list(row) for row in sheet.values]).lower()
        may = READS[who] & ({"own"} if who in {"worker", "cleared"} else set(MARKS))
        assert {name for name, mark in MARKS.items() if mark in cells} == may, who


def test_notices_go_to_who_is_in_charge_and_name_no_more_than_the_number(
    console: Console, settings: Settings
) -> None:
    late = NOW + timedelta(days=30)
    with transaction(console.engine) as session:
        for job in (escalation.attend, waiting.sound_alarm):
            job(session, now=late, settings=settings)
    with reading(console.engine) as session:
        rows = session.execute(
            select(StaffNotice.staff_id, Ticket.number).join(
                Ticket, Ticket.id == StaffNotice.ticket_id
            )
        ).all()
    names = {thing.number: name for name, thing in console.world.things.items()}
    people = {number: who for who, number in console.world.staff.items()}
    told = {(people[staff_id], names[number]) for staff_id, number in rows}

    assert ("boss", "sealed") in told
    assert ("other_boss", "foreign") in told
    for who, name in told:
        owners = {"mate": {"mates", "sealed"}, "stranger": {"foreign"}}
        known = READS.get(who, frozenset()) | LINES.get(who, frozenset())
        assert name in known | owners.get(who, set()), (who, name)
    for who in READS:
        assert seen_of(console, who, console.ask(who, "GET", "/notices")) == []


def test_a_deed_to_many_passes_over_what_is_not_ones_own(console: Console) -> None:
    results = []
    for name in ("foreign", NONE):
        form = {
            "numbers": console.world.things[name].number,
            "action": "supervise",
            "reason": "催",
        }
        done = console.ask("boss", "POST", "/supervise/bulk/do", form=form)
        result = console.ask("boss", "GET", done.headers["Location"])
        results.append(OWN.sub("", text_of(result)).replace(done.headers["Location"], "HERE"))

    assert results[0] == results[1]
    with reading(console.engine) as session:
        number = console.world.things["foreign"].number
        found = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        assert found.supervised_at is None
