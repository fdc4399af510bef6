"""How somebody came in, in the reader's language."""

from flask_babel import gettext as _

from statusportal.identity.vocabulary import SignInWay


def way_words(way: str) -> str:
    """Say how a session began."""
    words = {
        SignInWay.PASSWORD: _("by password"),
        SignInWay.SECOND_PROOF: _("by password and code"),
        SignInWay.PASSKEY: _("by passkey"),
        SignInWay.PROVIDER: _("by single sign-on"),
    }
    return str(words[SignInWay(way)])
