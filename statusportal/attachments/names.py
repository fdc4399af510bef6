"""Names of files, made harmless. Pure: what a sender called a file in, what it is called from then on out."""

import re
import unicodedata
from typing import Final

from statusportal.attachments.vocabulary import MediaType

LONGEST: Final = 120
_UNKEPT = re.compile(r"[^\w .()+,=@-]+")
_BLANKS = re.compile(r"\s+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def plain_file_name(sent: str, media_type: MediaType) -> str:
    """Return a name that no file system, header or page reads as anything but a name, ending as its content does."""
    whole = unicodedata.normalize("NFC", sent[-1_000:]).replace("\\", "/").rpartition("/")[2]
    kept = _BLANKS.sub(" ", _UNKEPT.sub("-", "".join(one for one in whole if one.isprintable())))
    stem, _, ending = kept.rpartition(".")
    if ending.lower() not in media_type.endings:
        stem, ending = kept, media_type.ending
    stem = stem.replace("..", "-").strip(" .-")
    if not stem or _RESERVED.fullmatch(stem.partition(".")[0]):
        stem = f"file-{stem}".rstrip("-")
    return f"{stem[: LONGEST - len(ending) - 1].rstrip(' .-')}.{ending.lower()}"
