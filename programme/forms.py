from django import forms
from django.utils.translation import gettext_lazy as _


class AnyOfMany(forms.MultipleChoiceField):
    """UUIDs of sessions. One that is not in the draft any more takes nothing along."""

    def valid_value(self, value):
        return True


class PublishForm(forms.Form):
    class Scope:
        ALL, CHOSEN = "all", "chosen"

    base = forms.IntegerField(required=False)
    seen = forms.CharField(required=False)
    scope = forms.ChoiceField(
        choices=[(Scope.ALL, _("Everything that changed")), (Scope.CHOSEN, _("Only the sessions ticked below"))],
        widget=forms.RadioSelect,
        initial=Scope.ALL,
        label=_("What goes out"),
    )
    sessions = AnyOfMany(required=False)
    note = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        label=_("Note"),
        help_text=_("Public: readers find it on the page of releases."),
    )

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("scope") == self.Scope.CHOSEN and not cleaned.get("sessions"):
            self.add_error(None, _("Tick at least one session."))
        return cleaned

    @property
    def chosen(self) -> list[str] | None:
        """UUIDs of the sessions to go alone; None when everything goes."""
        return self.cleaned_data["sessions"] if self.cleaned_data["scope"] == self.Scope.CHOSEN else None


class WithdrawForm(forms.Form):
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), label=_("Reason"))
