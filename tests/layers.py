"""Show that removing any one layer of the tenants' walls makes a test fail: `python -m tests.layers`.

Each layer is taken out of a copy of the tree by one replacement, and the tests that guard it are run there. A layer
that nobody misses, or a replacement that no longer fits the source, ends the script with status 1.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "node_modules", "instance", "__pycache__", ".*_cache")


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: what is taken out, where, and the test that must then fail."""

    name: str
    path: str
    before: str
    after: str
    test: str


LAYERS = (
    Layer(
        "declared policy of every route",
        "statusportal/api/devices.py",
        "@checked_by(Permission.DEVICE_VIEW)\n@devices.response(200, DeviceWithConditions)",
        "@devices.response(200, DeviceWithConditions)",
        "tests/functional/test_matrix.py",
    ),
    Layer(
        "generated matrix",
        "statusportal/web/admin/models.py",
        "@needs(Permission.MODEL_ADMINISTER)\ndef models(",
        "@needs(Permission.MODEL_VIEW)\ndef models(",
        "tests/functional/test_matrix.py",
    ),
    Layer(
        "right asked in the verb",
        "statusportal/fleet/service.py",
        "    require_right(work, Permission.DEVICE_RENAME,",
        "    _ = (work, Permission.DEVICE_RENAME,",
        "tests/functional/test_ownership.py",
    ),
    Layer(
        "rows visible to the actor",
        "statusportal/entries/policy.py",
        "    return and_(rows, named, audience_reaches(",
        "    return true() if rows is not None else and_(named, audience_reaches(",
        "tests/functional/test_talk.py",
    ),
    Layer(
        "one gate to a device",
        "statusportal/fleet/queries.py",
        "select(Device).where(Device.id == device_id, visible_devices(work.actor, work.now))",
        "select(Device).where(Device.id == device_id)",
        "tests/functional/test_ownership.py",
    ),
    Layer(
        "nothing of one shows to the other",
        "statusportal/fleet/policy.py",
        "    is_open = and_(organisation_column.in_(_open_organisations(actor, right)), not_(kept_apart))",
        "    is_open = not_(kept_apart)",
        "tests/noninterference/test_two_organisations.py::test_what_one_sees_does_not_depend_on_the_other",
    ),
    Layer(
        "canaries from outside",
        "statusportal/fleet/queries.py",
        "select(Device).where(Device.id == device_id, visible_devices(work.actor, work.now))",
        "select(Device).where(Device.id == device_id)",
        "tests/functional/test_black_box.py::test_nothing_that_is_one_customers_is_read_by_another_or_by_nobody",
    ),
    Layer(
        "composite foreign keys",
        "statusportal/migrations/versions/0005_talk.py",
        """        sa.ForeignKeyConstraint(
            ["organisation_id", "entry_id"],
            ["status_entry.organisation_id", "status_entry.id"],
            name=op.f("fk_comment_organisation_id_status_entry"),
        ),
""",
        "",
        "tests/functional/test_walls.py",
    ),
    Layer(
        "row-level security",
        "statusportal/migrations/walls.py",
        'op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")',
        'op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")',
        "tests/functional/test_catalogue.py",
    ),
    Layer(
        "gate of the sockets",
        "statusportal/live/seeing.py",
        "    except NotFound:\n        return False\n    return True",
        "    except NotFound:\n        return True\n    return True",
        "tests/functional/test_live.py",
    ),
)


def without(layer: Layer, folder: Path) -> Path:
    """Copy the tree and take one layer out of the copy.

    Raises: ValueError where the replacement does not fit the source any more.
    """
    copy = folder / "tree"
    shutil.copytree(ROOT, copy, ignore=_LEFT_OUT)
    source = copy / layer.path
    text = source.read_text(encoding="utf-8")
    if layer.before not in text:
        raise ValueError(f"{layer.path} has changed: say anew how to take out “{layer.name}”")
    source.write_text(text.replace(layer.before, layer.after, 1), encoding="utf-8")
    return copy


def first_failure(layer: Layer) -> str:
    """Return which test fails without a layer; empty when none does."""
    with tempfile.TemporaryDirectory() as folder:
        copy = without(layer, Path(folder))
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", layer.test]
        ran = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    failed = [line for line in ran.stdout.splitlines() if line.startswith(("FAILED tests", "ERROR tests"))]
    return failed[0].split(" - ")[0] if ran.returncode == 1 and failed else ""


def noticed_without(layers: Sequence[Layer]) -> Iterator[tuple[str, str]]:
    """Give each layer's name with what failed without it, as soon as that is known."""
    for layer in layers:
        yield layer.name, first_failure(layer)


def main() -> int:
    """Take out each layer in turn and print what noticed."""
    is_missed = True
    for name, failure in noticed_without(LAYERS):
        sys.stdout.write(f"{name:<36} {failure or 'NOBODY NOTICED'}\n")
        sys.stdout.flush()
        is_missed = is_missed and bool(failure)
    return 0 if is_missed else 1


if __name__ == "__main__":
    raise SystemExit(main())
