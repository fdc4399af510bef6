"""Taking what was erased out of the database's files too, where the database lets us."""

import structlog
from sqlalchemy import Engine

log = structlog.get_logger()


def scrub(engine: Engine) -> bool:
    """Rewrite SQLite's file and empty its log, so that no freed page holds what was erased; False when others read on.

    PostgreSQL keeps dead rows and its log until it vacuums and recycles them, which is the operator's to hasten.
    Source: docs/operations/backup.md.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, *_ = cursor.fetchone() or (1,)
    finally:
        connection.close()
    if is_busy:
        log.warning("the log is still read, so it is emptied later")
    return not is_busy
