"""The NLU client against a real server that behaves badly."""

import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.contracts import Intent
from bot.errors import NluUnavailableError
from tests.bot.understanding.a_server import (
    GOOD,
    Answer,
    a_closed_port,
    a_server,
    drips,
    says,
    says_bytes,
    waits,
)
from tests.bot.understanding.conftest import Clients
from tests.conftest import NOW


def test_a_good_answer_becomes_an_understanding(a_client: Clients) -> None:
    with a_server(says(GOOD)) as server:
        understanding = a_client(server.url).understand("老板不给钱", now=NOW)

    assert understanding.intent is Intent.DISPUTE
    assert understanding.topic == "wages"
    assert understanding.source == "nlu"


def test_the_text_is_sent_normalised_and_without_a_leading_slash(a_client: Clients) -> None:
    with a_server(says(GOOD)) as server:
        a_client(server.url).understand("/crisis{} 老闆欠２０００", now=NOW)

    assert server.asked == [{"text": "crisis{} 老板欠2000"}]


def test_the_nlu_is_told_where_words_have_to_do(a_client: Clients) -> None:
    with a_server(says(GOOD)) as server:
        a_client(server.url).understand("老板不给钱", now=NOW, by_words=True)

    assert server.asked == [{"text": "老板不给钱", "hurried": True}]


def test_a_text_too_long_for_the_nlu_is_cut(a_client: Clients) -> None:
    with a_server(says(GOOD)) as server:
        a_client(server.url).understand("长" * 9000, now=NOW)

    assert server.asked == [{"text": "长" * 4000}]


def test_the_token_goes_with_the_request_as_rasa_wants_it(a_client: Clients) -> None:
    with a_server(says(GOOD)) as server:
        a_client(server.url).understand("你好", now=NOW)

    assert server.paths == ["/model/parse?token=s3cret%26token"]


def test_connections_are_kept_for_the_next_message(a_client: Clients) -> None:
    with a_server(says(GOOD)) as server:
        client = a_client(server.url)
        for _ in range(3):
            client.understand("你好", now=NOW)

    assert len(server.connections) == 1


def test_a_kept_connection_that_was_closed_is_replaced(a_client: Clients) -> None:
    def answer_and_hang_up(handler: object) -> None:
        says(GOOD)(handler)  # type: ignore[arg-type]
        handler.close_connection = True  # type: ignore[attr-defined]

    with a_server(answer_and_hang_up) as server:
        client = a_client(server.url)
        for _ in range(2):
            client.understand("你好", now=NOW)

    assert client.health()[server.url.removeprefix("http://")]["ok"]


@pytest.mark.parametrize(
    "answer",
    [
        says({"error": "x"}, status=500),
        says(GOOD, status=403),
        says_bytes(b"<html>502 Bad Gateway</html>", kind="text/html"),
        says_bytes(b"", status=302, location="http://127.0.0.1:9/"),
        says_bytes(b""),
        says([]),
        says({"intent": None}),
        says({**GOOD, "intent": {"name": "order_pizza", "confidence": 0.9}}),
        says({**GOOD, "intent": {"name": "dispute", "confidence": 1.2}}),
        says({**GOOD, "intent": {"name": "dispute", "confidence": True}}),
        says({**GOOD, "topic": {"name": "../etc", "confidence": 0.2}}),
        says_bytes(json.dumps(GOOD).replace("0.8", "NaN").encode()),
        says_bytes(json.dumps(GOOD).replace("0.8", "1e999").encode()),
        says_bytes(b"[" * 100_000),
        says_bytes(b'{"a": "' + b"a" * 400_000 + b'"}'),
    ],
)
def test_a_bad_answer_is_no_answer(a_client: Clients, answer: Answer) -> None:
    with a_server(answer) as server, pytest.raises(NluUnavailableError):
        a_client(server.url).understand("你好", now=NOW)


def test_a_server_that_says_nothing_is_given_up_at_the_deadline(
    a_client: Clients, over: threading.Event
) -> None:
    with a_server(waits(over)) as server:
        with pytest.raises(NluUnavailableError, match="in time"):
            a_client(server.url, deadline_ms=100).understand("你好", now=NOW)
        over.set()


def test_a_hurry_shortens_the_deadline_and_is_not_held_against_the_server(
    a_client: Clients, over: threading.Event
) -> None:
    with a_server(waits(over)) as server:
        client = a_client(server.url, deadline_ms=4000)
        with pytest.raises(NluUnavailableError, match="in time"):
            client.understand("你好", now=NOW, within_ms=100)
        over.set()

    assert client.health()[server.url.removeprefix("http://")]["ok"]


def test_a_dripping_server_does_not_stretch_the_deadline(
    a_client: Clients, over: threading.Event
) -> None:
    with a_server(drips(json.dumps(GOOD).encode(), over)) as server:
        started = time.monotonic()
        with pytest.raises(NluUnavailableError, match="in time"):
            a_client(server.url, deadline_ms=150).understand("你好", now=NOW)
        over.set()

    assert time.monotonic() - started < 8  # the whole drip takes ten seconds


def test_the_next_server_answers_for_a_dead_one(a_client: Clients) -> None:
    with a_server(says(GOOD)) as server:
        client = a_client(a_closed_port(), server.url)

        answers = [client.understand("你好", now=NOW) for _ in range(4)]

    assert [answer.intent for answer in answers] == [Intent.DISPUTE] * 4


def test_the_next_server_answers_for_a_silent_one(
    a_client: Clients, over: threading.Event
) -> None:
    with a_server(waits(over)) as silent, a_server(says(GOOD)) as server:
        client = a_client(silent.url, server.url, deadline_ms=400)

        assert client.understand("你好", now=NOW).intent is Intent.DISPUTE
        over.set()


def test_a_server_is_left_alone_after_three_failures(a_client: Clients) -> None:
    with a_server(says({}, status=500)) as server:
        client = a_client(server.url)
        for _ in range(6):
            with pytest.raises(NluUnavailableError):
                client.understand("你好", now=NOW)

    assert len(server.asked) == 3
    assert client.health() == {
        server.url.removeprefix("http://"): {
            "ok": False,
            "resting": True,
            "failures": 3,
            "problem": "answered 500",
        }
    }


def test_many_threads_may_ask_at_once(a_client: Clients) -> None:
    with a_server(says(GOOD)) as server, ThreadPoolExecutor(8) as pool:
        client = a_client(server.url)
        answers = list(pool.map(lambda n: client.understand(f"第{n}条", now=NOW), range(40)))

    assert len(answers) == len(server.asked) == 40


def test_neither_text_nor_token_is_in_errors_or_logs(
    a_client: Clients, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with a_server(says_bytes("我的秘密".encode())) as server:
        client = a_client(server.url, a_closed_port())
        with pytest.raises(NluUnavailableError) as caught:
            client.understand("我的秘密", now=NOW)

    told = caplog.text + repr(caught.value) + str(client.health())
    assert "秘密" not in told
    assert "s3cret" not in told


def test_without_servers_nobody_can_understand(a_client: Clients) -> None:
    with pytest.raises(NluUnavailableError):
        a_client().understand("你好", now=NOW)
