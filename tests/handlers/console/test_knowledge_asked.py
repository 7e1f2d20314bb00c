"""Looking over what residents asked: masked, on record, and what is kept of it."""

import re
from collections.abc import Callable, Sequence
from html import unescape

import pytest
from sqlalchemy import Engine, select

from bot.audit import AuditEvent
from bot.contracts import Action
from bot.conversation.tables import AnswerGiven
from bot.db.engine import transaction
from bot.inbox import InboundMessage
from bot.knowledge import entries
from bot.knowledge.tables import Entry, KeptWording
from bot.people.tables import Role
from tests.builders import a_resident
from tests.conftest import NOW
from tests.handlers.console.conftest import QUESTION, Browser, Time

Enter = Callable[[Role], Browser]
SAID = "我叫李建国，电话13987654321，身份证530111198001011234，工程包给个人了工资咋个要"
PLAIN = "我叫某某，电话（号码），身份证（号码），工程包给个人了工资咋个要"
WORDING = "工程包给个人了工资咋个要"


def asked(
    engine: Engine,
    text: str = SAID,
    *,
    shown: Sequence[str] = (),
    action: Action = Action.OFFER,
    picked: str = "",
) -> int:
    """A resident's question, and perhaps the number they answered to what was offered."""
    with transaction(engine) as session:
        resident = a_resident(session)
        common = {"resident_id": resident.id, "kind": "text", "sent_at": NOW}
        common |= {"received_at": NOW, "lease_until": NOW, "answered_at": NOW}
        question = InboundMessage(
            key=f"q{resident.id}", text=text, action=action, shown=" ".join(shown), **common
        )
        session.add(question)
        session.flush()
        if picked:
            number = InboundMessage(
                key=f"n{resident.id}", text="1", about_id=question.id, action="answer", **common
            )
            session.add(number)
            session.flush()
            version = session.get_one(Entry, picked).published_version_id
            session.add(
                AnswerGiven(
                    resident_id=resident.id, inbound_id=number.id, version_id=version,
                    confidence=1.0, at=NOW,
                )
            )  # fmt: skip
        return question.id


def kept(engine: Engine) -> list[tuple[str, str | None]]:
    with transaction(engine) as session:
        rows = session.execute(select(KeptWording.text, KeptWording.entry_id))
        return [(text, entry_id) for text, entry_id in rows]


def deeds(engine: Engine) -> list[str]:
    with transaction(engine) as session:
        return list(session.scalars(select(AuditEvent.deed).order_by(AuditEvent.id)))


def test_a_question_is_shown_without_numbers_and_name_with_what_came_of_it(
    as_role: Enter, engine: Engine, entry: str
) -> None:
    asked(engine, shown=[entry], picked=entry)

    page = unescape(as_role(Role.SUPERVISOR).open("/knowledge/asked").text)

    assert PLAIN in page
    for secret in ("李建国", "13987654321", "530111198001011234", "4321"):
        assert secret not in page
    assert "居民选了一条" in page
    assert f"当时给的选项是：{QUESTION}" in page
    assert f"就是这条：{QUESTION}" in page
    assert deeds(engine).count("questions.read") == 1


def test_this_entry_keeps_the_edited_wording_and_no_way_back(
    as_role: Enter, engine: Engine, entry: str
) -> None:
    number = asked(engine, shown=[entry], picked=entry)
    boss = as_role(Role.SUPERVISOR)

    done = boss.send(
        "/knowledge/asked/judge",
        {"ids": str(number), "text": WORDING, "deed": f"this:{entry}"},
        follow_redirects=True,
    )

    assert "收下了" in done.text
    assert "都看过了" in done.text
    assert kept(engine) == [(WORDING, entry)]
    with transaction(engine) as session:
        assert session.get_one(InboundMessage, number).shown is None
        session.get_one(InboundMessage, number).text = ""  # as when its time is over
    assert kept(engine) == [(WORDING, entry)]
    assert WORDING in boss.open("/knowledge/asked/kept").text
    assert WORDING not in str(deeds(engine))


@pytest.mark.parametrize("text", [SAID, PLAIN, f"{WORDING}，打13987654321", "工资", ""])
def test_a_wording_that_still_tells_who_or_nothing_is_not_kept(
    as_role: Enter, engine: Engine, entry: str, text: str
) -> None:
    number = asked(engine, shown=[entry])

    answer = as_role(Role.SUPERVISOR).send(
        "/knowledge/asked/judge",
        {"ids": str(number), "text": text, "deed": f"this:{entry}"},
    )

    assert answer.status_code == 400
    assert kept(engine) == []
    with transaction(engine) as session:
        assert session.get_one(InboundMessage, number).shown == entry


