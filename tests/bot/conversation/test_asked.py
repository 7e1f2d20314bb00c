"""What is kept of questions to the knowledge base, and who is shown them."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from bot.contracts import Intent
from bot.conversation import asked_list
from bot.conversation.asked_list import Did, Question, grouped, settle, waiting
from bot.db.engine import transaction
from bot.inbox import InboundMessage
from bot.people.tables import Resident, Role, Staff
from bot.tickets.tables import Lane, Ticket
from tests.bot.chat import Chat
from tests.builders import a_caseworker, a_ticket, two_houses
from tests.fakes import FakeNlu

WAGES = "老板拖欠工资咋个办"
ALLOWANCE = "低保补助能领几年"


def supervisor(session: Session, house: int | None = None, role: Role = Role.SUPERVISOR) -> Staff:
    staff = a_caseworker(session)
    staff.role, staff.organisation_id = role, house
    session.flush()
    return staff


def seen(engine: Engine, **who: object) -> list[Question]:
    with transaction(engine) as session:
        return waiting(session, supervisor(session, **who))  # type: ignore[arg-type]


@pytest.fixture
def offered(chat: Chat, nlu: FakeNlu) -> Callable[[], list[str]]:
    """Ask something that is offered entries for; return their questions."""

    def ask() -> list[str]:
        text = nlu.teach("工伤认定的材料", Intent.POLICY_QUESTION, topic="work_injury")
        reply = chat.says(text)
        return [line[2:] for line in reply.splitlines()[1:]]

    return ask


def test_an_answer_waits_with_what_was_sent_and_what_was_said_of_it(chat: Chat) -> None:
    chat.says(WAGES)
    (plain,) = seen(chat.line.engine)
    chat.says("有用")
    (useful,) = seen(chat.line.engine)

    assert (plain.text, plain.did, len(plain.shown)) == (WAGES, Did.NOTHING, 3)
    assert plain.right == plain.given == plain.shown[0]
    assert (useful.did, useful.right) == (Did.USEFUL, plain.given)


def test_what_was_called_useless_is_not_right(chat: Chat) -> None:
    chat.says(WAGES)
    chat.says("没用")

    (one,) = seen(chat.line.engine)

    assert (one.did, one.right, one.refused) == (Did.USELESS, "", (one.given,))


def test_what_was_picked_is_right(chat: Chat, offered: Callable[[], list[str]]) -> None:
    assert len(offered()) > 2

    chat.says("2")

    (one,) = seen(chat.line.engine)
    assert (one.did, one.right) == (Did.PICKED, one.shown[1])
    with transaction(chat.line.engine) as session:
        first, second = session.scalars(select(InboundMessage).order_by(InboundMessage.id))
        assert (first.about_id, second.about_id, second.shown) == (None, first.id, None)


def test_none_of_them_refuses_all_that_was_offered(
    chat: Chat, offered: Callable[[], list[str]]
) -> None:
    offered()

    chat.says("都不是")

    (one,) = seen(chat.line.engine)
    assert (one.did, one.right, one.refused) == (Did.NONE, "", one.shown)


def test_what_was_declined_waits_for_whoever_may_read_its_ticket(chat: Chat, nlu: FakeNlu) -> None:
    engine = chat.line.engine
    chat.says(nlu.teach("月亮上的地能不能种烤烟呢", Intent.POLICY_QUESTION, topic="land"))
    with transaction(engine) as session:
        ours, theirs = (house.id for house in two_houses(session))
        session.execute(update(Ticket).values(organisation_id=ours))

    (one,) = seen(engine, house=ours)

    assert one.did == Did.DECLINED
    assert seen(engine, house=theirs) == []


def test_half_a_sentence_a_number_and_chat_are_no_questions(chat: Chat, nlu: FakeNlu) -> None:
    chat.says(WAGES)
    chat.says("那要多久呢")
    chat.says(nlu.teach("您好，在不在", Intent.GREETING))
    chat.says(nlu.teach("低保", Intent.POLICY_QUESTION, topic="assistance"))

    assert [one.text for one in seen(chat.line.engine)] == [WAGES]


def test_several_questions_in_one_message_are_no_way_to_ask_for_one_entry(
    chat: Chat, nlu: FakeNlu
) -> None:
    chat.says(nlu.teach(f"{WAGES}，居住证到期咋个续", Intent.POLICY_QUESTION))
    chat.says("1")

    assert seen(chat.line.engine) == []


def test_what_belongs_into_a_confidential_lane_is_not_kept_for_it(
    chat: Chat, nlu: FakeNlu
) -> None:
    chat.says(nlu.teach("被男人打了能申请保护令吗", Intent.POLICY_QUESTION, topic="violence"))

    with transaction(chat.line.engine) as session:
        assert session.scalars(select(InboundMessage.shown)).all() == [None]


def confidential(session: Session) -> None:
    a_ticket(session, resident=session.scalars(select(Resident)).one(), lane=Lane.VIOLENCE)


def shared(session: Session) -> None:
    session.scalars(select(Resident)).one().discretion = "shared"


def emptied(session: Session) -> None:
    session.scalars(select(InboundMessage)).one().text = ""


@pytest.mark.parametrize("happens", [confidential, shared, emptied])
def test_it_is_out_of_sight_as_soon_as(chat: Chat, happens: Callable[[Session], None]) -> None:
    chat.says(WAGES)
    assert len(seen(chat.line.engine)) == 1

    with transaction(chat.line.engine) as session:
        happens(session)

    assert seen(chat.line.engine) == []


def test_it_is_out_of_sight_for_whoever_refused_what_the_notice_says(chat: Chat) -> None:
    chat.says(WAGES)
    chat.says("不同意")
    assert seen(chat.line.engine) == []

    chat.says("同意")
    assert len(seen(chat.line.engine)) == 1


def test_admins_and_caseworkers_see_none_and_supervisors_those_of_their_house(
    chat: Chat,
) -> None:
    engine = chat.line.engine
    chat.says(WAGES)
    with transaction(engine) as session:
        ours, theirs = (house.id for house in two_houses(session))
        session.execute(update(Resident).values(organisation_id=ours))

    found = {
        "ours": len(seen(engine, house=ours)),
        "of all": len(seen(engine)),
        "theirs": len(seen(engine, house=theirs)),
        "admin": len(seen(engine, role=Role.ADMIN)),
        "caseworker": len(seen(engine, house=ours, role=Role.CASEWORKER)),
    }

    assert found == {"ours": 1, "of all": 1, "theirs": 0, "admin": 0, "caseworker": 0}


def test_what_is_settled_is_settled_once_and_only_by_whoever_sees_it(chat: Chat) -> None:
    engine = chat.line.engine
    chat.says(WAGES)
    (one,) = seen(engine)

    with transaction(engine) as session:
        admin, boss = supervisor(session, role=Role.ADMIN), supervisor(session)
        done = [settle(session, who, [one.id, 999]) for who in (admin, boss, boss)]

    assert done == [0, 1, 0]
    assert seen(engine) == []


def a_question(number: int, text: str, *shown: str, did: Did = Did.NOTHING) -> Question:
    given = shown[0] if did in {Did.PICKED, Did.USEFUL} else ""
    return Question(number, text, "offer", shown, did, given, at=None)  # type: ignore[arg-type]


def test_what_is_alike_and_led_to_the_same_is_one_group_the_most_frequent_first() -> None:
    lone = a_question(1, "户口本丢了咋个补", "a")
    alike = [
        a_question(2, "高龄补贴咋个领", "b", "c"),
        a_question(3, "高龄补贴咋个领呢", "b", did=Did.PICKED),
    ]
    elsewhere = a_question(4, "高龄补贴咋个领嘛", "d")

    groups = grouped([lone, *alike, elsewhere])

    assert [[one.id for one in group.questions] for group in groups] == [[2, 3], [1], [4]]
    assert [group.right for group in groups] == ["b", "", ""]


def test_a_group_never_grows_beyond_what_is_shown_of_it() -> None:
    many = [a_question(number, "高龄补贴咋个领", "b") for number in range(30)]

    assert [len(group.questions) for group in grouped(many)] == [12, 12, 6]
    assert asked_list.MOST_ALIKE == 12
