"""Fetching the QR codes that are wanted."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.db.engine import reading, transaction
from bot.errors import RefusedError, SendLaterError, SendRefusedError
from bot.people.tables import Scene
from bot.wechat import codes
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)


class Platform:
    """Answers with what it was told to."""

    def __init__(self, answer: str | Exception) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def create_qr(self, scene: str) -> str:
        self.asked.append(scene)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def a_scene(engine: Engine, code: str = "abc") -> None:
    with transaction(engine) as session:
        session.add(Scene(code=code, name="关上社区", area_code="530111", made_at=NOW))


def step(engine: Engine, platform: Platform, *, after: timedelta = timedelta()) -> bool:
    """What the worker does once."""
    with transaction(engine) as session:
        code = codes.claim(session, now=NOW + after)
    if code is None:
        return False
    made = codes.fetch(platform, code)
    with transaction(engine) as session:
        codes.keep(session, code, made)
    return True


def scene_of(engine: Engine) -> Scene:
    with reading(engine) as session:
        return session.get_one(Scene, "abc")


def test_a_code_is_fetched_once_and_kept(engine: Engine) -> None:
    a_scene(engine)
    platform = Platform("http://weixin.qq.com/q/02abc")

    assert step(engine, platform)
    assert not step(engine, platform, after=MINUTE)
    assert scene_of(engine).url == "http://weixin.qq.com/q/02abc"
    assert platform.asked == ["abc"]


def test_where_wechat_is_away_it_is_asked_again_after_a_minute(engine: Engine) -> None:
    a_scene(engine)
    away = Platform(SendLaterError(-1, "busy"))

    assert step(engine, away)
    assert not step(engine, away, after=MINUTE / 2)
    assert step(engine, Platform("http://weixin.qq.com/q/02abc"), after=MINUTE)
    assert scene_of(engine).url


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (SendRefusedError(48001, "api_unauthorized"), "api_unauthorized"),
        (RefusedError("scene"), "refused"),
    ],
)
def test_what_wechat_refuses_is_kept_and_not_asked_again(
    engine: Engine, error: Exception, problem: str
) -> None:
    a_scene(engine)

    assert step(engine, Platform(error))
    assert scene_of(engine).problem == problem
    assert not step(engine, Platform("x"), after=10 * MINUTE)


def test_two_workers_never_ask_for_the_same_code_at_once(engine: Engine) -> None:
    a_scene(engine)
    a_scene(engine, "def")

    with transaction(engine) as session:
        first = codes.claim(session, now=NOW)
        second = codes.claim(session, now=NOW)

    assert {first, second} == {"abc", "def"}
