"""Who is shown which places."""

import re
from collections.abc import Callable

import pytest

from bot.people.tables import Role
from tests.handlers.console.conftest import Browser

Enter = Callable[[Role], Browser]


def bar(page: str, name: str) -> list[str]:
    found = re.search(rf'<nav class="{name}".*?</nav>', page, re.DOTALL)
    assert found
    return re.findall(r"<span>([^<]+)</span>", found.group())


@pytest.mark.parametrize(
    ("role", "desk", "phone"),
    [
        (Role.CASEWORKER, "工单 待办 知识库 值班 我的", "工单 未分派 待办 我的"),
        (Role.SUPERVISOR, "工单 待办 督导台 报表 知识库 发送 值班 我的", "工单 待办 督导台 我的"),
        (Role.ADMIN, "知识库 发送 人员 日历 记录 个人信息 我的", "知识库 发送 人员 我的"),
    ],
)
def test_each_role_finds_its_own_places(
    as_role: Enter, *, role: Role, desk: str, phone: str
) -> None:
    page = as_role(role).open("/me").text

    assert bar(page, "topbar-places") == desk.split()
    assert bar(page, "bottombar") == phone.split()


@pytest.mark.parametrize(
    ("role", "home"),
    [(Role.CASEWORKER, "/tickets"), (Role.SUPERVISOR, "/tickets"), (Role.ADMIN, "/knowledge/")],
)
def test_home_is_what_the_role_works_with(as_role: Enter, role: Role, home: str) -> None:
    assert as_role(role).open("/").headers["Location"] == home


@pytest.mark.parametrize(
    ("path", "label"),
    [("/tickets", "工单"), ("/tickets?view=queue", "未分派"), ("/tasks", "待办")],
)
def test_the_place_where_one_is_is_marked(as_role: Enter, path: str, label: str) -> None:
    page = as_role(Role.CASEWORKER).open(path).text

    bottom = page[page.index('class="bottombar"') :]
    marked = re.findall(r'aria-current="page">.*?<span>([^<]+)<', bottom, re.DOTALL)
    assert marked == [label]
