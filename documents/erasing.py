"""Taking prints that are erased out of the print runs that hold them."""

from django.db.models import F, QuerySet

from people.queue import send_on_commit
from people.uploads import delete_on_commit

from .builds import waiting
from .models import Document, PrintRunPart
from .tasks import build_run_part


def rebuild_without(documents: "QuerySet[Document]") -> None:
    """Files of runs that hold any of `documents`, which are about to be erased, are made anew without them."""
    parts = PrintRunPart.objects.filter(items__document__in=documents).distinct()
    storage = PrintRunPart._meta.get_field("file").storage
    delete_on_commit(storage, parts.exclude(file="").values_list("file", flat=True))
    uuids = list(parts.values_list("uuid", flat=True))
    fresh = {**waiting(), "attempt": F("attempt") + 1}  # a builder at work has lost its lease
    PrintRunPart.objects.filter(uuid__in=uuids).update(
        **fresh, file="", size=None, pages=None, sha256="", places={}, missing={}
    )
    for uuid in uuids:
        send_on_commit(build_run_part, part=str(uuid))
