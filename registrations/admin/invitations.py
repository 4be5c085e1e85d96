"""Invitations: looked at, sent again, withdrawn; a focal point is invited here."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from people.editing import PortalAdmin, PortalTabularInline, ReadOnly
from people.foreign import as_given
from schedule.models import LANGUAGE_CHOICES

from ..models import Invitation
from ..services import RegistrationRefused, invite, withdraw_invitation
from .reports import each


class FocalPointForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language of the message"), choices=LANGUAGE_CHOICES, initial=get_language)

    class Meta:
        model = Invitation
        fields = ["delegation", "email"]
        widgets = {
            "delegation": AutocompleteSelect(Invitation._meta.get_field("delegation"), admin.site),
            "email": forms.EmailInput(attrs={"dir": "ltr"}),
        }


class InvitationInline(ReadOnly, PortalTabularInline):
    model = Invitation
    fields = ["address", "purpose", "state"]
    readonly_fields = ["address", "state"]

    @admin.display(description=_("e-mail"))
    def address(self, invitation):
        page = reverse("admin:registrations_invitation_change", args=[invitation.pk])
        return format_html('<a href="{}">{}</a>', page, as_given(invitation.email))

    @admin.display(description=_("State"))
    def state(self, invitation):
        if invitation.accepted_at:
            return _("Accepted")
        if invitation.withdrawn_at:
            return _("Taken back")
        return _("Expired") if invitation.has_expired(timezone.now()) else _("No answer yet")


@admin.display(description=_("invitation"))
def invite_a_focal_point(delegation):
    """The way from a delegation to the page below."""
    address = reverse("admin:registrations_invitation_add")
    return format_html('<a href="{}?delegation={}">{}</a>', address, delegation.pk, _("Invite a focal point"))


@admin.register(Invitation)
class InvitationAdmin(ReadOnly, PortalAdmin):
    list_display = [
        "email", "purpose", "delegation", "invited_at", "expires_at", "accepted_at", "accepted_by", "withdrawn_at",
    ]  # fmt: skip
    list_filter = ["purpose", "delegation__forum", "delegation__category"]
    list_select_related = ["delegation__party", "accepted_by", "invited_by", "delegate__person"]
    search_fields = ["email", "delegation__party__code"]
    actions = ["send_again", "withdraw_chosen"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, **kwargs) if obj else FocalPointForm

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["delegation", "email", "language"]
        return [*self.list_display, "in_which_language", "delegate", "invited_by"]

    def get_readonly_fields(self, request, obj=None):
        return ["in_which_language"]

    @admin.display(description=_("Language of the message"))
    def in_which_language(self, invitation):
        return dict(LANGUAGE_CHOICES)[invitation.language]

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("registrations.add_invitation")

    def has_invite_permission(self, request):
        return request.user.has_perm("registrations.change_invitation")

    def add_view(self, request: HttpRequest, form_url="", extra_context=None) -> HttpResponse:
        try:
            return super().add_view(request, form_url, {"title": _("Invite a focal point"), **(extra_context or {})})
        except RegistrationRefused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request, obj, form, change):
        chosen = form.cleaned_data
        sent = invite(
            delegation=chosen["delegation"],
            email=chosen["email"],
            purpose=Invitation.Purpose.FOCAL_POINT,
            language=chosen["language"],
            by=request.user,
            now=timezone.now(),
        )
        obj.pk = sent.pk

    @admin.action(description=_("Send again, with a new key"), permissions=["invite"])
    def send_again(self, request, queryset):
        done = each(request, queryset.pending(), lambda row: self._again(request, row))
        if done:
            messages.success(request, ngettext("%d invitation is sent.", "%d invitations are sent.", done) % done)

    def _again(self, request, row):
        invite(
            delegation=row.delegation,
            email=row.email,
            purpose=Invitation.Purpose(row.purpose),
            language=row.language,
            delegate=row.delegate,
            by=request.user,
            now=timezone.now(),
        )

    @admin.action(description=_("Withdraw; the key opens nothing any more"), permissions=["invite"])
    def withdraw_chosen(self, request, queryset):
        now = timezone.now()
        done = each(request, queryset.pending(), lambda row: withdraw_invitation(invitation=row, now=now))
        if done:
            message = ngettext("%d invitation is withdrawn.", "%d invitations are withdrawn.", done)
            messages.success(request, message % done)
