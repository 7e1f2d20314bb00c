from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Database, Nlu, Service, Settings, Simulator, WeChat
from bot.up.child import Program
from bot.up.programs import ports, programs

SECRET = "geheim-" * 3


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        service=Service(data_dir=tmp_path),
        wechat=WeChat(token=SecretStr(SECRET)),
        nlu=Nlu(token=SecretStr(SECRET), urls=("http://127.0.0.1:5999",), serve=False),
    )


def started(settings: Settings) -> dict[str, Program]:
    return {program.name: program for program in programs(settings)}


def test_the_public_side_is_started_last_so_that_it_ends_first(settings: Settings) -> None:
    assert list(started(settings)) == ["worker", "simulator", "console", "web"]


@pytest.mark.parametrize(
    ("url", "much"), [("", "5"), ("postgresql+psycopg://yunqiao@10.0.0.5/yunqiao", "10")]
)
def test_a_worker_that_may_hold_everybody_up_gives_way_less(
    settings: Settings, url: str, much: str
) -> None:
    chosen = settings.model_copy(update={"database": Database(url=url)})

    assert started(chosen)["worker"].argv[1:3] == ("-n", much)


def test_every_port_names_a_setting_that_changes_it(settings: Settings) -> None:
    assert [port.setting.format(port=9) for port in ports(settings)] == [
        "YUNQIAO_WEB__PORT=9",
        "YUNQIAO_CONSOLE__PORT=9",
        "YUNQIAO_WORKER__PORT=9",
        "YUNQIAO_SIMULATOR__PORT=9",
    ]


def test_no_secret_is_on_a_command_line(settings: Settings) -> None:
    for program in programs(settings):
        assert SECRET not in " ".join(program.argv)


def test_the_phone_is_not_started_where_it_is_disabled(settings: Settings) -> None:
    real = settings.model_copy(update={"simulator": Simulator(enabled=False)})

    assert "simulator" not in started(real)
    assert "simulator" not in {port.name for port in ports(real)}


@pytest.mark.parametrize("server", ["thin", "rasa"])
def test_the_nlu_learns_its_token_and_nothing_else(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    monkeypatch.setenv("YUNQIAO_WECHAT__APP_SECRET", SECRET)
    nlu = settings.nlu.model_copy(update={"serve": True, "server": server})

    program = a_nlu(settings.model_copy(update={"nlu": nlu}))

    ours = {name for name in program.env if name.startswith("YUNQIAO_")}
    assert ours == {"YUNQIAO_NLU__TOKEN"}
    assert SECRET not in " ".join(program.argv)
    assert "5999" in program.argv


def test_each_address_of_the_nlu_on_this_machine_gets_a_process(settings: Settings) -> None:
    urls = ("http://127.0.0.1:5999", "http://10.0.0.9:5005", "http://127.0.0.1:6001")
    nlu = settings.nlu.model_copy(update={"serve": True, "urls": urls})
    several = settings.model_copy(update={"nlu": nlu})
    a_nlu(several)

    found = {name: program for name, program in started(several).items() if "nlu" in name}

    assert list(found) == ["nlu", "nlu-2"]
    assert ["5999" in found["nlu"].argv, "6001" in found["nlu-2"].argv] == [True, True]
    assert [port.setting.format(port=7) for port in ports(several) if "nlu" in port.name] == [
        "YUNQIAO_NLU__URLS=http://127.0.0.1:7,http://10.0.0.9:5005,http://127.0.0.1:6001",
        "YUNQIAO_NLU__URLS=http://127.0.0.1:5999,http://10.0.0.9:5005,http://127.0.0.1:7",
    ]


def a_nlu(settings: Settings) -> Program:
    found = started(settings)
    if "nlu" not in found:
        pytest.skip("nlu/.venv is not installed")
    return found["nlu"]
