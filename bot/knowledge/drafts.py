"""What an entry is to say, checked before it is kept."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from bot.contracts import Source
from bot.errors import InvalidInputError
from bot.knowledge.tables import EntryVersion
from bot.knowledge.topics import NO_TOPIC, load_topics

LONGEST_ANSWER = 600
LONGEST_QUESTION = 200
MOST_VARIANTS = 60
MOST_SOURCES = 12
COLUMNS = (  # what the database can hold: field, label, characters
    ("subject", "细类", 32),
    ("scope", "适用地区", 12),
    ("variant_of", "总条目", 40),
    ("audience", "适用人群", 80),
    ("editor_note", "编辑备注", 2000),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of an entry, as an editor or the starter file gives it."""

    question: str
    variants: tuple[str, ...]
    answer: str
    sources: tuple[Source, ...]
    topic: str
    subject: str
    scope: str = "national"
    variant_of: str = ""
    """Id of the more general entry of which this is a local version."""
    audience: str = ""
    hotlines: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    """Last day on which the answer holds."""
    editor_note: str = ""


def checked(draft: Draft) -> Draft:
    """
    Return the draft without stray spaces, empty lines and repeated phrasings.

    Raises:
        InvalidInputError: it cannot be an entry; the text says what to do.
    """
    question = draft.question.strip()
    clean = replace(
        draft,
        question=question,
        variants=tuple(v for v in _distinct(draft.variants) if v != question),
        answer=draft.answer.strip(),
        sources=tuple(s for s in map(_stripped, draft.sources) if any(asdict(s).values())),
        hotlines=_distinct(draft.hotlines),
        subject=draft.subject.strip(),
        scope=draft.scope.strip(),
        variant_of=draft.variant_of.strip(),
        audience=draft.audience.strip(),
        editor_note=draft.editor_note.strip(),
    )
    problem = next(filter(None, (check(clean) for check in _CHECKS)), "")
    if problem:
        raise InvalidInputError(problem)
    return clean


def digest(draft: Draft) -> str:
    """Return a hash of the content: the same content has the same one."""
    content = asdict(draft)
    if not draft.variant_of:
        # So that content written before there were variants keeps its hash.
        del content["variant_of"]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def draft_of(version: EntryVersion) -> Draft:
    """Return the content of a version, ready to be changed."""
    return Draft(
        question=version.question,
        variants=tuple(version.variants),
        answer=version.answer,
        sources=sources_of(version),
        topic=version.topic,
        subject=version.subject,
        scope=version.scope,
        variant_of=version.variant_of,
        audience=version.audience,
        hotlines=tuple(version.hotlines),
        valid_from=version.valid_from,
        valid_until=version.valid_until,
        editor_note=version.editor_note,
    )


def sources_of(version: EntryVersion) -> tuple[Source, ...]:
    """Return what the version rests on."""
    return tuple(Source(**source) for source in version.sources)


def _stripped(source: Source) -> Source:
    return Source(**{name: text.strip() for name, text in asdict(source).items()})


def _distinct(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _question_problem(draft: Draft) -> str:
    if not draft.question:
        return "请填写标准问题。"
    if any(len(text) > LONGEST_QUESTION for text in (draft.question, *draft.variants)):
        return f"问题和问法每条最多{LONGEST_QUESTION}个字，请改短。"
    if len(draft.variants) > MOST_VARIANTS:
        return f"问法最多{MOST_VARIANTS}条，请删去相近的。"
    return ""


def _answer_problem(draft: Draft) -> str:
    if not draft.answer:
        return "请填写答案。"
    if len(draft.answer) > LONGEST_ANSWER:
        over = len(draft.answer) - LONGEST_ANSWER
        return f"答案最多{LONGEST_ANSWER}个字，现在多了{over}个字，请改短或分成两条。"
    return ""


def _source_problem(draft: Draft) -> str:
    if not draft.sources:
        return "请至少填一个出处：每条答案都要说明依据。"
    if len(draft.sources) > MOST_SOURCES:
        return f"出处最多{MOST_SOURCES}个，请只留答案真正用到的。"
    if not all(source.title for source in draft.sources):
        return "每个出处都要有名称，请补上文件或热线的名称。"
    return ""


def _topic_problem(draft: Draft) -> str:
    if draft.topic == NO_TOPIC or draft.topic not in load_topics().keys:
        return "没有这个主题，请从列表里选一个。"
    return ""


def _validity_problem(draft: Draft) -> str:
    if draft.valid_from and draft.valid_until and draft.valid_until < draft.valid_from:
        return "有效期的结束日期早于开始日期，请改正。"
    return ""


def _length_problem(draft: Draft) -> str:
    for name, label, longest in COLUMNS:
        if len(getattr(draft, name)) > longest:
            return f"{label}最多{longest}个字，请改短。"
    if not draft.scope:
        return "请选择适用地区：全国，或一个地区。"
    if draft.variant_of and draft.scope == "national":
        return "适用地区是全国的不能是地方版本：请选一个地区，或者清空总条目。"
    return ""


_CHECKS = (
    _question_problem,
    _answer_problem,
    _source_problem,
    _topic_problem,
    _validity_problem,
    _length_problem,
)
