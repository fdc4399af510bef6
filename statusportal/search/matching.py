"""The full-text index of either database: writing to it, and asking it for the newest that hold some terms.

Both hold the same words of `search_document`: SQLite in FTS5, PostgreSQL as a weighted tsvector. PostgreSQL's stands in
a table of its own, beside the wall: behind it no index may be asked for words, since a comparison of words is not
trusted to keep silent about rows that it must not show. It gives numbers, and whose number is read stands behind.
Source: docs/adr/0057-archive-search.md.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
    type_coerce,
)
from sqlalchemy.orm import aliased

from statusportal.lexicon.asking import fts5_match, tsquery_text
from statusportal.lexicon.terms import Term
from statusportal.search.models import SearchDocument
from statusportal.work import Work

_COLUMNS = ("title_words", "body_words", "key_words", "stem_words", "tag_words")
_LIST = ", ".join(_COLUMNS)
_PLACES = ", ".join(f":{name}" for name in _COLUMNS)
_FTS5_ADD = text(f"INSERT INTO search_text (rowid, {_LIST}) VALUES (:number, {_PLACES})")  # noqa: S608 - constants
_FTS5_REMOVE = text(
    f"INSERT INTO search_text (search_text, rowid, {_LIST}) VALUES ('delete', :number, {_PLACES})"  # noqa: S608 - as above
)
_WEIGHTS = {"tag_words": "A", "key_words": "B", "title_words": "C", "body_words": "C", "stem_words": "D"}
_VECTOR = " || ".join(f"setweight(to_tsvector('simple', {name}), '{weight}')" for name, weight in _WEIGHTS.items())
_FROM_DOCUMENTS = f"SELECT organisation_id, number, {_VECTOR} FROM search_document"  # noqa: S608 - constants
_TSVECTOR_ADD = text(
    f"INSERT INTO search_text (organisation_id, number, words) {_FROM_DOCUMENTS} "
    "WHERE organisation_id = :organisation_id AND number = :number"
)
_TSVECTOR_REMOVE = text("DELETE FROM search_text WHERE organisation_id = :organisation_id AND number = :number")
_TSVECTOR_ANEW = f"INSERT INTO search_text (organisation_id, number, words) {_FROM_DOCUMENTS}"

_FTS5 = table("search_text", column("rowid", BigInteger))
_TSVECTOR = table("search_text", column("number", BigInteger), column("words"))


def add_words(work: Work, document: SearchDocument) -> None:
    """Take a document's present words into the index."""
    work.session.execute(_FTS5_ADD if _is_sqlite(work) else _TSVECTOR_ADD, _values(document))


def remove_words(work: Work, document: SearchDocument) -> None:
    """Take a document's words out; SQLite must be told which words stood there, so it comes before they change."""
    work.session.execute(_FTS5_REMOVE if _is_sqlite(work) else _TSVECTOR_REMOVE, _values(document))


def write_index_anew(work: Work) -> None:
    """Build the whole index from the documents, so that no part of it holds words that went."""
    if _is_sqlite(work):
        work.session.execute(text("INSERT INTO search_text (search_text) VALUES ('rebuild')"))
        return
    work.session.execute(text("DELETE FROM search_text"))
    work.session.execute(text(_TSVECTOR_ANEW))


def newest_numbers(
    work: Work,
    terms: Sequence[Term],
    tags: Sequence[Sequence[str]],
    between: tuple[int, int],
    most: int,
    authors: Sequence[UUID] | None = None,
) -> Sequence[int]:
    """Return the numbers of documents that hold every term and of each group of tags at least one, the newest first.

    Shape: numbers from `between` its first to before its second. Without terms and tags they are of all documents;
    with `authors`, of those that one of them wrote. It tells nothing but numbers: who may read what they number is
    asked of the rows.
    """
    number = _number(work, is_asked=bool(terms or tags))
    query = select(number).where(number >= between[0], number < between[1]).order_by(number.desc()).limit(most)
    if authors is not None:
        written = aliased(SearchDocument)
        # Added to nothing, so that SQLite looks a number up among these and does not ask its index once for each.
        query = query.where((number + 0).in_(select(written.number).where(written.author_id.in_(authors))))
    if not terms and not tags:
        return work.session.scalars(query).all()
    if _is_sqlite(work):
        return work.session.scalars(
            query.where(text("search_text MATCH :match")), {"match": fts5_match(terms, tags)}
        ).all()
    sought = func.to_tsquery(literal_column("'simple'::regconfig"), literal(tsquery_text(terms, tags)))
    return work.session.scalars(query.where(_TSVECTOR.c.words.op("@@")(sought))).all()


def _number(work: Work, *, is_asked: bool) -> ColumnElement[int]:
    if not is_asked:
        return type_coerce(SearchDocument.number, BigInteger)
    return _FTS5.c.rowid if _is_sqlite(work) else _TSVECTOR.c.number


def _values(document: SearchDocument) -> dict[str, object]:
    names = ("organisation_id", "number", *_COLUMNS)
    return {name: getattr(document, name) for name in names}


def _is_sqlite(work: Work) -> bool:
    return work.session.get_bind().dialect.name == "sqlite"
