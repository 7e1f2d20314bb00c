"""`python -m bot nlu …`: the model that reads messages, changed while the service runs."""

import sys

import click

from bot.settings import Settings
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

    ARGUMENTS go to nlu/train.py: --held-out FILE, --margin 0.01, --force, --data FOLDER.
    """
    sys.exit(train_model(settings, arguments))


@nlu_group.command("rollback")
@click.pass_obj
def nlu_rollback(settings: Settings) -> None:
    """Go back to the model before the present one, without a stop; again: come back."""
    sys.exit(roll_back_model(settings))


@nlu_group.command("status")
@click.pass_obj
def nlu_status(settings: Settings) -> None:
    """Say which model is chosen and which one each process answers with."""
    sys.exit(show_models(settings))
