"""The history of the schema is one line."""

from pathlib import Path

from alembic.script import ScriptDirectory

from tests.architecture.tree import ROOT

MIGRATIONS = ROOT / "statusportal" / "migrations"


def heads(folder: Path) -> list[str]:
    return list(ScriptDirectory(str(folder)).get_heads())


def _write_revision(folder: Path, name: str, down: str | None) -> None:
    (folder / "versions").mkdir(exist_ok=True)
    (folder / "versions" / f"{name}.py").write_text(f"revision = {name!r}\ndown_revision = {down!r}\n")


def test_second_head_is_found(tmp_path):
    _write_revision(tmp_path, "first", None)
    _write_revision(tmp_path, "left", "first")
    _write_revision(tmp_path, "right", "first")

    assert sorted(heads(tmp_path)) == ["left", "right"]


def test_migrations_have_one_head():
    expected = 1 if list((MIGRATIONS / "versions").glob("*.py")) else 0

    found = heads(MIGRATIONS) if expected else []

    assert len(found) == expected
