"""Lists kept under a name."""

import pytest
from sqlalchemy.orm import Session

from bot.desk import filters
from bot.errors import InvalidInputError, NotFoundError
from tests.builders import a_caseworker
from tests.conftest import NOW


def test_the_same_name_means_the_new_list(session: Session) -> None:
    own = a_caseworker(session)
    filters.save(session, own, "欠薪", {"topic": "wages"}, now=NOW)

    filters.save(session, own, " 欠薪 ", {"topic": "wages", "view": "team"}, now=NOW)

    assert [kept.address for kept in filters.of(session, own)] == ["topic=wages&view=team"]


@pytest.mark.parametrize("name", ["", "  ", "一" * 13])
def test_a_name_is_short_and_there(session: Session, name: str) -> None:
    with pytest.raises(InvalidInputError, match="名字"):
        filters.save(session, a_caseworker(session), name, {}, now=NOW)


def test_so_many_and_no_more(session: Session) -> None:
    own = a_caseworker(session)
    for number in range(filters.MOST):
        filters.save(session, own, f"列表{number}", {}, now=NOW)

    with pytest.raises(InvalidInputError, match="最多"):
        filters.save(session, own, "再一个", {}, now=NOW)


def test_nobody_sees_or_deletes_the_list_of_another(session: Session) -> None:
    own, other = a_caseworker(session), a_caseworker(session)
    kept = filters.save(session, own, "欠薪", {}, now=NOW)

    with pytest.raises(NotFoundError):
        filters.remove(session, other, kept.id)

    assert list(filters.of(session, other)) == []
    filters.remove(session, own, kept.id)
    assert list(filters.of(session, own)) == []
