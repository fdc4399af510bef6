"""A search among a million comments: what a person waits for, the permission filter, counts and facets included.

Beside it what carries it: a plain question to PostgreSQL's index, without rights, for its newest and its best hits; and
tantivy where it is installed. SQLite is in a file, PostgreSQL with fsync as in production.
"""

import importlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import select, text

from bench.archive import Archive, build_archive
from bench.served import percentile
from statusportal.access.actor import SYSTEM, Actor
from statusportal.app import make_works
from statusportal.config import load_settings
from statusportal.foundation.paging import Slice
from statusportal.migrations.upgrade import upgrade
from statusportal.search.models import SearchDocument
from statusportal.search.queries import search
from statusportal.search.vocabulary import SearchFilters, SearchSort
from statusportal.work import Works
from tests.servers.postgresql import PostgreSQL

DOCUMENTS = int(os.environ.get("STATUSPORTAL_BENCH_DOCUMENTS", "1000000"))
ROUNDS = 40
_PLACES = {"rare": 20_000, "mid": 2_000, "frequent": 12}


def main() -> None:
    """Build the archive once a database, and print the middle and the 95th of a hundred of each question."""
    print(f"{DOCUMENTS:,} comments, milliseconds p50 / p95 of {ROUNDS} different questions each; goal: p95 under 100")
    with tempfile.TemporaryDirectory() as name:
        measure("SQLite", {"STATUSPORTAL_INSTANCE_DIR": name}, lambda works, archive: _tantivy(works, archive, name))
    server = PostgreSQL(fsync="on")
    try:
        app_url, owner_url = server.create_database("bench_search")
        with tempfile.TemporaryDirectory() as name:
            folder = {"STATUSPORTAL_INSTANCE_DIR": name}
            measure("PostgreSQL", folder, _plain, database_url=app_url, database_owner_url=owner_url)
    finally:
        server.stop()


def measure(name: str, folder: dict[str, str], beside: Callable[[Works, Archive], None], **urls: str) -> None:
    """Build, ask, and print."""
    settings = load_settings(folder, **urls)
    upgrade(settings)
    works = make_works(settings)
    began = time.perf_counter()
    archive = build_archive(works, DOCUMENTS)
    print(f"{name}: built in {time.perf_counter() - began:.0f} s")
    for who, actor in (("customer", archive.customer), ("staff", archive.staff)):
        for what, queries in questions(archive):
            for sort in SearchSort:
                taken = [_asked(works, actor, query, sort) for query in queries]
                _print(f"{who}, {what}, {sort.value} first", taken)
        taken = [_asked(works, actor, query, code="E-7") for query in _words(archive, "frequent")]
        _print(f"{who}, frequent in one code", taken)
    beside(works, archive)
    works.engine.dispose()


def questions(archive: Archive) -> Iterator[tuple[str, Sequence[str]]]:
    """Give questions of one word of each frequency, of two and of three words, and words that nobody wrote."""
    for name in _PLACES:
        yield name, _words(archive, name)
    frequent, mid = _words(archive, "frequent"), _words(archive, "mid")
    yield "frequent and mid", [f"{one} {other}" for one, other in zip(frequent, mid, strict=True)]
    yield "three frequent", [f"{one} {frequent[n - 1]} {frequent[n - 2]}" for n, one in enumerate(frequent)]
    yield "nothing", [f"{one}qx" for one in mid]


def _words(archive: Archive, name: str) -> Sequence[str]:
    return archive.words[_PLACES[name] : _PLACES[name] + ROUNDS]


def _asked(works: Works, actor: Actor, query: str, sort: SearchSort = SearchSort.BEST, **filters: Any) -> float:
    began = time.perf_counter()
    with works.reading(actor) as work:
        search(work, query, SearchFilters(**filters), Slice(20), sort)
    return time.perf_counter() - began


def _print(name: str, taken: Sequence[float]) -> None:
    middle, slow = (percentile(list(taken), share) * 1000 for share in (0.5, 0.95))
    print(f"  {name:<42} {middle:8.1f} / {slow:8.1f}", flush=True)


def _plain(works: Works, archive: Archive) -> None:
    """Ask PostgreSQL's index alone: no rights, no counts, no facets."""
    newest = "SELECT number FROM search_text WHERE words @@ to_tsquery('simple', :word) ORDER BY number DESC LIMIT 20"
    best = (
        "SELECT number, ts_rank(words, to_tsquery('simple', :word)) AS rank FROM search_text "
        "WHERE words @@ to_tsquery('simple', :word) ORDER BY rank DESC LIMIT 20"
    )
    for how, statement in (("newest", newest), ("best", best)):
        for name in _PLACES:
            taken = []
            with works.engine.connect() as connection:
                for word in _words(archive, name):
                    began = time.perf_counter()
                    connection.execute(text(statement), {"word": word}).all()
                    taken.append(time.perf_counter() - began)
            _print(f"plain GIN, {name}, {how}", taken)


def _tantivy(works: Works, archive: Archive, folder: str) -> None:
    """Ask tantivy for its best, over the same words: no rights, no counts, no facets."""
    try:
        tantivy = importlib.import_module("tantivy")
    except ModuleNotFoundError:
        print("  tantivy is not installed: pip install tantivy")
        return
    index = _tantivy_index(tantivy, works, Path(folder) / "tantivy")
    searcher = index.searcher()
    for name in _PLACES:
        taken = []
        for word in _words(archive, name):
            began = time.perf_counter()
            searcher.search(index.parse_query(word, ["body"]), 20)
            taken.append(time.perf_counter() - began)
        _print(f"tantivy, {name}, best", taken)
    shutil.rmtree(Path(folder) / "tantivy")


def _tantivy_index(tantivy: ModuleType, works: Works, folder: Path) -> Any:
    folder.mkdir()
    schema = tantivy.SchemaBuilder().add_text_field("body").build()
    index = tantivy.Index(schema, path=str(folder))
    writer = index.writer()
    with works.reading(SYSTEM) as work:
        for (body,) in work.session.execute(select(SearchDocument.body_words).execution_options(yield_per=10_000)):
            writer.add_document(tantivy.Document(body=body))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


if __name__ == "__main__":
    main()
