"""Everything that can go wrong on purpose, and who is at fault.

* YunqiaoError
  x SettingsError        the installation is set up wrongly; the message says what to do
  x SealError            a stored value cannot be opened, or a key cannot be used
  x UpkeepError          a backup, restore, move or simulation was not done; nothing was changed
  x RefusedError         the person or program asked for something we must refuse
    + BadPushError       a call to the callback that is forged, stale or malformed
    + NotFoundError      no such thing, or not one this person may see
    + NotAllowedError    this person may not do this
    + InvalidInputError  what was typed cannot be accepted; the message says why, in Chinese
    + ConflictError      somebody else changed the thing first
    + LastReplyError     an answer would use up the reply that is kept for the outcome
    + SendRefusedError   WeChat will never deliver this message
  x UpstreamError        something we depend on failed; trying again may help
    + NluUnavailableError
    + NotStoredError     a message could not be stored; WeChat must send it again
    + SendLaterError     WeChat did not accept the message now

Each edge decides what a branch means there: the callback answers `success`,
the console shows the message with a 4xx, the worker retries an UpstreamError
and never retries a RefusedError.
"""

from datetime import timedelta


class YunqiaoError(Exception):
    """Base of every error this project raises on purpose."""


class SettingsError(YunqiaoError):
    """The installation is set up wrongly."""


class SealError(YunqiaoError):
    """A stored value cannot be opened or a key cannot be used; the text holds neither."""


class UpkeepError(YunqiaoError):
    """A backup, restore, move or simulation was not done, and why; nothing was changed."""


class RefusedError(YunqiaoError):
    """The request cannot be granted; repeating it will not help."""


class BadPushError(RefusedError):
    """A call to the callback is forged, stale or malformed; the text never holds content."""

    def __init__(self, reason: str, *, signed: bool = False) -> None:
        """Keep a short code of the reason, and whether WeChat itself signed the call."""
        super().__init__(reason)
        self.signed = signed


class NotFoundError(RefusedError):
    """No such thing, or not one this person may see: the two look the same."""


class NotAllowedError(RefusedError):
    """This person may not do this."""


class InvalidInputError(RefusedError):
    """What was typed cannot be accepted; the text is shown to the person."""


class ConflictError(RefusedError):
    """Somebody else changed the thing first; nothing was overwritten."""


class LastReplyError(RefusedError):
    """An answer would use up the reply that is kept for the outcome; nothing was written."""


class SendRefusedError(RefusedError):
    """WeChat will never deliver this message."""

    def __init__(self, code: int | None, outcome: str) -> None:
        """Keep WeChat's errcode and our name of the outcome."""
        super().__init__(f"{outcome} ({code})")
        self.code = code
        self.outcome = outcome


class UpstreamError(YunqiaoError):
    """A service we call failed or did not answer in time."""


class NluUnavailableError(UpstreamError):
    """The NLU process gave no usable answer."""


class NotStoredError(UpstreamError):
    """A message could not be stored; it must not be acknowledged."""


class SendLaterError(UpstreamError):
    """WeChat did not accept the message now, and may do so later."""

    def __init__(self, code: int | None, outcome: str, wait: timedelta | None = None) -> None:
        """Keep WeChat's errcode, our name of the outcome, and the least useful pause."""
        super().__init__(f"{outcome} ({code})")
        self.code = code
        self.outcome = outcome
        self.wait = wait
