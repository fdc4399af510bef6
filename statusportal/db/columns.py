"""Column words: the types that models are written in, one meaning on both databases."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, String, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

from statusportal.foundation.errors import Sentence
from statusportal.foundation.ids import new_id


class UtcDateTime(TypeDecorator[datetime]):
    """Store aware instants and give back aware UTC; a naive one is a bug and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Turn to UTC before it leaves."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a stored instant must carry its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Give the zone back that SQLite drops."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SaidText(TypeDecorator[Sentence]):
    """Store a sentence with its template and values, so that each reader reads it in a language of their own.

    A text that is no such record, written before there were sentences, is given back as a quotation.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sentence | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Write template and values as JSON."""
        return None if value is None else msgspec.json.encode(_record(value)).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Sentence | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Say it again."""
        if value is None:
            return None
        try:
            return _sentence(msgspec.json.decode(value))
        except (msgspec.DecodeError, AttributeError, KeyError, TypeError):
            return Sentence.quoting(value)


def _record(sentence: Sentence) -> dict[str, object]:
    values = {name: _value(one) for name, one in sentence.values.items()}
    return {_TEMPLATE: sentence.template, "values": values}


def _value(value: object) -> object:
    if isinstance(value, Sentence):
        return _record(value)
    return value if isinstance(value, int | float | str | None) else str(value)


def _sentence(record: dict[str, Any]) -> Sentence:
    values = record["values"].items()
    return Sentence.again(
        record[_TEMPLATE], {name: _sentence(one) if isinstance(one, dict) else one for name, one in values}
    )


_TEMPLATE = "template"

# Nothing is NULL, never the JSON word null, so that `is_not(None)` means what it says.
Document = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

Id = Annotated[UUID, mapped_column(Uuid)]
PrimaryId = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=new_id)]
Instant = Annotated[datetime, mapped_column(UtcDateTime)]
Milliseconds = Annotated[int, mapped_column(BigInteger)]
BigNumber = Annotated[int, mapped_column(BigInteger)]
Word = Annotated[str, mapped_column(String(40))]
Name = Annotated[str, mapped_column(String(200))]
Prose = Annotated[str, mapped_column(Text)]
Saying = Annotated[Sentence, mapped_column(SaidText)]
Digest = Annotated[str, mapped_column(String(64))]
Json = Annotated[dict[str, Any], mapped_column(Document)]
JsonList = Annotated[list[Any], mapped_column(Document)]
