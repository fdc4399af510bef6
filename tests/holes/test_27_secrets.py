"""Class 27: comparing secrets byte by byte, and making them too short.

Seen at Jenkins and django-anymail. Secrets are looked up by their digest or compared in constant time: the source holds
no `==` on a digest, a signature or a token.
"""

import ast
import re

from sqlalchemy import inspect, text

from statusportal.foundation.ids import new_secret
from statusportal.identity import passwords
from tests.architecture.tree import files, parsed, read

_SECRET = re.compile(r"(digest|signature|hmac|mac|secret|password|token)$")
_WEAK = {"md5", "sha1", "DES", "ARC4", "ECB", "random.random", "random.choice", "random.randint", "PKCS1v15"}


def comparisons(source: ast.AST) -> list[str]:
    """Find Python's own comparisons of two things that are secrets by name; a column's is a query."""
    found = []
    for node in ast.walk(source):
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
            continue
        sides = [ast.unparse(one) for one in (node.left, *node.comparators)]
        is_query = any(re.match(r"[A-Z]\w*\.", one) for one in sides)
        is_constant = any(isinstance(one, ast.Constant) for one in (node.left, *node.comparators))
        if not is_query and not is_constant and any(_SECRET.search(one) for one in sides):
            found.append(ast.unparse(node))
    return found


def weak(source: ast.AST) -> list[str]:
    names = {ast.unparse(node) for node in ast.walk(source) if isinstance(node, ast.Attribute | ast.Name)}
    return sorted(one for one in names if one in _WEAK or one.rsplit(".", 1)[-1] in _WEAK)


def ours():
    return [name for name in files() if name.endswith(".py") and name.startswith("statusportal/")]


def test_bad_comparison_and_weak_hash_are_found():
    source = ast.parse("if given_token == row.token: pass\nhashlib.md5(x)\nrow.digest != other\nX.digest == digest")

    assert comparisons(source) == ["given_token == row.token", "row.digest != other"]
    assert weak(source) == ["hashlib.md5"]


# A form is compared with itself, a request with the one that came before it, the audit log with its own copy of where
# it ended: nobody outside gains by measuring these.
NO_SECRETS = {
    "met.get(head.position) == head.digest",
    "digest_at(work, copy.position) == copy.digest",
    "row.request_digest != digest",
    "new != request.form.get('again', '')",
    "person.password_hash != proved.replaces",
}


def test_no_secret_is_compared_byte_by_byte():
    found = [(name, one) for name in ours() for one in comparisons(parsed(read(name))) if one not in NO_SECRETS]

    assert found == []


# The list of passwords that leaked is looked up by the digest it is published under.
PUBLISHED_DIGESTS = [("statusportal/identity/breaches.py", "hashlib.sha1")]


def test_cryptography_is_the_libraries():
    assert [(name, one) for name in ours() for one in weak(parsed(read(name)))] == PUBLISHED_DIGESTS


def test_secrets_are_long_random_and_kept_as_digests(world):
    made = {new_secret("spp") for _ in range(200)}
    opening = {*world.tokens.values(), world.things["token"]}

    kept = []
    with world.works.engine.connect() as connection:
        for table in inspect(world.works.engine).get_table_names():
            kept += [str(row) for row in connection.execute(text(f'SELECT * FROM "{table}"'))]  # noqa: S608 - the tables are ours

    assert len(made) == 200
    # 128 bits are 22 signs of base64.
    assert min(len(one.split("_", 1)[1]) for one in made) >= 22
    assert [secret for secret in opening if any(secret in row for row in kept)] == []


def test_passwords_are_hashed_by_argon2_with_its_present_parameters(monkeypatch):
    monkeypatch.undo()
    source = read(passwords.__file__.split("/statusportal/")[-1].join(["statusportal/", ""]))

    assert re.findall(r"PasswordHasher\(([^)]*)\)", source) == [""]
