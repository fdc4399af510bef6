"""What a provider says of itself, read and judged.

Source: OpenID Connect Discovery 1.0, 3 and 4.3; RFC 8414; RFC 9207, 3; RFC 9700, 2.1.1 for PKCE.
"""

import msgspec

from statusportal.foundation.errors import Sentence
from statusportal.providers.errors import ProviderFaulty
from statusportal.providers.vocabulary import Description

WELL_KNOWN = "/.well-known/openid-configuration"


class _Written(msgspec.Struct):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    # What is taken for said where nothing is.
    response_types_supported: tuple[str, ...] = ("code",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    code_challenge_methods_supported: list[str] | None = None
    authorization_response_iss_parameter_supported: bool = False


def description_address(issuer: str) -> str:
    """Return where a provider describes itself."""
    return issuer.rstrip("/") + WELL_KNOWN


def description_of(issuer: str, body: bytes) -> Description:
    """Read a provider's description of itself, and hold it to the name that an administrator gave.

    Raises: ProviderFaulty.
    """
    try:
        written = msgspec.json.decode(body, type=_Written)
    except (msgspec.DecodeError, msgspec.ValidationError) as err:
        raise ProviderFaulty(
            "description",
            Sentence("The provider's description is not OpenID Connect Discovery: %(why)s", why=str(err)),
        ) from err
    if written.issuer != issuer:
        raise ProviderFaulty(
            "issuer",
            Sentence(
                "The provider calls itself “%(theirs)s”, here stands “%(ours)s”: each letter must be the same.",
                theirs=written.issuer[:500],
                ours=issuer,
            ),
        )
    if "code" not in written.response_types_supported:
        raise ProviderFaulty("code_flow", Sentence("The provider does not offer the authorization code flow."))
    methods = written.code_challenge_methods_supported
    if methods is not None and "S256" not in methods:
        raise ProviderFaulty("pkce", Sentence("The provider does not offer PKCE with S256."))
    is_plain = issuer.startswith("http:") and written.authorization_endpoint.startswith("http://")
    if not is_plain and not written.authorization_endpoint.startswith("https://"):
        raise ProviderFaulty("endpoint", Sentence("The provider's sign-in page must begin with https."))
    offered = set(written.token_endpoint_auth_methods_supported)
    return Description(
        authorization_endpoint=written.authorization_endpoint,
        token_endpoint=written.token_endpoint,
        jwks_uri=written.jwks_uri,
        userinfo_endpoint=written.userinfo_endpoint,
        takes_secret_in_body="client_secret_basic" not in offered and "client_secret_post" in offered,
        names_itself=written.authorization_response_iss_parameter_supported,
        says_s256=methods is not None,
    )
