"""The address on a label: an Identification Link, the same for as long as the machine stands."""

from urllib.parse import quote, urlsplit

from statusportal.foundation.errors import Sentence
from statusportal.labels.errors import AddressNotLasting

# Source: IEC 61406-1:2022, 4.5: at most 255 characters.
LONGEST = 255


def label_address(public_url: str, label: str) -> str:
    """Return the address that a machine's label holds: https, under the portal's own name, without a query.

    Raises: AddressNotLasting while the portal has no public address by https: what is printed cannot be taken back.
    Source: IEC 61406-1:2022, 4.1 to 4.9: globally unique, a link, never used again, never altered.
    """
    parts = urlsplit(public_url)
    address = f"https://{parts.netloc}{parts.path.rstrip('/')}/p/{quote(label, safe='')}"
    if parts.scheme != "https" or not parts.hostname or len(address) > LONGEST:
        raise AddressNotLasting(
            Sentence("Labels need the setting public_url with https: their address must hold for ever.")
        )
    return address
