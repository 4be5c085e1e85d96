from typing import cast

from django.contrib import admin, messages
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from people.editing import PortalAdmin
from people.models import User

from ..models import ErasureRequest
from ..services.erasing import erase, objections
from ..services.replacing import standing
from .reports import each


class DoneFilter(admin.SimpleListFilter):
    title = _("carried out")
    parameter_name = "done"

    def lookups(self, request, model_admin):
        return [("no", _("No")), ("yes", _("Yes"))]

    def queryset(self, request, queryset):
        return queryset.filter(done_at__isnull=self.value() == "no") if self.value() else queryset


@admin.register(ErasureRequest)
class ErasureRequestAdmin(PortalAdmin):
    """Asked for by the person, or entered here for one who wrote a letter. An action carries them out."""

    list_display = ["person", "asked_at", "asked_by", "done_at", "done_by"]
    list_filter = [DoneFilter]
    list_select_related = ["person", "asked_by", "done_by"]
    search_fields = ["person__family_name", "person__given_name", "person__arabic_name"]
    autocomplete_fields = ["person"]
    ordering = ["done_at", "asked_at", "pk"]
    actions = ["carry_out"]
    change_form_template = "admin/registrations/erasure.html"

    def get_fields(self, request, obj=None):
        return ["person", *(["asked_at", "asked_by", "done_at", "done_by"] if obj else [])]

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj) if obj else []

    def has_add_permission(self, request):
        """For those who have no account: whoever may carry a request out may enter it."""
        return self.has_change_permission(request)

    def has_delete_permission(self, request, obj=None):
        """That it was asked for and done stays on record."""
        return False

    def save_model(self, request, obj, form, change):
        if not change:
            obj.asked_at, obj.asked_by = timezone.now(), request.user
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Erase these persons"), permissions=["change"])
    def carry_out(self, request, queryset):
        """First says what will go and what stands in the way."""
        now = timezone.now()
        rows = queryset.filter(done_at=None).select_related("person").order_by("asked_at", "pk")
        if not rows:
            messages.info(request, _("These requests have been carried out already."))
            return None
        if "confirmed" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": _("Erase these persons?"),
                "opts": self.opts,
                "rows": [_consequences(row, now) for row in rows],
            }
            return TemplateResponse(request, "admin/registrations/erase.html", context)
        by = cast(User, request.user)
        done = each(request, rows, lambda row: erase(request=row, by=by, now=now))
        if done:
            messages.success(request, ngettext("%d person is erased.", "%d persons are erased.", done) % done)
        return None


def _consequences(row: ErasureRequest, now):
    memberships = row.person.memberships.present().select_related("person", "delegation__party").order_by("pk")
    found = [(membership.delegation, standing(membership, now)) for membership in memberships]
    return {
        "request": row,
        "delegations": [
            {"delegation": delegation, "places": len(stands.places) + len(stands.waiting), "heads": bool(stands.heads)}
            for delegation, stands in found
        ],
        "objections": objections(row.person, now),
    }
