"""A command uses the NLU that runs, if it is this installation's own."""

from http import HTTPStatus

from bot.settings import Settings
from bot.up import nlu
from tests.bot.understanding.a_server import GOOD, Answer, a_server, says


def is_ours(settings: Settings, answer: Answer) -> bool:
    with a_server(answer) as server:
        there = settings.nlu.model_copy(update={"urls": (server.url,)})
        return nlu._ours(settings.model_copy(update={"nlu": there}))


def test_what_takes_our_token_is_ours(settings: Settings) -> None:
    assert is_ours(settings, says(GOOD))


def test_another_installations_is_not(settings: Settings) -> None:
    assert not is_ours(settings, says(GOOD, status=HTTPStatus.UNAUTHORIZED))
