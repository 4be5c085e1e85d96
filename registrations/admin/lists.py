"""The list of a delegation: its letters, its delegates, its places; accepted as it was seen."""

from typing import cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from people.editing import PortalAdmin
from people.models import User

from ..models import Delegate, Delegation, Letter, Registration
from ..services import RegistrationRefused, accept_list
from .forms import SeenForm, seen
from .reports import tell, warn

SHOWN = {"application/pdf", "image/png", "image/jpeg"}


class WithList(PortalAdmin):
    """For the admin of delegations."""

    change_form_template = "admin/registrations/delegation.html"

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/accept/", wrap(self.accept_view), name="registrations_delegation_accept"),
            path("letters/<uuid:uuid>/", wrap(self.letter_view), name="registrations_delegation_letter"),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, *args, **kwargs):
        if delegation := kwargs.get("obj"):
            registrations = Registration.objects.active().filter(delegation=delegation)
            context |= {
                "letters": _letters(request, delegation),
                "delegates": delegation.delegates.select_related("person"),
                "registrations": registrations.select_related(
                    "seating__session", "person", "reserved_for__person"
                ).order_by("seating__session__starts_at", "seating", "status", "pk"),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def accept_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        delegation = get_object_or_404(Delegation.objects.select_related("party", "category"), pk=pk)
        if not request.user.has_perm("registrations.change_delegate"):
            raise PermissionDenied
        delegates = delegation.delegates.select_related("person", "delegation__party", "delegation__category")
        if request.method == "POST":
            return self._accept(request, delegation, delegates)
        submitted = list(delegates.filter(state=Delegate.State.SUBMITTED))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Accept the list"),
            "opts": self.opts,
            "delegation": delegation,
            "delegates": submitted,
            "letters": _letters(request, delegation),
            "form": SeenForm(initial={"seen": [seen(delegate) for delegate in submitted]}),
        }
        return TemplateResponse(request, "admin/registrations/accept_list.html", context)

    def _accept(self, request, delegation, delegates):
        form = SeenForm(request.POST)
        if not form.is_valid():
            raise Http404
        states = dict(form.cleaned_data["seen"])
        chosen = list(delegates.filter(pk__in=states))
        for delegate in chosen:
            delegate.state = states[delegate.pk]
        by = cast(User, request.user)
        try:
            decided = accept_list(delegation=delegation, delegates=chosen, by=by, now=timezone.now())
        except RegistrationRefused as refusal:
            warn(request, refusal)
        else:
            tell(request, decided, Delegate.State.ACCREDITED)
        return HttpResponseRedirect(reverse("admin:registrations_delegation_change", args=[delegation.pk]))

    def letter_view(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Shown in place, but nothing in it can act: neither as a page of the portal nor as a script."""
        if not request.user.has_perm("registrations.view_letter"):
            raise PermissionDenied
        letter = get_object_or_404(Letter, uuid=uuid)
        shown = letter.media_type in SHOWN
        with letter.file.open() as file:
            response = HttpResponse(
                file.read(), content_type=letter.media_type if shown else "application/octet-stream"
            )
        response["Content-Disposition"] = content_disposition_header(not shown, letter.name) or "inline"
        # Chromium shows no PDF in a sandbox; its viewer keeps what a PDF does away from the portal
        sandbox = "" if letter.media_type == "application/pdf" else "; sandbox"
        response["Content-Security-Policy"] = f"default-src 'none'{sandbox}"
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response


def _letters(request: HttpRequest, delegation: Delegation):
    return delegation.letters.all() if request.user.has_perm("registrations.view_letter") else Letter.objects.none()
