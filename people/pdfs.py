"""PDF files that people send for others to read: looked into before they are kept."""

import io
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from .uploads import UploadRefused, sniffed

MAX_PAGES = 300
DEEP = 20  # levels of objects within one another; a file that needs more is not a paper
# Keys and values of a PDF by which it acts, or brings along what is no page of it
ACTING_KEYS = {"/JS", "/EF", "/XFA", "/RichMediaContent", "/JavaScript", "/EmbeddedFiles"}
ACTING_VALUES = {
    "/S": {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition"},
    "/Subtype": {"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"},
}


def pages_of(file: UploadedFile) -> int:
    """How many pages the PDF has. Raises `UploadRefused` for what is none, cannot be printed by everybody, or acts."""
    import pikepdf  # few requests need it

    if sniffed(file) != "application/pdf":
        raise UploadRefused(_("This is no PDF. Save the paper as a PDF and upload that."))
    data = file.read()
    file.seek(0)
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise UploadRefused(_("The file is protected. Save it without a password and try again."))
            pages = len(pdf.pages)
            acts = any(_acts(found) for found in pdf.objects)
    except pikepdf.PasswordError as error:
        raise UploadRefused(_("The file is protected. Save it without a password and try again.")) from error
    except UploadRefused:
        raise
    except Exception as error:  # whatever a damaged or hostile file makes the reader raise
        raise UploadRefused(_("The PDF cannot be read. Save it anew and try again.")) from error
    if acts:
        raise UploadRefused(
            _("The PDF holds a script, a command or an attached file. Print it to a new PDF and upload that.")
        )
    if not 0 < pages <= MAX_PAGES:
        raise UploadRefused(_("A paper has from 1 to %(most)s pages.") % {"most": MAX_PAGES})
    return pages


def _acts(found: Any) -> bool:
    """Whether this object, or what is written inside it, does anything. What it refers to is asked by itself."""
    return any(_is_act(part) for part in _parts(found, DEEP))


def _parts(found: Any, levels: int) -> Iterator[Any]:
    import pikepdf

    if not levels:
        raise ValueError("objects within objects")
    if isinstance(found, pikepdf.Stream):
        found = found.stream_dict
    if isinstance(found, pikepdf.Dictionary):
        yield found
        inner = [found[key] for key in found.keys()]  # noqa: SIM118 a pikepdf dictionary iterates over its values
    elif isinstance(found, pikepdf.Array):
        inner = list(found)
    else:
        return
    for part in inner:
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            yield from _parts(part, levels - 1)


def _is_act(found: Any) -> bool:
    keys = set(found.keys())
    return bool(keys & ACTING_KEYS) or any(
        key in keys and str(found[key]) in values for key, values in ACTING_VALUES.items()
    )
