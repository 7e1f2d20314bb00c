"""Plain builders: valid rows, of which a test names only what matters."""

import itertools

from sqlalchemy.orm import Session

from bot.people.tables import Resident, Staff
from tests.conftest import NOW

_numbers = itertools.count(1)


def a_resident(session: Session, *, openid: str = "", area_code: str = "") -> Resident:
    number = next(_numbers)
    resident = Resident(
        openid=openid or f"o-{number}",
        alias=f"居民 T{number:04d}",
        area_code=area_code,
        created_at=NOW,
        last_inbound_at=NOW,
    )
    session.add(resident)
    session.flush()
    return resident


def a_caseworker(
    session: Session, *, name: str = "王芳", services: list[str] | None = None, **columns: object
) -> Staff:
    staff = Staff(
        login=f"login{next(_numbers)}",
        name=name,
        services=services or [],
        password_hash="!",
        created_at=NOW,
        **columns,
    )
    session.add(staff)
    session.flush()
    return staff
