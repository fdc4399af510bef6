"""A name behind an @ calls, and nothing else does."""

import pytest

from statusportal.mentions.calling import called_in, marked

NAMES = ("Ann", "Ann Lee", "Søren Holm", "R. & D.")


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@Ann look", ["Ann"]),
        ("@ann lee and @Ann", ["Ann Lee", "Ann"]),
        ("Hi @SØREN HOLM, @Ann Lee!", ["Søren Holm", "Ann Lee"]),
        ("ask @R. & D.", ["R. & D."]),
        ("@Anna, ann@Ann.example, @@Ann, `@Ann`", []),
        ("```\n@Ann\n```", []),
        ("```\n@Ann", []),
        ("@Nobody Here", []),
        ("@" * 20_000, []),
        ("@Ann " * 4_000, ["Ann"]),
    ],
)
def test_name_behind_the_sign_is_called_outside_code_and_addresses(text, called):
    assert called_in(text, NAMES) == called


def test_name_of_two_people_calls_nobody():
    assert called_in("@Ann and @Bo", ["Ann", "ann", "Bo"]) == ["Bo"]


def test_call_is_marked_in_text_alone():
    said = '<p>@Ann Lee <a href="/@Ann">@Ann</a> <code>@Ann</code> @R. &amp; D. &lt;@Ann&gt;</p>'

    assert marked(said, NAMES) == (
        '<p><b class="mention">@Ann Lee</b> <a href="/@Ann">@Ann</a> <code>@Ann</code> '
        '<b class="mention">@R. &amp; D.</b> &lt;<b class="mention">@Ann</b>&gt;</p>'
    )
    assert marked(said, ()) == said
