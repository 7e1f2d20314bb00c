"""A caseworker who can be told over every channel, and what carries notices there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, select

from bot.db.engine import reading, transaction
from bot.notices import preferences, rounds, sending
from bot.notices.preferences import Preference
from bot.notices.queue import notify
from bot.notices.sending import Parcel, Post
from bot.notices.tables import Channel, NoticeDelivery, NoticeKind, StaffWeChat
from bot.people.tables import Staff
from bot.settings import Alerts, Mail, Settings
from tests.builders import a_caseworker
from tests.conftest import NOW
from tests.fakes import SetClock

ALL = (Channel.WECHAT, Channel.WECOM, Channel.EMAIL)
LEASE = timedelta(seconds=30)
WISHES = Preference(channels=ALL, next_minutes=10, email="wang@example.org", wecom_user="wangfang")


@dataclass
class FakePost:
    """Takes what it is given, or fails as told."""

    fails: list[Exception] = field(default_factory=list)
    took: list[Parcel] = field(default_factory=list)

    def send(self, parcel: Parcel) -> str:
        if self.fails:
            raise self.fails.pop(0)
        self.took.append(parcel)
        return f"{parcel.channel}-{len(self.took)}"


@dataclass
class House:
    """One caseworker, a clock, the channels, and the worker's round."""

    engine: Engine
    settings: Settings
    clock: SetClock
    person: Staff
    posts: dict[Channel, FakePost]

    def tell(
        self, kind: NoticeKind = NoticeKind.MENTIONED, *, urgent: bool = False, once: str = "",
        staff_id: int | None = None,
    ) -> None:  # fmt: skip
        with transaction(self.engine) as session:
            notify(
                session,
                staff_id=staff_id or self.person.id,
                kind=kind,
                now=self.clock(),
                urgent=urgent,
                once=once or f"{kind}:{self.clock()}",
            )

    def work(self, **span: float) -> None:
        """Let time pass, and the worker do what is due."""
        self.clock.move(**span)
        for _ in range(20):
            with transaction(self.engine) as session:
                rounds.advance(session, now=self.clock(), settings=self.settings)
                parcel = sending.claim(session, now=self.clock(), lease=LEASE)
            if parcel is None:
                return
            posts: Mapping[Channel, Post] = self.posts
            result = sending.deliver(posts, parcel)
            with transaction(self.engine) as session:
                sending.note_result(session, parcel, result, now=self.clock())
        pytest.fail("the worker does not come to rest")

    def wishes(self, **changes: object) -> None:
        with transaction(self.engine) as session:
            preferences.save(session, self.person.id, replace(WISHES, **changes))  # type: ignore[arg-type]

    def fates(self) -> list[tuple[str, str]]:
        with reading(self.engine) as session:
            rows = session.scalars(
                select(NoticeDelivery).order_by(NoticeDelivery.notice_id, NoticeDelivery.id)
            )
            return [(row.channel, row.state) for row in rows]

    def taken(self) -> list[str]:
        """Over which channels something went out, in no order."""
        return [channel for channel in ALL for _ in self.posts[channel].took]


@pytest.fixture
def open_settings(settings: Settings) -> Settings:
    """Every channel is set up."""
    return settings.model_copy(
        update={
            "alerts": Alerts(
                template_id="t1",
                wecom_webhook=SecretStr("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"),
            ),
            "mail": Mail(host="127.0.0.1", sender="云桥 <yunqiao@example.org>"),
        }
    )


@pytest.fixture
def house(engine: Engine, open_settings: Settings) -> House:
    with transaction(engine) as session:
        person = a_caseworker(session, name="王芳")
        session.add(StaffWeChat(staff_id=person.id, openid="o-wang", bound_at=NOW))
        preferences.save(session, person.id, WISHES)
    return House(
        engine, open_settings, SetClock(), person, {channel: FakePost() for channel in ALL}
    )


@pytest.fixture
def linked(settings: Settings) -> Settings:
    ours = Alerts(template_id="t1", console_url="https://console.example.org/")
    return settings.model_copy(update={"alerts": ours})
