"""Files that people send: what they really are, and photographs made safe.

The type is that of the first bytes, never that of the name or of the browser.
"""

import io
import warnings
from collections.abc import Iterable

from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
PHOTOGRAPH = (900, 1200)  # what a badge can show, at most
SIGNS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class UploadRefused(ValueError):
    """The sentence says what is wrong with the file and what to do."""


def media_type(file: UploadedFile) -> str:
    """PDF, PNG or JPEG. Raises `UploadRefused` for everything else and for what is too large."""
    if found := sniffed(file):
        return found
    raise UploadRefused(_("This is neither a PDF nor a picture (PNG, JPEG)."))


def sniffed(file: UploadedFile) -> str:
    """PDF, PNG or JPEG; empty for everything else. Raises `UploadRefused` for what is too large."""
    if (file.size or 0) > MAX_BYTES:
        raise UploadRefused(_("The file is larger than 5 MB."))
    file.seek(0)
    start = file.read(16)
    file.seek(0)
    return next((found for sign, found in SIGNS.items() if start.startswith(sign)), "")


def photograph(file: UploadedFile) -> bytes:
    """The picture as a JPEG of our own making: upright, of moderate size, without what a camera adds.

    Raises `UploadRefused` for what is no picture.
    """
    if not sniffed(file).startswith("image/"):
        raise UploadRefused(_("A photograph is a picture (PNG, JPEG)."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=["PNG", "JPEG"]) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise UploadRefused(_too_many_points())
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except UploadRefused:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise UploadRefused(_too_many_points()) from error
    except Exception as error:  # whatever a damaged or hostile file makes the decoder raise
        raise UploadRefused(_("The picture cannot be read. Save it anew and try again.")) from error
    upright.thumbnail(PHOTOGRAPH)
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=88)
    return out.getvalue()


def _too_many_points() -> str:
    return _("The picture has more than 40 million points. Make it smaller.")


def delete_on_commit(storage: Storage, names: Iterable[str]) -> None:
    """Files go once it is sure that no row names them any more. One that is gone already does no harm."""

    def delete() -> None:
        for name in gone:
            storage.delete(name)

    gone = [name for name in names if name]
    transaction.on_commit(delete, robust=True)
