"""WeRoBot's plain echo, for its own interpreter: a framework that does nothing else."""

import os

from werobot import WeRoBot  # type: ignore[import-not-found]

robot = WeRoBot(
    token=os.environ["ECHO_TOKEN"],
    encoding_aes_key=os.environ["ECHO_AES_KEY"],
    app_id=os.environ["ECHO_APP_ID"],
    enable_session=False,
)
app = robot.wsgi


@robot.text  # type: ignore[untyped-decorator]
def echo(message: object) -> object:
    """Say it again."""
    return getattr(message, "content", "")
