"""Every table says whose its rows are, and its keys keep a row with what it belongs to (ADR 0025).

A row names its organisation, and if it names a device too, the ownership under which it arose; a child names its parent
together with the organisation. What a device sent names the device alone. Every other table gives its reason here.
"""

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Integer, MetaData, Table

from tests.architecture.test_tables import metadata_of_the_tree

OWNERSHIP = ("organisation_id", "device_id", "ownership_id")

# Tables that name no organisation and no device: what they hold, and why that is nobody's alone.
WITHOUT_OWNER = {
    "article": "the operator's, about a model; walled by the models of one's machines, and a draft for staff alone",
    "article_outcome": "a count of one, of nobody; walled by the article, and changed by who tried it",
    "article_version": "a wording of an article; walled by the one that is published",
    "audit_check": "when the chain was walked, and how much was wrong",
    "audit_head": "how far the chain reaches; walled for the portal's own jobs",
    "audit_link": "digests; walled for the portal's own jobs",
    "audit_waiting": "ids of acts for the portal's own job",
    "audit_record": "acts, also those of no organisation; walled by a rule of its own",
    "ceremony": "a half-finished act of two requests; walled by the person, and for the portal's own door",
    "code_app": "a person's, whatever they belong to; walled by the person",
    "device": "who has it changes with time and stands in `ownership`; walled by that",
    "device_model": "what the operator makes; every customer's machines are read by it",
    "erasure_record": "digests of who was erased; walled for the portal's own jobs",
    "erasure_wish": "a person's own, or about an organisation as a whole; walled by the person",
    "follow": "a person's, whatever they belong to; walled by the person",
    "journal_cursor": "how far the portal's own follower has come",
    "journal_entry": "what was just stored, for the portal's own follower, gone within seconds",
    "model_signal": "a part of a model",
    "model_version": "a model as it stood",
    "organisation": "who exists; names are shown to those who deal with each other",
    "outbox_message": "ids on their way to the portal's own listeners",
    "password_reset": "what somebody typed who is not signed in; walled by the person, once it is known",
    "passkey": "a person's, whatever they belong to; walled by the person",
    "person": "somebody, who may belong to several organisations or to none",
    "personal_token": "a person's, whatever they belong to; walled by the person",
    "publication": "a copy that names no owner; walled by the models of one's machines",
    "publication_line": "a word under such a copy; walled by the publication",
    "retention_run": "when what was due was deleted, for the whole portal",
    "recovery_code": "a person's, whatever they belong to; walled by the person",
    "second_proof_reset": "a person's, whatever they belong to; walled by the person",
    "safe_retry": "an answer kept for its sender, found by the sender's own id alone",
    "sign_in": "a person's, who may choose an organisation; walled by the person",
    "signal_limit": "a part of a model",
    "takeout": "a person's, about themselves or an organisation of theirs; walled by the person",
}

# Rows of an organisation that name a device without the ownership: why they may.
WITHOUT_OWNERSHIP = {
    "evidence": "values copied under a comment; walled by its entry, which names the ownership",
    "device_credential": "dies with its ownership: the look-up joins it to the one that holds now",
}


def offences(metadata: MetaData) -> list[str]:
    found = []
    for table in metadata.sorted_tables:
        names = set(table.columns.keys())
        if "organisation_id" in names and table.name not in WITHOUT_OWNER:
            found += _wrong_tenant(table)
        elif not names & {"organisation_id", "device_id"} and table.name not in WITHOUT_OWNER:
            found.append(f"{table.name}: says not whose its rows are; name the organisation or give the reason")
        found += [
            f"{table.name}: ({', '.join(one.column_keys)}) may point into another organisation" for one in _loose(table)
        ]
    return found


def _wrong_tenant(table: Table) -> list[str]:
    found = []
    if table.columns["organisation_id"].nullable:
        found.append(f"{table.name}: organisation_id may be empty")
    names_a_device = "device_id" in table.columns and table.name not in {"ownership", *WITHOUT_OWNERSHIP}
    if names_a_device and not any(tuple(one.column_keys) == OWNERSHIP for one in table.foreign_key_constraints):
        found.append(f"{table.name}: names a device without the ownership it arose under")
    return found


def _loose(table: Table) -> list[ForeignKeyConstraint]:
    """Give the keys from a row of an organisation to another's that leave the organisation out."""
    return [
        one
        for one in table.foreign_key_constraints
        if "organisation_id" in one.referred_table.primary_key.columns
        and "organisation_id" not in {element.column.name for element in one.elements}
    ]


def test_table_that_says_not_whose_it_is_is_found():
    metadata = MetaData()
    Table("diary", metadata, Column("id", Integer, primary_key=True))
    Table("page", metadata, Column("id", Integer, primary_key=True), Column("diary_id", ForeignKey("diary.id")))

    assert offences(metadata) == [
        "diary: says not whose its rows are; name the organisation or give the reason",
        "page: says not whose its rows are; name the organisation or give the reason",
    ]


def test_row_without_its_ownership_and_key_without_the_organisation_are_found():
    metadata = MetaData()
    key = lambda **given: Column("organisation_id", Integer, **given)  # noqa: E731 - a column belongs to one table
    Table(
        "visit", metadata, key(primary_key=True), Column("id", Integer, primary_key=True), Column("device_id", Integer)
    )
    Table("note", metadata, key(primary_key=True), Column("visit_id", ForeignKey("visit.id")))
    Table("draft", metadata, key(nullable=True), Column("id", Integer, primary_key=True))

    assert sorted(offences(metadata)) == [
        "draft: organisation_id may be empty",
        "note: (visit_id) may point into another organisation",
        "visit: names a device without the ownership it arose under",
    ]


def test_tables_of_the_tree_say_whose_they_are():
    assert [offence for metadata in metadata_of_the_tree() for offence in offences(metadata)] == []


def test_every_exemption_stands_for_a_table():
    known = {name for metadata in metadata_of_the_tree() for name in metadata.tables}

    assert [name for name in (*WITHOUT_OWNER, *WITHOUT_OWNERSHIP) if name not in known] == []
