"""The second factor: codes of a phone (TOTP, RFC 6238), and codes on paper for when it is lost."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot import audit
from bot.errors import InvalidInputError, NotAllowedError, SealError
from bot.people import logins, passwords
from bot.people.signin.tables import RecoveryCode, SecondFactor
from bot.people.tables import Role, Staff

STEP_SECONDS = 30
CLOCKS_APART = 1
"""Steps that the phone's clock may be off, each way."""
DIGITS = re.compile(r"\d{6}")
CODES = 10
WRONG = "验证码不对，或者已经用过。请等手机上换成下一个再输；连错 5 次要等 1 到 15 分钟。"


def has(session: Session, staff_id: int) -> bool:
    """Say whether this person set one up."""
    found = select(SecondFactor.staff_id).where(
        SecondFactor.staff_id == staff_id, SecondFactor.confirmed_at.is_not(None)
    )
    return session.scalar(found) is not None


def start(session: Session, person: Staff, *, now: datetime) -> None:
    """
    Make a new secret, which counts from the first right code on.

    Raises:
        InvalidInputError: there is one in use; it has to be taken away first.
    """
    if has(session, person.id):
        msg = "已经设好了。要换手机，先关掉，再重新设。"
        raise InvalidInputError(msg)
    session.execute(delete(SecondFactor).where(SecondFactor.staff_id == person.id))
    secret = f"{person.id}:{pyotp.random_base32()}"
    session.add(SecondFactor(staff_id=person.id, secret=secret, made_at=now))
    session.flush()


def offered(session: Session, person: Staff) -> str:
    """Return the secret that waits for its first code; empty where none does."""
    factor = session.get(SecondFactor, person.id)
    return _secret(factor) if factor is not None and factor.confirmed_at is None else ""


def address(secret: str, *, login: str, service: str) -> str:
    """Return what the QR code holds, for the app to show under the service's name."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=service)


def confirm(session: Session, person: Staff, code: str, *, now: datetime) -> Sequence[str]:
    """
    Put the new secret in force, and return the recovery codes; they are kept nowhere else.

    Raises:
        InvalidInputError: the code does not fit.
    """
    factor = _locked(session, person)
    if factor is None or factor.confirmed_at is not None or not _fits(factor, code, now):
        raise InvalidInputError(WRONG)
    factor.confirmed_at = now
    _record(session, "second.on", person, now=now)
    return _new_codes(session, person)


def check(session: Session, person: Staff, code: str, *, now: datetime) -> bool:
    """
    Take a code of the phone or of the paper, once; a wrong one counts like a wrong password.

    While the account is locked no code is taken, so that six digits cannot be tried out.
    """
    factor = _locked(session, person)
    if factor is None or factor.confirmed_at is None or logins.is_locked(person, now):
        right = False
    elif DIGITS.fullmatch(_plain(code)):
        right = _fits(factor, code, now)
    else:
        right = _use(session, person, code, now)
    if right:
        person.failed_logins = 0
    else:
        logins.note_wrong_try(person, now)
        _record(session, "second.failed", person, now=now)
    return right


def renew_codes(session: Session, person: Staff, *, now: datetime) -> Sequence[str]:
    """Make ten new recovery codes; those from before are worth nothing any more."""
    _record(session, "second.codes", person, now=now)
    return _new_codes(session, person)


def codes_left(session: Session, person: Staff) -> int:
    """Return how many recovery codes are unused."""
    left = select(func.count()).where(
        RecoveryCode.staff_id == person.id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(left) or 0


def remove(session: Session, person: Staff, *, now: datetime) -> None:
    """Take the person's own second factor away."""
    _forget(session, person)
    _record(session, "second.off", person, now=now)


def reset(session: Session, person: Staff, *, by: Staff, now: datetime) -> None:
    """
    Take somebody's second factor away, who lost phone and paper; all their logins end.

    Raises:
        NotAllowedError: `by` is no admin, or is the person.
    """
    if by.role != Role.ADMIN or by.id == person.id:
        msg = "只有另一位管理员能重设两步验证。"
        raise NotAllowedError(msg)
    _forget(session, person)
    person.session_epoch += 1
    audit.record(
        session, deed="second.reset", staff_id=by.id, subject=f"staff:{person.id}", now=now
    )


def _forget(session: Session, person: Staff) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == person.id))
    session.execute(delete(SecondFactor).where(SecondFactor.staff_id == person.id))


def _locked(session: Session, person: Staff) -> SecondFactor | None:
    """Return the factor, locked: two requests at once must not both take the same code."""
    wanted = select(SecondFactor).where(SecondFactor.staff_id == person.id).with_for_update()
    return session.scalar(wanted.execution_options(populate_existing=True))


def _fits(factor: SecondFactor, code: str, now: datetime) -> bool:
    made = pyotp.HOTP(_secret(factor))
    step, typed = int(now.timestamp()) // STEP_SECONDS, _plain(code)
    for near in range(step - CLOCKS_APART, step + CLOCKS_APART + 1):
        if near > factor.last_step and hmac.compare_digest(made.at(near), typed):
            factor.last_step = near
            return True
    return False


def _use(session: Session, person: Staff, code: str, now: datetime) -> bool:
    wanted = select(RecoveryCode).where(
        RecoveryCode.staff_id == person.id,
        RecoveryCode.digest == _digest(person, code),
        RecoveryCode.used_at.is_(None),
    )
    found = session.scalar(wanted.with_for_update())
    if found is None:
        return False
    found.used_at = now
    _record(session, "second.paper", person, now=now)
    return True


def _new_codes(session: Session, person: Staff) -> Sequence[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == person.id))
    codes = [passwords.random_password() for _ in range(CODES)]
    rows = [RecoveryCode(staff_id=person.id, digest=_digest(person, code)) for code in codes]
    session.add_all(rows)
    return codes


def _digest(person: Staff, code: str) -> str:
    """A plain hash will do: a code has 79 bits of chance."""
    return hashlib.sha256(f"{person.id}:{_plain(code)}".encode()).hexdigest()


def _plain(code: str) -> str:
    return re.sub(r"[\s-]+", "", code).lower()


def _secret(factor: SecondFactor) -> str:
    owner, _, secret = factor.secret.partition(":")
    if owner != str(factor.staff_id):
        msg = "a second factor stands in another person's row"
        raise SealError(msg)
    return secret


def _record(session: Session, deed: str, person: Staff, *, now: datetime) -> None:
    audit.record(session, deed=deed, staff_id=person.id, subject=f"staff:{person.id}", now=now)
