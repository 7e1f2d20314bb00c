"""Connections to PostgreSQL: those that lay idle are tried before they are used."""

import pytest
from sqlalchemy import text

from bot.db import engine as engines
from bot.db.engine import engine_at, reading, transaction


def test_a_server_that_hung_up_meanwhile_is_called_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "IDLE_SECONDS", 0.0)
    with engine_at(postgres_url) as ours, engine_at(postgres_url) as other:
        with reading(ours) as session:
            before = session.scalar(text("SELECT pg_backend_pid()"))
        with transaction(other) as session:
            session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": before})

        with reading(ours) as session:
            after = session.scalar(text("SELECT pg_backend_pid()"))

    assert after != before
