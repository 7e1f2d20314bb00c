"""Accounts, passwords and the rules around them."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.audit import AuditEvent
from bot.errors import InvalidInputError, NotAllowedError, NotFoundError
from bot.people import logins, passwords, staff
from bot.people.staff import Profile
from bot.people.tables import Role, Staff
from tests.builders import a_caseworker
from tests.conftest import NOW

PASSWORD = "山高-水长-4711"
HASH = passwords.hash_password(PASSWORD)


def an_admin(session: Session) -> Staff:
    return a_caseworker(session, role=Role.ADMIN)


def try_password(session: Session, person: Staff, given: str, *, minutes: float = 0) -> bool:
    check = passwords.check(logins.stored_hash(session, person.login), given)
    now = NOW + timedelta(minutes=minutes)
    return logins.verify(session, person.login, check=check, now=now) is person


def last_deed(session: Session) -> tuple[str, int | None, str]:
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    return event.deed, event.staff_id, event.subject


def test_a_new_account_opens_with_its_first_password(session: Session) -> None:
    admin = an_admin(session)
    profile = Profile("王芳", services=("法律援助",), area_codes=("530111",), languages=("彝语",))

    person, password = staff.create(session, " WangFang ", profile=profile, by=admin, now=NOW)

    assert person.login == "wangfang"
    assert person.must_change_password
    assert (person.services, person.area_codes) == (["法律援助"], ["530111"])
    assert password not in person.password_hash
    assert last_deed(session) == ("staff.create", admin.id, f"staff:{person.id}")
    assert try_password(session, person, password)


@pytest.mark.parametrize("login", ["", "ab", "1abc", "王芳", "a b c", "x" * 41, "a/b/c"])
def test_a_malformed_login_is_refused(session: Session, login: str) -> None:
    with pytest.raises(InvalidInputError, match="登录名"):
        staff.create(session, login, profile=Profile("王芳"), by=None, now=NOW)


def test_a_taken_login_is_refused(session: Session) -> None:
    taken = a_caseworker(session).login

    with pytest.raises(InvalidInputError, match="已经有人用了"):
        staff.create(session, taken.upper(), profile=Profile("李明"), by=None, now=NOW)


@pytest.mark.parametrize(
    ("profile", "says"),
    [
        (Profile(" "), "姓名"),
        (Profile("王芳", services=("修水管",)), "服务领域"),
        (Profile("王芳", area_codes=("999999",)), "地区"),
    ],
)
def test_a_profile_that_does_not_fit_is_refused(
    session: Session, profile: Profile, says: str
) -> None:
    with pytest.raises(InvalidInputError, match=says):
        staff.create(session, "wangfang", profile=profile, by=None, now=NOW)


def test_only_an_admin_touches_accounts(session: Session) -> None:
    supervisor = a_caseworker(session, role=Role.SUPERVISOR)
    person = a_caseworker(session)

    for deed in (
        lambda: staff.create(session, "new", profile=Profile("新"), by=supervisor, now=NOW),
        lambda: staff.reset_password(session, person, by=supervisor, now=NOW),
        lambda: staff.deactivate(session, person, by=supervisor, now=NOW),
        lambda: staff.reactivate(session, person, by=supervisor, now=NOW),
        lambda: staff.update_profile(session, person, profile=Profile("新"), by=person, now=NOW),
    ):
        with pytest.raises(NotAllowedError):
            deed()


def test_nobody_shuts_themselves_out(session: Session) -> None:
    admin = an_admin(session)
    an_admin(session)

    with pytest.raises(NotAllowedError):
        staff.deactivate(session, admin, by=admin, now=NOW)


def test_nobody_changes_their_own_role(session: Session) -> None:
    admin = an_admin(session)
    an_admin(session)

    with pytest.raises(NotAllowedError):
        staff.update_profile(
            session, admin, profile=Profile("周", role=Role.SUPERVISOR), by=admin, now=NOW
        )


def test_the_last_admin_stays(session: Session) -> None:
    admin = an_admin(session)
    a_caseworker(session, role=Role.ADMIN, active=False)

    with pytest.raises(InvalidInputError, match="最后一个"):
        staff.deactivate(session, admin, by=None, now=NOW)
    with pytest.raises(InvalidInputError, match="最后一个"):
        staff.update_profile(session, admin, profile=Profile("周"), by=None, now=NOW)


def test_a_shut_account_is_off_duty_and_its_logins_end(session: Session) -> None:
    person = a_caseworker(session)

    staff.deactivate(session, person, by=an_admin(session), now=NOW)

    assert (person.active, person.on_duty, person.session_epoch) == (False, False, 1)


def test_a_reopened_account_has_its_old_password_and_no_lock(session: Session) -> None:
    person = a_caseworker(session, active=False, on_duty=False, failed_logins=9)
    person.password_hash = HASH

    staff.reactivate(session, person, by=None, now=NOW)

    assert person.active
    assert not person.on_duty
    assert try_password(session, person, PASSWORD)


def test_a_reset_ends_the_old_password_and_every_login(session: Session) -> None:
    person = a_caseworker(session, locked_until=NOW + timedelta(minutes=9))
    person.password_hash = HASH

    new = staff.reset_password(session, person, by=None, now=NOW)

    assert not try_password(session, person, PASSWORD)
    assert try_password(session, person, new)
    assert person.must_change_password
    assert person.session_epoch == 1


def test_people_go_on_and_off_duty_themselves(session: Session) -> None:
    person = a_caseworker(session)

    staff.set_duty(session, person, on=False, by=person, now=NOW)

    assert not person.on_duty
    assert last_deed(session) == ("staff.off_duty", person.id, f"staff:{person.id}")


def test_a_colleague_cannot_send_somebody_home(session: Session) -> None:
    with pytest.raises(NotAllowedError):
        staff.set_duty(session, a_caseworker(session), on=False, by=a_caseworker(session), now=NOW)


def test_an_unknown_account_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError):
        staff.get(session, 404)


def test_locks_grow_from_one_minute_to_fifteen(session: Session) -> None:
    person = a_caseworker(session)
    now, locks = NOW, []
    for _ in range(12):
        logins.verify(session, person.login, check=passwords.Check("!", right=False), now=now)
        locks.append(((person.locked_until or now) - now).total_seconds() / 60)
        now = person.locked_until or now

    assert locks == [0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15, 15]


def test_knocking_at_a_locked_door_does_not_keep_it_shut(session: Session) -> None:
    person = a_caseworker(session, failed_logins=5, locked_until=NOW + timedelta(minutes=1))

    assert not try_password(session, person, "wrong")

    assert person.failed_logins == 5


def test_wrong_tries_are_forgotten_once_somebody_is_let_in(session: Session) -> None:
    person = a_caseworker(session, failed_logins=4)
    person.password_hash = HASH

    assert try_password(session, person, PASSWORD)
    assert person.failed_logins == 4  # a code may be wanted yet
    logins.let_in(session, person, now=NOW)

    assert (person.failed_logins, person.last_login_at) == (0, NOW)


def test_a_password_changed_since_it_was_compared_is_no_way_in(session: Session) -> None:
    person = a_caseworker(session)
    person.password_hash = HASH
    check = passwords.check(HASH, PASSWORD)

    staff.reset_password(session, person, by=None, now=NOW)

    assert logins.verify(session, person.login, check=check, now=NOW) is None
