from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext

from people.foreign import name_of

from ..services import SessionError, cancel, exchange_rooms, restore


class SessionActs(admin.ModelAdmin):
    """What organisers do to sessions beside editing them."""

    actions = ["exchange_rooms_of_chosen", "cancel_chosen", "restore_chosen"]

    @admin.action(description=_("Exchange the rooms of the two chosen"), permissions=["change"])
    def exchange_rooms_of_chosen(self, request, queryset):
        chosen = list(queryset[:3])
        if len(chosen) != 2:
            messages.error(request, _("Choose the two sessions that are to exchange their rooms."))
            return
        try:
            pair = exchange_rooms(one=chosen[0], other=chosen[1])
        except SessionError as error:
            messages.error(request, str(error))
            return
        for session in pair:
            self.log_change(request, session, [{"changed": {"fields": [gettext_noop("room"), gettext_noop("venue")]}}])
            messages.success(
                request,
                _("“%(session)s” is held in %(room)s in the draft. Publish to tell everyone.")
                % {"session": session, "room": name_of(session.room)},
            )

    @admin.action(description=_("Cancel the chosen sessions"), permissions=["change"])
    def cancel_chosen(self, request, queryset):
        if request.POST.get("confirmed"):
            done = cancel(sessions=list(queryset), now=timezone.now())
            self._say_cancelled(request, done)
            skipped = queryset.count() - len(done)
            if skipped:
                messages.warning(
                    request,
                    ngettext("%(n)d was cancelled already.", "%(n)d were cancelled already.", skipped) % {"n": skipped},
                )
            return None
        return self._ask(request, queryset, action="cancel_chosen")

    @admin.action(description=_("Hold the chosen sessions again"), permissions=["change"])
    def restore_chosen(self, request, queryset):
        for session in queryset.cancelled():
            try:
                restore(session=session)
            except SessionError as error:
                messages.error(request, str(error))
            else:
                self._log(request, session, "deleted")
                messages.success(request, _("“%(session)s” is held again.") % {"session": session})

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_cancel"
        return [
            path("<path:object_id>/cancel/", self.admin_site.admin_view(self.cancel_view), name=name),
            *super().get_urls(),
        ]

    def cancel_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        session = get_object_or_404(self.get_queryset(request), pk=unquote(object_id))
        if not self.has_change_permission(request, session):
            raise PermissionDenied
        if request.method != "POST":
            return self._ask(request, [session])
        self._say_cancelled(request, cancel(sessions=[session], now=timezone.now()))
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[session.pk])
        )

    def _ask(self, request, sessions, action=""):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Cancel sessions"),
            "opts": self.opts,
            "sessions": sessions,
            "action": action,
        }
        return TemplateResponse(request, "admin/schedule/session_cancel.html", context)

    def _say_cancelled(self, request, sessions):
        for session in sessions:
            self._log(request, session, "added")
            messages.success(
                request, _("“%(session)s” is cancelled in the draft. Publish to tell everyone.") % {"session": session}
            )

    def _log(self, request, session, what):
        """In the form that Django shows in the language of whoever reads the history."""
        self.log_change(request, session, [{what: {"name": gettext_noop("cancellation"), "object": str(session)}}])
