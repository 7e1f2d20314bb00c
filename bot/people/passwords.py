"""Passwords of staff: how they are kept, which ones are too easy, and how new ones are made."""

import secrets
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import InvalidInputError
from bot.sections import ROOT

FILE = ROOT / "data" / "passwords.txt"
"""Of the passwords that guessers try first, those long enough to be typed here."""
SHORTEST = 10
LONGEST = 200
FEWEST_DIFFERENT = 5
# Without the letters and digits that people mix up when they copy from paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 4
ROWS = (
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv",
)
OBVIOUS = ("password", "passw0rd", "yunqiao", "admin", "mima", "woaini", "iloveyou", "welcome")
FEWEST_FRESH = 5
"""Characters that do not just go on from the one before, on a keyboard or in counting."""
EASY = "这个密码太容易猜到，请换一个：可以把几个不相干的词连在一起，再加数字。"


@dataclass(frozen=True, slots=True)
class Check:
    """What comparing a typed password with a stored hash came to."""

    stored: str
    """The hash it was compared with."""
    right: bool
    better: str = ""
    """A new hash, where the stored one was made with weaker settings than today's."""


def hash_password(password: str) -> str:
    """Return the argon2id hash to keep."""
    return _hasher().hash(password)


def check(stored: str, password: str) -> Check:
    """Compare; slow on purpose, so call it with no transaction open where strangers can ask."""
    try:
        _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return Check(stored, right=False)
    weak = _hasher().check_needs_rehash(stored)
    return Check(stored, right=True, better=hash_password(password) if weak else "")


@cache
def nobodys_hash() -> str:
    """Return a hash no password fits, so that an unknown login takes as long as a known one."""
    return hash_password(secrets.token_urlsafe())


def random_password() -> str:
    """Return a password of 16 letters and digits (79 bits) that can be read out and copied."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join(groups)


def accept(password: str, *, login: str) -> None:
    """
    Check that a person may choose this password.

    Raises:
        InvalidInputError: too short, the login itself, or easily guessed; says what to do.
    """
    if len(password) < SHORTEST:
        msg = f"密码至少要{SHORTEST}个字符，请再加长一些。"
        raise InvalidInputError(msg)
    if len(password) > LONGEST:
        msg = f"密码最多{LONGEST}个字符。"
        raise InvalidInputError(msg)
    if login and login in password.lower():
        msg = "密码里不要带登录名，请换一个。"
        raise InvalidInputError(msg)
    if _easy(password.lower()):
        raise InvalidInputError(EASY)


def _easy(password: str) -> bool:
    letters = password.strip("0123456789!@#$%^&*._- ")
    if len(set(password)) < FEWEST_DIFFERENT or letters in OBVIOUS:
        return True
    if password in _common() or _fresh(password) < FEWEST_FRESH:
        return True
    rows = [part for row in ROWS for part in (row * 2, row[::-1] * 2)]
    return any(password in row for row in rows)


@cache
def _common() -> frozenset[str]:
    return frozenset(FILE.read_text("utf-8").split())


def _fresh(password: str) -> int:
    """Count the characters that a guesser cannot tell from the one before: of a123456789, two."""
    runs = {pair for row in ROWS for pair in pairwise(row)}
    pairs = pairwise(password)
    goes_on = [one == two or (one, two) in runs or (two, one) in runs for one, two in pairs]
    return len(password) - sum(goes_on)


def _hasher() -> PasswordHasher:
    # OWASP's smallest recommended setting: 16 logins at once take 300 MB, not a gigabyte.
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
