"""Policy documents are uploaded, read over, published and withdrawn."""

import io
from collections.abc import Callable

from sqlalchemy import Engine, select

from bot.db.engine import reading
from bot.knowledge.tables import EntryState, PolicyDocument, PolicyPassage
from bot.people.tables import Role
from tests.handlers.console.conftest import Browser

Enter = Callable[[Role], Browser]
TITLE = "石桥县冬季取暖补助办法"
TEXT = "第一条 特困人员家庭，每户每年补助三百元。\n第二条 到村委会登记。\n"


def upload(admin: Browser, content: bytes = TEXT.encode(), **fields: str) -> str:
    """Send the form, and return the address it leads to, or the page of a refusal."""
    admin.open("/policies/new")
    form: dict[str, object] = {"title": TITLE, "effective_on": "2026-01-01", "scope": "530111"}
    form |= {"document_number": "石政发〔2026〕3号", "valid_until": ""} | fields
    form["file"] = (io.BytesIO(content), "policy.txt")
    answer = admin.send("/policies/new", form, content_type="multipart/form-data")
    return answer.location or answer.text


def test_a_file_is_uploaded_read_over_published_and_withdrawn(
    as_role: Enter, engine: Engine
) -> None:
    admin = as_role(Role.ADMIN)

    address = upload(admin)

    page = admin.open(address).text
    for text in ("第一条", "每户每年补助三百元", "第二条", "2 段", "草稿", "官渡"):
        assert text in page
    admin.send(f"{address}/publish")
    assert "已发布" in admin.open("/policies/").text
    admin.send(f"{address}/withdraw")
    assert "已经撤下" in admin.open(address).text
    with reading(engine) as session:
        assert session.scalars(select(PolicyDocument.state)).all() == [EntryState.WITHDRAWN]
        assert len(session.scalars(select(PolicyPassage)).all()) == 2


def test_a_problem_stands_beside_its_field_and_nothing_is_kept(
    as_role: Enter, engine: Engine
) -> None:
    admin = as_role(Role.ADMIN)

    for content, fields, problem in (
        (b"", {}, "请选择文件"),
        (b"PK\x03\x04\x00\xff", {}, "不是纯文本"),
        (TEXT.encode(), {"title": " "}, "请填写文件标题"),
        (TEXT.encode(), {"effective_on": ""}, "请填写施行日期"),
        (TEXT.encode(), {"effective_on": "明天"}, "施行日期不是日期"),
        (TEXT.encode(), {"valid_until": "2025-01-01"}, "失效日期在施行日期前面"),
        (TEXT.encode(), {"scope": "999999"}, "没有这个地区"),
    ):
        page = upload(admin, content, **fields)
        assert problem in page, problem
        assert 'aria-invalid="true"' in page, problem
    with reading(engine) as session:
        assert session.scalars(select(PolicyDocument)).all() == []


def test_caseworkers_read_and_only_admins_change(as_role: Enter) -> None:
    address = upload(as_role(Role.ADMIN))
    reader = as_role(Role.CASEWORKER)

    assert TITLE in reader.open("/policies/").text
    page = reader.open(address)
    assert "补助三百元" in page.text
    assert "/publish" not in page.text
    assert reader.open("/policies/new").status_code == 403
    assert reader.send(f"{address}/publish").status_code == 403
    assert reader.send(f"{address}/withdraw").status_code == 403


def test_the_trial_names_the_passages_a_resident_would_be_offered(as_role: Enter) -> None:
    admin = as_role(Role.ADMIN)
    admin.send(f"{upload(admin)}/publish")

    page = admin.send("/knowledge/try", {"text": "特困人员家庭取暖每年补助有多少"})

    assert "要不要看政策原文" in page.text
    assert f"{TITLE} 第一条" in page.text


def test_an_unknown_document_is_not_found(as_role: Enter) -> None:
    admin = as_role(Role.ADMIN)

    assert admin.open("/policies/77").status_code == 404
    assert admin.send("/policies/77/publish").status_code == 404
