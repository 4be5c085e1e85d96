"""Many prints as one ZIP, written as it is read: neither memory nor disk ever hold the whole."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, cast
from zipfile import ZIP_STORED, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from .kinds import KINDS
from .models import Document, DocumentQuerySet
from .services import DocumentError
from .sheets import Ink

LARGEST = 500 * 1024 * 1024  # bytes
CHUNK = 256 * 1024


def filename(document: Document) -> str:
    """Plain and telling: `concept-note-1.2-fr.pdf`."""
    kind = KINDS[document.kind]
    parts = [kind.filename(document.subject, kind.load(document.extract)), document.language]
    if document.sheet != kind.sheets[0]:
        parts.append(document.sheet)
    if document.ink == Ink.BLACK:
        parts.append("black")
    if document.is_draft:
        parts.append("draft")
    return f"{'-'.join(parts)}.pdf"


def check_size(documents: DocumentQuerySet) -> None:
    """Raises `DocumentError` with the sentence that says what to do."""
    size = documents.order_by().aggregate(size=Sum("size"))["size"]
    if size is None:
        raise DocumentError(_("None of these prints is ready and holds, so there is nothing to download."))
    if size > LARGEST:
        raise DocumentError(
            _("These prints are %(size)s; a ZIP takes up to %(largest)s. Choose fewer.")
            % {"size": filesizeformat(size), "largest": filesizeformat(LARGEST)}
        )


class _Pipe:
    """What the archive writes into, and the answer is read from."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.chunks.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def drained(self) -> bytes:
        data = b"".join(self.chunks)
        self.chunks.clear()
        return data


def zipped(documents: Iterable[Document]) -> Iterator[bytes]:
    """Of prints that are ready, one under each name. One whose file has gone meanwhile is named in a note."""
    pipe, taken, gone = _Pipe(), set[str](), list[str]()
    with ZipFile(cast(IO[bytes], pipe), "w", ZIP_STORED) as archive:
        for document in documents:
            name = _unique(filename(document), taken)
            try:
                file = document.file.open()
            except OSError:
                gone.append(name)
                continue
            with file, archive.open(ZipInfo(name, _moment(document)), "w") as entry:
                for chunk in file.chunks(CHUNK):
                    entry.write(chunk)
                    yield pipe.drained()
        if gone:
            archive.writestr("missing.txt", "\n".join([_("These prints are no longer there:"), *gone]))
    yield pipe.drained()


def _unique(name: str, taken: set[str]) -> str:
    stem, found, number = name.removesuffix(".pdf"), name, 1
    while found in taken:
        number += 1
        found = f"{stem}-{number}.pdf"
    taken.add(found)
    return found


def _moment(document: Document) -> tuple[int, int, int, int, int, int]:
    """When it was made, on the clock of the forum, as ZIP files say it."""
    finished: datetime = document.finished_at  # type: ignore[assignment]
    return finished.astimezone(ZoneInfo(document.forum.time_zone)).timetuple()[:6]
