"""What residents said of the answers they got: 有用 or 没用, version by version."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.conversation.tables import AnswerGiven


@dataclass(frozen=True, slots=True)
class Feedback:
    """How often a version was sent, and what came back."""

    sent: int = 0
    useful: int = 0
    useless: int = 0


def feedback_on(session: Session, version_ids: Collection[int]) -> Mapping[int, Feedback]:
    """Return the feedback on each of these versions of entries, by version id."""
    rows = session.execute(
        select(AnswerGiven.version_id, AnswerGiven.useful, func.count())
        .where(AnswerGiven.version_id.in_(version_ids))
        .group_by(AnswerGiven.version_id, AnswerGiven.useful)
    )
    counted: dict[int, dict[bool | None, int]] = {number: {} for number in version_ids}
    for version_id, useful, count in rows:
        counted[version_id][useful] = count
    return {
        version_id: Feedback(sum(said.values()), said.get(True, 0), said.get(False, 0))
        for version_id, said in counted.items()
    }
