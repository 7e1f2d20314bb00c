"""Which passwords are kept, and how."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from bot.errors import InvalidInputError
from bot.people import logins, passwords
from tests.builders import a_caseworker
from tests.conftest import NOW, REAL_HASHER

PASSWORD = "山高-水长-4711"


@pytest.fixture(autouse=True)
def real_hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", lambda: REAL_HASHER)


@pytest.mark.parametrize(
    "easy",
    ["short", "1234567890", "0987654321", "aaaaaaaaaaaa", "1212121212", "password123",
     "yunqiao2026", "qwertyuiop", "Woaini1314520", "abcdefghijk", "wangfang-88",
     "a123456789", "1Q2w3e4r5t", "zxcvbnm123", "qwer123456", "Kunming123"],
)  # fmt: skip
def test_an_easy_password_is_refused(easy: str) -> None:
    with pytest.raises(InvalidInputError):
        passwords.accept(easy, login="wangfang")


def test_a_few_words_make_a_good_password() -> None:
    passwords.accept("滇池 米线 42 路", login="wangfang")
    passwords.accept("correct-horse-7", login="wangfang")


def test_first_passwords_differ_and_are_acceptable() -> None:
    made = {passwords.random_password() for _ in range(20)}

    assert len(made) == 20
    for password in made:
        passwords.accept(password, login="wangfang")


def test_a_hash_of_weaker_settings_is_renewed_at_login(session: Session) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    person = a_caseworker(session)
    person.password_hash = weak

    check = passwords.check(weak, PASSWORD)
    logins.verify(session, person.login, check=check, now=NOW)

    assert person.password_hash != weak
    assert passwords.check(person.password_hash, PASSWORD).right


def test_a_password_of_ones_own_ends_other_logins(session: Session) -> None:
    person = a_caseworker(session, must_change_password=True)
    person.password_hash = passwords.hash_password(PASSWORD)

    logins.change_password(session, person, old=PASSWORD, new="滇池 米线 42 路", now=NOW)

    assert passwords.check(person.password_hash, "滇池 米线 42 路").right
    assert (person.session_epoch, person.must_change_password) == (1, False)


@pytest.mark.parametrize(("old", "new"), [("wrong", "滇池 米线 42 路"), (PASSWORD, PASSWORD)])
def test_a_new_password_needs_the_old_one_and_differs(
    session: Session, old: str, new: str
) -> None:
    person = a_caseworker(session)
    person.password_hash = passwords.hash_password(PASSWORD)

    with pytest.raises(InvalidInputError):
        logins.change_password(session, person, old=old, new=new, now=NOW)