def test_none_answers_it_is_a_start_for_a_new_entry(as_role: Enter, engine: Engine) -> None:
    number = asked(engine, "彝族年放几天假的补贴", action=Action.DECLINE)
    boss, admin = as_role(Role.SUPERVISOR), as_role(Role.ADMIN)
    words = "彝族年放假有没有补贴"

    boss.send("/knowledge/asked/judge", {"ids": str(number), "text": words, "deed": "none:"})

    assert kept(engine) == [(words, None)]
    listed = admin.open("/knowledge/asked/kept?which=open")
    assert words in listed.text
    (start,) = re.findall(r'href="(/knowledge/new\?wording=\d+)"', listed.text)
    assert f'name="question" value="{words}"' in admin.open(start).text
    assert "写成新条目" not in boss.open("/knowledge/asked/kept?which=open").text


def test_what_is_refused_leaves_the_list_and_nothing_behind(
    as_role: Enter, engine: Engine
) -> None:
    number = asked(engine)
    boss = as_role(Role.SUPERVISOR)

    done = boss.send(
        "/knowledge/asked/judge",
        {"ids": str(number), "text": PLAIN, "deed": "refuse"},
        follow_redirects=True,
    )

    assert "都看过了" in done.text
    assert kept(engine) == []
    assert "questions.refuse" in deeds(engine)


def test_what_somebody_else_has_looked_over_is_not_kept_again(
    as_role: Enter, engine: Engine, entry: str
) -> None:
    number = asked(engine, shown=[entry])
    form = {"ids": str(number), "text": WORDING, "deed": f"this:{entry}"}
    first, second = as_role(Role.SUPERVISOR), as_role(Role.SUPERVISOR)
    first.send("/knowledge/asked/judge", form)

    assert second.send("/knowledge/asked/judge", form).status_code == 409
    assert second.send("/knowledge/asked/judge", form | {"ids": "x 999"}).status_code == 409
    assert len(kept(engine)) == 1


def test_another_entry_is_found_by_words_or_by_the_question(
    as_role: Enter, engine: Engine, entry: str
) -> None:
    boss = as_role(Role.SUPERVISOR)
    button = f'form="judge-7" name="deed" value="this:{entry}"'
    found = {
        words: button in boss.send("/knowledge/asked/choose", {"of": "7", **form}).text
        for words, form in {
            "by words": {"q": "包工头"},
            "by the question": {"text": "工程包给个人工资哪个给"},
            "none": {"q": "养老金"},
        }.items()
    }

    assert found == {"by words": True, "by the question": True, "none": False}


def test_what_was_refused_is_not_proposed_again(
    as_role: Enter, engine: Engine, entry: str
) -> None:
    number = asked(engine, "工程包给个人工资该哪个给嘛", shown=[entry])
    with transaction(engine) as session:
        question = session.get_one(InboundMessage, number)
        session.add(
            InboundMessage(
                key="none", resident_id=question.resident_id, kind="text", text="都不是",
                about_id=number, action=Action.HANDOFF, sent_at=NOW, received_at=NOW,
                lease_until=NOW, answered_at=NOW,
            )
        )  # fmt: skip

    page = as_role(Role.SUPERVISOR).open("/knowledge/asked?did=missed")

    assert "居民说都不是，找了社工" in page.text
    assert "就是这条" not in page.text
    assert "都看过了" in as_role(Role.SUPERVISOR).open("/knowledge/asked?did=picked").text


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CASEWORKER])
def test_only_supervisors_read_it(as_role: Enter, engine: Engine, role: Role) -> None:
    number = asked(engine)
    reader = as_role(role)

    assert reader.open("/knowledge/asked").status_code == 403
    form = {"ids": str(number), "text": WORDING, "deed": "none:"}
    assert reader.send("/knowledge/asked/judge", form).status_code == 403
    assert ("居民怎么问" in reader.open("/knowledge/").text) is False


def test_a_kept_wording_is_dropped(as_role: Enter, engine: Engine, entry: str) -> None:
    number = asked(engine, shown=[entry])
    boss, admin = as_role(Role.SUPERVISOR), as_role(Role.ADMIN)
    form = {"ids": str(number), "text": WORDING, "deed": f"this:{entry}"}
    boss.send("/knowledge/asked/judge", form)
    with transaction(engine) as session:
        wording = session.scalars(select(KeptWording.id)).one()

    admin.open("/knowledge/asked/kept")
    admin.send(f"/knowledge/asked/kept/{wording}/drop")

    assert kept(engine) == []
    assert admin.send(f"/knowledge/asked/kept/{wording}/drop").status_code == 404


def test_a_withdrawn_entry_is_named_as_such(
    as_role: Enter, engine: Engine, entry: str, time: Time
) -> None:
    number = asked(engine, shown=[entry])
    boss = as_role(Role.SUPERVISOR)
    form = {"ids": str(number), "text": WORDING, "deed": f"this:{entry}"}
    boss.send("/knowledge/asked/judge", form)
    with transaction(engine) as session:
        entries.withdraw(session, entry, staff_id=1, now=time())

    assert f"条目已撤下，{entry}" in boss.open("/knowledge/asked/kept").text
    asked(engine, shown=[entry])
    assert "就是这条" not in boss.open("/knowledge/asked").text
