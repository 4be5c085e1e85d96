"""Keeping the files of background papers."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from .models import stored_as


def keep(data: bytes) -> str:
    """Put the file where releases will find it; return its digest."""
    digest = hashlib.sha256(data).hexdigest()
    if not default_storage.exists(stored_as(digest)):
        default_storage.save(stored_as(digest), ContentFile(data))
    return digest
