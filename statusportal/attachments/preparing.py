"""Making a file fit to be kept: known by its content, cleaned, and called by a plain name."""

from statusportal.attachments.films import without_details
from statusportal.attachments.logs import excerpt_of, is_markup, text_of
from statusportal.attachments.names import plain_file_name
from statusportal.attachments.pictures import TooManyPixels, drawn_anew
from statusportal.attachments.signatures import is_phone_picture, media_type_of
from statusportal.attachments.vocabulary import AttachmentKind, MediaType, Prepared
from statusportal.foundation.errors import Invalid, Sentence

POINTER = "/file"
_TAKEN = Sentence("must be a picture (JPEG, PNG, WebP), a film (MP4, WebM), a text or a PDF")


def prepare_file(sent_name: str, body: bytes) -> Prepared:
    """Return a file as it may be kept. It works on bytes alone and takes its time: no transaction is open meanwhile.

    Raises: Invalid at `/file` for what is not taken, cannot be read or is too large to be looked at.
    """
    if not body:
        raise Invalid.field(POINTER, Sentence("is empty"))
    media_type = media_type_of(body)
    if media_type is None:
        return _text(sent_name, body)
    name = plain_file_name(sent_name, media_type)
    if media_type.kind is AttachmentKind.IMAGE:
        return _picture(name, media_type, body)
    if media_type is MediaType.MP4:
        return _film(name, body)
    # What a PDF or a WebM film says of its making stands anywhere in it, so that it is not taken out but told.
    return Prepared(name, media_type, body, keeps_details=True)


def _picture(name: str, media_type: MediaType, body: bytes) -> Prepared:
    try:
        picture = drawn_anew(body, media_type)
    except TooManyPixels as err:
        raise Invalid.field(POINTER, Sentence("has more pixels than can be looked at; make it smaller")) from err
    except ValueError as err:
        raise Invalid.field(POINTER, Sentence("is a picture that cannot be read")) from err
    return Prepared(name, media_type, picture.body, picture.preview, picture.width, picture.height)


def _film(name: str, body: bytes) -> Prepared:
    try:
        film, tells_more = without_details(body)
    except ValueError as err:
        raise Invalid.field(POINTER, Sentence("is a film that cannot be read")) from err
    return Prepared(name, MediaType.MP4, film, keeps_details=tells_more)


def _text(sent_name: str, body: bytes) -> Prepared:
    if is_phone_picture(body):
        raise Invalid.field(POINTER, Sentence("is a picture that only some phones read; send it as JPEG"))
    text = text_of(body)
    if text is None:
        raise Invalid.field(POINTER, _TAKEN)
    if is_markup(text):
        raise Invalid.field(POINTER, Sentence("is a page or a drawing that could act on who opens it (HTML, SVG, XML)"))
    name = plain_file_name(sent_name, MediaType.TEXT)
    return Prepared(name, MediaType.TEXT, text.encode(), excerpt=excerpt_of(text))
