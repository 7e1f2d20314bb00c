"""Everything anybody told us is under the newest key, and only there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, Text, cast, func, select, text

from bot import kept_files, sealing
from bot.db.engine import transaction
from bot.inbox import InboundMessage
from bot.people.tables import Resident
from bot.tickets.tables import Ticket
from bot.upkeep.resealing import seal_again
from tests.bot.upkeep.installation import STORY, furnish
from tests.conftest import TEST_KEY, use_test_keys

BEFORE = "老王欠我三万块"


@pytest.fixture
def furnished(any_engine: Engine, tmp_path: Path) -> Iterator[Engine]:
    furnish(any_engine, tmp_path, residents=3)
    yield any_engine
    use_test_keys()


def test_nothing_told_can_be_read_in_the_file(engine: Engine, tmp_path: Path) -> None:
    furnish(engine, tmp_path, residents=3)
    with transaction(engine) as session:
        openids = session.scalars(select(Resident.openid)).all()
    engine.dispose()

    stored = b"".join(path.read_bytes() for path in tmp_path.glob("yunqiao.sqlite3*"))

    for words in (STORY[:6], "收到了", *(f'"{openid}"' for openid in openids)):
        assert words.encode() not in stored
    assert "低保".encode() in stored  # what is no secret can be


def test_a_new_key_is_put_under_everything(furnished: Engine) -> None:
    sealing.use((*sealing.parse(sealing.new_key("newer")), TEST_KEY), search="of tests")

    done = seal_again(furnished)

    assert done >= 3 * 3
    assert seal_again(furnished) == 0
    sealing.use([key for key in sealing._ring().keys if key.name == "newer"], search="of tests")
    with transaction(furnished) as session:
        said = session.scalars(select(InboundMessage.text).order_by(InboundMessage.id)).all()
        assert said == [f"{STORY}{number}" for number in range(3)]
        assert session.scalars(select(Ticket.facts)).first() == {"b": [1.5], "a": None}


def test_what_was_there_before_any_key_is_encrypted_and_found(furnished: Engine) -> None:
    with furnished.begin() as connection:
        connection.execute(text("UPDATE ticket SET summary = :it"), {"it": BEFORE})
        connection.execute(text("UPDATE resident SET openid = 'o-' || id"))

    assert seal_again(furnished) == 6

    with transaction(furnished) as session:
        assert session.scalar(select(Ticket.summary).limit(1)) == BEFORE
        found = session.scalars(select(Resident).where(Resident.openid == "o-2")).one()
        assert found.id == 2
        raw = cast(Ticket.summary, Text)
        plain = select(func.count()).select_from(Ticket).where(raw.like(f"%{BEFORE}%"))
        assert session.scalar(plain) == 0


def test_files_follow_the_key_and_those_from_before_one_are_taken_along(tmp_path: Path) -> None:
    name = kept_files.write(tmp_path / "media", b"picture", "jpg")
    (tmp_path / "media/old.amr").write_bytes(b"#!AMR voice")
    sealing.use((*sealing.parse(sealing.new_key("newer")), TEST_KEY), search="of tests")

    assert kept_files.seal_again(tmp_path) == 2

    assert kept_files.seal_again(tmp_path) == 0
    sealing.use([key for key in sealing._ring().keys if key.name == "newer"], search="of tests")
    assert kept_files.read(tmp_path / "media" / name) == b"picture"
    assert kept_files.read(tmp_path / "media/old.amr") == b"#!AMR voice"
    assert b"voice" not in (tmp_path / "media/old.amr").read_bytes()
    use_test_keys()
