"""Putting the parts together, once per process."""

from collections.abc import Sequence
from pathlib import Path

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock, now
from bot.contracts import Nlu
from bot.conversation.turn import Tools
from bot.db.engine import make_engine, reading
from bot.db.news import make_news
from bot.knowledge.search import KnowledgeSearch
from bot.line import Line
from bot.places import EACH, Places, processes_for, running_in
from bot.settings import ROOT, Settings
from bot.understanding.client import RasaNlu
from bot.understanding.reader import Reader
from bot.understanding.standin import StandIn
from bot.workdays import current

log = structlog.get_logger(__name__)
DATA: Path = ROOT / "data"


def make_line(
    settings: Settings,
    *,
    engine: Engine | None = None,
    clock: Clock = now,
    nlu: Nlu | None = None,
    knowledge: KnowledgeSearch | None = None,
) -> Line:
    """Return the line of this process, on the settings' database and NLU unless they are given."""
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
