"""Drawing pictures anew, so that nothing of what a camera wrote beside the pixels is left. Pure: bytes in, bytes out.

What a picture would take in memory is read from its head, before a pixel of it is.
"""

import threading
import warnings
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from statusportal.attachments.vocabulary import MediaType, Picture

# Units: pixels. A JPEG is read at a part of its size where it is larger than it is kept; others are read whole.
MOST_PIXELS: Final = 60_000_000
MOST_PIXELS_READ_WHOLE: Final = 24_000_000
LONGEST_SIDE: Final = 4_096
PREVIEW_SIDE: Final = 480
_FORMATS = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG", MediaType.WEBP: "WEBP"}
_QUALITY: Final = 88
# Two at once bound what pictures take together, however many people send some.
_PENCILS = threading.BoundedSemaphore(2)


class TooManyPixels(ValueError):
    """Say that a picture would take too much memory to be looked at."""


def drawn_anew(body: bytes, media_type: MediaType) -> Picture:
    """Return the picture upright, of its first frame, without anything but pixels.

    Raises: TooManyPixels, and ValueError for what cannot be read.
    """
    with _PENCILS, warnings.catch_warnings():
        # What is too large is judged here, by pixels; Pillow's own warning comes at another number.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(body), formats=[_FORMATS[media_type]]) as picture:
                return _drawn(picture, media_type)
        except TooManyPixels:
            raise
        except Image.DecompressionBombError as err:
            raise TooManyPixels from err
        except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError) as err:
            raise ValueError("this picture cannot be read") from err


def _drawn(picture: Image.Image, media_type: MediaType) -> Picture:
    is_photo = media_type is MediaType.JPEG
    if picture.width * picture.height > (MOST_PIXELS if is_photo else MOST_PIXELS_READ_WHOLE):
        raise TooManyPixels
    if is_photo:
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    has_glass = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    plain = upright.convert("RGBA" if has_glass and not is_photo else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return Picture(_saved(plain, media_type), _preview(plain), plain.width, plain.height)


def _preview(plain: Image.Image) -> bytes:
    small = plain.copy()
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    if small.mode == "RGBA":
        sheet = Image.new("RGB", small.size, "white")
        sheet.paste(small, mask=small.getchannel("A"))
        small = sheet
    return _saved(small, MediaType.JPEG)


def _saved(picture: Image.Image, media_type: MediaType) -> bytes:
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    out = BytesIO()
    more = {} if media_type is MediaType.PNG else {"quality": _QUALITY}
    clean.save(out, _FORMATS[media_type], **more)
    return out.getvalue()
