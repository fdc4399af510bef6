"""Every table says how it spreads over a distributed database, and its keys agree (ADR 0008)."""

import importlib

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Integer, MetaData, Table, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase

from tests.architecture.tree import room_files

SHARD_KEYS = {"by_device": "device_id", "by_organisation": "organisation_id"}
# `local` is for queue-like tables that stay with the coordinator; `reference` is copied to every worker.
SCALES = {"reference", "local", *SHARD_KEYS}
# What a table may point at, beside its own scale: a foreign key must be checkable where the row lies.
REACHES = {"reference": set(), "local": {"reference"}, "by_device": {"reference"}, "by_organisation": {"reference"}}


def offences(metadata: MetaData) -> list[str]:
    found = []
    for table in metadata.sorted_tables:
        scale = table.info.get("scale")
        if scale not in SCALES:
            found.append(f"{table.name}: declares no scale")
            continue
        found.extend(_wrong_keys(table, scale))
        found.extend(_wrong_references(table, scale))
    return found


def _wrong_keys(table: Table, scale: str) -> list[str]:
    shard_key = SHARD_KEYS.get(scale)
    if shard_key is None:
        return []
    keys = [[column.name for column in table.primary_key]]
    keys += [[column.name for column in one.columns] for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys += [[column.name for column in one.columns] for one in table.indexes if one.unique]
    return [
        f"{table.name}: key ({', '.join(key)}) begins not with {shard_key}" for key in keys if key[:1] != [shard_key]
    ]


def _wrong_references(table: Table, scale: str) -> list[str]:
    found = []
    for constraint in table.foreign_key_constraints:
        target = constraint.referred_table
        there = target.info.get("scale")
        columns = ", ".join(constraint.column_keys)
        shard_key = SHARD_KEYS.get(scale)
        if there != scale and there not in REACHES[scale]:
            found.append(f"{table.name}: ({columns}) points from {scale} to {there}")
        elif there == scale and shard_key and _ends(constraint) != (shard_key, shard_key):
            found.append(f"{table.name}: ({columns}) leaves the shard")
    return found


def _ends(constraint: ForeignKeyConstraint) -> tuple[str, str]:
    first = constraint.elements[0]
    return first.parent.name, first.column.name


def metadata_of_the_tree() -> list[MetaData]:
    """Import every room's tables and give each metadata that a base of ours holds."""
    for name in room_files():
        if name.endswith("/models.py") or name.startswith("statusportal/db/"):
            importlib.import_module(name.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
    bases = [base for base in DeclarativeBase.__subclasses__() if base.__module__.startswith("statusportal.")]
    return [base.metadata for base in bases]


def test_table_without_a_scale_is_found():
    metadata = MetaData()
    Table("entry", metadata, Column("id", Integer, primary_key=True))

    assert offences(metadata) == ["entry: declares no scale"]


def test_key_that_begins_elsewhere_is_found():
    metadata = MetaData()
    Table(
        "sample",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("device_id", Integer),
        UniqueConstraint("device_id", "id"),
        Index("again", "id", unique=True),
        info={"scale": "by_device"},
    )

    assert offences(metadata) == [
        "sample: key (id) begins not with device_id",
        "sample: key (id) begins not with device_id",
    ]


def test_reference_that_leaves_its_shard_is_found():
    metadata = MetaData()
    shard = {"info": {"scale": "by_organisation"}}
    key = lambda: Column("organisation_id", Integer, primary_key=True)  # noqa: E731 - a column belongs to one table
    Table("entry", metadata, key(), Column("id", Integer, primary_key=True), **shard)
    Table("label", metadata, Column("id", Integer, primary_key=True), info={"scale": "reference"})
    Table(
        "comment",
        metadata,
        key(),
        Column("entry_id", Integer),
        Column("label_id", ForeignKey("label.id")),
        ForeignKeyConstraint(["entry_id"], ["entry.id"]),
        **shard,
    )
    Table("person", metadata, Column("comment_id", ForeignKey("comment.entry_id")), info={"scale": "reference"})

    assert sorted(offences(metadata)) == [
        "comment: (entry_id) leaves the shard",
        "person: (comment_id) points from reference to by_organisation",
    ]


def test_tables_of_the_tree_declare_their_scale():
    assert [offence for metadata in metadata_of_the_tree() for offence in offences(metadata)] == []
