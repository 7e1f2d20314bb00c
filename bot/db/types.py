"""Column types shared by the tables."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, String, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeEngine

from bot import sealing

Json = JSON().with_variant(JSONB(), "postgresql")
JsonObject = dict[str, Any]
JsonList = list[Any]
SEALED = "sealed"
"""Under this key a JSON object keeps what is encrypted in it."""


class SealedText(TypeDecorator[str]):
    """Text encrypted at rest; only whether there is any can be asked in a query."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt."""
        del dialect
        return sealing.seal(value) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt; what was stored before there was a key comes as it is."""
        del dialect
        return sealing.unseal(value) if value else value


class SealedKey(TypeDecorator[str]):
    """A short text encrypted so that one text is always one value: it can be looked up."""

    impl = String
    cache_ok = True
    LENGTH = 200

    def __init__(self, before: int = LENGTH) -> None:
        """Take how long the column was before; SQLite, which does not care, keeps that form."""
        super().__init__(self.LENGTH)
        self.before = before

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Return the type of the column in the database."""
        length = self.before if dialect.name == "sqlite" else self.LENGTH
        return dialect.type_descriptor(String(length))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt."""
        del dialect
        return sealing.seal_key(value) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt; what was stored before there was a key comes as it is."""
        del dialect
        return sealing.unseal_key(value) if value else value


class SealedJson(TypeDecorator[JsonObject]):
    """
    A JSON object encrypted at rest but for the keys named in *plain*.

    Those a query may look into; the others are one encrypted value.
    """

    impl = Json
    cache_ok = True

    def __init__(self, *plain: str) -> None:
        """Remember which keys stay readable."""
        super().__init__()
        self.plain = plain

    def coerce_compared_value(self, op: OperatorType | None, value: object) -> TypeEngine[Any]:
        """Let a query look into the readable keys as into any JSON."""
        return self.impl_instance.coerce_compared_value(op, value)

    def process_bind_param(self, value: JsonObject | None, dialect: Dialect) -> JsonObject | None:
        """Encrypt what is not named."""
        del dialect
        hidden = {key: item for key, item in (value or {}).items() if key not in self.plain}
        if not value or not hidden:
            return value
        shown = {key: item for key, item in value.items() if key in self.plain}
        return shown | {SEALED: sealing.seal(json.dumps(hidden, ensure_ascii=False))}

    def process_result_value(
        self, value: JsonObject | None, dialect: Dialect
    ) -> JsonObject | None:
        """Decrypt, and put together what was apart."""
        del dialect
        if not value or SEALED not in value:
            return value
        shown = {key: item for key, item in value.items() if key != SEALED}
        opened: JsonObject = json.loads(sealing.unseal(value[SEALED]))
        return shown | opened


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored as UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive value; store the rest as UTC."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"naive datetime: {value!r}"
            raise ValueError(msg)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware value; SQLite hands back a naive one."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
