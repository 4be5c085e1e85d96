"""What this room holds about persons: the prints made for them, and lists that name them."""

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from people.uploads import delete_on_commit
from registrations.models import Delegate
from registrations.personal import Holding, Subject

from .erasing import rebuild_without
from .kinds.list_corrigendum import ListCorrigendum
from .kinds.list_of_participants import ListOfParticipants
from .models import Document, LetterReference


def _made_for(about: Subject) -> Q:
    """Their own, and those of many persons whose extract names them among its `persons`."""
    uuids = list(Delegate.objects.filter(pk__in=about.delegates).values_list("uuid", flat=True))
    return Q(audience__in=uuids) | Q(extract__persons__has_any_keys=[str(uuid) for uuid in uuids])


def _listing(about: Subject) -> Q:
    """Lists of their forums, but for those that were issued: these stay as they are."""
    forums = Delegate.objects.filter(pk__in=about.delegates).values("delegation__forum")
    return Q(kind__in=(ListOfParticipants.name, ListCorrigendum.name), issue=None, forum__in=forums)


def _named_in(about: Subject) -> Q:
    """Prints for others that name the person by a membership, such as packs of the same delegation, and bundles."""
    found = Q(pk__in=[])
    said = Document.objects.annotate(said=Cast("extract", TextField()))
    for uuid in Delegate.objects.filter(pk__in=about.delegates).values_list("uuid", flat=True):
        found |= Q(pk__in=said.filter(said__contains=str(uuid)).values("pk"))
    told_already = Document.objects.filter(_made_for(about) | _listing(about))
    return found & Q(issue=None) & ~Q(pk__in=told_already.values("pk"))


def forget(documents: QuerySet[Document]) -> None:
    """With their files, and out of the print runs that hold them. A builder that still works on one finds its row gone
    and throws away what it made."""
    rebuild_without(documents)
    names = list(documents.exclude(file="").values_list("file", flat=True))
    delete_on_commit(Document._meta.get_field("file").storage, names)
    documents.delete()


PRINTS = Holding(
    "prints",
    _("Prints made for you"),
    Document,
    "title language state queued_at pages",
    also=_made_for,
    forget=forget,
)

LISTS = Holding(
    "lists",
    _("Lists of participants, not issued"),
    Document,
    "title language state queued_at pages",
    also=_listing,
    forget=forget,
)
NAMED = Holding(
    "prints for others",
    _("Prints for others that name you"),
    Document,
    "kind language state queued_at",
    also=_named_in,
    forget=forget,
)

LETTERS = Holding(
    "letter_references",
    _("Letters made for you, by number"),
    LetterReference,
    "kind year number given_at",
    by=["delegate"],
)
