"""Getting in: a password checked, tries counted, logins ended."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import audit
from bot.errors import InvalidInputError
from bot.people import passwords
from bot.people.staff import by_login
from bot.people.tables import Staff

FREE_TRIES = 5
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(minutes=15)


def stored_hash(session: Session, login: str) -> str:
    """Return the hash to compare a password with; an unknown login gets one nothing fits."""
    person = by_login(session, login)
    return person.password_hash if person else passwords.nobodys_hash()


def verify(session: Session, login: str, *, check: passwords.Check, now: datetime) -> Staff | None:
    """
    Return whose password it is, or note the wrong try; nobody, where it does not fit.

    They are not in yet (`let_in`): a second factor may be wanted, and wrong codes
    must stay counted beside the right password.

    The comparison was made before (`passwords.check`), with no transaction
    open.  A locked, inactive or unknown account is refused like a wrong
    password, so that the answer tells nothing about it.
    """
    person = by_login(session, login)
    # A password changed since the comparison was made makes it worthless.
    right = person is not None and check.right and person.password_hash == check.stored
    if person is None or not right or not person.active or is_locked(person, now):
        if person is not None and not right:
            note_wrong_try(person, now)
        audit.record(session, deed="login_failed", staff_id=person.id if person else None, now=now)
        return None
    person.password_hash = check.better or person.password_hash
    return person


def let_in(session: Session, person: Staff, *, now: datetime) -> None:
    """Note that the person proved all that is asked for."""
    person.failed_logins, person.locked_until, person.last_login_at = 0, None, now
    audit.record(session, deed="login", staff_id=person.id, now=now)


def change_password(session: Session, person: Staff, *, old: str, new: str, now: datetime) -> None:
    """
    Set the person's own new password; every other login of theirs ends.

    Raises:
        InvalidInputError: the old one is wrong, or the new one is too easy or the same.
    """
    if not passwords.check(person.password_hash, old).right:
        msg = "现在的密码不对，请再输一次。"
        raise InvalidInputError(msg)
    if old == new:
        msg = "新密码和现在的一样，请换一个。"
        raise InvalidInputError(msg)
    passwords.accept(new, login=person.login)
    set_password(session, person, password=new, now=now)


def set_password(session: Session, person: Staff, *, password: str, now: datetime) -> None:
    """Set a password the person chose; every login of theirs ends."""
    person.password_hash = passwords.hash_password(password)
    person.must_change_password = False
    person.session_epoch += 1
    _record(session, "staff.password", person, now=now)


def end_logins(session: Session, person: Staff, *, now: datetime) -> None:
    """End every login of the person, on every device."""
    person.session_epoch += 1
    _record(session, "staff.end_logins", person, now=now)


def is_locked(person: Staff, now: datetime) -> bool:
    """Say whether nothing is tried now, right or wrong."""
    return person.locked_until is not None and now < person.locked_until


def note_wrong_try(person: Staff, now: datetime) -> None:
    """Count a wrong password or code; the account is locked for longer and longer from five on."""
    # Tries while it is locked are not counted: a stranger must not be able to keep it locked
    # for good by knocking.
    if is_locked(person, now):
        return
    person.failed_logins += 1
    over = person.failed_logins - FREE_TRIES
    if over >= 0:
        person.locked_until = now + min(FIRST_LOCK * 2 ** min(over, 10), LONGEST_LOCK)


def _record(session: Session, deed: str, person: Staff, *, now: datetime) -> None:
    audit.record(session, deed=deed, staff_id=person.id, subject=f"staff:{person.id}", now=now)
