"""The menu under every resident's input line.

The key of a button is a command of bot/conversation/commands.py: a tap means the same as the
typed word.  Opening the third button sends us nothing.  Names: at most 4 characters at the top
and 8 below, or the phone cuts them.
"""

from typing import Any

from bot.wechat.client import WeChatApi

MENU: dict[str, Any] = {
    "button": [
        {"type": "click", "name": "问政策", "key": "问政策"},
        {"type": "click", "name": "找社工", "key": "人工"},
        {
            "name": "我的事",
            "sub_button": [
                {"type": "click", "name": "查进度", "key": "查进度"},
                {"type": "click", "name": "撤销登记", "key": "撤销"},
                {"type": "click", "name": "我的信息怎么用", "key": "隐私"},
            ],
        },
    ]
}


def push_menu(api: WeChatApi) -> None:
    """
    Put the menu in force; phones show it within minutes.

    Raises:
        SendRefusedError, SendLaterError: WeChat did not take it.
    """
    api.create_menu(MENU)


def keys(menu: dict[str, Any]) -> list[str]:
    """Return the keys of a menu, in order; the way to tell whether ours is in force."""
    found = []
    for button in menu.get("button", []):
        found += [tap.get("key", "") for tap in button.get("sub_button") or [button]]
    return found
