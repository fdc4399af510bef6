"""Make the full-text index: FTS5 on SQLite, a weighted tsvector with a GIN index on PostgreSQL."""

from alembic import op

revision = "0007"
down_revision = "0006"

_WEIGHTED = " || ".join(
    f"setweight(to_tsvector('{language}'::regconfig, {column}), '{weight}')"
    for language, column, weight in (
        ("simple", "key_words", "A"),
        ("simple", "title_words", "A"),
        ("simple", "body_words", "B"),
        ("english", "title_words", "C"),
        ("english", "body_words", "D"),
        ("danish", "title_words", "C"),
        ("danish", "body_words", "D"),
    )
)


def upgrade() -> None:
    """Make the index that each database has.

    SQLite's has no triggers: with `trusted_schema=OFF` they may not touch a virtual table, so `search.indexing`
    writes it beside the row, in the same transaction.
    """
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_text USING fts5(title_words, body_words, key_words, "
            "content='search_document', content_rowid='number', tokenize='unicode61 remove_diacritics 2')"
        )
        return
    op.execute(f"ALTER TABLE search_document ADD COLUMN search_text tsvector GENERATED ALWAYS AS ({_WEIGHTED}) STORED")
    op.execute("CREATE INDEX search_text_words ON search_document USING gin (search_text)")
