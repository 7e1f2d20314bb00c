"""What one host trained, every host answers with: two data folders, one PostgreSQL."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from pydantic import SecretStr
from sqlalchemy import Engine, func, select, text

from bot.db.engine import make_engine, reading, transaction
from bot.settings import Nlu, Service, Settings, WeChat
from bot.understanding import models
from bot.understanding.tables import NluChoice, NluModel, NluModelPiece
from bot.up.following import Following, tell_all
from bot.up.models import CHOICE, bring, chosen_model, roll_back_model, take_model
from bot.up.programs import model_folder
from tests.conftest import NOW
from tests.thin_servers import TOKEN, ThinServer, a_model

OLD = "nlu-000000000000.tar.gz"


@dataclass(frozen=True)
class Host:
    """A machine with a folder of its own and a process that reads messages."""

    settings: Settings
    engine: Engine
    server: ThinServer

    def tell(self) -> None:
        tell_all(self.settings, lambda: transaction(self.engine), now=NOW)

    def following(self) -> Following:
        return Following(self.settings, lambda: transaction(self.engine))

    def serves(self) -> str:
        return str(requests.get(f"{self.server.url}/healthy", timeout=30).json()["model"])


@pytest.fixture(scope="module")
def model() -> Path:
    return a_model()


@pytest.fixture
def engine(postgres_engine: Engine) -> Engine:
    return postgres_engine


@pytest.fixture
def hosts(engine: Engine, model: Path, tmp_path: Path, free_ports: list[int]) -> tuple[Host, Host]:
    """Both are to answer with an old model; the first one has a new one beside it."""
    folders = [tmp_path / name / "models" / "nlu" for name in ("a", "b")]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / OLD).write_bytes(model.read_bytes() + b"\0")  # loads, and is another file
        body = {"model": OLD, "previous": "", "refused": []}
        (folder / CHOICE).write_text(json.dumps(body), "utf-8")
    shutil.copy(model, folders[0])
    one, two = map(ThinServer, folders, free_ports)
    return _host(tmp_path / "a", engine, one), _host(tmp_path / "b", engine, two)


@pytest.fixture
def running(hosts: tuple[Host, Host]) -> Iterator[tuple[Host, Host]]:
    """The same, each with its process."""
    for host in hosts:
        host.server.start()
    for host in hosts:
        host.server.wait()
    yield hosts
    for host in hosts:
        host.server.kill()


def _host(data: Path, engine: Engine, server: ThinServer) -> Host:
    settings = Settings(
        service=Service(data_dir=data),
        wechat=WeChat(token=SecretStr("abc")),
        nlu=Nlu(token=SecretStr(TOKEN), urls=(server.url,)),
    )
    return Host(settings, engine, server)


def trained(host: Host, model: Path) -> None:
    """Take the new model into use there, as a training does that the gate let pass."""
    assert take_model(host.settings, model.name) == 0
    assert bring(host.settings)
    host.tell()


def test_what_one_host_trained_the_other_fetches_and_goes_back_with_it(
    running: tuple[Host, Host], model: Path
) -> None:
    one, two = running
    following = two.following()
    one.tell()
    assert following()
    assert two.serves() == OLD

    trained(one, model)
    assert (following(), following()) == (True, False)

    fetched = model_folder(two.settings) / model.name
    assert two.serves() == chosen_model(two.settings) == model.name
    assert fetched.read_bytes() == model.read_bytes()

    assert roll_back_model(one.settings) == 0
    one.tell()
    assert following()

    assert [one.serves(), two.serves()] == [OLD, OLD]
    refused = json.loads((model_folder(two.settings) / CHOICE).read_text("utf-8"))["refused"]
    assert refused == [model.name]  # so that no training here takes it again by itself


def test_a_host_that_comes_later_needs_no_training(hosts: tuple[Host, Host], model: Path) -> None:
    one, two = hosts
    shutil.rmtree(model_folder(two.settings))
    trained(one, model)

    assert two.following()()

    assert chosen_model(two.settings) == model.name
    assert (model_folder(two.settings) / model.name).read_bytes() == model.read_bytes()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE nlu_model_piece SET data = '\\x00' WHERE position = 0",
        "UPDATE nlu_model SET digest = '{digest}'",
        "UPDATE nlu_model SET name = '../../../tmp/nlu-000000000001.tar.gz'",
    ],
)
def test_a_model_that_no_host_of_ours_put_there_is_not_taken(
    hosts: tuple[Host, Host], model: Path, engine: Engine, damage: str
) -> None:
    one, two = hosts
    trained(one, model)
    with engine.begin() as connection:
        connection.execute(
            text(damage.format(digest=hashlib.sha256(model.read_bytes()).hexdigest()))
        )

    two.following()()

    assert chosen_model(two.settings) == OLD
    assert [path.name for path in model_folder(two.settings).glob("*.gz")] == [OLD]


def test_a_model_that_cannot_be_loaded_leaves_the_host_with_its_own(
    running: tuple[Host, Host], engine: Engine
) -> None:
    _, two = running
    with transaction(engine) as session:
        models.choose(session, "nlu-00000000000f.tar.gz", b"no archive", host="one", now=NOW)

    two.following()()

    assert two.serves() == chosen_model(two.settings) == OLD


def test_two_models_are_kept_and_the_same_one_is_put_there_once(engine: Engine) -> None:
    with transaction(engine) as session:
        new = [
            models.choose(session, f"nlu-{name * 12}.tar.gz", archive, host="one", now=NOW)
            for name, archive in (("a", b"1"), ("a", b"1"), ("b", b"2"), ("c", b"3"), ("b", b"2"))
        ]

    with reading(engine) as session:
        here = models.chosen(session)
        kept = session.scalars(select(NluModel.name).order_by(NluModel.id)).all()
        pieces = session.scalar(select(func.count()).select_from(NluModelPiece))
        choices = session.scalar(select(func.count()).select_from(NluChoice))
    assert new == [True, False, True, True, True]
    assert here is not None
    assert here.name == "nlu-bbbbbbbbbbbb.tar.gz"
    assert (len(kept), pieces, choices) == (2, 2, 3)


def test_with_sqlite_nothing_is_put_into_the_database(
    database_url: str, model: Path, tmp_path: Path
) -> None:
    engine = make_engine(database_url)
    host = _host(tmp_path, engine, ThinServer(tmp_path, 1))
    model_folder(host.settings).mkdir(parents=True)
    shutil.copy(model, model_folder(host.settings))
    assert take_model(host.settings, model.name) == 0

    host.tell()

    with reading(engine) as session:
        assert models.chosen(session) is None
    engine.dispose()
