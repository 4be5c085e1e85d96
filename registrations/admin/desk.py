"""At the desk, on the day: whoever comes without an entry is accredited at once."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.editing import PortalAdmin
from people.foreign import name_of
from people.models import User

from ..services import RegistrationRefused, accredit_on_the_spot
from .forms import OnTheSpotForm
from .reports import warn


class DeskAdmin(PortalAdmin):
    """For the admin of delegates."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.on_the_spot_view)
        return [path("on-the-spot/", view, name="registrations_delegate_on_the_spot"), *super().get_urls()]

    def on_the_spot_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request) or not self.has_change_permission(request):
            raise PermissionDenied
        form = OnTheSpotForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                delegate = accredit_on_the_spot(
                    delegation=form.cleaned_data["delegation"],
                    person=form.cleaned_data["person"],
                    profile=form.profile,
                    has_temporary_pass=form.cleaned_data["has_temporary_pass"],
                    by=cast(User, request.user),
                    now=timezone.now(),
                )
            except RegistrationRefused as refusal:
                warn(request, refusal)
            else:
                self.message_user(request, _("%(person)s is accredited.") % {"person": name_of(delegate.person)})
                return HttpResponseRedirect(reverse("admin:registrations_delegate_change", args=[delegate.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Accredit on the spot"),
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/registrations/on_the_spot.html", context)
