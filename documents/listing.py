"""How the prints of a run stand in its lists: in the language of the list, not in those of the prints."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.utils import translation

from programme import releases

from .kinds import KINDS, Listed
from .models import Document, PrintRun


def listed_in(
    language: str, run: PrintRun, documents: Collection[Document], extracts: Mapping[int, Any]
) -> dict[int, Listed]:
    """By the key of each of `documents`, whose stored `extracts` are by key, too.

    A print in another language is named as programme and register have it now; by its own words, marked with its
    language, when they have it no more. The number of queries does not grow with them.
    """
    kind, published = KINDS[run.kind], releases.current(run.forum.slug)
    others = [row.subject for row in documents if row.language != language]
    with translation.override(language):
        now = kind.extracts(published, others, language) if published and others else {}
        found = {row.pk: kind.listed(now[row.subject]) for row in documents if row.subject in now}
    for row in documents:
        if row.pk not in found:
            with translation.override(row.language):
                own = kind.listed(kind.load(extracts[row.pk]))
            found[row.pk] = own if row.language == language else replace(own, language=row.language)
    return found
