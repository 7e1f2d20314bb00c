"""The service that all end-to-end tests share."""

from collections.abc import Iterator

import pytest

from tests.e2e.running import Service, running_service
from tests.thin_servers import a_model


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    a_model()  # where there is none yet, it is trained once for all tests
    # Everybody logs in from this one address.
    many = {"YUNQIAO_CONSOLE__LOGIN_PER_MINUTE": "100"}
    with running_service(tmp_path_factory.mktemp("service"), many) as service:
        yield service
