"""Stand-ins at the seams: an NLU that knows what it was told, a clock that is set by hand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.contracts import Intent, Understanding
from bot.errors import NluUnavailableError, SendLaterError, SendRefusedError
from tests.conftest import NOW


@dataclass
class FakeNlu:
    """Understands the texts it was taught; everything else is a policy question."""

    known: dict[str, Understanding] = field(default_factory=dict)
    down: bool = False

    def understand(
        self,
        text: str,
        *,
        now: datetime,
        within_ms: int | None = None,
        by_words: bool = False,
    ) -> Understanding:
        if self.down:
            raise NluUnavailableError("down")
        return self.known.get(text, Understanding(Intent.POLICY_QUESTION, 0.9))

    def teach(self, text: str, intent: Intent, **more: object) -> str:
        self.known[text] = Understanding(intent, **{"confidence": 0.95, **more})  # type: ignore[arg-type]
        return text

    def health(self) -> dict[str, str]:
        return {}


@dataclass
class SetClock:
    """A clock that stands until it is moved."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def move(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class FakeWeChat:
    """Takes every message, or fails as told."""

    fails: SendRefusedError | SendLaterError | None = None
    sent: list[tuple[str, str, bool]] = field(default_factory=list)
    files: list[tuple[str, bytes, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    typed_to: list[str] = field(default_factory=list)

    def send_text(self, openid: str, text: str, *, by_machine: bool) -> None:
        self._fail()
        self.sent.append((openid, text, by_machine))

    def send_file(self, openid: str, kind: str, content: bytes, *, content_type: str) -> None:
        del openid
        self._fail()
        self.files.append((kind, content, content_type))

    def send_notice(self, openid: str, text: str, *, once: str) -> str:
        del openid, once
        self._fail()
        self.notices.append(text)
        return str(len(self.notices))

    def typing(self, openid: str) -> None:
        self._fail()
        self.typed_to.append(openid)

    def _fail(self) -> None:
        if self.fails:
            raise self.fails
