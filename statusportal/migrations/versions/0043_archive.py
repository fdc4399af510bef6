"""Make the archive's index anew: stems beside words, what a document is filed under, and the newest first.

PostgreSQL's words move into a table of their own, beside the wall (docs/adr/0057-archive-search.md). What is there
already is filed by the product's own pure functions, a page at a time.
"""

import sqlalchemy as sa
from alembic import op

from statusportal.db.columns import UtcDateTime
from statusportal.lexicon.stems import stemmed
from statusportal.lexicon.tags import number_of, tags_of

revision = "0043"
down_revision = "0042"

_PAGE = 1_000
_COLUMNS = "title_words, body_words, key_words, stem_words, tag_words"
_WEIGHTED = " || ".join(
    f"setweight(to_tsvector('simple', {name}), '{weight}')"
    for name, weight in (
        ("tag_words", "A"),
        ("key_words", "B"),
        ("title_words", "C"),
        ("body_words", "C"),
        ("stem_words", "D"),
    )
)
_DOCUMENT = sa.table(
    "search_document",
    *(
        sa.column(name, kind)
        for name, kind in (
            ("organisation_id", sa.Uuid()),
            ("entry_id", sa.Uuid()),
            ("id", sa.Uuid()),
            ("number", sa.BigInteger()),
            ("audience", sa.String()),
            ("title_words", sa.Text()),
            ("body_words", sa.Text()),
            ("stem_words", sa.Text()),
            ("tag_words", sa.Text()),
            ("said_at", UtcDateTime()),
        )
    ),
)
_ENTRY = sa.table(
    "status_entry",
    sa.column("organisation_id", sa.Uuid()),
    sa.column("id", sa.Uuid()),
    sa.column("device_id", sa.Uuid()),
    sa.column("code", sa.String()),
)
_DEVICE = sa.table("device", sa.column("id", sa.Uuid()), sa.column("serial", sa.String()))


def upgrade() -> None:
    """Add the columns, file what is there, and make the index that each database has."""
    is_sqlite = op.get_context().dialect.name == "sqlite"
    if is_sqlite:
        op.execute("DROP TABLE search_text")
    else:
        op.execute("SELECT set_config('statusportal.operator', 'on', true)")  # documents stand behind a wall
        op.execute("DROP INDEX search_text_words")
        op.execute("ALTER TABLE search_document DROP COLUMN search_text")
    for name in ("stem_words", "tag_words"):
        op.add_column("search_document", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("search_document", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    _file_all(op.get_bind())
    with op.batch_alter_table("search_document") as changed:
        changed.alter_column("stem_words", existing_type=sa.Text(), nullable=False)
        changed.alter_column("tag_words", existing_type=sa.Text(), nullable=False)
    if is_sqlite:
        op.execute(
            f"CREATE VIRTUAL TABLE search_text USING fts5({_COLUMNS}, content='search_document', "
            "content_rowid='number', tokenize='unicode61 remove_diacritics 2')"
        )
        op.execute("INSERT INTO search_text (search_text) VALUES ('rebuild')")
        return
    op.execute(
        "CREATE TABLE search_text (organisation_id uuid NOT NULL, number bigint NOT NULL, words tsvector NOT NULL, "
        "CONSTRAINT pk_search_text PRIMARY KEY (organisation_id, number))"
    )
    op.execute(
        "INSERT INTO search_text (organisation_id, number, words) "  # noqa: S608 - constants
        f"SELECT organisation_id, number, {_WEIGHTED} FROM search_document"
    )
    op.execute("CREATE INDEX search_text_number ON search_text (number)")
    op.execute("CREATE INDEX search_text_words ON search_text USING gin (words)")


def _file_all(connection: sa.Connection) -> None:
    """Give each document its stems, its tags and its number; a page at a time, in the order of the key."""
    joined = _DOCUMENT.join(
        _ENTRY, (_ENTRY.c.organisation_id == _DOCUMENT.c.organisation_id) & (_ENTRY.c.id == _DOCUMENT.c.entry_id)
    ).join(_DEVICE, _DEVICE.c.id == _ENTRY.c.device_id)
    query = sa.select(_DOCUMENT, _ENTRY.c.device_id, _ENTRY.c.code, _DEVICE.c.serial).select_from(joined)
    taken: set[int] = set()
    after = None
    while True:
        page = query if after is None else query.where(_DOCUMENT.c.id > after)
        rows = connection.execute(page.order_by(_DOCUMENT.c.id).limit(_PAGE)).all()
        for row in rows:
            number = number_of(row.said_at, row.id)
            while number in taken:
                number += 1
            taken.add(number)
            filed = {
                "number": number,
                "stem_words": stemmed([*row.title_words.split(), *row.body_words.split()]),
                "tag_words": tags_of(row.organisation_id, row.device_id, row.audience, (row.serial, row.code)),
            }
            connection.execute(sa.update(_DOCUMENT).where(_DOCUMENT.c.id == row.id).values(filed))
        if len(rows) < _PAGE:
            return
        after = rows[-1].id
