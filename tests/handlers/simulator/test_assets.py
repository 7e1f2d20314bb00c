"""Tokens, media, menu, QR codes and user data."""

import io
import json

import pytest

from handlers.simulator.media import small_picture, small_video
from tests.handlers.simulator.conftest import Driver
from tests.handlers.simulator.stub import APP_ID, APP_SECRET, Stub

ACCOUNT = {"grant_type": "client_credential", "appid": APP_ID, "secret": APP_SECRET}


def test_the_stable_token_repeats_until_it_is_renewed_early(driver: Driver) -> None:
    first = driver.new_token()

    assert driver.new_token() == first
    driver.sim("clock", minutes=116)
    assert driver.new_token() != first
    driver.token = first
    assert driver.call("menu/get").get_json()["errcode"] == 46003


def test_a_forced_token_ends_the_last(driver: Driver) -> None:
    old = driver.new_token()
    forced = json.dumps({**ACCOUNT, "force_refresh": True})

    fresh = driver.client.post("/cgi-bin/stable_token", data=forced).get_json()

    assert fresh["expires_in"] <= 7200
    assert driver.call("menu/get", access_token=old).get_json()["errcode"] == 42001


def test_a_plain_token_leaves_the_last_five_minutes(driver: Driver) -> None:
    def get() -> str:
        return str(
            driver.client.get("/cgi-bin/token", query_string=ACCOUNT).get_json()["access_token"]
        )

    driver.token = get()
    assert get() != driver.token
    assert driver.call("menu/get").get_json()["errcode"] == 46003
    driver.sim("clock", minutes=6)
    assert driver.call("menu/get").get_json()["errcode"] == 42001


@pytest.mark.parametrize(
    ("code", "wrong"),
    [(40125, {"secret": "x"}), (40013, {"appid": "x"}), (40002, {"grant_type": "x"})],
)
def test_a_wrong_account_gets_no_token(driver: Driver, code: int, wrong: dict[str, str]) -> None:
    data = json.dumps(ACCOUNT | wrong)

    assert driver.client.post("/cgi-bin/stable_token", data=data).get_json()["errcode"] == code


def test_a_missing_or_wrong_token_is_refused(driver: Driver) -> None:
    assert driver.client.get("/cgi-bin/menu/get").get_json()["errcode"] == 41001
    assert driver.call("menu/get", access_token="x").get_json()["errcode"] == 40001


def test_an_address_that_is_not_there_is_refused(driver: Driver) -> None:
    assert driver.call("message/mass/send", "{}").get_json()["errcode"] == 40066


def upload(driver: Driver, data: bytes, kind: str = "image") -> dict[str, object]:
    token = driver.new_token()
    answer: dict[str, object] = driver.client.post(
        f"/cgi-bin/media/upload?access_token={token}&type={kind}",
        data={"media": (io.BytesIO(data), "file")},
    ).get_json()
    return answer


def test_media_comes_back_for_three_days(driver: Driver) -> None:
    media_id = str(upload(driver, small_picture())["media_id"])

    assert driver.call("media/get", media_id=media_id).data == small_picture()
    driver.sim("clock", hours=73)
    driver.new_token()
    assert driver.call("media/get", media_id=media_id).get_json()["errcode"] == 40007


@pytest.mark.parametrize(
    ("code", "data", "kind"),
    [
        (40004, b"x", "hologram"),
        (40005, b"plain text", "image"),
        (40006, b"\xff\xd8\xff" * 30_000, "thumb"),
        (41005, b"", "image"),
    ],
)
def test_a_bad_file_is_refused(driver: Driver, code: int, data: bytes, kind: str) -> None:
    assert upload(driver, data, kind)["errcode"] == code


def test_a_video_comes_back_as_an_address(driver: Driver) -> None:
    media_id = str(upload(driver, small_video(), "video")["media_id"])

    assert "video_url" in driver.call("media/get", media_id=media_id).get_json()


def test_a_voice_message_can_be_fetched_without_recognition(driver: Driver, stub: Stub) -> None:
    driver.act("voice", text=None, seconds=4)

    assert "Recognition" not in stub.got[0]
    assert driver.call("media/get", media_id=stub.got[0]["MediaId"]).mimetype == "audio/amr"


def test_a_menu_is_kept_shown_and_deleted(driver: Driver) -> None:
    sub = [{"type": "click", "name": "查进度", "key": "status"}]
    menu = json.dumps({"button": [{"name": "我的", "sub_button": sub}]}, ensure_ascii=False)

    assert driver.call("menu/create", menu).get_json()["errcode"] == 0
    info = driver.call("get_current_selfmenu_info").get_json()["selfmenu_info"]
    assert info["button"][0]["sub_button"]["list"] == sub
    driver.call("menu/delete")
    assert driver.call("menu/get").get_json()["errcode"] == 46003


@pytest.mark.parametrize(
    ("code", "buttons"),
    [
        (40016, [{"name": "一", "type": "click"}] * 4),
        (40018, [{"name": "名字太长了太长了", "type": "click"}]),
        (40023, [{"name": "一", "sub_button": [{"name": "二"}] * 6}]),
    ],
)
def test_a_menu_that_is_too_big_is_refused(
    driver: Driver, code: int, buttons: list[object]
) -> None:
    menu = json.dumps({"button": buttons}, ensure_ascii=False)

    assert driver.call("menu/create", menu).get_json()["errcode"] == code


def test_a_scanned_code_brings_its_scene(driver: Driver, stub: Stub) -> None:
    scene = {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "v7"}}}
    ticket = driver.call("qrcode/create", json.dumps(scene)).get_json()["ticket"]
    driver.act("unfollow")

    driver.act("scan", ticket=ticket)
    driver.act("scan", ticket=ticket)

    assert [m["EventKey"] for m in stub.got[1:]] == ["qrscene_v7", "v7"]
    assert driver.call("showqrcode", ticket=ticket).mimetype == "image/png"
    info = driver.call("user/info", openid=driver.openid).get_json()
    assert (info["subscribe"], info["qr_scene_str"]) == (1, "v7")


def test_little_is_told_of_a_user_and_nothing_of_who_left(driver: Driver) -> None:
    assert "nickname" not in driver.call("user/info", openid=driver.openid).get_json()
    driver.act("unfollow")
    assert driver.call("user/info", openid=driver.openid).get_json()["subscribe"] == 0
    assert driver.call("user/info", openid="o-nobody").get_json()["errcode"] == 40003
