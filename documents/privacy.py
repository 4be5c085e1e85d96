"""What this room holds about persons: the prints made for them."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from people.uploads import delete_on_commit
from registrations.models import Delegate
from registrations.personal import Holding, Subject

from .models import Document, LetterReference


def _made_for(about: Subject) -> Q:
    return Q(audience__in=Delegate.objects.filter(pk__in=about.delegates).values("uuid"))


def _forget(documents: QuerySet[Document]) -> None:
    """With their files. A builder that still works on one finds its row gone and throws away what it made."""
    names = list(documents.exclude(file="").values_list("file", flat=True))
    delete_on_commit(Document._meta.get_field("file").storage, names)
    documents.delete()


PRINTS = Holding(
    "prints",
    _("Prints made for you"),
    Document,
    "title language state queued_at pages",
    also=_made_for,
    forget=_forget,
)

LETTERS = Holding(
    "letter_references",
    _("Letters made for you, by number"),
    LetterReference,
    "kind year number given_at",
    by=["delegate"],
)
