"""A published entry, or a passage of a policy document, as the search wants it."""

import re
from dataclasses import dataclass
from datetime import date

from bot.contracts import Hit

_HEADING = re.compile(
    r"第[〇零一二三四五六七八九十百千\d]+[条章节款项](之[一二三四五六七八九十])?[)）》\s]*$"
    r"|^(?!.*(什么|啥|怎|咋|哪|吗|多少|合不|有没|没有|[？?]))"
    r"(《|关于|中华人民共和国|.{2,8}[省市州县区]).*"
    r"(通知|公告|办法|条例|规定|意见|细则|方案|决定|解释|法)(（.*）)?[》\s]*$"
)


@dataclass(frozen=True, slots=True)
class Document:
    """One published entry or passage."""

    hit: Hit
    variants: tuple[str, ...]
    subject: str
    scope: str
    valid_from: date | None = None
    valid_until: date | None = None
    variant_of: str = ""
    """Id of the more general entry of which this is a local version."""
    heard: tuple[str, ...] = ()
    """Messages of residents that it answered; nobody wrote them to be a way to ask."""
    part_of: str = ""
    """Of a passage: the policy document it stands in; its question is a heading then."""

    @property
    def phrasings(self) -> tuple[str, ...]:
        """The question and every other way to ask it."""
        return (self.hit.question, *self.variants)

    @property
    def ways_to_ask(self) -> tuple[str, ...]:
        """What it is asked by: not the headings of laws and documents, which nobody asks by."""
        if self.part_of:
            return ()
        written = [text for text in self.phrasings if not _HEADING.search(text)]
        return tuple(dict.fromkeys([*written, *self.heard]))

    def in_force(self, today: date) -> bool:
        """Whether the answer holds on this day."""
        starts, ends = self.valid_from or today, self.valid_until or today
        return starts <= today <= ends
