"""Quick replies on a phone."""

from axe_core_python.sync_playwright import Axe

from tests.handlers.console import test_tickets_browser as parts
from tests.handlers.console.test_tickets_browser import PHONE, Desk, too_small

address, desk = parts.address, parts.desk


def test_the_pages_of_phrases_fit_a_phone(desk: Desk) -> None:
    desk.page.set_viewport_size(PHONE)
    home = desk.page.url.split("/tickets")[0]

    for path in ("/phrases/", "/phrases/new"):
        desk.page.goto(home + path)
        assert desk.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert too_small(desk.page) == []
        assert Axe().run(desk.page)["violations"] == []
