from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Delegate

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
