"""Class 8, and what else runs input as code: pickle over a queue, `eval`, a YAML that makes objects, a shell.

Seen at python-socketio and Flask-Caching. The product's own source is read: none of these names is called in it.
"""

import ast

from tests.architecture.tree import files, parsed, read

FORBIDDEN = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "pickle.loads",
    "pickle.load",
    "marshal.loads",
    "shelve.open",
    "dill.loads",
    "yaml.load",
    "yaml.unsafe_load",
    "os.system",
    "os.popen",
    "render_template_string",
    "from_string",
}


def calls(source: ast.AST) -> set[str]:
    """Name everything that is called, as it is written."""
    return {ast.unparse(node.func) for node in ast.walk(source) if isinstance(node, ast.Call)}


def forbidden(source: ast.AST) -> list[str]:
    names = calls(source)
    last_words = {one.rsplit(".", 1)[-1] for one in names if one.rsplit(".", 1)[-1] == "from_string"}
    shells = [
        node
        for node in ast.walk(source)
        if isinstance(node, ast.keyword) and node.arg == "shell" and getattr(node.value, "value", False) is True
    ]
    return sorted((names | last_words) & FORBIDDEN) + ["shell=True"] * bool(shells)


def test_forbidden_call_is_found():
    source = ast.parse("import pickle\npickle.loads(x)\nrun(y, shell=True)\nenv.from_string(z)")

    assert forbidden(source) == ["from_string", "pickle.loads", "shell=True"]


def test_nothing_is_evaluated_or_unpickled():
    ours = [name for name in files() if name.endswith(".py") and name.startswith(("statusportal/", "devices/"))]

    found = [(name, one) for name in ours for one in forbidden(parsed(read(name)))]

    assert len(ours) > 200
    assert found == []
