"""Knowing a file by its first bytes. Pure: bytes in, a type that is taken out, or None."""

import re
from typing import Final

from statusportal.attachments.vocabulary import MediaType

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_RIFF = re.compile(rb"RIFF....WEBP", re.DOTALL)
_EBML: Final = b"\x1aE\xdf\xa3"
_WEBM = re.compile(rb"\x42\x82.{1,8}?webm", re.DOTALL)
_BOX = re.compile(rb"....ftyp(....)", re.DOTALL)
# Brands of films that browsers play; pictures (heic, avif) and sound alone lie in the same kind of box.
_FILM_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash", b"qt  "}
    | {b"3gp4", b"3gp5", b"3gp6"}
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"})
_HEAD: Final = 4_096


def media_type_of(body: bytes) -> MediaType | None:
    """Return what a file is; a text is known in another way, since it has no signature."""
    head = body[:_HEAD]
    if head.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if head.startswith(_PNG):
        return MediaType.PNG
    if _RIFF.match(head):
        return MediaType.WEBP
    if head.startswith(b"%PDF-"):
        return MediaType.PDF
    if head.startswith(_EBML) and _WEBM.search(head):
        return MediaType.WEBM
    brand = _BOX.match(head)
    return MediaType.MP4 if brand and brand[1] in _FILM_BRANDS else None


def is_phone_picture(body: bytes) -> bool:
    """Tell whether this is a picture in the form that some phones keep for themselves, which is not read here."""
    brand = _BOX.match(body[:_HEAD])
    return brand is not None and brand[1] in _HEIC_BRANDS
