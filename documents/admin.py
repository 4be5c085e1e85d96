from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from people.editing import PortalAdmin, ReadOnly
from people.models import User
from registrations.models import Delegate, Delegation
from roundtables.models import Roundtable
from schedule.models import Room, Session
from workshops.models import CommonSpaceSession, SideEvent, SpecialSession, Workshop

from .asking import again
from .models import Document, DocumentQuerySet
from .printing import put_in_place
from .views.desk import tell


def language_name(code: str) -> str:
    return capfirst(str(get_language_info(code)["name_translated"]))


class LanguageFilter(admin.ChoicesFieldListFilter):
    """Languages by their names in the language of the reader."""

    def choices(self, changelist):
        names = {name: language_name(code) for code, name in settings.LANGUAGES}
        for choice in super().choices(changelist):
            name = str(choice["display"])
            yield {**choice, "display": names.get(name, name)}


@admin.register(Document)
class DocumentAdmin(ReadOnly, PortalAdmin):
    """To look at, and to ask again; prints are made by the worker only."""

    list_display = ("title", "kind", "tongue", "state", "edition_number", "pages", "queued_at", "page")
    list_filter = ("state", "kind", ("language", LanguageFilter), "forum")
    search_fields = ("title", "symbol", "subject", "code")
    date_hierarchy = "queued_at"
    actions = ("ask_again",)
    exclude = ("extract", "file")

    def get_queryset(self, request: HttpRequest) -> DocumentQuerySet:
        return Document.objects.light()

    @admin.display(description=_("language"), ordering="language")
    def tongue(self, document: Document) -> str:
        return language_name(document.language)

    @admin.display(description=_("edition"), ordering="edition__number")
    def edition_number(self, document: Document) -> int:
        return document.edition.number

    @admin.display(description=_("print"))
    def page(self, document: Document) -> str:
        return format_html('<a href="{}">{}</a>', document.get_absolute_url(), _("Open the print"))

    @admin.action(description=_("Ask again for the selected prints"), permissions=["view"])
    def ask_again(self, request: HttpRequest, documents: DocumentQuerySet) -> None:
        """As the programme is now; those that still hold stay as they are."""
        assert isinstance(request.user, User)
        tell(request, again(documents=documents.light(), by=request.user))


for model in (Session, Roundtable, Workshop, SideEvent, CommonSpaceSession, SpecialSession, Room, Delegation, Delegate):
    put_in_place(model)
