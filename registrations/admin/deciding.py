"""Decisions about delegates: the chosen are listed, a reason is typed, and all is done at once."""

from typing import cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.editing import PortalAdmin
from people.models import User

from ..models import Delegate
from ..services import decide_each
from .forms import DecideForm, seen
from .reports import tell

State = Delegate.State
TITLES = {
    State.ACCREDITED: _("Accredit"),
    State.RETURNED: _("Return to mend"),
    State.DECLINED: _("Decline"),
    State.WITHDRAWN: _("Withdraw"),
}
MEANT = {
    State.ACCREDITED: _("They can take places from then on. They and their focal points are told by e-mail."),
    State.RETURNED: _("Their focal points mend the entries and send them again. All are told by e-mail."),
    State.DECLINED: _(
        "They leave the waiting lists. Places kept for their delegations stay, to be named; "
        "others go to the next in line. All are told by e-mail."
    ),
    State.WITHDRAWN: _("They leave the waiting lists; confirmed places stay with their delegations, to be named."),
}


class DecidingAdmin(PortalAdmin):
    """For the admin of delegates: one page for each decision, reached from the list or from one delegate."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.decide_view)
        return [path("decide/", view, name="registrations_delegate_decide"), *super().get_urls()]

    @admin.action(description=TITLES[State.ACCREDITED], permissions=["change"])
    def accredit_chosen(self, request, queryset):
        return self._ask(request, queryset, State.ACCREDITED)

    @admin.action(description=TITLES[State.RETURNED], permissions=["change"])
    def return_chosen(self, request, queryset):
        return self._ask(request, queryset, State.RETURNED)

    @admin.action(description=TITLES[State.DECLINED], permissions=["change"])
    def decline_chosen(self, request, queryset):
        return self._ask(request, queryset, State.DECLINED)

    @admin.action(description=_("Withdraw; places stay with the delegation"), permissions=["change"])
    def withdraw_chosen(self, request, queryset):
        return self._ask(request, queryset, State.WITHDRAWN)

    def decide_view(self, request: HttpRequest) -> HttpResponse:
        """The page carries the states that were seen; whoever was decided about meanwhile is left as they are."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request)
        if request.method != "POST":
            chosen = [pk for pk in request.GET.getlist("delegate") if pk.isdecimal()]
            if request.GET.get("to") not in TITLES or not chosen:
                raise Http404
            return self._ask(request, rows.filter(pk__in=chosen), State(request.GET["to"]))
        form = DecideForm(request.POST)
        form.full_clean()
        states = dict(form.cleaned_data.get("seen", ()))
        delegates = list(rows.filter(pk__in=states))
        if not form.is_valid():
            if "reason" not in form.errors or len(form.errors) > 1:
                raise Http404
            return self._page(request, delegates, form.cleaned_data["to"], form)
        for delegate in delegates:
            delegate.state = states[delegate.pk]
        to = form.cleaned_data["to"]
        decided = decide_each(
            delegates=delegates,
            to=to,
            by=cast(User, request.user),
            now=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        tell(request, decided, to)
        return HttpResponseRedirect(f"{self._list()}?{request.POST.get('back', '')}")

    def _ask(self, request, queryset, to):
        delegates = list(queryset)
        form = DecideForm(initial={"to": to, "seen": [seen(delegate) for delegate in delegates]})
        return self._page(request, delegates, to, form)

    def _page(self, request, delegates, to, form):
        context = {
            **self.admin_site.each_context(request),
            "title": TITLES[to],
            "meant": MEANT[to],
            "opts": self.opts,
            "delegates": delegates,
            "form": form,
            "back": request.POST.get("back", "") if "seen" in request.POST else request.GET.urlencode(),
        }
        return TemplateResponse(request, "admin/registrations/decide.html", context)

    def _list(self) -> str:
        return reverse("admin:registrations_delegate_changelist")
