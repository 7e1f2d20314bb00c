"""A new model into running processes and back, while messages are read."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
import yaml
from pydantic import SecretStr

from bot.settings import Nlu, Service, Settings, WeChat
from bot.up.environments import NLU
from bot.up.models import CHOICE, chosen_model, roll_back_model, show_models, train_model
from bot.up.steps import ROOT
from tests.thin_servers import ENVIRONMENT, TOKEN, ThinServer, a_model, thin_servers

TEXT = "老板差我三万五千块"
FEW = 8
Parsed = tuple[str, float]


@pytest.fixture(scope="module")
def good() -> Path:
    return a_model()


@pytest.fixture(scope="module")
def little(good: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the first examples of each intent: quickly trained, and not good."""
    del good  # it says where the NLU is not installed
    data, models = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("models")
    for path in (ROOT / "nlu" / "data").glob("*.yml"):
        (group,) = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["nlu"]
        few = [row for row in group["examples"] if not row["metadata"].get("evidence")][:FEW]
        if few:
            body = {"nlu": [{"intent": group["intent"], "examples": few}]}
            (data / path.name).write_text(json.dumps(body, ensure_ascii=False), "utf-8")
    train = [str(NLU.python), str(ROOT / "nlu/train.py"), "--only-train"]
    where = ["--data", str(data), "--out", str(models)]
    subprocess.run([*train, *where], env=ENVIRONMENT, check=True, capture_output=True)
    return next(models.glob("*.tar.gz"))


@pytest.fixture
def folder(tmp_path: Path, little: Path) -> Path:
    """The folder of models, in which the little one is in use."""
    folder = tmp_path / "models" / "nlu"
    folder.mkdir(parents=True)
    shutil.copy(little, folder)
    _choose(folder, little.name)
    return folder


def test_a_better_model_comes_into_use_and_goes_again_without_a_message_lost(
    folder: Path, good: Path, little: Path, free_ports: list[int], tmp_path: Path
) -> None:
    held_out = tmp_path / "held-out.jsonl"
    held_out.write_text(_held_out(), "utf-8")
    shutil.copy(good, folder)
    with thin_servers(folder, *free_ports[:2]) as servers:
        settings = _settings(tmp_path, *servers)
        old = {_read(server) for server in servers}
        with _asked_all_the_time(servers) as answers:
            assert train_model(settings, ["--held-out", str(held_out)]) == 0
        new = {_read(server) for server in servers}
        seen = set(answers)

        assert chosen_model(settings) == good.name
        assert len(old) == len(new) == 1
        assert seen == old | new

        with _asked_all_the_time(servers) as answers:
            assert roll_back_model(settings) == 0

        assert set(answers) == old | new
        assert {_read(server) for server in servers} == old
        assert chosen_model(settings) == little.name


def test_a_process_that_starts_later_has_the_chosen_model_and_not_the_newest(
    folder: Path, good: Path, little: Path, free_port: int, tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    shutil.copy(good, folder)
    with thin_servers(folder, free_port) as (server,):
        assert show_models(_settings(tmp_path, server)) == 0

    assert f"{server.url} answers with {little.name}" in capfd.readouterr().out


def test_where_a_process_cannot_load_the_new_model_all_go_back(
    folder: Path, good: Path, little: Path, free_ports: list[int], tmp_path: Path
) -> None:
    shutil.copy(good, folder)
    with (
        thin_servers(folder, free_ports[0]) as (one,),
        _without_token(folder, free_ports[1]) as two,
    ):
        settings = _settings(tmp_path, one, two)

        assert train_model(settings, ["--held-out", str(tmp_path / "none")]) == 1

        assert chosen_model(settings) == little.name
        assert show_models(settings) == 0
        assert _model(one) == _model(two) == little.name


def test_a_process_that_does_not_run_is_no_hindrance(
    folder: Path, little: Path, good: Path, free_port: int, tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    shutil.copy(good, folder)
    settings = _settings(tmp_path, ThinServer(folder, free_port))

    assert train_model(settings, ["--held-out", str(tmp_path / "none")]) == 0
    assert "is not running" in capfd.readouterr().out
    assert roll_back_model(settings) == 0
    assert chosen_model(settings) == little.name


@pytest.mark.parametrize("body", ["", "{", "[]", '{"model": 3}'])
def test_a_broken_choice_is_none(tmp_path: Path, body: str) -> None:
    folder = tmp_path / "models" / "nlu"
    folder.mkdir(parents=True)
    (folder / CHOICE).write_text(body, "utf-8")

    assert chosen_model(_settings(tmp_path)) == ""


@contextmanager
def _asked_all_the_time(servers: list[ThinServer]) -> Iterator[list[Parsed]]:
    """Ask every server without a pause during the block; each question must be answered."""
    answers: list[Parsed] = []
    problems: list[Exception] = []
    over = threading.Event()

    def ask(server: ThinServer) -> None:
        while not over.is_set():
            try:
                answers.append(_read(server))
            except (requests.RequestException, KeyError) as error:
                problems.append(error)

    askers = [threading.Thread(target=ask, args=(server,)) for server in servers * 2]
    for asker in askers:
        asker.start()
    try:
        yield answers
    finally:
        over.set()
        for asker in askers:
            asker.join()
    assert problems == []


@contextmanager
def _without_token(folder: Path, port: int) -> Iterator[ThinServer]:
    """Run a server that has another token, and so refuses a new model."""
    server = ThinServer(folder, port, token="another")
    try:
        server.start()
        server.wait()
        yield server
    finally:
        server.kill()


def _read(server: ThinServer) -> Parsed:
    answer = requests.post(
        f"{server.url}/model/parse", params={"token": TOKEN}, json={"text": TEXT}, timeout=30
    )
    intent = answer.json()["intent"]
    return intent["name"], intent["confidence"]


def _model(server: ThinServer) -> str:
    return str(requests.get(f"{server.url}/healthy", timeout=30).json()["model"])


def _settings(data: Path, *servers: ThinServer) -> Settings:
    urls = tuple(server.url for server in servers)
    return Settings(
        service=Service(data_dir=data),
        wechat=WeChat(token=SecretStr("abc")),
        nlu=Nlu(token=SecretStr(TOKEN), urls=urls),
    )


def _choose(folder: Path, name: str) -> None:
    body = {"model": name, "previous": "", "refused": []}
    (folder / CHOICE).write_text(json.dumps(body), "utf-8")


def _held_out() -> str:
    rows = [
        {"text": "老板拖欠我们工资三个月了", "intent": "dispute", "topic": "wages"},
        {"text": "你好", "intent": "greeting", "topic": "none"},
        {"text": "我不想活了", "intent": "crisis", "topic": "none"},
        {"text": "低保怎么申请", "intent": "policy_question", "topic": "assistance"},
    ]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
