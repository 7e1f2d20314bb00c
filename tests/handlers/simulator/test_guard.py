"""Another web site in the same browser cannot drive the simulator."""

import pytest

from tests.handlers.simulator.conftest import Driver


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "rebound.example"},
    ],
    ids=str,
)
def test_another_site_is_refused(driver: Driver, headers: dict[str, str]) -> None:
    assert driver.client.post("/sim/reset", json={}, headers=headers).status_code == 403
    assert driver.client.delete("/sim/faults", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None],
)
def test_what_a_form_can_send_is_refused(driver: Driver, content_type: str | None) -> None:
    response = driver.client.post("/sim/reset", data="{}", content_type=content_type)

    assert response.status_code == 415


def test_a_rebound_name_cannot_read_a_chat(driver: Driver) -> None:
    url = f"/sim/residents/{driver.openid}/chat"

    assert driver.client.get(url, headers={"Host": "rebound.example"}).status_code == 403


def test_the_own_page_may(driver: Driver) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}

    assert driver.client.post("/sim/reset", json={}, headers=headers).status_code == 200


def test_the_page_runs_only_its_own_scripts(driver: Driver) -> None:
    response = driver.client.get("/")

    assert response.status_code == 200
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "<script>" not in response.text
    assert " style=" not in response.text
