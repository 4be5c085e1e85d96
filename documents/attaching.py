"""Background papers on their way into a print."""

from functools import lru_cache

from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.translation import gettext as _

from schedule.models import stored_as

from .failures import Failure
from .kinds import Attached, Bound, words
from .pdf import Leaves, Part, RenderError, render, wrap

STAMP = "documents/print/draft_stamp.html"


def attached(paper: Attached, language: str, draft_text: str) -> tuple[Part, Bound]:
    """The file, and how it stands in a print in `language`. Raises `RenderError` when it cannot be read."""
    leaves = _wrapped(paper, language, draft_text)
    return Part(leaves, paper.title, paper.label, paper.language), Bound(paper, paper.pages)


@lru_cache(maxsize=8)
def _wrapped(paper: Attached, language: str, draft_text: str) -> Leaves:
    """The packs of one run hold the same few."""
    try:
        with default_storage.open(stored_as(paper.digest)) as file:
            data = file.read()
    except OSError as error:
        raise RenderError(Failure.FOREIGN, paper.title) from error
    with translation.override(language):
        descriptions = [_description(paper, page) for page in range(1, paper.pages + 1)]
    stamp = _stamp(draft_text, language) if draft_text else b""
    return Leaves(wrap(data, title=paper.title, language=language, descriptions=descriptions, stamp=stamp))


def _stamp(draft_text: str, language: str) -> bytes:
    return render(STAMP, {"draft_text": draft_text}, language=language, styles=("stamp",)).data


def _description(paper: Attached, page: int) -> str:
    """What a page is, to those who cannot see it."""
    return _("“%(title)s” (%(language)s), page %(page)s of %(pages)s, as an image") % {
        "title": paper.title,
        "language": words.language_within(paper.language),
        "page": page,
        "pages": paper.pages,
    }
