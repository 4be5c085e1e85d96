"""What a person says for themself: the photograph, whether the name may be listed, what is needed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from people.uploads import photograph

from .delegation import UploadField
from .joining import DelegateForm


class PhotographForm(forms.Form):
    """Gives the picture as a JPEG of our own making."""

    photograph = UploadField(
        read=photograph,
        accept="image/png,image/jpeg",
        label=_("Photograph"),
        help_text=_("PNG or JPEG, 5 MB at most: head and shoulders, upright."),
    )


class ListingForm(forms.Form):
    may_be_listed = forms.TypedChoiceField(
        label=_("May your name stand in the published list of participants?"),
        help_text=_("You can change your answer at any time. While you have not answered, it does not stand there."),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )


class NeedsForm(forms.Form):
    needs = DelegateForm.base_fields["needs"]
