"""Who holds which right stands in one file, so that a diff shows every widening."""

import difflib
import importlib
from pathlib import Path

from statusportal.access.permissions import Permission
from statusportal.access.policy import table
from statusportal.access.vocabulary import MemberRole, StaffRole
from tests.architecture.tree import parsed, read, room_files

TABLE = "statusportal/access/policy.py"
GOLDEN = Path(__file__).with_name("permissions.golden")
ROLES = [*MemberRole, *StaffRole]


def matrix(rows) -> list[str]:
    """Draw one line a permission: who holds it, and who does not."""
    return [
        f"{permission.value:<24}"
        + " ".join(role.value if role in rows[permission] else "-" * len(role.value) for role in ROLES)
        for permission in sorted(rows, key=lambda one: one.value)
    ]


def policies() -> list[str]:
    return [
        name.removesuffix(".py").replace("/", ".")
        for name in room_files()
        if name.endswith("/policy.py") and name != TABLE
    ]


def test_widened_permission_is_found():
    rows = {Permission.AUDIT_VIEW: {StaffRole.ADMIN}}
    wider = {Permission.AUDIT_VIEW: {StaffRole.ADMIN, StaffRole.SUPPORT}}

    assert matrix(rows) == ["audit:view              -------- -------------- -------- ------- ------ ------- admin"]
    assert matrix(wider) == ["audit:view              -------- -------------- -------- support ------ ------- admin"]


def test_matrix_is_the_golden_one():
    for policy in policies():
        importlib.import_module(policy)
    drawn = matrix(table())

    kept = GOLDEN.read_text(encoding="utf-8").splitlines()

    diff = "\n".join(difflib.unified_diff(kept, drawn, "permissions.golden", "the rooms' policies", lineterm="", n=0))
    assert drawn == kept, f"Rights changed. If that is meant, make {GOLDEN.name} say so:\n{diff}"


def test_wiring_loads_every_policy():
    loaded = {
        alias.name for node in parsed(read("statusportal/wiring.py")).body for alias in getattr(node, "names", [])
    }

    assert [policy for policy in policies() if policy not in loaded] == []
