from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime, AutocompleteSelect
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.uploads import UploadRefused, photograph

from ..models import Delegate, Delegation, Place, Registration, SeatException
from ..services import Profile

State = Delegate.State
DECISIONS = (State.ACCREDITED, State.RETURNED, State.DECLINED, State.WITHDRAWN)


def seen(delegate: Delegate) -> str:
    """A delegate with the state that the page shows: a decision is about what was seen."""
    return f"{delegate.pk}:{delegate.state}"


def _read(value: str) -> tuple[int, Delegate.State]:
    pk, _colon, state = value.partition(":")
    return int(pk), State(state)


class SeenField(forms.TypedMultipleChoiceField):
    """Delegates as `seen` wrote them."""

    widget = forms.MultipleHiddenInput

    def __init__(self, **kwargs):
        super().__init__(coerce=_read, **kwargs)

    def valid_value(self, value):
        return True


class SeenForm(forms.Form):
    seen = SeenField()


class DecideForm(SeenForm):
    to = forms.ChoiceField(choices=[(state.value, state.label) for state in DECISIONS], widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), required=False)

    def clean_to(self) -> Delegate.State:
        return State(self.cleaned_data["to"])

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        needed = {
            State.RETURNED: _("Say what to mend. The delegate and the focal points read it."),
            State.DECLINED: _("Say why. The delegate and the focal points read it."),
        }.get(cleaned.get("to", State.ACCREDITED))
        if needed and not cleaned.get("reason"):
            self.add_error("reason", needed)
        return cleaned


def _choose(model, field, label, **options):
    widget = AutocompleteSelect(model._meta.get_field(field), admin.site)
    rows = model._meta.get_field(field).remote_field.model.objects.all()
    return forms.ModelChoiceField(rows, label=label, widget=widget, **options)


class OnTheSpotForm(forms.Form):
    delegation = _choose(Delegate, "delegation", _("Delegation"))
    person = _choose(Delegate, "person", _("Person"), required=False, help_text=_("Who is known to the portal."))
    honorific = forms.CharField(label=_("Honorific"), max_length=40, required=False)
    given_name = forms.CharField(label=_("Given name"), max_length=120, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=120, required=False)
    arabic_name = forms.CharField(label=_("Name in Arabic"), max_length=200, required=False)
    function = forms.CharField(label=_("Function"), max_length=200, required=False)
    has_temporary_pass = forms.BooleanField(label=_("Temporary pass"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["delegation"].queryset = Delegation.objects.filter(forum__is_current=True).select_related(  # type: ignore[attr-defined]
            "party", "category", "forum"
        )

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("person") and not cleaned.get("family_name"):
            self.add_error("family_name", _("Choose a person, or write the name of a new one."))
        if cleaned.get("person") and cleaned.get("family_name"):
            self.add_error("family_name", _("Choose a person or write a new name, not both."))
        return cleaned

    @property
    def profile(self) -> Profile:
        names = ("honorific", "given_name", "family_name", "arabic_name", "function")
        return Profile(**{name: self.cleaned_data[name] for name in names})


class DelegateForm(forms.ModelForm):
    """With the photograph of the person, which comes out as a JPEG of our own making."""

    photograph = forms.FileField(
        label=_("Photograph"),
        help_text=_("PNG or JPEG, 5 MB at most: head and shoulders, upright."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )

    def clean_photograph(self) -> bytes:
        file = self.cleaned_data["photograph"]
        try:
            return photograph(file) if file else b""
        except UploadRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


class AuthorisedForm(forms.ModelForm):
    class Meta:
        model = SeatException
        fields = ["authorised_by", "authorised_at", "reason"]
        field_classes = {"authorised_at": forms.SplitDateTimeField}
        widgets = {"authorised_at": AdminSplitDateTime}


class ExceptionForm(AuthorisedForm):
    seating = _choose(Registration, "seating", _("Session"))
    delegate = _choose(Registration, "delegate", _("Delegate"))
    place = forms.ChoiceField(label=_("Kind of place"), choices=Place)


class OverlapForm(AuthorisedForm):
    """On whose word the chosen places stand although they overlap others."""

    chosen = forms.ModelMultipleChoiceField(Registration.objects.all(), widget=forms.MultipleHiddenInput)
