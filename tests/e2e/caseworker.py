"""A caseworker at the console, over plain HTTP: the pages work without scripts."""

import re
from http import HTTPStatus
from typing import Self

import requests

from tests.e2e.running import Service


class Caseworker:
    """Logged in, with the forms of the pages."""

    def __init__(self, service: Service, login: str, password: str) -> None:
        self._base = service.console
        self._http = requests.Session()
        page = self._http.get(f"{self._base}/login", timeout=60)
        form = {"csrf_token": _hidden(page.text, "csrf_token"), "next": "/tickets"}
        form |= {"login": login, "password": password}
        answer = self._http.post(
            f"{self._base}/login", data=form, timeout=60, allow_redirects=False
        )
        assert answer.status_code == HTTPStatus.FOUND, answer.status_code

    @classmethod
    def of(cls, service: Service, number: str) -> Self:
        """Return whoever is responsible for the ticket."""
        for login, password in service.logins().items():
            person = cls(service, login, password)
            if 'name="text"' in person.sees(number):
                return person
        msg = f"nobody may answer {number}"
        raise AssertionError(msg)

    def sees(self, number: str) -> str:
        """Return the ticket's page, or nothing where it is not for this person."""
        page = self._http.get(f"{self._base}/tickets/{number}", timeout=60)
        return page.text if page.status_code == HTTPStatus.OK else ""

    def replies(self, number: str, text: str) -> None:
        """Write to the resident."""
        page = self.sees(number)
        form = {name: _hidden(page, name) for name in ("csrf_token", "version", "once")}
        answer = self._http.post(
            f"{self._base}/tickets/{number}/reply", data=form | {"text": text}, timeout=60
        )
        assert answer.status_code == HTTPStatus.OK, answer.status_code


def _hidden(page: str, name: str) -> str:
    field = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    assert field, f"the page has no {name}"
    return field.group(1)
