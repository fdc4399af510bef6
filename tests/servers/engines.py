"""Engines that share what they compiled: every test has a database of its own, and all of them the same statements."""

from typing import Any

from sqlalchemy import Engine

from statusportal.db.engine import open_engine

_dialects: dict[str, Any] = {}
_compiled: dict[Any, Any] = {}


def quick_engine(url: str) -> Engine:
    """Open an engine as the product does, with the dialect of the first of its kind: it is the key of what is kept."""
    engine = open_engine(url)
    if engine.name not in _dialects:
        engine.connect().close()  # a dialect is complete once it has met its server
        _dialects[engine.name] = engine.dialect
    engine.dialect = engine.pool._dialect = _dialects[engine.name]
    engine.update_execution_options(compiled_cache=_compiled)
    return engine
