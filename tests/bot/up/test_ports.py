import socket
from collections.abc import Iterator

import pytest

from bot.up.ports import Port, require_free
from bot.up.terminal import UpError


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def a_port(number: int, host: str = "127.0.0.1") -> Port:
    return Port("console", host, number, "YUNQIAO_CONSOLE__PORT={port}")


def test_a_free_port_is_no_problem(free_port: int) -> None:
    require_free([a_port(free_port)])


def test_a_taken_port_is_named_with_the_setting_to_change(taken: int) -> None:
    with pytest.raises(UpError) as error:
        require_free([a_port(taken)])

    for line in (error.value.chinese, error.value.english):
        assert str(taken) in line
        assert "console" in line
        assert "YUNQIAO_CONSOLE__PORT=" in line
        assert "\n" not in line


def test_the_suggested_port_is_free(taken: int) -> None:
    with pytest.raises(UpError) as error:
        require_free([a_port(taken)])

    require_free([a_port(int(error.value.english.rpartition("=")[2]))])


def test_an_address_that_is_not_ours_is_named(free_port: int) -> None:
    with pytest.raises(UpError, match=r"console cannot listen on 192\.0\.2\.1"):
        require_free([a_port(free_port, "192.0.2.1")])
