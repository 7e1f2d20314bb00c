"""The service that all end-to-end tests share."""

from collections.abc import Iterator

import pytest

from tests.e2e.running import Service, running_service


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    # Everybody logs in from this one address.
    many = {"YUNQIAO_CONSOLE__LOGIN_PER_MINUTE": "100"}
    with running_service(tmp_path_factory.mktemp("service"), many) as service:
        yield service
