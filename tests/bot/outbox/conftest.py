"""Who is written to, and in which database."""

import pytest
from sqlalchemy.orm import Session

from bot.wechat import budget
from tests.builders import a_resident
from tests.conftest import NOW


@pytest.fixture
def resident(session: Session) -> int:
    """Somebody who wrote just now."""
    resident_id = a_resident(session, openid="o-li").id
    budget.opened_by_message(session, resident_id, now=NOW)
    return resident_id
