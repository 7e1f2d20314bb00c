"""Putting the parts together, once per process."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog
import yaml
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock, now
from bot.contracts import Nlu
from bot.conversation import ellipsis, small_talk
from bot.conversation.turn import Tools
from bot.db.engine import make_engine, reading
from bot.db.news import make_news
from bot.errors import SettingsError
from bot.knowledge import topics
from bot.knowledge.search import KnowledgeSearch
from bot.line import Line
from bot.people import areas, sensitive
from bot.places import EACH, Places, processes_for, running_in
from bot.settings import ROOT, Settings
from bot.understanding import scripts
from bot.understanding.client import RasaNlu
from bot.understanding.reader import Reader
from bot.understanding.standin import StandIn
from bot.workdays import current

log = structlog.get_logger(__name__)
DATA: Path = ROOT / "data"
BOOKS: tuple[tuple[Path, Callable[[], object]], ...] = (
    (small_talk.FILE, small_talk.load_small_talk),
    (ellipsis.FILE, ellipsis.load_followups),
    (scripts.FILE, scripts.load_languages),
    (topics.FILE, topics.load_topics),
    (areas.FILE, areas.load_areas),
    (sensitive.FILE, sensitive.load_rules),
)
"""Reviewed files that a turn needs and that are otherwise read at the first message."""


def make_line(
    settings: Settings,
    *,
    engine: Engine | None = None,
    clock: Clock = now,
    nlu: Nlu | None = None,
    knowledge: KnowledgeSearch | None = None,
) -> Line:
    """
    Return the line of this process, on the settings' database and NLU unless they are given.

    Raises:
        SettingsError: a file in data/ that messages are read by is broken; the text names it.
    """
    read_books()
    engine = engine or make_engine(settings.database_url)
    make_news(settings.redis.url, engine)
    tools = Tools(settings=settings, knowledge=knowledge or KnowledgeSearch())

    def find_topics(text: str) -> Sequence[tuple[str, float]]:
        with reading(engine) as session:
            return tools.knowledge.topics(session, text)

    rasa = RasaNlu(settings.nlu)
    reader = Reader(nlu or rasa, StandIn(find_topics))
    running = running_in(processes_for(settings.web.workers))
    places = Places(settings.web.threads, each=EACH, running=running)
    return Line(engine, reader, tools, now=clock, encoder=rasa, places=places)


def read_books() -> None:
    """
    Read what a turn needs before the first message comes.

    Raises:
        SettingsError: one of the files is broken; the text names it.
    """
    for path, read in BOOKS:
        try:
            read()
        except (
            OSError,
            yaml.YAMLError,
            LookupError,
            AttributeError,
            TypeError,
            ValueError,
            re.error,
        ) as error:
            msg = f"{path.name}: {error}"
            raise SettingsError(msg) from None


def warm_up(line: Line) -> None:
    """Build the index before the first message; where there are no tables yet, with it."""
    try:
        with reading(line.engine) as session:
            line.tools.knowledge.refresh(session)
    except SQLAlchemyError as error:
        log.warning("not_warmed_up", error=type(error).__name__)


def keep_fresh(line: Line) -> None:
    """
    From now on, have in the background what is published, and when people are at work.

    For a process that serves: each message spares the look whether something is new.
    """
    line.tools.knowledge.watch(lambda: reading(line.engine))
    current.watch(line.engine, lambda: reading(line.engine))
