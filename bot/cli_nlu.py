"""`python -m bot nlu …`: the model that reads messages, changed while the service runs."""

import sys
from collections.abc import Callable

import click

from bot import clock
from bot.db.engine import engine_at, transaction
from bot.settings import Settings
from bot.up.following import Following, tell_all
from bot.up.models import roll_back_model, show_models, train_model


@click.group("nlu")
def nlu_group() -> None:
    """The model that reads messages."""


@nlu_group.command("train", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def nlu_train(settings: Settings, arguments: tuple[str, ...]) -> None:
    """
    Train if anything changed, and switch the running processes if the new model is no worse.

    The other hosts follow.  What one of them trained is fetched first, and not trained again.

    ARGUMENTS go to nlu/train.py: --held-out FILE, --margin 0.01, --force, --data FOLDER.
    """
    sys.exit(_on_all(settings, lambda: train_model(settings, arguments)))


@nlu_group.command("rollback")
@click.pass_obj
def nlu_rollback(settings: Settings) -> None:
    """Go back to the model before the present one, on all hosts; again: come back."""
    sys.exit(_on_all(settings, lambda: roll_back_model(settings)))


@nlu_group.command("status")
@click.pass_obj
def nlu_status(settings: Settings) -> None:
    """Say which model is chosen and which one each process here answers with."""
    sys.exit(show_models(settings))


def _on_all(settings: Settings, change: Callable[[], int]) -> int:
    with engine_at(settings.database_url) as engine:
        Following(settings, lambda: transaction(engine))()
        failed = change()
        if not failed:
            tell_all(settings, lambda: transaction(engine), now=clock.now())
    return failed
