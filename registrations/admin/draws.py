from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.editing import PortalAdmin, ReadOnly
from people.foreign import as_given

from ..models import LetterDraw
from ..services import RegistrationRefused, draw_letter


@admin.register(LetterDraw)
class LetterDrawAdmin(ReadOnly, PortalAdmin):
    """Letters drawn by lot. One more can be drawn; none is changed or taken off the record."""

    list_display = ["forum", "where", "language", "letter", "reason", "drawn_at", "drawn_by"]
    list_filter = ["forum", "language"]
    list_select_related = ["forum", "session", "drawn_by"]
    autocomplete_fields = ["session"]

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("registrations.add_letterdraw")

    def get_fieldsets(self, request, obj=None):
        if obj:
            return [(None, {"fields": self.list_display})]
        note = _(
            "The letter is drawn by lot as soon as you save, among those with which the names of the parties begin. "
            "It stands: another draw needs a reason, and both stay on record."
        )
        return [(None, {"fields": ["forum", "session", "language", "reason"], "description": note})]

    @admin.display(description=_("session"), ordering="session")
    def where(self, draw):
        return as_given(draw.session) or _("All sessions")

    def add_view(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return super().add_view(request, *args, **kwargs)
        except RegistrationRefused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request, obj, form, change):
        drawn = draw_letter(
            forum=obj.forum,
            session=obj.session,
            language=obj.language,
            reason=obj.reason,
            by=request.user,
            now=timezone.now(),
        )
        obj.pk, obj.letter = drawn.pk, drawn.letter
