"""Erasing looks through every column that could hold somebody's words; one that it skips says why (ADR 0027)."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Float, Integer, MetaData, Table, Text, Uuid

from statusportal.db.columns import UtcDateTime
from statusportal.erasure.wiping import UNTOUCHED, text_columns
from statusportal.migrations.tables import metadata

WORDLESS = (BigInteger, Boolean, Date, DateTime, Float, Integer, UtcDateTime, Uuid)
_SEALED = "sealed with the portal's key: a secret, and no text"
_CODE = "a code that the catalogue or a rule gives"
SKIPPED = {
    "activation.code": _CODE,
    "audit_head.name": "the portal's own name of a chain",
    "code_app.sealed_secret": _SEALED,
    "condition.code": _CODE,
    "connection.secret_options": _SEALED,
    "device.label": "the random part of a label's address",
    "device_limit.code": _CODE,
    "device_model.slug": "a model's name in addresses, the operator's",
    "forwarding.sealed_secret": _SEALED,
    "journal_cursor.follower": "the portal's own name of a follower",
    "identity_provider.sealed_secret": _SEALED,
    "linked_identity.issuer": "a provider's own address",
    "linked_identity.subject": "what a provider calls somebody, and goes with its person",
    "model_signal.name": _CODE,
    "organisation.kind": "a word of ours, and what others point at",
    "organisation.slug": "replaced when the organisation is erased",
    "passkey.credential_id": "random, and goes with its person",
    "passkey.public_key": "a key, and goes with its person",
    "person.email": "replaced when the person is erased",
    "follow.kind": "a word of ours",
    "reaction.name": "a word of ours",
    "resting_condition.code": _CODE,
    "signal_limit.signal_name": _CODE,
    "takeout.storage_key": "a random name",
    "unknown_serial.serial": "what a machine calls itself",
}


def skipped(tables: MetaData) -> set[str]:
    """Name the columns that erasing does not look through, less those that hold numbers, times, ids and digests."""
    return {
        f"{table.name}.{column.name}"
        for table in tables.sorted_tables
        if table.name not in UNTOUCHED
        for column in table.columns
        if column not in set(text_columns(table))
        and not isinstance(column.type, WORDLESS)
        and "digest" not in column.name
    }


def test_column_that_erasing_skips_is_found():
    tables = MetaData()
    Table("note", tables, Column("word", Text, primary_key=True), Column("body", Text), Column("count", Integer))

    assert skipped(tables) == {"note.word"}


def test_every_column_is_looked_through_or_says_why_not():
    assert skipped(metadata) == set(SKIPPED)
    assert [name for name, reason in {**SKIPPED, **UNTOUCHED}.items() if len(reason) < 10] == []
