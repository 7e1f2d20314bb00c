"""What the tests of tickets share."""

import pytest
from pydantic import SecretStr

from bot.settings import Service, Settings, Tickets, WeChat


@pytest.fixture
def settings() -> Settings:
    """Settings as they come, whatever the machine has set."""
    return Settings.model_construct(
        service=Service(), tickets=Tickets(), wechat=WeChat(token=SecretStr("token"))
    )
