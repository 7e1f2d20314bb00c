"""The thin server over HTTP, and that it answers as `rasa run` does."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a token for tests"
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


def test_a_missing_model_leaves_the_old_one_in_place(server: str, model_path: Path) -> None:
    assert ask(server, "PUT", "/model", {"model_file": "/nowhere.tar.gz"})[0] == 400
    assert ask(server, "GET", "/")[1]["model"] == model_path.name


def test_a_model_is_swapped_while_serving(server: str, model_path: Path) -> None:
    assert ask(server, "PUT", "/model", {"model_file": str(model_path)})[0] == 204
    assert ask(server, "POST", "/model/parse", {"text": "你好"})[0] == 200


def test_a_taken_port_is_one_clear_line(server: str, model_path: Path) -> None:
    port = server.rsplit(":", 1)[1]

    done = start(["nlu/serve.py", "--model", str(model_path), "--port", port])
    _, complaint = done.communicate(timeout=30)

    assert done.returncode == 1
    assert complaint.decode().count("\n") == 1
    assert "in use" in complaint.decode()


def test_a_missing_model_or_token_is_one_clear_line(tmp_path: Path) -> None:
    for environment, word in (({}, "no model"), ({"YUNQIAO_NLU__TOKEN": ""}, "token")):
        done = start(["nlu/serve.py", "--model", str(tmp_path)], **environment)
        _, complaint = done.communicate(timeout=30)

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


def ask(
    url: str, method: str, path: str, body: object = None, token: str | None = TOKEN
) -> tuple[int, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    query = "" if token is None else f"?token={token.replace(' ', '%20')}"
    request = urllib.request.Request(  # noqa: S310
        url + path + query, data if body is not None else None, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


@contextmanager
def running(command: list[str], port: int) -> Iterator[str]:
    """Run a server until the block is left; it must then end by itself, without complaint."""
    process = start(command)
    try:
        wait_for(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def start(command: list[str], **environment: str) -> "subprocess.Popen[bytes]":
    settings = {"YUNQIAO_NLU__TOKEN": TOKEN, "RASA_TELEMETRY_ENABLED": "false", **environment}
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(process.communicate()[1].decode())
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not start")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
