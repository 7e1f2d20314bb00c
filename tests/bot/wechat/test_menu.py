"""The menu under the input line."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.conversation.commands import command
from bot.wechat.menu import MENU, keys


def every_button() -> list[tuple[int, Mapping[str, Any]]]:
    top = [(4, button) for button in MENU["button"]]
    return top + [(8, sub) for _, button in top for sub in button.get("sub_button", [])]


def test_the_menu_stays_within_what_wechat_takes() -> None:
    assert len(MENU["button"]) <= 3
    assert all(len(button.get("sub_button", [])) <= 5 for button in MENU["button"])


@pytest.mark.parametrize(("longest", "button"), every_button())
def test_no_name_is_cut_on_the_phone(longest: int, button: Mapping[str, Any]) -> None:
    assert 0 < len(button["name"]) <= longest


@pytest.mark.parametrize("key", keys(MENU))
def test_every_tap_is_a_command(key: str) -> None:
    assert command(key) is not None
    assert len(key.encode()) <= 128
