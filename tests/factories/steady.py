"""What is new in every answer, taken out in one place, so that two answers can be compared byte for byte."""

import re
from typing import AnyStr

from werkzeug.test import TestResponse

# The token of a form, the key of its safe sending, and the nonce of a script, in the page and in the content policy.
_NEW = (
    r'(?<=csrf[-_]token" content=")[^"]*|(?<=csrf[-_]token" value=")[^"]*|(?<=csrf[-_]token":")[^"]*'
    r'|(?<=idempotency_key" value=")[^"]*|(?<= nonce=")[^"]*|(?<=\'nonce-)[^\']*'
)
_IN_TEXT, _IN_BYTES = re.compile(_NEW), re.compile(_NEW.encode())


def steady(body: AnyStr) -> AnyStr:
    """Return a body or a header without what is new in every answer."""
    return _IN_TEXT.sub("", body) if isinstance(body, str) else _IN_BYTES.sub(b"", body)


def bodies(*answers: TestResponse) -> set[bytes]:
    """Return the different bodies among answers: one, where nobody can tell them apart."""
    return {steady(answer.data) for answer in answers}
