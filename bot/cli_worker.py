"""`python -m bot worker`."""

import click

from bot import clock
from bot.chore_kinds import KINDS
from bot.db.engine import engine_at, transaction
from bot.notices.posts import make_posts
from bot.settings import Settings
from bot.up.following import Following
from bot.wechat.client import make_wechat_api
from bot.wiring import make_line
from bot.worker import Worker, run
from bot.worker_chores import make_chores


@click.command("worker")
@click.pass_obj
def worker_command(settings: Settings) -> None:
    """Run the worker: outbox, leftovers, timetable."""
    with engine_at(settings.database_url) as engine:
        line = make_line(settings, engine=engine)
        api = make_wechat_api(settings, engine=engine, clock=clock.now)
        chores = make_chores(line, KINDS)
        posts = make_posts(settings, api)
        follow = Following(settings, lambda: transaction(engine))
        run(Worker(line=line, api=api, posts=posts, chores=chores, follow=follow))
