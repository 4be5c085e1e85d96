"""Papers that were read and wait to be taken over."""

import hashlib
from datetime import datetime

from people.models import User
from programme.models import Import
from schedule.models import Forum

from .reading import read
from .tree import Paper


def keep(*, forum: Forum, name: str, contents: bytes, by: User | None, now: datetime) -> tuple[Import, Paper]:
    """Keep the file with what was read from it. Another one that the same person had waiting goes.

    Raises `NotAPaper`.
    """
    paper = read(contents, name)
    Import.objects.filter(forum=forum, uploaded_by=by, applied_at=None).delete()
    upload = Import.objects.create(
        forum=forum, file_name=name[-200:], digest=hashlib.sha256(contents).hexdigest(), language=paper.language,
        data=contents, uploaded_at=now, uploaded_by=by,
    )  # fmt: skip
    return upload, paper


def paper_of(upload: Import) -> Paper:
    """What the file that waits says."""
    assert upload.data is not None  # it is kept until it is taken over
    return read(bytes(upload.data), upload.file_name)


def is_word(name: str) -> bool:
    """Places in a Word file are paragraphs, which have no lines before they are laid out."""
    return name.lower().endswith(".docx")
