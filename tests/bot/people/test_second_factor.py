"""Codes of the phone and of the paper: taken once, within their time, and not to be tried out."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from bot.db.engine import reading, transaction
from bot.errors import InvalidInputError, NotAllowedError, SealError
from bot.people.signin import second
from bot.people.signin.tables import RecoveryCode, SecondFactor
from bot.people.tables import Role, Staff
from tests.builders import a_caseworker
from tests.conftest import NOW

STEP = timedelta(seconds=30)


@pytest.fixture
def person(session: Session) -> Staff:
    return a_caseworker(session)


@pytest.fixture
def phone(session: Session, person: Staff) -> pyotp.TOTP:
    """A phone that was set up a while ago."""
    second.start(session, person, now=NOW - 10 * STEP)
    phone = pyotp.TOTP(second.offered(session, person))
    second.confirm(session, person, phone.at(NOW - 10 * STEP), now=NOW - 10 * STEP)
    return phone


def test_a_secret_counts_from_its_first_right_code_on(session: Session, person: Staff) -> None:
    second.start(session, person, now=NOW)
    phone = pyotp.TOTP(second.offered(session, person))
    with pytest.raises(InvalidInputError):
        second.confirm(session, person, "000000", now=NOW)
    assert not second.has(session, person.id)

    codes = second.confirm(session, person, phone.at(NOW), now=NOW)

    assert second.has(session, person.id)
    assert len(set(codes)) == second.codes_left(session, person) == 10
    assert second.offered(session, person) == ""


def test_a_code_is_taken_once_and_no_older_one_after_it(
    session: Session, person: Staff, phone: pyotp.TOTP
) -> None:
    assert second.check(session, person, phone.at(NOW), now=NOW)

    assert not second.check(session, person, phone.at(NOW), now=NOW)
    assert not second.check(session, person, phone.at(NOW - STEP), now=NOW)
    assert second.check(session, person, phone.at(NOW + STEP), now=NOW)


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_the_phones_clock_may_be_one_step_off(
    session: Session, person: Staff, phone: pyotp.TOTP, *, steps: int, fits: bool
) -> None:
    code = phone.at(NOW + steps * STEP)

    assert second.check(session, person, f"{code[:3]} {code[3:]}", now=NOW) is fits


def test_a_code_on_paper_is_good_once_however_it_is_typed(
    session: Session, person: Staff, phone: pyotp.TOTP
) -> None:
    del phone
    code, *others = second.renew_codes(session, person, now=NOW)

    assert second.check(session, person, code.upper().replace("-", " "), now=NOW)
    assert not second.check(session, person, code, now=NOW)
    assert second.codes_left(session, person) == 9

    second.renew_codes(session, person, now=NOW)
    assert not second.check(session, person, others[0], now=NOW)


def test_wrong_codes_lock_the_account_even_for_right_ones(
    session: Session, person: Staff, phone: pyotp.TOTP
) -> None:
    for _ in range(5):
        assert not second.check(session, person, "000000", now=NOW)

    assert not second.check(session, person, phone.at(NOW), now=NOW)
    later = NOW + timedelta(seconds=61)
    assert second.check(session, person, phone.at(later), now=later)


def test_secrets_and_codes_are_not_in_the_database(engine: Engine) -> None:
    with transaction(engine) as session:
        person = a_caseworker(session)
        second.start(session, person, now=NOW)
        secret = second.offered(session, person)
        codes = second.confirm(session, person, pyotp.TOTP(secret).at(NOW), now=NOW)

    with engine.connect() as connection:
        stored = "".join(
            str(row)
            for table in ("second_factor", "recovery_code")
            for row in connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 (ours)
        )
    assert secret not in stored
    assert not [code for code in codes if code in stored or code.replace("-", "") in stored]
    with reading(engine) as session:
        assert second.has(session, person.id)


def test_anothers_secret_cannot_be_put_in_place_of_ones_own(
    session: Session, person: Staff, phone: pyotp.TOTP
) -> None:
    other = a_caseworker(session)
    second.start(session, other, now=NOW)
    mine, theirs = (session.get_one(SecondFactor, it.id) for it in (person, other))
    mine.secret = theirs.secret
    session.flush()

    with pytest.raises(SealError):
        second.check(session, person, phone.at(NOW), now=NOW)


def test_only_another_admin_resets_it_and_all_logins_end(
    session: Session, person: Staff, phone: pyotp.TOTP
) -> None:
    del phone
    admin = a_caseworker(session, role=Role.ADMIN)
    for nobody in (a_caseworker(session, role=Role.SUPERVISOR), person):
        with pytest.raises(NotAllowedError):
            second.reset(session, person, by=nobody, now=NOW)
    before = person.session_epoch

    second.reset(session, person, by=admin, now=NOW)

    assert not second.has(session, person.id)
    assert session.scalars(select(RecoveryCode)).all() == []
    assert person.session_epoch == before + 1
