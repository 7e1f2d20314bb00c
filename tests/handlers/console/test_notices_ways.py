"""Channels, quiet hours, and binding one's WeChat."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from bot.audit import AuditEvent
from bot.db.engine import reading, transaction
from bot.notices import binding, preferences
from bot.notices.tables import BindingOffer, Channel, StaffWeChat
from bot.people.tables import Role, Staff
from bot.settings import Settings
from tests.conftest import NOW
from tests.handlers.console.conftest import Browser, Time

FORM = {
    "order1": "email", "order2": "wechat", "order3": "", "next_minutes": "5",
    "quiet_from": "22:00", "quiet_until": "07:00", "email": "wang@example.org",
    "wecom_user": "wangfang",
}  # fmt: skip
URL = "http://weixin.qq.com/q/02abc"


def test_what_is_chosen_is_kept(
    desk: Browser, engine: Engine, worker: Staff, settings: Settings
) -> None:
    desk.open("/notices/ways")

    assert desk.send("/notices/ways", FORM).status_code == 303

    with reading(engine) as session:
        found = preferences.of(session, worker.id, settings)
    assert found.channels == (Channel.EMAIL, Channel.WECHAT)
    assert (found.next_minutes, found.quiet_from, found.email) == (5, "22:00", "wang@example.org")
    page = desk.open("/notices/ways").text
    assert 'value="wang@example.org"' in page
    assert 'value="22:00"' in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "nobody"}, "邮箱地址不对"),
        ({"email": ""}, "邮箱地址还没有填"),
        ({"email": "a@b.c\nBcc: d@e.f"}, "邮箱地址不对"),
        ({"order2": "email"}, "每种方式只能有一个"),
        ({"order2": "pigeon"}, "请从列表里选"),
        ({"next_minutes": "soon"}, "等几分钟要填"),
        ({"next_minutes": "0"}, "等几分钟要填"),
        ({"quiet_until": ""}, "要填开始和结束"),
        ({"quiet_until": "25:00"}, "21:30 这样"),
        ({"wecom_user": "<@all>"}, "企业微信账号只能"),
    ],
)
def test_a_mistake_is_said_and_nothing_typed_is_lost(
    desk: Browser, engine: Engine, changes: dict[str, str], said: str
) -> None:
    desk.open("/notices/ways")

    answer = desk.send("/notices/ways", FORM | changes)

    assert answer.status_code == 400
    assert said in answer.text
    typed = {**FORM, **changes}
    assert 'value="22:00"' in answer.text
    if typed["wecom_user"].isalpha():
        assert f'value="{typed["wecom_user"]}"' in answer.text


def offers(engine: Engine) -> list[BindingOffer]:
    with reading(engine) as session:
        return list(session.scalars(select(BindingOffer).order_by(BindingOffer.id)))


def bind_begins(desk: Browser, engine: Engine) -> str:
    """Ask for a code, let the worker have it made; return the secret in it."""
    desk.open("/notices/wechat")
    assert desk.send("/notices/wechat/start").status_code == 303
    made = offers(engine)[-1]
    with transaction(engine) as session:
        binding.note_code(session, made.id, URL, "")
    assert made.scene
    return made.scene


def scan(engine: Engine, scene: str, openid: str = "o-wang", **later: float) -> str:
    now = NOW + timedelta(**later)
    with transaction(engine) as session:
        found = binding.find(session, scene, now=now)
        return binding.scanned(session, found, openid) if found else "expired"


def bound(engine: Engine) -> dict[int, str]:
    with reading(engine) as session:
        return {row.staff_id: row.openid for row in session.scalars(select(StaffWeChat))}


def test_a_code_is_shown_when_wechat_made_it(desk: Browser, engine: Engine) -> None:
    assert desk.open("/notices/wechat/code.svg").status_code == 404
    desk.open("/notices/wechat")
    desk.send("/notices/wechat/start")
    assert "正在请微信做二维码" in desk.open("/notices/wechat").text

    with transaction(engine) as session:
        binding.note_code(session, offers(engine)[0].id, URL, "")

    assert "扫一扫" in desk.open("/notices/wechat/state?v=making").text
    assert desk.open("/notices/wechat/state?v=ready").status_code == 204
    picture = desk.open("/notices/wechat/code.svg")
    assert picture.content_type == "image/svg+xml"


def test_scan_and_number_bind_the_account(desk: Browser, engine: Engine, worker: Staff) -> None:
    number = scan(engine, bind_begins(desk, engine))
    assert "六位数字" in desk.open("/notices/wechat/state?v=ready").text

    desk.send("/notices/wechat/confirm", {"number": number})

    assert bound(engine) == {worker.id: "o-wang"}
    assert "已绑定" in desk.open("/notices/ways").text
    assert offers(engine)[0].scene is None
    with reading(engine) as session:
        deeds = session.scalars(select(AuditEvent.deed).where(AuditEvent.staff_id == worker.id))
        assert "staff.bind_wechat" in deeds.all()


def test_a_scan_alone_binds_nobody(desk: Browser, engine: Engine) -> None:
    number = scan(engine, bind_begins(desk, engine))
    wrong = f"{(int(number) + 1) % 10**6:06d}"

    desk.send("/notices/wechat/confirm", {"number": wrong})
    desk.send("/notices/wechat/confirm", {"number": ""})

    assert bound(engine) == {}
    assert "数字不对" in desk.open("/notices/wechat").text


def test_five_wrong_numbers_end_the_code(desk: Browser, engine: Engine) -> None:
    scene = bind_begins(desk, engine)
    number = scan(engine, scene)
    for _ in range(binding.MOST_TRIES):
        desk.send("/notices/wechat/confirm", {"number": "x"})

    desk.send("/notices/wechat/confirm", {"number": number})

    assert bound(engine) == {}
    assert scan(engine, scene) == "expired"


def test_the_first_who_scans_counts(desk: Browser, engine: Engine) -> None:
    scene = bind_begins(desk, engine)
    first = scan(engine, scene, "o-thief")

    assert scan(engine, scene, "o-wang") == ""
    assert scan(engine, scene, "o-thief") == first


def test_a_code_is_good_for_ten_minutes(desk: Browser, engine: Engine, time: Time) -> None:
    scene = bind_begins(desk, engine)

    assert scan(engine, scene, minutes=10) == "expired"
    time.at += timedelta(minutes=10)
    assert "出二维码" in desk.open("/notices/wechat").text


def test_a_new_code_ends_the_old_one(desk: Browser, engine: Engine) -> None:
    old = bind_begins(desk, engine)
    bind_begins(desk, engine)

    assert scan(engine, old) == "expired"


def test_an_account_belongs_to_one_person_only(
    desk: Browser, engine: Engine, worker: Staff, as_role: Callable[[Role], Browser]
) -> None:
    other = as_role(Role.CASEWORKER)
    number = scan(engine, bind_begins(other, engine))
    other.send("/notices/wechat/confirm", {"number": number})

    number = scan(engine, bind_begins(desk, engine))
    desk.send("/notices/wechat/confirm", {"number": number})

    assert bound(engine) == {worker.id: "o-wang"}


def test_unbinding_ends_it(desk: Browser, engine: Engine) -> None:
    number = scan(engine, bind_begins(desk, engine))
    desk.send("/notices/wechat/confirm", {"number": number})

    desk.send("/notices/wechat/unbind")

    assert bound(engine) == {}
    assert "没有绑定" in desk.open("/notices/ways").text


def test_what_wechat_refuses_is_said(desk: Browser, engine: Engine) -> None:
    desk.open("/notices/wechat")
    desk.send("/notices/wechat/start")
    with transaction(engine) as session:
        binding.note_code(session, offers(engine)[0].id, "", "ip_list")

    assert "白名单" in desk.open("/notices/wechat").text
