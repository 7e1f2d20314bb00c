"""The record of processing names every table with people's data, and says what is true now."""

from datetime import timedelta

from sqlalchemy.orm import Session

from bot.db.all_tables import metadata
from bot.people import consent
from bot.people.consent import Object, Said
from bot.privacy import belonging, processing
from bot.privacy.processing import KEPT, load_book
from bot.privacy.tables import ConsentKind, Ground, How
from bot.privacy.times import load_times
from bot.settings import ROOT, Settings
from tests.builders import a_resident, a_ticket
from tests.conftest import BOTH, NOW

ALSO = {"media", "audit_event", "staff", "staff_login", "staff_wechat", "erasure", "ticket_gram"}


def test_every_table_with_peoples_data_is_in_one_kind() -> None:
    named = [table for kind in load_book().kinds for table in kind.tables]
    stories = {table.name for table in belonging.tables_with_stories()}

    assert len(named) == len(set(named))
    assert set(named) <= metadata.tables.keys()
    assert stories | belonging.APART | ALSO <= set(named)


def test_how_long_is_what_the_rules_say() -> None:
    story = next(kind for kind in load_book().kinds if kind.key == "story")
    times = load_times()

    assert f"办结以后 {times.ticket_days} 天" in processing.kept_words(story)
    assert f"备份里再过 {times.backup_days} 天" in processing.kept_words(story)
    used = {key for kind in load_book().kinds for key in kind.kept}
    assert used == KEPT.keys()
    assert KEPT.keys() | {"warn_days", "backup_days"} == set(times.__slots__)


def test_what_proves_a_measure_is_there() -> None:
    for it in load_book().assessments:
        assert [path for path in it.tests if not (ROOT / path).is_file()] == []


@BOTH
def test_it_counts_what_there_is(session: Session, settings: Settings) -> None:
    first, second = a_resident(session), a_resident(session)
    ticket = a_ticket(session, resident=first)
    for given in (False, True):
        consent.note(session, first.id, ConsentKind.NOTICE, version="1", given=given, now=NOW)
    consent.note(session, second.id, ConsentKind.NOTICE, version="1", given=False, now=NOW)
    it = Object(ConsentKind.SHARING, to="派出所", ticket_id=ticket.id)
    said = Said(How.NOT_ASKED, ground=Ground.DUTY, reason="法")
    later = NOW + timedelta(days=1)
    consent.write(session, first.id, it, version="1", given=False, now=later, said=said)

    rows = {row.kind.key: row.count for row in processing.rows(session)}
    figures = dict(processing.figures(session))

    assert rows["account"] == 2
    assert rows["consent"] == 4
    assert (figures["居民"], figures["同意须知"], figures["不同意须知"]) == (2, 1, 1)
    assert figures["依法没有等同意"] == 1
    assert all(isinstance(on, bool) for _, on in processing.safeguards(settings))
