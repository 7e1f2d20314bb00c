"""The forms of a ticket's page as they came, to be sent as a browser sends them."""

import re

from werkzeug.test import TestResponse

from tests.handlers.console.conftest import Browser


class Page:
    """The forms of a ticket's page as they came."""

    def __init__(self, desk: Browser, number: str) -> None:
        self.desk = desk
        self.number = number
        text = desk.open(f"/tickets/{number}").text
        self.hidden = {
            name: re.findall(rf'name="{name}" value="([^"]*)"', text)[0]
            for name in ("version", "once")
            if f'name="{name}"' in text
        }

    def send(
        self, deed: str, headers: dict[str, str] | None = None, **fields: str
    ) -> TestResponse:
        path = f"/tickets/{self.number}/{deed}"
        form: dict[str, object] = {**self.hidden, **fields}
        return self.desk.send(path, form, headers=headers or {})
