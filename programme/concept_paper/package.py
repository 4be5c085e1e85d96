"""Opens a Word file that a stranger may have made: nothing is unpacked before its sizes are known."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import docx
from django.utils.translation import gettext as _
from docx.document import Document
from docx.opc.exceptions import OpcError
from lxml import etree

from .refusal import NotAPaper

LARGEST_MEMBER = 20 * 1024 * 1024
LARGEST_WHOLE = 100 * 1024 * 1024
MOST_MEMBERS = 2000
COMPOUND_FILE = b"\xd0\xcf\x11\xe0"  # Word before 2007, and what a password makes of a .docx
IS_ENCRYPTED = 0x1
DAMAGES = (
    BadZipFile, zlib.error, OpcError, etree.LxmlError,
    OSError, EOFError, LookupError, ValueError, AttributeError, TypeError, RuntimeError,
)  # fmt: skip


@contextmanager
def whole() -> Iterator[None]:
    """Whatever the libraries stumble over inside a file is a damage of the file."""
    try:
        yield
    except DAMAGES as error:
        raise NotAPaper(_("This Word file is damaged and cannot be read.")) from error


def open_word(contents: bytes) -> Document:
    if contents.startswith(COMPOUND_FILE):
        raise _locked()
    with ZipFile(BytesIO(contents)) as package:
        members = package.infolist()
    if any(member.flag_bits & IS_ENCRYPTED for member in members):
        raise _locked()
    sizes = [member.file_size for member in members]
    if len(sizes) > MOST_MEMBERS or sum(sizes) > LARGEST_WHOLE or max(sizes, default=0) > LARGEST_MEMBER:
        raise NotAPaper(_("Unpacked, this Word file would be far larger than any concept paper."))
    return docx.Document(BytesIO(contents))


def _locked() -> NotAPaper:
    return NotAPaper(
        _("This Word file is protected by a password, or older than .docx. Save it as .docx, without a password.")
    )
